//! What can go wrong with a trace; every message says what, where and what to do.

use std::path::Path;

use thiserror::Error;

#[derive(Debug, Error)]
pub enum TraceError {
    #[error(
        "the trace cannot be written to {path}: {reason}; free some space, or name a folder that can be written with --traces DIR"
    )]
    Write { path: String, reason: String },
    #[error("the trace {path} cannot be read: {reason}")]
    Read { path: String, reason: String },
    #[error("{path} is not a trace: {reason}")]
    NotATrace { path: String, reason: String },
    #[error(
        "{path} has format {found}, newer than {} which this version reads: update apprentice",
        super::FORMAT.0
    )]
    Newer { path: String, found: String },
    #[error(
        "there is no run in {folder} yet: `apprentice run` makes one; other folders are named with --traces DIR"
    )]
    NoRuns { folder: String },
    #[error("no run in {folder} begins with {prefix:?}; the newest are {}", .newest.join(", "))]
    NoSuchRun {
        folder: String,
        prefix: String,
        newest: Vec<String>,
    },
    #[error("{prefix:?} fits {count} runs, give more of the name: {}", .candidates.join(", "))]
    Ambiguous {
        prefix: String,
        count: usize,
        /// The newest of them.
        candidates: Vec<String>,
    },
    #[error(
        "the trace's file name {name:?} is not a blob's: 64 hexadecimal digits and an extension"
    )]
    BadBlob { name: String },
}

impl TraceError {
    pub(super) fn write(path: &Path, error: &std::io::Error) -> Self {
        TraceError::Write {
            path: path.display().to_string(),
            reason: error.to_string(),
        }
    }

    pub(super) fn read(path: &Path, error: &std::io::Error) -> Self {
        TraceError::Read {
            path: path.display().to_string(),
            reason: error.to_string(),
        }
    }
}
