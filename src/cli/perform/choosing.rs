//! Which demonstration is followed: the one that was named, else the one that the goal asks for. Where that is not certain, the
//! person says it.

use super::super::CliError;
use super::{failed, wrong_use};
use crate::config::Settings;
use crate::demo::library;
use crate::human::{Human, HumanError, Question};
use crate::trace::Outcome;
use crate::workflow::Workflow;
use crate::workflow::fitting::{Difference, Fit, Found, Request, find};

/// What a person says where none of the demonstrations is meant.
const NONE: &str = "none of them";
/// What the question is about; it has a colon, since its answer is for this goal alone.
const KEY: &str = "goal:workflow";
const YES: &str = "yes";
const NO: &str = "no";

/// The workflow of this name.
///
/// # Errors
/// Where it cannot be read, or says that it is another one: what was learned, allowed and left waiting is kept by name.
pub fn named(settings: &Settings, name: &str) -> Result<Workflow, CliError> {
    let folder = &settings.demos.value;
    let takes = library::load(folder, name).map_err(|e| wrong_use(e.to_string()))?;
    let workflow = Workflow::from_takes(takes).map_err(|e| wrong_use(e.to_string()))?;
    if workflow.name() != name {
        return Err(wrong_use(format!(
            "{} says that it is the workflow {:?}, which is another folder's name: write workflow = {name:?} into its takes, or move them \
             to the folder {:?}",
            folder.join(name).display(),
            workflow.name(),
            workflow.name()
        )));
    }
    Ok(workflow)
}

/// What does the job.
pub enum Choice {
    Workflow(Box<Workflow>),
    /// The model that this names.
    Model(String),
}

/// The workflow that the goal asks for, else the model that there is.
///
/// # Errors
/// Where there is neither, or nobody says which of several.
pub async fn fitting(
    settings: &Settings,
    goal: &str,
    human: &mut dyn Human,
) -> Result<Choice, CliError> {
    let headings = library::headings(&settings.demos.value);
    let request = Request {
        goal,
        start: settings.start.value.as_deref(),
        sites: &settings.site_origins(),
        today: jiff::ZonedDateTime::now().date(),
    };
    // A broken demonstration must not keep the others from being used; `demos` says what is wrong with it.
    let Found { mut read, fit } = find(&headings, &request, |name| named(settings, name).ok());
    let chosen = match (fit, &settings.model.value) {
        (Fit::One(at), _) => at,
        (Fit::Several(fitting), _) => which(&read, &fitting, human).await?,
        (Fit::Near(..) | Fit::None, Some(model)) => return Ok(Choice::Model(model.clone())),
        (Fit::Near(at, differences), None) => {
            let near = format!(
                "the nearest is {}; {}",
                told(&read[at]),
                sentence(&differences)
            );
            match follows_near(&near, human).await? {
                Some(true) => at,
                Some(false) => return Err(refused("you said no; nothing was done")),
                None => return Err(fits_none(settings, goal, &format!("{near}: "))),
            }
        }
        (Fit::None, None) => return Err(fits_none(settings, goal, "")),
    };
    Ok(Choice::Workflow(Box::new(read.swap_remove(chosen))))
}

/// Which of several that fit alike is meant.
async fn which(
    all: &[Workflow],
    fitting: &[usize],
    human: &mut dyn Human,
) -> Result<usize, CliError> {
    let name = |at: &usize| all[*at].name();
    let shown: Vec<String> = fitting.iter().map(|at| told(&all[*at])).collect();
    let mut suggestions: Vec<String> = fitting.iter().map(|at| name(at).to_owned()).collect();
    suggestions.push(NONE.to_owned());
    let question = Question {
        key: KEY.to_owned(),
        text: format!(
            "The goal fits several demonstrations alike: {}. Which one do you mean?",
            shown.join(", ")
        ),
        suggestions,
        ..Question::default()
    };
    let Some(reply) = answer(&question, human).await? else {
        let names: Vec<&str> = fitting.iter().map(name).collect();
        return Err(wrong_use(format!(
            "this goal fits several demonstrations ({}): name one with --demo",
            names.join(", ")
        )));
    };
    let meant = fitting.iter().find(|at| name(at) == reply);
    let refused = || {
        refused(format!(
            "you said {reply:?}, which is none of them; nothing was done"
        ))
    };
    meant.copied().ok_or_else(refused)
}

/// Whether what is only near is followed. What the goal says beside it is asked about once more, word by word, before anything is
/// done. `None` where nobody is there to say it.
async fn follows_near(near: &str, human: &mut dyn Human) -> Result<Option<bool>, CliError> {
    let question = Question {
        key: KEY.to_owned(),
        text: format!("No demonstration shows this: {near}. Follow it all the same?"),
        suggestions: vec![NO.to_owned(), YES.to_owned()],
        ..Question::default()
    };
    let reply = answer(&question, human).await?;
    Ok(reply.map(|reply| reply.eq_ignore_ascii_case(YES)))
}

/// What the person says; `None` where nobody is there to say it.
async fn answer(question: &Question, human: &mut dyn Human) -> Result<Option<String>, CliError> {
    match human.ask(question, None).await {
        Ok(reply) => Ok(Some(reply.text.trim().to_owned())),
        Err(HumanError::NobodyThere { .. } | HumanError::AnswersRanDry { .. }) => Ok(None),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn refused(message: impl Into<String>) -> CliError {
    CliError::Other {
        message: message.into(),
        code: Outcome::Refused.exit_code(),
    }
}

fn fits_none(settings: &Settings, goal: &str, near: &str) -> CliError {
    wrong_use(format!(
        "no demonstration in {} fits {goal:?}: {near}name one with --demo, record one with `apprentice record`, or name a model with \
         --model",
        settings.demos.value.display()
    ))
}

/// A workflow as a person knows it again.
fn told(workflow: &Workflow) -> String {
    format!("{:?}, which shows {:?}", workflow.name(), workflow.goal())
}

/// In what the goal and what was shown differ, in words.
fn sentence(differences: &[Difference]) -> String {
    let quoted = |which: fn(&Difference) -> Option<&String>| -> Option<String> {
        let texts: Vec<String> = differences
            .iter()
            .filter_map(which)
            .map(|text| format!("{text:?}"))
            .collect();
        (!texts.is_empty()).then(|| texts.join(" and "))
    };
    let more = quoted(|one| match one {
        Difference::NotShown(text) => Some(text),
        Difference::NotSaid(_) => None,
    });
    let less = quoted(|one| match one {
        Difference::NotSaid(text) => Some(text),
        Difference::NotShown(_) => None,
    });
    let parts: Vec<String> = [
        more.map(|texts| format!("the goal says {texts}, which it does not show")),
        less.map(|texts| format!("it was shown with {texts}, which the goal does not say")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return "they have hardly a word in common".to_owned();
    }
    parts.join(", and ")
}
