//! Ordinary use of real web applications, and how often it is interrupted: `make bench-apps`.
//!
//! Each workflow was shown once (`-- record`, in `make record-apps`) and is done by the built program with other values, once with
//! a person who says yes and once with nobody there. The application's database says what was done.

#[path = "../../tests/support/apps/mod.rs"]
mod apps;
mod hand;
mod record;
mod shown;
mod table;

use std::time::Instant;

use apps::Failure;
use apps::attempt::{Person, attempt};
use apps::workflows::WORKFLOWS;
use table::Row;

/// The word that has workflows recorded instead of done.
const RECORD: &str = "record";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match words.split_first() {
        Some((word, names)) if word == RECORD => record_all(names).await,
        _ => measure(&words).await,
    }
}

/// Whether a workflow is among those named; without names all are.
fn is_wanted(names: &[String], workflow: &str) -> bool {
    names.is_empty() || names.iter().any(|name| name == workflow)
}

async fn record_all(names: &[String]) -> Result<(), Failure> {
    for shown in shown::all() {
        if is_wanted(names, shown.workflow) {
            println!("{}", shown.workflow);
            let file = record::record(&shown)
                .await
                .map_err(|e| format!("{}: {e}", shown.workflow))?;
            println!("  {}", file.display());
        }
    }
    Ok(())
}

async fn measure(names: &[String]) -> Result<(), Failure> {
    let mut rows = Vec::new();
    for workflow in WORKFLOWS {
        if is_wanted(names, workflow.name) {
            let begun = Instant::now();
            let answered = attempt(workflow, Person::SaysYes).await?;
            let seconds = begun.elapsed().as_secs_f64();
            let alone = attempt(workflow, Person::Absent).await?;
            let row = Row::new(workflow, &answered, seconds, &alone);
            println!("{}", row.line());
            // Whoever reads the table wants to know what went wrong.
            if !row.done {
                println!("{}\n{:#?}", answered.stderr, answered.facts);
            }
            if !row.harmless {
                println!("{}\n{:#?}", alone.stderr, alone.facts);
            }
            rows.push(row);
        }
    }
    table::publish(&rows, "bench-apps.json")
}
