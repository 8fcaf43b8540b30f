//! The tab that is acted on, and waiting on it without ever hanging: an open dialog, a crash, a closed tab or a gone browser
//! ends every wait at once.

use std::future::Future;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::router::{CALL_LIMIT, Session};
use super::super::stage::{Stage, TabState};
use super::super::world::{self, World};
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, DialogKind, TabId};

/// Longer than any single wait: the watched work has the limit that counts.
const WATCH_LIMIT: Duration = Duration::from_secs(3600);

/// The tab that an action began on; it stays the same when a pop-up comes to the front meanwhile.
#[derive(Debug, Clone)]
pub struct Grip {
    pub tab: TabId,
    pub session: Session,
    pub url: String,
}

/// What ends a wait before its time.
enum Stop {
    Dialog(DialogKind),
    Crashed,
    Closed,
}

fn stop_of(stage: &Stage, tab: &TabId) -> Option<Stop> {
    let Some(tab) = stage.tab(tab) else {
        return Some(Stop::Closed);
    };
    if tab.crashed {
        return Some(Stop::Crashed);
    }
    tab.dialog
        .as_ref()
        .filter(|dialog| dialog.kind != DialogKind::Authenticate)
        .map(|dialog| Stop::Dialog(dialog.kind))
}

/// A dialog's kind as messages name it.
pub fn kind_word(kind: DialogKind) -> &'static str {
    match kind {
        DialogKind::Alert => "alert",
        DialogKind::Confirm => "confirm",
        DialogKind::Prompt => "prompt",
        DialogKind::BeforeUnload => "beforeunload",
        DialogKind::Authenticate => "authentication",
    }
}

impl Browser {
    pub(super) fn grip(&self) -> Result<Grip, ComputerError> {
        let stage = self.link.stage();
        stage
            .active_tab()
            .map(grip_of)
            .ok_or_else(|| ComputerError::Gone("it has no tab open".to_owned()))
    }

    /// Does the work, but stops waiting (`None`) when a dialog opens or the tab closes, since neither lets answers come.
    pub(super) async fn unless_stopped<T>(
        &self,
        grip: &Grip,
        work: impl Future<Output = Result<T, ComputerError>>,
    ) -> Result<Option<T>, ComputerError> {
        let stopped = self
            .link
            .wait_for(WATCH_LIMIT, |stage| stop_of(stage, &grip.tab));
        tokio::select! {
            biased;
            done = work => match done {
                Ok(value) => Ok(Some(value)),
                Err(error) => self.stopped(grip, Some(error)).map(|()| None),
            },
            stop = stopped => match stop {
                Some(Stop::Dialog(_) | Stop::Closed) => Ok(None),
                Some(Stop::Crashed) | None => self.stopped(grip, None).map(|()| None),
            },
        }
    }

    /// The truest words for a failed wait; `Ok` where a dialog or the tab's end explains it.
    fn stopped(&self, grip: &Grip, error: Option<ComputerError>) -> Result<(), ComputerError> {
        let stage = self.link.stage();
        if let Some(reason) = &stage.gone {
            return Err(ComputerError::Gone(reason.clone()));
        }
        match (stop_of(&stage, &grip.tab), error) {
            (Some(Stop::Crashed), _) => Err(ComputerError::TabCrashed {
                url: grip.url.clone(),
            }),
            (Some(Stop::Dialog(_) | Stop::Closed), _) | (None, None) => Ok(()),
            (None, Some(error)) => Err(error),
        }
    }

    /// Asks one document, where a dialog or a closed tab means that there is no answer.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        grip: &Grip,
        world: &World,
        function: &str,
        arguments: Value,
        extra: Duration,
    ) -> Result<T, ComputerError> {
        let call = world::call(
            &self.link,
            world,
            function,
            arguments,
            CALL_LIMIT.saturating_add(extra),
        );
        match self.unless_stopped(grip, call).await {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(self.no_answer(grip)),
            Err(ComputerError::Protocol { message, .. }) if left(&message) => {
                Err(ComputerError::Vanished {
                    target: format!("the document at {}", world.url),
                })
            }
            Err(error) => Err(error),
        }
    }

    /// Why a question to the page has no answer.
    pub(super) fn no_answer(&self, grip: &Grip) -> ComputerError {
        let stage = self.link.stage();
        match stop_of(&stage, &grip.tab) {
            Some(Stop::Dialog(kind)) => ComputerError::DialogOpen {
                kind: kind_word(kind).to_owned(),
            },
            Some(Stop::Crashed) => ComputerError::TabCrashed {
                url: grip.url.clone(),
            },
            Some(Stop::Closed) | None => ComputerError::NoTab(grip.tab.0.clone()),
        }
    }
}

pub fn grip_of(tab: &TabState) -> Grip {
    Grip {
        tab: tab.id.clone(),
        session: tab.session.clone(),
        url: tab.url.clone(),
    }
}

/// Whether the protocol's words mean that the document was left while it was asked.
fn left(message: &str) -> bool {
    [
        "Cannot find context",
        "context was destroyed",
        "navigated or closed",
        "Promise was collected",
        "Session with given id not found",
        "frame was detached",
    ]
    .iter()
    .any(|words| message.contains(words))
}
