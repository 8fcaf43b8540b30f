//! Preferences: values that a person wants used where a goal does not say another, in one TOML file that can be read and edited.
//! An answer that they asked to be remembered is a preference of its workflow; they are kept together.
//!
//! Invariant: no secret is stored, neither what was asked for as one nor what looks like a card or account number.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::guard::secrets::Masker;
use crate::workflow::lessons::as_words;

use super::{Question, Reply};

/// The version of the file that this program writes; it reads all of the same major version.
const FORMAT: &str = "1.1";
/// Where what older files hold came from.
const OLD: &str = "remembered";

/// Preferences and the file that keeps them. Every change is written at once, whole or not at all.
#[derive(Debug, Clone, PartialEq)]
pub struct Memory {
    path: PathBuf,
    preferences: Vec<Preference>,
}

/// One value that is preferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preference {
    /// A parameter's name, compared as words, or a question's key.
    pub name: String,
    pub value: String,
    /// Where it came from: `set by hand on 2026-11-24`.
    pub source: String,
    /// The one workflow that it is for; absent where it is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
}

impl Preference {
    fn is(&self, name: &str, workflow: Option<&str>) -> bool {
        self.workflow.as_deref() == workflow && as_words(&self.name) == as_words(name)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    /// Up to 1.0: workflow, key, answer.
    #[serde(default, skip_serializing)]
    answers: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default, rename = "preference", skip_serializing_if = "Vec::is_empty")]
    preferences: Vec<Preference>,
}

#[derive(Debug, Error)]
pub enum MemoryError {
    #[error("the preferences in {path} cannot be read: {reason}; mend the file or move it away")]
    Unreadable { path: String, reason: String },
    #[error(
        "the preferences in {path} have format {found}, newer than {FORMAT}: update apprentice"
    )]
    Newer { path: String, found: String },
    #[error("the preferences cannot be written to {path}: {reason}")]
    Unwritable { path: String, reason: String },
}

impl Memory {
    /// Reads the file; one that is not there holds nothing.
    ///
    /// # Errors
    /// Where the file is there and cannot be understood.
    pub fn load(path: &Path) -> Result<Self, MemoryError> {
        Ok(Memory {
            path: path.to_owned(),
            preferences: read(path)?,
        })
    }

    /// The answers of one workflow, by key.
    pub fn answers(&self, workflow: &str) -> BTreeMap<String, String> {
        self.preferences
            .iter()
            .filter(|one| one.workflow.as_deref() == Some(workflow))
            .map(|one| (one.name.clone(), one.value.clone()))
            .collect()
    }

    /// What is preferred for a workflow's parameter of this name; what is for the workflow alone goes before what is for all.
    pub fn preference(&self, workflow: &str, name: &str) -> Option<&Preference> {
        [Some(workflow), None]
            .into_iter()
            .find_map(|of| self.preferences.iter().find(|one| one.is(name, of)))
    }

    /// Everything.
    pub fn preferences(&self) -> &[Preference] {
        &self.preferences
    }

    /// What is for one workflow alone: workflow, key, answer.
    pub fn list(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.preferences.iter().filter_map(|one| {
            let workflow = one.workflow.as_deref()?;
            Some((workflow, one.name.as_str(), one.value.as_str()))
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
        source: &str,
    ) -> Result<bool, MemoryError> {
        if !reply.remember || question.secret {
            return Ok(false);
        }
        self.set(Preference {
            name: question.key.clone(),
            value: reply.text.clone(),
            source: source.to_owned(),
            workflow: Some(workflow.to_owned()),
        })
    }

    /// Sets one value; says whether it was kept, which numbers of cards and accounts never are.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set(&mut self, preference: Preference) -> Result<bool, MemoryError> {
        if Masker::default().mask(&preference.value) != preference.value {
            return Ok(false);
        }
        self.change(|preferences| {
            preferences.retain(|one| !one.is(&preference.name, preference.workflow.as_deref()));
            preferences.push(preference);
        })?;
        Ok(true)
    }

    /// Forgets what is for a workflow alone, or with `None` what is for all; without a name all of that. Says how many there
    /// were.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn forget(
        &mut self,
        workflow: Option<&str>,
        name: Option<&str>,
    ) -> Result<usize, MemoryError> {
        let mut forgotten = 0;
        self.change(|preferences| {
            let before = preferences.len();
            preferences.retain(|one| match name {
                Some(name) => !one.is(name, workflow),
                None => one.workflow.as_deref() != workflow,
            });
            forgotten = before - preferences.len();
        })?;
        Ok(forgotten)
    }

