//! Networks of addresses: `10.0.0.0/8`, `fc00::/7`, `127.0.0.1`.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A network: all addresses that share their first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    first: IpAddr,
    bits: u8,
}

/// Why a text is no [`Cidr`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCidr {
    /// No address, or no number after the slash.
    #[error("{0:?} is not a network: write an address and the number of its fixed bits, like 10.0.0.0/8 or fc00::/7")]
    Unreadable(String),
    /// More bits than the address has.
    #[error("{0:?} is not a network: an IPv4 address has 32 bits, an IPv6 address 128")]
    TooManyBits(String),
    /// Bits set beyond the fixed ones: most likely a slip.
    #[error("{0:?} is not a network: write {1}, or {2} for the one address")]
    NotTheFirst(String, Cidr, IpAddr),
}

impl Cidr {
    /// Networks that together hold every address.
    pub(super) const ALL: [Self; 2] = [Self::v4([0, 0, 0, 0], 0), Self::v6([0, 0], 0)];

    /// The IPv4 network of `a.b.c.d` with `bits` fixed bits.
    pub(super) const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Self {
        Self { first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)), bits }
    }

    /// The IPv6 network whose first two groups are given, with `bits` fixed bits.
    pub(super) const fn v6([a, b]: [u16; 2], bits: u8) -> Self {
        Self { first: IpAddr::V6(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0)), bits }
    }

    /// Whether `address` is in the network. An IPv6 spelling of an IPv4 address is an IPv6 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (u32::from(first) ^ u32::from(address)).leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (u128::from(first) ^ u128::from(address)).leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }

    /// The first address of the network that `address` is in.
    fn first_of(address: IpAddr, bits: u8) -> IpAddr {
        match address {
            IpAddr::V4(v4) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
                IpAddr::V4(Ipv4Addr::from(u32::from(v4) & mask))
            }
            IpAddr::V6(v6) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(bits)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from(u128::from(v6) & mask))
            }
        }
    }
}

impl FromStr for Cidr {
    type Err = BadCidr;
    fn from_str(text: &str) -> Result<Self, BadCidr> {
        let unreadable = || BadCidr::Unreadable(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| unreadable())?;
        let all_bits = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all_bits), |bits| bits.trim().parse().map_err(|_| unreadable()))?;
        if bits > all_bits {
            return Err(BadCidr::TooManyBits(text.to_owned()));
        }
        let network = Self { first: Self::first_of(address, bits), bits };
        if network.first == address {
            Ok(network)
        } else {
            Err(BadCidr::NotTheFirst(text.to_owned(), network, address))
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(network: &str, address: &str) -> bool {
        network.parse::<Cidr>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_holds_exactly_its_addresses() {
        assert!(holds("10.0.0.0/8", "10.255.255.255") && !holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("127.0.0.1", "127.0.0.1") && !holds("127.0.0.1", "127.0.0.2"));
        assert!(holds("fc00::/7", "fdff::1") && !holds("fc00::/7", "fe00::"));
        assert!(holds("0.0.0.0/0", "255.255.255.255") && !holds("0.0.0.0/0", "::ffff:127.0.0.1"));
        assert!(holds("::/0", "::ffff:127.0.0.1") && !holds("::/0", "127.0.0.1"));
    }

    #[test]
    fn what_is_no_network_says_what_to_write() {
        let error = |text: &str| text.parse::<Cidr>().unwrap_err().to_string();
        assert!(error("localhost").contains("like 10.0.0.0/8"));
        assert!(error("10.0.0.0/x").contains("like 10.0.0.0/8"));
        assert!(error("10.0.0.0/33").contains("32 bits"));
        assert!(error("10.0.0.1/8").contains("write 10.0.0.0/8, or 10.0.0.1"));
    }

    #[test]
    fn a_network_reads_back_as_it_is_written() {
        for text in ["10.0.0.0/8", "0.0.0.0/0", "fc00::/7", "::1/128"] {
            assert_eq!(text.parse::<Cidr>().unwrap().to_string(), text);
        }
    }
}
