//! What is read on one page and put in on another: done where it is known, asked where it is not, and never the end of a run.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::pages::{With, element, page, situation};
use super::*;
use crate::computer::{Dialog, Element, Outcome, Settled, Target, Text};
use crate::demo::learned::{Lesson, LessonKind};
use crate::demo::{Demonstration, Seen, target_query};
use crate::policy::{Turn as Happened, TurnResult};
use crate::workflow::lessons::Lessons;

const GOAL: &str = "Copy the code over";
/// What came of a run.
#[derive(Debug, PartialEq)]
enum End {
    Filled(String),
    /// With what is suggested.
    Asked(Vec<String>),
}

fn filled(text: &str) -> End {
    End::Filled(text.to_owned())
}

fn asked(texts: &[&str]) -> End {
    End::Asked(texts.iter().map(|text| (*text).to_owned()).collect())
}

/// The page that says these, each with its label, and has a link to the form.
fn list(texts: &[(&str, &str)]) -> Observation {
    let mut elements: Vec<Element> = Vec::new();
    for (label, text) in texts {
        let mut one = element("StaticText", "").left_of_it(label);
        (*text).clone_into(&mut one.text);
        elements.push(one);
    }
    elements.push(element("link", "Next"));
    page("http://127.0.0.1:4000/", elements)
}

fn form() -> Observation {
    let elements = vec![element("textbox", "Project"), element("button", "Send")];
    page("http://127.0.0.1:5000/", elements)
}

/// A recording in which the value was put into the form after the list was seen.
fn recorded(texts: &[(&str, &str)], value: &str) -> Demonstration {
    let text = format!(
        "format = \"1.2\"\nworkflow = \"copy\"\ngoal = {GOAL:?}\nstart = \"http://127.0.0.1:4000/\"\n"
    );
    let step = |verb: Verb, value: Option<&str>, target: usize, on: Observation| {
        let mut step = Step::bare(verb);
        step.value = value.map(str::to_owned);
        step.target = Some(target_query(&on.elements[target], None));
        let seen = Seen {
            url: on.url,
            title: on.title,
            target: Some(target),
            to: None,
            elements: on.elements,
            pictures: BTreeMap::new(),
        };
        step.shown = Some(seen.into());
        step
    };
    Demonstration {
        steps: vec![
            step(Verb::Click, None, texts.len(), list(texts)),
            step(Verb::Fill, Some(value), 0, form()),
            step(Verb::Click, None, 1, form()),
        ],
        ..Demonstration::parse("copy", &text).unwrap()
    }
}

fn imitator(recordings: &[Demonstration]) -> Imitator {
    let takes = recordings.iter().enumerate();
    let takes = takes.map(|(at, one)| (format!("take-{at}"), one.clone()));
    let settings = Settings {
        sites: BTreeMap::new(),
        reference_date: date(2026, 11, 24),
    };
    Imitator::new(Workflow::from_takes(takes.collect()).unwrap(), settings)
}

/// Follows the recordings from a list to the form. `reads` says what comes of reading an element.
fn run_with(
    imitator: &Imitator,
    list: Observation,
    reads: &dyn Fn(&Element) -> Result<String, String>,
) -> End {
    let mut now = list;
    let mut history: Vec<Happened> = Vec::new();
    for _ in 0..20 {
        let decide = || imitator.next(&situation(GOAL, &now, &history));
        let decision = decide();
        assert_eq!(decision, decide(), "it is not a function");
        let mut next = None;
        let done = |text: Option<String>| {
            TurnResult::Done(Outcome {
                settled: Settled::Quiet,
                text,
                millis: 1.0,
            })
        };
        let result = match &decision {
            Decision::Look { scope } => {
                now.scope = *scope;
                TurnResult::Looked
            }
            Decision::Ask(question) => return End::Asked(question.suggestions.clone()),
            Decision::Act(act) => match &act.action {
                Action::Fill {
                    value: Text::Plain(text),
                    ..
                } => return filled(text),
                Action::Click { .. } => {
                    next = Some(form());
                    done(None)
                }
                Action::Read {
                    target: Some(Target::Element(id)),
                    ..
                } => match reads(now.element(id).unwrap()) {
                    Ok(text) => done(Some(text)),
                    Err(error) => TurnResult::Failed { error },
                },
                Action::Wait { .. } => TurnResult::Failed {
                    error: "it never came".to_owned(),
                },
                Action::AnswerDialog { .. } => {
                    now.dialog = None;
                    done(None)
                }
                other => panic!("not to be done: {other:?}"),
            },
            other => panic!("not to be decided: {other:?}"),
        };
        if !matches!(decision, Decision::Look { .. }) {
            now.scope = Scope::NearView;
        }
        now = next.unwrap_or(now);
        history.push(Happened::new(decision, result));
    }
    panic!("it never came to the form: {history:#?}");
}

fn run(recordings: &[Demonstration], texts: &[(&str, &str)]) -> End {
    run_with(&imitator(recordings), list(texts), &|element| {
        Ok(element.text.clone())
    })
}

