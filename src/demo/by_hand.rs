//! What was done by hand in place of a workflow's steps, on disk: `demos/WORKFLOW/learned/NAME.toml` with its pages in `NAME/`, like a
//! take, which it is not: only `learned.toml` says what it stands for.

use std::path::{Path, PathBuf};

use super::format::Demonstration;
use super::learned::{FOLDER, Lesson};
use super::library::{self, LibraryError};
use super::recorder::{Recorded, SaveError, check_name, save_in};
use super::seen;

/// The folder beside a file of lessons.
fn folder_of(learned: &Path) -> PathBuf {
    learned.with_file_name(FOLDER)
}

/// Writes one, under a name that no other has.
///
/// # Errors
/// Where it cannot be written.
pub fn keep(learned: &Path, name: &str, recorded: &Recorded) -> Result<String, SaveError> {
    save_in(&folder_of(learned), Some(name), recorded).map(|saved| saved.take)
}

/// Reads the one that a lesson names, with its pages; `None` where it names none.
///
/// # Errors
/// Where it is not there, or cannot be understood.
pub fn load(learned: &Path, lesson: &Lesson) -> Result<Option<Demonstration>, LibraryError> {
    let Some(name) = plain_name(lesson) else {
        return Ok(None);
    };
    let folder = folder_of(learned);
    let mut shown = library::read_one(&folder.join(format!("{name}.toml")))?;
    seen::attach(&mut shown, &folder.join(name));
    Ok(Some(shown))
}

/// Removes the one that a lesson names; what is gone already is no matter.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn remove(learned: &Path, lesson: &Lesson) -> std::io::Result<()> {
    let Some(name) = plain_name(lesson) else {
        return Ok(());
    };
    let folder = folder_of(learned);
    let gone = |removed: std::io::Result<()>| match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        other => other,
    };
    // The file first: without it the pages are nothing.
    gone(std::fs::remove_file(folder.join(format!("{name}.toml"))))?;
    gone(std::fs::remove_dir_all(folder.join(name)))?;
    // Only where nothing is left in it.
    let _ = std::fs::remove_dir(folder);
    Ok(())
}

/// The name, where it is one: a file that a person edits leads nowhere else.
fn plain_name(lesson: &Lesson) -> Option<&str> {
    let name = lesson.take.as_deref()?;
    check_name("take", name).is_ok().then_some(name)
}
