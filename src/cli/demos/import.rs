//! `apprentice demos import`: takes over recordings of Chrome's DevTools Recorder, or a run that went well.
//!
//! Everything is read and checked before anything is written, and nothing is ever overwritten: what comes is the next take.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::super::{CliError, GlobalFlags, output, vault};
use super::{counted, one_line};
use crate::config::{Layer, Settings};
use crate::demo::exchange::{self, Flow};
use crate::demo::recorder::{Recorded, save};
use crate::demo::{Demonstration, library};
use crate::trace::{self, Store};
use crate::workflow::Workflow;

/// Longest name that is made of a title, in characters.
const LONGEST_NAME: usize = 60;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Recordings that were exported as JSON
    #[arg(
        value_name = "FILE",
        required_unless_present = "trace",
        conflicts_with = "trace"
    )]
    files: Vec<PathBuf>,
    /// Take over a run: any beginning of its name that fits only one, its folder, or `last`
    #[arg(long, value_name = "RUN")]
    trace: Option<String>,
    /// Name of the job [default: made of the recording's title, or the run's own]
    #[arg(long, value_name = "NAME")]
    workflow: Option<String>,
    /// What was done, in a sentence, as a goal would say it [default: the recording's title]
    #[arg(long, value_name = "SENTENCE", conflicts_with = "trace")]
    goal: Option<String>,
    /// Folder with the traces [default: traces]
    #[arg(long, value_name = "DIR")]
    traces: Option<PathBuf>,
}

impl ImportArgs {
    pub(super) fn write(&self, layer: &mut Layer) {
        layer.traces.clone_from(&self.traces);
    }
}

/// Something that is ready to be written.
struct Ready {
    /// What it comes from, as messages name it.
    from: String,
    recorded: Recorded,
    notes: Vec<String>,
}

pub(super) fn import(
    args: &ImportArgs,
    settings: &Settings,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Row {
        from: String,
        workflow: String,
        take: String,
        file: String,
        goal: String,
        steps: usize,
        notes: Vec<String>,
    }
    let folder = &settings.demos.value;
    let mut ready = match &args.trace {
        Some(run) => vec![of_run(run, args, settings)?],
        None => {
            let masker = vault::load(settings)?.masker();
            let secret = |text: &str| !masker.find(text).is_empty();
            args.files
                .iter()
                .map(|file| of_recording(file, args, &secret))
                .collect::<Result<_, _>>()?
        }
    };
    for one in &mut ready {
        check(folder, one)?;
    }
    let mut rows = Vec::new();
    for one in ready {
        let saved = save(folder, None, &one.recorded).map_err(|e| failed(e.to_string()))?;
        let demonstration = one.recorded.demonstration;
        rows.push(Row {
            from: one.from,
            workflow: demonstration.workflow,
            take: saved.take,
            file: saved.file.display().to_string(),
            goal: demonstration.goal,
            steps: demonstration.steps.len(),
            notes: one.notes,
        });
    }
    if global.json {
        output::print_json(&rows)?;
        return Ok(0);
    }
    for row in &rows {
        output::print(&format!("{}\n", row.file))?;
        if !global.quiet {
            for note in &row.notes {
                eprintln!("{}: {}", row.from, one_line(note));
            }
            eprintln!(
                "{}/{}: {}, goal {:?}",
                row.workflow,
                row.take,
                counted(row.steps, "step", "steps"),
                one_line(&row.goal)
            );
        }
    }
    Ok(0)
}

fn of_recording(
    file: &Path,
    args: &ImportArgs,
    secret: &dyn Fn(&str) -> bool,
) -> Result<Ready, CliError> {
    let name = file.display().to_string();
    let text = read(file)?;
    let flow = Flow::parse(&name, &text).map_err(|e| failed(e.to_string()))?;
    let goal = args.goal.clone().unwrap_or_else(|| flow.title.clone());
    if goal.trim().is_empty() {
        return Err(CliError::Usage(format!(
            "{name} has no title: say with --goal what was done"
        )));
    }
    let stem = file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned());
    let workflow = named(
        args.workflow.as_deref(),
        &[&flow.title, &stem.unwrap_or_default()],
    )?;
    let taken = exchange::import(&name, &flow, &workflow, &goal, secret)
        .map_err(|e| failed(e.to_string()))?;
    let mut notes: Vec<String> = taken.notes.iter().map(ToString::to_string).collect();
    if args.goal.is_none() {
        notes.push(
            "its goal is the recording's title: write a sentence with the values it was recorded for, or give it with --goal"
                .to_owned(),
        );
    }
    let pictures = vec![None; taken.demonstration.steps.len()];
    Ok(Ready {
        from: name,
        recorded: Recorded {
            demonstration: taken.demonstration,
            pictures,
        },
        notes,
    })
}

