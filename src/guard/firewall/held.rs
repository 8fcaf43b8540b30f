//! What the firewall tells the run: what passed, and what waits for a person.

use tokio::sync::{mpsc, oneshot};

use crate::guard::effect::Brief;
use crate::guard::permit::Offer;
use crate::human::Card;

/// Where the run hears of requests. Dropped, everything that waits is refused.
pub type Inbox = mpsc::UnboundedReceiver<Word>;

/// One thing that the firewall has to say.
#[derive(Debug)]
pub enum Word {
    /// A request that changes something was let go without asking anybody, and why.
    Passed { brief: Brief, why: String },
    /// A request that changes something was refused without asking anybody, and why.
    Refused { brief: Brief, why: String },
    /// A request waits for a person.
    Waits(Box<Held>),
}

/// A person's answer to a held request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
}

/// A request that waits. Dropped without an answer, it is refused.
#[derive(Debug)]
pub struct Held {
    pub brief: Brief,
    pub card: Card,
    /// Whether it belongs to a step of the run, or the page sends it by itself.
    pub of_step: bool,
    /// What a yes is bound to.
    pub offer: Offer,
    answer: oneshot::Sender<Answer>,
}

impl Held {
    pub(super) fn new(
        brief: Brief,
        card: Card,
        of_step: bool,
        offer: Offer,
    ) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, waiting) = oneshot::channel();
        let held = Self {
            brief,
            card,
            of_step,
            offer,
            answer,
        };
        (held, waiting)
    }

    /// Lets it go or refuses it.
    pub fn answer(self, answer: Answer) {
        // Nobody waits any more where the browser ended meanwhile.
        let _ = self.answer.send(answer);
    }
}
