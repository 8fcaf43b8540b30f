//! What the observers of a tab's frames saw, put together into one list with viewport coordinates. Pure.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::neighbours;
use super::veil::{Hidden, ShownText};
use crate::computer::{
    Choice, Element, ElementId, Form, Frame, Point, Rect, Row, ScrollState, States,
};

/// The answer of one frame's observer, in that frame's own coordinates.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pub url: String,
    pub title: String,
    pub focused: Option<u64>,
    /// Whether what has the focus is a frame, so that the real focus is inside it.
    pub focused_frame: bool,
    pub width: f64,
    pub height: f64,
    pub scroll: ScrollState,
    pub elements: Vec<SeenElement>,
    pub frames: Vec<SeenFrame>,
    pub forms: Vec<SeenForm>,
    pub unlisted: usize,
    /// Numbers of elements that may hold a closed shadow root.
    pub closed_hosts: Vec<u64>,
    /// What stands in secret fields.
    #[serde(default)]
    pub held: Hidden<Vec<String>>,
    /// Everything readable that is in view or near it.
    #[serde(default)]
    pub texts: Hidden<Vec<ShownText>>,
    /// What cannot be read and may show a secret.
    #[serde(default)]
    pub veils: Vec<Rect>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SeenFrame {
    /// Number of the frame element.
    pub number: u64,
    /// Where its content lies.
    #[serde(rename = "box")]
    pub place: Rect,
    /// The part of it that is not clipped away.
    pub shown: Option<Rect>,
    pub covered_by: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct SeenForm {
    method: String,
    action: String,
    fields: Vec<(String, String)>,
    has_password: bool,
    has_card: bool,
    has_file: bool,
    #[serde(default)]
    hidden: Vec<(String, String)>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SeenElement {
    number: u64,
    role: String,
    name: String,
    tag: String,
    text: String,
    value: Option<String>,
    masked: bool,
    label: String,
    placeholder: String,
    states: States,
    bounds: Rect,
    in_view: bool,
    covered_by: Option<String>,
    interactive: bool,
    attributes: BTreeMap<String, String>,
    path: String,
    heading: String,
    landmark: String,
    row: Option<Row>,
    choices: Vec<Choice>,
    /// Index in [`Seen::forms`].
    form: Option<usize>,
    submits: bool,
    form_action: Option<String>,
    form_method: Option<String>,
}

/// One frame's answer with what is known of the frame.
#[derive(Debug, Clone)]
pub struct FrameView {
    /// First half of its elements' ids.
    pub serial: usize,
    pub url: String,
    /// Index of the frame around it in the list, and the number of its element there.
    pub owner: Option<(usize, u64)>,
    pub seen: Seen,
}

/// Everything in one list.
#[derive(Debug, Default)]
pub struct Assembled {
    pub frames: Vec<Frame>,
    pub elements: Vec<Element>,
    pub focused: Option<ElementId>,
    pub unlisted: usize,
    /// Where each frame's content begins.
    pub offsets: Vec<Point>,
}

/// Puts the frames' answers together; the main frame comes first and every parent before its children.
pub fn assemble(views: Vec<FrameView>) -> Assembled {
    let Some(main) = views.first() else {
        return Assembled::default();
    };
    let viewport = Rect {
        x: 0.0,
        y: 0.0,
        width: main.seen.width,
        height: main.seen.height,
    };
    let mut assembled = Assembled::default();
    // Where each frame's content begins, and what of it is visible.
    let mut places: Vec<(Point, Option<Rect>, Option<String>)> = Vec::with_capacity(views.len());
    let owners: Vec<Vec<SeenFrame>> = views.iter().map(|view| view.seen.frames.clone()).collect();
    let focused_chain = focus_chain(&views);
    for (ordinal, view) in views.into_iter().enumerate() {
        let place = match view.owner {
            None => (Point { x: 0.0, y: 0.0 }, Some(viewport), None),
            Some((parent, number)) => {
                let (offset, clip, cover) = places[parent].clone();
                match owners[parent].iter().find(|frame| frame.number == number) {
                    None => (offset, None, None),
                    Some(frame) => {
                        let shown = frame.shown.and_then(|shown| {
                            shifted(&shown, offset).intersection(&clip.unwrap_or_default())
                        });
                        (
                            Point {
                                x: offset.x + frame.place.x,
                                y: offset.y + frame.place.y,
                            },
                            shown,
                            cover.or_else(|| frame.covered_by.clone()),
                        )
                    }
                }
            }
        };
        assembled.frames.push(Frame {
            url: view.url.clone(),
            bounds: place.1,
            parent: view.owner.map(|(parent, _)| parent),
        });
        assembled.unlisted += view.seen.unlisted;
        assembled.offsets.push(place.0);
        if focused_chain == Some(ordinal) {
            assembled.focused = view.seen.focused.map(|number| id_of(view.serial, number));
        }
        let forms = view.seen.forms;
        for seen in view.seen.elements {
            assembled
                .elements
                .push(element(seen, &forms, view.serial, ordinal, &place));
        }
        places.push(place);
    }
    for element in &mut assembled.elements {
        element.states.focused = assembled.focused.as_ref() == Some(&element.id);
    }
    // A stable sort keeps document order in each part.
    assembled.elements.sort_by_key(|element| !element.in_view);
    neighbours::fill_in(&mut assembled.elements);
    assembled
}

/// The frame that holds the real focus: from the main frame down through focused frame elements.
fn focus_chain(views: &[FrameView]) -> Option<usize> {
    let mut ordinal = 0;
    loop {
        let seen = &views.get(ordinal)?.seen;
        let focused = seen.focused?;
        if !seen.focused_frame {
            return Some(ordinal);
        }
        ordinal = views
            .iter()
            .position(|view| view.owner == Some((ordinal, focused)))?;
    }
}

fn id_of(serial: usize, number: u64) -> ElementId {
    ElementId(format!("{serial}:{number}"))
}

fn shifted(area: &Rect, by: Point) -> Rect {
    Rect {
        x: area.x + by.x,
        y: area.y + by.y,
        ..*area
    }
}

fn element(
    seen: SeenElement,
    forms: &[SeenForm],
    serial: usize,
    frame: usize,
    (offset, clip, cover): &(Point, Option<Rect>, Option<String>),
) -> Element {
    let place = shifted(&seen.bounds, *offset);
    let visible = clip
        .filter(|_| seen.in_view)
        .and_then(|clip| place.intersection(&clip));
    let form = seen
        .form
        .and_then(|index| forms.get(index))
        .map(|form| Form {
            method: seen.form_method.unwrap_or_else(|| form.method.clone()),
            action: seen.form_action.unwrap_or_else(|| form.action.clone()),
            submits: seen.submits,
            fields: form.fields.clone(),
            has_password: form.has_password,
            has_card: form.has_card,
            has_file: form.has_file,
            hidden: form.hidden.clone(),
        });
    Element {
        id: id_of(serial, seen.number),
        role: seen.role,
        name: seen.name,
        tag: seen.tag,
        text: seen.text,
        value: seen.value,
        masked: seen.masked,
        label: seen.label,
        placeholder: seen.placeholder,
        states: seen.states,
        bounds: visible.unwrap_or(place),
        in_view: visible.is_some(),
        covered_by: seen.covered_by.or_else(|| visible.and(cover.clone())),
        interactive: seen.interactive,
        frame,
        attributes: seen.attributes,
        path: seen.path,
        heading: seen.heading,
        landmark: seen.landmark,
        row: seen.row,
        neighbours: Default::default(),
        choices: seen.choices,
        form,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(elements: serde_json::Value, frames: serde_json::Value) -> Seen {
        serde_json::from_value(json!({
            "url": "", "title": "", "focused": null, "focusedFrame": false, "width": 1000.0, "height": 500.0,
            "scroll": { "x": 0.0, "y": 0.0, "width": 1000.0, "height": 500.0 },
            "elements": elements, "frames": frames, "forms": [], "unlisted": 0, "closedHosts": [],
        }))
        .unwrap()
    }

    fn button(number: u64, x: f64, y: f64) -> serde_json::Value {
        json!({ "number": number, "role": "button", "tag": "button", "in_view": true,
                "bounds": { "x": x, "y": y, "width": 40.0, "height": 20.0 } })
    }

    #[test]
    fn elements_of_a_frame_are_moved_to_where_the_frame_lies_and_clipped_to_it() {
        let main = seen(
            json!([button(1, 10.0, 10.0)]),
            json!([{ "number": 7, "box": { "x": 100.0, "y": 50.0, "width": 200.0, "height": 100.0 },
                     "shown": { "x": 100.0, "y": 50.0, "width": 200.0, "height": 100.0 }, "covered_by": null }]),
        );
        let child = seen(
            json!([button(1, 190.0, 5.0), button(2, 5.0, 300.0)]),
            json!([]),
        );
        let view = |serial, owner, seen| FrameView {
            serial,
            url: String::new(),
            owner,
            seen,
        };
        let all = assemble(vec![view(0, None, main), view(1, Some((0, 7)), child)]);
        let by_id = |id: &str| all.elements.iter().find(|e| e.id.0 == id).unwrap();
        assert_eq!(
            by_id("1:1").bounds,
            Rect {
                x: 290.0,
                y: 55.0,
                width: 10.0,
                height: 20.0
            }
        );
        assert!(by_id("1:1").in_view);
        assert!(!by_id("1:2").in_view);
        assert_eq!(all.elements.last().unwrap().id.0, "1:2");
    }
}
