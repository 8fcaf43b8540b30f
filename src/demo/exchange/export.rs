//! From a demonstration to a recording that Chrome's DevTools Recorder can import. Pure.

use serde_json::json;

use super::recorder_json::{AssertedEvent, Flow, FlowStep};
use super::selector::selectors;
use super::{Holes, Note, chords, filled};
use crate::demo::{Demonstration, Step, Verb, literal};

/// What the names of custom steps begin with that stand for what the Recorder has no step for.
pub(super) const CUSTOM: &str = "apprentice:";
/// The view that recordings are made in, in CSS pixels.
const VIEW: (f64, f64) = (1280.0, 800.0);

/// Writes a demonstration as a recording, with the values of its own recording.
pub fn export(demonstration: &Demonstration, holes: &Holes<'_>) -> (Flow, Vec<Note>) {
    let mut notes = Vec::new();
    let (start, _) = filled(&demonstration.start, holes);
    let mut steps = vec![
        FlowStep {
            kind: "setViewport".to_owned(),
            width: Some(VIEW.0),
            height: Some(VIEW.1),
            device_scale_factor: Some(1.0),
            is_mobile: Some(false),
            has_touch: Some(false),
            is_landscape: Some(false),
            ..FlowStep::default()
        },
        FlowStep {
            kind: "navigate".to_owned(),
            asserted_events: vec![navigation(&start)],
            url: Some(start),
            ..FlowStep::default()
        },
    ];
    for (at, step) in demonstration.steps.iter().enumerate() {
        let mut say = |says: String| {
            notes.push(Note {
                step: at + 1,
                what: step.verb.word(),
                says,
            });
        };
        if let Some(mark) = step.mark {
            say(format!(
                "it would {}, and asks here; the Recorder does it without asking",
                mark.phrase()
            ));
        }
        let written = write(step, holes, &mut say);
        let mut written = written.unwrap_or_else(|| {
            say(
                "the Recorder has no such step and passes over it: it is a customStep there"
                    .to_owned(),
            );
            vec![custom(step, holes)]
        });
        let led = step.after.as_ref().and_then(|after| after.url.as_ref());
        if let (Some(last), Some(url)) = (written.last_mut(), led) {
            last.asserted_events = vec![navigation(&filled(url, holes).0)];
        }
        steps.extend(written);
    }
    let flow = Flow {
        title: demonstration.goal.clone(),
        steps,
    };
    (flow, notes)
}

/// The Recorder's steps for one of a demonstration; `None` where it has none.
fn write(step: &Step, holes: &Holes<'_>, say: &mut dyn FnMut(String)) -> Option<Vec<FlowStep>> {
    let of = |kind: &str| FlowStep {
        kind: kind.to_owned(),
        target: Some("main".to_owned()),
        ..FlowStep::default()
    };
    let mut on_target = |kind: &str| -> Option<FlowStep> {
        let target = step.target.as_ref()?;
        let selectors = selectors(target, holes);
        if selectors.is_empty() {
            return None;
        }
        if !target.row.is_empty() || target.index.is_some() {
            let rows: Vec<String> = target.row.iter().map(|row| filled(row, holes).0).collect();
            say(format!(
                "the Recorder cannot say which row it is in ({}) and takes the first that fits",
                rows.join(", ")
            ));
        }
        Some(FlowStep {
            selectors,
            ..of(kind)
        })
    };
    let click = |mut one: FlowStep| {
        let middle =
            |length: Option<f64>| Some(length.map_or(1.0, |length| (length / 2.0).round()));
        let area = step.target.as_ref().and_then(|target| target.area);
        one.offset_x = middle(area.map(|area| area.width));
        one.offset_y = middle(area.map(|area| area.height));
        one
    };
    let one = |step: FlowStep| Some(vec![step]);
    match step.verb {
        Verb::Click => one(click(on_target("click")?)),
        Verb::DoubleClick => one(click(on_target("doubleClick")?)),
        Verb::RightClick => {
            let mut right = click(on_target("click")?);
            right.button = Some("secondary".to_owned());
            one(right)
        }
        Verb::Hover => one(on_target("hover")?),
        Verb::ScrollTo => {
            let mut scroll = on_target("scroll")?;
            (scroll.x, scroll.y) = (Some(0.0), Some(0.0));
            one(scroll)
        }
        Verb::Fill => {
            let mut change = on_target("change")?;
            change.value = Some(value(step.value.as_deref()?, holes, say));
            one(change)
        }
        Verb::Choose => {
            let mut all = step.values.iter().chain(&step.value);
            let (Some(only), None) = (all.next(), all.next()) else {
                return None;
            };
            let mut change = on_target("change")?;
            let chosen = value(only, holes, say);
            say(format!(
                "the Recorder chooses by an option's value: where that is not its label {chosen:?}, write it there"
            ));
            change.value = Some(chosen);
            one(change)
        }
        Verb::Press => {
            let (chord, _) = filled(step.value.as_deref()?, holes);
            let keys = chords::keys(&chord);
            let press = |kind: &'static str| {
                move |key: &String| FlowStep {
                    key: Some(key.clone()),
                    ..of(kind)
                }
            };
            let down = keys.iter().map(press("keyDown"));
            Some(down.chain(keys.iter().rev().map(press("keyUp"))).collect())
        }
        Verb::Navigate => {
            let (url, _) = filled(step.value.as_deref()?, holes);
            one(FlowStep {
                url: Some(url),
                ..of("navigate")
            })
        }
        Verb::CloseTab if step.value.is_none() => one(of("close")),
        Verb::Wait => {
            let (text, lacks) = filled(step.value.as_deref()?, holes);
            if !lacks.is_empty() {
                return None;
            }
            let text = super::recorder_json::Selector(vec![format!("text/{text}")]);
            one(FlowStep {
                selectors: vec![text],
                ..of("waitForElement")
            })
        }
        Verb::Drag
        | Verb::TripleClick
        | Verb::Type
        | Verb::Upload
        | Verb::Back
        | Verb::Forward
        | Verb::Reload
        | Verb::OpenTab
        | Verb::SwitchTab
        | Verb::CloseTab
        | Verb::AnswerDialog
        | Verb::Select
        | Verb::Copy
        | Verb::Read => None,
    }
}

fn value(text: &str, holes: &Holes<'_>, say: &mut dyn FnMut(String)) -> String {
    let (value, lacks) = filled(text, holes);
    if !lacks.is_empty() {
        say(format!(
            "its value is not in the demonstration ({}): write it where {value:?} stands",
            lacks.join(", ")
        ));
    }
    value
}

fn navigation(url: &str) -> AssertedEvent {
    AssertedEvent {
        kind: "navigation".to_owned(),
        url: Some(url.to_owned()),
        title: None,
    }
}

/// The step as it is, so that importing the recording here gives it back; what it may send stays here.
fn custom(step: &Step, holes: &Holes<'_>) -> FlowStep {
    let mut kept = Step {
        effects: Vec::new(),
        picture: None,
        seen: None,
        shown: None,
        ..step.clone()
    };
    // Like all others, with the values of the recording; what has none stays a hole.
    for text in kept.texts_mut() {
        let (whole, lacks) = filled(text, holes);
        if lacks.is_empty() {
            *text = literal(&whole);
        }
    }
    FlowStep {
        kind: "customStep".to_owned(),
        target: Some("main".to_owned()),
        name: Some(format!("{CUSTOM}{}", step.verb.word())),
        parameters: Some(serde_json::to_value(kept).unwrap_or_else(|_| json!({}))),
        ..FlowStep::default()
    }
}
