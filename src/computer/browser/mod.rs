//! The real browser behind the trait `Computer`: a Chromium over the DevTools protocol.
//!
//! `router` owns the socket, `stage` knows tabs and frames from events alone, `link` joins the two and sets up every page
//! before it runs. On top of them `observe` looks, `act` does, `settle` waits for what was started.
//!
//! Invariants: kills nothing but its own child; closes nothing that it did not open; input is the browser's real input.

mod act;
mod find;
mod keys;
mod link;
mod open;
mod process;
mod router;
mod stage;
mod world;

use serde_json::json;
use std::time::Duration;

pub use find::{FoundBrowser, find};
pub use open::{OpenSettings, VIEWPORT, open};

use crate::computer::ComputerError;
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
    closed: bool,
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
            closed: false,
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
        browser.link.router.tell(
            None,
            "Browser.setDownloadBehavior",
            json!({
                "behavior": "allow",
                "downloadPath": browser.settings.downloads,
                "eventsEnabled": true,
            }),
        );
        Ok(browser)
    }

    /// Name and version as the browser gives them: `HeadlessChrome/156.0.8078.79`.
    pub fn product(&self) -> &str {
        &self.product
    }

    /// A line for the person where something is weaker than it should be.
    pub fn warning(&self) -> Option<&str> {
        self.process
            .as_ref()
            .and_then(|process| process.warning.as_deref())
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

    /// Ends an own browser; of a connected one, lets go.
    pub async fn end(&mut self) {
        if std::mem::replace(&mut self.closed, true) {
            return;
        }
        match &mut self.process {
            Some(process) => {
                self.link.router.tell(None, "Browser.close", json!({}));
                process.end().await;
            }
            None => {}
        }
        self.link.router.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn opens_and_ends_leaving_no_process() {
        let downloads = tempfile::tempdir().unwrap();
        let mut browser = open(OpenSettings {
            downloads: downloads.path().to_owned(),
            ..OpenSettings::default()
        })
        .await
        .unwrap();
        let pid = browser.pid().unwrap();
        assert!(std::path::Path::new(&format!("/proc/{pid}")).exists());
        browser.end().await;
        assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
    }
}
