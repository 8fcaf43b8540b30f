//! A request that changes something, told without any of its values: what traces keep and people read first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use url::Url;

use super::{Effect, Signature, path};
use crate::computer::Request;
use crate::guard::Kind;
use crate::guard::address::origin;

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

    /// The shape of the write, as far as it was kept: without an operation, so that a request with one is none of this shape.
    pub fn signature(&self) -> Option<Signature> {
        let url = Url::parse(&self.address).ok()?;
        Some(Signature {
            method: self.method.clone(),
            origin: origin(&url),
            path: path::template(&url),
            fields: self.fields.clone(),
            operation: None,
        })
    }

    /// In a few words, for people.
    pub fn sentence(&self) -> String {
        format!("{} {}", self.method, self.address)
    }
}
