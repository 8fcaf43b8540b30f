//! What the firewall has to say while the run does something with the computer: what passed is written down, what waits is asked
//! for, and the page goes on when the person has answered.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use super::turns::{Ending, unanswered};
use super::{Interrupts, Mask, Parts, Progress};
use crate::guard::firewall::{Answer, Firewall, Held, Inbox, Word};
use crate::human::{Card, Human, HumanError, Verdict};
use crate::trace::{Blob, Event, Outcome, Recorder, TraceError};

/// The firewall of a run, and where it is heard.
#[derive(Debug)]
pub struct Guarded {
    pub firewall: Arc<Firewall>,
    pub inbox: Inbox,
    /// Whether no layer is missing.
    pub whole: bool,
}

/// All that is needed to ask a person about a request while the computer is busy.
pub(super) struct Desk<'a> {
    human: &'a mut dyn Human,
    recorder: &'a mut Recorder,
    progress: &'a mut dyn Progress,
    interrupts: Interrupts,
    mask: Mask,
    firewall: Arc<Firewall>,
    /// The page as it was last seen.
    picture: Option<(PathBuf, Blob)>,
    /// What the run relies on that nobody said in it.
    known: &'a [String],
    asked: usize,
    /// Why the run ends, once something that was heard ends it.
    ending: Option<Ending>,
}

/// Does something with the computer and meanwhile answers what the firewall says. Gives what came of it, how many cards were
/// answered, and why the run ends where an answer ends it.
pub(super) async fn listening<'p, T, W>(
    parts: &'p mut Parts<'_>,
    picture: Option<Blob>,
    known: &[String],
    work: impl FnOnce(&'p mut dyn crate::computer::Computer) -> W,
) -> Result<Listened<T>, TraceError>
where
    W: Future<Output = T> + 'p,
{
    let Parts {
        computer,
        human,
        recorder,
        progress,
        interrupts,
        mask,
        guarded,
        ..
    } = parts;
    let mut work = pin!(work(&mut **computer));
    let Some(guarded) = guarded else {
        return Ok(Listened::quietly(work.await));
    };
    let picture = picture.map(|blob| (recorder.blob_path(&blob), blob));
    let mut desk = Desk {
        human: &mut **human,
        recorder,
        progress: &mut **progress,
        interrupts: interrupts.clone(),
        mask: mask.clone(),
        firewall: Arc::clone(&guarded.firewall),
        picture,
        known,
        asked: 0,
        ending: None,
    };
    // What came before the work began was not caused by it; it is heard first.
    loop {
        tokio::select! {
            biased;
            word = guarded.inbox.recv() => match word {
                Some(word) => desk.hear(word).await?,
                None => {
                    return Ok(Listened::quietly(work.await));
                }
            },
            done = &mut work => {
                while let Ok(word) = guarded.inbox.try_recv() {
                    desk.hear(word).await?;
                }
                return Ok(Listened { done, asked: desk.asked, ending: desk.ending });
            }
        }
    }
}

/// What came of something that was done while listening.
pub(super) struct Listened<T> {
    pub done: T,
    pub asked: usize,
    pub ending: Option<Ending>,
}

impl<T> Listened<T> {
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Listened<U> {
        Listened {
            done: change(self.done),
            asked: self.asked,
            ending: self.ending,
        }
    }

    pub fn quietly(done: T) -> Self {
        Self {
            done,
            asked: 0,
            ending: None,
        }
    }
}

