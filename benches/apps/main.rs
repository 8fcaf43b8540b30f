//! Ordinary use of real web applications, and how often it is interrupted: `make bench-apps`.
//!
//! Each workflow was shown once (`-- record`, in `make record-apps`) and is done by the built program from a sentence with other
//! values: with a person who says yes to cards and answers nothing else, and with nobody there; then again on the restyled and
//! on the German pages. The application's database says what was done.

#[path = "../../tests/support/apps/mod.rs"]
mod apps;
mod hand;
mod record;
mod shown;
mod table;
mod tours;

use std::time::Instant;

use apps::Failure;
use apps::attempt::{Ending, Person, attempt};
use apps::serve::Look;
use apps::workflows::{WORKFLOWS, Workflow};
use table::Row;

/// The word that has workflows recorded instead of done.
const RECORD: &str = "record";
/// The word that has the tours' jobs recorded.
const TOURS: &str = "tours";

/// In the order of the table.
const LOOKS: [Look; 3] = [Look::Shown, Look::Restyled, Look::German];

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match words.split_first() {
        Some((word, names)) if word == RECORD => record_all(names).await,
        Some((word, _)) if word == TOURS => {
            for file in tours::record().await? {
                println!("{}", file.display());
            }
            Ok(())
        }
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
            for look in LOOKS {
                rows.push(row(workflow, look).await?);
            }
        }
    }
    table::publish(&rows, "bench-apps.json")
}

async fn row(workflow: &Workflow, look: Look) -> Result<Row, Failure> {
    let begun = Instant::now();
    let answered = attempt(workflow, look, Person::SaysYes).await?;
    let seconds = begun.elapsed().as_secs_f64();
    // What happens with nobody there does not depend on clothes.
    let alone = match look {
        Look::Shown => Some(attempt(workflow, look, Person::Absent).await?),
        Look::Restyled | Look::German => None,
    };
    let row = Row::new(workflow, look, &answered, seconds, alone.as_ref());
    println!("{}", row.line());
    // Whoever reads the table wants to know what went wrong.
    if row.ending != Ending::Done {
        println!("{}\n{:#?}", answered.stderr, answered.facts);
    }
    if let Some(alone) = alone.filter(|_| row.harmless == Some(false)) {
        println!("{}\n{:#?}", alone.stderr, alone.facts);
    }
    Ok(row)
}
