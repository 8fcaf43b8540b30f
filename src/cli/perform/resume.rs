//! Performs `apprentice resume`: does a run that waits for a person anew, with the answers that were already given.
//!
//! The browser of a run ends with it, so going on means beginning again. What the run had already sent with a yes is never
//! sent again by itself: where there is such a thing, the person is asked first.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::resume::ResumeRequest;
use super::super::{CliError, report, vault};
use super::choosing::named;
use super::job::{Work, carry_out, human};
use super::rewording::Inquiry;
use super::run::{following, take_sites};
use super::{failed, signals, wrong_use};
use crate::config::{Setting, Settings, Source};
use crate::guard::journal::open_intents;
use crate::human::{Human, HumanError, Question, Verdict};
use crate::trace::{self, Event, Outcome, Trace};

pub async fn resume(request: ResumeRequest) -> Result<u8, CliError> {
    let before = trace::read(&request.folder)?;
    let mut parameters = before.header.parameters.clone();
    let settings = &with_earlier(
        request.settings,
        take_sites(&mut parameters),
        &request.folder,
    );
    if before
        .end
        .as_ref()
        .is_some_and(|end| end.outcome == Outcome::Done)
    {
        return Err(wrong_use(format!("{} is done already", before.header.run)));
    }
    let Some(name) = &before.header.workflow else {
        return Err(wrong_use(format!(
            "{} followed no demonstration; start it again with `apprentice run`",
            before.header.run
        )));
    };
    let mut human = human(request.answers.as_deref(), settings)?;
    // What nobody knows the outcome of is asked about before every run; what was certainly sent, here.
    let open = open_intents(
        &settings.traces.value,
        &before.header.goal,
        Some(name.as_str()),
    )
    .map_err(|e| failed(e.to_string()))?;
    if !open.iter().any(|one| one.run == before.header.run)
        && let Some(code) = ask_about_what_was_sent(&before, &mut *human).await?
    {
        return Ok(code);
    }
    let workflow = named(settings, name)?;
    for line in &before.lines {
        if let Event::Asked {
            question,
            answer: Some(answer),
            ..
        } = &line.event
            && workflow.parameters().contains_key(&question.key)
        {
            parameters.insert(question.key.clone(), answer.clone());
        }
    }
    let plan = following(workflow, settings, &before.header.goal, &parameters)?;
    let start = if before.header.start_url.is_empty() {
        plan.start
    } else {
        Some(before.header.start_url.clone())
    };
    let summary = carry_out(
        Work {
            goal: before.header.goal.clone(),
            inquiry: Inquiry::of_earlier(&before),
            parameters,
            policy: plan.policy,
            workflow: plan.workflow,
            learning: plan.learning.anew(before.clone()),
            start,
            sites: plan.sites,
            secrets: vault::load(settings)?,
            human,
            settings,
            global: request.global,
            timings: false,
        },
        signals::listen(),
    )
    .await?;
    report::report(&summary, request.global)
}

/// The settings with the sites of the earlier run, where they say nothing about them.
fn with_earlier(
    mut settings: Settings,
    sites: BTreeMap<String, String>,
    folder: &Path,
) -> Settings {
    for (name, value) in sites {
        settings.sites.entry(name).or_insert_with(|| Setting {
            value,
            source: Source::File(folder.to_owned()),
        });
    }
    settings
}

/// Asks before anything is sent a second time; an exit code where the answer is not a yes.
async fn ask_about_what_was_sent(
    before: &Trace,
    human: &mut dyn Human,
) -> Result<Option<u8>, CliError> {
    let sent = sent(before);
    if sent.is_empty() {
        return Ok(None);
    }
    let question = Question {
        key: "send-again".to_owned(),
        text: format!(
            "This run may already have sent: {}. Beginning again may send it twice. Begin again? (yes or no)",
            sent.join("; ")
        ),
        suggestions: vec!["no".to_owned(), "yes".to_owned()],
        marks: Vec::new(),
        secret: false,
    };
    match human.ask(&question, None).await {
        Ok(reply) if reply.text.trim().eq_ignore_ascii_case("yes") => Ok(None),
        Ok(_) => Ok(Some(Outcome::Refused.exit_code())),
        Err(error @ (HumanError::NobodyThere { .. } | HumanError::AnswersRanDry { .. })) => {
            Err(CliError::Other {
                message: error.to_string(),
                code: Outcome::Waiting.exit_code(),
            })
        }
        Err(error) => Err(failed(error.to_string())),
    }
}

/// What was agreed to and then begun, by the titles of its cards.
fn sent(trace: &Trace) -> Vec<String> {
    let mut agreed: Option<&str> = None;
    let mut sent = Vec::new();
    for line in &trace.lines {
        match &line.event {
            Event::Confirmed {
                card,
                verdict: Some(Verdict::Yes | Verdict::YesForWorkflow | Verdict::DoneByHand),
                ..
            } => agreed = Some(&card.title),
            Event::Acting { .. } => sent.extend(agreed.take().map(str::to_owned)),
            _ => {}
        }
    }
    // Done by hand, or ended between the yes and the deed: nobody knows.
    sent.extend(agreed.map(str::to_owned));
    sent
}
