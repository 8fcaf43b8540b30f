//! Making a connection to exactly the address that was checked.
//!
//! The name is judged, resolved once, every address of the answer is judged, and the connection is made to one of those
//! addresses: nothing resolves the name a second time, so a name that changes its mind in between (DNS rebinding) gains
//! nothing. Behind a proxy that resolves names itself only the name is judged, and what this machine can resolve of it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use thiserror::Error;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::hosts::{HostName, HostRefusal, HostRules};
use super::upstream::{ProxyKind, Purpose, Upstream, Upstreams};

/// How long resolving and connecting may take together. Browsers give up after 30 s too.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);
/// Head start of each address before the next is tried beside it (RFC 8305).
const STAGGER: Duration = Duration::from_millis(250);
/// Bytes of the answer to CONNECT; proxies answer with a few hundred.
const LONGEST_ANSWER: usize = 16 * 1024;

/// What turns a name into addresses.
#[async_trait::async_trait]
pub trait Resolve: Send + Sync {
    /// # Errors
    /// As the system's resolver has them.
    async fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait::async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((name, port)).await?.collect())
    }
}

/// Why there is no connection.
#[derive(Debug, Error)]
pub enum DialError {
    #[error(transparent)]
    Refused(#[from] HostRefusal),
    #[error("there is no host {host}: {reason}; is the address right?")]
    NoHost { host: String, reason: String },
    #[error("nothing answers there: {host}:{port} cannot be reached ({reason})")]
    Unreachable {
        host: String,
        port: u16,
        reason: String,
    },
    #[error("{host}:{port} did not answer within {} s; try again later", CONNECT_LIMIT.as_secs())]
    TimedOut { host: String, port: u16 },
    #[error(
        "the proxy {proxy} makes no connection to {host}: {reason}; look at --proxy, HTTPS_PROXY and NO_PROXY"
    )]
    Proxy {
        proxy: String,
        host: String,
        reason: String,
    },
}

/// Where something goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Destination {
    pub host: HostName,
    pub port: u16,
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl Destination {
    /// # Errors
    /// [`HostRefusal::Unreadable`].
    pub fn read(host: &str, port: u16) -> Result<Self, HostRefusal> {
        let name = HostName::read(host);
        let host = name.ok_or_else(|| HostRefusal::Unreadable(host.to_owned()))?;
        Ok(Self { host, port })
    }
}

/// Makes every connection of the switch.
pub(super) struct Dialler {
    rules: RwLock<HostRules>,
    upstreams: Upstreams,
    resolver: Arc<dyn Resolve>,
}

impl Dialler {
    pub fn new(rules: HostRules, upstreams: Upstreams, resolver: Arc<dyn Resolve>) -> Self {
        Self {
            rules: RwLock::new(rules),
            upstreams,
            resolver,
        }
    }

    pub fn allow(&self, host: &str, port: u16) -> bool {
        let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
        rules.allow(host, port)
    }

