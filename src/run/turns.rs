//! The loop itself: one turn observes, decides, reviews and performs, and writes down each before the next.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::circles::{Circle, Circles};
use super::effects::listening;
use super::hand::is_myself;
use super::{Job, Parts, RunError, Summary};
use crate::computer::{Action, ComputerError, Observation, Scope};
use crate::human::{HumanError, MYSELF, Question, picture};
use crate::policy::{Act, Decision, Situation, Stuck, Turn, TurnResult};
use crate::trace::{Blob, End, Event, Outcome, TraceError};

/// How often a policy may ask to look again before it has to decide.
const LOOKS_IN_A_ROW: usize = 4;

/// How long a page gets at the end to send what the last steps were shown to send, and the server to answer.
const LAST_SEND: Duration = Duration::from_secs(5);

/// Why a run ends.
#[derive(Debug)]
pub(super) struct Ending {
    pub outcome: Outcome,
    pub result: Option<String>,
    pub reason: Option<String>,
}

impl Ending {
    pub fn because(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            result: None,
            reason: Some(reason.into()),
        }
    }
}

/// How one turn ends where the run goes on or not.
pub(super) type Flow = Result<Result<(), Ending>, TraceError>;

/// The state of a run; nothing but this loop changes it.
pub(super) struct Turns<'a, 'b> {
    pub job: &'a Job,
    pub parts: &'a mut Parts<'b>,
    pub history: Vec<Turn>,
    pub circles: Circles,
    pub scope: Scope,
    pub step: usize,
    pub questions: usize,
    pub confirmations: usize,
    /// Actions that failed, one after the other.
    pub failures: usize,
    pub timings: BTreeMap<String, f64>,
    /// The page as it was last seen.
    pub picture: Option<Blob>,
    /// What the action relies on that nobody said in this run, in words.
    pub known: Vec<String>,
    /// What of that was said to whoever watches.
    told: BTreeSet<String>,
    looks: usize,
    pub begun: Instant,
}

/// Runs a job to its end. The trace has an end whenever it can be written at all.
///
/// # Errors
/// [`RunError::Trace`] where the trace cannot be kept; then nothing further was done.
pub async fn run(job: &Job, mut parts: Parts<'_>) -> Result<Summary, RunError> {
    let mut turns = Turns {
        job,
        parts: &mut parts,
        history: Vec::new(),
        circles: Circles::default(),
        scope: Scope::NearView,
        step: 0,
        questions: 0,
        confirmations: 0,
        failures: 0,
        timings: BTreeMap::new(),
        picture: None,
        known: Vec::new(),
        told: BTreeSet::new(),
        looks: 0,
        begun: Instant::now(),
    };
    let ending = turns.until_it_ends().await?;
    // The summary is printed, and may quote the page.
    let mask = turns.parts.mask.clone();
    let end = End {
        outcome: ending.outcome,
        result: ending.result.map(|text| mask(&text)),
        reason: ending.reason.map(|text| mask(&text)),
        steps: turns.step,
        questions: job.before.questions + turns.questions,
        confirmations: turns.confirmations,
        usage: job.before.usage.plus(turns.parts.policy.usage()),
        seconds: turns.begun.elapsed().as_secs_f64(),
    };
    parts.recorder.write(Event::End(end.clone()))?;
    Ok(Summary {
        run: parts.recorder.run().to_owned(),
        folder: parts.recorder.folder().to_owned(),
        end,
    })
}

impl Turns<'_, '_> {
    async fn until_it_ends(&mut self) -> Result<Ending, TraceError> {
        if let Err(ending) = self.go_to_start().await? {
            return Ok(ending);
        }
        loop {
            if let Some(ending) = self.spent() {
                return Ok(ending);
            }
            if let Err(ending) = self.turn().await? {
                return Ok(ending);
            }
        }
    }

