//! Settling: waiting, after an action, for what it started: navigation, requests, changes of the page, the next frame.
//!
//! Nothing here waits for a time to pass; each wait is for an event and has a limit, so that pages that poll, stream or
//! animate for ever do not stall a run. Reaching a limit is reported, not hidden.

use std::collections::HashSet;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::Browser;
use super::picture::PaintDue;
use super::router::Session;
use super::stage::{Stage, TabState};
use super::world::{start_call, value_of};
use crate::computer::{DownloadState, Settled, TabId};

/// How long a navigation may take until its document has loaded.
const NAVIGATION_LIMIT: Duration = Duration::from_secs(15);
/// How long a request that carries meaning (documents, scripts, data) is waited for.
const REQUEST_LIMIT: Duration = Duration::from_secs(5);
/// How long a request for looks (pictures, fonts) is waited for.
const LOOKS_LIMIT: Duration = Duration::from_secs(1);
/// How long a page may keep changing before that is taken for an animation.
const CHANGING_LIMIT: Duration = Duration::from_millis(500);
/// How long one question about the page's rest may take; a busy script answers late.
const REST_LIMIT: Duration = Duration::from_secs(5);

/// What was going on before an action, so that only what it started is waited for.
#[derive(Debug)]
pub struct Before {
    tab: Option<TabId>,
    requests: HashSet<(Session, String)>,
    downloads: usize,
    navigations: u64,
    started_ms: f64,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rest {
    /// Changes between the question and the frame.
    during: u64,
    /// When the last change was, in milliseconds since the epoch.
    changed_at: f64,
    /// When the frame began that shows all of them, in milliseconds since the epoch.
    frame_at: f64,
}

enum Busy {
    No,
    Until(Instant),
    Dialog,
    Gone,
}

impl Browser {
    /// Notes what is going on now.
    pub(super) fn before(&self) -> Before {
        let mut stage = self.link.stage();
        stage.acting = true;
        let tab = stage.active_tab();
        Before {
            tab: tab.map(|tab| tab.id.clone()),
            requests: tab
                .map(|tab| tab.requests.keys().cloned().collect())
                .unwrap_or_default(),
            downloads: stage.downloads.len(),
            navigations: tab.map_or(0, |tab| tab.navigations),
            started_ms: epoch_ms(),
        }
    }

    /// Waits for what the action since `before` started. Called when the action's last input was delivered.
    pub(super) async fn settle(&mut self, before: &Before) -> Settled {
        let settled = self.come_to_rest(before).await;
        self.link.stage().acting = false;
        settled
    }

    async fn come_to_rest(&mut self, before: &Before) -> Settled {
        let mut begun = Instant::now();
        let mut limit_reached = false;
        let mut changing_since: Option<Instant> = None;
        // A frame painted while the input was still coming (a list that opened, a field that got the focus) is too old.
        let delivered_ms = epoch_ms();
        self.paint_due = Some(PaintDue {
            at_ms: delivered_ms,
            certain: false,
        });
        loop {
            // What waits for a person is waited for, and everything after it gets its whole time.
            if self.link.holds.any() {
                tokio::select! {
                    () = self.link.holds.none() => {}
                    () = self.gone() => {}
                }
                begun = Instant::now();
            }
            let busy = busy(&self.link.stage(), before, begun);
            match busy {
                Busy::Dialog => return Settled::Dialog,
                Busy::Gone => return Settled::Quiet,
                Busy::Until(deadline) => {
                    let now = Instant::now();
                    if now < deadline {
                        self.link.changed(deadline - now).await;
                        continue;
                    }
                    limit_reached = true;
                }
                Busy::No => {}
            }
            let Some(rest) = self.rest().await else {
                // The document went away or a dialog opened meanwhile: look at what is going on again.
                if begun.elapsed() > NAVIGATION_LIMIT + REST_LIMIT {
                    return Settled::LimitReached;
                }
                continue;
            };
            let navigated = {
                let stage = self.link.stage();
                stage.active_tab().is_none_or(|tab| {
                    Some(&tab.id) != before.tab.as_ref() || tab.navigations != before.navigations
                })
            };
            self.paint_due = Some(PaintDue {
                at_ms: rest.frame_at.max(delivered_ms),
                certain: navigated || rest.changed_at >= before.started_ms,
            });
            // What changes while it is waited for a frame has more to come.
            if rest.during > 0 {
                let since = *changing_since.get_or_insert_with(Instant::now);
                if since.elapsed() < CHANGING_LIMIT {
                    continue;
                }
                limit_reached = true;
            }
            let again = busy_now(&self.link.stage(), before, begun);
            match again {
                Busy::Until(_) if !limit_reached => continue,
                Busy::Dialog => return Settled::Dialog,
                _ if limit_reached => return Settled::LimitReached,
                _ => return Settled::Quiet,
            }
        }
    }

