//! Going to an address, back, forward, and loading anew; what went wrong comes back in words.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::router::CALL_LIMIT;
use super::grip::Grip;
use crate::computer::ComputerError;
use crate::computer::browser::Browser;

/// How long a server may take until the page begins.
const COMMIT_LIMIT: Duration = Duration::from_secs(30);

/// How long a download may take to show after the navigation that became one.
const DOWNLOAD_LIMIT: Duration = Duration::from_secs(2);

impl Browser {
    pub(super) async fn navigate(&self, url: &str) -> Result<(), ComputerError> {
        self.navigate_in(&self.grip()?, url, COMMIT_LIMIT).await
    }

    pub(super) async fn navigate_in(
        &self,
        grip: &Grip,
        url: &str,
        limit: Duration,
    ) -> Result<(), ComputerError> {
        let failed = |reason: &str| ComputerError::Navigation {
            url: url.to_owned(),
            reason: reason.to_owned(),
        };
        let address = url::Url::parse(url)
            .map_err(|_| failed("it is no address; write it whole, as in https://example.org/"))?;
        if address.scheme() == "javascript" {
            return Err(failed("it is a script and no address"));
        }
        let downloads = self.link.stage().downloads.len();
        let navigations = self.navigations(grip);
        let call = self.link.router.call_raw(
            Some(&grip.session),
            "Page.navigate",
            json!({ "url": address.as_str() }),
            limit,
        );
        // A crashed tab is brought back by this, so a crash is no reason to stop waiting.
        let crashed = self
            .link
            .stage()
            .tab(&grip.tab)
            .is_some_and(|tab| tab.crashed);
        let answer = if crashed {
            call.await.map(Some)
        } else {
            self.unless_stopped(grip, call).await
        };
        let answer = match answer {
            Ok(Some(answer)) => answer,
            Ok(None) => return Ok(()),
            Err(ComputerError::Unanswered { limit_ms, .. }) => {
                self.link
                    .router
                    .tell(Some(&grip.session), "Page.stopLoading", json!({}));
                return Err(failed(&format!("it did not answer within {limit_ms} ms")));
            }
            Err(ComputerError::Protocol { message, .. }) => return Err(failed(&message)),
            Err(error) => return Err(error),
        };
        match answer["errorText"].as_str() {
            None | Some("") => {
                // The answer comes by another way than the events that tell what the page is; within a document there are none.
                if answer["loaderId"].is_string() {
                    self.link
                        .wait_for(CALL_LIMIT, |stage| {
                            let tab = stage.tab(&grip.tab);
                            tab.is_none_or(|tab| {
                                tab.navigations > navigations || tab.dialog.is_some()
                            })
                            .then_some(())
                        })
                        .await;
                }
                match self.unanswered(grip) {
                    Some(reason) => Err(failed(&reason)),
                    None => Ok(()),
                }
            }
            Some("net::ERR_ABORTED") => {
                if answer["isDownload"].as_bool() == Some(true) {
                    return Ok(());
                }
                let begun = self
                    .link
                    .wait_for(DOWNLOAD_LIMIT, |stage| {
                        (stage.downloads.len() > downloads).then_some(())
                    })
                    .await;
                begun.ok_or_else(|| failed("it gave no page: the answer was empty or given up"))
            }
            // The page of the error is the prompt's page; the stage shows the prompt.
            Some("net::ERR_INVALID_AUTH_CREDENTIALS") => Ok(()),
            Some(code) => Err(failed(&in_words(code))),
        }
    }

    fn navigations(&self, grip: &Grip) -> u64 {
        let stage = self.link.stage();
        stage.tab(&grip.tab).map_or(0, |tab| tab.navigations)
    }

    /// Why the page that came is only a proxy's word that none did.
    fn unanswered(&self, grip: &Grip) -> Option<String> {
        self.link.stage().tab(&grip.tab)?.unanswered.clone()
    }

