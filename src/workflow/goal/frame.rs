//! A shown goal as a sentence with blanks where its values stand, for putting other values into it.

use std::ops::Range;

use super::{Pattern, Piece, is_limiter};
use crate::workflow::words::{Sort, Token, without_owner};

/// What a quoted value stands between.
const QUOTES: [(char, char); 4] = [
    ('"', '"'),
    ('\u{201c}', '\u{201d}'),
    ('\u{201e}', '\u{201c}'),
    ('\u{ab}', '\u{bb}'),
];

/// A sentence with blanks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    text: String,
    blanks: Vec<Blank>,
    /// The words that stay, with what they are.
    words: Vec<(String, Sort)>,
}

/// A value of the sentence; where the same stands in two places, they are one blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// As the pattern calls it.
    pub name: String,
    /// What stands there in the shown sentence, without quotes.
    pub example: String,
    /// Limiting words of the example: what was shown with them may be said with them.
    pub(in crate::workflow) limits: Vec<String>,
    /// Bytes of the sentence, in their order.
    places: Vec<Range<usize>>,
    quoted: bool,
}

impl Pattern {
    /// The pattern's own goal with blanks; `goal` is the text that the pattern was made of.
    pub fn frame(&self, goal: &str) -> Frame {
        let mut blanks: Vec<Blank> = Vec::new();
        let mut words = Vec::new();
        for piece in &self.pieces {
            let slot = match piece {
                Piece::Constant(token) => {
                    words.push((token.key.clone(), token.sort));
                    continue;
                }
                Piece::Slot(slot) => slot,
            };
            let (place, quoted) = inner(goal, slot.place.0..slot.place.1);
            let example = &goal[place.clone()];
            let same = blanks.iter_mut().find(|blank| {
                blank.name == slot.name && blank.example.eq_ignore_ascii_case(example)
            });
            match same {
                Some(blank) => blank.places.push(place),
                None => blanks.push(Blank {
                    name: slot.name.clone(),
                    example: example.to_owned(),
                    limits: limits(&slot.example),
                    places: vec![place],
                    quoted,
                }),
            }
        }
        Frame {
            text: goal.to_owned(),
            blanks,
            words,
        }
    }
}

impl Frame {
    /// The sentence as it was shown.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn blanks(&self) -> &[Blank] {
        &self.blanks
    }

    /// Whether the sentence says this word itself, as the same sort of thing.
    pub(in crate::workflow) fn says(&self, token: &Token) -> bool {
        let mut words = self.words.iter();
        words.any(|(key, sort)| *key == token.key && *sort == token.sort)
    }

    /// The limiting words that the sentence says itself, sorted.
    pub(in crate::workflow) fn limits(&self) -> Vec<&str> {
        let words = self.words.iter().map(|(key, _)| key.as_str());
        let mut limits: Vec<&str> = words.filter(|key| is_limiter(key)).collect();
        limits.sort_unstable();
        limits
    }

    /// The sentence with something else in each blank, by its place among the blanks.
    pub fn with(&self, put: impl Fn(usize, &Blank) -> String) -> String {
        let mut places: Vec<(&Range<usize>, usize)> = self
            .blanks
            .iter()
            .enumerate()
            .flat_map(|(at, blank)| blank.places.iter().map(move |place| (place, at)))
            .collect();
        places.sort_by_key(|(place, _)| place.start);
        let mut text = String::new();
        let mut done = 0;
        for (place, at) in places {
            text.push_str(&self.text[done..place.start]);
            text.push_str(&put(at, &self.blanks[at]));
            done = place.end;
        }
        text.push_str(&self.text[done..]);
        text
    }
}

impl Blank {
    /// Whether the sentence has quotes around it.
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }
}

/// A place without the quotes around it, or the ending of "Ana's"; and whether there are quotes.
fn inner(goal: &str, place: Range<usize>) -> (Range<usize>, bool) {
    let text = &goal[place.clone()];
    for (open, close) in QUOTES {
        let inside = text
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        if let Some(inside) = inside
            && !inside.contains([open, close])
        {
            let start = place.start + open.len_utf8();
            return (start..start + inside.len(), true);
        }
    }
    let end = place.start + without_owner(text).len();
    (place.start..end, false)
}

fn limits(example: &[Token]) -> Vec<String> {
    let keys = example.iter().map(|token| &token.key);
    keys.filter(|key| is_limiter(key)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;
    use crate::demo::ParameterKind;

    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn values_are_put_where_the_examples_stood() {
        for (goal, examples, put, expected) in [
            (
                "Water the ferns on Monday",
                &["ferns", "Monday"][..],
                &["orchids", "Friday"][..],
                "Water the orchids on Friday",
            ),
            (
                "Say \"good day\" to Ana's sister",
                &["good day", "Ana"],
                &["bye", "Ben"],
                "Say \"bye\" to Ben's sister",
            ),
            // What is said twice is one blank.
            (
                "Move 4 to shelf 4 now",
                &["4"],
                &["7"],
                "Move 7 to shelf 7 now",
            ),
            (
                "Bring \u{1f4e6} in",
                &["nothing"],
                &[],
                "Bring \u{1f4e6} in",
            ),
        ] {
            let examples: Vec<_> = examples
                .iter()
                .map(|one| ((*one).to_owned(), ParameterKind::Text, (*one).to_owned()))
                .collect();
            let frame = Pattern::new(goal, &examples, TODAY).frame(goal);
            assert_eq!(frame.with(|_, blank| blank.example.clone()), goal);
            assert_eq!(frame.with(|at, _| put[at].to_owned()), expected);
        }
    }
}
