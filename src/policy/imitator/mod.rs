//! Follows a workflow: finds each step's target again, fills in the values, and asks where it is not certain.
//!
//! Invariant: a function. Where it is in the workflow, what was answered and what was read is found in the history each
//! time, so that the same situation gives the same decision; it does no input or output.

mod address;
mod deed;
mod hand;
#[cfg(test)]
mod hand_tests;
mod induced;
mod learnt;
#[cfg(test)]
mod learnt_tests;
use crate::workflow::likeness;
pub mod locate;
#[cfg(test)]
mod lone_tests;
mod notes;
#[cfg(test)]
mod notes_tests;
#[cfg(test)]
mod pages;
mod passages;
mod progress;
#[cfg(test)]
mod several_tests;
#[cfg(test)]
mod tests;
mod unchanged;
#[cfg(test)]
mod unchanged_tests;
mod values;
pub mod weights;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use self::hand::{Hand, Part};
use self::progress::{Progress, Stage, Topic};
use self::values::{Lack, Values};
use super::{Act, Decision, Policy, PolicyError, Situation, Stuck};
use crate::computer::{Action, Condition, DialogKind, Element, Observation, Scope};
use crate::demo::{After, Step, Verb, words};
use crate::guard::effect::Signature;
use crate::human::Question;
use crate::workflow::goal::Reading;
use crate::workflow::induce::{Plan, Planned};
use crate::workflow::lessons::Lessons;
use crate::workflow::{WayForGoal, Workflow};

/// How long the page gets to show what a step needs or should lead to, in milliseconds. Pages that answer a click by loading
/// take a second or two; who waits longer would rather be asked.
pub const PATIENCE_MS: u64 = 5_000;
/// How long a waiting step of the demonstration itself may wait, in milliseconds.
pub const WAIT_STEP_MS: u64 = 30_000;
/// A failed action is tried again this often.
const RETRIES: usize = 2;
/// What a person can do who is not there, or cannot reach the browser.
pub const REMEDY: &str = "; do it by hand and run again, or change the step in the demonstration";
/// The whole page is listed this often for one step before it counts as seen.
const MOST_LOOKS: usize = 1;

/// What a run gives the imitator beside the workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Origins by name, in place of the demonstration's own.
    pub sites: BTreeMap<String, String>,
    /// The day that "yesterday" is seen from.
    pub reference_date: Date,
}

/// Follows a workflow.
#[derive(Debug, Clone)]
pub struct Imitator {
    workflow: Workflow,
    settings: Settings,
    lessons: Lessons,
    /// What was done by hand in place of steps.
    hands: Arc<Vec<Hand>>,
    /// Whether this is such a part itself, and not a whole job.
    part: Option<Part>,
    /// The first goal that was asked about, with what follows the workflow for it.
    ready: OnceLock<Box<Ready>>,
}

/// What follows a workflow for one goal.
#[derive(Debug, Clone)]
struct Ready {
    goal: String,
    /// The ways that may be meant; one where it is clear, none where the workflow is the same for every goal.
    ways: Vec<ReadyWay>,
}

/// One way to follow a workflow for a goal.
#[derive(Debug, Clone)]
struct ReadyWay {
    follows: Imitator,
    does: String,
    told_by_page: bool,
    recordings: usize,
}

impl ReadyWay {
    /// What it begins with, what is only noted aside.
    fn first(&self) -> Option<&Plan> {
        let workflow = &self.follows.workflow;
        let plans = (0..workflow.steps().len()).filter_map(|at| workflow.plan(at));
        plans.into_iter().find(|plan| !plan.noting)
    }

    /// Whether what it begins with is on the page.
    fn begins_here(&self, elements: &[Element]) -> bool {
        self.first().is_some_and(|plan| plan.finds(elements))
    }

    /// Whether it begins with looking for something that more than a single example knows.
    fn looks_first(&self) -> bool {
        self.first()
            .is_some_and(|plan| plan.seek.is_some() && (plan.varies || self.recordings > 1))
    }
}

