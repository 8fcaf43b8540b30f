//! Requests that leave while a person shows a job: told once, to whoever asked, and kept nowhere here.
//!
//! Requests of workers that serve several tabs are not heard: nobody's step caused them for certain.

use serde_json::json;

use super::hold;
use super::record::Recording;
use super::router::{Notice, Router, Session};
use crate::computer::Request;

/// Largest body, in bytes, that comes with the event itself; larger ones are asked for.
const WITH_EVENT: usize = 64 << 10;
/// How long the browser may take to give a body that did not come with its event.
const BODY_LIMIT: std::time::Duration = std::time::Duration::from_millis(800);

/// A request, and when it was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// Milliseconds since the recording began.
    pub at_ms: f64,
    pub request: Request,
}

/// Who is told.
#[derive(Default)]
pub(super) struct Keeper(Option<Box<dyn FnMut(Sent) + Send + Sync>>);

impl std::fmt::Debug for Keeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keeper({})", self.0.is_some())
    }
}

/// Has a page or frame tell what it sends with its body.
pub(super) fn listen(router: &Router, session: &Session) {
    router.tell(
        Some(session),
        "Network.enable",
        json!({ "maxPostDataSize": WITH_EVENT }),
    );
}

impl Recording {
    /// From now on `keep` is called with each request that leaves. It holds what was typed, secrets too: keep its shape only.
    pub fn keep_sent(&mut self, keep: impl FnMut(Sent) + Send + Sync + 'static) {
        self.keeper = Keeper(Some(Box::new(keep)));
    }

    /// Takes in one request.
    pub(super) async fn take_request(&mut self, notice: &Notice) {
        if self.keeper.0.is_none() {
            return;
        }
        let Some(mut sent) = self.sent(notice) else {
            tracing::debug!("the browser told of a request that cannot be read");
            return;
        };
        if sent.request.body_is_partial
            && sent.request.body.is_empty()
            && let Some(session) = notice.session()
        {
            let asked = self
                .link
                .router
                .call_raw(
                    Some(&session),
                    "Network.getRequestPostData",
                    json!({ "requestId": notice.text("/requestId") }),
                    BODY_LIMIT,
                )
                .await;
            if let Ok(answer) = asked
                && let Some(text) = answer.get("postData").and_then(serde_json::Value::as_str)
                && answer
                    .get("base64Encoded")
                    .and_then(serde_json::Value::as_bool)
                    != Some(true)
            {
                sent.request.body = text.as_bytes().to_vec();
                sent.request.body_is_partial = false;
            }
        }
        if let Some(keep) = &mut self.keeper.0 {
            keep(sent);
        }
    }

    fn sent(&self, notice: &Notice) -> Option<Sent> {
        let told = notice.params.get("request")?;
        let text = |name: &str| told.get(name).and_then(serde_json::Value::as_str);
        let (body, body_is_partial) = hold::body(told)?;
        let headers = told
            .get("headers")?
            .as_object()?
            .iter()
            .map(|(name, value)| {
                let value = value.as_str().unwrap_or_default();
                (name.to_ascii_lowercase(), value.to_owned())
            })
            .collect();
        let frame = notice.text("/frameId");
        let tab = self
            .stage
            .tabs
            .iter()
            .find(|tab| tab.main_frame == frame || tab.frames.contains_key(frame));
        let resource = notice.text("/type").to_owned();
        let url = text("url")?;
        let seconds = notice
            .params
            .get("wallTime")
            .and_then(serde_json::Value::as_f64)?;
        Some(Sent {
            at_ms: seconds * 1000.0 - self.began_ms,
            request: Request {
                method: text("method")?.to_ascii_uppercase(),
                url: url.split('#').next().unwrap_or(url).to_owned(),
                headers,
                body,
                body_is_partial,
                navigates: resource == "Document" && tab.is_none_or(|tab| tab.main_frame == frame),
                resource,
                tab: tab.map(|tab| tab.id.clone()),
                frame: tab
                    .and_then(|tab| tab.frames.get(frame))
                    .map(|frame| frame.url.clone()),
                page: tab.map(|tab| tab.url.clone()),
                ..Request::default()
            },
        })
    }
}
