//! How alike two texts are, from 0 to 1, as people see it: case, spaces, punctuation at the ends and counts do not matter.

/// Longer texts are compared by their words only: the letter by letter measure takes time by the product of the lengths.
const LONGEST_BY_LETTER: usize = 48;
/// What likeness letter by letter is worth at most: "subscribe" and "unsubscribe" are near in letters and far in meaning.
const BY_LETTER: f64 = 0.55;
/// The same text but for a count, as in "Inbox (3)" and "Inbox (12)".
pub const BUT_FOR_COUNT: f64 = 0.95;
/// A text that begins with at least [`TELLING_WORDS`] words of the other.
pub const LONG_BEGINNING: f64 = 0.9;
/// One text begins with the other, which is short: "Save" and "Save and send".
pub const SHORT_BEGINNING: f64 = 0.65;
/// What words in common are worth at most, where the texts differ.
const IN_COMMON: f64 = 0.6;
/// So many words at the beginning say what a thing is, whatever follows them.
const TELLING_WORDS: usize = 3;

/// Lower case, one space between words, no punctuation at the ends.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c == '\u{ad}' {
            if !plain.is_empty() && !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else if c.is_ascii() {
            plain.push(c.to_ascii_lowercase());
        } else {
            plain.extend(c.to_lowercase());
        }
    }
    let trimmed = plain.trim_matches(is_edge);
    if trimmed.is_empty() {
        return plain.trim().to_owned();
    }
    trimmed.to_owned()
}

/// Whether the text is this one as people read it; `readable` is already [`plain`].
pub fn reads_as(text: &str, readable: &str) -> bool {
    let may_be = !text.is_ascii()
        || readable.len() <= text.len()
            && text
                .bytes()
                .find(|byte| !is_edge(char::from(*byte)))
                .is_none_or(|first| readable.bytes().next() == Some(first.to_ascii_lowercase()));
    // Most texts differ in their first letter, and need not be written anew to see it.
    may_be && plain(text) == readable
}

/// Whether it stands in the text as whole words, as people read; `readable` is already [`plain`].
pub fn reads_within(text: &str, readable: &str) -> bool {
    let first = readable.split(' ').next().unwrap_or_default().as_bytes();
    let may_be = !text.is_ascii()
        || readable.len() <= text.len()
            && text
                .as_bytes()
                .windows(first.len().max(1))
                .any(|own| own.eq_ignore_ascii_case(first));
    may_be && holds_words(&plain(text), readable)
}

/// What ends or begins a text without being part of what it says.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '*' | '.' | '…' | ',' | ';' | '!' | '?')
}

/// How alike what two things are called is; both already [`plain`].
pub fn titles(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    if without_count(one) == without_count(other) {
        return BUT_FOR_COUNT;
    }
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    if begins_with_words(long, short) {
        return if short.split(' ').count() >= TELLING_WORDS {
            LONG_BEGINNING
        } else {
            SHORT_BEGINNING
        };
    }
    let lengths = short.len() as f64 / long.len() as f64;
    if lengths < 0.5 || long.len() > LONGEST_BY_LETTER {
        return words(one, other) * BY_LETTER;
    }
    (strsim::normalized_levenshtein(one, other) * BY_LETTER).max(words(one, other) * BY_LETTER)
}

/// How alike two texts around a thing are; both already [`plain`]. A word in common says little: "Billing address" and
/// "Delivery address" stand at different fields.
pub fn surroundings(one: &str, other: &str) -> f64 {
    if one == other {
        1.0
    } else {
        IN_COMMON * words(one, other)
    }
}

/// The part of words that two texts share, from 0 to 1.
pub fn words(one: &str, other: &str) -> f64 {
    if one == other {
        return 1.0;
    }
    let count = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    let shared = one
        .split(' ')
        .filter(|word| !word.is_empty() && other.split(' ').any(|o| o == *word))
        .count();
    let all = count(one) + count(other);
    if all == 0 {
        return 0.0;
    }
    (2 * shared) as f64 / all as f64
}

/// Whether `part` stands in `text` as whole words; both already [`plain`].
pub fn holds_words(text: &str, part: &str) -> bool {
    if part.is_empty() {
        return false;
    }
    text.match_indices(part).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + part.len()..].chars().next();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !inside(before) && !inside(after)
    })
}

fn begins_with_words(long: &str, short: &str) -> bool {
    long.strip_prefix(short)
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// The text without a number in brackets, or a bare number, at its end.
fn without_count(text: &str) -> &str {
    let Some((rest, last)) = text.rsplit_once(' ') else {
        return text;
    };
    let count = last.trim_matches(['(', ')', '[', ']']);
    let bracketed = count.len() < last.len();
    if bracketed && !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit()) {
        rest
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_alike_and_what_does_not_is_not() {
        for (one, other, least, most) in [
            ("Save", "save", 1.0, 1.0),
            ("Amount *", "Amount:", 1.0, 1.0),
            ("Inbox (3)", "Inbox (12)", 0.95, 0.95),
            (
                "Lunch with Ana Reyes",
                "Lunch with Ana Reyes, 12:30",
                0.9,
                0.9,
            ),
            ("Save", "Save and send", 0.6, 0.7),
            ("Save", "Saved", 0.0, 0.55),
            ("Save", "Delete", 0.0, 0.3),
            ("Save", "Don't save", 0.0, 0.5),
            ("Subscribe", "Unsubscribe", 0.0, 0.55),
            ("Log in", "Log out", 0.0, 0.55),
            ("Page 2", "Page 3", 0.0, 0.55),
        ] {
            let found = titles(&plain(one), &plain(other));
            assert!((least..=most).contains(&found), "{one} / {other}: {found}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_quick_look_says_what_a_long_one_says(text in "[a-bA-B .,:é\u{ad}\t]{0,12}", other in "[a-bA-B .,:é\u{ad}\t]{0,6}") {
            let readable = plain(&other);
            proptest::prop_assert_eq!(reads_as(&text, &readable), plain(&text) == readable);
            let within = holds_words(&plain(&text), &readable);
            proptest::prop_assert_eq!(reads_within(&text, &readable), within);
        }
    }

    #[test]
    fn words_are_held_whole() {
        assert!(holds_words("12 march 2026", "12 march"));
        assert!(holds_words("lunch (ana)", "ana"));
        assert!(!holds_words("anabel", "ana"));
        assert!(!holds_words("112 march", "12 march"));
        assert!(!holds_words("march", ""));
    }
}
