//! How often a text stands in what an element is seen to hold: what is to be selected must be one passage, not the likeliest of several.

use crate::computer::{Element, folded};

/// Values are listed up to so many characters; of longer ones nobody knows here what else is in them.
const LISTED: usize = 10_000;

/// How often the text stands in the element; `None` where that cannot be seen from what is listed of it. In the middle of a word it
/// counts only where it is no word of its own anywhere.
pub(super) fn times_in(element: &Element, text: &str) -> Option<usize> {
    let whole = |held: &str| held.chars().count() < LISTED;
    match &element.value {
        Some(held) if !element.masked && whole(held) => Some(times(held, text)),
        Some(_) => None,
        // A text may go on where it is not listed.
        None => Some(times(&element.text, text)).filter(|times| *times > 1),
    }
}

fn times(held: &str, text: &str) -> usize {
    let (held, text) = (folded(held), folded(text));
    if text.is_empty() {
        return 0;
    }
    let in_word = |one: Option<char>, other: Option<char>| {
        let is_of_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_of_word(one) && is_of_word(other)
    };
    let (first, last) = (text.chars().next(), text.chars().next_back());
    let all = held.match_indices(&text);
    let (words, parts): (Vec<_>, Vec<_>) = all.partition(|(at, found)| {
        let (before, after) = (&held[..*at], &held[at + found.len()..]);
        !in_word(before.chars().next_back(), first) && !in_word(last, after.chars().next())
    });
    match words.len() {
        0 => parts.len(),
        times => times,
    }
}

#[cfg(test)]
mod tests {
    use super::super::pages::element;
    use super::*;

    #[test]
    fn a_text_is_counted_as_words_and_only_else_within_them() {
        for (held, text, expected) in [
            ("The cat sat", "cat", 1),
            ("The cat and the cat", "cat", 2),
            ("Concatenate the cat", "cat", 1),
            ("Concatenate", "cat", 1),
            ("Concatenated vacation", "cat", 2),
            ("The cat", "dog", 0),
            ("One\n two  three", "two three", 1),
            ("3.50 and 3.5", "3.5", 1),
            ("(cat)", "(cat)", 1),
            ("Äpfel, Äpfelchen", "Äpfel", 1),
            ("anything", " ", 0),
        ] {
            assert_eq!(times(held, text), expected, "{text:?} in {held:?}");
        }
    }

    #[test]
    fn what_is_not_listed_as_a_whole_does_not_say_that_a_text_is_missing() {
        let field = |value: &str| Element {
            value: Some(value.to_owned()),
            ..element("textbox", "Note")
        };
        let masked = Element {
            masked: true,
            ..field("cat")
        };
        let bare = |text: &str| Element {
            text: text.to_owned(),
            ..element("paragraph", "")
        };
        for (element, expected) in [
            (field("a cat"), Some(1)),
            (field("a dog"), Some(0)),
            (field("cat cat"), Some(2)),
            (field(&"cat ".repeat(3_000)), None),
            (masked, None),
            (bare("a dog"), None),
            (bare("cat, cat"), Some(2)),
        ] {
            assert_eq!(times_in(&element, "cat"), expected, "{element:?}");
        }
    }
}
