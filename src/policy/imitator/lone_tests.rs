//! The only thing of its sort: done where it is what was shown, asked about where it is called otherwise.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::date;

use super::pages::{With, element, page};
use super::*;
use crate::computer::{Element, Target};
use crate::demo::{Demonstration, Seen, target_query};
use crate::policy::{Turn as Happened, TurnResult};

const GOAL: &str = "Review the hat: \"Light\"";
const ADDRESS: &str = "http://127.0.0.1:4000/";

/// One recording, in which one step was done to the first of these.
fn recorded(verb: Verb, shown: Vec<Element>) -> Imitator {
    let text =
        format!("format = \"1.2\"\nworkflow = \"review\"\ngoal = {GOAL:?}\nstart = {ADDRESS:?}\n");
    let on = page(ADDRESS, shown);
    let mut step = Step::bare(verb);
    step.value = (verb == Verb::Fill).then(|| "Light".to_owned());
    step.target = Some(target_query(&on.elements[0], None));
    let seen = Seen {
        url: on.url,
        title: on.title,
        target: Some(0),
        to: None,
        elements: on.elements,
        pictures: BTreeMap::new(),
    };
    step.shown = Some(seen.into());
    let recording = Demonstration {
        steps: vec![step],
        ..Demonstration::parse("review", &text).unwrap()
    };
    let settings = Settings {
        sites: BTreeMap::new(),
        reference_date: date(2026, 11, 24),
    };
    let workflow = Workflow::from_takes(vec![("take".to_owned(), recording)]).unwrap();
    Imitator::new(workflow, settings)
}

/// What is done on the page at last: the number of the element, `None` where it is asked.
fn done_to(imitator: &Imitator, now: Vec<Element>) -> Option<usize> {
    let now = page(ADDRESS, now);
    let mut history: Vec<Happened> = Vec::new();
    for _ in 0..10 {
        let decision = imitator.next(&Situation {
            goal: GOAL,
            parameters: &BTreeMap::new(),
            remembered: &BTreeMap::new(),
            observation: &now,
            downloads: Path::new("/downloads"),
            history: &history,
        });
        let result = match &decision {
            Decision::Act(act) => match act.action.target() {
                Some(Target::Element(id)) => {
                    return now.elements.iter().position(|one| one.id == *id);
                }
                _ => TurnResult::Failed {
                    error: "nothing came".to_owned(),
                },
            },
            Decision::Look { .. } => TurnResult::Looked,
            Decision::Ask(_) => return None,
            other => panic!("{other:?}"),
        };
        history.push(Happened::new(decision, result));
    }
    panic!("it never comes to an end")
}

#[test]
fn the_only_field_of_another_page_is_not_the_one_that_was_shown() {
    let field = |name: &str, own: &str| element("textbox", name).attribute("name", own);
    let shown = || vec![field("Title *", "title"), element("button", "Save review")];
    for (now, expected) in [
        (field("Title *", "title"), Some(0)),
        (field("Title", "headline"), Some(0)),
        (field("Titel *", "title"), Some(0)),
        (field("Search", "q"), None),
        (element("textbox", "Search"), None),
        (field("", "q"), None),
    ] {
        let now = vec![now, element("button", "Add to basket")];
        let called = now[0].describe();
        let found = done_to(&recorded(Verb::Fill, shown()), now);
        assert_eq!(found, expected, "{called}");
    }
}

#[test]
fn the_only_button_is_not_pressed_whatever_it_says() {
    let shown = || vec![element("button", "Save draft"), element("textbox", "Title")];
    for (called, expected) in [
        ("Save draft", Some(0)),
        ("save draft", Some(0)),
        ("Save draft (2)", Some(0)),
        ("Publish", None),
        ("Save draft and publish", None),
        ("", None),
    ] {
        let now = vec![element("button", called), element("textbox", "Title")];
        let found = done_to(&recorded(Verb::Click, shown()), now);
        assert_eq!(found, expected, "{called}");
    }
}