    /// What can be judged without resolving.
    pub fn check(&self, to: &Destination) -> Result<(), HostRefusal> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        rules.check_name(&to.host, to.port)
    }

    /// The http proxy that plain requests to a host are handed to as they are.
    pub fn plain_proxy(&self, to: &Destination) -> Option<&Upstream> {
        self.upstreams
            .choose(Purpose::Plain, &to.host)
            .filter(|proxy| proxy.kind == ProxyKind::Http)
    }

    /// A connection whose bytes arrive at the host.
    pub async fn tunnel(&self, to: &Destination) -> Result<TcpStream, DialError> {
        self.within_limit(to, async {
            match self.upstreams.choose(Purpose::Tunnel, &to.host) {
                None => self.direct(to).await,
                Some(proxy) => {
                    let addresses = self.judged(to).await;
                    self.through(proxy, to, addresses).await
                }
            }
        })
        .await
    }

    /// A connection that plain requests to the host are written to: of the host, or of [`Dialler::plain_proxy`].
    pub async fn plain(&self, to: &Destination) -> Result<TcpStream, DialError> {
        self.within_limit(to, async {
            match self.upstreams.choose(Purpose::Plain, &to.host) {
                None => self.direct(to).await,
                Some(proxy) => {
                    let addresses = self.judged(to).await;
                    match proxy.kind {
                        ProxyKind::Socks5 { .. } => self.through(proxy, to, addresses).await,
                        ProxyKind::Http => {
                            permitted_by_proxy(addresses)?;
                            self.to_proxy(proxy, to).await
                        }
                    }
                }
            }
        })
        .await
    }

    async fn within_limit(
        &self,
        to: &Destination,
        connecting: impl Future<Output = Result<TcpStream, DialError>>,
    ) -> Result<TcpStream, DialError> {
        self.check(to)?;
        let stream = tokio::time::timeout(CONNECT_LIMIT, connecting)
            .await
            .map_err(|_| DialError::TimedOut {
                host: to.host.to_string(),
                port: to.port,
            })??;
        // Small writes leave at once; where that cannot be set, they leave a little later.
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    async fn direct(&self, to: &Destination) -> Result<TcpStream, DialError> {
        let addresses = self.judged(to).await?;
        connect_first(&addresses)
            .await
            .map_err(|error| DialError::Unreachable {
                host: to.host.to_string(),
                port: to.port,
                reason: error.to_string(),
            })
    }

    /// All addresses of the host, each judged: one that is refused refuses the host.
    async fn judged(&self, to: &Destination) -> Result<Vec<SocketAddr>, DialError> {
        let addresses = match &to.host {
            HostName::Address(address) => vec![SocketAddr::new(*address, to.port)],
            HostName::Name(name) => {
                let no_host = |reason: String| DialError::NoHost {
                    host: name.clone(),
                    reason,
                };
                let found = self
                    .resolver
                    .resolve(name, to.port)
                    .await
                    .map_err(|error| no_host(error.to_string()))?;
                if found.is_empty() {
                    return Err(no_host("its name has no address".to_owned()));
                }
                found
            }
        };
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        for address in &addresses {
            rules.check_address(&to.host, to.port, address.ip())?;
        }
        Ok(addresses)
    }

    async fn to_proxy(&self, proxy: &Upstream, to: &Destination) -> Result<TcpStream, DialError> {
        // The proxy was chosen by the person, so its own address is not judged.
        let failed = |error: io::Error| DialError::Proxy {
            proxy: proxy.to_string(),
            host: to.host.to_string(),
            reason: error.to_string(),
        };
        let addresses = self
            .resolver
            .resolve(&proxy.host, proxy.port)
            .await
            .map_err(failed)?;
        let stream = connect_first(&addresses).await.map_err(failed)?;
        let _ = stream.set_nodelay(true);
        Ok(stream)
    }

    async fn through(
        &self,
        proxy: &Upstream,
        to: &Destination,
        addresses: Result<Vec<SocketAddr>, DialError>,
    ) -> Result<TcpStream, DialError> {
        let address = permitted_by_proxy(addresses)?;
        let mut stream = self.to_proxy(proxy, to).await?;
        let asked = match proxy.kind {
            ProxyKind::Http => ask_http(&mut stream, proxy, to).await,
            ProxyKind::Socks5 { names: true } => ask_socks(&mut stream, proxy, to, None).await,
            ProxyKind::Socks5 { names: false } => match address {
                Some(address) => ask_socks(&mut stream, proxy, to, Some(address.ip())).await,
                None => Err(io::Error::other(
                    "this machine cannot resolve the name; socks5h: lets the proxy do it",
                )),
            },
        };
        asked.map_err(|error| DialError::Proxy {
            proxy: proxy.to_string(),
            host: to.host.to_string(),
            reason: error.to_string(),
        })?;
        Ok(stream)
    }
}

