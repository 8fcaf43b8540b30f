//! Writing a recording to the folder of demonstrations: whole or not at all, and never over another one.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::steps::Recorded;
use crate::demo::Seen;

/// Names for the first takes, in order; later ones are numbered.
const TAKES: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
/// File with what the page showed at the end.
const END: &str = "end.json";
/// How many takes of one workflow are looked through for a free name.
const MOST_TAKES: usize = 1000;

#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("{name:?} cannot name a {what}: use letters, digits, - and _")]
    Name { what: &'static str, name: String },
    #[error("{path} cannot be written: {reason}")]
    Write { path: String, reason: String },
    #[error("{folder} has no free name left for a take: remove some, or name the take yourself")]
    Full { folder: String },
    #[error("there is a take {path} already, and it is never overwritten: choose another name")]
    Taken { path: String },
}

/// Where a recording was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub take: String,
    pub file: PathBuf,
}

/// Writes `folder/WORKFLOW/TAKE.toml` and its pictures beside it; without a name the take gets the next free one.
pub fn save(folder: &Path, take: Option<&str>, recorded: &Recorded) -> Result<Saved, SaveError> {
    let workflow = &recorded.demonstration.workflow;
    check_name("workflow", workflow)?;
    save_in(&folder.join(workflow), take, recorded)
}

/// The same in a folder of its own choice.
pub fn save_in(home: &Path, take: Option<&str>, recorded: &Recorded) -> Result<Saved, SaveError> {
    if let Some(take) = take {
        check_name("take", take)?;
    }
    std::fs::create_dir_all(home).map_err(|e| cannot(home, &e))?;
    // Made beside the final place, so that moving it there is one step.
    let workshop = tempfile::Builder::new()
        .prefix(super::journal::PREFIX)
        .tempdir_in(home)
        .map_err(|e| cannot(home, &e))?;
    let mut demonstration = recorded.demonstration.clone();
    let mut some_file = false;
    for (index, (step, picture)) in demonstration
        .steps
        .iter_mut()
        .zip(&recorded.pictures)
        .enumerate()
    {
        if let Some(seen) = &step.shown {
            let name = format!("{:02}.json", index + 1);
            keep(workshop.path(), &name, seen)?;
            step.seen = Some(name);
            some_file = true;
        }
        let Some(picture) = picture.as_ref().filter(|picture| !picture.bytes.is_empty()) else {
            continue;
        };
        let name = format!("{:02}.{}", index + 1, picture.format.extension());
        let path = workshop.path().join(&name);
        std::fs::write(&path, &picture.bytes).map_err(|e| cannot(&path, &e))?;
        step.picture = Some(name);
        some_file = true;
    }
    if let Some(seen) = &demonstration.shown {
        keep(workshop.path(), END, seen)?;
        demonstration.seen = Some(END.to_owned());
        some_file = true;
    }
    let text = demonstration.to_toml();
    let names: Vec<String> = match take {
        Some(take) => vec![take.to_owned()],
        None => TAKES
            .iter()
            .map(|name| (*name).to_owned())
            .chain((TAKES.len() + 1..=MOST_TAKES).map(|number| format!("recorded-{number}")))
            .collect(),
    };
    for name in names {
        let pictures = home.join(&name);
        let file = home.join(format!("{name}.toml"));
        if file.exists() || pictures.exists() {
            continue;
        }
        let mut draft = tempfile::NamedTempFile::new_in(home).map_err(|e| cannot(home, &e))?;
        draft
            .write_all(text.as_bytes())
            .and_then(|()| draft.as_file().sync_all())
            .map_err(|e| cannot(&file, &e))?;
        // The pictures first: a file that is there is complete.
        if some_file {
            std::fs::rename(workshop.path(), &pictures).map_err(|e| cannot(&pictures, &e))?;
        }
        return match draft.persist_noclobber(&file) {
            Ok(_) => Ok(Saved { take: name, file }),
            Err(error) => {
                if some_file {
                    // Back to where the workshop cleans up after itself.
                    let _ = std::fs::rename(&pictures, workshop.path());
                }
                Err(cannot(&file, &error.error))
            }
        };
    }
    Err(match take {
        Some(take) => SaveError::Taken {
            path: home.join(format!("{take}.toml")).display().to_string(),
        },
        None => SaveError::Full {
            folder: home.display().to_string(),
        },
    })
}

/// Writes what a page showed.
fn keep(folder: &Path, name: &str, seen: &Seen) -> Result<(), SaveError> {
    let path = folder.join(name);
    let bytes = serde_json::to_vec(seen).expect("what was seen is plain data");
    std::fs::write(&path, bytes).map_err(|e| cannot(&path, &e))
}

pub fn check_name(what: &'static str, name: &str) -> Result<(), SaveError> {
    let fine = !name.is_empty()
        && name.len() <= 100
        && name
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'));
    if fine {
        Ok(())
    } else {
        Err(SaveError::Name {
            what,
            name: name.to_owned(),
        })
    }
}

pub(super) fn cannot(path: &Path, error: &std::io::Error) -> SaveError {
    SaveError::Write {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computer::{PictureFormat, Rect, Screenshot};
    use crate::demo::Demonstration;

    fn recorded() -> Recorded {
        let text = "format = \"1.0\"\nworkflow = \"report\"\ngoal = \"Go\"\nstart = \"http://a.example/\"\n[[step]]\ndo = \"back\"\n[[step]]\ndo = \"reload\"\n";
        Recorded {
            demonstration: Demonstration::parse("sample", text).unwrap(),
            pictures: vec![
                None,
                Some(Screenshot {
                    bytes: vec![1, 2],
                    format: PictureFormat::Jpeg,
                    area: Rect::default(),
                }),
            ],
        }
    }

    #[test]
    fn takes_get_the_next_free_name_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let first = save(folder.path(), None, &recorded()).unwrap();
        let second = save(folder.path(), None, &recorded()).unwrap();
        assert_eq!(
            (first.take.as_str(), second.take.as_str()),
            ("first", "second")
        );
        let home = folder.path().join("report");
        assert_eq!(std::fs::read(home.join("second/02.jpg")).unwrap(), [1, 2]);
        let text = std::fs::read_to_string(&second.file).unwrap();
        let read = Demonstration::parse("second", &text).unwrap();
        assert_eq!(read.steps[1].picture.as_deref(), Some("02.jpg"));
        let error = save(folder.path(), Some("first"), &recorded()).unwrap_err();
        assert!(matches!(error, SaveError::Taken { .. }), "{error}");
        // Nothing is left over from the making.
        assert_eq!(std::fs::read_dir(&home).unwrap().count(), 4);
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let error = save(folder.path(), Some("../x"), &recorded()).unwrap_err();
        assert!(
            matches!(error, SaveError::Name { what: "take", .. }),
            "{error}"
        );
    }
}
