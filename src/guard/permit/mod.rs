//! A person's yes, bound to the terms that the card showed, and whether a request fits it.
//!
//! What one yes covers, all within [`PERMIT_LIFETIME`] of it (see [`Step`] for each):
//!
//! 1. *The effect itself, once.* It goes to the agreed origin, and nothing in it is worse than the card: no higher amount, no other
//!    currency, payee or recipient, no further item, no field with a value that was not shown. Less is covered, and so are the
//!    tokens that programs add. A log-in wall in between changes nothing: the permit stays open until it is used or too old.
//! 2. *The payment provider's frame.* A frame that took card numbers on the page when the yes was given may post to its own origin,
//!    a few times, each body once. The page itself may not post there, and the frame may not post elsewhere.
//! 3. *A redirect* of a request that was let go may repeat its body to the same origin. To another origin it is another effect.
//! 4. *3-D Secure*, after the effect: the card issuer's origin is nobody's to know beforehand, so the messages are known by what they
//!    are: the standard's field names and no others, in the standard's shape, each message once. A page that dresses something
//!    else up as one gains a request that no other server understands, and what comes back must go to the transaction's origins.
//!
//! Invariants: nothing outside `guard` makes a permit, and `guard` makes one only from a yes; a request that differs uses
//! nothing up; for a permit with higher terms everything is covered that was covered before.

mod difference;
mod fit;
mod secure;

use std::time::Duration;

use jiff::Timestamp;

use super::kind::Kind;
use super::meaning::read;
use super::money::Money;
use super::policy_file::GuardPolicy;
use super::review::Proposal;
use super::terms::{Deed, Terms, is_about_money, payment_frames, shown};
use super::{address, card};
use crate::human::Verdict;

pub use difference::Difference;

use fit::{differences, limits};
use secure::Message;

/// How long a yes to one effect holds: a log-in with a second factor fits in, a forgotten tab does not.
pub const PERMIT_LIFETIME: Duration = Duration::from_secs(15 * 60);
/// How long a yes for a workflow holds.
pub const WORKFLOW_LIFETIME: Duration = Duration::from_secs(12 * 60 * 60);
/// Most effects that a yes for a workflow covers.
pub const MOST_USES: usize = 50;
/// Most requests of a payment provider's frames: a token, a payment, a confirmation, and each tried again with other contents.
const MOST_PROVIDER_REQUESTS: usize = 8;
/// Most hops of a redirect that repeat a body.
const MOST_HOPS: usize = 5;

/// What a card asks a yes for. Becomes a permit by a yes and by nothing else.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    terms: Terms,
    frames: Vec<String>,
}

impl Offer {
    /// Of an action that is about to be done, as a card of this kind shows it.
    pub fn of_intent(policy: &GuardPolicy, proposal: &Proposal<'_>, kind: Kind) -> Self {
        let meaning = read(policy, proposal);
        let page = address::of_frame(proposal.observation, meaning.element);
        let destination = meaning.destination.as_ref().or(page.as_ref());
        let origin = destination.map_or_else(String::new, address::origin);
        let deed = Deed {
            kind,
            origin: &origin,
            element: meaning.element,
            handed_over: &card::handed_over(proposal),
        };
        Offer {
            terms: shown(&deed, proposal.observation),
            frames: payment_frames(proposal.observation),
        }
    }

    /// Of a request that is held and shown as it is.
    pub(in crate::guard) fn of_effect(terms: Terms) -> Self {
        Offer {
            terms,
            frames: Vec::new(),
        }
    }

    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// What a yes for the rest of this run would cover, in words; `None` where there is no such yes.
    pub fn for_this_run(&self) -> Option<String> {
        let terms = &self.terms;
        let payee = terms
            .payee
            .as_ref()
            .map_or_else(String::new, |payee| format!(" to {payee}"));
        let limit = match &terms.amount {
            Some(amount) if amount.currency().is_some_and(|c| c.code().is_some()) => {
                format!(", each up to {amount}")
            }
            _ if is_about_money(terms.kind) => return None,
            _ => String::new(),
        };
        Some(format!(
            "{} at {}{payee}{limit}, in this run",
            terms.kind.phrase(),
            terms.origin
        ))
    }

    /// A permit for this once; `None` for every answer but a yes.
    pub fn accept(self, verdict: &Verdict, now: Timestamp) -> Option<Permit> {
        (*verdict == Verdict::Yes).then(|| self.permit(None, now, PERMIT_LIFETIME))
    }

