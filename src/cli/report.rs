//! What a run ends with on the screen: its result on standard output, how it went on standard error, or one JSON document.

use std::path::Path;

use serde::Serialize;

use super::{CliError, GlobalFlags, output};
use crate::run::Summary;
use crate::trace::{Outcome, viewer};

/// The one document of `--json`. Every field is always there, `null` where there is nothing to say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report<'a> {
    pub outcome: Outcome,
    pub result: Option<&'a str>,
    /// The run's name.
    pub run: &'a str,
    pub reason: Option<&'a str>,
    pub steps: usize,
    pub questions: usize,
    pub confirmations: usize,
    pub model_calls: u64,
    pub tokens: Tokens,
    /// In United States dollars.
    pub cost: f64,
    pub seconds: f64,
    /// The trace's folder.
    pub trace: &'a Path,
}

/// Tokens that models were given and gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tokens {
    pub input: u64,
    pub output: u64,
}

impl<'a> From<&'a Summary> for Report<'a> {
    fn from(summary: &'a Summary) -> Self {
        let end = &summary.end;
        Report {
            outcome: end.outcome,
            result: end.result.as_deref(),
            run: &summary.run,
            reason: end.reason.as_deref(),
            steps: end.steps,
            questions: end.questions,
            confirmations: end.confirmations,
            model_calls: end.usage.model_calls,
            tokens: Tokens {
                input: end.usage.input_tokens,
                output: end.usage.output_tokens,
            },
            cost: end.usage.cost,
            seconds: end.seconds,
            trace: &summary.folder,
        }
    }
}

/// Prints how a run ended, and gives the exit code that says so.
///
/// # Errors
/// [`CliError::Output`].
pub fn report(summary: &Summary, global: GlobalFlags) -> Result<u8, CliError> {
    let end = &summary.end;
    if global.json {
        output::print_json(&Report::from(summary))?;
    } else if let Some(result) = &end.result {
        output::print(&viewer::printable(result))?;
    }
    // A run that did not end well says why also with -q: the exit code alone says too little.
    if !global.json && (!global.quiet || end.outcome != Outcome::Done) {
        eprint!("{}", viewer::printable(&closing(summary)));
    }
    Ok(end.outcome.exit_code())
}

/// How it ended, for standard error.
fn closing(summary: &Summary) -> String {
    let end = &summary.end;
    let mut text = format!(
        "{} after {}: {}\n",
        viewer::ending(Some(end)),
        viewer::duration(end.seconds * 1000.0),
        viewer::counts(end)
    );
    if let Some(reason) = &end.reason {
        text.push_str(&format!("reason: {reason}\n"));
    }
    text.push_str(&format!("trace: {}\n", summary.folder.display()));
    if end.outcome == Outcome::Waiting {
        text.push_str(&format!("go on with: apprentice resume {}\n", summary.run));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Report, closing};
    use crate::policy::Usage;
    use crate::run::Summary;
    use crate::trace::{End, Outcome};

    fn summary(outcome: Outcome) -> Summary {
        Summary {
            run: "2026-11-24T20-15-03-k3x9".to_owned(),
            folder: "traces/2026-11-24T20-15-03-k3x9".into(),
            end: End {
                outcome,
                result: None,
                reason: Some("nobody is there to answer \"Which project?\"".to_owned()),
                steps: 7,
                questions: 1,
                confirmations: 0,
                usage: Usage::default(),
                seconds: 3.25,
            },
        }
    }

    #[test]
    fn the_document_always_has_every_field() {
        let summary = summary(Outcome::Waiting);
        let document = serde_json::to_value(Report::from(&summary)).unwrap();
        assert_eq!(
            document,
            serde_json::json!({
                "outcome": "waiting", "result": null, "run": "2026-11-24T20-15-03-k3x9",
                "reason": "nobody is there to answer \"Which project?\"", "steps": 7, "questions": 1,
                "confirmations": 0, "model_calls": 0, "tokens": {"input": 0, "output": 0}, "cost": 0.0,
                "seconds": 3.25, "trace": "traces/2026-11-24T20-15-03-k3x9"
            })
        );
    }

    #[test]
    fn a_run_that_waits_says_how_to_go_on() {
        insta::assert_snapshot!(closing(&summary(Outcome::Waiting)), @r#"
        waits for a person after 3.2 s: 7 steps, 1 question, 0 confirmations, no model
        reason: nobody is there to answer "Which project?"
        trace: traces/2026-11-24T20-15-03-k3x9
        go on with: apprentice resume 2026-11-24T20-15-03-k3x9
        "#);
    }
}
