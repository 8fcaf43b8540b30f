//! Performs `apprentice replay`: a trace becomes a demonstration that is followed on the live page, and both are compared.

use serde::Serialize;

use super::super::replay::{ReplayRequest, table};
use super::super::{CliError, output, report, vault};
use super::job::{Work, carry_out, human};
use super::learning::Learning;
use super::rewording::Inquiry;
use super::run::{imitating, whereabouts};
use super::{failed, signals};
use crate::trace::{self, StepComparison};
use crate::workflow::Workflow;

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "run")]
    report: report::Report<'a>,
    steps: &'a [StepComparison],
}

pub async fn replay(request: ReplayRequest) -> Result<u8, CliError> {
    let settings = &request.settings;
    let before = trace::read(&request.folder)?;
    let replay = trace::replay::demonstration(&before, |blob| before.observation(blob).ok());
    let human = human(request.answers.as_deref(), settings)?;
    if !request.global.quiet {
        for sentence in &replay.left_out {
            eprintln!("left out: {sentence}");
        }
    }
    let goal = replay.demonstration.goal.clone();
    let workflow = Workflow::from_takes(vec![(before.header.run.clone(), replay.demonstration)])
        .map_err(|e| {
            failed(format!(
                "{} cannot be done again: {e}",
                request.folder.display()
            ))
        })?;
    // What was done is done again as it was, whatever was learnt since.
    let (sites, start) = whereabouts(&workflow, settings);
    let mut plan = imitating(workflow, sites, start, Learning::default());
    plan.sites.extend(before.header.sites.iter().cloned());
    let summary = carry_out(
        Work {
            goal,
            inquiry: Inquiry::default(),
            parameters: Default::default(),
            policy: plan.policy,
            workflow: plan.workflow,
            learning: plan.learning,
            start: plan.start,
            sites: plan.sites,
            secrets: vault::load(settings)?,
            human,
            settings,
            global: request.global,
            timings: request.timings,
        },
        signals::listen(),
    )
    .await?;
    let after = trace::read(&summary.folder)?;
    let steps = trace::compare(&before, &after);
    if request.global.json {
        output::print_json(&Document {
            report: (&summary).into(),
            steps: &steps,
        })?;
        return Ok(summary.end.outcome.exit_code());
    }
    output::print(&table(&steps))?;
    let differing = steps.iter().filter(|step| !step.same()).count();
    if !request.global.quiet {
        eprintln!(
            "{} of {} steps as before",
            steps.len() - differing,
            steps.len()
        );
    }
    report::report(&summary, request.global)
}
