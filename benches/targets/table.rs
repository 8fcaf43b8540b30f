//! The numbers: right, wrong and unsure of each locator for each change, printed and as JSON.

use std::collections::BTreeMap;

use apprentice::demo::TargetQuery;
use apprentice::policy::imitator::locate::{Located, Purpose, locate_by};
use apprentice::policy::imitator::weights::{WEIGHTS, Weights};
use serde::Serialize;

use crate::Failure;
use crate::look::{Look, MUTATIONS, Sought, Verdict};
use crate::time::Time;

/// The name of what is measured against the others.
pub const OURS: &str = "Apprentice";
/// Locators in the order of the table.
const LOCATORS: [&str; 7] = [
    OURS,
    "CSS path",
    "XPath",
    "short CSS",
    "test id or XPath",
    "role and name",
    "Similo",
];
/// All changes together, without what nobody could tell apart.
const ALL: &str = "all changes";
/// Things that look like another, where places changed.
const TWINS: &str = "(twins, apart)";
/// Samples of families for an interval.
const SAMPLES: usize = 1000;

/// Shares of answers, each with where the true share lies with 95 %: families of pages drawn anew.
#[derive(Debug, Clone, Serialize)]
pub struct Shares {
    pub right: [f64; 3],
    pub wrong: [f64; 3],
    pub unsure: [f64; 3],
    pub targets: usize,
}

/// What ours says of a target.
pub fn ours(weights: &Weights, look: &Look, sought: &Sought) -> (Verdict, Located) {
    let located = locate_by(weights, &sought.query(), &look.after, Purpose::Act);
    let verdict = match &located {
        Located::Found { index, .. } if sought.is.contains(index) => Verdict::Right,
        Located::Found { .. } => Verdict::Wrong,
        Located::Missing(_) if sought.is.is_empty() => Verdict::Right,
        Located::Missing(_) | Located::Ambiguous(_) => Verdict::Unsure,
    };
    (verdict, located)
}

/// Right, wrong, unsure.
type Counts = [usize; 3];

pub fn publish(
    all: &[Look],
    fitting: &[&Look],
    reported: &[&Look],
    time: &Time,
    file: &str,
) -> Result<(), Failure> {
    let pages = |looks: &[&Look]| {
        let mut names: Vec<&str> = looks.iter().map(|look| look.page.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    };
    println!(
        "{} pages, of which {} are reported and {} were for fitting. Per cent of targets:\n",
        pages(&all.iter().collect::<Vec<_>>()),
        pages(reported),
        pages(fitting)
    );
    let rows = rows(reported);
    for (title, at) in [("right", 0), ("wrong", 1)] {
        print!("{title:<18}");
        for locator in LOCATORS {
            print!(" {locator:>17}");
        }
        println!("  targets");
        for (mutation, shares) in &rows {
            print!("{mutation:<18}");
            for locator in LOCATORS {
                let shares = &shares[locator];
                let [share, low, high] = [shares.right, shares.wrong][at];
                if [ALL, TWINS].contains(&mutation.as_str()) {
                    print!(" {:>17}", format!("{share:.1} ({low:.1}-{high:.1})"));
                } else {
                    print!(" {share:>17.1}");
                }
            }
            println!("  {:>7}", shares[OURS].targets);
        }
        println!();
    }
    let certain = certainty(reported);
    println!("What {OURS} is certain of, by how sure it says it is:");
    for bin in &certain {
        println!(
            "  {:.1} to {:.1}: {} of {} right ({:.2} %)",
            bin.from,
            bin.to,
            bin.right,
            bin.found,
            100.0 * bin.right as f64 / bin.found.max(1) as f64
        );
    }
    let sources = sources(reported);
    println!("\n{OURS} by where pages are from (right, wrong, unsure, targets):");
    for (source, shares) in &sources {
        println!(
            "  {source:<9} {:.1} {:.1} {:.1} {}",
            shares.right[0], shares.wrong[0], shares.unsure[0], shares.targets
        );
    }
    println!(
        "\nFinding one target among {} elements: {:.2} ms in the middle, 95 % within {:.2}, {:.2} ms at worst of {}{}.",
        time.elements,
        time.median_ms,
        time.most_ms,
        time.worst_ms,
        time.targets,
        if time.optimised {
            ""
        } else {
            " (not optimised)"
        }
    );
    let document = serde_json::json!({
        "reported": rows.iter().map(|(mutation, shares)| serde_json::json!({ "change": mutation, "locators": shares })).collect::<Vec<_>>(),
        "certainty": certain, "sources": sources, "time": time, "weights": WEIGHTS,
        "misses": misses(reported),
    });
    std::fs::write(file, serde_json::to_string_pretty(&document)?)?;
    Ok(())
}

/// The table's rows: shares by locator.
fn rows(looks: &[&Look]) -> Vec<(String, BTreeMap<String, Shares>)> {
    let mut rows = Vec::new();
    for name in MUTATIONS.iter().copied().chain([ALL, TWINS]) {
        // By locator, by family.
        let mut counts: BTreeMap<&str, BTreeMap<&str, Counts>> = BTreeMap::new();
        for look in looks {
            let fits = match name {
                ALL | TWINS => look.mutation != "nothing",
                _ => look.mutation == name,
            };
            for sought in look.targets.iter().filter(|_| fits) {
                if sought.twin != (name == TWINS) {
                    continue;
                }
                let others = sought
                    .others
                    .iter()
                    .map(|(name, verdict)| (name.as_str(), *verdict));
                let own = (OURS, ours(&WEIGHTS, look, sought).0);
                for (locator, verdict) in others.chain([own]) {
                    let of_family = counts.entry(locator).or_default();
                    of_family.entry(&look.family).or_default()[verdict as usize] += 1;
                }
            }
        }
        let shares: BTreeMap<String, Shares> = counts
            .into_iter()
            .map(|(locator, families)| {
                let families: Vec<Counts> = families.into_values().collect();
                (locator.to_owned(), Shares::of(&families))
            })
            .collect();
        if !shares.is_empty() {
            rows.push((name.to_owned(), shares));
        }
    }
    rows
}

impl Shares {
    fn of(families: &[Counts]) -> Self {
        let sum = |families: &mut dyn Iterator<Item = &Counts>| {
            families.fold([0; 3], |sum: Counts, one| {
                std::array::from_fn(|at| sum[at] + one[at])
            })
        };
        let share = |counts: Counts| {
            let all = counts.iter().sum::<usize>().max(1) as f64;
            counts.map(|count| 100.0 * count as f64 / all)
        };
        let whole = sum(&mut families.iter());
        let mut dice = Dice(7);
        let mut samples: Vec<[f64; 3]> = (0..SAMPLES)
            .map(|_| {
                let drawn: Vec<&Counts> = families
                    .iter()
                    .map(|_| &families[dice.below(families.len())])
                    .collect();
                share(sum(&mut drawn.into_iter()))
            })
            .collect();
        let shares = share(whole);
        let [right, wrong, unsure] = [0, 1, 2].map(|at| {
            samples.sort_by(|one, other| one[at].total_cmp(&other[at]));
            let end = |part: f64| samples[(part * (SAMPLES - 1) as f64).round() as usize][at];
            [shares[at], end(0.025), end(0.975)]
        });
        Self {
            right,
            wrong,
            unsure,
            targets: whole.iter().sum(),
        }
    }
}

/// What ours did not find, and what it said instead: what to look at first.
#[derive(Debug, Serialize)]
struct Miss<'a> {
    page: &'a str,
    change: &'a str,
    verdict: Verdict,
    twin: bool,
    wanted: TargetQuery,
    /// The right one as it is now.
    is: Option<String>,
    /// What it said, best first, with the agreement.
    said: Vec<(f64, bool, String)>,
}

