//! What a request would do to the world outside the browser, read from the request alone. Pure.
//!
//! Invariants: what cannot be decoded or is not understood is a write of kind [`Other`](super::Kind::Other), never a read;
//! a signature holds names and shapes, never values; no sensitive kind passes by a preset, shown or not.

mod body;
mod brief;
mod changing;
mod classify;
mod facts;
mod harmless;
mod method;
mod name;
mod path;
mod preset;
mod reading;
mod rules;
#[cfg(test)]
mod rules_tests;
mod signature;
mod values;

pub use body::{Body, File, Format, MOST_FIELDS, Operation, Sort, decode, decode_text};
pub use brief::Brief;
pub use preset::{Passing, Preset, is_sensitive};
pub use reading::{Effect, Standing, read};
pub use signature::{SOCKET, Signature};
