//! Where a parameter's value comes from: an answer of this run, `--param`, the goal, what was read from the page, what is
//! remembered or preferred, what the last runs were told. What none of them says for certain is asked for.

use jiff::civil::Date;
use regex::Regex;

use super::Settings;
use super::hand::{Hand, Part};
use super::progress::Progress;
use crate::computer::{DownloadState, Text};
use crate::demo::{ParameterKind, TargetQuery};
use crate::human::Question;
use crate::policy::{Decision, Situation};
use crate::workflow::goal::{Reading, items};
use crate::workflow::lessons::Lessons;
use crate::workflow::template::{Source, Template, TemplateError};
use crate::workflow::{Known, Workflow};

/// A question is asked at most this often; who answers it in vain thrice will not be helped by a fourth.
pub const MOST_ASKED: usize = 3;

/// Everything that values are found in.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    pub workflow: &'a Workflow,
    pub settings: &'a Settings,
    pub situation: &'a Situation<'a>,
    pub reading: &'a Reading,
    pub progress: &'a Progress,
    pub lessons: &'a Lessons,
    pub hands: &'a [Hand],
    /// What is known of a part of the job that was done by hand, where this is one.
    pub part: Option<&'a Part>,
}

/// Why a text cannot be filled yet.
#[derive(Debug)]
pub enum Lack {
    /// The person can tell.
    Decide(Box<Decision>),
    /// No download has ended.
    Download,
}

/// What reading steps gave for a parameter.
enum Read {
    Nothing,
    One(String),
    /// The pattern does not tell which, or fits nowhere.
    Unclear {
        why: String,
        suggestions: Vec<String>,
    },
}

