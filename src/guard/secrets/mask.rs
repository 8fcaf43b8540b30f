//! Takes secrets out of texts: the known values however they are written, and every number that is a card's or an account's.

use secrecy::{ExposeSecret, SecretString};

/// What stands where a secret stood.
const DOTS: &str = "••••";

/// Shortest value that is looked for, in characters without separators: shorter ones would take ordinary words and numbers apart.
const SHORTEST: usize = 3;

/// Replaces secrets in texts by dots. `default()` knows no value and masks card and account numbers only.
#[derive(Clone, Default)]
pub struct Masker {
    values: Vec<Value>,
}

#[derive(Clone)]
struct Value {
    /// Exactly as it is typed.
    plain: Vec<char>,
    /// Percent-encoded and base64: searched for as they are.
    encoded: Vec<Vec<char>>,
}

impl std::fmt::Debug for Masker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Masker({} values)", self.values.len())
    }
}

impl Masker {
    /// A masker that knows these values too.
    pub fn for_values(values: impl IntoIterator<Item = SecretString>) -> Self {
        let mut masker = Masker::default();
        for value in values {
            masker.add(&value);
        }
        masker
    }

    /// From now on this value is masked as well.
    pub fn add(&mut self, value: &SecretString) {
        let value = value.expose_secret();
        if value.chars().filter(|c| !is_separator(*c)).count() < SHORTEST {
            return;
        }
        use base64::Engine;
        use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
        let component: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        let encoded = [
            component.replace('+', "%20"),
            component,
            STANDARD_NO_PAD.encode(value),
            URL_SAFE_NO_PAD.encode(value),
        ];
        self.values.push(Value {
            plain: value.chars().collect(),
            encoded: encoded.iter().map(|text| text.chars().collect()).collect(),
        });
    }

    /// The text with every secret in it replaced by dots.
    pub fn mask(&self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let mut hidden = vec![false; chars.len()];
        for value in &self.values {
            hide_value(&chars, value, &mut hidden);
        }
        hide_cards(&chars, &mut hidden);
        hide_accounts(&chars, &mut hidden);
        let mut masked = String::with_capacity(text.len());
        for (index, c) in chars.iter().enumerate() {
            if !hidden[index] {
                masked.push(*c);
            } else if index == 0 || !hidden[index - 1] {
                masked.push_str(DOTS);
            }
        }
        masked
    }
}

/// What people and pages put between groups of a number.
fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '-' | '.' | '_' | '/' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}'
    ) || matches!(c, '\u{2010}'..='\u{2015}')
}

fn hide_value(chars: &[char], value: &Value, hidden: &mut [bool]) {
    let bare: Vec<char> = value
        .plain
        .iter()
        .copied()
        .filter(|c| !is_separator(*c))
        .collect();
    for start in 0..chars.len() {
        if let Some(end) = match_grouped(chars, start, &bare) {
            hidden[start..end].fill(true);
        }
        for encoded in &value.encoded {
            if match_exactly(chars, start, encoded) {
                hidden[start..start + encoded.len()].fill(true);
            }
        }
    }
}

/// The end of `bare` at `start`, single separators between its characters passed over.
fn match_grouped(chars: &[char], start: usize, bare: &[char]) -> Option<usize> {
    let mut at = start;
    for (number, wanted) in bare.iter().enumerate() {
        if number > 0 {
            // Grouping takes one separator, sometimes two (" - " takes three).
            let limit = at + 3;
            while at < chars.len() && at < limit && is_separator(chars[at]) {
                at += 1;
            }
        }
        if chars.get(at) != Some(wanted) {
            return None;
        }
        at += 1;
    }
    Some(at)
}

fn match_exactly(chars: &[char], start: usize, wanted: &[char]) -> bool {
    // The digits of percent-encoding come in both cases.
    chars.len() >= start + wanted.len()
        && chars[start..start + wanted.len()]
            .iter()
            .zip(wanted)
            .all(|(a, b)| a.eq_ignore_ascii_case(b))
}

/// Runs of 13 to 19 digits, however grouped, that pass the check of ISO/IEC 7812 (Luhn).
fn hide_cards(chars: &[char], hidden: &mut [bool]) {
    for start in 0..chars.len() {
        let inside = start > 0 && chars[start - 1].is_ascii_alphanumeric();
        if !chars[start].is_ascii_digit() || inside {
            continue;
        }
        let run = groups(chars, start, |c| c.is_ascii_digit(), 19);
        // The longest first: a shorter one may pass by chance.
        for length in (13..=19.min(run.len())).rev() {
            let end = run[length - 1] + 1;
            let goes_on = chars.get(end).is_some_and(char::is_ascii_alphanumeric);
            let digits: Vec<u32> = run[..length]
                .iter()
                .filter_map(|&i| chars[i].to_digit(10))
                .collect();
            if !goes_on && digits.iter().any(|d| *d != 0) && passes_luhn(&digits) {
                hidden[start..end].fill(true);
                break;
            }
        }
    }
}

