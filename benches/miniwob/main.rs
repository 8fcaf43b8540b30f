//! Whether one demonstration is enough: `make bench-miniwob`, on the MiniWoB++ pages.
//!
//! Teachers solve episodes in a browser that `apprentice record` listens to. Then the built program is given the sentence of
//! episodes that were never shown, by `apprentice run`, and the page's server hears what the page says of it. Nothing here is
//! known to the program.
//!
//! `-- teach [TASK…]` only tries the teachers, `-- record [TASK…]` only records, `-- serve` only serves the pages, `-- retrieval`
//! asks which workflow a goal finds, without a run. `SEED`, `TASKS`, `EPISODES`, `DEMOS` (such as
//! `1,3`), `AT_ONCE` and `FRESH=1` narrow and change what is done; everything is kept in `target/miniwob/SEED`.

mod bench;
mod chromium;
mod crew;
mod devtools;
mod episode;
mod failures;
mod files;
mod hand;
mod keys;
mod lessons;
mod measure;
mod pages;
mod program;
mod record;
mod retrieval;
mod sentences;
mod settings;
mod table;
mod takes;
mod tasks;
mod teachers;

use std::sync::Arc;

use bench::Bench;
use settings::{Mode, Settings};

/// Anything that stops the measurement; its words are for whoever started it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::read()?;
    let wanted = tasks::named(&settings.tasks)?;
    let mode = settings.mode;
    let bench = Arc::new(Bench::set_up(settings).await?);
    let done = match mode {
        Mode::Teach => lessons::teach_all(&bench, &wanted).await,
        Mode::Record => lessons::record_all(&bench, &wanted).await,
        Mode::Measure => measure::measure(&bench, &wanted).await,
        Mode::Retrieval => retrieval::measure(&bench, &wanted).await,
        Mode::Serve => serve(&bench, &wanted).await,
    };
    bench.sentences.keep()?;
    done
}

/// Prints an address for each task, and serves until it is ended.
async fn serve(bench: &Bench, wanted: &[String]) -> Result<(), Failure> {
    for task in wanted {
        let seed = tasks::Seed::unseen(&bench.settings.seed, 0);
        println!("{}", bench.pages.visit(task, &seed).address);
    }
    std::future::pending().await
}
