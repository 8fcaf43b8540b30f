//! Servers that count what arrives, switches before them, and clients and browsers behind those.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Action, Computer as _, Outlet};
use apprentice::guard::firewall::{HostRules, Resolve, Switch, SwitchSettings};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use base64::Engine as _;
use hudsucker::rustls::ServerConfig;
use hudsucker::rustls::crypto::aws_lc_rs;
use hudsucker::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rcgen::PublicKeyData as _;
use secrecy::ExposeSecret as _;
use sha2::Digest as _;
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// Nothing here takes nearly so long, even on a busy machine.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Lines that grow while a test runs.
#[derive(Clone, Debug)]
pub struct Lines(Arc<watch::Sender<Vec<String>>>);

impl Lines {
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Vec::new())))
    }

    pub fn add(&self, line: String) {
        self.0.send_modify(|lines| lines.push(line));
    }

    pub fn all(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    pub fn with(&self, part: &str) -> usize {
        self.all().iter().filter(|line| line.contains(part)).count()
    }

    /// Waits until a line has this in it.
    pub fn until(&self, part: &str) -> impl Future<Output = ()> {
        self.until_times(part, 1)
    }

    /// Waits until so many lines have this in them.
    pub fn until_times(&self, part: &str, times: usize) -> impl Future<Output = ()> {
        let mut lines = self.0.subscribe();
        let part = part.to_owned();
        async move {
            let came = tokio::time::timeout(
                LIMIT,
                lines.wait_for(|lines| {
                    lines.iter().filter(|line| line.contains(&part)).count() >= times
                }),
            )
            .await
            .is_ok();
            assert!(came, "{part:?} never came: {:#?}", lines.borrow());
        }
    }
}

/// A server on a free port of loopback, with a log of `METHOD PATH`.
pub struct Web {
    pub base: String,
    pub port: u16,
    pub log: Lines,
    /// Certificate and fingerprint, where it speaks TLS.
    pub certificate: Option<(CertificateDer<'static>, String)>,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Web {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn note(State(log): State<Lines>, request: Request, next: Next) -> Response {
    log.add(format!("{} {}", request.method(), request.uri().path()));
    next.run(request).await
}

impl Web {
    pub async fn plain(app: axum::Router) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Lines::new();
        let app = app.layer(from_fn_with_state(log.clone(), note));
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Web {
            base: format!("http://127.0.0.1:{port}"),
            port,
            log,
            certificate: None,
            serving,
        }
    }

    /// Over TLS, with a certificate that nobody trusts by itself.
    pub async fn secure(app: axum::Router) -> Web {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Lines::new();
        let app = app.layer(from_fn_with_state(log.clone(), note));
        let (acceptor, certificate) = acceptor();
        let listener = Secure { listener, acceptor };
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Web {
            base: format!("https://127.0.0.1:{port}"),
            port,
            log,
            certificate: Some(certificate),
            serving,
        }
    }
}

fn acceptor() -> (TlsAcceptor, (CertificateDer<'static>, String)) {
    let made =
        rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned(), "localhost".to_owned()])
            .unwrap();
    let certificate = made.cert.der().clone();
    let fingerprint = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(
        made.signing_key.subject_public_key_info(),
    ));
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (
        TlsAcceptor::from(Arc::new(config)),
        (certificate, fingerprint),
    )
}

struct Secure {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Secure {
    type Io = tokio_rustls::server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Counts datagrams.
pub struct Datagrams {
    pub port: u16,
    pub log: Lines,
}

impl Datagrams {
    pub async fn counted() -> Datagrams {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let log = Lines::new();
        let lines = log.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 2048];
            while let Ok((bytes, _)) = socket.recv_from(&mut buffer).await {
                lines.add(format!("{bytes} bytes"));
            }
        });
        Datagrams { port, log }
    }
}

/// Counts connections, and what is said over them.
pub struct Connections {
    pub port: u16,
    pub log: Lines,
}

