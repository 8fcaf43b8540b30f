//! Which currencies there are and how they are written: ISO 4217 codes, signs and names, as data.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

/// What `currencies.toml` means, once for the process.
pub(super) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    // The file is compiled in, and a test reads it: a mistake there never reaches a person.
    let file: File = toml::from_str(include_str!("currencies.toml"))
        .expect("the built-in table of currencies is valid TOML");
    Table::from(file)
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    decimals: BTreeMap<String, Vec<String>>,
    wordlike: Codes,
    sign: Vec<Sign>,
    powers: BTreeMap<String, Vec<String>>,
    bounds: Bounds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    codes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sign {
    codes: Vec<String>,
    written: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bounds {
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    pub(super) between: Vec<String>,
}

pub(super) struct Table {
    /// Code and its decimals.
    decimals: BTreeMap<String, u8>,
    wordlike: Vec<String>,
    /// How it is written, longest first, and what it may mean.
    signs: Vec<(Vec<char>, Currency)>,
    /// Word, longest first, and the power of ten.
    pub(super) powers: Vec<(Vec<char>, u8)>,
    pub(super) bounds: Bounds,
}

impl From<File> for Table {
    fn from(file: File) -> Self {
        let number = |text: &str| {
            text.parse()
                .expect("the keys of the table are small numbers")
        };
        let pairs = |map: BTreeMap<String, Vec<String>>| {
            map.into_iter()
                .flat_map(|(n, list)| list.into_iter().map(move |text| (text, n.clone())))
                .map(|(text, n)| (text, number(&n)))
                .collect::<Vec<(String, u8)>>()
        };
        let signs = file.sign.into_iter().flat_map(|sign| {
            let currency = Currency::of(sign.codes);
            sign.written
                .into_iter()
                .map(move |text| (text.chars().collect(), currency.clone()))
        });
        let mut signs: Vec<(Vec<char>, Currency)> = signs.collect();
        signs.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let mut powers: Vec<(Vec<char>, u8)> = pairs(file.powers)
            .into_iter()
            .map(|(text, n)| (text.chars().collect(), n))
            .collect();
        powers.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Table {
            decimals: pairs(file.decimals).into_iter().collect(),
            wordlike: file.wordlike.codes,
            signs,
            powers,
            bounds: file.bounds,
        }
    }
}

/// A currency as far as a text says it: one ISO 4217 code, or the several that a sign like `$` may mean.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency {
    /// Sorted, each once, at least one.
    codes: Vec<String>,
}

impl Currency {
    fn of(mut codes: Vec<String>) -> Self {
        codes.sort_unstable();
        codes.dedup();
        Currency { codes }
    }

    /// A text that names a currency and nothing else: a code in any case, a sign, a name.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let upper = text.to_uppercase();
        if TABLE.decimals.contains_key(&upper) {
            return Some(Currency { codes: vec![upper] });
        }
        let chars: Vec<char> = text.chars().collect();
        let sign = TABLE.signs.iter().find(|(written, _)| *written == chars);
        if let Some((_, currency)) = sign {
            return Some(currency.clone());
        }
        // As it is printed where several codes have no sign of their own.
        let codes: Vec<String> = text.split('/').map(str::to_owned).collect();
        let known = codes.iter().all(|code| TABLE.decimals.contains_key(code));
        known.then(|| Currency::of(codes))
    }

    /// The one code, where it is certain.
    pub fn code(&self) -> Option<&str> {
        match self.codes.as_slice() {
            [code] => Some(code),
            _ => None,
        }
    }

    /// Decimals of its amounts: the fewest and the most of what it may be.
    pub(super) fn fewest_and_most_decimals(&self) -> (u8, u8) {
        let all = || {
            self.codes
                .iter()
                .filter_map(|code| TABLE.decimals.get(code))
        };
        (
            all().min().copied().unwrap_or(DECIMALS),
            all().max().copied().unwrap_or(DECIMALS),
        )
    }

    /// What two names of one amount's currency say together: what both allow, or everything where they contradict each other.
    pub(in crate::guard) fn and(&self, other: &Currency) -> Currency {
        let both: Vec<String> = self
            .codes
            .iter()
            .filter(|code| other.codes.contains(code))
            .cloned()
            .collect();
        if both.is_empty() {
            return Currency::of([self.codes.as_slice(), &other.codes].concat());
        }
        Currency { codes: both }
    }
}