fn misses<'a>(looks: &[&'a Look]) -> Vec<Miss<'a>> {
    let mut misses = Vec::new();
    for look in looks {
        let told = |index: usize| {
            let element = &look.after.elements[index];
            format!("{} at {}", element.describe(), element.path)
        };
        for sought in &look.targets {
            let (verdict, located) = ours(&WEIGHTS, look, sought);
            if verdict == Verdict::Right {
                continue;
            }
            let said = match located {
                Located::Found { index, score, .. } => vec![(score, index)],
                Located::Ambiguous(all) | Located::Missing(all) => {
                    all.iter().map(|one| (one.score, one.index)).collect()
                }
            };
            misses.push(Miss {
                page: &look.page,
                change: &look.mutation,
                verdict,
                twin: sought.twin,
                wanted: sought.query(),
                is: sought.is.first().map(|index| told(*index)),
                said: said
                    .into_iter()
                    .map(|(score, index)| (score, sought.is.contains(&index), told(index)))
                    .collect(),
            });
        }
    }
    misses
}

/// Numbers that look random, always the same ones (an xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// What was found while it said that it is about so sure.
#[derive(Debug, Serialize)]
struct Bin {
    from: f64,
    to: f64,
    found: usize,
    right: usize,
}

fn certainty(looks: &[&Look]) -> Vec<Bin> {
    let mut bins: Vec<Bin> = (0..10)
        .map(|tenth| Bin {
            from: f64::from(tenth) / 10.0,
            to: f64::from(tenth + 1) / 10.0,
            found: 0,
            right: 0,
        })
        .collect();
    for look in looks {
        for sought in look.targets.iter().filter(|sought| !sought.twin) {
            if let (verdict, Located::Found { sure, .. }) = ours(&WEIGHTS, look, sought) {
                let bin = &mut bins[((sure * 10.0) as usize).min(9)];
                bin.found += 1;
                bin.right += usize::from(verdict == Verdict::Right);
            }
        }
    }
    bins.retain(|bin| bin.found > 0);
    bins
}

fn sources(looks: &[&Look]) -> BTreeMap<String, Shares> {
    let mut counts: BTreeMap<&str, BTreeMap<&str, Counts>> = BTreeMap::new();
    for look in looks.iter().filter(|look| look.mutation != "nothing") {
        for sought in look.targets.iter().filter(|sought| !sought.twin) {
            let verdict = ours(&WEIGHTS, look, sought).0;
            let of_family = counts.entry(&look.source).or_default();
            of_family.entry(&look.family).or_default()[verdict as usize] += 1;
        }
    }
    counts
        .into_iter()
        .map(|(source, families)| {
            let families: Vec<Counts> = families.into_values().collect();
            (source.to_owned(), Shares::of(&families))
        })
        .collect()
}