    /// Goes some entries back (negative) or forward.
    pub(super) async fn go_in_history(&self, by: i64) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let history = self
            .link
            .router
            .call_raw(
                Some(&grip.session),
                "Page.getNavigationHistory",
                json!({}),
                CALL_LIMIT,
            )
            .await?;
        let to = history["currentIndex"].as_i64().map(|at| at + by);
        let entry = to
            .and_then(|to| usize::try_from(to).ok())
            .and_then(|to| history["entries"].get(to))
            .and_then(|entry| entry["id"].as_i64());
        let Some(entry) = entry else {
            return Err(ComputerError::Unsuitable {
                target: "the tab's history".to_owned(),
                what: if by < 0 {
                    "going back: this is its first page".to_owned()
                } else {
                    "going forward: this is its last page".to_owned()
                },
            });
        };
        self.change_page(
            &grip,
            "Page.navigateToHistoryEntry",
            json!({ "entryId": entry }),
        )
        .await
    }

    pub(super) async fn reload(&self) -> Result<(), ComputerError> {
        self.change_page(&self.grip()?, "Page.reload", json!({}))
            .await
    }

    /// Asks for another page and waits until it begins, within the document or as a new one.
    async fn change_page(
        &self,
        grip: &Grip,
        method: &str,
        params: Value,
    ) -> Result<(), ComputerError> {
        let before = self.link.stage().tab(&grip.tab).map(page_mark);
        self.link
            .router
            .call_raw(Some(&grip.session), method, params, CALL_LIMIT)
            .await?;
        let arrived = self
            .link
            .wait_for(COMMIT_LIMIT, |stage| {
                let tab = stage.tab(&grip.tab);
                let stopped = tab.is_none_or(|tab| tab.dialog.is_some());
                (stopped || tab.map(page_mark) != before).then_some(())
            })
            .await;
        if arrived.is_some() {
            return Ok(());
        }
        if let Some(reason) = self.link.stage().gone.clone() {
            return Err(ComputerError::Gone(reason));
        }
        Err(ComputerError::Navigation {
            url: grip.url.clone(),
            reason: format!("no page came within {} s", COMMIT_LIMIT.as_secs()),
        })
    }
}

/// What changes when a tab shows another page.
fn page_mark(tab: &super::super::stage::TabState) -> (u64, String) {
    let url = tab
        .frames
        .get(&tab.main_frame)
        .map_or_else(|| tab.url.clone(), |frame| frame.url.clone());
    (tab.navigations, url)
}

/// Chromium's error names (`net/base/net_error_list.h`) as a person would say them.
fn in_words(code: &str) -> String {
    let name = code.strip_prefix("net::").unwrap_or(code);
    let words = match name {
        "ERR_NAME_NOT_RESOLVED" => "no site has this name",
        "ERR_CONNECTION_REFUSED" => "nothing answers there",
        "ERR_CONNECTION_RESET" | "ERR_CONNECTION_CLOSED" | "ERR_EMPTY_RESPONSE" => {
            "the server hung up without an answer"
        }
        "ERR_CONNECTION_TIMED_OUT" | "ERR_TIMED_OUT" => "the server did not answer in time",
        "ERR_INTERNET_DISCONNECTED" | "ERR_ADDRESS_UNREACHABLE" | "ERR_NETWORK_CHANGED" => {
            "the network does not reach it"
        }
        "ERR_TOO_MANY_REDIRECTS" => "it redirects for ever",
        "ERR_UNSAFE_PORT" => "the browser refuses this port",
        "ERR_UNKNOWN_URL_SCHEME" | "ERR_INVALID_URL" => "the browser cannot open such addresses",
        "ERR_FILE_NOT_FOUND" => "there is no such file",
        "ERR_ACCESS_DENIED" => "the file may not be read",
        "ERR_BLOCKED_BY_CLIENT" | "ERR_BLOCKED_BY_ADMINISTRATOR" => "it is blocked",
        "ERR_HTTP_RESPONSE_CODE_FAILURE" => "the server answered with an error and no page",
        "ERR_PROXY_CONNECTION_FAILED" | "ERR_TUNNEL_CONNECTION_FAILED" => {
            "the proxy does not reach it"
        }
        "ERR_INVALID_RESPONSE" | "ERR_INVALID_HTTP_RESPONSE" => "what answers speaks no HTTP",
        name if name.starts_with("ERR_CERT") => "its certificate is not valid",
        name if name.starts_with("ERR_SSL") => "no secure connection to it can be made",
        _ => return format!("the browser says {name}"),
    };
    format!("{words} ({name})")
}
