//! What was let go and what came of it, on disk: so that after a crash nothing is sent twice by itself.
//!
//! One file for each run that let something go, `JOURNAL/RUN.jsonl` in the folder `journal` beside the traces: no two runs write into
//! one file. Its first line names goal and workflow, which is how a new run of the same goal finds it. A file is locked as
//! long as its run lives, so an intent without an outcome tells whether that run still waits or has died.
//!
//! Invariants: an intent is on the disk before [`Journal::intent`] returns, and where it cannot be written the request is not let go;
//! a line is there whole or was never there: only the last may be torn, and a torn intent was never let go; anything else that
//! cannot be read is an error, never an empty journal.

mod format;
mod read;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use thiserror::Error;

pub use format::{Ending, Header, Intent, Outcome};
pub use read::{Open, open_intents};

use format::{FORMAT, Line, Numbered};

/// Folder of the journals, in the folder of the traces.
pub const FOLDER: &str = "journal";
/// Ending of their files.
const SUFFIX: &str = "jsonl";

#[derive(Debug, Error)]
pub enum JournalError {
    #[error(
        "{path} cannot be written, so nothing is sent: {reason}; free space or make the folder writable, then resume"
    )]
    Unwritable { path: String, reason: String },
    #[error(
        "{path} cannot be read, so nothing is sent: {reason}; it says what earlier runs have sent: mend it or move it away"
    )]
    Unreadable { path: String, reason: String },
    #[error("{path} has format {found}, newer than {FORMAT}: update apprentice")]
    Newer { path: String, found: String },
    #[error("{path} has no intent {number} that waits for an outcome")]
    NoSuchIntent { path: String, number: u64 },
}

impl JournalError {
    fn unwritable(path: &Path, reason: impl std::fmt::Display) -> Self {
        JournalError::Unwritable {
            path: path.display().to_string(),
            reason: reason.to_string(),
        }
    }

    fn unreadable(path: &Path, reason: impl std::fmt::Display) -> Self {
        JournalError::Unreadable {
            path: path.display().to_string(),
            reason: reason.to_string(),
        }
    }
}

/// The journal of the run that goes on. Its file is made with the first intent.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    header: Header,
    file: Option<Lines>,
    next: u64,
}

impl Journal {
    /// For a run; `traces` is the folder that its trace lies in.
    pub fn new(traces: &Path, header: Header) -> Self {
        let folder = traces.join(FOLDER);
        Journal {
            path: folder.join(format!("{}.{SUFFIX}", header.run)),
            header,
            file: None,
            next: 0,
        }
    }

    /// Writes down what is about to be let go, and gives its number. Texts in it are masked already.
    ///
    /// # Errors
    /// Where it is not certainly on the disk; then the request must not be let go.
    pub fn intent(&mut self, intent: Intent) -> Result<u64, JournalError> {
        let number = self.next;
        self.append(&Line::Intent(Box::new(Numbered {
            number,
            entry: intent,
        })))?;
        self.next += 1;
        Ok(number)
    }

    /// Writes down what came of it.
    ///
    /// # Errors
    /// Where it cannot be written: the intent then stays open, and the next run asks.
    pub fn outcome(&mut self, number: u64, outcome: Outcome) -> Result<(), JournalError> {
        if number >= self.next {
            return Err(JournalError::NoSuchIntent {
                path: self.path.display().to_string(),
                number,
            });
        }
        self.append(&Line::Outcome(Numbered {
            number,
            entry: outcome,
        }))
    }

    fn append(&mut self, line: &Line) -> Result<(), JournalError> {
        let lines = match &mut self.file {
            Some(lines) => lines,
            none => {
                let (lines, next) = open(&self.path, &self.header)?;
                // A run that goes on after it was suspended finds its own earlier intents.
                if next > self.next {
                    return Err(JournalError::unwritable(
                        &self.path,
                        "another journal of this run is there; continue it with Journal::resume",
                    ));
                }
                none.insert(lines)
            }
        };
        lines.append(&self.path, line)
    }

    /// For a run that goes on: numbers continue after the intents that are there.
    ///
    /// # Errors
    /// Where the file is there and cannot be read.
    pub fn resume(traces: &Path, header: Header) -> Result<Self, JournalError> {
        let mut journal = Journal::new(traces, header);
        if journal.path.exists() {
            let (lines, next) = open(&journal.path, &journal.header)?;
            journal.file = Some(lines);
            journal.next = next;
        }
        Ok(journal)
    }
}

