//! What runs of a workflow taught: `demos/WORKFLOW/learned.toml`, beside the takes, for people to read and to edit.
//!
//! Invariant: an entry is only ever added behind what the file says already, so that comments and changes of a person stay.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::format::TargetQuery;

/// The file's name; no take has it.
pub const FILE: &str = "learned.toml";
/// The folder beside it with what was done by hand, each like a take; no take has that name.
pub const FOLDER: &str = "learned";
/// The version of the file that this program reads and writes. 1.1 has what was done by hand, `take`, and other
/// wordings of the goal, `values`.
const FORMAT: &str = "1.1";

/// What a person did that was learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LessonKind {
    /// Answered a question about a value.
    Answer,
    /// Said which of several elements was meant.
    Pick,
    /// Changed a field before saying yes to a card.
    Edit,
    /// Did a step themselves.
    ByHand,
    /// Said yes to what a goal in other words was read as.
    Wording,
}

impl LessonKind {
    /// As the file writes it.
    pub fn name(self) -> &'static str {
        match self {
            LessonKind::Answer => "answer",
            LessonKind::Pick => "pick",
            LessonKind::Edit => "edit",
            LessonKind::ByHand => "by-hand",
            LessonKind::Wording => "wording",
        }
    }
}

/// One thing that was learnt, and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lesson {
    pub kind: LessonKind,
    /// The step's number, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<usize>,
    /// What the demonstration does in that step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub does: Option<String>,
    /// What it is about: the question's key, or the card's field.
    pub about: String,
    /// What the person was asked.
    pub question: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Of a wording, the words that were the values, as they stand in the goal and in what it was read as.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The goal of that run; of a wording, as it was typed.
    pub goal: String,
    /// That run's name.
    pub run: String,
    /// When that run began, RFC 3339.
    pub when: String,
    /// What was picked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Box<TargetQuery>>,
    /// What was shown as well and not picked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<TargetQuery>,
    /// For what was done by hand: its name in the folder [`FOLDER`], where it was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<String>,
    /// In how many steps' place that was done, the step itself included, where it is more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<usize>,
}

impl Lesson {
    /// The day of that run.
    pub fn day(&self) -> &str {
        self.when.get(..10).unwrap_or(&self.when)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    learned: Vec<Lesson>,
}

/// The entries alone, to stand behind others.
#[derive(Serialize)]
struct More<'a> {
    learned: &'a [Lesson],
}

#[derive(Debug, thiserror::Error)]
pub enum LearnedError {
    #[error("what was learnt, in {path}, cannot be read: {reason}; mend the file or move it away")]
    Unreadable { path: String, reason: String },
    #[error(
        "what was learnt, in {path}, has format {found}, newer than {FORMAT}: update apprentice"
    )]
    Newer { path: String, found: String },
    #[error("what was learnt cannot be written to {path}: {reason}")]
    Unwritable { path: String, reason: String },
    #[error("{path} has no entry {number}: it has {count}")]
    NoSuchEntry {
        path: String,
        number: usize,
        count: usize,
    },
}

/// The file of a workflow in a library.
pub fn file_of(library: &Path, workflow: &str) -> PathBuf {
    library.join(workflow).join(FILE)
}

/// What was learnt, in the order of learning; a file that is not there says nothing.
///
/// # Errors
/// Where the file is there and cannot be understood.
pub fn load(path: &Path) -> Result<Vec<Lesson>, LearnedError> {
    text_of(path)?.map_or_else(|| Ok(Vec::new()), |text| parse(path, &text))
}

/// Adds entries behind those that are there.
///
/// # Errors
/// Where the file cannot be understood or written; then it stays as it is.
pub fn add(path: &Path, lessons: &[Lesson]) -> Result<(), LearnedError> {
    if lessons.is_empty() {
        return Ok(());
    }
    let mut text = match text_of(path)? {
        // Behind something that cannot be read, nothing is added.
        Some(text) => parse(path, &text).map(|_| text.replacen(FIRST_LINE, &line(), 1))?,
        None => line() + "\n",
    };
    let more = toml::to_string_pretty(&More { learned: lessons })
        .map_err(|e| unwritable(path, &e.to_string()))?;
    text = format!("{}\n\n{more}", text.trim_end());
    parse(path, &text)?;
    write(path, &text)
}

