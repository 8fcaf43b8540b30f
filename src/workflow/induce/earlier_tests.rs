//! What was read on an earlier page of a recording: what may be noted, where, and what is chance.

use super::choose::{self, Choice};
use super::tests::{TODAY, induced, page, recording, step};
use super::value::Expr;
use super::{Induced, Planned};
use crate::computer::{Element, Reading};
use crate::demo::{Demonstration, Step, Verb};

/// A page that says these, each labelled by what stands left of it, with a link to go on.
fn saying(texts: &[(&str, &str)]) -> Vec<Element> {
    let things: Vec<&str> = texts.iter().map(|_| "StaticText").collect();
    let mut elements = page(&[&things[..], &["link Next"]].concat());
    for (element, (label, text)) in elements.iter_mut().zip(texts) {
        element.tag = "span".to_owned();
        element.interactive = false;
        (*text).clone_into(&mut element.text);
        (*label).clone_into(&mut element.neighbours.left);
    }
    elements
}

fn on(address: &str, mut step: Step) -> Step {
    let mut seen = step.shown.as_deref().unwrap().clone();
    address.clone_into(&mut seen.url);
    step.shown = Some(seen.into());
    step
}

/// A recording that leaves the page and then fills a form with the value.
fn copied(goal: &str, texts: &[(&str, &str)], value: &str) -> Demonstration {
    let form = page(&["textbox Project", "button Send"]);
    recording(
        goal,
        vec![
            on(
                "http://a.example/",
                step(Verb::Click, "", texts.len(), &saying(texts)),
            ),
            on("http://b.example/", step(Verb::Fill, value, 0, &form)),
            on("http://b.example/", step(Verb::Click, "", 1, &form)),
        ],
    )
}

fn planned(recordings: &[Demonstration]) -> Vec<Planned> {
    induced(recordings).plan(0, "Copy it", TODAY)
}

/// The place of what is noted on a page; `None` where nothing is for certain.
fn noted_on(planned: &[Planned], texts: &[(&str, &str)]) -> Option<usize> {
    let note = planned.iter().find(|planned| planned.plan.noting)?;
    let rivals = note.plan.target.as_ref()?;
    match choose::saying(rivals, &saying(texts), note.plan.takes) {
        Choice::Sure(at) => Some(at),
        Choice::Unsure(_) | Choice::None => None,
    }
}

fn is_noted(planned: &Planned) -> bool {
    let values = planned.plan.values.iter().flatten();
    values
        .into_iter()
        .any(|(_, one)| matches!(one, Expr::Noted(..)))
}

fn is_constant(planned: &Planned) -> bool {
    let values = planned.plan.values.iter().flatten();
    values
        .into_iter()
        .any(|(_, one)| matches!(one, Expr::Const(_)))
}

#[test]
fn one_recording_leaves_open_whether_a_value_is_the_jobs_own_or_was_read_before() {
    let planned = planned(&[copied("Copy it", &[("Code", "ATLAS-12")], "ATLAS-12")]);
    let verbs: Vec<Verb> = planned.iter().map(|one| one.step.verb).collect();
    assert_eq!(verbs, [Verb::Read, Verb::Click, Verb::Fill, Verb::Click]);
    assert!(planned[0].step.optional && planned[0].plan.noting);
    assert!(is_noted(&planned[2]) && is_constant(&planned[2]));
    let other = [("Owner", "Bo"), ("Code", "BOREAL-7")];
    assert_eq!(noted_on(&planned, &other), Some(1));
}

#[test]
fn two_recordings_with_other_values_rule_the_constant_out() {
    let planned = planned(&[
        copied("Copy it", &[("Code", "ATLAS-12")], "ATLAS-12"),
        copied(
            "Copy it",
            &[("Owner", "Bo"), ("Code", "BOREAL-7")],
            "BOREAL-7",
        ),
    ]);
    assert_eq!(planned.len(), 4);
    assert!(is_noted(&planned[2]) && !is_constant(&planned[2]));
    let other = [("Code", "LYNX-3"), ("Owner", "Ana")];
    assert_eq!(noted_on(&planned, &other), Some(0));
}

