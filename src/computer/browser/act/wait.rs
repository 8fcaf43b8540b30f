//! Waiting for text, an element, an address, a download or any change: looked at again whenever a page or the browser says that
//! something changed.

use std::time::{Duration, Instant};

use futures::future::select_all;
use serde_json::{Value, json};

use super::super::router::CALL_LIMIT;
use super::super::stage::Stage;
use super::super::world::{self, World};
use super::grip::Grip;
use crate::computer::browser::Browser;
use crate::computer::{Change, ComputerError, Condition, DownloadState, Scope, Sight};

/// Longest time between two looks: for changes that no event tells of (a style that a script rule switches).
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Shortest time between two looks: a page that changes all the time is not read all the time.
const BREATH: Duration = Duration::from_millis(30);

impl Browser {
    pub(super) async fn wait(
        &mut self,
        condition: &Condition,
        limit_ms: u64,
    ) -> Result<(), ComputerError> {
        let limit = Duration::from_millis(limit_ms);
        let in_vain = || ComputerError::WaitedInVain {
            what: in_words(condition),
            limit_ms,
        };
        match condition {
            Condition::Download => self.wait_for_download(limit).await?.ok_or_else(in_vain),
            Condition::Address(part) => {
                let arrived = self
                    .link
                    .wait_for(limit, |stage| {
                        let url = &stage.active_tab()?.url;
                        url.contains(part.as_str()).then_some(())
                    })
                    .await;
                arrived.ok_or_else(in_vain)
            }
            Condition::Change => self.wait_for_change(limit).await?.ok_or_else(in_vain),
            Condition::Text(_)
            | Condition::NoText(_)
            | Condition::Role(_)
            | Condition::Element { .. } => {
                let end = Instant::now() + limit;
                loop {
                    let grip = self.grip()?;
                    if self.meets(&grip, condition).await? {
                        return Ok(());
                    }
                    let left = end.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Err(in_vain());
                    }
                    self.until_changed(&grip, left.min(LOOK_AGAIN)).await;
                    let stage = self.link.stage();
                    if let Some(reason) = &stage.gone {
                        return Err(ComputerError::Gone(reason.clone()));
                    }
                    self.worlds.refresh(&stage);
                }
            }
        }
    }

    /// Whether the condition holds now, over all documents of the tab.
    async fn meets(&self, grip: &Grip, condition: &Condition) -> Result<bool, ComputerError> {
        let (wanted, question) = match condition {
            Condition::Text(text) => (true, json!({ "text": text })),
            Condition::NoText(text) => (false, json!({ "text": text })),
            Condition::Element { role, name } => (true, json!({ "role": role, "name": name })),
            Condition::Role(role) => (true, json!({ "role": role })),
            Condition::Address(_) | Condition::Download | Condition::Change => return Ok(false),
        };
        let mut found = false;
        let mut asked = false;
        for world in &self.worlds.list {
            let answer: Result<bool, _> = self
                .ask(
                    grip,
                    world,
                    "function (condition) { return hands.meets(condition); }",
                    json!([question]),
                    Duration::ZERO,
                )
                .await;
            match answer {
                Ok(here) => {
                    asked = true;
                    found |= here;
                }
                // The document was left meanwhile: the next look is at the new one.
                Err(ComputerError::Vanished { .. } | ComputerError::Protocol { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(asked && found == wanted)
    }

    /// Waits until a document of the tab changes, or which documents there are.
    async fn until_changed(&self, grip: &Grip, limit: Duration) {
        let changes: Vec<_> = self
            .worlds
            .list
            .iter()
            .map(|world| Box::pin(self.document_change(world, limit)))
            .collect();
        let before = mark(&self.link.stage(), grip);
        let elsewhere = self
            .link
            .wait_for(limit, |stage| (mark(stage, grip) != before).then_some(()));
        let started = Instant::now();
        if changes.is_empty() {
            elsewhere.await;
        } else {
            tokio::select! {
                _ = select_all(changes) => {}
                _ = elsewhere => {}
            }
        }
        let rest = BREATH.min(limit).saturating_sub(started.elapsed());
        if !rest.is_zero() {
            // Bounded from both sides: whatever happens in this time is seen by the next look.
            tokio::time::sleep(rest).await;
        }
    }

    async fn document_change(&self, world: &World, limit: Duration) {
        let answer: Result<Value, _> = world::call(
            &self.link,
            world,
            "function (limit) { return hands.changed(limit).then(() => null); }",
            json!([limit.as_millis() as u64]),
            CALL_LIMIT,
        )
        .await;
        if answer.is_err() {
            // A document that cannot be asked any more tells of nothing; the stage does.
            std::future::pending::<()>().await;
        }
    }

    /// Waits for what the page shows to change; `None` at the limit.
    async fn wait_for_change(&mut self, limit: Duration) -> Result<Option<()>, ComputerError> {
        let end = Instant::now() + limit;
        let before = self.sight().await?;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            let Ok(grip) = self.grip() else {
                // A dialog, or no page any more.
                return Ok(Some(()));
            };
            self.until_changed(&grip, left.min(LOOK_AGAIN)).await;
            // What cannot be looked at was left, or a dialog stops it.
            match (&before, self.sight().await?) {
                (Some(before), Some(now)) if before.change(&now) == Change::Nothing => {}
                _ => return Ok(Some(())),
            }
        }
    }

    /// What the page shows now; `None` where it was left or stopped meanwhile.
    async fn sight(&mut self) -> Result<Option<Sight>, ComputerError> {
        if !self.wait_for_world().await {
            return Ok(None);
        }
        let glance = match self.glance(Scope::NearView).await {
            Err(ComputerError::Vanished { .. } | ComputerError::Protocol { .. }) => None,
            glance => glance?,
        };
        Ok(glance.map(|glance| {
            let (main, elements) = (&glance.main, &glance.assembled.elements);
            Sight::of_listed(&main.url, &main.title, elements)
        }))
    }

    /// Waits for the newest download to end; `None` at the limit.
    async fn wait_for_download(&self, limit: Duration) -> Result<Option<()>, ComputerError> {
        let ended = self
            .link
            .wait_for(limit, |stage| {
                let (_, newest) = stage.downloads.last()?;
                (newest.state != DownloadState::Running).then(|| newest.clone())
            })
            .await;
        match ended {
            Some(download) if download.state == DownloadState::Failed => {
                Err(ComputerError::Navigation {
                    url: download.url,
                    reason: format!("the download of {} failed", download.file),
                })
            }
            Some(_) => Ok(Some(())),
            None => match self.link.stage().gone.clone() {
                Some(reason) => Err(ComputerError::Gone(reason)),
                None => Ok(None),
            },
        }
    }
}

type Mark = (usize, Option<u64>, usize, bool, bool);

/// What changes when there are other documents to ask.
fn mark(stage: &Stage, grip: &Grip) -> Mark {
    let tab = stage.active_tab();
    let contexts = stage
        .sessions
        .values()
        .filter(|attached| tab.is_some_and(|tab| attached.tab == tab.id))
        .map(|attached| attached.contexts.len())
        .sum();
    (
        contexts,
        tab.map(|tab| tab.navigations),
        tab.map_or(0, |tab| tab.frames.len()),
        tab.is_none_or(|tab| tab.id != grip.tab || tab.crashed),
        tab.is_some_and(|tab| tab.dialog.is_some()),
    )
}

fn in_words(condition: &Condition) -> String {
    match condition {
        Condition::Text(text) => format!("the text {text:?}"),
        Condition::NoText(text) => format!("the text {text:?} to go"),
        Condition::Element { role, name } => format!("{role} {name:?}"),
        Condition::Role(role) => format!("a {role}"),
        Condition::Address(part) => format!("an address with {part:?}"),
        Condition::Download => "the download".to_owned(),
        Condition::Change => "a change of the page".to_owned(),
    }
}
