//! Where on a page a typed text stands, or a text of which it can be made.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::describe::describe;
use super::selector::{self, By, Selector};
use super::value::{Expr, Sayings, changed};
use crate::computer::Element;
use crate::demo::Seen;
use crate::workflow::filter::Filter;
use crate::workflow::words::Sort;

/// Longer texts are not searched for what was typed, in bytes.
const LONGEST_SOURCE: usize = 20_000;
/// Texts of a page that a typed value may come from, at most.
const SOURCES: usize = 40;

/// A thing that says the text, or a text of which it can be made.
#[derive(Debug)]
pub struct Source {
    at: usize,
    /// What makes the text of what the thing says, each by itself.
    ways: Vec<Vec<Filter>>,
    /// Which of its words it is the first time, from 1.
    word: Option<usize>,
    /// Whether that word is the text to the letter, and not but for the punctuation around it.
    bare: bool,
}

/// The things on the page that say this text. `own`: the step's target too, as of what is selected in it.
pub fn sources_on(text: &str, seen: &Seen, own: bool, today: Date) -> impl Iterator<Item = Source> {
    let others = (0..seen.elements.len()).filter(move |at| own || Some(*at) != seen.target);
    others
        .filter_map(move |at| Source::of(at, text, &seen.elements[at], today))
        .take(SOURCES)
}

impl Source {
    fn of(at: usize, text: &str, element: &Element, today: Date) -> Option<Self> {
        let said = selector::said(element);
        if said.len() > LONGEST_SOURCE {
            return None;
        }
        let mut ways: Vec<Vec<Filter>> = changed(said, &[Sort::Word], today)
            .into_iter()
            .filter(|(made, _)| made == text)
            .map(|(_, filters)| filters)
            .collect();
        for filter in [Filter::Joined, Filter::Solve] {
            let made = filter.apply(said, today);
            if said != text && made.is_ok_and(|made| made == text) {
                ways.push(vec![filter]);
            }
        }
        let words: Vec<&str> = said.split_whitespace().collect();
        let is_it = |word: &&str| trimmed(word) == text;
        let long = words.len() > 2;
        let first = words.iter().position(is_it).filter(|_| long);
        let last = words.iter().rposition(is_it).filter(|_| long);
        let places: BTreeSet<usize> = first.into_iter().chain(last).collect();
        for place in places {
            let of_start = place as i32 + 1;
            let of_end = place as i32 - words.len() as i32;
            for nth in [of_start, of_end] {
                if words[place] == text {
                    ways.push(vec![Filter::Word(nth)]);
                }
                ways.push(vec![Filter::Word(nth), Filter::Bare]);
            }
        }
        (!ways.is_empty()).then(|| Self {
            at,
            ways,
            word: first.map(|first| first + 1),
            bare: first.is_some_and(|first| words[first] == text),
        })
    }

    /// The expressions for it, in terms of what can be said.
    pub fn told(&self, elements: &[Element], sayings: &Sayings<'_>) -> Vec<Expr> {
        // What says the value cannot be told by the value.
        let by_value = |by: &By| matches!(by, By::Title(_) | By::Holds(_));
        let own: Vec<Selector> = describe(self.at, elements, sayings)
            .into_iter()
            .filter(|selector| !selector.by.iter().any(by_value))
            .collect();
        let mut all = Vec::new();
        if let Some(word) = self.word {
            for nth in sayings.alike(&word.to_string()) {
                let mut changes = vec![vec![Filter::Bare]];
                if self.bare {
                    changes.push(Vec::new());
                }
                for filters in changes {
                    all.extend(own.iter().map(|selector| {
                        Expr::Word(
                            Box::new(selector.clone()),
                            Box::new(nth.clone()),
                            filters.clone(),
                        )
                    }));
                }
            }
        }
        for filters in &self.ways {
            all.extend(
                own.iter()
                    .map(|selector| Expr::Page(Box::new(selector.clone()), filters.clone())),
            );
        }
        all
    }
}

/// A word without the punctuation around it.
fn trimmed(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}
