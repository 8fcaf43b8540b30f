//! Whether a goal finds its workflow among all of them: no run, only what `apprentice run` without `--demo` asks first. Prints
//! how many goals that the library shows are accepted, how many that it does not show are accepted all the same, and how long it
//! takes.

mod families;
mod goals;
mod shelf;
mod tally;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use apprentice::demo::library;
use apprentice::workflow::Workflow;
use apprentice::workflow::fitting::{Request, find};

use crate::Failure;
use crate::bench::Bench;
use crate::chromium::Chromium;
use crate::tasks::Seed;
use crate::{crew, lessons, takes};
use families::families;
use goals::Class;
use shelf::{Shelf, TODAY, Turned};
use tally::Tally;

/// Goals of each task that were never shown; fewer where its pages have fewer.
const GOALS: usize = 12;
/// How many recordings of each task the library holds.
const TAKES: [usize; 2] = [1, 5];
/// Goals for which the whole way is timed, from the files on.
const TIMED: usize = 60;

pub async fn measure(bench: &Arc<Bench>, wanted: &[String]) -> Result<(), Failure> {
    lessons::record_missing(bench, wanted).await?;
    let library = takes::library(bench);
    let unseen = sentences(bench, wanted).await?;
    let mut tally = Tally::default();
    let mut timed = Vec::new();
    let mut recordings = 0;
    for takes in TAKES {
        let shelf = Shelf::load(&library, wanted, takes, Turned::No)?;
        let negated = Shelf::load(&library, wanted, takes, Turned::Negated)?;
        let mut asked = unseen.clone();
        asked.extend(goals::bundled());
        let mut all = asked.clone();
        for (name, shown) in shelf.goals() {
            all.entry(name).or_default().extend(shown);
        }
        let families = families(&all);
        tally.families(&families);
        let said = goals::all(&asked, &shelf);
        for one in &said {
            let from = if one.class == Class::ShownNegated {
                &negated
            } else {
                &shelf
            };
            let explained = one.class.is_known() && shelf.explains(one, &families);
            tally.add(takes, one, from.choose(one, &families), explained);
        }
        recordings = shelf.goals().len() * takes;
        let known = said.iter().filter(|one| one.class == Class::Known);
        timed = known.map(|one| one.goal.clone()).collect();
    }
    let timed: Vec<&String> = timed.iter().step_by((timed.len() / TIMED).max(1)).collect();
    let times = timed.iter().map(|goal| time(&library, goal)).collect();
    tally.timed(recordings, times);
    tally.publish(&bench.settings.seed)
}

/// How long a choice takes from the files on, in the library as it was recorded.
fn time(library: &Path, goal: &str) -> Duration {
    let begun = Instant::now();
    let headings = library::headings(library);
    let request = Request {
        goal,
        start: None,
        sites: &BTreeMap::new(),
        today: TODAY,
    };
    find(&headings, &request, |name| {
        let takes = library::load(library, name).ok()?;
        Workflow::from_takes(takes).ok()
    });
    begun.elapsed()
}

/// Sentences of each task that were never shown.
async fn sentences(
    bench: &Arc<Bench>,
    wanted: &[String],
) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
    let wanted_of = |task: &String| {
        let task = task.clone();
        (0..GOALS).map(move |number| (task.clone(), Seed::unseen(&bench.settings.seed, number)))
    };
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut missing = Vec::new();
    for (task, seed) in wanted.iter().flat_map(wanted_of) {
        match bench.sentences.known(&task, &seed) {
            Some(sentence) => {
                said.entry(task).or_default().insert(sentence);
            }
            None => missing.push((task, seed)),
        }
    }
    let own = bench.clone();
    let read = move |chromium: Arc<Chromium>, (task, seed): (String, Seed)| {
        let bench = own.clone();
        async move {
            let sentence = bench
                .sentences
                .of(&bench.pages, &chromium, &task, &seed)
                .await;
            (task, sentence)
        }
    };
    let mut failed = None;
    crew::work(
        bench.settings.at_once,
        missing,
        read,
        |(task, sentence)| match sentence {
            Ok(sentence) => {
                said.entry(task).or_default().insert(sentence);
            }
            Err(error) => failed = Some(error),
        },
    )
    .await?;
    bench.sentences.keep()?;
    failed.map_or(Ok(said), Err)
}
