//! Looking: each page is opened, written down, changed and looked at again.

use std::collections::BTreeMap;

use apprentice::computer::{Element, Observation};
use apprentice::demo::{TargetQuery, target_query};
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::pages::{Page, Pages};
use crate::settings::Settings;
use crate::stage::{Answers, Stage, Visit, number_of};

/// What happens to pages, in the order of the table. `mutations.js` does it.
pub const MUTATIONS: [&str; 15] = [
    "nothing",
    "rebuilt",
    "framework ids",
    "no test ids",
    "wrapped",
    "sections moved",
    "banners",
    "longer lists",
    "shorter lists",
    "rows shuffled",
    "duplicates",
    "redesigned",
    "small words",
    "other language",
    "removed",
];
/// What changes the order or the number of things that look alike.
const REORDERING: [&str; 5] = [
    "longer lists",
    "shorter lists",
    "rows shuffled",
    "sections moved",
    "redesigned",
];
/// Browsers at once: most of the time is waiting for pages to come to rest.
const AT_ONCE: usize = 3;
/// Controls of a page that are looked for.
const MOST_TARGETS: usize = 20;

/// A page after a change, and what was looked for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Look {
    pub source: String,
    pub page: String,
    pub family: String,
    pub mutation: String,
    pub after: Observation,
    pub targets: Vec<Sought>,
}

/// One target.
#[derive(Debug, Serialize, Deserialize)]
pub struct Sought {
    /// As it was when it was recorded.
    pub recorded: Element,
    /// Positions in the elements of what counts as it; none where it is gone.
    pub is: Vec<usize>,
    /// Whether something else on the page looked just the same but for its place, and the change is one of places: then nobody
    /// can tell which is which, and it is counted apart.
    pub twin: bool,
    /// By locator.
    pub others: BTreeMap<String, Verdict>,
}

impl Sought {
    /// What a recording keeps of it.
    pub fn query(&self) -> TargetQuery {
        target_query(&self.recorded, None)
    }
}

/// How good an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    Right,
    Wrong,
    /// Says that it does not know, or that it is not there although it is.
    Unsure,
}

/// Looks at every page after every change.
pub async fn collect(settings: &Settings) -> Result<Vec<Look>, Failure> {
    let pages = Pages::serve(&settings.pages).await?;
    let each = pages.all.len().div_ceil(AT_ONCE).max(1);
    let parts = pages.all.chunks(each);
    let parts = parts.map(|pages| look_at_all(pages, &settings.seed));
    let looks = futures::future::try_join_all(parts).await?;
    Ok(looks.into_iter().flatten().collect())
}

async fn look_at_all(pages: &[Page], seed: &str) -> Result<Vec<Look>, Failure> {
    let mut stage = Stage::open().await?;
    let mut looks = Vec::new();
    for page in pages {
        let mut changed = 0;
        for mutation in MUTATIONS {
            match look(&mut stage, page, mutation, seed).await {
                Ok(Some(look)) => {
                    changed += 1;
                    looks.push(look);
                }
                Ok(None) => {}
                // A page that cannot be changed so is told and left out.
                Err(error) => eprintln!("{} {}, {mutation}: {error}", page.source, page.name),
            }
        }
        eprintln!("{} {}: {changed} changes", page.source, page.name);
    }
    stage.close().await?;
    Ok(looks)
}

async fn look(
    stage: &mut Stage,
    page: &Page,
    mutation: &str,
    seed: &str,
) -> Result<Option<Look>, Failure> {
    let visit = stage.visit(&page.address).await?;
    let chosen = choose(&visit, &format!("{seed} {}", page.name));
    let numbers: Vec<u64> = chosen.keys().copied().collect();
    if numbers.is_empty() {
        return Ok(None);
    }
    stage.record(&visit, &numbers).await?;
    let dice = number(&format!("{seed} {} {mutation}", page.name)) as u32;
    let Some(about) = stage.mutate(&visit, mutation, dice, &numbers).await? else {
        return Ok(None);
    };
    let after = stage.look().await?;
    let is_reordered = REORDERING.contains(&mutation);
    let targets: Vec<Sought> = stage
        .answers(&visit, &about)
        .await?
        .into_iter()
        .filter_map(|answers| {
            let element = chosen.get(&answers.target)?;
            let twin = is_reordered && has_twin(element, &visit.seen);
            sought(element, twin, &answers, &after)
        })
        .collect();
    Ok((!targets.is_empty()).then(|| Look {
        source: page.source.to_owned(),
        page: page.name.clone(),
        family: page.family.clone(),
        mutation: mutation.to_owned(),
        after,
        targets,
    }))
}

