//! A step after which nothing changes, as it did whenever it was shown: it gets a moment, and then the person is asked. Whether
//! it is done again is their word alone.

use super::progress::Topic;
use super::{PATIENCE_MS, Turn, ask, values};
use crate::computer::{Action, Change, Condition, Element, Sight, Target, Toggle};
use crate::policy::Decision;

/// How long a page gets to show anything after a step, in milliseconds: it has come to rest before, so only what it does later
/// by itself is waited for.
const CHANGE_MS: u64 = 1_500;

impl Turn<'_> {
    /// What to do where nothing changed after the step; `None` where something did, or need not.
    pub(super) fn unchanged(&self) -> Option<Decision> {
        let progress = self.values.progress;
        if !self.plan()?.changes || self.is_repeated() {
            return None;
        }
        let before = progress.before.as_deref()?;
        if before.change(&Sight::of(self.observation())) != Change::Nothing {
            return None;
        }
        let element = match progress.done_to.as_ref() {
            Some(Target::Element(id)) => self.observation().element(id),
            Some(Target::Point(_)) | None => None,
        };
        if element.is_some_and(is_chosen) {
            return None;
        }
        let mut awaited = progress.awaited.iter();
        if !awaited.any(|(one, _)| *one == Condition::Change) {
            let wait = Action::Wait {
                condition: Condition::Change,
                // What has to be sent and answered first takes longer.
                limit_ms: match self.step.effects.is_empty() {
                    true => CHANGE_MS,
                    false => PATIENCE_MS,
                },
            };
            let says = "wait for the page to change".to_owned();
            return Some(Decision::Act(self.by_the_way(wait, says)));
        }
        if progress.unclear >= values::MOST_ASKED {
            return Some(self.give_up("nothing on the page changed after it"));
        }
        let text = format!(
            "After step {} ({}) nothing on the page changed, as it did when this was shown. Go on all the same?",
            self.at + 1,
            progress.did
        );
        let key = Topic::Unchanged.key(self.at);
        Some(ask(key, text, &["go on", "try again", "stop"]))
    }
}

/// Whether it is chosen, so that choosing it changes nothing: a tab in front, a radio button that is on.
fn is_chosen(element: &Element) -> bool {
    element.states.selected == Some(true)
        || element.role == "radio" && element.states.checked == Some(Toggle::On)
}
