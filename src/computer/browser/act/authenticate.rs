//! Answering an HTTP authentication prompt.
//!
//! The stage notes a refused main document (status 401). An answer hands the credentials to the hold, which is the one that the
//! browser asks, loads the page again, and takes them back.

use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc::UnboundedReceiver;

use super::super::hold::Credentials;
use super::super::router::Notice;
use super::super::stage::Challenge;
use super::grip::{Grip, grip_of};
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, DialogKind, Text};

/// How long the page may take to come with the credentials.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// Origin of an address as it is serialised; `null` where it has none.
pub fn origin_of(address: &str) -> String {
    url::Url::parse(address).map_or_else(
        |_| "null".to_owned(),
        |address| address.origin().ascii_serialization(),
    )
}

impl Browser {
    pub(super) async fn authenticate(
        &self,
        user: &Text,
        password: &Text,
    ) -> Result<(), ComputerError> {
        let (grip, challenge) = {
            let stage = self.link.stage();
            let tab = stage.active_tab().ok_or(ComputerError::NoDialog)?;
            let challenge = tab.challenge.clone().ok_or(ComputerError::NoDialog)?;
            (grip_of(tab), challenge)
        };
        let origin = origin_of(&challenge.url);
        let credentials = Credentials {
            user: self.reveal(user, &origin)?,
            password: self.reveal(password, &origin)?,
            origin,
        };
        let Some(hold) = &self.link.hold else {
            return Err(ComputerError::Unsuitable {
                target: "this browser".to_owned(),
                what: "a user name and a password: nothing guards its requests".to_owned(),
            });
        };
        let mut notices = self.link.tap();
        let router = &self.link.router;
        hold.give(credentials);
        self.dismiss_challenge();
        // A form that was refused is sent again as it was; anything else is simply opened again.
        if grip.url == challenge.url {
            router.tell(Some(&grip.session), "Page.reload", json!({}));
        } else {
            router.tell(
                Some(&grip.session),
                "Page.navigate",
                json!({ "url": challenge.url }),
            );
        }
        let taken = self
            .link
            .holds
            .within(ANSWER_LIMIT, came(&grip, &challenge, &mut notices))
            .await;
        hold.take_back();
        let reason = match taken {
            Some(Some(true)) => return Ok(()),
            Some(Some(false)) => "the server did not take this user name and password".to_owned(),
            Some(None) => {
                return Err(ComputerError::Gone(
                    "its DevTools connection closed".to_owned(),
                ));
            }
            None => format!("no page came within {} s", ANSWER_LIMIT.as_secs()),
        };
        Err(ComputerError::Navigation {
            url: challenge.url,
            reason,
        })
    }

    /// Takes the prompt away and leaves the page that is behind it.
    pub(super) fn dismiss_challenge(&self) {
        let mut stage = self.link.stage();
        let Some(active) = stage.active.clone() else {
            return;
        };
        if let Some(tab) = stage.tab_mut(&active) {
            tab.challenge = None;
            if tab
                .dialog
                .as_ref()
                .is_some_and(|dialog| dialog.kind == DialogKind::Authenticate)
            {
                tab.dialog = None;
            }
        }
    }
}

/// Whether the page came with the credentials; `None` where the connection closed.
async fn came(
    grip: &Grip,
    challenge: &Challenge,
    notices: &mut UnboundedReceiver<Notice>,
) -> Option<bool> {
    let mut refused = None;
    loop {
        let notice = notices.recv().await?;
        if notice.session().as_ref() != Some(&grip.session) {
            continue;
        }
        match notice.method.as_ref() {
            "Network.responseReceived" if notice.text("/type") == "Document" => {
                let status = notice.params["response"]["status"].as_u64();
                if notice.text("/frameId") == challenge.frame {
                    refused = Some(status == Some(401));
                }
            }
            // Not before the page is there: what is asked for until then is lost with the old one.
            "Page.frameNavigated" if notice.text("/frame/id") == challenge.frame => {
                if let Some(refused) = refused {
                    return Some(!refused);
                }
            }
            "Inspector.targetCrashed" => return Some(false),
            _ => {}
        }
    }
}
