//! The only thing of its sort: done where it is what was shown, asked about where it is called otherwise.

use super::pages::{ADDRESS, With, element, imitator, page, recording, situation, step};
use super::*;
use crate::computer::{Element, Target};
use crate::policy::{Turn as Happened, TurnResult};

const GOAL: &str = "Review the hat: \"Light\"";

/// One recording, in which one step was done to the first of these.
fn recorded(verb: Verb, shown: Vec<Element>) -> Imitator {
    let value = if verb == Verb::Fill { "Light" } else { "" };
    let step = step(verb, value, &page(ADDRESS, shown), 0);
    imitator(vec![recording(GOAL, vec![step])])
}

/// What is done on the page at last: the number of the element, `None` where it is asked.
fn done_to(imitator: &Imitator, now: Vec<Element>) -> Option<usize> {
    let now = page(ADDRESS, now);
    let mut history: Vec<Happened> = Vec::new();
    for _ in 0..10 {
        let decision = imitator.next(&situation(GOAL, &now, &history));
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

#[test]
fn what_is_compared_is_not_chosen_before_all_of_the_page_was_seen() {
    let flight = |price: &str| element("button", "Book").in_row(0, &[price]);
    let shown = page(ADDRESS, vec![flight("$5"), flight("$3")]);
    let goal = "Book the cheapest flight";
    let imitator = imitator(vec![recording(
        goal,
        vec![step(Verb::Click, "", &shown, 1)],
    )]);
    for (unlisted, scope, looks) in [
        (0, Scope::NearView, false),
        (2, Scope::NearView, true),
        (2, Scope::Whole, false),
    ] {
        let mut now = page(ADDRESS, vec![flight("$7"), flight("$4")]);
        now.unlisted = unlisted;
        now.scope = scope;
        let decision = imitator.next(&situation(goal, &now, &[]));
        let looked = matches!(decision, Decision::Look { .. });
        assert_eq!(looked, looks, "{unlisted} {scope:?}: {decision:?}");
    }
}
