//! What is decided after a step, by what the page shows then. A table each: what came, and what is done about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;

use super::pages::{element, page, situation};
use super::*;
use crate::computer::{Dialog, Outcome, Settled, Sight};
use crate::demo::{Demonstration, Seen, target_query};
use crate::policy::{Turn as Happened, TurnResult};

const GOAL: &str = "Show more";

/// A page with a button and these notes.
fn notes(notes: &[&str]) -> Observation {
    let mut elements = vec![element("button", "More"), element("button", "Close")];
    elements.extend(notes.iter().map(|note| element("note", note)));
    page("http://127.0.0.1:4000/", elements)
}

/// A recording in which "More" was pressed on the first page and led to the second, where "Close" was pressed.
fn recorded(before: Observation, after: Observation) -> Demonstration {
    let text = format!(
        "format = \"1.2\"\nworkflow = \"more\"\ngoal = {GOAL:?}\nstart = \"http://127.0.0.1:4000/\"\n"
    );
    let step = |target: usize, on: Observation| {
        let mut step = Step::bare(Verb::Click);
        step.target = Some(target_query(&on.elements[target], None));
        let seen = Seen {
            url: on.url,
            title: on.title,
            target: Some(target),
            to: None,
            elements: on.elements,
            pictures: Default::default(),
        };
        step.shown = Some(seen.into());
        step
    };
    Demonstration {
        steps: vec![step(0, before), step(1, after)],
        ..Demonstration::parse("more", &text).unwrap()
    }
}

struct Run {
    imitator: Imitator,
    history: Vec<Happened>,
}

impl Run {
    fn of(recordings: &[Demonstration]) -> Self {
        let takes = recordings.iter().enumerate();
        let takes = takes.map(|(at, one)| (format!("take-{at}"), one.clone()));
        let settings = Settings {
            sites: BTreeMap::new(),
            reference_date: date(2026, 11, 24),
        };
        Self {
            imitator: Imitator::new(Workflow::from_takes(takes.collect()).unwrap(), settings),
            history: Vec::new(),
        }
    }

    /// With "More" pressed on this page.
    fn pressed(recordings: &[Demonstration], on: &Observation) -> Self {
        let mut run = Self::of(recordings);
        run.happens(on, "click button \"More\"");
        run
    }

    fn decide(&self, on: &Observation) -> Decision {
        self.imitator.next(&situation(GOAL, on, &self.history))
    }

    /// What is decided on this page, in words.
    fn says(&self, on: &Observation) -> String {
        match self.decide(on) {
            Decision::Act(act) => act.says,
            Decision::Ask(question) => format!("{}: {:?}", question.key, question.suggestions),
            other => format!("{other:?}"),
        }
    }

    /// It decides this, and it is done; what is waited for never comes.
    fn happens(&mut self, on: &Observation, expected: &str) {
        assert_eq!(self.says(on), expected);
        let decision = self.decide(on);
        let (result, before) = match &decision {
            Decision::Act(Act {
                action: Action::Wait { .. },
                ..
            }) => (
                TurnResult::Failed {
                    error: "it never came".to_owned(),
                },
                None,
            ),
            _ => (
                TurnResult::Done(Outcome {
                    settled: Settled::Quiet,
                    text: None,
                    millis: 1.0,
                }),
                Some(Arc::new(Sight::of(on))),
            ),
        };
        self.history.push(Happened {
            decision,
            result,
            before,
        });
    }

    fn answered(&mut self, on: &Observation, text: &str) {
        let answer = TurnResult::Answered {
            text: text.to_owned(),
        };
        self.history.push(Happened::new(self.decide(on), answer));
    }
}

const WAITS: &str = "wait for the page to change";
const ASKS: &str = "unchanged:1: [\"go on\", \"try again\", \"stop\"]";
const GOES_ON: &str = "click button \"Close\"";

fn changing() -> Demonstration {
    recorded(notes(&["One"]), notes(&["One", "Two"]))
}

#[test]
fn a_change_goes_on_at_once_and_none_is_waited_for_and_asked_about() {
    let before = notes(&["A"]);
    let mut dialog = before.clone();
    dialog.dialog = Some(Dialog {
        kind: DialogKind::Alert,
        message: "Hello".to_owned(),
        default_text: String::new(),
    });
    let mut tab = before.clone();
    tab.tabs.push(tab.tabs[0].clone());
    let mut focus = before.clone();
    focus.elements[0].states.focused = true;
    for (what, after, expected) in [
        ("the change that was shown", notes(&["A", "B"]), GOES_ON),
        ("another one", notes(&["B"]), GOES_ON),
        ("a tab", tab, GOES_ON),
        ("a dialog", dialog, "answer the dialog \"Hello\""),
        ("only the focus", focus, WAITS),
        ("nothing", before.clone(), WAITS),
    ] {
        let run = Run::pressed(&[changing()], &before);
        assert_eq!(run.says(&after), expected, "{what}");
    }
    let mut run = Run::pressed(&[changing()], &before);
    run.happens(&before, WAITS);
    assert_eq!(run.says(&before), ASKS);
    assert_eq!(run.says(&notes(&["B"])), GOES_ON, "it came late");
    let Decision::Ask(question) = run.decide(&before) else {
        panic!("it does not ask");
    };
    assert_eq!(
        question.text,
        "After step 1 (click button \"More\") nothing on the page changed, as it did when this was shown. Go on all the same?"
    );
}

#[test]
fn what_is_chosen_already_need_not_change() {
    let mut before = notes(&["A"]);
    before.elements[0].states.selected = Some(true);
    let run = Run::pressed(&[changing()], &before);
    assert_eq!(run.says(&before), GOES_ON);
}

#[test]
fn only_a_persons_word_goes_on_or_does_it_again() {
    for (answer, expected) in [
        ("go on", GOES_ON),
        ("skip", GOES_ON),
        ("try again", "click button \"More\""),
        ("perhaps", ASKS),
    ] {
        let before = notes(&["A"]);
        let mut run = Run::pressed(&[changing()], &before);
        run.happens(&before, WAITS);
        run.answered(&before, answer);
        assert_eq!(run.says(&before), expected, "{answer}");
    }
    let before = notes(&["A"]);
    let mut run = Run::pressed(&[changing()], &before);
    run.happens(&before, WAITS);
    run.answered(&before, "stop");
    assert!(matches!(run.decide(&before), Decision::GiveUp { .. }));
}

#[test]
fn what_is_done_again_is_compared_anew() {
    let before = notes(&["A"]);
    let mut run = Run::pressed(&[changing()], &before);
    run.happens(&before, WAITS);
    run.answered(&before, "try again");
    run.happens(&before, "click button \"More\"");
    run.happens(&before, WAITS);
    assert_eq!(run.says(&before), ASKS);
}

#[test]
fn where_any_recording_shows_no_change_nobody_is_asked() {
    let still = recorded(notes(&["One"]), notes(&["One"]));
    for recordings in [vec![still.clone()], vec![changing(), still]] {
        let before = notes(&["A"]);
        let run = Run::pressed(&recordings, &before);
        assert_eq!(run.says(&before), GOES_ON);
    }
}
