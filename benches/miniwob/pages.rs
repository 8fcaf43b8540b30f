//! Serves the pages as they are, each with the script that begins an episode, and hears what reward an episode ended with.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path as Part, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tokio::sync::Notify;

use crate::Failure;
use crate::files;
use crate::tasks::{self, Seed};

/// How an episode ended, as its page told.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Told {
    /// Before time takes from it: 1 where everything is right.
    pub reward: f64,
    /// The sentence that the page had.
    pub goal: String,
}

/// The server.
#[derive(Debug)]
pub struct Pages {
    pub origin: String,
    heard: Arc<Heard>,
    last: AtomicU64,
}

#[derive(Debug, Default)]
struct Heard {
    told: Mutex<HashMap<String, Told>>,
    something: Notify,
}

/// One visit of a page, by which its reward is known.
#[derive(Debug, Clone)]
pub struct Visit {
    pub address: String,
    pub token: String,
}

impl Pages {
    pub async fn serve() -> Result<Self, Failure> {
        let heard = Arc::new(Heard::default());
        let app = axum::Router::new()
            .route("/told/{token}", get(told))
            .fallback(file)
            .with_state(heard.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let origin = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self {
            origin,
            heard,
            last: AtomicU64::new(0),
        })
    }

    /// A new address of an episode. Only what follows the question mark differs from episode to episode.
    pub fn visit(&self, task: &str, seed: &Seed) -> Visit {
        let token = format!("v{}", self.last.fetch_add(1, Ordering::Relaxed));
        let address = format!(
            "{}/miniwob/{task}.html?seed={}&token={token}",
            self.origin, seed.0
        );
        Visit { address, token }
    }

    /// How an episode ended; `None` where nothing is told within the limit.
    pub async fn told(&self, visit: &Visit, limit: Duration) -> Option<Told> {
        let deadline = tokio::time::Instant::now() + limit;
        loop {
            // Registered before looking, or what is told in between would be missed.
            let something = self.heard.something.notified();
            tokio::pin!(something);
            something.as_mut().enable();
            if let Some(told) = self.heard.of(&visit.token) {
                return Some(told);
            }
            tokio::time::timeout_at(deadline, something).await.ok()?;
        }
    }
}

impl Heard {
    fn of(&self, token: &str) -> Option<Told> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(token).cloned()
    }
}

async fn told(
    State(heard): State<Arc<Heard>>,
    Part(token): Part<String>,
    Query(told): Query<Told>,
) -> StatusCode {
    // The first end of an episode counts.
    heard
        .told
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(token)
        .or_insert(told);
    heard.something.notify_waiters();
    StatusCode::NO_CONTENT
}

async fn file(uri: axum::http::Uri) -> Response {
    let path = files::inside(uri.path()).map(|path| tasks::pages().join(path));
    files::answer(path, uri.path()).await
}