/// Some controls of the main frame, by the numbers of their nodes.
fn choose<'a>(visit: &'a Visit, seed: &str) -> BTreeMap<u64, &'a Element> {
    let mut all: Vec<(u64, u64, &Element)> = visit
        .seen
        .elements
        .iter()
        .enumerate()
        .filter(|(_, element)| element.interactive && element.frame == 0)
        .filter(|(_, element)| element.bounds.width > 0.0)
        .filter_map(|(at, element)| {
            Some((
                number(&format!("{seed} {at}")),
                number_of(element)?,
                element,
            ))
        })
        .collect();
    all.sort_by_key(|(order, ..)| *order);
    all.into_iter()
        .take(MOST_TARGETS)
        .map(|(_, number, element)| (number, element))
        .collect()
}

fn sought(element: &Element, twin: bool, answers: &Answers, after: &Observation) -> Option<Sought> {
    // Braces are doubled in demonstrations; nothing here fills them.
    if serde_json::to_string(&target_query(element, None))
        .ok()?
        .contains("{{")
    {
        return None;
    }
    let is: Vec<usize> = after
        .elements
        .iter()
        .enumerate()
        .filter(|(_, element)| element.frame == 0)
        .filter(|(_, element)| number_of(element).is_some_and(|one| answers.is.contains(&one)))
        .map(|(at, _)| at)
        .collect();
    // What is there but not listed is no question of finding.
    if is.is_empty() && !answers.is.is_empty() {
        return None;
    }
    let others = answers
        .says
        .iter()
        .map(|(locator, said)| {
            let verdict = match u64::try_from(*said) {
                Err(_) => Verdict::Unsure,
                Ok(0) if answers.is.is_empty() => Verdict::Right,
                Ok(0) => Verdict::Unsure,
                Ok(node) if answers.is.contains(&node) => Verdict::Right,
                Ok(_) => Verdict::Wrong,
            };
            (locator.clone(), verdict)
        })
        .collect();
    Some(Sought {
        recorded: element.clone(),
        is,
        twin,
        others,
    })
}

/// Whether something else looks the same to a person but for where it stands.
fn has_twin(element: &Element, seen: &Observation) -> bool {
    let looks = |one: &Element| {
        let said = ["alt", "title", "aria-label", "colour", "value"]
            .map(|name| one.attributes.get(name).cloned());
        let row = one.row.as_ref();
        (
            [
                &one.role,
                &one.name,
                &one.text,
                &one.label,
                &one.placeholder,
                &one.heading,
                &one.landmark,
            ]
            .map(String::clone),
            said,
            row.map(|row| (row.texts.clone(), row.column.clone())),
        )
    };
    let own = looks(element);
    seen.elements
        .iter()
        .any(|other| other.id != element.id && other.interactive && looks(other) == own)
}

/// Both halves of the pages: for fitting, for reporting. Families stay together; each source is split for itself.
pub fn split<'a>(looks: &'a [Look], seed: &str) -> (Vec<&'a Look>, Vec<&'a Look>) {
    let mut families: Vec<(&str, u64, &str)> = looks
        .iter()
        .map(|look| {
            let order = number(&format!("{seed} {}", look.family));
            (look.source.as_str(), order, look.family.as_str())
        })
        .collect();
    families.sort_unstable();
    families.dedup();
    let mut at_source = ("", 0);
    let mut fits = Vec::new();
    for (source, _, family) in families {
        at_source = match at_source {
            (same, count) if same == source => (source, count + 1),
            _ => (source, 0),
        };
        if at_source.1 % 2 == 1 {
            fits.push(family);
        }
    }
    looks
        .iter()
        .partition(|look| fits.contains(&look.family.as_str()))
}

/// A number that looks random and follows from a text.
fn number(text: &str) -> u64 {
    let hash = blake3::hash(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first)
}
