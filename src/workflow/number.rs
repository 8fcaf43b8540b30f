//! Reads numbers and amounts as people and pages write them, and writes them with plain digits and a dot.

use std::sync::LazyLock;

use regex::Regex;

/// Why a text is not one certain number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberProblem {
    Unknown,
    /// More than one number stands there.
    Several,
    /// The only separator may be a decimal point or mark thousands; both readings.
    Ambiguous([String; 2]),
}

const WORDS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

/// Which place an ordinal names, from 1: "3rd", "third" and "3." are 3.
pub fn ordinal(text: &str) -> Option<u32> {
    let lower = text.trim().to_lowercase();
    if let Some(at) = ORDINALS.iter().position(|word| *word == lower) {
        return Some(at as u32 + 1);
    }
    let figures = ["st", "nd", "rd", "th", "."]
        .iter()
        .find_map(|ending| lower.strip_suffix(ending))?;
    figures.parse().ok().filter(|nth| *nth > 0)
}

/// A run of digits with what may stand between them: dots, commas, apostrophes and (narrow, no-break) spaces.
static RUN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[-\u{2212}]?\d(?:[\d.,'\u{2019}\s]*\d)?").expect("the pattern is constant")
});

static CURRENCY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\p{Sc}|\b(?:eur|usd|gbp|chf|jpy|cad|aud|sek|nok|dkk|pln|czk|inr|cny|brl|euros?|dollars?|pounds?|francs?)\b|\bkr\b")
        .expect("the pattern is constant")
});

/// Whether `text` names a currency by sign, code or word.
pub fn has_currency(text: &str) -> bool {
    CURRENCY.is_match(text)
}

/// Whether `text` is a number with a currency and nothing else.
pub fn is_amount(text: &str) -> bool {
    let rest = CURRENCY.replace_all(text, "");
    let rest = rest.trim();
    has_currency(text)
        && RUN
            .find(rest)
            .is_some_and(|run| run.as_str().len() == rest.len())
        && plain(text).is_ok()
}

/// The one number in `text`: digits, with a dot before decimals and a minus where it is negative.
pub fn plain(text: &str) -> Result<String, NumberProblem> {
    let lower = text.trim().to_lowercase();
    if let Some(at) = WORDS.iter().position(|word| *word == lower) {
        return Ok(at.to_string());
    }
    // Most texts of a page have no figure in them.
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(NumberProblem::Unknown);
    }
    let runs: Vec<&str> = RUN.find_iter(text).map(|found| found.as_str()).collect();
    match runs.as_slice() {
        [] => Err(NumberProblem::Unknown),
        [run] => one(run, || has_currency(text)),
        _ => Err(NumberProblem::Several),
    }
}

fn one(run: &str, currency: impl Fn() -> bool) -> Result<String, NumberProblem> {
    let (sign, run) = match run.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", run),
    };
    let separators: Vec<(usize, char)> = run
        .char_indices()
        .filter(|(_, c)| !c.is_ascii_digit())
        .collect();
    let Some(&(at, last)) = separators.last() else {
        return Ok(format!("{sign}{run}"));
    };
    let (whole, decimals) = (&run[..at], &run[at + last.len_utf8()..]);
    let alone = separators.iter().filter(|(_, c)| *c == last).count() == 1;
    let can_be_decimal = matches!(last, '.' | ',') && alone;
    let as_decimal = can_be_decimal
        .then(|| thousands(whole))
        .flatten()
        .map(|whole| format!("{sign}{whole}.{decimals}"));
    let as_thousands = thousands(run).map(|whole| format!("{sign}{whole}"));
    match (as_decimal, as_thousands) {
        // Amounts have no third decimal, so with a currency the separator marks thousands.
        (Some(_), Some(thousands)) if currency() => Ok(thousands),
        (Some(decimal), Some(thousands)) => Err(NumberProblem::Ambiguous([decimal, thousands])),
        (Some(number), None) | (None, Some(number)) => Ok(number),
        (None, None) => Err(NumberProblem::Several),
    }
}

/// The digits of a whole number, whose groups of three may be parted by one sort of separator.
fn thousands(text: &str) -> Option<String> {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return (!text.is_empty()).then(|| text.to_owned());
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    let fits = groups.iter().all(digits)
        && (1..=3).contains(&groups[0].len())
        && !groups[0].starts_with('0')
        && groups[1..].iter().all(|group| group.len() == 3);
    fits.then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_in_the_writing_of_many_countries() {
        for (text, expected) in [
            ("€ 1.234,50", "1234.50"),
            ("$1,234.50", "1234.50"),
            ("48,20", "48.20"),
            ("48.20", "48.20"),
            ("Total: 48.20 EUR.", "48.20"),
            ("CHF 1'234.50", "1234.50"),
            ("1 234,50 €", "1234.50"),
            ("1\u{202f}234\u{202f}567,5", "1234567.5"),
            ("1,234,567", "1234567"),
            ("$1,234", "1234"),
            ("0.125", "0.125"),
            ("-12", "-12"),
            ("\u{2212}12,5", "-12.5"),
            ("3 tickets", "3"),
            ("two", "2"),
            ("007", "007"),
        ] {
            assert_eq!(plain(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_one_number_is_refused() {
        assert_eq!(plain("none"), Err(NumberProblem::Unknown));
        assert_eq!(plain("12 of 34"), Err(NumberProblem::Several));
        assert_eq!(plain("12 34"), Err(NumberProblem::Several));
        assert_eq!(
            plain("1.234"),
            Err(NumberProblem::Ambiguous(["1.234".into(), "1234".into()]))
        );
    }

    fn grouped(whole: u32, separator: &str) -> String {
        let digits = whole.to_string();
        let head = digits.len() % 3;
        let mut groups: Vec<&str> = Vec::new();
        if head > 0 {
            groups.push(&digits[..head]);
        }
        let mut at = head;
        while at < digits.len() {
            groups.push(&digits[at..at + 3]);
            at += 3;
        }
        groups.join(separator)
    }

    proptest! {
        #[test]
        fn every_writing_of_an_amount_reads_the_same(whole in 0u32..100_000_000, cents in 0u32..100) {
            let expected = format!("{whole}.{cents:02}");
            for (thousands, decimal) in [(",", "."), (".", ","), ("'", "."), (" ", ","), ("", ".")] {
                let written = format!("€ {}{decimal}{cents:02}", grouped(whole, thousands));
                prop_assert_eq!(plain(&written), Ok(expected.clone()), "{}", written);
            }
        }
    }
}
