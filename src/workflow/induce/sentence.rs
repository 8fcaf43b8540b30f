//! A goal sentence, and ways to say where in it a value stands that mean the same place in another sentence: the second
//! quoted text, the only date, what stands between "by" and "and".
//!
//! The places are those of substring programs in the tradition of Flash Fill (Gulwani 2011): a pair of contexts, kept all as
//! rivals until another demonstration rules some out.

use std::sync::Arc;

use jiff::civil::Date;

use super::condition::condition;
use super::extreme::superlative;
use crate::workflow::goal::{Parting, items, items_by};
use crate::workflow::words::{Sort, Token, cut, without_owner};

/// A value covers at most so many pieces of a sentence.
const LONGEST: usize = 24;
/// A context on each side is at most so many pieces, and one more on the left where so many stand elsewhere too.
const CONTEXT: usize = 2;

/// Marks that may be part of the text that they stand behind.
const MARKS: &str = ".,;:!?";

/// A sentence cut into pieces.
#[derive(Debug, Clone)]
pub struct Sentence {
    text: String,
    tokens: Vec<Token>,
}

/// What stands beside a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// The end or beginning of the sentence.
    Rim,
    /// A comma, semicolon or full stop.
    Parted,
    /// This word, in lower case.
    Word(Arc<str>),
    /// Something of this sort.
    Sort(Sort),
}

/// What stands on one side of a value, in the order of the sentence. Shared, since one goal has thousands of places that say it.
pub type Edges = Arc<[Edge]>;

/// Where a value stands in a sentence, said so that it can be found in another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Locator {
    /// The text between quotes, the first, second, … one.
    Quoted(usize),
    /// The first, second, … piece of a sort.
    Nth(Sort, usize),
    /// The first stretch between these, each in the order of the sentence.
    Between { left: Edges, right: Edges },
    /// All of it.
    Whole,
    /// The words that say what a number must be.
    Condition,
    /// The only words that ask for the most or the least of something.
    Superlative,
    /// What the place holds, without the letters around it: the first so many are left out, as of `@name`.
    Without(Box<Locator>, usize),
    /// What the place holds with the mark behind it, which is part of it: the goal speaks of `Mr.`, or of a text that ends so.
    Marked(Box<Locator>),
    /// One item of the list that stands there.
    Item(Box<Locator>, usize),
    /// Its last item, or what stands there where it is no list.
    Last(Box<Locator>),
}

impl Locator {
    /// How far-fetched it is; the smaller, the likelier to be what was meant.
    pub fn cost(&self) -> u32 {
        match self {
            Locator::Quoted(_) => 0,
            Locator::Whole => 4,
            Locator::Superlative | Locator::Condition => 0,
            Locator::Nth(..) => 1,
            Locator::Between { left, right } => 1 + (left.len() + right.len()) as u32 / 2,
            Locator::Marked(inner) => inner.cost() + 1,
            Locator::Without(inner, _) | Locator::Item(inner, _) | Locator::Last(inner) => {
                inner.cost() + 2
            }
        }
    }
}

/// A stretch of a sentence: pieces from one up to before another.
pub type Span = (usize, usize);

