//! Finds the values that differ between takes of a job although no parameter says so, and makes parameters of them.
//!
//! First floor: only takes with the same verbs in the same order are compared. Induction will align the others.

use std::collections::BTreeSet;

use super::template::Template;
use crate::demo::{Demonstration, Parameter, Step, literal, undoubled};

/// Gives a name to every plain `value` that is not the same in all takes, and puts the name in its place, so that it is
/// found in the goal or asked for.
pub fn name_what_differs(takes: &mut [(String, Demonstration)]) {
    let verbs = |demonstration: &Demonstration| -> Vec<_> {
        demonstration.steps.iter().map(|step| step.verb).collect()
    };
    let Some((_, first)) = takes.first() else {
        return;
    };
    let shape = verbs(first);
    if takes.iter().any(|(_, other)| verbs(other) != shape) {
        return;
    }
    for at in 0..shape.len() {
        let values: Vec<Option<String>> = takes
            .iter()
            .map(|(_, demonstration)| plain(&demonstration.steps[at]))
            .collect();
        let differ: BTreeSet<&String> = values.iter().flatten().collect();
        if differ.len() < 2 || values.contains(&None) {
            continue;
        }
        let name = name_for(&takes[0].1, at);
        for ((_, demonstration), value) in takes.iter_mut().zip(values) {
            demonstration.steps[at].value = Some(format!("{{{name}}}"));
            demonstration.parameters.insert(
                name.clone(),
                Parameter {
                    example: value,
                    ..Parameter::default()
                },
            );
        }
    }
}

/// The step's value where it has one without holes.
fn plain(step: &Step) -> Option<String> {
    let value = step.value.as_ref()?;
    let template = Template::parse(value).ok()?;
    let is_plain = template.sources().next().is_none();
    is_plain.then(|| undoubled(value))
}

/// A name that no parameter has yet, from what the field is called.
fn name_for(demonstration: &Demonstration, at: usize) -> String {
    let target = demonstration.steps[at].target.as_ref();
    let called = target
        .and_then(|query| query.label.as_ref().or(query.name.as_ref()))
        .map(|called| slug(&literal(called)))
        .filter(|slug| !slug.is_empty())
        .unwrap_or_else(|| format!("step-{}", at + 1));
    if demonstration.parameters.contains_key(&called) || called == "download" {
        format!("{called}-{}", at + 1)
    } else {
        called
    }
}

fn slug(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("-")
}
