//! Which hosts the browser may speak to: public ones, and private ones that were named with their port.
//!
//! A name is judged before it is resolved and each of its addresses after, so that a public name which points into the
//! private network is refused all the same. Pure. Ranges are those of IANA's special-purpose registries
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>, and the one of IPv6).

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;
use url::Host;

/// A host in one spelling: names in lower case without a final dot, every notation of an address as that address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostName {
    Name(String),
    Address(IpAddr),
}

impl HostName {
    /// Reads a host as it stands in an address; IPv6 with or without brackets.
    pub fn read(text: &str) -> Option<Self> {
        let bare = text
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(text);
        if let Ok(address) = bare.parse::<Ipv6Addr>() {
            return Some(Self::Address(IpAddr::V6(address)));
        }
        match Host::parse(text).ok()? {
            Host::Ipv4(address) => Some(Self::Address(IpAddr::V4(address))),
            Host::Ipv6(address) => Some(Self::Address(IpAddr::V6(address))),
            Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(&name).to_owned();
                (!name.is_empty()).then_some(Self::Name(name))
            }
        }
    }
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => address.fmt(f),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// Why nothing is sent to a host.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HostRefusal {
    #[error("{0:?} is not the name of a host")]
    Unreadable(String),
    #[error(
        "{host}:{port} is {what}, and pages may not reach into this machine or its network; name it as a start page or site to allow it"
    )]
    Private {
        host: String,
        port: u16,
        what: &'static str,
    },
    #[error(
        "{host} leads to {address}, which is {what}: a page that does this may be after this machine or its network; name {host}:{port} as a start page or site to allow it"
    )]
    LeadsInside {
        host: String,
        port: u16,
        address: IpAddr,
        what: &'static str,
    },
}

/// Private hosts that may be spoken to, each with its port; every public one may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostRules {
    allowed: BTreeSet<(HostName, u16)>,
}

impl HostRules {
    /// Allows a private host at one port. Says whether the host could be read.
    pub fn allow(&mut self, host: &str, port: u16) -> bool {
        let Some(host) = HostName::read(host) else {
            return false;
        };
        self.allowed.insert((host, port));
        true
    }

    /// Allows the host and port of an address, where they are private: of the start page, of a site of the goal.
    pub fn allow_address(&mut self, address: &url::Url) -> bool {
        match (address.host_str(), address.port_or_known_default()) {
            (Some(host), Some(port)) => self.allow(host, port),
            _ => false,
        }
    }

    /// Judges a host before its name is resolved.
    ///
    /// # Errors
    /// [`HostRefusal`].
    pub fn check_name(&self, host: &HostName, port: u16) -> Result<(), HostRefusal> {
        if self.is_allowed(host, port) {
            return Ok(());
        }
        let what = match host {
            HostName::Address(address) => inside(*address),
            HostName::Name(name) => inside_by_name(name),
        };
        match what {
            None => Ok(()),
            Some(what) => Err(HostRefusal::Private {
                host: host.to_string(),
                port,
                what,
            }),
        }
    }

    /// Judges one address that a name was resolved to.
    ///
    /// # Errors
    /// [`HostRefusal`].
    pub fn check_address(
        &self,
        host: &HostName,
        port: u16,
        address: IpAddr,
    ) -> Result<(), HostRefusal> {
        if self.is_allowed(host, port) {
            return Ok(());
        }
        match inside(address) {
            None => Ok(()),
            Some(what) => Err(HostRefusal::LeadsInside {
                host: host.to_string(),
                port,
                address,
                what,
            }),
        }
    }

    fn is_allowed(&self, host: &HostName, port: u16) -> bool {
        self.allowed.contains(&(host.clone(), port))
    }
}

/// Whether a host is this machine or its link, where no proxy in between makes sense.
pub(super) fn is_near(host: &HostName) -> bool {
    match host {
        HostName::Name(name) => name == "localhost" || name.ends_with(".localhost"),
        HostName::Address(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        HostName::Address(IpAddr::V6(address)) => {
            address.is_loopback() || address.is_unicast_link_local()
        }
    }
}

/// Names that mean something inside by themselves, whoever resolves them (RFC 6761, RFC 6762, RFC 8375, and ICANN's `internal`).
fn inside_by_name(name: &str) -> Option<&'static str> {
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "localhost" | "localdomain" => Some("this machine"),
        "local" | "internal" | "lan" | "intranet" | "home" | "corp" => {
            Some("a name of the local network")
        }
        _ if name.ends_with(".home.arpa") || name == "home.arpa" => {
            Some("a name of the local network")
        }
        _ if last == name => Some("a name without a dot, so of the local network"),
        _ => None,
    }
}

/// What an address is that does not belong to the public internet; `None` for one that does.
fn inside(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => inside_4(address),
        IpAddr::V6(address) => inside_6(address),
    }
}

/// Addresses that answer with a machine's credentials in clouds, where no range gives them away.
const METADATA_4: [Ipv4Addr; 1] = [Ipv4Addr::new(168, 63, 129, 16)];

fn inside_4(address: Ipv4Addr) -> Option<&'static str> {
    if METADATA_4.contains(&address) {
        return Some("a cloud's own service");
    }
    match address.octets() {
        [0, ..] => Some("this machine"),
        [127, ..] => Some("this machine (loopback)"),
        [10, ..] | [192, 168, ..] | [172, 16..=31, ..] => Some("a private address"),
        [100, 64..=127, ..] => Some("an address inside a provider's network"),
        [169, 254, ..] => Some("a link-local address, where clouds keep their credentials"),
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..] => Some("a reserved address"),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => {
            Some("an address for documentation")
        }
        [224..=239, ..] => Some("a multicast address"),
        [240..=255, ..] => Some("a reserved or broadcast address"),
        _ => None,
    }
}

