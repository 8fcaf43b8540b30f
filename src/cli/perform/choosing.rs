//! Which demonstration is followed: the one that was named, else the one that the goal asks for. Where that is not certain, the
//! person says it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::CliError;
use super::rewording::{self, Answer, Inquiry, Reading, Unread};
use super::{failed, wrong_use};
use crate::config::Settings;
use crate::demo::library::{self, Heading};
use crate::guard::secrets::Secrets;
use crate::human::{Human, HumanError, Question};
use crate::trace::Outcome;
use crate::workflow::Workflow;
use crate::workflow::fitting::{Difference, Fit, Found, Request, find, is_shown, same_page};

/// What a person says where none of the demonstrations is meant.
const NONE: &str = "none of them";
/// What the question is about; it has a colon, since its answer is for this goal alone.
const KEY: &str = "goal:workflow";
/// A model is asked about so many workflows at most, where none is near.
const MOST_ASKED: usize = 8;
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

/// What does the job, and for which goal.
pub struct Chosen {
    pub choice: Choice,
    /// The goal as it was typed, or in the words of what was shown.
    pub goal: String,
    pub inquiry: Inquiry,
}

/// The workflow that was named, or that the goal asks for, else the model that there is.
///
/// # Errors
/// Where there is neither, or nobody says which of several.
pub async fn choose(
    settings: &Settings,
    secrets: &Secrets,
    demo: Option<&str>,
    goal: &str,
    human: &mut dyn Human,
) -> Result<Chosen, CliError> {
    let mut inquiry = Inquiry::default();
    let library = Library::of(settings);
    let chosen = match demo {
        Some(name) => {
            library
                .for_named(secrets, named(settings, name)?, goal, human, &mut inquiry)
                .await
        }
        None => library.fitting(secrets, goal, human, &mut inquiry).await,
    };
    match chosen {
        Ok((choice, goal)) => Ok(Chosen {
            choice,
            goal,
            inquiry,
        }),
        Err(error) => Err(inquiry.because(error)),
    }
}

/// What a goal is looked for in.
struct Library<'a> {
    settings: &'a Settings,
    headings: Vec<Heading>,
    sites: BTreeMap<String, String>,
    today: Date,
}

impl<'a> Library<'a> {
    fn of(settings: &'a Settings) -> Self {
        Self {
            settings,
            headings: library::headings(&settings.demos.value),
            sites: settings.site_origins(),
            today: jiff::ZonedDateTime::now().date(),
        }
    }

    fn request<'b>(&'b self, goal: &'b str) -> Request<'b> {
        Request {
            goal,
            start: self.settings.start.value.as_deref(),
            sites: &self.sites,
            today: self.today,
        }
    }

    fn find(&self, goal: &str) -> Found<Workflow> {
        // A broken demonstration must not keep the others from being used; `demos` says what is wrong with it.
        find(&self.headings, &self.request(goal), |name| {
            named(self.settings, name).ok()
        })
    }

    /// Whether a goal that a person agrees to says just what this workflow shows, and is nothing else for certain. One word in common
    /// is enough then: it was not found by chance.
    fn finds(&self, name: &str, goal: &str) -> bool {
        let Found { read, fit } = self.find(goal);
        match fit {
            Fit::One(at) => read[at].name() == name,
            Fit::Several(all) => all.iter().any(|at| read[*at].name() == name),
            Fit::Near(..) | Fit::None => named(self.settings, name)
                .is_ok_and(|workflow| is_shown(&workflow, &self.request(goal))),
        }
    }

    /// The workflow that was named, with its goal in words that it shows where it is typed in others.
    async fn for_named(
        &self,
        secrets: &Secrets,
        workflow: Workflow,
        goal: &str,
        human: &mut dyn Human,
        inquiry: &mut Inquiry,
    ) -> Result<(Choice, String), CliError> {
        let shows = |_: &str, goal: &str| is_shown(&workflow, &self.request(goal));
        let mut goal = goal.to_owned();
        if !shows(workflow.name(), &goal) {
            let unread = Unread {
                settings: self.settings,
                secrets,
                goal: &goal,
                today: self.today,
                names: vec![workflow.name()],
                likely: vec![&workflow],
                is_shown: &shows,
            };
            match rewording::read(&unread, human, inquiry).await? {
                Reading::As { goal: reads, .. } => goal = reads,
                Reading::Anew(reads) => {
                    inquiry.typed_anew(&goal, &reads, &workflow, self.today);
                    goal = reads;
                }
                Reading::Denied | Reading::Not => {}
            }
        }
        Ok((Choice::Workflow(Box::new(workflow)), goal))
    }

