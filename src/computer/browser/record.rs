//! Recording: from the browser's events and what the recorder in each frame tells, to what the person did, in order.
//!
//! The recording follows the events with a stage of its own, one event at a time, so that each deed is joined with the tab,
//! the address and the picture of its moment, however late it is asked for.
//!
//! Invariants: what is typed into a secret field is never told by the recorder, and what leaves with a request is handed to whoever
//! asked for it ([`Recording::keep_sent`]) and kept nowhere here; nothing is sent to the page's own world.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::Browser;
use super::address::{without_query_values, without_values};
use super::follow::Followed;
use super::heard::{Deed, Entered, Heard};
use super::link::Link;
use super::record_buttons::Buttons;
use super::router::{Notice, Router, Session};
use super::sent::{self, Keeper};
use super::stage::{SessionKind, Stage, WORLD};
use crate::computer::{ComputerError, TabId};

/// The recorder's source; it runs after the observer's, in the same world.
const RECORDER: &str = include_str!("recorder.js");
/// Name of the function, in the isolated world only, that the recorder tells by.
const BINDING: &str = "heardByApprentice";
/// How long one page may take to tell what is still being typed.
const FLUSH_LIMIT: Duration = Duration::from_millis(800);
/// How long the pages may take to tell what is still being typed when a recording is ended.
const END_LIMIT: Duration = Duration::from_secs(3);
/// Has a page or frame tell what is done in it, from its first script on.
pub fn listen(router: &Router, session: &Session, source: &str) {
    router.tell(
        Some(session),
        "Runtime.addBinding",
        json!({ "name": BINDING, "executionContextName": WORLD }),
    );
    router.tell(
        Some(session),
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": source, "worldName": WORLD, "runImmediately": true }),
    );
    sent::listen(router, session);
}

/// A recording under way.
#[derive(Debug)]
pub struct Recording {
    pub(super) link: Link,
    tap: mpsc::UnboundedReceiver<Notice>,
    pub(super) stage: Stage,
    pub(super) followed: HashMap<TabId, Followed>,
    /// The tab that the person works in.
    pub(super) front: Option<TabId>,
    pub(super) serials: HashMap<(Session, i64), usize>,
    /// The event being worked on; kept here so that a caller may drop `next` at any await and ask again.
    current: Option<Notice>,
    pub(super) queue: VecDeque<Heard>,
    pub(super) began_ms: f64,
    /// Names of the secret fields that were typed into: a form may put their values into an address.
    secret_fields: Vec<String>,
    ends: Option<Instant>,
    pub(super) buttons: Option<Buttons>,
    pub(super) ended: bool,
    pub(super) keeper: Keeper,
    /// The goal's sentence in the units that scripts count in; empty where it is not known.
    pub(super) goal: Vec<u16>,
}

impl Browser {
    /// Begins to listen to what a person does in this browser's tabs, those opened later included. One recording at a time.
    pub async fn record(&mut self) -> Result<Recording, ComputerError> {
        self.record_for(None).await
    }

    /// The same, for a goal whose sentence is known: what is typed into a secret field is told where it stands in that
    /// sentence word for word, and so is no secret.
    pub async fn record_for(&mut self, goal: Option<&str>) -> Result<Recording, ComputerError> {
        self.check_alive()?;
        // Listened to before the stage is copied: an event that is applied twice does no harm, a missing one does.
        let tap = self.link.tap();
        let goal = goal.unwrap_or_default();
        let source = format!("globalThis.goalOfRecording = {};\n{RECORDER}", json!(goal));
        self.link.set_recording(source.clone());
        let stage = self.link.stage().clone();
        let pages: Vec<Session> = stage
            .sessions
            .iter()
            .filter(|(_, attached)| attached.kind != SessionKind::Worker)
            .map(|(session, _)| session.clone())
            .collect();
        for session in &pages {
            listen(&self.link.router, session, &source);
        }
        let followed = stage
            .tabs
            .iter()
            .map(|tab| (tab.id.clone(), Followed::at(&tab.url)))
            .collect();
        // The recorder listens everywhere once the last of these is answered.
        let armed = pages.iter().map(|session| {
            self.link
                .router
                .call_raw(Some(session), "Page.getFrameTree", json!({}), END_LIMIT)
        });
        futures::future::join_all(armed).await;
        Ok(Recording {
            link: self.link.clone(),
            tap,
            front: stage.active.clone(),
            stage,
            followed,
            serials: HashMap::new(),
            current: None,
            queue: VecDeque::new(),
            began_ms: epoch_ms(),
            secret_fields: Vec::new(),
            ends: None,
            buttons: None,
            ended: false,
            keeper: Keeper::default(),
            goal: goal.encode_utf16().collect(),
        })
    }
}

