//! What is known of the browser's tabs, frames and traffic, kept from its events alone.
//!
//! A plain value with one way in, [`Stage::apply`]: the task that drains the events calls it, everybody else reads. Nothing
//! here sends a command; what an event makes necessary comes back as a [`Reaction`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use serde_json::Value;

use super::router::{Notice, Session};
use super::view::Viewport;
use crate::computer::{Dialog, DialogKind, Download, DownloadState, Outlet, TabId};

/// Name of the isolated world that the observer lives in.
pub const WORLD: &str = "observer";

/// What the sender of commands has to do after an event.
#[derive(Debug, Clone, PartialEq)]
pub enum Reaction {
    /// A page or frame of ours was attached, perhaps paused: set it up, then let it run.
    SetUp { session: Session, kind: SessionKind },
    /// A worker was attached: let it run.
    Resume { session: Session },
    /// Not ours: let go of it.
    LetGo { session: Session },
    /// A painted frame came: acknowledge it, or no more come.
    Acknowledge { session: Session, number: i64 },
    /// A tab became the active one.
    Activated(TabId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionKind {
    Page,
    Frame,
    Worker,
}

/// One attached target.
#[derive(Debug, Clone)]
pub struct Attached {
    pub kind: SessionKind,
    pub tab: TabId,
    /// Isolated-world context of each frame of this session.
    pub contexts: HashMap<String, i64>,
}

/// One frame of a tab.
#[derive(Debug, Clone)]
pub struct FrameState {
    pub parent: Option<String>,
    pub session: Session,
    pub url: String,
    pub loading: bool,
}

/// A request that has not ended.
#[derive(Debug, Clone)]
pub struct InFlight {
    pub url: String,
    /// Resource type in the protocol's words: `Document`, `Fetch`, `EventSource`, ...
    pub kind: String,
}

/// A painted frame as the screencast delivered it.
#[derive(Debug, Clone)]
pub struct Painted {
    /// Counts up within the tab.
    pub number: u64,
    /// When it was painted, in seconds since the epoch, by the browser's clock.
    pub timestamp: f64,
    /// JPEG in base64, as it came.
    pub data: Arc<str>,
    pub width: f64,
    pub height: f64,
}

/// A main document that the server refused with status 401.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    pub url: String,
    pub frame: String,
    /// The load that was refused; any other load ends the prompt.
    pub loader: String,
}

/// One tab of ours.
#[derive(Debug, Clone)]
pub struct TabState {
    pub id: TabId,
    pub session: Session,
    pub opener: Option<TabId>,
    pub url: String,
    pub title: String,
    pub crashed: bool,
    pub dialog: Option<Dialog>,
    /// Counts dialogs that were closed, to tell one from the next.
    pub dialogs_closed: u64,
    /// Why the way out gave no answer for the document that was asked for last, in a sentence.
    pub unanswered: Option<String>,
    /// The HTTP authentication prompt that `dialog` shows.
    pub challenge: Option<Challenge>,
    pub main_frame: String,
    pub frames: BTreeMap<String, FrameState>,
    pub requests: HashMap<(Session, String), InFlight>,
    /// Counts committed navigations of the main frame.
    pub navigations: u64,
    /// When the main frame was asked to go elsewhere and has not yet.
    pub leaving: Option<Instant>,
    pub painted: Option<Painted>,
    /// Addresses (without query) that this document asked for while nothing was done to it: polling.
    pub idle_urls: HashSet<String>,
}

/// What is known of the browser.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    pub sessions: HashMap<Session, Attached>,
    /// How large the view of each page is.
    pub viewport: Viewport,
    /// In the order they were opened.
    pub tabs: Vec<TabState>,
    pub active: Option<TabId>,
    pub downloads: Vec<(String, Download)>,
    /// Why the browser is gone, once it is.
    pub gone: Option<String>,
    /// Whether every page belongs to us (our own browser), or only what we claim and what that opens (a connected one).
    pub own_all: bool,
    /// In a connected browser: targets of the pages that are ours without having an opener of ours, and contexts whose pages all are.
    pub claimed: Vec<String>,
    /// In a connected browser: the browser context that is ours, with all its pages.
    pub context: Option<String>,
    /// Targets of others that are looked at for a moment and left as they are.
    pub visited: HashSet<String>,
    /// Whether an action is being performed or settled.
    pub acting: bool,
}

