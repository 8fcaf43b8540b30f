//! From raw recordings to what they mean: parameters, where values come from, loops and options.
//!
//! `sentence` says where in a goal a value stands, `source` where on a page and `earlier` where on the pages before it, `value`
//! and `selector` are the language of explanations, `describe` finds all of them for one choice, `explain` for one
//! demonstration; `join` keeps those that hold in every demonstration, `plan` puts a new goal in, and `choose` weighs the
//! rivals that are left. Version spaces as in Flash Fill and SMARTedit (Lau and others 2003): nothing is decided before it has
//! to be.
//!
//! Invariant: pure and deterministic; what the rivals disagree on is asked, never guessed.

mod apart;
mod calendar;
mod changes;
pub mod choose;
pub mod condition;
mod cut;
mod describe;
pub mod earlier;
#[cfg(test)]
mod earlier_tests;
mod explain;
mod extreme;
#[cfg(test)]
mod found_tests;
mod join;
mod listed;
mod look;
mod node;
mod opposite;
pub mod plan;
pub mod selector;
mod sentence;
mod source;
#[cfg(test)]
mod tests;
mod toward;
pub mod value;
mod words;

use jiff::civil::Date;
use rayon::prelude::*;

use self::apart::telling;
use self::explain::Take;
use self::join::{Way, join, lists};
use self::node::{Explained, Node};
pub use self::plan::{Looking, Plan, Planned, Wanted};
use self::sentence::{Locator, Sentence, Span};
use self::value::Expr;
use super::filter::Filter;
use super::goal::{LONGEST_VALUE, Pattern};
use super::likeness::{holds_words, plain};
use super::words::Token;
use crate::demo::{Demonstration, ParameterKind, Seen};

/// What several recordings of a job mean.
#[derive(Debug, Clone)]
pub struct Induced {
    ways: Vec<Way>,
    sentences: Vec<Sentence>,
    /// Of each way and each other, whether the page on which they begin tells that it is this one.
    telling: Vec<Vec<bool>>,
}

impl Induced {
    /// Induces from recordings; at least one. Their goals' "yesterday" is seen from the day that each was made.
    pub fn from_recordings(recordings: &[&Demonstration]) -> Self {
        let mut takes: Vec<Take<'_>> = recordings
            .par_iter()
            .map(|one| Take::new(one, day_of(one)))
            .collect();
        let mut ways = join(&mut takes);
        for way in &mut ways {
            earlier::place_notes(&mut way.nodes, way.takes.len());
        }
        let sentences: Vec<Sentence> = takes.into_iter().map(|take| take.sentence).collect();
        let firsts: Vec<Option<&Seen>> = recordings
            .iter()
            .map(|one| one.steps.first()?.shown.as_deref())
            .collect();
        let today = recordings
            .first()
            .map_or_else(Date::default, |one| day_of(one));
        Self {
            telling: telling(&ways, &sentences, &firsts, today),
            ways,
            sentences,
        }
    }

    /// What this recording's goal is made of, for reading other goals by it.
    pub fn pattern(&self, take: usize) -> Pattern {
        let sentence = &self.sentences[take];
        match self.way(take) {
            Some(way) => pattern(&way.nodes, sentence),
            None => Pattern::of_spans(sentence.tokens(), &[]),
        }
    }

    /// The pieces of this recording's goal.
    pub fn goal(&self, take: usize) -> &[Token] {
        self.sentences[take].tokens()
    }

    /// How many recordings do it the way this one does.
    pub fn support(&self, take: usize) -> usize {
        self.way(take).map_or(0, |way| way.takes.len())
    }

    /// The steps for a goal, the way this recording does it.
    pub fn plan(&self, take: usize, goal: &str, today: Date) -> Vec<Planned> {
        let Some(way) = self.way(take) else {
            return Vec::new();
        };
        let shown: Vec<&Sentence> = way
            .takes
            .iter()
            .map(|take| &self.sentences[*take])
            .collect();
        plan::plan(way, &Sentence::new(goal, today), &shown, today)
    }

    /// Each way to do the job as sentences, with the recordings that do it so by their place; with `rivals` other explanations
    /// of each step.
    pub fn sentences(&self, rivals: usize) -> Vec<(&[usize], Vec<String>)> {
        self.ways
            .iter()
            .map(|way| (way.takes.as_slice(), words::way(way, rivals)))
            .collect()
    }

