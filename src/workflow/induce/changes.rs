//! After which steps of a recording the page showed something else: what was done to it had an effect that anybody could see.

use crate::computer::{Change, Sight};
use crate::demo::{Demonstration, Seen, Step, Verb};

/// Whether the page showed something else after each step than before it.
pub fn after_steps(demonstration: &Demonstration) -> Vec<bool> {
    let mut before: Option<(usize, Sight)> = None;
    let steps = &demonstration.steps;
    let shown = |at: usize| match steps.get(at) {
        Some(step) => step.shown.as_deref(),
        None => demonstration.shown.as_deref(),
    };
    let mut changed = |(at, step): (usize, &Step)| {
        let least = least(step.verb)?;
        let known = before.take().filter(|(of, _)| *of == at);
        let known = known.map_or_else(|| shown(at).map(sight), |(_, sight)| Some(sight));
        let after = shown(at + 1).map(sight)?;
        let change = known?.change(&after);
        before = Some((at + 1, after));
        Some(change >= least)
    };
    let all = steps.iter().enumerate();
    all.map(|one| changed(one) == Some(true)).collect()
}

/// What must change at least where a step had an effect; `None` where that is not seen on the page, or is what it puts in.
fn least(verb: Verb) -> Option<Change> {
    match verb {
        // What only stands elsewhere then may have been scrolled in between.
        Verb::Click | Verb::DoubleClick | Verb::Press => Some(Change::Said),
        Verb::Drag => Some(Change::Moved),
        Verb::TripleClick
        | Verb::RightClick
        | Verb::Hover
        | Verb::ScrollTo
        | Verb::Type
        | Verb::Fill
        | Verb::Choose
        | Verb::Select
        | Verb::Upload
        | Verb::Navigate
        | Verb::Back
        | Verb::Forward
        | Verb::Reload
        | Verb::OpenTab
        | Verb::SwitchTab
        | Verb::CloseTab
        | Verb::AnswerDialog
        | Verb::Wait
        | Verb::Copy
        | Verb::Read => None,
    }
}

fn sight(seen: &Seen) -> Sight {
    Sight::of_listed(&seen.url, &seen.title, &seen.elements)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::workflow::induce::tests::{TODAY, induced, page, recording, step};

    /// A recording of one step on the first page, after which the second is shown.
    fn shown(verb: Verb, before: &[&str], after: &[&str]) -> Demonstration {
        let mut shown = recording("Go on", vec![step(verb, "", 0, &page(before))]);
        let mut end = Seen::clone(shown.steps[0].shown.as_ref().unwrap());
        end.elements = page(after);
        shown.shown = Some(Arc::new(end));
        shown
    }

    #[test]
    fn a_step_changes_the_page_where_it_did_in_every_recording() {
        const BEFORE: &[&str] = &["button Next", "text One"];
        const AFTER: &[&str] = &["button Next", "text Two"];
        let changing = shown(Verb::Click, BEFORE, AFTER);
        let still = shown(Verb::Click, BEFORE, BEFORE);
        let typed = shown(Verb::Fill, BEFORE, AFTER);
        let unseen = Demonstration {
            shown: None,
            ..changing.clone()
        };
        for (what, recordings, expected) in [
            ("one that does", vec![changing.clone()], true),
            (
                "two that do",
                vec![changing.clone(), changing.clone()],
                true,
            ),
            ("one of two", vec![changing, still.clone()], false),
            ("one that does not", vec![still], false),
            ("one whose effect is its value", vec![typed], false),
            ("one whose end nobody saw", vec![unseen], false),
        ] {
            let plan = induced(&recordings).plan(0, "Go on", TODAY);
            assert_eq!(plan[0].plan.changes, expected, "{what}");
        }
    }

    #[test]
    fn what_is_done_again_and_again_ends_by_what_the_page_says() {
        let pages = [1, 2, 3].map(|n| page(&["button Next", &format!("text {n}")]));
        let mut steps: Vec<Step> = pages
            .iter()
            .map(|page| step(Verb::Click, "", 0, page))
            .collect();
        let last = steps.pop().unwrap();
        let mut shown = recording("Go to \"3\"", steps);
        shown.shown = last.shown;
        assert_eq!(after_steps(&shown), [true, true]);
        let plan = induced(&[shown]).plan(0, "Go to \"3\"", TODAY);
        assert_eq!(plan.len(), 1);
        assert!(plan[0].plan.until.is_some() && !plan[0].plan.changes);
    }
}
