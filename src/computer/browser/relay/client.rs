//! One client of the relay: its messages are judged on their way in, and the sessions it is told of are learnt on the way out.

use std::collections::HashMap;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use super::rules::{Place, Verdict, judge};
use super::{RelayNotice, Shared};
use crate::computer::TabId;

/// JSON-RPC's code for what cannot be read.
const UNREADABLE: i64 = -32700;
/// The code that DevTools uses for what a server does not do.
const NOT_DONE: i64 = -32000;

/// What a connection without a session speaks to.
#[derive(Debug, Clone)]
pub enum Root {
    Browser,
    Target(Attached),
}

/// A target that a client has a session with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    pub kind: String,
    pub target: String,
    /// Address at the time of attaching.
    pub url: String,
}

/// Takes the client in and carries its messages until either side ends.
pub fn serve(upgrade: WebSocketUpgrade, shared: Shared, upstream: String, root: Root) -> Response {
    // Pictures and snapshots of pages come in one message, however large.
    upgrade
        .max_message_size(usize::MAX)
        .max_frame_size(usize::MAX)
        .on_upgrade(move |client| async move {
            match connect(&upstream).await {
                Ok(browser) => {
                    Client {
                        shared,
                        root,
                        sessions: HashMap::new(),
                    }
                    .carry(client, browser)
                    .await;
                }
                Err(error) => tracing::debug!(%error, "the browser took no further client"),
            }
        })
}

async fn connect(address: &str) -> Result<WebSocketStream<TcpStream>, tungstenite::Error> {
    let host = address
        .strip_prefix("ws://")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default();
    let stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default()
        .max_message_size(None)
        .max_frame_size(None);
    tokio_tungstenite::client_async_with_config(address, stream, Some(config))
        .await
        .map(|(socket, _)| socket)
}

struct Client {
    shared: Shared,
    root: Root,
    sessions: HashMap<String, Attached>,
}

/// Where a message goes.
#[derive(Debug, PartialEq)]
enum Way {
    ToBrowser(String),
    Back(String),
}

impl Client {
    async fn carry(mut self, mut client: WebSocket, mut browser: WebSocketStream<TcpStream>) {
        let mut closed = self.shared.closed.clone();
        loop {
            tokio::select! {
                // The relay is gone: the sender was dropped.
                _ = closed.changed() => break,
                message = client.recv() => match message {
                    Some(Ok(Message::Text(text))) => {
                        let sent = match self.hear(&text) {
                            Way::ToBrowser(text) => browser.send(tungstenite::Message::text(text)).await.is_ok(),
                            Way::Back(text) => client.send(Message::Text(text.into())).await.is_ok(),
                        };
                        if !sent { break }
                    }
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    // DevTools speak text.
                    Some(Ok(Message::Binary(_) | Message::Close(_)) | Err(_)) | None => break,
                },
                message = browser.next() => match message {
                    Some(Ok(tungstenite::Message::Text(text))) => {
                        self.learn(&text);
                        if client.send(Message::Text(text.as_str().into())).await.is_err() { break }
                    }
                    Some(Ok(tungstenite::Message::Ping(_) | tungstenite::Message::Pong(_))) => {}
                    Some(Ok(_) | Err(_)) | None => break,
                },
            }
        }
        // Either may be gone already.
        let _ = browser.close(None).await;
        let _ = client.send(Message::Close(None)).await;
    }

    /// Judges what the client says.
    fn hear(&self, text: &str) -> Way {
        let Ok(Value::Object(said)) = serde_json::from_str::<Value>(text) else {
            return Way::Back(
                json!({ "error": { "code": UNREADABLE, "message": "Message must be a valid JSON object" } })
                    .to_string(),
            );
        };
        let id = said.get("id").cloned().unwrap_or(Value::Null);
        let session = said.get("sessionId").cloned();
        let answer = |name: &str, value: Value| {
            let mut answer = json!({ "id": id, name: value });
            if let Some(session) = &session {
                answer["sessionId"] = session.clone();
            }
            Way::Back(answer.to_string())
        };
        let refuse = |why: String| answer("error", json!({ "code": NOT_DONE, "message": why }));
        let (Some(_), Some(method)) = (id.as_i64(), said.get("method").and_then(Value::as_str))
        else {
            return refuse("a message needs an integer \"id\" and a string \"method\"".to_owned());
        };
        let params = match said.get("params") {
            None => json!({}),
            Some(params @ Value::Object(_)) => params.clone(),
            Some(_) => return refuse("\"params\" must be an object".to_owned()),
        };
        let attached = match (&session, &self.root) {
            (None, Root::Browser) => None,
            (None, Root::Target(target)) => Some(Some(target)),
            (Some(session), _) => Some(session.as_str().and_then(|id| self.sessions.get(id))),
        };
        let url = attached.flatten().map(|target| self.address_now(target));
        let place = match attached {
            None => Place::Browser,
            Some(None) => Place::Unknown,
            Some(Some(target)) => Place::Target {
                kind: &target.kind,
                url: url.as_deref().unwrap_or_default(),
            },
        };
        match judge(method, &params, place) {
            Verdict::Passed => {
                let mut passed = json!({ "id": id, "method": method, "params": params });
                if let Some(session) = session {
                    passed["sessionId"] = session;
                }
                Way::ToBrowser(passed.to_string())
            }
            Verdict::Refused(why) => {
                // Whoever listens may have gone.
                let _ = self.shared.notices.send(RelayNotice::Refused(why.clone()));
                refuse(why)
            }
            Verdict::Ends => {
                let _ = self.shared.notices.send(RelayNotice::Ends);
                answer("result", json!({}))
            }
        }
    }

    /// The address that a target has now, where it is a tab.
    fn address_now(&self, target: &Attached) -> String {
        let stage = self.shared.link.stage();
        stage
            .tab(&TabId(target.target.clone()))
            .map_or_else(|| target.url.clone(), |tab| tab.url.clone())
    }

    /// Learns of sessions from what the browser says.
    fn learn(&mut self, text: &str) {
        if !text.contains("Target.attachedToTarget") && !text.contains("Target.detachedFromTarget")
        {
            return;
        }
        let Ok(event) = serde_json::from_str::<Value>(text) else {
            return;
        };
        let said = |pointer: &str| {
            let found = event.pointer(pointer).and_then(Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        let session = said("/params/sessionId");
        match said("/method").as_str() {
            "Target.attachedToTarget" => {
                self.sessions.insert(
                    session,
                    Attached {
                        kind: said("/params/targetInfo/type"),
                        target: said("/params/targetInfo/targetId"),
                        url: said("/params/targetInfo/url"),
                    },
                );
            }
            "Target.detachedFromTarget" => {
                self.sessions.remove(&session);
            }
            _ => {}
        }
    }
}