/// The line with the version that files of 1.0 begin with.
const FIRST_LINE: &str = "format = \"1.0\"";

fn line() -> String {
    format!("format = {FORMAT:?}")
}

/// Takes one entry out, by its number from 1, or all; gives what was taken.
///
/// # Errors
/// Where there is none of that number, or the file cannot be understood or written.
pub fn take(path: &Path, number: Option<usize>) -> Result<Vec<Lesson>, LearnedError> {
    let mut learned = load(path)?;
    let Some(number) = number else {
        if !learned.is_empty() {
            std::fs::remove_file(path).map_err(|e| unwritable(path, &e.to_string()))?;
        }
        return Ok(learned);
    };
    if number == 0 || number > learned.len() {
        return Err(LearnedError::NoSuchEntry {
            path: path.display().to_string(),
            number,
            count: learned.len(),
        });
    }
    let taken = learned.remove(number - 1);
    let file = File {
        format: FORMAT.to_owned(),
        learned,
    };
    let text = toml::to_string_pretty(&file).map_err(|e| unwritable(path, &e.to_string()))?;
    write(path, &text)?;
    Ok(vec![taken])
}

fn text_of(path: &Path) -> Result<Option<String>, LearnedError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(unreadable(path, e.to_string())),
    }
}

fn parse(path: &Path, text: &str) -> Result<Vec<Lesson>, LearnedError> {
    // The version first, so that a newer file is refused for what it is.
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| unreadable(path, e.to_string()))?;
    let found = table
        .get("format")
        .and_then(toml::Value::as_str)
        .ok_or_else(|| unreadable(path, format!("it has no line `format = {FORMAT:?}`")))?;
    if found.split('.').next() != FORMAT.split('.').next() {
        return Err(LearnedError::Newer {
            path: path.display().to_string(),
            found: found.to_owned(),
        });
    }
    let file: File = toml::from_str(text).map_err(|e| unreadable(path, e.to_string()))?;
    Ok(file.learned)
}

/// Into a new file beside it, which then takes its place: a crash leaves the old one or the new one.
fn write(path: &Path, text: &str) -> Result<(), LearnedError> {
    let io = |e: std::io::Error| unwritable(path, &e.to_string());
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
    fresh.write_all(text.as_bytes()).map_err(io)?;
    fresh.as_file().sync_all().map_err(io)?;
    fresh.persist(path).map_err(|e| io(e.error))?;
    Ok(())
}

fn unreadable(path: &Path, reason: String) -> LearnedError {
    LearnedError::Unreadable {
        path: path.display().to_string(),
        reason,
    }
}

