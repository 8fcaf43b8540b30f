//! The most and the least: what is compared, which of several things has most of it, and which end of which scale a goal asks
//! for: "the cheapest", "the longest duration".

use std::cell::OnceCell;

use crate::computer::Element;
use crate::workflow::number;

/// What is compared in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    Amount,
    Duration,
    Time,
    Number,
}

/// All of them.
pub const SCALES: [Scale; 4] = [Scale::Amount, Scale::Duration, Scale::Time, Scale::Number];

/// What a goal asks the most or the least of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Superlative {
    greatest: bool,
    /// `None`: of the number in the name, or of whatever is compared.
    of: Option<Scale>,
}

/// Words for an end of a scale.
const SUPERLATIVES: [(&str, bool, Option<Scale>); 30] = [
    ("cheapest", false, Some(Scale::Amount)),
    ("least expensive", false, Some(Scale::Amount)),
    ("most expensive", true, Some(Scale::Amount)),
    ("dearest", true, Some(Scale::Amount)),
    ("priciest", true, Some(Scale::Amount)),
    ("shortest", false, Some(Scale::Duration)),
    ("quickest", false, Some(Scale::Duration)),
    ("fastest", false, Some(Scale::Duration)),
    ("longest", true, Some(Scale::Duration)),
    ("slowest", true, Some(Scale::Duration)),
    ("earliest", false, Some(Scale::Time)),
    ("latest", true, Some(Scale::Time)),
    ("lowest", false, None),
    ("smallest", false, None),
    ("fewest", false, None),
    ("least", false, None),
    ("minimum", false, None),
    ("minimal", false, None),
    ("lightest", false, None),
    ("nearest", false, None),
    ("closest", false, None),
    ("highest", true, None),
    ("greatest", true, None),
    ("largest", true, None),
    ("biggest", true, None),
    ("most", true, None),
    ("maximum", true, None),
    ("maximal", true, None),
    ("heaviest", true, None),
    ("farthest", true, None),
];
/// Words behind them that say what is compared.
const COMPARED: [(&str, Scale); 12] = [
    ("cost", Scale::Amount),
    ("price", Scale::Amount),
    ("fare", Scale::Amount),
    ("amount", Scale::Amount),
    ("duration", Scale::Duration),
    ("length", Scale::Duration),
    ("trip", Scale::Duration),
    ("time", Scale::Time),
    ("departure", Scale::Time),
    ("arrival", Scale::Time),
    ("number", Scale::Number),
    ("value", Scale::Number),
];

/// The only superlative of a sentence, and its words as they are written. `None` where there is none, or more than one.
pub fn superlative(sentence: &str) -> Option<(Superlative, String)> {
    let words: Vec<&str> = sentence
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let mut found = None;
    let mut at = 0;
    while at < words.len() {
        let known = SUPERLATIVES.iter().find(|(phrase, ..)| {
            let mut own = lower[at..].iter();
            phrase
                .split(' ')
                .all(|word| own.next().is_some_and(|own| own == word))
        });
        let Some((phrase, greatest, of)) = known else {
            at += 1;
            continue;
        };
        if found.is_some() {
            return None;
        }
        let mut end = at + phrase.split(' ').count();
        let mut of = *of;
        if let Some((_, scale)) = lower
            .get(end)
            .and_then(|next| COMPARED.iter().find(|(word, _)| word == next))
        {
            of = Some(*scale);
            end += 1;
        }
        let asked = Superlative {
            greatest: *greatest,
            of,
        };
        found = Some((asked, words[at..end].join(" ")));
        at = end;
    }
    found
}

impl Superlative {
    /// Which of these has the most, or the least, of it.
    pub fn choose(self, found: &[usize], elements: &[Element]) -> Option<usize> {
        self.choose_by(|scale| Measures::of(scale, elements).extreme(found, self.greatest))
    }

    /// The same of things that were measured before.
    pub fn choose_measured(self, among: &[usize], measures: &[Measures<'_>]) -> Option<usize> {
        self.choose_by(|scale| {
            let measured = measures.iter().find(|one| one.of == scale)?;
            measured.extreme(among, self.greatest)
        })
    }

    fn choose_by(self, on: impl Fn(Option<Scale>) -> Option<usize>) -> Option<usize> {
        match self.of {
            Some(scale) => on(Some(scale)),
            None => on(None).or_else(|| on(Some(Scale::Number))),
        }
    }
}

/// How much of it each of several things has, looked at when it is asked for: most things have nothing that is compared, and
/// the first of them shows it.
#[derive(Debug)]
pub struct Measures<'e> {
    /// `None`: of what their names say, on whatever scale.
    pub of: Option<Scale>,
    elements: &'e [Element],
    /// Of each element.
    known: Vec<OnceCell<Option<f64>>>,
}

