//! The world: one server under several names on loopback, and datagrams beside it, with a log of what arrived.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apprentice::guard::firewall::{HostRules, Resolve, Switch, SwitchSettings};
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;
use tokio::net::{TcpListener, UdpSocket};
use tokio::sync::watch;

use super::table::{self, Channel, Pretence};

/// One thing that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub method: String,
    pub path: String,
    pub body: String,
}

/// A handle on it; it ends with its runtime.
#[derive(Debug, Clone)]
pub struct World {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    port: u16,
    channels: Vec<Channel>,
    pretences: Vec<Pretence>,
    log: Mutex<Vec<Arrived>>,
    /// Told of the ports that cells open, so that what stops a cell is not the rule on private hosts.
    switch: Mutex<Option<Arc<Switch>>>,
    count: watch::Sender<usize>,
}

impl World {
    pub async fn start() -> World {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let port = listener.local_addr().expect("it is bound").port();
        let world = World {
            inner: Arc::new(Inner {
                port,
                channels: table::channels(),
                pretences: table::pretences(),
                log: Mutex::default(),
                switch: Mutex::default(),
                count: watch::Sender::new(0),
            }),
        };
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(world.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        world
    }

    /// A switch through which this server and all that its cells open can be reached.
    pub async fn switch(&self) -> Arc<Switch> {
        let mut hosts = HostRules::default();
        for name in ["a", "b", "c"] {
            hosts.allow(&format!("{name}.localhost"), self.inner.port);
        }
        let switch = Switch::open(SwitchSettings {
            hosts,
            resolver: Arc::new(Loopback),
            ..SwitchSettings::default()
        })
        .await
        .expect("loopback has free ports");
        let switch = Arc::new(switch);
        *self.inner.switch.lock().expect("no panic while locked") = Some(Arc::clone(&switch));
        switch
    }

    /// Lets a port of loopback be reached through the switch, where there is one.
    fn reachable(&self, port: u16) {
        if let Some(switch) = &*self.inner.switch.lock().expect("no panic while locked") {
            switch.allow("127.0.0.1", port);
        }
    }

    /// An origin of this server by a name of its own; each name is a site.
    pub fn origin(&self, name: &str) -> String {
        format!("http://{name}.localhost:{}", self.inner.port)
    }

    /// The document of these cells.
    pub fn page(&self, pretence: usize, channels: &[usize]) -> String {
        let list: Vec<String> = channels.iter().map(ToString::to_string).collect();
        format!(
            "{}/page?pretence={pretence}&channels={}",
            self.origin("a"),
            list.join(",")
        )
    }

    fn note(&self, method: &str, path: &str, body: &[u8]) {
        let mut log = self.inner.log.lock().expect("no panic while locked");
        log.push(Arrived {
            method: method.to_owned(),
            path: path.to_owned(),
            body: String::from_utf8_lossy(body).into_owned(),
        });
        self.inner.count.send_replace(log.len());
    }

    /// Everything that came, in order.
    pub fn log(&self) -> Vec<Arrived> {
        self.inner
            .log
            .lock()
            .expect("no panic while locked")
            .clone()
    }

    /// The effects of a cell that came.
    pub fn effects(&self, token: &str) -> Vec<Arrived> {
        let path = format!("/effect/{token}/delete");
        self.log()
            .into_iter()
            .filter(|one| one.path == path)
            .collect()
    }

    /// Whether this path was asked for.
    pub fn was_asked(&self, path: &str) -> bool {
        self.log().iter().any(|one| one.path == path)
    }

    /// Waits until something is so of the log, up to a limit; says whether it came to be.
    pub async fn until(&self, limit: Duration, mut holds: impl FnMut(&World) -> bool) -> bool {
        let mut count = self.inner.count.subscribe();
        tokio::time::timeout(limit, async {
            while !holds(self) {
                if count.changed().await.is_err() {
                    return;
                }
            }
        })
        .await
        .is_ok()
    }

    /// Says when more has come.
    pub fn subscribe(&self) -> watch::Receiver<usize> {
        self.inner.count.subscribe()
    }

    /// Everything that reached this machine before now is in the log afterwards.
    pub async fn settled(&self) {
        let path = format!("/settled/{}", self.log().len());
        let sent = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client")
            .get(format!("http://127.0.0.1:{}{path}", self.inner.port))
            .send()
            .await;
        assert!(sent.is_ok(), "{sent:?}");
    }
}

/// Every name is this machine's.
struct Loopback;

#[async_trait::async_trait]
impl Resolve for Loopback {
    async fn resolve(&self, _: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))])
    }
}

/// What names a cell in every address of its effect.
pub fn token(pretence: usize, channel: usize) -> String {
    format!("p{pretence}c{channel}")
}

