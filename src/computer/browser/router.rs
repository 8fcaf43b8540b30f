//! The one task that owns the DevTools socket: calls go in by channel and come back by oneshot, events go out with the
//! session they belong to.
//!
//! chromiumoxide's own browser type resumes every new target at once and cannot speak to child sessions; this router keeps
//! its connection and its typed commands, and serves pages, frames and workers alike. Events stay untyped envelopes here,
//! since one unknown enum value would lose a whole typed message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::conn::Connection;
use chromiumoxide::types::{EventMessage, Message, Method};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::patience::Holds;
use crate::computer::ComputerError;

/// How long a command may stay unanswered unless its caller knows better.
pub const CALL_LIMIT: Duration = Duration::from_secs(15);

/// Names one attached page, frame or worker; `None` elsewhere means the browser itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Session(pub String);

/// An event as it came over the socket.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub method: std::borrow::Cow<'static, str>,
    #[serde(default)]
    pub session_id: Option<String>,
    #[serde(default)]
    pub params: Value,
}

impl Notice {
    pub fn session(&self) -> Option<Session> {
        self.session_id.clone().map(Session)
    }

    /// A string of the parameters by JSON pointer; empty where it is absent.
    pub fn text(&self, pointer: &str) -> &str {
        self.params
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or("")
    }
}

impl Method for Notice {
    fn identifier(&self) -> std::borrow::Cow<'static, str> {
        self.method.clone()
    }
}

impl EventMessage for Notice {
    fn session_id(&self) -> Option<&str> {
        self.session_id.as_deref()
    }
}

type Answer = Result<Value, String>;

enum Request {
    Call {
        method: String,
        session: Option<Session>,
        params: Value,
        answer: Option<oneshot::Sender<Answer>>,
    },
    Close,
}

/// A handle for sending commands; cheap to clone.
#[derive(Debug, Clone)]
pub struct Router {
    requests: mpsc::UnboundedSender<Request>,
    /// Limits stand still while a request waits for a person.
    pub holds: Holds,
    lost: Lost,
}

type Act = Box<dyn FnOnce() + Send>;

/// What is done when the connection ends unasked.
#[derive(Clone, Default)]
struct Lost(Arc<Mutex<Option<Act>>>);

impl Lost {
    fn set(&self, act: Option<Act>) -> Option<Act> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut kept, act)
    }
}

/// Does, when it is dropped, what the end of the connection asks for.
struct Unasked(Lost);

impl Drop for Unasked {
    fn drop(&mut self) {
        if let Some(act) = self.0.set(None) {
            act();
        }
    }
}

impl std::fmt::Debug for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lost").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Request::Call { method, .. } => write!(f, "Call({method})"),
            Request::Close => f.write_str("Close"),
        }
    }
}

impl Router {
    /// Connects to a browser's DevTools socket and starts the task that owns it. The task ends, and the receiver closes,
    /// when the browser closes the socket or every handle is dropped.
    pub async fn connect(
        address: &str,
    ) -> Result<(Self, mpsc::UnboundedReceiver<Notice>), ComputerError> {
        let connecting = Connection::<Notice>::connect(address);
        let failed = |reason: String| ComputerError::Connect {
            address: address.to_owned(),
            reason,
        };
        let connection = tokio::time::timeout(CALL_LIMIT, connecting)
            .await
            .map_err(|_| failed("no answer".to_owned()))?
            .map_err(|e| failed(e.to_string()))?;
        let (requests, inbox) = mpsc::unbounded_channel();
        let (outbox, notices) = mpsc::unbounded_channel();
        let lost = Lost::default();
        tokio::spawn(own_socket(connection, inbox, outbox, lost.clone()));
        let holds = Holds::default();
        let router = Self {
            requests,
            holds,
            lost,
        };
        Ok((router, notices))
    }

    /// Sends a command to the browser (`None`) or a session and waits for its answer. Answers are read as JSON: their
    /// generated types have drifted from what browsers send.
    pub async fn call_raw(
        &self,
        session: Option<&Session>,
        method: &str,
        params: Value,
        limit: Duration,
    ) -> Result<Value, ComputerError> {
        self.start(session, method, params).finish(limit).await
    }

