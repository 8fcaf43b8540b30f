//! A small site on a free port of loopback: pages by path, and a log of what arrived. The log is what counts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse as _, Response};

/// What a path answers.
#[derive(Debug, Clone)]
pub enum Page {
    /// A document; `{base}` in it becomes the site's origin.
    Html(String),
    Redirect(&'static str),
    /// Takes the request and never answers.
    Never,
    /// A document of so many bytes of paragraphs, before this end.
    Long(usize, &'static str),
}

/// One request that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub method: String,
    pub path: String,
    pub body: String,
}

/// The site; ends with its runtime.
#[derive(Debug)]
pub struct Site {
    pub base: String,
    pub port: u16,
    state: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    base: String,
    pages: BTreeMap<&'static str, Page>,
    log: Mutex<Vec<Arrived>>,
}

impl Site {
    /// Serves these pages; every other path is not found, and a POST to a path answers as a GET.
    pub async fn with(pages: impl IntoIterator<Item = (&'static str, Page)>) -> Site {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let port = listener
            .local_addr()
            .expect("a bound socket has an address")
            .port();
        let base = format!("http://127.0.0.1:{port}");
        let state = Arc::new(Inner {
            base: base.clone(),
            pages: pages.into_iter().collect(),
            log: Mutex::default(),
        });
        let app = axum::Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Site { base, port, state }
    }

    /// One page at `/`, with this body.
    pub async fn showing(body: &str) -> Site {
        Site::with([("/", html(body))]).await
    }

    /// Everything that came, in order.
    pub fn log(&self) -> Vec<Arrived> {
        self.state
            .log
            .lock()
            .expect("no panic while locked")
            .clone()
    }

    /// How often a path was asked for.
    pub fn asked_for(&self, path: &str) -> usize {
        self.log().iter().filter(|one| one.path == path).count()
    }

    /// The bodies that were posted.
    pub fn posted(&self) -> Vec<String> {
        self.log()
            .into_iter()
            .filter(|one| one.method == "POST")
            .map(|one| one.body)
            .collect()
    }
}

/// A document with this body.
pub fn html(body: &str) -> Page {
    Page::Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title>{body}"
    ))
}

async fn answer(State(site): State<Arc<Inner>>, method: Method, uri: Uri, body: Bytes) -> Response {
    if uri.path() == "/favicon.ico" {
        return StatusCode::NOT_FOUND.into_response();
    }
    site.log
        .lock()
        .expect("no panic while locked")
        .push(Arrived {
            method: method.to_string(),
            path: uri.path().to_owned(),
            body: String::from_utf8_lossy(&body).into_owned(),
        });
    match site.pages.get(uri.path()) {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Page::Html(text)) => Html(text.replace("{base}", &site.base)).into_response(),
        Some(Page::Redirect(to)) => (StatusCode::FOUND, [(header::LOCATION, *to)]).into_response(),
        Some(Page::Never) => std::future::pending().await,
        Some(Page::Long(bytes, end)) => {
            const PARAGRAPH: &str = "<p>Everything that was ever said of it is said here once more, and not for the last time.</p>\n";
            let times = bytes / PARAGRAPH.len();
            Html(format!(
                "<!doctype html><title>Long</title>{}{end}",
                PARAGRAPH.repeat(times)
            ))
            .into_response()
        }
    }
}
