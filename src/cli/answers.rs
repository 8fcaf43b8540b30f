//! `apprentice answers list | set | forget`: answers that are remembered from run to run, which are the preferences of one
//! workflow alone.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{CliError, GlobalFlags, output, preferences};
use crate::config::{Layer, Settings};
use crate::human::memory::{Memory, MemoryError, Preference};
use crate::trace::viewer::printable;

#[derive(Debug, Args)]
pub(super) struct AnswersArgs {
    #[command(subcommand)]
    command: AnswersCommand,
    /// File with the remembered answers
    #[arg(long, value_name = "FILE", global = true)]
    memory: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum AnswersCommand {
    /// List what is remembered
    List {
        /// Only of this workflow
        #[arg(value_name = "WORKFLOW")]
        workflow: Option<String>,
    },
    /// Remember an answer, or change it
    Set {
        #[arg(value_name = "WORKFLOW")]
        workflow: String,
        /// What the answer is for
        #[arg(value_name = "KEY")]
        key: String,
        #[arg(value_name = "ANSWER")]
        answer: String,
    },
    /// Forget an answer, or all of a workflow
    Forget {
        #[arg(value_name = "WORKFLOW")]
        workflow: String,
        /// What the answer is for; without it all of the workflow
        #[arg(value_name = "KEY")]
        key: Option<String>,
    },
}

#[derive(Serialize)]
struct Row<'a> {
    workflow: &'a str,
    key: &'a str,
    answer: &'a str,
}

pub(super) fn answers(args: AnswersArgs, global: GlobalFlags) -> Result<u8, CliError> {
    let settings = Settings::load(Layer {
        memory: args.memory,
        ..Layer::default()
    })?;
    let mut memory = Memory::load(&settings.memory.value).map_err(failed)?;
    match args.command {
        AnswersCommand::List { workflow } => list(&memory, workflow.as_deref(), global),
        AnswersCommand::Set {
            workflow,
            key,
            answer,
        } => {
            let preference = Preference {
                name: key.clone(),
                value: answer,
                source: preferences::by_hand(),
                workflow: Some(workflow),
            };
            if memory.set(preference).map_err(failed)? {
                Ok(0)
            } else {
                Err(CliError::Usage(format!(
                    "the answer for {key:?} looks like a card or account number, and no secret is remembered: keep it as a secret"
                )))
            }
        }
        AnswersCommand::Forget { workflow, key } => {
            let forgotten = memory
                .forget(Some(&workflow), key.as_deref())
                .map_err(failed)?;
            if forgotten == 0 {
                let what = key.map_or_else(String::new, |key| format!(" for {key:?}"));
                return Err(CliError::Usage(format!(
                    "nothing is remembered{what} in {workflow:?}: `apprentice answers list` shows what is"
                )));
            }
            if !global.quiet {
                let noun = if forgotten == 1 { "answer" } else { "answers" };
                eprintln!("forgot {forgotten} {noun}");
            }
            Ok(0)
        }
    }
}

fn list(memory: &Memory, workflow: Option<&str>, global: GlobalFlags) -> Result<u8, CliError> {
    let rows: Vec<Row<'_>> = memory
        .list()
        .filter(|(of, ..)| workflow.is_none_or(|workflow| *of == workflow))
        .map(|(workflow, key, answer)| Row {
            workflow,
            key,
            answer,
        })
        .collect();
    if global.json {
        output::print_json(&rows)?;
    } else if rows.is_empty() {
        if !global.quiet {
            eprintln!("nothing is remembered");
        }
    } else {
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                [row.workflow, row.key, row.answer]
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
