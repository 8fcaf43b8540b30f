//! What a later step puts in is noted before the page is left that says it, and is found again in the history. Where it is not
//! there to be noted, the run goes on, and asks when it is needed.

use super::deed::look;
use super::{Act, Decision, PATIENCE_MS, Turn, Turned};
use crate::computer::{Action, Element, Reading, Scope, Target};
use crate::demo::Verb;
use crate::workflow::induce::choose::{self, Choice, Ranked};
use crate::workflow::induce::earlier::is_readable;
use crate::workflow::induce::value::Expr;

/// From so many recordings on, a value that is the same in all of them is the job's own where nothing was noted.
const MANY: usize = 3;
/// What stands in the place of a secret that a page shows: such a text is no value.
const MASKED: char = '•';
/// How sure it is that the right thing is noted, where nothing speaks against it.
const SURE: f64 = 0.95;

impl Turn<'_> {
    /// Whether the step only notes what a later one puts in.
    pub(super) fn is_noting(&self) -> bool {
        self.plan().is_some_and(|plan| plan.noting)
    }

    /// Whether a dialog is open that the demonstration answers after this note: it is in nobody's way.
    pub(super) fn is_answered_next(&self) -> bool {
        let steps = self.values.workflow.steps().iter();
        let next = steps.skip(self.at).find(|step| step.verb != Verb::Read);
        let dialog = &self.values.situation.observation.dialog;
        dialog.is_some() && next.is_some_and(|step| step.verb == Verb::AnswerDialog)
    }

    /// Whether the step's value at this place may be something noted.
    pub(super) fn is_noted(&self, place: usize) -> bool {
        let rivals = self.plan().and_then(|plan| plan.values.get(place));
        rivals.is_some_and(|all| all.iter().any(|(_, one)| matches!(one, Expr::Noted(..))))
    }

    /// Reads what is to be noted; skipped where it is not certain which that is.
    pub(super) fn note(&self) -> Result<(Action, f64), Turned> {
        let Some(plan) = self.plan() else {
            return Err(Turned::Skipped);
        };
        let rivals = plan.target.as_deref().unwrap_or_default();
        let page = self.observation();
        let what = self.step.reading.unwrap_or(Reading::Text);
        let (found, can_be_read): (_, fn(usize, &[Element]) -> bool) = match what {
            // Pictures that are called the same may say something else each.
            Reading::Picture => (
                choose::element(&rivals.to_vec(), &page.elements, plan.takes),
                |at, elements| elements[at].is_picture(),
            ),
            Reading::Text | Reading::Table => (
                choose::saying(&rivals.to_vec(), &page.elements, plan.takes),
                is_readable,
            ),
        };
        match found {
            Choice::Sure(at) if can_be_read(at, &page.elements) => {
                let note = Action::Read {
                    target: Some(Target::Element(page.elements[at].id.clone())),
                    area: None,
                    what,
                };
                Ok((note, SURE))
            }
            Choice::None if self.may_look() => Err(look()),
            Choice::Unsure(_) if self.may_see_more() => Err(look()),
            Choice::None if self.values.progress.waits == 0 && page.scope == Scope::Whole => {
                // The page may still be on its way.
                let sign = self.planned_sign().ok_or(Turned::Skipped)?;
                let wait = Action::Wait {
                    condition: sign,
                    limit_ms: PATIENCE_MS,
                };
                let says = format!("wait for what step {} notes", self.at + 1);
                let act: Act = self.by_the_way(wait, says);
                Err(Turned::Decided(Box::new(Decision::Act(act))))
            }
            Choice::Sure(_) | Choice::Unsure(_) | Choice::None => Err(Turned::Skipped),
        }
    }

    /// The rivals with what was read in the place of what was to be noted, and whether none of that was read.
    pub(super) fn with_notes(&self, rivals: &Ranked<Expr>) -> (Ranked<Expr>, bool) {
        let mut all = Ranked::new();
        let (mut some, mut read) = (false, false);
        for (cost, rival) in rivals {
            let Expr::Noted(name, cut) = rival else {
                all.push((*cost, rival.clone()));
                continue;
            };
            some = true;
            let value = self.noted(name).and_then(|text| cut.from(text));
            if let Some(text) = value.filter(|text| !text.contains(MASKED)) {
                read = true;
                all.push((*cost, Expr::Const(text)));
            }
        }
        (all, some && !read)
    }

    /// What was read under this name.
    fn noted(&self, name: &str) -> Option<&str> {
        let mut steps = self.values.workflow.steps().iter();
        let at =
            steps.position(|step| step.verb == Verb::Read && step.into.as_deref() == Some(name))?;
        self.values.progress.reads.get(&at).map(String::as_str)
    }
}

/// Whether the text is only what was put in in a few recordings.
pub(super) fn is_of_few(text: &str, rivals: &Ranked<Expr>, takes: usize) -> bool {
    let is_constant = |expr: &Expr| matches!(expr, Expr::Const(constant) if constant == text);
    takes < MANY && rivals.iter().any(|(_, rival)| is_constant(rival))
}