/// Which of several things has the least of something and which the most, where that is one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ends {
    least: Option<usize>,
    most: Option<usize>,
}

impl Ends {
    pub fn of(self, greatest: bool) -> Option<usize> {
        if greatest { self.most } else { self.least }
    }
}

impl<'e> Measures<'e> {
    pub fn of(of: Option<Scale>, elements: &'e [Element]) -> Self {
        Self {
            of,
            elements,
            known: vec![OnceCell::new(); elements.len()],
        }
    }

    fn measured(&self, at: usize) -> Option<f64> {
        *self.known[at].get_or_init(|| {
            let element = &self.elements[at];
            match self.of {
                Some(scale) => {
                    let mut texts = element.row.iter().flat_map(|row| &row.texts);
                    texts.find_map(|text| measure(text, scale))
                }
                None => SCALES
                    .iter()
                    .find_map(|scale| measure(element.title(), *scale)),
            }
        })
    }

    /// Which of these has most or least of it, where it is one and all have some.
    pub fn extreme(&self, among: &[usize], greatest: bool) -> Option<usize> {
        self.ends(among).of(greatest)
    }

    /// Both ends of the scale among these; none where one of them has nothing of it.
    pub fn ends(&self, among: &[usize]) -> Ends {
        // What stands in no row is none of what is compared there: the button that leads back from a list of flights.
        let is_rival = |at: &&usize| self.of.is_none() || self.elements[**at].row.is_some();
        let all: Option<Vec<(f64, usize)>> = among
            .iter()
            .filter(is_rival)
            .map(|at| Some((self.measured(*at)?, *at)))
            .collect();
        let Some(mut all) = all else {
            return Ends::default();
        };
        all.sort_by(|one, other| one.0.total_cmp(&other.0));
        let alone = |end: &(f64, usize), next: &(f64, usize)| (end.0 != next.0).then_some(end.1);
        match &all[..] {
            [least, .., most] => Ends {
                least: alone(least, &all[1]),
                most: alone(most, &all[all.len() - 2]),
            },
            _ => Ends::default(),
        }
    }
}

/// What a text measures on a scale; times and durations in minutes.
fn measure(text: &str, scale: Scale) -> Option<f64> {
    match scale {
        Scale::Time => {
            let time = crate::workflow::date::time(text)?;
            Some(f64::from(time.hour()) * 60.0 + f64::from(time.minute()))
        }
        Scale::Duration => duration(text),
        Scale::Amount if number::has_currency(text) => number::plain(text).ok()?.parse().ok(),
        Scale::Amount => None,
        Scale::Number => number::plain(text).ok()?.parse().ok(),
    }
}

/// A duration such as `2h 5m`, in minutes.
fn duration(text: &str) -> Option<f64> {
    let parts = text.split_whitespace().map(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let unit = match part[digits..].to_lowercase().as_str() {
            "d" | "days" | "day" => 1440.0,
            "h" | "hr" | "hrs" | "hours" | "hour" => 60.0,
            "m" | "min" | "mins" | "minutes" => 1.0,
            _ => return None,
        };
        Some(part[..digits].parse::<f64>().ok()? * unit)
    });
    let minutes: Vec<f64> = parts.collect::<Option<_>>()?;
    (!minutes.is_empty()).then(|| minutes.iter().sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_asks_for_one_end_of_one_scale() {
        for (sentence, expected) in [
            (
                "Buy the cheapest ticket",
                Some((false, Some(Scale::Amount), "cheapest")),
            ),
            (
                "Buy the ticket with the most expensive cost.",
                Some((true, Some(Scale::Amount), "most expensive cost")),
            ),
            (
                "the shortest one-way flight",
                Some((false, Some(Scale::Duration), "shortest")),
            ),
            (
                "Take the Highest number",
                Some((true, Some(Scale::Number), "Highest number")),
            ),
            ("The longest and the cheapest", None),
            ("Buy a ticket", None),
        ] {
            let found = superlative(sentence);
            let found = found
                .as_ref()
                .map(|(asked, words)| (asked.greatest, asked.of, words.as_str()));
            assert_eq!(found, expected, "{sentence}");
        }
    }
}