    /// The ending where the run was interrupted or a limit is reached.
    fn spent(&self) -> Option<Ending> {
        let limits = &self.job.limits;
        if self.parts.interrupts.soon() {
            return Some(Ending::because(
                Outcome::Interrupted,
                "interrupted before the next action",
            ));
        }
        if self.step >= limits.steps {
            return Some(Ending::because(
                Outcome::BudgetSpent,
                format!(
                    "{} steps are spent; allow more with --max-steps",
                    limits.steps
                ),
            ));
        }
        if self.begun.elapsed() >= limits.time {
            return Some(self.time_is_spent());
        }
        (self.failures >= limits.failures).then(|| {
            let last = self
                .history
                .iter()
                .rev()
                .find_map(|turn| match &turn.result {
                    TurnResult::Failed { error } => Some(error.as_str()),
                    _ => None,
                });
            Ending::because(
                Outcome::Failed,
                format!(
                    "{} actions failed one after the other; the last one: {}",
                    self.failures,
                    last.unwrap_or("unknown")
                ),
            )
        })
    }

    fn time_is_spent(&self) -> Ending {
        Ending::because(
            Outcome::BudgetSpent,
            format!(
                "{} seconds are spent; allow more with --max-seconds",
                self.job.limits.time.as_secs()
            ),
        )
    }

    async fn go_to_start(&mut self) -> Flow {
        let Some(url) = self.job.start.clone() else {
            return Ok(Ok(()));
        };
        let act = Act {
            says: format!("open {url}"),
            action: Action::Navigate { url },
            sure: 1.0,
            mark: None,
            step: None,
            demonstrated: None,
            effects: self.parts.policy.opening(),
            looking: false,
            way: None,
            hand: None,
            while_says: None,
        };
        self.parts
            .progress
            .step(self.step, &(self.parts.mask)(&act.says));
        match self.perform(&act, None, None).await? {
            Err(ending) => Ok(Err(ending)),
            Ok(TurnResult::Failed { error }) => Ok(Err(Ending::because(Outcome::Failed, error))),
            Ok(_) => Ok(Ok(())),
        }
    }

    async fn turn(&mut self) -> Flow {
        let observation = match self.observe().await? {
            Ok(observation) => observation,
            Err(ending) => return Ok(Err(ending)),
        };
        let decided = Instant::now();
        let situation = Situation {
            goal: &self.job.goal,
            parameters: &self.job.parameters,
            remembered: &self.job.remembered,
            observation: &observation,
            downloads: &self.job.downloads,
            history: &self.history,
        };
        let interrupts = self.parts.interrupts.clone();
        let decision = tokio::select! {
            decision = self.parts.policy.decide(&situation) => decision,
            () = interrupts.any() => return Ok(Err(Ending::because(
                Outcome::Interrupted,
                "interrupted while deciding",
            ))),
            // A model may think for minutes; what is left of the run's time is the limit.
            () = tokio::time::sleep(self.job.limits.time.saturating_sub(self.begun.elapsed())) => {
                return Ok(Err(self.time_is_spent()));
            }
        };
        if let Ok(Decision::Act(act)) = &decision {
            let known = self.parts.policy.relies_on(&situation, act);
            self.known = known.iter().map(|line| (self.parts.mask)(line)).collect();
        }
        // Only where somebody could do it: finding it out costs a decision.
        let asks = matches!(decision, Ok(Decision::Ask(_) | Decision::GiveUp { .. }));
        let place = match asks && self.parts.human.can_take_over() {
            true => self.parts.policy.stuck_at(&situation),
            false => None,
        };
        let decision = match decision {
            Ok(decision) => decision,
            Err(error) => return Ok(Err(Ending::because(Outcome::Failed, error.to_string()))),
        };
        let millis = self.took("decide", decided);
        self.parts.recorder.write(Event::Decided {
            policy: self.parts.policy.name().to_owned(),
            decision: decision.clone(),
            millis,
        })?;
        match self.circles.count(&observation, &decision) {
            Circle::No => {}
            Circle::Say(count) => {
                self.note(format!(
                    "going in circles: the same action on the same page, {count} times by now"
                ))?;
            }
            Circle::GiveUp(count) => {
                return Ok(Err(Ending::because(
                    Outcome::GaveUp,
                    format!("going in circles: the same action on the same page {count} times"),
                )));
            }
        }
        if !matches!(decision, Decision::Look { .. }) {
            self.looks = 0;
            self.scope = Scope::NearView;
        }
        match decision {
            Decision::Look { scope } => self.look_again(scope),
            Decision::Ask(question) => self.ask(question, place.as_ref(), &observation).await,
            Decision::Act(act) => {
                self.step += 1;
                self.parts
                    .progress
                    .step(self.step, &(self.parts.mask)(&act.says));
                self.say_what_is_known()?;
                let flow = self.act(act, observation).await?;
                self.report_timings()?;
                Ok(flow)
            }
            Decision::Finish { result } => {
                if let Some(ending) = self.until_all_is_sent().await? {
                    return Ok(Err(ending));
                }
                Ok(Err(Ending {
                    outcome: Outcome::Done,
                    result: Some(result),
                    reason: None,
                }))
            }
            Decision::GiveUp { reason } => match place {
                Some(place) => {
                    self.instead_of_giving_up(&place, reason, &observation)
                        .await
                }
                None => Ok(Err(Ending::because(Outcome::GaveUp, reason))),
            },
        }
    }

