//! A goal that is put otherwise than what was shown, where following it as it stands would be asked about or refused: said in the
//! words of what was shown, by a wording that a person agreed to before, or by a text model and with the person's yes to the
//! sentence.
//!
//! Invariants: no model's word alone begins anything; whatever fails leaves the goal as it was typed, and one sentence says why.

mod prompt;

use std::time::Duration;

use jiff::civil::Date;

use super::super::CliError;
use super::choosing::answer;
use super::run::connect;
use crate::config::{Settings, Source};
use crate::demo::ParameterKind;
use crate::demo::learned::{self, Lesson};
use crate::guard::secrets::Secrets;
use crate::human::{Human, Question};
use crate::model::{Model, ModelError};
use crate::policy::Usage;
use crate::run::Before;
use crate::trace::{Event, Trace, Typed};
use crate::workflow::Workflow;
use crate::workflow::goal::{Example, Pattern};
use crate::workflow::rewording::{Rewording, Wording, choices, may_say, reword};

/// How long a model may take to read a goal, in seconds, where the person did not say how long it may take for an answer: it saves
/// the person from typing a sentence, which takes about as long.
const READING_SECONDS: u64 = 20;
/// Goals with more letters than this are not one sentence in other words.
const LONGEST_GOAL: usize = 600;
/// What the question is about; it has a colon, since its answer is for this goal alone.
const KEY: &str = "goal:reading";
/// How many shown goals a model sees of each workflow.
const MOST_EXAMPLES: usize = 3;
const YES: &str = "yes";
const NO: &str = "no";

/// What was asked to find out what a goal means.
#[derive(Debug, Default)]
pub struct Inquiry {
    /// What was typed, where it was read as something else.
    pub typed: Option<Typed>,
    notes: Vec<String>,
    asked: Vec<(Question, String)>,
    usage: Usage,
    /// Why the goal was not read as anything else, where that was tried.
    why: Option<String>,
}

impl Inquiry {
    /// Of a run that is done anew: what it was read as stays, and is not asked again.
    pub fn of_earlier(trace: &Trace) -> Self {
        Self {
            typed: trace.header.typed.clone(),
            ..Self::default()
        }
    }

    /// What the run's trace begins with.
    pub fn events(&self) -> impl Iterator<Item = Event> {
        self.asked.iter().map(|(question, answer)| Event::Asked {
            question: question.clone(),
            answer: Some(answer.clone()),
            remembered: false,
        })
    }

    /// What the person should know of it.
    pub fn notes(&self) -> Vec<String> {
        self.notes.iter().chain(&self.why).cloned().collect()
    }

    /// What the run's end counts.
    pub fn before(&self) -> Before {
        Before {
            questions: self.asked.len(),
            usage: self.usage,
        }
    }

    /// An error that says why the goal was not read otherwise, too.
    pub fn because(&self, error: CliError) -> CliError {
        match (&self.why, error) {
            (Some(why), CliError::Other { message, code }) => CliError::Other {
                message: format!("{message} ({why})"),
                code,
            },
            (_, error) => error,
        }
    }

    /// What was typed is read as this sentence of the workflow, which the person typed themselves. Where its values stand in what
    /// was typed first, that is a wording to learn.
    pub fn typed_anew(&mut self, goal: &str, reads: &str, workflow: &Workflow, today: Date) {
        self.typed = Some(Typed {
            goal: goal.to_owned(),
            values: values_of(goal, reads, workflow, today).unwrap_or_default(),
            question: self.last_question(),
        });
    }

    fn last_question(&self) -> Option<String> {
        self.asked.last().map(|(question, _)| question.text.clone())
    }

    /// Asks, and keeps what was said.
    pub async fn ask(
        &mut self,
        question: Question,
        human: &mut dyn Human,
    ) -> Result<Option<String>, CliError> {
        let reply = answer(&question, human).await?;
        if let Some(reply) = &reply {
            self.asked.push((question, reply.clone()));
        }
        Ok(reply)
    }
}

/// A goal, and what it may be read by.
pub struct Unread<'a> {
    pub settings: &'a Settings,
    pub secrets: &'a Secrets,
    pub goal: &'a str,
    pub today: Date,
    /// The workflows whose learnt wordings count.
    pub names: Vec<&'a str>,
    /// Those that a model is asked about.
    pub likely: Vec<&'a Workflow>,
    /// Whether a sentence would be followed as the workflow of this name, had it been typed.
    pub is_shown: &'a dyn Fn(&str, &str) -> bool,
}

