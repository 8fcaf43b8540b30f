//! The numbers: of each task, of each number of demonstrations, printed and as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::Failure;
use crate::episode::Ended;
use crate::settings::Settings;
use crate::tasks;

/// 97.5 % of a normal distribution lie below: for intervals of 95 %.
const Z: f64 = 1.959_964;
/// From where on a task counts as learned.
const LEARNED: f64 = 0.95;

/// One task with one number of demonstrations. All but `episodes`, seconds and steps are shares.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Row {
    pub success: f64,
    /// Where the true share lies with 95 %, by Wilson.
    pub interval: [f64; 2],
    pub episodes: usize,
    pub asked: f64,
    pub confirmed: f64,
    pub wrong_unasked: f64,
    /// The median.
    pub seconds: f64,
    /// The mean.
    pub steps: f64,
    pub model_calls: u64,
}

/// What is counted of an episode.
#[derive(Debug, Clone, Copy)]
pub struct Count {
    success: bool,
    asked: bool,
    confirmed: bool,
    wrong_unasked: bool,
    seconds: f64,
    steps: usize,
    model_calls: u64,
}

impl From<&Ended> for Count {
    fn from(ended: &Ended) -> Self {
        let report = ended.report.as_ref();
        Self {
            success: ended.success(),
            asked: ended.asked(),
            confirmed: ended.confirmed(),
            wrong_unasked: ended.wrong_unasked(),
            seconds: ended.seconds,
            steps: report.map_or(0, |one| one.steps),
            model_calls: report.map_or(0, |one| one.model_calls),
        }
    }
}

impl Row {
    pub fn of(counts: &[Count]) -> Self {
        let share = |of: fn(&Count) -> bool| {
            counts.iter().filter(|count| of(count)).count() as f64 / counts.len().max(1) as f64
        };
        let successes = counts.iter().filter(|count| count.success).count();
        Self {
            success: share(|count| count.success),
            interval: wilson(successes, counts.len()),
            episodes: counts.len(),
            asked: share(|count| count.asked),
            confirmed: share(|count| count.confirmed),
            wrong_unasked: share(|count| count.wrong_unasked),
            seconds: median(counts.iter().map(|count| count.seconds).collect()),
            steps: mean(counts.iter().map(|count| count.steps as f64)),
            model_calls: counts.iter().map(|count| count.model_calls).sum(),
        }
    }

    pub fn line(&self, task: &str, demos: usize) -> String {
        let percent = |share: f64| format!("{:.0} %", share * 100.0);
        format!(
            "{task:<30} {demos:>5} {:>7} {:>5}-{:<5} {:>5} {:>9} {:>13} {:>7.2} {:>5.1}",
            percent(self.success),
            percent(self.interval[0]).trim_end_matches(" %"),
            percent(self.interval[1]).trim_end_matches(" %"),
            percent(self.asked),
            percent(self.confirmed),
            percent(self.wrong_unasked),
            self.seconds,
            self.steps,
        )
    }
}

/// What stands above the lines.
pub fn heading() -> String {
    format!(
        "{:<30} {:>5} {:>7} {:>11} {:>5} {:>9} {:>13} {:>7} {:>5}",
        "task", "demos", "success", "95 %", "asked", "confirmed", "wrong unasked", "s", "steps"
    )
}

/// One number of demonstrations over all tasks.
#[derive(Debug, Serialize)]
struct Sum {
    /// Over all tasks of the set; one that nobody teaches counts as 0.
    mean: f64,
    /// Tasks that `mean` is over.
    of: usize,
    learned: usize,
    asked: f64,
    confirmed: f64,
    wrong_unasked: f64,
    seconds: f64,
    steps: f64,
    model_calls: u64,
    tasks: BTreeMap<String, Row>,
}

/// All that was counted, by number of demonstrations and task.
pub type Counts = BTreeMap<usize, BTreeMap<String, Vec<Count>>>;

/// Prints the sums and writes the JSON, whose `mean` and `tasks` are those of the fewest demonstrations.
pub fn publish(
    settings: &Settings,
    wanted: &[String],
    counts: &Counts,
    file: &str,
) -> Result<(), Failure> {
    let mut sums = BTreeMap::new();
    println!();
    for demos in &settings.demos {
        let of_tasks = counts.get(demos).cloned().unwrap_or_default();
        let sum = sum(wanted, &of_tasks);
        println!(
            "{demos} demonstration{}: {:.1} % of {} tasks, {} learned (at least {:.0} %); asked {:.1} %, confirmed {:.1} %, wrong unasked {:.1} %; {:.2} s and {:.1} steps an episode; {} model calls",
            if *demos == 1 { "" } else { "s" },
            sum.mean * 100.0,
            sum.of,
            sum.learned,
            LEARNED * 100.0,
            sum.asked * 100.0,
            sum.confirmed * 100.0,
            sum.wrong_unasked * 100.0,
            sum.seconds,
            sum.steps,
            sum.model_calls,
        );
        sums.insert(*demos, sum);
    }
    let fewest = settings.demos.first().and_then(|demos| sums.get(demos));
    let json = serde_json::json!({
        "seed": settings.seed,
        "set": tasks::ALL,
        "mean": fewest.map(|sum| sum.mean),
        "tasks": fewest.map(|sum| &sum.tasks),
        "demonstrations": sums,
    });
    std::fs::write(file, serde_json::to_string_pretty(&json)?)?;
    println!("written to {file}");
    Ok(())
}

fn sum(wanted: &[String], of_tasks: &BTreeMap<String, Vec<Count>>) -> Sum {
    let tasks: BTreeMap<String, Row> = wanted
        .iter()
        .map(|task| {
            let counts = of_tasks.get(task).map_or(&[][..], Vec::as_slice);
            (task.clone(), Row::of(counts))
        })
        .collect();
    let all: Vec<Count> = of_tasks.values().flatten().copied().collect();
    let whole = Row::of(&all);
    Sum {
        mean: mean(tasks.values().map(|row| row.success)),
        of: tasks.len(),
        learned: tasks.values().filter(|row| row.success >= LEARNED).count(),
        asked: whole.asked,
        confirmed: whole.confirmed,
        wrong_unasked: whole.wrong_unasked,
        seconds: whole.seconds,
        steps: whole.steps,
        model_calls: whole.model_calls,
        tasks,
    }
}

/// Wilson's interval of a share (E. B. Wilson, JASA 22, 1927): unlike the usual one it says something where all or none succeed.
pub fn wilson(successes: usize, of: usize) -> [f64; 2] {
    if of == 0 {
        return [0.0, 1.0];
    }
    let n = of as f64;
    let share = successes as f64 / n;
    let middle = share + Z * Z / (2.0 * n);
    let reach = Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    [
        ((middle - reach) / whole).max(0.0),
        ((middle + reach) / whole).min(1.0),
    ]
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let all: Vec<f64> = values.collect();
    all.iter().sum::<f64>() / all.len().max(1) as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
