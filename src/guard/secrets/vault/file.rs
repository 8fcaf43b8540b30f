//! The vault's file: what may be read by anybody who may read the file, and the sealed block; private, replaced whole.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::entries::{Entry, VaultError};

/// The version of the file that this program reads and writes.
pub const FORMAT: &str = "1.0";
/// Largest file that is read, in bytes: some thousand secrets.
const LARGEST: u64 = 16 << 20;

/// What the file holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    format: String,
    /// The values of all entries that are kept here, as an armoured age block.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<String>,
    #[serde(default)]
    pub secrets: BTreeMap<String, Entry>,
}

/// Reads the file; one that is not there holds no secrets.
pub fn read(path: &Path) -> Result<Contents, VaultError> {
    let unreadable = |reason: String| VaultError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    match std::fs::metadata(path) {
        Ok(found) if found.len() > LARGEST => {
            return Err(unreadable(format!("it has {} bytes", found.len())));
        }
        Ok(_) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Contents::default()),
        Err(e) => return Err(unreadable(e.to_string())),
    }
    let text = std::fs::read_to_string(path).map_err(|e| unreadable(e.to_string()))?;
    // The version first, so that a newer file is refused for what it is.
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| unreadable(e.message().to_owned()))?;
    let found = table
        .get("format")
        .and_then(toml::Value::as_str)
        .ok_or_else(|| unreadable(format!("it has no line `format = {FORMAT:?}`")))?;
    if found.split('.').next() != FORMAT.split('.').next() {
        return Err(VaultError::Newer {
            path: path.display().to_string(),
            found: found.to_owned(),
        });
    }
    toml::from_str(&text).map_err(|e| unreadable(e.message().to_owned()))
}

/// Into a new private file beside it, which then takes its place: a crash leaves the old one or the new one.
pub fn write(path: &Path, contents: &Contents) -> Result<(), VaultError> {
    let unwritable = |reason: String| VaultError::Unwritable {
        path: path.display().to_string(),
        reason,
    };
    let io = |e: std::io::Error| unwritable(e.to_string());
    let contents = Contents {
        format: FORMAT.to_owned(),
        ..contents.clone()
    };
    let text = toml::to_string_pretty(&contents).map_err(|e| unwritable(e.to_string()))?;
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(io)?;
    // Mode 0600 from the start: that is how temporary files are made on Unix.
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    fresh.write_all(text.as_bytes()).map_err(io)?;
    fresh.as_file().sync_all().map_err(io)?;
    fresh.persist(path).map_err(|e| io(e.error))?;
    // The new name itself must outlive a power cut; where the system cannot sync a folder, it does so by itself.
    if let Ok(folder) = std::fs::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}