/// A person says what became of an open intent of an earlier run, which no longer goes on.
///
/// # Errors
/// Where the intent is not open, or the answer cannot be written.
pub fn resolve(
    traces: &Path,
    run: &str,
    number: u64,
    went_through: bool,
    now: Timestamp,
) -> Result<(), JournalError> {
    let path = traces.join(FOLDER).join(format!("{run}.{SUFFIX}"));
    let mut lines = Lines::reopen(&path)?;
    lines.lock(&path)?;
    let content = read::read(&path)?;
    if !content.open.iter().any(|(open, _)| *open == number) {
        return Err(JournalError::NoSuchIntent {
            path: path.display().to_string(),
            number,
        });
    }
    let outcome = Outcome {
        ending: if went_through {
            Ending::SaidToHaveGoneThrough
        } else {
            Ending::SaidNotToHaveGoneThrough
        },
        time: now,
    };
    lines.append(
        &path,
        &Line::Outcome(Numbered {
            number,
            entry: outcome,
        }),
    )
}

/// A file to append to, whole lines only.
#[derive(Debug)]
struct Lines {
    file: File,
    /// Length up to the end of the last whole line, in bytes.
    whole: u64,
    /// A piece of a line could not be taken back: nothing more is written behind it.
    torn: bool,
}

/// Opens or makes a run's file, and gives the number of its next intent.
fn open(path: &Path, header: &Header) -> Result<(Lines, u64), JournalError> {
    let unwritable = |e: std::io::Error| JournalError::unwritable(path, e);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(unwritable)?;
    let mut options = OpenOptions::new();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => {
            let mut lines = Lines {
                file,
                whole: 0,
                torn: false,
            };
            lines.lock(path)?;
            lines.append(path, &Line::Header(header.clone()))?;
            // The name has to survive, too.
            #[cfg(unix)]
            File::open(folder)
                .and_then(|folder| folder.sync_all())
                .map_err(unwritable)?;
            Ok((lines, 0))
        }
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let lines = Lines::reopen(path)?;
            lines.lock(path)?;
            let content = read::read(path)?;
            Ok((lines, content.next))
        }
        Err(e) => Err(unwritable(e)),
    }
}

impl Lines {
    /// Behind the last whole line of a file that is there; what a crash left of a torn one is cut off.
    fn reopen(path: &Path) -> Result<Self, JournalError> {
        let text = fs::read(path).map_err(|e| JournalError::unreadable(path, e))?;
        let whole = text
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let file = OpenOptions::new()
            .append(true)
            .open(path)
            .map_err(|e| JournalError::unwritable(path, e))?;
        let is_torn = whole < text.len();
        let whole = whole as u64;
        if is_torn {
            // A run that lives may be writing this very line.
            if read::is_alive(path)? {
                return Err(JournalError::unwritable(path, "its run still goes on"));
            }
            file.set_len(whole)
                .map_err(|e| JournalError::unwritable(path, e))?;
        }
        Ok(Lines {
            file,
            whole,
            torn: false,
        })
    }

    /// Says to others that this run lives.
    fn lock(&self, path: &Path) -> Result<(), JournalError> {
        self.file.try_lock().map_err(|e| match e {
            TryLockError::WouldBlock => {
                JournalError::unwritable(path, "its run still goes on in another process")
            }
            TryLockError::Error(e) => JournalError::unwritable(path, e),
        })
    }

    /// One line, on the disk when this returns.
    fn append(&mut self, path: &Path, line: &Line) -> Result<(), JournalError> {
        if self.torn {
            return Err(JournalError::unwritable(
                path,
                "an earlier line could not be finished",
            ));
        }
        let mut text =
            serde_json::to_string(line).map_err(|e| JournalError::unwritable(path, e))?;
        text.push('\n');
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_all());
        if let Err(error) = written {
            let taken_back = self
                .file
                .set_len(self.whole)
                .and_then(|()| self.file.seek(SeekFrom::End(0)))
                .and_then(|_| self.file.sync_all());
            self.torn = taken_back.is_err();
            return Err(JournalError::unwritable(path, error));
        }
        self.whole += text.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
