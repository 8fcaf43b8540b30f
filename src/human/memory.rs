//! Answers that the person asked to be remembered, by workflow and key, in one TOML file that can be read and edited.
//!
//! Invariant: no secret is stored, neither what was asked for as one nor what looks like a card or account number.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::guard::secrets::Masker;

use super::{Question, Reply};

/// The version of the file that this program reads and writes.
const FORMAT: &str = "1.0";

/// Remembered answers and the file that keeps them. Every change is written at once, whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    path: PathBuf,
    answers: Answers,
}

type Answers = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    #[serde(default)]
    answers: Answers,
}

#[derive(Debug, Error)]
pub enum MemoryError {
    #[error(
        "the remembered answers in {path} cannot be read: {reason}; mend the file or move it away"
    )]
    Unreadable { path: String, reason: String },
    #[error(
        "the remembered answers in {path} have format {found}, newer than {FORMAT}: update apprentice"
    )]
    Newer { path: String, found: String },
    #[error("the remembered answers cannot be written to {path}: {reason}")]
    Unwritable { path: String, reason: String },
}

impl Memory {
    /// Reads the file; one that is not there holds no answers.
    ///
    /// # Errors
    /// Where the file is there and cannot be understood.
    pub fn load(path: &Path) -> Result<Self, MemoryError> {
        Ok(Memory {
            path: path.to_owned(),
            answers: read(path)?,
        })
    }

    /// The answers of one workflow, by key.
    pub fn answers(&self, workflow: &str) -> BTreeMap<String, String> {
        self.answers.get(workflow).cloned().unwrap_or_default()
    }

    /// Everything: workflow, key, answer.
    pub fn list(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.answers.iter().flat_map(|(workflow, answers)| {
            answers
                .iter()
                .map(move |(key, answer)| (workflow.as_str(), key.as_str(), answer.as_str()))
        })
    }

    /// Keeps a reply where the person said so and it is no secret; says whether it was kept.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn remember(
        &mut self,
        workflow: &str,
        question: &Question,
        reply: &Reply,
    ) -> Result<bool, MemoryError> {
        if !reply.remember || question.secret {
            return Ok(false);
        }
        self.set(workflow, &question.key, &reply.text)
    }

    /// Sets one answer; says whether it was kept, which numbers of cards and accounts never are.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set(&mut self, workflow: &str, key: &str, answer: &str) -> Result<bool, MemoryError> {
        if Masker::default().mask(answer) != answer {
            return Ok(false);
        }
        self.change(|answers| {
            answers
                .entry(workflow.to_owned())
                .or_default()
                .insert(key.to_owned(), answer.to_owned());
        })?;
        Ok(true)
    }

    /// Forgets one answer, or without a key all of a workflow; says how many there were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn forget(&mut self, workflow: &str, key: Option<&str>) -> Result<usize, MemoryError> {
        let mut forgotten = 0;
        self.change(|answers| match key {
            None => forgotten = answers.remove(workflow).map_or(0, |gone| gone.len()),
            Some(key) => {
                if let Some(own) = answers.get_mut(workflow) {
                    forgotten = usize::from(own.remove(key).is_some());
                    if own.is_empty() {
                        answers.remove(workflow);
                    }
                }
            }
        })?;
        Ok(forgotten)
    }

    /// Another run may have written meanwhile: a change is made to what the file holds now.
    fn change(&mut self, change: impl FnOnce(&mut Answers)) -> Result<(), MemoryError> {
        let mut answers = read(&self.path)?;
        change(&mut answers);
        write(&self.path, &answers)?;
        self.answers = answers;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Answers, MemoryError> {
    let unreadable = |reason: String| MemoryError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Answers::new()),
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
        return Err(MemoryError::Newer {
            path: path.display().to_string(),
            found: found.to_owned(),
        });
    }
    let file: File = toml::from_str(&text).map_err(|e| unreadable(e.to_string()))?;
    Ok(file.answers)
}

/// Into a new file beside it, which then takes its place: a crash leaves the old one or the new one.
fn write(path: &Path, answers: &Answers) -> Result<(), MemoryError> {
    let unwritable = |reason: String| MemoryError::Unwritable {
        path: path.display().to_string(),
        reason,
    };
    let io = |e: std::io::Error| unwritable(e.to_string());
    let file = File {
        format: FORMAT.to_owned(),
        answers: answers.clone(),
    };
    let text = toml::to_string_pretty(&file).map_err(|e| unwritable(e.to_string()))?;
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(io)?;
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    fresh.write_all(text.as_bytes()).map_err(io)?;
    fresh.as_file().sync_all().map_err(io)?;
    fresh.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn question(secret: bool) -> Question {
        Question {
            key: "project".to_owned(),
            text: "Which project?".to_owned(),
            suggestions: Vec::new(),
            marks: Vec::new(),
            secret,
        }
    }

    fn reply(text: &str, remember: bool) -> Reply {
        Reply {
            text: text.to_owned(),
            remember,
        }
    }

    #[test]
    fn what_is_remembered_is_there_next_time_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/answers.toml");
        let mut memory = Memory::load(&path).unwrap();
        assert!(
            memory
                .remember("lunch", &question(false), &reply("A-1", true))
                .unwrap()
        );
        assert!(memory.set("lunch", "who", "Ada").unwrap());
        assert!(memory.set("tickets", "row", "3").unwrap());

        let mut again = Memory::load(&path).unwrap();
        let listed: Vec<_> = again.list().collect();
        assert_eq!(
            listed,
            [
                ("lunch", "project", "A-1"),
                ("lunch", "who", "Ada"),
                ("tickets", "row", "3")
            ]
        );
        assert_eq!(again.forget("lunch", Some("who")).unwrap(), 1);
        assert_eq!(again.forget("lunch", Some("who")).unwrap(), 0);
        assert_eq!(again.forget("lunch", None).unwrap(), 1);
        assert!(Memory::load(&path).unwrap().answers("lunch").is_empty());
        assert_eq!(Memory::load(&path).unwrap().answers("tickets")["row"], "3");
    }

    #[test]
    fn secrets_and_what_nobody_asked_to_keep_are_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.toml");
        let mut memory = Memory::load(&path).unwrap();
        assert!(
            !memory
                .remember("w", &question(true), &reply("hunter2", true))
                .unwrap()
        );
        assert!(
            !memory
                .remember("w", &question(false), &reply("A-1", false))
                .unwrap()
        );
        assert!(!memory.set("w", "card", "4242 4242 4242 4242").unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn two_runs_do_not_undo_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.toml");
        let mut one = Memory::load(&path).unwrap();
        let mut two = Memory::load(&path).unwrap();
        one.set("w", "a", "1").unwrap();
        two.set("w", "b", "2").unwrap();
        assert_eq!(Memory::load(&path).unwrap().answers("w").len(), 2);
    }

    #[test]
    fn a_file_that_cannot_be_understood_is_an_error_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.toml");
        for (text, said) in [
            ("not toml [", "mend"),
            ("[answers.w]\na = '1'", "format"),
            ("format = '2.0'", "update apprentice"),
            ("format = '1.0'\n[anwers.w]\na = '1'", "anwers"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Memory::load(&path).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_answer_comes_back_as_it_was(workflow in "\\PC{1,12}", key in "\\PC{1,12}", answer in "[a-zA-Z \\n\"'=\\[\\]é]{0,30}") {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("answers.toml");
            let kept = Memory::load(&path).unwrap().set(&workflow, &key, &answer).unwrap();
            let again = Memory::load(&path).unwrap();
            prop_assert!(!kept || again.answers(&workflow)[&key] == answer);
        }
    }
}
