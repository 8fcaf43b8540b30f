//! Small hand-made pages, recordings of them and situations on them for tests.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::date;

use super::{Imitator, Settings};
use crate::computer::{
    Element, ElementId, Frame, Neighbours, Observation, Rect, Row, Scope, ScrollState, Size,
    States, Tab, TabId,
};

use crate::demo::{Demonstration, Seen, Step, Verb, target_query};
use crate::policy::{Situation, Turn};
use crate::workflow::Workflow;

/// Where all of it is.
pub const ADDRESS: &str = "http://127.0.0.1:4000/";
const NOTHING: &BTreeMap<String, String> = &BTreeMap::new();

/// A run on a page, with nothing given or remembered.
pub fn situation<'a>(
    goal: &'a str,
    observation: &'a Observation,
    history: &'a [Turn],
) -> Situation<'a> {
    Situation {
        goal,
        parameters: NOTHING,
        remembered: NOTHING,
        observation,
        downloads: Path::new("/downloads"),
        history,
    }
}

/// Something that was done on a page, by the number of the element.
pub fn step(verb: Verb, value: &str, on: &Observation, target: usize) -> Step {
    let mut step = Step::bare(verb);
    step.value = (!value.is_empty()).then(|| value.to_owned());
    step.target = Some(target_query(&on.elements[target], None));
    let seen = Seen {
        url: on.url.clone(),
        title: on.title.clone(),
        target: Some(target),
        to: None,
        elements: on.elements.clone(),
        pictures: BTreeMap::new(),
    };
    step.shown = Some(seen.into());
    step
}

/// A recording for a goal.
pub fn recording(goal: &str, steps: Vec<Step>) -> Demonstration {
    let text =
        format!("format = \"1.2\"\nworkflow = \"w\"\ngoal = {goal:?}\nstart = {ADDRESS:?}\n");
    Demonstration {
        steps,
        ..Demonstration::parse("w", &text).unwrap()
    }
}

/// What follows these recordings.
pub fn imitator(recordings: Vec<Demonstration>) -> Imitator {
    let takes = recordings.into_iter().enumerate();
    let takes = takes.map(|(at, one)| (format!("take {at}"), one)).collect();
    let settings = Settings {
        sites: BTreeMap::new(),
        reference_date: date(2026, 11, 24),
    };
    Imitator::new(Workflow::from_takes(takes).unwrap(), settings)
}

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
