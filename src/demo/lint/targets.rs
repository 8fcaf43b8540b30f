//! Targets that will not be found for certain: they say too little, or two of them say the same.

use super::{Report, What, called};
use crate::computer::Element;
use crate::demo::{Demonstration, Step, TargetQuery, Verb, target_query};

/// Attributes that tell one thing from the others of its page.
const TELLING: [&str; 9] = [
    "id",
    "name",
    "data-testid",
    "data-test",
    "data-cy",
    "alt",
    "title",
    "href",
    "aria-label",
];

pub(super) fn look(demonstration: &Demonstration, report: &mut Report<'_>) {
    for (at, step) in demonstration.steps.iter().enumerate() {
        // What is read may be anything: the pattern says what is wanted of it.
        if step.verb == Verb::Read {
            continue;
        }
        for target in [&step.target, &step.to].into_iter().flatten() {
            if !says_enough(target) {
                report.add(
                    Some(at + 1),
                    What::Target,
                    format!("the target of this {} says too little to be found again: nothing in it is what a person calls it", step.verb.word()),
                    "write a name, label or text into [step.target], or the texts of its row",
                );
            }
        }
        if let Some(count) = fitting(step).filter(|count| *count > 1) {
            let name = called(step).unwrap_or("the target");
            report.add(
                Some(at + 1),
                What::Twins,
                format!("{count} things on the page were all that is known of {name:?}, and nothing but its place tells it apart"),
                "write into it what stands beside it, as in row = [\"...\"], left = \"...\" or heading = \"...\"",
            );
            continue;
        }
        let twin = demonstration.steps[..at]
            .iter()
            .position(|earlier| are_twins(earlier, step));
        if let Some(twin) = twin {
            let name = called(step).unwrap_or("it");
            report.add(
                Some(at + 1),
                What::Twins,
                format!("{name:?} is not the one of step {}, and nothing but its place tells them apart", twin + 1),
                "write into both what stands beside them, as in row = [\"...\"], left = \"...\" or heading = \"...\"",
            );
        }
    }
}

fn says_enough(target: &TargetQuery) -> bool {
    let named = [
        &target.name,
        &target.label,
        &target.text,
        &target.placeholder,
    ];
    named.into_iter().any(Option::is_some)
        || !target.row.is_empty()
        || TELLING.iter().any(|name| target.attributes.contains_key(*name))
        // A part of the view, on purpose.
        || target.area.is_some() && target.path.is_none() && target.role.is_none() && target.tag.is_none()
}

/// How many things of the page that was kept are just like the target but for their place; `None` where no page was.
fn fitting(step: &Step) -> Option<usize> {
    let seen = step.shown.as_ref()?;
    let known = |element: &Element| TargetQuery {
        path: None,
        area: None,
        index: None,
        ..target_query(element, None)
    };
    let target = seen.elements.get(seen.target?)?;
    // Somebody may have written more into it than the recording had, or less.
    let wanted = step.target.as_ref()?;
    let told = wanted.index.is_some() || wanted.row.iter().any(|row| row.contains('{'));
    let own = known(target);
    let as_recorded = (
        &wanted.row,
        &wanted.left,
        &wanted.right,
        &wanted.above,
        &wanted.below,
        &wanted.heading,
    ) == (
        &own.row,
        &own.left,
        &own.right,
        &own.above,
        &own.below,
        &own.heading,
    );
    (as_recorded && !told).then(|| {
        seen.elements
            .iter()
            .filter(|element| element.frame == target.frame && known(element) == own)
            .count()
    })
}

/// Whether both are done on one page, to two things of which the same is known.
fn are_twins(one: &Step, other: &Step) -> bool {
    let (Some(first), Some(second)) = (&one.target, &other.target) else {
        return false;
    };
    let apart = matches!((&first.path, &second.path), (Some(one), Some(other)) if one != other);
    let known = |target: &TargetQuery| TargetQuery {
        path: None,
        area: None,
        ..target.clone()
    };
    apart && one.page == other.page && known(first) == known(second)
}
