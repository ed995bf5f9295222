//! Addresses of a network: `10.1.2.0/24`, or one alone.

use std::{fmt, net::IpAddr, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AddressRange {
    base: IpAddr,
    bits: u8,
}

impl AddressRange {
    pub fn has(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                high(base.to_bits().into(), self.bits, 32) == high(address.to_bits().into(), self.bits, 32)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                high(base.to_bits(), self.bits, 128) == high(address.to_bits(), self.bits, 128)
            }
            _ => false,
        }
    }
}

/// The first bits of all that there are.
fn high(number: u128, bits: u8, all: u8) -> u128 {
    number.checked_shr(u32::from(all - bits)).unwrap_or(0)
}

impl FromStr for AddressRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is neither an address (10.1.2.3) nor a network (10.1.2.0/24)");
        let (base, bits) = text.split_once('/').map_or((text, None), |(base, bits)| (base, Some(bits)));
        let base = base.parse::<IpAddr>().map_err(|_| fault())?.to_canonical();
        let all = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), str::parse::<u8>).ok().filter(|bits| *bits <= all);
        Ok(Self { base, bits: bits.ok_or_else(fault)? })
    }
}

impl fmt::Display for AddressRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.base, self.bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_its_addresses_and_no_others() {
        for (range, address, is_in) in [
            ("10.1.2.0/24", "10.1.2.255", true),
            ("10.1.2.0/24", "10.1.3.0", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("0.0.0.0/0", "192.0.2.1", true),
            ("0.0.0.0/0", "::1", false),
            ("::1", "::1", true),
            ("fd00::/8", "fd12::7", true),
            ("::/0", "fd12::7", true),
            // An address of the old kind as the new kind writes it.
            ("127.0.0.1", "::ffff:127.0.0.1", true),
        ] {
            let range: AddressRange = range.parse().unwrap();
            assert_eq!(range.has(address.parse().unwrap()), is_in, "{range} {address}");
        }
        for wrong in ["", "10.1.2", "10.1.2.0/33", "10.1.2.0/", "10.1.2.0/-1", "host", "10.1.2.0/24/8"] {
            assert!(wrong.parse::<AddressRange>().is_err(), "{wrong}");
        }
    }
}