/// The way that the page tells: the one whose beginning is there only where it is the right one; where that is not there, the only
/// other.
fn told_by_page(ways: &[ReadyWay], elements: &[Element]) -> Option<usize> {
    let here: Vec<usize> = (0..ways.len())
        .filter(|at| ways[*at].told_by_page && ways[*at].begins_here(elements))
        .collect();
    if let [only] = here[..] {
        return Some(only);
    }
    if !here.is_empty() || !ways.iter().any(|way| way.told_by_page) {
        return None;
    }
    let mut others = (0..ways.len()).filter(|at| {
        let way = &ways[*at];
        !way.told_by_page && (way.begins_here(elements) || way.looks_first())
    });
    others.next().filter(|_| others.next().is_none())
}

/// The key of the question which way is meant.
const WAY: &str = "way";

/// Asks which of the ways is meant.
fn which_way(workflow: &str, ways: &[ReadyWay]) -> Decision {
    let listed: Vec<String> = ways
        .iter()
        .enumerate()
        .map(|(at, way)| format!("{}: {}", at + 1, way.does))
        .collect();
    let numbers: Vec<String> = (1..=ways.len()).map(|at| at.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let text = format!(
        "The demonstrations of {workflow:?} do this in {} ways, and the goal does not say which is meant.\n{}\nWhich one?",
        ways.len(),
        listed.join("\n")
    );
    ask(WAY.to_owned(), text, &numbers)
}

/// What a step needs now.
enum Turned {
    Decided(Box<Decision>),
    /// It is optional, and what it needs is not there.
    Skipped,
    /// It cannot be done as it was shown, and what was done by hand in its place can.
    ByHand,
}

impl Imitator {
    pub fn new(workflow: Workflow, settings: Settings) -> Self {
        Self {
            workflow,
            settings,
            lessons: Lessons::default(),
            hands: Arc::default(),
            part: None,
            ready: OnceLock::new(),
        }
    }

    /// With what earlier runs taught.
    pub fn with_lessons(mut self, lessons: Lessons) -> Self {
        self.hands = Arc::new(hand::all(&lessons, &self.settings));
        self.lessons = lessons;
        self.ready = OnceLock::new();
        self
    }

    pub fn workflow(&self) -> &Workflow {
        &self.workflow
    }

    /// The next decision.
    pub fn next(&self, situation: &Situation<'_>) -> Decision {
        self.next_at(situation).0
    }

    /// The next decision, and the step that it cannot do without a word of the person, where that is it.
    fn next_at(&self, situation: &Situation<'_>) -> (Decision, Option<Stuck>) {
        // A run has one goal, and its steps are made ready for it once.
        let known = self
            .ready
            .get_or_init(|| Box::new(self.ready_for(situation.goal)));
        if known.goal == situation.goal {
            self.next_of(known, situation)
        } else {
            self.next_of(&self.ready_for(situation.goal), situation)
        }
    }

    fn next_of(&self, ready: &Ready, situation: &Situation<'_>) -> (Decision, Option<Stuck>) {
        let ways = &ready.ways[..];
        if let [] | [_] = ways {
            return ways
                .first()
                .map_or(self, |way| &way.follows)
                .follow(situation);
        }
        let progress = Progress::of(situation.history, &[]);
        let (answer, asked) = progress.answer(WAY);
        let said = ways.iter().position(|way| way.does == answer);
        let numbered = || answer.parse::<usize>().ok()?.checked_sub(1);
        let meant = said
            .or_else(numbered)
            .or(progress.way)
            .or_else(|| told_by_page(ways, &situation.observation.elements));
        match meant.and_then(|at| Some((at, ways.get(at)?))) {
            Some((at, way)) => match way.follows.follow(situation) {
                (Decision::Act(act), place) => (
                    Decision::Act(Act {
                        way: Some(at),
                        ..act
                    }),
                    place,
                ),
                decision => decision,
            },
            // What tells them apart may be further down.
            None if asked == 0 && progress.may_see_more(situation.observation) => {
                let scope = Scope::Whole;
                (Decision::Look { scope }, None)
            }
            None if asked >= values::MOST_ASKED => (
                Decision::GiveUp {
                    reason: "nobody said which way is meant".to_owned(),
                },
                None,
            ),
            None => (which_way(self.workflow.name(), ways), None),
        }
    }

    /// What follows the workflow for this goal.
    fn ready_for(&self, goal: &str) -> Ready {
        let today = self.settings.reference_date;
        let follow = |workflow: Workflow| Self {
            lessons: self.lessons.clone(),
            hands: Arc::clone(&self.hands),
            part: self.part.clone(),
            ..Self::new(workflow, self.settings.clone())
        };
        let ready = |way: WayForGoal| ReadyWay {
            follows: follow(way.workflow),
            does: way.does,
            told_by_page: way.told_by_page,
            recordings: way.recordings,
        };
        let ways = self.workflow.ways_for_goal(goal, today).into_iter();
        Ready {
            goal: goal.to_owned(),
            ways: ways.map(ready).collect(),
        }
    }

    /// The next decision of a workflow whose steps are ready for the goal, and the step that it cannot do without a word of the
    /// person, where that is it.
    fn follow(&self, situation: &Situation<'_>) -> (Decision, Option<Stuck>) {
        let steps = self.workflow.steps();
        let mut progress = Progress::of(situation.history, steps);
        if let Some(step) = progress.stopped {
            let reason = format!(
                "you stopped it at step {} of {:?}",
                step + 1,
                self.workflow.name()
            );
            return (Decision::GiveUp { reason }, None);
        }
        let reading = self
            .workflow
            .read_goal(situation.goal, self.settings.reference_date);
        // Of the goal, a part of the job explains a part.
        if self.part.is_none()
            && let Some(decision) = self.check_goal(&reading, &progress, situation)
        {
            return (decision, None);
        }
        if progress.stage == Stage::After {
            if let Some(decision) = self.check_after(situation, &reading, &progress) {
                let place = self.place(situation, &reading, &progress, &decision);
                return (decision, place);
            }
            progress.go_to(progress.step + 1);
        }
        while let Some(step) = steps.get(progress.step) {
            let turn = Turn {
                step,
                at: progress.step,
                values: self.values(situation, &reading, &progress),
                variant: None,
            };
            let turned = match turn.begun_by_hand() {
                true => Turned::ByHand,
                false => turn.decide(),
            };
            let (decided, over) = match turned {
                Turned::Decided(decision) => (Some(*decision), 1),
                Turned::ByHand => (turn.as_by_hand(), turn.hand_covers()),
                Turned::Skipped => (None, 1),
            };
            if let Some(decision) = decided {
                let place = self.place(situation, &reading, &progress, &decision);
                return (decision, place);
            }
            // What was looked at for the skipped step was looked at for the next one too.
            let looks = progress.looks;
            progress.go_to(progress.step + over);
            progress.looks = looks;
        }
        (self.finish(situation, &reading, &progress), None)
    }

    /// The step that the run is at, where the decision says that it cannot do it.
    fn place(
        &self,
        situation: &Situation<'_>,
        reading: &Reading,
        progress: &Progress,
        decision: &Decision,
    ) -> Option<Stuck> {
        let is_stuck = match decision {
            Decision::GiveUp { .. } => true,
            Decision::Ask(question) => hand::is_about_a_step(&question.key),
            Decision::Act(_) | Decision::Look { .. } | Decision::Finish { .. } => false,
        };
        let step = self.workflow.steps().get(progress.step)?;
        let turn = Turn {
            step,
            at: progress.step,
            values: self.values(situation, reading, progress),
            variant: None,
        };
        is_stuck.then(|| Stuck {
            step: turn.at,
            says: turn.says(),
            does: turn.shown(),
            effects: turn.effects(),
        })
    }

    fn values<'a>(
        &'a self,
        situation: &'a Situation<'a>,
        reading: &'a Reading,
        progress: &'a Progress,
    ) -> Values<'a> {
        Values {
            workflow: &self.workflow,
            settings: &self.settings,
            situation,
            reading,
            progress,
            lessons: &self.lessons,
            hands: &self.hands,
            part: self.part.as_ref(),
        }
    }

    /// Whether the goal asks for what the demonstration shows, no less and no more.
    fn check_goal(
        &self,
        reading: &Reading,
        progress: &Progress,
        situation: &Situation<'_>,
    ) -> Option<Decision> {
        if reading.unrelated {
            return Some(Decision::GiveUp {
                reason: format!(
                    "the goal {:?} names nothing that the demonstration {:?} knows; it shows {:?}: say it like that, or give another with --demo",
                    situation.goal,
                    self.workflow.name(),
                    self.workflow.goal()
                ),
            });
        }
        let said = reading.extras.iter().map(|extra| (extra, true));
        let dropped = reading.dropped.iter().map(|word| (word, false));
        for (phrase, is_extra) in said.chain(dropped) {
            let key = format!("goal:{phrase}");
            let (answer, asked) = progress.answer(&key);
            match answer.to_lowercase().as_str() {
                "yes" | "y" | "go on" | "ok" => continue,
                "no" | "n" | "stop" => {}
                _ if asked < values::MOST_ASKED => {
                    let text = if is_extra {
                        format!(
                            "The goal says {phrase:?}, which the demonstration does not show. Go on without it?"
                        )
                    } else {
                        format!(
                            "The demonstration was done with {phrase:?} in its goal, which this goal does not say. Go on as it was shown?"
                        )
                    };
                    return Some(ask(key, text, &["yes", "no"]));
                }
                _ => {}
            }
            return Some(Decision::GiveUp {
                reason: format!(
                    "the goal and the demonstration {:?} differ in {phrase:?}; change the goal, or record a demonstration that shows it",
                    self.workflow.name()
                ),
            });
        }
        None
    }

    /// Whether the page shows what it showed after the step, or anything else than before it; `None` where it does, or where nobody
    /// said what that was.
    fn check_after(
        &self,
        situation: &Situation<'_>,
        reading: &Reading,
        progress: &Progress,
    ) -> Option<Decision> {
        let at = progress.step;
        let step = self.workflow.steps().get(at)?;
        // An open dialog hides the page; the next step deals with it.
        if situation.observation.dialog.is_some() {
            return None;
        }
        let turn = Turn {
            step,
            at,
            values: self.values(situation, reading, progress),
            variant: None,
        };
        let unmet = step
            .after
            .as_ref()
            .and_then(|after| unmet(after, &turn.values, situation.observation));
        let Some((condition, what)) = unmet else {
            return turn.unchanged();
        };
        let awaited = progress.awaited.iter().any(|(one, _)| *one == condition);
        if !awaited {
            let says = format!("wait until {what}");
            let wait = Action::Wait {
                condition,
                limit_ms: PATIENCE_MS,
            };
            return Some(Decision::Act(turn.by_the_way(wait, says)));
        }
        let page = &situation.observation.url;
        if progress.unclear >= values::MOST_ASKED {
            return Some(turn.give_up(&format!("it did not come about that {what}, on {page}")));
        }
        Some(ask(
            Topic::After.key(at),
            format!(
                "After step {} ({}) it should be that {what}, and it is not, on {page}. Go on all the same?",
                at + 1,
                turn.says()
            ),
            &["go on", "stop"],
        ))
    }

    fn finish(
        &self,
        situation: &Situation<'_>,
        reading: &Reading,
        progress: &Progress,
    ) -> Decision {
        let values = self.values(situation, reading, progress);
        let result = match self.workflow.result() {
            Some(template) => values.told(template.source()),
            None => format!("done: {}", situation.goal),
        };
        Decision::Finish { result }
    }
}

