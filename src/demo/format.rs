//! The demonstration file: TOML that a person can read and edit. This is the first of two stages: what is written there;
//! `workflow` turns it into what it means.
//!
//! Every text of a step may hold `{name}` or `{name|filter}` in place of a parameter's value; `{{` and `}}` stand for braces.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::seen::Seen;
use crate::computer::Reading;
use crate::guard::Kind;
use crate::guard::effect::Signature;

/// The newest format that this program reads and writes, as major and minor. A newer minor is read and a newer major refused.
/// 1.1 has what each step sent: `[[step.effect]]`. 1.2 has what each page showed: `seen`. 1.3 has what was sent before the
/// first step: `[[effect]]`. 1.4 has what was copied: `do = "copy"`. 1.5 has text that was selected: `do = "select"`.
pub const FORMAT: (u32, u32) = (1, 5);

/// One recording of a person doing a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Demonstration {
    /// Version of this format, `MAJOR.MINOR`.
    pub format: String,
    /// The job's name, shared by all its demonstrations; also the name of its folder.
    pub workflow: String,
    /// The goal sentence, as it was for this recording.
    pub goal: String,
    /// Where the job starts; may begin with `{site:NAME}`.
    pub start: String,
    /// When it was recorded, RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded: Option<String>,
    /// What to say when the job is done; may hold parameters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Origins by name, so that the same job can be run elsewhere: `{site:NAME}` in addresses, `--site NAME=ORIGIN` at a run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sites: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Parameter>,
    /// File in the folder of the recording's name: what the page showed at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// What that file holds.
    #[serde(skip)]
    #[schemars(skip)]
    pub shown: Option<Arc<Seen>>,
    /// The shape of each write that the page sent by itself when the job began; their origins are templates.
    #[serde(default, rename = "effect", skip_serializing_if = "Vec::is_empty")]
    pub opening: Vec<Signature>,
    #[serde(default, rename = "step", skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

/// Something that differs from run to run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its value in this recording, written as the goal writes it. Absent for secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
    #[serde(default)]
    pub kind: ParameterKind,
    /// How to ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Name of the secret that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// What sort of value a parameter has; decides how it is recognised in a goal and which filters it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    #[default]
    Text,
    Number,
    Money,
    Date,
    Time,
    /// Several values, separated by commas and "and".
    List,
}

/// The value of a scroll to the end of what is in its target.
pub const TO_END: &str = "end";
/// The value of a scroll back to its beginning.
pub const TO_START: &str = "start";

/// What a step does, in the words of the demonstration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    Click,
    DoubleClick,
    /// Selects a line or a paragraph.
    TripleClick,
    RightClick,
    Hover,
    /// From `target` to `to`.
    Drag,
    /// `target` into view; what is in it to its end or its beginning with the value `end` or `start`.
    ScrollTo,
    /// `value` at the place that has the focus.
    Type,
    /// `value` into the field `target`.
    Fill,
    /// The chord `value`.
    Press,
    /// The text `value` in `target`; without it, all that is in it.
    Select,
    /// `value` out of `target`, to be put in later. Nothing is done: it says where a later value is from.
    Copy,
    /// The options `values` in `target`.
    Choose,
    /// The files `values` into `target`; `{download}` is the run's newest download.
    Upload,
    /// To the address `value`.
    Navigate,
    Back,
    Forward,
    Reload,
    OpenTab,
    /// To the tab whose title or address contains `value`.
    SwitchTab,
    CloseTab,
    /// With `accept`, and `value` for a prompt.
    AnswerDialog,
    /// For `value` to be on the page; for the newest download to end with `value = "{download}"`.
    Wait,
    /// Reads `target` into the parameter `into`.
    Read,
}

/// One step of a demonstration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(rename = "do")]
    pub verb: Verb,
    /// What the step is for, in a person's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// Why the person did it so, in their words, as in "aisle, because of my knee".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// For `answer-dialog`: OK or Cancel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<bool>,
    /// For `read`: how.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub reading: Option<Reading>,
    /// For `read`: the parameter that gets the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub into: Option<String>,
    /// For `read`: a regular expression whose group `value` (or whole match) is the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// What the step does to the world; such a step always asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Kind>,
    /// Whether the step is skipped where its target is not there (a banner that sometimes shows).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// File beside this one, in the folder of the recording's name: the page before the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// File in the same folder: what the page showed before the step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<String>,
    /// What that file holds.
    #[serde(skip)]
    #[schemars(skip)]
    pub shown: Option<Arc<Seen>>,
    /// Address of the page the step was done on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetQuery>,
    /// For `drag`: where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<TargetQuery>,
    /// For `drag`: where it begins in `target` and ends in `to`, from each one's corner as parts of its width and height, and
    /// so beyond it where more than 1; the middle otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<[f64; 4]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<After>,
    /// The shape of each write that the step caused when it was shown; their origins are templates.
    #[serde(default, rename = "effect", skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Signature>,
}

/// Everything known of a target; what is absent is unknown. Found again by weighted agreement.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TargetQuery {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Texts that the row must hold, each required.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub row: Vec<String>,
    /// Heading of the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Position in its list, from 0; a template, so that it can be a parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heading: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landmark: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, String>,
    /// Text to the left, above, right and below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub below: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Box when it was recorded, in CSS pixels of the viewport.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// Address of its frame, where that is not the main one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
}