    /// Waits until the page has sent what the last steps were shown to send: who says "done" before that ends the browser over
    /// it. What does not come within the limit is said.
    async fn until_all_is_sent(&mut self) -> Result<Option<Ending>, TraceError> {
        let Some(guarded) = &self.parts.guarded else {
            return Ok(None);
        };
        let firewall = guarded.firewall.clone();
        let begun = Instant::now();
        let interrupts = self.parts.interrupts.clone();
        loop {
            let (picture, known) = (self.picture.clone(), self.known.clone());
            let sent = listening(self.parts, picture, &known, |_| async {
                tokio::select! {
                    sent = tokio::time::timeout(LAST_SEND, firewall.all_sent()) => sent.is_ok(),
                    () = interrupts.any() => true,
                }
            })
            .await?;
            self.confirmations += sent.asked;
            if sent.ending.is_some() {
                return Ok(sent.ending);
            }
            // While a person thinks, no limit runs.
            if sent.done || sent.asked == 0 {
                break;
            }
        }
        self.took("wait", begun);
        for owed in firewall.owed() {
            self.note(format!(
                "the page has not sent what it sent when this was shown: {owed}; look whether that was saved"
            ))?;
        }
        Ok(None)
    }

    fn look_again(&mut self, scope: Scope) -> Flow {
        self.looks += 1;
        if self.looks > LOOKS_IN_A_ROW {
            return Ok(Err(Ending::because(
                Outcome::GaveUp,
                "it looked again and again and did not decide",
            )));
        }
        self.scope = scope;
        let look = Decision::Look { scope };
        self.history.push(Turn::new(look, TurnResult::Looked));
        Ok(Ok(()))
    }

    /// Looks, and writes down what was seen. Secrets are taken out before anybody else gets it.
    pub(super) async fn observe(&mut self) -> Result<Result<Observation, Ending>, TraceError> {
        let begun = Instant::now();
        let interrupts = self.parts.interrupts.clone();
        let (scope, picture, known) = (self.scope, self.picture.clone(), self.known.clone());
        let observed = tokio::select! {
            observed = listening(self.parts, picture, &known, |computer| computer.observe(scope)) => observed?,
            () = interrupts.at_once() => return Ok(Err(Ending::because(
                Outcome::Interrupted,
                "interrupted while looking",
            ))),
        };
        self.confirmations += observed.asked;
        if let Some(ending) = observed.ending {
            return Ok(Err(ending));
        }
        let mut observation = match observed.done {
            Ok(observation) => observation,
            Err(error) => return Ok(Err(Ending::because(Outcome::Failed, error.to_string()))),
        };
        super::masking::mask(&mut observation, &*self.parts.mask);
        let millis = self.took("observe", begun);
        let written = Instant::now();
        let screenshot = self.keep_picture(&observation)?;
        self.picture.clone_from(&screenshot);
        let blob = self.parts.recorder.json_blob(&observation)?;
        self.parts.recorder.write(Event::Observed {
            url: observation.url.clone(),
            title: observation.title.clone(),
            elements: observation.elements.len(),
            observation: blob,
            screenshot,
            millis,
        })?;
        self.took("trace", written);
        Ok(Ok(observation))
    }

