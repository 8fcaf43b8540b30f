//! What a person did by hand in place of a step: done again where the step cannot be done as it was shown.
//!
//! Each is a small workflow of its own, induced like any recording, and followed by an imitator of its own. The run's history says
//! how far it is: its actions carry the step in whose place they stand and their place in it.
//!
//! Invariants: the step as it was shown goes first, and this only steps in where what it began with is there; what was sent by hand
//! gives no permission, and only the step's own shown writes pass at its end; where it may depend on the goal, it is asked.

use super::progress::{about_step, within, within_hand};
use super::{Imitator, Settings, Turn, Turned, ask, values};
use crate::demo::learned::Lesson;
use crate::demo::{Demonstration, Step, Verb};
use crate::policy::{Act, Decision, Situation, Turn as Past};
use crate::workflow::Workflow;
use crate::workflow::induce::choose::Ranked;
use crate::workflow::induce::value::Expr;
use crate::workflow::lessons::Lessons;
use crate::workflow::likeness::plain;

/// What is said of a value that was put in by hand for one goal only.
pub(super) const ONE_GOAL: &str =
    "you put it in by hand for another goal, and it may depend on the goal:";

/// Something that was done by hand in place of a step.
#[derive(Debug, Clone)]
pub(super) struct Hand {
    /// From 1.
    step: usize,
    /// What the demonstration does in that step.
    does: String,
    /// In how many steps' place it was done, that one included.
    covers: usize,
    /// Whose word it is: when it was done, and in which run.
    word: String,
    takes: Vec<(String, Demonstration)>,
    follows: Box<Imitator>,
}

/// What is known of a part of a job that was done by hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// For which goals it was done.
    goals: Vec<String>,
}

/// Whether a question is about a step that cannot be done, so that the person may do it.
pub(super) fn is_about_a_step(key: &str) -> bool {
    let key = within_hand(key).map_or(key, |(_, key)| key);
    about_step(key).is_some()
}

/// All that was done by hand, ready to be done again. What was done last counts: earlier ones are put to it only where both are one
/// way of doing it.
pub(super) fn all(lessons: &Lessons, settings: &Settings) -> Vec<Hand> {
    let mut hands: Vec<Hand> = Vec::new();
    for (lesson, shown) in lessons.hands().rev() {
        let (Some(step), Some(does)) = (lesson.step, &lesson.does) else {
            continue;
        };
        let known = hands
            .iter_mut()
            .find(|hand| hand.step == step && hand.does == *does);
        match known {
            Some(hand) => hand.join(lesson, shown, settings),
            None => hands.extend(Hand::new(step, does, lesson, shown, settings)),
        }
    }
    hands
}

impl Hand {
    fn new(
        step: usize,
        does: &str,
        lesson: &Lesson,
        shown: &Demonstration,
        settings: &Settings,
    ) -> Option<Self> {
        let takes = vec![(lesson.run.clone(), shown.clone())];
        Some(Self {
            step,
            does: does.to_owned(),
            covers: lesson.covers.unwrap_or(1).max(1),
            word: format!(
                "as you did it by hand on {}, in {}",
                lesson.day(),
                lesson.run
            ),
            follows: Box::new(part(&takes, settings)?),
            takes,
        })
    }

    fn join(&mut self, lesson: &Lesson, shown: &Demonstration, settings: &Settings) {
        let mut takes = self.takes.clone();
        takes.push((lesson.run.clone(), shown.clone()));
        let Some(follows) = part(&takes, settings) else {
            return;
        };
        let induced = follows.workflow.induced();
        if induced.is_some_and(|one| one.support(0) == takes.len()) {
            *self.follows = follows;
            self.takes = takes;
        }
    }

    /// How many steps it has for a goal.
    fn steps_for(&self, goal: &str) -> usize {
        let today = self.follows.settings.reference_date;
        self.follows.workflow.for_goal(goal, today).steps().len()
    }

    /// Whether what it began with is on the page.
    fn begins_on(&self, situation: &Situation<'_>) -> bool {
        let begun = Situation {
            history: &[],
            ..*situation
        };
        match self.follows.next(&begun) {
            Decision::Act(act) => !matches!(act.action, crate::computer::Action::Wait { .. }),
            // It is there, and a word is needed of what to put into it.
            Decision::Ask(question) => about_step(&question.key).is_none(),
            Decision::Look { .. } | Decision::Finish { .. } | Decision::GiveUp { .. } => false,
        }
    }
}

/// An imitator of what was done by hand; `None` where that cannot be followed, since somebody changed its file.
fn part(takes: &[(String, Demonstration)], settings: &Settings) -> Option<Imitator> {
    let workflow = match Workflow::from_takes(takes.to_vec()) {
        Ok(workflow) => workflow,
        Err(error) => {
            tracing::warn!("what was done by hand cannot be done again: {error}");
            return None;
        }
    };
    let mut imitator = Imitator::new(workflow, settings.clone());
    imitator.part = Some(Part {
        goals: takes.iter().map(|(_, take)| take.goal.clone()).collect(),
    });
    Some(imitator)
}

