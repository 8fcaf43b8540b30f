//! How a value is cut out of the text that it stands in: by what stands right before and right after it. In the lines of a picture,
//! the end of a line is a sign like others.

use crate::computer::folded;

/// Longer values are content, and nobody types them from memory, in bytes.
const LONGEST: usize = 200;
/// Words and signs next to a value that may tell where it begins and ends, at most.
const NEXT: usize = 2;
/// A value of figures only has so many of them at least, one that signs part ("48.20") fewer.
const FIGURES: usize = 5;
const PARTED_FIGURES: usize = 4;
/// Letters and figures of a value at least: fewer stand on pages by chance.
const LETTERS: usize = 4;
/// The same for a part of a text.
const LETTERS_OF_PART: usize = 5;

/// How a value is cut out of a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cut {
    /// What stands right before it; where `begins`, nothing stands before that.
    before: String,
    begins: bool,
    /// What stands right after it; where `ends`, nothing stands after that.
    after: String,
    ends: bool,
    /// Whether the text is a picture's: in lines.
    in_lines: bool,
}

impl Cut {
    /// The ways to cut the value out of the text, where it stands in it once, as words of its own, and not by chance.
    pub fn of(value: &str, text: &str) -> Vec<Self> {
        Self::all(value, text, false)
    }

    /// The same for what a picture says, line by line.
    pub fn of_lines(value: &str, text: &str) -> Vec<Self> {
        Self::all(value, &lines(text), true)
    }

    fn all(value: &str, text: &str, in_lines: bool) -> Vec<Self> {
        let Some((before, after)) = parted(value, text) else {
            return Vec::new();
        };
        let is_part = !before.is_empty() || !after.is_empty();
        if !is_telling(value, is_part) {
            return Vec::new();
        }
        let mut befores = vec![(before, true)];
        befores.extend(lasts(before).into_iter().map(|words| (words, false)));
        let mut afters = vec![(after, true)];
        afters.extend(firsts(after).into_iter().map(|words| (words, false)));
        let all = befores.iter().flat_map(|(before, begins)| {
            afters.iter().map(|(after, ends)| Self {
                before: (*before).to_owned(),
                begins: *begins,
                after: (*after).to_owned(),
                ends: *ends,
                in_lines,
            })
        });
        all.filter(|cut| cut.from(text).as_deref() == Some(value))
            .collect()
    }

    /// Whether the whole text is the value.
    pub fn is_whole(&self) -> bool {
        self.begins && self.ends && self.before.is_empty() && self.after.is_empty()
    }

    /// How far-fetched it is beside the whole text.
    pub fn cost(&self) -> u32 {
        u32::from(!self.is_whole()) + u32::from(!self.begins && !self.ends)
    }

    /// Whether it is cut out of what a picture says.
    pub fn is_of_picture(&self) -> bool {
        self.in_lines
    }

    /// The value that it cuts out of a text. `None` where what should stand around it does not, or stands there twice.
    pub fn from(&self, text: &str) -> Option<String> {
        let text = match self.in_lines {
            true => lines(text),
            false => folded(text),
        };
        let rest = if self.begins {
            text.strip_prefix(self.before.as_str())?
        } else {
            let (at, end) = only(&text, &self.before)?;
            let starts = text[..at].chars().next_back();
            if is_letter(starts) && is_letter(self.before.chars().next()) {
                return None;
            }
            &text[end..]
        };
        let value = if self.ends {
            rest.strip_suffix(self.after.as_str())?
        } else {
            let at = rest.find(self.after.as_str())?;
            let next = rest[at + self.after.len()..].chars().next();
            if is_letter(next) && is_letter(self.after.chars().next_back()) {
                return None;
            }
            &rest[..at]
        };
        let is_value = !value.is_empty()
            && value.len() <= LONGEST
            && value.trim() == value
            && !value.contains('\n');
        is_value.then(|| value.to_owned())
    }
}

/// A text with its spaces as one reads them, line by line; empty ones are none.
fn lines(text: &str) -> String {
    let lines = text.lines().map(folded).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What stands before and after the value in the text, where it stands there once and nothing continues its words.
fn parted<'t>(value: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
    let (at, end) = only(text, value)?;
    let (before, after) = (&text[..at], &text[end..]);
    let goes_on = |one: Option<char>, other: Option<char>| is_letter(one) && is_letter(other);
    // A figure goes on behind a point or comma: "48.2" does not stand in "148.20", nor "20" in "48.20".
    let figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let sign = |c: Option<char>| matches!(c, Some('.' | ',' | ':' | '/' | '-'));
    let mut back = before.chars().rev();
    let (near, far) = (back.next(), back.next());
    let mut ahead = after.chars();
    let (next, then) = (ahead.next(), ahead.next());
    let (first, last) = (value.chars().next(), value.chars().next_back());
    let cuts_word = goes_on(near, first) || goes_on(last, next);
    let cuts_figure =
        figure(far) && sign(near) && figure(first) || figure(last) && sign(next) && figure(then);
    let is_own = value.trim() == value && value.len() <= LONGEST;
    (is_own && !cuts_word && !cuts_figure).then_some((before, after))
}