async fn answer(
    State(world): State<World>,
    method: Method,
    uri: Uri,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.path();
    let given = |name: &str| query.get(name).cloned().unwrap_or_default();
    // A preflight asks whether something may be sent, and changes nothing.
    if method != Method::OPTIONS {
        world.note(method.as_str(), path, &body);
    }
    let posts = format!(
        "fetch({}, {{ method: 'POST', mode: 'no-cors', body: {} }})",
        json!(given("effect")),
        json!(given("body"))
    );
    let (kind, text, more): (&str, String, Vec<(HeaderName, String)>) = match path {
        "/page" => (
            HTML,
            page(&world, &given("pretence"), &given("channels")),
            vec![],
        ),
        "/page.js" => (SCRIPT, table::file("page.js"), vec![]),
        "/frame/posts" => (
            HTML,
            format!("<!doctype html><script>{posts}</script>"),
            vec![],
        ),
        "/frame/submits" => (
            HTML,
            format!(
                "<!doctype html><form method=post action=\"{}\"><input name=said value=yes></form><script>document.forms[0].submit()</script>",
                escaped(&given("effect"))
            ),
            vec![],
        ),
        "/frame/nests" => (
            HTML,
            format!(
                "<!doctype html><iframe src=\"{}/frame/posts?{}\"></iframe>",
                world.origin("c"),
                escaped(uri.query().unwrap_or_default())
            ),
            vec![],
        ),
        "/worker/posts" => (SCRIPT, posts, vec![]),
        "/worker/nests" => (
            SCRIPT,
            format!(
                "new Worker({})",
                json!(format!("/worker/posts?{}", uri.query().unwrap_or_default()))
            ),
            vec![],
        ),
        "/header/link" => (
            HTML,
            "<!doctype html>".to_owned(),
            vec![(
                header::LINK,
                format!("<{}>; rel=preload; as=fetch; crossorigin", given("to")),
            )],
        ),
        "/header/refresh" => (
            HTML,
            "<!doctype html>".to_owned(),
            vec![(header::REFRESH, format!("0; url={}", given("to")))],
        ),
        "/header/csp" => (
            HTML,
            "<!doctype html><img src=/not-allowed>".to_owned(),
            vec![(
                header::CONTENT_SECURITY_POLICY,
                format!("default-src 'none'; report-uri {}", given("to")),
            )],
        ),
        _ if path.starts_with("/sw/") && path.ends_with("/worker") => {
            (SCRIPT, service_worker(&posts), vec![])
        }
        _ if path.starts_with("/hop/") => {
            let status = path["/hop/".len()..]
                .parse()
                .unwrap_or(StatusCode::BAD_REQUEST.as_u16());
            return reply(
                StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST),
                &headers,
                "text/plain",
                String::new(),
                vec![(header::LOCATION, given("to"))],
            );
        }
        _ if path.starts_with("/port/") => {
            ("text/plain", port(&world, path).await.to_string(), vec![])
        }
        _ => ("text/plain", "done".to_owned(), vec![]),
    };
    reply(StatusCode::OK, &headers, kind, text, more)
}

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript";

/// Every origin may read it and send what it likes: what is stopped is stopped by us, not by the rules of origins.
fn reply(
    status: StatusCode,
    asked: &HeaderMap,
    kind: &str,
    text: String,
    more: Vec<(HeaderName, String)>,
) -> Response {
    let mut response = (status, text).into_response();
    let origin = asked.get(header::ORIGIN).cloned();
    let origin = origin.unwrap_or(HeaderValue::from_static("*"));
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    for (name, value) in [
        (header::CONTENT_TYPE, kind),
        (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true"),
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, POST, PUT, PATCH, DELETE",
        ),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into_iter()
    .chain(more)
    {
        headers.insert(name, value.parse().expect("a header's value"));
    }
    response
}

fn page(world: &World, pretence: &str, channels: &str) -> String {
    let number: usize = pretence.parse().expect("the number of a pretence");
    let cells: Vec<_> = channels
        .split(',')
        .map(|one| one.parse().expect("the number of a channel"))
        .map(|channel: usize| {
            let mut cell = json!(world.inner.channels[channel]);
            cell["token"] = token(number, channel).into();
            cell
        })
        .collect();
    // Inside a script, the end of one in a text would be the end of this one.
    let data = |value: serde_json::Value| value.to_string().replace("</", "<\\/");
    format!(
        "<!doctype html><meta charset=utf-8><title>A page</title><body><script>const cells = {}, pretence = {}, far = '{}'</script><script src=/page.js></script>",
        data(json!(cells)),
        data(json!(world.inner.pretences[number])),
        world.origin("b")
    )
}

fn service_worker(posts: &str) -> String {
    format!(
        "const send = () => {posts};
        onmessage = event => event.waitUntil(send());
        onsync = event => event.waitUntil(send());
        onactivate = event => event.waitUntil(clients.claim());
        onfetch = event => {{
          if (!event.request.url.includes('posts-on-fetch')) return;
          event.waitUntil(send());
          event.respondWith(new Response('ok'));
        }};"
    )
}

/// Opens a port for one cell beside HTTP: whatever reaches it is its effect.
async fn port(world: &World, path: &str) -> u16 {
    let token = path.rsplit('/').next().unwrap_or_default();
    let effect = format!("/effect/{token}/delete");
    let world = world.clone();
    if path.contains("/udp/") {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("free ports");
        let port = socket.local_addr().expect("it is bound").port();
        world.reachable(port);
        tokio::spawn(async move {
            let mut bytes = [0; 2048];
            while let Ok((length, _)) = socket.recv_from(&mut bytes).await {
                world.note("UDP", &effect, &bytes[..length]);
            }
        });
        port
    } else {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("free ports");
        let port = listener.local_addr().expect("it is bound").port();
        world.reachable(port);
        tokio::spawn(async move {
            while listener.accept().await.is_ok() {
                world.note("TCP", &effect, &[]);
            }
        });
        port
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;")
}
