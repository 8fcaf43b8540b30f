//! The obvious way, at its best: bare DevTools commands, each awaited; the same click, two animation frames, a capture.

use std::borrow::Cow;
use std::process::Stdio;
use std::time::{Duration, Instant};

use chromiumoxide::conn::Connection;
use chromiumoxide::types::{EventMessage, Message, Method};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Failure;
use crate::pages::name_of_target;

const START_LIMIT: Duration = Duration::from_secs(30);

/// An event that nobody looks at.
#[derive(Debug, Deserialize)]
struct Ignored {
    method: Cow<'static, str>,
}

impl Method for Ignored {
    fn identifier(&self) -> Cow<'static, str> {
        self.method.clone()
    }
}

impl EventMessage for Ignored {
    fn session_id(&self) -> Option<&str> {
        None
    }
}

/// One tab of a Chromium of its own.
pub struct Floor {
    connection: Connection<Ignored>,
    session: Option<String>,
    _browser: Child,
    _profile: tempfile::TempDir,
}

impl Floor {
    pub async fn open(url: &str) -> Result<Self, Failure> {
        let program = apprentice::computer::browser::find(None)?.path;
        let profile = tempfile::tempdir()?;
        let mut command = Command::new(program);
        command
            .args([
                "--headless",
                "--remote-debugging-port=0",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-gpu",
                "--hide-scrollbars",
                "--disable-dev-shm-usage",
                "--window-size=1280,800",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()));
        // SAFETY: geteuid cannot fail and touches no memory.
        if unsafe { libc::geteuid() } == 0 {
            command.arg("--no-sandbox");
        }
        let mut browser = command
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(browser.stderr.take().ok_or("no error output")?).lines();
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
        let mut floor = Self {
            connection: Connection::connect(&address).await?,
            session: None,
            _browser: browser,
            _profile: profile,
        };
        let target = floor
            .call("Target.createTarget", json!({ "url": "about:blank" }))
            .await?;
        let attached = floor
            .call(
                "Target.attachToTarget",
                json!({ "targetId": target["targetId"], "flatten": true }),
            )
            .await?;
        floor.session = attached["sessionId"].as_str().map(str::to_owned);
        floor
            .call(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": false }),
            )
            .await?;
        floor.call("Page.navigate", json!({ "url": url })).await?;
        floor
            .ask("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))")
            .await?;
        Ok(floor)
    }

    /// One step; its milliseconds, and the picture at its end.
    pub async fn step(&mut self, round: usize) -> Result<(f64, Vec<u8>), Failure> {
        let name = name_of_target(round);
        let place = self
            .ask(&format!(
                "(() => {{ const box = [...document.querySelectorAll('main *')].find(e => e.textContent === '{name}').getBoundingClientRect();
                return {{ x: box.x + box.width / 2, y: box.y + box.height / 2 }} }})()"
            ))
            .await?;
        let mouse = |kind: &str, button: &str| json!({ "type": kind, "x": place["x"], "y": place["y"], "button": button, "clickCount": 1 });
        let begun = Instant::now();
        for (kind, button) in [
            ("mouseMoved", "none"),
            ("mousePressed", "left"),
            ("mouseReleased", "left"),
        ] {
            self.call("Input.dispatchMouseEvent", mouse(kind, button))
                .await?;
        }
        self.ask("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            .await?;
        let picture = self
            .call(
                "Page.captureScreenshot",
                json!({ "format": "jpeg", "quality": 80, "optimizeForSpeed": true }),
            )
            .await?;
        let bytes = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            picture["data"].as_str().ok_or("no picture")?,
        )?;
        Ok((begun.elapsed().as_secs_f64() * 1000.0, bytes))
    }

    async fn ask(&mut self, expression: &str) -> Result<Value, Failure> {
        let answer = self
            .call(
                "Runtime.evaluate",
                json!({ "expression": expression, "awaitPromise": true, "returnByValue": true }),
            )
            .await?;
        Ok(answer["result"]["value"].clone())
    }

    async fn call(&mut self, method: &'static str, params: Value) -> Result<Value, Failure> {
        let session = self.session.clone().map(Into::into);
        let id = self
            .connection
            .submit_command(method.into(), session, params)?;
        while let Some(message) = self.connection.next().await {
            if let Message::Response(response) = message?
                && response.id == id
            {
                return match response.error {
                    Some(error) => Err(format!("{method}: {}", error.message).into()),
                    None => Ok(response.result.unwrap_or_default()),
                };
            }
        }
        Err(format!("{method}: the browser closed the connection").into())
    }
}
