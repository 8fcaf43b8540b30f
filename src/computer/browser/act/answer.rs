//! Answering the page's dialogs: alert, confirm, prompt, beforeunload.

use std::time::Duration;

use secrecy::ExposeSecret;
use serde_json::json;

use super::super::router::CALL_LIMIT;
use super::authenticate::origin_of;
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, DialogKind, Text};

/// How long an answered dialog may take to go.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

impl Browser {
    pub(super) async fn answer_dialog(
        &self,
        accept: bool,
        text: Option<&Text>,
    ) -> Result<(), ComputerError> {
        let (grip, kind, closed) = {
            let stage = self.link.stage();
            let tab = stage.active_tab().ok_or(ComputerError::NoDialog)?;
            let dialog = tab.dialog.as_ref().ok_or(ComputerError::NoDialog)?;
            (super::grip::grip_of(tab), dialog.kind, tab.dialogs_closed)
        };
        if kind == DialogKind::Authenticate {
            if accept {
                return Err(ComputerError::Unsuitable {
                    target: "the authentication prompt".to_owned(),
                    what: "a plain yes: answer it with a user name and a password".to_owned(),
                });
            }
            self.dismiss_challenge();
            return Ok(());
        }
        let mut params = json!({ "accept": accept });
        if let (Some(text), DialogKind::Prompt, true) = (text, kind, accept) {
            let words = self.reveal(text, &origin_of(&grip.url))?;
            params["promptText"] = json!(words.expose_secret());
        }
        let answered = self
            .link
            .router
            .call_raw(
                Some(&grip.session),
                "Page.handleJavaScriptDialog",
                params,
                CALL_LIMIT,
            )
            .await;
        match answered {
            Ok(_) => {}
            Err(ComputerError::Protocol { message, .. })
                if message.contains("No dialog is showing") =>
            {
                if let Some(tab) = self.link.stage().tab_mut(&grip.tab) {
                    tab.dialog = None;
                }
                return Err(ComputerError::NoDialog);
            }
            Err(error) => return Err(error),
        }
        // The next dialog of a page that opens them in a loop may be there already: the count tells them apart.
        self.link
            .wait_for(CLOSE_LIMIT, |stage| {
                stage
                    .tab(&grip.tab)
                    .is_none_or(|tab| tab.dialogs_closed > closed)
                    .then_some(())
            })
            .await;
        Ok(())
    }
}
