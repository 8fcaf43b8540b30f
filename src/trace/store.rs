//! The runs in a traces folder: listing them, and finding one by the beginning of its name.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::LINES;
use super::error::TraceError;
use super::format::{End, Event, Header};
use super::reader;

/// How many candidates an error names.
const NAMED: usize = 5;
/// How much of a trace's end is searched for its last line, in bytes; an end is far shorter.
const TAIL_BYTES: u64 = 64 * 1024;

/// A folder with runs in it.
#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

/// What a list says of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Glance {
    pub run: String,
    pub folder: PathBuf,
    pub header: Header,
    /// `None` where the run did not end in order, or still goes on.
    pub end: Option<End>,
}

impl Store {
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Store {
            folder: folder.into(),
        }
    }

    /// Names of the runs, newest first. A folder that does not exist holds none.
    ///
    /// # Errors
    /// [`TraceError::Read`].
    pub fn runs(&self) -> Result<Vec<String>, TraceError> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(TraceError::read(&self.folder, &e)),
        };
        let mut runs: Vec<String> = entries
            .filter_map(Result::ok)
            .filter(|entry| entry.path().join(LINES).is_file())
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect();
        runs.sort_unstable_by(|one, other| other.cmp(one));
        Ok(runs)
    }

    /// The folder of the run that `name` means: `last`, a run's name or any beginning of it that fits only one, or the
    /// path of a run's folder.
    ///
    /// # Errors
    /// [`TraceError::NoRuns`], [`TraceError::NoSuchRun`], [`TraceError::Ambiguous`], [`TraceError::Read`].
    pub fn find(&self, name: &str) -> Result<PathBuf, TraceError> {
        let path = Path::new(name);
        if path.components().count() > 1 && path.join(LINES).is_file() {
            return Ok(path.to_owned());
        }
        let runs = self.runs()?;
        choose(&runs, name, &self.folder.display().to_string()).map(|run| self.folder.join(run))
    }

    /// First and last line of every run, newest first; what cannot be read comes with its error.
    ///
    /// # Errors
    /// [`TraceError::Read`] where the folder itself cannot be read.
    pub fn list(&self) -> Result<Vec<Result<Glance, TraceError>>, TraceError> {
        let runs = self.runs()?;
        Ok(runs
            .into_iter()
            .map(|run| glance(run.clone(), self.folder.join(run)))
            .collect())
    }
}

/// Which of the runs (newest first) a name means. `folder` is for messages.
fn choose<'a>(runs: &'a [String], name: &str, folder: &str) -> Result<&'a String, TraceError> {
    let newest = runs.first().ok_or_else(|| TraceError::NoRuns {
        folder: folder.to_owned(),
    })?;
    if name == "last" {
        return Ok(newest);
    }
    if let Some(exact) = runs.iter().find(|run| *run == name) {
        return Ok(exact);
    }
    let candidates: Vec<&String> = match name {
        "" => Vec::new(),
        prefix => runs.iter().filter(|run| run.starts_with(prefix)).collect(),
    };
    match candidates.as_slice() {
        [one] => Ok(one),
        [] => Err(TraceError::NoSuchRun {
            folder: folder.to_owned(),
            prefix: name.to_owned(),
            newest: runs.iter().take(NAMED).cloned().collect(),
        }),
        several => Err(TraceError::Ambiguous {
            prefix: name.to_owned(),
            count: several.len(),
            candidates: several.iter().take(NAMED).copied().cloned().collect(),
        }),
    }
}

/// Reads the first and the last line only: a list of a thousand runs should not read a thousand traces.
fn glance(run: String, folder: PathBuf) -> Result<Glance, TraceError> {
    let path = folder.join(LINES);
    let read = |e: &std::io::Error| TraceError::read(&path, e);
    let mut file = BufReader::new(File::open(&path).map_err(|e| read(&e))?);
    let mut first = Vec::new();
    file.read_until(b'\n', &mut first).map_err(|e| read(&e))?;
    let (header, minor) = reader::header(&path.display().to_string(), &first)?;
    let length = file.seek(SeekFrom::End(0)).map_err(|e| read(&e))?;
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))
        .map_err(|e| read(&e))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).map_err(|e| read(&e))?;
    let end = tail
        .split(|byte| *byte == b'\n')
        .rfind(|row| !row.is_empty())
        .and_then(|row| reader::line(row, minor > super::FORMAT.1))
        .and_then(|line| match line.event {
            Event::End(end) => Some(end),
            _ => None,
        });
    Ok(Glance {
        run,
        folder,
        header,
        end,
    })
}

#[cfg(test)]
mod tests {
    use super::choose;

    fn chosen(name: &str) -> Result<String, String> {
        let runs = [
            "2026-11-24T20-15-03-k3x9",
            "2026-11-24T20-14-00-a1b2",
            "2026-11-23T09-00-00-zzzz",
        ]
        .map(str::to_owned);
        choose(&runs, name, "traces")
            .cloned()
            .map_err(|e| e.to_string())
    }

    #[test]
    fn a_run_is_found_by_any_beginning_that_fits_only_one() {
        for (name, run) in [
            ("last", "2026-11-24T20-15-03-k3x9"),
            ("2026-11-23", "2026-11-23T09-00-00-zzzz"),
            ("2026-11-24T20-14", "2026-11-24T20-14-00-a1b2"),
            ("2026-11-24T20-14-00-a1b2", "2026-11-24T20-14-00-a1b2"),
        ] {
            assert_eq!(chosen(name).as_deref(), Ok(run));
        }
    }

    #[test]
    fn what_fits_several_or_none_names_candidates() {
        assert_eq!(
            chosen("2026-11-24").unwrap_err(),
            "\"2026-11-24\" fits 2 runs, give more of the name: 2026-11-24T20-15-03-k3x9, 2026-11-24T20-14-00-a1b2"
        );
        assert!(
            chosen("2025")
                .unwrap_err()
                .starts_with("no run in traces begins with \"2025\"; the newest are 2026-11-24")
        );
        assert!(chosen("").is_err());
    }

    #[test]
    fn an_empty_folder_says_how_runs_come_about() {
        let error = choose(&[], "last", "traces").unwrap_err().to_string();
        assert!(error.contains("there is no run in traces yet"), "{error}");
    }
}
