//! Amounts in texts for people, in the usual notations of the world.
//!
//! A number with a currency before or behind it is an amount; a number without one is none, nor is a date or a version. A range and
//! a bound (`from €5`) are amounts that are not due.

use std::ops::Range;

use super::currency::{TABLE, Written, beginning, ending};
use super::number::{Meaning, Number, digit, is_space, read, separator};
use super::{Currency, Money};

/// Most spaces between a number and its currency.
const GAP: usize = 2;

/// An amount in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub money: Money,
    /// Bytes of the text, with sign and currency.
    pub span: Range<usize>,
    /// Not one end of a range, nor a bound.
    pub is_due: bool,
}

/// Every amount in a text, in its order. A number without a currency is not one.
pub fn find(text: &str) -> Vec<Found> {
    let glyphs = Glyphs::new(text);
    let mut found: Vec<Found> = Vec::new();
    let mut free_from = 0;
    let mut at = 0;
    while at < glyphs.chars.len() {
        if digit(glyphs.chars[at]).is_none() {
            at += 1;
            continue;
        }
        let run = glyphs.run(at);
        at = run.end;
        let Some((amount, range)) = glyphs.amount(&run, free_from) else {
            continue;
        };
        free_from = range.end;
        at = at.max(range.end);
        let span = glyphs.bytes(&range);
        let is_due = !glyphs.is_bound(&range) && !is_said_to_be_a_bound(text, &span);
        found.push(Found {
            money: amount,
            span,
            is_due,
        });
    }
    for index in 1..found.len() {
        let between = &text[found[index - 1].span.end..found[index].span.start];
        if is_one_of(&TABLE.bounds.between, between.trim()) {
            found[index - 1].is_due = false;
            found[index].is_due = false;
        }
    }
    found
}

/// See [`Money::parse`].
pub(super) fn whole(text: &str) -> Option<Money> {
    let text = text.trim();
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        let money = whole(inner)?;
        return (!money.is_negative()).then(|| Money::new(money.number.negated(), money.currency));
    }
    if let Some(before) = text.strip_suffix(['-', '\u{2212}'])
        && before.ends_with(|c| digit(c).is_some())
    {
        let money = whole(before)?;
        return (!money.is_negative()).then(|| Money::new(money.number.negated(), money.currency));
    }
    if let [found] = find(text).as_slice() {
        return (found.span == (0..text.len())).then(|| found.money.clone());
    }
    match bare(text)? {
        Meaning::One(number) => Some(Money::new(number, None)),
        Meaning::Either { .. } => None,
    }
}

/// A text that is a number and nothing else.
pub(super) fn bare(text: &str) -> Option<Meaning> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let glyphs = Glyphs::new(digits);
    let first = glyphs.chars.first().copied().and_then(digit);
    let run = first.map(|_| glyphs.run(0))?;
    let (_, end) = glyphs.trailing_dashes(run.end);
    if end != glyphs.chars.len() {
        return None;
    }
    let meaning = run.meaning?;
    Some(match meaning {
        Meaning::One(number) if negative => Meaning::One(number.negated()),
        Meaning::Either {
            decimal,
            thousands,
            dot,
        } if negative => Meaning::Either {
            decimal: decimal.negated(),
            thousands: thousands.negated(),
            dot,
        },
        Meaning::One(_) | Meaning::Either { .. } => meaning,
    })
}

/// Digits and what may stand between them.
struct Run {
    start: usize,
    end: usize,
    /// `None` for what looks like a number and is none: a date, an address.
    meaning: Option<Meaning>,
}

/// A text's characters without the invisible ones, each with its byte.
struct Glyphs {
    chars: Vec<char>,
    /// Bytes where each begins, and where it ends.
    places: Vec<(usize, usize)>,
}

impl Glyphs {
    fn new(text: &str) -> Self {
        let (mut chars, mut places) = (Vec::new(), Vec::new());
        for (at, c) in text.char_indices() {
            if !is_invisible(c) {
                chars.push(c);
                places.push((at, at + c.len_utf8()));
            }
        }
        Glyphs { chars, places }
    }

    fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        // A range that was found holds at least the number's digit.
        self.places[range.start].0..self.places[range.end - 1].1
    }

    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        self.char(at.checked_sub(1)?)
    }

    fn is_digit(&self, at: usize) -> bool {
        self.char(at).and_then(digit).is_some()
    }

    /// The longest run of digits and single separators from a digit on; where that is no number and holds spaces, up to the first.
    fn run(&self, start: usize) -> Run {
        let mut plain = String::new();
        let mut at = start;
        let mut first_space = None;
        while let Some(c) = self.char(at) {
            if let Some(digit) = digit(c) {
                plain.push(digit);
            } else if let Some(between) = separator(c)
                && self.is_digit(at + 1)
                && (between != ' ' || self.space_parts_thousands(&plain, at))
            {
                if between == ' ' {
                    first_space.get_or_insert((at, plain.len()));
                }
                plain.push(between);
            } else {
                break;
            }
            at += 1;
        }
        let meaning = read(&plain);
        match first_space {
            Some((end, length)) if meaning.is_none() => Run {
                start,
                end,
                meaning: read(&plain[..length]),
            },
            _ => Run {
                start,
                end: at,
                meaning,
            },
        }
    }

    fn space_parts_thousands(&self, before: &str, at: usize) -> bool {
        let group = (at + 1..).take_while(|at| self.is_digit(*at)).count();
        let last = before.rsplit(' ').next().unwrap_or_default();
        group == 3 && last.len() <= 3 && before.chars().all(|c| c.is_ascii_digit() || c == ' ')
    }

    /// `5,-` and `99:-`: nothing after the separator. Says whether there were any.
    fn trailing_dashes(&self, at: usize) -> (bool, usize) {
        if !matches!(self.char(at), Some(',' | '.' | ':')) {
            return (false, at);
        }
        let dashes = (at + 1..)
            .take_while(|at| matches!(self.char(*at), Some('-' | '–' | '—' | '−')))
            .count();
        if dashes == 0 {
            (false, at)
        } else {
            (true, at + 1 + dashes)
        }
    }

    fn skip_spaces(&self, at: usize) -> usize {
        let spaces = (at..at + GAP).take_while(|at| self.char(*at).is_some_and(is_space));
        at + spaces.count()
    }

    fn skip_spaces_back(&self, at: usize) -> usize {
        let spaces = (0..GAP).take_while(|n| {
            at.checked_sub(n + 1)
                .and_then(|at| self.char(at))
                .is_some_and(is_space)
        });
        at - spaces.count()
    }

    /// The amount around a run; what lies before `free_from` belongs to another one.
    fn amount(&self, run: &Run, free_from: usize) -> Option<(Money, Range<usize>)> {
        let before = self.before_number(run, free_from);
        let (_, mut end) = self.trailing_dashes(run.end);
        // 1億2000万: each part has its own power, and they add up.
        let mut parts = vec![(run.meaning?, 0)];
        while let Some((power, after)) = self.power(end) {
            if let Some(last) = parts.last_mut() {
                last.1 = power;
            }
            end = after;
            if !self.is_digit(end) {
                break;
            }
            let next = self.run(end);
            parts.push((next.meaning?, 0));
            end = next.end;
        }
        let behind = self.behind_number(end, before.currency.is_some());
        let (currency, wordlike) = match (&before.currency, &behind) {
            (Some(one), Some(two)) => (one.currency.and(&two.currency), false),
            (Some(one), None) => (one.currency.clone(), one.wordlike),
            (None, Some(two)) => {
                let at_the_end = end + two.length >= self.chars.len();
                (two.currency.clone(), two.wordlike && !at_the_end)
            }
            (None, None) => return None,
        };
        let has_decimals = (run.start..run.end)
            .any(|at| matches!(self.char(at).and_then(separator), Some('.' | ',' | '٫')));
        if wordlike && !has_decimals {
            return None;
        }
        let mut number = Number::scaled(0, 0)?;
        for (meaning, power) in parts {
            number = number.plus(settle(meaning, &currency).shifted(power)?)?;
        }
        if before.negative {
            number = number.negated();
        }
        let end = match &behind {
            Some(written) => self.skip_spaces(end) + written.length,
            None => end,
        };
        Some((Money::new(number, Some(currency)), before.start..end))
    }

    fn before_number(&self, run: &Run, free_from: usize) -> Before {
        let own_minus = self.before(run.start).is_some_and(is_minus)
            && self.minus_stands_free(run.start - 1)
            && run.start > free_from;
        let from = run.start - usize::from(own_minus);
        let gap = self.skip_spaces_back(from).max(free_from);
        let currency = ending(&self.chars[free_from.min(gap)..gap]);
        let Some(currency) = currency else {
            return Before {
                currency: None,
                negative: own_minus,
                start: from,
            };
        };
        let start = gap - currency.length;
        let outer_minus = start > free_from
            && self.before(start).is_some_and(is_minus)
            && self.minus_stands_free(start - 1);
        Before {
            currency: Some(currency),
            negative: own_minus || outer_minus,
            start: start - usize::from(outer_minus),
        }
    }

    /// A minus after a letter or digit is a hyphen.
    fn minus_stands_free(&self, at: usize) -> bool {
        let before = self.before(at);
        let dash = matches!(self.char(at), Some('–' | '—'));
        before.is_none_or(|c| !c.is_alphanumeric() && (!dash || !is_space(c)))
    }

    fn behind_number(&self, end: usize, has_one: bool) -> Option<Written> {
        let at = self.skip_spaces(end);
        let written = beginning(&self.chars[at.min(self.chars.len())..])?;
        let after = at + written.length;
        let belongs_to_the_next = if has_one {
            // `$12 CAD` says more; `€5 €10` and `€5 EUR 10` are two.
            self.is_digit(self.skip_spaces(after)) || !self.chars[at].is_alphabetic()
        } else {
            at > end && self.is_digit(after)
        };
        (!belongs_to_the_next).then_some(written)
    }

    /// A word that multiplies, and where it ends.
    fn power(&self, end: usize) -> Option<(u8, usize)> {
        let spaced = self.skip_spaces(end);
        TABLE.powers.iter().find_map(|(word, power)| {
            let at = if word.len() == 1 { end } else { spaced };
            let after = at + word.len();
            let fits = self.chars.get(at..after)? == word.as_slice();
            let latin = word.iter().any(char::is_ascii_alphabetic);
            let runs_on = latin && self.char(after).is_some_and(char::is_alphabetic);
            (fits && !runs_on).then_some((*power, after))
        })
    }

    /// `5–10 €`: the number before the dash has no currency of its own.
    fn is_bound(&self, range: &Range<usize>) -> bool {
        let Some(dash) = self.before(range.start) else {
            return false;
        };
        let at = range.start - 1;
        if is_space(dash) && range.start >= 3 {
            // With spaces a hyphen may part two columns: only the longer dashes make a range.
            let (dash, before) = (self.char(at - 1), at - 1);
            return matches!(dash, Some('–' | '—' | '~' | '〜' | '～'))
                && self.is_digit(self.skip_spaces_back(before).wrapping_sub(1));
        }
        (is_minus(dash) || matches!(dash, '~' | '〜' | '～' | '‑'))
            && self.is_digit(at.wrapping_sub(1))
    }
}

struct Before {
    currency: Option<Written>,
    negative: bool,
    start: usize,
}

/// Amounts have no third decimal, so the separator marks thousands, but where the currency has three.
fn settle(meaning: Meaning, currency: &Currency) -> Number {
    match meaning {
        Meaning::One(number) => number,
        Meaning::Either {
            decimal,
            thousands,
            dot,
        } => {
            if dot && currency.fewest_and_most_decimals().0 >= 3 {
                decimal
            } else {
                thousands
            }
        }
    }
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '\u{2212}' | '–' | '—' | '－')
}

/// Soft hyphens, joiners and marks that turn the reading direction.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_one_of(words: &[String], text: &str) -> bool {
    let text = text.to_lowercase();
    words.contains(&text)
}

fn is_said_to_be_a_bound(text: &str, span: &Range<usize>) -> bool {
    let before = text[..span.start].trim_end().to_lowercase();
    let after = text[span.end..].trim_start();
    let said_before = TABLE.bounds.before.iter().any(|word| {
        before
            .strip_suffix(word.as_str())
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    });
    said_before
        || TABLE
            .bounds
            .after
            .iter()
            .any(|word| after.starts_with(word.as_str()))
}
