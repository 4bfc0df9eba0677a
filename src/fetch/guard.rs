//! Decides which addresses may be requested: public ones, over http or https, without credentials.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use url::{Host, Url};

use crate::model::{Fact, Trouble};

/// Length limit of a requested address, in bytes. Servers commonly refuse request lines of 8 KiB; addresses in browsers
/// stay below 2 KiB.
pub(super) const MAX_URL_BYTES: usize = 4_096;

/// IPv4 networks that are not part of the public internet (IANA's special-purpose registry, multicast, reserved).
const NOT_GLOBAL_V4: [Ipv4Net; 16] = [
    v4([0, 0, 0, 0], 8),
    v4([10, 0, 0, 0], 8),
    v4([100, 64, 0, 0], 10),
    v4([127, 0, 0, 0], 8),
    v4([169, 254, 0, 0], 16),
    v4([172, 16, 0, 0], 12),
    v4([192, 0, 0, 0], 24),
    v4([192, 0, 2, 0], 24),
    v4([192, 88, 99, 0], 24),
    v4([192, 168, 0, 0], 16),
    v4([198, 18, 0, 0], 15),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    v4([224, 0, 0, 0], 4),
    v4([240, 0, 0, 0], 4),
    v4([255, 255, 255, 255], 32),
];

/// The one IPv6 network that is public. Outside it are loopback, private, link-local and multicast addresses, and those
/// that embed an IPv4 address (compatible, mapped, NAT64).
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0], 3);

/// Special networks inside [`GLOBAL_V6`]: Teredo, ORCHID and other assignments, two for documentation, 6to4.
const NOT_GLOBAL_V6: [Ipv6Net; 4] =
    [v6([0x2001, 0], 23), v6([0x2001, 0x0db8], 32), v6([0x2002, 0], 16), v6([0x3fff, 0], 20)];

/// Two networks that together contain every address.
pub(super) const EVERYWHERE: [IpNet; 2] = [IpNet::V4(v4([0, 0, 0, 0], 0)), IpNet::V6(v6([0, 0], 0))];

/// The IPv4 network `a.b.c.d/bits`.
const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

/// The IPv6 network with these first two groups and a prefix of `bits` bits.
const fn v6([a, b]: [u16; 2], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), bits)
}

/// Parses a network such as `10.0.0.0/8`, or a single address.
///
/// # Errors
/// A sentence that says what is wrong and what to write instead.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(address.into());
    }
    let network: IpNet = text.parse().map_err(|_| {
        format!(
            "{text:?} is not a network: write an address and the number of its fixed bits (up to 32 for IPv4, 128 for \
             IPv6), like 10.0.0.0/8 or fc00::/7"
        )
    })?;
    // Bits set after the prefix are most likely a typing error.
    if network.trunc() == network {
        Ok(network)
    } else {
        Err(format!("{text:?} is not a network: write {}, or {} for the one address", network.trunc(), network.addr()))
    }
}

/// Whether `address` may be connected to: it is public, or in one of the `allowed` networks.
#[must_use]
pub fn may_connect(address: IpAddr, allowed: &[IpNet]) -> bool {
    let global = match address {
        IpAddr::V4(v4) => !NOT_GLOBAL_V4.iter().any(|network| network.contains(&v4)),
        IpAddr::V6(v6) => GLOBAL_V6.contains(&v6) && !NOT_GLOBAL_V6.iter().any(|network| network.contains(&v6)),
    };
    global || allowed.iter().any(|network| network.contains(&address))
}

/// Checks whether `url` may be requested. For a host name this checks the text alone: its addresses are checked after
/// the look-up.
///
/// # Errors
/// [`Trouble::Forbidden`] with the reason.
pub fn check(url: &Url, allowed: &[IpNet]) -> Result<(), Trouble> {
    let forbidden = |why: Fact| Err(Trouble::Forbidden(why));
    if url.as_str().len() > MAX_URL_BYTES {
        return forbidden(Fact::new("the address is longer than {most} bytes").with(MAX_URL_BYTES));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return forbidden(Fact::new("{scheme}: is neither http nor https").with(url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return forbidden(
            Fact::new("the address on {host} carries credentials").with(url.host_str().unwrap_or_default()),
        );
    }
    // `Url` has already turned every spelling of an IPv4 address (octal, hexadecimal, one number, full-width) into the
    // usual one.
    let address = match url.host() {
        Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
        Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
        Some(Host::Domain(name)) if !name.is_empty() => return Ok(()),
        _ => return forbidden(Fact::new("the address names no host")),
    };
    if may_connect(address, allowed) { Ok(()) } else { forbidden(not_public(address)) }
}

/// The reason why `address` may not be requested.
pub(super) fn not_public(address: IpAddr) -> Fact {
    Fact::new("{address} is not a public address (fetch.allow_private can allow its network)").with(address.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> bool {
        check(&Url::parse(url).unwrap(), &[]).is_err()
    }

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        for host in [
            "127.0.0.1",
            "127.1",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "127。0。0。1",
            "0",
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "169.254.169.254",
            "172.31.255.255",
            "192.0.0.1",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::127.0.0.1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::ffff:0:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001::1]",
            "[2001:db8::1]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::1]",
            "[3fff::1]",
            "[5f00::1]",
        ] {
            assert!(refused(&format!("http://{host}/")), "{host}");
        }
    }

    #[test]
    fn public_addresses_and_names_pass() {
        for host in ["93.184.216.34", "172.32.0.1", "[2606:2800:220:1::1]", "[2a00:1450::1]", "example.org"] {
            assert!(!refused(&format!("https://{host}/")), "{host}");
        }
    }

    #[test]
    fn other_schemes_credentials_and_endless_addresses_are_refused() {
        for url in
            ["ftp://example.org/", "file:///etc/passwd", "gopher://example.org/", "data:,x", "http://u@example.org/"]
        {
            assert!(refused(url), "{url}");
        }
        assert!(refused("http://:secret@example.org/"));
        assert!(refused(&format!("http://example.org/{}", "a".repeat(MAX_URL_BYTES))));
    }

    #[test]
    fn an_allowed_network_opens_exactly_itself() {
        let allowed = ["127.0.0.0/8".parse().unwrap()];
        assert!(check(&Url::parse("http://127.0.0.1:8080/").unwrap(), &allowed).is_ok());
        assert!(check(&Url::parse("http://[::ffff:127.0.0.1]/").unwrap(), &allowed).is_err());
        assert!(check(&Url::parse("http://10.0.0.1/").unwrap(), &allowed).is_err());
    }

    #[test]
    fn a_network_is_read_or_the_error_says_what_to_write() {
        for (text, read) in [("10.0.0.0/8", "10.0.0.0/8"), ("127.0.0.1", "127.0.0.1/32"), ("fc00::/7", "fc00::/7")] {
            assert_eq!(parse_network(text).unwrap().to_string(), read);
        }
        for (text, advice) in [
            ("localhost", "like 10.0.0.0/8"),
            ("10.0.0.0/x", "like 10.0.0.0/8"),
            ("10.0.0.0/33", "up to 32"),
            ("10.0.0.1/8", "write 10.0.0.0/8, or 10.0.0.1"),
        ] {
            let error = parse_network(text).unwrap_err();
            assert!(error.contains(advice), "{error}");
        }
        let mapped: IpAddr = "::ffff:127.0.0.1".parse().unwrap();
        assert!(EVERYWHERE.iter().any(|network| network.contains(&mapped)));
        assert!(!may_connect(mapped, &["0.0.0.0/0".parse().unwrap()]), "an IPv6 spelling is an IPv6 address");
    }
}
