//! The gate: rules on each held request, by the pure rules where they know, by asking where they do not.
//!
//! Invariants: a write is let go only by a rule, a permit or a person's yes; its intent is on disk before it is let go, and where that
//! cannot be written it is not let go; when nobody listens any more, what waits is refused.

use std::collections::HashMap;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use tokio::sync::{Notify, mpsc};

use super::card::{self, OnItsWay};
use super::held::{Answer, Held, Inbox, Word};
use super::rule::{Ground, Rules, Scope, State, Verdict};
use crate::computer::{Gate, Request, RequestEnd, Ruling};
use crate::guard::effect::{self, Brief, Effect, Standing};
use crate::guard::journal::{Ending, Intent, Journal, JournalError, Outcome};
use crate::guard::permit::Offer;
use crate::guard::terms::{self, Terms};
use crate::guard::trust::Keeper;
use crate::human;

/// Takes secrets out of a text.
pub type Mask = Arc<dyn Fn(&str) -> String + Send + Sync>;

/// What a firewall works with.
pub struct FirewallSettings {
    pub rules: Rules,
    /// What has been asked and granted before; without one, nothing is remembered.
    pub trust: Option<Keeper>,
    pub mask: Mask,
}

impl std::fmt::Debug for FirewallSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FirewallSettings")
            .field("rules", &self.rules)
            .finish_non_exhaustive()
    }
}

/// The firewall of one run.
pub struct Firewall {
    pub(super) rules: Rules,
    trust: Option<Keeper>,
    mask: Mask,
    state: Mutex<State>,
    /// What was answered about WebSockets, by origin.
    pub(super) sockets: Mutex<HashMap<String, bool>>,
    /// Counts what is sent over opened WebSockets.
    pub(super) frames: AtomicU64,
    /// Without one, nothing that needs a yes is let go.
    journal: Arc<Mutex<Option<Journal>>>,
    /// Intents of requests that are on their way, by the request's number.
    sent: Mutex<HashMap<u64, u64>>,
    /// Rung when a request was ruled on or has ended.
    moved: Notify,
    pub(super) words: mpsc::UnboundedSender<Word>,
}

