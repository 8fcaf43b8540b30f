//! Performs `apprentice run`: with the demonstration that was named or fits, else with a model.

use std::collections::BTreeMap;

use super::super::run::RunRequest;
use super::super::{CliError, report, vault};
use super::choosing::{Choice, Chosen, choose};
use super::job::{Work, carry_out, human};
use super::learning::Learning;
use super::{failed, signals, wrong_use};
use crate::config::Settings;
use crate::demo::learned;
use crate::guard::secrets::Secrets;
use crate::model::{self, Limits, Model, ModelError, from_spec_with};
use crate::policy::Policy;
use crate::policy::imitator::{self, Imitator};
use crate::policy::vision::Vision;
use crate::workflow::Workflow;

/// Environment variable with the key for the model's server.
const KEY: &str = "APPRENTICE_API_KEY";

pub async fn run(request: RunRequest) -> Result<u8, CliError> {
    let settings = &request.settings;
    let secrets = vault::load(settings)?;
    let mut human = human(request.answers.as_deref(), settings)?;
    let Chosen {
        choice,
        goal,
        inquiry,
    } = choose(
        settings,
        &secrets,
        request.demo.as_deref(),
        &request.goal,
        &mut *human,
    )
    .await?;
    let plan = match choice {
        Choice::Workflow(workflow) => following(*workflow, settings, &goal, &request.parameters)?,
        Choice::Model(spec) => {
            asking(settings, &secrets, &spec).map_err(|error| inquiry.because(error))?
        }
    };
    let parameters = match plan.workflow {
        Some(_) => request.parameters,
        None => with_sites(request.parameters, settings.site_origins()),
    };
    let summary = carry_out(
        Work {
            goal,
            inquiry,
            parameters,
            policy: plan.policy,
            workflow: plan.workflow,
            learning: plan.learning,
            start: plan.start,
            sites: plan.sites,
            secrets,
            human,
            settings,
            global: request.global,
            timings: request.timings,
        },
        signals::listen(),
    )
    .await?;
    report::report(&summary, request.global)
}

/// What decides, and where it starts.
pub struct Plan {
    pub policy: Box<dyn Policy>,
    pub workflow: Option<String>,
    pub learning: Learning,
    pub start: Option<String>,
    pub sites: Vec<String>,
}

/// Follows a workflow.
pub fn following(
    workflow: Workflow,
    settings: &Settings,
    goal: &str,
    parameters: &BTreeMap<String, String>,
) -> Result<Plan, CliError> {
    let unknown: Vec<&str> = parameters
        .keys()
        .filter(|name| !workflow.parameters().contains_key(*name))
        .map(String::as_str)
        .collect();
    if !unknown.is_empty() {
        let known: Vec<&str> = workflow.parameters().keys().map(String::as_str).collect();
        return Err(wrong_use(format!(
            "{:?} has no parameter {}; it has {}",
            workflow.name(),
            unknown.join(", "),
            known.join(", ")
        )));
    }
    let (sites, start) = whereabouts(&workflow, settings);
    let file = learned::file_of(&settings.demos.value, workflow.name());
    let memory = &settings.memory.value;
    let file = settings.learn.value.then_some(file);
    let learning = Learning::before(&workflow, goal, parameters, memory, file)?;
    Ok(imitating(workflow, sites, start, learning))
}

/// Where a workflow's sites are, and where it starts.
pub fn whereabouts(workflow: &Workflow, settings: &Settings) -> (BTreeMap<String, String>, String) {
    let sites = settings.site_origins();
    let start = settings.start.value.clone();
    let start = start.unwrap_or_else(|| workflow.start_url(&sites));
    (sites, start)
}

/// Follows a workflow whose sites are at these origins, from a start page on.
pub fn imitating(
    workflow: Workflow,
    sites: BTreeMap<String, String>,
    start: String,
    learning: Learning,
) -> Plan {
    let mut origins: Vec<String> = workflow
        .sites()
        .keys()
        .filter_map(|name| workflow.origin(name, &sites))
        .collect();
    origins.extend(origin_of(&start));
    Plan {
        workflow: Some(workflow.name().to_owned()),
        start: Some(start),
        sites: distinct(origins),
        policy: Box::new(
            Imitator::new(
                workflow,
                imitator::Settings {
                    sites,
                    reference_date: today(),
                },
            )
            .with_lessons(learning.lessons.clone()),
        ),
        learning,
    }
}

/// Asks a model.
fn asking(settings: &Settings, secrets: &Secrets, spec: &str) -> Result<Plan, CliError> {
    let start = settings.start.value.clone();
    if start.is_none() && settings.connect.value.is_none() {
        return Err(wrong_use(
            "a goal without a demonstration needs a page to start on: give --start URL",
        ));
    }
    let mut origins: Vec<String> = settings.site_origins().into_values().collect();
    origins.extend(start.as_deref().and_then(origin_of));
    Ok(Plan {
        policy: model(settings, spec, secrets)?,
        workflow: None,
        learning: Learning::default(),
        start,
        sites: distinct(origins),
    })
}

/// What stands before a site's name among parameters.
const SITE: &str = "site:";

/// The parameters, with where the sites are among them: for a model, which no demonstration tells, and for a trace.
pub fn with_sites(
    mut parameters: BTreeMap<String, String>,
    sites: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let sites = sites.into_iter();
    parameters.extend(sites.map(|(name, origin)| (format!("{SITE}{name}"), origin)));
    parameters
}

/// Takes the sites out again that [`with_sites`] put among the parameters.
pub fn take_sites(parameters: &mut BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut sites = BTreeMap::new();
    parameters.retain(|name, value| match name.strip_prefix(SITE) {
        Some(site) => {
            sites.insert(site.to_owned(), std::mem::take(value));
            false
        }
        None => true,
    });
    sites
}

/// A policy that asks the named model.
pub fn model(
    settings: &Settings,
    spec: &str,
    secrets: &Secrets,
) -> Result<Box<dyn Policy>, CliError> {
    let seconds = settings.model_seconds.value;
    let model = connect(settings, spec, |limits| {
        limits.whole_answer = std::time::Duration::from_secs(seconds);
    })
    .map_err(|e| wrong_use(e.to_string()))?;
    Ok(Box::new(Vision::new(model).with_secrets(secrets.names())))
}

/// The named model, with other limits than the usual ones.
///
/// # Errors
/// Where the name or the address is none.
pub fn connect(
    settings: &Settings,
    spec: &str,
    limit: impl FnOnce(&mut Limits),
) -> Result<Box<dyn Model>, ModelError> {
    let key = std::env::var(KEY).ok().filter(|key| !key.is_empty());
    let mut how = model::Settings::default();
    limit(&mut how.limits);
    from_spec_with(
        spec,
        settings.base_url.value.as_deref(),
        key.map(Into::into),
        how,
    )
}

fn origin_of(address: &str) -> Option<String> {
    let origin = url::Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

fn distinct(mut origins: Vec<String>) -> Vec<String> {
    origins.sort_unstable();
    origins.dedup();
    origins
}

fn today() -> jiff::civil::Date {
    jiff::ZonedDateTime::now().date()
}

/// A demonstration that the program itself brings cannot be at fault of the user.
pub fn bundled(error: impl std::fmt::Display) -> CliError {
    failed(format!("a bundled demonstration cannot be used: {error}"))
}
