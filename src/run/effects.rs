//! What the firewall has to say while the run does something with the computer: what passed is written down, what waits is asked
//! for, and the page goes on when the person has answered.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use super::hand::next_of;
use super::turns::{Ending, unanswered};
use super::{Interrupts, Mask, Parts, Progress};
use crate::computer::Watch;
use crate::computer::browser::Heard;
use crate::guard::firewall::{Answer, Firewall, Held, Inbox, Word};
use crate::human::{Card, HandOver, HandWord, Human, HumanError, Verdict};
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
    /// Whether a person works in the browser: what they set off and then do not want ends nothing.
    by_hand: bool,
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
        by_hand: false,
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

/// Why a person's own work in the browser is over.
pub(super) enum HandEnd {
    Said(HandWord),
    Unanswered(HumanError),
    /// An answer to a card ends the run.
    Ended(Ending),
    /// The browser is gone, and why.
    Gone(String),
}

/// What came of a person's own work in the browser.
pub(super) struct Handed {
    pub end: HandEnd,
    pub heard: Vec<Heard>,
    /// How many cards were answered.
    pub asked: usize,
}

/// What may happen while a person works in the browser.
enum Meanwhile {
    Interrupted,
    Waits(Word),
    Gone,
    Said(Result<HandWord, HumanError>),
}

/// Waits until the person has done something themselves, hears what they do, and answers what the firewall says meanwhile.
pub(super) async fn while_by_hand(
    parts: &mut Parts<'_>,
    picture: Option<Blob>,
    known: &[String],
    mut watch: Option<&mut (dyn Watch + 'static)>,
    mut task: HandOver,
) -> Result<Handed, TraceError> {
    let Parts {
        human,
        recorder,
        progress,
        interrupts,
        mask,
        guarded,
        ..
    } = parts;
    let Some(guarded) = guarded else {
        return Ok(unguarded(&mut **human, interrupts, watch, &task).await);
    };
    let mut heard: Vec<Heard> = Vec::new();
    let picture = picture.map(|blob| (recorder.blob_path(&blob), blob));
    let inbox = &mut guarded.inbox;
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
        by_hand: true,
        ending: None,
    };
    let end = loop {
        // What only passed is written down when the person is not being waited for.
        let mut passed: Vec<Word> = Vec::new();
        let meanwhile = {
            let mut said = pin!(desk.human.by_hand(&task));
            loop {
                tokio::select! {
                    biased;
                    () = interrupts.any() => break Meanwhile::Interrupted,
                    word = word_of(inbox) => match word {
                        waits @ Word::Waits(_) => break Meanwhile::Waits(waits),
                        other => passed.push(other),
                    },
                    one = next_of(&mut watch) => match one {
                        Some(one) => heard.push(one),
                        None => break Meanwhile::Gone,
                    },
                    word = &mut said => break Meanwhile::Said(word),
                }
            }
        };
        for word in passed {
            desk.hear(word).await?;
        }
        match meanwhile {
            Meanwhile::Interrupted => break HandEnd::Unanswered(HumanError::Interrupted),
            Meanwhile::Gone => break HandEnd::Gone(why_gone(&watch)),
            Meanwhile::Said(Err(error)) => break HandEnd::Unanswered(error),
            Meanwhile::Said(Ok(word)) => break HandEnd::Said(word),
            Meanwhile::Waits(word) => {
                desk.hear(word).await?;
                if let Some(ending) = desk.ending.take() {
                    break HandEnd::Ended(ending);
                }
                task.again = true;
            }
        }
    };
    if let (HandEnd::Said(HandWord::Done), Some(open)) = (&end, &mut watch) {
        open.stop();
        // What is still being typed is told now, and what that sets off is ruled on.
        loop {
            tokio::select! {
                biased;
                word = word_of(inbox) => desk.hear(word).await?,
                one = next_of(&mut watch) => match one {
                    Some(one) => heard.push(one),
                    None => break,
                },
            }
        }
    }
    Ok(Handed {
        end: desk.ending.take().map_or(end, HandEnd::Ended),
        heard,
        asked: desk.asked,
    })
}

/// The same where nothing rules on what is sent.
async fn unguarded(
    human: &mut dyn Human,
    interrupts: &Interrupts,
    mut watch: Option<&mut (dyn Watch + 'static)>,
    task: &HandOver,
) -> Handed {
    let mut heard = Vec::new();
    let end = {
        let mut said = pin!(human.by_hand(task));
        loop {
            tokio::select! {
                biased;
                () = interrupts.any() => break HandEnd::Unanswered(HumanError::Interrupted),
                one = next_of(&mut watch) => match one {
                    Some(one) => heard.push(one),
                    None => break HandEnd::Gone(why_gone(&watch)),
                },
                word = &mut said => break match word {
                    Ok(word) => HandEnd::Said(word),
                    Err(error) => HandEnd::Unanswered(error),
                },
            }
        }
    };
    if let Some(open) = &mut watch {
        open.stop();
        while let Some(one) = open.next().await {
            heard.push(one);
        }
    }
    Handed {
        end,
        heard,
        asked: 0,
    }
}

fn why_gone(watch: &Option<&mut (dyn Watch + 'static)>) -> String {
    let gone = watch.as_ref().and_then(|watch| watch.gone());
    gone.unwrap_or_else(|| "it ended".to_owned())
}

/// What the firewall says next; nothing once it is gone.
async fn word_of(inbox: &mut Inbox) -> Word {
    match inbox.recv().await {
        Some(word) => word,
        None => std::future::pending().await,
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
            Ok(Verdict::No) if !held.of_step || self.by_hand => {
                self.settle(held, Answer::No, "you said no")
            }
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
