//! Input: an address on the first line, and the target of its redirect on the second.

use std::net::IpAddr;

use redraft::fetch::{check_address, may_connect};
use url::Url;

/// The guard and the connection agree: an address that the guard allows is a literal public address for the
/// connection too, or a name that is resolved and checked again.
///
/// # Panics
/// If they disagree.
pub fn run(bytes: &[u8]) {
    let (first, rest) = super::first_line(bytes);
    let (second, _) = super::first_line(rest);
    let Ok(url) = Url::parse(&first) else { return };
    check(&url);
    if let Ok(next) = url.join(&second) {
        check(&next);
    }
}

fn check(url: &Url) {
    if check_address(url, &[]).is_err() {
        return;
    }
    assert!(matches!(url.scheme(), "http" | "https"));
    // The client converts the URL into a URI, whose host is parsed as an address or resolved.
    let Ok(uri) = url.as_str().parse::<http::Uri>() else { return };
    let host = uri.host().expect("what is let through has a host");
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    assert!(!bare.is_empty());
    assert_eq!(url.host_str(), Some(host), "both read the same host");
    assert_eq!(uri.port_u16(), url.port());
    match bare.parse::<IpAddr>() {
        Ok(address) => {
            assert!(may_connect(address, &[]), "{address} of {url}");
            assert!(is_public(address), "{address} of {url}");
        }
        Err(_) => assert!(!is_numeric(bare), "the system's resolver would read {bare:?} as a number"),
    }
}

/// Whether `getaddrinfo` would accept a name as an address of up to four numbers.
fn is_numeric(name: &str) -> bool {
    let number = |part: &str| {
        let hex = part.strip_prefix("0x").or_else(|| part.strip_prefix("0X"));
        let digits = hex.unwrap_or(part);
        !digits.is_empty()
            && digits.bytes().all(|byte| if hex.is_some() { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() })
    };
    name.split('.').count() <= 4 && name.split('.').all(number)
}

/// An opinion that is independent of the guard's: the standard library's.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_unspecified()
                || v4.is_documentation()
                || v4.octets()[0] == 0)
        }
        IpAddr::V6(v6) => {
            let spells_v4 = v6.to_ipv4().is_some();
            !(v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || v6.is_unique_local()
                || v6.is_unicast_link_local()
                || spells_v4)
        }
    }
}
