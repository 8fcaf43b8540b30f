//! What was counted: by class of goal, and by half of the families: a rule that fits some by chance shows in the other half.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

use super::goals::{Class, Said};
use crate::Failure;
use crate::table::wilson;

/// Where the numbers go.
const FILE: &str = "bench-retrieval.json";
/// Goals of each kind of mistake that are written down.
const EXAMPLES: usize = 400;

/// What became of a goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The workflow of its family, and nothing is asked.
    Right,
    /// Which workflow of its family is meant is asked.
    WhichOfFamily,
    /// Asked, and the right one is among the answers.
    AskedWithRight,
    /// Asked, and no answer but a no is right.
    Asked,
    /// Nothing fits, it is said.
    None,
    /// Another workflow than the right one, and nothing is asked.
    Wrong(String),
}

/// Which half of the families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Half {
    First,
    Second,
}

#[derive(Debug, Default, Clone, Serialize)]
struct Row {
    goals: usize,
    right: usize,
    which_of_family: usize,
    asked_with_right: usize,
    asked: usize,
    none: usize,
    wrong: usize,
    /// Known goals of which a workflow of their family explains all.
    explained: usize,
}

#[derive(Debug, Default)]
pub struct Tally {
    rows: BTreeMap<(usize, Class, Half), Row>,
    families: BTreeMap<String, BTreeSet<String>>,
    half: BTreeMap<String, Half>,
    examples: BTreeMap<(usize, Class, &'static str), Vec<String>>,
    /// How many recordings there were to choose among, and how long each choice took.
    times: (usize, Vec<Duration>),
}

impl Tally {
    /// Every second family is one half, in the order of their names.
    pub fn families(&mut self, families: &BTreeMap<String, String>) {
        self.families.clear();
        for (task, family) in families {
            let all = self.families.entry(family.clone()).or_default();
            all.insert(task.clone());
        }
        for (at, all) in self.families.values().enumerate() {
            let half = if at % 2 == 0 {
                Half::First
            } else {
                Half::Second
            };
            self.half
                .extend(all.iter().map(|task| (task.clone(), half)));
        }
    }

    pub fn add(&mut self, takes: usize, said: &Said, outcome: Outcome, explained: bool) {
        let half = self.half.get(&said.of).copied().unwrap_or(Half::Second);
        let row = self.rows.entry((takes, said.class, half)).or_default();
        row.goals += 1;
        row.explained += usize::from(explained && said.class.is_known());
        let (count, kind) = match &outcome {
            Outcome::Right => (&mut row.right, "right"),
            Outcome::WhichOfFamily => (&mut row.which_of_family, "which of the family"),
            Outcome::AskedWithRight => (&mut row.asked_with_right, "asked, the right one too"),
            Outcome::Asked => (&mut row.asked, "asked"),
            Outcome::None => (&mut row.none, "none"),
            Outcome::Wrong(_) => (&mut row.wrong, "wrong"),
        };
        *count += 1;
        let is_good = match outcome {
            Outcome::Wrong(_) => false,
            Outcome::Right | Outcome::WhichOfFamily => true,
            _ => !said.class.is_known(),
        };
        if is_good {
            return;
        }
        let examples = self.examples.entry((takes, said.class, kind)).or_default();
        if examples.len() < EXAMPLES {
            let taken_for = match outcome {
                Outcome::Wrong(name) => format!(" -> {name}"),
                _ => String::new(),
            };
            examples.push(format!("{}: {}{taken_for}", said.of, said.goal));
        }
    }

    /// How long it took to find a goal's workflow from the files on, among so many recordings.
    pub fn timed(&mut self, recordings: usize, mut times: Vec<Duration>) {
        times.sort();
        self.times = (recordings, times);
    }

    /// Prints the numbers and writes the JSON.
    pub fn publish(&self, seed: &str) -> Result<(), Failure> {
        println!("families of tasks that are asked for alike:");
        for all in self.families.values().filter(|all| all.len() > 1) {
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            println!("    {}", all.join(", "));
        }
        println!(
            "{:<6} {:<16} {:<7} {:>6} {:>7} {:>7} {:>12} {:>7} {:>7} {:>7} {:>13} {:>10}",
            "takes",
            "goals",
            "half",
            "count",
            "right",
            "which",
            "right asked",
            "asked",
            "none",
            "wrong",
            "wrong 95 %",
            "explained"
        );
        let mut rows = Vec::new();
        for ((takes, class, half), row) in &self.rows {
            let percent = |count: usize| format!("{:.1}", 100.0 * count as f64 / row.goals as f64);
            let accepted = wilson(row.right + row.which_of_family, row.goals);
            let wrong = wilson(row.wrong, row.goals);
            println!(
                "{takes:<6} {:<16} {:<7} {:>6} {:>7} {:>7} {:>12} {:>7} {:>7} {:>7} {:>6.1}-{:<6.1} {:>10}",
                format!("{class:?}"),
                format!("{half:?}"),
                row.goals,
                percent(row.right),
                percent(row.which_of_family),
                percent(row.asked_with_right),
                percent(row.asked),
                percent(row.none),
                percent(row.wrong),
                100.0 * wrong[0],
                100.0 * wrong[1],
                if class.is_known() {
                    percent(row.explained)
                } else {
                    String::new()
                },
            );
            rows.push(serde_json::json!({
                "takes": takes, "class": class, "half": half, "counts": row,
                "accepted-interval": accepted, "wrong-interval": wrong,
            }));
        }
        let (recordings, times) = &self.times;
        let at = |share: f64| {
            let place = (times.len() as f64 * share) as usize;
            times
                .get(place)
                .map_or(0.0, |time| time.as_secs_f64() * 1000.0)
        };
        println!(
            "a choice among {recordings} recordings takes {:.1} ms (median), {:.1} ms (95 %), files and understanding included",
            at(0.5),
            at(0.95)
        );
        let times = serde_json::json!({
            "recordings": recordings, "median-ms": at(0.5), "p95-ms": at(0.95),
        });
        let examples: Vec<_> = self
            .examples
            .iter()
            .map(|((takes, class, kind), all)| {
                serde_json::json!({ "takes": takes, "class": class, "outcome": kind, "goals": all })
            })
            .collect();
        let json = serde_json::json!({
            "seed": seed, "families": self.families, "rows": rows, "times": times, "examples": examples,
        });
        std::fs::write(FILE, serde_json::to_string_pretty(&json)?)?;
        println!("written to {FILE}");
        Ok(())
    }
}