#[async_trait::async_trait]
impl Policy for Imitator {
    fn name(&self) -> &'static str {
        "imitator"
    }

    fn opening(&self) -> Vec<Signature> {
        self.workflow.opening(&self.settings.sites)
    }

    async fn decide(&mut self, situation: &Situation<'_>) -> Result<Decision, PolicyError> {
        Ok(self.next(situation))
    }

    fn relies_on(&self, situation: &Situation<'_>, act: &Act) -> Vec<String> {
        self.reliance(situation, act)
    }

    fn stuck_at(&self, situation: &Situation<'_>) -> Option<Stuck> {
        self.next_at(situation).1
    }

    fn covers(&self, situation: &Situation<'_>, step: usize, did: &[Step]) -> usize {
        self.covered(situation, step, did)
    }
}

/// The first thing that should be seen after a step, is not, and did not come when it was waited for.
fn unmet(after: &After, values: &Values<'_>, page: &Observation) -> Option<(Condition, String)> {
    let came = |condition: &Condition| {
        values
            .progress
            .awaited
            .iter()
            .any(|(one, came)| *came && one == condition)
    };
    // A text that cannot be filled yet cannot be expected yet.
    let filled = |text: &Option<String>| values.fill(text.as_deref()?).ok();
    if let Some(url) = filled(&after.url)
        && !address::same_page(&url, &page.url)
    {
        let part = address::constant_part(&url);
        let condition = Condition::Address(part.clone());
        if !came(&condition) {
            return Some((condition, format!("the address is {url}")));
        }
    }
    if let Some(text) = filled(&after.text)
        && !shows(page, &text)
    {
        let condition = Condition::Text(text.clone());
        if !came(&condition) {
            return Some((condition, format!("{text:?} is on the page")));
        }
    }
    None
}

