//! Where more than one may be meant: ways, things that are called alike, items with one target.

use super::pages::{ADDRESS, With, element, imitator, page, recording, situation, step};
use super::*;
use crate::computer::{Outcome, Settled, Target};
use crate::policy::{Turn as Happened, TurnResult};

fn done_so() -> TurnResult {
    TurnResult::Done(Outcome {
        settled: Settled::Quiet,
        text: None,
        millis: 1.0,
    })
}

/// A link where it is on the page, and the tab behind which it is where it is not.
fn link_or_tab() -> Imitator {
    let goal =
        |name: &str| format!("Switch between the tabs to find and click on the link \"{name}\".");
    let of = |names: &[&str]| {
        let links = names.iter().map(|name| element("link", name));
        page(ADDRESS, links.chain([element("tab", "Two")]).collect())
    };
    let click = |on: &Observation, at: usize| step(Verb::Click, "", on, at);
    imitator(vec![
        recording(&goal("Sed"), vec![click(&of(&["Sed", "Quis"]), 0)]),
        recording(&goal("Amet"), vec![click(&of(&["Eu"]), 1)]),
        recording(&goal("Nunc"), vec![click(&of(&["Ut", "Diam"]), 2)]),
    ])
}

#[test]
fn the_page_tells_the_way_whatever_the_goal_says_beside() {
    let imitator = link_or_tab();
    let goal = "Switch between the tabs to find and click on the link \"Mi\".";
    for (links, expected) in [(["Mi", "Eu"], "Mi"), (["Leo", "Eu"], "Two")] {
        let links = links.iter().map(|name| element("link", name));
        let now = page(ADDRESS, links.chain([element("tab", "Two")]).collect());
        let Decision::Act(act) = imitator.next(&situation(goal, &now, &[])) else {
            panic!("{expected} is not clicked");
        };
        let clicked = now
            .elements
            .iter()
            .find(|one| act.action.target() == Some(&Target::Element(one.id.clone())));
        assert_eq!(clicked.map(|one| one.name.as_str()), Some(expected));
    }
}

#[test]
fn which_way_is_not_asked_before_all_of_the_page_was_seen() {
    let imitator = link_or_tab();
    let goal = "Switch between the tabs to find and click on the link \"Mi\".";
    let mut now = page(ADDRESS, vec![element("link", "Leo")]);
    now.unlisted = 3;
    let decision = imitator.next(&situation(goal, &now, &[]));
    assert!(
        matches!(
            decision,
            Decision::Look {
                scope: Scope::Whole
            }
        ),
        "{decision:?}"
    );
    now.scope = Scope::Whole;
    let decision = imitator.next(&situation(goal, &now, &[]));
    assert!(matches!(decision, Decision::Ask(_)), "{decision:?}");
}

#[test]
fn several_that_are_called_so_are_listed() {
    let shown = page(
        ADDRESS,
        vec![element("button", "No"), element("button", "Ok")],
    );
    let goal = |name: &str| format!("Press the button \"{name}\"");
    let imitator = imitator(vec![recording(
        &goal("Ok"),
        vec![step(Verb::Click, "", &shown, 1)],
    )]);
    let now = page(
        ADDRESS,
        vec![
            element("button", "Go"),
            element("button", "No"),
            element("button", "Go"),
        ],
    );
    let goal = goal("Go");
    let Decision::Ask(question) = imitator.next(&situation(&goal, &now, &[])) else {
        panic!("not asked");
    };
    assert!(
        question.text.contains("it is not certain which is meant"),
        "{}",
        question.text
    );
    assert_eq!(question.marks.len(), 2);
}

#[test]
fn two_items_with_one_target_are_perhaps_one() {
    let dish = |name: &str| element("button", "Add").in_row(0, &[name]);
    let goal = |list: &str| format!("Order one of each item: {list}");
    let shown = page(ADDRESS, vec![dish("Soup"), dish("Rice"), dish("Tea")]);
    let steps = vec![
        step(Verb::Click, "", &shown, 0),
        step(Verb::Click, "", &shown, 2),
    ];
    let imitator = imitator(vec![recording(&goal("Soup, Tea"), steps)]);
    let now = page(ADDRESS, vec![dish("Spinach and goat cheese"), dish("Ice")]);
    let mut history: Vec<Happened> = Vec::new();
    for (list, clicks) in [("Ice, Spinach and goat cheese", 2), ("Ice and Spinach", 2)] {
        history.clear();
        let goal = goal(list);
        let mut done = 0;
        loop {
            match imitator.next(&situation(&goal, &now, &history)) {
                act @ Decision::Act(_) => {
                    done += 1;
                    history.push(Happened::new(act, done_so()));
                }
                look @ Decision::Look { .. } => {
                    history.push(Happened::new(look, TurnResult::Looked))
                }
                Decision::Ask(question) => {
                    assert!(list.contains("goat"), "{}", question.text);
                    break;
                }
                _ => {
                    assert!(!list.contains("goat"), "not asked");
                    break;
                }
            }
        }
        assert_eq!(done, clicks, "{list}");
    }
}

#[test]
fn a_day_is_not_chosen_in_another_month() {
    let goal = |date: &str| format!("Fly on {date}, please");
    let calendar = |month: &str| {
        let days = ["3", "25"].map(|day| element("link", day));
        page(
            ADDRESS,
            [element("heading", month)]
                .into_iter()
                .chain(days)
                .collect(),
        )
    };
    let whole = |month: &str| Observation {
        scope: Scope::Whole,
        ..calendar(month)
    };
    let shown = step(Verb::Click, "", &calendar("March"), 2);
    let imitator = imitator(vec![recording(&goal("25 March 2026"), vec![shown])]);
    let other = goal("3 April 2026");
    let now = whole("April");
    let decision = imitator.next(&situation(&other, &now, &[]));
    assert!(matches!(decision, Decision::Act(_)), "{decision:?}");
    let now = whole("March");
    let Decision::Ask(question) = imitator.next(&situation(&other, &now, &[])) else {
        panic!("not asked");
    };
    assert!(
        question.text.contains("does not say \"April\""),
        "{}",
        question.text
    );
    let answered = |text: &str| {
        let text = text.to_owned();
        vec![Happened::new(
            Decision::Ask(question.clone()),
            TurnResult::Answered { text },
        )]
    };
    let decision = imitator.next(&situation(&other, &now, &answered("yes")));
    assert!(matches!(decision, Decision::Act(_)), "{decision:?}");
    let decision = imitator.next(&situation(&other, &now, &answered("no")));
    assert!(matches!(decision, Decision::GiveUp { .. }), "{decision:?}");
}
