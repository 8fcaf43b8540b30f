//! An amount of money: how much, of what, and whether one is certainly no more than another. The one parser of the house.
//!
//! Invariants: no floating point; what the text leaves open stays open (`$` is no particular dollar), and an open question never makes
//! an amount comparable; nothing here panics on any text.

mod currency;
mod field;
mod number;
mod text;

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use currency::Currency;
pub use field::{Reading, readings};
pub use text::{Found, find};

use number::Number;

/// An amount. Equal values are equal however many decimals were written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Money {
    number: Number,
    currency: Option<Currency>,
}

impl Money {
    fn new(number: Number, currency: Option<Currency>) -> Self {
        Money { number, currency }
    }

    /// An amount in a currency's smallest unit (cents), by its ISO 4217 code; `None` for an unknown code.
    pub fn of_minor(minor: i64, code: &str) -> Option<Self> {
        let currency = Currency::parse(code).filter(|currency| currency.code().is_some())?;
        let (decimals, _) = currency.fewest_and_most_decimals();
        Some(Money::new(
            Number::scaled(i128::from(minor), decimals)?,
            Some(currency),
        ))
    }

    /// The one amount that a text is, with its currency or without: `1.234,50 €`, `12.99`. `None` where there is more in it, or where a
    /// number without currency can be read in two ways (`1,234`).
    pub fn parse(text: &str) -> Option<Self> {
        text::whole(text)
    }

    pub fn currency(&self) -> Option<&Currency> {
        self.currency.as_ref()
    }

    /// The same amount with a currency that is known from elsewhere, where its own text names none or leaves it open.
    #[must_use]
    pub fn in_currency(self, known: &Currency) -> Self {
        let currency = match &self.currency {
            None => known.clone(),
            Some(own) => own.and(known),
        };
        Money::new(self.number, Some(currency))
    }

    pub fn is_negative(&self) -> bool {
        self.number.is_negative()
    }

    pub fn is_zero(&self) -> bool {
        self.number.is_zero()
    }

    /// Whether this is certainly no more than `other`: both in the same certain currency. Where a text left the currency open, or
    /// where one of the two is below zero and the other is not, nothing is certain.
    pub fn at_most(&self, other: &Money) -> bool {
        let code = |money: &Money| {
            money
                .currency
                .as_ref()
                .and_then(|c| c.code().map(str::to_owned))
        };
        match (code(self), code(other)) {
            (Some(one), Some(two)) => one == two && self.is_no_more_in_number(other),
            _ => false,
        }
    }

    /// Whether the number alone is no more, whatever the currencies; of money that flows the other way never.
    pub(super) fn is_no_more_in_number(&self, other: &Money) -> bool {
        self.is_negative() == other.is_negative()
            && self.number.magnitude() <= other.number.magnitude()
    }

    /// The sum; `None` where the currencies differ or the number would not fit.
    pub(super) fn plus(&self, other: &Money) -> Option<Money> {
        (self.currency == other.currency)
            .then(|| self.number.plus(other.number))
            .flatten()
            .map(|number| Money::new(number, self.currency.clone()))
    }

    /// So many times this; `None` where the number would not fit.
    pub(super) fn times(&self, count: u64) -> Option<Money> {
        Some(Money::new(
            self.number.times(i128::from(count))?,
            self.currency.clone(),
        ))
    }

    /// For choosing the worse of several readings: the higher number.
    pub(super) fn is_worse_than(&self, other: &Money) -> bool {
        self.number.magnitude() > other.number.magnitude()
    }
}

/// As cards and files write it: `1234.50 EUR`, `12.00 $`; without thousands separators, always with a dot.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self
            .currency
            .as_ref()
            .map_or(0, |currency| currency.fewest_and_most_decimals().1);
        f.write_str(&self.number.written(decimals))?;
        match &self.currency {
            Some(currency) => write!(f, " {currency}"),
            None => Ok(()),
        }
    }
}

/// A text is not an amount as this program writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not an amount: write a number with a dot before decimals and a currency, as in \"12.50 EUR\""
)]
pub struct NotMoney(String);

/// Reads what [`fmt::Display`] writes, and nothing else.
impl FromStr for Money {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Self, NotMoney> {
        let not = || NotMoney(text.to_owned());
        let (digits, currency) = match text.split_once(' ') {
            Some((digits, currency)) => (digits, Some(Currency::parse(currency).ok_or_else(not)?)),
            None => (text, None),
        };
        let number = Number::plain(digits).ok_or_else(not)?;
        Ok(Money::new(number, currency))
    }
}

impl TryFrom<String> for Money {
    type Error = NotMoney;

    fn try_from(text: String) -> Result<Self, NotMoney> {
        text.parse()
    }
}

impl From<Money> for String {
    fn from(money: Money) -> Self {
        money.to_string()
    }
}

#[cfg(test)]
mod tests;
