//! Names as programs write them, split into words and compared with phrases: `addToCart`, `add-to-cart`, `item[add_to_cart]`.

use crate::guard::words::fold;

/// Longest name that is taken apart, in characters: longer ones are no names.
const LONGEST: usize = 300;

/// A name's words, folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Name {
    pub words: Vec<String>,
}

impl Name {
    pub(super) fn new(text: &str) -> Self {
        let mut words = Vec::new();
        let mut word = String::new();
        let mut before = ' ';
        let mut letters = text.chars().take(LONGEST).peekable();
        while let Some(c) = letters.next() {
            // `addTo` and `XMLHttp` break before the capital that begins a word; a number behind letters is a word too.
            let starts = c.is_uppercase()
                && (before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && letters.peek().is_some_and(|n| n.is_lowercase())))
                || c.is_numeric() && before.is_alphabetic();
            if (starts || !c.is_alphanumeric()) && !word.is_empty() {
                words.push(fold(&std::mem::take(&mut word)));
            }
            if c.is_alphanumeric() {
                word.push(c);
            }
            before = c;
        }
        if !word.is_empty() {
            words.push(fold(&word));
        }
        words.retain(|word| !word.is_empty());
        Name { words }
    }
}

/// Words that are looked for one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Phrase {
    pub words: Vec<String>,
    /// Written without blanks, as Chinese is: found within a word.
    unspaced: bool,
}

impl Phrase {
    pub(super) fn new(text: &str) -> Self {
        Phrase {
            words: Name::new(text).words,
            unspaced: text.chars().any(|c| ('\u{3040}'..='\u{9fff}').contains(&c)),
        }
    }

    /// Where the last occurrence ends, as a number of words.
    pub(super) fn last_in(&self, name: &Name, plural: bool) -> Option<usize> {
        if self.unspaced {
            let word = &self.words[0];
            return name
                .words
                .iter()
                .rposition(|w| w.contains(word))
                .map(|at| at + 1);
        }
        let size = self.words.len();
        (0..=name.words.len().checked_sub(size)?)
            .rev()
            .find(|start| self.at(&name.words[*start..], plural))
            .map(|start| start + size)
    }

    pub(super) fn within(&self, name: &Name) -> bool {
        self.last_in(name, false).is_some()
    }

    pub(super) fn is(&self, name: &Name) -> bool {
        match self.unspaced {
            true => self.within(name),
            false => self.words.len() == name.words.len() && self.at(&name.words, false),
        }
    }

    pub(super) fn begins(&self, name: &Name) -> bool {
        match self.unspaced {
            true => self.within(name),
            false => self.words.len() <= name.words.len() && self.at(&name.words, false),
        }
    }

    fn at(&self, words: &[String], plural: bool) -> bool {
        let last = self.words.len().saturating_sub(1);
        self.words
            .iter()
            .zip(words)
            .enumerate()
            .all(|(at, (own, word))| own == word || (plural && at == last && is_plural(own, word)))
    }
}

fn is_plural(one: &str, word: &str) -> bool {
    match word.strip_prefix(one) {
        Some(ending) => matches!(ending, "s" | "es"),
        // `replies`, `entries`, `addresses` is of the first sort.
        None => one.strip_suffix('y').is_some_and(|stem| {
            word.strip_prefix(stem)
                .is_some_and(|ending| ending == "ies")
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_however_they_are_joined() {
        for text in [
            "addToCart",
            "add-to-cart",
            "add_to_cart",
            "AddTo.Cart",
            "add to  CART",
        ] {
            assert_eq!(Name::new(text).words, ["add", "to", "cart"], "{text}");
        }
        assert_eq!(
            Name::new("XMLHttpRequest").words,
            ["xml", "http", "request"]
        );
        assert_eq!(Name::new("password2").words, ["password", "2"]);
        assert_eq!(Name::new("löschen").words, ["loschen"]);
    }

    #[test]
    fn phrases_are_whole_words_and_nouns_have_plurals() {
        assert!(Phrase::new("pay").within(&Name::new("pay-now")));
        assert!(!Phrase::new("pay").within(&Name::new("payload")));
        assert_eq!(
            Phrase::new("reply").last_in(&Name::new("all-replies"), true),
            Some(2)
        );
        assert_eq!(
            Phrase::new("address").last_in(&Name::new("addresses"), true),
            Some(1)
        );
        assert!(Phrase::new("删除").within(&Name::new("立即删除")));
    }
}
