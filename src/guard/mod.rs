//! What an action means, and whether it needs a yes.
//!
//! Invariants: the guard sees actions, observations and requests, never a policy; unknown means ask.

mod kind;
pub mod secrets;

pub use kind::Kind;
