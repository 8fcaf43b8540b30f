//! Performs `apprentice tour`: serves the sample applications, does the job on them, and looks at what their servers hold.

use std::collections::BTreeMap;

use super::super::tour::TourRequest;
use super::super::{CliError, report, vault};
use super::job::{Work, carry_out, human};
use super::learning::Learning;
use super::rewording::Inquiry;
use super::run::{bundled, imitating, model, with_sites};
use super::{failed, signals, wrong_use};
use crate::guard::secrets::Environment;
use crate::human::{Human, Scripted, Terminal};
use crate::tour;
use crate::trace::Outcome;
use crate::workflow::Workflow;

pub async fn tour(request: TourRequest) -> Result<u8, CliError> {
    let settings = &request.settings;
    let plans = tour::plans();
    let plan = match &request.name {
        None => plans.first(),
        Some(name) => plans.iter().find(|plan| plan.name == name),
    };
    let Some(plan) = plan else {
        let names: Vec<&str> = plans.iter().map(|plan| plan.name).collect();
        return Err(wrong_use(format!(
            "there is no such tour; there are {}",
            names.join(", ")
        )));
    };
    let servers = tour::serve()
        .await
        .map_err(|e| failed(format!("the tour's applications cannot be served: {e}")))?;
    let sites = servers.origins();
    // What the person has set goes before the tour's samples.
    let samples = Environment::from_variables(plan.variables(&servers));
    let secrets = vault::load(settings)?.with_samples(samples);
    let human: Box<dyn Human> = if request.answers.is_none() && !Terminal::is_there() {
        Box::new(
            Scripted::from_toml("the tour's own answers", plan.answers)
                .map_err(|e| failed(e.to_string()))?,
        )
    } else {
        human(request.answers.as_deref(), settings)?
    };
    let workflow = workflow(plan.workflow)?;
    let goal = request.goal.clone().unwrap_or_else(|| plan.goal.clone());
    if !request.global.quiet {
        eprintln!("goal: {goal}");
    }
    let known = workflow.sites().keys();
    let here = known.filter_map(|name| Some((name.clone(), sites.get(name)?.clone())));
    let here: BTreeMap<String, String> = here.collect();
    let start = workflow.start_url(&here);
    let mut parameters = BTreeMap::new();
    let memory = &settings.memory.value;
    let learning = Learning::before(&workflow, &goal, &parameters, memory, None)?;
    let mut way = imitating(workflow, here.clone(), start, learning);
    if let Some(spec) = &settings.model.value {
        way.policy = model(settings, spec, &secrets)?;
        way.workflow = None;
        way.learning = Learning::default();
        parameters = with_sites(parameters, here);
    }
    let summary = carry_out(
        Work {
            goal,
            inquiry: Inquiry::default(),
            parameters,
            policy: way.policy,
            workflow: way.workflow,
            learning: way.learning,
            start: way.start,
            sites: way.sites,
            secrets,
            human,
            settings,
            global: request.global,
            timings: request.timings,
        },
        signals::listen(),
    )
    .await?;
    let code = report::report(&summary, request.global)?;
    let checked = match summary.end.outcome {
        Outcome::Done if request.goal.is_none() => (plan.check)(&servers).map(Some),
        // With another goal there is no telling what is right, but what arrived can be shown.
        Outcome::Done => Ok(None),
        _ => tour::nothing_sent(&servers)
            .map(|()| Some("nothing was sent: the servers hold no report and no order".to_owned())),
    };
    let held = servers.reports().len() + servers.orders().len();
    servers.stop().await;
    match checked {
        Ok(says) if !request.global.quiet => {
            eprintln!(
                "{}",
                says.unwrap_or_else(|| format!("the servers hold {held} new entries"))
            );
        }
        Ok(_) => {}
        Err(wrong) => {
            return Err(failed(format!(
                "the tour's servers do not hold what they should: {wrong}"
            )));
        }
    }
    Ok(code)
}

fn workflow(name: &str) -> Result<Workflow, CliError> {
    let takes = tour::bundled_demonstrations()
        .iter()
        .filter(|one| one.workflow == name)
        .map(|one| {
            let demonstration = one.demonstration().map_err(bundled)?;
            Ok((one.take.to_owned(), demonstration))
        })
        .collect::<Result<Vec<_>, CliError>>()?;
    Workflow::from_takes(takes).map_err(bundled)
}
