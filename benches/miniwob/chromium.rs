//! A browser that stays: runs and recordings connect to it, so that an episode costs no start of a browser.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Mutex;

use crate::Failure;
use crate::devtools::DevTools;
use crate::pages::Visit;

const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a page may take until its episode has begun.
const PAGE_LIMIT: Duration = Duration::from_secs(20);
/// How long until a page is looked for again.
const AGAIN: Duration = Duration::from_millis(10);

/// The view in which BrowserGym shows these pages, in CSS pixels.
pub const VIEW: &str = "500x320";
const WINDOW: &str = "--window-size=500,320";
const WIDTH: u32 = 500;
const HEIGHT: u32 = 320;

/// Says when the episode of a visit has begun in the page.
fn begun(visit: &Visit) -> String {
    format!(
        "new Promise((done) => {{
            const begun = () => location.search.endsWith('={}') && globalThis.core?.sentence && core.ept0 && WOB_TASK_READY;
            const look = () => begun() ? done(true) : setTimeout(look, 5);
            look();
        }})",
        visit.token
    )
}

/// The browser: `CHROME`, else Chromium's headless shell, whose contexts cost two thirds of a whole browser's, else what runs use.
fn program() -> Result<PathBuf, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut shells =
        std::env::split_paths(&path).map(|folder| folder.join("chromium-headless-shell"));
    let shell = shells.find(|shell| shell.is_file());
    match shell.filter(|_| std::env::var_os("CHROME").is_none()) {
        Some(shell) => Ok(shell),
        None => Ok(apprentice::computer::browser::find(None)?.path),
    }
}

/// A headless Chromium of its own, which ends with this value.
#[derive(Debug)]
pub struct Chromium {
    /// Its DevTools socket.
    pub address: String,
    pub devtools: DevTools,
    /// Where pages are only looked at.
    reading: Mutex<Option<Tab>>,
    process: Child,
    _profile: tempfile::TempDir,
}

