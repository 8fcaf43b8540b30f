//! From an element as it was seen to everything that may find it again. Pure.

use std::collections::BTreeMap;

use super::format::{Area, TargetQuery, literal};
use crate::computer::Element;

/// Attributes that say what a thing is; relations between ids change from build to build and are left out, and so do classes, which
/// are kept only where nothing calls a thing by a name: of two icons side by side they may be all that tells which is which.
pub(super) const KEPT: [&str; 15] = [
    "id",
    "name",
    "type",
    "alt",
    "title",
    "autocomplete",
    "accept",
    "data-testid",
    "data-test",
    "data-cy",
    "data-id",
    "aria-label",
    "href",
    "value",
    "role",
];
/// How many texts of a row are asked for again. The first ones name it; later ones tend to be what changes.
const ROW_TEXTS: usize = 2;
/// Longer texts are not what something is called, in characters.
const LONGEST: usize = 120;

/// Everything known of an element; `frame` is the address of its frame where that is not the main one.
pub fn target_query(element: &Element, frame: Option<String>) -> TargetQuery {
    let short = |text: &str| -> Option<String> {
        (!text.is_empty() && text.chars().count() <= LONGEST).then(|| literal(text))
    };
    // A field's own text is what is typed into it.
    let holds_value = element.value.is_some();
    let row = element.row.as_ref();
    let own: Vec<&str> = [&element.name, &element.text]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(String::as_str)
        .collect();
    // What its row is told by, it is called itself, as a title in a list that is a link: what else the row says (a number, an
    // age, a price) is other tomorrow.
    let names_its_row =
        row.is_some_and(|row| row.texts.iter().any(|text| own.contains(&text.as_str())));
    let row = row.filter(|row| row.count > 1 && !names_its_row);
    let row_texts: Vec<String> = row.map_or_else(Vec::new, |row| {
        let others = || {
            row.texts
                .iter()
                .filter(|text| !own.contains(&text.as_str()))
        };
        // Bare numbers and prices name a row only where nothing else does.
        let mut named: Vec<String> = others()
            .filter(|text| !is_figure(text))
            .filter_map(|text| short(text))
            .take(ROW_TEXTS)
            .collect();
        if named.is_empty() {
            named = others()
                .filter_map(|text| short(text))
                .take(ROW_TEXTS)
                .collect();
        }
        named
    });
    TargetQuery {
        role: short(&element.role),
        name: short(&element.name),
        label: short(&element.label).filter(|label| *label != literal(&element.name)),
        text: short(&element.text).filter(|text| !holds_value && *text != literal(&element.name)),
        placeholder: short(&element.placeholder),
        tag: short(&element.tag),
        column: element
            .row
            .as_ref()
            .and_then(|row| row.column.as_deref())
            .and_then(short),
        // A place in a list says little where the row's own texts say which one it is.
        index: row
            .filter(|_| row_texts.is_empty())
            .map(|row| row.index.to_string()),
        row: row_texts,
        heading: short(&element.heading),
        landmark: short(&element.landmark),
        attributes: attributes(element),
        left: short(&element.neighbours.left),
        above: short(&element.neighbours.above),
        right: short(&element.neighbours.right),
        below: short(&element.neighbours.below),
        path: literal_path(&element.path),
        area: Some(Area {
            x: element.bounds.x.round(),
            y: element.bounds.y.round(),
            width: element.bounds.width.round(),
            height: element.bounds.height.round(),
        }),
        frame: frame.map(|frame| literal(&frame)),
    }
}

fn literal_path(path: &str) -> Option<String> {
    (!path.is_empty()).then(|| literal(path))
}

fn attributes(element: &Element) -> BTreeMap<String, String> {
    element
        .attributes
        .iter()
        .filter(|(name, _)| {
            KEPT.contains(&name.as_str()) || name.as_str() == "class" && element.title().is_empty()
        })
        .filter(|(name, value)| !(name.as_str() == "id" && is_generated(value)))
        // The value of what can be typed into is the person's, not the page's.
        .filter(|(name, _)| !(name.as_str() == "value" && element.states.editable))
        .filter(|(name, value)| !(name.as_str() == "aria-label" && **value == element.name))
        .filter(|(_, value)| value.chars().count() <= 2 * LONGEST)
        .map(|(name, value)| (name.clone(), literal(value)))
        .collect()
}

