//! The other way of what makes a number grow or shrink: the other arrow key, the other button of a pair. Pairs are told by a
//! word that has just one opposite; what says how far to go is the number on the page, which is watched.

use std::collections::BTreeSet;

use super::choose::Ranked;
use super::plan::Planned;
use super::selector::{By, Selector};
use super::value::Expr;
use crate::demo::Verb;

/// Keys and words that come in pairs.
const PAIRS: [(&str, &str); 17] = [
    ("ArrowUp", "ArrowDown"),
    ("ArrowRight", "ArrowLeft"),
    ("PageUp", "PageDown"),
    ("up", "down"),
    ("right", "left"),
    ("plus", "minus"),
    ("increase", "decrease"),
    ("increment", "decrement"),
    ("inc", "dec"),
    ("more", "less"),
    ("higher", "lower"),
    ("next", "previous"),
    ("next", "prev"),
    ("+", "-"),
    ("+", "−"),
    ("▲", "▼"),
    (">", "<"),
];

/// The step that goes the other way than this one, which brings a number up or down; `None` where nothing tells it.
pub fn other_way(planned: &Planned) -> Option<Planned> {
    let rises = planned.plan.until.as_ref()?.rises?;
    let mut other = planned.clone();
    other.plan.others.clear();
    if let Some(until) = &mut other.plan.until {
        until.rises = Some(!rises);
    }
    match other.step.verb {
        Verb::Press => {
            let key = turned(other.step.value.as_deref()?).into_iter().next()?;
            other.step.value = Some(key);
            other.plan.values.clear();
        }
        Verb::Click => {
            let all = turned_selectors(other.plan.target.as_ref()?);
            other.plan.target = Some(all).filter(|all| !all.is_empty());
            // The recorded target is the one that goes the way that was shown.
            other.plan.target.as_ref()?;
            other.plan.varies = true;
        }
        _ => return None,
    }
    Some(other)
}

/// A text with the only word of it that has an opposite turned, in each way that it may be put.
fn turned(text: &str) -> Vec<String> {
    let words: Vec<(usize, &str)> = pieces(text).collect();
    let opposites = |word: &str| -> Vec<&str> {
        let of_pair = |(one, other): &(&'static str, &'static str)| match word {
            word if word.eq_ignore_ascii_case(one) => Some(*other),
            word if word.eq_ignore_ascii_case(other) => Some(*one),
            _ => None,
        };
        PAIRS.iter().filter_map(of_pair).collect()
    };
    let mut paired = words.iter().filter(|(_, word)| !opposites(word).is_empty());
    let (Some((at, word)), None) = (paired.next(), paired.next()) else {
        return Vec::new();
    };
    let put = |other: &str| format!("{}{other}{}", &text[..*at], &text[at + word.len()..]);
    opposites(word).into_iter().map(put).collect()
}

/// The words of a text, or all of it where it is a sign, each with its place.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_sign = !text.chars().any(char::is_alphanumeric);
    let whole = is_sign.then_some((0, text));
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(move |word| !is_sign && !word.is_empty());
    let places = words.map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word));
    whole.into_iter().chain(places)
}

/// Those of the selectors that go by such a word, turned.
fn turned_selectors(all: &Ranked<Selector>) -> Ranked<Selector> {
    let mut found = Ranked::new();
    for (cost, one) in all {
        for by in &one.by {
            let (By::Title(Expr::Const(text))
            | By::Class(Expr::Const(text))
            | By::Attribute(_, Expr::Const(text))) = by
            else {
                continue;
            };
            for other in turned(text) {
                let rest = one.by.iter().filter(|kept| *kept != by).cloned();
                let by: BTreeSet<By> = rest.chain([by.with(Expr::Const(other))]).collect();
                let kind = one.kind.clone();
                found.push((*cost, Selector { kind, by }));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_one_opposite_is_turned() {
        for (text, expected) in [
            ("ArrowRight", &["ArrowLeft"][..]),
            ("ui-spinner-up", &["ui-spinner-down"]),
            ("Zoom", &[]),
            ("+", &["-", "−"]),
            ("-", &["+"]),
            ("Next", &["previous", "prev"]),
            ("More to the right", &[]),
            ("Right-click", &["left-click"]),
            ("", &[]),
            ("Größe: more", &["Größe: less"]),
        ] {
            assert_eq!(turned(text), expected, "{text}");
        }
    }
}
