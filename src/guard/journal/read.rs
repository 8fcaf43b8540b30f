//! Reading journals: which intents have no outcome.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::format::{FORMAT, Header, Intent, Line};
use super::{FOLDER, JournalError, SUFFIX};

/// An intent of an earlier run whose outcome nobody knows.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    pub run: String,
    pub number: u64,
    pub intent: Intent,
    /// Whether that run still goes on: then its outcome may be written any moment.
    pub is_alive: bool,
}

/// What a file says.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) header: Option<Header>,
    /// Intents without outcome, by number.
    pub(super) open: Vec<(u64, Intent)>,
    /// Number of the next intent.
    pub(super) next: u64,
}

/// Intents without an outcome, of all runs of this goal or workflow, oldest run first.
///
/// # Errors
/// Where a journal is there and cannot be read: what it holds may be just what should not be sent again.
pub fn open_intents(
    traces: &Path,
    goal: &str,
    workflow: Option<&str>,
) -> Result<Vec<Open>, JournalError> {
    let folder = traces.join(FOLDER);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        // Where there is no folder, nothing was written; where a file is, nothing can be.
        Err(e)
            if matches!(
                e.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        Err(e) => return Err(JournalError::unreadable(&folder, e)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|e| JournalError::unreadable(&folder, e))?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == SUFFIX));
    paths.sort_unstable();
    let mut found = Vec::new();
    for path in paths {
        let content = read(&path)?;
        let Some(header) = content
            .header
            .filter(|header| header.is_for(goal, workflow))
        else {
            continue;
        };
        if content.open.is_empty() {
            continue;
        }
        let is_alive = is_alive(&path)?;
        found.extend(content.open.into_iter().map(|(number, intent)| Open {
            run: header.run.clone(),
            number,
            intent,
            is_alive,
        }));
    }
    Ok(found)
}

/// Whether the file's run holds its lock.
pub(super) fn is_alive(path: &Path) -> Result<bool, JournalError> {
    let file = File::open(path).map_err(|e| JournalError::unreadable(path, e))?;
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(e)) => Err(JournalError::unreadable(path, e)),
    }
}

/// Everything up to the last line break; what stands behind it was never finished, so it was never let go.
pub(super) fn read(path: &Path) -> Result<Content, JournalError> {
    let bytes = fs::read(path).map_err(|e| JournalError::unreadable(path, e))?;
    let whole = bytes
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let text =
        std::str::from_utf8(&bytes[..whole]).map_err(|e| JournalError::unreadable(path, e))?;
    let mut content = Content {
        header: None,
        open: Vec::new(),
        next: 0,
    };
    for (index, line) in text.lines().enumerate() {
        let broken = |reason: &dyn std::fmt::Display| {
            JournalError::unreadable(path, format!("line {}: {reason}", index + 1))
        };
        if index == 0 {
            check_version(path, line)?;
        }
        let line: Line = serde_json::from_str(line).map_err(|e| broken(&e))?;
        match line {
            Line::Header(header) if index == 0 => content.header = Some(header),
            Line::Header(_) => return Err(broken(&"a second header")),
            _ if content.header.is_none() => return Err(broken(&"no header before it")),
            Line::Intent(intent) => {
                if intent.number != content.next {
                    return Err(broken(&"its number is not the next one"));
                }
                content.next += 1;
                content.open.push((intent.number, intent.entry.clone()));
            }
            Line::Outcome(outcome) => {
                if outcome.number >= content.next {
                    return Err(broken(&"it is the outcome of nothing"));
                }
                content.open.retain(|(number, _)| *number != outcome.number);
            }
        }
    }
    Ok(content)
}

/// The version first, so that a newer file is refused for what it is.
fn check_version(path: &Path, line: &str) -> Result<(), JournalError> {
    let value: serde_json::Value = serde_json::from_str(line)
        .map_err(|e| JournalError::unreadable(path, format!("line 1: {e}")))?;
    let found = value["header"]["format"]
        .as_str()
        .ok_or_else(|| JournalError::unreadable(path, "line 1 names no format"))?;
    if found.split('.').next() != FORMAT.split('.').next() {
        return Err(JournalError::Newer {
            path: path.display().to_string(),
            found: found.to_owned(),
        });
    }
    Ok(())
}
