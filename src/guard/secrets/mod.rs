//! Named secrets: where their values come from, and that they show nowhere.
//!
//! Invariant: a value leaves this room only as a `SecretString` for an origin that it is bound to.

mod environment;
mod mask;

pub use environment::Environment;
pub use mask::Masker;