impl Connections {
    pub async fn counted() -> Connections {
        use tokio::io::AsyncReadExt as _;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Lines::new();
        let lines = log.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                lines.add("connected".to_owned());
                let lines = lines.clone();
                tokio::spawn(async move {
                    let mut buffer = [0; 2048];
                    while let Ok(bytes @ 1..) = stream.read(&mut buffer).await {
                        lines.add(format!("{bytes} bytes"));
                    }
                    lines.add("closed".to_owned());
                });
            }
        });
        Connections { port, log }
    }
}

/// Allows these ports of 127.0.0.1.
pub fn allowing(ports: &[u16]) -> SwitchSettings {
    let mut hosts = HostRules::default();
    for port in ports {
        assert!(hosts.allow("127.0.0.1", *port));
    }
    SwitchSettings {
        hosts,
        ..SwitchSettings::default()
    }
}

/// Names with the answers that they have, one after the other, the last for ever; counts the questions.
#[derive(Default)]
pub struct Names {
    pub answers: HashMap<String, Vec<Vec<SocketAddr>>>,
    pub asked: Mutex<Vec<String>>,
}

impl Names {
    pub fn with(answers: &[(&str, &[&[SocketAddr]])]) -> Arc<Names> {
        Arc::new(Names {
            answers: answers
                .iter()
                .map(|(name, answers)| {
                    let answers = answers.iter().map(|one| one.to_vec()).collect();
                    ((*name).to_owned(), answers)
                })
                .collect(),
            asked: Mutex::default(),
        })
    }

    pub fn times(&self, name: &str) -> usize {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|one| *one == name).count()
    }
}

#[async_trait::async_trait]
impl Resolve for Names {
    async fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let before = self.times(name);
        self.asked.lock().unwrap().push(name.to_owned());
        if let Ok(address) = name.parse() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let answers = self
            .answers
            .get(name)
            .ok_or_else(|| io::Error::other("no such name"))?;
        Ok(answers[before.min(answers.len() - 1)].clone())
    }
}

pub fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// A client behind a switch, as a browser would be.
pub fn client(outlet: &Outlet) -> reqwest::Client {
    client_with(outlet, outlet.password.expose_secret())
}

pub fn client_with(outlet: &Outlet, password: &str) -> reqwest::Client {
    let proxy = reqwest::Proxy::all(format!("http://{}", outlet.proxy))
        .unwrap()
        .basic_auth(&outlet.user, password);
    reqwest::Client::builder()
        .proxy(proxy)
        .tls_danger_accept_invalid_certs(true)
        .build()
        .unwrap()
}

pub async fn open_switch(settings: SwitchSettings) -> Switch {
    Switch::open(settings).await.unwrap()
}

/// A tunnel through a door, by hand; its stream, or the status of the refusal.
pub async fn tunnel(door: SocketAddr, outlet: &Outlet, to: &str) -> Result<TcpStream, String> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut stream = TcpStream::connect(door).await.unwrap();
    let pair = format!("{}:{}", outlet.user, outlet.password.expose_secret());
    let pair = base64::engine::general_purpose::STANDARD.encode(pair);
    let request =
        format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\nProxy-Authorization: Basic {pair}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    let status = head.split(' ').nth(1).unwrap().to_owned();
    if status == "200" {
        Ok(stream)
    } else {
        Err(status)
    }
}

/// A browser, behind an outlet or not.
pub async fn browser(outlet: Option<Outlet>) -> (Browser, tempfile::TempDir) {
    browser_with(OpenSettings {
        outlet,
        ..OpenSettings::default()
    })
    .await
}

pub async fn browser_with(settings: OpenSettings) -> (Browser, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        ..settings
    })
    .await
    .unwrap();
    (browser, folder)
}

pub async fn visit(browser: &mut Browser, url: &str) {
    let url = url.to_owned();
    let _ = browser.perform(&Action::Navigate { url }).await;
}

/// A page whose script runs at once.
pub fn page(script: &str) -> axum::response::Html<String> {
    axum::response::Html(format!(
        "<!doctype html><meta charset=utf-8><title>Page</title><p>Page</p><script type=module>{script}</script>"
    ))
}