    /// Whether both recordings do it the same way.
    pub fn is_same_way(&self, one: usize, other: usize) -> bool {
        self.way(one).is_some_and(|way| way.takes.contains(&other))
    }

    /// Whether the page on which both begin tells the way of one recording from that of another: what it begins with was there
    /// in all recordings of it, and in none of the other.
    pub fn is_told_by_page(&self, one: usize, other: usize) -> bool {
        let place = |take: usize| self.ways.iter().position(|way| way.takes.contains(&take));
        place(one)
            .zip(place(other))
            .is_some_and(|(one, other)| self.telling[one][other])
    }

    /// What a recording's way does, as sentences.
    pub fn done_by(&self, take: usize) -> Vec<String> {
        self.way(take)
            .map_or_else(Vec::new, |way| words::way(way, 0))
    }

    fn way(&self, take: usize) -> Option<&Way> {
        self.ways.iter().find(|way| way.takes.contains(&take))
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

/// The goal with its values, by the likeliest explanation of each step.
fn pattern(nodes: &[Node], sentence: &Sentence) -> Pattern {
    let mut values = Vec::new();
    let mut add = |locator: &Locator, filters: &[Filter], kind: ParameterKind| {
        if let Some(span) = sentence.find(locator) {
            let (from, to) = one_word(span, filters, sentence).unwrap_or(span);
            values.push((from, to, kind));
        }
    };
    for node in nodes {
        let steps: Vec<&Explained> = match node {
            Node::Step(explained) => vec![explained],
            Node::Each(each) => {
                if let Some(list) = lists(each).first() {
                    add(list, &[], ParameterKind::List);
                }
                each.body.iter().collect()
            }
        };
        for expr in steps.into_iter().flat_map(|step| used(step, sentence)) {
            if let Expr::Goal(locator, filters) = expr
                && *locator != Locator::Whole
            {
                add(locator, filters, ParameterKind::Text);
            }
        }
    }
    Pattern::of_spans(sentence.tokens(), &values)
}

/// The word that is taken of a stretch that is longer than a name: the rest of it is no value.
fn one_word(span: Span, filters: &[Filter], sentence: &Sentence) -> Option<Span> {
    let (from, to) = span;
    let words = sentence.said(span).split_whitespace().count();
    if words <= LONGEST_VALUE || words != to - from {
        return None;
    }
    let place = filters.iter().find_map(|filter| match filter {
        Filter::Word(place) => usize::try_from(*place).ok()?.checked_sub(1),
        Filter::FirstWord => Some(0),
        Filter::LastWord => words.checked_sub(1),
        _ => None,
    })?;
    (place < words).then_some((from + place, from + place + 1))
}

/// What the goal says a number must be.
static CONDITION: Expr = Expr::Goal(Locator::Condition, Vec::new());

/// The expressions of the likeliest explanation of a step. What was typed and stands in the goal is hardly ever the job's own.
fn used<'e>(explained: &'e Explained, sentence: &Sentence) -> Vec<&'e Expr> {
    let goal = plain(sentence.text());
    let typed_cost = |expr: &&Expr| match expr {
        Expr::Const(text) if holds_words(&goal, &plain(text)) => expr.cost() + plan::NAMED_IN_GOAL,
        _ => expr.cost(),
    };
    let selectors = explained.target.iter().chain(&explained.to);
    let mut all: Vec<&Expr> = Vec::new();
    for selector in selectors.filter_map(|all| all.iter().min_by_key(|one| (one.cost(), *one))) {
        selector.exprs(&mut all);
    }
    for values in &explained.values {
        if let Some(expr) = values.iter().min_by_key(|one| (typed_cost(one), *one)) {
            expr.parts(&mut all);
        }
    }
    if explained.awaits.is_some() {
        all.push(&CONDITION);
    }
    if let Some(words) = &explained.toward {
        all.extend(words.iter().min_by_key(|one| (one.cost(), *one)));
    }
    if let Some(counts) = &explained.count {
        all.extend(counts.iter().min_by_key(|one| (one.cost(), *one)));
    }
    if let Some(until) = &explained.until {
        all.extend(until.says.iter().min_by_key(|one| (one.cost(), *one)));
    }
    all
}