fn passes_luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Account numbers of ISO 13616: two letters, two digits, up to 30 more, remainder 1 modulo 97.
fn hide_accounts(chars: &[char], hidden: &mut [bool]) {
    for start in 0..chars.len() {
        let inside = start > 0 && chars[start - 1].is_alphanumeric();
        if inside || !chars[start].is_ascii_alphabetic() {
            continue;
        }
        let run = groups(chars, start, |c| c.is_ascii_alphanumeric(), 34);
        for length in (15..=34.min(run.len())).rev() {
            let end = run[length - 1] + 1;
            let goes_on = chars.get(end).is_some_and(|c| c.is_alphanumeric());
            let letters: Vec<char> = run[..length].iter().map(|&i| chars[i]).collect();
            if !goes_on && is_account(&letters) {
                hidden[start..end].fill(true);
                break;
            }
        }
    }
}

fn is_account(letters: &[char]) -> bool {
    let shape = letters[0].is_ascii_alphabetic()
        && letters[1].is_ascii_alphabetic()
        && letters[2].is_ascii_digit()
        && letters[3].is_ascii_digit();
    let remainder = letters[4..]
        .iter()
        .chain(&letters[..4])
        .try_fold(0u32, |rest, c| {
            let value = c.to_digit(36)?;
            let shifted = if value < 10 { rest * 10 } else { rest * 100 };
            Some((shifted + value) % 97)
        });
    shape && remainder == Some(1)
}

/// Where the characters of a grouped number stand, from `start`, at most `most` and single separators between them.
fn groups(chars: &[char], start: usize, fits: impl Fn(char) -> bool, most: usize) -> Vec<usize> {
    let mut run = Vec::new();
    let mut at = start;
    while at < chars.len() && run.len() < most {
        if fits(chars[at]) {
            run.push(at);
        } else if !is_separator(chars[at]) || !chars.get(at + 1).is_some_and(|c| fits(*c)) {
            break;
        }
        at += 1;
    }
    run
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masker(value: &str) -> Masker {
        Masker::for_values([SecretString::from(value.to_owned())])
    }

    #[test]
    fn a_known_value_goes_however_it_is_written() {
        let masker = masker("p@ss w0rd/1");
        for text in [
            "p@ss w0rd/1",
            "got p@ss w0rd/1!",
            "q=p%40ss+w0rd%2F1&x",
            "q=p%40ss%20w0rd%2f1",
            "cEBzcyB3MHJkLzE=",
            "p@ss-w0rd-1",
        ] {
            let masked = masker.mask(text);
            assert!(masked.contains(DOTS), "{text} became {masked}");
            assert!(!masked.contains("w0rd"), "{text} became {masked}");
        }
        assert_eq!(masker.mask("a pass word"), "a pass word");
    }

    #[test]
    fn card_and_account_numbers_go_without_being_known() {
        let masker = Masker::default();
        for (text, masked) in [
            ("card 4242 4242 4242 4242 ok", "card •••• ok"),
            ("4242-4242-4242-4242", "••••"),
            ("378282246310005", "••••"),
            ("IBAN DE89 3704 0044 0532 0130 00.", "IBAN ••••."),
            ("GB82WEST12345698765432", "••••"),
            ("order 4242424242424241", "order 4242424242424241"),
            ("at 2026-11-24 19:55:15", "at 2026-11-24 19:55:15"),
            ("0000000000000000", "0000000000000000"),
            ("", ""),
        ] {
            assert_eq!(masker.mask(text), masked);
        }
    }

    #[test]
    fn too_short_values_are_left_alone() {
        assert_eq!(masker("1").mask("1 of 11"), "1 of 11");
    }

    proptest! {
        #[test]
        fn no_known_value_survives(
            secret in "[A-Za-z0-9!@#$%&*]{4,20}",
            before in "[^•]{0,20}",
            after in "[^•]{0,20}",
        ) {
            let masked = masker(&secret).mask(&format!("{before}{secret}{after}"));
            prop_assert!(!masked.contains(&secret), "{masked}");
        }

        #[test]
        fn grouping_does_not_save_a_value(digits in "[1-9]{8,16}", size in 2usize..5) {
            let chars: Vec<char> = digits.chars().collect();
            for separator in [" ", "-", "\u{a0}"] {
                let groups: Vec<String> = chars.chunks(size).map(|g| g.iter().collect()).collect();
                let masked = masker(&digits).mask(&format!("n {} m", groups.join(separator)));
                prop_assert_eq!(masked, format!("n {DOTS} m"));
            }
        }

        #[test]
        fn masking_twice_is_masking_once(text in "\\PC{0,60}") {
            let masker = masker("4711secret");
            let once = masker.mask(&text);
            prop_assert_eq!(masker.mask(&once), once);
        }

        #[test]
        fn every_valid_card_number_goes(digits in proptest::collection::vec(0u32..10, 12..18)) {
            prop_assume!(digits[0] != 0);
            let check = (0..10).find(|c| passes_luhn(&[digits.as_slice(), &[*c]].concat()));
            let number: String = digits.iter().chain(&check).map(u32::to_string).collect();
            prop_assert_eq!(Masker::default().mask(&number), DOTS);
        }
    }
}