    /// Waits until the browser is gone.
    async fn gone(&self) {
        while self.link.stage().gone.is_none() {
            self.link.changed(REST_LIMIT).await;
        }
    }

    /// Asks the page for its next painted frame and what changed until then.
    async fn rest(&mut self) -> Option<Rest> {
        if !self.wait_for_world().await {
            return None;
        }
        let world = self.worlds.list.first()?.clone();
        let flight = start_call(
            &self.link,
            &world,
            "function () { return observer.rest(); }",
            json!([]),
        );
        let answer = tokio::select! {
            answer = flight.finish(REST_LIMIT) => answer.ok()?,
            _ = self.link.wait_for(REST_LIMIT, |stage| {
                stage
                    .active_tab()
                    .is_none_or(|tab| tab.dialog.is_some() || tab.crashed || tab.session != world.session)
                    .then_some(())
            }) => return None,
        };
        serde_json::from_value(value_of(answer).ok()?).ok()
    }
}

fn busy_now(stage: &Stage, before: &Before, begun: Instant) -> Busy {
    match busy(stage, before, begun) {
        Busy::Until(deadline) if Instant::now() >= deadline => Busy::No,
        other => other,
    }
}

/// Whether something that the action started still goes on, and until when that is worth waiting for.
fn busy(stage: &Stage, before: &Before, begun: Instant) -> Busy {
    if stage.gone.is_some() {
        return Busy::Gone;
    }
    let Some(tab) = stage.active_tab() else {
        return Busy::Gone;
    };
    if tab.crashed {
        return Busy::Gone;
    }
    if tab.dialog.is_some() {
        return Busy::Dialog;
    }
    let download_began = stage.downloads.len() > before.downloads;
    let main_loads = tab
        .frames
        .get(&tab.main_frame)
        .is_some_and(|frame| frame.loading);
    // What became a download never becomes a page.
    if (tab.leaving.is_some() || main_loads) && !download_began {
        return Busy::Until(begun + NAVIGATION_LIMIT);
    }
    if download_began
        && stage
            .downloads
            .last()
            .is_some_and(|(_, download)| download.state == DownloadState::Running)
    {
        return Busy::Until(begun + LOOKS_LIMIT);
    }
    requests_of(tab, before)
        .map(|limit| begun + limit)
        .max()
        .map_or(Busy::No, Busy::Until)
}

/// How long each request that the action started is worth waiting for.
fn requests_of(tab: &TabState, before: &Before) -> impl Iterator<Item = Duration> {
    let same_tab = before.tab.as_ref() == Some(&tab.id);
    tab.requests
        .iter()
        .filter(move |(key, _)| !(same_tab && before.requests.contains(*key)))
        // What the page asks for by itself, again and again, is not the action's.
        .filter(|(_, request)| !tab.idle_urls.contains(without_query(&request.url)))
        .filter_map(|(_, request)| match request.kind.as_str() {
            "EventSource" | "WebSocket" | "Ping" | "Media" | "Prefetch" | "CSPViolationReport" => {
                None
            }
            "Image" | "Font" | "Manifest" | "Other" => Some(LOOKS_LIMIT),
            _ => Some(REQUEST_LIMIT),
        })
}

/// An address without what changes from one poll to the next.
pub fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or(url)
}

pub fn epoch_ms() -> f64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64() * 1000.0)
}
