//! Cuts a goal sentence into words, dates, times, amounts, numbers and quoted texts.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::{date, number};

/// What a piece of a goal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    Word,
    Quoted,
    Number,
    Money,
    Time,
    Date,
}

/// One piece of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub sort: Sort,
    /// As written, without quotes and the punctuation around it.
    pub text: String,
    /// Lower case, for comparing.
    pub key: String,
    /// Bytes of the goal that it covers, quotes included.
    pub start: usize,
    pub end: usize,
    /// Whether a comma, semicolon or full stop parts it from what stands before it.
    pub parted: bool,
}

/// Words that a date may be made of at most, as in "Thursday, the 12th of March, 2026".
const LONGEST_DATE: usize = 6;
/// A full stop behind a word this short is taken for an abbreviation's, as in "Dr.", and ends no part of the sentence.
const LONGEST_SHORT_FORM: usize = 3;
/// Words that an amount may be made of at most, as in "1 234,50 EUR".
const LONGEST_AMOUNT: usize = 3;

static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("\"([^\"]+)\"|\u{201c}([^\u{201d}]+)\u{201d}|\u{201e}([^\u{201c}]+)\u{201c}|\u{ab}([^\u{bb}]+)\u{bb}")
        .expect("the pattern is constant")
});

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(?:\d{1,2}:\d{2}(?:\s*[ap]\.?m\.?)?|\d{1,2}\s*[ap]\.?m\.?|noon|midnight)$")
        .expect("the pattern is constant")
});

/// The pieces of `goal`; dates are recognised as seen from `today`.
pub fn cut(goal: &str, today: Date) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut from = 0;
    for quoted in QUOTED.captures_iter(goal) {
        let (Some(whole), Some(inside)) = (quoted.get(0), quoted.iter().skip(1).flatten().next())
        else {
            continue;
        };
        cut_plain(goal, from, whole.start(), today, &mut tokens);
        tokens.push(token(
            Sort::Quoted,
            inside.as_str(),
            whole.start(),
            whole.end(),
            false,
        ));
        from = whole.end();
    }
    cut_plain(goal, from, goal.len(), today, &mut tokens);
    tokens
}

fn token(sort: Sort, text: &str, start: usize, end: usize, parted: bool) -> Token {
    Token {
        sort,
        text: text.to_owned(),
        key: text.to_lowercase().replace('\u{2019}', "'"),
        start,
        end,
        parted,
    }
}

/// A word's place without the punctuation around it, and whether a part of the sentence ends behind it.
struct Place {
    start: usize,
    end: usize,
    ends_part: bool,
}

fn cut_plain(goal: &str, from: usize, to: usize, today: Date, tokens: &mut Vec<Token>) {
    let places = places(goal, from, to);
    let mut at = 0;
    while at < places.len() {
        let (sort, length) = longest(goal, &places[at..], today);
        let (first, last) = (&places[at], &places[at + length - 1]);
        let parted = at > 0 && places[at - 1].ends_part;
        let mut text = &goal[first.start..last.end];
        if sort == Sort::Date {
            text = without_owner(text);
        }
        let mut made = token(sort, text, first.start, last.end, parted);
        made.key.truncate(without_owner(&made.key).len());
        tokens.push(made);
        at += length;
    }
}

/// The sort and number of words of the longest piece that begins here.
fn longest(goal: &str, places: &[Place], today: Date) -> (Sort, usize) {
    for length in (1..=LONGEST_DATE.min(places.len())).rev() {
        let text = &goal[places[0].start..places[length - 1].end];
        // "the" belongs to the sentence unless the date needs it: it never starts the shortest form that is a date.
        if !starts_with_article(text) && date::is_date(without_owner(text), today) {
            return (Sort::Date, length);
        }
        if length <= 2 && TIME.is_match(text) {
            return (Sort::Time, length);
        }
        if length <= LONGEST_AMOUNT && number::is_amount(text) {
            return (Sort::Money, length);
        }
        if length == 1 && number::plain(text).is_ok_and(|_| is_figure(text)) {
            return (Sort::Number, 1);
        }
    }
    (Sort::Word, 1)
}