fn inside_6(address: Ipv6Addr) -> Option<&'static str> {
    let segments = address.segments();
    let [_, _, _, _, _, _, high, low] = segments;
    let last = Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some("this machine"),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some("this machine (loopback)"),
        // IPv4 in other clothes: mapped, compatible, translated (RFC 4291, RFC 6052), and 6to4 (RFC 3056).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => inside_4(last),
        [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..] => Some("an old form of address"),
        [0x2002, high, low, ..] => {
            inside_4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        [0xfc00..=0xfdff, ..] => Some("a private address"),
        [0xfe80..=0xfeff, ..] => Some("a link-local address"),
        [0xff00..=0xffff, ..] => Some("a multicast address"),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some("an address for documentation"),
        // Teredo, benchmarking, ORCHID and the rest of the protocol assignments (RFC 2928).
        [0x2001, 0..=0x1ff, ..] => Some("a reserved address"),
        // All of the public internet is in 2000::/3.
        [0x2000..=0x3fff, ..] => None,
        _ => Some("a reserved address"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(rules: &HostRules, host: &str, port: u16) -> Result<(), HostRefusal> {
        let host = HostName::read(host).ok_or_else(|| HostRefusal::Unreadable(host.to_owned()))?;
        rules.check_name(&host, port)
    }

    #[test]
    fn what_is_private_is_refused_in_every_notation() {
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "api.localhost",
            "127.0.0.1",
            "127.1",
            "0x7f.0.0.1",
            "2130706433",
            "0177.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.100.100.200",
            "169.254.169.254",
            "168.63.129.16",
            "192.0.0.192",
            "198.18.0.1",
            "203.0.113.7",
            "224.0.0.251",
            "239.255.255.250",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "::1",
            "[::ffff:127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "[::127.0.0.1]",
            "[64:ff9b::10.0.0.1]",
            "[64:ff9b:1::1]",
            "[2002:7f00:1::]",
            "[2001:0:53aa:64c::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "[fec0::1]",
            "[ff02::fb]",
            "[2001:db8::1]",
            "[100::1]",
            "printer.local",
            "metadata.google.internal",
            "nas.home.arpa",
            "intranet",
        ] {
            assert!(check(&HostRules::default(), host, 80).is_err(), "{host}");
        }
    }

    #[test]
    fn what_is_public_is_let_through() {
        for host in [
            "example.com",
            "EXAMPLE.com.",
            "bücher.example",
            "1.1.1.1",
            "172.15.0.1",
            "172.32.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "169.253.1.1",
            "192.0.1.1",
            "223.255.255.255",
            "[2606:4700::1111]",
            "[::ffff:1.1.1.1]",
            "[64:ff9b::1.1.1.1]",
            "[2002:101:101::]",
            "[2001:4860:4860::8888]",
        ] {
            assert_eq!(check(&HostRules::default(), host, 443), Ok(()), "{host}");
        }
    }

    #[test]
    fn an_allowed_private_host_is_allowed_at_its_port_only() {
        let mut rules = HostRules::default();
        assert!(rules.allow_address(&url::Url::parse("http://127.0.0.1:8080/start").unwrap()));
        assert!(rules.allow("shop.corp", 443));
        for (host, port, allowed) in [
            ("127.0.0.1", 8080, true),
            ("127.1", 8080, true),
            ("127.0.0.1", 9222, false),
            ("127.0.0.2", 8080, false),
            ("localhost", 8080, false),
            ("[::ffff:127.0.0.1]", 8080, false),
            ("shop.corp", 443, true),
            ("shop.corp", 80, false),
            ("other.corp", 443, false),
        ] {
            assert_eq!(check(&rules, host, port).is_ok(), allowed, "{host}:{port}");
        }
    }

    #[test]
    fn a_public_name_that_leads_inside_is_refused_with_both_named() {
        let rules = HostRules::default();
        let host = HostName::read("rebind.example").unwrap();
        assert_eq!(rules.check_name(&host, 80), Ok(()));
        let refusal = rules
            .check_address(&host, 80, IpAddr::from([192, 168, 0, 1]))
            .unwrap_err();
        let said = refusal.to_string();
        assert!(
            said.contains("rebind.example") && said.contains("192.168.0.1"),
            "{said}"
        );
        assert_eq!(
            rules.check_address(&host, 80, IpAddr::from([1, 1, 1, 1])),
            Ok(())
        );
    }

    #[test]
    fn an_allowed_name_may_lead_inside() {
        let mut rules = HostRules::default();
        rules.allow("shop.example", 443);
        let host = HostName::read("shop.example").unwrap();
        let address = IpAddr::from([10, 0, 0, 1]);
        assert_eq!(rules.check_address(&host, 443, address), Ok(()));
        assert!(rules.check_address(&host, 80, address).is_err());
    }

    proptest! {
        #[test]
        fn an_ipv4_address_is_judged_alike_in_its_ipv6_forms(bits: u32) {
            let plain = Ipv4Addr::from(bits);
            let [a, b, c, d] = plain.octets().map(u16::from);
            let mapped = plain.to_ipv6_mapped();
            let translated = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, a << 8 | b, c << 8 | d);
            let six_to_four = Ipv6Addr::new(0x2002, a << 8 | b, c << 8 | d, 0, 0, 0, 0, 1);
            for other in [mapped, translated, six_to_four] {
                prop_assert_eq!(inside_6(other), inside_4(plain), "{}", other);
            }
        }

        #[test]
        fn reading_a_host_never_panics_and_is_stable(text in ".{0,40}") {
            if let Some(host) = HostName::read(&text) {
                prop_assert_eq!(HostName::read(&host.to_string()), Some(host));
            }
        }
    }
}
