//! The ledger as a run uses it: read once, written at each answer, and no trust at all where it cannot be read.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::file::{self, TrustError};
use super::{Answer, Ledger, TrustOffer};
use crate::guard::permit::{Offer, Permit};
use crate::guard::terms::Terms;
use crate::human::Verdict;

/// Keeps the ledger of one file.
#[derive(Debug)]
pub struct Keeper {
    path: PathBuf,
    /// As it was last read or written; empty where it cannot be read.
    ledger: Mutex<Ledger>,
}

impl Keeper {
    /// Reads the file. Where that fails there is no trust, everything is asked, and nothing is written over it; the error says so.
    pub fn open(path: PathBuf) -> Result<Self, TrustError> {
        let ledger = file::load(&path)?;
        Ok(Self {
            path,
            ledger: Mutex::new(ledger),
        })
    }

    fn ledger(&self) -> std::sync::MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A permit without asking, where the person granted it.
    pub fn permit(&self, workflow: &str, offer: Offer, now: Timestamp) -> Option<Permit> {
        self.ledger().permit(workflow, offer, now).ok()
    }

    /// What could be granted on this card.
    pub fn offer(&self, workflow: &str, terms: &Terms) -> Option<TrustOffer> {
        self.ledger().offer(workflow, terms)
    }

    /// Takes in the answer to a card: counts it, and makes the grant that was offered where the answer is a yes to that.
    pub fn answered(&self, workflow: &str, terms: &Terms, verdict: &Verdict, now: Timestamp) {
        let answer = match verdict {
            Verdict::Yes | Verdict::YesForWorkflow => Answer::Yes,
            Verdict::No | Verdict::NoAndStop => Answer::No,
            Verdict::Edit { .. } => Answer::Edit,
            Verdict::DoneByHand => Answer::Correction,
        };
        let granted = match verdict {
            Verdict::YesForWorkflow => self.offer(workflow, terms),
            _ => None,
        };
        let changed = file::change(&self.path, |ledger| {
            ledger.record(workflow, terms, answer, now);
            if let Some(offer) = &granted {
                ledger.accept(offer, &Verdict::Yes, now);
            }
        });
        match changed {
            Ok((ledger, ())) => *self.ledger() = ledger,
            // Without the file, trust neither grows nor lasts.
            Err(error) => {
                *self.ledger() = Ledger::default();
                tracing::warn!(%error, "trust is not kept");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::YESES_BEFORE_OFFER;
    use super::*;
    use crate::guard::Kind;

    fn terms() -> Terms {
        Terms::new(Kind::Send, "https://mail.example")
    }

    fn offer() -> Offer {
        Offer::of_effect(terms())
    }

    #[test]
    fn trust_takes_yeses_and_an_explicit_yes_to_the_offer() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        let keeper = Keeper::open(path.clone()).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        for _ in 0..YESES_BEFORE_OFFER {
            assert!(keeper.offer("mail", &terms()).is_none());
            keeper.answered("mail", &terms(), &Verdict::Yes, now);
        }
        assert!(
            keeper.permit("mail", offer(), now).is_none(),
            "only offered"
        );
        assert!(keeper.offer("mail", &terms()).is_some());
        keeper.answered("mail", &terms(), &Verdict::YesForWorkflow, now);
        assert!(keeper.permit("mail", offer(), now).is_some());
        assert!(keeper.permit("other", offer(), now).is_none());
        let read_again = Keeper::open(path).unwrap();
        assert!(read_again.permit("mail", offer(), now).is_some());
        read_again.answered("mail", &terms(), &Verdict::No, now);
        assert!(
            read_again.permit("mail", offer(), now).is_none(),
            "a no takes it back"
        );
    }

    #[test]
    fn a_broken_ledger_is_an_error_and_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trust.toml");
        std::fs::write(&path, "what?").unwrap();
        assert!(Keeper::open(path.clone()).is_err());
        assert_eq!(std::fs::read_to_string(path).unwrap(), "what?");
    }
}
