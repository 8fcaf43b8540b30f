//! The measurement: all episodes of all tasks, a line for each task as it is done, the sums at the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crate::Failure;
use crate::bench::Bench;
use crate::chromium::Chromium;
use crate::episode::{self, Ended, Episode};
use crate::failures::Failures;
use crate::table::{self, Count, Counts, Row};
use crate::tasks::Seed;
use crate::{crew, lessons, takes};

/// Where the numbers go.
const FILE: &str = "bench-miniwob.json";

pub async fn measure(bench: &Arc<Bench>, wanted: &[String]) -> Result<(), Failure> {
    let begun = Instant::now();
    lessons::record_all(bench, wanted).await?;
    let recorded = begun.elapsed().as_secs_f64();
    let settings = &bench.settings;
    let mut episodes = Vec::new();
    for task in wanted {
        for demos in &settings.demos {
            let Some(library) = takes::lay_out(bench, task, *demos)? else {
                continue;
            };
            for number in 0..settings.episodes {
                episodes.push(Episode {
                    task: task.clone(),
                    demos: *demos,
                    library: library.clone(),
                    seed: Seed::unseen(&settings.seed, number),
                });
            }
        }
    }
    let own = bench.clone();
    let act = move |chromium: Arc<Chromium>, episode: Episode| {
        let bench = own.clone();
        async move {
            let name = format!("{} with {}", episode.task, episode.demos);
            episode::run(&bench, &chromium, episode)
                .await
                .map_err(|e| format!("{name}: {e}"))
        }
    };
    let mut tally = Tally {
        counts: Counts::new(),
        failures: Failures::begin(settings.home())?,
        episodes: settings.episodes,
        broken: Vec::new(),
    };
    println!("{}", table::heading());
    let total = episodes.len();
    let begun = Instant::now();
    crew::work(settings.at_once, episodes, act, |ended| tally.take(ended)).await?;
    let measured = begun.elapsed().as_secs_f64();
    table::publish(settings, wanted, &tally.counts, FILE)?;
    println!("failures: {}", tally.failures.file.display());
    println!("{recorded:.0} s for recordings, {measured:.0} s for {total} episodes");
    match tally.broken.first() {
        None => Ok(()),
        Some(first) => Err(format!(
            "{} episodes could not be tried, the first: {first}",
            tally.broken.len()
        )
        .into()),
    }
}

/// What is known so far.
struct Tally {
    counts: Counts,
    failures: Failures,
    /// Of each task and number of demonstrations.
    episodes: usize,
    /// Episodes that count as nothing, since they could not be tried.
    broken: Vec<String>,
}

impl Tally {
    fn take(&mut self, ended: Result<Ended, String>) {
        let ended = match ended {
            Ok(ended) => ended,
            Err(error) => return self.broken.push(error),
        };
        if !ended.success()
            && let Err(error) = self.failures.add(&ended)
        {
            self.broken.push(error.to_string());
        }
        let Episode { task, demos, .. } = &ended.episode;
        let of_tasks: &mut BTreeMap<String, Vec<Count>> = self.counts.entry(*demos).or_default();
        let counts = of_tasks.entry(task.clone()).or_default();
        counts.push(Count::from(&ended));
        if counts.len() == self.episodes {
            println!("{}", Row::of(counts).line(task, *demos));
        }
    }
}
