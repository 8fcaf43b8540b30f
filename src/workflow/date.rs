//! Reads dates as people write them, against a day that stands for today; what could be two days is said to be two days.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time, Weekday};

/// A date without a year is taken in today's year, unless that lies further than this many days away and another is nearer:
/// in January, "28 December" is last year's. Ten months, so that a whole year's papers can be filed in its last quarter.
const SAME_YEAR_WITHIN_DAYS: i32 = 300;

/// Why a text is not one certain date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateProblem {
    Unknown,
    /// It may be any of these, earliest first.
    Ambiguous(Vec<Date>),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// The day that `text` names as a whole, seen from `today`.
pub fn parse(text: &str, today: Date) -> Result<Date, DateProblem> {
    let lower = text.trim().to_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty() && !matches!(*word, "of" | "the"))
        .collect();
    if words.len() > 1
        && let Some(named) = weekday(words[0])
    {
        words.remove(0);
        return on_weekday(&words, named, today);
    }
    let found = match words.as_slice() {
        [one] => return single(one, today),
        ["last", day] => weekday(day).and_then(|day| today.nth_weekday(-1, day).ok()),
        ["next", day] => weekday(day).and_then(|day| today.nth_weekday(1, day).ok()),
        ["this", day] => weekday(day).and_then(|day| in_this_week(day, today)),
        ["day", "before", "yesterday"] => today.checked_sub(2.days()).ok(),
        ["day", "after", "tomorrow"] => today.checked_add(2.days()).ok(),
        [count, unit, "ago"] => {
            span_days(count, unit).and_then(|n| today.checked_sub(n.days()).ok())
        }
        ["in", count, unit] => {
            span_days(count, unit).and_then(|n| today.checked_add(n.days()).ok())
        }
        _ => spelled(&words).and_then(|(day, month, year)| match year {
            Some(year) => Date::new(year, month, day).ok(),
            None => without_year(day, month, None, today),
        }),
    };
    found.ok_or(DateProblem::Unknown)
}

/// The time of day that `text` names as a whole: `14:30`, `2:30 PM`, `2 pm`, `noon`.
pub fn time(text: &str) -> Option<Time> {
    let lower = text.trim().to_lowercase().replace('.', "");
    match lower.as_str() {
        "noon" => return Time::new(12, 0, 0, 0).ok(),
        "midnight" => return Time::new(0, 0, 0, 0).ok(),
        _ => {}
    }
    let half = ["am", "pm"].iter().find(|half| lower.ends_with(*half));
    let figures = half.map_or(lower.as_str(), |half| {
        lower.trim_end_matches(half).trim_end()
    });
    let (hour, minute) = match figures.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (hour.parse().ok()?, minute.parse().ok()?),
        None if half.is_some() => (figures.parse().ok()?, 0),
        _ => return None,
    };
    let hour: i8 = hour;
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(&"am") => hour % 12,
        Some(_) => hour % 12 + 12,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

/// Whether `text` as a whole is a date, be it a certain one or not.
pub fn is_date(text: &str, today: Date) -> bool {
    !matches!(parse(text, today), Err(DateProblem::Unknown))
}

fn single(word: &str, today: Date) -> Result<Date, DateProblem> {
    let certain = |date: Option<Date>| date.ok_or(DateProblem::Unknown);
    match word {
        "today" => return Ok(today),
        "yesterday" => return certain(today.yesterday().ok()),
        "tomorrow" => return certain(today.tomorrow().ok()),
        _ => {}
    }
    if let Some(day) = weekday(word) {
        // A bare weekday is the last one to some and the next one to others.
        let mut days: Vec<Date> = [-1, 1]
            .into_iter()
            .filter_map(|nth| today.nth_weekday(nth, day).ok())
            .collect();
        if today.weekday() == day {
            days.insert(1, today);
        }
        return Err(DateProblem::Ambiguous(days));
    }
    let word = match word.split_once('t') {
        Some((date, time)) if date.len() == 10 && time.contains(':') => date,
        _ => word,
    };
    for separator in ['-', '/', '.'] {
        let parts: Vec<&str> = word.split(separator).collect();
        if let [first, second, third] = parts.as_slice() {
            return in_figures(first, second, third, separator);
        }
    }
    Err(DateProblem::Unknown)
}