impl Stage {
    pub fn tab(&self, id: &TabId) -> Option<&TabState> {
        self.tabs.iter().find(|tab| &tab.id == id)
    }

    pub fn tab_mut(&mut self, id: &TabId) -> Option<&mut TabState> {
        self.tabs.iter_mut().find(|tab| &tab.id == id)
    }

    pub fn active_tab(&self) -> Option<&TabState> {
        self.active.as_ref().and_then(|id| self.tab(id))
    }

    fn tab_of(&mut self, session: &Session) -> Option<&mut TabState> {
        let id = self.sessions.get(session)?.tab.clone();
        self.tab_mut(&id)
    }

    /// Takes in one event.
    pub fn apply(&mut self, notice: &Notice) -> Vec<Reaction> {
        let session = notice.session();
        match (notice.method.as_ref(), session) {
            ("Target.attachedToTarget", parent) => return self.attached(notice, parent),
            ("Target.detachedFromTarget", _) => {
                return self.detached(&Session(notice.text("/sessionId").to_owned()));
            }
            ("Target.targetInfoChanged", _) => {
                let id = TabId(notice.text("/targetInfo/targetId").to_owned());
                if let Some(tab) = self.tab_mut(&id) {
                    tab.title = notice.text("/targetInfo/title").to_owned();
                    tab.url = notice.text("/targetInfo/url").to_owned();
                }
            }
            ("Browser.downloadWillBegin", _) => self.download_begins(notice),
            ("Browser.downloadProgress", _) => self.download_moves(notice),
            (_, Some(session)) => return self.apply_to_session(notice, session),
            _ => {}
        }
        Vec::new()
    }

    fn attached(&mut self, notice: &Notice, parent: Option<Session>) -> Vec<Reaction> {
        let session = Session(notice.text("/sessionId").to_owned());
        let target = notice.text("/targetInfo/targetId").to_owned();
        if self.visited.contains(&target) {
            return Vec::new();
        }
        let kind = match notice.text("/targetInfo/type") {
            "page" if parent.is_none() => SessionKind::Page,
            "iframe" => SessionKind::Frame,
            "worker" | "shared_worker" | "service_worker" => SessionKind::Worker,
            _ => return vec![Reaction::LetGo { session }],
        };
        let parent_tab = parent
            .as_ref()
            .and_then(|parent| self.sessions.get(parent))
            .map(|attached| attached.tab.clone());
        let tab = match (kind, parent_tab) {
            (SessionKind::Page, _) => TabId(target.clone()),
            (_, Some(tab)) => tab,
            (_, None) => return vec![Reaction::Resume { session }],
        };
        let mut reactions = Vec::new();
        match kind {
            SessionKind::Page => {
                let opener = notice
                    .params
                    .pointer("/targetInfo/openerId")
                    .and_then(Value::as_str)
                    .map(|id| TabId(id.to_owned()));
                let opened_by_us = opener.as_ref().is_some_and(|id| self.tab(id).is_some());
                let context = notice.text("/targetInfo/browserContextId");
                let in_context = self.context.as_deref() == Some(context);
                let is_claimed =
                    |one: &String| *one == target || !context.is_empty() && one == context;
                let ours = self.own_all
                    || in_context
                    || opened_by_us
                    || self.claimed.iter().any(is_claimed);
                if !ours || self.tab(&tab).is_some() {
                    return vec![Reaction::LetGo { session }];
                }
                self.tabs.push(TabState {
                    id: tab.clone(),
                    session: session.clone(),
                    opener,
                    url: notice.text("/targetInfo/url").to_owned(),
                    title: notice.text("/targetInfo/title").to_owned(),
                    crashed: false,
                    dialog: None,
                    dialogs_closed: 0,
                    unanswered: None,
                    challenge: None,
                    main_frame: target.clone(),
                    frames: BTreeMap::new(),
                    requests: HashMap::new(),
                    navigations: 0,
                    leaving: None,
                    painted: None,
                    idle_urls: HashSet::new(),
                });
                self.active = Some(tab.clone());
                reactions.push(Reaction::Activated(tab.clone()));
            }
            SessionKind::Frame => {
                if let Some(state) = self.tab_mut(&tab) {
                    let known = state.frames.get(&target).cloned();
                    state.frames.insert(
                        target.clone(),
                        FrameState {
                            parent: known.as_ref().and_then(|frame| frame.parent.clone()),
                            session: session.clone(),
                            url: notice.text("/targetInfo/url").to_owned(),
                            loading: known.is_some_and(|frame| frame.loading),
                        },
                    );
                }
            }
            SessionKind::Worker => reactions.push(Reaction::Resume {
                session: session.clone(),
            }),
        }
        self.sessions.insert(
            session.clone(),
            Attached {
                kind,
                tab,
                contexts: HashMap::new(),
            },
        );
        if kind != SessionKind::Worker {
            // Set up before it is shown, so that a tab is never active without its observer.
            reactions.insert(0, Reaction::SetUp { session, kind });
        }
        reactions
    }

