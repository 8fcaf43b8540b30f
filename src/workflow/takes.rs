//! Turns the takes of one job into a workflow: checks every step, and merges what the takes say about the parameters.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use regex::Regex;

use super::goal::{Example, Frame, Pattern, Reading, shared_words};
use super::induce::{Induced, Plan};
use super::merge;
use super::template::{Source, Template, TemplateError, is_name};
use super::words::Token;
use crate::demo::{Demonstration, Parameter, ParameterKind, Step, TargetQuery, Verb};
use crate::guard::effect::Signature;

/// From so many recordings on, a word that all their goals have is not one of several values.
const TELLING_TAKES: usize = 3;

/// A parameter as all takes together know it.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    pub kind: ParameterKind,
    /// How to ask for it.
    pub question: Option<String>,
    /// Name of the secret that holds it.
    pub secret: Option<String>,
    /// Its different values in the takes, in their order.
    pub examples: Vec<String>,
}

/// Steps with parameters, out of one or more demonstrations of the same job.
#[derive(Debug, Clone)]
pub struct Workflow {
    name: String,
    goal: String,
    start: Template,
    /// What the takes saw sent before their first step.
    opening: Vec<Signature>,
    result: Option<Template>,
    sites: BTreeMap<String, String>,
    parameters: BTreeMap<String, Known>,
    steps: Vec<Step>,
    /// Goal and examples of each take, for reading a new goal by the one that fits it best.
    goals: Vec<(String, Vec<Example>)>,
    /// What raw recordings mean; `None` where a person wrote the parameters themselves.
    induced: Option<Arc<Induced>>,
    /// Words that the goals of all raw recordings have; none where there are too few to tell.
    always: BTreeSet<String>,
    /// How to do each step for the goal, once there is one; see [`Workflow::for_goal`].
    plans: Vec<Plan>,
}

/// Why takes do not make a workflow.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WorkflowError {
    #[error("there is no demonstration to follow: record one with `apprentice record`")]
    NoTakes,
    #[error("the demonstration {take} has no steps: record it again, or write some")]
    NoSteps { take: String },
    #[error(
        "the demonstrations {first} and {take} are of different workflows ({one:?} and {other:?}): keep each in its own folder"
    )]
    Different {
        first: String,
        take: String,
        one: String,
        other: String,
    },
    #[error("step {step} of {take}: {reason}")]
    Step {
        take: String,
        /// From 1.
        step: usize,
        reason: String,
    },
    #[error("the parameter {parameter:?} of {take}: {reason}")]
    Parameter {
        take: String,
        parameter: String,
        reason: String,
    },
    #[error("the line `{line}` of {take}: {reason}")]
    Line {
        take: String,
        line: &'static str,
        reason: String,
    },
}

/// A way to follow a workflow for a goal.
#[derive(Debug, Clone)]
pub struct WayForGoal {
    /// The workflow with its steps made ready.
    pub workflow: Workflow,
    /// What it does, in words.
    pub does: String,
    /// Whether the page on which it begins tells it from all others: what it begins with is there only where it is the one.
    pub told_by_page: bool,
    /// How many recordings show it.
    pub recordings: usize,
}

