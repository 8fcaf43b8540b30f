//! Fitting: weights are changed one after the other for as long as the half of the pages that is for it gets better.

use apprentice::policy::imitator::weights::{WEIGHTS, Weights};
use serde_json::{Map, Value};

use crate::Failure;
use crate::look::{Look, Verdict};
use crate::table::ours;

/// What a wrong answer costs, in right ones: at this price, being sure pays from 99 % on.
const PRICE: f64 = 99.0;
/// What is tried for each weight.
const STEPS: [f64; 6] = [0.0, 0.5, 0.75, 1.33, 2.0, 4.0];
/// A change must be worth this many right answers, or it is chance.
const WORTH: f64 = 3.0;
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
    println!("before: {}", count(&WEIGHTS, fitting).words());
    let mut weights = fields(&WEIGHTS)?;
    let mut best = count(&WEIGHTS, fitting);
    for round in 1..=ROUNDS {
        let before = best.worth();
        let names: Vec<String> = weights.keys().cloned().collect();
        for name in names {
            let now = weights[&name].as_f64().unwrap_or_default();
            // A weight that became nothing may come back.
            let base = if now == 0.0 { 0.1 } else { now };
            for step in STEPS {
                let mut other = weights.clone();
                other.insert(name.clone(), rounded(base * step).into());
                let found = count(
                    &serde_json::from_value(Value::Object(other.clone()))?,
                    fitting,
                );
                if found.worth() >= best.worth() + WORTH {
                    println!("  {name} {now} -> {}: {}", other[&name], found.words());
                    (weights, best) = (other, found);
                }
            }
        }
        println!("round {round}: {}", best.words());
        if best.worth() < before + WORTH {
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