/// What of a run's history belongs to what was done again in place of a step, as it sees it itself; `None` where it was not begun.
fn history_of(history: &[Past], step: usize) -> Option<Vec<Past>> {
    let mut own: Vec<Past> = Vec::new();
    for turn in history {
        let decision = match &turn.decision {
            Decision::Act(act) if act.step == Some(step) && act.hand.is_some() => {
                Decision::Act(Act {
                    step: act.hand,
                    hand: None,
                    way: None,
                    ..act.clone()
                })
            }
            Decision::Ask(question) => match within_hand(&question.key) {
                Some((at, key)) if at == step => {
                    let mut question = question.clone();
                    question.key = key.to_owned();
                    Decision::Ask(question)
                }
                _ => continue,
            },
            Decision::Look { scope } if !own.is_empty() => Decision::Look { scope: *scope },
            _ => continue,
        };
        own.push(Past {
            decision,
            result: turn.result.clone(),
            before: turn.before.clone(),
        });
    }
    (!own.is_empty()).then_some(own)
}

impl Turn<'_> {
    /// What was done by hand in place of this step.
    fn hand(&self) -> Option<&Hand> {
        if self.values.hands.is_empty() || self.variant.is_some() {
            return None;
        }
        let does = self.shown();
        let mut hands = self.values.hands.iter();
        hands.find(|hand| hand.step == self.at + 1 && hand.does == does)
    }

    /// Whether it was done by hand before, and what that began with is on this page.
    pub(super) fn hand_begins(&self) -> bool {
        self.hand()
            .is_some_and(|hand| hand.begins_on(self.values.situation))
    }

    /// Whether what was done by hand in its place was begun in this run.
    pub(super) fn begun_by_hand(&self) -> bool {
        self.hand().is_some() && history_of(self.values.situation.history, self.at).is_some()
    }

    /// What comes next of what was done by hand in its place; `None` where all of it is done.
    pub(super) fn as_by_hand(&self) -> Option<Decision> {
        let hand = self.hand()?;
        let situation = self.values.situation;
        let history = history_of(situation.history, self.at).unwrap_or_default();
        let own = Situation {
            history: &history,
            ..*situation
        };
        Some(match hand.follows.next(&own) {
            Decision::Finish { .. } => return None,
            Decision::Act(act) => {
                let ends = act.step.map(|at| at + 1) == Some(hand.steps_for(situation.goal));
                Decision::Act(Act {
                    says: format!("{}, {}", act.says, hand.word),
                    // The writes of the steps as they were shown, and their mark, are those of its end.
                    effects: match ends {
                        true => self
                            .covered_by(hand)
                            .flat_map(|turn| turn.effects())
                            .collect(),
                        false => Vec::new(),
                    },
                    mark: self
                        .covered_by(hand)
                        .find_map(|turn| turn.step.mark)
                        .filter(|_| ends)
                        .or(act.mark),
                    hand: act.step,
                    step: Some(self.at),
                    // Who does something by hand does not show it to be allowed.
                    demonstrated: None,
                    way: None,
                    ..act
                })
            }
            Decision::Ask(mut question) => {
                question.text = format!(
                    "In place of step {} ({}), {}: {}",
                    self.at + 1,
                    self.says(),
                    hand.word,
                    question.text
                );
                question.key = within(self.at, &question.key);
                Decision::Ask(question)
            }
            Decision::GiveUp { reason } => Decision::GiveUp {
                reason: format!(
                    "step {} of {:?} ({}), {}: {reason}",
                    self.at + 1,
                    self.values.workflow.name(),
                    self.says(),
                    hand.word
                ),
            },
            Decision::Look { scope } => Decision::Look { scope },
        })
    }

    /// The steps in whose place it was done.
    fn covered_by<'t>(&'t self, hand: &Hand) -> impl Iterator<Item = Turn<'t>> + use<'t> {
        let steps = self.values.workflow.steps().iter().enumerate();
        steps
            .skip(self.at)
            .take(hand.covers)
            .map(|(at, step)| Turn { step, at, ..*self })
    }

    /// In how many steps' place something was done by hand, this one included.
    pub(super) fn hand_covers(&self) -> usize {
        self.hand().map_or(1, |hand| hand.covers)
    }

    /// The value that was put in by hand for one other goal, where nothing tells whether it depends on that.
    pub(super) fn of_one_goal(&self, rivals: &Ranked<Expr>) -> Option<String> {
        let enters = matches!(
            self.step.verb,
            Verb::Fill | Verb::Type | Verb::Choose | Verb::Select | Verb::Upload
        );
        if !enters || !self.is_of_another_goal() {
            return None;
        }
        let mut constants = rivals.iter().map(|(_, expr)| match expr {
            Expr::Const(text) => Some(text),
            _ => None,
        });
        let first = constants.next()??;
        constants
            .all(|other| other.is_some())
            .then(|| first.clone())
    }

    /// Whether this is a part that was done by hand, once, and for another goal.
    fn is_of_another_goal(&self) -> bool {
        let now = plain(self.values.situation.goal);
        let part = self.values.part;
        part.is_some_and(|part| {
            let [then] = &part.goals[..] else {
                return false;
            };
            plain(then) != now
        })
    }

    /// Asks whether one of several alike that was chosen by hand is meant for this goal, too.
    pub(super) fn same_for_this_goal(&self) -> Result<(), Turned> {
        let varies = self.plan().is_some_and(|plan| plan.varies);
        if varies || !self.is_of_another_goal() || !is_a_choice(self.step) {
            return Ok(());
        }
        let key = format!("step-{}-same", self.at + 1);
        let (answer, asked) = self.values.progress.answer(&key);
        match answer.to_lowercase().as_str() {
            "yes" | "y" | "ok" => Ok(()),
            "no" | "n" => Err(Turned::Decided(Box::new(
                self.give_up("you said that it is not meant for this goal"),
            ))),
            _ if asked < values::MOST_ASKED => {
                let text = format!(
                    "you chose it for another goal, and it may depend on the goal. {} now, too?",
                    self.says()
                );
                Err(Turned::Decided(Box::new(ask(key, text, &["yes", "no"]))))
            }
            _ => Err(Turned::Decided(Box::new(
                self.give_up("no answer could be used"),
            ))),
        }
    }
}