impl std::fmt::Debug for Firewall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Firewall").finish_non_exhaustive()
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Firewall {
    /// A firewall, and where the run hears of what it does. Until [`Firewall::keep_journal`], nothing that needs a yes is let go.
    pub fn new(settings: FirewallSettings) -> (Arc<Self>, Inbox) {
        let (words, inbox) = mpsc::unbounded_channel();
        let firewall = Self {
            rules: settings.rules,
            trust: settings.trust,
            mask: settings.mask,
            state: Mutex::default(),
            sockets: Mutex::default(),
            frames: AtomicU64::default(),
            journal: Arc::default(),
            sent: Mutex::default(),
            moved: Notify::new(),
            words,
        };
        (Arc::new(firewall), inbox)
    }

    /// Where intents are written from now on.
    pub fn keep_journal(&self, journal: Journal) {
        *locked(&self.journal) = Some(journal);
    }

    /// A step begins: requests from now on are its own.
    pub fn begin(&self, scope: Scope) {
        locked(&self.state).begin(scope);
    }

    /// The step has come to rest; what the page sends from now on it sends by itself.
    pub fn rest(&self) {
        locked(&self.state).rest();
    }

    /// Returns once the page has sent what the newest steps were shown to send, and the servers have answered. Pages save a
    /// moment after the last click; give it a limit, since what was shown may not come a second time.
    pub async fn all_sent(&self) {
        loop {
            let moved = self.moved.notified();
            let mut moved = std::pin::pin!(moved);
            moved.as_mut().enable();
            if self.owed().is_empty() && locked(&self.sent).is_empty() {
                return;
            }
            moved.await;
        }
    }

    /// What the newest steps were shown to send and the page has not asked to send: method and address, each once.
    pub fn owed(&self) -> Vec<String> {
        let state = locked(&self.state);
        let mut owed: Vec<String> = state
            .owed()
            .map(|one| format!("{} {}{}", one.method, one.origin, one.path))
            .collect();
        owed.sort();
        owed.dedup();
        owed
    }

    /// Whether what a card would ask for is covered already: by a yes to the same transaction, or by trust.
    pub fn covers(&self, offer: &Offer) -> bool {
        let now = Timestamp::now();
        let mut state = locked(&self.state);
        let agreed = state
            .permits
            .iter()
            .any(|permit| permit.agrees_with(offer.terms(), now).is_covered());
        if agreed {
            return true;
        }
        match self.by_trust(offer.clone(), now) {
            Some(permit) => {
                state.permits.push(permit);
                true
            }
            None => false,
        }
    }

    /// What a yes for this workflow would cover, in words; `None` where there is no such yes.
    pub fn would_cover(&self, offer: &Offer) -> Option<String> {
        let workflow = self.rules.workflow.as_deref()?;
        let trusted = self.trust.as_ref();
        if let Some(trust) = trusted.and_then(|trust| trust.offer(workflow, offer.terms())) {
            return Some(trust.sentence());
        }
        offer.for_this_run()
    }

    /// Takes in a person's answer to a card: a yes becomes a permit, and all answers are remembered.
    pub fn answered(&self, offer: Offer, verdict: &human::Verdict) {
        let now = Timestamp::now();
        let workflow = self.rules.workflow.as_deref();
        if let (Some(trust), Some(workflow)) = (&self.trust, workflow) {
            trust.answered(workflow, offer.terms(), verdict, now);
        }
        let permit = match (verdict, workflow) {
            (human::Verdict::YesForWorkflow, Some(workflow)) => {
                let up_to = offer.terms().amount.clone();
                let once = offer.clone().accept(&human::Verdict::Yes, now);
                offer
                    .accept_for_workflow(&human::Verdict::Yes, workflow, up_to, now)
                    .or(once)
            }
            (human::Verdict::YesForWorkflow, None) => offer.accept(&human::Verdict::Yes, now),
            (verdict, _) => offer.accept(verdict, now),
        };
        locked(&self.state).permits.extend(permit);
    }

    /// Takes in the answer to the card of a request that is on its way, which its own yes lets go.
    pub fn remember(&self, offer: &Offer, verdict: &human::Verdict) {
        let now = Timestamp::now();
        let Some(workflow) = self.rules.workflow.as_deref() else {
            return;
        };
        if let Some(trust) = &self.trust {
            trust.answered(workflow, offer.terms(), verdict, now);
        }
        if *verdict == human::Verdict::YesForWorkflow {
            let up_to = offer.terms().amount.clone();
            let permit =
                offer
                    .clone()
                    .accept_for_workflow(&human::Verdict::Yes, workflow, up_to, now);
            locked(&self.state).permits.extend(permit);
        }
    }

    fn by_trust(&self, offer: Offer, now: Timestamp) -> Option<crate::guard::permit::Permit> {
        let workflow = self.rules.workflow.as_deref()?;
        self.trust.as_ref()?.permit(workflow, offer, now)
    }

    /// Writes down that a request is about to be let go. Refused where that fails.
    async fn with_intent(&self, request: &Request, brief: &Brief, mut terms: Terms) -> Ruling {
        // Values are for the card; what was sent is known by its hash.
        terms.fields.clear();
        terms.wire.clear();
        let intent = Intent {
            what: (self.mask)(&format!("{}, {}", brief.kind.phrase(), brief.sentence())),
            terms: terms.masked(|text| (self.mask)(text)),
            method: request.method.clone(),
            path: (self.mask)(card::bare(&request.url)),
            body: blake3::hash(&request.body).to_hex().to_string(),
            time: Timestamp::now(),
        };
        let journal = Arc::clone(&self.journal);
        // Flushing to the disk takes its time, and other requests go on meanwhile.
        let written = tokio::task::spawn_blocking(move || {
            locked(&journal)
                .as_mut()
                .map(|journal| journal.intent(intent))
        });
        let why = match written.await {
            Ok(Some(Ok(number))) => {
                locked(&self.sent).insert(request.number, number);
                return Ruling::LetGo;
            }
            Ok(Some(Err(error))) => error.to_string(),
            Ok(None) => "nothing is kept of what is sent, so nothing is sent".to_owned(),
            Err(error) => error.to_string(),
        };
        let brief = brief.clone();
        // Where nobody listens, the run has ended.
        let _ = self.words.send(Word::Refused { brief, why });
        Ruling::Refuse
    }

    /// What is to be done with a request, with the card where a person is to be asked.
    fn consider(&self, request: &Request, effect: &Effect, terms: &Terms) -> Considered {
        let now = Timestamp::now();
        let mut state = locked(&self.state);
        let verdict = self.rules.rule(&mut state, request, effect, terms, now);
        let brief = Brief::of(request, effect, state.step());
        let (why, differences) = match verdict {
            Verdict::Go { ground, why } => return Considered::Go { ground, why, brief },
            Verdict::Stop { why } => return Considered::Stop { why, brief },
            Verdict::Ask { why, differences } => (why, differences),
        };
        let offer = Offer::of_effect(terms.clone());
        if differences.is_empty() && self.by_trust(offer.clone(), now).is_some() {
            return Considered::Go {
                ground: Ground::Covered,
                why: "you said to stop asking for this".to_owned(),
                brief,
            };
        }
        let card = card::write(&OnItsWay {
            request,
            effect,
            terms,
            scope: &state.scope,
            acts: state.acts(),
            why: &why,
            differences: &differences,
            sites: &self.rules.sites,
            offer: self.would_cover(&offer),
        });
        let (held, answer) = Held::new(brief.clone(), card, state.acts(), offer);
        Considered::Ask {
            held: Box::new(held),
            answer,
            brief,
        }
    }
}

