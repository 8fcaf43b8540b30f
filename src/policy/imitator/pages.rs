//! Small hand-made pages for tests.

use crate::computer::{
    Element, ElementId, Frame, Neighbours, Observation, Rect, Row, Scope, ScrollState, Size,
    States, Tab, TabId,
};

/// A page with these elements, one below the other.
pub fn page(url: &str, elements: Vec<Element>) -> Observation {
    let elements = elements
        .into_iter()
        .enumerate()
        .map(|(at, mut element)| {
            element.id = ElementId(format!("0:{at}"));
            if element.bounds == Rect::default() {
                element.bounds = Rect {
                    x: 10.0,
                    y: 10.0 + 30.0 * at as f64,
                    width: 120.0,
                    height: 24.0,
                };
            }
            if element.path.is_empty() {
                element.path = format!("html/body/div[{}]/{}", at + 1, element.tag);
            }
            element
        })
        .collect();
    Observation {
        url: url.to_owned(),
        title: "A page".to_owned(),
        viewport: Size {
            width: 1280.0,
            height: 800.0,
        },
        scroll: ScrollState::default(),
        tabs: vec![Tab {
            id: TabId("1".to_owned()),
            url: url.to_owned(),
            title: "A page".to_owned(),
            active: true,
        }],
        dialog: None,
        focused: None,
        frames: vec![Frame {
            url: url.to_owned(),
            bounds: None,
            parent: None,
        }],
        elements,
        scope: Scope::NearView,
        unlisted: 0,
        downloads: Vec::new(),
        screenshot: None,
    }
}

/// A visible element with a role and a name.
pub fn element(role: &str, name: &str) -> Element {
    let tag = match role {
        "button" => "button",
        "link" => "a",
        "textbox" => "input",
        "image" => "img",
        _ => "div",
    };
    Element {
        id: ElementId(String::new()),
        role: role.to_owned(),
        name: name.to_owned(),
        text: String::new(),
        tag: tag.to_owned(),
        value: None,
        masked: false,
        label: String::new(),
        placeholder: String::new(),
        states: States::default(),
        bounds: Rect::default(),
        in_view: true,
        covered_by: None,
        interactive: matches!(
            role,
            "button" | "link" | "textbox" | "combobox" | "checkbox"
        ),
        frame: 0,
        attributes: std::collections::BTreeMap::new(),
        path: String::new(),
        heading: String::new(),
        landmark: String::new(),
        row: None,
        neighbours: Neighbours::default(),
        choices: Vec::new(),
        form: None,
    }
}

/// An element with more said about it.
pub trait With: Sized {
    fn attribute(self, name: &str, value: &str) -> Self;
    fn in_row(self, index: usize, texts: &[&str]) -> Self;
    fn under(self, heading: &str) -> Self;
    fn left_of_it(self, text: &str) -> Self;
}

impl With for Element {
    fn attribute(mut self, name: &str, value: &str) -> Self {
        self.attributes.insert(name.to_owned(), value.to_owned());
        self
    }

    fn in_row(mut self, index: usize, texts: &[&str]) -> Self {
        self.row = Some(Row {
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            column: None,
            index,
            count: 10,
        });
        self
    }

    fn under(mut self, heading: &str) -> Self {
        heading.clone_into(&mut self.heading);
        self
    }

    fn left_of_it(mut self, text: &str) -> Self {
        text.clone_into(&mut self.neighbours.left);
        self
    }
}
