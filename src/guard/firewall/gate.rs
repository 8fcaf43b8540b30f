//! The gate: rules on each held request, by the pure rules where they know, by asking where they do not.
//!
//! Invariants: a write is let go only by a rule, an agreement or a person's yes; when nobody listens any more, what waits is refused.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;

use super::held::{Answer, Held, Inbox, Word};
use super::rule::{Scope, State, Verdict};
use crate::computer::{Gate, Request, RequestEnd, Ruling};

/// The firewall of one run.
pub struct Firewall {
    state: Mutex<State>,
    words: mpsc::UnboundedSender<Word>,
}

impl std::fmt::Debug for Firewall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Firewall").finish_non_exhaustive()
    }
}

impl Firewall {
    /// A firewall, and where the run hears of what it does.
    pub fn new() -> (Arc<Self>, Inbox) {
        let (words, inbox) = mpsc::unbounded_channel();
        let firewall = Self {
            state: Mutex::default(),
            words,
        };
        (Arc::new(firewall), inbox)
    }

    /// A step begins: requests from now on are its own.
    pub fn begin(&self, scope: Scope) {
        self.state().begin(scope);
    }

    /// The step has come to rest; what the page sends from now on it sends by itself.
    pub fn rest(&self) {
        self.state().rest();
    }

    /// A person said yes to something that goes to this origin.
    pub fn agree(&self, origin: &str) {
        self.state().agree(origin.to_owned());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait::async_trait]
impl Gate for Firewall {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        let reads = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
        reads.then_some(Ruling::LetGo)
    }

    async fn decide(&self, request: Request) -> Ruling {
        let (verdict, brief, of_step) = {
            let mut state = self.state();
            let verdict = state.rule(&request);
            (verdict, state.brief(&request), state.acts())
        };
        match verdict {
            Verdict::Go { why } => match self.words.send(Word::Passed { brief, why }) {
                Ok(()) => Ruling::LetGo,
                Err(_) => Ruling::Refuse,
            },
            Verdict::Ask { card } => {
                let (held, answer) = Held::new(brief, *card, of_step);
                if self.words.send(Word::Waits(Box::new(held))).is_err() {
                    return Ruling::Refuse;
                }
                match answer.await {
                    Ok(Answer::Yes) => Ruling::LetGo,
                    Ok(Answer::No) | Err(_) => Ruling::Refuse,
                }
            }
        }
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}