#[test]
fn after_one_recording_another_value_is_asked_about_and_the_same_one_is_not() {
    let shown = [recorded(&[("Code", "ATLAS-12")], "ATLAS-12")];
    assert_eq!(run(&shown, &[("Code", "ATLAS-12")]), filled("ATLAS-12"));
    assert_eq!(
        run(&shown, &[("Code", "BOREAL-7")]),
        asked(&["ATLAS-12", "BOREAL-7"])
    );
}

#[test]
fn after_two_recordings_what_was_read_is_put_in_without_a_question() {
    let shown = [
        recorded(&[("Code", "ATLAS-12")], "ATLAS-12"),
        recorded(&[("Owner", "Bo Li"), ("Code", "BOREAL-7")], "BOREAL-7"),
    ];
    let other = [("Code", "LYNX-3"), ("Owner", "Ana Reyes")];
    assert_eq!(run(&shown, &other), filled("LYNX-3"));
}

#[test]
fn a_part_of_a_text_is_put_in_alone() {
    let shown = [
        recorded(&[("", "Lunch with Ana Reyes")], "Ana Reyes"),
        recorded(&[("", "Lunch with Eva Lind")], "Eva Lind"),
    ];
    let other = [("", "Review with Ana Reyes"), ("", "Lunch with Bo Li")];
    assert_eq!(run(&shown, &other), filled("Bo Li"));
    // What does not stand there as it did is no value.
    assert_eq!(run(&shown, &[("", "Dinner at home")]), asked(&[]));
}

#[test]
fn what_is_not_there_to_be_read_is_asked_where_it_is_needed() {
    let one = [recorded(&[("Code", "ATLAS-12")], "ATLAS-12")];
    assert_eq!(run(&one, &[]), asked(&["ATLAS-12"]));
    let two = [
        recorded(&[("Code", "ATLAS-12")], "ATLAS-12"),
        recorded(&[("Code", "BOREAL-7")], "BOREAL-7"),
    ];
    assert_eq!(run(&two, &[]), asked(&[]));
    // Two that may be meant and say different things are none.
    let both = [("Code", "LYNX-3"), ("Code", "PUMA-4")];
    assert_eq!(run(&two, &both), asked(&[]));
}

#[test]
fn a_value_that_many_recordings_share_is_the_jobs_own_where_nothing_is_read() {
    let same = || recorded(&[("Code", "ATLAS-12")], "ATLAS-12");
    let shown = [same(), same(), same()];
    assert_eq!(run(&shown, &[]), filled("ATLAS-12"));
    assert_eq!(
        run(&shown, &[("Code", "BOREAL-7")]),
        asked(&["ATLAS-12", "BOREAL-7"])
    );
}

#[test]
fn reading_that_fails_gives_a_secret_or_stands_behind_a_dialog_ends_no_run() {
    let two = imitator(&[
        recorded(&[("Code", "ATLAS-12")], "ATLAS-12"),
        recorded(&[("Code", "BOREAL-7")], "BOREAL-7"),
    ]);
    let gone = |_: &Element| Err("the element is gone".to_owned());
    let now = list(&[("Code", "LYNX-3")]);
    assert_eq!(run_with(&two, now.clone(), &gone), asked(&[]));
    let masked = |_: &Element| Ok("••••".to_owned());
    assert_eq!(run_with(&two, now.clone(), &masked), asked(&[]));
    let mut behind = now;
    behind.dialog = Some(Dialog {
        kind: DialogKind::Alert,
        message: "Hello".to_owned(),
        default_text: String::new(),
    });
    let read = |element: &Element| Ok(element.text.clone());
    assert_eq!(run_with(&two, behind, &read), filled("LYNX-3"));
}

#[test]
fn what_other_runs_were_told_does_not_stand_in_for_what_is_read() {
    let answer = |run: &str| Lesson {
        kind: LessonKind::Answer,
        step: Some(3),
        does: Some("fill textbox \"Project\" with \"ATLAS-12\"".to_owned()),
        about: "step-3-value-1".to_owned(),
        question: String::new(),
        value: Some("PUMA-4".to_owned()),
        goal: GOAL.to_owned(),
        run: run.to_owned(),
        when: "2026-11-24T20:15:03Z".to_owned(),
        target: None,
        not: Vec::new(),
        take: None,
        covers: None,
        values: Vec::new(),
    };
    let learned = vec![answer("one"), answer("two")];
    let lessons = || Lessons::new(learned.clone(), BTreeMap::new());
    let one = recorded(&[("Code", "ATLAS-12")], "ATLAS-12");
    let two = [one.clone(), recorded(&[("Code", "BOREAL-7")], "BOREAL-7")];
    let read = |element: &Element| Ok(element.text.clone());
    let now = list(&[("Code", "LYNX-3")]);
    let taught = imitator(&two).with_lessons(lessons());
    assert_eq!(run_with(&taught, now.clone(), &read), filled("LYNX-3"));
    let taught = imitator(&[one]).with_lessons(lessons());
    assert_eq!(
        run_with(&taught, now, &read),
        asked(&["PUMA-4", "ATLAS-12", "LYNX-3"])
    );
}
