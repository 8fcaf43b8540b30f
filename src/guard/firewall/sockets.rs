//! The door for WebSockets: nothing of one leaves before its origin is admitted.
//!
//! The browser's tunnel is taken at once, since the origin shows only in what comes through it: a TLS hello for `wss:`, a
//! GET for `ws:`. Then the gate is asked, and only after its answer is a connection made. Chromium gives up on a `wss:` that
//! is not answered after 30 s, on a `ws:` after 240 s (measured); the question then stays open, and its answer serves the
//! page's next attempt.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use hudsucker::rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::task::AbortHandle;

use super::authority::RunAuthority;
use super::begun::Begun;
use super::dial::{Destination, Dialler};
use super::frames;
use super::spoken::{Log, Way};
use super::tunnel;

/// How long a browser may take from opening a tunnel to its first byte.
const HELLO_LIMIT: Duration = Duration::from_secs(30);
/// The first byte of a TLS record that carries a handshake (RFC 8446, 5.1).
const TLS_HANDSHAKE: u8 = 22;

/// What happens to the sockets of an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// With the reason, for the log.
    Refuse(String),
    /// Carried without being opened.
    Tunnel,
    /// Opened; everything that the page sends is reviewed.
    Open,
}

/// What happens to one thing that a page sends over an opened socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameRuling {
    LetGo,
    /// It is not sent, and the socket is closed.
    Refuse,
}

/// Something that a page sends over an opened socket, before it leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentByPage {
    /// The same for everything of one socket; counts up within one run.
    pub socket: u64,
    /// `wss://HOST` or `ws://HOST`, with the port where it is not the scheme's own.
    pub origin: String,
    /// Address of the socket, with path and query.
    pub url: String,
    /// Origin of the page, as its browser says.
    pub page: Option<String>,
    pub what: Sent,
}

/// The kinds of [`SentByPage`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The request that opens the socket; its address may carry something.
    Opening,
    Text(String),
    Binary(Vec<u8>),
    /// The page ends the socket, with words of its own.
    Closing {
        code: u16,
        reason: String,
    },
}

/// Decides about WebSockets. Every answer may take hours.
#[async_trait::async_trait]
pub trait SocketGate: Send + Sync {
    /// Asked once for an origin (`wss://HOST` or `ws://HOST`, with the port where it is not the scheme's own) as long as
    /// the question is open, and again for each further socket.
    async fn admit(&self, origin: &str) -> Admission;

    /// Asked for everything that a page sends over an opened socket, one after the other. Dropped where the page is gone
    /// meanwhile: then it is never sent.
    async fn review(&self, sent: SentByPage) -> FrameRuling;
}

/// Admits no socket.
#[derive(Debug, Clone, Copy, Default)]
pub struct RefuseSockets;

#[async_trait::async_trait]
impl SocketGate for RefuseSockets {
    async fn admit(&self, _origin: &str) -> Admission {
        Admission::Refuse("no WebSocket is admitted".to_owned())
    }

    async fn review(&self, _sent: SentByPage) -> FrameRuling {
        FrameRuling::Refuse
    }
}

/// A question to the gate that several sockets wait for; asked on by itself, and given up with this value.
pub(super) struct Question {
    answer: Shared<BoxFuture<'static, Admission>>,
    asking: AbortHandle,
}

impl Question {
    fn ask(gate: &Arc<dyn SocketGate>, origin: &str) -> Self {
        let (gate, origin) = (Arc::clone(gate), origin.to_owned());
        let asking = tokio::spawn(async move { gate.admit(&origin).await });
        Self {
            asking: asking.abort_handle(),
            // A gate that panics admits nothing.
            answer: asking
                .map(|answer| {
                    answer.unwrap_or_else(|error| Admission::Refuse(format!("no answer: {error}")))
                })
                .boxed()
                .shared(),
        }
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        self.asking.abort();
    }
}

/// All that is needed to serve sockets.
pub(super) struct Sockets {
    pub gate: Arc<dyn SocketGate>,
    pub dialler: Arc<Dialler>,
    pub log: Arc<Log>,
    pub authority: RunAuthority,
    /// How servers of opened sockets are trusted.
    pub trust: Arc<ClientConfig>,
    /// Questions that are open, by origin.
    pub questions: Mutex<HashMap<String, Question>>,
    pub next: std::sync::atomic::AtomicU64,
}

impl Sockets {
    /// Serves a tunnel that the browser opened for a socket.
    pub async fn serve(
        &self,
        to: &Destination,
        mut stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) {
        let mut first = [0];
        match tokio::time::timeout(HELLO_LIMIT, stream.read_exact(&mut first)).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) | Err(_) => return,
        }
        let secure = match first {
            [TLS_HANDSHAKE] => true,
            [b'G'] => false,
            _ => {
                self.refused(to, "it is neither TLS nor a WebSocket".to_owned());
                return;
            }
        };
        let mut stream = Begun::new(first[0], stream);
        let origin = origin_of(to, secure);
        let admission = match self.dialler.check(to) {
            Ok(()) => tokio::select! {
                admission = self.admitted(&origin) => admission,
                () = stream.until_gone() => return,
            },
            Err(refusal) => Admission::Refuse(refusal.to_string()),
        };
        match admission {
            Admission::Refuse(why) => {
                self.refused(to, format!("{origin} is not admitted: {why}"));
                if !secure {
                    let _ = stream
                        .write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                        .await;
                }
            }
            Admission::Tunnel => match self.dialler.tunnel(to).await {
                Ok(server) => {
                    let host = to.host.to_string();
                    let running = self.log.begin(&host, to.port, Way::Socket);
                    let limit = tunnel::HALF_CLOSED_LIMIT;
                    tunnel::carry(stream, server, &running.counts, limit).await;
                }
                Err(error) => self.refused(to, error.to_string()),
            },
            Admission::Open => frames::serve(self, to, secure, &origin, stream).await,
        }
    }

    /// Asks the gate. Whoever asks in vain leaves the question open for the next.
    async fn admitted(&self, origin: &str) -> Admission {
        let answer = self
            .lock()
            .entry(origin.to_owned())
            .or_insert_with(|| Question::ask(&self.gate, origin))
            .answer
            .clone();
        let admission = answer.clone().await;
        let mut questions = self.lock();
        if questions
            .get(origin)
            .is_some_and(|open| open.answer.ptr_eq(&answer))
        {
            questions.remove(origin);
        }
        admission
    }

    pub(super) fn refused(&self, to: &Destination, why: String) {
        self.log
            .refused(&to.host.to_string(), to.port, Way::Socket, why);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Question>> {
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn origin_of(to: &Destination, secure: bool) -> String {
    match (secure, to.port) {
        (true, 443) => format!("wss://{}", to.host),
        (true, _) => format!("wss://{to}"),
        (false, 80) => format!("ws://{}", to.host),
        (false, _) => format!("ws://{to}"),
    }
}
