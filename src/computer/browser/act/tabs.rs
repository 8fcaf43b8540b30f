//! Opening, choosing and closing tabs.

use std::time::Duration;

use serde_json::json;

use super::super::link;
use super::super::router::CALL_LIMIT;
use super::grip::{Grip, grip_of};
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, TabId};

/// How long a new tab may take to be set up.
const TAB_LIMIT: Duration = Duration::from_secs(10);

/// How long the first page of a new tab may take to begin.
const COMMIT_LIMIT: Duration = Duration::from_secs(30);

impl Browser {
    pub(super) async fn open_tab(&self, url: &str) -> Result<(), ComputerError> {
        let grip = self.blank_tab().await?;
        if url != "about:blank" {
            self.navigate_in(&grip, url, COMMIT_LIMIT).await?;
            // The blank page that the tab began with is nothing to go back to.
            self.link.router.tell(
                Some(&grip.session),
                "Page.resetNavigationHistory",
                json!({}),
            );
        }
        Ok(())
    }

    async fn blank_tab(&self) -> Result<Grip, ComputerError> {
        let made = self
            .link
            .router
            .call_raw(
                None,
                "Target.createTarget",
                json!({ "url": "about:blank" }),
                CALL_LIMIT,
            )
            .await?;
        let id = TabId(made["targetId"].as_str().unwrap_or_default().to_owned());
        let let_go = {
            let mut stage = self.link.stage();
            // In a connected browser only what we open is ours, and this is ours without having an opener.
            stage.claimed.push(id.0.clone());
            !stage.own_all && stage.tab(&id).is_none()
        };
        if let_go {
            // It came before it was known to be ours.
            self.link.router.tell(
                None,
                "Target.attachToTarget",
                json!({ "targetId": id.0, "flatten": true }),
            );
        }
        self.link
            .wait_for(TAB_LIMIT, |stage| {
                let tab = stage.tab(&id)?;
                let attached = stage.sessions.get(&tab.session)?;
                attached
                    .contexts
                    .contains_key(&tab.main_frame)
                    .then(|| grip_of(tab))
            })
            .await
            .ok_or_else(|| ComputerError::Unanswered {
                method: "setting up a new tab".to_owned(),
                limit_ms: TAB_LIMIT.as_millis() as u64,
            })
    }

    pub(super) fn switch_tab(&self, tab: &TabId) -> Result<(), ComputerError> {
        {
            let mut stage = self.link.stage();
            if stage.tab(tab).is_none() {
                return Err(ComputerError::NoTab(tab.0.clone()));
            }
            stage.active = Some(tab.clone());
        }
        link::show(&self.link, tab);
        Ok(())
    }

    /// Closes a tab as a person would, so that it may ask back (beforeunload). Another takes its place where it was the last.
    pub(super) async fn close_tab(&self, tab: &TabId) -> Result<(), ComputerError> {
        let (grip, last, crashed) = {
            let stage = self.link.stage();
            let found = stage
                .tab(tab)
                .ok_or_else(|| ComputerError::NoTab(tab.0.clone()))?;
            (grip_of(found), stage.tabs.len() == 1, found.crashed)
        };
        if last {
            self.blank_tab().await?;
        }
        if crashed {
            self.link.router.tell(
                None,
                "Target.closeTarget",
                json!({ "targetId": grip.tab.0 }),
            );
        } else {
            self.link
                .router
                .tell(Some(&grip.session), "Page.close", json!({}));
        }
        let asked = self
            .link
            .wait_for(TAB_LIMIT, |stage| match stage.tab(&grip.tab) {
                None => Some(false),
                Some(tab) => tab.dialog.is_some().then_some(true),
            })
            .await;
        match asked {
            // A dialog is only seen and answered in the tab in front.
            Some(true) => self.switch_tab(&grip.tab),
            Some(false) => Ok(()),
            None => match self.link.stage().gone.clone() {
                Some(reason) => Err(ComputerError::Gone(reason)),
                None => Err(ComputerError::Unanswered {
                    method: "closing the tab".to_owned(),
                    limit_ms: TAB_LIMIT.as_millis() as u64,
                }),
            },
        }
    }
}
