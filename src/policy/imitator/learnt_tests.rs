//! What earlier runs taught changes what is decided, and only where the goal is silent.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::date;

use super::pages::{With, element, page};
use super::*;
use crate::computer::{Outcome, Settled, Target, Text};
use crate::demo::learned::{Lesson, LessonKind};
use crate::demo::{Demonstration, TargetQuery};
use crate::policy::{Turn as Happened, TurnResult};
use crate::workflow::lessons::Lessons;

const JOB: &str = r#"
format = "1.0"
workflow = "report"
goal = "Report the lunch with Ana Reyes"
start = "http://127.0.0.1:4000/"

[parameters.person]
example = "Ana Reyes"
[parameters.cost-centre]
example = "1000"
question = "Which cost centre?"

[[step]]
do = "fill"
value = "{cost-centre}"
[step.target]
role = "textbox"
name = "Cost centre"

[[step]]
do = "fill"
value = "{person}"
[step.target]
role = "textbox"
name = "Guest"

[[step]]
do = "fill"
value = "lunch"
[step.target]
role = "textbox"
name = "Purpose"

[[step]]
do = "click"
mark = "send"
[step.target]
role = "button"
name = "Send"
"#;
const GOAL: &str = "Report the lunch with Ben Okafor";

fn lesson(kind: LessonKind, about: &str, value: &str, run: &str) -> Lesson {
    Lesson {
        kind,
        step: Some(1),
        does: Some("fill textbox \"Cost centre\" with \"1000\"".to_owned()),
        about: about.to_owned(),
        question: String::new(),
        value: Some(value.to_owned()),
        goal: GOAL.to_owned(),
        run: run.to_owned(),
        when: "2026-11-24T20:15:03Z".to_owned(),
        target: None,
        not: Vec::new(),
        take: None,
        covers: None,
        values: Vec::new(),
    }
}

fn answer(value: &str, run: &str) -> Lesson {
    lesson(LessonKind::Answer, "cost-centre", value, run)
}

fn form() -> Observation {
    let mut elements: Vec<_> = ["Cost centre", "Guest", "Purpose"]
        .map(|name| element("textbox", name))
        .to_vec();
    elements.push(element("button", "Send").in_row(1, &["Spring"]));
    elements.push(element("button", "Send").in_row(2, &["Autumn"]));
    page("http://127.0.0.1:4000/", elements)
}

/// What is decided at this step (from 0), and what that relies on.
fn at(
    step: usize,
    goal: &str,
    learned: &[Lesson],
    remembered: &[(&str, &str)],
) -> (Decision, Vec<String>) {
    let takes = vec![("a".to_owned(), Demonstration::parse("a", JOB).unwrap())];
    let settings = Settings {
        sites: BTreeMap::new(),
        reference_date: date(2026, 11, 24),
    };
    let words = remembered
        .iter()
        .map(|(name, _)| ((*name).to_owned(), "your preference".to_owned()));
    let imitator = Imitator::new(Workflow::from_takes(takes).unwrap(), settings)
        .with_lessons(Lessons::new(learned.to_vec(), words.collect()));
    let remembered = remembered
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let observation = form();
    let mut history: Vec<Happened> = Vec::new();
    let skipped = step.checked_sub(1).map(|before| Act {
        action: Action::Reload,
        says: String::new(),
        sure: 1.0,
        mark: None,
        step: Some(before),
        demonstrated: None,
        effects: Vec::new(),
        looking: false,
        way: None,
        hand: None,
        while_says: None,
    });
    history.extend(skipped.map(|act| {
        let done = Outcome {
            settled: Settled::Quiet,
            text: None,
            millis: 1.0,
        };
        Happened::new(Decision::Act(act), TurnResult::Done(done))
    }));
    let decide = |history: &[Happened]| {
        let situation = Situation {
            goal,
            parameters: &BTreeMap::new(),
            remembered: &remembered,
            observation: &observation,
            downloads: Path::new("/downloads"),
            history,
        };
        let decision = imitator.next(&situation);
        let relied = match &decision {
            Decision::Act(act) => imitator.reliance(&situation, act),
            _ => Vec::new(),
        };
        (decision, relied)
    };
    let (decision, relied) = decide(&history);
    if !matches!(decision, Decision::Look { .. }) {
        return (decision, relied);
    }
    history.push(Happened::new(decision, TurnResult::Looked));
    decide(&history)
}

/// What is filled in, or what the question suggests.
fn filled(decision: &Decision) -> Result<String, Vec<String>> {
    match decision {
        Decision::Act(Act {
            action:
                Action::Fill {
                    value: Text::Plain(text),
                    ..
                },
            ..
        }) => Ok(text.clone()),
        Decision::Ask(question) => Err(question.suggestions.clone()),
        other => panic!("neither filled nor asked: {other:?}"),
    }
}