fn in_figures(
    first: &str,
    second: &str,
    third: &str,
    separator: char,
) -> Result<Date, DateProblem> {
    let build = |year: Option<i16>, month: Option<i8>, day: Option<i8>| match (year, month, day) {
        (Some(year), Some(month), Some(day)) => Date::new(year, month, day).ok(),
        _ => None,
    };
    if first.len() == 4 {
        return build(year(first), figures(second), figures(third)).ok_or(DateProblem::Unknown);
    }
    if let Some(month) = month(second) {
        return build(year(third), Some(month), figures(first)).ok_or(DateProblem::Unknown);
    }
    let day_first = build(year(third), figures(second), figures(first));
    if separator == '.' {
        return day_first.ok_or(DateProblem::Unknown);
    }
    let month_first = build(year(third), figures(first), figures(second));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => {
            Err(DateProblem::Ambiguous(vec![one.min(other), one.max(other)]))
        }
        (Some(date), _) | (None, Some(date)) => Ok(date),
        (None, None) => Err(DateProblem::Unknown),
    }
}

/// A date after its weekday, as in "Thursday 12 March": the weekday must agree, and helps to find the year.
fn on_weekday(words: &[&str], named: Weekday, today: Date) -> Result<Date, DateProblem> {
    let found = match spelled(words) {
        Some((day, month, Some(year))) => Date::new(year, month, day).ok(),
        Some((day, month, None)) => without_year(day, month, Some(named), today),
        None => match words {
            [one] => Some(single(one, today)?),
            _ => None,
        },
    };
    found
        .filter(|date| date.weekday() == named)
        .ok_or(DateProblem::Unknown)
}

/// Day, month and perhaps year out of "12 March 2026" or "March 12th 2026".
fn spelled(words: &[&str]) -> Option<(i8, i8, Option<i16>)> {
    let (first, second, year_word) = match words {
        [first, second] => (first, second, None),
        [first, second, third] => (first, second, Some(third)),
        _ => return None,
    };
    let year = match year_word {
        Some(word) => Some(year(word).filter(|_| word.len() == 4)?),
        None => None,
    };
    match (day(first), month(second), month(first), day(second)) {
        (Some(day), Some(month), ..) | (_, _, Some(month), Some(day)) => Some((day, month, year)),
        _ => None,
    }
}

fn without_year(day: i8, month: i8, named: Option<Weekday>, today: Date) -> Option<Date> {
    let distance = |date: &Date| {
        today
            .until(*date)
            .map_or(i32::MAX, |span| span.get_days().abs())
    };
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let possible: Vec<Date> = years
        .into_iter()
        .filter_map(|year| Date::new(year, month, day).ok())
        .filter(|date| named.is_none_or(|named| date.weekday() == named))
        .collect();
    possible
        .iter()
        .find(|date| date.year() == today.year() && distance(date) <= SAME_YEAR_WITHIN_DAYS)
        .or_else(|| possible.iter().min_by_key(|date| distance(date)))
        .copied()
}

fn in_this_week(day: Weekday, today: Date) -> Option<Date> {
    let offset =
        i32::from(day.to_monday_zero_offset()) - i32::from(today.weekday().to_monday_zero_offset());
    today.checked_add(offset.days()).ok()
}

fn span_days(count: &str, unit: &str) -> Option<i32> {
    let count = match count {
        "a" | "one" => 1,
        "two" => 2,
        "three" => 3,
        _ => figures::<i16>(count)?,
    };
    match unit {
        "day" | "days" => Some(i32::from(count)),
        "week" | "weeks" => Some(i32::from(count) * 7),
        _ => None,
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.');
    WEEKDAYS
        .iter()
        .find(|(name, _)| is_short_for(word, name, &["tues", "thur", "thurs"]))
        .map(|(_, day)| *day)
}

fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let at = MONTHS
        .iter()
        .position(|name| is_short_for(word, name, &["sept"]))?;
    i8::try_from(at + 1).ok()
}

