//! From a decision to what came of it: the guard's review, the person's yes, and the deed.
//!
//! A yes is for exactly what the card said. Time passes while a person reads, so after a yes the page is looked at again,
//! and where the terms are no longer the same, the new ones are shown.

use std::sync::Arc;
use std::time::Instant;

use super::effects::{Listened, listening};
use super::hand::ByHand;
use super::turns::{Ending, Flow, Turns, ends_the_run, unanswered};
use crate::computer::{
    Action, ComputerError, Element, Observation, Outcome as ActionOutcome, Place, Reading, Settled,
    Sight, Target, Text, folded,
};
use crate::guard::dress;
use crate::guard::firewall::{Firewall, Scope};
use crate::guard::permit::Offer;
use crate::guard::{Kind, Proposal, Review, Uploads, element_at, review};
use crate::human::{Card, HumanError, Verdict};
use crate::policy::{Act, Decision, Stuck, Turn, TurnResult};
use crate::trace::{Event, Outcome, TraceError};

/// How often the terms may change between card and yes before the run gives up.
const CARDS_PER_ACTION: usize = 8;

/// What the person's answer means for the action.
enum Consent {
    Given,
    DoneByHand,
    /// Something changed: review again.
    Anew,
    Ended(Ending),
}

impl Turns<'_, '_> {
    /// Reviews an action, gets the yes that it needs, and performs it.
    pub(super) async fn act(&mut self, act: Act, mut observation: Observation) -> Flow {
        let mut agreed: Option<Card> = None;
        for _ in 0..CARDS_PER_ACTION {
            let reviewed = Instant::now();
            let element = element_of(&act.action, &observation).cloned();
            let proposal = Proposal {
                action: &act.action,
                element: element.as_ref(),
                observation: &observation,
                mark: act.mark,
                says: &act.says,
                demonstrated: act.demonstrated.as_deref(),
                sites: &self.job.sites,
                uploads: Uploads {
                    goal: &self.job.goal,
                    shown: act.demonstrated.is_some(),
                    downloads: Some(&self.job.downloads),
                    folders: self.job.guard.upload_folders(),
                },
            };
            let verdict = review(&self.job.guard, &proposal);
            self.took("review", reviewed);
            self.record_review(&verdict)?;
            let firewall = self.firewall();
            let mut offer = None;
            let card = match verdict {
                Review::Refuse { kind, why } => {
                    return Ok(Err(Ending::because(
                        Outcome::Refused,
                        format!("this would {}: {why}", kind.phrase()),
                    )));
                }
                Review::Allow { .. } => None,
                Review::Ask(card) if agreed.as_ref().is_some_and(|yes| same_terms(yes, &card)) => {
                    None
                }
                // Nothing says what it does, so what it does is the question: whatever it sends is held, and shown as it is.
                Review::Ask(card)
                    if card.kind == Kind::Other && act.mark.is_none() && self.holds_all() =>
                {
                    None
                }
                Review::Ask(mut card) => {
                    let bound = Offer::of_intent(&self.job.guard, &proposal, card.kind);
                    if firewall.as_ref().is_some_and(|wall| wall.covers(&bound)) {
                        None
                    } else {
                        dress(&mut card, bound.terms(), &self.job.sites);
                        card.known.clone_from(&self.known);
                        card.offer = firewall.as_ref().and_then(|wall| wall.would_cover(&bound));
                        offer = Some(bound);
                        Some(*card)
                    }
                }
            };
            let Some(card) = card else {
                match self.says_still(&act).await? {
                    Ok(true) => {}
                    Ok(false) => {
                        self.decide_anew(act)?;
                        return Ok(Ok(()));
                    }
                    Err(ending) => return Ok(Err(ending)),
                }
                let result = match self
                    .perform(&act, element.as_ref(), Some(&observation))
                    .await?
                {
                    Ok(result) => result,
                    Err(ending) => return Ok(Err(ending)),
                };
                self.remember_turn(act, result, Some(&observation));
                return Ok(Ok(()));
            };
            match self.confirm(&card, offer, &observation).await? {
                Consent::Ended(ending) => return Ok(Err(ending)),
                Consent::DoneByHand => match self.done_by_hand(&act, &card, &observation).await? {
                    ByHand::Ended(ending) => return Ok(Err(ending)),
                    ByHand::Back => agreed = None,
                    ByHand::Done { covers } => {
                        self.remember_turn(act, TurnResult::DoneByHand { covers }, None);
                        return Ok(Ok(()));
                    }
                },
                Consent::Given => agreed = Some(card),
                Consent::Anew => {}
            }
            // What was agreed to may be far down the page: it is looked for as it was found.
            self.scope = observation.scope;
            let seen = self.observe().await;
            self.scope = crate::computer::Scope::NearView;
            observation = match seen? {
                Ok(observation) => observation,
                Err(ending) => return Ok(Err(ending)),
            };
            if let Some(says) = &act.while_says
                && observation
                    .element(&says.element)
                    .is_none_or(|one| !says_the_same(one, &says.text))
            {
                self.decide_anew(act)?;
                return Ok(Ok(()));
            }
            if let Some(Target::Element(id)) = act.action.target()
                && observation.element(id).is_none()
            {
                // The page moved on under the question; the policy decides anew on what is there now.
                let what = element.map_or_else(|| format!("element {id}"), |e| e.describe());
                self.remember_turn(
                    act,
                    TurnResult::Failed {
                        error: format!("{what} is no longer on the page"),
                    },
                    None,
                );
                return Ok(Ok(()));
            }
        }
        Ok(Err(Ending::because(
            Outcome::GaveUp,
            "what would be sent changed each time it was agreed to",
        )))
    }

