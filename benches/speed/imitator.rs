//! How long the imitator takes for a whole decision on a page as a browser really lists it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use apprentice::computer::browser::{OpenSettings, open};
use apprentice::computer::{Action, Computer, Observation, Scope};
use apprentice::demo::Demonstration;
use apprentice::policy::imitator::{Imitator, Settings};
use apprentice::policy::{Decision, Situation};
use apprentice::workflow::Workflow;

use crate::Failure;

/// Milliseconds of each of some decisions on the page, and how many elements it listed.
pub async fn decisions(
    origin: &str,
    elements: usize,
    times: usize,
) -> Result<(usize, Vec<f64>), Failure> {
    let seen = whole_page(&format!("{origin}/{elements}")).await?;
    let imitator = imitator(origin, &seen, elements)?;
    let goal = format!("press Item {}", elements - 1);
    let situation = Situation {
        goal: &goal,
        parameters: &BTreeMap::new(),
        remembered: &BTreeMap::new(),
        observation: &seen,
        downloads: Path::new("."),
        history: &[],
    };
    let mut millis = Vec::with_capacity(times);
    for _ in 0..times {
        let begun = Instant::now();
        let decision = imitator.next(&situation);
        millis.push(begun.elapsed().as_secs_f64() * 1000.0);
        if !matches!(decision, Decision::Act(_)) {
            return Err(format!("it did not act but decided {decision:?}").into());
        }
    }
    Ok((seen.elements.len(), millis))
}

async fn whole_page(url: &str) -> Result<Observation, Failure> {
    let folder = tempfile::tempdir()?;
    let mut browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        ..OpenSettings::default()
    })
    .await?;
    let navigate = Action::Navigate {
        url: url.to_owned(),
    };
    browser.perform(&navigate).await?;
    let seen = browser.observe(Scope::Whole).await?;
    browser.close().await?;
    Ok(seen)
}

/// One that was shown to press the page's last button, with everything that a recording keeps of a target.
fn imitator(origin: &str, seen: &Observation, elements: usize) -> Result<Imitator, Failure> {
    let name = format!("Item {}", elements - 1);
    let button = seen
        .elements
        .iter()
        .find(|element| element.name == name)
        .ok_or("the page's last button is not listed")?;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let text = format!(
        "format = \"1.0\"\nworkflow = \"press\"\ngoal = {goal}\nstart = \"{{site:page}}/{elements}\"\n
[sites]\npage = {origin}\n
[[step]]\ndo = \"click\"\n
[step.target]\nrole = {role}\nname = {name}\ntext = {text}\ntag = {tag}\npath = {path}\nleft = {left}\nabove = {above}\n
[step.target.attributes]\nid = {id}\n",
        goal = quoted(&format!("press {name}")),
        origin = quoted(origin),
        role = quoted(&button.role),
        name = quoted(&name),
        text = quoted(&button.text),
        tag = quoted(&button.tag),
        path = quoted(&button.path),
        left = quoted(&button.neighbours.left),
        above = quoted(&button.neighbours.above),
        id = quoted(button.attributes.get("id").map_or("", String::as_str)),
    );
    let demonstration = Demonstration::parse("press.toml", &text)?;
    let workflow = Workflow::from_takes(vec![("shown".to_owned(), demonstration)])?;
    Ok(Imitator::new(
        workflow,
        Settings {
            sites: BTreeMap::new(),
            reference_date: jiff::civil::date(2026, 1, 1),
        },
    ))
}
