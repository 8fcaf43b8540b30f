//! What is known of a person's doing before it becomes a demonstration: deeds, requests, and what the person said of them. Pure.

use serde::{Deserialize, Serialize};

use super::effects::Shown;
use crate::computer::browser::Heard;
use crate::guard::Kind;

/// Everything that one recording took in, in the order in which it came.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Witnessed {
    pub heard: Vec<Heard>,
    pub shown: Vec<Shown>,
    pub notes: Vec<Note>,
}

/// Something that the person said of what they had just done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// How many deeds had been heard before.
    pub after: usize,
    pub said: Said,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Said {
    /// What the last step does to the world; it is asked about at every run.
    Mark(Kind),
    /// Why the last step was done as it was.
    Why(String),
    /// The last step is taken back.
    Undo,
}

impl Witnessed {
    /// Takes in something said now.
    pub fn say(&mut self, said: Said) {
        let after = self.heard.len();
        self.notes.push(Note { after, said });
    }
}