/// What comes of a goal that is put otherwise.
pub enum Reading {
    /// It is read as this, which the workflow shows.
    As { workflow: String, goal: String },
    /// The person typed it anew.
    Anew(String),
    /// The person says that what it was read as is not meant.
    Denied,
    /// It stays as it is.
    Not,
}

/// Finds what is meant.
///
/// # Errors
/// Where the terminal fails, or the person ends it.
pub async fn read(
    unread: &Unread<'_>,
    human: &mut dyn Human,
    inquiry: &mut Inquiry,
) -> Result<Reading, CliError> {
    if unread.goal.chars().count() > LONGEST_GOAL {
        return Ok(Reading::Not);
    }
    if let Some((workflow, reading, lesson)) = unread.as_learnt() {
        inquiry.notes.push(format!(
            "read as {:?}, as you agreed on {} (run {})",
            reading.reads,
            lesson.day(),
            lesson.run
        ));
        return Ok(read_as(workflow, reading, None, inquiry));
    }
    let Some(spec) = &unread.settings.model.value else {
        return Ok(Reading::Not);
    };
    let (workflow, reading) = match unread.by_model(spec, inquiry).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Reading::Not),
        Err(why) => {
            inquiry.why = Some(format!(
                "the goal could not be read in the words of what was shown: {why}"
            ));
            return Ok(Reading::Not);
        }
    };
    let reply = inquiry.ask(question(&workflow, &reading), human).await?;
    match reply.as_deref().map(Answer::of) {
        Some(Answer::Yes) => {
            let question = inquiry.last_question();
            Ok(read_as(workflow, reading, question, inquiry))
        }
        Some(Answer::Anew(goal)) => Ok(Reading::Anew(goal)),
        Some(Answer::No) => Ok(Reading::Denied),
        None => {
            inquiry.why = Some(format!(
                "it would be read as {:?}{}, and nobody is there to say yes to that",
                reading.reads,
                left_out(&reading)
            ));
            Ok(Reading::Not)
        }
    }
}

fn read_as(
    workflow: String,
    reading: Rewording,
    question: Option<String>,
    inquiry: &mut Inquiry,
) -> Reading {
    inquiry.typed = Some(Typed {
        goal: reading.typed,
        values: reading.values,
        question,
    });
    Reading::As {
        workflow,
        goal: reading.reads,
    }
}

/// An answer to a question that may be answered with another goal.
pub enum Answer {
    Yes,
    No,
    Anew(String),
}

impl Answer {
    /// One word is no goal.
    pub fn of(reply: &str) -> Self {
        let reply = reply.trim();
        if reply.eq_ignore_ascii_case(YES) {
            Answer::Yes
        } else if reply.split_whitespace().nth(1).is_some() {
            Answer::Anew(reply.to_owned())
        } else {
            Answer::No
        }
    }
}

fn question(workflow: &str, reading: &Rewording) -> Question {
    Question {
        key: KEY.to_owned(),
        text: format!(
            "I read this as: \"{}\" (as {workflow:?} shows it){}. Right? (yes, no, or say it in those words)",
            reading.reads,
            left_out(reading)
        ),
        // "No" first: a key pressed too early begins nothing.
        suggestions: vec![NO.to_owned(), YES.to_owned()],
        ..Question::default()
    }
}

fn left_out(reading: &Rewording) -> String {
    if reading.leaves_out.is_empty() {
        return String::new();
    }
    let quoted = reading.leaves_out.iter().map(|text| format!("{text:?}"));
    format!(
        "; it leaves out {}",
        quoted.collect::<Vec<_>>().join(" and ")
    )
}

