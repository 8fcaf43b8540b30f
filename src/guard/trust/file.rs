//! The ledger's file: TOML that people can read and edit, beside the remembered answers.
//!
//! A file that cannot be understood is no trust, and stays as it is until somebody mends it.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Entry, Ledger};

/// The version of the file that this program reads and writes.
const FORMAT: &str = "1.0";
/// Its name.
const NAME: &str = "trust.toml";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    format: String,
    #[serde(default, rename = "entry")]
    entries: Vec<Entry>,
}

#[derive(Debug, Error)]
pub enum TrustError {
    #[error(
        "the ledger of trust in {path} cannot be read, so everything is asked: {reason}; mend the file or move it away"
    )]
    Unreadable { path: String, reason: String },
    #[error(
        "the ledger of trust in {path} has format {found}, newer than {FORMAT}, so everything is asked: update apprentice"
    )]
    Newer { path: String, found: String },
    #[error("the ledger of trust cannot be written to {path}: {reason}")]
    Unwritable { path: String, reason: String },
}

/// Where the ledger lies: beside the remembered answers.
pub fn beside(memory: &Path) -> PathBuf {
    memory.with_file_name(NAME)
}

/// Reads the file; one that is not there is an empty ledger.
///
/// # Errors
/// Where the file is there and cannot be understood. Whoever goes on then goes on with no trust, and says so.
pub fn load(path: &Path) -> Result<Ledger, TrustError> {
    let unreadable = |reason: String| TrustError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Ledger::default()),
        Err(e) => return Err(unreadable(e.to_string())),
    };
    // The version first, so that a newer file is refused for what it is.
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| unreadable(e.to_string()))?;
    let found = table
        .get("format")
        .and_then(toml::Value::as_str)
        .ok_or_else(|| unreadable(format!("it has no line `format = {FORMAT:?}`")))?;
    if found.split('.').next() != FORMAT.split('.').next() {
        return Err(TrustError::Newer {
            path: path.display().to_string(),
            found: found.to_owned(),
        });
    }
    let content: Content = toml::from_str(&text).map_err(|e| unreadable(e.to_string()))?;
    let mut subjects: Vec<_> = content.entries.iter().map(|entry| &entry.subject).collect();
    subjects.sort_unstable();
    if subjects.windows(2).any(|two| two[0] == two[1]) {
        return Err(unreadable("two entries are about the same".to_owned()));
    }
    Ok(Ledger {
        entries: content.entries,
    })
}

/// Changes what the file holds now: another run may have written meanwhile. Gives the ledger as it then is.
///
/// # Errors
/// Where the file cannot be understood, or not be written; then nothing has changed.
pub fn change<T>(
    path: &Path,
    change: impl FnOnce(&mut Ledger) -> T,
) -> Result<(Ledger, T), TrustError> {
    let unwritable = |reason: String| TrustError::Unwritable {
        path: path.display().to_string(),
        reason,
    };
    let io = |e: std::io::Error| unwritable(e.to_string());
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(io)?;
    // Two runs that count at once would lose one of the two answers, which may be a no.
    let lock = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.with_extension("lock"))
        .map_err(io)?;
    lock.lock().map_err(io)?;
    let mut ledger = load(path)?;
    let result = change(&mut ledger);
    let content = Content {
        format: FORMAT.to_owned(),
        entries: ledger.entries.clone(),
    };
    let text = toml::to_string_pretty(&content).map_err(|e| unwritable(e.to_string()))?;
    // Into a new file beside it, which then takes its place: a crash leaves the old one or the new one.
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    fresh.write_all(text.as_bytes()).map_err(io)?;
    fresh.as_file().sync_all().map_err(io)?;
    fresh.persist(path).map_err(|e| io(e.error))?;
    Ok((ledger, result))
}
