//! Amounts in the fields of requests, where `1250` may be euros or cents: every reading is kept, and the worse one counts.

use super::currency::{Currency, DECIMALS};
use super::number::{Meaning, Number};
use super::text::{bare, whole};
use super::{Money, find};

/// Largest exponent of ten in a JSON number that is still an amount.
const LARGEST_EXPONENT: u8 = 18;

/// Words in a field's name that say its number counts the smallest unit.
const MINOR: [&str; 12] = [
    "cent",
    "cents",
    "centimes",
    "minor",
    "pence",
    "paise",
    "kopecks",
    "groszy",
    "ore",
    "subunits",
    "minorunits",
    "centavos",
];

/// What a field's value may mean as an amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// Says nothing: an empty value.
    Nothing,
    /// All amounts that it may mean, at least one.
    Amounts(Vec<Money>),
    /// Is there and cannot be read as an amount.
    Unreadable,
}

/// Reads the value of a field that holds an amount. `words` are the words of its name in lower case; `currency` is what the request
/// says elsewhere.
pub fn readings(words: &[&str], value: &str, currency: Option<&Currency>) -> Reading {
    let value = value.trim();
    if value.is_empty() || value == "null" {
        return Reading::Nothing;
    }
    let in_currency = |money: Money| match currency {
        Some(currency) => money.in_currency(currency),
        None => money,
    };
    let meaning = scientific(value).map(Meaning::One).or_else(|| bare(value));
    let numbers = match meaning {
        Some(Meaning::One(number)) => vec![number],
        Some(Meaning::Either {
            decimal, thousands, ..
        }) => vec![decimal, thousands],
        None => {
            let spelt = whole(value).map(|money| vec![money]);
            let all = spelt.unwrap_or_else(|| find(value).into_iter().map(|f| f.money).collect());
            if all.is_empty() {
                return Reading::Unreadable;
            }
            return Reading::Amounts(all.into_iter().map(in_currency).collect());
        }
    };
    let counts_minor = words.iter().any(|word| MINOR.contains(word));
    let (fewest, most) = currency.map_or((DECIMALS, DECIMALS), Currency::fewest_and_most_decimals);
    let amounts = numbers.into_iter().flat_map(|number| {
        let minor = number.is_whole();
        let as_minor = [fewest, most]
            .into_iter()
            .filter(move |_| minor)
            .filter_map(move |decimals| number.divided(decimals));
        let as_major = (!counts_minor || !minor).then_some(number);
        as_major.into_iter().chain(as_minor)
    });
    let mut amounts: Vec<Money> = amounts
        .map(|number| in_currency(Money::new(number, None)))
        .collect();
    amounts.dedup();
    if amounts.is_empty() {
        return Reading::Unreadable;
    }
    Reading::Amounts(amounts)
}

/// `1.25e3`, as JSON may have it.
fn scientific(text: &str) -> Option<Number> {
    let (digits, exponent) = text.split_once(['e', 'E'])?;
    let number = Number::plain(digits)?;
    let exponent: i16 = exponent.parse().ok()?;
    let size = u8::try_from(exponent.unsigned_abs()).ok()?;
    if size > LARGEST_EXPONENT {
        return None;
    }
    if exponent < 0 {
        number.divided(size)
    } else {
        number.shifted(size)
    }
}