/// A proxy may know names that this machine does not; what this machine does know must be permitted.
fn permitted_by_proxy(
    addresses: Result<Vec<SocketAddr>, DialError>,
) -> Result<Option<SocketAddr>, DialError> {
    match addresses {
        Ok(addresses) => Ok(addresses.first().copied()),
        Err(DialError::NoHost { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The first connection that is made, each next address tried beside the others after a moment.
async fn connect_first(addresses: &[SocketAddr]) -> io::Result<TcpStream> {
    if let [only] = addresses {
        return TcpStream::connect(only).await;
    }
    let mut attempts: FuturesUnordered<_> = addresses
        .iter()
        .enumerate()
        .map(|(place, address)| async move {
            let wait = STAGGER.saturating_mul(u32::try_from(place).unwrap_or(u32::MAX));
            tokio::time::sleep(wait).await;
            TcpStream::connect(address).await
        })
        .collect();
    let mut last = io::Error::other("its name has no address");
    while let Some(attempt) = attempts.next().await {
        match attempt {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// CONNECT (RFC 9110, 9.3.6). What comes after the answer's empty line is the host's, and is not read.
async fn ask_http(stream: &mut TcpStream, proxy: &Upstream, to: &Destination) -> io::Result<()> {
    let authorization = proxy
        .authorization()
        .map(|value| format!("Proxy-Authorization: {value}\r\n"))
        .unwrap_or_default();
    let request = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{authorization}\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::with_capacity(256);
    while !answer.ends_with(b"\r\n\r\n") {
        if answer.len() == LONGEST_ANSWER {
            return Err(io::Error::other("its answer has no end"));
        }
        answer.push(stream.read_u8().await?);
    }
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or(&[]);
    let line = String::from_utf8_lossy(line).into_owned();
    match line.split(' ').nth(1) {
        Some(status) if status.starts_with('2') && status.len() == 3 => Ok(()),
        Some("407") => Err(io::Error::other(
            "it wants a user and password, as in http://USER:PASSWORD@HOST:PORT",
        )),
        _ => Err(io::Error::other(format!("it answers {line:?}"))),
    }
}

/// SOCKS 5 with at most a user and password (RFC 1928, RFC 1929).
async fn ask_socks(
    stream: &mut TcpStream,
    proxy: &Upstream,
    to: &Destination,
    resolved: Option<IpAddr>,
) -> io::Result<()> {
    let short = |text: &str| u8::try_from(text.len()).map_err(|_| io::Error::other("too long"));
    let credential = proxy.credential();
    let methods: &[u8] = if credential.is_some() {
        &[5, 2, 0, 2]
    } else {
        &[5, 1, 0]
    };
    stream.write_all(methods).await?;
    let mut chosen = [0; 2];
    stream.read_exact(&mut chosen).await?;
    match (chosen, credential) {
        ([5, 0], _) => {}
        ([5, 2], Some((user, password))) => {
            let mut message = vec![1, short(user)?];
            message.extend(user.as_bytes());
            message.push(short(password)?);
            message.extend(password.as_bytes());
            stream.write_all(&message).await?;
            let mut taken = [0; 2];
            stream.read_exact(&mut taken).await?;
            if taken[1] != 0 {
                return Err(io::Error::other("it does not take this user and password"));
            }
        }
        ([5, _], _) => {
            return Err(io::Error::other(
                "it wants a user and password, as in socks5://USER:PASSWORD@HOST:PORT",
            ));
        }
        _ => return Err(io::Error::other("it does not speak SOCKS 5")),
    }
    let mut message = vec![5, 1, 0];
    let address = match &to.host {
        HostName::Address(address) => Some(*address),
        HostName::Name(_) => resolved,
    };
    match (address, &to.host) {
        (Some(IpAddr::V4(address)), _) => {
            message.push(1);
            message.extend(address.octets());
        }
        (Some(IpAddr::V6(address)), _) => {
            message.push(4);
            message.extend(address.octets());
        }
        (None, host) => {
            let name = host.to_string();
            message.extend([3, short(&name)?]);
            message.extend(name.as_bytes());
        }
    }
    message.extend(to.port.to_be_bytes());
    stream.write_all(&message).await?;
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    let reason = match head[1] {
        0 => None,
        2 => Some("its rules forbid it"),
        3 => Some("the network cannot be reached"),
        4 => Some("the host cannot be reached"),
        5 => Some("the host refuses the connection"),
        _ => Some("it could not"),
    };
    if let Some(reason) = reason {
        return Err(io::Error::other(reason));
    }
    let rest = match head[3] {
        1 => 4,
        4 => 16,
        3 => usize::from(stream.read_u8().await?),
        _ => return Err(io::Error::other("its answer cannot be read")),
    };
    // The address that it connects from, and a port: of no use here.
    let mut bound = vec![0; rest + 2];
    stream.read_exact(&mut bound).await?;
    Ok(())
}