/// A box in whole CSS pixels: x, y, width, height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// What was seen after the step in the recording; the imitator checks its progress by it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct After {
    /// The address then (a template; numbers and long ids in it are not compared).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// A text that was on the page then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    #[error("{file} is not a demonstration: {reason}")]
    NotADemonstration { file: String, reason: String },
    #[error(
        "{file} has format {found}, newer than {} which this version reads: update apprentice",
        FORMAT.0
    )]
    Newer { file: String, found: String },
    #[error("step {step} of {file}: {reason}")]
    Step {
        file: String,
        step: usize,
        reason: String,
    },
}

/// A text that means itself in a demonstration, where braces stand for parameters: its braces are doubled.
pub fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// The text that a literal one means, its braces no longer doubled: the way back from [`literal`].
pub fn undoubled(text: &str) -> String {
    text.replace("{{", "{").replace("}}", "}")
}

impl Verb {
    /// As the file has it.
    pub fn word(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(word)) => word,
            Ok(_) | Err(_) => format!("{self:?}"),
        }
    }
}

impl Step {
    /// A step of which nothing is known but what it does.
    pub fn bare(verb: Verb) -> Self {
        Self {
            verb,
            says: None,
            why: None,
            value: None,
            values: Vec::new(),
            accept: None,
            reading: None,
            into: None,
            pattern: None,
            mark: None,
            optional: false,
            picture: None,
            seen: None,
            shown: None,
            page: None,
            target: None,
            to: None,
            within: None,
            after: None,
            effects: Vec::new(),
        }
    }
}

impl Step {
    /// Takes over what another recording of it, or another of several that are done as one, does to the world: a mark on any
    /// of them is one on all, and all that was sent was shown.
    pub fn also_does(&mut self, other: &Step) {
        self.mark = self.mark.or(other.mark);
        for effect in &other.effects {
            if !self.effects.contains(effect) {
                self.effects.push(effect.clone());
            }
        }
    }

    /// Every text of the step that may have holes.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let targets = [&mut self.target, &mut self.to].into_iter().flatten();
        let after = self
            .after
            .as_mut()
            .into_iter()
            .flat_map(|after| [&mut after.url, &mut after.text].into_iter().flatten());
        [&mut self.value, &mut self.says, &mut self.page]
            .into_iter()
            .flatten()
            .chain(&mut self.values)
            .chain(after)
            .chain(targets.flat_map(TargetQuery::texts_mut))
    }
}

impl TargetQuery {
    /// Every text of the query that may have holes.
    pub fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        [
            &mut self.role,
            &mut self.name,
            &mut self.label,
            &mut self.text,
            &mut self.placeholder,
            &mut self.tag,
            &mut self.column,
            &mut self.index,
            &mut self.heading,
            &mut self.landmark,
            &mut self.left,
            &mut self.above,
            &mut self.right,
            &mut self.below,
            &mut self.path,
            &mut self.frame,
        ]
        .into_iter()
        .flatten()
        .chain(&mut self.row)
        .chain(self.attributes.values_mut())
    }
}

impl Demonstration {
    /// Reads the text of a demonstration file; `file` names it in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, FormatError> {
        let not = |reason: String| FormatError::NotADemonstration {
            file: file.to_owned(),
            reason,
        };
        // The version is looked at first, so that a newer file is refused for what it is and not for an unknown field.
        let table: toml::Table = text
            .parse()
            .map_err(|e: toml::de::Error| not(e.to_string()))?;
        let found = table
            .get("format")
            .and_then(toml::Value::as_str)
            .ok_or_else(|| not("it has no line `format = \"1.0\"`".to_owned()))?;
        let major: u32 = found
            .split('.')
            .next()
            .and_then(|part| part.parse().ok())
            .ok_or_else(|| not(format!("format {found:?} is not MAJOR.MINOR")))?;
        if major > FORMAT.0 {
            return Err(FormatError::Newer {
                file: file.to_owned(),
                found: found.to_owned(),
            });
        }
        toml::from_str(text).map_err(|e| not(e.to_string()))
    }

    /// The text of a demonstration file.
    pub fn to_toml(&self) -> String {
        toml::to_string_pretty(self).expect("a demonstration holds only what TOML can write")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of format 1.0, as it was written then.
    const OLD: &str = "format = \"1.0\"\nworkflow = \"w\"\ngoal = \"Go\"\nstart = \"http://a.example/\"\n\n[[step]]\ndo = \"back\"\n";

    #[test]
    fn files_of_the_first_format_are_read() {
        let old = Demonstration::parse("old", OLD).unwrap();
        assert_eq!(old.steps, [Step::bare(Verb::Back)]);
    }

    #[test]
    fn what_steps_sent_is_written_and_read_again() {
        let mut demonstration = Demonstration::parse("old", OLD).unwrap();
        demonstration.format = format!("{}.{}", FORMAT.0, FORMAT.1);
        demonstration.steps[0].after = Some(After::default());
        demonstration.steps[0].effects = vec![
            Signature {
                method: "POST".to_owned(),
                origin: "{site:a}".to_owned(),
                path: "/notes/*".to_owned(),
                fields: vec!["text".to_owned()],
                operation: None,
            },
            Signature {
                operation: Some("mutation { a }".to_owned()),
                ..Signature::default()
            },
        ];
        demonstration.opening = demonstration.steps[0].effects.clone();
        demonstration.steps.push(Step::bare(Verb::Reload));
        let text = demonstration.to_toml();
        assert!(text.contains("[[step.effect]]"), "{text}");
        assert_eq!(Demonstration::parse("new", &text).unwrap(), demonstration);
    }
}
