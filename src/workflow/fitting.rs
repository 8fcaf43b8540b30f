//! Which of the library's workflows a goal asks for: the one that explains all of the goal, and that the goal asks for whole.
//!
//! In two turns, so that a library may be large: the words that goals share say which few workflows are likely, and only those are
//! understood and read, as long as another may still fit better.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use url::Url;

use super::Workflow;
use super::goal::{MARGIN, Reading, is_filler};
use crate::demo::library::Heading;

/// So many workflows are understood for one goal.
const MOST_READ: usize = 8;
/// So many words have to be said as they were shown: one alone, as in "select Ray", is said of many jobs. On its page one is
/// enough.
const LEAST_SHARED: usize = 2;
/// With less than this part of the words in common, nothing that was shown is like the goal.
const NEAR: f64 = 0.4;

/// What a library has for a goal. Numbers are places among the workflows that were read.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit {
    /// This one, without a doubt.
    One(usize),
    /// Each of these alike.
    Several(Vec<usize>),
    /// This one is nearest, and shows something else; without a difference, it shows too little to tell.
    Near(usize, Vec<Difference>),
    /// Nothing that is shown is like it.
    None,
}

/// What was read of a library for a goal, likeliest first, and what comes of it.
#[derive(Debug)]
pub struct Found<W> {
    pub read: Vec<W>,
    pub fit: Fit,
}

/// In what a goal and what was shown differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Words of the goal that nothing shows.
    NotShown(String),
    /// A word that was shown and that the goal does not say.
    NotSaid(String),
}

/// The workflows whose goals share most with this one, likeliest first, each with how many words that say something it has in
/// common with the goal at most.
fn likely(headings: &[Heading], goal: &str) -> Vec<(usize, usize)> {
    let distinct = |text: &str| -> BTreeSet<String> { words(text).collect() };
    let shown: Vec<Vec<BTreeSet<String>>> = headings
        .iter()
        .map(|heading| heading.goals.iter().map(|goal| distinct(goal)).collect())
        .collect();
    let mut holders: BTreeMap<&str, usize> = BTreeMap::new();
    for goals in &shown {
        let all: BTreeSet<&str> = goals.iter().flatten().map(String::as_str).collect();
        for word in all {
            *holders.entry(word).or_default() += 1;
        }
    }
    // What many workflows say tells little (Spärck Jones 1972).
    let weight = |word: &str| {
        let held = holders.get(word).copied().unwrap_or_default();
        (1.0 + headings.len() as f64 / (1.0 + held as f64)).ln()
    };
    let wanted = distinct(goal);
    let weigh = |words: &BTreeSet<String>| words.iter().map(|word| weight(word)).sum::<f64>();
    let all = weigh(&wanted);
    let alike = |shown: &BTreeSet<String>| {
        let shared: f64 = shown.intersection(&wanted).map(|word| weight(word)).sum();
        shared / (all * weigh(shown)).sqrt().max(f64::MIN_POSITIVE)
    };
    let mut ranked: Vec<(f64, usize)> = shown
        .iter()
        .enumerate()
        .map(|(at, goals)| (goals.iter().map(alike).fold(0.0, f64::max), at))
        .filter(|(alike, _)| *alike > 0.0)
        .collect();
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    ranked
        .into_iter()
        .take(MOST_READ)
        .map(|(_, at)| (at, in_common(&headings[at], goal)))
        .collect()
}

/// How many words of the goal one of the heading's goals has, fillers aside; one that stands there twice counts twice.
fn in_common(heading: &Heading, goal: &str) -> usize {
    let wanted: Vec<String> = words(goal).filter(|word| !is_filler(word)).collect();
    let shared = |shown: &String| {
        let mut left: Vec<String> = words(shown).collect();
        let mut take = |word: &&String| {
            let place = left.iter().position(|one| one == *word);
            place.map(|place| left.swap_remove(place)).is_some()
        };
        wanted.iter().filter(|word| take(word)).count()
    };
    heading.goals.iter().map(shared).max().unwrap_or_default()
}

fn words(text: &str) -> impl Iterator<Item = String> {
    let text = text.to_lowercase();
    let all: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    all.into_iter()
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub goal: &'a str,
    /// The page to start on, where it was said.
    pub start: Option<&'a str>,
    /// Origins by name, in place of the demonstrations' own.
    pub sites: &'a BTreeMap<String, String>,
    pub today: Date,
}

/// Finds the workflow that is asked for. `understand` makes one of the library ready, by its name; one that it cannot make
/// ready is passed over.
pub fn find<W: Borrow<Workflow>>(
    headings: &[Heading],
    request: &Request<'_>,
    mut understand: impl FnMut(&str) -> Option<W>,
) -> Found<W> {
    let mut found = Found {
        read: Vec::new(),
        fit: Fit::None,
    };
    let mut readings: Vec<Reading> = Vec::new();
    let mut most = 0;
    for (at, at_most) in likely(headings, request.goal) {
        // What has fewer words in common than one that fits already cannot fit better. On a page, fewer are enough.
        if at_most < most && request.start.is_none() {
            continue;
        }
        let Some(workflow) = understand(&headings[at].name) else {
            continue;
        };
        let reading = workflow.borrow().read_goal(request.goal, request.today);
        if is_whole(workflow.borrow(), &reading) {
            most = most.max(reading.shared);
        }
        found.read.push(workflow);
        readings.push(reading);
    }
    found.fit = fit(&found.read, &readings, request);
    found
}