fn unwritable(path: &Path, reason: &str) -> LearnedError {
    LearnedError::Unwritable {
        path: path.display().to_string(),
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lesson(about: &str, value: &str) -> Lesson {
        Lesson {
            kind: LessonKind::Answer,
            step: Some(3),
            does: Some("fill textbox \"Code\" with \"{code}\"".to_owned()),
            about: about.to_owned(),
            question: "Which code?".to_owned(),
            value: Some(value.to_owned()),
            values: Vec::new(),
            goal: "File the lunch".to_owned(),
            run: "2026-11-24T20-15-03-k3x9".to_owned(),
            when: "2026-11-24T20:15:03Z".to_owned(),
            target: None,
            not: Vec::new(),
            take: None,
            covers: None,
        }
    }

    fn pick() -> Lesson {
        let query = |name: &str| TargetQuery {
            role: Some("button".to_owned()),
            name: Some(name.to_owned()),
            row: vec!["Ana".to_owned()],
            ..TargetQuery::default()
        };
        Lesson {
            kind: LessonKind::Pick,
            target: Some(Box::new(query("Delete"))),
            not: vec![query("Remove"), query("Drop")],
            ..lesson("target:3", "2")
        }
    }

    #[test]
    fn what_is_added_stands_behind_what_a_person_wrote_and_can_be_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        add(&path, &[lesson("code", "P-1")]).unwrap();
        let edited = std::fs::read_to_string(&path)
            .unwrap()
            .replace("P-1", "P-7 # not a comment")
            + "# mine\n";
        std::fs::write(&path, &edited).unwrap();
        add(&path, &[pick()]).unwrap();
        assert!(std::fs::read_to_string(&path).unwrap().contains("# mine"));
        let learned = load(&path).unwrap();
        assert_eq!(learned, [lesson("code", "P-7 # not a comment"), pick()]);
        assert_eq!(take(&path, Some(1)).unwrap().len(), 1);
        assert_eq!(load(&path).unwrap(), [pick()]);
        for number in [0, 2] {
            let error = take(&path, Some(number)).unwrap_err().to_string();
            assert!(error.contains("it has 1"), "{error}");
        }
        assert_eq!(take(&path, None).unwrap().len(), 1);
        assert!(!path.exists());
    }

    /// A file of format 1.0, as it was written then.
    const OLD: &str = "format = \"1.0\"\n\n[[learned]]\nkind = \"by-hand\"\nstep = 2\ndoes = \"click button \\\"Send\\\"\"\nabout = \"button \\\"Send\\\"\"\nquestion = \"Send it?\"\ngoal = \"Send it\"\nrun = \"2026-11-24T20-15-03-k3x9\"\nwhen = \"2026-11-24T20:15:03Z\"\n";

    #[test]
    fn a_file_of_the_first_format_is_read_and_goes_on_as_one_of_this() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, OLD).unwrap();
        let old = load(&path).unwrap();
        assert_eq!((old[0].kind, &old[0].take), (LessonKind::ByHand, &None));
        let new = Lesson {
            take: Some("k3x9-1".to_owned()),
            covers: Some(2),
            ..old[0].clone()
        };
        add(&path, std::slice::from_ref(&new)).unwrap();
        assert_eq!(load(&path).unwrap(), [old[0].clone(), new]);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("format = \"1.1\"\n"), "{text}");
    }

    #[test]
    fn a_file_of_format_1_0_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let old = "format = \"1.0\"\n\n[[learned]]\nkind = \"answer\"\nabout = \"code\"\nquestion = \"Which code?\"\nvalue = \"P-1\"\n\
            goal = \"File the lunch\"\nrun = \"2026-11-24T20-15-03-k3x9\"\nwhen = \"2026-11-24T20:15:03Z\"\n";
        std::fs::write(&path, old).unwrap();
        assert_eq!(load(&path).unwrap()[0].value.as_deref(), Some("P-1"));
        let wording = Lesson {
            kind: LessonKind::Wording,
            values: vec!["Ana".to_owned(), "hello".to_owned()],
            ..lesson("goal", "Send Ana hello")
        };
        add(&path, std::slice::from_ref(&wording)).unwrap();
        assert_eq!(load(&path).unwrap()[1], wording);
    }

    #[test]
    fn a_file_that_cannot_be_understood_is_an_error_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for (text, said) in [
            ("not toml [", "mend"),
            ("[[learned]]\nkind = 'answer'", "format"),
            ("format = '2.0'", "update apprentice"),
            ("format = '1.0'\n[[learnt]]\n", "learnt"),
            ("format = '1.0'\n[[learned]]\nkind = 'guess'", "guess"),
        ] {
            std::fs::write(&path, text).unwrap();
            for error in [
                load(&path).unwrap_err(),
                add(&path, &[lesson("code", "P-1")]).unwrap_err(),
                take(&path, Some(1)).unwrap_err(),
            ] {
                assert!(error.to_string().contains(said), "{error}");
            }
            assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn every_entry_comes_back_as_it_was(about in "\\PC{1,12}", value in "[a-zA-Z \\n\"'=\\[\\]{}é]{0,30}") {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join(FILE);
            let both = [lesson(&about, &value), pick()];
            add(&path, &both[..1]).unwrap();
            add(&path, &both[1..]).unwrap();
            prop_assert_eq!(load(&path).unwrap(), both);
        }
    }
}
