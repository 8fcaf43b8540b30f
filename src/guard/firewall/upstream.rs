//! The proxy that this system already stands behind: read from `--proxy` or the environment by curl's rules
//! (<https://curl.se/docs/manpage.html#-x>, <https://everything.curl.dev/usingcurl/proxies/env.html>). Pure.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use super::hosts::{HostName, is_near};

/// Port of a proxy that names none, as curl has it.
const DEFAULT_PORT: u16 = 1080;

/// How to speak to a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyKind {
    Http,
    /// SOCKS 5 (RFC 1928); `names` is whether the proxy resolves names (`socks5h:`).
    Socks5 {
        names: bool,
    },
}

/// One proxy to go through.
#[derive(Debug, Clone)]
pub struct Upstream {
    pub kind: ProxyKind,
    pub host: String,
    pub port: u16,
    credential: Option<(String, SecretString)>,
}

impl Upstream {
    /// User and password, where the address had them.
    pub(super) fn credential(&self) -> Option<(&str, &str)> {
        self.credential
            .as_ref()
            .map(|(user, password)| (user.as_str(), password.expose_secret()))
    }

    /// The value of `Proxy-Authorization`, where there is a credential.
    pub(super) fn authorization(&self) -> Option<String> {
        self.credential().map(|(user, password)| {
            let pair = format!("{user}:{password}");
            format!(
                "Basic {}",
                base64::engine::general_purpose::STANDARD.encode(pair)
            )
        })
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

#[derive(Debug, Error, PartialEq, Eq)]
pub enum UpstreamError {
    #[error("the proxy of {from} is not an address; write it as http://HOST:PORT")]
    Unreadable { from: String },
    #[error(
        "the proxy of {from} speaks {scheme}, which is not supported; http, socks5 and socks5h are"
    )]
    Scheme { from: String, scheme: String },
}

/// What is asked for, which chooses between `HTTP_PROXY` and `HTTPS_PROXY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    Plain,
    Tunnel,
}