    /// Puts a command on the wire now and lets the caller wait later, so that several are in flight at once.
    pub fn start(&self, session: Option<&Session>, method: &str, params: Value) -> Pending {
        let (answer, receiver) = oneshot::channel();
        // A closed channel shows as a dropped answer.
        let _ = self.requests.send(Request::Call {
            method: method.to_owned(),
            session: session.cloned(),
            params,
            answer: Some(answer),
        });
        Pending {
            method: method.to_owned(),
            receiver,
            holds: self.holds.clone(),
        }
    }

    /// Sends a command whose answer nobody needs.
    pub fn tell(&self, session: Option<&Session>, method: &str, params: Value) {
        let _ = self.requests.send(Request::Call {
            method: method.to_owned(),
            session: session.cloned(),
            params,
            answer: None,
        });
    }

    /// Has something done when the connection ends unasked, before the other side can notice that it ended.
    pub fn when_lost(&self, act: impl FnOnce() + Send + 'static) {
        drop(self.lost.set(Some(Box::new(act))));
    }

    /// From now on the end of the connection is nothing unasked.
    pub fn expect_end(&self) {
        drop(self.lost.set(None));
    }

    /// Ends the task and with it the connection.
    pub fn close(&self) {
        let _ = self.requests.send(Request::Close);
    }
}

/// A command on its way.
#[derive(Debug)]
pub struct Pending {
    method: String,
    receiver: oneshot::Receiver<Answer>,
    holds: Holds,
}

impl Pending {
    pub async fn finish(self, limit: Duration) -> Result<Value, ComputerError> {
        let method = self.method;
        match self.holds.within(limit, self.receiver).await {
            None => Err(ComputerError::Unanswered {
                method,
                limit_ms: limit.as_millis() as u64,
            }),
            Some(Err(_)) => Err(ComputerError::Gone(format!(
                "the DevTools connection closed during {method}"
            ))),
            Some(Ok(Err(message))) => Err(ComputerError::Protocol { method, message }),
            Some(Ok(Ok(value))) => Ok(value),
        }
    }
}

async fn own_socket(
    mut connection: Connection<Notice>,
    mut inbox: mpsc::UnboundedReceiver<Request>,
    outbox: mpsc::UnboundedSender<Notice>,
    lost: Lost,
) {
    // Dropped before the connection is, however this ends.
    let _unasked = Unasked(lost);
    let mut waiting: HashMap<chromiumoxide::types::CallId, oneshot::Sender<Answer>> =
        HashMap::new();
    loop {
        tokio::select! {
            biased;
            request = inbox.recv() => match request {
                None | Some(Request::Close) => break,
                Some(Request::Call { method, session, params, answer }) => {
                    let session = session.map(|Session(id)| id.into());
                    match connection.submit_command(method.into(), session, params) {
                        Ok(id) => {
                            if let Some(answer) = answer {
                                waiting.insert(id, answer);
                            }
                        }
                        Err(error) => {
                            if let Some(answer) = answer {
                                let _ = answer.send(Err(error.to_string()));
                            }
                        }
                    }
                }
            },
            message = connection.next() => match message {
                None => break,
                Some(Err(error)) => {
                    if let chromiumoxide::error::CdpError::InvalidMessage(_, reason) = &error {
                        tracing::debug!(%reason, "unreadable DevTools message");
                        continue;
                    }
                    tracing::debug!(%error, "DevTools connection failed");
                    break;
                }
                Some(Ok(Message::Event(notice))) => {
                    if outbox.send(notice).is_err() {
                        break;
                    }
                }
                Some(Ok(Message::Response(response))) => {
                    let Some(answer) = waiting.remove(&response.id) else { continue };
                    let _ = answer.send(match response.error {
                        Some(error) => Err(error.message),
                        None => Ok(response.result.unwrap_or(Value::Null)),
                    });
                }
            },
        }
    }
}
