//! Which kind of effect a text speaks of: the multilingual word list, and matching whole words and phrases against it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::kind::Kind;

/// What `words.toml` means, once for the process.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    // The file is compiled in, and a test reads it: a mistake there never reaches a person.
    let file: File =
        toml::from_str(include_str!("words.toml")).expect("the built-in word list is valid TOML");
    Words::from(file)
});

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    kind: BTreeMap<Kind, BTreeMap<String, Told>>,
    confirms: List,
    harmless: List,
    prepares: Prepares,
    otherwise: List,
    sign_in: List,
    personal: Personal,
    total: List,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Told {
    verbs: Vec<String>,
    nouns: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prepares {
    whole: Vec<String>,
    begins: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Personal {
    strong: Vec<String>,
    weak: Vec<String>,
}

struct Words {
    verbs: Vec<(Kind, Vec<Phrase>)>,
    nouns: Vec<(Kind, Vec<Phrase>)>,
    confirms: Vec<Phrase>,
    harmless: Vec<Phrase>,
    prepares_whole: Vec<Phrase>,
    prepares_begins: Vec<Phrase>,
    otherwise: Vec<Phrase>,
    sign_in: Vec<Phrase>,
    personal_strong: Vec<Phrase>,
    personal_weak: Vec<Phrase>,
    total: Vec<Phrase>,
}

impl From<File> for Words {
    fn from(file: File) -> Self {
        let phrases = |list: &[String]| list.iter().map(|text| Phrase::new(text)).collect();
        let told = |pick: fn(&Told) -> &Vec<String>| {
            file.kind
                .iter()
                .map(|(kind, languages)| {
                    let all = languages.values().flat_map(pick).map(|t| Phrase::new(t));
                    (*kind, all.collect())
                })
                .collect()
        };
        Words {
            verbs: told(|told| &told.verbs),
            nouns: told(|told| &told.nouns),
            confirms: phrases(&file.confirms.words),
            harmless: phrases(&file.harmless.words),
            prepares_whole: phrases(&file.prepares.whole),
            prepares_begins: phrases(&file.prepares.begins),
            otherwise: phrases(&file.otherwise.words),
            sign_in: phrases(&file.sign_in.words),
            personal_strong: phrases(&file.personal.strong),
            personal_weak: phrases(&file.personal.weak),
            total: phrases(&file.total.words),
        }
    }
}

/// One entry of the list, ready to be looked for.
struct Phrase {
    /// As the list has it, for the sentence that says why.
    shown: String,
    tokens: Vec<Token>,
    /// Written without spaces between words: looked for anywhere.
    unspaced: Option<String>,
}

enum Token {
    Whole(String),
    Begins(String),
}

impl Token {
    fn fits(&self, word: &str) -> bool {
        match self {
            Token::Whole(whole) => whole == word,
            Token::Begins(start) => word.starts_with(start.as_str()),
        }
    }
}

impl Phrase {
    fn new(text: &str) -> Self {
        let tokens = text
            .split(' ')
            .map(|word| match word.strip_suffix('*') {
                Some(start) => Token::Begins(fold(start)),
                None => Token::Whole(fold(word)),
            })
            .collect();
        Phrase {
            shown: text.trim_end_matches('*').to_owned(),
            tokens,
            unspaced: text.chars().any(is_unspaced).then(|| fold(text)),
        }
    }

    fn at(&self, words: &[String]) -> bool {
        words.len() >= self.tokens.len()
            && self.tokens.iter().zip(words).all(|(t, word)| t.fits(word))
    }

    fn within(&self, text: &Folded) -> bool {
        match &self.unspaced {
            Some(needle) => text.joined.contains(needle.as_str()),
            None => (0..text.words.len()).any(|start| self.at(&text.words[start..])),
        }
    }

    fn begins(&self, text: &Folded) -> bool {
        match &self.unspaced {
            Some(needle) => text.joined.starts_with(needle.as_str()),
            None => self.at(&text.words),
        }
    }

    fn is(&self, text: &Folded) -> bool {
        match &self.unspaced {
            Some(needle) => &text.joined == needle,
            None => self.tokens.len() == text.words.len() && self.at(&text.words),
        }
    }
}

/// A text made comparable: lower case, without accents and invisible characters, split into words.
pub(super) struct Folded {
    words: Vec<String>,
    joined: String,
}

impl Folded {
    pub(super) fn new(text: &str) -> Self {
        let folded = fold(text);
        let mut words: Vec<String> = Vec::new();
        for word in folded.split(|c: char| !c.is_alphanumeric()) {
            match words.last_mut() {
                // Signing in, up or out is not signing something.
                Some(last) if last == "sign" && matches!(word, "in" | "up" | "out" | "on") => {
                    last.push_str(word);
                }
                _ if word.is_empty() => {}
                _ => words.push(word.to_owned()),
            }
        }
        let joined = words.concat();
        Folded { words, joined }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Days of a calendar, numbers of pages: digits and nothing else.
    pub(super) fn is_number(&self) -> bool {
        !self.is_empty() && self.joined.chars().all(|c| c.is_ascii_digit())
    }

    pub(super) fn word_count(&self) -> usize {
        self.words.len()
    }

    /// The kinds whose verbs stand in it, each with the word that told.
    pub(super) fn verbs(&self) -> Vec<(Kind, &'static str)> {
        told(&WORDS.verbs, |phrase| phrase.within(self))
    }

    /// The kinds whose verbs it begins with.
    pub(super) fn beginning_verbs(&self) -> Vec<(Kind, &'static str)> {
        told(&WORDS.verbs, |phrase| phrase.begins(self))
    }

    /// The kinds whose nouns stand in it.
    pub(super) fn nouns(&self) -> Vec<(Kind, &'static str)> {
        told(&WORDS.nouns, |phrase| phrase.within(self))
    }

    pub(super) fn confirms(&self) -> bool {
        WORDS.confirms.iter().any(|phrase| phrase.within(self))
    }

    pub(super) fn is_harmless(&self) -> bool {
        // "Next (3)", "Page 2": a counter behind a harmless name keeps it harmless.
        let end = self
            .words
            .iter()
            .rposition(|word| !word.chars().all(|c| c.is_ascii_digit()))
            .map_or(0, |last| last + 1);
        let words = self.words[..end].to_vec();
        let name = Folded {
            joined: words.concat(),
            words,
        };
        WORDS.harmless.iter().any(|phrase| phrase.is(&name))
    }

    pub(super) fn prepares(&self) -> bool {
        WORDS.prepares_whole.iter().any(|phrase| phrase.is(self)) || self.leads_elsewhere()
    }

    /// Whether it names where it leads to rather than what it does: `Continue to payment`.
    pub(super) fn leads_elsewhere(&self) -> bool {
        WORDS
            .prepares_begins
            .iter()
            .any(|phrase| phrase.begins(self) && self.words.len() > phrase.tokens.len())
    }

    pub(super) fn means_otherwise(&self) -> bool {
        WORDS.otherwise.iter().any(|phrase| phrase.is(self))
    }

    pub(super) fn signs_in(&self) -> bool {
        WORDS.sign_in.iter().any(|phrase| phrase.is(self))
    }

    pub(super) fn is_strongly_personal(&self) -> bool {
        WORDS.personal_strong.iter().any(|p| p.within(self))
    }

    pub(super) fn is_weakly_personal(&self) -> bool {
        WORDS.personal_weak.iter().any(|p| p.within(self))
    }

    pub(super) fn speaks_of_a_total(&self) -> bool {
        WORDS.total.iter().any(|phrase| phrase.within(self))
    }
}

fn told(
    lists: &'static [(Kind, Vec<Phrase>)],
    fits: impl Fn(&Phrase) -> bool,
) -> Vec<(Kind, &'static str)> {
    lists
        .iter()
        .filter_map(|(kind, phrases)| {
            let phrase = phrases.iter().find(|phrase| fits(phrase))?;
            Some((*kind, phrase.shown.as_str()))
        })
        .collect()
}

/// Chinese, Japanese and Korean, whose words are not set apart by spaces (Korean ones carry their endings).
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// Lower case, without accents, full-width forms made plain, invisible characters gone: a page cannot hide `Pay` behind
/// a soft hyphen.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {}
            '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{300}'..='\u{36f}' => {}
            'à'..='å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'ď' | 'đ' => folded.push('d'),
            'è'..='ë' | 'ē' | 'ę' | 'ě' => folded.push('e'),
            'ğ' => folded.push('g'),
            'ì'..='ï' | 'ī' | 'ı' => folded.push('i'),
            'ł' => folded.push('l'),
            'ñ' | 'ń' | 'ň' => folded.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => folded.push('o'),
            'ř' => folded.push('r'),
            'ś' | 'š' | 'ş' => folded.push('s'),
            'ť' => folded.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ż' | 'ž' => folded.push('z'),
            'ё' => folded.push('е'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            '\u{ff01}'..='\u{ff5e}' => folded.extend(char::from_u32(c as u32 - 0xfee0)),
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<Kind> {
        Folded::new(text)
            .verbs()
            .into_iter()
            .map(|(k, _)| k)
            .collect()
    }

    #[test]
    fn the_list_can_be_read_and_its_entries_are_folded_already() {
        assert!(WORDS.verbs.len() >= 15);
        let file: File = toml::from_str(include_str!("words.toml")).unwrap();
        for told in file.kind.values().flat_map(BTreeMap::values) {
            for entry in told.verbs.iter().chain(&told.nouns) {
                let plain = entry.replace('*', "");
                assert_eq!(fold(&plain), plain, "{entry:?} can never match");
            }
        }
    }

    #[test]
    fn whole_words_only() {
        assert_eq!(kinds("Payload"), []);
        assert_eq!(kinds("Bookmark"), []);
        assert_eq!(kinds("Orders"), []);
        assert_eq!(kinds("Pay £12"), [Kind::Pay]);
    }

    #[test]
    fn case_accents_and_invisible_characters_do_not_hide_a_word() {
        assert_eq!(kinds("LÖSCHEN"), [Kind::Delete]);
        assert_eq!(kinds("lo\u{308}schen"), [Kind::Delete]);
        assert_eq!(kinds("P\u{ad}a\u{200b}y"), [Kind::Pay]);
        assert_eq!(kinds("Ｐａｙ"), [Kind::Pay]);
        assert_eq!(kinds("立即支付"), [Kind::Pay]);
    }

    #[test]
    fn counters_do_not_make_a_harmless_name_harmful() {
        assert!(Folded::new("Next (3)").is_harmless());
        assert!(!Folded::new("Next payment").is_harmless());
        assert!(!Folded::new("3").is_harmless());
    }
}