impl Workflow {
    /// Makes a workflow of takes, each with its name. The steps are the first take's; the parameters are everybody's.
    pub fn from_takes(mut takes: Vec<(String, Demonstration)>) -> Result<Self, WorkflowError> {
        let Some((first, workflow)) = takes
            .first()
            .map(|(take, demonstration)| (take.clone(), demonstration.workflow.clone()))
        else {
            return Err(WorkflowError::NoTakes);
        };
        for (take, demonstration) in &takes {
            if demonstration.workflow != workflow {
                return Err(WorkflowError::Different {
                    first,
                    take: take.clone(),
                    one: workflow,
                    other: demonstration.workflow.clone(),
                });
            }
            check(take, demonstration)?;
        }
        let induced = is_raw(&takes).then(|| {
            let recordings: Vec<&Demonstration> = takes.iter().map(|(_, one)| one).collect();
            Arc::new(Induced::from_recordings(&recordings))
        });
        if induced.is_none() {
            merge::name_what_differs(&mut takes);
        }
        let parameters = merge_parameters(&takes)?;
        let goals: Vec<(String, Vec<Example>)> = takes
            .iter()
            .map(|(_, demonstration)| (demonstration.goal.clone(), examples(demonstration)))
            .collect();
        let always = if induced.is_some() && goals.len() >= TELLING_TAKES {
            // The day only tells dates from words.
            shared_words(
                goals.iter().map(|(goal, _)| goal.as_str()),
                Date::constant(2026, 1, 1),
            )
        } else {
            BTreeSet::new()
        };
        let mut sites = BTreeMap::new();
        for (_, demonstration) in takes.iter().rev() {
            sites.extend(demonstration.sites.clone());
        }
        let mut opening: Vec<Signature> = Vec::new();
        for shown in takes.iter().flat_map(|(_, one)| &one.opening) {
            if !opening.contains(shown) {
                opening.push(shown.clone());
            }
        }
        let (take, shown) = takes.swap_remove(0);
        let line = |line: &'static str| {
            let take = take.clone();
            move |error: TemplateError| WorkflowError::Line {
                take,
                line,
                reason: error.to_string(),
            }
        };
        Ok(Self {
            name: shown.workflow,
            goal: shown.goal,
            start: Template::parse(&shown.start).map_err(line("start"))?,
            opening,
            result: shown
                .result
                .as_deref()
                .map(Template::parse)
                .transpose()
                .map_err(line("result"))?,
            sites,
            parameters,
            steps: shown.steps,
            goals,
            induced,
            always,
            plans: Vec::new(),
        })
    }

    /// The workflow with its steps made ready for a goal: loops unrolled and what the goal says put in. A workflow whose
    /// parameters a person wrote is the same for every goal.
    pub fn for_goal(&self, goal: &str, today: Date) -> Cow<'_, Self> {
        let Some(induced) = &self.induced else {
            return Cow::Borrowed(self);
        };
        let take = self.best_of(&self.readings(goal, today));
        Cow::Owned(self.done_as(induced, take, goal, today))
    }

    /// The ways to follow it for a goal, each made ready: the one that is meant, or those that fit alike where none is shown by
    /// most recordings, since what tells them apart is not in the goal. Empty where it is the same for every goal.
    pub fn ways_for_goal(&self, goal: &str, today: Date) -> Vec<WayForGoal> {
        let Some(induced) = &self.induced else {
            return Vec::new();
        };
        let readings = self.readings(goal, today);
        let best = self.best_of(&readings);
        let mut alike: Vec<usize> = vec![best];
        for take in 0..readings.len() {
            // The same sentence cannot say which of two ways is meant, however well each reads it.
            let even = !tells_apart(&readings[best], &readings[take])
                || self.goals[take].0 == self.goals[best].0
                || self
                    .reading_by_own_places(induced, take, goal, today)
                    .is_some_and(|reading| !tells_apart(&readings[best], &reading));
            if even && !alike.iter().any(|known| induced.is_same_way(*known, take)) {
                alike.push(take);
            }
        }
        let shown: usize = alike.iter().map(|take| induced.support(*take)).sum();
        if readings[best].unrelated
            || induced.support(best) as f64 >= MOST_RECORDINGS * shown as f64
        {
            // Unless the page tells another one from it.
            alike.retain(|take| *take == best || induced.is_told_by_page(*take, best));
        }
        alike.sort_unstable();
        let told = |take: usize| {
            let mut others = alike.iter().filter(|other| **other != take);
            others.all(|other| induced.is_told_by_page(take, *other))
        };
        alike
            .iter()
            .map(|take| WayForGoal {
                workflow: self.done_as(induced, *take, goal, today),
                does: induced.done_by(*take).join("; "),
                told_by_page: told(*take),
                recordings: induced.support(*take),
            })
            .collect()
    }

    /// How a take's goal reads this goal where a value may also stand where the recordings of its own way differ: what they are
    /// about matters to another way, and not to this one. `None` where none differ.
    fn reading_by_own_places(
        &self,
        induced: &Induced,
        take: usize,
        goal: &str,
        today: Date,
    ) -> Option<Reading> {
        let own = (0..self.goals.len()).filter(|other| induced.is_same_way(take, *other));
        let own: Vec<&[Token]> = own.map(|other| induced.goal(other)).collect();
        let pattern = induced.pattern(take).keeping(&self.always);
        let placed = pattern.with_places(induced.goal(take), &own);
        (own.len() > 1).then(|| placed.read(goal, today))
    }

    fn done_as(&self, induced: &Induced, take: usize, goal: &str, today: Date) -> Self {
        let (steps, plans) = induced
            .plan(take, goal, today)
            .into_iter()
            .map(|planned| (planned.step, planned.plan))
            .unzip();
        Self {
            steps,
            plans,
            ..self.clone()
        }
    }

    /// What was induced, where it was.
    pub fn induced(&self) -> Option<&Induced> {
        self.induced.as_deref()
    }

    /// How to do a step for the goal; `None` where the step itself says everything.
    pub fn plan(&self, step: usize) -> Option<&Plan> {
        self.plans.get(step)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first take's goal sentence.
    pub fn goal(&self) -> &str {
        &self.goal
    }

    /// Origins by name, as the takes know them.
    pub fn sites(&self) -> &BTreeMap<String, String> {
        &self.sites
    }

    /// Where a run starts; an origin in `sites` goes before the takes' own.
    pub fn start_url(&self, sites: &BTreeMap<String, String>) -> String {
        // The check let only named sites into it, so that nothing can be missing.
        self.located(&self.start, sites)
            .unwrap_or_else(|error| error.to_string())
    }

    /// What the first page was shown to send by itself, at these sites. Without an origin nothing was shown.
    pub fn opening(&self, sites: &BTreeMap<String, String>) -> Vec<Signature> {
        let here = |shown: &Signature| {
            let origin = self
                .located(&Template::parse(&shown.origin).ok()?, sites)
                .ok()?;
            shown.at(&origin)
        };
        self.opening.iter().filter_map(here).collect()
    }

    /// A text that names nothing but sites, filled. The day does not matter to it.
    fn located(
        &self,
        text: &Template,
        sites: &BTreeMap<String, String>,
    ) -> Result<String, TemplateError> {
        text.fill(Date::MIN, &|source| match source {
            Source::Site(name) => self.origin(name, sites),
            Source::Parameter(_) | Source::Download => None,
        })
    }

    /// The origin of a named site, without a slash at its end.
    pub fn origin(&self, name: &str, sites: &BTreeMap<String, String>) -> Option<String> {
        sites
            .get(name)
            .or_else(|| self.sites.get(name))
            .map(|origin| origin.trim_end_matches('/').to_owned())
    }

    pub fn parameters(&self) -> &BTreeMap<String, Known> {
        &self.parameters
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What to say when the job is done.
    pub fn result(&self) -> Option<&Template> {
        self.result.as_ref()
    }

    /// Reads a new goal by the take whose goal sentence fits it best.
    pub fn read_goal(&self, goal: &str, today: Date) -> Reading {
        let readings = self.readings(goal, today);
        let best = self.best_of(&readings);
        readings.into_iter().nth(best).unwrap_or_default()
    }

    /// How each recording's goal reads this goal where values may also stand where recordings differ and no step shows what for:
    /// enough to see that it is this job, and too little to do it without asking. None where there are too few to tell.
    pub fn readings_by_places(&self, goal: &str, today: Date) -> Vec<Reading> {
        let Some(induced) = self
            .induced
            .as_ref()
            .filter(|_| self.goals.len() >= TELLING_TAKES)
        else {
            return Vec::new();
        };
        let all: Vec<&[Token]> = (0..self.goals.len())
            .map(|take| induced.goal(take))
            .collect();
        (0..all.len())
            .map(|take| {
                let pattern = induced.pattern(take).keeping(&self.always);
                pattern.with_places(all[take], &all).read(goal, today)
            })
            .collect()
    }

    /// The shown goal that is most like this one, with blanks where its values stand, or differ between recordings.
    pub fn frame(&self, goal: &str, today: Date) -> Frame {
        let take = self.best_of(&self.readings(goal, today));
        self.pattern_of(take, today).frame(&self.goals[take].0)
    }

    /// The goals that were shown and are worded like this frame, each with its values; at most so many.
    pub fn examples(&self, frame: &Frame, most: usize, today: Date) -> Vec<(String, Vec<String>)> {
        let mut examples: Vec<(String, Vec<String>)> = Vec::new();
        for (goal, _) in &self.goals {
            if examples.len() == most || examples.iter().any(|(known, _)| known == goal) {
                continue;
            }
            let values = self.values_of(frame, goal, today);
            examples.extend(values.map(|values| (goal.clone(), values)));
        }
        examples
    }

    /// What a goal says in each blank of one of the workflow's frames; `None` where it lacks one.
    pub fn values_of(&self, frame: &Frame, goal: &str, today: Date) -> Option<Vec<String>> {
        let mut goals = self.goals.iter();
        let own = goals.position(|(goal, _)| goal == frame.text())?;
        let reading = self.pattern_of(own, today).read(goal, today);
        let blanks = frame.blanks().iter();
        blanks
            .map(|blank| reading.values.get(&blank.name).cloned())
            .collect()
    }

    /// What a take's goal is made of, values that no step explains included where there are enough recordings to tell.
    fn pattern_of(&self, take: usize, today: Date) -> Pattern {
        let Some(induced) = &self.induced else {
            let (shown, examples) = &self.goals[take];
            return Pattern::new(shown, examples, today);
        };
        let pattern = induced.pattern(take).keeping(&self.always);
        if self.goals.len() < TELLING_TAKES {
            return pattern;
        }
        let all: Vec<&[Token]> = (0..self.goals.len())
            .map(|take| induced.goal(take))
            .collect();
        pattern.with_places(all[take], &all)
    }

    /// How each take's goal sentence reads this goal.
    pub fn readings(&self, goal: &str, today: Date) -> Vec<Reading> {
        self.goals
            .iter()
            .enumerate()
            .map(|(take, (shown, examples))| {
                let pattern = match &self.induced {
                    Some(induced) => induced.pattern(take).keeping(&self.always),
                    None => Pattern::new(shown, examples, today),
                };
                pattern.read(goal, today)
            })
            .collect()
    }

    /// The take whose goal sentence fits a goal best; of those that fit alike, one of the way that most recordings show.
    fn best_of(&self, readings: &[Reading]) -> usize {
        let support = |take: usize| self.induced.as_ref().map_or(0, |one| one.support(take));
        (0..readings.len())
            .reduce(|best, next| {
                let even = fit_alike(&readings[best], &readings[next]);
                let better = fits_better(&readings[next], &readings[best]);
                if better || even && support(next) > support(best) {
                    next
                } else {
                    best
                }
            })
            .unwrap_or_default()
    }
}

/// A way that this part of the recordings show is how it is done, where others do it otherwise.
const MOST_RECORDINGS: f64 = 0.75;

/// Whether the takes are recordings in which nobody named a value of the goal, and at least one kept what its pages showed. What
/// a step reads into a name, and where that is used, stands as it is written beside what is explained.
fn is_raw(takes: &[(String, Demonstration)]) -> bool {
    let named = |demonstration: &Demonstration| {
        let is_read = |name: &String| {
            let mut steps = demonstration.steps.iter();
            steps.any(|step| step.into.as_ref() == Some(name))
        };
        demonstration
            .parameters
            .iter()
            .any(|(name, parameter)| parameter.secret.is_none() && !is_read(name))
    };
    takes.iter().all(|(_, demonstration)| !named(demonstration))
        && takes
            .iter()
            .any(|(_, demonstration)| demonstration.steps.iter().any(|step| step.shown.is_some()))
}

fn fit_alike(one: &Reading, other: &Reading) -> bool {
    !fits_better(one, other) && !fits_better(other, one)
}

/// Whether the goal has something that one recording shows and the other does not: more of its words, or everything that it
/// says. That the other's goal says more that is not said now tells nothing: it may be what is different each time.
fn tells_apart(one: &Reading, other: &Reading) -> bool {
    let is_whole = |reading: &Reading| reading.extras.is_empty() && reading.lacking.is_empty();
    fits_better(one, other)
        && (one.unrelated != other.unrelated
            || one.shared > other.shared
            || is_whole(one) && !is_whole(other))
}

fn fits_better(one: &Reading, other: &Reading) -> bool {
    let rank = |reading: &Reading| (!reading.unrelated, reading.score);
    rank(one) > rank(other)
}

fn examples(demonstration: &Demonstration) -> Vec<Example> {
    demonstration
        .parameters
        .iter()
        .filter_map(|(name, parameter)| {
            Some((name.clone(), parameter.kind, parameter.example.clone()?))
        })
        .collect()
}

fn merge_parameters(
    takes: &[(String, Demonstration)],
) -> Result<BTreeMap<String, Known>, WorkflowError> {
    let mut merged: BTreeMap<String, Known> = BTreeMap::new();
    for (take, demonstration) in takes {
        for (name, parameter) in &demonstration.parameters {
            let known = merged.entry(name.clone()).or_insert_with(|| Known {
                kind: parameter.kind,
                question: None,
                secret: parameter.secret.clone(),
                examples: Vec::new(),
            });
            if known.kind != parameter.kind || known.secret != parameter.secret {
                return Err(WorkflowError::Parameter {
                    take: take.clone(),
                    parameter: name.clone(),
                    reason: "another take gives it another kind or secret; make them the same"
                        .to_owned(),
                });
            }
            if known.question.is_none() {
                known.question.clone_from(&parameter.question);
            }
            if let Some(example) = &parameter.example
                && !known.examples.contains(example)
            {
                known.examples.push(example.clone());
            }
        }
        for name in demonstration
            .steps
            .iter()
            .filter_map(|step| step.into.as_ref())
        {
            merged.entry(name.clone()).or_insert_with(|| Known {
                kind: ParameterKind::Text,
                question: None,
                secret: None,
                examples: Vec::new(),
            });
        }
    }
    Ok(merged)
}

/// Whether everything that the take says can be followed.
fn check(take: &str, demonstration: &Demonstration) -> Result<(), WorkflowError> {
    if demonstration.steps.is_empty() {
        return Err(WorkflowError::NoSteps {
            take: take.to_owned(),
        });
    }
    for (name, parameter) in &demonstration.parameters {
        check_parameter(name, parameter).map_err(|reason| WorkflowError::Parameter {
            take: take.to_owned(),
            parameter: name.clone(),
            reason,
        })?;
    }
    let names = Names::of(demonstration);
    let line = |line, reason| WorkflowError::Line {
        take: take.to_owned(),
        line,
        reason,
    };
    let start = names
        .template(&demonstration.start)
        .map_err(|reason| line("start", reason))?;
    if start
        .sources()
        .any(|source| !matches!(source, Source::Site(_)))
    {
        return Err(line(
            "start",
            "a run can only start where sites are named, not parameters".to_owned(),
        ));
    }
    check_effects(&demonstration.opening, &names).map_err(|reason| line("effect", reason))?;
    if let Some(result) = &demonstration.result {
        names
            .public(result)
            .map_err(|reason| line("result", reason))?;
    }
    for (at, step) in demonstration.steps.iter().enumerate() {
        check_step(step, &names).map_err(|reason| WorkflowError::Step {
            take: take.to_owned(),
            step: at + 1,
            reason,
        })?;
    }
    Ok(())
}

fn check_parameter(name: &str, parameter: &Parameter) -> Result<(), String> {
    if !is_name(name) || name == "download" {
        return Err("it needs another name, of letters, digits, - and _".to_owned());
    }
    if parameter.secret.is_some() && parameter.example.is_some() {
        return Err("it is secret: take its example out of the file".to_owned());
    }
    Ok(())
}

fn check_step(step: &Step, names: &Names<'_>) -> Result<(), String> {
    let verb = serde_word(step.verb);
    let need = |there: bool, what: &str| {
        if there {
            Ok(())
        } else {
            Err(format!("`do = \"{verb}\"` needs {what}"))
        }
    };
    let target = need(step.target.is_some(), "a [step.target]");
    let value = need(step.value.is_some(), "a `value`");
    match step.verb {
        Verb::Click
        | Verb::DoubleClick
        | Verb::TripleClick
        | Verb::RightClick
        | Verb::Hover
        | Verb::Select
        | Verb::ScrollTo => target?,
        Verb::Drag => {
            target?;
            need(step.to.is_some(), "a [step.to]")?;
        }
        Verb::Type
        | Verb::Press
        | Verb::Navigate
        | Verb::OpenTab
        | Verb::SwitchTab
        | Verb::Wait => {
            value?;
        }
        Verb::Fill | Verb::Copy => {
            target?;
            value?;
        }
        Verb::Choose | Verb::Upload => {
            target?;
            need(step.value.is_some() || !step.values.is_empty(), "`values`")?;
        }
        Verb::AnswerDialog => need(step.accept.is_some(), "`accept = true` or `accept = false`")?,
        Verb::Read => need(
            step.into.is_some(),
            "`into`, the parameter that gets the value",
        )?,
        Verb::Back | Verb::Forward | Verb::Reload | Verb::CloseTab => {}
    }
    if let Some(into) = &step.into
        && !is_name(into)
    {
        return Err(format!("`into = {into:?}` is not a name"));
    }
    if let Some(pattern) = &step.pattern {
        Regex::new(pattern).map_err(|e| format!("its `pattern` cannot be used: {e}"))?;
    }
    if let Some(value) = &step.value {
        let filled = names.template(value)?;
        let takes_secrets = matches!(step.verb, Verb::Fill | Verb::Type | Verb::AnswerDialog);
        if !(takes_secrets && filled.whole().is_some()) {
            names.public(value)?;
        }
    }
    let after = step
        .after
        .iter()
        .flat_map(|after| [&after.url, &after.text]);
    let texts = step
        .values
        .iter()
        .chain(after.flatten())
        .chain(step.says.iter())
        .chain(step.target.iter().chain(&step.to).flat_map(texts_of));
    for text in texts {
        names.public(text)?;
    }
    check_effects(&step.effects, names)?;
    for query in step.target.iter().chain(&step.to) {
        if *query == TargetQuery::default() {
            return Err("its target says nothing: give it a role and a name at least".to_owned());
        }
        if let Some(index) = &query.index
            && names.template(index)?.sources().next().is_none()
            && index.trim().parse::<usize>().is_err()
        {
            return Err(format!("the index {index:?} is not a whole number from 0"));
        }
    }
    Ok(())
}

fn check_effects(effects: &[Signature], names: &Names<'_>) -> Result<(), String> {
    for effect in effects {
        let origin = names.template(&effect.origin)?;
        if origin
            .sources()
            .any(|source| !matches!(source, Source::Site(_)))
        {
            return Err(format!(
                "the origin {:?} of its effect can only name a site",
                effect.origin
            ));
        }
    }
    Ok(())
}

/// The texts of a target that may have holes.
pub(super) fn texts_of(query: &TargetQuery) -> Vec<&String> {
    [
        &query.role,
        &query.name,
        &query.label,
        &query.text,
        &query.placeholder,
        &query.tag,
        &query.column,
        &query.index,
        &query.heading,
        &query.landmark,
        &query.left,
        &query.above,
        &query.right,
        &query.below,
        &query.path,
        &query.frame,
    ]
    .into_iter()
    .flatten()
    .chain(&query.row)
    .chain(query.attributes.values())
    .collect()
}

/// What a take's templates may name.
struct Names<'a> {
    parameters: BTreeSet<&'a str>,
    secrets: BTreeSet<&'a str>,
    sites: BTreeSet<&'a str>,
}

