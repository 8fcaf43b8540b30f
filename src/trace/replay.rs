//! Turns a trace into a demonstration, so that the imitator can do the same again on the live page.
//!
//! Pure: the observations that the trace keeps as blobs are handed in by the caller. A secret stands in a trace by its
//! name only, so a replay needs the same secret sources as the run.

use std::collections::BTreeMap;

use super::format::Blob;
use super::hand;
use super::performed::{Failure, Performed, performed};
use super::reader::Trace;
use crate::computer::{
    Action, Button, Condition, Element, ElementId, Observation, Rect, Target, Text,
};
use crate::demo::{
    After, Area, Demonstration, Parameter, Step, TargetQuery, Verb, literal, target_query,
};

/// What of a trace can be done again.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    pub demonstration: Demonstration,
    /// One sentence for each action that a demonstration cannot say.
    pub left_out: Vec<String>,
}

/// The trace's actions that succeeded, as a demonstration. `observe` gives an observation that the trace keeps; where it
/// gives `None`, targets are found by a little less.
pub fn demonstration(trace: &Trace, observe: impl Fn(&Blob) -> Option<Observation>) -> Replay {
    let header = &trace.header;
    let mut writer = Writer::default();
    for (number, one) in performed(trace).iter().enumerate() {
        let observation = one.page.observation.and_then(&observe);
        writer.add(number + 1, one, observation.as_ref(), trace);
    }
    writer.left_out.extend(hand::left_out(trace));
    let demonstration = Demonstration {
        format: "1.0".to_owned(),
        workflow: header
            .workflow
            .clone()
            .unwrap_or_else(|| "replay".to_owned()),
        goal: header.goal.clone(),
        start: literal(&header.start_url),
        recorded: Some(header.started.clone()),
        result: trace
            .end
            .as_ref()
            .and_then(|end| end.result.as_deref())
            .map(literal),
        sites: header
            .sites
            .iter()
            .enumerate()
            .map(|(index, origin)| (format!("site{}", index + 1), origin.clone()))
            .collect(),
        seen: None,
        shown: None,
        opening: Vec::new(),
        parameters: writer.parameters,
        steps: writer.steps,
    };
    Replay {
        demonstration,
        left_out: writer.left_out,
    }
}

/// The actions that [`demonstration`] makes a step of, in the order of its steps.
pub(super) fn repeatable(trace: &Trace) -> Vec<Performed<'_>> {
    let mut writer = Writer::default();
    let mut all = performed(trace);
    all.retain(|one| {
        let before = writer.steps.len();
        writer.add(0, one, None, trace);
        writer.steps.len() > before
    });
    all
}

/// Steps as they are collected.
#[derive(Default)]
struct Writer {
    steps: Vec<Step>,
    parameters: BTreeMap<String, Parameter>,
    left_out: Vec<String>,
    reads: usize,
}

impl Writer {
    fn add(
        &mut self,
        number: usize,
        one: &Performed<'_>,
        observation: Option<&Observation>,
        trace: &Trace,
    ) {
        let without = |why: &str| format!("action {number} ({}): {why}", one.says);
        let read = match one.result {
            Ok(outcome) => outcome.text.as_deref(),
            // What failed was tried again or given up: what succeeded is the job.
            Err(Failure::Failed(_)) => return,
            Err(Failure::Unknown) => {
                self.left_out
                    .push(without("the trace does not say whether it was done"));
                return;
            }
            Err(Failure::ByHand) => {
                self.left_out.push(without("a person did it by hand"));
                return;
            }
        };
        match self.step(one, observation, trace, read) {
            Ok(Some(step)) => self.steps.push(step),
            Ok(None) => {}
            Err(why) => self.left_out.push(without(why)),
        }
    }

