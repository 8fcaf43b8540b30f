//! What a person does themselves in the middle of a run: they are listened to until they say that it is done, what they did is
//! written down, and the run goes on after it.
//!
//! The firewall stands as ever: what their hands set off is held and shown like what the run does, since a page may send something
//! of its own meanwhile. While they work, no limit of the run is used up.

use std::time::Instant;

use super::effects::{HandEnd, Handed, while_by_hand};
use super::masking::mask_heard;
use super::turns::{Ending, Turns, unanswered};
use crate::computer::browser::{Deed, Heard};
use crate::computer::{Observation, Watch};
use crate::guard::firewall::Scope;
use crate::human::{HandOver, HandWord, MYSELF, Question};
use crate::policy::{Decision, Situation, Stuck, Turn, TurnResult};
use crate::trace::hand::{self, InPlaceOf};
use crate::trace::{Outcome, TraceError};

/// What came of it.
pub(super) enum ByHand {
    /// It was done, and with it so many steps.
    Done {
        covers: usize,
    },
    /// They will not.
    Back,
    Ended(Ending),
}

/// The word before the number of the step in the key of the question what to do where it cannot be done.
const STUCK: &str = crate::policy::STUCK;
/// An answer to it.
const STOP: &str = "stop";

impl Turns<'_, '_> {
    /// Lets the person do something in place of a step. `question`: what they were asked.
    pub(super) async fn by_hand(
        &mut self,
        place: Option<&Stuck>,
        what: &str,
        question: &str,
        observation: &Observation,
    ) -> Result<ByHand, TraceError> {
        let begun = Instant::now();
        if let Some(guarded) = &self.parts.guarded {
            guarded.firewall.begin(Scope {
                step: self.step,
                says: "what you do by hand".to_owned(),
                demonstrated: None,
                is_input: true,
                // What the step itself was shown to send is what it stands in for.
                shown: place.map(|place| place.effects.clone()).unwrap_or_default(),
            });
        }
        self.parts.progress.waits("your hands");
        self.parts.progress.pause();
        let mut watch = match self.parts.computer.watch(&self.job.goal).await {
            Ok(watch) => watch,
            Err(error) => {
                self.note(format!(
                    "what you do cannot be watched, so nothing will be learnt of it: {error}"
                ))?;
                None
            }
        };
        let task = HandOver {
            what: what.to_owned(),
            page: observation.url.clone(),
            again: false,
        };
        let (picture, known) = (self.picture.clone(), self.known.clone());
        let Handed { end, heard, asked } =
            while_by_hand(self.parts, picture, &known, watch.as_deref_mut(), task).await?;
        if let Some(guarded) = &self.parts.guarded {
            guarded.firewall.rest();
        }
        self.confirmations += asked;
        self.begun += begun.elapsed();
        match end {
            HandEnd::Said(HandWord::Done) => {}
            HandEnd::Said(HandWord::Back) => return Ok(ByHand::Back),
            HandEnd::Ended(ending) => return Ok(ByHand::Ended(ending)),
            HandEnd::Unanswered(error) => return Ok(ByHand::Ended(unanswered(&error))),
            HandEnd::Gone(reason) => {
                return Ok(ByHand::Ended(Ending::because(
                    Outcome::Failed,
                    format!(
                        "the browser is gone ({reason}) while you did it by hand: {what}; nothing is learnt of it: run it again"
                    ),
                )));
            }
        }
        self.keep(place, question, watch.is_some(), heard, observation)
            .map(|covers| ByHand::Done { covers })
    }

