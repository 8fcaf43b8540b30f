//! From an element as it was seen to everything that may find it again. Pure.

use std::collections::BTreeMap;

use crate::computer::Element;
use crate::demo::{Area, TargetQuery};

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
/// Longer texts are not what something is called, in characters.
const LONGEST: usize = 120;

/// Everything known of an element; `frame` is the address of its frame where that is not the main one.
pub fn target_query(element: &Element, frame: Option<String>) -> TargetQuery {
    let literal = |text: &str| -> Option<String> {
        (!text.is_empty() && text.chars().count() <= LONGEST).then(|| escape(text))
    };
    // A field's own text is what is typed into it.
    let holds_value = element.value.is_some();
    let row = element.row.as_ref();
    let own: Vec<&str> = [&element.name, &element.text]
        .into_iter()
        .filter(|text| !text.is_empty())
        .map(String::as_str)
        .collect();
    TargetQuery {
        role: literal(&element.role),
        name: literal(&element.name),
        label: literal(&element.label).filter(|label| *label != escape(&element.name)),
        text: literal(&element.text).filter(|text| !holds_value && *text != escape(&element.name)),
        placeholder: literal(&element.placeholder),
        tag: literal(&element.tag),
        row: row
            .filter(|row| row.count > 1)
            .map(|row| {
                row.texts
                    .iter()
                    .filter(|text| !own.contains(&text.as_str()))
                    .filter_map(|text| literal(text))
                    .take(4)
                    .collect()
            })
            .unwrap_or_default(),
        column: row.and_then(|row| row.column.as_deref()).and_then(literal),
        index: row
            .filter(|row| row.count > 1)
            .map(|row| row.index.to_string()),
        heading: literal(&element.heading),
        landmark: literal(&element.landmark),
        attributes: attributes(element),
        left: literal(&element.neighbours.left),
        above: literal(&element.neighbours.above),
        right: literal(&element.neighbours.right),
        below: literal(&element.neighbours.below),
        path: literal_path(&element.path),
        area: Some(Area {
            x: element.bounds.x.round(),
            y: element.bounds.y.round(),
            width: element.bounds.width.round(),
            height: element.bounds.height.round(),
        }),
        frame: frame.map(|frame| escape(&frame)),
    }
}

/// A literal text in a template: braces doubled.
pub fn escape(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn literal_path(path: &str) -> Option<String> {
    (!path.is_empty()).then(|| escape(path))
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
        .map(|(name, value)| (name.clone(), escape(value)))
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