impl Unread<'_> {
    /// What wordings that a person agreed to say, where they agree.
    fn as_learnt(&self) -> Option<(String, Rewording, Lesson)> {
        if !self.settings.learn.value {
            return None;
        }
        let mut found: Vec<(String, Rewording, Lesson)> = Vec::new();
        for name in &self.names {
            let file = learned::file_of(&self.settings.demos.value, name);
            // A file that is broken is told of where its workflow is followed.
            for lesson in learned::load(&file).unwrap_or_default() {
                let reading = Wording::of(&lesson).and_then(|one| one.read(self.goal, self.today));
                if let Some(reading) = reading.and_then(|one| self.shown(name, one)) {
                    found.push(((*name).to_owned(), reading, lesson));
                }
            }
        }
        let last = found.pop()?;
        let agrees =
            |one: &(String, Rewording, Lesson)| one.0 == last.0 && one.1.reads == last.1.reads;
        found.iter().all(agrees).then_some(last)
    }

    /// The reading, where what it says would be followed; with quotes around long values where it has to be.
    fn shown(&self, name: &str, reading: Rewording) -> Option<Rewording> {
        if (self.is_shown)(name, &reading.reads) {
            return Some(reading);
        }
        (self.is_shown)(name, &reading.quoted).then(|| Rewording {
            reads: reading.quoted.clone(),
            ..reading
        })
    }

    /// What a text model makes of it; `None` where there is nothing that it could be asked about.
    async fn by_model(
        &self,
        spec: &str,
        inquiry: &mut Inquiry,
    ) -> Result<Option<(String, Rewording)>, String> {
        let (mut workflows, mut shown, mut unfit) = (Vec::new(), Vec::new(), None);
        for workflow in &self.likely {
            let frame = workflow.frame(self.goal, self.today);
            if let Err(why) = may_say(&frame, self.goal, self.today) {
                unfit = Some(why.to_string());
            } else if frame.blanks().len() <= prompt::MOST_BLANKS {
                let examples = workflow.examples(&frame, MOST_EXAMPLES, self.today);
                workflows.push(*workflow);
                shown.push(prompt::Shown { frame, examples });
            }
        }
        if shown.is_empty() {
            return unfit.map_or(Ok(None), Err);
        }
        // A secret's value is in no prompt.
        if self.secrets.masker().mask(self.goal) != self.goal {
            return Err("it holds the value of a secret".to_owned());
        }
        let mut model = self.model(spec).map_err(|error| error.to_string())?;
        let request = prompt::request(&shown, self.goal, &choices(self.goal, self.today));
        let answer = ask(&mut *model, request, inquiry).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let name = model.name();
        let read = prompt::read(&shown, &answer);
        let (at, values) = read.map_err(|why| format!("the model {name:?} {why}"))?;
        let reading = reword(&shown[at].frame, self.goal, &values, self.today)
            .map_err(|unfit| format!("the model {name:?} was asked, and {unfit}"))?;
        let workflow = workflows[at].name();
        let reads = reading.reads.clone();
        match self.shown(workflow, reading) {
            Some(reading) => Ok(Some((workflow.to_owned(), reading))),
            None => Err(format!(
                "the model {name:?} makes {reads:?} of it, which is not just what {workflow:?} shows"
            )),
        }
    }

    fn model(&self, spec: &str) -> Result<Box<dyn Model>, ModelError> {
        let seconds = match self.settings.model_seconds.source {
            Source::Default => READING_SECONDS,
            Source::Flag | Source::Environment(_) | Source::File(_) => {
                self.settings.model_seconds.value
            }
        };
        connect(self.settings, spec, |limits| {
            limits.whole_answer = Duration::from_secs(seconds);
            limits.connect = limits.connect.min(limits.whole_answer);
            // What may pass by itself is not waited for: the person is there, and can say it.
            limits.tries = 1;
        })
    }
}

/// Asks, without a schema where the server knows none, and counts it.
async fn ask(
    model: &mut dyn Model,
    mut request: crate::model::Request,
    inquiry: &mut Inquiry,
) -> Result<crate::model::Answer, ModelError> {
    let mut answer = model.ask(&request).await;
    if matches!(answer, Err(ModelError::Refused { .. })) && request.schema.take().is_some() {
        answer = model.ask(&request).await;
    }
    let answer = answer?;
    inquiry.usage = inquiry.usage.plus(Usage {
        model_calls: 1,
        input_tokens: answer.usage.input,
        output_tokens: answer.usage.output,
        cost: model.price().map_or(0.0, |price| price.of(answer.usage)),
    });
    inquiry.notes.push(format!(
        "asked the model {:?} which words of the goal are its values ({} tokens in, {} out)",
        model.name(),
        answer.usage.input,
        answer.usage.output
    ));
    Ok(answer)
}

/// The values of what a person typed in the shown words, where each stands in what they had typed first.
fn values_of(goal: &str, reads: &str, workflow: &Workflow, today: Date) -> Option<Vec<String>> {
    let frame = workflow.frame(reads, today);
    let values = workflow.values_of(&frame, reads, today)?;
    let examples: Vec<Example> = values
        .iter()
        .zip(frame.blanks())
        .map(|(value, blank)| (blank.name.clone(), ParameterKind::Text, value.clone()))
        .collect();
    let frame = Pattern::new(reads, &examples, today).frame(reads);
    let values: Vec<String> = frame
        .blanks()
        .iter()
        .map(|blank| blank.example.clone())
        .collect();
    let reading = reword(&frame, goal, &values, today).ok()?;
    Some(reading.values)
}