    /// Writes down what was done; gives in how many steps' place it was.
    fn keep(
        &mut self,
        place: Option<&Stuck>,
        question: &str,
        watched: bool,
        heard: Vec<Heard>,
        observation: &Observation,
    ) -> Result<usize, TraceError> {
        let mask = self.parts.mask.clone();
        let heard: Vec<Heard> = heard
            .into_iter()
            // What the run itself did before is none of theirs; and of what is half typed nobody knows yet whether it is secret.
            .filter(|one| one.at_ms >= 0.0 && !one.unfinished)
            .map(|one| mask_heard(one, &*mask))
            .collect();
        let closed = heard.iter().any(|one| one.deed == Deed::CloseTab);
        let Some(recorded) = hand::steps_of(&self.job.goal, heard) else {
            if watched {
                self.note(format!(
                    "you said that it is done, and nothing was done in this run's tabs ({}): it goes on after it, and nothing is learnt; \
                     another time, do it in the tab that the run shows",
                    observation.url
                ))?;
            }
            return Ok(1);
        };
        if closed {
            self.note(
                "you closed a tab of this run: it goes on in one that is left; where there is none, run it again"
                    .to_owned(),
            )?;
        }
        let did = &recorded.demonstration.steps;
        let covers = place.map_or(1, |place| {
            let situation = Situation {
                goal: &self.job.goal,
                parameters: &self.job.parameters,
                remembered: &self.job.remembered,
                observation,
                downloads: &self.job.downloads,
                history: &self.history,
            };
            self.parts.policy.covers(&situation, place.step, did)
        });
        let place = InPlaceOf {
            step: place.map(|place| place.step),
            does: place.map(|place| place.does.clone()),
            question: question.to_owned(),
        };
        let event = hand::event(&self.parts.recorder, place, covers, &recorded)?;
        let (first, count) = (did.first(), did.len());
        let first = first.map(|step| crate::demo::describe(step, &crate::demo::undoubled));
        self.parts.recorder.write(event)?;
        let more = match count {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        };
        self.note(format!("seen by hand: {}{more}", first.unwrap_or_default()))?;
        Ok(covers)
    }

    /// Where the policy gives up at a step: asks whether the person does it, where they can. The ending where they do not.
    pub(super) async fn instead_of_giving_up(
        &mut self,
        place: &Stuck,
        reason: String,
        observation: &Observation,
    ) -> Result<Result<(), Ending>, TraceError> {
        let told = reason
            .strip_suffix(crate::policy::imitator::REMEDY)
            .unwrap_or(&reason);
        let question = Question {
            key: format!("{STUCK}:{}", place.step + 1),
            text: format!(
                "It cannot go on by itself: {told}. Will you do it yourself in the browser? The run then goes on after it."
            ),
            suggestions: vec![STOP.to_owned()],
            marks: Vec::new(),
            secret: false,
        };
        let before = self.history.len();
        let flow = self.ask(question, Some(place), observation).await?;
        let gave_up = || Ending::because(Outcome::GaveUp, reason.clone());
        Ok(match flow {
            // Nobody is there to do it: it ends as it would have without the question.
            Err(ending) if ending.outcome == Outcome::Waiting => Err(gave_up()),
            Err(ending) => Err(ending),
            Ok(()) => match self.history.get(before) {
                Some(Turn {
                    result: TurnResult::Answered { .. },
                    ..
                }) => Err(gave_up()),
                Some(_) | None => Ok(()),
            },
        })
    }

    /// Lets the person do what a question is about, since they said so.
    pub(super) async fn answered_by_hand(
        &mut self,
        question: Question,
        place: &Stuck,
        observation: &Observation,
    ) -> Result<Result<(), Ending>, TraceError> {
        let done = self
            .by_hand(Some(place), &place.says, &question.text, observation)
            .await?;
        match done {
            ByHand::Ended(ending) => return Ok(Err(ending)),
            // What was asked is asked again.
            ByHand::Back => {}
            ByHand::Done { covers } => {
                let done = TurnResult::DoneByHand { covers };
                self.history.push(Turn::new(Decision::Ask(question), done));
            }
        }
        Ok(Ok(()))
    }
}

/// Whether an answer means that the person does it.
pub(super) fn is_myself(answer: &str) -> bool {
    answer.trim() == MYSELF
}

/// A watch, or never anything.
pub(super) async fn next_of(watch: &mut Option<&mut (dyn Watch + 'static)>) -> Option<Heard> {
    match watch {
        Some(watch) => watch.next().await,
        None => std::future::pending().await,
    }
}
