//! Writes a run's trace as it happens: lines appended to `run.jsonl`, pictures and element lists as blobs beside it.
//!
//! Invariants: a line is in the file whole or not at all, also where the disk fills up; it is there when [`Recorder::write`]
//! returns, so that what is written before an action is known even if the action ends everything; every text is masked.

use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::error::TraceError;
use super::format::{Blob, Event, FORMAT, Header, Line};
use super::masking;
use super::{BLOBS, LINES};

/// How often a name for the run is tried before the folder itself must be at fault.
const NAME_TRIES: usize = 16;

type Mask = Box<dyn Fn(&str) -> String + Send + Sync>;

/// The open trace of one run.
pub struct Recorder {
    run: String,
    folder: PathBuf,
    lines: File,
    /// Length of the file up to the end of the last whole line, in bytes.
    whole: u64,
    number: u64,
    started: Instant,
    mask: Mask,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder")
            .field("folder", &self.folder)
            .field("number", &self.number)
            .finish_non_exhaustive()
    }
}

impl Recorder {
    /// Makes a folder for a new run below `traces` and writes the header as its first line. The header's `format`, `run`,
    /// `started` and `apprentice` are filled in here, whatever they held. `masker` gets every text before it is written.
    ///
    /// # Errors
    /// [`TraceError::Write`] where the folder cannot be made or written.
    pub fn create(
        traces: &Path,
        header: Header,
        masker: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Result<Self, TraceError> {
        fs::create_dir_all(traces).map_err(|e| TraceError::write(traces, &e))?;
        let now = jiff::Timestamp::now();
        let (run, folder) = make_folder(traces, now)?;
        let blobs = folder.join(BLOBS);
        make_private(&blobs).map_err(|e| TraceError::write(&blobs, &e))?;
        let path = folder.join(LINES);
        let lines = OpenOptions::new()
            .append(true)
            .create_new(true)
            .open(&path)
            .map_err(|e| TraceError::write(&path, &e))?;
        let mut recorder = Recorder {
            run: run.clone(),
            folder,
            lines,
            whole: 0,
            number: 0,
            started: Instant::now(),
            mask: Box::new(masker),
        };
        recorder.write(Event::Start(Header {
            format: format!("{}.{}", FORMAT.0, FORMAT.1),
            run,
            started: now.to_string(),
            apprentice: env!("CARGO_PKG_VERSION").to_owned(),
            ..header
        }))?;
        Ok(recorder)
    }

    /// The run's name, which is also its folder's.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Where `run.jsonl` and `blobs/` are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Time since the run's start.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Appends one event. An action that is about to be performed is also brought to the disk itself, because after a
    /// power cut it must still be known that it may have been done.
    ///
    /// # Errors
    /// [`TraceError::Write`]; the file then ends with the line before.
    pub fn write(&mut self, event: Event) -> Result<(), TraceError> {
        let about_to_act = matches!(event, Event::Acting { .. });
        let line = Line {
            number: self.number,
            at_ms: (self.elapsed().as_secs_f64() * 1e5).round() / 100.0,
            event,
        };
        let mut bytes = self.masked(&line)?;
        // A secret that is spelled like a word of the format (`click`) would leave a line that nobody can read.
        if serde_json::from_slice::<Line>(&bytes).is_err() {
            bytes = self.masked(&Line {
                event: Event::Note {
                    text: "an event was left out: a secret is spelled like a word of the trace's format, choose a longer one"
                        .to_owned(),
                },
                ..line
            })?;
        }
        bytes.push(b'\n');
        let written = self
            .lines
            .write_all(&bytes)
            .and_then(|()| self.lines.flush())
            .and_then(|()| {
                if about_to_act {
                    self.lines.sync_data()
                } else {
                    Ok(())
                }
            });
        if let Err(error) = written {
            // Half a line would hide every later one; where even this fails, the reader copes with a broken tail.
            let _ = self.lines.set_len(self.whole);
            return Err(TraceError::write(&self.folder.join(LINES), &error));
        }
        self.whole += bytes.len() as u64;
        self.number += 1;
        Ok(())
    }

    /// Keeps bytes (a picture: secrets are painted over before it comes here) under the name of their hash. The same
    /// bytes are kept once. `extension` is letters and digits, as in `jpg`.
    ///
    /// # Errors
    /// [`TraceError::Write`]; [`TraceError::BadBlob`] for another kind of extension.
    pub fn blob(&self, bytes: &[u8], extension: &str) -> Result<Blob, TraceError> {
        let blob = Blob(format!("{}.{extension}", blake3::hash(bytes).to_hex()));
        super::check_name(&blob)?;
        let folder = self.folder.join(BLOBS);
        let path = folder.join(&blob.0);
        if path.exists() {
            return Ok(blob);
        }
        // Under another name until it is whole: a name with a hash promises the bytes.
        let part = folder.join(format!("{}.part", blob.0));
        fs::write(&part, bytes)
            .and_then(|()| fs::rename(&part, &path))
            .map_err(|e| {
                let _ = fs::remove_file(&part);
                TraceError::write(&path, &e)
            })?;
        Ok(blob)
    }

    /// Where a blob is kept.
    pub fn blob_path(&self, blob: &Blob) -> PathBuf {
        self.folder.join(BLOBS).join(&blob.0)
    }

    /// Keeps a value (an observation) as a JSON blob, every text masked.
    ///
    /// # Errors
    /// [`TraceError::Write`].
    pub fn json_blob(&self, value: &impl Serialize) -> Result<Blob, TraceError> {
        let bytes = self.masked(value)?;
        self.blob(&bytes, "json")
    }

    fn masked(&self, value: &impl Serialize) -> Result<Vec<u8>, TraceError> {
        masking::to_json(value, &*self.mask).map_err(|e| TraceError::Write {
            path: self.folder.display().to_string(),
            reason: e.to_string(),
        })
    }
}

/// Makes the run's own folder. Making it is what claims the name, so that two runs never share one.
fn make_folder(traces: &Path, now: jiff::Timestamp) -> Result<(String, PathBuf), TraceError> {
    let mut tries = 0;
    loop {
        let run = run_name(now, RandomState::new().build_hasher().finish());
        let folder = traces.join(&run);
        match make_private(&folder) {
            Ok(()) => return Ok((run, folder)),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && tries < NAME_TRIES => tries += 1,
            Err(e) => return Err(TraceError::write(&folder, &e)),
        }
    }
}

/// A run's name, as in `2026-11-24T20-15-03-k3x9`: the time to the second (UTC, so that names sort by time everywhere),
/// two characters for the milliseconds, two by chance.
fn run_name(now: jiff::Timestamp, chance: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let digit = |value: u64| char::from(DIGITS[(value % 36) as usize]);
    let millis = u64::from(now.subsec_millisecond().unsigned_abs());
    let mut name = now.strftime("%Y-%m-%dT%H-%M-%S-").to_string();
    name.extend([
        digit(millis / 36),
        digit(millis),
        digit(chance / 36),
        digit(chance),
    ]);
    name
}

/// Makes a folder that only its owner can look into: traces hold what was on the screen.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::run_name;

    #[test]
    fn names_sort_by_time_also_within_a_second() {
        let name = |text: &str| run_name(text.parse().unwrap(), 35);
        assert_eq!(name("2026-11-24T20:15:03.721Z"), "2026-11-24T20-15-03-k10z");
        let times = [
            "2026-11-24T20:15:03.009Z",
            "2026-11-24T20:15:03.010Z",
            "2026-11-24T20:15:03.036Z",
            "2026-11-24T20:15:03.999Z",
            "2026-11-24T20:15:04.000Z",
        ];
        let names: Vec<String> = times.into_iter().map(name).collect();
        assert!(names.is_sorted(), "{names:?}");
    }
}