impl Values<'_> {
    fn today(&self) -> Date {
        self.settings.reference_date
    }

    /// The text with its holes filled, or what has to happen first.
    pub fn fill(&self, text: &str) -> Result<String, Lack> {
        let filled = Template::parse(text)
            .and_then(|template| template.fill(self.today(), &|source| self.lookup(source)));
        filled.map_err(|error| self.lack(error))
    }

    /// What is typed: a secret by its name, anything else filled.
    pub fn text(&self, text: &str) -> Result<Text, Lack> {
        let secret = Template::parse(text).ok().and_then(|template| {
            let known = self.workflow.parameters().get(template.whole()?)?;
            known.secret.clone()
        });
        match secret {
            Some(name) => Ok(Text::Secret(name)),
            None => self.fill(text).map(Text::Plain),
        }
    }

    /// Several texts; one that is nothing but a list gives all of its items.
    pub fn list(&self, texts: &[String]) -> Result<Vec<String>, Lack> {
        let mut all = Vec::new();
        for text in texts {
            let filled = self.fill(text)?;
            let is_list = Template::parse(text).is_ok_and(|template| {
                template
                    .whole()
                    .and_then(|name| self.workflow.parameters().get(name))
                    .is_some_and(|known| known.kind == ParameterKind::List)
            });
            if is_list {
                all.extend(items(&filled));
            } else {
                all.push(filled);
            }
        }
        Ok(all)
    }

    /// A target with every text filled.
    pub fn query(&self, query: &TargetQuery) -> Result<TargetQuery, Lack> {
        let one = |text: &Option<String>| text.as_deref().map(|text| self.fill(text)).transpose();
        let mut filled = TargetQuery {
            role: one(&query.role)?,
            name: one(&query.name)?,
            label: one(&query.label)?,
            text: one(&query.text)?,
            placeholder: one(&query.placeholder)?,
            tag: one(&query.tag)?,
            row: Vec::new(),
            column: one(&query.column)?,
            index: one(&query.index)?,
            heading: one(&query.heading)?,
            landmark: one(&query.landmark)?,
            attributes: std::collections::BTreeMap::new(),
            left: one(&query.left)?,
            above: one(&query.above)?,
            right: one(&query.right)?,
            below: one(&query.below)?,
            path: one(&query.path)?,
            area: query.area,
            frame: one(&query.frame)?,
        };
        for text in &query.row {
            filled.row.push(self.fill(text)?);
        }
        for (name, text) in &query.attributes {
            filled.attributes.insert(name.clone(), self.fill(text)?);
        }
        Ok(filled)
    }

    /// The text for people's eyes: what is not known yet stands in braces, and a secret as its name. Never asks.
    pub fn told(&self, text: &str) -> String {
        let fill = |raw: bool| {
            Template::parse(text).and_then(|template| {
                template.fill(self.today(), &|source| {
                    let value = if raw { None } else { self.lookup(source) };
                    Some(value.unwrap_or_else(|| self.placeholder(source)))
                })
            })
        };
        fill(false)
            .or_else(|_| fill(true))
            .unwrap_or_else(|_| text.to_owned())
    }

    /// The text as it was in the recording.
    pub fn shown(&self, text: &str) -> String {
        Template::parse(text)
            .and_then(|template| {
                template.fill(self.today(), &|source| {
                    let example = match source {
                        Source::Parameter(name) => self
                            .workflow
                            .parameters()
                            .get(name)
                            .and_then(|known| known.examples.first().cloned()),
                        Source::Site(name) => self.workflow.sites().get(name).cloned(),
                        Source::Download => None,
                    };
                    Some(example.unwrap_or_else(|| self.placeholder(source)))
                })
            })
            .unwrap_or_else(|_| text.to_owned())
    }

    fn placeholder(&self, source: &Source) -> String {
        let secret = match source {
            Source::Parameter(name) => self
                .workflow
                .parameters()
                .get(name)
                .and_then(|known| known.secret.as_ref()),
            Source::Site(_) | Source::Download => None,
        };
        match secret {
            Some(name) => format!("the secret {name}"),
            None => format!("{{{}}}", source.written()),
        }
    }

    fn lookup(&self, source: &Source) -> Option<String> {
        match source {
            Source::Parameter(name) => self.parameter(name),
            Source::Site(name) => self.workflow.origin(name, &self.settings.sites),
            Source::Download => self
                .situation
                .observation
                .downloads
                .iter()
                .rev()
                .find(|download| download.state == DownloadState::Finished)
                .map(|download| {
                    let path = self.situation.downloads.join(&download.file);
                    path.display().to_string()
                }),
        }
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.given(name)
            .or_else(|| self.situation.remembered.get(name).cloned())
            .or_else(|| self.learnt(name))
            .filter(|value| !value.trim().is_empty())
    }

    /// Whether this run itself says what the parameter is.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// What this run itself says: its answers, its parameters, its goal, its pages.
    fn given(&self, name: &str) -> Option<String> {
        let answered = self
            .progress
            .answers
            .get(name)
            .map(|(text, _)| text.clone());
        let read = || match self.read(name) {
            Read::One(value) => Some(value),
            Read::Nothing | Read::Unclear { .. } => None,
        };
        answered
            .or_else(|| self.situation.parameters.get(name).cloned())
            .or_else(|| self.reading.values.get(name).cloned())
            .or_else(read)
    }

    fn read(&self, name: &str) -> Read {
        let steps = self.workflow.steps();
        let last = self
            .progress
            .reads
            .iter()
            .rev()
            .filter_map(|(at, text)| Some((steps.get(*at)?, text)))
            .find(|(step, _)| step.into.as_deref() == Some(name));
        let Some((step, text)) = last else {
            return Read::Nothing;
        };
        let Some(pattern) = step.pattern.as_deref().and_then(|p| Regex::new(p).ok()) else {
            return Read::One(text.trim().to_owned());
        };
        let mut values: Vec<String> = pattern
            .captures_iter(text)
            .filter_map(|found| found.name("value").or_else(|| found.get(0)))
            .map(|found| found.as_str().trim().to_owned())
            .collect();
        values.sort();
        values.dedup();
        match values.as_slice() {
            [value] => Read::One(value.clone()),
            [] => Read::Unclear {
                why: format!(
                    "What was read there, {:?}, does not fit its pattern.",
                    short(text)
                ),
                suggestions: Vec::new(),
            },
            _ => Read::Unclear {
                why: format!("More than one value was read there: {}.", values.join(", ")),
                suggestions: values,
            },
        }
    }

    fn lack(&self, error: TemplateError) -> Lack {
        match error {
            TemplateError::Missing { name, .. } if name == "download" => Lack::Download,
            TemplateError::Missing { name, template } if !name.contains(':') => {
                let (why, suggestions) = match self.read(&name) {
                    Read::Unclear { why, suggestions } => (Some(why), suggestions),
                    Read::Nothing | Read::One(_) => (None, Vec::new()),
                };
                Lack::Decide(Box::new(self.ask(&name, &template, why, suggestions)))
            }
            TemplateError::Refused {
                template,
                name,
                value,
                reason,
                suggestions,
            } if !name.contains(':') && name != "download" => {
                let why = format!("{value:?} {reason}.");
                Lack::Decide(Box::new(self.ask(&name, &template, Some(why), suggestions)))
            }
            other => Lack::Decide(Box::new(Decision::GiveUp {
                reason: other.to_string(),
            })),
        }
    }

    /// Asks for a parameter; what it was in the recordings is suggested.
    fn ask(
        &self,
        name: &str,
        template: &str,
        why: Option<String>,
        mut suggestions: Vec<String>,
    ) -> Decision {
        let (_, asked) = self.progress.answer(name);
        if asked >= MOST_ASKED {
            return Decision::GiveUp {
                reason: format!(
                    "{name:?} was asked {asked} times, and no answer could be used for {template:?}{}; give it with --param {name}=VALUE",
                    why.map(|why| format!(" ({})", why.trim_end_matches('.')))
                        .unwrap_or_default()
                ),
            };
        }
        let known: Option<&Known> = self.workflow.parameters().get(name);
        let question = known
            .and_then(|known| known.question.clone())
            .unwrap_or_else(|| format!("What should {name:?} be?"));
        if suggestions.is_empty()
            && let Some(known) = known
        {
            suggestions.clone_from(&known.examples);
        }
        self.suggest(name, &mut suggestions);
        Decision::Ask(Question {
            key: name.to_owned(),
            text: match why {
                Some(why) => format!("{why} {question}"),
                None => question,
            },
            suggestions,
            marks: Vec::new(),
            secret: false,
        })
    }
}

fn short(text: &str) -> String {
    /// Enough to see what was read.
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        text.trim().to_owned()
    } else {
        let cut: String = text.trim().chars().take(LONGEST).collect();
        format!("{cut}…")
    }
}