#[test]
fn a_part_of_a_text_is_found_by_what_stands_around_it() {
    let lunch = |text: &str, person: &str| {
        let texts = [("", "Stand-up with Jonas Weber"), ("", text)];
        copied("Copy it", &texts, person)
    };
    let shown = [
        lunch("Lunch with Ana Reyes", "Ana Reyes"),
        lunch("Lunch with Eva Lind", "Eva Lind"),
    ];
    let planned = planned(&shown);
    let other = [("", "Review with Ana Reyes"), ("", "Lunch with Bo Li")];
    assert_eq!(noted_on(&planned, &other), Some(1));
    let cuts = planned[2].plan.values[0].iter().map(|(_, one)| match one {
        Expr::Noted(_, cut) => cut.from("Lunch with Bo Li"),
        _ => None,
    });
    assert!(cuts.into_iter().all(|cut| cut.as_deref() == Some("Bo Li")));
    let told: Vec<String> = induced(&shown).done_by(0);
    assert!(
        told[0].starts_with("note what the StaticText that begins with"),
        "{told:?}"
    );
    assert!(told[2].contains("its part of what was noted"), "{told:?}");
}

#[test]
fn of_several_places_those_count_that_hold_in_every_recording() {
    let planned = planned(&[
        copied(
            "Copy it",
            &[("Code", "ATLAS-12"), ("Newest", "ATLAS-12")],
            "ATLAS-12",
        ),
        copied(
            "Copy it",
            &[("Newest", "LYNX-3"), ("Code", "BOREAL-7")],
            "BOREAL-7",
        ),
    ]);
    let other = [("Newest", "PUMA-4"), ("Code", "OTTER-5")];
    assert_eq!(noted_on(&planned, &other), Some(1));
}

#[test]
fn places_of_one_recording_that_come_to_disagree_are_not_believed() {
    let texts = [("Code", "ATLAS-12"), ("Newest", "ATLAS-12")];
    let planned = planned(&[copied("Copy it", &texts, "ATLAS-12")]);
    assert_eq!(noted_on(&planned, &texts), Some(0));
    let other = [("Code", "ATLAS-12"), ("Newest", "BOREAL-7")];
    assert_eq!(noted_on(&planned, &other), None);
}

#[test]
fn what_may_stand_there_by_chance_is_not_noted() {
    for (text, value) in [
        ("2", "2"),
        ("2026", "2026"),
        ("Open since 12 March", "12"),
        ("open", "open"),
        ("The other one", "other"),
    ] {
        let planned = planned(&[copied("Copy it", &[("Code", text)], value)]);
        assert_eq!(planned.len(), 3, "{value} in {text}");
        assert!(!planned.iter().any(is_noted), "{value} in {text}");
    }
}

#[test]
fn what_the_goal_says_and_what_is_there_still_are_not_noted() {
    let texts = [("Code", "ATLAS-12")];
    let said = copied("Copy \"ATLAS-12\" over", &texts, "ATLAS-12");
    assert_eq!(
        induced(&[said])
            .plan(0, "Copy \"LYNX-3\" over", TODAY)
            .len(),
        3
    );

    let mut one_page = copied("Copy it", &texts, "ATLAS-12");
    let whole = [saying(&texts), page(&["textbox Project"])].concat();
    for (at, target) in [(0, 1), (1, 2), (2, 1)] {
        let verb = one_page.steps[at].verb;
        let value = one_page.steps[at].value.clone().unwrap_or_default();
        let done = step(verb, &value, target, &whole);
        one_page.steps[at] = on("http://a.example/", done);
    }
    assert_eq!(planned(&[one_page]).len(), 3);
}

#[test]
fn fields_buttons_and_secrets_are_not_noted() {
    let change = |change: &dyn Fn(&mut Element)| {
        let mut shown = copied("Copy it", &[("Code", "ATLAS-12")], "ATLAS-12");
        let mut seen = shown.steps[0].shown.as_deref().unwrap().clone();
        change(&mut seen.elements[0]);
        shown.steps[0].shown = Some(seen.into());
        planned(&[shown]).len()
    };
    assert_eq!(change(&|_| {}), 4);
    assert_eq!(change(&|one| one.value = Some("ATLAS-12".to_owned())), 3);
    assert_eq!(change(&|one| one.masked = true), 3);
    assert_eq!(change(&|one| one.interactive = true), 3);
    assert_eq!(change(&|one| "PIN".clone_into(&mut one.neighbours.left)), 3);
}

#[test]
fn the_page_is_read_right_before_it_is_left() {
    let texts = [("Code", "ATLAS-12")];
    let mut shown = copied("Copy it", &texts, "ATLAS-12");
    let first = shown.steps[0].clone();
    let mut hover = first.clone();
    hover.verb = Verb::Hover;
    shown.steps.insert(0, hover);
    let planned = planned(&[shown]);
    let verbs: Vec<Verb> = planned.iter().map(|one| one.step.verb).collect();
    let expected = [
        Verb::Hover,
        Verb::Read,
        Verb::Click,
        Verb::Fill,
        Verb::Click,
    ];
    assert_eq!(verbs, expected);
}

