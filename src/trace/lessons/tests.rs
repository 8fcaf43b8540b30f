use serde_json::json;

use super::*;
use crate::computer::{Scope, ScrollState, Size};
use crate::trace::{End, Header};

const RUN: &str = "2026-11-24T20-15-03-k3x9";

/// A trace with these events, as its lines write them.
fn trace(outcome: &str, events: &[serde_json::Value]) -> Trace {
    let header: Header = serde_json::from_value(json!({
        "format": "1.1", "run": RUN, "started": "2026-11-24T20:15:03Z", "goal": "File the lunch", "policy": "imitator",
        "browser": "b", "start_url": "http://it", "apprentice": "0",
    }))
    .unwrap();
    let end: End = serde_json::from_value(json!({
        "outcome": outcome, "steps": 1, "questions": 1, "confirmations": 1, "seconds": 1.0,
        "usage": {"model_calls": 0, "input_tokens": 0, "output_tokens": 0, "cost": 0.0},
    }))
    .unwrap();
    let lines = events.iter().enumerate().map(|(number, event)| Line {
        number: number as u64 + 1,
        at_ms: 0.0,
        event: serde_json::from_value(event.clone()).unwrap(),
    });
    Trace {
        folder: "traces/r".into(),
        header,
        lines: lines.collect(),
        end: Some(end),
        broken_tail: false,
    }
}

