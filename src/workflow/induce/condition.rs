//! What a goal says a number must be before something is done: "when the price is less than $44.30", "an odd number".

use crate::workflow::number;

/// What is asked of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Condition {
    Less(f64),
    AtMost(f64),
    Greater(f64),
    AtLeast(f64),
    Odd,
    Even,
}

/// Makes a condition of the number behind its words.
type Of = fn(f64) -> Condition;

/// Words for it, with a number behind them.
const RELATIONS: [(&str, Of); 18] = [
    ("less than", Condition::Less),
    ("lower than", Condition::Less),
    ("smaller than", Condition::Less),
    ("cheaper than", Condition::Less),
    ("fewer than", Condition::Less),
    ("below", Condition::Less),
    ("under", Condition::Less),
    ("at most", Condition::AtMost),
    ("no more than", Condition::AtMost),
    ("up to", Condition::AtMost),
    ("greater than", Condition::Greater),
    ("more than", Condition::Greater),
    ("higher than", Condition::Greater),
    ("larger than", Condition::Greater),
    ("bigger than", Condition::Greater),
    ("above", Condition::Greater),
    ("over", Condition::Greater),
    ("at least", Condition::AtLeast),
];

impl Condition {
    /// The same with its bound, where it has one.
    pub fn or_equal(self) -> Self {
        match self {
            Condition::Less(than) => Condition::AtMost(than),
            Condition::Greater(than) => Condition::AtLeast(than),
            Condition::AtMost(_) | Condition::AtLeast(_) | Condition::Odd | Condition::Even => self,
        }
    }

    /// Whether it is true of a number.
    pub fn holds(self, number: f64) -> bool {
        match self {
            Condition::Less(than) => number < than,
            Condition::AtMost(most) => number <= most,
            Condition::Greater(than) => number > than,
            Condition::AtLeast(least) => number >= least,
            Condition::Odd => number.rem_euclid(2.0) == 1.0,
            Condition::Even => number.rem_euclid(2.0) == 0.0,
        }
    }

    /// Whether it is true of the number that a text is; `None` where the text is none. Figures that end a word are part of it.
    pub fn holds_for(self, text: &str) -> Option<bool> {
        let before = text.split(|c: char| c.is_ascii_digit()).next()?;
        if before.ends_with(char::is_alphabetic) {
            return None;
        }
        Some(self.holds(number::plain(text).ok()?.parse().ok()?))
    }
}

/// The first condition of a sentence, and its words as they are written.
pub fn condition(sentence: &str) -> Option<(Condition, String)> {
    let words: Vec<&str> = sentence
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| matches!(c, ',' | '.' | ';' | '!' | '?' | '"')))
        .collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    (0..words.len()).find_map(|at| {
        if let ("odd" | "even", Some("number" | "value")) =
            (lower[at].as_str(), lower.get(at + 1).map(String::as_str))
        {
            let parity = if lower[at] == "odd" {
                Condition::Odd
            } else {
                Condition::Even
            };
            return Some((parity, words[at..at + 2].join(" ")));
        }
        let (relation, of) = RELATIONS.iter().find(|(relation, _)| {
            let mut own = lower[at..].iter();
            relation
                .split(' ')
                .all(|word| own.next().is_some_and(|own| own == word))
        })?;
        let end = at + relation.split(' ').count();
        let than = number::plain(words.get(end)?).ok()?.parse().ok()?;
        Some((of(than), words[at..=end].join(" ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_what_a_number_must_be() {
        for (sentence, expected) in [
            (
                "Buy it when the price is less than $44.30.",
                Some((Condition::Less(44.3), "less than $44.30")),
            ),
            (
                "Generate an odd number, then go",
                Some((Condition::Odd, "odd number")),
            ),
            (
                "Wait for At least 5 votes",
                Some((Condition::AtLeast(5.0), "At least 5")),
            ),
            ("Write more than usual", None),
            ("Buy it", None),
        ] {
            let found = condition(sentence);
            let found = found.as_ref().map(|(what, words)| (*what, words.as_str()));
            assert_eq!(found, expected, "{sentence}");
        }
    }

    #[test]
    fn a_condition_is_true_of_numbers() {
        for (what, text, expected) in [
            (Condition::Less(44.3), "$44.20", Some(true)),
            // A page that does not know its price yet.
            (Condition::Less(44.3), "$undefined0", None),
            (Condition::Less(44.3), "$44.30", Some(false)),
            (Condition::AtMost(5.0), "5", Some(true)),
            (Condition::Odd, "-3", Some(true)),
            (Condition::Even, "7", Some(false)),
            (Condition::Greater(1.0), "many", None),
        ] {
            assert_eq!(what.holds_for(text), expected, "{what:?} of {text}");
        }
    }
}
