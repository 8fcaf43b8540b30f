//! Reads that change something: a GET whose address says that it deletes, confirms, signs out.

use super::facts::Facts;
use super::method;
use super::name::Name;
use super::rules::RULES;
use crate::guard::words::Folded;

/// Most words of a segment that still is a command: `delete-account`, and not the title of an article.
const MOST_WORDS: usize = 3;

/// The word of the address that says so.
pub(super) fn word_of(facts: &Facts<'_>) -> Option<String> {
    let rules = &RULES.changing;
    let ending = facts.url.as_ref().and_then(|url| {
        let last = url.path_segments()?.next_back()?;
        Some(last.rsplit_once('.')?.1.to_ascii_lowercase())
    });
    if ending.is_some_and(|ending| rules.still.contains(&ending)) && method::reads(&facts.method) {
        return None;
    }
    let queried = facts.fields.iter().any(|field| field.of_query);
    let shows = facts.request.navigates && !queried;
    let path = facts.segments.iter().find(|segment| {
        rules.words.hold(segment)
            || (rules.begins.begin(segment)
                && segment.words.len() <= MOST_WORDS
                && !Folded::new(&shown(segment)).means_otherwise())
    });
    // Pages show forms at such addresses: only the last segment counts, and only where nothing is merely shown.
    let form = facts
        .last_segment()
        .filter(|segment| !shows && rules.forms.hold(segment));
    let pair = facts.segments.windows(2).find_map(|pair| {
        let joined = Name {
            words: [pair[0].words.clone(), pair[1].words.clone()].concat(),
        };
        (joined.words.len() == 2 && rules.words.hold(&joined)).then(|| shown(&joined))
    });
    let query = facts
        .fields
        .iter()
        .filter(|field| field.of_query)
        .find_map(|field| {
            let value = Name::new(&field.value);
            let named = rules.fields.hold(&field.full)
                && (rules.words.hold(&value)
                    || rules.begins.begin(&value)
                    || rules.forms.hold(&value));
            let asked = rules.begins.hold(&field.full);
            match (named, asked) {
                (true, _) => Some(shown(&value)),
                (false, true) => Some(shown(&field.full)),
                (false, false) => None,
            }
        });
    path.or(form).map(shown).or(pair).or(query)
}

fn shown(name: &Name) -> String {
    name.words.join(" ")
}