    /// Whether what the action relies on says still what it said when it was decided. A page goes on while a person reads a card,
    /// and while the computer is busy.
    async fn says_still(&mut self, act: &Act) -> Result<Result<bool, Ending>, TraceError> {
        let Some(says) = &act.while_says else {
            return Ok(Ok(true));
        };
        let read = Action::Read {
            target: Some(Target::Element(says.element.clone())),
            area: None,
            what: Reading::Text,
        };
        let now = self.perform_on_computer(&read, None).await?;
        // What a page sends meanwhile may have been asked about, and the answer may end the run.
        self.confirmations += now.asked;
        if let Some(ending) = now.ending {
            return Ok(Err(ending));
        }
        let text = now.done.ok().and_then(|outcome| outcome.text);
        Ok(Ok(
            text.is_some_and(|text| folded(&text) == folded(&says.text))
        ))
    }

    /// Lets the person do what a card is about. Where nobody is there who could be waited for, they said that it is done.
    async fn done_by_hand(
        &mut self,
        act: &Act,
        card: &Card,
        observation: &Observation,
    ) -> Result<ByHand, TraceError> {
        if !self.parts.human.can_take_over() {
            return Ok(ByHand::Done { covers: 1 });
        }
        let place = act.step.map(|step| Stuck {
            step,
            says: act.says.clone(),
            does: act.demonstrated.clone().unwrap_or_default(),
            effects: act.effects.clone(),
        });
        self.by_hand(place.as_ref(), &act.says, &card.title, observation)
            .await
    }

    /// Leaves an action undone, since the page no longer says what it relies on: the policy looks and decides anew.
    fn decide_anew(&mut self, act: Act) -> Result<(), TraceError> {
        self.note(format!(
            "the page changed before it could {}: looking again",
            act.says
        ))?;
        let look = Decision::Look {
            scope: crate::computer::Scope::NearView,
        };
        self.history.push(Turn::new(look, TurnResult::Looked));
        Ok(())
    }

    /// `before`: the page that it was done on.
    fn remember_turn(&mut self, act: Act, result: TurnResult, before: Option<&Observation>) {
        match result {
            TurnResult::Failed { .. } => self.failures += 1,
            TurnResult::Done(_)
            | TurnResult::DoneByHand { .. }
            | TurnResult::Answered { .. }
            | TurnResult::Looked => self.failures = 0,
        }
        let changes = is_input(&act.action) && act.step.is_some();
        let before = before.filter(|_| changes).map(Sight::of).map(Arc::new);
        if before.is_some() {
            // Only what the newest step did is compared.
            self.history.iter_mut().for_each(|turn| turn.before = None);
        }
        self.history.push(Turn {
            before,
            ..Turn::new(Decision::Act(act), result)
        });
    }

