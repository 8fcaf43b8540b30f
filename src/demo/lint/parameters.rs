//! Parameters that nothing uses: a person would be asked for them, or believe that they change something.

use super::{Report, StandsIn, What, folded};
use crate::demo::{Demonstration, Piece, pieces};

pub(super) fn look(demonstration: &Demonstration, report: &mut Report<'_>) {
    let mut all = demonstration.clone();
    let mut used: Vec<String> = Vec::new();
    let mut note = |text: &str| {
        used.extend(pieces(text).into_iter().filter_map(|piece| {
            match piece {
                Piece::Hole(inside) => Some(
                    inside
                        .split('|')
                        .next()
                        .unwrap_or_default()
                        .trim()
                        .to_owned(),
                ),
                Piece::Plain(_) => None,
            }
        }));
    };
    demonstration.result.iter().for_each(|result| note(result));
    for step in &mut all.steps {
        step.texts_mut().for_each(|text| note(text));
    }
    for name in demonstration.parameters.keys() {
        let read = demonstration
            .steps
            .iter()
            .any(|step| step.into.as_ref() == Some(name));
        if !read && !used.contains(name) {
            report.add(
                None,
                What::Parameter,
                format!("no step uses the parameter {{{name}}}"),
                format!("write {{{name}}} where its value stands, or take [parameters.{name}] out"),
            );
        }
    }
}

/// The goal with a hole for each example that stands in it: goals of one shape are goals of one job.
pub(super) fn shape(demonstration: &Demonstration, stands_in: Option<&StandsIn<'_>>) -> String {
    let mut goal = folded(&demonstration.goal);
    let examples = demonstration
        .parameters
        .values()
        .filter_map(|parameter| parameter.example.as_deref());
    let mut examples: Vec<String> = examples
        .filter(|example| stands_in.is_none_or(|stands_in| stands_in(example, &demonstration.goal)))
        .map(folded)
        .filter(|example| !example.is_empty())
        .collect();
    // The longest first: one may be a part of another.
    examples.sort_by_key(|example| std::cmp::Reverse(example.len()));
    for example in examples {
        goal = goal.replace(&example, "{}");
    }
    goal
}
