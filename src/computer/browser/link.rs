//! The live end of the stage: one task drains the browser's events into it and does at once what they make necessary,
//! so that every page and frame is set up before it runs.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::hold::Hold;
use super::patience::Holds;
use super::router::{Notice, Router, Session};
use super::stage::{FrameState, Reaction, SessionKind, Stage, WORLD};
use super::view::Viewport;
use crate::computer::{ComputerError, TabId};

/// The source of the observer and of the hands; each defines one object in the isolated world of each frame.
pub const OBSERVER: &str = concat!(include_str!("observer.js"), include_str!("hands.js"));

/// Quality of screencast pictures, as JPEG counts it.
const PICTURE_QUALITY: u8 = 80;

/// A handle on the running browser: commands go out by the router, what is known of it is in the stage.
#[derive(Debug, Clone)]
pub struct Link {
    pub router: Router,
    stage: Arc<Mutex<Stage>>,
    changes: watch::Receiver<u64>,
    /// Every event, for those who listen for more than the stage keeps (the recorder).
    taps: Arc<Mutex<Vec<mpsc::UnboundedSender<Notice>>>>,
    /// Whether new pages and frames are to tell what is done in them.
    recording: Arc<OnceLock<String>>,
    /// What rules on each request; absent where nobody guards.
    pub hold: Option<Arc<Hold>>,
    /// How many requests wait for a decision.
    pub holds: Holds,
}

impl Link {
    /// Connects, switches the hold on, and starts the task that drains events. `own_all` says whether every page of the browser
    /// is ours.
    pub async fn open(
        address: &str,
        viewport: Viewport,
        own_all: bool,
        hold: Option<Hold>,
    ) -> Result<Self, ComputerError> {
        let (router, notices) = Router::connect(address).await?;
        let (changed, changes) = watch::channel(0);
        let holds = router.holds.clone();
        let link = Self {
            router,
            stage: Arc::new(Mutex::new(Stage {
                own_all,
                viewport,
                ..Stage::default()
            })),
            changes,
            taps: Arc::default(),
            recording: Arc::default(),
            hold: hold.map(Arc::new),
            holds,
        };
        tokio::spawn(drain(link.clone(), notices, changed, viewport));
        if let Some(hold) = &link.hold {
            hold.begin(&link.router).await?;
        }
        Ok(link)
    }

    /// Reads or changes what is known. Not held over an await.
    pub fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Every event from now on.
    pub fn tap(&self) -> mpsc::UnboundedReceiver<Notice> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.taps
            .lock()
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .push(sender);
        receiver
    }

    /// From now on, new pages and frames tell what is done in them, by this source. Only the first one counts.
    pub fn set_recording(&self, source: String) {
        let _ = self.recording.set(source);
    }

    /// Waits until `look` finds something in the stage, up to a limit.
    pub async fn wait_for<T>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&Stage) -> Option<T>,
    ) -> Option<T> {
        let mut changes = self.changes.clone();
        let found = async {
            loop {
                changes.borrow_and_update();
                {
                    let stage = self.stage();
                    if let Some(found) = look(&stage) {
                        return Some(found);
                    }
                    if stage.gone.is_some() {
                        return None;
                    }
                }
                if changes.changed().await.is_err() {
                    return look(&self.stage());
                }
            }
        };
        self.holds.within(limit, found).await.flatten()
    }

    /// Waits for the next event of any kind, up to a limit.
    pub async fn changed(&self, limit: Duration) {
        let mut changes = self.changes.clone();
        changes.borrow_and_update();
        let _ = tokio::time::timeout(limit, changes.changed()).await;
    }
}

async fn drain(
    link: Link,
    mut notices: mpsc::UnboundedReceiver<Notice>,
    changed: watch::Sender<u64>,
    viewport: Viewport,
) {
    while let Some(notice) = notices.recv().await {
        if let Some(hold) = &link.hold {
            hold.hear(&link, &notice);
        }
        let reactions = link.stage().apply(&notice);
        for reaction in reactions {
            react(&link, reaction, viewport);
        }
        {
            let mut taps = link
                .taps
                .lock()
                .unwrap_or_else(|poisoned| poisoned.into_inner());
            taps.retain(|tap| tap.send(notice.clone()).is_ok());
        }
        changed.send_modify(|count| *count += 1);
    }
    link.stage().gone.get_or_insert_with(|| {
        "it closed its DevTools connection (crashed, killed or closed)".to_owned()
    });
    // Nothing more comes, and whoever listens is to know.
    link.taps
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner())
        .clear();
    changed.send_modify(|count| *count += 1);
}

