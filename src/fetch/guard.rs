//! Which addresses may be asked: public ones, over http(s), without credentials.

use std::net::IpAddr;

use url::{Host, Url};

use super::Cidr;
use crate::model::{Fact, Trouble};

/// Longest address asked, in bytes. Servers commonly refuse lines of 8 KiB; browsers' own addresses stay below 2 KiB.
pub(super) const MAX_URL_BYTES: usize = 4_096;

/// IPv4 networks that are not the open internet (IANA's special-purpose registry, multicast, reserved).
const NOT_GLOBAL_V4: [Cidr; 16] = [
    Cidr::v4([0, 0, 0, 0], 8),
    Cidr::v4([10, 0, 0, 0], 8),
    Cidr::v4([100, 64, 0, 0], 10),
    Cidr::v4([127, 0, 0, 0], 8),
    Cidr::v4([169, 254, 0, 0], 16),
    Cidr::v4([172, 16, 0, 0], 12),
    Cidr::v4([192, 0, 0, 0], 24),
    Cidr::v4([192, 0, 2, 0], 24),
    Cidr::v4([192, 88, 99, 0], 24),
    Cidr::v4([192, 168, 0, 0], 16),
    Cidr::v4([198, 18, 0, 0], 15),
    Cidr::v4([198, 51, 100, 0], 24),
    Cidr::v4([203, 0, 113, 0], 24),
    Cidr::v4([224, 0, 0, 0], 4),
    Cidr::v4([240, 0, 0, 0], 4),
    Cidr::v4([255, 255, 255, 255], 32),
];

/// The only IPv6 network that is the open internet. Outside lie loopback, private, link-local and multicast addresses,
/// and those that spell an IPv4 address (compatible, mapped, NAT64).
const GLOBAL_V6: Cidr = Cidr::v6([0x2000, 0], 3);

/// What is special inside it: Teredo, ORCHID and other assignments, documentation twice, 6to4.
const NOT_GLOBAL_V6: [Cidr; 4] =
    [Cidr::v6([0x2001, 0], 23), Cidr::v6([0x2001, 0x0db8], 32), Cidr::v6([0x2002, 0], 16), Cidr::v6([0x3fff, 0], 20)];

/// Whether `address` may be connected to: on the open internet, or in one of the networks `allowed`.
#[must_use]
pub fn may_connect(address: IpAddr, allowed: &[Cidr]) -> bool {
    let within = |networks: &[Cidr]| networks.iter().any(|network| network.contains(address));
    let global = match address {
        IpAddr::V4(_) => !within(&NOT_GLOBAL_V4),
        IpAddr::V6(_) => GLOBAL_V6.contains(address) && !within(&NOT_GLOBAL_V6),
    };
    global || within(allowed)
}

/// Whether `url` may be asked as far as it shows; the addresses behind a name are checked when it is looked up.
///
/// # Errors
/// [`Trouble::Forbidden`] with the reason.
pub fn check(url: &Url, allowed: &[Cidr]) -> Result<(), Trouble> {
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
    // The URL standard turns every spelling of an IPv4 address (octal, hexadecimal, one number, full-width) into it.
    let address = match url.host() {
        Some(Host::Ipv4(v4)) => IpAddr::V4(v4),
        Some(Host::Ipv6(v6)) => IpAddr::V6(v6),
        Some(Host::Domain(name)) if !name.is_empty() => return Ok(()),
        _ => return forbidden(Fact::new("the address names no host")),
    };
    if may_connect(address, allowed) { Ok(()) } else { forbidden(not_public(address)) }
}

/// Why `address` is not asked.
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
}
