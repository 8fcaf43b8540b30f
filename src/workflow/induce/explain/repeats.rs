//! What is done again and again until the page says what the goal asks for.

use std::collections::BTreeSet;

use super::{Take, target_of};
use crate::computer::Element;
use crate::demo::{Seen, Step, Verb};
use crate::workflow::induce::calendar;
use crate::workflow::induce::describe::describe;
use crate::workflow::induce::node::Until;
use crate::workflow::induce::selector::{self, Kind, Selector};
use crate::workflow::induce::value::Expr;
use crate::workflow::likeness::plain;
use crate::workflow::number;

impl Take<'_> {
    /// How many equal steps begin here, and what the page said after them that it did not say before.
    pub(super) fn repeated(&self, at: usize) -> (usize, Option<Until>) {
        let step = &self.steps[at];
        let same =
            |one: Option<(&Element, &Seen)>, other: Option<(&Element, &Seen)>| match (one, other) {
                (Some((one, _)), Some((other, _))) => {
                    Kind::of(one) == Kind::of(other)
                        && one.path == other.path
                        && selector::titles(one).eq(selector::titles(other))
                }
                _ => false,
            };
        let again = |other: &Step| {
            other.verb == step.verb
                && other.value == step.value
                && same(target_of(other), target_of(step))
        };
        if !matches!(step.verb, Verb::Click | Verb::Press) || target_of(step).is_none() {
            return (1, None);
        }
        let length = self.steps[at..]
            .iter()
            .take_while(|other| again(other))
            .count();
        let (Some(before), Some(after)) = (self.page(at), self.page(at + length)) else {
            return (1, None);
        };
        let arrow = step
            .value
            .as_deref()
            .is_some_and(|keys| keys.contains("Arrow"));
        if length < 2 && !(step.verb == Verb::Press && arrow) {
            return (1, self.until_month(at, before, after));
        }
        match self.until(before, after) {
            Some(until) => (length, Some(until)),
            // It was done until what stands behind it could be done.
            None if self.condition.is_some() => (length, None),
            None => (1, None),
        }
    }

    /// The month of the goal's date that the page said after a click and not before, where a day of that date was clicked next:
    /// the calendar was turned until it showed that month, which is another one the next time.
    fn until_month(&self, at: usize, before: &Seen, after: &Seen) -> Option<Until> {
        let (next, _) = target_of(self.steps.get(at + 1)?)?;
        if !calendar::is_day_of_goal(next, &self.sayings) {
            return None;
        }
        let says = calendar::turned_to(before, after, &self.sayings);
        (!says.is_empty()).then(|| Until {
            says,
            watch: BTreeSet::new(),
            rises: None,
        })
    }

    /// What the page said afterwards that it did not say before and that the goal asks for.
    fn until(&self, before: &Seen, after: &Seen) -> Option<Until> {
        let said_before: BTreeSet<String> = before
            .elements
            .iter()
            .map(|element| plain(selector::said(element)))
            .collect();
        let mut until = Until {
            says: BTreeSet::new(),
            watch: BTreeSet::new(),
            rises: None,
        };
        for (at, element) in after.elements.iter().enumerate() {
            let said = selector::said(element);
            // What holds a number may hold one that stands elsewhere too.
            let earlier = before
                .elements
                .iter()
                .find(|other| other.path == element.path && other.frame == element.frame);
            let numbers =
                earlier.and_then(|earlier| Some((number_of(earlier)?, number_of(element)?)));
            let changed = match numbers {
                Some((was, is)) => was != is,
                None => !said_before.contains(&plain(said)),
            };
            let exprs = if changed {
                self.sayings.alike(said)
            } else {
                Vec::new()
            };
            if exprs.is_empty() {
                continue;
            }
            until.says.extend(exprs);
            if let Some((was, is)) = numbers {
                until.rises = Some(is > was);
                let by_name = |selector: &Selector| {
                    selector.by.iter().any(|by| {
                        matches!(
                            by,
                            selector::By::Title(_) | selector::By::Holds(_) | selector::By::Row(_)
                        )
                    })
                };
                until.watch.extend(
                    describe(at, &after.elements, &self.sayings)
                        .into_iter()
                        .filter(|one| !by_name(one)),
                );
            }
        }
        (!until.says.is_empty()).then_some(until)
    }

    /// What the page said after these steps that it did not say before, in the goal's words.
    pub(super) fn brought(&self, at: usize, length: usize) -> BTreeSet<Expr> {
        let before = self.steps[at].shown.as_deref();
        let (Some(before), Some(after)) = (before, self.page(at + length)) else {
            return BTreeSet::new();
        };
        let was: BTreeSet<String> = before
            .elements
            .iter()
            .map(|one| plain(selector::said(one)))
            .collect();
        let said = after.elements.iter().map(selector::said);
        said.filter(|text| !was.contains(&plain(text)))
            .flat_map(|text| self.sayings.alike(text))
            .collect()
    }
}

fn number_of(element: &Element) -> Option<f64> {
    number::plain(selector::said(element)).ok()?.parse().ok()
}
