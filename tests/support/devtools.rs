//! A DevTools client as other tools have one: raw messages over a WebSocket, none of this project's own parts between.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// How long an answer may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

/// One connection.
pub struct DevTools {
    last: AtomicU64,
    out: mpsc::UnboundedSender<String>,
    waiting: Waiting,
    events: Arc<Mutex<Vec<Value>>>,
    task: tokio::task::JoinHandle<()>,
}

impl DevTools {
    /// Connects to a `ws://` address.
    pub async fn connect(address: &str) -> DevTools {
        DevTools::try_connect(address)
            .await
            .expect("a DevTools socket that takes clients")
    }

    /// Connects, or says why not.
    pub async fn try_connect(address: &str) -> Result<DevTools, String> {
        let host = address
            .strip_prefix("ws://")
            .and_then(|rest| rest.split('/').next())
            .ok_or_else(|| format!("{address} is no ws address"))?;
        let stream = TcpStream::connect(host).await.map_err(|e| e.to_string())?;
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let (socket, _) =
            tokio_tungstenite::client_async_with_config(address, stream, Some(config))
                .await
                .map_err(|e| e.to_string())?;
        let (mut to, mut from) = socket.split();
        let (out, mut sending) = mpsc::unbounded_channel::<String>();
        let waiting = Waiting::default();
        let events = Arc::new(Mutex::new(Vec::new()));
        let (answers, kept) = (Arc::clone(&waiting), Arc::clone(&events));
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
                        match value["id"].as_u64() {
                            Some(id) => {
                                let answer = answers.lock().expect("no panic while locked").remove(&id);
                                if let Some(answer) = answer {
                                    // Whoever asked may have gone.
                                    let _ = answer.send(value);
                                }
                            }
                            None => kept.lock().expect("no panic while locked").push(value),
                        }
                    }
                }
            }
            // Whoever waits learns that nothing comes any more, and whoever speaks that nobody listens.
            drop(sending);
            answers.lock().expect("no panic while locked").clear();
        });
        Ok(DevTools {
            last: AtomicU64::new(0),
            out,
            waiting,
            events,
            task,
        })
    }

    /// Says something and gives the way to its answer.
    pub fn say(
        &self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> oneshot::Receiver<Value> {
        let id = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let (answer, answered) = oneshot::channel();
        self.waiting
            .lock()
            .expect("no panic while locked")
            .insert(id, answer);
        let mut message = json!({ "id": id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        if self.out.send(message.to_string()).is_err() {
            // A closed connection shows as a dropped answer.
            self.waiting
                .lock()
                .expect("no panic while locked")
                .remove(&id);
        }
        answered
    }

    /// Says something and waits for the answer's result, or the error's message.
    pub async fn call(
        &self,
        session: Option<&str>,
        method: &str,
        params: Value,
    ) -> Result<Value, String> {
        let answered = self.say(session, method, params);
        let answer = tokio::time::timeout(LIMIT, answered)
            .await
            .map_err(|_| format!("{method} was not answered"))?
            .map_err(|_| format!("the connection closed during {method}"))?;
        match answer.get("error") {
            Some(error) => Err(error["message"].as_str().unwrap_or_default().to_owned()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Opens a tab and attaches to it: the target's and the session's ids.
    pub async fn tab(&self, url: &str) -> (String, String) {
        let made = self
            .call(None, "Target.createTarget", json!({ "url": url }))
            .await
            .expect("a tab opens");
        let target = made["targetId"].as_str().expect("a target's id").to_owned();
        let session = self.attach(&target).await;
        (target, session)
    }

    /// Attaches to a target; gives the session's id.
    pub async fn attach(&self, target: &str) -> String {
        let attached = self
            .call(
                None,
                "Target.attachToTarget",
                json!({ "targetId": target, "flatten": true }),
            )
            .await
            .expect("a tab can be attached to");
        attached["sessionId"]
            .as_str()
            .expect("a session's id")
            .to_owned()
    }

    /// What came by itself so far, of this name.
    pub fn events(&self, method: &str) -> Vec<Value> {
        self.events
            .lock()
            .expect("no panic while locked")
            .iter()
            .filter(|event| event["method"] == method)
            .cloned()
            .collect()
    }
}

impl Drop for DevTools {
    fn drop(&mut self) {
        self.task.abort();
    }
}