    /// A permit for every effect of this workflow, kind, origin and payee, each up to an amount. Where the kind is about money, there
    /// is none without an amount in a certain currency. `None` for every answer but a yes.
    pub fn accept_for_workflow(
        mut self,
        verdict: &Verdict,
        workflow: &str,
        up_to: Option<Money>,
        now: Timestamp,
    ) -> Option<Permit> {
        let certain = up_to
            .as_ref()
            .is_some_and(|money| money.currency().is_some_and(|c| c.code().is_some()));
        if *verdict != Verdict::Yes || (is_about_money(self.terms.kind) && !certain) {
            return None;
        }
        self.terms.amount = up_to;
        Some(self.permit(Some(workflow.to_owned()), now, WORKFLOW_LIFETIME))
    }

    /// By a grant of the ledger, which only a yes makes: the terms that a card would have shown, once, and never above the grant.
    pub(in crate::guard) fn accept_by_grant(
        mut self,
        up_to: Option<Money>,
        now: Timestamp,
    ) -> Permit {
        if self.terms.amount.is_none() {
            self.terms.amount = up_to;
        }
        self.permit(None, now, PERMIT_LIFETIME)
    }

    fn permit(self, workflow: Option<String>, now: Timestamp, lifetime: Duration) -> Permit {
        Permit {
            terms: self.terms,
            frames: self.frames,
            workflow,
            // Where the clock's range ends, the permit has ended, too.
            expires: now.checked_add(lifetime).unwrap_or(now),
            gone: Vec::new(),
            messages: Vec::new(),
        }
    }
}

/// A yes and what has been done with it.
#[derive(Debug, PartialEq)]
pub struct Permit {
    terms: Terms,
    /// Origins of the frames that took card numbers when the yes was given.
    frames: Vec<String>,
    /// For all effects of this workflow, instead of one.
    workflow: Option<String>,
    expires: Timestamp,
    gone: Vec<Gone>,
    messages: Vec<Message>,
}

/// A request that was let go.
#[derive(Debug, Clone, PartialEq)]
struct Gone {
    step: Step,
    number: u64,
    origin: String,
    print: blake3::Hash,
    body: blake3::Hash,
}

/// A request that is held and would like to go.
#[derive(Debug, Clone, Copy)]
pub struct Passing<'a> {
    pub terms: &'a Terms,
    /// The request's number in its browser.
    pub number: u64,
    pub redirected_from: Option<u64>,
    /// Origin of the frame that asks, where it is known.
    pub frame: Option<&'a str>,
    pub method: &'a str,
    /// Without fragment.
    pub url: &'a str,
    pub body: &'a [u8],
    /// The workflow that runs.
    pub workflow: Option<&'a str>,
}

impl Passing<'_> {
    /// The same for the same request, sent again.
    pub(in crate::guard) fn print(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for part in [self.method.as_bytes(), self.url.as_bytes(), self.body] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize()
    }
}

/// What a covered request is to the permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// What the yes was for.
    Effect,
    /// The payment provider's own frame, to its own origin.
    Provider,
    /// The same body again, because the server said so.
    Hop,
    /// A message of 3-D Secure.
    Secure,
}

/// Whether a request fits a permit.
#[derive(Debug, Clone, PartialEq)]
pub enum Fit {
    Covered(Step),
    /// At least one difference.
    Differs(Vec<Difference>),
}

impl Fit {
    pub fn is_covered(&self) -> bool {
        matches!(self, Fit::Covered(_))
    }

    fn of(step: Step, differences: Vec<Difference>) -> Self {
        if differences.is_empty() {
            Fit::Covered(step)
        } else {
            Fit::Differs(differences)
        }
    }
}

impl Permit {
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// The workflow that it is for, where it is not for one effect.
    pub fn workflow(&self) -> Option<&str> {
        self.workflow.as_deref()
    }