fn asked(key: &str, answer: &str) -> serde_json::Value {
    let marks = json!([
        {"x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0}, {"x": 0.0, "y": 20.0, "width": 10.0, "height": 10.0},
    ]);
    json!({"event": "asked", "remembered": false, "answer": answer,
        "question": {"key": key, "text": "Which?", "marks": marks}})
}

fn decided(step: usize, element: &str) -> serde_json::Value {
    json!({"event": "decided", "policy": "imitator", "millis": 1.0, "decision": {
        "decision": "act", "says": "click it", "sure": 1.0, "step": step, "demonstrated": "click the button",
        "action": {"kind": "hover", "target": {"element": element}},
    }})
}

fn confirmed(verdict: serde_json::Value) -> serde_json::Value {
    json!({"event": "confirmed", "verdict": verdict, "card": {
        "kind": "order", "title": "Order would order", "origin": "http://it", "target": "button \"Order\"", "why": "so",
    }})
}

fn edit(field: &str, value: &str) -> serde_json::Value {
    confirmed(json!({"verdict": "edit", "field": field, "value": value}))
}

fn acted() -> serde_json::Value {
    json!({"event": "acted", "outcome": {"settled": "quiet", "millis": 1.0}})
}

fn note() -> serde_json::Value {
    json!({"event": "note", "text": "there is no field"})
}

fn failed() -> serde_json::Value {
    json!({"event": "action-failed", "error": "no"})
}

fn page() -> Observation {
    let element = |id: &str, y: f64, row: &str| {
        json!({"id": id, "role": "button", "name": "Order", "tag": "button", "in_view": true, "interactive": true,
            "bounds": {"x": 0.0, "y": y, "width": 10.0, "height": 10.0},
            "row": {"texts": [row, "Order"], "index": 1, "count": 2}})
    };
    let elements = [
        element("0:1", 0.0, "Spring"),
        element("0:2", 20.0, "Autumn"),
    ];
    Observation {
        url: "http://it".to_owned(),
        title: String::new(),
        viewport: Size {
            width: 100.0,
            height: 100.0,
        },
        scroll: ScrollState::default(),
        tabs: Vec::new(),
        dialog: None,
        focused: None,
        frames: Vec::new(),
        elements: elements
            .map(|one| serde_json::from_value(one).unwrap())
            .to_vec(),
        scope: Scope::Whole,
        unlisted: 0,
        downloads: Vec::new(),
        screenshot: None,
    }
}

fn observed() -> serde_json::Value {
    json!({"event": "observed", "url": "http://it", "title": "", "elements": 2, "observation": "a.json", "millis": 1.0})
}

/// What is learnt, in short: kind, step, about, value.
fn learnt(outcome: &str, events: &[serde_json::Value]) -> Vec<String> {
    let found = lessons(&trace(outcome, events), |_| Some(page()));
    found
        .iter()
        .map(|one| {
            assert_eq!((one.run.as_str(), one.day()), (RUN, "2026-11-24"));
            let (step, value) = (one.step.unwrap_or(0), one.value.as_deref().unwrap_or("-"));
            format!("{} {step} {} {value}", one.kind.name(), one.about)
        })
        .collect()
}

#[test]
fn what_a_person_said_and_did_is_learnt() {
    let by_hand = || confirmed(json!({"verdict": "done-by-hand"}));
    for (events, expected) in [
        (
            vec![asked("code", " P-1 "), decided(2, "0:1")],
            &["answer 3 code P-1"][..],
        ),
        (
            vec![asked("step-3-value-1", "P-1"), decided(2, "0:1")],
            &["answer 3 step-3-value-1 P-1"],
        ),
        // Of one run, the last word counts.
        (
            vec![
                asked("code", "P-1"),
                asked("code", "P-2"),
                decided(2, "0:1"),
            ],
            &["answer 3 code P-2"],
        ),
        // What is about one moment, secret by its looks, or masked is not learnt.
        (vec![asked("after:3", "go on"), decided(2, "0:1")], &[]),
        (vec![asked("goal:twice", "yes"), decided(2, "0:1")], &[]),
        (
            vec![asked("code", "4242 4242 4242 4242"), decided(2, "0:1")],
            &[],
        ),
        (vec![asked("code", "••••"), decided(2, "0:1")], &[]),
        (
            vec![decided(4, "0:1"), edit("Amount", "5"), acted()],
            &["edit 5 Amount 5"],
        ),
        (
            vec![decided(4, "0:1"), edit("Amount", "5"), note(), acted()],
            &[],
        ),
        (
            vec![decided(4, "0:1"), edit("Amount", "5"), failed(), acted()],
            &[],
        ),
        (
            vec![decided(4, "0:1"), by_hand()],
            &["by-hand 5 button \"Order\" -"],
        ),
        (
            vec![decided(4, "0:1"), confirmed(json!({"verdict": "yes"}))],
            &[],
        ),
    ] {
        assert_eq!(learnt("done", &events), expected, "{events:?}");
        assert_eq!(learnt("refused", &events), [""; 0]);
        assert_eq!(learnt("failed", &events), [""; 0]);
    }
}

#[test]
fn a_pick_is_learnt_with_what_was_not_picked() {
    let events = [observed(), asked("target:3", "2"), decided(2, "0:2")];
    let found = lessons(&trace("done", &events), |_| Some(page()));
    let [pick] = found.as_slice() else {
        panic!("one pick: {found:?}")
    };
    assert_eq!(pick.target.as_ref().unwrap().row, ["Autumn"]);
    assert_eq!(pick.not.len(), 1);
    assert_eq!(pick.not[0].row, ["Spring"]);
    for events in [
        // Something else was worked on then, or nothing.
        vec![observed(), asked("target:3", "2"), decided(2, "0:1")],
        vec![observed(), asked("target:3", "2"), decided(3, "0:2")],
        vec![
            observed(),
            asked("target:3", "2"),
            asked("target:3", "skip"),
            decided(2, "0:2"),
        ],
        vec![observed(), asked("target:3", "7"), decided(2, "0:2")],
        vec![asked("target:3", "2"), decided(2, "0:2")],
    ] {
        assert_eq!(learnt("done", &events), [""; 0]);
    }
}

#[test]
fn of_a_run_that_was_begun_anew_only_answers_count() {
    let events = [
        asked("code", "P-1"),
        decided(4, "0:1"),
        edit("Amount", "5"),
        acted(),
    ];
    let found = answers(&trace("waiting", &events));
    let told: Vec<&str> = found.iter().map(|one| one.about.as_str()).collect();
    assert_eq!(told, ["code"]);
}