    /// Whether everything that the computer sends is held until it is ruled on.
    fn holds_all(&self) -> bool {
        let guarded = self.parts.guarded.as_ref();
        guarded.is_some_and(|guarded| guarded.whole)
    }

    fn firewall(&self) -> Option<Arc<Firewall>> {
        let guarded = self.parts.guarded.as_ref()?;
        Some(Arc::clone(&guarded.firewall))
    }

    fn record_review(&mut self, review: &Review) -> Result<(), TraceError> {
        let (word, kind, why) = match review {
            Review::Allow { kind, why } => ("allow", *kind, why.clone()),
            Review::Ask(card) => ("ask", Some(card.kind), card.why.clone()),
            Review::Refuse { kind, why } => ("refuse", Some(*kind), why.clone()),
        };
        self.parts.recorder.write(Event::Reviewed {
            review: word.to_owned(),
            kind,
            why,
        })
    }

    async fn confirm(
        &mut self,
        card: &Card,
        offer: Option<Offer>,
        observation: &Observation,
    ) -> Result<Consent, TraceError> {
        let picture = self.marked_picture(observation, &card.marks)?;
        let blob = picture.as_deref().and_then(|path| {
            let name = path.file_name()?.to_str()?;
            Some(crate::trace::Blob(name.to_owned()))
        });
        self.parts.progress.waits("a yes");
        self.parts.progress.pause();
        let interrupts = self.parts.interrupts.clone();
        let asked = Instant::now();
        let answer = tokio::select! {
            answer = self.parts.human.confirm(card, picture.as_deref()) => answer,
            () = interrupts.any() => Err(HumanError::Interrupted),
        };
        self.took("human", asked);
        self.parts.recorder.write(Event::Confirmed {
            card: card.clone(),
            verdict: answer.as_ref().ok().cloned(),
            picture: blob,
        })?;
        self.confirmations += usize::from(answer.is_ok());
        if let (Some(firewall), Some(offer), Ok(verdict)) = (self.firewall(), offer, &answer) {
            firewall.answered(offer, verdict);
        }
        Ok(match answer {
            Err(error) => Consent::Ended(unanswered(&error)),
            Ok(Verdict::Yes | Verdict::YesForWorkflow) => Consent::Given,
            Ok(Verdict::No | Verdict::NoAndStop) => Consent::Ended(Ending::because(
                Outcome::Refused,
                format!("you said no to: {}", card.title),
            )),
            Ok(Verdict::DoneByHand) => Consent::DoneByHand,
            Ok(Verdict::Edit { field, value }) => {
                match self.edit(&field, value, observation).await? {
                    Ok(()) => Consent::Anew,
                    Err(ending) => Consent::Ended(ending),
                }
            }
        })
    }

    /// Changes a field as the person asked for, before the card is shown again.
    async fn edit(&mut self, field: &str, value: String, observation: &Observation) -> Flow {
        let wanted = field.trim().to_lowercase();
        let found = observation.elements.iter().find(|element| {
            (element.states.editable || !element.choices.is_empty())
                && [&element.name, &element.label]
                    .into_iter()
                    .any(|name| name.trim().to_lowercase() == wanted)
        });
        let Some(element) = found else {
            self.note(format!(
                "there is no field {field:?} on the page; nothing was changed"
            ))?;
            return Ok(Ok(()));
        };
        let target = Target::Element(element.id.clone());
        let act = Act {
            says: format!("change {} as you asked", element.describe()),
            action: if element.tag == "select" {
                Action::Choose {
                    target,
                    options: vec![value],
                }
            } else {
                Action::Fill {
                    target,
                    value: Text::Plain(value),
                }
            },
            sure: 1.0,
            mark: None,
            step: None,
            demonstrated: None,
            effects: Vec::new(),
            looking: false,
            way: None,
            hand: None,
            while_says: None,
        };
        let element = element.clone();
        match self.perform(&act, Some(&element), None).await? {
            Err(ending) => Ok(Err(ending)),
            Ok(TurnResult::Failed { error }) => {
                self.note(format!("the field was not changed: {error}"))?;
                Ok(Ok(()))
            }
            Ok(_) => Ok(Ok(())),
        }
    }

