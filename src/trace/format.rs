//! The lines of `run.jsonl`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::hand::ByHand;
use crate::computer::{Action, Element};
use crate::guard::Kind;
use crate::guard::effect::Brief;
use crate::human::{Card, Question, Verdict};
use crate::policy::{Decision, Usage};

/// The newest trace format that this program reads and writes, as major and minor.
/// 1.1 has what was sent. 1.2 has what a person did with their own hands, `by-hand`, and the goal as it was typed where
/// it was read in other words, `typed`. 1.3 has the action `select`.
pub const FORMAT: (u32, u32) = (1, 3);

/// A blob's name: the BLAKE3 of its bytes in hexadecimal, and an extension.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Blob(pub String);

/// One line of `run.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// From 0, without gaps.
    pub number: u64,
    /// Milliseconds since the run's start.
    pub at_ms: f64,
    pub event: Event,
}

/// What a run was asked to do. Always the first line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    pub format: String,
    pub run: String,
    /// RFC 3339.
    pub started: String,
    pub goal: String,
    /// What was typed, where the goal is what that was read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typed: Option<Typed>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The workflow that is followed, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    pub policy: String,
    pub browser: String,
    pub start_url: String,
    /// Origins of the goal: start page, demonstration, user's list.
    #[serde(default)]
    pub sites: Vec<String>,
    /// Version of the program.
    pub apprentice: String,
}

/// A goal in other words than those that were shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Typed {
    pub goal: String,
    /// Its words that are the values, in the order in which they stand in what it was read as; none where that is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// What the person was asked when they agreed to it; absent where they had agreed in an earlier run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
}

/// How a run ended. Exit codes are made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Done,
    Failed,
    GaveUp,
    Refused,
    Waiting,
    BudgetSpent,
    Interrupted,
}

impl Outcome {
    /// The exit code as the design names them.
    pub fn exit_code(self) -> u8 {
        match self {
            Outcome::Done => 0,
            Outcome::Failed | Outcome::GaveUp => 1,
            Outcome::Refused => 3,
            Outcome::Waiting => 4,
            Outcome::BudgetSpent => 5,
            Outcome::Interrupted => 130,
        }
    }
}

/// The last line of a run that ended in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct End {
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub steps: usize,
    pub questions: usize,
    pub confirmations: usize,
    pub usage: Usage,
    pub seconds: f64,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    Start(Header),
    Observed {
        url: String,
        title: String,
        elements: usize,
        /// The whole observation as JSON.
        observation: Blob,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        screenshot: Option<Blob>,
        millis: f64,
    },
    Decided {
        policy: String,
        decision: Decision,
        millis: f64,
    },
    Reviewed {
        /// `allow`, `ask` or `refuse`.
        review: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<Kind>,
        why: String,
    },
    Asked {
        question: Question,
        /// `None` where the answer is secret or none came.
        answer: Option<String>,
        remembered: bool,
    },
    Confirmed {
        card: Card,
        /// `None` where no answer came.
        verdict: Option<Verdict>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        picture: Option<Blob>,
    },
    /// Written before it is performed.
    Acting {
        action: Action,
        says: String,
        /// What the action lands on, as it was observed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        element: Option<Box<Element>>,
    },
    Acted {
        outcome: crate::computer::Outcome,
    },
    ActionFailed {
        error: String,
    },
    /// A request that changes something, and what was done with it. Written when it was let go or refused.
    Effect {
        effect: Brief,
        /// `let go`, `refused`.
        ruling: String,
        why: String,
    },
    /// What a person did with their own hands in place of a step.
    ByHand(ByHand),
    /// Something a reader should know: going in circles, a limit reached, a layer missing.
    Note {
        text: String,
    },
    /// Where the time of a step went, in milliseconds by part.
    Timings {
        parts: BTreeMap<String, f64>,
    },
    End(End),
}