fn fit<W: Borrow<Workflow>>(read: &[W], readings: &[Reading], request: &Request<'_>) -> Fit {
    let is_there = |at: &usize| {
        let address = read[*at].borrow().start_url(request.sites);
        request
            .start
            .is_some_and(|start| same_page(start, &address))
    };
    let fitting = |readings: &[Reading], least: usize| -> Vec<usize> {
        (0..readings.len())
            .filter(|at| is_whole(read[*at].borrow(), &readings[*at]))
            .filter(|at| shown(&readings[*at]) >= least)
            .collect()
    };
    let there = |readings: &[Reading]| -> Vec<usize> {
        fitting(readings, 1).into_iter().filter(is_there).collect()
    };
    if let Some(there) = Some(there(readings)).filter(|there| !there.is_empty()) {
        return one_of(there, readings);
    }
    let certain = fitting(readings, LEAST_SHARED);
    // Only where none explains all of the goal, whether one shows at least where it says something else.
    let otherwise: Vec<Reading> = if certain.is_empty() || request.start.is_some() {
        let each = read.iter().zip(readings);
        each.map(|(workflow, best)| read_otherwise(workflow.borrow(), best, request))
            .collect()
    } else {
        Vec::new()
    };
    if let Some(there) = Some(there(&otherwise)).filter(|there| !there.is_empty()) {
        return one_of(there, &otherwise);
    }
    let other = (0..readings.len()).find(|at| is_there(at) && !readings[*at].unrelated);
    let (certain, readings_of_certain) = if certain.is_empty() {
        (fitting(&otherwise, LEAST_SHARED), otherwise.as_slice())
    } else {
        (certain, readings)
    };
    match (certain.is_empty(), other) {
        // The goal says one and the page another.
        (false, Some(other)) => Fit::Several(certain.into_iter().chain([other]).collect()),
        (false, None) => one_of(certain, readings_of_certain),
        (true, _) => nearest(readings),
    }
}

/// Whether a workflow shows all of a goal, and the goal says all that was shown: whoever names the workflow need not be asked.
pub fn is_shown(workflow: &Workflow, request: &Request<'_>) -> bool {
    let best = workflow.read_goal(request.goal, request.today);
    is_whole(workflow, &best) || is_whole(workflow, &read_otherwise(workflow, &best, request))
}

/// The reading of another recording of the workflow that explains all of the goal, or else one that shows where in it values
/// stand; the best reading where there is none. Each word that no recording shows is still asked about in the run.
fn read_otherwise(workflow: &Workflow, best: &Reading, request: &Request<'_>) -> Reading {
    let (goal, today) = (request.goal, request.today);
    let whole = |all: Vec<Reading>| {
        all.into_iter()
            .filter(|one| is_whole(workflow, one) && shown(one) >= LEAST_SHARED)
            .max_by(|one, other| {
                let by_words = shown(one).cmp(&shown(other));
                by_words.then(one.score.total_cmp(&other.score))
            })
    };
    whole(workflow.readings(goal, today))
        .or_else(|| whole(workflow.readings_by_places(goal, today)))
        .unwrap_or_else(|| best.clone())
}

/// How many words that say something the goal says just as they were shown.
fn shown(reading: &Reading) -> usize {
    reading.shared + reading.repeated
}

/// The one of these that says most of the goal itself, small words included: "the list" is no value where a workflow is about
/// lists, and what lacks no value goes before what would have to ask for one.
fn one_of(mut fitting: Vec<usize>, readings: &[Reading]) -> Fit {
    let most = fitting.iter().map(|at| readings[*at].shared).max();
    fitting.retain(|at| Some(readings[*at].shared) == most);
    let score = |at: &usize| readings[*at].score;
    let best = fitting.iter().map(score).fold(f64::NEG_INFINITY, f64::max);
    fitting.retain(|at| score(at) > best - MARGIN);
    match fitting.as_slice() {
        [only] => Fit::One(*only),
        _ => Fit::Several(fitting),
    }
}

/// Whether nothing stands between the goal and what was shown. What a goal begins with says what is to be done: where nobody
/// named it a value, it is taken for one by chance.
fn is_whole(workflow: &Workflow, reading: &Reading) -> bool {
    let by_chance = reading.opens_with_value && workflow.induced().is_some();
    !reading.unrelated && !by_chance && differences(reading).is_empty()
}

/// The first of the readings, which is the likeliest by its words, that has enough in common with the goal.
fn nearest(readings: &[Reading]) -> Fit {
    let is_near = |reading: &&Reading| {
        let apart: usize = differences(reading).iter().map(Difference::words).sum();
        let alike = reading.shared as f64 / (reading.shared + apart).max(1) as f64;
        !reading.unrelated && alike >= NEAR
    };
    match readings.iter().position(|reading| is_near(&reading)) {
        Some(at) => Fit::Near(at, differences(&readings[at])),
        None => Fit::None,
    }
}

fn differences(reading: &Reading) -> Vec<Difference> {
    let not_shown = reading.extras.iter().cloned().map(Difference::NotShown);
    let not_said = reading.dropped.iter().chain(&reading.lacking).cloned();
    not_shown.chain(not_said.map(Difference::NotSaid)).collect()
}

impl Difference {
    /// How many words it is, of those that say something.
    fn words(&self) -> usize {
        let (Self::NotShown(text) | Self::NotSaid(text)) = self;
        let all = text.split_whitespace();
        all.filter(|word| !is_filler(&word.to_lowercase())).count()
    }
}

/// Whether two addresses are of one page, whatever it is asked.
pub fn same_page(one: &str, other: &str) -> bool {
    let (Ok(one), Ok(other)) = (Url::parse(one), Url::parse(other)) else {
        return false;
    };
    one.origin() == other.origin() && one.path() == other.path()
}

#[cfg(test)]
mod tests;
