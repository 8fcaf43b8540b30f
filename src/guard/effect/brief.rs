//! A request that changes something, told without any of its values: what traces keep and people read first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Effect;
use crate::computer::Request;
use crate::guard::Kind;

/// What is kept of one effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Brief {
    /// Counts up within the run's browser.
    pub number: u64,
    pub kind: Kind,
    pub method: String,
    /// Without query.
    pub address: String,
    /// Names of what is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The step during which it was sent, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
}

impl Brief {
    pub fn of(request: &Request, effect: &Effect, step: Option<usize>) -> Self {
        Self {
            number: request.number,
            kind: effect.kind,
            method: request.method.clone(),
            address: request.url.split('?').next().unwrap_or_default().to_owned(),
            fields: effect.signature.fields.clone(),
            step,
        }
    }

    /// In a few words, for people.
    pub fn sentence(&self) -> String {
        format!("{} {}", self.method, self.address)
    }
}
