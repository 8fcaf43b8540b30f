//! `apprentice demos learned | unlearn`: what runs of a workflow taught, and taking it back.

use std::path::Path;

use serde::Serialize;

use super::output::one_line;
use super::{CliError, GlobalFlags, output};
use crate::demo::TargetQuery;
use crate::demo::by_hand;
use crate::demo::learned::{self, LearnedError, Lesson, LessonKind};
use crate::demo::library;

#[derive(Serialize)]
struct Row {
    number: usize,
    #[serde(flatten)]
    lesson: Lesson,
}

pub(super) fn list(folder: &Path, name: &str, global: GlobalFlags) -> Result<u8, CliError> {
    known(folder, name)?;
    let lessons = learned::load(&learned::file_of(folder, name)).map_err(failed)?;
    let rows = lessons.into_iter().enumerate().map(|(at, lesson)| Row {
        number: at + 1,
        lesson,
    });
    if global.json {
        output::print_json(&rows.collect::<Vec<_>>())?;
        return Ok(0);
    }
    let cells: Vec<Vec<String>> = rows
        .map(|Row { number, lesson }| {
            vec![
                number.to_string(),
                lesson.kind.name().to_owned(),
                lesson
                    .step
                    .map_or_else(String::new, |step| format!("step {step}")),
                one_line(&says(&lesson)),
                format!("{} ({})", lesson.day(), one_line(&lesson.run)),
            ]
        })
        .collect();
    if cells.is_empty() {
        if !global.quiet {
            eprintln!("nothing was learnt for {name:?} yet");
        }
    } else {
        output::print(&output::columns(&cells))?;
    }
    Ok(0)
}

/// Takes back one entry, by its number in the list, or with `None` all.
pub(super) fn unlearn(
    folder: &Path,
    name: &str,
    number: Option<usize>,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    known(folder, name)?;
    let file = learned::file_of(folder, name);
    let taken = learned::take(&file, number).map_err(failed)?;
    for lesson in &taken {
        by_hand::remove(&file, lesson).map_err(|error| CliError::Other {
            message: format!(
                "it is taken back, but its pages in {} cannot be removed: {error}; remove them yourself",
                file.with_file_name(learned::FOLDER).display()
            ),
            code: 1,
        })?;
    }
    if global.json {
        output::print_json(&taken)?;
    } else if !global.quiet {
        for lesson in &taken {
            eprintln!("took back: {}", one_line(&says(lesson)));
        }
        if taken.is_empty() {
            eprintln!("nothing was learnt for {name:?} yet");
        }
    }
    Ok(0)
}

/// What was learnt, in a line.
fn says(lesson: &Lesson) -> String {
    let value = lesson.value.as_deref().unwrap_or_default();
    match lesson.kind {
        LessonKind::Answer => format!("{}: {value}", lesson.about),
        LessonKind::Edit => format!("{} changed to {value}", lesson.about),
        LessonKind::Wording => format!("{:?} is read as {value:?}", lesson.goal),
        LessonKind::ByHand => {
            let place = lesson.does.as_deref().unwrap_or(&lesson.question);
            match value {
                "" => format!("done by hand: {place}"),
                did => format!("done by hand: {did}; in place of: {place}"),
            }
        }
        LessonKind::Pick => {
            let picked = lesson.target.as_deref().map(told).unwrap_or_default();
            let others: Vec<String> = lesson.not.iter().map(told).collect();
            if others.is_empty() {
                picked
            } else {
                format!("{picked}, not {}", others.join(", "))
            }
        }
    }
}

fn told(query: &TargetQuery) -> String {
    let title = [&query.name, &query.label, &query.text, &query.placeholder]
        .into_iter()
        .find_map(Option::as_deref);
    let role = query.role.as_deref().or(query.tag.as_deref());
    let mut text = match (role, title) {
        (Some(role), Some(title)) => format!("{role} \"{title}\""),
        (Some(one), None) => one.to_owned(),
        (None, Some(title)) => format!("\"{title}\""),
        (None, None) => "a place".to_owned(),
    };
    if !query.row.is_empty() {
        text.push_str(&format!(" in the row {}", query.row.join(", ")));
    } else if let Some(heading) = &query.heading {
        text.push_str(&format!(" under \"{heading}\""));
    }
    text
}

fn known(folder: &Path, name: &str) -> Result<(), CliError> {
    library::load(folder, name)
        .map(|_| ())
        .map_err(|error| CliError::Usage(error.to_string()))
}

/// A number that is not there is wrong use; a file that cannot be read or written is a failure.
fn failed(error: LearnedError) -> CliError {
    let code = match error {
        LearnedError::NoSuchEntry { .. } => 2,
        LearnedError::Unreadable { .. }
        | LearnedError::Newer { .. }
        | LearnedError::Unwritable { .. } => 1,
    };
    CliError::Other {
        message: error.to_string(),
        code,
    }
}
