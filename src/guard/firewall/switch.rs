//! The switch: a forward proxy inside this process, and the browser's only way to the world.
//!
//! Two doors on loopback, each on a port of its own: one for https (tunnels that are not opened) and one for WebSockets, since
//! nothing in a tunnel's request tells them apart; both take plain http. Everything ends when the value is dropped or the
//! process dies, and then the browser has no network.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use hudsucker::rustls::ClientConfig;
use hudsucker::rustls::crypto::aws_lc_rs;
use hudsucker::rustls::pki_types::CertificateDer;
use hyper::body::Incoming;
use hyper::header::PROXY_AUTHORIZATION;
use hyper::service::service_fn;
use hyper::upgrade::{OnUpgrade, Parts};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls_platform_verifier::Verifier;
use secrecy::SecretString;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::authority::RunAuthority;
use super::dial::{Destination, Dialler, Resolve, SystemResolver};
use super::hello::{self, HelloError};
use super::hosts::HostRules;
use super::plain::Forwarder;
use super::refusal::{self, Body};
use super::sockets::{RefuseSockets, SocketGate, Sockets};
use super::spoken::{Exchange, Log, Running, Spoken, Way};
use super::tunnel;
use super::upstream::Upstreams;
use crate::computer::Outlet;

/// Bytes of randomness in the run's credential.
const PASSWORD_BYTES: usize = 32;
/// Pause where no connection can be accepted, for want of file handles for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Host of [`Outlet::GREETING`].
const GREETING_HOST: &str = "outlet.invalid";

/// What a switch lets through.
pub struct SwitchSettings {
    pub hosts: HostRules,
    pub upstreams: Upstreams,
    pub sockets: Arc<dyn SocketGate>,
    pub resolver: Arc<dyn Resolve>,
    /// Certificates that servers of opened WebSockets may have beside those that this system trusts.
    pub roots: Vec<CertificateDer<'static>>,
}

impl Default for SwitchSettings {
    /// Public hosts, no proxy, no sockets.
    fn default() -> Self {
        Self {
            hosts: HostRules::default(),
            upstreams: Upstreams::default(),
            sockets: Arc::new(RefuseSockets),
            resolver: Arc::new(SystemResolver),
            roots: Vec::new(),
        }
    }
}

impl std::fmt::Debug for SwitchSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SwitchSettings")
            .field("hosts", &self.hosts)
            .field("upstreams", &self.upstreams)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Error)]
pub enum SwitchError {
    #[error(
        "no port of loopback could be opened for the browser: {0}; is this machine short of ports or file handles?"
    )]
    Port(#[from] io::Error),
    #[error("this machine gives no randomness for a key: {0}")]
    Key(String),
    #[error("the certificates that this system trusts cannot be read: {0}")]
    Trust(String),
}

/// A running switch.
pub struct Switch {
    outlet: Outlet,
    dialler: Arc<Dialler>,
    log: Arc<Log>,
    serving: tokio::task::JoinHandle<()>,
}

impl std::fmt::Debug for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Switch")
            .field("outlet", &self.outlet)
            .finish_non_exhaustive()
    }
}

impl Switch {
    /// Opens both doors.
    ///
    /// # Errors
    /// [`SwitchError`].
    pub async fn open(settings: SwitchSettings) -> Result<Self, SwitchError> {
        let requests = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let sockets = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let password = password()?;
        let authority =
            RunAuthority::make().map_err(|error| SwitchError::Key(error.to_string()))?;
        let outlet = Outlet {
            proxy: requests.local_addr()?,
            sockets: sockets.local_addr()?,
            user: "apprentice".to_owned(),
            password: SecretString::from(password.clone()),
            trusted_key: Some(authority.fingerprint().to_owned()),
        };
        let pair = format!("{}:{password}", outlet.user);
        let authorization = format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(pair)
        );
        let dialler = Arc::new(Dialler::new(
            settings.hosts,
            settings.upstreams,
            settings.resolver,
        ));
        let log = Arc::new(Log::default());
        let inner = Arc::new(Inner {
            authorization: blake3::hash(authorization.as_bytes()),
            forwarder: Forwarder::new(Arc::clone(&dialler), Arc::clone(&log)),
            sockets: Sockets {
                gate: settings.sockets,
                dialler: Arc::clone(&dialler),
                log: Arc::clone(&log),
                authority,
                trust: trust(settings.roots)?,
                questions: Mutex::default(),
                next: AtomicU64::new(1),
            },
            dialler: Arc::clone(&dialler),
            log: Arc::clone(&log),
        });
        let serving = tokio::spawn(accept(inner, requests, sockets));
        Ok(Self {
            outlet,
            dialler,
            log,
            serving,
        })
    }

    /// What a browser needs to be started behind this switch.
    pub fn outlet(&self) -> Outlet {
        self.outlet.clone()
    }

    /// Allows a private host at one port from now on. Says whether the host could be read.
    pub fn allow(&self, host: &str, port: u16) -> bool {
        self.dialler.allow(host, port)
    }

    /// Every host that was spoken to, or that was not.
    pub fn log(&self) -> Vec<Spoken> {
        self.log.hosts()
    }

    /// Tells each exchange when it ends, from now on.
    pub fn follow(&self) -> mpsc::UnboundedReceiver<Exchange> {
        self.log.follow()
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        // The task owns the doors and all that came through them.
        self.serving.abort();
    }
}

fn password() -> Result<String, SwitchError> {
    let mut bytes = [0; PASSWORD_BYTES];
    aws_lc_rs::default_provider()
        .secure_random
        .fill(&mut bytes)
        .map_err(|_| SwitchError::Key("no random bytes".to_owned()))?;
    Ok(base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes))
}