fn shows(page: &Observation, text: &str) -> bool {
    let wanted = likeness::plain(text);
    let holds = |text: &str| likeness::plain(text).contains(&wanted);
    holds(&page.title)
        || page.elements.iter().any(|element| {
            let texts = [
                &element.name,
                &element.text,
                &element.label,
                &element.heading,
            ];
            texts.into_iter().any(|text| holds(text)) || element.value.as_deref().is_some_and(holds)
        })
}

fn ask(key: String, text: String, suggestions: &[&str]) -> Decision {
    Decision::Ask(Question {
        key,
        text,
        suggestions: suggestions.iter().map(|one| (*one).to_owned()).collect(),
        marks: Vec::new(),
        secret: false,
    })
}

/// One step that is to be done, with all that is known.
struct Turn<'a> {
    step: &'a Step,
    at: usize,
    values: Values<'a>,
    /// The other way to do the step that is right now.
    variant: Option<&'a Planned>,
}

impl Turn<'_> {
    fn decide(&self) -> Turned {
        if self.step.verb == Verb::Copy || self.is_noting() && self.is_answered_next() {
            return Turned::Skipped;
        }
        if let Some(turned) = self.after_failure().or_else(|| self.face_dialog()) {
            return turned;
        }
        match self.action() {
            Ok((action, sure)) => Turned::Decided(Box::new(Decision::Act(Act {
                says: self.says_of(&action),
                action,
                looking: self.is_repeated(),
                way: None,
                hand: None,
                while_says: self.relied_on(),
                sure,
                mark: self.step.mark,
                step: Some(self.at),
                demonstrated: Some(self.shown()),
                effects: self.effects(),
            }))),
            Err(turned) => turned,
        }
    }

    /// After a failed action: look again and try again, but never what changes the world without asking.
    fn after_failure(&self) -> Option<Turned> {
        let progress = self.values.progress;
        let error = progress
            .error
            .as_deref()
            .filter(|_| progress.failures > 0)?;
        let page = &self.values.situation.observation.url;
        let told = format!("it failed on {page}: {error}");
        let needs_a_word = self.step.mark.is_some() || self.step.verb == Verb::Wait;
        if !needs_a_word && progress.failures <= RETRIES {
            return (progress.looks < MOST_LOOKS).then_some(Turned::Decided(Box::new(
                Decision::Look {
                    scope: Scope::Whole,
                },
            )));
        }
        if self.step.optional {
            return Some(Turned::Skipped);
        }
        if self.hand_begins() {
            return Some(Turned::ByHand);
        }
        if needs_a_word && progress.unclear < values::MOST_ASKED {
            let text = format!("Step {} ({}): {told}. Try again?", self.at + 1, self.says());
            let suggestions = ["try again", "skip", "stop"];
            return Some(Turned::Decided(Box::new(ask(
                Topic::Failed.key(self.at),
                text,
                &suggestions,
            ))));
        }
        let times = progress.failures;
        Some(Turned::Decided(Box::new(
            self.give_up(&format!("{told} ({times} times)")),
        )))
    }

    /// A dialog that the demonstration did not answer here stands in the way.
    fn face_dialog(&self) -> Option<Turned> {
        let dialog = self.values.situation.observation.dialog.as_ref()?;
        if self.step.verb == Verb::AnswerDialog || dialog.kind == DialogKind::Authenticate {
            return None;
        }
        let accept = match (dialog.kind, self.values.progress.dialog) {
            // A message has nothing to decide.
            (DialogKind::Alert, _) => true,
            (_, Some(accept)) => accept,
            _ if self.values.progress.unclear >= values::MOST_ASKED => {
                let reason = format!("a dialog is in the way: {:?}", dialog.message);
                return Some(Turned::Decided(Box::new(self.give_up(&reason))));
            }
            _ => {
                let text = format!(
                    "Before step {} ({}) a dialog says {:?}, which the demonstration does not show. What should be answered?",
                    self.at + 1,
                    self.says(),
                    dialog.message
                );
                let suggestions = ["cancel", "ok", "stop"];
                return Some(Turned::Decided(Box::new(ask(
                    Topic::Dialog.key(self.at),
                    text,
                    &suggestions,
                ))));
            }
        };
        let says = format!("answer the dialog {:?}", dialog.message);
        let answer = Action::AnswerDialog { accept, text: None };
        Some(Turned::Decided(Box::new(Decision::Act(
            self.by_the_way(answer, says),
        ))))
    }

    /// What the step needs cannot be had without the person, or at all.
    fn lack(&self, lack: Lack) -> Turned {
        match lack {
            Lack::Decide(decision) => Turned::Decided(decision),
            Lack::Download if self.values.progress.waits == 0 => {
                let wait = Action::Wait {
                    condition: Condition::Download,
                    limit_ms: PATIENCE_MS,
                };
                let says = "wait for the download".to_owned();
                Turned::Decided(Box::new(Decision::Act(self.by_the_way(wait, says))))
            }
            Lack::Download => Turned::Decided(Box::new(
                self.give_up("it needs a downloaded file, and no download of this run has ended"),
            )),
        }
    }

    /// An action beside the workflow's own: waiting, or clearing the way.
    fn by_the_way(&self, action: Action, says: String) -> Act {
        // While it is waited for, what the step set off is still under way.
        let effects = match action {
            Action::Wait { .. } => self.effects(),
            _ => Vec::new(),
        };
        Act {
            action,
            says,
            sure: 1.0,
            mark: None,
            step: Some(self.at),
            demonstrated: None,
            effects,
            looking: false,
            way: None,
            hand: None,
            while_says: None,
        }
    }

    /// What the step sent when it was shown, at the sites of this run. Without an origin nothing was shown.
    fn effects(&self) -> Vec<Signature> {
        let here = |shown: &Signature| shown.at(&self.values.fill(&shown.origin).ok()?);
        self.step.effects.iter().filter_map(here).collect()
    }

    fn give_up(&self, why: &str) -> Decision {
        Decision::GiveUp {
            reason: format!(
                "step {} of {:?} ({}): {why}{REMEDY}",
                self.at + 1,
                self.values.workflow.name(),
                self.says()
            ),
        }
    }

    /// What the step is for, in this run's values.
    fn says(&self) -> String {
        match &self.step.says {
            Some(says) => self.values.told(says),
            None if self.plan().is_some() => self.says_planned(),
            None => words::describe(self.step, &|text| self.values.told(text)),
        }
    }
}
