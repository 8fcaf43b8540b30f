//! What only served to find something: tabs and sections that were opened, pages of a list that were turned.

use std::collections::BTreeSet;

use super::{Take, target_of};
use crate::computer::Element;
use crate::demo::{Seen, Step, Verb};
use crate::workflow::induce::describe::describe;
use crate::workflow::induce::node::Seek;
use crate::workflow::induce::selector::{self, Kind};

/// Roles of what is opened to see what is in it.
const OPENERS: [&str; 4] = [
    "tab",
    "treeitem",
    "disclosuretriangle",
    "DisclosureTriangle",
];

/// Roles of what is no control: by themselves they are not there to be pressed.
const BARE: [&str; 1] = ["StaticText"];

impl Take<'_> {
    /// Whether a later step chooses the same and more in the same list, which was only scrolled in between.
    pub(super) fn is_completed(&self, at: usize) -> bool {
        let step = &self.steps[at];
        let later = &self.steps[at + 1..];
        let next = later.iter().find(|next| next.verb != Verb::ScrollTo);
        let Some((next, [one, other])) = next.and_then(|next| {
            let [(one, _), (other, _)] = [target_of(step)?, target_of(next)?];
            Some((next, [one, other]))
        }) else {
            return false;
        };
        let is_same = one.path == other.path && one.frame == other.frame;
        let is_choice = [step, next].iter().all(|step| step.verb == Verb::Choose);
        let holds_all = step.values.iter().all(|value| next.values.contains(value));
        let does_more = step.mark.is_some() || !step.effects.is_empty();
        is_same && is_choice && holds_all && next.values.len() > step.values.len() && !does_more
    }

    /// How many steps from `at` on only served to find the target of the step after them.
    pub(super) fn looking(&self, at: usize, eagerly: bool) -> usize {
        let Some(kind) = clicked(&self.steps[at]) else {
            return 0;
        };
        let same_kind = |step: &Step| clicked(step).as_ref() == Some(&kind);
        let mut run = self.steps[at..]
            .iter()
            .take_while(|step| same_kind(step))
            .count();
        let pager = run > 1
            && self.steps[at..at + run]
                .windows(2)
                .all(|pair| pair[0].target == pair[1].target);
        // What a person marked is asked about wherever it is done, and so is no looking.
        if let Some(marked) = self.steps[at..at + run]
            .iter()
            .position(|step| step.mark.is_some())
        {
            run = marked;
        }
        // What was found may be of the same kind as what was opened.
        while run > 0 {
            let found = self.steps.get(at + run).and_then(target_of);
            let was_there = |(found, _): (&Element, &Seen)| {
                self.steps[at..at + run]
                    .iter()
                    .any(|step| step.shown.as_deref().is_some_and(|seen| holds(seen, found)))
            };
            if found.is_some_and(|found| !was_there(found)) {
                break;
            }
            run -= 1;
        }
        let opened = &self.steps[at..at + run];
        let of_goal = opened.iter().any(|step| {
            target_of(step).is_some_and(|(element, _)| {
                selector::titles(element).any(|text| self.sayings.says(text))
            })
        });
        let found = self.steps.get(at + run).and_then(target_of);
        let reveals = opened.iter().all(|step| {
            target_of(step).is_some_and(|(element, seen)| {
                is_opener(element, seen)
                    || found.is_some_and(|(found, _)| is_inside(found, element))
            })
        });
        // What sends something, and bare text that is pressed, was hardly pressed only to look.
        let may_look = |step: &Step| {
            step.effects.is_empty()
                && step.mark.is_none()
                && target_of(step)
                    .is_some_and(|(element, _)| !BARE.contains(&element.role.as_str()))
        };
        let eagerly = eagerly && opened.iter().all(may_look);
        if run > 0 && !of_goal && (reveals || pager || eagerly) {
            run
        } else {
            0
        }
    }

    pub(super) fn seek(&self, opened: &[Step], found: Option<(&Element, &Seen)>) -> Seek {
        let targets: Vec<(&Element, &Seen)> = opened.iter().filter_map(target_of).collect();
        let elements: Vec<&Element> = targets.iter().map(|(element, _)| *element).collect();
        let first = opened.first().and_then(|step| {
            let seen = step.shown.as_deref()?;
            Some(describe(seen.target?, &seen.elements, &self.sayings))
        });
        Seek {
            kind: elements
                .first()
                .map(|element| Kind::of(element))
                .unwrap_or(Kind {
                    role: String::new(),
                    tag: String::new(),
                    framed: false,
                    drawn: false,
                }),
            places: elements
                .iter()
                .map(|element| selector::place_of(element))
                .collect(),
            first: first.unwrap_or_default(),
            same: opened.len() > 1
                && opened
                    .windows(2)
                    .all(|pair| pair[0].target == pair[1].target),
            widely: opened.len() > 1
                || targets.iter().all(|(element, seen)| {
                    is_opener(element, seen)
                        || found.is_some_and(|(found, _)| is_inside(found, element))
                }),
            classes: steady_classes(&elements),
        }
    }
}

/// The kind of what a plain click went to.
fn clicked(step: &Step) -> Option<Kind> {
    (step.verb == Verb::Click).then(|| target_of(step).map(|(element, _)| Kind::of(element)))?
}

/// Whether the page shows the same thing: of the same kind, called the same, in a row that says the same.
fn holds(seen: &Seen, wanted: &Element) -> bool {
    let kind = Kind::of(wanted);
    let row = |element: &Element| element.row.as_ref().map(|row| row.texts.clone());
    seen.elements.iter().any(|element| {
        kind.is(element)
            && selector::titles(element).eq(selector::titles(wanted))
            && row(element) == row(wanted)
    })
}

/// Whether a thing lies in another one on the page.
fn is_inside(inner: &Element, outer: &Element) -> bool {
    inner.frame == outer.frame
        && inner
            .path
            .strip_prefix(&outer.path)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether things of this role are there to be opened.
pub fn is_opener_role(role: &str) -> bool {
    OPENERS.contains(&role)
}

/// Whether it is there to show what is in it: a tab, a section's head, a link to a part of the same page.
fn is_opener(element: &Element, seen: &Seen) -> bool {
    let part_of_page = element.attributes.get("href").is_some_and(|href| {
        href.split_once('#').is_some_and(|(page, _)| {
            seen.url
                .split('#')
                .next()
                .is_some_and(|url| url.ends_with(page))
        })
    });
    is_opener_role(&element.role)
        || element.tag == "summary"
        || element.states.expanded.is_some()
        || part_of_page
}

/// Classes that all have, but for those that say what state a thing is in.
fn steady_classes(elements: &[&Element]) -> BTreeSet<String> {
    let mut all: Option<BTreeSet<String>> = None;
    for element in elements {
        let own = selector::classes(element)
            .filter(|class| !selector::is_of_state(class))
            .map(str::to_owned)
            .collect();
        all = Some(match all {
            Some(all) => all.intersection(&own).cloned().collect(),
            None => own,
        });
    }
    all.unwrap_or_default()
}