    fn detached(&mut self, session: &Session) -> Vec<Reaction> {
        let Some(attached) = self.sessions.remove(session) else {
            return Vec::new();
        };
        match attached.kind {
            SessionKind::Page => {
                let opener = self.tab(&attached.tab).and_then(|tab| tab.opener.clone());
                self.tabs.retain(|tab| tab.id != attached.tab);
                self.sessions.retain(|_, other| other.tab != attached.tab);
                if self.active.as_ref() == Some(&attached.tab) {
                    self.active = opener
                        .filter(|id| self.tab(id).is_some())
                        .or_else(|| self.tabs.last().map(|tab| tab.id.clone()));
                    return self
                        .active
                        .clone()
                        .map(Reaction::Activated)
                        .into_iter()
                        .collect();
                }
            }
            SessionKind::Frame | SessionKind::Worker => {
                if let Some(tab) = self.tab_mut(&attached.tab) {
                    tab.requests.retain(|(owner, _), _| owner != session);
                    tab.frames.retain(|_, frame| &frame.session != session);
                }
            }
        }
        Vec::new()
    }

    fn apply_to_session(&mut self, notice: &Notice, session: Session) -> Vec<Reaction> {
        match notice.method.as_ref() {
            "Runtime.executionContextCreated" => {
                if notice.text("/context/name") == WORLD {
                    let id = notice.params.pointer("/context/id").and_then(Value::as_i64);
                    let frame = notice.text("/context/auxData/frameId").to_owned();
                    if let (Some(id), Some(attached)) = (id, self.sessions.get_mut(&session)) {
                        attached.contexts.insert(frame, id);
                    }
                }
                return Vec::new();
            }
            "Runtime.executionContextDestroyed" => {
                let id = notice
                    .params
                    .pointer("/executionContextId")
                    .and_then(Value::as_i64);
                if let Some(attached) = self.sessions.get_mut(&session) {
                    attached.contexts.retain(|_, context| Some(*context) != id);
                }
                return Vec::new();
            }
            "Runtime.executionContextsCleared" => {
                if let Some(attached) = self.sessions.get_mut(&session) {
                    attached.contexts.clear();
                }
                return Vec::new();
            }
            _ => {}
        }
        let (acting, view) = (self.acting, self.viewport);
        let Some(tab) = self.tab_of(&session) else {
            return Vec::new();
        };
        match notice.method.as_ref() {
            "Page.frameAttached" => {
                tab.frames.insert(
                    notice.text("/frameId").to_owned(),
                    FrameState {
                        parent: Some(notice.text("/parentFrameId").to_owned()),
                        session,
                        url: String::new(),
                        loading: false,
                    },
                );
            }
            "Page.frameNavigated" => tab.frame_navigated(notice, session),
            "Page.navigatedWithinDocument" => {
                let url = notice.text("/url").to_owned();
                if notice.text("/frameId") == tab.main_frame {
                    tab.url.clone_from(&url);
                }
                if let Some(frame) = tab.frames.get_mut(notice.text("/frameId")) {
                    frame.url = url;
                }
            }
            // A frame that moves to another process is detached by "swap" and lives on.
            "Page.frameDetached" if notice.text("/reason") != "swap" => {
                tab.remove_frame(notice.text("/frameId"));
            }
            "Page.frameRequestedNavigation" | "Page.frameStartedNavigating"
                if notice.text("/frameId") == tab.main_frame
                    && !notice
                        .text("/navigationType")
                        .to_ascii_lowercase()
                        .contains("samedocument") =>
            {
                tab.leaving.get_or_insert_with(Instant::now);
            }
            "Page.frameStartedLoading" => tab.set_loading(notice.text("/frameId"), true),
            "Page.frameStoppedLoading" => {
                if notice.text("/frameId") == tab.main_frame {
                    tab.leaving = None;
                }
                tab.set_loading(notice.text("/frameId"), false);
            }
            "Network.requestWillBeSent" => {
                if !acting {
                    let url = super::settle::without_query(notice.text("/request/url"));
                    tab.idle_urls.insert(url.to_owned());
                }
                tab.requests.insert(
                    (session, notice.text("/requestId").to_owned()),
                    InFlight {
                        url: notice.text("/request/url").to_owned(),
                        kind: notice.text("/type").to_owned(),
                    },
                );
            }
            "Network.loadingFinished" | "Network.loadingFailed" => {
                tab.requests
                    .remove(&(session, notice.text("/requestId").to_owned()));
            }
            "Page.javascriptDialogOpening" => {
                tab.dialog = Some(Dialog {
                    kind: match notice.text("/type") {
                        "confirm" => DialogKind::Confirm,
                        "prompt" => DialogKind::Prompt,
                        "beforeunload" => DialogKind::BeforeUnload,
                        _ => DialogKind::Alert,
                    },
                    message: notice.text("/message").to_owned(),
                    default_text: notice.text("/defaultPrompt").to_owned(),
                });
            }
            "Page.javascriptDialogClosed" => {
                tab.dialog = None;
                tab.dialogs_closed += 1;
            }
            "Network.responseReceived" => tab.response_received(notice),
            "Inspector.targetCrashed" => tab.crashed = true,
            "Inspector.targetReloadedAfterCrash" => tab.crashed = false,
            "Page.screencastFrame" => return tab.painted(notice, session, view),
            _ => {}
        }
        Vec::new()
    }

