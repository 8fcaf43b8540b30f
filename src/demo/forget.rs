//! Takes a demonstration out of the library: its file and its pictures, both or neither.
//!
//! Invariant: nothing outside of the library's folder is touched. What is forgotten is first moved aside within the library, in
//! one step for each of the two; only then is it deleted, where no half of it can be seen any more.

use std::fs;
use std::path::{Path, PathBuf};

use super::library::{self, LibraryError};

#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    #[error(transparent)]
    Library(#[from] LibraryError),
    #[error("{workflow} has no take {take:?}; it has {}", takes.join(", "))]
    NoTake {
        workflow: String,
        take: String,
        takes: Vec<String>,
    },
    #[error("{path} cannot be removed: {reason}; nothing was")]
    Kept { path: String, reason: String },
    #[error(
        "the demonstration is forgotten, but what it left in {path} cannot be deleted: {reason}"
    )]
    Left { path: String, reason: String },
}

/// Forgets one take of a workflow, or all of it. With its last take the workflow goes, too.
pub fn forget(folder: &Path, workflow: &str, take: Option<&str>) -> Result<(), ForgetError> {
    let takes = library::takes(folder, workflow)?;
    let home = folder.join(workflow);
    let gone: Vec<PathBuf> = match take {
        None => vec![home],
        Some(take) if !takes.iter().any(|one| one == take) => {
            return Err(ForgetError::NoTake {
                workflow: workflow.to_owned(),
                take: take.to_owned(),
                takes,
            });
        }
        // The file first: without it the pictures are no take.
        Some(take) => vec![home.join(format!("{take}.toml")), home.join(take)],
    };
    let aside = tempfile::Builder::new()
        .prefix(".forgotten-")
        .tempdir_in(folder)
        .map_err(|e| kept(folder, &e))?;
    let mut moved: Vec<(PathBuf, PathBuf)> = Vec::new();
    for (number, path) in gone.iter().enumerate() {
        // A take may have no pictures. A link is moved itself, and not what it leads to.
        if fs::symlink_metadata(path).is_err() {
            continue;
        }
        let to = aside.path().join(number.to_string());
        if let Err(error) = fs::rename(path, &to) {
            for (from, to) in moved.iter().rev() {
                // Where even this fails, it still lies beside the others, and is not deleted.
                if fs::rename(to, from).is_err() {
                    let _ = aside.keep();
                    break;
                }
            }
            return Err(kept(path, &error));
        }
        moved.push((path.clone(), to));
    }
    if take.is_some() {
        // Only where nothing is left in it.
        let _ = fs::remove_dir(folder.join(workflow));
    }
    let path = aside.path().to_owned();
    aside.close().map_err(|e| ForgetError::Left {
        path: path.display().to_string(),
        reason: e.to_string(),
    })
}

fn kept(path: &Path, error: &std::io::Error) -> ForgetError {
    ForgetError::Kept {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn library(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in files {
            let path = folder.path().join("demos").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        folder
    }

    fn left(folder: &Path) -> Vec<String> {
        let mut all: Vec<String> = walk(folder)
            .into_iter()
            .map(|path| path.strip_prefix(folder).unwrap().display().to_string())
            .collect();
        all.sort();
        all
    }

    fn walk(folder: &Path) -> Vec<PathBuf> {
        let mut all = Vec::new();
        for entry in fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                all.extend(walk(&entry.path()));
            } else {
                all.push(entry.path());
            }
        }
        all
    }

    const FILES: [&str; 5] = [
        "a/first.toml",
        "a/first/01.jpg",
        "a/second.toml",
        "b/first.toml",
        "../outside.txt",
    ];

    #[test]
    fn a_take_goes_with_its_pictures_and_the_last_with_its_workflow() {
        let folder = library(&FILES);
        let demos = folder.path().join("demos");
        forget(&demos, "a", Some("first")).unwrap();
        assert_eq!(
            left(folder.path()),
            ["demos/a/second.toml", "demos/b/first.toml", "outside.txt"]
        );
        forget(&demos, "a", Some("second")).unwrap();
        assert_eq!(left(folder.path()), ["demos/b/first.toml", "outside.txt"]);
        assert!(!demos.join("a").exists());
        forget(&demos, "b", None).unwrap();
        assert_eq!(fs::read_dir(&demos).unwrap().count(), 0);
    }

    #[test]
    fn what_is_not_there_or_outside_stays_as_it_is() {
        let folder = library(&FILES);
        let demos = folder.path().join("demos");
        let before = left(folder.path());
        for (workflow, take, says) in [
            ("..", None, "is not the name of a demonstration"),
            ("../outside", None, "is not the name of a demonstration"),
            ("c", None, "there is no demonstration"),
            ("a", Some("third"), "it has first, second"),
            ("a", Some("../../outside"), "a has no take"),
        ] {
            let error = forget(&demos, workflow, take).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert_eq!(left(folder.path()), before);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_goes_and_what_it_leads_to_stays() {
        let folder = library(&["../elsewhere/first.toml", "b/first.toml"]);
        let demos = folder.path().join("demos");
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), demos.join("linked")).unwrap();
        forget(&demos, "linked", None).unwrap();
        assert_eq!(
            left(folder.path()),
            ["demos/b/first.toml", "elsewhere/first.toml"]
        );
        assert!(!demos.join("linked").exists());
    }
}