    /// Whether it can still cover an effect.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires && self.uses() < self.most_uses()
    }

    /// Whether what a page shows now needs no further yes: the same transaction's next page, with the same terms or better ones.
    pub fn agrees_with(&self, shown: &Terms, now: Timestamp) -> Fit {
        let mut found = self.over(now);
        found.extend(match self.workflow {
            Some(_) => limits(&self.terms, shown),
            None => differences(&self.terms, shown),
        });
        Fit::of(Step::Effect, found)
    }

    /// Whether a request is covered; changes nothing.
    pub fn fit(&self, passing: &Passing<'_>, now: Timestamp) -> Fit {
        if now >= self.expires {
            return Fit::Differs(vec![Difference::Expired]);
        }
        if self.gone.iter().any(|gone| gone.number == passing.number) {
            return Fit::Differs(vec![Difference::SecondSend]);
        }
        if let Some(from) = passing.redirected_from
            && let Some(gone) = self.gone.iter().find(|gone| gone.number == from)
        {
            return self.hop(gone, passing);
        }
        if let Some(fit) = self.secure(passing) {
            return fit;
        }
        if self.is_providers_own(passing) {
            return self.provider(passing);
        }
        let mut found = self.over(now);
        let again = self.gone.iter().any(|gone| gone.print == passing.print());
        if again && found.is_empty() {
            found.push(Difference::SecondSend);
        }
        match &self.workflow {
            Some(own) => {
                if passing.workflow != Some(own.as_str()) {
                    found.push(Difference::Workflow {
                        agreed: own.clone(),
                    });
                }
                found.extend(limits(&self.terms, passing.terms));
            }
            None => found.extend(differences(&self.terms, passing.terms)),
        }
        Fit::of(Step::Effect, found)
    }

    /// Whether a request is covered; one that is, is used up by this.
    pub fn take(&mut self, passing: &Passing<'_>, now: Timestamp) -> Fit {
        let fit = self.fit(passing, now);
        if let Fit::Covered(step) = fit {
            self.messages
                .extend(Message::of(&passing.terms.fields).filter(|_| step == Step::Secure));
            self.gone.push(Gone {
                step,
                number: passing.number,
                origin: passing.terms.origin.clone(),
                print: passing.print(),
                body: blake3::hash(passing.body),
            });
        }
        fit
    }

    fn uses(&self) -> usize {
        self.count(Step::Effect)
    }

    fn count(&self, step: Step) -> usize {
        self.gone.iter().filter(|gone| gone.step == step).count()
    }

    fn most_uses(&self) -> usize {
        if self.workflow.is_some() {
            MOST_USES
        } else {
            1
        }
    }

    fn over(&self, now: Timestamp) -> Vec<Difference> {
        if now >= self.expires {
            vec![Difference::Expired]
        } else if self.uses() >= self.most_uses() {
            vec![Difference::SecondSend]
        } else {
            Vec::new()
        }
    }

    fn hop(&self, gone: &Gone, passing: &Passing<'_>) -> Fit {
        if gone.origin != passing.terms.origin {
            return Fit::Differs(vec![Difference::Origin {
                sent: passing.terms.origin.clone(),
                agreed: gone.origin.clone(),
            }]);
        }
        let same = blake3::hash(passing.body) == gone.body;
        if !same || self.count(Step::Hop) >= MOST_HOPS {
            return Fit::Differs(vec![Difference::SecondSend]);
        }
        Fit::Covered(Step::Hop)
    }

    fn is_providers_own(&self, passing: &Passing<'_>) -> bool {
        let own = passing.frame == Some(passing.terms.origin.as_str());
        own && is_about_money(self.terms.kind) && self.frames.contains(&passing.terms.origin)
    }

    /// Its fields are the card's, which nothing shows; what it says of amounts still counts.
    fn provider(&self, passing: &Passing<'_>) -> Fit {
        let again = self.gone.iter().any(|gone| gone.print == passing.print());
        if again || self.count(Step::Provider) >= MOST_PROVIDER_REQUESTS {
            return Fit::Differs(vec![Difference::SecondSend]);
        }
        Fit::of(Step::Provider, fit::amounts(&self.terms, passing.terms))
    }

    /// `None` where it is no message of 3-D Secure.
    fn secure(&self, passing: &Passing<'_>) -> Option<Fit> {
        let message = Message::of(&passing.terms.fields)?;
        if !is_about_money(self.terms.kind) || (message.needs_a_payment() && self.gone.is_empty()) {
            return None;
        }
        let is_ours =
            |origin: &str| origin == self.terms.origin || self.frames.iter().any(|f| f == origin);
        if !message.returns_to(&passing.terms.origin, is_ours) {
            return None;
        }
        if self
            .messages
            .iter()
            .any(|sent| sent.sort() == message.sort())
        {
            return Some(Fit::Differs(vec![Difference::SecondSend]));
        }
        Some(Fit::Covered(Step::Secure))
    }
}

#[cfg(test)]
mod tests;
