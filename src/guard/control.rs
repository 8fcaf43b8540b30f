//! What an element is to the guard: whether a click on it sends, follows, commands or only selects, and what its form holds.

use crate::computer::{Element, Observation, Point};

use super::kind::Kind;
use super::words::Folded;

/// What kind of thing an element is to a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Sends its form.
    Submitter,
    Link,
    /// A button, a menu's item, anything else that a script listens to.
    Command,
    /// Holds a value or a selection.
    Field,
    Content,
}

pub(super) fn sort(element: &Element) -> Sort {
    let kind = element.attributes.get("type").map(String::as_str);
    match element.tag.as_str() {
        "input" => match kind {
            Some("submit" | "image") => return Sort::Submitter,
            Some("button" | "reset") => return Sort::Command,
            _ if element
                .attributes
                .get("role")
                .is_some_and(|r| r == "button") => {}
            _ => return Sort::Field,
        },
        "textarea" | "select" | "option" | "label" | "summary" | "datalist" => return Sort::Field,
        _ => {}
    }
    if is_button(element) && element.form.as_ref().is_some_and(|form| form.submits) {
        return Sort::Submitter;
    }
    match element.role.as_str() {
        "link" => Sort::Link,
        "tab" | "combobox" | "option" | "checkbox" | "radio" | "switch" | "textbox"
        | "searchbox" | "spinbutton" | "slider" | "treeitem" | "listbox" | "scrollbar"
        | "columnheader" | "rowheader" | "gridcell" | "DisclosureTriangle" | "Date"
        | "DateTime" | "InputTime" | "ColorWell" => Sort::Field,
        "button" | "menuitem" | "menuitemcheckbox" | "menuitemradio" => Sort::Command,
        _ if element.states.editable => Sort::Field,
        _ if element.interactive => Sort::Command,
        _ => Sort::Content,
    }
}

pub(super) fn is_button(element: &Element) -> bool {
    matches!(element.tag.as_str(), "button")
        || matches!(
            element.role.as_str(),
            "button" | "menuitem" | "menuitemcheckbox" | "menuitemradio"
        )
}

/// Whether keys become text in it.
pub(super) fn takes_text(element: &Element) -> bool {
    element.states.editable
        || matches!(
            element.role.as_str(),
            "textbox" | "searchbox" | "spinbutton"
        )
}

/// A name alone may be an icon's; what else a person could read counts too.
pub(super) fn name_of(element: &Element) -> Folded {
    let mut pieces = vec![element.title()];
    if element.text != element.title() && element.text.len() <= 200 {
        pieces.push(&element.text);
    }
    for key in ["title", "alt", "aria-label"] {
        pieces.extend(
            element
                .attributes
                .get(key)
                .map(String::as_str)
                .filter(|text| *text != element.title()),
        );
    }
    let is_input_button =
        element.tag == "input" && matches!(sort(element), Sort::Submitter | Sort::Command);
    if is_input_button
        && let Some(value) = element.value.as_deref()
        && value != element.title()
    {
        pieces.push(value);
    }
    Folded::new(pieces.join(" ").trim())
}

/// "Cancel" alone closes a form; in one row of several it cancels what the row shows.
pub(super) fn cancels_a_row(element: &Element) -> bool {
    let listed = element.row.as_ref().is_some_and(|row| row.count >= 2);
    listed
        && Folded::new(element.title())
            .beginning_verbs()
            .iter()
            .any(|(kind, _)| *kind == Kind::CancelOrReturn)
}

/// "I agree to the terms": a verb of agreeing, or the name of what is agreed to.
pub(super) fn is_a_promise(field: &Folded) -> bool {
    let is_terms = |(kind, _): &(Kind, &str)| *kind == Kind::AcceptTerms;
    field.verbs().iter().any(is_terms) || field.nouns().iter().any(is_terms)
}

pub(super) fn holds_card(element: &Element) -> bool {
    element
        .attributes
        .get("autocomplete")
        .is_some_and(|hint| hint.split(' ').any(|h| h == "cc-number" || h == "cc-csc"))
}

pub(super) fn is_password(element: &Element) -> bool {
    element
        .attributes
        .get("type")
        .is_some_and(|t| t == "password")
}

pub(super) fn is_file(element: &Element) -> bool {
    element.attributes.get("type").is_some_and(|t| t == "file")
}

pub(super) fn is_search(element: &Element) -> bool {
    element.role == "searchbox"
        || (takes_text(element) && Folded::new(element.title()).is_harmless())
}

pub(super) fn is_in_form(element: &Element) -> bool {
    element
        .form
        .as_ref()
        .is_some_and(|form| !form.method.is_empty())
}

pub(super) fn is_loose_switch(element: &Element) -> bool {
    !is_in_form(element) && matches!(element.role.as_str(), "switch" | "checkbox" | "radio")
}

/// Known by the form's own fact, or by a handler that says so.
pub(super) fn sends_when_changed(element: &Element) -> bool {
    element.form.as_ref().is_some_and(|form| form.submits)
        || ["onchange", "oninput"].iter().any(|key| {
            element
                .attributes
                .get(*key)
                .is_some_and(|code| code.contains("submit"))
        })
}

/// The part of a path up to and with its form, as in `html/body/form[2]`.
pub(super) fn form_path(path: &str) -> Option<&str> {
    let start = path.find("/form")?;
    let end = path[start + 1..]
        .find('/')
        .map_or(path.len(), |n| start + 1 + n);
    Some(&path[..end])
}

/// What a click at a point lands on: the smallest control there, before those that something covers; the smallest thing at all where
/// there is no control.
pub fn at(observation: &Observation, point: Point) -> Option<&Element> {
    let area = |element: &Element| element.bounds.width * element.bounds.height;
    let here = || {
        observation
            .elements
            .iter()
            .filter(|e| e.in_view && e.bounds.contains(point))
    };
    let smallest = |uncovered: bool| {
        here()
            .filter(|e| sort(e) != Sort::Content && (!uncovered || e.covered_by.is_none()))
            .min_by(|a, b| area(a).total_cmp(&area(b)))
    };
    smallest(true)
        .or_else(|| smallest(false))
        .or_else(|| here().min_by(|a, b| area(a).total_cmp(&area(b))))
}
