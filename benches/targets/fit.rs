//! Fitting: weights are changed one after the other for as long as the half of the pages that is for it gets better.
//!
//! That half is split once more, and a change must not make either part worse: without this, what was fitted found less and was wrong
//! more often on the pages that are reported than what it began with.

use apprentice::policy::imitator::weights::{WEIGHTS, Weights};
use serde_json::{Map, Value};

use crate::Failure;
use crate::look::{Look, Verdict};
use crate::table::ours;

/// What a wrong answer costs, in right ones: at this price, being sure pays from 99 % on.
const PRICE: f64 = 99.0;
/// What is tried for each weight.
const STEPS: [f64; 4] = [0.5, 0.8, 1.25, 2.0];
/// No weight leaves its place by more than this factor: on so few pages more would be chance.
const FARTHEST: f64 = 2.5;
/// A change must be worth this many right answers, or it is chance.
const WORTH: f64 = 3.0;
/// What is left alone: place only helps, whatever is measured, and the others are the same of all targets here.
const LEFT: [&str; 6] = [
    "path",
    "area",
    "main_frame",
    "interactive",
    "enabled",
    "in_view",
];
/// Rounds over all weights at most.
const ROUNDS: usize = 4;

/// Right answers, wrong ones, all.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    right: usize,
    wrong: usize,
    all: usize,
}

impl Count {
    fn worth(self) -> f64 {
        self.right as f64 - PRICE * self.wrong as f64
    }

    fn words(self) -> String {
        let share = |part: usize| 100.0 * part as f64 / self.all.max(1) as f64;
        format!(
            "{:.2} % right, {:.2} % wrong of {}",
            share(self.right),
            share(self.wrong),
            self.all
        )
    }
}

pub fn fit(fitting: &[&Look], reported: &[&Look]) -> Result<(), Failure> {
    let begin = fields(&WEIGHTS)?;
    let mut weights = begin.clone();
    let parts = parts(fitting);
    let mut best = parts.each_ref().map(|part| count(&WEIGHTS, part));
    println!("before: {}", words(&best));
    for round in 1..=ROUNDS {
        let before = worth(&best);
        let names: Vec<String> = weights
            .keys()
            .filter(|name| !LEFT.contains(&name.as_str()))
            .cloned()
            .collect();
        for name in names {
            let begun = begin[&name].as_f64().unwrap_or_default();
            let now = weights[&name].as_f64().unwrap_or_default();
            for step in STEPS {
                let tried = rounded(now * step);
                if !(begun / FARTHEST..=begun * FARTHEST).contains(&tried) {
                    continue;
                }
                let mut other = weights.clone();
                other.insert(name.clone(), tried.into());
                let as_weights: Weights = serde_json::from_value(Value::Object(other.clone()))?;
                let found = parts.each_ref().map(|part| count(&as_weights, part));
                let is_no_worse =
                    (found.iter().zip(&best)).all(|(one, was)| one.worth() >= was.worth());
                if is_no_worse && worth(&found) >= worth(&best) + WORTH {
                    println!("  {name} {now} -> {}: {}", other[&name], words(&found));
                    (weights, best) = (other, found);
                }
            }
        }
        println!("round {round}: {}", words(&best));
        if worth(&best) < before + WORTH {
            break;
        }
    }
    let fitted: Weights = serde_json::from_value(Value::Object(weights))?;
    println!("{fitted:#?}");
    println!(
        "the other half before: {}",
        count(&WEIGHTS, reported).words()
    );
    println!("the other half after: {}", count(&fitted, reported).words());
    Ok(())
}

/// Two parts, families kept together.
fn parts<'a>(looks: &[&'a Look]) -> [Vec<&'a Look>; 2] {
    let mut families: Vec<&str> = looks.iter().map(|look| look.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    let is_first = |look: &&&Look| {
        families
            .binary_search(&look.family.as_str())
            .is_ok_and(|at| at % 2 == 0)
    };
    let (first, second): (Vec<&&Look>, Vec<&&Look>) = looks.iter().partition(is_first);
    [first, second].map(|part| part.into_iter().copied().collect())
}

fn worth(parts: &[Count; 2]) -> f64 {
    parts.iter().map(|part| part.worth()).sum()
}

fn words(parts: &[Count; 2]) -> String {
    parts.map(Count::words).join("; ")
}

fn count(weights: &Weights, looks: &[&Look]) -> Count {
    let mut count = Count::default();
    for look in looks {
        for sought in look.targets.iter().filter(|sought| !sought.twin) {
            let verdict = ours(weights, look, sought).0;
            count.right += usize::from(verdict == Verdict::Right);
            count.wrong += usize::from(verdict == Verdict::Wrong);
            count.all += 1;
        }
    }
    count
}

fn fields(weights: &Weights) -> Result<Map<String, Value>, Failure> {
    match serde_json::to_value(weights)? {
        Value::Object(fields) => Ok(fields),
        _ => Err("weights are no table".into()),
    }
}

fn rounded(weight: f64) -> f64 {
    (weight * 100.0).round() / 100.0
}