/// Whether the step picks one of several things of the same sort.
fn is_a_choice(step: &Step) -> bool {
    const CHOICES: [&str; 6] = [
        "radio",
        "checkbox",
        "switch",
        "option",
        "menuitemradio",
        "menuitemcheckbox",
    ];
    let clicks = matches!(
        step.verb,
        Verb::Click | Verb::DoubleClick | Verb::TripleClick | Verb::RightClick
    );
    let Some(target) = step.target.as_ref().filter(|_| clicks) else {
        return false;
    };
    let is_called = |role: &String| CHOICES.contains(&role.as_str());
    let alike = || {
        let seen = step.shown.as_deref()?;
        let chosen = seen.elements.get(seen.target?)?;
        let same = seen
            .elements
            .iter()
            .filter(|other| other.role == chosen.role && other.title() == chosen.title());
        Some(same.count() > 1)
    };
    target.role.as_ref().is_some_and(is_called) || alike().unwrap_or(false)
}

impl Imitator {
    /// Whose word it is what was done by hand in place of a step.
    pub(super) fn hand_relies_on(&self, situation: &Situation<'_>, step: usize) -> Vec<String> {
        self.with_turn(situation, step, |turn| {
            turn.hand().map(|hand| hand.word.clone())
        })
        .flatten()
        .into_iter()
        .collect()
    }

    /// In how many steps' place something was done by hand: the steps after the first one whose targets are among what was worked on,
    /// in order, are done as well.
    pub(super) fn covered(&self, situation: &Situation<'_>, step: usize, did: &[Step]) -> usize {
        let mut rest = did.iter();
        let mut covers = 1;
        while self
            .with_turn(situation, step + covers, |turn| {
                rest.any(|one| turn.is_done_by(one))
            })
            .unwrap_or(false)
        {
            covers += 1;
        }
        covers
    }

    /// Something about one step of the workflow, as it is for this goal.
    fn with_turn<T>(
        &self,
        situation: &Situation<'_>,
        step: usize,
        look: impl FnOnce(&Turn<'_>) -> T,
    ) -> Option<T> {
        self.with_values(situation, |values| {
            let turn = Turn {
                step: values.workflow.steps().get(step)?,
                at: step,
                values,
                variant: None,
            };
            Some(look(&turn))
        })
    }
}

impl Turn<'_> {
    /// Whether something that was done by hand is what this step does, to the same thing.
    fn is_done_by(&self, one: &Step) -> bool {
        if one.verb != self.step.verb {
            return false;
        }
        let Some(seen) = one.shown.as_deref() else {
            return false;
        };
        let Some(at) = seen.target else {
            return false;
        };
        let planned = self.plan().and_then(|plan| {
            let rivals = plan.target.as_ref()?;
            Some((rivals, plan.takes))
        });
        let found = match planned {
            Some((rivals, takes)) => {
                use crate::workflow::induce::choose::{Choice, element};
                match element(rivals, &seen.elements, takes) {
                    Choice::Sure(found) => Some(found),
                    Choice::Unsure(_) | Choice::None => None,
                }
            }
            None => {
                let query = self
                    .step
                    .target
                    .as_ref()
                    .and_then(|query| self.values.query(query).ok());
                let called = |element: &crate::computer::Element| {
                    query.as_ref().is_some_and(|query| {
                        query.role.as_deref() == Some(element.role.as_str())
                            && query.name.as_deref() == Some(element.name.as_str())
                    })
                };
                seen.elements.get(at).filter(|one| called(one)).map(|_| at)
            }
        };
        found == Some(at)
    }
}
