//! `apprentice demos`: the library of what was shown. One file for each of its commands.

mod check;
mod edit;
mod export;
mod forget;
mod import;
mod lint;
mod list;
mod show;
mod test;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::flags::SecretFlags;
use super::output::one_line;
use super::{CliError, GlobalFlags, Request, learned, perform, vault};
use crate::config::{Layer, Settings};
use crate::demo::library::{self, LibraryError};

pub use test::TestRequest;

#[derive(Debug, Args)]
pub(super) struct DemosArgs {
    #[command(subcommand)]
    command: Option<DemosCommand>,
    /// Folder with the demonstrations [default: demos]
    #[arg(long, value_name = "DIR", global = true)]
    demos: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum DemosCommand {
    /// List the workflows that were shown
    List,
    /// Show what a workflow's demonstrations do
    Show {
        #[arg(value_name = "NAME")]
        name: String,
        /// Also the next best explanations of each step, so many
        #[arg(long, value_name = "N", default_value_t = 0)]
        rivals: usize,
    },
    /// Check that demonstrations can be followed, and that the secrets they need are there
    Check {
        /// Only this one
        #[arg(value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        secrets: SecretFlags,
    },
    /// Open a demonstration in your editor, and check it when you close it
    Edit {
        #[arg(value_name = "NAME")]
        name: String,
        /// Which of its takes; needed where there are several
        #[arg(value_name = "TAKE")]
        take: Option<String>,
    },
    /// Find what can be followed and will still not do what was meant
    Lint {
        /// Only this one
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// Do a demonstration on its own pages with its own values, and let nothing out that changes anything
    Test(test::TestArgs),
    /// Take over recordings of Chrome's DevTools Recorder, or a run that went well
    Import(import::ImportArgs),
    /// Write a demonstration for another tool
    Export(export::ExportArgs),
    /// Remove a demonstration with its pictures
    Forget {
        #[arg(value_name = "NAME")]
        name: String,
        /// Only this take
        #[arg(long, value_name = "TAKE")]
        take: Option<String>,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// List what runs of a workflow taught: answers, picks, edits, what you did by hand
    Learned {
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Take back something that was learnt
    Unlearn {
        #[arg(value_name = "NAME")]
        name: String,
        /// Its number in the list of `apprentice demos learned`
        #[arg(value_name = "NUMBER", required_unless_present = "all")]
        number: Option<usize>,
        /// Take back everything
        #[arg(long, conflicts_with = "number")]
        all: bool,
    },
}

pub(super) fn demos(args: DemosArgs, global: GlobalFlags) -> Result<u8, CliError> {
    let mut layer = Layer {
        demos: args.demos,
        ..Layer::default()
    };
    let command = args.command.unwrap_or(DemosCommand::List);
    match &command {
        DemosCommand::Check { secrets, .. } => secrets.clone().write(&mut layer),
        DemosCommand::Import(args) => args.write(&mut layer),
        DemosCommand::Test(args) => args.write(&mut layer)?,
        DemosCommand::List
        | DemosCommand::Show { .. }
        | DemosCommand::Edit { .. }
        | DemosCommand::Lint { .. }
        | DemosCommand::Export(_)
        | DemosCommand::Learned { .. }
        | DemosCommand::Unlearn { .. }
        | DemosCommand::Forget { .. } => {}
    }
    let settings = Settings::load(layer)?;
    let folder = &settings.demos.value;
    match command {
        DemosCommand::List => list::list(folder, global),
        DemosCommand::Show { name, rivals } => show::show(folder, &name, rivals, global),
        DemosCommand::Check { name, .. } => {
            check::check(folder, name, &vault::load(&settings)?, global)
        }
        DemosCommand::Edit { name, take } => edit::edit(folder, &name, take.as_deref(), global),
        DemosCommand::Lint { name } => lint::lint(folder, name.as_deref(), global),
        DemosCommand::Test(args) => {
            perform::perform(Request::Test(args.meaning(settings, global)?))
        }
        DemosCommand::Import(args) => import::import(&args, &settings, global),
        DemosCommand::Export(args) => export::export(folder, &args, global),
        DemosCommand::Learned { name } => learned::list(folder, &name, global),
        DemosCommand::Unlearn { name, number, .. } => {
            learned::unlearn(folder, &name, number, global)
        }
        DemosCommand::Forget { name, take, yes } => {
            forget::forget(folder, &name, take.as_deref(), yes, global)
        }
    }
}

/// The take that is meant: the one that is named, or the only one.
fn take_of(folder: &Path, name: &str, take: Option<&str>) -> Result<String, CliError> {
    let takes = library::takes(folder, name).map_err(failed)?;
    match (take, takes.as_slice()) {
        (_, []) => Err(failed(LibraryError::NoTakes {
            folder: folder.join(name).display().to_string(),
        })),
        (Some(take), all) if all.iter().any(|one| one == take) => Ok(take.to_owned()),
        (Some(take), all) => Err(CliError::Usage(format!(
            "{name} has no take {take:?}; it has {}",
            all.join(", ")
        ))),
        (None, [only]) => Ok(only.clone()),
        (None, several) => Err(CliError::Usage(format!(
            "{name} has several takes, name one: {}",
            several.join(", ")
        ))),
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A name that is not there is wrong use; a file that is no demonstration is a failure.
fn failed(error: LibraryError) -> CliError {
    let code = match error {
        LibraryError::BadName { .. } | LibraryError::Unknown { .. } => 2,
        LibraryError::NoTakes { .. }
        | LibraryError::Unreadable { .. }
        | LibraryError::Format(_) => 1,
    };
    CliError::Other {
        message: error.to_string(),
        code,
    }
}
