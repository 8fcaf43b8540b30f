//! Drives a real browser through documents of cells with a person's own input, and leaves each in another way.

use std::sync::Arc;
use std::time::Duration;

use apprentice::computer::browser::{Browser, OpenSettings, open};
use serde_json::json;

use super::gate::Watch;
use super::server::{World, token};
use super::table::{Fires, Pretence};
use crate::support::devtools::DevTools;

/// How long a page may take to be there, and its effects to be tried, on a busy machine.
const LIMIT: Duration = Duration::from_secs(40);
/// Where every page has the thing that is clicked, in CSS pixels.
const TRIGGER: (f64, f64) = (60.0, 40.0);
/// Where it has its field, where it has one.
const FIELD: (f64, f64) = (340.0, 35.0);

/// A browser with a gate, and a client of its own that drives it.
pub struct Driver {
    pub world: World,
    pub gate: Arc<Watch>,
    browser: Browser,
    client: DevTools,
    first_tab: String,
    _downloads: tempfile::TempDir,
}

/// What becomes of a document while its effects are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    Refused,
    TabClosed,
    NavigatedAway,
}

impl Driver {
    /// Behind the whole firewall, or with the gate alone.
    pub async fn start(world: &World, gate: Arc<Watch>, switched: bool) -> Driver {
        let downloads = tempfile::tempdir().expect("a temporary folder");
        let switch = match switched {
            true => Some(world.switch().await),
            false => None,
        };
        let browser = open(OpenSettings {
            downloads: downloads.path().to_owned(),
            gate: Some(Arc::clone(&gate) as _),
            outlet: switch.as_ref().map(|switch| switch.outlet()),
            ..OpenSettings::default()
        })
        .await
        .expect("a browser");
        let address = browser.address().expect("it is our own").to_owned();
        let client = DevTools::connect(&address).await;
        let first_tab = pages(&client).await.swap_remove(0);
        Driver {
            world: world.clone(),
            gate,
            browser,
            client,
            first_tab,
            _downloads: downloads,
        }
    }

    /// Opens the document of these cells, does what makes it send, and waits for each cell to be done. Gives the cells that
    /// were not done within the limit.
    pub async fn visit(
        &self,
        number: usize,
        pretence: &Pretence,
        channels: &[usize],
        leaving: Leaving,
        done: impl Fn(&Driver, usize) -> bool,
    ) -> Vec<usize> {
        let page = self.world.page(number, channels);
        let (target, session) = self.client.tab(&page).await;
        let ready = format!("/ready/{}", token(number, channels[0]));
        // A page that fires by itself may be gone before it could say that it is there.
        if !matches!(pretence.fires, Fires::Load | Fires::Timer) {
            let there = self
                .world
                .until(LIMIT, |world| world.was_asked(&ready))
                .await;
            assert!(there, "{page} did not load");
        }
        self.fire(&session, pretence.fires);
        let undone = self.wait(channels, done).await;
        let release = || {
            for channel in channels {
                self.gate.release(&token(number, *channel));
            }
        };
        match leaving {
            Leaving::Refused => release(),
            Leaving::TabClosed => {}
            Leaving::NavigatedAway => {
                let away = format!("{}/elsewhere?{}", self.world.origin("a"), channels[0]);
                drop(
                    self.client
                        .say(Some(&session), "Page.navigate", json!({ "url": away })),
                );
            }
        }
        self.close_tabs(&target).await;
        release();
        undone
    }

    async fn wait(&self, channels: &[usize], done: impl Fn(&Driver, usize) -> bool) -> Vec<usize> {
        let (mut changed, mut came) = (self.gate.subscribe(), self.world.subscribe());
        let undone = || -> Vec<usize> {
            let open = channels.iter().filter(|one| !done(self, **one));
            open.copied().collect()
        };
        let _ = tokio::time::timeout(LIMIT, async {
            loop {
                changed.borrow_and_update();
                came.borrow_and_update();
                if undone().is_empty() {
                    return;
                }
                tokio::select! {
                    _ = changed.changed() => {}
                    _ = came.changed() => {}
                }
            }
        })
        .await;
        undone()
    }

    /// Input is sent without waiting: a page that is blocked by its own request answers none.
    fn fire(&self, session: &str, fires: Fires) {
        let mouse = |kind: &str, (x, y): (f64, f64)| {
            let mut event = json!({ "type": kind, "x": x, "y": y });
            if kind != "mouseMoved" {
                event["button"] = "left".into();
                event["clickCount"] = 1.into();
            }
            drop(
                self.client
                    .say(Some(session), "Input.dispatchMouseEvent", event),
            );
        };
        let click = |place| {
            mouse("mousePressed", place);
            mouse("mouseReleased", place);
        };
        match fires {
            Fires::Click => click(TRIGGER),
            Fires::Twice => {
                click(TRIGGER);
                click(TRIGGER);
            }
            Fires::Enter => {
                click(FIELD);
                let key = json!({ "type": "keyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r" });
                drop(
                    self.client
                        .say(Some(session), "Input.dispatchKeyEvent", key),
                );
            }
            Fires::Hover => {
                mouse("mouseMoved", (500.0, 300.0));
                mouse("mouseMoved", TRIGGER);
            }
            Fires::Load | Fires::Timer => {}
        }
    }

    /// Closes the tab and what it opened.
    async fn close_tabs(&self, tab: &str) {
        let mut all = pages(&self.client).await;
        all.retain(|one| *one != self.first_tab && one != tab);
        all.insert(0, tab.to_owned());
        for one in all {
            // What a page opened may have closed itself.
            let _ = self
                .client
                .call(None, "Target.closeTarget", json!({ "targetId": one }))
                .await;
        }
    }

    /// Ends the browser; afterwards the log is complete.
    pub async fn end(mut self) {
        self.browser.end().await;
        self.world.settled().await;
    }
}

async fn pages(client: &DevTools) -> Vec<String> {
    let targets = client
        .call(None, "Target.getTargets", json!({}))
        .await
        .expect("the browser lists its tabs");
    targets["targetInfos"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["type"] == "page")
        .filter_map(|one| one["targetId"].as_str().map(str::to_owned))
        .collect()
}
