//! What was done by hand steps in only where the step as it was shown cannot be done, gives no permission of its own, and asks where
//! it may depend on the goal.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::pages::{element, page, situation};
use super::*;
use crate::computer::{Element, Observation, Outcome, Settled, Target};
use crate::demo::learned::{Lesson, LessonKind};
use crate::demo::{Demonstration, Seen, target_query};
use crate::policy::{Turn as Happened, TurnResult};
use crate::workflow::lessons::Lessons;

const GOAL: &str = "Send the report";
const ADDRESS: &str = "http://127.0.0.1:5000/";

fn on(things: &[(&str, &str)]) -> Observation {
    let elements = things.iter().map(|(role, name)| element(role, name));
    Observation {
        // Nothing more is to be found further down.
        scope: Scope::Whole,
        ..page(ADDRESS, elements.collect::<Vec<Element>>())
    }
}

fn sent(path: &str) -> Signature {
    Signature {
        method: "POST".to_owned(),
        origin: "http://127.0.0.1:5000".to_owned(),
        path: path.to_owned(),
        ..Signature::default()
    }
}

/// A recording of one click on the last thing of the page, which sent something.
fn clicked(workflow: &str, goal: &str, things: &[(&str, &str)], path: &str) -> Demonstration {
    let seen = on(things);
    let target = seen.elements.len() - 1;
    let text = format!(
        "format = \"1.4\"\nworkflow = {workflow:?}\ngoal = {goal:?}\nstart = {ADDRESS:?}\n"
    );
    let step = Step {
        target: Some(target_query(&seen.elements[target], None)),
        effects: vec![sent(path)],
        shown: Some(Arc::new(Seen {
            url: seen.url,
            title: seen.title,
            target: Some(target),
            to: None,
            elements: seen.elements,
            pictures: BTreeMap::new(),
        })),
        ..Step::bare(Verb::Click)
    };
    Demonstration {
        steps: vec![step],
        ..Demonstration::parse("one", &text).unwrap()
    }
}

/// Follows a recording in which "Send" was clicked, beside what was done by hand for this goal on this page.
fn imitator(by_hand_for: &str, things: &[(&str, &str)]) -> Imitator {
    let shown = clicked(
        "report",
        GOAL,
        &[("heading", "Report"), ("button", "Send")],
        "/shown",
    );
    let workflow = Workflow::from_takes(vec![("first".to_owned(), shown)]).unwrap();
    let settings = Settings {
        sites: BTreeMap::new(),
        reference_date: date(2026, 11, 24),
    };
    let lesson = Lesson {
        kind: LessonKind::ByHand,
        step: Some(1),
        does: Some("click button \"Send\"".to_owned()),
        about: String::new(),
        question: String::new(),
        value: None,
        goal: by_hand_for.to_owned(),
        run: "2026-11-20T10-00-00-ab12".to_owned(),
        when: "2026-11-20T10:00:00Z".to_owned(),
        target: None,
        not: Vec::new(),
        values: Vec::new(),
        take: Some("one".to_owned()),
        covers: None,
    };
    let hand = clicked("learned", by_hand_for, things, "/by-hand");
    let lessons = Lessons::new(vec![lesson.clone()], BTreeMap::new());
    Imitator::new(workflow, settings).with_lessons(lessons.with_hands(vec![(lesson, hand)]))
}

fn next(imitator: &Imitator, goal: &str, now: &Observation, history: &[Happened]) -> Decision {
    imitator.next(&situation(goal, now, history))
}

const RENAMED: [(&str, &str); 2] = [("heading", "Report"), ("link", "Dispatch to headquarters")];