/// Decimals where no currency says otherwise.
pub(super) const DECIMALS: u8 = 2;

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.codes.len() > 1
            && let Some((written, _)) = TABLE
                .signs
                .iter()
                .filter(|(written, currency)| written.len() <= 2 && currency == self)
                .min_by_key(|(written, _)| written.len())
        {
            return f.write_str(&written.iter().collect::<String>());
        }
        f.write_str(&self.codes.join("/"))
    }
}

/// What a text's letters around a number may be.
pub(super) struct Written {
    pub(super) currency: Currency,
    /// Length in characters.
    pub(super) length: usize,
    /// An ordinary word, too.
    pub(super) wordlike: bool,
}

/// The longest currency that `chars` begin with.
pub(super) fn beginning(chars: &[char]) -> Option<Written> {
    longest(
        |written| chars.starts_with(written),
        |length| chars.get(length).copied(),
        |length| chars[..length].iter().collect(),
        chars.len(),
    )
}

/// The longest currency that `chars` end with.
pub(super) fn ending(chars: &[char]) -> Option<Written> {
    longest(
        |written| chars.ends_with(written),
        |length| {
            let before = chars.len().checked_sub(length + 1)?;
            chars.get(before).copied()
        },
        |length| chars[chars.len() - length..].iter().collect(),
        chars.len(),
    )
}

/// `beyond` is the character on the outer side of so many.
fn longest(
    fits: impl Fn(&[char]) -> bool,
    beyond: impl Fn(usize) -> Option<char>,
    taken: impl Fn(usize) -> String,
    available: usize,
) -> Option<Written> {
    let ends_there = |length: usize| !beyond(length).is_some_and(char::is_alphabetic);
    let sign = TABLE.signs.iter().find(|(written, _)| {
        let spaced = written
            .iter()
            .all(|c| !c.is_alphabetic() || is_unspaced(*c));
        fits(written) && (spaced || ends_there(written.len()))
    });
    let sign = sign.map(|(written, currency)| Written {
        currency: currency.clone(),
        length: written.len(),
        wordlike: false,
    });
    let code = (available >= CODE && ends_there(CODE))
        .then(|| taken(CODE))
        .and_then(|text| {
            let upper = text.to_ascii_uppercase();
            let known = TABLE.decimals.contains_key(&upper);
            let wordlike = TABLE.wordlike.contains(&upper);
            (known && (!wordlike || text == upper)).then(|| Written {
                currency: Currency { codes: vec![upper] },
                length: CODE,
                wordlike,
            })
        });
    match (sign, code) {
        (Some(sign), Some(code)) if code.length > sign.length => Some(code),
        (Some(sign), _) => Some(sign),
        (None, code) => code,
    }
}

/// Letters of an ISO 4217 code.
const CODE: usize = 3;

/// Letters of languages that set words apart by no space.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{e7f}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_means_codes_that_exist() {
        assert!(TABLE.decimals.len() > 150);
        for (written, currency) in &TABLE.signs {
            for code in &currency.codes {
                assert!(
                    TABLE.decimals.contains_key(code),
                    "{written:?} means {code}"
                );
            }
        }
    }

    #[test]
    fn signs_that_several_currencies_share_stay_open() {
        for text in ["$", "kr", "¥", "元"] {
            assert_eq!(Currency::parse(text).unwrap().code(), None, "{text}");
        }
        for (text, code) in [("US$", "USD"), ("円", "JPY"), ("€", "EUR"), ("eur", "EUR")] {
            assert_eq!(Currency::parse(text).unwrap().code(), Some(code), "{text}");
        }
    }

    #[test]
    fn what_is_printed_means_the_same_currency() {
        for (_, currency) in &TABLE.signs {
            let printed = currency.to_string();
            assert_eq!(
                Currency::parse(&printed).as_ref(),
                Some(currency),
                "{printed}"
            );
        }
    }
}
