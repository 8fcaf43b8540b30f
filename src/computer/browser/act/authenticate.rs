//! Answering an HTTP authentication prompt.
//!
//! Nothing is held for this while pages load: the stage notes a refused main document (status 401), and only an answer
//! switches interception on, loads the page again with the credentials, and switches it off.

use std::collections::HashSet;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::super::router::{CALL_LIMIT, Notice};
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

struct Credentials {
    origin: String,
    user: SecretString,
    password: SecretString,
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
        let mut notices = self.link.tap();
        let router = &self.link.router;
        router
            .call_raw(
                Some(&grip.session),
                "Fetch.enable",
                json!({ "handleAuthRequests": true }),
                CALL_LIMIT,
            )
            .await?;
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
        let taken = tokio::time::timeout(
            ANSWER_LIMIT,
            self.provide(&grip, &challenge, &credentials, &mut notices),
        )
        .await;
        router.tell(Some(&grip.session), "Fetch.disable", json!({}));
        let reason = match taken {
            Ok(Some(true)) => return Ok(()),
            Ok(Some(false)) => "the server did not take this user name and password".to_owned(),
            Ok(None) => {
                return Err(ComputerError::Gone(
                    "its DevTools connection closed".to_owned(),
                ));
            }
            Err(_) => format!("no page came within {} s", ANSWER_LIMIT.as_secs()),
        };
        Err(ComputerError::Navigation {
            url: challenge.url,
            reason,
        })
    }

    /// Lets every request pass, answers the prompt once, and says whether the page came.
    async fn provide(
        &self,
        grip: &Grip,
        challenge: &Challenge,
        credentials: &Credentials,
        notices: &mut UnboundedReceiver<Notice>,
    ) -> Option<bool> {
        let mut answered: HashSet<String> = HashSet::new();
        let mut refused = None;
        let tell = |method: &str, params: Value| {
            self.link.router.tell(Some(&grip.session), method, params);
        };
        loop {
            let notice = notices.recv().await?;
            if notice.session().as_ref() != Some(&grip.session) {
                continue;
            }
            let id = notice.text("/requestId");
            match notice.method.as_ref() {
                "Fetch.requestPaused" => {
                    tell("Fetch.continueRequest", json!({ "requestId": id }));
                }
                "Fetch.authRequired" => {
                    let asks = notice.text("/authChallenge/source") != "Proxy"
                        && notice.text("/authChallenge/origin") == credentials.origin;
                    // The same request asking again means that the credentials were wrong.
                    let response = if asks && answered.insert(id.to_owned()) {
                        json!({
                            "response": "ProvideCredentials",
                            "username": credentials.user.expose_secret(),
                            "password": credentials.password.expose_secret(),
                        })
                    } else {
                        json!({ "response": "CancelAuth" })
                    };
                    tell(
                        "Fetch.continueWithAuth",
                        json!({ "requestId": id, "authChallengeResponse": response }),
                    );
                }
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
