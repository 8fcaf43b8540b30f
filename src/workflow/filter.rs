//! The small changes that a value may go through on its way from the goal into a field: `{date|date:%Y-%m-%d}`.

use jiff::civil::Date;

use super::{date, number};

/// One change of a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Filter {
    /// A date in the writing of `strftime`.
    Date(String),
    /// A date written in figures, the month before the day, as the same day in the international writing.
    MonthFirst,
    /// The same, the day before the month.
    DayFirst,
    /// A time of day in the writing of `strftime`.
    Time(String),
    /// The figure of an ordinal: "3rd" and "third" are 3.
    Ordinal,
    /// The word at this place, from 1; from the end where it is negative.
    Word(i32),
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
    /// Without the punctuation around it.
    Bare,
    /// Without any white space.
    Joined,
    /// The value of a sum, difference, product or quotient; of the unknown in a linear equation.
    Solve,
}

/// Every filter's name, for messages.
const NAMES: &str = "date:FORMAT, month-first, day-first, time:FORMAT, ordinal, word:N, number, lower, upper, title, first-word, last-word, digits, trim, bare, joined, solve";

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
            ("time", Some(format)) => {
                let sample = jiff::civil::time(13, 5, 0, 0);
                jiff::fmt::strtime::format(format, sample)
                    .map_err(|e| format!("the time format {format:?} cannot be used: {e}"))?;
                return Ok(Filter::Time(format.to_owned()));
            }
            ("time", None) => {
                return Err("the filter time needs a format, as in time:%H:%M".to_owned());
            }
            ("word", argument) => {
                let place = argument.and_then(|place| place.trim().parse().ok());
                return match place {
                    Some(0) | None => {
                        Err("the filter word needs a place, as in word:2 or word:-1".to_owned())
                    }
                    Some(place) => Ok(Filter::Word(place)),
                };
            }
            ("month-first", _) => Filter::MonthFirst,
            ("day-first", _) => Filter::DayFirst,
            ("ordinal", _) => Filter::Ordinal,
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
            ("bare", _) => Filter::Bare,
            ("joined", _) => Filter::Joined,
            ("solve", _) => Filter::Solve,
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
            Filter::MonthFirst => in_figures(value, true),
            Filter::DayFirst => in_figures(value, false),
            Filter::Time(format) => {
                let time = date::time(value).ok_or_else(|| Refusal::new("is not a time"))?;
                jiff::fmt::strtime::format(format, time).map_err(|e| Refusal::new(&e.to_string()))
            }
            Filter::Ordinal => number::ordinal(value)
                .map(|nth| nth.to_string())
                .ok_or_else(|| Refusal::new("is not an ordinal")),
            Filter::Word(place) => {
                let mut words = value.split_whitespace();
                let far = place.unsigned_abs() as usize - 1;
                let word = if *place > 0 {
                    words.nth(far)
                } else {
                    words.nth_back(far)
                };
                word.map(str::to_owned)
                    .ok_or_else(|| Refusal::new("has not so many words"))
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
            Filter::Joined => Ok(value.split_whitespace().collect()),
            Filter::Solve => {
                super::sum::solve(value).ok_or_else(|| Refusal::new("is nothing to work out"))
            }
            Filter::Bare => Ok(value
                .trim_matches(|c: char| !c.is_alphanumeric())
                .to_owned()),
        }
    }
}

/// The day that three figures mean, in the international writing.
fn in_figures(value: &str, month_first: bool) -> Result<String, Refusal> {
    let refusal = || Refusal::new("is not a date in figures");
    let parts: Vec<i16> = value
        .trim()
        .split(['/', '-', '.'])
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|_| refusal())?;
    let [one, two, year] = parts[..] else {
        return Err(refusal());
    };
    let (month, day) = if month_first { (one, two) } else { (two, one) };
    let narrow = |part: i16| i8::try_from(part).map_err(|_| refusal());
    let full = if (0..100).contains(&year) {
        2000 + year
    } else {
        year
    };
    Date::new(full, narrow(month)?, narrow(day)?)
        .map(|day| day.to_string())
        .map_err(|_| refusal())
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
            ("bare", "(Nulla.)", "Nulla"),
            ("joined", "6 1 e", "61e"),
            ("solve", "8 + 2 =", "10"),
            ("solve", "x - 4 = 8", "12"),
            ("month-first", "03/04/2016", "2016-03-04"),
            ("day-first", "03.04.16", "2016-04-03"),
            ("time:%H:%M", "1:05 PM", "13:05"),
            ("time:%-I:%M %p", "13:05", "1:05 PM"),
            ("ordinal", "3rd", "3"),
            ("ordinal", "Twelfth", "12"),
            ("word:2", "one two three", "two"),
            ("word:-1", "one two three", "three"),
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
