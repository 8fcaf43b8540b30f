//! Demonstrations from and to other tools: recordings of Chrome's DevTools Recorder both ways, scripts for Playwright one way. Pure:
//! texts in, values out.
//!
//! Invariants: nothing of a job is lost in silence, what cannot be said on the other side is a [`Note`] or an error; a secret's value
//! goes neither way; what comes from elsewhere allows nothing: it brings no effects along, so that what its steps send is asked for.

mod chords;
mod export;
mod import;
mod playwright;
mod recorder_json;
mod selector;

pub use export::export;
pub use import::{Imported, import};
pub use playwright::playwright;
pub use recorder_json::{Flow, MOST_BYTES};

use super::{Piece, pieces};

/// Something that is otherwise on the other side, for the person to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// From 1, of the side that it comes from.
    pub step: usize,
    /// The step's type there.
    pub what: String,
    pub says: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "step {} ({}): {}", self.step, self.what, self.says)
    }
}

/// Why a recording is not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error(
        "{file} is not a recording of Chrome's DevTools Recorder: {reason}; export it there as JSON"
    )]
    NotARecording { file: String, reason: String },
    #[error("{file} holds nothing to do: it has no step but settings; record the job first")]
    Empty { file: String },
    #[error(
        "step {step} of {file} is of the type {kind:?}, which this version does not know; leaving it out could change the job: take it out of the file, or put a customStep in its place"
    )]
    UnknownStep {
        file: String,
        step: usize,
        kind: String,
    },
    #[error("step {step} of {file} ({kind}): {reason}")]
    Step {
        file: String,
        step: usize,
        kind: String,
        reason: String,
    },
}

/// What stands in for a hole where Apprentice does not fill it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// The value of the recording, filters applied.
    Example(String),
    /// A secret, by its name.
    Secret(String),
    /// The origin of a named site.
    Site(String),
    /// The newest download.
    Download,
    /// Read on the way, by a step that reads into this parameter.
    Read(String),
    /// No one knows; the name.
    Unknown(String),
}

/// What each hole holds, by what is written between its braces.
pub type Holes<'a> = dyn Fn(&str) -> Held + 'a;

/// The text with the recording's values in its holes; the names of those that have none.
fn filled(text: &str, holes: &Holes<'_>) -> (String, Vec<String>) {
    let mut lacks = Vec::new();
    let whole = pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Plain(plain) => plain,
            Piece::Hole(inside) => match holes(&inside) {
                Held::Example(value) | Held::Site(value) => value,
                Held::Secret(name) | Held::Read(name) | Held::Unknown(name) => {
                    lacks.push(name.clone());
                    format!("{{{name}}}")
                }
                Held::Download => {
                    lacks.push("download".to_owned());
                    "{download}".to_owned()
                }
            },
        })
        .collect();
    (whole, lacks)
}
