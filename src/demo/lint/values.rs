//! Values that came from nowhere: at the next run they would be what they were in this one, whatever the goal says.

use super::{Report, StandsIn, What, called, folded, plain_values};
use crate::demo::secret_field::{is_secret, secret_name};
use crate::demo::{Demonstration, Step, TargetQuery, Verb};

/// Shorter examples are values of something else too often, in characters.
const SHORTEST_EXAMPLE: usize = 3;

pub(super) fn look(
    demonstration: &Demonstration,
    takes: &[(String, Demonstration)],
    stands_in: &StandsIn<'_>,
    report: &mut Report<'_>,
) {
    for (at, step) in demonstration.steps.iter().enumerate() {
        let done = match step.verb {
            Verb::Fill | Verb::Type | Verb::AnswerDialog => "typed",
            Verb::Select => "selected",
            _ => continue,
        };
        for value in plain_values(step).filter(|value| !value.trim().is_empty()) {
            let place = called(step).map_or_else(String::new, |name| format!(" in {name:?}"));
            if let Some(target) = step.target.as_ref().filter(|target| is_secret(target)) {
                let name = secret_name(target);
                report.add(
                    Some(at + 1),
                    What::Secret,
                    format!("what is {done}{place} looks like a secret, and stands in the file"),
                    format!("write value = \"{{{name}}}\" with secret = \"{name}\" in [parameters.{name}], and keep it with `apprentice secrets set {name}`"),
                );
                continue;
            }
            if let Some(parameter) = exemplified(demonstration, &value) {
                report.add(
                    Some(at + 1),
                    What::Value,
                    format!("{value:?} is {done}{place}, which is the example of {{{parameter}}}, and stays so at every run"),
                    format!("write {{{parameter}}} in its place"),
                );
                continue;
            }
            let explained = stands_in(&value, &demonstration.goal)
                || step
                    .says
                    .as_ref()
                    .is_some_and(|says| stands_in(&value, says))
                || demonstration.steps[..=at]
                    .iter()
                    .any(|earlier| is_on_the_page(earlier, &value))
                || is_the_same_in_all(takes, at, step);
            if !explained {
                report.add(
                    Some(at + 1),
                    What::Value,
                    format!("{value:?} is {done}{place}, but stands neither in the goal nor on the page"),
                    "name it as a parameter, as in value = \"{name}\" with an example in [parameters.name]; where it is the same every time, say it in the step's `says`",
                );
            }
        }
    }
}

/// The parameter that has this value as its example.
fn exemplified<'a>(demonstration: &'a Demonstration, value: &str) -> Option<&'a str> {
    let long = value.chars().count() >= SHORTEST_EXAMPLE;
    demonstration
        .parameters
        .iter()
        .find(|(_, parameter)| long && parameter.example.as_deref() == Some(value))
        .map(|(name, _)| name.as_str())
}

/// Whether what the step says of its page holds the value.
fn is_on_the_page(step: &Step, value: &str) -> bool {
    let wanted = folded(value);
    let on = |target: &TargetQuery| {
        let texts = [
            &target.name,
            &target.label,
            &target.text,
            &target.placeholder,
            &target.heading,
            &target.left,
            &target.above,
            &target.right,
            &target.below,
            &target.column,
        ];
        texts
            .into_iter()
            .flatten()
            .chain(&target.row)
            .any(|text| folded(text) == wanted)
    };
    let after = step.after.as_ref().and_then(|after| after.text.as_ref());
    // What was kept of the page says more than the target alone; what its fields held is what was typed.
    let seen = step.shown.as_ref().is_some_and(|seen| {
        let mut texts = seen
            .elements
            .iter()
            .flat_map(|element| [&element.name, &element.text]);
        let mut pictures = seen.pictures.values();
        texts.any(|text| folded(text) == wanted)
            || pictures.any(|text| folded(text).contains(&wanted))
    });
    seen || [&step.target, &step.to].into_iter().flatten().any(on)
        || after.is_some_and(|text| folded(text) == wanted)
}

/// Whether several takes that do the same steps have the same value here.
fn is_the_same_in_all(takes: &[(String, Demonstration)], at: usize, step: &Step) -> bool {
    takes.len() > 1
        && takes.iter().all(|(_, take)| {
            take.steps
                .get(at)
                .is_some_and(|other| other.verb == step.verb && other.value == step.value)
        })
}
