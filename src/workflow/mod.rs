//! From demonstrations to a workflow: steps with parameters, and where their values come from.
//!
//! Invariants: pure (values in, values out); a value that is not certain is not found, so that it is asked for. What
//! raw recordings mean (loops, options, value expressions) is induced between the takes and the [`Workflow`], by [`induce`].

pub mod date;
pub mod filter;
pub mod fitting;
pub mod goal;
pub mod induce;
pub mod lessons;
pub mod likeness;
mod merge;
pub mod number;
pub mod rewording;
mod sum;
mod takes;
pub mod template;
mod words;

pub use takes::{Known, WayForGoal, Workflow, WorkflowError};
