//! What a request would do to the world outside the browser, read from the request alone. Pure.
//!
//! Invariants: what cannot be decoded or is not understood is an effect of kind [`Other`](super::Kind::Other), never a read;
//! a signature holds names and shapes, never values.

mod body;
mod signature;

pub use body::{Body, File, Format, MOST_FIELDS, Operation, Sort, decode, decode_text};
pub use signature::Signature;
