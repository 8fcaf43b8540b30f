//! The small changes that a value may go through on its way from the goal into a field: `{date|date:%Y-%m-%d}`.

use jiff::civil::Date;

use super::{date, number};

/// One change of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// A date in the writing of `strftime`.
    Date(String),
    /// Plain digits with a dot.
    Number,
    Lower,
    Upper,
    /// Every Word With A Capital.
    Title,
    FirstWord,
    LastWord,
    Digits,
    Trim,
}

/// Every filter's name, for messages.
const NAMES: &str = "date:FORMAT, number, lower, upper, title, first-word, last-word, digits, trim";

/// Why a value does not go through a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Fits after the value, as in `"12" is not a date`.
    pub reason: String,
    /// What it may have meant.
    pub suggestions: Vec<String>,
}

impl Refusal {
    fn new(reason: &str) -> Self {
        Self {
            reason: reason.to_owned(),
            suggestions: Vec::new(),
        }
    }
}

impl Filter {
    /// Reads one filter as it is written between bars; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => (name.trim(), Some(argument)),
            None => (text.trim(), None),
        };
        let filter = match (name, argument) {
            ("date", Some(format)) => {
                let sample = jiff::civil::date(2026, 1, 2);
                jiff::fmt::strtime::format(format, sample)
                    .map_err(|e| format!("the date format {format:?} cannot be used: {e}"))?;
                return Ok(Filter::Date(format.to_owned()));
            }
            ("date", None) => {
                return Err("the filter date needs a format, as in date:%Y-%m-%d".to_owned());
            }
            ("number", _) => Filter::Number,
            ("lower", _) => Filter::Lower,
            ("upper", _) => Filter::Upper,
            ("title", _) => Filter::Title,
            ("first-word", _) => Filter::FirstWord,
            ("last-word", _) => Filter::LastWord,
            ("digits", _) => Filter::Digits,
            ("trim", _) => Filter::Trim,
            _ => return Err(format!("there is no filter {name:?}; there are {NAMES}")),
        };
        match argument {
            Some(_) => Err(format!("the filter {name} takes no argument")),
            None => Ok(filter),
        }
    }

    /// The changed value; dates are seen from `today`.
    pub fn apply(&self, value: &str, today: Date) -> Result<String, Refusal> {
        match self {
            Filter::Date(format) => {
                let day = date::parse(value, today).map_err(|problem| match problem {
                    date::DateProblem::Unknown => Refusal::new("is not a date"),
                    date::DateProblem::Ambiguous(days) => Refusal {
                        reason: "may be more than one day".to_owned(),
                        suggestions: days
                            .iter()
                            .map(|day| day.strftime("%-d %B %Y").to_string())
                            .collect(),
                    },
                })?;
                jiff::fmt::strtime::format(format, day).map_err(|e| Refusal::new(&e.to_string()))
            }
            Filter::Number => number::plain(value).map_err(|problem| match problem {
                number::NumberProblem::Unknown => Refusal::new("is not a number"),
                number::NumberProblem::Several => Refusal::new("is not one number"),
                number::NumberProblem::Ambiguous(readings) => Refusal {
                    reason: "may be two different numbers".to_owned(),
                    suggestions: readings.to_vec(),
                },
            }),
            Filter::Lower => Ok(value.to_lowercase()),
            Filter::Upper => Ok(value.to_uppercase()),
            Filter::Title => Ok(title(value)),
            Filter::FirstWord => value
                .split_whitespace()
                .next()
                .map(str::to_owned)
                .ok_or_else(|| Refusal::new("has no words")),
            Filter::LastWord => value
                .split_whitespace()
                .next_back()
                .map(str::to_owned)
                .ok_or_else(|| Refusal::new("has no words")),
            Filter::Digits => {
                let digits: String = value.chars().filter(char::is_ascii_digit).collect();
                if digits.is_empty() {
                    Err(Refusal::new("has no digits"))
                } else {
                    Ok(digits)
                }
            }
            Filter::Trim => Ok(value.trim().to_owned()),
        }
    }
}

fn title(value: &str) -> String {
    let mut at_start = true;
    value
        .chars()
        .flat_map(|c| {
            let changed: Vec<char> = if at_start {
                c.to_uppercase().collect()
            } else {
                c.to_lowercase().collect()
            };
            at_start = !c.is_alphanumeric() && c != '\'';
            changed
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_filter_changes_a_value_as_its_name_says() {
        for (filter, value, expected) in [
            ("date:%Y-%m-%d", "12 March", "2026-03-12"),
            ("date:%A, %-d %B", "2026-03-12", "Thursday, 12 March"),
            ("number", "€ 48,20", "48.20"),
            ("lower", "Ana REYES", "ana reyes"),
            ("upper", "Ana", "ANA"),
            ("title", "ana o'neill-reyes", "Ana O'neill-Reyes"),
            ("first-word", " Ana Reyes ", "Ana"),
            ("last-word", "Ana Reyes", "Reyes"),
            ("digits", "No. 12-34", "1234"),
            ("trim", "  a b ", "a b"),
        ] {
            let parsed = Filter::parse(filter).unwrap();
            assert_eq!(
                parsed.apply(value, date(2026, 11, 24)).as_deref(),
                Ok(expected),
                "{filter}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_what_it_may_mean() {
        let refusal = Filter::parse("date:%F")
            .unwrap()
            .apply("Friday", date(2026, 11, 24))
            .unwrap_err();
        assert_eq!(refusal.reason, "may be more than one day");
        assert_eq!(
            refusal.suggestions,
            ["20 November 2026", "27 November 2026"]
        );
        assert!(Filter::parse("dat:%F").unwrap_err().contains("first-word"));
        assert!(Filter::parse("date").is_err());
        assert!(Filter::parse("date:%Q%").is_err());
        assert!(Filter::parse("lower:x").is_err());
    }
}
