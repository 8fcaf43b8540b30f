//! A recording's journal: each deed is on disk as soon as it is heard, so that a recorder that dies loses nothing.
//!
//! A folder `.recording-…` beside the takes holds `journal.jsonl`, one line each for how the recording began, what was heard,
//! what was sent (by its shape) and what the person said, and the pictures. Its owner holds a lock on it, which the system lets
//! go however the owner ends: a journal that nobody holds is a recording that was cut short.

use std::fs::{File, TryLockError};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::effects::Shown;
use super::save::{SaveError, cannot, check_name};
use super::witnessed::{Said, Witnessed};
use crate::computer::browser::{Deed, Heard};
use crate::computer::{Element, PictureFormat, Rect, Screenshot};

/// Version of the journal's lines.
const FORMAT: u32 = 1;
/// How the folders of recordings under way begin.
pub(super) const PREFIX: &str = ".recording-";
const FILE: &str = "journal.jsonl";

/// How a recording began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Began {
    pub workflow: String,
    /// The goal's sentence, where it was known.
    pub goal: Option<String>,
    /// RFC 3339.
    pub recorded: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    Began {
        format: u32,
        began: Began,
    },
    Heard {
        heard: Box<Heard>,
        picture: Option<Picture>,
    },
    Shown(Shown),
    Said(Said),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Picture {
    file: String,
    format: PictureFormat,
    area: Rect,
}

/// The journal of a recording under way.
#[derive(Debug)]
pub struct Journal {
    home: PathBuf,
    folder: PathBuf,
    file: File,
    pictures: usize,
    /// The picture that was kept last, and for which moment.
    last: Option<(f64, Picture)>,
}

impl Journal {
    /// Begins one in the library's folder of this workflow.
    ///
    /// # Errors
    /// Where the workflow cannot be a folder's name, or nothing can be written there.
    pub fn begin(library: &Path, began: &Began) -> Result<Self, SaveError> {
        check_name("workflow", &began.workflow)?;
        let home = library.join(&began.workflow);
        std::fs::create_dir_all(&home).map_err(|e| cannot(&home, &e))?;
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&home)
            .map_err(|e| cannot(&home, &e))?
            .keep();
        let path = folder.join(FILE);
        let file = File::create_new(&path).map_err(|e| cannot(&path, &e))?;
        // Where the system has no locks, a recording under way looks like one that was cut short.
        let _ = file.try_lock();
        let mut journal = Self {
            home,
            folder,
            file,
            pictures: 0,
            last: None,
        };
        journal.write(&Line::Began {
            format: FORMAT,
            began: began.clone(),
        })?;
        Ok(journal)
    }

    /// Keeps a deed with its picture. What forms held is not kept.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn hear(&mut self, heard: &Heard) -> Result<(), SaveError> {
        let picture = match &heard.screenshot {
            Some(picture) if !picture.bytes.is_empty() => Some(self.keep(heard.at_ms, picture)?),
            _ => None,
        };
        let heard = Box::new(without_forms(heard));
        self.write(&Line::Heard { heard, picture })
    }

    /// Keeps the shape of a write.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn show(&mut self, shown: &Shown) -> Result<(), SaveError> {
        self.write(&Line::Shown(shown.clone()))
    }

    /// Keeps what the person said of what was heard last.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn say(&mut self, said: &Said) -> Result<(), SaveError> {
        self.write(&Line::Said(said.clone()))
    }

    /// Removes the journal: the take is written, or there is none.
    pub fn end(self) {
        remove(&self.home, &self.folder);
    }

    fn keep(&mut self, at_ms: f64, picture: &Screenshot) -> Result<Picture, SaveError> {
        // A field that is typed into is told of several times, with the page as it was before.
        if let Some((moment, known)) = &self.last
            && *moment == at_ms
        {
            return Ok(known.clone());
        }
        self.pictures += 1;
        let file = format!("{:04}.{}", self.pictures, picture.format.extension());
        let path = self.folder.join(&file);
        std::fs::write(&path, &picture.bytes).map_err(|e| cannot(&path, &e))?;
        let kept = Picture {
            file,
            format: picture.format,
            area: picture.area,
        };
        self.last = Some((at_ms, kept.clone()));
        Ok(kept)
    }

    fn write(&mut self, line: &Line) -> Result<(), SaveError> {
        let mut bytes = serde_json::to_vec(line).expect("what was heard is plain data");
        bytes.push(b'\n');
        // In one piece and not through a buffer of ours: what was written is the system's, whatever becomes of this process.
        self.file
            .write_all(&bytes)
            .map_err(|e| cannot(&self.folder.join(FILE), &e))
    }
}

/// A recording that was cut short: its recorder is gone, and it is no take yet.
#[derive(Debug)]
pub struct Interrupted {
    pub began: Began,
    pub witnessed: Witnessed,
    home: PathBuf,
    folder: PathBuf,
    /// Held, so that nobody else makes a take of it.
    _file: File,
}

impl Interrupted {
    /// Removes what is left of it.
    pub fn end(self) {
        remove(&self.home, &self.folder);
    }

    /// How many things were done in it.
    pub fn deeds(&self) -> usize {
        let counts = |heard: &&Heard| heard.deed != Deed::End && !heard.unfinished;
        self.witnessed.heard.iter().filter(counts).count()
    }
}

