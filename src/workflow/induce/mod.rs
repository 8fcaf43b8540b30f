//! From raw recordings to what they mean: parameters, where values come from, loops and options.
//!
//! `sentence` says where in a goal a value stands, `value` and `selector` are the language of explanations, `describe` finds
//! all of them for one choice, `explain` for one demonstration; `join` keeps those that hold in every demonstration, `plan`
//! puts a new goal in, and `choose` weighs the rivals that are left. Version spaces as in Flash Fill and SMARTedit (Lau and
//! others 2003): nothing is decided before it has to be.
//!
//! Invariant: pure and deterministic; what the rivals disagree on is asked, never guessed.

pub mod choose;
mod describe;
mod explain;
mod join;
mod node;
pub mod plan;
pub mod selector;
mod sentence;
#[cfg(test)]
mod tests;
pub mod value;

use std::collections::BTreeSet;

use jiff::civil::Date;

use self::explain::Take;
use self::join::{Way, join, lists};
use self::node::{Explained, Node};
pub use self::plan::{Looking, Plan, Planned};
use self::sentence::Sentence;
use self::value::Expr;
use super::goal::Example;
use crate::demo::{Demonstration, ParameterKind};

/// What several recordings of a job mean.
#[derive(Debug, Clone)]
pub struct Induced {
    ways: Vec<Way>,
    sentences: Vec<Sentence>,
    /// For each recording, what in its goal is a value.
    examples: Vec<Vec<Example>>,
}

impl Induced {
    /// Induces from recordings; at least one. Their goals' "yesterday" is seen from the day that each was made.
    pub fn from_recordings(recordings: &[&Demonstration]) -> Self {
        let takes: Vec<Take<'_>> = recordings
            .iter()
            .map(|one| Take::new(one, day_of(one)))
            .collect();
        let ways = join(&takes);
        let sentences: Vec<Sentence> = takes.into_iter().map(|take| take.sentence).collect();
        let examples = (0..sentences.len())
            .map(
                |take| match ways.iter().find(|way| way.takes.contains(&take)) {
                    Some(way) => examples(way, &sentences[take]),
                    None => Vec::new(),
                },
            )
            .collect();
        Self {
            ways,
            sentences,
            examples,
        }
    }

    /// What in this recording's goal is a value, for reading other goals by it.
    pub fn examples(&self, take: usize) -> &[Example] {
        self.examples.get(take).map_or(&[], Vec::as_slice)
    }

    /// The steps for a goal, the way this recording does it.
    pub fn plan(&self, take: usize, goal: &str, today: Date) -> Vec<Planned> {
        let Some(way) = self.ways.iter().find(|way| way.takes.contains(&take)) else {
            return Vec::new();
        };
        let shown: Vec<&Sentence> = way
            .takes
            .iter()
            .map(|take| &self.sentences[*take])
            .collect();
        plan::plan(way, &Sentence::new(goal, today), &shown, today)
    }
}

/// The day a recording was made.
fn day_of(demonstration: &Demonstration) -> Date {
    demonstration
        .recorded
        .as_deref()
        .and_then(|time| time.parse::<jiff::Timestamp>().ok())
        .map_or(Date::constant(2026, 1, 1), |time| {
            jiff::tz::TimeZone::system().to_datetime(time).date()
        })
}

/// The values in a goal by the likeliest explanation of each step.
fn examples(way: &Way, sentence: &Sentence) -> Vec<Example> {
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut all = Vec::new();
    let mut add = |text: &str, kind: ParameterKind| {
        if said.insert(text.to_owned()) {
            all.push((format!("value-{}", said.len()), kind, text.to_owned()));
        }
    };
    for node in &way.nodes {
        let steps: Vec<&Explained> = match node {
            Node::Step(explained) => vec![explained],
            Node::Each(each) => {
                let list = lists(each)
                    .into_iter()
                    .find_map(|locator| sentence.read(locator));
                if let Some(list) = list {
                    add(list, ParameterKind::List);
                }
                each.body.iter().collect()
            }
        };
        for explained in steps {
            for expr in used(explained) {
                if let Expr::Goal(locator, _) = expr
                    && let Some(text) = sentence.read(locator)
                {
                    add(text, ParameterKind::Text);
                }
            }
        }
    }
    all
}

/// The expressions of the likeliest explanation of a step.
fn used(explained: &Explained) -> Vec<&Expr> {
    let selectors = explained.target.iter().chain(&explained.to);
    let mut all: Vec<&Expr> = Vec::new();
    for selector in selectors.filter_map(|all| all.iter().min_by_key(|one| (one.cost(), *one))) {
        selector.exprs(&mut all);
    }
    for values in &explained.values {
        if let Some(expr) = values.iter().min_by_key(|one| (one.cost(), *one)) {
            expr.parts(&mut all);
        }
    }
    if let Some(until) = &explained.until {
        all.extend(until.says.iter().min_by_key(|one| (one.cost(), *one)));
    }
    all
}
