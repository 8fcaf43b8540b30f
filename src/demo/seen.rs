//! What a page showed at a moment of a recording: kept beside the take, so that later questions ("which of the twelve links
//! was it, and by what could it be told?") are answered from what was there and not from what somebody thought worth noting.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Demonstration;
use crate::computer::Element;

/// A page before a step, or at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub url: String,
    #[serde(default)]
    pub title: String,
    /// Place in `elements` of what the step was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<usize>,
    /// Place in `elements` of where something was dragged to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<usize>,
    /// What was listed, in view and near it; without what forms held.
    pub elements: Vec<Element>,
    /// What pictures among them say, line by line, by their place; read where the person typed it later.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pictures: BTreeMap<usize, String>,
}

/// Reads the pages that the take's steps name from its folder.
pub fn attach(demonstration: &mut Demonstration, folder: &Path) {
    attach_from(demonstration, |name| {
        let name = Some(name).filter(|name| !name.contains(['/', '\\']))?;
        Some(std::fs::read(folder.join(name)).ok()?.into())
    });
}

/// Reads the pages that the take's steps name. One that is missing or cannot be read is not there: the step's own words are
/// enough to follow it.
pub fn attach_from<'p>(
    demonstration: &mut Demonstration,
    page: impl Fn(&str) -> Option<Cow<'p, [u8]>>,
) {
    let read = |name: &Option<String>| -> Option<Arc<Seen>> {
        let name = name.as_deref()?;
        match serde_json::from_slice::<Seen>(&page(name)?) {
            Ok(seen) => Some(Arc::new(seen)),
            Err(error) => {
                tracing::warn!("what a page showed, {name}, cannot be read: {error}");
                None
            }
        }
    };
    for step in &mut demonstration.steps {
        step.shown = read(&step.seen);
    }
    demonstration.shown = read(&demonstration.seen);
}
