//! `apprentice demos list`: the workflows that were shown.

use std::path::Path;

use serde::Serialize;

use super::super::{CliError, GlobalFlags, output};
use super::{counted, one_line};
use crate::demo::library::{self, Entry};
use crate::demo::recorder::unfinished;

pub(super) fn list(folder: &Path, global: GlobalFlags) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Row {
        name: String,
        takes: Vec<String>,
        goal: Option<String>,
        problem: Option<String>,
        /// How many recordings of it were cut short and can be recovered.
        unfinished: usize,
    }
    let cut_short = |name: &str| unfinished(folder, name).len();
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
                    unfinished: cut_short(&name),
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
        let left: Vec<(String, usize)> = entries
            .iter()
            .map(|entry| (entry.name.clone(), cut_short(&entry.name)))
            .collect();
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
        for (name, count) in left.into_iter().filter(|(_, count)| *count > 0) {
            output::print(&format!(
                "{name}: {}, cut short; apprentice record --recover {name}\n",
                counted(count, "unfinished recording", "unfinished recordings")
            ))?;
        }
    }
    Ok(0)
}