    /// Writes down what is about to be done, does it, and writes down what came of it.
    pub(super) async fn perform(
        &mut self,
        act: &Act,
        element: Option<&Element>,
        observation: Option<&Observation>,
    ) -> Result<Result<TurnResult, Ending>, TraceError> {
        if let Some(guarded) = &self.parts.guarded {
            guarded.firewall.begin(Scope {
                step: self.step,
                says: act.says.clone(),
                demonstrated: act.demonstrated.clone(),
                is_input: is_input(&act.action),
                shown: act.effects.clone(),
            });
        }
        self.parts.recorder.write(Event::Acting {
            action: act.action.clone(),
            says: act.says.clone(),
            element: element.cloned().map(Box::new),
        })?;
        let begun = Instant::now();
        let mut done = self.unless_interrupted(act, observation).await?;
        if let Ok(Listened {
            done:
                Err(Failure {
                    locked: true,
                    sentence,
                    ..
                }),
            ..
        }) = &done
        {
            let sentence = sentence.clone();
            if let Err(ending) = self.unlock(&sentence).await? {
                self.parts
                    .recorder
                    .write(Event::ActionFailed { error: sentence })?;
                return Ok(Err(ending));
            }
            // Everything about the place that it is typed into is checked anew.
            done = self.unless_interrupted(act, observation).await?;
        }
        let done = match done {
            Ok(done) => done,
            Err(ending) => return Ok(Err(ending)),
        };
        if let Some(guarded) = &self.parts.guarded {
            guarded.firewall.rest();
        }
        self.took("act", begun);
        self.confirmations += done.asked;
        if let Some(ending) = done.ending {
            self.parts.recorder.write(match done.done {
                Ok(outcome) => Event::Acted { outcome },
                Err(failure) => Event::ActionFailed {
                    error: failure.sentence,
                },
            })?;
            return Ok(Err(ending));
        }
        match done.done {
            Ok(mut outcome) => {
                // What was read goes to the policy.
                outcome.text = outcome.text.map(|text| (self.parts.mask)(&text));
                if outcome.settled == Settled::LimitReached {
                    self.parts.recorder.write(Event::Note {
                        text: "the page did not come to rest within its limit; going on".to_owned(),
                    })?;
                }
                self.parts.recorder.write(Event::Acted {
                    outcome: outcome.clone(),
                })?;
                Ok(Ok(TurnResult::Done(outcome)))
            }
            Err(failure) => {
                self.parts.recorder.write(Event::ActionFailed {
                    error: failure.sentence.clone(),
                })?;
                if failure.fatal {
                    return Ok(Err(Ending::because(Outcome::Failed, failure.sentence)));
                }
                Ok(Ok(TurnResult::Failed {
                    error: failure.sentence,
                }))
            }
        }
    }

    /// Performs it; the ending where the run is interrupted meanwhile.
    async fn unless_interrupted(
        &mut self,
        act: &Act,
        observation: Option<&Observation>,
    ) -> Result<Result<Listened<Result<ActionOutcome, Failure>>, Ending>, TraceError> {
        let interrupts = self.parts.interrupts.clone();
        let done = tokio::select! {
            done = self.perform_on_computer(&act.action, observation) => done?,
            () = interrupts.at_once() => {
                self.parts.recorder.write(Event::ActionFailed {
                    error: "interrupted while it was performed; it may or may not have happened".to_owned(),
                })?;
                return Ok(Err(Ending::because(
                    Outcome::Interrupted,
                    format!("interrupted while it did: {}", act.says),
                )));
            }
        };
        // A sentence may quote the page, and goes to the policy and the person.
        Ok(Ok(done.map(|done| {
            done.map_err(|failure| Failure {
                sentence: (self.parts.mask)(&failure.sentence),
                ..failure
            })
        })))
    }

