//! The actions of a trace, each with what surrounded it: the page before and after, the decision, the review, the outcome.

use super::format::{Blob, Event};
use super::reader::Trace;
use crate::computer::{Action, Element, Outcome};
use crate::guard::Kind;
use crate::guard::effect::Brief;
use crate::human::Verdict;
use crate::policy::{Act, Decision};

/// How the trace says that a request left.
const LET_GO: &str = "let go";

/// One action, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Performed<'a> {
    pub action: &'a Action,
    /// The place of its line in the trace.
    pub line: usize,
    pub says: &'a str,
    pub element: Option<&'a Element>,
    /// The decision behind it.
    pub act: Option<&'a Act>,
    /// What a human was asked about before it.
    pub asked: Option<Kind>,
    /// The page that it was done on.
    pub page: Page<'a>,
    /// The page that was seen next.
    pub then: Option<Page<'a>>,
    /// The writes that were let go after it and before the next one.
    pub sent: Vec<&'a Brief>,
    pub result: Result<&'a Outcome, Failure<'a>>,
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Page<'a> {
    pub url: &'a str,
    pub title: &'a str,
    pub observation: Option<&'a Blob>,
    pub screenshot: Option<&'a Blob>,
}

/// Why an action has no outcome.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Failure<'a> {
    Failed(&'a str),
    /// The trace ends before it says how it went.
    Unknown,
    /// A person did it in its place.
    ByHand,
}

/// All actions of the trace in order; what a person did in place of one stands among them.
pub(super) fn performed(trace: &Trace) -> Vec<Performed<'_>> {
    let mut all: Vec<Performed<'_>> = Vec::new();
    let mut page = Page {
        url: &trace.header.start_url,
        ..Page::default()
    };
    let mut act = None;
    let mut asked = None;
    let mut open = false;
    for (place, line) in trace.lines.iter().enumerate() {
        match &line.event {
            Event::Observed {
                url,
                title,
                observation,
                screenshot,
                ..
            } => {
                page = Page {
                    url,
                    title,
                    observation: Some(observation),
                    screenshot: screenshot.as_ref(),
                };
                if let Some(last) = all.last_mut() {
                    last.then.get_or_insert(page);
                }
            }
            Event::Decided { decision, .. } => {
                act = match decision {
                    Decision::Act(act) => Some(act),
                    Decision::Look { .. }
                    | Decision::Ask(_)
                    | Decision::Finish { .. }
                    | Decision::GiveUp { .. } => None,
                };
                asked = None;
            }
            Event::Confirmed { card, verdict, .. } => {
                asked = Some(card.kind);
                if let (Some(Verdict::DoneByHand), Some(act)) = (verdict, act) {
                    all.push(Performed {
                        action: &act.action,
                        line: place,
                        says: &act.says,
                        element: None,
                        act: Some(act),
                        asked,
                        page,
                        then: None,
                        sent: Vec::new(),
                        result: Err(Failure::ByHand),
                    });
                    open = false;
                }
            }
            Event::Acting {
                action,
                says,
                element,
            } => {
                // Before a decision is carried out, a person may have had a field changed: that is another action.
                let decided = act.filter(|act| act.action == *action);
                all.push(Performed {
                    action,
                    line: place,
                    says,
                    element: element.as_deref(),
                    act: decided,
                    asked: asked.filter(|_| act.is_none() || decided.is_some()),
                    page,
                    then: None,
                    sent: Vec::new(),
                    result: Err(Failure::Unknown),
                });
                open = true;
            }
            Event::Acted { outcome } => {
                if let (true, Some(last)) = (open, all.last_mut()) {
                    last.result = Ok(outcome);
                }
                open = false;
            }
            Event::ActionFailed { error } => {
                if let (true, Some(last)) = (open, all.last_mut()) {
                    last.result = Err(Failure::Failed(error));
                }
                open = false;
            }
            // What was seen of it says more than that it was done.
            Event::ByHand(by_hand) if !by_hand.steps.is_empty() => {
                all.pop_if(|last| last.result == Err(Failure::ByHand));
            }
            Event::Effect { effect, ruling, .. } => {
                if let Some(last) = all.last_mut().filter(|_| ruling == LET_GO) {
                    last.sent.push(effect);
                }
            }
            Event::Start(_)
            | Event::Reviewed { .. }
            | Event::Asked { .. }
            | Event::ByHand(_)
            | Event::Note { .. }
            | Event::Timings { .. }
            | Event::End(_) => {}
        }
    }
    all
}