    /// Another run may have written meanwhile: a change is made to what the file holds now.
    fn change(&mut self, change: impl FnOnce(&mut Vec<Preference>)) -> Result<(), MemoryError> {
        let mut preferences = read(&self.path)?;
        let before = preferences.clone();
        change(&mut preferences);
        preferences
            .sort_by(|one, other| (&one.workflow, &one.name).cmp(&(&other.workflow, &other.name)));
        if preferences != before {
            write(&self.path, &preferences)?;
        }
        self.preferences = preferences;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Vec<Preference>, MemoryError> {
    let unreadable = |reason: String| MemoryError::Unreadable {
        path: path.display().to_string(),
        reason,
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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
    let mut preferences = file.preferences;
    for (workflow, answers) in file.answers {
        preferences.extend(answers.into_iter().map(|(name, value)| Preference {
            name,
            value,
            source: OLD.to_owned(),
            workflow: Some(workflow.clone()),
        }));
    }
    Ok(preferences)
}

/// Into a new file beside it, which then takes its place: a crash leaves the old one or the new one.
fn write(path: &Path, preferences: &[Preference]) -> Result<(), MemoryError> {
    let unwritable = |reason: String| MemoryError::Unwritable {
        path: path.display().to_string(),
        reason,
    };
    let io = |e: std::io::Error| unwritable(e.to_string());
    let file = File {
        format: FORMAT.to_owned(),
        answers: BTreeMap::new(),
        preferences: preferences.to_vec(),
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

    /// A preference for one workflow alone.
    fn own(workflow: &str, name: &str, value: &str) -> Preference {
        Preference {
            workflow: Some(workflow.to_owned()),
            ..general(name, value)
        }
    }

    fn general(name: &str, value: &str) -> Preference {
        Preference {
            name: name.to_owned(),
            value: value.to_owned(),
            source: "set by hand".to_owned(),
            workflow: None,
        }
    }

    #[test]
    fn what_is_for_one_workflow_goes_before_what_is_for_all_and_names_are_compared_as_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("preferences.toml");
        let mut memory = Memory::load(&path).unwrap();
        memory.set(general("Cost centre", "4711")).unwrap();
        memory.set(own("lunch", "cost-centre", "1")).unwrap();
        memory.set(general("cost_centre", "4712")).unwrap();
        let value = |workflow: &str, name: &str| {
            let memory = Memory::load(&path).unwrap();
            memory
                .preference(workflow, name)
                .map(|one| one.value.clone())
        };
        assert_eq!(value("lunch", "cost centre").as_deref(), Some("1"));
        assert_eq!(value("trip", "cost-centre").as_deref(), Some("4712"));
        assert_eq!(value("trip", "centre"), None);
        assert_eq!(memory.preferences().len(), 2);
        assert_eq!(memory.list().count(), 1);
        assert_eq!(memory.forget(None, Some("COST centre")).unwrap(), 1);
        assert_eq!(memory.preference("trip", "cost-centre"), None);
    }

    #[test]
    fn answers_of_the_first_format_are_read_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.toml");
        let old = "format = '1.0'\n[answers.lunch]\nproject = 'A-1'\nwho = 'Ada'\n";
        std::fs::write(&path, old).unwrap();
        let mut memory = Memory::load(&path).unwrap();
        assert_eq!(memory.answers("lunch")["project"], "A-1");
        assert_eq!(memory.forget(Some("lunch"), Some("no")).unwrap(), 0);
        memory.set(general("seat", "aisle")).unwrap();
        let again = Memory::load(&path).unwrap();
        assert_eq!(again.preferences().len(), 3);
        assert_eq!(again.preference("lunch", "who").unwrap().source, OLD);
    }

    #[test]
    fn what_is_remembered_is_there_next_time_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/answers.toml");
        let mut memory = Memory::load(&path).unwrap();
        assert!(
            memory
                .remember(
                    "lunch",
                    &question(false),
                    &reply("A-1", true),
                    "answered in r"
                )
                .unwrap()
        );
        assert!(memory.set(own("lunch", "who", "Ada")).unwrap());
        assert!(memory.set(own("tickets", "row", "3")).unwrap());

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
        assert_eq!(again.forget(Some("lunch"), Some("who")).unwrap(), 1);
        assert_eq!(again.forget(Some("lunch"), Some("who")).unwrap(), 0);
        assert_eq!(again.forget(Some("lunch"), None).unwrap(), 1);
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
                .remember("w", &question(true), &reply("hunter2", true), "")
                .unwrap()
        );
        assert!(
            !memory
                .remember("w", &question(false), &reply("A-1", false), "")
                .unwrap()
        );
        assert!(!memory.set(own("w", "card", "4242 4242 4242 4242")).unwrap());
        assert!(!path.exists());
    }

    #[test]
    fn two_runs_do_not_undo_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answers.toml");
        let mut one = Memory::load(&path).unwrap();
        let mut two = Memory::load(&path).unwrap();
        one.set(own("w", "a", "1")).unwrap();
        two.set(own("w", "b", "2")).unwrap();
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
            let kept = Memory::load(&path).unwrap().set(own(&workflow, &key, &answer)).unwrap();
            let again = Memory::load(&path).unwrap();
            prop_assert!(!kept || again.answers(&workflow)[&key] == answer);
        }
    }
}