impl Desk<'_> {
    async fn hear(&mut self, word: Word) -> Result<(), TraceError> {
        match word {
            Word::Passed { brief, why } => self.recorder.write(Event::Effect {
                effect: brief,
                ruling: LET_GO.to_owned(),
                why,
            }),
            Word::Refused { brief, why } => {
                self.progress
                    .note(&format!("refused: {} ({why})", brief.sentence()));
                self.recorder.write(Event::Effect {
                    effect: brief,
                    ruling: REFUSED.to_owned(),
                    why,
                })
            }
            Word::Waits(held) => self.ask(*held).await,
        }
    }

    async fn ask(&mut self, held: Held) -> Result<(), TraceError> {
        let card = Card {
            known: self.known.to_vec(),
            ..masked(&held.card, &self.mask)
        };
        if self.ending.is_some() {
            return self.settle(held, Answer::No, "the run ends");
        }
        self.progress.waits("a yes");
        self.progress.pause();
        let picture = self.picture.as_ref().map(|(path, _)| path.as_path());
        let answer = tokio::select! {
            answer = self.human.confirm(&card, picture) => answer,
            () = self.interrupts.any() => Err(HumanError::Interrupted),
        };
        self.recorder.write(Event::Confirmed {
            card: card.clone(),
            verdict: answer.as_ref().ok().cloned(),
            picture: self.picture.as_ref().map(|(_, blob)| blob.clone()),
        })?;
        self.asked += usize::from(answer.is_ok());
        if let Ok(verdict) = &answer {
            // The request itself is let go by its own yes; what is remembered is that it was asked, and trust.
            self.firewall.remember(&held.offer, verdict);
        }
        let said_no = || format!("you said no to: {}", card.title);
        match answer {
            Ok(Verdict::Yes) => self.settle(held, Answer::Yes, "you said yes"),
            Ok(Verdict::YesForWorkflow) => {
                self.settle(held, Answer::Yes, "you said yes, for this workflow")
            }
            // What the page sends by itself is not what the run needs.
            Ok(Verdict::No) if !held.of_step => self.settle(held, Answer::No, "you said no"),
            Ok(Verdict::No | Verdict::NoAndStop) => {
                self.ending = Some(Ending::because(Outcome::Refused, said_no()));
                self.settle(held, Answer::No, "you said no")
            }
            // A request on its way cannot be changed, and what was done by hand is not sent a second time.
            Ok(Verdict::Edit { .. } | Verdict::DoneByHand) => {
                self.ending = Some(Ending::because(
                    Outcome::Refused,
                    format!(
                        "{}: what is on its way can be let go or stopped, not changed; it was stopped",
                        card.title
                    ),
                ));
                self.settle(held, Answer::No, "it could not be changed any more")
            }
            // Nobody is there for what the page sends by itself; the run does not need it.
            Err(HumanError::NobodyThere { .. } | HumanError::AnswersRanDry { .. })
                if !held.of_step =>
            {
                self.progress.note(&format!(
                    "refused, since nobody was there to say yes: {}",
                    card.title
                ));
                self.settle(held, Answer::No, "nobody was there to say yes")
            }
            Err(error) => {
                self.ending = Some(unanswered(&error));
                self.settle(held, Answer::No, "nobody said yes")
            }
        }
    }

    fn settle(&mut self, held: Held, answer: Answer, why: &str) -> Result<(), TraceError> {
        let ruling = match answer {
            Answer::Yes => LET_GO,
            Answer::No => REFUSED,
        };
        // Written first: what leaves is in the trace before it does.
        self.recorder.write(Event::Effect {
            effect: held.brief.clone(),
            ruling: ruling.to_owned(),
            why: why.to_owned(),
        })?;
        held.answer(answer);
        Ok(())
    }
}

const LET_GO: &str = "let go";
const REFUSED: &str = "refused";

/// The card without the secrets that a body carries.
fn masked(card: &Card, mask: &Mask) -> Card {
    let clean = |text: &String| mask(text);
    Card {
        title: mask(&card.title),
        amount: card.amount.as_ref().map(clean),
        payees: card.payees.iter().map(clean).collect(),
        items: card.items.iter().map(clean).collect(),
        fields: card
            .fields
            .iter()
            .map(|(name, value)| (mask(name), mask(value)))
            .collect(),
        target: mask(&card.target),
        why: mask(&card.why),
        differences: card.differences.iter().map(clean).collect(),
        warnings: card.warnings.iter().map(clean).collect(),
        ..card.clone()
    }
}
