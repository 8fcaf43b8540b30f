//! The browser as a run has it, and a second way into it for the scripts that change pages and ask the other locators.
//!
//! Both work in the observer's own world: the number of a node there is what an element's id ends with, so that an element
//! before and after a change is known to be the same without a mark that a locator could see.

use std::time::Duration;

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Action, Computer as _, Element, Observation, Scope};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Failure;
use crate::devtools::DevTools;

const MUTATIONS: &str = include_str!("mutations.js");
const RIVALS: &str = include_str!("rivals.js");
/// The name of the world that the observer lives in.
const WORLD: &str = "observer";
/// How long a new document may take until its world is told.
const LIMIT: Duration = Duration::from_secs(20);
/// How long until it is looked for again.
const AGAIN: Duration = Duration::from_millis(5);

pub struct Stage {
    browser: Browser,
    devtools: DevTools,
    session: String,
    /// The main frame's id.
    frame: String,
    _profile: tempfile::TempDir,
    _downloads: tempfile::TempDir,
}

/// What the other locators say of one target.
#[derive(Debug, Deserialize)]
pub struct Answers {
    pub target: u64,
    /// The nodes that count as it.
    pub is: Vec<u64>,
    /// By locator: a node, 0 for none, -1 for several.
    pub says: std::collections::BTreeMap<String, i64>,
}

impl Stage {
    pub async fn open() -> Result<Self, Failure> {
        let (profile, downloads) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let browser = open(OpenSettings {
            profile: Some(profile.path().to_owned()),
            downloads: downloads.path().to_owned(),
            ..OpenSettings::default()
        })
        .await?;
        // Chromium writes down where it listens: the port, then the path.
        let listens = std::fs::read_to_string(profile.path().join("DevToolsActivePort"))?;
        let mut lines = listens.lines();
        let (port, path) = (
            lines.next().unwrap_or_default(),
            lines.next().unwrap_or_default(),
        );
        let devtools = DevTools::try_connect(&format!("ws://127.0.0.1:{port}{path}")).await?;
        let targets = devtools.call(None, "Target.getTargets", json!({})).await?;
        let page = targets["targetInfos"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["type"] == "page"))
            .and_then(|page| page["targetId"].as_str())
            .ok_or("the browser has no page")?
            .to_owned();
        let session = devtools.attach(&page).await;
        devtools
            .call(Some(&session), "Runtime.enable", json!({}))
            .await?;
        Ok(Self {
            browser,
            devtools,
            session,
            // A tab's main frame has the tab's id.
            frame: page,
            _profile: profile,
            _downloads: downloads,
        })
    }

    /// Opens a page in a new document.
    pub async fn visit(&mut self, address: &str) -> Result<Visit, Failure> {
        let before = self.worlds().len();
        let navigate = Action::Navigate {
            url: address.to_owned(),
        };
        self.browser.perform(&navigate).await?;
        let seen = self.browser.observe(Scope::Whole).await?;
        let world = tokio::time::timeout(LIMIT, async {
            loop {
                let worlds = self.worlds();
                if let Some(world) = worlds.get(before..).and_then(<[i64]>::last) {
                    break *world;
                }
                tokio::time::sleep(AGAIN).await;
            }
        })
        .await
        .map_err(|_| format!("{address} has no world"))?;
        let visit = Visit { world, seen };
        self.ask::<Value>(&visit, &format!("{MUTATIONS}\n{RIVALS}\nnull"))
            .await?;
        Ok(visit)
    }

    pub async fn look(&mut self) -> Result<Observation, Failure> {
        Ok(self.browser.observe(Scope::Whole).await?)
    }

    /// Every tool writes the targets down.
    pub async fn record(&self, visit: &Visit, targets: &[u64]) -> Result<(), Failure> {
        self.ask::<Value>(visit, &format!("rivals.record({}) ?? null", json!(targets)))
            .await?;
        Ok(())
    }

    /// Changes the page; the targets that the change is about, `None` where the page has nothing to change.
    pub async fn mutate(
        &self,
        visit: &Visit,
        name: &str,
        seed: u32,
        targets: &[u64],
    ) -> Result<Option<Vec<u64>>, Failure> {
        let call = format!("mutate({}, {seed}, {})", json!(name), json!(targets));
        self.ask(visit, &call).await
    }

    pub async fn answers(&self, visit: &Visit, targets: &[u64]) -> Result<Vec<Answers>, Failure> {
        self.ask(visit, &format!("rivals.answers({})", json!(targets)))
            .await
    }

    pub async fn close(mut self) -> Result<(), Failure> {
        Ok(self.browser.close().await?)
    }

    /// The observer's worlds in the main frame that were told so far, oldest first.
    fn worlds(&self) -> Vec<i64> {
        self.devtools
            .events("Runtime.executionContextCreated")
            .iter()
            .map(|event| &event["params"]["context"])
            .filter(|context| {
                context["name"] == WORLD && context["auxData"]["frameId"] == self.frame.as_str()
            })
            .filter_map(|context| context["id"].as_i64())
            .collect()
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        visit: &Visit,
        expression: &str,
    ) -> Result<T, Failure> {
        let params =
            json!({ "expression": expression, "contextId": visit.world, "returnByValue": true });
        let answer = self
            .devtools
            .call(Some(&self.session), "Runtime.evaluate", params)
            .await?;
        if let Some(details) = answer.get("exceptionDetails") {
            let said = &details["exception"]["description"];
            return Err(said.as_str().unwrap_or("the script threw").into());
        }
        Ok(serde_json::from_value(answer["result"]["value"].clone())?)
    }
}

/// A page that was opened.
pub struct Visit {
    world: i64,
    /// As it was at first.
    pub seen: Observation,
}

/// The number of an element's node in its world.
pub fn number_of(element: &Element) -> Option<u64> {
    element.id.0.split_once(':')?.1.parse().ok()
}
