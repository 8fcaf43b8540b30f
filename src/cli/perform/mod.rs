//! Performs what a command line means where that needs the run loop: one file for each subcommand.

mod browse;
mod choosing;
mod controls;
mod earlier;
mod guarding;
mod job;
mod learning;
mod record;
mod recover;
mod rehearse;
mod replay;
mod resume;
mod rewording;
mod run;
mod signals;
mod tour;
mod window;

use super::{CliError, Request};

/// Exit code of what failed.
const FAILED: u8 = 1;
/// Exit code of wrong use.
const WRONG_USE: u8 = 2;
/// Exit code of what was interrupted.
const INTERRUPTED: u8 = 130;

/// Does it, and gives the exit code.
///
/// # Errors
/// Whatever keeps it from ending in order, with the exit code for it.
pub fn perform(request: Request) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| failed(format!("no threads to work with: {e}")))?;
    let code = runtime.block_on(async {
        match request {
            Request::Run(request) => run::run(request).await,
            Request::Tour(request) => tour::tour(request).await,
            Request::Replay(request) => replay::replay(request).await,
            Request::Browse(request) => browse::browse(request).await,
            Request::Record(request) if request.recover => recover::recover(request).await,
            Request::Record(request) => record::record(request).await,
            Request::Resume(request) => resume::resume(request).await,
            Request::Test(request) => rehearse::rehearse(request).await,
        }
    });
    // A prompt that nobody answers any more would hold the process.
    runtime.shutdown_background();
    code
}

fn failed(message: impl Into<String>) -> CliError {
    CliError::Other {
        message: message.into(),
        code: FAILED,
    }
}

fn wrong_use(message: impl Into<String>) -> CliError {
    CliError::Other {
        message: message.into(),
        code: WRONG_USE,
    }
}