    /// The step, `None` where none is needed, or why there is none.
    fn step(
        &mut self,
        one: &Performed<'_>,
        observation: Option<&Observation>,
        trace: &Trace,
        read: Option<&str>,
    ) -> Result<Option<Step>, &'static str> {
        let query = |target: &Target| query(target, one.element, observation);
        let mut step = Step {
            says: Some(literal(one.says)),
            page: Some(literal(one.page.url)),
            mark: one.asked.or(one.act.and_then(|act| act.mark)),
            after: one.then.map(|page| After {
                url: Some(literal(page.url)),
                text: None,
            }),
            target: one.action.target().map(&query),
            ..Step::bare(Verb::Click)
        };
        match one.action {
            Action::Click {
                button,
                count,
                modifiers,
                ..
            } => {
                if !modifiers.is_empty() {
                    return Err("a demonstration has no clicks with modifier keys");
                }
                step.verb = match (button, count) {
                    (Button::Left, 1) => Verb::Click,
                    (Button::Left, 2) => Verb::DoubleClick,
                    (Button::Left, 3) => Verb::TripleClick,
                    (Button::Right, 1) => Verb::RightClick,
                    _ => return Err("a demonstration has no such click"),
                };
            }
            Action::Hover { .. } => step.verb = Verb::Hover,
            Action::Drag { path } => {
                step.verb = Verb::Drag;
                step.target = path.first().map(&query);
                step.to = path.last().map(&query);
            }
            // Whatever needs to be in view is scrolled there before it is used.
            Action::Scroll { .. } => return Ok(None),
            Action::ScrollTo { .. } => step.verb = Verb::ScrollTo,
            Action::Type { text } => {
                step.verb = Verb::Type;
                step.value = Some(self.value(text));
            }
            Action::Fill { value, .. } => {
                step.verb = Verb::Fill;
                step.value = Some(self.value(value));
            }
            Action::Press { keys } => {
                step.verb = Verb::Press;
                step.value = Some(literal(keys));
            }
            Action::Choose { options, .. } => {
                step.verb = Verb::Choose;
                step.values = options.iter().map(|option| literal(option)).collect();
            }
            Action::Select { text, .. } => {
                step.verb = Verb::Select;
                step.value = text.as_deref().map(literal);
            }
            Action::Upload { files, .. } => {
                step.verb = Verb::Upload;
                step.values = files
                    .iter()
                    .map(|file| {
                        // A replay downloads again, into its own folder.
                        if file.starts_with(&trace.folder) {
                            "{download}".to_owned()
                        } else {
                            literal(&file.display().to_string())
                        }
                    })
                    .collect();
            }
            // Every run goes to its start by itself, before the first decision.
            Action::Navigate { url } if one.act.is_none() && *url == trace.header.start_url => {
                return Ok(None);
            }
            Action::Navigate { url } => {
                step.verb = Verb::Navigate;
                step.value = Some(literal(url));
            }
            Action::Back => step.verb = Verb::Back,
            Action::Forward => step.verb = Verb::Forward,
            Action::Reload => step.verb = Verb::Reload,
            Action::OpenTab { url } => {
                step.verb = Verb::OpenTab;
                step.value = Some(literal(url));
            }
            Action::SwitchTab { .. } => {
                // A tab's id means nothing in another run; what it then showed does.
                let page = one.then.ok_or("what the tab showed is not in the trace")?;
                step.verb = Verb::SwitchTab;
                step.value = Some(literal(if page.title.is_empty() {
                    page.url
                } else {
                    page.title
                }));
            }
            Action::CloseTab { .. } => step.verb = Verb::CloseTab,
            Action::AnswerDialog { accept, text } => {
                step.verb = Verb::AnswerDialog;
                step.accept = Some(*accept);
                step.value = text.as_ref().map(|text| self.value(text));
            }
            Action::Authenticate { .. } => {
                return Err("a demonstration does not answer sign-in dialogs of the browser");
            }
            Action::Wait { condition, .. } => {
                step.verb = Verb::Wait;
                step.value = Some(match condition {
                    Condition::Text(text) => literal(text),
                    Condition::Element { name, .. } if !name.is_empty() => literal(name),
                    Condition::Download => "{download}".to_owned(),
                    Condition::Element { .. }
                    | Condition::Role(_)
                    | Condition::NoText(_)
                    | Condition::Address(_)
                    | Condition::Change => {
                        return Err("a demonstration only waits for text and downloads");
                    }
                });
            }
            Action::Read { target, area, what } => {
                self.reads += 1;
                let name = format!("read{}", self.reads);
                step.verb = Verb::Read;
                step.reading = Some(*what);
                step.into = Some(name.clone());
                if target.is_none() {
                    step.target = area.map(|area| TargetQuery {
                        area: Some(whole(&area)),
                        ..TargetQuery::default()
                    });
                }
                if let (Some(target), Some(read)) = (&mut step.target, read) {
                    // What is read may be another the next time, so it is nothing to find its place by.
                    let is_read = |text: &mut String| literal(read.trim()) == text.trim();
                    target.name.take_if(is_read);
                    target.text.take_if(is_read);
                }
                self.parameters.insert(
                    name,
                    Parameter {
                        example: read.map(str::to_owned),
                        ..Parameter::default()
                    },
                );
            }
        }
        Ok(Some(step))
    }

    /// A text as a template: plain text as it is, a secret as a parameter that names it.
    fn value(&mut self, text: &Text) -> String {
        match text {
            Text::Plain(text) => literal(text),
            Text::Secret(secret) => {
                let name: String = secret
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                    .collect();
                self.parameters
                    .entry(name.clone())
                    .or_insert_with(|| Parameter {
                        secret: Some(secret.clone()),
                        ..Parameter::default()
                    });
                format!("{{{name}}}")
            }
        }
    }
}

/// Everything known of a target. `element` is what the trace says the action lands on; another place of a drag is looked
/// up in the observation.
fn query(
    target: &Target,
    element: Option<&Element>,
    observation: Option<&Observation>,
) -> TargetQuery {
    match target {
        Target::Point(point) => TargetQuery {
            area: Some(Area {
                x: point.x,
                y: point.y,
                width: 0.0,
                height: 0.0,
            }),
            ..TargetQuery::default()
        },
        Target::Element(id) => known(id, element, observation)
            .map(|element| target_query(element, frame_of(element, observation)))
            .unwrap_or_default(),
    }
}

fn known<'a>(
    id: &ElementId,
    element: Option<&'a Element>,
    observation: Option<&'a Observation>,
) -> Option<&'a Element> {
    element
        .filter(|element| element.id == *id)
        .or_else(|| observation.and_then(|observation| observation.element(id)))
}

/// The address of an element's frame, where that is not the main one.
fn frame_of(element: &Element, observation: Option<&Observation>) -> Option<String> {
    observation
        .filter(|_| element.frame != 0)?
        .frames
        .get(element.frame)
        .map(|frame| frame.url.clone())
}

fn whole(rect: &Rect) -> Area {
    Area {
        x: rect.x.round(),
        y: rect.y.round(),
        width: rect.width.round(),
        height: rect.height.round(),
    }
}
