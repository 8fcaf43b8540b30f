//! How often a person said yes, for each workflow, site, kind and payee, and where they said that no more need be asked.
//!
//! Invariants: pure but for [`file`]; a grant is made by an explicit yes to an offer or by the person's own command, and by nothing else; it
//! never reaches beyond what was seen: the same workflow, site, kind and payee, and where money moves, an amount that was agreed
//! to before; any no, edit or correction takes back every grant of that workflow, site and kind.

pub mod file;
mod keeper;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::money::Money;
use super::permit::{Offer, Permit};
use super::terms::{Terms, is_about_money};
use crate::human::Verdict;

pub use keeper::Keeper;

/// Yeses in a row, without an edit, after which a card offers to stop asking.
pub const YESES_BEFORE_OFFER: u32 = 3;

/// What is asked about: trust in one is no trust in another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub workflow: String,
    /// Serialised origin.
    pub site: String,
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<String>,
    /// Where it goes, beside the payee.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
}

impl Subject {
    /// What a card's terms are about, in a workflow.
    pub fn of(workflow: &str, terms: &Terms) -> Self {
        Subject {
            workflow: workflow.to_owned(),
            site: terms.origin.clone(),
            kind: terms.kind,
            payee: terms.payee.clone(),
            recipients: terms.recipients.clone(),
        }
    }

    fn is_beside(&self, other: &Subject) -> bool {
        self.workflow == other.workflow && self.site == other.site && self.kind == other.kind
    }
}

/// What the person answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// Changed a value first.
    Edit,
    /// Put right afterwards what the run had done.
    Correction,
}

/// What is known of one subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub subject: Subject,
    pub yeses: u32,
    #[serde(default)]
    pub noes: u32,
    #[serde(default)]
    pub edits: u32,
    /// Yeses since the last no, edit or correction.
    pub in_a_row: u32,
    /// The largest amounts that those yeses agreed to, one of each currency; only certain currencies.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub largest: Vec<Money>,
    #[serde(with = "crate::guard::when")]
    #[schemars(with = "String")]
    pub last: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant: Option<Grant>,
}

/// A person's word that no more need be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    #[serde(with = "crate::guard::when")]
    #[schemars(with = "String")]
    pub given: Timestamp,
    /// Highest amounts, one of each currency; empty where the kind has nothing to do with money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub up_to: Vec<Money>,
}

/// An offer to stop asking, to be put on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustOffer {
    subject: Subject,
    up_to: Vec<Money>,
    yeses: u32,
}

impl TrustOffer {
    /// The question, in a sentence.
    pub fn sentence(&self) -> String {
        let Subject {
            workflow,
            site,
            kind,
            payee,
            ..
        } = &self.subject;
        let payee = payee
            .as_ref()
            .map_or_else(String::new, |payee| format!(" to {payee}"));
        let limit = if self.up_to.is_empty() {
            String::new()
        } else {
            let amounts: Vec<String> = self.up_to.iter().map(Money::to_string).collect();
            format!(", up to {}", amounts.join(" or "))
        };
        format!(
            "you said yes {} times in a row: stop asking when {workflow:?} would {} at {site}{payee}{limit}?",
            self.yeses,
            kind.phrase()
        )
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoGrant {
    #[error("nothing like this was ever asked: trust grows from yeses, so run the workflow first")]
    NeverAsked,
    #[error("no amount in a certain currency was agreed to, and money needs a limit")]
    NoAmount,
}

/// All entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    entries: Vec<Entry>,
}

impl Ledger {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes down what was answered to a card with these terms.
    pub fn record(&mut self, workflow: &str, terms: &Terms, answer: Answer, now: Timestamp) {
        let subject = Subject::of(workflow, terms);
        let amount = terms.amount.as_ref().filter(|money| {
            money
                .currency()
                .is_some_and(|currency| currency.code().is_some())
        });
        if answer != Answer::Yes {
            for beside in self
                .entries
                .iter_mut()
                .filter(|e| e.subject.is_beside(&subject))
            {
                beside.in_a_row = 0;
                beside.largest.clear();
                beside.grant = None;
            }
        }
        let entry = self.entry(subject, now);
        entry.last = now;
        match answer {
            Answer::Yes => {
                entry.yeses = entry.yeses.saturating_add(1);
                entry.in_a_row = entry.in_a_row.saturating_add(1);
                if let Some(amount) = amount {
                    raise(&mut entry.largest, amount);
                }
            }
            Answer::No => entry.noes = entry.noes.saturating_add(1),
            Answer::Edit | Answer::Correction => entry.edits = entry.edits.saturating_add(1),
        }
    }