    /// The workflow that the goal asks for, else the model that there is.
    async fn fitting(
        &self,
        secrets: &Secrets,
        goal: &str,
        human: &mut dyn Human,
        inquiry: &mut Inquiry,
    ) -> Result<(Choice, String), CliError> {
        let followed = |workflow: Workflow, goal: &str| {
            (Choice::Workflow(Box::new(workflow)), goal.to_owned())
        };
        let Found { mut read, fit } = self.find(goal);
        let (near, likely) = match fit {
            Fit::One(at) => return Ok(followed(read.swap_remove(at), goal)),
            Fit::Several(fitting) => {
                let at = which(&read, &fitting, human).await?;
                return Ok(followed(read.swap_remove(at), goal));
            }
            Fit::Near(at, differences) => (Some((at, differences)), vec![&read[at]]),
            Fit::None => {
                self.read_small_library(&mut read);
                let likely = read.iter().filter(|one| self.may_start(one));
                (None, likely.collect())
            }
        };
        let unread = Unread {
            settings: self.settings,
            secrets,
            goal,
            today: self.today,
            names: self.headings.iter().map(|one| one.name.as_str()).collect(),
            likely,
            is_shown: &|name, goal| self.finds(name, goal),
        };
        // A workflow that a goal is read by with a yes needs no model at any step, so it goes before one that does the job.
        match rewording::read(&unread, human, inquiry).await? {
            Reading::As { workflow, goal } => {
                return Ok(followed(named(self.settings, &workflow)?, &goal));
            }
            Reading::Anew(reads) => return self.anew(goal, &reads, human, inquiry).await,
            // There is nothing else that a model could begin with.
            Reading::Denied
                if self.settings.start.value.is_none() && self.settings.connect.value.is_none() =>
            {
                return Err(refused("you said no; nothing was done"));
            }
            Reading::Denied | Reading::Not => {}
        }
        if let Some(model) = &self.settings.model.value {
            return Ok((Choice::Model(model.clone()), goal.to_owned()));
        }
        let Some((at, differences)) = near else {
            return Err(fits_none(self.settings, goal, ""));
        };
        let near = format!(
            "the nearest is {}; {}",
            told(&read[at]),
            sentence(&differences)
        );
        let reply = inquiry.ask(follow_near(&near), human).await?;
        match reply.as_deref().map(Answer::of) {
            Some(Answer::Yes) => Ok(followed(read.swap_remove(at), goal)),
            Some(Answer::No) => Err(refused("you said no; nothing was done")),
            Some(Answer::Anew(reads)) => self.anew(goal, &reads, human, inquiry).await,
            None => Err(fits_none(self.settings, goal, &format!("{near}: "))),
        }
    }

    /// The goal as the person typed it anew, which is meant to be in words that are shown.
    async fn anew(
        &self,
        goal: &str,
        reads: &str,
        human: &mut dyn Human,
        inquiry: &mut Inquiry,
    ) -> Result<(Choice, String), CliError> {
        let Found { mut read, fit } = self.find(reads);
        let at = match fit {
            Fit::One(at) => at,
            Fit::Several(fitting) => which(&read, &fitting, human).await?,
            Fit::Near(..) | Fit::None => {
                return Err(refused(format!(
                    "{reads:?} is not what a demonstration shows either; nothing was done"
                )));
            }
        };
        let workflow = read.swap_remove(at);
        inquiry.typed_anew(goal, reads, &workflow, self.today);
        Ok((Choice::Workflow(Box::new(workflow)), reads.to_owned()))
    }

    /// Adds the workflows that have no word in common with the goal, where there are so few that all can be asked about.
    fn read_small_library(&self, read: &mut Vec<Workflow>) {
        if self.settings.model.value.is_none() || self.headings.len() > MOST_ASKED {
            return;
        }
        for heading in &self.headings {
            if read.iter().all(|one| one.name() != heading.name) {
                read.extend(named(self.settings, &heading.name));
            }
        }
    }

    /// Whether a workflow starts where the person said that the run does.
    fn may_start(&self, workflow: &Workflow) -> bool {
        let start = self.settings.start.value.as_deref();
        start.is_none_or(|start| same_page(start, &workflow.start_url(&self.sites)))
    }
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
/// done.
fn follow_near(near: &str) -> Question {
    Question {
        key: KEY.to_owned(),
        text: format!(
            "No demonstration shows this: {near}. Follow it all the same? (yes, no, or say it in those words)"
        ),
        suggestions: vec![NO.to_owned(), YES.to_owned()],
        ..Question::default()
    }
}

/// What the person says; `None` where nobody is there to say it.
pub async fn answer(
    question: &Question,
    human: &mut dyn Human,
) -> Result<Option<String>, CliError> {
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
