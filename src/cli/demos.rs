//! `apprentice demos list | show | check | learned | unlearn`: what was shown, and what runs taught.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::flags::SecretFlags;
use super::{CliError, GlobalFlags, learned, output, vault};
use crate::config::{Layer, Settings};
use crate::demo::library::{self, Entry, LibraryError};
use crate::demo::{Demonstration, Step, TargetQuery, Verb};
use crate::guard::secrets::{Secrets, plain_name};
use crate::trace::viewer::printable;
use crate::workflow::Workflow;

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
    },
    /// Check that demonstrations can be followed, and that the secrets they need are there
    Check {
        /// Only this one
        #[arg(value_name = "NAME")]
        name: Option<String>,
        #[command(flatten)]
        secrets: SecretFlags,
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
    if let DemosCommand::Check { secrets, .. } = &command {
        secrets.clone().write(&mut layer);
    }
    let settings = Settings::load(layer)?;
    let folder = &settings.demos.value;
    match command {
        DemosCommand::List => list(folder, global),
        DemosCommand::Show { name } => show(folder, &name, global),
        DemosCommand::Learned { name } => learned::list(folder, &name, global),
        DemosCommand::Unlearn { name, number, .. } => {
            learned::unlearn(folder, &name, number, global)
        }
        DemosCommand::Check { name, .. } => check(folder, name, &vault::load(&settings)?, global),
    }
}

fn list(folder: &Path, global: GlobalFlags) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Row {
        name: String,
        takes: Vec<String>,
        goal: Option<String>,
        problem: Option<String>,
    }
    let entries = library::list(folder);
    if global.json {
        let rows: Vec<Row> = entries
            .into_iter()
            .map(
                |Entry {
                     name,
                     takes,
                     goal,
                     problem,
                 }| Row {
                    name,
                    takes,
                    goal,
                    problem,
                },
            )
            .collect();
        output::print_json(&rows)?;
    } else if entries.is_empty() {
        if !global.quiet {
            eprintln!("no demonstrations in {}", folder.display());
        }
    } else {
        let rows: Vec<Vec<String>> = entries
            .into_iter()
            .map(|entry| {
                let says = match (entry.problem, entry.goal) {
                    (Some(problem), _) => format!("unusable: {problem}"),
                    (None, goal) => goal.unwrap_or_default(),
                };
                vec![
                    entry.name,
                    counted(entry.takes.len(), "take", "takes"),
                    one_line(&says),
                ]
            })
            .collect();
        output::print(&output::columns(&rows))?;
    }
    Ok(0)
}

fn show(folder: &Path, name: &str, global: GlobalFlags) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Take {
        take: String,
        demonstration: Demonstration,
    }
    let takes = library::load(folder, name).map_err(failed)?;
    if global.json {
        let takes: Vec<Take> = takes
            .into_iter()
            .map(|(take, demonstration)| Take {
                take,
                demonstration,
            })
            .collect();
        output::print_json(&takes)?;
        return Ok(0);
    }
    let texts: Vec<String> = takes
        .iter()
        .map(|(take, demonstration)| describe(name, take, demonstration))
        .collect();
    output::print(&texts.join("\n"))?;
    Ok(0)
}

/// A demonstration in lines: its goal, its parameters, its steps.
fn describe(name: &str, take: &str, demonstration: &Demonstration) -> String {
    let mut text = format!(
        "{name}/{take}\n  goal   {}\n  start  {}\n",
        one_line(&demonstration.goal),
        one_line(&demonstration.start)
    );
    for (name, parameter) in &demonstration.parameters {
        let value = match (&parameter.secret, &parameter.example) {
            (Some(secret), _) => format!("the secret {secret}"),
            (None, Some(example)) => format!("such as {}", one_line(example)),
            (None, None) => "no example".to_owned(),
        };
        text.push_str(&format!("  {{{name}}}  {value}\n"));
    }
    for (index, step) in demonstration.steps.iter().enumerate() {
        text.push_str(&format!("{:>5}  {}\n", index + 1, one_line(&line(step))));
    }
    text
}

fn line(step: &Step) -> String {
    let mut words = vec![verb(step.verb)];
    if let Some(target) = &step.target {
        words.push(place(target));
    }
    let values = step.value.iter().chain(&step.values);
    let values: Vec<String> = values.map(|value| format!("\"{value}\"")).collect();
    if !values.is_empty() {
        words.push(values.join(", "));
    }
    if let Some(to) = &step.to {
        words.push(format!("to {}", place(to)));
    }
    if let Some(into) = &step.into {
        words.push(format!("into {{{into}}}"));
    }
    if step.optional {
        words.push("(where it is there)".to_owned());
    }
    if let Some(mark) = step.mark {
        words.push(format!("(asks: would {})", mark.phrase()));
    }
    match &step.says {
        Some(says) => format!("{says}: {}", words.join(" ")),
        None => words.join(" "),
    }
}