    fn keep_picture(&mut self, observation: &Observation) -> Result<Option<Blob>, TraceError> {
        observation
            .screenshot
            .as_ref()
            .map(|picture| {
                self.parts
                    .recorder
                    .blob(&picture.bytes, picture.format.extension())
            })
            .transpose()
    }

    /// Asks. `place`: the step that it is about, where the person can do it themselves.
    pub(super) async fn ask(
        &mut self,
        mut question: Question,
        place: Option<&Stuck>,
        observation: &Observation,
    ) -> Flow {
        if place.is_some() {
            question.suggestions.push(MYSELF.to_owned());
        }
        let picture = self.marked_picture(observation, &question.marks)?;
        self.parts.progress.waits("an answer");
        self.parts.progress.pause();
        let interrupts = self.parts.interrupts.clone();
        let reply = tokio::select! {
            reply = self.parts.human.ask(&question, picture.as_deref()) => reply,
            () = interrupts.any() => Err(HumanError::Interrupted),
        };
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                self.parts.recorder.write(Event::Asked {
                    question,
                    answer: None,
                    remembered: false,
                })?;
                return Ok(Err(unanswered(&error)));
            }
        };
        self.questions += 1;
        self.parts.recorder.write(Event::Asked {
            answer: (!question.secret).then(|| reply.text.clone()),
            remembered: reply.remember,
            question: question.clone(),
        })?;
        if reply.remember
            && !question.secret
            && let Err(error) = (self.parts.remember)(&question.key, &reply.text)
        {
            self.note(format!("the answer could not be remembered: {error}"))?;
        }
        if let Some(place) = place.filter(|_| is_myself(&reply.text)) {
            return self.answered_by_hand(question, place, observation).await;
        }
        let answered = TurnResult::Answered { text: reply.text };
        self.history
            .push(Turn::new(Decision::Ask(question), answered));
        Ok(Ok(()))
    }

    /// The observation's picture with numbered boxes, as a file in the run's folder.
    pub(super) fn marked_picture(
        &mut self,
        observation: &Observation,
        marks: &[crate::computer::Rect],
    ) -> Result<Option<PathBuf>, TraceError> {
        let Some(picture) = &observation.screenshot else {
            return Ok(None);
        };
        // Where the boxes cannot be drawn, the bare picture is better than none.
        let marked = picture::mark(picture, marks);
        let picture = marked.as_ref().unwrap_or(picture);
        let blob = self
            .parts
            .recorder
            .blob(&picture.bytes, picture.format.extension())?;
        Ok(Some(self.parts.recorder.blob_path(&blob)))
    }

    /// Says something to whoever watches, and writes it down.
    pub(super) fn note(&mut self, text: String) -> Result<(), TraceError> {
        self.parts.progress.note(&(self.parts.mask)(&text));
        self.parts.recorder.write(Event::Note { text })
    }

    /// Says, once each, what is relied on that nobody said in this run.
    fn say_what_is_known(&mut self) -> Result<(), TraceError> {
        for line in self.known.clone() {
            if self.told.insert(line.clone()) {
                self.note(line)?;
            }
        }
        Ok(())
    }

    /// Adds the time since `begun` to a part of this step; returns it in milliseconds.
    pub(super) fn took(&mut self, part: &str, begun: Instant) -> f64 {
        let millis = begun.elapsed().as_secs_f64() * 1000.0;
        *self.timings.entry(part.to_owned()).or_default() += millis;
        millis
    }

    fn report_timings(&mut self) -> Result<(), TraceError> {
        let parts = std::mem::take(&mut self.timings);
        self.parts.progress.timings(&parts);
        self.parts.recorder.write(Event::Timings { parts })
    }
}

/// How a run ends where no answer came.
pub(super) fn unanswered(error: &HumanError) -> Ending {
    let outcome = match error {
        HumanError::NobodyThere { .. } | HumanError::AnswersRanDry { .. } => Outcome::Waiting,
        HumanError::Interrupted => Outcome::Interrupted,
        HumanError::BadAnswers { .. } | HumanError::Terminal(_) => Outcome::Failed,
    };
    Ending::because(outcome, error.to_string())
}

/// Whether a failed action may be tried otherwise by the policy, or ends the run.
pub(super) fn ends_the_run(error: &ComputerError) -> bool {
    !error.is_about_the_page()
}