impl Chromium {
    pub async fn start() -> Result<Self, Failure> {
        let program = program()?;
        let profile = tempfile::tempdir()?;
        let mut command = Command::new(program);
        command
            .args([
                "--headless",
                "--remote-debugging-port=0",
                "--no-first-run",
                "--no-default-browser-check",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-dev-shm-usage",
                "--disable-background-timer-throttling",
                "--disable-backgrounding-occluded-windows",
                "--disable-renderer-backgrounding",
                // As the program starts one: roles and names are the browser's own.
                "--enable-blink-features=ComputedAccessibilityInfo",
                "--lang=en-US",
                WINDOW,
                // Every context is a window with an address bar that nobody sees, and its menus are pages of their own: a third
                // of all work.
                "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,Translate,MediaRouter,OptimizationHints",
                "--disable-extensions",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()));
        // SAFETY: geteuid cannot fail and touches no memory.
        if unsafe { libc::geteuid() } == 0 {
            command.arg("--no-sandbox");
        }
        let mut process = command
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .process_group(0)
            .spawn()?;
        let mut lines = BufReader::new(process.stderr.take().ok_or("no error output")?).lines();
        let address = tokio::time::timeout(START_LIMIT, async {
            while let Some(line) = lines.next_line().await? {
                if let Some(address) = line.strip_prefix("DevTools listening on ") {
                    return Ok::<_, Failure>(address.trim().to_owned());
                }
            }
            Err("the browser ended without a DevTools address".into())
        })
        .await??;
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self {
            devtools: DevTools::connect(&address).await?,
            address,
            reading: Mutex::default(),
            process,
            _profile: profile,
        })
    }

    /// Opens a page of an episode in a context of its own.
    pub async fn open(&self, visit: &Visit) -> Result<Tab, Failure> {
        let made = self
            .devtools
            .call(None, "Target.createBrowserContext", json!({}))
            .await?;
        let context = made["browserContextId"].as_str().ok_or("no context")?;
        self.devtools
            .call(
                None,
                "Target.createTarget",
                json!({
                    "url": visit.address, "browserContextId": context, "width": WIDTH, "height": HEIGHT,
                }),
            )
            .await?;
        let session = self.find(visit).await?;
        Ok(Tab {
            session,
            context: context.to_owned(),
        })
    }

    /// What a page says to an expression once its episode has begun. Costs a third of a page in a context of its own.
    pub async fn read(&self, visit: &Visit, expression: &str) -> Result<Value, Failure> {
        let mut reading = self.reading.lock().await;
        let tab = match reading.take() {
            None => self.open(visit).await?,
            Some(tab) => {
                self.devtools
                    .call(
                        Some(&tab.session),
                        "Page.navigate",
                        json!({ "url": visit.address }),
                    )
                    .await?;
                self.wait_for(&tab.session, visit).await?;
                tab
            }
        };
        let said = self.devtools.ask(&tab.session, expression).await;
        *reading = Some(tab);
        said
    }

    /// Leaves one empty page, in front: the recorder listens in the tab that it finds there.
    pub async fn clear(&self) -> Result<(), Failure> {
        self.reading.lock().await.take();
        let made = self
            .devtools
            .call(None, "Target.createTarget", json!({ "url": "about:blank" }))
            .await?;
        let others = async || -> Result<Vec<Value>, Failure> {
            let listed = self
                .devtools
                .call(None, "Target.getTargets", json!({}))
                .await?;
            let pages = listed["targetInfos"].as_array().into_iter().flatten();
            let others = pages
                .filter(|one| one["type"] == "page" && one["targetId"] != made["targetId"])
                .map(|one| one["targetId"].clone());
            Ok(others.collect())
        };
        for page in others().await? {
            // One that is closing already need not be closed.
            let _ = self
                .devtools
                .call(None, "Target.closeTarget", json!({ "targetId": page }))
                .await;
        }
        // A page that is still closing would be taken for the one to listen in.
        tokio::time::timeout(PAGE_LIMIT, async {
            while !others().await?.is_empty() {
                tokio::time::sleep(AGAIN).await;
            }
            Ok(())
        })
        .await
        .map_err(|_| "the pages of the last recording do not close")?
    }

    /// Closes a page that [`Chromium::open`] opened.
    pub async fn close(&self, tab: Tab) -> Result<(), Failure> {
        self.devtools
            .call(
                None,
                "Target.disposeBrowserContext",
                json!({ "browserContextId": tab.context }),
            )
            .await?;
        Ok(())
    }

    /// The session of the page with this address, whoever opened it, once its episode has begun.
    pub async fn find(&self, visit: &Visit) -> Result<String, Failure> {
        tokio::time::timeout(PAGE_LIMIT, async {
            let target = loop {
                let listed = self
                    .devtools
                    .call(None, "Target.getTargets", json!({}))
                    .await?;
                let all = listed["targetInfos"].as_array().cloned();
                let found = all
                    .unwrap_or_default()
                    .into_iter()
                    .find(|one| one["url"] == visit.address.as_str());
                if let Some(found) = found {
                    break found["targetId"].clone();
                }
                tokio::time::sleep(AGAIN).await;
            };
            let attached = self
                .devtools
                .call(
                    None,
                    "Target.attachToTarget",
                    json!({ "targetId": target, "flatten": true }),
                )
                .await?;
            let session = attached["sessionId"].as_str().ok_or("no session")?;
            self.wait_for(session, visit).await?;
            Ok(session.to_owned())
        })
        .await
        .map_err(|_| never_began(visit))?
    }

    async fn wait_for(&self, session: &str, visit: &Visit) -> Result<(), Failure> {
        let begun = begun(visit);
        tokio::time::timeout(PAGE_LIMIT, async {
            // The document may be exchanged while it is asked.
            while self.devtools.ask(session, &begun).await.is_err() {
                tokio::time::sleep(AGAIN).await;
            }
        })
        .await
        .map_err(|_| never_began(visit).into())
    }
}

fn never_began(visit: &Visit) -> String {
    format!("the episode of {} never began", visit.address)
}

/// A page that was opened here.
#[derive(Debug)]
pub struct Tab {
    pub session: String,
    context: String,
}

impl Drop for Chromium {
    fn drop(&mut self) {
        if let Some(leader) = self.process.id() {
            // SAFETY: a signal to the group that was made for this child, which has not been waited for.
            unsafe {
                libc::kill(-(leader as i32), libc::SIGKILL);
            }
        }
    }
}
