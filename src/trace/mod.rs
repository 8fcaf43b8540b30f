//! The append-only record of a run: one event a line in `run.jsonl`, pictures and element lists as blobs beside it.
//!
//! Invariant: write, then do. The decision is in the trace before its action is performed.

mod compare;
mod error;
mod format;
pub mod hand;
mod lesson;
pub mod lessons;
mod masking;
mod performed;
mod reader;
mod recorder;
pub mod replay;
mod store;
pub mod viewer;
mod wording;

pub use compare::{StepComparison, compare};
pub use error::TraceError;
pub use format::{Blob, End, Event, FORMAT, Header, Line, Outcome, Typed};
pub use hand::{ByHand, HandStep, InPlaceOf};
pub use lesson::{Lesson, LessonError, lesson};
pub use reader::{Trace, parse, read};
pub use recorder::Recorder;
pub use store::{Glance, Store};
pub use wording::wording;

/// File with the events, in a run's folder.
const LINES: &str = "run.jsonl";
/// Folder with the blobs, in a run's folder.
const BLOBS: &str = "blobs";

/// Whether a blob's name is 64 hexadecimal digits and an extension, and so can be no other file's.
fn check_name(blob: &Blob) -> Result<(), TraceError> {
    let good = blob.0.split_once('.').is_some_and(|(hash, extension)| {
        hash.len() == 64
            && hash.bytes().all(|b| b.is_ascii_hexdigit())
            && !extension.is_empty()
            && extension.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    if good {
        Ok(())
    } else {
        Err(TraceError::BadBlob {
            name: blob.0.clone(),
        })
    }
}