fn trust(roots: Vec<CertificateDer<'static>>) -> Result<Arc<ClientConfig>, SwitchError> {
    let failed = |error: hudsucker::rustls::Error| SwitchError::Trust(error.to_string());
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(failed)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Which port a connection came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    Requests,
    Sockets,
}

struct Inner {
    /// Hash of the header that opens both doors; comparing hashes takes the same time for every guess.
    authorization: blake3::Hash,
    dialler: Arc<Dialler>,
    forwarder: Forwarder,
    sockets: Sockets,
    log: Arc<Log>,
}

/// What goes through a connection after its CONNECT was answered.
enum After {
    Tunnel {
        page: OnUpgrade,
        to: Destination,
        server: TcpStream,
        running: Running,
    },
    Socket {
        page: OnUpgrade,
        to: Destination,
    },
}

async fn accept(inner: Arc<Inner>, requests: TcpListener, sockets: TcpListener) {
    // Ends every connection when this task is aborted.
    let mut connections = JoinSet::new();
    loop {
        let (accepted, door) = tokio::select! {
            accepted = requests.accept() => (accepted, Door::Requests),
            accepted = sockets.accept() => (accepted, Door::Sockets),
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(serve(Arc::clone(&inner), stream, door));
            }
            Err(error) => {
                tracing::debug!("the switch cannot take a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn serve(inner: Arc<Inner>, stream: TcpStream, door: Door) {
    let _ = stream.set_nodelay(true);
    let after = Arc::new(Mutex::new(None));
    let service = service_fn(|request| {
        let (inner, after) = (Arc::clone(&inner), Arc::clone(&after));
        async move { Ok::<_, Infallible>(inner.answer(door, request, &after).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    if let Err(error) = served {
        tracing::trace!("a connection of the browser ended: {error}");
        return;
    }
    let after = after.lock().unwrap_or_else(PoisonError::into_inner).take();
    match after {
        None => {}
        Some(After::Tunnel {
            page,
            to,
            server,
            running,
        }) => {
            let Ok(upgraded) = page.await else { return };
            match upgraded.downcast::<TokioIo<TcpStream>>() {
                Ok(Parts { io, read_buf, .. }) => {
                    inner
                        .carry(&to, io.into_inner(), &read_buf, server, running)
                        .await;
                }
                Err(upgraded) => {
                    let page = TokioIo::new(upgraded);
                    inner.carry(&to, page, &[], server, running).await;
                }
            }
        }
        Some(After::Socket { page, to }) => {
            if let Ok(upgraded) = page.await {
                inner.sockets.serve(&to, TokioIo::new(upgraded)).await;
            }
        }
    }
}

impl Inner {
    /// Carries a tunnel whose beginning was judged.
    async fn carry(
        &self,
        to: &Destination,
        mut page: impl AsyncRead + AsyncWrite + Unpin,
        begun: &[u8],
        mut server: TcpStream,
        running: Running,
    ) {
        let hello = match hello::read(&mut page, begun).await {
            Ok(hello) => hello,
            Err(HelloError::Nothing) => return,
            Err(error) => {
                let host = to.host.to_string();
                self.log
                    .refused(&host, to.port, Way::Tunnel, error.to_string());
                return;
            }
        };
        if server.write_all(&hello).await.is_ok() {
            let counts = &running.counts;
            counts.sent.fetch_add(hello.len() as u64, Ordering::Relaxed);
            tunnel::carry(page, server, counts, tunnel::HALF_CLOSED_LIMIT).await;
        }
    }

    async fn answer(
        &self,
        door: Door,
        mut request: Request<Incoming>,
        after: &Mutex<Option<After>>,
    ) -> Response<Body> {
        let known = request
            .headers()
            .get(PROXY_AUTHORIZATION)
            .is_some_and(|value| blake3::hash(value.as_bytes()) == self.authorization);
        if !known {
            return refusal::who_are_you();
        }
        let connects = request.method() == Method::CONNECT;
        let scheme = request.uri().scheme_str();
        let (host, port) = match (request.uri().host(), request.uri().port_u16(), scheme) {
            (Some(host), Some(port), None) if connects => (host, port),
            (Some(host), port, Some("http")) if !connects => (host, port.unwrap_or(80)),
            _ => {
                return refusal::page(
                    StatusCode::BAD_REQUEST,
                    "this is a proxy: it takes CONNECT HOST:PORT, and whole addresses of http",
                );
            }
        };
        let to = match Destination::read(host, port) {
            Ok(to) => to,
            Err(refusal) => {
                let way = if connects { Way::Tunnel } else { Way::Plain };
                self.log.refused(host, port, way, refusal.to_string());
                return refusal::page(StatusCode::BAD_REQUEST, &refusal.to_string());
            }
        };
        if !connects {
            if to.host.to_string() == GREETING_HOST {
                return refusal::empty(StatusCode::NO_CONTENT);
            }
            return self.forwarder.forward(&to, request).await;
        }
        let page = hyper::upgrade::on(&mut request);
        let next = match door {
            Door::Sockets => After::Socket { page, to },
            Door::Requests => match self.dialler.tunnel(&to).await {
                Ok(server) => {
                    let running = self.log.begin(&to.host.to_string(), to.port, Way::Tunnel);
                    After::Tunnel {
                        page,
                        to,
                        server,
                        running,
                    }
                }
                Err(error) => {
                    let why = error.to_string();
                    self.log
                        .refused(&to.host.to_string(), to.port, Way::Tunnel, why.clone());
                    return refusal::page(refusal::status_of(&error), &why);
                }
            },
        };
        *after.lock().unwrap_or_else(PoisonError::into_inner) = Some(next);
        refusal::empty(StatusCode::OK)
    }
}