/// Whether a text is a number or an amount of money and nothing else; dates and times are not.
fn is_figure(text: &str) -> bool {
    let has_digits = text.chars().any(|c| c.is_ascii_digit());
    // A currency's code is three capitals; the day and the time have other marks between their digits.
    let codes = text.chars().filter(|c| c.is_alphabetic()).count();
    has_digits
        && matches!(codes, 0 | 3)
        && !text.chars().any(|c| {
            matches!(c, '-' | '/' | ':' | '#' | '%') || c.is_alphabetic() && !c.is_ascii_uppercase()
        })
}

/// Whether an id looks made by a program: three digits in a row, colons, or long without a word break.
pub(super) fn is_generated(id: &str) -> bool {
    let mut digits = 0;
    for character in id.chars() {
        digits = if character.is_ascii_digit() {
            digits + 1
        } else {
            0
        };
        if digits >= 3 {
            return true;
        }
    }
    id.contains(':') || (id.len() >= 20 && !id.contains(['-', '_']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_a_row(name: &str, texts: &[&str]) -> TargetQuery {
        let element: Element = serde_json::from_value(serde_json::json!({
            "id": "0:1", "role": "link", "name": name, "text": name, "tag": "a", "in_view": true, "interactive": true,
            "bounds": {"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0},
            "row": {"texts": texts, "index": 2, "count": 4},
        }))
        .unwrap();
        target_query(&element, None)
    }

    #[test]
    fn a_row_is_known_by_what_will_be_there_tomorrow() {
        let check = |name: &str, texts: &[&str], row: &[&str], index: Option<&str>| {
            let query = in_a_row(name, texts);
            assert_eq!(query.row, row, "{name} {texts:?}");
            assert_eq!(query.index.as_deref(), index, "{name} {texts:?}");
        };
        // What is called as its row needs nothing else.
        check("Export", &["2", "just now", "Export", "unread"], &[], None);
        check(
            "Add",
            &["Trowel", "€12.50", "Stock"],
            &["Trowel", "Stock"],
            None,
        );
        check(
            "Open",
            &["17", "1 234,50 EUR"],
            &["17", "1 234,50 EUR"],
            None,
        );
        check("Open", &[], &[], Some("2"));
    }

    #[test]
    fn only_what_has_no_name_is_known_by_its_class() {
        for (name, class) in [("", Some("icon bin")), ("Delete", None)] {
            let element: Element = serde_json::from_value(serde_json::json!({
                "id": "0:1", "role": "image", "name": name, "tag": "span", "in_view": true, "interactive": true,
                "bounds": {"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0},
                "attributes": {"class": "icon bin", "style": "top: 0"},
            }))
            .unwrap();
            let kept = target_query(&element, None).attributes;
            assert_eq!(kept.get("class").map(String::as_str), class, "{name:?}");
            assert_eq!(kept.len(), usize::from(class.is_some()), "{name:?}");
        }
    }

    #[test]
    fn figures_are_told_from_dates_and_names() {
        for (text, figure) in [
            ("2", true),
            ("€12.50", true),
            ("1 234,50 EUR", true),
            ("2026-03-12", false),
            ("12/03/2026", false),
            ("8:00", false),
            ("12 March 2026", false),
            ("12 Mar", false),
            ("A4", false),
            ("Row", false),
            ("#17", false),
        ] {
            assert_eq!(is_figure(text), figure, "{text}");
        }
    }

    #[test]
    fn ids_made_by_programs_are_told_from_those_made_by_people() {
        for (id, generated) in [
            ("amount", false),
            ("line-2", false),
            ("field-48213", true),
            (":r1:", true),
            ("xKqLzTwuPqRsVbNmAsDf", true),
        ] {
            assert_eq!(is_generated(id), generated, "{id}");
        }
    }
}
