//! The lines of a journal.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::terms::Terms;
use crate::computer::folded;

/// The version that this program writes; it reads every one with the same first number.
pub(super) const FORMAT: &str = "1.0";

/// Whose journal it is: the file's first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub format: String,
    pub run: String,
    /// The goal's sentence, masked.
    pub goal: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
}

impl Header {
    pub fn new(run: impl Into<String>, goal: impl Into<String>, workflow: Option<&str>) -> Self {
        Header {
            format: FORMAT.to_owned(),
            run: run.into(),
            goal: goal.into(),
            workflow: workflow.map(str::to_owned),
        }
    }

    /// Whether a run of this goal does the same job.
    pub(super) fn is_for(&self, goal: &str, workflow: Option<&str>) -> bool {
        let same_workflow = self.workflow.is_some() && self.workflow.as_deref() == workflow;
        same_workflow || folded(&self.goal).to_lowercase() == folded(goal).to_lowercase()
    }
}

/// What is about to be let go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Intent {
    /// One sentence, as the card said it.
    pub what: String,
    pub terms: Terms,
    pub method: String,
    /// Without query, which may hold secrets.
    pub path: String,
    /// BLAKE3 of the body, in hexadecimal: the same for the same body, and nothing of it can be read from it.
    pub body: String,
    #[serde(with = "crate::guard::when")]
    #[schemars(with = "String")]
    pub time: Timestamp,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub ending: Ending,
    #[serde(with = "crate::guard::when")]
    #[schemars(with = "String")]
    pub time: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The server answered with this status.
    Answered(u16),
    /// It certainly never left.
    NotSent(String),
    /// A person looked, and it did.
    SaidToHaveGoneThrough,
    /// A person looked, and it did not.
    SaidNotToHaveGoneThrough,
}

/// An entry with the number of the intent that it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Numbered<T> {
    pub(super) number: u64,
    pub(super) entry: T,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Line {
    Header(Header),
    Intent(Box<Numbered<Intent>>),
    Outcome(Numbered<Outcome>),
}
