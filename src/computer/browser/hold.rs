//! The hold: every request of the browser stops here, on the browser's own session, until the gate rules on it.
//!
//! `Fetch` on the browser's session holds what page sessions miss (pop-ups, workers, beacons, keepalive, tabs that close), but only
//! for documents that are made after it was switched on: it is the first thing that is said to a browser, and never switched
//! off. It fails open: when the connection is lost, what is held is sent. So whatever is held is failed before anything is
//! closed, and a browser of our own has no way out but a proxy that ends with this process.
//!
//! Invariants: each request is ruled on once; what cannot be understood is refused; nothing is let go after `close` began.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::link::Link;
use super::router::{CALL_LIMIT, Notice, Router, Session};
use super::stage::Stage;
use crate::computer::{ComputerError, Outlet, Request, RequestEnd, Ruling, SharedGate, TabId};

/// How many requests are remembered to tell a redirect from a fresh request.
const REMEMBERED: usize = 4096;

/// How long failing what is held may take when the browser is closed.
const FAIL_LIMIT: Duration = Duration::from_secs(2);

/// A name and a password for one origin: a proxy's or a site's.
#[derive(Clone)]
pub struct Credentials {
    pub origin: String,
    pub user: SecretString,
    pub password: SecretString,
}

/// The held requests of one browser.
pub struct Hold {
    gate: SharedGate,
    /// What the proxies want to hear before they let the browser through.
    proxies: Vec<Credentials>,
    book: Mutex<Book>,
}

#[derive(Default)]
struct Book {
    last_number: u64,
    closing: bool,
    /// Numbers of requests by the protocol's ids, the newest last; ids of held ones are not in it twice.
    numbers: HashMap<String, u64>,
    order: VecDeque<String>,
    /// Held now, waiting for a decision: the protocol's ids.
    held: Vec<String>,
    /// Numbers of those that were let go and have not ended, by their id in the `Network` domain.
    on_the_way: HashMap<String, u64>,
    /// For a site's own prompt, while one is answered.
    given: Option<Credentials>,
    /// Requests that got credentials, with who asked: a redirect may meet another proxy under the same id.
    answered: HashSet<(String, String)>,
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hold").finish_non_exhaustive()
    }
}

