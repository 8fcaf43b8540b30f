//! The real browser behind the trait `Computer`: a Chromium over the DevTools protocol.
//!
//! `router` owns the socket, `stage` knows tabs and frames from events alone, `link` joins the two and sets up every page
//! before it runs. On top of them `observe` looks, `act` does, `settle` waits for what was started.
//!
//! Invariants: kills nothing but its own child; closes nothing that it did not open; input is the browser's real input.

mod act;
mod address;
mod exits;
mod find;
mod follow;
mod heard;
mod hold;
mod keys;
mod link;
mod neighbours;
mod observe;
mod open;
mod patience;
mod picture;
mod process;
mod record;
mod record_buttons;
mod relay;
mod router;
mod seen;
mod sent;
mod settle;
mod stage;
mod told;
mod veil;
mod view;
mod world;

use serde_json::json;
use std::time::Duration;

pub use address::without_values;
pub use find::{FoundBrowser, find};
pub use heard::{Deed, Entered, Heard};
pub use open::{LEAST_VERSION, OpenSettings, open};
pub use picture::cut_out;
pub use record::Recording;
pub use relay::{Relay, RelayNotice};
pub use sent::Sent;
pub use view::Viewport;

use crate::computer::{
    Action, Computer, ComputerError, Observation, Outcome, Place, Scope, Screenshot,
};
use link::Link;
use process::BrowserProcess;
use world::Worlds;

/// How long the first tab may take to be ready.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// A browser that is worked on.
#[derive(Debug)]
pub struct Browser {
    link: Link,
    /// Absent where the browser was only connected to.
    process: Option<BrowserProcess>,
    product: String,
    settings: OpenSettings,
    worlds: Worlds,
    /// Which painted frame shows what was last done.
    paint_due: Option<picture::PaintDue>,
    exposure: veil::Exposure,
    /// The last picture with its secrets painted over, and the address that it shows; kept once a secret was typed.
    shown: Option<(String, Screenshot)>,
    closed: bool,
    /// What is weaker in a browser that was only connected to.
    weaker: Option<String>,
}

impl Browser {
    async fn ready(
        link: Link,
        process: Option<BrowserProcess>,
        product: String,
        settings: OpenSettings,
    ) -> Result<Self, ComputerError> {
        let browser = Self {
            link,
            process,
            product,
            settings,
            worlds: Worlds::default(),
            paint_due: None,
            exposure: veil::Exposure::default(),
            shown: None,
            closed: false,
            weaker: None,
        };
        let ready = browser
            .link
            .wait_for(READY_LIMIT, |stage| {
                let tab = stage.active_tab()?;
                let attached = stage.sessions.get(&tab.session)?;
                attached
                    .contexts
                    .contains_key(&tab.main_frame)
                    .then_some(())
            })
            .await;
        if ready.is_none() {
            return Err(browser.link.stage().gone.clone().map_or(
                ComputerError::Unanswered {
                    method: "setting up the first tab".to_owned(),
                    limit_ms: READY_LIMIT.as_millis() as u64,
                },
                ComputerError::Gone,
            ));
        }
        browser.send_downloads_there();
        Ok(browser)
    }

    fn send_downloads_there(&self) {
        let mut wanted = json!({
            "behavior": "allow",
            "downloadPath": self.settings.downloads,
            "eventsEnabled": true,
        });
        if let Some(context) = &self.link.stage().context {
            wanted["browserContextId"] = context.as_str().into();
        }
        let router = &self.link.router;
        router.tell(None, "Browser.setDownloadBehavior", wanted);
    }

    /// Name and version as the browser gives them: `HeadlessChrome/156.0.8078.79`.
    pub fn product(&self) -> &str {
        &self.product
    }

    /// A line for the person where something is weaker than it should be.
    pub fn warning(&self) -> Option<&str> {
        let own = self.process.as_ref();
        own.and_then(|process| process.warning.as_deref())
            .or(self.weaker.as_deref())
    }

    /// Number of the browser's process, where it is our child.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(BrowserProcess::pid)
    }

    /// DevTools address of the browser, where it is our child.
    pub fn address(&self) -> Option<&str> {
        self.process
            .as_ref()
            .map(|process| process.address.as_str())
    }

    /// Listens on a port of loopback (0: any free one) for DevTools clients of others, with nothing passed on that would open
    /// the firewall.
    pub async fn relay(&self, port: u16) -> Result<Relay, ComputerError> {
        let Some(address) = self.address() else {
            return Err(ComputerError::Relay {
                port,
                reason: "the browser is not our own, and has a DevTools address already".to_owned(),
            });
        };
        relay::listen(self.link.clone(), address, port).await
    }

    /// Waits until the last tab is closed, or the browser is gone.
    pub fn left(&self) -> impl Future<Output = ()> + Send + use<> {
        let link = self.link.clone();
        async move {
            let empty = |stage: &stage::Stage| stage.tabs.is_empty().then_some(());
            // Nothing comes of it either where the browser is gone.
            let _ = link.wait_for(Duration::MAX, empty).await;
        }
    }

    /// Has downloads of this browser put into a folder from now on.
    pub fn download_to(&mut self, folder: &std::path::Path) {
        self.settings.downloads = folder.to_owned();
        self.send_downloads_there();
    }

    /// Ends an own browser; of a connected one, lets go.
    pub async fn end(&mut self) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        if let Some(hold) = &self.link.hold {
            hold.close(&self.link.router).await;
        }
        if let Some(process) = &mut self.process {
            self.link.router.expect_end();
            self.link.router.tell(None, "Browser.close", json!({}));
            process.end().await;
        }
        let context = self.link.stage().context.clone();
        if let Some(context) = context.filter(|_| self.process.is_none()) {
            // Waited for, so that nothing of ours is left in somebody else's browser.
            let gone = self.link.router.start(
                None,
                "Target.disposeBrowserContext",
                json!({ "browserContextId": context }),
            );
            let _ = gone.finish(router::CALL_LIMIT).await;
        }
        self.link.router.close();
    }
}

#[async_trait::async_trait]
impl Computer for Browser {
    async fn observe(&mut self, scope: Scope) -> Result<Observation, ComputerError> {
        self.look(scope).await
    }

    async fn perform(&mut self, action: &Action) -> Result<Outcome, ComputerError> {
        self.check_alive()?;
        let begun = std::time::Instant::now();
        let before = self.before();
        let text = self.act(action).await;
        // Waiting and reading start nothing that would have to come to rest.
        let settled = match (&text, action) {
            (Ok(_), Action::Wait { .. } | Action::Read { .. }) => {
                self.link.stage().acting = false;
                crate::computer::Settled::Quiet
            }
            // Also what failed half-way may have started something.
            _ => self.settle(&before).await,
        };
        Ok(Outcome {
            settled,
            text: text?,
            millis: begun.elapsed().as_secs_f64() * 1000.0,
        })
    }

    async fn picture(&mut self, place: &Place) -> Result<Screenshot, ComputerError> {
        self.sharp_picture(place).await
    }

    async fn watch(
        &mut self,
        goal: &str,
    ) -> Result<Option<Box<dyn crate::computer::Watch>>, ComputerError> {
        Ok(Some(Box::new(self.record_for(Some(goal)).await?)))
    }

    async fn close(&mut self) -> Result<(), ComputerError> {
        self.end().await;
        Ok(())
    }
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod record_copy_tests;
#[cfg(test)]
mod record_hand;
#[cfg(test)]
mod record_select_tests;
#[cfg(test)]
mod record_tests;
#[cfg(test)]
mod tests;
