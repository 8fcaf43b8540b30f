//! What decides. A policy is given what the run knows and answers with one decision; it never touches the browser.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::computer::{Action, ElementId, Observation, Outcome, Scope, Sight};
use crate::demo::Step;
use crate::guard::Kind;
use crate::guard::effect::Signature;
use crate::human::Question;

/// The word in the key of a question what to do about a step that cannot be done.
pub const STUCK: &str = "stuck";

pub mod imitator;
pub mod vision;

/// A policy's answer to "what now?".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "decision", rename_all = "kebab-case")]
pub enum Decision {
    Act(Act),
    /// Nothing fits what was listed: list this much instead.
    Look {
        scope: Scope,
    },
    Ask(Question),
    Finish {
        result: String,
    },
    GiveUp {
        reason: String,
    },
}

/// One thing to do, with why and how surely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Act {
    pub action: Action,
    /// One sentence for people: `open the receipt of 12 March`.
    pub says: String,
    /// From 0 (a guess) to 1 (certain).
    pub sure: f64,
    /// What the demonstration says this does, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Kind>,
    /// Which step of the workflow this is, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// What was done here when it was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demonstrated: Option<String>,
    /// The shape of each write that was sent here when it was shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Signature>,
    /// Whether it only serves to find what the step is about, or is one of many turns of the same step.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub looking: bool,
    /// Which way of several to do the job this belongs to, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<usize>,
    /// Which step of what a person did by hand in place of this one it is, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand: Option<usize>,
    /// What must say the same still when it is done; where it does not, it is decided anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub while_says: Option<Says>,
}

/// Something on the page, and what it said when it was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Says {
    pub element: ElementId,
    pub text: String,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum TurnResult {
    Done(Outcome),
    /// The human did it by hand, and with it so many steps, this one included.
    DoneByHand {
        covers: usize,
    },
    Failed {
        error: String,
    },
    Answered {
        text: String,
    },
    Looked,
}

/// One decision of this run and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Turn {
    pub decision: Decision,
    pub result: TurnResult,
    /// What the page showed when the newest step was done; left out of older turns.
    #[serde(skip)]
    #[schemars(skip)]
    pub before: Option<Arc<Sight>>,
}

impl Turn {
    /// A turn before which nobody looked, or that changes nothing.
    pub fn new(decision: Decision, result: TurnResult) -> Self {
        Self {
            decision,
            result,
            before: None,
        }
    }
}

/// All that a policy may know.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    pub goal: &'a str,
    /// Values given with `--param`.
    pub parameters: &'a BTreeMap<String, String>,
    /// Answers that the person asked to be remembered, by key.
    pub remembered: &'a BTreeMap<String, String>,
    pub observation: &'a Observation,
    /// The folder that this run's downloads are in; names are in the observation.
    pub downloads: &'a std::path::Path,
    pub history: &'a [Turn],
}

/// Model use of a run so far.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    pub model_calls: u64,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// In United States dollars, where the price is known.
    pub cost: f64,
}

impl Usage {
    #[must_use]
    pub fn plus(self, other: Usage) -> Usage {
        Usage {
            model_calls: self.model_calls + other.model_calls,
            input_tokens: self.input_tokens + other.input_tokens,
            output_tokens: self.output_tokens + other.output_tokens,
            cost: self.cost + other.cost,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("the model at {address} {problem}")]
    Model { address: String, problem: String },
    #[error(transparent)]
    Asking(#[from] crate::model::ModelError),
    #[error("{0}")]
    Demonstration(String),
}

/// A step of a workflow that cannot be done without a word of the person.
#[derive(Debug, Clone, PartialEq)]
pub struct Stuck {
    /// From 0.
    pub step: usize,
    /// What it is for, in this run's values.
    pub says: String,
    /// What the demonstration does there.
    pub does: String,
    /// The shape of each write that it sent when it was shown.
    pub effects: Vec<Signature>,
}

/// What decides.
#[async_trait::async_trait]
pub trait Policy: Send {
    /// Its name in traces: `imitator`, `vision`.
    fn name(&self) -> &'static str;

    /// What the first page may send by itself when it is opened, as it was shown.
    fn opening(&self) -> Vec<Signature> {
        Vec::new()
    }

    async fn decide(&mut self, situation: &Situation<'_>) -> Result<Decision, PolicyError>;

    /// What an action that it decided on relies on that nobody said in this run: in words, each with whose word it is.
    fn relies_on(&self, _: &Situation<'_>, _: &Act) -> Vec<String> {
        Vec::new()
    }

    /// Where the next decision is to give up, or to ask what to do about a step: that step, which the person may do themselves.
    fn stuck_at(&self, _: &Situation<'_>) -> Option<Stuck> {
        None
    }

    /// How many steps from this one on were done by hand, where this was done.
    fn covers(&self, _: &Situation<'_>, _step: usize, _did: &[Step]) -> usize {
        1
    }

    fn usage(&self) -> Usage {
        Usage::default()
    }
}