/// Where the one place of a part in a text is, from and to; `None` where it has none or several.
fn only(text: &str, part: &str) -> Option<(usize, usize)> {
    if part.is_empty() {
        return None;
    }
    let mut places = text.match_indices(part);
    let (at, _) = places.next()?;
    places.next().is_none().then_some((at, at + part.len()))
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// Whether a value is of its own enough that it hardly stands on a page by chance.
fn is_telling(value: &str, is_part: bool) -> bool {
    let figures = value.chars().filter(char::is_ascii_digit).count();
    let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
    if figures == letters {
        let is_parted = value.chars().any(|c| !c.is_ascii_digit());
        return figures >= if is_parted { PARTED_FIGURES } else { FIGURES };
    }
    // A common word is on many pages; a name begins with a capital letter.
    let is_word = figures == 0 && !value.contains(char::is_whitespace);
    let is_name = value.starts_with(char::is_uppercase);
    let least = if is_part { LETTERS_OF_PART } else { LETTERS };
    letters >= least && (!is_word || is_name)
}

/// The last words and signs of a text: one, two.
fn lasts(text: &str) -> Vec<&str> {
    let starts = starts_of_pieces(text);
    let some = starts.iter().rev().take(NEXT);
    some.map(|start| &text[*start..]).collect()
}

/// The first words and signs of a text: one, two, with the space before them.
fn firsts(text: &str) -> Vec<&str> {
    let starts = starts_of_pieces(text);
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let some = ends.take(NEXT.min(starts.len()));
    some.map(|end| text[..end].trim_end_matches(' ')).collect()
}

/// Where words and signs of a text begin.
fn starts_of_pieces(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let goes_on = is_letter(before) && c.is_alphanumeric();
        if (!c.is_whitespace() || c == '\n') && !goes_on {
            starts.push(at);
        }
        before = Some(c);
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What all ways to cut the value out of one text make of another one.
    fn cuts(value: &str, text: &str, other: &str) -> Vec<String> {
        let mut all: Vec<String> = Cut::of(value, text)
            .iter()
            .filter_map(|cut| cut.from(other))
            .collect();
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn a_value_is_cut_out_by_what_stands_around_it() {
        for (value, text, other, expected) in [
            ("ATLAS-12", "ATLAS-12", "BOREAL-7", &["BOREAL-7"][..]),
            (
                "Ana Reyes",
                "Lunch with Ana Reyes",
                "Lunch with Jonas Weber",
                &["Jonas Weber"],
            ),
            (
                "Ana Reyes",
                "Lunch with Ana Reyes (Atlas)",
                "Lunch with Bo Li (Boreal)",
                &["Bo Li"],
            ),
            ("48.20", "Total: 48.20 EUR", "Total: 7.00 EUR", &["7.00"]),
            ("48.20", "Total: 48.20 EUR", "Total:\n 7.00  EUR", &["7.00"]),
            ("48.20", "Total: 48.20 EUR", "Sum 7.00", &[]),
        ] {
            assert_eq!(cuts(value, text, other), expected, "{value} in {text}");
        }
    }

    #[test]
    fn what_stands_there_by_chance_is_no_value() {
        for (value, text) in [
            ("2", "2"),
            ("2026", "2026"),
            ("12", "12 March 2026"),
            ("Ana", "Ana"),
            ("open", "open"),
            ("other", "The other one"),
            ("48.20", "148.20"),
            ("48.20", "1,48.20"),
            ("Ana Reyes", "Diana Reyes"),
            ("Ana Reyes", "Ana Reyes and Ana Reyes"),
            ("", "anything"),
        ] {
            assert_eq!(Cut::of(value, text), [], "{value} in {text}");
        }
    }

    #[test]
    fn in_a_picture_lines_tell_where_a_value_begins_and_ends() {
        let shown = "Corner Cafe\n12  Mill Road\n\n2 Tea 9.00\nTOTAL  EUR  48.20\nCard. Thank you!";
        let other = "The Soup Kitchen\n7 Bay Street\n1 Soup 7.50\n1 Roll 1.00\nTOTAL EUR 8.50\nCash. Thank you!";
        for (value, expected) in [("Corner Cafe", "The Soup Kitchen"), ("48.20", "8.50")] {
            let cuts = Cut::of_lines(value, shown);
            let found: Vec<String> = cuts.iter().filter_map(|cut| cut.from(other)).collect();
            assert!(!found.is_empty(), "{value}");
            assert!(
                found.iter().all(|one| one == expected),
                "{value}: {found:?}"
            );
        }
    }

    #[test]
    fn a_cut_that_fits_twice_gives_nothing() {
        let cuts = Cut::of("ATLAS-12", "the project ATLAS-12 is open");
        let loose = cuts.iter().filter(|cut| !cut.begins);
        for cut in loose {
            let twice = "the project BOREAL-7 is the project LYNX-3 is";
            assert_eq!(cut.from(twice), None, "{cut:?}");
        }
    }
}