impl<'a> Names<'a> {
    fn of(demonstration: &'a Demonstration) -> Self {
        let reads = demonstration
            .steps
            .iter()
            .filter_map(|step| step.into.as_deref());
        Self {
            parameters: demonstration
                .parameters
                .keys()
                .map(String::as_str)
                .chain(reads)
                .collect(),
            secrets: demonstration
                .parameters
                .iter()
                .filter(|(_, parameter)| parameter.secret.is_some())
                .map(|(name, _)| name.as_str())
                .collect(),
            sites: demonstration.sites.keys().map(String::as_str).collect(),
        }
    }

    /// The text as a template whose names are all known.
    fn template(&self, text: &str) -> Result<Template, String> {
        let template = Template::parse(text).map_err(|error| error.to_string())?;
        for source in template.sources() {
            let (known, table) = match source {
                Source::Parameter(name) => {
                    (self.parameters.contains(name.as_str()), "[parameters]")
                }
                Source::Site(name) => (self.sites.contains(name.as_str()), "[sites]"),
                Source::Download => (true, ""),
            };
            if !known {
                return Err(format!(
                    "the text {text:?} names {:?}, which is not in {table}",
                    source.written()
                ));
            }
        }
        Ok(template)
    }

    /// The same, where no secret may stand.
    fn public(&self, text: &str) -> Result<Template, String> {
        let template = self.template(text)?;
        for source in template.sources() {
            if let Source::Parameter(name) = source
                && self.secrets.contains(name.as_str())
            {
                return Err(format!(
                    "the text {text:?} names the secret {name:?}: a secret can only be the whole value that is typed"
                ));
            }
        }
        Ok(template)
    }
}

/// A verb as the file writes it.
pub(super) fn serde_word(verb: Verb) -> String {
    match serde_json::to_value(verb) {
        Ok(serde_json::Value::String(word)) => word,
        _ => format!("{verb:?}"),
    }
}

#[cfg(test)]
mod tests;
