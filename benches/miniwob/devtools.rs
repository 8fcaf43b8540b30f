//! A DevTools client for the teacher's hands: raw messages over a WebSocket, none of the program's own parts between.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::Failure;

/// How long an answer may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// One connection.
#[derive(Debug)]
pub struct DevTools {
    last: AtomicU64,
    out: mpsc::UnboundedSender<String>,
    waiting: Waiting,
    task: tokio::task::JoinHandle<()>,
}

impl DevTools {
    /// Connects to a `ws://` address.
    pub async fn connect(address: &str) -> Result<Self, Failure> {
        let host = address
            .strip_prefix("ws://")
            .and_then(|rest| rest.split('/').next())
            .ok_or_else(|| format!("{address} is no ws address"))?;
        let stream = TcpStream::connect(host).await?;
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(address, stream, Some(config)).await?;
        let (mut to, mut from) = socket.split();
        let (out, mut sending) = mpsc::unbounded_channel::<String>();
        let waiting = Waiting::default();
        let answers = Arc::clone(&waiting);
        let task = tokio::spawn(async move {
            loop {
                tokio::select! {
                    text = sending.recv() => {
                        let Some(text) = text else { break };
                        if to.send(Message::text(text)).await.is_err() { break }
                    }
                    message = from.next() => {
                        let Some(Ok(message)) = message else { break };
                        let Ok(text) = message.to_text() else { continue };
                        let Ok(value) = serde_json::from_str::<Value>(text) else { continue };
                        let asked = value["id"].as_u64();
                        let answer = asked.and_then(|id| of(&answers).remove(&id));
                        if let Some(answer) = answer {
                            // Whoever asked may have gone.
                            let _ = answer.send(value);
                        }
                    }
                }
            }
            drop(sending);
            // Whoever waits learns that nothing comes any more.
            of(&answers).clear();
        });
        Ok(Self {
            last: AtomicU64::new(0),
            out,
            waiting,
            task,
        })
    }

    /// Says something and waits for the answer's result.
    pub async fn call(
        &self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Value, Failure> {
        let id = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (answer, answered) = oneshot::channel();
        of(&self.waiting).insert(id, answer);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.out
            .send(message.to_string())
            .map_err(|_| format!("the connection was closed before {method}"))?;
        let answer = tokio::time::timeout(LIMIT, answered)
            .await
            .map_err(|_| format!("{method} was not answered"))?
            .map_err(|_| format!("the connection closed during {method}"))?;
        match answer.get("error") {
            Some(error) => Err(format!("{method}: {}", error["message"]).into()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// The value of an expression in the page, once it is no promise any more.
    pub async fn ask(&self, session: &str, expression: &str) -> Result<Value, Failure> {
        let answer = self
            .call(
                Some(session),
                "Runtime.evaluate",
                json!({ "expression": expression, "awaitPromise": true, "returnByValue": true }),
            )
            .await?;
        match answer.get("exceptionDetails") {
            Some(details) => {
                let said = &details["exception"]["description"];
                Err(said.as_str().unwrap_or("the script threw").into())
            }
            None => Ok(answer["result"]["value"].clone()),
        }
    }
}

fn of(waiting: &Waiting) -> std::sync::MutexGuard<'_, HashMap<u64, oneshot::Sender<Value>>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for DevTools {
    fn drop(&mut self) {
        self.task.abort();
    }
}