    async fn perform_on_computer(
        &mut self,
        action: &Action,
        observation: Option<&Observation>,
    ) -> Result<Listened<Result<ActionOutcome, Failure>>, TraceError> {
        if let Action::Read {
            target,
            area,
            what: Reading::Picture,
        } = action
        {
            let read = self.read_picture(target.as_ref(), *area, observation);
            return Ok(Listened::quietly(read.await));
        }
        let picture = self.picture.clone();
        let known = self.known.clone();
        let done = listening(self.parts, picture, &known, |computer| {
            computer.perform(action)
        })
        .await?;
        Ok(done.map(|done| {
            done.map_err(|error| Failure {
                fatal: ends_the_run(&error),
                locked: matches!(error, ComputerError::SecretLocked { .. }),
                sentence: error.to_string(),
            })
        }))
    }

    async fn read_picture(
        &mut self,
        target: Option<&Target>,
        area: Option<crate::computer::Rect>,
        observation: Option<&Observation>,
    ) -> Result<ActionOutcome, Failure> {
        let begun = Instant::now();
        let place = match (target, area) {
            (Some(Target::Element(id)), _) => Place::Element(id.clone()),
            (Some(Target::Point(point)), _) => observation
                .into_iter()
                .flat_map(|observation| &observation.elements)
                .filter(|element| element.bounds.contains(*point))
                .min_by(|a, b| {
                    let size = |e: &Element| e.bounds.width * e.bounds.height;
                    size(a).total_cmp(&size(b))
                })
                .map_or(Place::Viewport, |element| {
                    Place::Element(element.id.clone())
                }),
            (None, Some(area)) => Place::Area(area),
            (None, None) => Place::Viewport,
        };
        let picture = self
            .parts
            .computer
            .picture(&place)
            .await
            .map_err(|error| Failure {
                fatal: ends_the_run(&error),
                locked: false,
                sentence: error.to_string(),
            })?;
        let read = self.parts.read_picture.clone();
        // Reading takes tens of milliseconds of pure computing, so it gets a thread of its own.
        let text = tokio::task::spawn_blocking(move || read(&picture.bytes))
            .await
            .map_err(|error| Failure {
                fatal: true,
                locked: false,
                sentence: format!("reading the picture failed: {error}"),
            })?
            .map_err(|sentence| Failure {
                fatal: true,
                locked: false,
                sentence,
            })?;
        Ok(ActionOutcome {
            settled: Settled::Quiet,
            text: Some((self.parts.mask)(&text)),
            millis: begun.elapsed().as_secs_f64() * 1000.0,
        })
    }
}

fn says_the_same(element: &Element, text: &str) -> bool {
    [&element.name, &element.text]
        .into_iter()
        .chain(element.value.as_ref())
        .any(|said| folded(said) == folded(text))
}

/// A failed action as a sentence, and whether the run can go on after it.
struct Failure {
    fatal: bool,
    /// Whether it could be done with a secret of the vault, which is locked.
    locked: bool,
    sentence: String,
}

/// Whether an action is done to the page, so that what the page then sends is what the action does.
fn is_input(action: &Action) -> bool {
    match action {
        Action::Click { .. }
        | Action::Drag { .. }
        | Action::Type { .. }
        | Action::Press { .. }
        | Action::Fill { .. }
        | Action::Choose { .. }
        | Action::Select { .. }
        | Action::Upload { .. }
        | Action::AnswerDialog { .. }
        | Action::Authenticate { .. } => true,
        Action::Navigate { .. }
        | Action::OpenTab { .. }
        | Action::Hover { .. }
        | Action::Scroll { .. }
        | Action::ScrollTo { .. }
        | Action::Back
        | Action::Forward
        | Action::Reload
        | Action::SwitchTab { .. }
        | Action::CloseTab { .. }
        | Action::Wait { .. }
        | Action::Read { .. } => false,
    }
}

fn element_of<'a>(action: &Action, observation: &'a Observation) -> Option<&'a Element> {
    match action.target()? {
        Target::Element(id) => observation.element(id),
        // On a bare point, what matters is what lies there, in the guard's own eyes.
        Target::Point(point) => element_at(observation, *point),
    }
}

/// Whether a yes to one card covers another: everything that a person would have looked at is the same.
fn same_terms(agreed: &Card, now: &Card) -> bool {
    agreed.kind == now.kind
        && agreed.origin == now.origin
        && agreed.amount == now.amount
        && agreed.fields == now.fields
        && agreed.target == now.target
}
