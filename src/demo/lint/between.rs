//! What only shows beside the others: takes of one job that say different things, and workflows that a run could not tell apart.

use super::parameters::shape;
use super::{Finding, Report, Shown, StandsIn, What, called, folded};
use crate::demo::{Demonstration, Piece, Step, pieces};

/// Takes of one goal that do other things, and steps that only one of them marks.
pub(super) fn takes(shown: &Shown, stands_in: &StandsIn<'_>, findings: &mut Vec<Finding>) {
    for (at, (first, one)) in shown.takes.iter().enumerate() {
        for (second, other) in &shown.takes[at + 1..] {
            let mut report = Report {
                workflow: &shown.name,
                take: Some(second),
                findings,
            };
            if folded(&one.goal) == folded(&other.goal) {
                same_goal(first, one, second, other, stands_in, &mut report);
            }
            marks(first, one, second, other, &mut report);
        }
    }
}

fn same_goal(
    first: &str,
    one: &Demonstration,
    second: &str,
    other: &Demonstration,
    stands_in: &StandsIn<'_>,
    report: &mut Report<'_>,
) {
    for (name, parameter) in &one.parameters {
        let examples = other
            .parameters
            .get(name)
            .and_then(|other| Some((parameter.example.as_deref()?, other.example.as_deref()?)));
        if let Some((here, there)) = examples
            && folded(here) != folded(there)
            && (stands_in(here, &one.goal) || stands_in(there, &one.goal))
        {
            report.add(
                None,
                What::Contradiction,
                format!("{first} and {second} have the same goal, but {{{name}}} is {here:?} in {first} and {there:?} in {second}"),
                "write into each take's `goal` what it was shown for",
            );
            return;
        }
    }
    let told = |demonstration: &Demonstration| -> Vec<String> {
        demonstration
            .steps
            .iter()
            .map(|step| told(step, demonstration))
            .collect()
    };
    let (here, there) = (told(one), told(other));
    let longest = here.len().max(there.len());
    let differs = (0..longest).find(|at| here.get(*at) != there.get(*at));
    // Values that are asked for may differ under one goal; `told` has the holes in their places.
    if let Some(at) = differs {
        let said = |steps: &[String]| {
            steps
                .get(at)
                .cloned()
                .unwrap_or_else(|| "nothing more".to_owned())
        };
        report.add(
            Some(at + 1),
            What::Contradiction,
            format!("{first} and {second} have the same goal, but step {} is {} in {first} and {} in {second}", at + 1, said(&here), said(&there)),
            "write into each take's `goal` what it was shown for; where they are the same job done in two ways, forget one with `apprentice demos forget`",
        );
    }
}

/// A step in a few words, with what the parameters of the goal stand for.
fn told(step: &Step, demonstration: &Demonstration) -> String {
    let whole = |text: &str| -> String {
        pieces(text)
            .into_iter()
            .map(|piece| match piece {
                Piece::Plain(plain) => plain,
                Piece::Hole(inside) => {
                    let name = inside.split('|').next().unwrap_or_default();
                    let known = demonstration.parameters.get(name.trim());
                    let example = known.and_then(|parameter| parameter.example.clone());
                    // An example that the goal holds is the goal's; another is that day's.
                    example
                        .filter(|example| {
                            !inside.contains('|')
                                && folded(&demonstration.goal).contains(&folded(example))
                        })
                        .unwrap_or_else(|| format!("{{{inside}}}"))
                }
            })
            .collect()
    };
    let mut words = vec![step.verb.word()];
    words.extend(called(step).map(|name| format!("{:?}", whole(name))));
    words.extend(
        step.value
            .iter()
            .chain(&step.values)
            .map(|value| format!("{:?}", whole(value))),
    );
    words.join(" ")
}

fn marks(
    first: &str,
    one: &Demonstration,
    second: &str,
    other: &Demonstration,
    report: &mut Report<'_>,
) {
    for (at, (here, there)) in one.steps.iter().zip(&other.steps).enumerate() {
        // From here on they go other ways.
        if here.verb != there.verb || called(here) != called(there) {
            return;
        }
        let (marked, not) = match (here.mark, there.mark) {
            (Some(_), None) => (first, second),
            (None, Some(_)) => (second, first),
            (Some(one), Some(other)) if one != other => {
                report.add(
                    Some(at + 1),
                    What::Contradiction,
                    format!(
                        "step {} would {} by its mark in {first} and {} in {second}",
                        at + 1,
                        one.phrase(),
                        other.phrase()
                    ),
                    "give the step the same mark in both",
                );
                continue;
            }
            _ => continue,
        };
        report.add(
            Some(at + 1),
            What::Contradiction,
            format!("step {} is marked in {marked} and not in {not}", at + 1),
            "mark the step in both, or in none",
        );
    }
}

/// Workflows of one name or one goal.
pub(super) fn workflows(all: &[Shown], findings: &mut Vec<Finding>) {
    for shown in all {
        for (take, demonstration) in &shown.takes {
            if demonstration.workflow != shown.name {
                let mut report = Report {
                    workflow: &shown.name,
                    take: Some(take),
                    findings,
                };
                report.add(
                    None,
                    What::Name,
                    format!(
                        "{take} lies in {:?}, and says that it is of {:?}",
                        shown.name, demonstration.workflow
                    ),
                    format!(
                        "write workflow = {:?}, or move it to the folder of that name",
                        shown.name
                    ),
                );
            }
        }
    }
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            if one.name.to_lowercase() == other.name.to_lowercase() {
                findings.push(Finding {
                    workflow: other.name.clone(),
                    take: None,
                    step: None,
                    what: What::Name,
                    says: format!(
                        "{:?} and {:?} are one folder on systems that do not tell capitals apart",
                        one.name, other.name
                    ),
                    remedy:
                        "give one of them another name: its folder and the `workflow` of its takes"
                            .to_owned(),
                });
            }
        }
    }
    for (at, one) in all.iter().enumerate() {
        for other in &all[at + 1..] {
            let shapes = |shown: &Shown| -> Vec<String> {
                shown
                    .takes
                    .iter()
                    .map(|(_, take)| shape(take, None))
                    .collect()
            };
            let theirs = shapes(other);
            if shapes(one).iter().any(|shape| theirs.contains(shape)) {
                findings.push(Finding {
                    workflow: other.name.clone(),
                    take: None,
                    step: None,
                    what: What::Goal,
                    says: format!("{} and {} have the same goal sentence, so that a goal alone cannot choose between them", one.name, other.name),
                    remedy: "write another `goal` into one of them, move its takes to the other, or name one with --demo at every run".to_owned(),
                });
            }
        }
    }
}