    fn download_begins(&mut self, notice: &Notice) {
        self.downloads.push((
            notice.text("/guid").to_owned(),
            Download {
                url: notice.text("/url").to_owned(),
                file: notice.text("/suggestedFilename").to_owned(),
                received_bytes: 0,
                total_bytes: None,
                state: DownloadState::Running,
            },
        ));
    }

    fn download_moves(&mut self, notice: &Notice) {
        let number = |pointer| notice.params.pointer(pointer).and_then(Value::as_f64);
        let guid = notice.text("/guid");
        let Some((_, download)) = self.downloads.iter_mut().find(|(id, _)| id == guid) else {
            return;
        };
        download.received_bytes = number("/receivedBytes").unwrap_or(0.0) as u64;
        download.total_bytes = number("/totalBytes")
            .filter(|total| *total > 0.0)
            .map(|total| total as u64);
        download.state = match notice.text("/state") {
            "completed" => DownloadState::Finished,
            "canceled" => DownloadState::Failed,
            _ => DownloadState::Running,
        };
        // The browser may have chosen another name than the one suggested, for one that was taken.
        let path = notice.text("/filePath");
        if let Some(name) = std::path::Path::new(path).file_name() {
            download.file = name.to_string_lossy().into_owned();
        }
    }
}

/// A header of a response.
fn header<'a>(notice: &'a Notice, wanted: &str) -> Option<&'a str> {
    notice.params["response"]["headers"]
        .as_object()?
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
        .and_then(|(_, value)| value.as_str())
}