#[test]
fn the_last_answer_is_suggested_first_and_used_when_two_runs_gave_it() {
    let suggested = |all: &[&str]| Err(all.iter().map(|one| (*one).to_owned()).collect());
    for (learned, expected, relied) in [
        (vec![], suggested(&["1000"]), None),
        (
            vec![answer("4711", "a")],
            suggested(&["4711", "1000"]),
            None,
        ),
        (
            vec![answer("4711", "a"), answer("4712", "b")],
            suggested(&["4712", "1000"]),
            None,
        ),
        (
            vec![answer("4711", "a"), answer("4711", "b")],
            Ok("4711".to_owned()),
            Some("cost centre 4711, as in your last two runs"),
        ),
    ] {
        let (decision, told) = at(0, GOAL, &learned, &[]);
        assert_eq!(filled(&decision), expected, "{learned:?}");
        assert_eq!(told, relied.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_preference_is_named_and_goes_before_what_was_answered() {
    let twice = [answer("4711", "a"), answer("4711", "b")];
    let (decision, told) = at(0, GOAL, &twice, &[("cost-centre", "99")]);
    assert_eq!(filled(&decision), Ok("99".to_owned()));
    assert_eq!(told, ["cost centre 99, your preference"]);
    // At a later step too, since what is then sent holds it.
    let (_, told) = at(1, GOAL, &twice, &[("cost-centre", "99")]);
    assert_eq!(told, ["cost centre 99, your preference"]);
}

#[test]
fn a_changed_field_is_used_for_the_same_job_where_the_goal_does_not_say_it() {
    let edit = |field: &str, value: &str, goal: &str| Lesson {
        goal: goal.to_owned(),
        ..lesson(LessonKind::Edit, field, value, "a")
    };
    let other = "Report the lunch with Cy Young";
    for (step, learned, expected, told) in [
        (
            2,
            edit("Purpose", "talk", GOAL),
            "talk",
            "Purpose talk, as you changed it on 2026-11-24",
        ),
        // Another goal: only said.
        (
            2,
            edit("Purpose", "talk", other),
            "lunch",
            "Purpose: you changed it to talk on 2026-11-24",
        ),
        // The goal says the guest.
        (
            1,
            edit("Guest", "Ben O.", GOAL),
            "Ben Okafor",
            "Guest: you changed it to Ben O. on 2026-11-24",
        ),
    ] {
        let (decision, relied) = at(step, GOAL, &[learned], &[]);
        assert_eq!(filled(&decision), Ok(expected.to_owned()));
        assert_eq!(relied, [told]);
    }
    let (_, relied) = at(1, GOAL, &[edit("Guest", "Cyrus", other)], &[]);
    assert_eq!(relied, [""; 0]);
}

#[test]
fn the_one_that_was_picked_is_taken_where_it_is_found_for_certain() {
    let picked = |row: &str, does: &str| Lesson {
        step: Some(4),
        does: Some(does.to_owned()),
        value: None,
        target: Some(Box::new(TargetQuery {
            role: Some("button".to_owned()),
            name: Some("Send".to_owned()),
            row: vec![row.to_owned()],
            ..TargetQuery::default()
        })),
        ..lesson(LessonKind::Pick, "target:4", "", "a")
    };
    let does = "click button \"Send\"";
    for (learned, index) in [
        (vec![], None),
        (vec![picked("Autumn", does)], Some(4)),
        (vec![picked("Spring", does)], Some(3)),
        // It is not there, or the step is another by now.
        (vec![picked("Winter", does)], None),
        (vec![picked("Autumn", "click button \"Pay\"")], None),
    ] {
        let (decision, relied) = at(3, GOAL, &learned, &[]);
        match (index, &decision) {
            (Some(index), Decision::Act(act)) => {
                let id = &form().elements[index].id;
                assert_eq!(act.action.target(), Some(&Target::Element(id.clone())));
                assert_eq!(act.mark, Some(crate::guard::Kind::Send), "the card stays");
                assert_eq!(
                    relied,
                    ["this one and no other, as you picked it on 2026-11-24"]
                );
            }
            (None, Decision::Ask(question)) => assert_eq!(question.key, "target:4"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_was_done_by_hand_is_said_in_its_step() {
    let by_hand = Lesson {
        step: Some(3),
        does: Some("fill textbox \"Purpose\" with \"lunch\"".to_owned()),
        value: None,
        ..lesson(LessonKind::ByHand, "textbox \"Purpose\"", "", "a")
    };
    let (_, relied) = at(2, GOAL, std::slice::from_ref(&by_hand), &[]);
    assert_eq!(relied, ["you did this yourself on 2026-11-24"]);
    let (_, relied) = at(1, GOAL, &[by_hand], &[]);
    assert_eq!(relied, [""; 0]);
}