impl Recording {
    /// The next deed; `None` once the recording was ended and everything was told, or the browser is gone. May be dropped
    /// at any time and called again.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.queue.pop_front() {
                return Some(self.without_secrets(heard));
            }
            if self.ended {
                return None;
            }
            if self.current.is_none() {
                let notice = match self.ends {
                    None => self.tap.recv().await,
                    Some(deadline) => tokio::time::timeout_at(deadline, self.tap.recv())
                        .await
                        .ok()
                        .flatten(),
                };
                match notice {
                    Some(notice) => {
                        self.follow(&notice);
                        self.current = Some(notice);
                    }
                    None => {
                        self.ended = true;
                        let heard = self.heard_in_front(Deed::End);
                        self.queue.push_back(heard);
                        continue;
                    }
                }
            }
            if let Some(notice) = self.current.clone() {
                if notice.method == "Runtime.bindingCalled" && notice.text("/name") == BINDING {
                    self.take_in(&notice).await;
                } else if notice.method == "Network.requestWillBeSent" {
                    self.take_request(&notice).await;
                }
                self.current = None;
            }
        }
    }

    /// The deed with addresses that hold no secret field's value.
    fn without_secrets(&mut self, mut heard: Heard) -> Heard {
        if heard.deed == Deed::Fill(Entered::Secret)
            && let Some(name) = heard
                .element
                .as_ref()
                .and_then(|one| one.attributes.get("name"))
        {
            self.secret_fields.push(name.clone());
        }
        let clean = |address: &mut String| *address = without_values(address, &self.secret_fields);
        clean(&mut heard.page);
        if let Some(frame) = &mut heard.frame {
            clean(frame);
        }
        match &mut heard.deed {
            Deed::Navigate(url) | Deed::SwitchTab { url, .. } => clean(url),
            _ => {}
        }
        // A tab without a title is called by its address.
        if heard.title.contains('?') {
            heard.title = heard.title.split('?').next().unwrap_or_default().to_owned();
        }
        if let Some(element) = &mut heard.element {
            if let Some(href) = element.attributes.get_mut("href") {
                *href = without_query_values(href, &self.secret_fields);
            }
            if let Some(form) = &mut element.form {
                form.action = without_values(&form.action, &self.secret_fields);
            }
        }
        heard
    }

    /// Ends the recording: what is still being typed is told, then the page as it is, then `next` gives `None`.
    pub fn stop(&mut self) {
        if self.ends.is_some() {
            return;
        }
        self.ends = Some(Instant::now() + END_LIMIT);
        self.close_buttons();
        tokio::spawn(self.have_told(true));
    }

    /// Has the pages tell what is still being typed; it is then given by `next`.
    pub fn flush(&self) -> impl Future<Output = ()> + Send + use<> {
        self.have_told(false)
    }

    /// Why the browser is gone, where it is.
    pub fn gone(&self) -> Option<String> {
        self.link.stage().gone.clone()
    }

    /// Has every frame tell what is still being typed in it; the page in front comes last, so that its word is the end.
    fn have_told(&self, end: bool) -> impl Future<Output = ()> + Send + use<> {
        let (front, worlds) = {
            let stage = self.link.stage();
            let front = self
                .front
                .as_ref()
                .and_then(|id| stage.tab(id))
                .map(|tab| tab.main_frame.clone());
            let worlds: Vec<(Session, String, i64)> = stage
                .sessions
                .iter()
                .flat_map(|(session, attached)| {
                    attached
                        .contexts
                        .iter()
                        .map(|(frame, context)| (session.clone(), frame.clone(), *context))
                })
                .collect();
            (front, worlds)
        };
        let (main, others): (Vec<_>, Vec<_>) = worlds
            .into_iter()
            .partition(|(_, frame, _)| Some(frame) == front.as_ref());
        let link = self.link.clone();
        async move {
            let flush = |(session, _, context): (Session, String, i64), last: bool| {
                let flight = link.router.start(
                    Some(&session),
                    "Runtime.callFunctionOn",
                    json!({
                        "functionDeclaration": "function (last) { globalThis.recorder?.flush(last); }",
                        "executionContextId": context,
                        "arguments": [{ "value": last }],
                    }),
                );
                flight.finish(FLUSH_LIMIT)
            };
            let others = others.into_iter().map(|world| flush(world, false));
            futures::future::join_all(others).await;
            for world in main {
                // A page that does not answer (a dialog is open) ends the recording by its limit.
                let _ = flush(world, end).await;
            }
        }
    }
}

#[async_trait::async_trait]
impl crate::computer::Watch for Recording {
    async fn next(&mut self) -> Option<Heard> {
        Recording::next(self).await
    }

    fn stop(&mut self) {
        Recording::stop(self);
    }

    fn gone(&self) -> Option<String> {
        Recording::gone(self)
    }
}

pub(super) fn epoch_ms() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}