impl TabState {
    fn frame_navigated(&mut self, notice: &Notice, session: Session) {
        let id = notice.text("/frame/id").to_owned();
        let parent = notice
            .params
            .pointer("/frame/parentId")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let url = format!(
            "{}{}",
            notice.text("/frame/url"),
            notice.text("/frame/urlFragment")
        );
        if id == self.main_frame {
            self.navigations += 1;
            self.idle_urls.clear();
            // What was painted shows the page that was left.
            self.painted = None;
            if self
                .challenge
                .take_if(|challenge| challenge.loader != notice.text("/frame/loaderId"))
                .is_some()
            {
                self.dialog = None;
            }
            self.leaving = None;
            self.crashed = false;
            self.url.clone_from(&url);
            // Requests of the page that was left will never be reported to their end.
            self.requests
                .retain(|_, request| request.kind == "Document");
        }
        let known = self.frames.get(&id);
        let loading = known.is_none_or(|frame| frame.loading);
        // The root of an out-of-process frame does not know its parent; the parent's own event did.
        let parent = parent.or_else(|| known.and_then(|frame| frame.parent.clone()));
        self.frames.insert(
            id,
            FrameState {
                parent,
                session,
                url,
                loading,
            },
        );
    }

    /// A main document refused for want of credentials becomes a dialog to answer. Headless browsers show none.
    fn response_received(&mut self, notice: &Notice) {
        if notice.text("/frameId") == self.main_frame && notice.text("/type") == "Document" {
            self.unanswered = header(notice, "proxy-status")
                .filter(|value| value.starts_with(Outlet::NAME))
                .and_then(|value| {
                    Some(
                        value
                            .split_once("details=\"")?
                            .1
                            .trim_end_matches('"')
                            .to_owned(),
                    )
                });
        }
        let refused = notice.text("/frameId") == self.main_frame
            && notice.text("/type") == "Document"
            && notice.params["response"]["status"].as_u64() == Some(401);
        if !refused {
            return;
        }
        let Some(header) = header(notice, "www-authenticate") else {
            return;
        };
        let realm = header
            .split_once("realm=\"")
            .and_then(|(_, rest)| rest.split_once('"'))
            .map_or("", |(realm, _)| realm);
        self.challenge = Some(Challenge {
            url: notice.text("/response/url").to_owned(),
            frame: notice.text("/frameId").to_owned(),
            loader: notice.text("/loaderId").to_owned(),
        });
        self.dialog = Some(Dialog {
            kind: DialogKind::Authenticate,
            message: realm.to_owned(),
            default_text: String::new(),
        });
    }

    fn set_loading(&mut self, frame: &str, loading: bool) {
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.loading = loading;
        }
    }

    fn remove_frame(&mut self, id: &str) {
        let children: Vec<String> = self
            .frames
            .iter()
            .filter(|(_, frame)| frame.parent.as_deref() == Some(id))
            .map(|(child, _)| child.clone())
            .collect();
        self.frames.remove(id);
        for child in children {
            self.remove_frame(&child);
        }
    }

    fn painted(&mut self, notice: &Notice, session: Session, view: Viewport) -> Vec<Reaction> {
        let size = |pointer| {
            notice
                .params
                .pointer(pointer)
                .and_then(Value::as_f64)
                .unwrap_or(0.0)
        };
        let (width, height) = (
            size("/metadata/deviceWidth"),
            size("/metadata/deviceHeight"),
        );
        let data = notice.text("/data");
        let view = view.size();
        // While a part of the page is captured, that part is painted as if it were the view; what the browser says of such a
        // frame's size may be that of the one before.
        let whole = |(wide, high): (u32, u32)| {
            f64::from(wide) >= view.width && f64::from(high) >= view.height
        };
        if (width, height) == (view.width, view.height)
            && super::picture::size_of(data).is_none_or(whole)
        {
            self.painted = Some(Painted {
                number: self.painted.as_ref().map_or(0, |last| last.number) + 1,
                timestamp: size("/metadata/timestamp"),
                data: data.into(),
                width,
                height,
            });
        }
        let number = notice
            .params
            .pointer("/sessionId")
            .and_then(Value::as_i64)
            .unwrap_or(0);
        vec![Reaction::Acknowledge { session, number }]
    }
}
