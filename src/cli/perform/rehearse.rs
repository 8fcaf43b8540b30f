//! Performs `apprentice demos test`: a run by one take, with the take's own values, in which every yes is refused.
//!
//! What can be seen this way is that each step finds its target; what comes after a write that was refused may look otherwise.
//!
//! Invariant: nothing that changes anything leaves. What the demonstration was shown to send is taken out of it, the person's own rules
//! and their ledger are left aside, the strictest preset holds, and whoever is asked says no.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use super::super::demos::TestRequest;
use super::super::{CliError, output, vault};
use super::job::{Work, carry_out};
use super::learning::Learning;
use super::rewording::Inquiry;
use super::run::following;
use super::{failed, signals, wrong_use};
use crate::computer::Action;
use crate::demo::{Verb, library};
use crate::guard::effect::Preset;
use crate::human::{Card, Human, HumanError, Question, Reply, Verdict};
use crate::policy::Decision;
use crate::run::Summary;
use crate::trace::viewer::printable;
use crate::trace::{self, Event, Outcome};
use crate::workflow::Workflow;

/// What came of it.
#[derive(Debug, Serialize)]
struct Rehearsal {
    name: String,
    take: String,
    steps: usize,
    /// Steps whose target was found, from 1.
    found: Vec<usize>,
    /// What would have been done and was refused.
    refused: Vec<String>,
    outcome: Outcome,
    /// Why it stopped, where it did.
    reason: Option<String>,
    /// Where its trace is.
    trace: String,
}

pub async fn rehearse(request: TestRequest) -> Result<u8, CliError> {
    let mut settings = request.settings.clone();
    settings.preset.value = Some(Preset::Cautious);
    settings.guard.value = None;
    let takes = library::load(&settings.demos.value, &request.name)
        .map_err(|e| wrong_use(e.to_string()))?;
    let mut take = takes
        .into_iter()
        .find(|(take, _)| *take == request.take)
        .ok_or_else(|| wrong_use(format!("{} has no take {:?}", request.name, request.take)))?;
    take.1.opening.clear();
    for step in &mut take.1.steps {
        step.effects.clear();
    }
    let shown = take.1.clone();
    let workflow = Workflow::from_takes(vec![take]).map_err(|e| failed(e.to_string()))?;
    let read: BTreeSet<&String> = shown
        .steps
        .iter()
        .filter_map(|step| step.into.as_ref())
        .collect();
    let values: BTreeMap<String, String> = shown
        .parameters
        .iter()
        .filter(|(name, _)| !read.contains(name))
        .filter_map(|(name, parameter)| Some((name.clone(), parameter.example.clone()?)))
        .collect();
    let plan = following(workflow, &settings, &shown.goal, &values)?;
    let refused: Arc<Mutex<Vec<String>>> = Arc::default();
    let summary = carry_out(
        Work {
            goal: shown.goal.clone(),
            inquiry: Inquiry::default(),
            parameters: values,
            policy: plan.policy,
            learning: Learning::default(),
            // No workflow: what was agreed to for it is not agreed to here.
            workflow: None,
            start: plan.start,
            sites: plan.sites,
            secrets: vault::load(&settings)?,
            human: Box::new(Refusing {
                refused: Arc::clone(&refused),
            }),
            settings: &settings,
            global: request.global,
            timings: false,
        },
        signals::listen(),
    )
    .await?;
    let refused = std::mem::take(&mut *refused.lock().unwrap_or_else(PoisonError::into_inner));
    let verbs: Vec<Verb> = shown.steps.iter().map(|step| step.verb).collect();
    tell(&request, &verbs, refused, &summary)
}

fn tell(
    request: &TestRequest,
    verbs: &[Verb],
    refused: Vec<String>,
    summary: &Summary,
) -> Result<u8, CliError> {
    let trace = trace::read(&summary.folder)?;
    let found: BTreeSet<usize> = trace
        .lines
        .iter()
        .filter_map(|line| match &line.event {
            Event::Decided {
                decision: Decision::Act(act),
                ..
            } => act
                .step
                .filter(|step| is_its_own(&act.action, verbs.get(*step).copied()))
                .map(|step| step + 1),
            _ => None,
        })
        .collect();
    let outcome = summary.end.outcome;
    let code = match outcome {
        Outcome::Done => 0,
        Outcome::Interrupted => outcome.exit_code(),
        // Past a write that was refused, nothing is as it was shown.
        Outcome::Refused | Outcome::Waiting | Outcome::GaveUp | Outcome::Failed
            if !refused.is_empty() =>
        {
            0
        }
        Outcome::Refused
        | Outcome::Waiting
        | Outcome::GaveUp
        | Outcome::Failed
        | Outcome::BudgetSpent => 1,
    };
    let rehearsal = Rehearsal {
        name: request.name.clone(),
        take: request.take.clone(),
        steps: verbs.len(),
        found: found.into_iter().collect(),
        refused,
        outcome,
        reason: summary
            .end
            .reason
            .clone()
            .filter(|_| outcome != Outcome::Done),
        trace: summary.folder.display().to_string(),
    };
    if request.global.json {
        output::print_json(&rehearsal)?;
        return Ok(code);
    }
    let mut text = format!(
        "{}/{}: {} of {} steps found what they act on\n",
        rehearsal.name,
        rehearsal.take,
        rehearsal.found.len(),
        rehearsal.steps
    );
    for refused in &rehearsal.refused {
        text.push_str(&format!("  refused: {}\n", printable(refused)));
    }
    if let Some(reason) = &rehearsal.reason {
        text.push_str(&format!("  then it stopped: {}\n", printable(reason)));
    }
    output::print(&text)?;
    Ok(code)
}

/// Whether the action is the step's, and not a wait until its target comes.
fn is_its_own(action: &Action, verb: Option<Verb>) -> bool {
    !matches!(action, Action::Wait { .. } | Action::Scroll { .. }) || verb == Some(Verb::Wait)
}

/// Says no to everything, and knows nothing but what was given.
struct Refusing {
    refused: Arc<Mutex<Vec<String>>>,
}

#[async_trait::async_trait]
impl Human for Refusing {
    async fn ask(&mut self, question: &Question, _: Option<&Path>) -> Result<Reply, HumanError> {
        Err(HumanError::NobodyThere {
            question: question.text.clone(),
        })
    }

    async fn confirm(&mut self, card: &Card, _: Option<&Path>) -> Result<Verdict, HumanError> {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(card.title.clone());
        Ok(Verdict::No)
    }
}
