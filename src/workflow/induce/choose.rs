//! From rivals to one: what the explanations that are left say for this goal on this page, and whether they agree.

use jiff::civil::Date;

use super::selector::{Selector, text_of};
use super::value::Expr;
use crate::computer::Element;

/// Rivals further behind the best than this have no say.
const GAP: u32 = 4;
/// An explanation of a single demonstration that is more far-fetched than this is asked about.
const FAR_FETCHED: u32 = 14;
/// How much more far-fetched an explanation may be for each further demonstration that it explains.
const SUPPORT: u32 = 4;

/// A rival and how far-fetched it is.
pub type Ranked<T> = Vec<(u32, T)>;

/// What the rivals say.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice<T> {
    Sure(T),
    /// Some of these, the likeliest first: they disagree, or only something far-fetched says so.
    Unsure(Vec<T>),
    /// None says anything here.
    None,
}

/// Orders rivals by how far-fetched they are.
pub fn ranked<T: Ord>(rivals: impl IntoIterator<Item = T>, cost: impl Fn(&T) -> u32) -> Ranked<T> {
    let mut all: Vec<(u32, T)> = rivals.into_iter().map(|one| (cost(&one), one)).collect();
    all.sort();
    all.dedup_by(|one, other| one.1 == other.1);
    all
}

/// Which element is meant; `takes` demonstrations agree on the rivals.
pub fn element(rivals: &Ranked<Selector>, elements: &[Element], takes: usize) -> Choice<usize> {
    let said = rivals
        .iter()
        .filter_map(|(cost, selector)| Some((*cost, selector.find_one(elements)?)));
    decided(said, takes)
}

/// Which text is meant.
pub fn text(
    rivals: &Ranked<Expr>,
    elements: &[Element],
    takes: usize,
    today: Date,
) -> Choice<String> {
    let said = rivals
        .iter()
        .filter_map(|(cost, expr)| Some((*cost, text_of(expr, elements, today)?)));
    decided(said, takes)
}

fn decided<T: Clone + PartialEq>(said: impl Iterator<Item = (u32, T)>, takes: usize) -> Choice<T> {
    let mut best: Option<u32> = None;
    let mut answers: Vec<T> = Vec::new();
    for (cost, answer) in said {
        let least = *best.get_or_insert(cost);
        if cost > least + GAP {
            break;
        }
        if !answers.contains(&answer) {
            answers.push(answer);
        }
    }
    let limit = FAR_FETCHED + SUPPORT * takes.saturating_sub(1) as u32;
    match (best, &answers[..]) {
        (None, _) => Choice::None,
        (Some(cost), [only]) if cost <= limit => Choice::Sure(only.clone()),
        _ => Choice::Unsure(answers),
    }
}
