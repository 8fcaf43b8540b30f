//! The command line: one file for each subcommand, in two stages: what was typed (`...Args`), and what it means
//! (`...Request`, with every setting resolved). Prints; knows no browser.
//!
//! Results go to standard output and everything else to standard error, so that a pipe gets the result and nothing else.

mod answers;
pub mod browse;
mod checkup;
mod completions;
pub mod demos;
pub mod doctor;
mod error;
mod flags;
mod learned;
mod logs;
mod output;
mod perform;
mod preferences;
pub mod progress;
pub mod record;
pub mod replay;
pub mod report;
mod request;
pub mod resume;
pub mod run;
mod secrets;
pub mod tour;
mod traces;
mod trust;
mod vault;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

pub use error::CliError;
pub use request::Request;

/// Does web jobs for you the way you showed it, and asks before anything that matters.
#[derive(Debug, Parser)]
#[command(
    name = "apprentice",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 done; 1 failed or gave up; 2 wrong use or configuration; 3 a person said no; \
        4 waiting for a person, resumable; 5 a budget ran out; 130 interrupted."
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalFlags,
    #[command(subcommand)]
    command: Command,
}

/// What every subcommand takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Args)]
pub struct GlobalFlags {
    /// Say more; twice for even more
    #[arg(
        short,
        long,
        global = true,
        display_order = 100,
        action = clap::ArgAction::Count,
        conflicts_with = "quiet"
    )]
    pub verbose: u8,
    /// Say nothing but the result
    #[arg(short, long, global = true, display_order = 101)]
    pub quiet: bool,
    /// Print one JSON document instead of text
    #[arg(long, global = true, display_order = 102)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Do a job: the way a demonstration shows it, or as a model decides
    Run(Box<run::RunArgs>),
    /// Open a browser behind the firewall, for your own hands or another tool's
    Browse(browse::BrowseArgs),
    /// Watch a person do a job in the browser, and write it down as a demonstration
    Record(record::RecordArgs),
    /// Do a run's actions again on the live page, and say whether it was as before
    Replay(replay::ReplayArgs),
    /// Go on with a run that waits for a person
    Resume(resume::ResumeArgs),
    /// See it work, on small web apps that it serves itself
    Tour(tour::TourArgs),
    /// List, show and compare what runs did
    Traces(traces::TracesArgs),
    /// List, set and forget the answers that are remembered
    Answers(answers::AnswersArgs),
    /// List, set and remove values that are used where a goal does not say another
    Preferences(preferences::PreferencesArgs),
    /// List, allow and take back what is done without asking
    Trust(trust::TrustArgs),
    /// Keep, list and remove secrets, each for the origins that may get it
    Secrets(secrets::SecretsArgs),
    /// List, edit, check, import and export demonstrations
    Demos(demos::DemosArgs),
    /// Say what runs need, what is missing, and which settings are in force
    Doctor(checkup::DoctorArgs),
    /// Print a script that completes commands in a shell
    Completions(completions::CompletionsArgs),
}

/// Parses the command line, does what it says, and gives the exit code. The first argument is the program's name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, for standard output and with code 0.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(cli) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            error::show(&error);
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(cli: Cli) -> Result<u8, CliError> {
    let global = cli.global;
    logs::start(global.verbose);
    match cli.command {
        Command::Run(args) => perform::perform(Request::Run(args.meaning(global)?)),
        Command::Browse(args) => perform::perform(Request::Browse(args.meaning(global)?)),
        Command::Record(args) => perform::perform(Request::Record(args.meaning(global)?)),
        Command::Replay(args) => perform::perform(Request::Replay(args.meaning(global)?)),
        Command::Resume(args) => perform::perform(Request::Resume(args.meaning(global)?)),
        Command::Tour(args) => perform::perform(Request::Tour(args.meaning(global)?)),
        Command::Traces(args) => traces::traces(args, cli.global),
        Command::Answers(args) => answers::answers(args, cli.global),
        Command::Preferences(args) => preferences::preferences(args, cli.global),
        Command::Trust(args) => trust::trust(args, cli.global),
        Command::Secrets(args) => secrets::secrets(args, cli.global),
        Command::Demos(args) => demos::demos(args, cli.global),
        Command::Doctor(args) => checkup::checkup(args, cli.global),
        Command::Completions(args) => completions::completions(args),
    }
}
