//! What the command line ends with when it does not end well, and how that is shown.

use std::error::Error;
use std::io::{IsTerminal, Write};

use miette::Diagnostic;
use thiserror::Error;

use crate::config::ConfigError;
use crate::trace::TraceError;

/// Exit code of wrong use and wrong configuration.
const WRONG_USE: u8 = 2;
/// Exit code of everything else that went wrong.
const FAILED: u8 = 1;

#[derive(Debug, Error, Diagnostic)]
pub enum CliError {
    /// What was typed makes no sense; the sentence says why.
    #[error("{0}")]
    #[diagnostic(help("`apprentice --help` and `apprentice COMMAND --help` say what fits"))]
    Usage(String),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Trace(#[from] TraceError),
    #[error("cannot write {file}: {reason}")]
    Output { file: String, reason: String },
    /// Whatever else a command failed with, as a sentence, and the exit code it ends with.
    #[error("{message}")]
    Other { message: String, code: u8 },
}

impl CliError {
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::Usage(_)
            | CliError::Config(_)
            | CliError::Trace(
                TraceError::NoRuns { .. }
                | TraceError::NoSuchRun { .. }
                | TraceError::Ambiguous { .. },
            ) => WRONG_USE,
            CliError::Trace(
                TraceError::Write { .. }
                | TraceError::Read { .. }
                | TraceError::NotATrace { .. }
                | TraceError::Newer { .. }
                | TraceError::BadBlob { .. },
            )
            | CliError::Output { .. } => FAILED,
            CliError::Other { code, .. } => *code,
        }
    }
}

/// Prints an error to standard error: with colours and margins at a terminal; elsewhere as plain lines, which logs and
/// scripts can search.
pub fn show(error: &CliError) {
    let mut stderr = std::io::stderr().lock();
    let text = if stderr.is_terminal() {
        let mut text = String::new();
        match miette::GraphicalReportHandler::new().render_report(&mut text, error) {
            Ok(()) => text,
            Err(_) => plain(error),
        }
    } else {
        plain(error)
    };
    // Nobody can be told that standard error is gone.
    let _ = writeln!(stderr, "{}", text.trim_end());
}

fn plain(error: &CliError) -> String {
    let mut text = format!("error: {error}");
    let mut cause = error.source();
    while let Some(one) = cause {
        text.push_str(&format!("\n  because: {one}"));
        cause = one.source();
    }
    if let Some(help) = error.help() {
        text.push_str(&format!("\n  help: {help}"));
    }
    text
}
