//! Shows each workflow to `apprentice record` and keeps what it wrote, with nothing named but the site: `make record-apps`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Computer, Scope};
use apprentice::demo::Demonstration;

use crate::Failure;
use crate::apps::attempt::demonstrations;
use crate::apps::database::{Fact, lines};
use crate::apps::serve::{App, Look, Served};
use crate::hand::{self, Deed};
use crate::shown::Shown;

/// How long the recorder may take to be at the first page.
const LIMIT: Duration = Duration::from_secs(60);

/// A job as it is shown to the recorder.
pub struct Showing<'a> {
    pub workflow: &'a str,
    pub goal: &'a str,
    pub start: &'a str,
    /// Origins by the names that the demonstration gives them.
    pub sites: BTreeMap<String, String>,
    pub deeds: Vec<Deed>,
}

/// Records one workflow on a fresh application and writes its demonstration.
pub async fn record(shown: &Shown) -> Result<PathBuf, Failure> {
    let served = Served::start(shown.app, Look::Shown).await?;
    let showing = Showing {
        workflow: shown.workflow,
        goal: shown.goal,
        start: &served.address,
        sites: BTreeMap::from([(shown.app.name().to_owned(), served.origin())]),
        deeds: shown.deeds(),
    };
    let before = lines(&served, Fact::Notes).await.unwrap_or_default();
    let deadline = Instant::now() + LIMIT;
    let saved = async |browser: &mut Browser| {
        // The wiki saves a moment later; a person stays until it has.
        while served.app == App::Wiki && lines(&served, Fact::Notes).await? == before {
            if Instant::now() > deadline {
                return Err("what was shown was never saved".into());
            }
            browser.observe(Scope::NearView).await?;
        }
        Ok(())
    };
    show(&showing, &demonstrations(), "first", saved).await
}

/// Does the deeds while `apprentice record` listens, waits for what `afterwards` waits for, and keeps the take in `library`.
pub async fn show(
    showing: &Showing<'_>,
    library: &Path,
    take: &str,
    afterwards: impl AsyncFnOnce(&mut Browser) -> Result<(), Failure>,
) -> Result<PathBuf, Failure> {
    let folder = tempfile::tempdir()?;
    let mut browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        ..OpenSettings::default()
    })
    .await?;
    let recorded = watched(showing, folder.path(), &mut browser, afterwards).await;
    browser.end().await;
    let written = recorded?;
    let text = std::fs::read_to_string(&written)?;
    let demonstration = Demonstration::parse(showing.workflow, &text)?;
    keep(&written, demonstration, library, take)
}

/// The person works while the recorder listens; the file that it wrote.
async fn watched(
    showing: &Showing<'_>,
    folder: &Path,
    browser: &mut Browser,
    afterwards: impl AsyncFnOnce(&mut Browser) -> Result<(), Failure>,
) -> Result<PathBuf, Failure> {
    let sites = showing.sites.iter();
    let mut recorder = Command::new(env!("CARGO_BIN_EXE_apprentice"))
        .args(["record", showing.workflow, showing.start])
        .args(["--goal", showing.goal])
        .args(sites.map(|(name, origin)| format!("--site={name}={origin}")))
        .arg("--connect")
        .arg(browser.address().ok_or("a browser of our own")?)
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let said = BufReader::new(recorder.stderr.take().ok_or("no errors")?).lines();
    let worked = async {
        work(showing, browser).await?;
        afterwards(browser).await
    }
    .await;
    // SAFETY: a signal to the child that was started above, which has not been waited for.
    unsafe {
        libc::kill(recorder.id() as i32, libc::SIGINT);
    }
    let said: Vec<String> = said.map_while(Result::ok).collect();
    let ended = recorder.wait()?;
    worked.map_err(|e| format!("{e}\nheard: {said:#?}"))?;
    if !ended.success() {
        return Err(format!("the recorder failed: {said:#?}").into());
    }
    for line in said {
        println!("    {line}");
    }
    Ok(folder
        .join("demos")
        .join(showing.workflow)
        .join("first.toml"))
}

async fn work(showing: &Showing<'_>, browser: &mut Browser) -> Result<(), Failure> {
    let deadline = Instant::now() + LIMIT;
    while !browser
        .observe(Scope::NearView)
        .await?
        .url
        .starts_with(showing.start)
    {
        if Instant::now() > deadline {
            return Err("the recorder never went to the first page".into());
        }
        tokio::task::yield_now().await;
    }
    hand::perform(browser, &showing.deeds).await
}

/// Puts the take into the repository, which keeps words and not pictures: what each page showed, without its screenshot.
fn keep(
    written: &Path,
    mut demonstration: Demonstration,
    library: &Path,
    take: &str,
) -> Result<PathBuf, Failure> {
    let home = library.join(&demonstration.workflow);
    let (file, pages) = (home.join(format!("{take}.toml")), home.join(take));
    if pages.exists() {
        std::fs::remove_dir_all(&pages)?;
    }
    std::fs::create_dir_all(&pages)?;
    // The port was that of the day.
    for (name, origin) in &mut demonstration.sites {
        *origin = format!("https://{name}.example");
    }
    for step in &mut demonstration.steps {
        step.picture = None;
    }
    let seen = demonstration.steps.iter().map(|step| &step.seen);
    for name in seen.chain([&demonstration.seen]).flatten() {
        std::fs::copy(written.with_extension("").join(name), pages.join(name))?;
    }
    std::fs::write(&file, demonstration.to_toml())?;
    Ok(file)
}