/// Whether `word` is the name, its first three letters, or one of the longer usual short forms.
fn is_short_for(word: &str, name: &str, longer: &[&str]) -> bool {
    word == name || name.starts_with(word) && (word.len() == 3 || longer.contains(&word))
}

fn day(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th", "."]
        .into_iter()
        .find_map(|ending| word.strip_suffix(ending))
        .unwrap_or(word);
    figures(digits).filter(|day| (1..=31).contains(day))
}

/// A year of four figures, or of two in this century.
fn year(word: &str) -> Option<i16> {
    let word = word.trim_end_matches('.');
    match word.len() {
        4 => figures(word),
        2 => figures::<i16>(word).map(|year| 2000 + year),
        _ => None,
    }
}

fn figures<T: std::str::FromStr>(word: &str) -> Option<T> {
    (!word.is_empty() && word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()))
        .then(|| word.parse().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Tuesday.
    const TODAY: Date = date(2026, 11, 24);

    #[test]
    fn people_write_dates_in_many_ways() {
        for (text, expected) in [
            ("2026-03-12", date(2026, 3, 12)),
            ("2026-03-12T09:30:00Z", date(2026, 3, 12)),
            ("12 March", date(2026, 3, 12)),
            ("12 Mar.", date(2026, 3, 12)),
            ("the 12th of March", date(2026, 3, 12)),
            ("March 12th, 2026", date(2026, 3, 12)),
            ("Mar 12", date(2026, 3, 12)),
            ("12. March 2025", date(2025, 3, 12)),
            ("Thursday, 12 March", date(2026, 3, 12)),
            ("Fri 12 March", date(2027, 3, 12)),
            ("Thu, 2026-03-12", date(2026, 3, 12)),
            ("12.03.2026", date(2026, 3, 12)),
            ("12.3.26", date(2026, 3, 12)),
            ("13/03/2026", date(2026, 3, 13)),
            ("03/13/2026", date(2026, 3, 13)),
            ("03/03/2026", date(2026, 3, 3)),
            ("2026/03/12", date(2026, 3, 12)),
            ("12-Mar-2026", date(2026, 3, 12)),
            ("today", date(2026, 11, 24)),
            ("Yesterday", date(2026, 11, 23)),
            ("tomorrow", date(2026, 11, 25)),
            ("the day before yesterday", date(2026, 11, 22)),
            ("3 days ago", date(2026, 11, 21)),
            ("a week ago", date(2026, 11, 17)),
            ("in two weeks", date(2026, 12, 8)),
            ("last Friday", date(2026, 11, 20)),
            ("last Tuesday", date(2026, 11, 17)),
            ("next Fri", date(2026, 11, 27)),
            ("this Monday", date(2026, 11, 23)),
            ("this Sunday", date(2026, 11, 29)),
            ("2 January", date(2027, 1, 2)),
        ] {
            assert_eq!(parse(text, TODAY), Ok(expected), "{text}");
        }
    }

    #[test]
    fn early_in_a_year_its_predecessors_december_is_meant() {
        assert_eq!(
            parse("28 December", date(2027, 1, 3)),
            Ok(date(2026, 12, 28))
        );
    }

    #[test]
    fn what_may_be_two_days_is_not_one() {
        assert_eq!(
            parse("03/12/2026", TODAY),
            Err(DateProblem::Ambiguous(vec![
                date(2026, 3, 12),
                date(2026, 12, 3)
            ]))
        );
        assert_eq!(
            parse("Friday", TODAY),
            Err(DateProblem::Ambiguous(vec![
                date(2026, 11, 20),
                date(2026, 11, 27)
            ]))
        );
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "",
            "March",
            "12",
            "May",
            "lunch",
            "31 February",
            "on 12 March",
            "48.20",
            "1.2",
            "Ana 12",
            "Friday 12 March 2026",
            "99/99/2026",
            "12 March 26 and more",
            "14:30",
        ] {
            assert_eq!(parse(text, TODAY), Err(DateProblem::Unknown), "{text}");
        }
    }
}
