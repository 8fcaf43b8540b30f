//! The demonstrations on disk: `demos/WORKFLOW/TAKE.toml`, and the pictures of a take in `demos/WORKFLOW/TAKE/`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::format::{Demonstration, FormatError};
use super::{learned, seen};

/// Names less alike than this are not suggested for one another (Jaro and Winkler's measure, from 0 to 1).
const LEAST_ALIKE: f64 = 0.7;
/// Names suggested at most.
const MOST_SUGGESTIONS: usize = 3;

/// One workflow of the library.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub name: String,
    /// Names of its takes, in order.
    pub takes: Vec<String>,
    /// The first take's goal sentence, where it can be read.
    pub goal: Option<String>,
    /// Why its takes cannot be read, where they cannot.
    pub problem: Option<String>,
}

/// A picture that a step names and the folder lacks. Nothing fails for it: a person sees less.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPicture {
    pub take: String,
    /// From 1.
    pub step: usize,
    pub file: PathBuf,
}

#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("{name:?} is not the name of a demonstration: give the name of a folder in {folder}")]
    BadName { folder: String, name: String },
    #[error(
        "there is no demonstration {name:?} in {folder}{}",
        suggestion(nearest)
    )]
    Unknown {
        folder: String,
        name: String,
        /// Names like it, nearest first.
        nearest: Vec<String>,
    },
    #[error("the folder {folder} holds no take: a take is a file that ends with .toml")]
    NoTakes { folder: String },
    #[error("{path} cannot be read: {reason}")]
    Unreadable { path: String, reason: String },
    #[error(transparent)]
    Format(#[from] FormatError),
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() {
        "; `apprentice demos` lists what there is".to_owned()
    } else {
        format!("; did you mean {}?", nearest.join(" or "))
    }
}

/// The folder of the workflow `name` in the library `folder`.
fn home(folder: &Path, name: &str) -> Result<PathBuf, LibraryError> {
    let is_plain = !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\']);
    if !is_plain {
        return Err(LibraryError::BadName {
            folder: folder.display().to_string(),
            name: name.to_owned(),
        });
    }
    let home = folder.join(name);
    if !home.is_dir() {
        return Err(LibraryError::Unknown {
            folder: folder.display().to_string(),
            name: name.to_owned(),
            nearest: nearest(folder, name),
        });
    }
    Ok(home)
}

/// The names of a workflow's takes, whether they can be read or not.
pub fn takes(folder: &Path, name: &str) -> Result<Vec<String>, LibraryError> {
    take_names(&home(folder, name)?)
}

/// The takes of the workflow `name` in the library `folder`, in the order of their names, with what their pages showed.
pub fn load(folder: &Path, name: &str) -> Result<Vec<(String, Demonstration)>, LibraryError> {
    let mut takes = read(folder, name)?;
    for (take, demonstration) in &mut takes {
        seen::attach(demonstration, &folder.join(name).join(take));
    }
    Ok(takes)
}

/// The same without the pages, which are most of what a recording weighs.
fn read(folder: &Path, name: &str) -> Result<Vec<(String, Demonstration)>, LibraryError> {
    let home = home(folder, name)?;
    let mut takes = Vec::new();
    for take in take_names(&home)? {
        let demonstration = read_one(&home.join(format!("{take}.toml")))?;
        takes.push((take, demonstration));
    }
    if takes.is_empty() {
        return Err(LibraryError::NoTakes {
            folder: home.display().to_string(),
        });
    }
    Ok(takes)
}

/// One take's file, without its pages.
pub(super) fn read_one(path: &Path) -> Result<Demonstration, LibraryError> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| {
        // Bytes that are not UTF-8 are no TOML, which says more than a failure to read.
        if e.kind() == ErrorKind::InvalidData {
            LibraryError::Format(FormatError::NotADemonstration {
                file: file.clone(),
                reason: "it is not text in UTF-8".to_owned(),
            })
        } else {
            unreadable(path, &e)
        }
    })?;
    Ok(Demonstration::parse(&file, &text)?)
}

/// A workflow by what its takes were shown for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    pub name: String,
    /// The goal sentence of each take that can be read.
    pub goals: Vec<String>,
}

/// What every workflow of the library was shown for, by name. No steps are read, so that a large library is no matter.
pub fn headings(folder: &Path) -> Vec<Heading> {
    workflow_names(folder)
        .into_iter()
        .map(|name| {
            let home = folder.join(&name);
            let takes = take_names(&home).unwrap_or_default();
            let goals = takes
                .iter()
                .filter_map(|take| std::fs::read_to_string(home.join(format!("{take}.toml"))).ok())
                .filter_map(|text| goal_of(&text))
                .collect();
            Heading { name, goals }
        })
        .filter(|heading| !heading.goals.is_empty())
        .collect()
}

/// The goal of a demonstration's file, from what stands before its first table.
fn goal_of(text: &str) -> Option<String> {
    let end = text.find("\n[").map_or(text.len(), |at| at + 1);
    // What looks like a table may be inside of a text of several lines; then the whole file tells.
    let table = text[..end]
        .parse::<toml::Table>()
        .or_else(|_| text.parse::<toml::Table>())
        .ok()?;
    Some(table.get("goal")?.as_str()?.to_owned())
}

