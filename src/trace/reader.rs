//! Reads a run's trace: every older format, and a run that died mid-line up to where it died.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::TraceError;
use super::format::{Blob, End, Event, FORMAT, Header, Line};
use super::{BLOBS, LINES};
use crate::computer::Observation;

/// A trace that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Where it lies.
    pub folder: PathBuf,
    pub header: Header,
    /// All whole lines, the header's included.
    pub lines: Vec<Line>,
    /// `None` where the run did not end in order (or still goes on).
    pub end: Option<End>,
    /// Whether something unreadable stands after the last whole line.
    pub broken_tail: bool,
}

impl Trace {
    /// The bytes of a blob.
    ///
    /// # Errors
    /// [`TraceError::BadBlob`] for a name that is not a blob's (a trace may come from elsewhere, and must not name other
    /// files), [`TraceError::Read`] where it is missing.
    pub fn blob(&self, blob: &Blob) -> Result<Vec<u8>, TraceError> {
        super::check_name(blob)?;
        let path = self.folder.join(BLOBS).join(&blob.0);
        fs::read(&path).map_err(|e| TraceError::read(&path, &e))
    }

    /// An observation that was kept as a blob, without its screenshot.
    ///
    /// # Errors
    /// As [`Trace::blob`], and [`TraceError::NotATrace`] where it is not an observation.
    pub fn observation(&self, blob: &Blob) -> Result<Observation, TraceError> {
        serde_json::from_slice(&self.blob(blob)?).map_err(|e| TraceError::NotATrace {
            path: self.folder.join(BLOBS).join(&blob.0).display().to_string(),
            reason: e.to_string(),
        })
    }
}

/// Reads the trace in a run's folder.
///
/// # Errors
/// [`TraceError::Read`], [`TraceError::NotATrace`] where the first line is not a header, [`TraceError::Newer`].
pub fn read(folder: &Path) -> Result<Trace, TraceError> {
    let path = folder.join(LINES);
    let bytes = fs::read(&path).map_err(|e| TraceError::read(&path, &e))?;
    let mut trace = parse(&path.display().to_string(), &bytes)?;
    folder.clone_into(&mut trace.folder);
    Ok(trace)
}

/// Reads the bytes of a `run.jsonl`; `file` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(file: &str, bytes: &[u8]) -> Result<Trace, TraceError> {
    let mut rows = bytes.split(|byte| *byte == b'\n');
    let first = rows.next().unwrap_or_default();
    let (header, minor) = header(file, first)?;
    let mut trace = Trace {
        folder: PathBuf::new(),
        header: header.clone(),
        lines: vec![Line {
            number: 0,
            at_ms: 0.0,
            event: Event::Start(header),
        }],
        end: None,
        broken_tail: false,
    };
    for row in rows.filter(|row| !row.is_empty()) {
        let Some(line) = line(row, minor > FORMAT.1) else {
            trace.broken_tail = true;
            break;
        };
        if let Event::End(end) = &line.event {
            trace.end = Some(end.clone());
        }
        trace.lines.push(line);
    }
    Ok(trace)
}

/// The first line as a header, and the format's minor version. The version is looked at before the rest, so that a
/// newer trace is refused for what it is.
pub(super) fn header(file: &str, row: &[u8]) -> Result<(Header, u32), TraceError> {
    #[derive(Deserialize)]
    struct Versioned {
        event: Format,
    }
    #[derive(Deserialize)]
    struct Format {
        format: String,
    }
    let not = |reason: String| TraceError::NotATrace {
        path: file.to_owned(),
        reason,
    };
    let versioned: Versioned = serde_json::from_slice(row)
        .map_err(|e| not(format!("its first line is not the start of a run ({e})")))?;
    let found = versioned.event.format;
    let mut numbers = found.split('.').map(|part| part.parse::<u32>().ok());
    let (Some(Some(major)), Some(Some(minor)), None) =
        (numbers.next(), numbers.next(), numbers.next())
    else {
        return Err(not(format!("format {found:?} is not MAJOR.MINOR")));
    };
    if major > FORMAT.0 {
        return Err(TraceError::Newer {
            path: file.to_owned(),
            found,
        });
    }
    match serde_json::from_slice(row) {
        Ok(Line {
            event: Event::Start(header),
            ..
        }) => Ok((header, minor)),
        Ok(_) => Err(not("its first line is not the start of a run".to_owned())),
        Err(e) => Err(not(e.to_string())),
    }
}

/// One line; in a trace of a newer minor format, an event that this version does not know becomes a note.
pub(super) fn line(row: &[u8], newer: bool) -> Option<Line> {
    #[derive(Deserialize)]
    struct Unknown {
        number: u64,
        at_ms: f64,
        event: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        event: String,
    }
    if let Ok(line) = serde_json::from_slice(row) {
        return Some(line);
    }
    if !newer {
        return None;
    }
    let unknown: Unknown = serde_json::from_slice(row).ok()?;
    Some(Line {
        number: unknown.number,
        at_ms: unknown.at_ms,
        event: Event::Note {
            text: format!(
                "an event {:?} that a newer version wrote",
                unknown.event.event
            ),
        },
    })
}