impl Hold {
    pub fn new(gate: SharedGate, proxies: Vec<Credentials>) -> Self {
        Self {
            gate,
            proxies,
            book: Mutex::default(),
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Switches the hold on. Said before the first page of ours is made.
    pub async fn begin(&self, router: &Router) -> Result<(), ComputerError> {
        router
            .call_raw(
                None,
                "Fetch.enable",
                json!({
                    "patterns": [{ "urlPattern": "*", "requestStage": "Request" }],
                    "handleAuthRequests": true,
                }),
                CALL_LIMIT,
            )
            .await
            .map(drop)
    }

    /// Takes in an event of the browser, where it is about a request.
    pub fn hear(self: &std::sync::Arc<Self>, link: &Link, notice: &Notice) {
        match (notice.method.as_ref(), notice.session_id.as_deref()) {
            ("Fetch.requestPaused", None) => self.paused(link, notice),
            ("Fetch.authRequired", None) => self.challenged(&link.router, notice),
            ("Network.responseReceived", Some(_)) => {
                let status = notice.params["response"]["status"].as_u64();
                let status = status.and_then(|status| u16::try_from(status).ok());
                self.ended(notice, RequestEnd::Answered(status.unwrap_or(0)));
            }
            ("Network.requestWillBeSent", Some(_)) => {
                // The next hop carries the answer that sent it on its way.
                let status = notice.params["redirectResponse"]["status"].as_u64();
                if let Some(status) = status.and_then(|status| u16::try_from(status).ok()) {
                    self.ended(notice, RequestEnd::Answered(status));
                }
            }
            ("Network.loadingFailed", Some(_)) => {
                let why = notice.text("/errorText").to_owned();
                self.ended(notice, RequestEnd::Failed(why));
            }
            _ => {}
        }
    }

    fn paused(self: &std::sync::Arc<Self>, link: &Link, notice: &Notice) {
        let id = notice.text("/requestId").to_owned();
        let request = {
            let stage = link.stage();
            let mut book = self.book();
            if book.closing {
                None
            } else {
                let from = book.numbers.get(notice.text("/redirectedRequestId"));
                let from = from.copied();
                let number = book.number(&id);
                read(&stage, notice, number, from)
            }
        };
        let Some(request) = request else {
            refuse(&link.router, &id);
            return;
        };
        if !self.proxies.is_empty() && request.url == Outlet::GREETING {
            // The browser's own; the proxy answers it itself.
            carry_out(&link.router, &id, &Ruling::LetGo);
            return;
        }
        if let Some(ruling) = self.gate.at_once(&request) {
            carry_out(&link.router, &id, &ruling);
            return;
        }
        self.book().held.push(id.clone());
        let waits = link.holds.one_more();
        let hold = std::sync::Arc::clone(self);
        let link = link.clone();
        let network = notice.text("/networkId").to_owned();
        let frame = notice.text("/frameId").to_owned();
        tokio::spawn(async move {
            let number = request.number;
            let foreign = request.tab.is_none() && is_of_others(&link, &frame).await;
            let ruling = if foreign {
                Ruling::LetGo
            } else {
                hold.gate.decide(request).await
            };
            {
                let mut book = hold.book();
                let waits = book.held.iter().position(|one| *one == id);
                match waits {
                    Some(place) if !book.closing => {
                        book.held.swap_remove(place);
                        if ruling == Ruling::LetGo && !network.is_empty() {
                            book.on_the_way.insert(network, number);
                        }
                        // Under the lock, so that nothing is let go once closing began.
                        carry_out(&link.router, &id, &ruling);
                    }
                    Some(_) | None => {}
                }
            }
            drop(waits);
        });
    }

    fn challenged(&self, router: &Router, notice: &Notice) {
        let id = notice.text("/requestId");
        let origin = notice.text("/authChallenge/origin");
        let mut book = self.book();
        let known = match notice.text("/authChallenge/source") {
            "Proxy" => self.proxies.iter().find(|proxy| proxy.origin == origin),
            _ => book.given.as_ref().filter(|known| known.origin == origin),
        };
        let response = match known.cloned() {
            // The same request asking again means that the credentials were wrong.
            Some(known) if book.answered.insert((origin.to_owned(), id.to_owned())) => json!({
                "response": "ProvideCredentials",
                "username": known.user.expose_secret(),
                "password": known.password.expose_secret(),
            }),
            Some(_) => json!({ "response": "CancelAuth" }),
            None => json!({ "response": "Default" }),
        };
        router.tell(
            None,
            "Fetch.continueWithAuth",
            json!({ "requestId": id, "authChallengeResponse": response }),
        );
    }

    /// Answers the prompt of one site from now on.
    pub fn give(&self, credentials: Credentials) {
        self.book().given = Some(credentials);
    }

    /// Answers no site's prompt any more.
    pub fn take_back(&self) {
        let mut book = self.book();
        book.given = None;
        book.answered.clear();
    }

    fn ended(&self, notice: &Notice, end: RequestEnd) {
        let number = self.book().on_the_way.remove(notice.text("/requestId"));
        if let Some(number) = number {
            self.gate.ended(number, end);
        }
    }

    /// Fails what is held and whatever comes from now on; afterwards the browser may be closed.
    pub async fn close(&self, router: &Router) {
        let held = {
            let mut book = self.book();
            book.closing = true;
            std::mem::take(&mut book.held)
        };
        let failing: Vec<_> = held
            .iter()
            .map(|id| router.start(None, FAIL, failure(id)))
            .collect();
        for one in failing {
            let _ = one.finish(FAIL_LIMIT).await;
        }
    }
}

const FAIL: &str = "Fetch.failRequest";

fn failure(id: &str) -> Value {
    json!({ "requestId": id, "errorReason": "BlockedByClient" })
}

fn refuse(router: &Router, id: &str) {
    router.tell(None, FAIL, failure(id));
}

fn carry_out(router: &Router, id: &str, ruling: &Ruling) {
    match ruling {
        Ruling::LetGo => router.tell(None, "Fetch.continueRequest", json!({ "requestId": id })),
        Ruling::Refuse => refuse(router, id),
    }
}

impl Book {
    fn number(&mut self, id: &str) -> u64 {
        self.last_number += 1;
        if self
            .numbers
            .insert(id.to_owned(), self.last_number)
            .is_none()
        {
            self.order.push_back(id.to_owned());
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.numbers.remove(&oldest);
        }
        self.last_number
    }
}

/// Whether a request comes from a page that is not ours, in a browser that was only connected to. What belongs to nobody that can be
/// found is ours.
async fn is_of_others(link: &Link, frame: &str) -> bool {
    let (own_all, ours) = {
        let stage = link.stage();
        (stage.own_all, stage.context.clone())
    };
    if own_all || frame.is_empty() {
        return false;
    }
    let listed = link.router.start(None, "Target.getTargets", json!({}));
    let Ok(listed) = listed.finish(CALL_LIMIT).await else {
        return false;
    };
    let targets = listed["targetInfos"].as_array().cloned();
    let mut others = Vec::new();
    for target in targets.iter().flatten() {
        let id = target["targetId"].as_str().unwrap_or_default();
        let context = target["browserContextId"].as_str();
        let mine = (ours.is_some() && context == ours.as_deref())
            || link.stage().tab(&TabId(id.to_owned())).is_some();
        if id == frame {
            return !mine;
        }
        if !mine && target["type"] == "page" {
            others.push(id.to_owned());
        }
    }
    for page in others {
        if has_frame(link, &page, frame).await {
            return true;
        }
    }
    false
}

/// Looks whether somebody else's page has a frame, and leaves it as it was.
async fn has_frame(link: &Link, page: &str, frame: &str) -> bool {
    link.stage().visited.insert(page.to_owned());
    let router = &link.router;
    let attached = router.start(
        None,
        "Target.attachToTarget",
        json!({ "targetId": page, "flatten": true }),
    );
    let mut found = false;
    if let Ok(attached) = attached.finish(CALL_LIMIT).await
        && let Some(session) = attached["sessionId"].as_str()
    {
        let own = Session(session.to_owned());
        let tree = router.start(Some(&own), "Page.getFrameTree", json!({}));
        if let Ok(tree) = tree.finish(CALL_LIMIT).await {
            found = holds_frame(&tree["frameTree"], frame);
        }
        let left = router.start(
            None,
            "Target.detachFromTarget",
            json!({ "sessionId": session }),
        );
        let _ = left.finish(CALL_LIMIT).await;
    }
    link.stage().visited.remove(page);
    found
}

fn holds_frame(tree: &Value, frame: &str) -> bool {
    let children = tree["childFrames"].as_array();
    tree["frame"]["id"] == frame
        || children
            .into_iter()
            .flatten()
            .any(|child| holds_frame(child, frame))
}

/// The request that an event tells of; `None` where the event is not understood.
fn read(stage: &Stage, notice: &Notice, number: u64, from: Option<u64>) -> Option<Request> {
    let told = notice.params.get("request")?;
    let text = |name: &str| told.get(name).and_then(Value::as_str);
    let (method, url) = (text("method")?, text("url")?);
    let headers = told
        .get("headers")?
        .as_object()?
        .iter()
        .map(|(name, value)| {
            let value = value.as_str().unwrap_or_default();
            (name.to_ascii_lowercase(), value.to_owned())
        })
        .collect();
    let (body, body_is_partial) = body(told)?;
    let frame_id = notice.text("/frameId");
    let tab = stage
        .tabs
        .iter()
        .find(|tab| tab.main_frame == frame_id || tab.frames.contains_key(frame_id));
    let resource = notice.text("/resourceType").to_owned();
    let navigates = resource == "Document" && tab.is_none_or(|tab| tab.main_frame == frame_id);
    Some(Request {
        number,
        method: method.to_ascii_uppercase(),
        url: url.split('#').next().unwrap_or(url).to_owned(),
        headers,
        body,
        body_is_partial,
        resource,
        frame: tab
            .and_then(|tab| tab.frames.get(frame_id))
            .map(|frame| frame.url.clone()),
        page: tab.map(|tab| tab.url.clone()),
        tab: tab.map(|tab| tab.id.clone()),
        redirected_from: from,
        navigates,
    })
}

/// The body as far as the browser handed it out, and whether there is more of it.
pub(super) fn body(told: &Value) -> Option<(Vec<u8>, bool)> {
    let entries = told.get("postDataEntries").and_then(Value::as_array);
    let mut bytes = Vec::new();
    let mut partial = false;
    for entry in entries.into_iter().flatten() {
        match entry.get("bytes").and_then(Value::as_str) {
            Some(text) => bytes.extend(STANDARD.decode(text).ok()?),
            // A file on disk or a stream: named elsewhere, never read by us.
            None => {
                partial = true;
                bytes.extend(Request::NOT_HANDED_OUT);
            }
        }
    }
    if bytes.is_empty() {
        let plain = told.get("postData").and_then(Value::as_str);
        bytes.extend(plain.unwrap_or_default().bytes());
    }
    let announced = told.get("hasPostData").and_then(Value::as_bool) == Some(true);
    partial |= announced && bytes.is_empty();
    Some((bytes, partial))
}

#[cfg(test)]
mod tests;