fn react(link: &Link, reaction: Reaction, viewport: Viewport) {
    let router = &link.router;
    match reaction {
        Reaction::SetUp { session, kind } => set_up(link, &session, kind, viewport),
        Reaction::Resume { session } => {
            router.tell(Some(&session), "Runtime.runIfWaitingForDebugger", json!({}));
        }
        Reaction::LetGo { session } => {
            router.tell(Some(&session), "Runtime.runIfWaitingForDebugger", json!({}));
            router.tell(
                None,
                "Target.detachFromTarget",
                json!({ "sessionId": session.0 }),
            );
        }
        Reaction::Acknowledge { session, number } => {
            router.tell(
                Some(&session),
                "Page.screencastFrameAck",
                json!({ "sessionId": number }),
            );
        }
        Reaction::Activated(tab) => show(link, &tab),
    }
}

/// Brings a tab to the front and has its painted frames delivered.
pub fn show(link: &Link, tab: &TabId) {
    let (session, others): (Option<Session>, Vec<Session>) = {
        let stage = link.stage();
        (
            stage.tab(tab).map(|tab| tab.session.clone()),
            stage
                .tabs
                .iter()
                .filter(|other| &other.id != tab)
                .map(|other| other.session.clone())
                .collect(),
        )
    };
    let Some(session) = session else { return };
    for other in others {
        link.router
            .tell(Some(&other), "Page.stopScreencast", json!({}));
    }
    link.router
        .tell(Some(&session), "Page.bringToFront", json!({}));
    link.router.tell(
        Some(&session),
        "Page.startScreencast",
        json!({ "format": "jpeg", "quality": PICTURE_QUALITY, "everyNthFrame": 1 }),
    );
}

/// Everything that a page or frame needs before its first script runs, in one flight.
fn set_up(link: &Link, session: &Session, kind: SessionKind, viewport: Viewport) {
    let tell = |method: &str, params: Value| link.router.tell(Some(session), method, params);
    tell("Page.enable", json!({}));
    // Switched on before the document loads, or reading computed roles stays slow for good.
    tell("Accessibility.enable", json!({}));
    tell("Runtime.enable", json!({}));
    tell("Network.enable", json!({}));
    tell("DOM.enable", json!({}));
    tell("Inspector.enable", json!({}));
    tell(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": OBSERVER, "worldName": WORLD, "runImmediately": true }),
    );
    if let Some(source) = link.recording.get() {
        super::record::listen(&link.router, session, source);
    }
    tell(
        "Target.setAutoAttach",
        json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true }),
    );
    if kind == SessionKind::Page {
        tell(
            "Emulation.setDeviceMetricsOverride",
            json!({
                "width": viewport.size().width as i64,
                "height": viewport.size().height as i64,
                "deviceScaleFactor": 1,
                "mobile": false,
            }),
        );
        // Pages believe that they have the focus, whatever window is in front.
        tell(
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        );
    }
    let tree = link
        .router
        .start(Some(session), "Page.getFrameTree", json!({}));
    tell("Runtime.runIfWaitingForDebugger", json!({}));
    let link = link.clone();
    let session = session.clone();
    tokio::spawn(async move {
        if let Ok(tree) = tree.finish(super::router::CALL_LIMIT).await {
            let mut stage = link.stage();
            if let Some(root) = tree.get("frameTree") {
                take_frames(&mut stage, &session, root);
            }
        }
    });
}

/// Frames that were there before events told of them.
fn take_frames(stage: &mut Stage, session: &Session, tree: &Value) {
    let Some(tab) = stage
        .sessions
        .get(session)
        .map(|attached| attached.tab.clone())
    else {
        return;
    };
    let text = |pointer: &str| {
        tree.pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    if let (Some(id), Some(tab)) = (text("/frame/id"), stage.tab_mut(&tab)) {
        tab.frames.entry(id).or_insert_with(|| FrameState {
            parent: text("/frame/parentId"),
            session: session.clone(),
            url: text("/frame/url").unwrap_or_default(),
            loading: false,
        });
    }
    for child in tree
        .get("childFrames")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        take_frames(stage, session, child);
    }
}