/// Every workflow of the library, by name. A library that does not exist yet is empty.
pub fn list(folder: &Path) -> Vec<Entry> {
    workflow_names(folder)
        .into_iter()
        .map(|name| {
            let takes = take_names(&folder.join(&name)).unwrap_or_default();
            let loaded = read(folder, &name);
            Entry {
                takes,
                goal: loaded
                    .as_ref()
                    .ok()
                    .and_then(|takes| takes.first())
                    .map(|(_, demonstration)| demonstration.goal.clone()),
                problem: loaded.err().map(|error| error.to_string()),
                name,
            }
        })
        .collect()
}

/// The pictures that steps of these takes name and that are not there.
pub fn missing_pictures(
    folder: &Path,
    name: &str,
    takes: &[(String, Demonstration)],
) -> Vec<MissingPicture> {
    let home = &folder.join(name);
    takes
        .iter()
        .flat_map(|(take, demonstration)| {
            demonstration
                .steps
                .iter()
                .enumerate()
                .filter_map(|(at, step)| Some((at + 1, step.picture.as_ref()?)))
                .map(move |(step, picture)| MissingPicture {
                    take: take.clone(),
                    step,
                    file: home.join(take).join(picture),
                })
        })
        .filter(|missing| !missing.file.is_file())
        .collect()
}

fn nearest(folder: &Path, name: &str) -> Vec<String> {
    let wanted = name.to_lowercase();
    let mut likely: Vec<(f64, String)> = workflow_names(folder)
        .into_iter()
        .map(|other| (strsim::jaro_winkler(&wanted, &other.to_lowercase()), other))
        .filter(|(alike, _)| *alike >= LEAST_ALIKE)
        .collect();
    likely.sort_by(|one, other| other.0.total_cmp(&one.0));
    likely
        .into_iter()
        .take(MOST_SUGGESTIONS)
        .map(|(_, name)| name)
        .collect()
}

fn workflow_names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .collect();
    names.sort();
    names
}

fn take_names(home: &Path) -> Result<Vec<String>, LibraryError> {
    let entries = std::fs::read_dir(home).map_err(|e| unreadable(home, &e))?;
    let mut names: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|file| file != learned::FILE)
        .filter_map(|file| file.strip_suffix(".toml").map(str::to_owned))
        .filter(|name| !name.is_empty() && !name.starts_with('.'))
        .collect();
    names.sort();
    Ok(names)
}

fn unreadable(path: &Path, error: &std::io::Error) -> LibraryError {
    LibraryError::Unreadable {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKE: &str = r#"
format = "1.0"
workflow = "lunch"
goal = "File the lunch"
start = "http://127.0.0.1:1/"

[[step]]
do = "reload"
picture = "1.png"
"#;

    fn library(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        folder
    }

    #[test]
    fn takes_are_loaded_in_order_with_their_missing_pictures() {
        let folder = library(&[
            ("lunch/b.toml", TAKE.as_bytes()),
            ("lunch/a.toml", TAKE.as_bytes()),
            ("lunch/a/1.png", b"png"),
            ("lunch/notes.txt", b""),
            ("lunch/learned.toml", b"format = \"1.0\""),
            ("empty/notes.txt", b""),
        ]);
        let takes = load(folder.path(), "lunch").unwrap();
        let names: Vec<&str> = takes.iter().map(|(take, _)| take.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        let missing = missing_pictures(folder.path(), "lunch", &takes);
        assert_eq!(missing.len(), 1);
        assert_eq!((missing[0].take.as_str(), missing[0].step), ("b", 1));

        let entries = list(folder.path());
        assert_eq!(entries.len(), 2);
        assert!(entries[0].problem.as_ref().unwrap().contains("no take"));
        assert_eq!(entries[1].goal.as_deref(), Some("File the lunch"));
        assert!(list(&folder.path().join("nowhere")).is_empty());
    }

    #[test]
    fn headings_are_the_goals_of_all_takes_that_can_be_read() {
        let lines = TAKE.replace("\"File the lunch\"", "\"\"\"\nFile\n[it]\n\"\"\"");
        let folder = library(&[
            ("lunch/a.toml", TAKE.as_bytes()),
            ("lunch/b.toml", lines.as_bytes()),
            ("lunch/c.toml", b"goal = "),
            ("broken/a.toml", b"\xff\xfe"),
            ("empty/notes.txt", b""),
        ]);
        let expected = Heading {
            name: "lunch".to_owned(),
            goals: vec!["File the lunch".to_owned(), "File\n[it]\n".to_owned()],
        };
        assert_eq!(headings(folder.path()), [expected]);
        assert!(headings(&folder.path().join("nowhere")).is_empty());
    }

    #[test]
    fn what_cannot_be_loaded_says_why() {
        let newer = TAKE.replace("1.0", "2.0");
        let folder = library(&[
            ("lunch/a.toml", TAKE.as_bytes()),
            ("newer/a.toml", newer.as_bytes()),
            ("broken/a.toml", b"format = "),
            ("bytes/a.toml", b"\xff\xfe"),
            ("empty/a.txt", b""),
        ]);
        for (name, expected) in [
            ("lunhc", "there is no demonstration \"lunhc\""),
            ("lunhc", "did you mean lunch?"),
            ("zzz", "`apprentice demos` lists"),
            ("../lunch", "is not the name of a demonstration"),
            ("", "is not the name of a demonstration"),
            ("newer", "update apprentice"),
            ("broken", "is not a demonstration"),
            ("bytes", "not text in UTF-8"),
            ("empty", "holds no take"),
        ] {
            let message = load(folder.path(), name).unwrap_err().to_string();
            assert!(message.contains(expected), "{name}: {message}");
        }
    }
}