/// The proxies of this system, and the hosts that need none.
#[derive(Debug, Clone, Default)]
pub struct Upstreams {
    plain: Option<Upstream>,
    tunnel: Option<Upstream>,
    exempt: Vec<Exempt>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Exempt {
    All,
    /// The name itself and every name under it.
    Domain(String),
    Range(IpAddr, u8),
}

impl Upstreams {
    /// From `--proxy`, where it is given, else from the environment.
    ///
    /// # Errors
    /// [`UpstreamError`]: a proxy that cannot be read is never "no proxy".
    pub fn resolve(
        flag: Option<&str>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, UpstreamError> {
        let first = |names: &[&str]| {
            names.iter().find_map(|name| {
                let value = variable(name)?;
                (!value.trim().is_empty()).then(|| ((*name).to_owned(), value))
            })
        };
        let read = |found: Option<(String, String)>| {
            found
                .map(|(from, value)| read(&value, &from))
                .transpose()
                .map(Option::flatten)
        };
        let exempt = first(&["no_proxy", "NO_PROXY"])
            .map(|(_, list)| exempt(&list))
            .unwrap_or_default();
        if let Some(flag) = flag {
            let one = read_flag(flag)?;
            return Ok(Self {
                plain: one.clone(),
                tunnel: one,
                exempt,
            });
        }
        // A web server hands the header `Proxy:` of a request to CGI programs as HTTP_PROXY.
        let plain: &[&str] = if variable("REQUEST_METHOD").is_some() {
            &["http_proxy", "all_proxy", "ALL_PROXY"]
        } else {
            &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
        };
        Ok(Self {
            plain: read(first(plain))?,
            tunnel: read(first(&[
                "https_proxy",
                "HTTPS_PROXY",
                "all_proxy",
                "ALL_PROXY",
            ]))?,
            exempt,
        })
    }

    /// The proxy to go through to a host. This machine itself is never looked for elsewhere.
    pub(super) fn choose(&self, purpose: Purpose, host: &HostName) -> Option<&Upstream> {
        if is_near(host) || self.exempt.iter().any(|exempt| exempt.covers(host)) {
            return None;
        }
        match purpose {
            Purpose::Plain => self.plain.as_ref(),
            Purpose::Tunnel => self.tunnel.as_ref(),
        }
    }
}

/// `--proxy ""` and `--proxy direct` mean: none, whatever the environment says.
fn read_flag(text: &str) -> Result<Option<Upstream>, UpstreamError> {
    match text.trim() {
        "" | "direct" => Ok(None),
        text => read(text, "--proxy"),
    }
}

fn read(text: &str, from: &str) -> Result<Option<Upstream>, UpstreamError> {
    let text = text.trim();
    let unreadable = || UpstreamError::Unreadable {
        from: from.to_owned(),
    };
    // curl takes an address without a scheme for http.
    let address = if text.contains("://") {
        text.to_owned()
    } else {
        format!("http://{text}")
    };
    let url = Url::parse(&address).map_err(|_| unreadable())?;
    let kind = match url.scheme() {
        "http" => ProxyKind::Http,
        "socks5" => ProxyKind::Socks5 { names: false },
        "socks5h" | "socks" => ProxyKind::Socks5 { names: true },
        scheme => {
            return Err(UpstreamError::Scheme {
                from: from.to_owned(),
                scheme: scheme.to_owned(),
            });
        }
    };
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(unreadable)?;
    // `Url` drops the default port of http, which is not the one that curl means by silence.
    let names_80 = kind == ProxyKind::Http && authority(&address).ends_with(":80");
    let port = match url.port() {
        Some(port) => port,
        None if names_80 => 80,
        None => DEFAULT_PORT,
    };
    let credential = (!url.username().is_empty() || url.password().is_some()).then(|| {
        (
            decoded(url.username()),
            SecretString::from(decoded(url.password().unwrap_or_default())),
        )
    });
    Ok(Some(Upstream {
        kind,
        host: host.trim_matches(['[', ']']).to_owned(),
        port,
        credential,
    }))
}

fn authority(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn exempt(list: &str) -> Vec<Exempt> {
    list.split([',', ' '])
        .map(str::trim)
        .filter(|item| !item.is_empty())
        .filter_map(|item| {
            if item == "*" {
                return Some(Exempt::All);
            }
            if let Some((address, bits)) = item.split_once('/') {
                let address: IpAddr = address.trim_matches(['[', ']']).parse().ok()?;
                let most = if address.is_ipv4() { 32 } else { 128 };
                let bits: u8 = bits.parse().ok().filter(|bits| *bits <= most)?;
                return Some(Exempt::Range(address, bits));
            }
            // `*.example.com` is not curl's, but is written so often that it is understood.
            let bare = item.strip_prefix("*.").unwrap_or(item);
            let bare = bare.strip_prefix('.').unwrap_or(bare);
            match HostName::read(bare)? {
                HostName::Name(name) => Some(Exempt::Domain(name)),
                HostName::Address(address) => {
                    let bits = if address.is_ipv4() { 32 } else { 128 };
                    Some(Exempt::Range(address, bits))
                }
            }
        })
        .collect()
}

impl Exempt {
    fn covers(&self, host: &HostName) -> bool {
        match (self, host) {
            (Self::All, _) => true,
            (Self::Domain(domain), HostName::Name(name)) => name
                .strip_suffix(domain.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.')),
            (Self::Range(IpAddr::V4(range), bits), HostName::Address(IpAddr::V4(address))) => {
                let apart = u32::from(*range) ^ u32::from(*address);
                apart.leading_zeros() >= u32::from(*bits)
            }
            (Self::Range(IpAddr::V6(range), bits), HostName::Address(IpAddr::V6(address))) => {
                let apart = u128::from(*range) ^ u128::from(*address);
                apart.leading_zeros() >= u32::from(*bits)
            }
            (Self::Domain(_) | Self::Range(..), _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upstreams(flag: Option<&str>, variables: &[(&str, &str)]) -> Upstreams {
        Upstreams::resolve(flag, from(variables)).unwrap()
    }

    fn from<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |wanted| {
            variables
                .iter()
                .find(|(name, _)| *name == wanted)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    fn chosen(upstreams: &Upstreams, purpose: Purpose, host: &str) -> Option<String> {
        upstreams
            .choose(purpose, &HostName::read(host).unwrap())
            .map(Upstream::to_string)
    }

    #[test]
    fn each_variable_serves_its_own_purpose_and_small_letters_come_first() {
        for (variables, plain, tunnel) in [
            (&[][..], None, None),
            (&[("HTTP_PROXY", "http://a:1")], Some("a:1"), None),
            (&[("HTTPS_PROXY", "b:2")], None, Some("b:2")),
            (&[("ALL_PROXY", "socks5h://c:3")], Some("c:3"), Some("c:3")),
            (
                &[
                    ("ALL_PROXY", "c:3"),
                    ("https_proxy", "d:4"),
                    ("HTTPS_PROXY", "b:2"),
                ],
                Some("c:3"),
                Some("d:4"),
            ),
            (
                &[("HTTP_PROXY", "evil:1"), ("REQUEST_METHOD", "GET")],
                None,
                None,
            ),
            (
                &[("HTTPS_PROXY", "http://proxy:80")],
                None,
                Some("proxy:80"),
            ),
            (&[("HTTPS_PROXY", "http://proxy")], None, Some("proxy:1080")),
            (&[("HTTPS_PROXY", "  ")], None, None),
        ] {
            let upstreams = upstreams(None, variables);
            let of = |purpose| chosen(&upstreams, purpose, "example.com");
            assert_eq!(of(Purpose::Plain).as_deref(), plain, "{variables:?}");
            assert_eq!(of(Purpose::Tunnel).as_deref(), tunnel, "{variables:?}");
        }
    }

    #[test]
    fn the_flag_comes_before_the_environment_and_can_mean_none() {
        let environment = [("HTTPS_PROXY", "b:2")];
        let given = upstreams(Some("http://f:9"), &environment);
        assert_eq!(
            chosen(&given, Purpose::Tunnel, "example.com").as_deref(),
            Some("f:9")
        );
        assert_eq!(
            chosen(&given, Purpose::Plain, "example.com").as_deref(),
            Some("f:9")
        );
        let none = upstreams(Some("direct"), &environment);
        assert_eq!(chosen(&none, Purpose::Tunnel, "example.com"), None);
    }

    #[test]
    fn credentials_are_decoded_and_not_shown() {
        let upstreams = upstreams(Some("http://ann:p%40ss@proxy:3128"), &[]);
        let proxy = upstreams.tunnel.as_ref().unwrap();
        // ann:p@ss in base64.
        assert_eq!(proxy.authorization().as_deref(), Some("Basic YW5uOnBAc3M="));
        assert!(!format!("{upstreams:?}").contains("p@ss"));
    }

    #[test]
    fn hosts_that_need_none_are_named_by_curls_rules() {
        for (list, host, exempt) in [
            ("example.com", "example.com", true),
            ("example.com", "www.example.com", true),
            ("example.com", "notexample.com", false),
            (".example.com", "www.example.com", true),
            (".example.com", "example.com", true),
            ("*.example.com", "www.example.com", true),
            ("Example.COM.", "www.example.com", true),
            ("a.example, b.example", "b.example", true),
            ("a.example b.example", "b.example", true),
            ("*", "anything.example", true),
            ("8.8.8.8", "8.8.8.8", true),
            ("8.8.8.8", "8.8.8.80", false),
            ("8.8.0.0/16", "8.8.4.4", true),
            ("8.8.0.0/16", "8.9.4.4", false),
            ("0.0.0.0/0", "8.9.4.4", true),
            ("2606:4700::/32", "[2606:4700::1]", true),
            ("8.8.0.0/99", "8.8.4.4", false),
            ("", "example.com", false),
        ] {
            let upstreams = upstreams(None, &[("HTTPS_PROXY", "p:1"), ("NO_PROXY", list)]);
            let direct = chosen(&upstreams, Purpose::Tunnel, host).is_none();
            assert_eq!(direct, exempt, "NO_PROXY={list} for {host}");
        }
    }

    #[test]
    fn this_machine_is_never_looked_for_elsewhere() {
        let upstreams = upstreams(Some("p:1"), &[]);
        for host in [
            "localhost",
            "a.localhost",
            "127.0.0.1",
            "[::1]",
            "169.254.1.1",
        ] {
            assert_eq!(chosen(&upstreams, Purpose::Plain, host), None, "{host}");
        }
    }

    #[test]
    fn a_proxy_that_cannot_be_read_is_an_error_that_names_its_source() {
        for (value, said) in [
            ("https://proxy:1", "speaks https"),
            ("ftp://proxy:1", "speaks ftp"),
            ("http://", "not an address"),
            ("http://a:b:c", "not an address"),
        ] {
            let error = Upstreams::resolve(None, from(&[("ALL_PROXY", value)])).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(said) && text.contains("ALL_PROXY"), "{text}");
        }
    }
}
