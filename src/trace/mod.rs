//! The append-only record of a run: one event a line in `run.jsonl`, pictures and element lists as blobs beside it.
//!
//! Invariant: write, then do. The decision is in the trace before its action is performed.

mod format;

pub use format::{Blob, End, Event, FORMAT, Header, Line, Outcome};