enum Considered {
    Go {
        ground: Ground,
        why: String,
        brief: Brief,
    },
    Stop {
        why: String,
        brief: Brief,
    },
    Ask {
        held: Box<Held>,
        answer: tokio::sync::oneshot::Receiver<Answer>,
        brief: Brief,
    },
}

#[async_trait::async_trait]
impl Gate for Firewall {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        let may_read = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        (may_read && effect::read(request).standing == Standing::Read).then_some(Ruling::LetGo)
    }

    async fn decide(&self, request: Request) -> Ruling {
        let effect = effect::read(&request);
        let ruling = self.rule_on(&request, &effect).await;
        locked(&self.state).was_ruled_on(&effect.signature);
        self.moved.notify_waiters();
        ruling
    }

    fn ended(&self, number: u64, end: RequestEnd) {
        let intent = locked(&self.sent).remove(&number);
        self.moved.notify_waiters();
        let Some(intent) = intent else {
            return;
        };
        let ending = match end {
            RequestEnd::Answered(status) => Ending::Answered(status),
            // Whether the server got it is unknown, so the intent stays open.
            RequestEnd::Failed(_) => return,
        };
        let journal = Arc::clone(&self.journal);
        let time = Timestamp::now();
        tokio::task::spawn_blocking(move || {
            let written: Option<Result<(), JournalError>> = locked(&journal)
                .as_mut()
                .map(|journal| journal.outcome(intent, Outcome { ending, time }));
            if let Some(Err(error)) = written {
                tracing::warn!(%error, "an outcome could not be written down");
            }
        });
    }
}

impl Firewall {
    async fn rule_on(&self, request: &Request, effect: &Effect) -> Ruling {
        let terms = terms::sent(
            effect.kind,
            &effect.origin,
            &effect.fields,
            effect.body.unread.as_deref(),
        );
        match self.consider(request, effect, &terms) {
            Considered::Go { ground, why, brief } => {
                let passed = Word::Passed {
                    brief: brief.clone(),
                    why,
                };
                if self.words.send(passed).is_err() {
                    return Ruling::Refuse;
                }
                match ground {
                    Ground::Harmless => Ruling::LetGo,
                    Ground::Covered => self.with_intent(request, &brief, terms).await,
                }
            }
            Considered::Stop { why, brief } => {
                // Where nobody listens, the run has ended.
                let _ = self.words.send(Word::Refused { brief, why });
                Ruling::Refuse
            }
            Considered::Ask {
                held,
                answer,
                brief,
            } => {
                if self.words.send(Word::Waits(held)).is_err() {
                    return Ruling::Refuse;
                }
                match answer.await {
                    Ok(Answer::Yes) => self.with_intent(request, &brief, terms).await,
                    Ok(Answer::No) | Err(_) => Ruling::Refuse,
                }
            }
        }
    }
}