impl Sentence {
    /// Dates are recognised as seen from `today`.
    pub fn new(text: &str, today: Date) -> Self {
        Self {
            text: text.to_owned(),
            tokens: cut(text, today),
        }
    }

    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every stretch that may be a value.
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        let count = self.tokens.len();
        (0..count)
            .flat_map(move |from| (from + 1..=count.min(from + LONGEST)).map(move |to| (from, to)))
    }

    /// What the stretch says, as it is written, without quotes around it.
    pub fn said(&self, (from, to): Span) -> &str {
        match &self.tokens[from..to] {
            [] => "",
            [only] if only.sort == Sort::Quoted => {
                &self.text[only.start + quote(&self.text, only.start)
                    ..only.end - closing(&self.text, only.end)]
            }
            [first, ..] => {
                let end = self.tokens[to - 1].end;
                without_owner(&self.text[first.start..end])
            }
        }
    }

    /// Every way to say where the stretch is.
    pub fn locators(&self, span: Span) -> Vec<Locator> {
        let (from, to) = span;
        let mut all = Vec::new();
        if let [only] = &self.tokens[from..to] {
            let nth = self.tokens[..from]
                .iter()
                .filter(|token| token.sort == only.sort)
                .count();
            match only.sort {
                Sort::Quoted => all.push(Locator::Quoted(nth)),
                Sort::Word => {}
                sort => all.push(Locator::Nth(sort, nth)),
            }
        }
        let rights = self.rights(to);
        let between = |left: Edges| {
            let all = rights.iter().map(move |right| Locator::Between {
                left: left.clone(),
                right: right.clone(),
            });
            all.filter(|between| self.find(between) == Some(span))
        };
        all.extend(self.lefts(from).into_iter().flat_map(between));
        // The words before it may stand elsewhere too: "Using the text editor, give the text …".
        if all.is_empty() && from > CONTEXT {
            let further = self.tokens[from - CONTEXT - 1..from].iter();
            all.extend(between(further.map(edge).collect()));
        }
        all
    }

    /// The stretch that the locator means here.
    pub fn find(&self, locator: &Locator) -> Option<Span> {
        let nth = |sort: Sort, nth: usize| {
            let at = self
                .tokens
                .iter()
                .enumerate()
                .filter(|(_, token)| token.sort == sort)
                .nth(nth)?
                .0;
            Some((at, at + 1))
        };
        match locator {
            Locator::Quoted(which) => nth(Sort::Quoted, *which),
            Locator::Nth(sort, which) => nth(*sort, *which),
            Locator::Between { left, right } => self.between(left, right),
            Locator::Whole => Some((0, self.tokens.len())),
            Locator::Condition => {
                let (_, words) = condition(&self.text)?;
                self.spans().find(|span| self.said(*span) == words)
            }
            Locator::Superlative => {
                let (_, words) = superlative(&self.text)?;
                self.spans().find(|span| self.said(*span) == words)
            }
            Locator::Without(inner, _)
            | Locator::Marked(inner)
            | Locator::Item(inner, _)
            | Locator::Last(inner) => self.find(inner),
        }
    }

    /// The stretch with the mark that is written right behind it, where more of the sentence follows.
    pub fn marked(&self, span: Span) -> Option<&str> {
        let said = self.said(span);
        let start = self.tokens.get(span.0)?.start;
        let behind = self.text.get(start..)?.strip_prefix(said)?;
        let marks = behind.find(|c: char| !MARKS.contains(c))?;
        let goes_on = behind[marks..].starts_with(char::is_whitespace);
        (marks > 0 && goes_on).then(|| &self.text[start..start + said.len() + marks])
    }

    /// What the locator means here.
    pub fn read(&self, locator: &Locator) -> Option<String> {
        let span = self.find(locator)?;
        let said = self.said(span);
        match locator {
            Locator::Marked(_) => Some(self.marked(span).unwrap_or(said).to_owned()),
            Locator::Item(_, nth) => {
                let all = items(said);
                (all.len() > 1).then(|| all.get(*nth).cloned())?
            }
            Locator::Last(_) => items(said).pop(),
            Locator::Without(_, letters) => {
                let at = said.char_indices().nth(*letters)?.0;
                Some(said[at..].to_owned())
            }
            Locator::Whole => Some(self.text.clone()),
            _ => Some(said.to_owned()),
        }
    }

    /// The items of the list that the stretch is, where it is parted so.
    pub fn items_by(&self, span: Span, parting: Parting) -> Vec<String> {
        items_by(self.said(span), parting)
    }

    /// The items of the list that the stretch is.
    pub fn items(&self, span: Span) -> Vec<String> {
        items(self.said(span))
    }

    fn between(&self, left: &[Edge], right: &[Edge]) -> Option<Span> {
        let count = self.tokens.len();
        let from = (0..count).find(|from| self.ends_with(*from, left))?;
        let to = (from + 1..=count).find(|to| self.begins_with(*to, right))?;
        (to - from <= LONGEST).then_some((from, to))
    }

    /// Whether the edges stand right before `at`.
    fn ends_with(&self, at: usize, edges: &[Edge]) -> bool {
        let mut place = at;
        edges.iter().rev().all(|edge| match edge {
            Edge::Rim => place == 0,
            Edge::Parted => self.tokens.get(place).is_some_and(|token| token.parted),
            edge => {
                let there = place > 0 && is(&self.tokens[place - 1], edge);
                place = place.saturating_sub(1);
                there
            }
        })
    }

    /// Whether the edges stand right from `at` on.
    fn begins_with(&self, at: usize, edges: &[Edge]) -> bool {
        let mut place = at;
        edges.iter().all(|edge| match edge {
            Edge::Rim => place == self.tokens.len(),
            Edge::Parted => self.tokens.get(place).is_some_and(|token| token.parted),
            edge => {
                let there = self.tokens.get(place).is_some_and(|token| is(token, edge));
                place += 1;
                there
            }
        })
    }

    fn lefts(&self, from: usize) -> Vec<Edges> {
        let mut all = Vec::new();
        for length in 1..=CONTEXT {
            if length <= from {
                all.push(self.tokens[from - length..from].iter().map(edge).collect());
            } else {
                let mut edges = vec![Edge::Rim];
                edges.extend(self.tokens[..from].iter().map(edge));
                all.push(edges.into());
                break;
            }
        }
        all
    }

    fn rights(&self, to: usize) -> Vec<Edges> {
        let mut all: Vec<Edges> = Vec::new();
        for length in 1..=CONTEXT {
            if to + length <= self.tokens.len() {
                all.push(self.tokens[to..to + length].iter().map(edge).collect());
            } else {
                let mut edges: Vec<Edge> = self.tokens[to..].iter().map(edge).collect();
                edges.push(Edge::Rim);
                all.push(edges.into());
                break;
            }
        }
        if self.tokens.get(to).is_some_and(|token| token.parted) {
            all.push([Edge::Parted].into());
        }
        all
    }
}

