//! The rules of `rules.toml`, read once, and the small questions that are asked of them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::name::{Name, Phrase};
use crate::guard::kind::Kind;

/// What `rules.toml` means, once for the process.
pub(super) static RULES: LazyLock<Rules> = LazyLock::new(|| {
    // The file is compiled in, and every test of this room reads it: a mistake there never reaches a person.
    toml::from_str(include_str!("rules.toml")).expect("the built-in rules are valid TOML")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
    pub changing: Changing,
    pub fields: Fields,
    pub search: Search,
    pub telemetry: Telemetry,
    pub refresh: Refresh,
    pub reports: Reports,
    pub graphql: Graphql,
}

/// What some words of addresses and operations mean.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rule {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "by it the tests see that each rule has one")
    )]
    pub name: String,
    pub kind: Kind,
    pub why: String,
    #[serde(default)]
    pub verbs: Phrases,
    #[serde(default)]
    pub nouns: Phrases,
    #[serde(default)]
    pub weak: Phrases,
    /// Names of fields that tell by themselves.
    #[serde(default)]
    pub fields: Phrases,
    /// Kind of deleting what a noun of it names.
    pub removed: Option<Kind>,
    pub reversible: Option<bool>,
    pub affects_others: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changing {
    pub begins: Phrases,
    pub words: Phrases,
    pub forms: Phrases,
    pub fields: Phrases,
    #[serde(rename = "static")]
    pub still: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fields {
    pub action: Phrases,
    pub passing: Phrases,
    pub card: Phrases,
    pub payment: Phrases,
    pub money: Phrases,
    pub ranges: Phrases,
    pub account: Phrases,
    pub recipient: Phrases,
    pub message: Phrases,
    pub subject: Phrases,
    pub notify: Phrases,
    pub publication: Phrases,
    pub vote: Phrases,
    pub password: Phrases,
    pub fresh: Phrases,
    pub user: Phrases,
    pub secret: Phrases,
    pub terms: Phrases,
    pub ids: Phrases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Search {
    pub why: String,
    pub segments: Phrases,
    pub fields: Phrases,
    pub containers: Phrases,
    pub longest_value: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Telemetry {
    pub why: String,
    pub segments: Phrases,
    pub fields: Phrases,
    pub sentences: Phrases,
    pub longest_value: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    pub why: String,
    pub segments: Phrases,
    pub fields: Phrases,
    pub must: Phrases,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reports {
    pub why: String,
    pub csp: Phrases,
    pub api: Phrases,
    pub resources: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Graphql {
    pub why: String,
    pub fields: Phrases,
}

/// A list of phrases, in the file as a list of texts.
#[derive(Deserialize, Default)]
#[serde(from = "Vec<String>")]
pub(super) struct Phrases(Vec<Phrase>);

impl From<Vec<String>> for Phrases {
    fn from(list: Vec<String>) -> Self {
        Phrases(list.iter().map(|text| Phrase::new(text)).collect())
    }
}

impl Phrases {
    /// Whether the name is one of them, whole.
    pub(super) fn hold(&self, name: &Name) -> bool {
        self.0.iter().any(|phrase| phrase.is(name))
    }

    /// Whether one of them stands in the name.
    pub(super) fn stand_in(&self, name: &Name) -> bool {
        self.0.iter().any(|phrase| phrase.within(name))
    }

    pub(super) fn begin(&self, name: &Name) -> bool {
        self.0.iter().any(|phrase| phrase.begins(name))
    }

    /// The one that stands last in the name, and of those that end together the longest: where it ends, and its length, in words.
    pub(super) fn last_in(&self, name: &Name, plural: bool) -> Option<(usize, usize)> {
        self.0
            .iter()
            .filter_map(|phrase| Some((phrase.last_in(name, plural)?, phrase.words.len())))
            .max()
    }
}

/// Whether a field may come along without having been shown.
pub(super) fn is_passing(field: &str) -> bool {
    // jQuery's name for what defeats caches.
    field == "_" || RULES.fields.passing.hold(&Name::new(field))
}

/// Whether a field's value names what is done.
pub(super) fn names_an_action(field: &str) -> bool {
    RULES.fields.action.hold(&Name::new(field))
}
