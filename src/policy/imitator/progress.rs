//! How far the workflow is, read from the run's history alone, so that deciding stays a function.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::MOST_LOOKS;
use crate::computer::{Action, Condition, Observation, Outcome, Rect, Scope, Sight, Target};
use crate::demo::{Step, Verb};
use crate::policy::{Act, Decision, STUCK, Turn, TurnResult};

/// Which side of the step the run is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is still to be done.
    Before,
    /// It was done; what should be seen after it was not checked yet.
    After,
}

/// A candidate that the person picked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pick {
    /// From 1, as the question numbered them.
    pub number: usize,
    /// Where it was drawn, where it was drawn.
    pub mark: Option<Rect>,
}

/// What an answer about a step means, whatever the question was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    GoOn,
    Again,
    Skip,
    Stop,
}

/// How far the workflow is.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The step that is next or was last, from 0.
    pub step: usize,
    pub stage: Stage,
    /// How often the step's action failed, and how it failed last.
    pub failures: usize,
    pub error: Option<String>,
    /// How often it was looked again since something last changed.
    pub looks: usize,
    /// How often the step's target was waited for.
    pub waits: usize,
    /// What was used to look for the step's target, in order.
    pub sought: Vec<Target>,
    /// What was waited for after the step, and whether it came.
    pub awaited: Vec<(Condition, bool)>,
    /// What the page showed before the step was done.
    pub before: Option<Arc<Sight>>,
    /// What was done for the step last, in words.
    pub did: String,
    /// What it was done to.
    pub done_to: Option<Target>,
    pub pick: Option<Pick>,
    /// The person's word on an open dialog: accept it or not.
    pub dialog: Option<bool>,
    /// Answers that meant nothing, for this step.
    pub unclear: usize,
    /// Whether the person ended it, at which step.
    pub stopped: Option<usize>,
    /// The last answer to each question, and how often it was asked.
    pub answers: BTreeMap<String, (String, usize)>,
    /// What each step was done to, the last time.
    pub targets: BTreeMap<usize, Target>,
    /// What each reading step read, the last time.
    pub reads: BTreeMap<usize, String>,
    /// Which of several ways is gone, where one was begun.
    pub way: Option<usize>,
}

impl Progress {
    /// Follows the history through the workflow's steps.
    pub fn of(history: &[Turn], steps: &[Step]) -> Self {
        let mut progress = Self {
            step: 0,
            stage: Stage::Before,
            failures: 0,
            error: None,
            looks: 0,
            waits: 0,
            sought: Vec::new(),
            awaited: Vec::new(),
            before: None,
            did: String::new(),
            done_to: None,
            pick: None,
            dialog: None,
            unclear: 0,
            stopped: None,
            answers: BTreeMap::new(),
            targets: BTreeMap::new(),
            reads: BTreeMap::new(),
            way: None,
        };
        for turn in history {
            match &turn.decision {
                Decision::Act(act) => {
                    progress.way = act.way.or(progress.way);
                    progress.acted(act, turn, steps);
                }
                Decision::Look { .. } => {
                    progress.leave_finished();
                    progress.looks += 1;
                }
                Decision::Ask(question) => match &turn.result {
                    TurnResult::Answered { text } => {
                        let marks = &question.marks;
                        progress.answered(&question.key, text.trim(), marks);
                    }
                    TurnResult::DoneByHand { covers } => {
                        if let Some(step) = step_of(&question.key) {
                            progress.go_to(step + covers);
                        }
                    }
                    TurnResult::Done(_) | TurnResult::Failed { .. } | TurnResult::Looked => {}
                },
                Decision::Finish { .. } | Decision::GiveUp { .. } => {}
            }
        }
        progress
    }

    /// The last answer to a question, empty where there is none, and how often it was asked.
    pub fn answer(&self, key: &str) -> (&str, usize) {
        self.answers
            .get(key)
            .map_or(("", 0), |(answer, asked)| (answer.as_str(), *asked))
    }