/// The text without the ending of "Ana's" or "yesterday's".
pub fn without_owner(text: &str) -> &str {
    text.strip_suffix("'s")
        .or_else(|| text.strip_suffix("\u{2019}s"))
        .unwrap_or(text)
}

fn starts_with_article(text: &str) -> bool {
    text.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("the "))
}

fn is_figure(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-' | b'\''))
        || (text.len() > 2
            && number::plain(text).is_ok()
            && text.bytes().all(|b| b.is_ascii_alphabetic()))
}

fn places(goal: &str, from: usize, to: usize) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut at = from;
    for chunk in goal[from..to].split_inclusive(char::is_whitespace) {
        let begin = at;
        at += chunk.len();
        let word = chunk.trim_end();
        let is_edge = |c: char| {
            !c.is_alphanumeric() && !matches!(c, '-' | '+' | '#' | '@') && !is_currency(c)
        };
        let inner = word.trim_matches(is_edge);
        if inner.is_empty() {
            if let Some(last) = places.last_mut()
                && word.contains([',', ';', '.', ':'])
            {
                last.ends_part = true;
            }
            continue;
        }
        let start = begin + (word.len() - word.trim_start_matches(is_edge).len());
        let end = start + inner.len();
        let behind = &goal[end..begin + word.len()];
        places.push(Place {
            start,
            end,
            ends_part: behind.contains([',', ';', ':', '!', '?', ')'])
                || behind.contains('.') && inner.chars().count() > LONGEST_SHORT_FORM,
        });
    }
    places
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '€' | '£' | '¥' | '₹' | '₩' | '₽' | '₺')
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn cut_up(goal: &str) -> Vec<(Sort, String)> {
        cut(goal, date(2026, 11, 24))
            .into_iter()
            .map(|token| (token.sort, token.text))
            .collect()
    }

    #[test]
    fn goals_are_cut_into_what_they_name() {
        use Sort::{Date, Money, Number, Quoted, Time, Word};
        for (goal, expected) in [
            (
                "File it on 12 March.",
                vec![
                    (Word, "File"),
                    (Word, "it"),
                    (Word, "on"),
                    (Date, "12 March"),
                ],
            ),
            (
                "on Thursday, the 12th of March, 2026, please",
                vec![
                    (Word, "on"),
                    (Date, "Thursday, the 12th of March, 2026"),
                    (Word, "please"),
                ],
            ),
            (
                "pay € 48,20, or 20 EUR",
                vec![
                    (Word, "pay"),
                    (Money, "€ 48,20"),
                    (Word, "or"),
                    (Money, "20 EUR"),
                ],
            ),
            (
                "$1,234.50 at 2 pm",
                vec![(Money, "$1,234.50"), (Word, "at"), (Time, "2 pm")],
            ),
            (
                "two seats, 3 bags at 14:30",
                vec![
                    (Number, "two"),
                    (Word, "seats"),
                    (Number, "3"),
                    (Word, "bags"),
                    (Word, "at"),
                    (Time, "14:30"),
                ],
            ),
            (
                "call it \"A day out\" (yesterday)",
                vec![
                    (Word, "call"),
                    (Word, "it"),
                    (Quoted, "A day out"),
                    (Date, "yesterday"),
                ],
            ),
            (
                "P-100 of O'Neill's",
                vec![(Word, "P-100"), (Word, "of"), (Word, "O'Neill's")],
            ),
        ] {
            let expected: Vec<(Sort, String)> = expected
                .into_iter()
                .map(|(sort, text)| (sort, text.to_owned()))
                .collect();
            assert_eq!(cut_up(goal), expected, "{goal}");
        }
    }
}
