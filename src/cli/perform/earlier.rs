//! What earlier runs of the same goal had begun to send when they ended, so that nothing is sent twice without a person's word.

use std::path::Path;

use jiff::Timestamp;

use super::super::CliError;
use super::failed;
use crate::guard::journal::{self, Open, open_intents};
use crate::human::{Human, HumanError, Question};
use crate::trace::Outcome;

/// What a person can say of something whose outcome nobody knows.
const ARRIVED: &str = "it arrived; go on all the same";
const NOT_ARRIVED: &str = "it did not arrive; go on";
const STOP: &str = "stop here";

/// Asks about each open intent of earlier runs of this goal or workflow; an exit code where the person does not want to go on.
///
/// # Errors
/// Where a journal cannot be read, or nobody is there to be asked.
pub async fn ask_about_earlier(
    traces: &Path,
    goal: &str,
    workflow: Option<&str>,
    human: &mut dyn Human,
) -> Result<Option<u8>, CliError> {
    let open = open_intents(traces, goal, workflow).map_err(|e| failed(e.to_string()))?;
    for one in open {
        let question = Question {
            key: format!("sent:{}:{}", one.run, one.number),
            text: sentence(&one),
            suggestions: [STOP, NOT_ARRIVED, ARRIVED].map(str::to_owned).to_vec(),
            ..Question::default()
        };
        let reply = match human.ask(&question, None).await {
            Ok(reply) => reply.text.trim().to_lowercase(),
            Err(error @ (HumanError::NobodyThere { .. } | HumanError::AnswersRanDry { .. })) => {
                return Err(CliError::Other {
                    message: error.to_string(),
                    code: Outcome::Waiting.exit_code(),
                });
            }
            Err(error) => return Err(failed(error.to_string())),
        };
        let arrived = match reply.as_str() {
            ARRIVED | "yes" => true,
            NOT_ARRIVED | "no" => false,
            _ => return Ok(Some(Outcome::Refused.exit_code())),
        };
        // A run that still goes on writes its own outcome.
        if !one.is_alive {
            journal::resolve(traces, &one.run, one.number, arrived, Timestamp::now())
                .map_err(|e| failed(e.to_string()))?;
        }
    }
    Ok(None)
}

fn sentence(open: &Open) -> String {
    let intent = &open.intent;
    let amount = intent
        .terms
        .amount
        .as_ref()
        .map_or_else(String::new, |amount| format!(", {amount}"));
    let state = if open.is_alive {
        "is sending, just now,"
    } else {
        "had begun to send"
    };
    format!(
        "The run {} {state} this: {}{amount}, at {} ({}). Whether it arrived is not known, and going on may send it twice. \
         Look there first: did it arrive?",
        open.run, intent.what, intent.terms.origin, intent.time
    )
}
