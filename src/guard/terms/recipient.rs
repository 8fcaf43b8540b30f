//! Addresses that something goes to: mail, bank account, phone, found by their shape, and made comparable.

use std::sync::LazyLock;

use regex::Regex;

/// A mail address in a text, as loosely as servers take them.
static MAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+")
        .expect("the pattern is constant")
});

/// What begins like an IBAN (ISO 13616), with or without spaces.
static IBAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b[A-Z]{2}\d{2}(?:[ \u{a0}-]?[A-Z0-9]{1,4}){3,8}\b")
        .expect("the pattern is constant")
});

/// A phone number in international form.
static PHONE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\+\d[\d ()./\u{a0}-]{6,18}\d").expect("the pattern is constant"));

/// Shortest and longest IBAN, in characters.
const IBAN_LENGTHS: std::ops::RangeInclusive<usize> = 15..=34;

/// Every address in a text that its shape alone gives away, normalised.
pub(in crate::guard) fn find(text: &str) -> Vec<String> {
    let mut found: Vec<String> = MAIL
        .find_iter(text)
        .map(|m| normal(m.as_str()))
        .chain(IBAN.find_iter(text).filter_map(|m| {
            let compact = compact(m.as_str()).to_uppercase();
            // The pattern may have run into the next word: the check digits say where it ends.
            let ends = IBAN_LENGTHS.rev().filter(|length| compact.len() >= *length);
            ends.map(|length| compact[..length].to_owned())
                .find(|iban| is_iban(iban))
        }))
        .chain(PHONE.find_iter(text).map(|m| normal(m.as_str())))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// One way of writing for every way of writing the same: no case, and no spaces or dashes in numbers.
pub(in crate::guard) fn normal(text: &str) -> String {
    let text = text
        .trim()
        .trim_start_matches("mailto:")
        .trim_start_matches("tel:");
    if text.contains('@') {
        return text.to_lowercase();
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if digits >= letters && digits > 3 || is_iban(&compact(text).to_uppercase()) {
        return compact(text).to_uppercase();
    }
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn compact(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '+')
        .collect()
}

/// Check digits by ISO 7064 (modulo 97).
fn is_iban(text: &str) -> bool {
    if !text.is_ascii() || !IBAN_LENGTHS.contains(&text.len()) {
        return false;
    }
    let (head, rest) = text.split_at(4);
    let shape = head.bytes().take(2).all(|b| b.is_ascii_uppercase())
        && head.bytes().skip(2).all(|b| b.is_ascii_digit());
    let remainder = rest.chars().chain(head.chars()).try_fold(0u32, |sum, c| {
        let value = c.to_digit(36)?;
        Some((sum * if value > 9 { 100 } else { 10 } + value) % 97)
    });
    shape && remainder == Some(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_by_their_shape() {
        for (text, found) in [
            ("write to Ada@Example.org, please", vec!["ada@example.org"]),
            (
                "DE89 3704 0044 0532 0130 00",
                vec!["DE89370400440532013000"],
            ),
            (
                "IBAN gb82west12345698765432 now",
                vec!["GB82WEST12345698765432"],
            ),
            ("DE89 3704 0044 0532 0130 01", vec![]),
            ("call +49 (30) 901820-0", vec!["+49309018200"]),
            ("order 12345678 of 2026-03-12", vec![]),
        ] {
            assert_eq!(find(text), found, "{text}");
        }
    }
}
