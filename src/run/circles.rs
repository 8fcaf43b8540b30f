//! Going in circles: the same decision on the same page, again and again. Pure.

use std::collections::HashMap;

use crate::computer::Observation;
use crate::policy::Decision;

/// From how many repetitions on a run says that it goes in circles.
const SAY_AT: usize = 3;
/// From how many repetitions on it gives up.
const GIVE_UP_AT: usize = 6;

/// How often each pair of page and decision came.
#[derive(Debug, Default)]
pub struct Circles {
    seen: HashMap<blake3::Hash, usize>,
}

/// What to make of one more decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circle {
    No,
    /// Worth a note.
    Say(usize),
    GiveUp(usize),
}

impl Circles {
    /// Counts one decision taken on one observation.
    pub fn count(&mut self, observation: &Observation, decision: &Decision) -> Circle {
        let Decision::Act(act) = decision else {
            return Circle::No;
        };
        let mut hasher = blake3::Hasher::new();
        hasher.update(observation.url.as_bytes());
        for element in &observation.elements {
            for part in [
                element.id.0.as_str(),
                &element.name,
                &element.text,
                element.value.as_deref().unwrap_or_default(),
            ] {
                hasher.update(part.as_bytes());
                hasher.update(b"\0");
            }
        }
        hasher.update(format!("{:?}{:?}", observation.scroll, act.action).as_bytes());
        let count = self.seen.entry(hasher.finalize()).or_default();
        *count += 1;
        match *count {
            n if n >= GIVE_UP_AT => Circle::GiveUp(n),
            n if n >= SAY_AT => Circle::Say(n),
            _ => Circle::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computer::{Action, Scope, ScrollState, Size};
    use crate::policy::Act;

    fn page(url: &str) -> Observation {
        Observation {
            url: url.to_owned(),
            title: String::new(),
            viewport: Size {
                width: 1.0,
                height: 1.0,
            },
            scroll: ScrollState::default(),
            tabs: Vec::new(),
            dialog: None,
            focused: None,
            frames: Vec::new(),
            elements: Vec::new(),
            scope: Scope::NearView,
            unlisted: 0,
            downloads: Vec::new(),
            screenshot: None,
        }
    }

    #[test]
    fn the_same_on_the_same_page_is_a_circle_and_on_another_is_not() {
        let reload = Decision::Act(Act {
            action: Action::Reload,
            says: "again".to_owned(),
            sure: 1.0,
            mark: None,
            step: None,
            demonstrated: None,
            effects: Vec::new(),
            looking: false,
            way: None,
            hand: None,
            while_says: None,
        });
        let mut circles = Circles::default();
        let counts: Vec<Circle> = (0..6).map(|_| circles.count(&page("a"), &reload)).collect();
        assert_eq!(
            counts,
            [
                Circle::No,
                Circle::No,
                Circle::Say(3),
                Circle::Say(4),
                Circle::Say(5),
                Circle::GiveUp(6)
            ]
        );
        assert_eq!(circles.count(&page("b"), &reload), Circle::No);
    }
}
