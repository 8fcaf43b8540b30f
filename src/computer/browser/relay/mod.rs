//! A DevTools address that other tools can be given: a relay in front of the browser's own, which passes on what leaves the
//! firewall closed.
//!
//! Chromium's own port would hand out everything, also what undoes the hold (see `rules`). Each client gets a connection of
//! its own to the browser; what it says is judged, message by message; what the browser says comes back as it is.
//!
//! Invariants: listens on loopback alone; a page cannot use it (no `Origin`, the right `Host`); what is passed on was written
//! anew from what was judged, so that two readers of the same text cannot read two things.

mod client;
mod lists;
mod rules;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Path, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};

use super::link::Link;
use crate::computer::ComputerError;

/// What happens at the relay that the person may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayNotice {
    /// A client asked for what would open the firewall; the sentence that it was answered with.
    Refused(String),
    /// A client wants the browser to end.
    Ends,
}

/// The listening relay; it ends with this value.
#[derive(Debug)]
pub struct Relay {
    address: String,
    notices: mpsc::UnboundedReceiver<RelayNotice>,
    /// Dropped with the relay: every client's task sees it.
    _open: watch::Sender<()>,
    server: tokio::task::JoinHandle<()>,
}

impl Relay {
    /// The address that a client connects to: `ws://127.0.0.1:PORT/devtools/browser/ID`. `http://127.0.0.1:PORT` serves as well.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What happens next; `None` where nothing can any more.
    pub async fn next(&mut self) -> Option<RelayNotice> {
        self.notices.recv().await
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What every client's task needs.
#[derive(Debug, Clone)]
struct Shared {
    link: Link,
    /// The browser's own DevTools socket.
    browser: Arc<str>,
    /// Names this browser in addresses, as hard to guess as the browser's own name.
    id: Arc<str>,
    port: u16,
    notices: mpsc::UnboundedSender<RelayNotice>,
    closed: watch::Receiver<()>,
}

impl Shared {
    fn socket_of_browser(&self) -> String {
        format!("ws://127.0.0.1:{}/devtools/browser/{}", self.port, self.id)
    }

    fn socket_of_page(&self, target: &str) -> String {
        format!("ws://127.0.0.1:{}/devtools/page/{target}", self.port)
    }

    /// The browser's own socket for one of its targets.
    fn upstream_of_page(&self, target: &str) -> String {
        let end = self
            .browser
            .find("/devtools/")
            .unwrap_or(self.browser.len());
        format!("{}/devtools/page/{target}", &self.browser[..end])
    }
}

/// Listens on a port of loopback, 0 for any free one, in front of the browser whose DevTools socket this is.
pub(super) async fn listen(link: Link, browser: &str, port: u16) -> Result<Relay, ComputerError> {
    let failed = |e: std::io::Error| ComputerError::Relay {
        port,
        reason: e.to_string(),
    };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let (notices, heard) = mpsc::unbounded_channel();
    let (open, closed) = watch::channel(());
    let shared = Shared {
        link,
        browser: browser.into(),
        id: blake3::Hash::from(blake3::derive_key(
            "apprentice DevTools relay",
            browser.as_bytes(),
        ))
        .to_hex()
        .as_str()
        .into(),
        port,
        notices,
        closed,
    };
    let address = shared.socket_of_browser();
    let app = axum::Router::new()
        .route("/devtools/browser/{id}", any(browser_socket))
        .route("/devtools/page/{target}", any(page_socket))
        .route("/json/version", get(lists::version))
        .route("/json/version/", get(lists::version))
        .route("/json", get(lists::list))
        .route("/json/", get(lists::list))
        .route("/json/list", get(lists::list))
        .route("/json/list/", get(lists::list))
        .route("/json/new", axum::routing::put(lists::new))
        .route("/json/activate/{target}", get(lists::activate))
        .route("/json/close/{target}", get(lists::close))
        .layer(axum::middleware::from_fn_with_state(
            shared.clone(),
            only_tools,
        ))
        .with_state(shared);
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            tracing::debug!(%error, "the DevTools relay ended");
        }
    });
    Ok(Relay {
        address,
        notices: heard,
        _open: open,
        server,
    })
}

/// Pages of any browser on this machine can reach loopback: they say where they come from, or ask by a name of theirs.
async fn only_tools(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if headers.contains_key(header::ORIGIN) || !is_called_by_address(headers, shared.port) {
        return (
            StatusCode::FORBIDDEN,
            "this address is for tools on this machine, not for pages\n",
        )
            .into_response();
    }
    next.run(request).await
}

fn is_called_by_address(headers: &HeaderMap, port: u16) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    host.is_some_and(|host| {
        ["127.0.0.1", "localhost"]
            .iter()
            .any(|name| host == format!("{name}:{port}"))
    })
}

async fn browser_socket(
    State(shared): State<Shared>,
    Path(id): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    if *id != *shared.id {
        return StatusCode::NOT_FOUND.into_response();
    }
    let upstream = shared.browser.to_string();
    client::serve(upgrade, shared, upstream, client::Root::Browser)
}

async fn page_socket(
    State(shared): State<Shared>,
    Path(target): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    // Only what the lists show: an id is also part of an address, and must not be more than an id.
    let Some(page) = lists::target(&shared, &target).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let upstream = shared.upstream_of_page(&target);
    client::serve(upgrade, shared, upstream, client::Root::Target(page))
}
