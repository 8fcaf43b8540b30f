//! What tells ways apart on the page that they begin on: where the goal does not say which is meant, the page may.

use jiff::civil::Date;

use super::choose::{self, Choice};
use super::join::Way;
use super::plan::{self, Plan};
use super::sentence::Sentence;
use crate::computer::Element;
use crate::demo::Seen;

/// Of each way, whether what it begins with was there in all its own recordings and in none of each other way.
pub fn telling(
    ways: &[Way],
    sentences: &[Sentence],
    firsts: &[Option<&Seen>],
    today: Date,
) -> Vec<Vec<bool>> {
    let begins = |way: &Way, take: usize| {
        let shown: Vec<&Sentence> = way.takes.iter().map(|take| &sentences[*take]).collect();
        let planned = plan::plan(way, &sentences[take], &shown, today);
        firsts[take]
            .zip(planned.iter().find(|one| !one.plan.noting))
            .map(|(seen, first)| first.plan.finds(&seen.elements))
    };
    let of_way = |way: &Way| {
        let own = way
            .takes
            .iter()
            .all(|take| begins(way, *take) == Some(true));
        let not_there = |other: &Way| {
            own && other
                .takes
                .iter()
                .all(|take| begins(way, *take) == Some(false))
        };
        ways.iter().map(not_there).collect()
    };
    match ways.len() {
        0 | 1 => vec![vec![false]; ways.len()],
        _ => ways.iter().map(of_way).collect(),
    }
}

impl Plan {
    /// Whether what the step is done to is among these elements, beyond doubt.
    pub fn finds(&self, elements: &[Element]) -> bool {
        self.target.as_ref().is_some_and(|rivals| {
            matches!(
                choose::element(rivals, elements, self.takes),
                Choice::Sure(_)
            )
        })
    }
}