/// The file's text, where it is not larger than any recording.
fn read(file: &Path) -> Result<String, CliError> {
    let name = file.display();
    let cannot = |reason: String| CliError::Other {
        message: format!("{name} cannot be read: {reason}"),
        code: 2,
    };
    let opened = std::fs::File::open(file).map_err(|e| cannot(e.to_string()))?;
    let mut bytes = Vec::new();
    opened
        .take(exchange::MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| cannot(e.to_string()))?;
    if bytes.len() as u64 > exchange::MOST_BYTES {
        return Err(failed(format!(
            "{name} is larger than {} MiB, which no recording is",
            exchange::MOST_BYTES / 1024 / 1024
        )));
    }
    String::from_utf8(bytes).map_err(|_| failed(format!("{name} is not text in UTF-8")))
}

fn of_run(run: &str, args: &ImportArgs, settings: &Settings) -> Result<Ready, CliError> {
    let folder = Store::new(&settings.traces.value).find(run)?;
    let read = trace::read(&folder)?;
    let own = read.header.workflow.clone();
    let workflow = named(
        args.workflow.as_deref().or(own.as_deref()),
        &[&read.header.goal],
    )?;
    let lesson = trace::lesson(
        &read,
        &workflow,
        |blob| read.observation(blob).ok(),
        |blob| read.blob(blob).ok(),
    )
    .map_err(|e| failed(e.to_string()))?;
    Ok(Ready {
        from: read.header.run.clone(),
        recorded: lesson.recorded,
        notes: lesson.left_out,
    })
}

/// The workflow's name: as it was given, or made of the first of the texts that has letters.
fn named(given: Option<&str>, texts: &[&str]) -> Result<String, CliError> {
    if let Some(given) = given {
        return Ok(given.to_owned());
    }
    let slug = |text: &&str| {
        let mut slug = String::new();
        for word in text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            if slug.chars().count() + word.chars().count() >= LONGEST_NAME {
                break;
            }
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(&word.to_lowercase());
        }
        slug
    };
    texts
        .iter()
        .map(slug)
        .find(|name| !name.is_empty())
        .ok_or_else(|| {
            CliError::Usage("nothing gives the job a name: give one with --workflow".to_owned())
        })
}

/// Whether it can be followed, alone and beside the takes that are there. What those know of a parameter, it takes over.
fn check(folder: &Path, ready: &mut Ready) -> Result<(), CliError> {
    let demonstration = &mut ready.recorded.demonstration;
    let name = demonstration.workflow.clone();
    let there = library::load(folder, &name).unwrap_or_default();
    adopt(demonstration, &there);
    let new = || ("the new take".to_owned(), demonstration.clone());
    let alone = Workflow::from_takes(vec![new()]);
    let all: Vec<(String, Demonstration)> = there.iter().cloned().chain([new()]).collect();
    let beside = match there.is_empty() || Workflow::from_takes(there).is_err() {
        true => Ok(()),
        false => Workflow::from_takes(all).map(|_| ()),
    };
    match alone.map(|_| ()).and(beside) {
        Ok(()) => Ok(()),
        Err(error) => Err(failed(format!(
            "{} is not taken over into {name}: {error}",
            ready.from
        ))),
    }
}

fn adopt(demonstration: &mut Demonstration, there: &[(String, Demonstration)]) {
    for (name, parameter) in &mut demonstration.parameters {
        let known = there.iter().find_map(|(_, take)| take.parameters.get(name));
        if let Some(known) = known
            && known.secret == parameter.secret
        {
            parameter.kind = known.kind;
            if known.question.is_some() {
                parameter.question.clone_from(&known.question);
            }
        }
    }
}

fn failed(message: String) -> CliError {
    CliError::Other { message, code: 1 }
}
