//! The one way out that a browser is given: two proxies on loopback, which refuse everybody who lacks the credential.
//!
//! The browser room closes every other way; what passes is decided behind the proxies, which `guard/firewall` implements.

use std::net::SocketAddr;

use secrecy::SecretString;

/// Proxies that a browser is started behind.
#[derive(Debug, Clone)]
pub struct Outlet {
    /// Takes https as tunnels, and plain http.
    pub proxy: SocketAddr,
    /// Takes WebSockets as tunnels, and plain http.
    ///
    /// A WebSocket cannot answer a proxy that asks for a credential; it sends one that the browser already knows for
    /// this proxy. Plain http goes this way so that one request, [`Outlet::GREETING`], makes the browser know it.
    pub sockets: SocketAddr,
    /// The credential of this run (RFC 7617), for `Fetch.authRequired` with source `Proxy`.
    pub user: String,
    pub password: SecretString,
    /// Base64 of the SHA-256 of the public key (SPKI) that opened WebSockets are shown with.
    pub trusted_key: Option<String>,
}

impl Outlet {
    /// What answers of the proxies themselves are told by, in their header `Proxy-Status` (RFC 9209).
    pub const NAME: &'static str = "apprentice";

    /// Asked for once in each browser context before its first page, with authentication answered: the proxy itself
    /// answers 204, and from then on WebSockets of that context bring the credential.
    pub const GREETING: &'static str = "http://outlet.invalid/";
}
