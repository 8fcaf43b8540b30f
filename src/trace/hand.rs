//! What a person did with their own hands in a run: from what was heard to an event of the trace, and from there to steps that a
//! workflow can learn.
//!
//! Invariant: what such a step sent is not kept. What a demonstration was seen to send passes at later runs without a yes, and
//! nobody showed this in order to allow it.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::TraceError;
use super::format::{Blob, Event, Outcome};
use super::reader::Trace;
use super::recorder::Recorder;
use crate::computer::browser::Heard;
use crate::computer::{Observation, PictureFormat, Rect, Screenshot};
use crate::demo::recorder::{Recorded, Witnessed, demonstration};
use crate::demo::{Demonstration, FORMAT, Parameter, Seen, Step, describe, learned, undoubled};

/// One run of a workflow's steps that was done by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ByHand {
    /// The step of the workflow in whose place it was done, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// What the demonstration does in that step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<String>,
    /// What the person was asked, or the title of the card that they were shown.
    pub question: String,
    /// In how many steps' place it was done, that one included: the ones after it may have been done as well.
    pub covers: usize,
    /// Where it began.
    pub start: String,
    pub steps: Vec<HandStep>,
    /// The fields that were filled with a secret; its value was never read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Parameter>,
    /// What the page showed at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<Blob>,
}

/// One thing that was done by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HandStep {
    pub step: Step,
    /// What the page showed before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Blob>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Blob>,
}

/// In whose place something was done by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InPlaceOf {
    pub step: Option<usize>,
    pub does: Option<String>,
    pub question: String,
}

/// The steps that were heard; none where nothing was done.
pub fn steps_of(goal: &str, heard: Vec<Heard>) -> Option<Recorded> {
    let witnessed = Witnessed {
        heard,
        ..Witnessed::default()
    };
    let now = jiff::Timestamp::now().to_string();
    demonstration(learned::FOLDER, goal, &now, &witnessed).ok()
}

/// Keeps the pages and pictures, and gives the event.
///
/// # Errors
/// Where they cannot be kept.
pub fn event(
    recorder: &Recorder,
    place: InPlaceOf,
    covers: usize,
    recorded: &Recorded,
) -> Result<Event, TraceError> {
    let Recorded {
        demonstration,
        pictures,
    } = recorded;
    let mut steps = Vec::new();
    for (step, picture) in demonstration.steps.iter().zip(pictures) {
        let seen = step.shown.as_deref();
        let picture = picture
            .as_ref()
            .filter(|picture| !picture.bytes.is_empty())
            .map(|picture| recorder.blob(&picture.bytes, picture.format.extension()));
        steps.push(HandStep {
            step: step.clone(),
            seen: seen.map(|seen| recorder.json_blob(seen)).transpose()?,
            picture: picture.transpose()?,
        });
    }
    let end = demonstration.shown.as_deref();
    Ok(Event::ByHand(ByHand {
        step: place.step,
        does: place.does,
        question: place.question,
        covers,
        start: demonstration.start.clone(),
        steps,
        parameters: demonstration.parameters.clone(),
        end: end.map(|seen| recorder.json_blob(seen)).transpose()?,
    }))
}

/// Something that was done by hand, as steps that can be done again.
#[derive(Debug, Clone, PartialEq)]
pub struct Fragment<'t> {
    pub by_hand: &'t ByHand,
    /// The place of its line in the trace.
    pub line: usize,
    pub recorded: Recorded,
}

/// Everything that was done by hand in a run that ended well. `bytes` gives a blob.
pub fn fragments(trace: &Trace, bytes: impl Fn(&Blob) -> Option<Vec<u8>>) -> Vec<Fragment<'_>> {
    let ended_well = trace
        .end
        .as_ref()
        .is_some_and(|end| end.outcome == Outcome::Done);
    let kept = |blob: &Option<Blob>| -> Option<Arc<Seen>> {
        let bytes = bytes(blob.as_ref()?)?;
        serde_json::from_slice::<Seen>(&bytes).ok().map(Arc::new)
    };
    let picture = |blob: &Option<Blob>| -> Option<Screenshot> {
        let blob = blob.as_ref()?;
        Some(Screenshot {
            bytes: bytes(blob)?,
            format: PictureFormat::of_file(&blob.0)?,
            area: Rect::default(),
        })
    };
    let done = trace.lines.iter().enumerate();
    let done = done.filter_map(|(at, line)| match &line.event {
        Event::ByHand(by_hand) if ended_well && !by_hand.steps.is_empty() => Some((at, by_hand)),
        _ => None,
    });
    // A page that was still on its way when the person said that it is done is the one that the run saw next.
    let seen_next = |at: usize| {
        let blob = trace.lines[at..].iter().find_map(|line| match &line.event {
            Event::Observed { observation, .. } => Some(observation),
            _ => None,
        });
        let page: Observation = serde_json::from_slice(&bytes(blob?)?).ok()?;
        Some(Arc::new(seen(page)))
    };
    done.map(|(at, by_hand)| {
        let steps = by_hand.steps.iter().map(|one| Step {
            shown: kept(&one.seen),
            effects: Vec::new(),
            ..one.step.clone()
        });
        let demonstration = Demonstration {
            format: format!("{}.{}", FORMAT.0, FORMAT.1),
            workflow: learned::FOLDER.to_owned(),
            goal: trace.header.goal.clone(),
            start: by_hand.start.clone(),
            recorded: Some(trace.header.started.clone()),
            result: None,
            sites: BTreeMap::new(),
            parameters: by_hand.parameters.clone(),
            seen: None,
            shown: kept(&by_hand.end).or_else(|| seen_next(at)),
            opening: Vec::new(),
            steps: steps.collect(),
        };
        let mut demonstration = demonstration;
        super::lesson::name_sites(&mut demonstration, trace);
        let pictures = by_hand.steps.iter().map(|one| picture(&one.picture));
        Fragment {
            by_hand,
            line: at,
            recorded: Recorded {
                demonstration,
                pictures: pictures.collect(),
            },
        }
    })
    .collect()
}

/// What was done by hand, a sentence for each time, for whoever does a run's actions again without it.
pub(super) fn left_out(trace: &Trace) -> Vec<String> {
    let done = trace.lines.iter().filter_map(|line| match &line.event {
        Event::ByHand(by_hand) if !by_hand.steps.is_empty() => Some(by_hand),
        _ => None,
    });
    done.map(|by_hand| {
        let steps = by_hand.steps.iter();
        let did: Vec<String> = steps.map(|one| describe(&one.step, &undoubled)).collect();
        format!("{}: a person did it by hand", did.join("; "))
    })
    .collect()
}

/// A page as recordings keep it; what forms held is what was typed.
fn seen(page: Observation) -> Seen {
    let mut elements = page.elements;
    for element in &mut elements {
        element.form = None;
    }
    Seen {
        url: page.url,
        title: page.title,
        target: None,
        to: None,
        elements,
        pictures: BTreeMap::new(),
    }
}
