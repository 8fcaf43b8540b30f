//! `apprentice traces list | show | compare`: what runs did.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{CliError, GlobalFlags, output, replay};
use crate::config::{Layer, Settings};
use crate::trace::{self, Glance, Header, Line, Outcome, Store, viewer};

#[derive(Debug, Args)]
pub(super) struct TracesArgs {
    #[command(subcommand)]
    command: TracesCommand,
}

/// Where the runs are.
#[derive(Debug, Args)]
struct Place {
    /// Folder with the traces [default: traces]
    #[arg(long, value_name = "DIR")]
    traces: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum TracesCommand {
    /// List the runs, newest first
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Show what a run saw, decided, asked and did
    Show {
        /// Any beginning of the run's name that fits only one, or its folder
        #[arg(value_name = "RUN", default_value = "last")]
        run: String,
        /// Write one self-contained page with pictures, and print where it is
        #[arg(long, conflicts_with = "json")]
        html: bool,
        /// File for the page; `-` for standard output [default: trace.html in the run's folder]
        #[arg(short, long, value_name = "FILE", requires = "html")]
        output: Option<PathBuf>,
        #[command(flatten)]
        place: Place,
    },
    /// Say step by step whether the pages of a replay were as in the run
    Compare {
        /// The earlier run
        #[arg(value_name = "RUN")]
        before: String,
        /// Its replay
        #[arg(value_name = "REPLAY", default_value = "last")]
        after: String,
        #[command(flatten)]
        place: Place,
    },
}

pub(super) fn traces(args: TracesArgs, global: GlobalFlags) -> Result<u8, CliError> {
    match args.command {
        TracesCommand::List { place } => list(&store(place)?, global),
        TracesCommand::Show {
            run,
            html,
            output,
            place,
        } => {
            let folder = store(place)?.find(&run)?;
            if html {
                page(&folder, output)
            } else {
                show(&folder, global)
            }
        }
        TracesCommand::Compare {
            before,
            after,
            place,
        } => {
            let store = store(place)?;
            let before = trace::read(&store.find(&before)?)?;
            let after = trace::read(&store.find(&after)?)?;
            let steps = trace::compare(&before, &after);
            if global.json {
                output::print_json(&steps)?;
            } else {
                output::print(&replay::table(&steps))?;
            }
            Ok(0)
        }
    }
}

fn store(place: Place) -> Result<Store, CliError> {
    let layer = Layer {
        traces: place.traces,
        ..Layer::default()
    };
    Ok(Store::new(Settings::load(layer)?.traces.value))
}

/// A run in the list's JSON.
#[derive(Serialize)]
struct Row {
    run: Option<String>,
    folder: Option<PathBuf>,
    goal: Option<String>,
    started: Option<String>,
    outcome: Option<Outcome>,
    seconds: Option<f64>,
    /// Why the run cannot be read.
    error: Option<String>,
}

fn list(store: &Store, global: GlobalFlags) -> Result<u8, CliError> {
    let runs = store.list()?;
    if global.json {
        let rows: Vec<Row> = runs.into_iter().map(row).collect();
        output::print_json(&rows)?;
        return Ok(0);
    }
    let mut rows = Vec::new();
    for run in runs {
        rows.push(match run {
            Ok(Glance {
                run, header, end, ..
            }) => vec![
                run,
                viewer::ending(end.as_ref()).to_owned(),
                end.map_or_else(String::new, |end| viewer::duration(end.seconds * 1000.0)),
                viewer::printable(&header.goal).replace('\n', " "),
            ],
            Err(error) => vec![
                String::new(),
                "unreadable".to_owned(),
                String::new(),
                error.to_string(),
            ],
        });
    }
    if rows.is_empty() {
        if !global.quiet {
            eprintln!("no runs yet");
        }
        return Ok(0);
    }
    output::print(&output::columns(&rows))?;
    Ok(0)
}

fn row(run: Result<Glance, trace::TraceError>) -> Row {
    match run {
        Ok(glance) => Row {
            run: Some(glance.run),
            folder: Some(glance.folder),
            goal: Some(glance.header.goal),
            started: Some(glance.header.started),
            outcome: glance.end.as_ref().map(|end| end.outcome),
            seconds: glance.end.as_ref().map(|end| end.seconds),
            error: None,
        },
        Err(error) => Row {
            run: None,
            folder: None,
            goal: None,
            started: None,
            outcome: None,
            seconds: None,
            error: Some(error.to_string()),
        },
    }
}

fn show(folder: &Path, global: GlobalFlags) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Document<'a> {
        folder: &'a Path,
        header: &'a Header,
        lines: &'a [Line],
        broken_tail: bool,
    }
    let trace = trace::read(folder)?;
    if global.json {
        output::print_json(&Document {
            folder,
            header: &trace.header,
            lines: &trace.lines,
            broken_tail: trace.broken_tail,
        })?;
    } else {
        output::print(&viewer::text(&trace))?;
    }
    Ok(0)
}

fn page(folder: &Path, file: Option<PathBuf>) -> Result<u8, CliError> {
    let trace = trace::read(folder)?;
    let page = viewer::html(&trace, |blob| trace.blob(blob).ok());
    let file = file.unwrap_or_else(|| folder.join("trace.html"));
    if file.as_os_str() == "-" {
        output::print(&page)?;
        return Ok(0);
    }
    std::fs::write(&file, page).map_err(|e| CliError::Output {
        file: file.display().to_string(),
        reason: format!("{e}; name another file with --output FILE"),
    })?;
    output::print(&file.display().to_string())?;
    Ok(0)
}
