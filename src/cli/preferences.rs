//! `apprentice preferences list | set | remove`: values that are used where a goal does not say another.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{CliError, GlobalFlags, output};
use crate::config::{Layer, Settings};
use crate::human::memory::{Memory, MemoryError, Preference};
use crate::trace::viewer::printable;

#[derive(Debug, Args)]
pub(super) struct PreferencesArgs {
    #[command(subcommand)]
    command: PreferencesCommand,
    /// File with the preferences [default: preferences.toml in the configuration folder]
    #[arg(long, value_name = "FILE", global = true)]
    memory: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum PreferencesCommand {
    /// List what is preferred, and since when
    List,
    /// Prefer a value for every parameter of this name, or change it
    Set {
        #[arg(value_name = "NAME")]
        name: String,
        #[arg(value_name = "VALUE")]
        value: String,
        /// Only in this workflow
        #[arg(long = "for", value_name = "WORKFLOW")]
        workflow: Option<String>,
    },
    /// Prefer nothing for this name any more
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
        /// What is for this workflow alone
        #[arg(long = "for", value_name = "WORKFLOW")]
        workflow: Option<String>,
    },
}

pub(super) fn preferences(args: PreferencesArgs, global: GlobalFlags) -> Result<u8, CliError> {
    let settings = Settings::load(Layer {
        memory: args.memory,
        ..Layer::default()
    })?;
    let mut memory = Memory::load(&settings.memory.value).map_err(failed)?;
    match args.command {
        PreferencesCommand::List => list(&memory, global),
        PreferencesCommand::Set {
            name,
            value,
            workflow,
        } => set(&mut memory, name, value, workflow),
        PreferencesCommand::Remove { name, workflow } => {
            let gone = memory
                .forget(workflow.as_deref(), Some(&name))
                .map_err(failed)?;
            if gone > 0 {
                return Ok(0);
            }
            let of = workflow.map_or_else(String::new, |name| format!(" for {name:?} alone"));
            Err(CliError::Usage(format!(
                "nothing is preferred for {name:?}{of}: `apprentice preferences list` shows what is"
            )))
        }
    }
}

fn set(
    memory: &mut Memory,
    name: String,
    value: String,
    workflow: Option<String>,
) -> Result<u8, CliError> {
    if name.trim().is_empty() || value.trim().is_empty() {
        return Err(CliError::Usage(
            "a preference needs a name and a value".to_owned(),
        ));
    }
    let preference = Preference {
        name,
        value,
        source: by_hand(),
        workflow,
    };
    let told = preference.name.clone();
    if memory.set(preference).map_err(failed)? {
        Ok(0)
    } else {
        Err(CliError::Usage(format!(
            "the value for {told:?} looks like a card or account number, and no secret is kept among preferences: keep it as a secret"
        )))
    }
}

/// The source of what is set on the command line.
pub(super) fn by_hand() -> String {
    format!("set by hand on {}", jiff::ZonedDateTime::now().date())
}

fn list(memory: &Memory, global: GlobalFlags) -> Result<u8, CliError> {
    let all = memory.preferences();
    if global.json {
        output::print_json(&all)?;
    } else if all.is_empty() {
        if !global.quiet {
            eprintln!("nothing is preferred");
        }
    } else {
        let cells: Vec<Vec<String>> = all
            .iter()
            .map(|one| {
                let of = one
                    .workflow
                    .as_ref()
                    .map_or_else(|| "everywhere".to_owned(), |name| format!("in {name}"));
                [&one.name, &one.value, &of, &one.source]
                    .map(|cell| printable(cell).replace('\n', " "))
                    .to_vec()
            })
            .collect();
        output::print(&output::columns(&cells))?;
    }
    Ok(0)
}

fn failed(error: MemoryError) -> CliError {
    CliError::Other {
        message: error.to_string(),
        code: 1,
    }
}
