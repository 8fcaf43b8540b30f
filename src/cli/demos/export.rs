//! `apprentice demos export`: writes a demonstration for another tool.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde::Serialize;

use super::super::{CliError, GlobalFlags, output};
use super::{failed, one_line, take_of};
use crate::demo::exchange::{self, Held};
use crate::demo::{Demonstration, library};
use crate::workflow::template::{Source, Template};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[arg(value_name = "NAME")]
    name: String,
    /// Which of its takes; needed where there are several
    #[arg(long, value_name = "TAKE")]
    take: Option<String>,
    /// For which tool
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Format,
    /// File to write [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A recording that the Recorder of Chrome's DevTools imports
    DevtoolsRecorder,
    /// A script for Playwright's test runner, in TypeScript
    Playwright,
}

pub(super) fn export(
    folder: &Path,
    args: &ExportArgs,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Document {
        file: Option<String>,
        /// Absent where it is in the file.
        text: Option<String>,
        notes: Vec<String>,
    }
    let take = take_of(folder, &args.name, args.take.as_deref())?;
    let takes = library::load(folder, &args.name).map_err(failed)?;
    let Some((_, demonstration)) = takes.into_iter().find(|(name, _)| *name == take) else {
        return Err(CliError::Usage(format!(
            "{} has no take {take:?}",
            args.name
        )));
    };
    let today = recorded(&demonstration).unwrap_or_else(|| jiff::ZonedDateTime::now().date());
    let holes = |inside: &str| held(&demonstration, inside, today);
    let (text, notes) = match args.format {
        Format::DevtoolsRecorder => {
            let (flow, notes) = exchange::export(&demonstration, &holes);
            (flow.to_json() + "\n", notes)
        }
        Format::Playwright => {
            let name = format!("{}/{take}", args.name);
            exchange::playwright(&name, &demonstration, &holes)
        }
    };
    if let Some(file) = &args.output {
        std::fs::write(file, &text).map_err(|e| CliError::Output {
            file: file.display().to_string(),
            reason: e.to_string(),
        })?;
    }
    if global.json {
        output::print_json(&Document {
            file: args.output.as_ref().map(|file| file.display().to_string()),
            text: args.output.is_none().then_some(text),
            notes: notes.iter().map(ToString::to_string).collect(),
        })?;
        return Ok(0);
    }
    if args.output.is_none() {
        output::print(&text)?;
    }
    if !global.quiet {
        for note in &notes {
            eprintln!("{}", one_line(&note.to_string()));
        }
    }
    Ok(0)
}

/// The day on which it was recorded, from which its dates are seen.
fn recorded(demonstration: &Demonstration) -> Option<Date> {
    demonstration.recorded.as_deref()?.get(..10)?.parse().ok()
}

/// What a hole held in the recording.
fn held(demonstration: &Demonstration, inside: &str, today: Date) -> Held {
    let unknown = || Held::Unknown(inside.to_owned());
    let Ok(template) = Template::parse(&format!("{{{inside}}}")) else {
        return unknown();
    };
    match template.sources().next() {
        None => unknown(),
        Some(Source::Download) => Held::Download,
        Some(Source::Site(site)) => match demonstration.sites.get(site) {
            Some(origin) => Held::Site(origin.trim_end_matches('/').to_owned()),
            None => unknown(),
        },
        Some(Source::Parameter(name)) => {
            let parameter = demonstration.parameters.get(name);
            if let Some(secret) = parameter.and_then(|parameter| parameter.secret.clone()) {
                return Held::Secret(secret);
            }
            let is_read = demonstration
                .steps
                .iter()
                .any(|step| step.into.as_ref() == Some(name));
            let example = parameter.and_then(|parameter| parameter.example.clone());
            match example.map(|example| template.fill(today, &|_| Some(example.clone()))) {
                Some(Ok(value)) => Held::Example(value),
                None if is_read => Held::Read(name.clone()),
                Some(Err(_)) | None => unknown(),
            }
        }
    }
}
