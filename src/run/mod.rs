//! The run: what bounds it, what it says while it goes on, and what is left of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::trace::End;

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

/// What is left of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The run's name.
    pub run: String,
    /// Where its trace is.
    pub folder: PathBuf,
    pub end: End,
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