#[test]
fn it_steps_in_where_the_step_cannot_be_done_and_allows_nothing_of_its_own() {
    let imitator = imitator(GOAL, &RENAMED);
    let now = on(&RENAMED);
    let Decision::Act(act) = next(&imitator, GOAL, &now, &[]) else {
        panic!("it is done again")
    };
    assert_eq!((act.step, act.hand), (Some(0), Some(0)));
    assert_eq!(
        act.action.target(),
        Some(&Target::Element(now.elements[1].id.clone()))
    );
    assert_eq!(act.demonstrated, None);
    assert_eq!(
        act.effects,
        [sent("/shown")],
        "what the step itself was shown to send"
    );
    assert!(
        act.says.contains("as you did it by hand on 2026-11-20"),
        "{}",
        act.says
    );

    let done = TurnResult::Done(Outcome {
        settled: Settled::Quiet,
        text: None,
        millis: 1.0,
    });
    let history = [Happened::new(Decision::Act(act), done)];
    let decision = next(&imitator, GOAL, &now, &history);
    assert!(matches!(decision, Decision::Finish { .. }), "{decision:?}");
}

#[test]
fn what_was_shown_goes_first_and_what_is_not_there_is_not_done() {
    let imitator = imitator(GOAL, &RENAMED);
    let both = [RENAMED[0], RENAMED[1], ("button", "Send")];
    let Decision::Act(act) = next(&imitator, GOAL, &on(&both), &[]) else {
        panic!("it is as it was shown")
    };
    assert_eq!((act.step, act.hand), (Some(0), None));

    let neither = on(&[("heading", "Report"), ("textbox", "Name")]);
    match next(&imitator, GOAL, &neither, &[]) {
        Decision::Act(act) => assert_eq!(act.hand, None, "{act:?}"),
        Decision::Ask(question) => assert!(!question.key.starts_with("within"), "{question:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_of_several_that_was_chosen_for_another_goal_is_asked_about() {
    let choices = [("heading", "Report"), ("radio", "Quickly")];
    let now = on(&choices);
    for (by_hand_for, asks) in [(GOAL, false), ("Send the report of May", true)] {
        let imitator = imitator(by_hand_for, &choices);
        match next(&imitator, GOAL, &now, &[]) {
            Decision::Ask(question) => {
                assert!(asks, "{question:?}");
                assert!(question.text.contains("for another goal"), "{question:?}");
                let yes = TurnResult::Answered {
                    text: "yes".to_owned(),
                };
                let history = [Happened::new(Decision::Ask(question), yes)];
                let decision = next(&imitator, GOAL, &now, &history);
                assert!(
                    matches!(&decision, Decision::Act(act) if act.hand == Some(0)),
                    "{decision:?}"
                );
            }
            Decision::Act(act) => assert!(!asks && act.hand == Some(0), "{act:?}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn after_a_hand_the_run_goes_on_behind_everything_that_was_done() {
    let imitator = imitator(GOAL, &RENAMED);
    let stuck = |history: &[Happened]| {
        imitator.stuck_at(&situation(GOAL, &on(&[("heading", "Report")]), history))
    };
    let waited = Happened::new(
        Decision::Act(Act {
            action: Action::Wait {
                condition: Condition::Change,
                limit_ms: 1,
            },
            says: String::new(),
            sure: 1.0,
            mark: None,
            step: Some(0),
            demonstrated: None,
            effects: Vec::new(),
            looking: false,
            way: None,
            hand: None,
            while_says: None,
        }),
        TurnResult::Failed {
            error: "it did not come".to_owned(),
        },
    );
    let place = stuck(std::slice::from_ref(&waited)).unwrap();
    assert_eq!(
        (place.step, place.does.as_str()),
        (0, "click button \"Send\"")
    );
    assert_eq!(place.effects, [sent("/shown")]);
    let question = crate::human::Question {
        key: "stuck:1".to_owned(),
        ..crate::human::Question::default()
    };
    let by_hand = TurnResult::DoneByHand { covers: 1 };
    let history = [waited, Happened::new(Decision::Ask(question), by_hand)];
    let decision = next(&imitator, GOAL, &on(&[("heading", "Report")]), &history);
    assert!(matches!(decision, Decision::Finish { .. }), "{decision:?}");
}