    /// Whether all of the page may be looked at.
    pub fn may_look(&self, page: &Observation) -> bool {
        page.scope != Scope::Whole && self.looks < MOST_LOOKS
    }

    /// Whether it has more than is known of it, and may be looked at.
    pub fn may_see_more(&self, page: &Observation) -> bool {
        page.unlisted > 0 && self.may_look(page)
    }

    /// Begins the step anew; what was answered and read stays.
    pub fn go_to(&mut self, step: usize) {
        self.step = step;
        self.stage = Stage::Before;
        self.failures = 0;
        self.error = None;
        self.looks = 0;
        self.waits = 0;
        self.sought.clear();
        self.awaited.clear();
        self.before = None;
        self.did.clear();
        self.done_to = None;
        self.pick = None;
        self.dialog = None;
        self.unclear = 0;
    }

    /// Whatever is decided after a step beside waiting and asking about it means that the step is over.
    fn leave_finished(&mut self) {
        if self.stage == Stage::After {
            self.go_to(self.step + 1);
        }
    }

    fn acted(&mut self, act: &Act, turn: &Turn, steps: &[Step]) {
        let Some(at) = act.step else { return };
        if at > self.step {
            self.go_to(at);
        }
        let Some(step) = steps.get(at) else { return };
        if act.hand.is_some() {
            match turn.result {
                TurnResult::DoneByHand { covers } => self.go_to(at + covers),
                // How far that is, is for what was done by hand to say.
                _ => self.looks = 0,
            }
            return;
        }
        if self.stage == Stage::After {
            if let Action::Wait { condition, .. } = &act.action {
                let came = !matches!(turn.result, TurnResult::Failed { .. });
                self.awaited.push((condition.clone(), came));
            }
            return;
        }
        if act.looking {
            let done_to = match &act.action {
                Action::Drag { path } => path.first(),
                action => action.target(),
            };
            self.sought.extend(done_to.cloned());
            self.looks = 0;
            return;
        }
        match &act.action {
            Action::Wait { .. } if step.verb != Verb::Wait => {
                self.waits += 1;
                self.looks = 0;
            }
            Action::AnswerDialog { .. } if step.verb != Verb::AnswerDialog => {
                self.dialog = None;
                self.looks = 0;
            }
            _ => {
                self.did.clone_from(&act.says);
                self.done_to = act.action.target().cloned();
                if let Some(target) = act.action.target() {
                    self.targets.insert(at, target.clone());
                }
                self.performed(at, turn);
            }
        }
    }

    fn performed(&mut self, at: usize, turn: &Turn) {
        match &turn.result {
            TurnResult::Done(Outcome { text, .. }) => {
                if let Some(text) = text {
                    self.reads.insert(at, text.clone());
                }
                self.stage = Stage::After;
                self.before.clone_from(&turn.before);
            }
            // Nobody saw what the page showed after a hand's work, so that it is not held against the recording.
            TurnResult::DoneByHand { covers } => self.go_to(at + covers),
            TurnResult::Failed { error } => {
                self.failures += 1;
                self.error = Some(error.clone());
                self.looks = 0;
            }
            TurnResult::Answered { .. } | TurnResult::Looked => {}
        }
    }

