//! Starts an application in a temporary folder on a free port of loopback, and ends it by its process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::Failure;

/// How long an application may take until it listens, on a machine that is busy with others.
const START_LIMIT: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum App {
    /// Roundup: forms, plain pages.
    Tracker,
    /// django-oscar: log-in, basket, checkout, payment.
    Shop,
    /// TiddlyWiki: one page, notes saved as JSON by its scripts.
    Wiki,
}

impl App {
    /// Also the name of its site in demonstrations.
    pub fn name(self) -> &'static str {
        match self {
            App::Tracker => "tracker",
            App::Shop => "shop",
            App::Wiki => "wiki",
        }
    }
}

/// How an application looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// As it was shown.
    Shown,
    /// The same pages in other clothes: another style sheet, another theme.
    Restyled,
    /// In German, as far as the application speaks it. What people wrote stays as they wrote it.
    German,
}

impl Look {
    pub fn name(self) -> &'static str {
        match self {
            Look::Shown => "shown",
            Look::Restyled => "restyled",
            Look::German => "german",
        }
    }
}

/// An application that answers; it ends when this is dropped.
pub struct Served {
    pub app: App,
    /// Where a person would begin.
    pub address: String,
    folder: TempDir,
    _process: Child,
}

/// Where `scripts/setup-apps` put the applications.
fn installed() -> Result<PathBuf, Failure> {
    let folder = repository().join(".models/apps");
    match folder.join("VERSION").is_file() {
        true => Ok(folder),
        false => {
            Err("the applications that this needs are not installed: run scripts/setup-apps".into())
        }
    }
}

pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Python with the applications' packages.
pub fn python() -> Result<PathBuf, Failure> {
    Ok(installed()?.join("venv/bin/python"))
}

impl Served {
    /// Starts a fresh copy, and waits until it listens.
    ///
    /// # Errors
    /// Where the applications are not installed, or this one does not come up.
    pub async fn start(app: App, look: Look) -> Result<Self, Failure> {
        let installed = installed()?;
        let fixtures = repository().join("tests/fixtures/apps");
        let folder = tempfile::tempdir()?;
        let mut command = match app {
            App::Tracker => {
                let mut command = Command::new(python()?);
                command
                    .arg(fixtures.join("tracker.py"))
                    .args([folder.path().as_os_str(), look.name().as_ref()]);
                command
            }
            App::Shop => {
                copy(&installed.join("shop"), folder.path())?;
                let mut command = Command::new(python()?);
                command
                    .args(["-W", "ignore"])
                    .arg(fixtures.join("shop/serve.py"))
                    .args([folder.path().as_os_str(), look.name().as_ref()]);
                command
            }
            App::Wiki => {
                copy(&fixtures.join("wiki"), folder.path())?;
                if look != Look::Shown {
                    copy(
                        &fixtures.join("wiki-looks").join(look.name()),
                        folder.path(),
                    )?;
                }
                let mut command = Command::new("node");
                command
                    .arg(installed.join("wiki/node_modules/tiddlywiki/tiddlywiki.js"))
                    .arg(folder.path())
                    .args(["--listen", "host=127.0.0.1", "port=0"]);
                command
            }
        };
        let said = std::fs::File::create(folder.path().join("stderr"))?;
        let mut process = command
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(said)
            .kill_on_drop(true)
            .spawn()
            .map_err(|e| format!("{} could not be started: {e}", app.name()))?;
        let output = process.stdout.take().ok_or("no output")?;
        let address = tokio::time::timeout(START_LIMIT, address(output))
            .await
            .ok()
            .flatten();
        let Some(address) = address else {
            let said = std::fs::read_to_string(folder.path().join("stderr")).unwrap_or_default();
            return Err(format!("{} never said where it listens:\n{said}", app.name()).into());
        };
        Ok(Self {
            app,
            address,
            folder,
            _process: process,
        })
    }

    pub fn origin(&self) -> String {
        url::Url::parse(&self.address)
            .map(|url| url.origin().ascii_serialization())
            .unwrap_or_default()
    }

    /// Where its database is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The address that an application says it listens at. What it says afterwards is read and dropped, so that it never waits.
async fn address(output: tokio::process::ChildStdout) -> Option<String> {
    let mut lines = BufReader::new(output).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let found = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"));
        if let Some(found) = found {
            let found = found.to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some(found);
        }
    }
    None
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => {
                std::fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}