/// The recordings of a workflow that were cut short, oldest first.
pub fn unfinished(library: &Path, workflow: &str) -> Vec<Interrupted> {
    if check_name("workflow", workflow).is_err() {
        return Vec::new();
    }
    let home = library.join(workflow);
    let Ok(entries) = std::fs::read_dir(&home) else {
        return Vec::new();
    };
    let mut found: Vec<Interrupted> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX))
        .filter_map(|entry| read(&home, &entry.path()))
        .collect();
    found.sort_by(|one, other| one.began.recorded.cmp(&other.began.recorded));
    found
}

fn read(home: &Path, folder: &Path) -> Option<Interrupted> {
    let file = File::open(folder.join(FILE)).ok()?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        // Somebody is recording.
        return None;
    }
    let mut lines = BufReader::new(&file).split(b'\n').map_while(Result::ok);
    let Ok(Line::Began {
        format: FORMAT,
        began,
    }) = serde_json::from_slice(&lines.next()?)
    else {
        tracing::warn!(
            "{}: not a journal that this version reads",
            folder.display()
        );
        return None;
    };
    let mut witnessed = Witnessed::default();
    for line in lines {
        // The last line may be cut.
        match serde_json::from_slice(&line) {
            Ok(Line::Heard { mut heard, picture }) => {
                heard.screenshot = picture.and_then(|picture| load(folder, picture));
                witnessed.heard.push(*heard);
            }
            Ok(Line::Shown(shown)) => witnessed.shown.push(shown),
            Ok(Line::Said(said)) => witnessed.say(said),
            Ok(Line::Began { .. }) | Err(_) => break,
        }
    }
    Some(Interrupted {
        began,
        witnessed,
        home: home.to_owned(),
        folder: folder.to_owned(),
        _file: file,
    })
}

fn load(folder: &Path, picture: Picture) -> Option<Screenshot> {
    if picture.file.contains(['/', '\\']) {
        return None;
    }
    Some(Screenshot {
        bytes: std::fs::read(folder.join(picture.file)).ok()?,
        format: picture.format,
        area: picture.area,
    })
}

fn remove(home: &Path, folder: &Path) {
    if let Err(error) = std::fs::remove_dir_all(folder) {
        tracing::warn!("{}: {error}", folder.display());
    }
    // Only where nothing is in it: a workflow without a take is none.
    let _ = std::fs::remove_dir(home);
}

fn without_forms(heard: &Heard) -> Heard {
    let mut heard = heard.clone();
    let own = heard.element.as_mut();
    let to = match &mut heard.deed {
        Deed::Drag { to, .. } => to.as_deref_mut(),
        _ => None,
    };
    let all: Vec<&mut Element> = heard.elements.iter_mut().chain(own).chain(to).collect();
    for element in all {
        element.form = None;
    }
    heard
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computer::browser::Entered;
    use crate::guard::Kind;

    /// A journal of the first format, as it was written then, cut in its last line.
    const OLD: &str = include_str!("journal_1.jsonl");

    fn began() -> Began {
        Began {
            workflow: "report".to_owned(),
            goal: Some("Report it".to_owned()),
            recorded: "2026-01-02T03:04:05Z".to_owned(),
        }
    }

    fn heard(at_ms: f64, deed: Deed) -> Heard {
        Heard {
            at_ms,
            deed,
            element: None,
            frame: None,
            page: "http://a.example/".to_owned(),
            title: "A".to_owned(),
            texts: vec!["Hello".to_owned()],
            elements: Vec::new(),
            unfinished: false,
            screenshot: Some(Screenshot {
                bytes: vec![1, 2],
                format: PictureFormat::Jpeg,
                area: Rect::default(),
            }),
        }
    }

    #[test]
    fn what_a_recorder_that_died_had_heard_is_read_again() {
        let library = tempfile::tempdir().unwrap();
        let mut journal = Journal::begin(library.path(), &began()).unwrap();
        let all = [
            heard(1.0, Deed::Back),
            heard(2.0, Deed::Fill(Entered::Plain("x".to_owned()))),
        ];
        journal.hear(&all[0]).unwrap();
        journal.say(&Said::Mark(Kind::Pay)).unwrap();
        journal.hear(&all[1]).unwrap();
        // While its recorder lives, it is nobody else's.
        assert!(unfinished(library.path(), "report").is_empty());
        journal.file.write_all(b"{\"heard\":{\"hea").unwrap();
        drop(journal);

        let [one] = &unfinished(library.path(), "report")[..] else {
            panic!("one recording was cut short")
        };
        assert_eq!((&one.began, one.deeds()), (&began(), 2));
        let mut expected = Witnessed::default();
        expected.heard.push(all[0].clone());
        expected.say(Said::Mark(Kind::Pay));
        expected.heard.push(all[1].clone());
        assert_eq!(one.witnessed, expected);
    }

    #[test]
    fn a_journal_that_was_ended_leaves_nothing() {
        let library = tempfile::tempdir().unwrap();
        let mut journal = Journal::begin(library.path(), &began()).unwrap();
        journal.hear(&heard(1.0, Deed::Back)).unwrap();
        journal.end();
        assert_eq!(std::fs::read_dir(library.path()).unwrap().count(), 0);
    }

    #[test]
    fn journals_of_the_first_format_are_read() {
        let library = tempfile::tempdir().unwrap();
        let folder = library.path().join("report/.recording-abc");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(FILE), OLD).unwrap();
        let [one] = &unfinished(library.path(), "report")[..] else {
            panic!("it is a journal")
        };
        assert_eq!(one.deeds(), 2);
        assert_eq!(one.witnessed.notes.len(), 2);
        assert_eq!(one.witnessed.shown[0].signature.path, "/notes/*");
    }
}