#[test]
fn one_place_for_two_values_is_read_once_and_inducing_twice_gives_the_same() {
    let texts = [("Code", "ATLAS-12")];
    let mut shown = copied("Copy it", &texts, "ATLAS-12");
    let again = shown.steps[1].clone();
    shown.steps.insert(2, again);
    let induce = || -> Induced { induced(std::slice::from_ref(&shown)) };
    let planned = induce().plan(0, "Copy it", TODAY);
    let notes = planned.iter().filter(|planned| planned.plan.noting);
    assert_eq!(notes.count(), 1);
    assert_eq!(planned, induce().plan(0, "Copy it", TODAY));
    assert_eq!(induce().done_by(0), induce().done_by(0));
}

#[test]
fn ten_recordings_that_copy_much_are_induced_in_time() {
    let begun = std::time::Instant::now();
    let recordings: Vec<Demonstration> = (0..10)
        .map(|take| {
            let values: Vec<String> = (0..20).map(|at| format!("CODE-{at}-{take}")).collect();
            let labels: Vec<String> = (0..40).map(|at| format!("Label {at}")).collect();
            let said: Vec<(&str, &str)> = labels
                .iter()
                .enumerate()
                .map(|(at, label)| {
                    (
                        label.as_str(),
                        values.get(at / 2).map_or("-", String::as_str),
                    )
                })
                .collect();
            let list = saying(&said);
            let things: Vec<String> = (0..20).map(|at| format!("textbox Field {at}")).collect();
            let form = page(&things.iter().map(String::as_str).collect::<Vec<_>>());
            let next = step(Verb::Click, "", said.len(), &list);
            let mut steps = vec![on("http://a.example/", next)];
            for (at, value) in values.iter().enumerate() {
                let fill = step(Verb::Fill, value, at, &form);
                steps.push(on("http://b.example/", fill));
            }
            recording("Copy them", steps)
        })
        .collect();
    let planned = induced(&recordings).plan(0, "Copy them", TODAY);
    assert_eq!(planned.len(), 41);
    println!("{:?}", begun.elapsed());
}

#[test]
fn what_a_picture_said_is_read_in_the_picture() {
    let receipt = |goal: &str, text: &str, value: &str| {
        let mut recording = copied(goal, &[("", "Receipts")], value);
        let mut seen = recording.steps[0].shown.as_deref().unwrap().clone();
        seen.elements.extend(page(&["image"]));
        let picture = seen.elements.len() - 1;
        seen.elements[picture].tag = "img".to_owned();
        seen.elements[picture].path = "html/img[1]".to_owned();
        seen.pictures.insert(picture, text.to_owned());
        recording.steps[0].shown = Some(seen.into());
        recording
    };
    let planned = planned(&[
        receipt(
            "Copy it",
            "Corner Cafe\n2 Tea 9.00\nTOTAL EUR 48.20\nThank you!",
            "48.20",
        ),
        receipt(
            "Copy it",
            "Soup Kitchen\n1 Soup 7.50\nTOTAL EUR 10.50\nThank you!",
            "10.50",
        ),
    ]);
    assert_eq!(planned[0].step.reading, Some(Reading::Picture));
    assert!(planned[0].plan.noting && is_noted(&planned[2]) && !is_constant(&planned[2]));
    let other = "The Old Mill\n3 Beer 12.00\nTOTAL EUR 12.00\nThank you!";
    let cuts = planned[2].plan.values[0].iter().map(|(_, one)| match one {
        Expr::Noted(_, cut) => cut.from(other),
        _ => None,
    });
    assert!(cuts.into_iter().all(|cut| cut.as_deref() == Some("12.00")));
}

#[test]
fn what_was_copied_is_no_constant_from_the_first_recording_on() {
    let mut shown = copied(
        "Copy it",
        &[("Code", "ATLAS-12"), ("Old", "ATLAS-12")],
        "ATLAS-12",
    );
    let mut copy = shown.steps[0].clone();
    copy.verb = Verb::Copy;
    copy.value = Some(" ATLAS-12 ".to_owned());
    let mut seen = copy.shown.as_deref().unwrap().clone();
    seen.target = Some(0);
    copy.shown = Some(seen.into());
    shown.steps.insert(0, copy);
    let planned = planned(&[shown]);
    let verbs: Vec<Verb> = planned.iter().map(|one| one.step.verb).collect();
    assert_eq!(verbs, [Verb::Read, Verb::Click, Verb::Fill, Verb::Click]);
    assert!(is_noted(&planned[2]) && !is_constant(&planned[2]));
    let other = [("Old", "LYNX-3"), ("Code", "BOREAL-7")];
    assert_eq!(noted_on(&planned, &other), Some(1));
}
