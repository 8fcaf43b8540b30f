//! From an element as it was seen to everything that may find it again. Pure.

use std::collections::BTreeMap;

use super::format::{Area, TargetQuery, literal};
use crate::computer::Element;

/// Attributes that say what a thing is; classes and relations between ids change from build to build and are left out.
const KEPT: [&str; 15] = [
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
    let row_texts: Vec<String> = row
        .filter(|row| row.count > 1)
        .map(|row| {
            row.texts
                .iter()
                .filter(|text| !own.contains(&text.as_str()))
                .filter_map(|text| short(text))
                .take(ROW_TEXTS)
                .collect()
        })
        .unwrap_or_default();
    TargetQuery {
        role: short(&element.role),
        name: short(&element.name),
        label: short(&element.label).filter(|label| *label != literal(&element.name)),
        text: short(&element.text).filter(|text| !holds_value && *text != literal(&element.name)),
        placeholder: short(&element.placeholder),
        tag: short(&element.tag),
        column: row.and_then(|row| row.column.as_deref()).and_then(short),
        // A place in a list says little where the row's own texts say which one it is.
        index: row
            .filter(|row| row.count > 1 && row_texts.is_empty())
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
        .filter(|(name, _)| KEPT.contains(&name.as_str()))
        .filter(|(name, value)| !(name.as_str() == "id" && is_generated(value)))
        // The value of what can be typed into is the person's, not the page's.
        .filter(|(name, _)| !(name.as_str() == "value" && element.states.editable))
        .filter(|(name, value)| !(name.as_str() == "aria-label" && **value == element.name))
        .filter(|(_, value)| value.chars().count() <= 2 * LONGEST)
        .map(|(name, value)| (name.clone(), literal(value)))
        .collect()
}

/// Whether an id looks made by a program: three digits in a row, colons, or long without a word break.
fn is_generated(id: &str) -> bool {
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
