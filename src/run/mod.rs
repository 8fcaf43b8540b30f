//! The run: one attempt at one goal, a loop of observe, decide, review, perform.
//!
//! Invariants: only the loop changes the state of a run; what is decided is in the trace before it is performed; nothing
//! that the guard wants a yes for is performed without one that was given for exactly what is then on the page.

mod acting;
mod circles;
mod effects;
mod hand;
mod interrupt;
mod masking;
mod turns;
mod unlocking;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use crate::computer::Computer;
use crate::guard::GuardPolicy;
use crate::human::Human;
use crate::policy::{Policy, Usage};
use crate::trace::{End, Recorder, TraceError};

pub use effects::Guarded;
pub use interrupt::{Interrupt, Interrupts};
pub use masking::{mask_elements, mask_heard};
pub use turns::run;

/// When a run ends for want of more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Turns of the loop.
    pub steps: usize,
    /// Time from the start.
    pub time: Duration,
    /// Actions that failed, one after the other.
    pub failures: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 200,
            time: Duration::from_secs(30 * 60),
            failures: 5,
        }
    }
}

/// What a run is asked to do.
#[derive(Debug, Clone)]
pub struct Job {
    pub goal: String,
    /// Values given with `--param`.
    pub parameters: BTreeMap<String, String>,
    /// Answers of earlier runs that the person asked to be remembered.
    pub remembered: BTreeMap<String, String>,
    /// Where to go first; `None` stays on the page that is there.
    pub start: Option<String>,
    /// Origins that belong to the goal.
    pub sites: Vec<String>,
    pub limits: Limits,
    pub guard: GuardPolicy,
    /// Where downloads of this run go.
    pub downloads: PathBuf,
    /// What it took to find out what the run is about.
    pub before: Before,
}

/// What was used before a run began; its end counts it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Before {
    pub questions: usize,
    pub usage: Usage,
}

/// Reads the text in an encoded picture, its lines one below the other.
pub type ReadPicture = Arc<dyn Fn(&[u8]) -> Result<String, String> + Send + Sync>;

/// Keeps an answer for later runs, by its key.
pub type Remember = Box<dyn FnMut(&str, &str) -> Result<(), String> + Send>;

/// Takes secrets out of a text.
pub type Mask = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// Opens the vault with the passphrase that a person typed.
pub type Unlock = Box<dyn FnMut(&SecretString) -> Result<(), Locked> + Send>;

/// Why a vault did not open; in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locked {
    /// Another passphrase may open it.
    Still(String),
    Broken(String),
}

/// What a run works with.
pub struct Parts<'a> {
    pub computer: &'a mut dyn Computer,
    pub policy: &'a mut dyn Policy,
    pub human: &'a mut dyn Human,
    pub recorder: Recorder,
    pub progress: &'a mut dyn Progress,
    pub interrupts: Interrupts,
    pub read_picture: ReadPicture,
    pub remember: Remember,
    pub mask: Mask,
    /// What rules on requests; absent where the computer sends none.
    pub guarded: Option<Guarded>,
    pub unlock: Unlock,
}

impl std::fmt::Debug for Parts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parts")
            .field("policy", &self.policy.name())
            .field("recorder", &self.recorder)
            .finish_non_exhaustive()
    }
}

/// What is left of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The run's name.
    pub run: String,
    /// Where its trace is.
    pub folder: PathBuf,
    pub end: End,
}

/// A run that could not even be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error("the run was stopped, since its trace cannot be kept: {0}")]
    Trace(#[from] TraceError),
}

/// Whoever watches a run go on.
pub trait Progress: Send {
    /// A step begins; `number` counts from 1, `says` is its sentence.
    fn step(&mut self, number: usize, says: &str);

    /// What the step waits for now.
    fn waits(&mut self, what: &str);

    /// Something worth knowing that is not a step.
    fn note(&mut self, text: &str);

    /// Where the time of a step went, in milliseconds by part.
    fn timings(&mut self, parts: &BTreeMap<String, f64>);

    /// Somebody else writes to the terminal now (a question): get out of the way until the next call.
    fn pause(&mut self) {}
}
