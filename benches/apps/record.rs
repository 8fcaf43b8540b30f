//! Shows each workflow to `apprentice record` and keeps what it wrote, with names in place of what varies: `make record-apps`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Computer, Scope};
use apprentice::demo::{Demonstration, Parameter};
use serde_json::Value;

use crate::Failure;
use crate::apps::attempt::demonstrations;
use crate::apps::database::{Fact, lines};
use crate::apps::serve::{App, Served};
use crate::hand;
use crate::shown::Shown;

/// How long the recorder may take to be at the first page.
const LIMIT: Duration = Duration::from_secs(60);

/// Records one workflow on a fresh application and writes its demonstration.
pub async fn record(shown: &Shown) -> Result<PathBuf, Failure> {
    let served = Served::start(shown.app).await?;
    let folder = tempfile::tempdir()?;
    let mut browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        ..OpenSettings::default()
    })
    .await?;
    let recorded = watched(shown, &served, folder.path(), &mut browser).await;
    browser.end().await;
    let text = std::fs::read_to_string(recorded?)?;
    let demonstration = Demonstration::parse(shown.workflow, &text)?;
    let named = name(shown, &served.origin(), demonstration)?;
    let file = demonstrations().join(shown.workflow).join("first.toml");
    std::fs::create_dir_all(file.parent().ok_or("a file in a folder")?)?;
    std::fs::write(&file, named.to_toml())?;
    Ok(file)
}

/// The person works while the recorder listens; the file that it wrote.
async fn watched(
    shown: &Shown,
    served: &Served,
    folder: &Path,
    browser: &mut Browser,
) -> Result<PathBuf, Failure> {
    let mut recorder = Command::new(env!("CARGO_BIN_EXE_apprentice"))
        .args(["record", shown.workflow, &served.address])
        .args(["--goal", shown.goal, "--connect"])
        .arg(browser.address().ok_or("a browser of our own")?)
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_CONFIG_HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let said = BufReader::new(recorder.stderr.take().ok_or("no errors")?).lines();
    let worked = work(shown, served, browser).await;
    // SAFETY: a signal to the child that was started above, which has not been waited for.
    unsafe {
        libc::kill(recorder.id() as i32, libc::SIGINT);
    }
    let said: Vec<String> = said.map_while(Result::ok).collect();
    let ended = recorder.wait()?;
    worked?;
    if !ended.success() {
        return Err(format!("the recorder failed: {said:#?}").into());
    }
    for line in said {
        println!("    {line}");
    }
    Ok(folder.join("demos").join(shown.workflow).join("first.toml"))
}

async fn work(shown: &Shown, served: &Served, browser: &mut Browser) -> Result<(), Failure> {
    let deadline = Instant::now() + LIMIT;
    while !browser
        .observe(Scope::NearView)
        .await?
        .url
        .starts_with(&served.origin())
    {
        if Instant::now() > deadline {
            return Err("the recorder never went to the first page".into());
        }
        tokio::task::yield_now().await;
    }
    let before = lines(served, Fact::Notes).await.unwrap_or_default();
    hand::perform(browser, &shown.deeds()).await?;
    // The wiki saves a moment later; a person stays until it has.
    while served.app == App::Wiki && lines(served, Fact::Notes).await? == before {
        if Instant::now() > deadline {
            return Err("what was shown was never saved".into());
        }
        browser.observe(Scope::NearView).await?;
    }
    Ok(())
}

/// What a person does with the file afterwards: the site gets a name, and so does each value that varies.
fn name(
    shown: &Shown,
    origin: &str,
    demonstration: Demonstration,
) -> Result<Demonstration, Failure> {
    let site = shown.app.name();
    let mut value = serde_json::to_value(&demonstration)?;
    replace(&mut value, origin, &format!("{{site:{site}}}"));
    // The longest first: one example may be a part of another.
    let mut parameters = shown.parameters.to_vec();
    parameters.sort_by_key(|(_, example)| std::cmp::Reverse(example.len()));
    for (name, example) in parameters {
        replace(&mut value["step"], example, &format!("{{{name}}}"));
    }
    let mut named: Demonstration = serde_json::from_value(value)?;
    shown.goal.clone_into(&mut named.goal);
    named
        .sites
        .insert(site.to_owned(), format!("https://{site}.example"));
    for (name, example) in shown.parameters {
        named.parameters.insert(
            (*name).to_owned(),
            Parameter {
                example: Some((*example).to_owned()),
                ..Parameter::default()
            },
        );
    }
    for (name, secret) in shown.secrets {
        let Some(parameter) = named.parameters.get_mut(*name) else {
            return Err(format!("no secret {name} was recorded: {:?}", named.parameters).into());
        };
        parameter.secret = Some((*secret).to_owned());
    }
    for step in &mut named.steps {
        // The repository keeps words, not pictures.
        step.picture = None;
        // A row that a parameter names needs nothing else: the other texts are those of what was shown.
        if let Some(target) = &mut step.target
            && target.row.iter().any(|text| text.contains('{'))
        {
            target.row.retain(|text| text.contains('{'));
        }
    }
    Ok(named)
}

fn replace(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::String(text) => *text = text.replace(from, to),
        Value::Array(all) => all.iter_mut().for_each(|one| replace(one, from, to)),
        Value::Object(all) => all.values_mut().for_each(|one| replace(one, from, to)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