/// The verb as the file has it.
fn verb(verb: Verb) -> String {
    match serde_json::to_value(verb) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => format!("{verb:?}"),
    }
}

fn place(target: &TargetQuery) -> String {
    let role = target.role.as_deref().or(target.tag.as_deref());
    let title = [
        &target.name,
        &target.label,
        &target.text,
        &target.placeholder,
    ]
    .into_iter()
    .find_map(Option::as_deref);
    match (role, title) {
        (Some(role), Some(title)) => format!("{role} \"{title}\""),
        (Some(word), None) => word.to_owned(),
        (None, Some(title)) => format!("\"{title}\""),
        (None, None) => "a place".to_owned(),
    }
}

/// Ends with 1 where a demonstration cannot be followed; a missing picture is only said.
fn check(
    folder: &Path,
    name: Option<String>,
    secrets: &Secrets,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Needed {
        name: String,
        /// Where it would be taken from; absent where it is nowhere.
        place: Option<String>,
        origins: Vec<String>,
    }
    #[derive(Serialize)]
    struct Row {
        name: String,
        problem: Option<String>,
        warnings: Vec<String>,
        secrets: Vec<Needed>,
    }
    let known = secrets.whereabouts();
    let names = match name {
        Some(name) => vec![name],
        None => library::list(folder)
            .into_iter()
            .map(|entry| entry.name)
            .collect(),
    };
    let mut rows = Vec::new();
    for name in names {
        let (problem, warnings, needed) = match library::load(folder, &name) {
            Err(error @ (LibraryError::Unknown { .. } | LibraryError::BadName { .. })) => {
                return Err(failed(error));
            }
            Err(error) => (Some(error.to_string()), Vec::new(), BTreeSet::new()),
            Ok(takes) => {
                let warnings = library::missing_pictures(folder, &name, &takes)
                    .into_iter()
                    .map(|missing| {
                        format!(
                            "step {} of {} has no picture {}",
                            missing.step,
                            missing.take,
                            missing.file.display()
                        )
                    })
                    .collect();
                let needed = secrets_of(&takes);
                let problem = Workflow::from_takes(takes).err().map(|e| e.to_string());
                (problem, warnings, needed)
            }
        };
        rows.push(Row {
            name,
            problem,
            warnings,
            secrets: needed
                .into_iter()
                .map(|name| {
                    let plain = plain_name(&name);
                    let found = known.iter().find(|one| one.name == plain);
                    Needed {
                        name,
                        place: found.map(|one| one.place.to_string()),
                        origins: found.map(|one| one.origins.clone()).unwrap_or_default(),
                    }
                })
                .collect(),
        });
    }
    let code = u8::from(rows.iter().any(|row| row.problem.is_some()));
    if global.json {
        output::print_json(&rows)?;
        return Ok(code);
    }
    let mut text = String::new();
    for row in &rows {
        let says = row.problem.as_deref().unwrap_or("ok");
        text.push_str(&format!("{}: {}\n", row.name, one_line(says)));
        for warning in &row.warnings {
            text.push_str(&format!("  {}\n", one_line(warning)));
        }
        for secret in &row.secrets {
            let name = one_line(&secret.name);
            let says = match &secret.place {
                Some(place) if secret.origins.is_empty() => {
                    format!("{place}, but for no origin yet")
                }
                Some(place) => format!("{place}, for {}", secret.origins.join(" ")),
                None => format!("missing: apprentice secrets set {name} --origin URL"),
            };
            text.push_str(&format!("  needs the secret {name} ({says})\n"));
        }
    }
    if text.is_empty() {
        if !global.quiet {
            eprintln!("no demonstrations in {}", folder.display());
        }
    } else {
        output::print(&text)?;
    }
    Ok(code)
}

/// The names of the secrets that any of the takes types.
fn secrets_of(takes: &[(String, Demonstration)]) -> BTreeSet<String> {
    let parameters = takes.iter().flat_map(|(_, take)| take.parameters.values());
    parameters
        .filter_map(|parameter| parameter.secret.clone())
        .collect()
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn one_line(text: &str) -> String {
    printable(&text.split_whitespace().collect::<Vec<_>>().join(" "))
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