    fn answered(&mut self, key: &str, text: &str, marks: &[Rect]) {
        let (_, asked) = self.answer(key);
        self.answers
            .insert(key.to_owned(), (text.to_owned(), asked + 1));
        if let Some((step, _)) = within_hand(key) {
            if step > self.step {
                self.go_to(step);
            }
            self.looks = 0;
            return;
        }
        let Some((topic, step)) = about_step(key) else {
            self.leave_finished();
            return;
        };
        if step > self.step {
            self.go_to(step);
        }
        self.looks = 0;
        let lower = text.to_lowercase();
        // To a dialog, "no" is an answer and no wish to stop.
        if topic == Topic::Dialog && matches!(lower.as_str(), "ok" | "yes" | "y" | "accept") {
            self.dialog = Some(true);
            return;
        }
        if topic == Topic::Dialog && matches!(lower.as_str(), "cancel" | "no" | "n" | "dismiss") {
            self.dialog = Some(false);
            return;
        }
        match (wish(text), topic) {
            (Some(Wish::Stop), _) => self.stopped = Some(step),
            (Some(Wish::Skip), _) => self.go_to(step + 1),
            (Some(Wish::GoOn), Topic::After | Topic::Unchanged) => self.go_to(step + 1),
            (Some(Wish::Again), Topic::Unchanged)
            | (Some(Wish::Again | Wish::GoOn), Topic::Failed) => self.go_to(step),
            (Some(Wish::Again), Topic::Target) => self.waits = 0,
            (_, Topic::Dialog) => self.unclear += 1,
            (_, Topic::Target) => match text.parse::<usize>() {
                Ok(number) if number > 0 => {
                    self.pick = Some(Pick {
                        number,
                        mark: marks.get(number - 1).copied(),
                    });
                    // An answer that leads nowhere is asked again only so often.
                    self.unclear += 1;
                }
                _ => self.unclear += 1,
            },
            (_, Topic::After | Topic::Unchanged | Topic::Failed | Topic::Stuck) => {
                self.unclear += 1
            }
        }
    }
}

/// What a question about a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Which element it is.
    Target,
    /// Whether the page after it is as it should be.
    After,
    /// Whether it is right that the page did not change.
    Unchanged,
    /// What to do about its failure.
    Failed,
    /// What to answer to a dialog in its way.
    Dialog,
    /// What to do where it cannot be done.
    Stuck,
}

impl Topic {
    fn word(self) -> &'static str {
        match self {
            Topic::Target => "target",
            Topic::After => "after",
            Topic::Unchanged => "unchanged",
            Topic::Failed => "failed",
            Topic::Dialog => "dialog",
            Topic::Stuck => STUCK,
        }
    }

    /// The key of a question about this step, given from 0 and written from 1. No parameter's name has a colon.
    pub fn key(self, step: usize) -> String {
        format!("{}:{}", self.word(), step + 1)
    }
}

/// What stands before the key of a question that what was done by hand has, in place of a step.
const WITHIN: &str = "within:";

/// The key of a question that what was done by hand in place of a step (from 0) has.
pub fn within(step: usize, key: &str) -> String {
    format!("{WITHIN}{}:{key}", step + 1)
}

/// The step in whose place something was done by hand, from 0, and the key of its own question.
pub fn within_hand(key: &str) -> Option<(usize, &str)> {
    let (number, key) = key.strip_prefix(WITHIN)?.split_once(':')?;
    Some((number.parse::<usize>().ok()?.checked_sub(1)?, key))
}

/// The step that a question is about, from 0.
fn step_of(key: &str) -> Option<usize> {
    let within = || Some(within_hand(key)?.0);
    about_step(key).map(|(_, step)| step).or_else(within)
}

pub fn about_step(key: &str) -> Option<(Topic, usize)> {
    let (word, number) = key.split_once(':')?;
    let topic = [
        Topic::Target,
        Topic::After,
        Topic::Unchanged,
        Topic::Failed,
        Topic::Dialog,
        Topic::Stuck,
    ]
    .into_iter()
    .find(|topic| topic.word() == word)?;
    Some((topic, number.parse::<usize>().ok()?.checked_sub(1)?))
}

fn wish(text: &str) -> Option<Wish> {
    match text.to_lowercase().as_str() {
        "go on" | "yes" | "y" | "ok" | "continue" => Some(Wish::GoOn),
        "again" | "try again" | "retry" => Some(Wish::Again),
        "skip" => Some(Wish::Skip),
        "stop" | "no" | "n" => Some(Wish::Stop),
        _ => None,
    }
}