fn edge(token: &Token) -> Edge {
    match token.sort {
        Sort::Word => Edge::Word(token.key.as_str().into()),
        sort => Edge::Sort(sort),
    }
}

fn is(token: &Token, edge: &Edge) -> bool {
    match edge {
        Edge::Word(word) => token.sort == Sort::Word && token.key == **word,
        Edge::Sort(sort) => token.sort == *sort,
        Edge::Rim | Edge::Parted => false,
    }
}

/// Bytes of the quotation mark that begins at `at`.
fn quote(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(0, char::len_utf8)
}

/// Bytes of the quotation mark that ends before `end`.
fn closing(text: &str, end: usize) -> usize {
    text[..end].chars().next_back().map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(text: &str) -> Sentence {
        Sentence::new(text, jiff::civil::date(2026, 11, 24))
    }

    /// The stretch that says exactly this.
    fn span_of(sentence: &Sentence, said: &str) -> Span {
        sentence
            .spans()
            .find(|span| sentence.said(*span) == said)
            .unwrap()
    }

    #[test]
    fn a_place_shown_in_one_sentence_is_found_in_another() {
        for (shown, value, other, expected) in [
            (
                "Find the mail by Ana and delete it.",
                "Ana",
                "Find the mail by Ben Lee and delete it.",
                "Ben Lee",
            ),
            (
                "Tick a, b and press Send",
                "a, b",
                "Tick x, y, z and press Send",
                "x, y, z",
            ),
            (
                "Enter \"one two\" below",
                "one two",
                "Enter \"three\" below",
                "three",
            ),
            (
                "Fly to Rome on 3 May 2026",
                "3 May 2026",
                "Fly to Lima on 12 June 2026",
                "12 June 2026",
            ),
            ("Press ok", "ok", "Press cancel", "cancel"),
        ] {
            let one = sentence(shown);
            let all = one.locators(span_of(&one, value));
            assert!(!all.is_empty(), "{shown}");
            let two = sentence(other);
            assert!(
                all.iter()
                    .any(|locator| two.read(locator).as_deref() == Some(expected)),
                "{other}: {all:?}"
            );
        }
    }

    #[test]
    fn a_mark_may_be_part_of_what_it_stands_behind() {
        for (text, value, marked) in [
            ("Mark the text purus. with blue", "purus", Some("purus.")),
            ("Mark the text Nunc, quam with blue", "Nunc", Some("Nunc,")),
            ("Mark the text purus with blue", "purus", None),
            ("Mark the text purus.", "purus", None),
            ("Mark 3.5 points", "3", None),
        ] {
            let one = sentence(text);
            let Some(span) = one.spans().find(|span| one.said(*span) == value) else {
                assert_eq!(marked, None, "{text}");
                continue;
            };
            assert_eq!(one.marked(span), marked, "{text}");
        }
        let shown = sentence("Mark the text purus. with blue");
        let place = shown.locators(span_of(&shown, "purus")).remove(0);
        let place = Locator::Marked(Box::new(place));
        for (text, read) in [
            ("Mark the text quam, with blue", "quam,"),
            ("Mark the text quam with blue", "quam"),
        ] {
            assert_eq!(sentence(text).read(&place).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let one = sentence("Find the mail by Ana and delete it.");
        for locator in one.locators(span_of(&one, "Ana")) {
            assert_eq!(sentence("Write to Ben.").read(&locator), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_locator_means_its_own_stretch(text in "[a-c ,.\"0-9]{0,24}") {
            let sentence = sentence(&text);
            for span in sentence.spans() {
                for locator in sentence.locators(span) {
                    proptest::prop_assert_eq!(sentence.find(&locator), Some(span));
                }
            }
        }
    }
}