    fn entry(&mut self, subject: Subject, now: Timestamp) -> &mut Entry {
        let at = self
            .entries
            .iter()
            .position(|entry| entry.subject == subject);
        let at = at.unwrap_or_else(|| {
            self.entries.push(Entry {
                subject,
                yeses: 0,
                noes: 0,
                edits: 0,
                in_a_row: 0,
                largest: Vec::new(),
                last: now,
                grant: None,
            });
            self.entries.len() - 1
        });
        &mut self.entries[at]
    }

    /// The offer to put on this card, where there have been enough yeses and no grant covers it yet.
    pub fn offer(&self, workflow: &str, terms: &Terms) -> Option<TrustOffer> {
        let subject = Subject::of(workflow, terms);
        let entry = self.entries.iter().find(|entry| entry.subject == subject)?;
        let enough =
            entry.in_a_row >= YESES_BEFORE_OFFER && self.grant_for(workflow, terms).is_none();
        let limited = !is_about_money(subject.kind) || !entry.largest.is_empty();
        (enough && limited).then(|| TrustOffer {
            up_to: entry.largest.clone(),
            yeses: entry.in_a_row,
            subject,
        })
    }

    /// Makes the grant that was offered; says whether there is one, which only a yes to the offer makes.
    pub fn accept(&mut self, offer: &TrustOffer, verdict: &Verdict, now: Timestamp) -> bool {
        if *verdict != Verdict::Yes {
            return false;
        }
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.subject == offer.subject);
        // Taken back while the card was shown: the yes was to something that no longer is.
        let Some(entry) = entry.filter(|entry| entry.in_a_row >= YESES_BEFORE_OFFER) else {
            return false;
        };
        entry.grant = Some(Grant {
            given: now,
            up_to: offer.up_to.clone(),
        });
        true
    }

    /// Makes a grant by the person's own command, within what was seen.
    ///
    /// # Errors
    /// [`NoGrant`].
    pub fn allow(&mut self, subject: &Subject, now: Timestamp) -> Result<&Grant, NoGrant> {
        let entry = self
            .entries
            .iter_mut()
            .find(|entry| entry.subject == *subject);
        let entry = entry
            .filter(|entry| entry.in_a_row > 0)
            .ok_or(NoGrant::NeverAsked)?;
        if is_about_money(subject.kind) && entry.largest.is_empty() {
            return Err(NoGrant::NoAmount);
        }
        Ok(entry.grant.insert(Grant {
            given: now,
            up_to: entry.largest.clone(),
        }))
    }

    /// Takes back the grants that `which` names; says how many there were.
    pub fn revoke(&mut self, which: impl Fn(&Subject) -> bool) -> usize {
        let mut taken = 0;
        for entry in self
            .entries
            .iter_mut()
            .filter(|entry| which(&entry.subject))
        {
            taken += usize::from(entry.grant.take().is_some());
            entry.in_a_row = 0;
            entry.largest.clear();
        }
        taken
    }

    /// Forgets everything of what `which` names; says how many entries there were.
    pub fn forget(&mut self, which: impl Fn(&Subject) -> bool) -> usize {
        let before = self.entries.len();
        self.entries.retain(|entry| !which(&entry.subject));
        before - self.entries.len()
    }

    /// The amount up to which a grant covers these terms; `Some(None)` where money plays no part.
    fn grant_for(&self, workflow: &str, terms: &Terms) -> Option<Option<&Money>> {
        let subject = Subject::of(workflow, terms);
        let entry = self.entries.iter().find(|entry| entry.subject == subject)?;
        let grant = entry.grant.as_ref()?;
        if !terms.unread.is_empty() {
            return None;
        }
        match &terms.amount {
            Some(amount) => grant
                .up_to
                .iter()
                .find(|limit| amount.at_most(limit))
                .map(Some),
            None => (!is_about_money(subject.kind)).then_some(None),
        }
    }

    /// A permit without asking, where a grant covers what the card would show; hands the offer back where none does.
    ///
    /// # Errors
    /// The offer, to be put on a card.
    pub fn permit(
        &self,
        workflow: &str,
        offer: Offer,
        now: Timestamp,
    ) -> Result<Permit, Box<Offer>> {
        match self.grant_for(workflow, offer.terms()) {
            Some(limit) => {
                let limit = limit.cloned();
                Ok(offer.accept_by_grant(limit, now))
            }
            None => Err(Box::new(offer)),
        }
    }
}

/// Keeps the largest amount of each currency.
fn raise(largest: &mut Vec<Money>, amount: &Money) {
    match largest
        .iter_mut()
        .find(|one| one.currency() == amount.currency())
    {
        Some(one) if one.at_most(amount) => *one = amount.clone(),
        Some(_) => {}
        None => largest.push(amount.clone()),
    }
}

#[cfg(test)]
mod tests;
