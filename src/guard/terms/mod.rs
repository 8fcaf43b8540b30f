//! What a yes is bound to: kind, origin, payee, recipients, items, amount and fields, read from a page or from a request.
//!
//! Invariants: pure; what is there and cannot be read is in [`Terms::unread`], never left out; of several readings of a request's
//! amount the highest is its amount, while a page's amount is the one its card shows.

mod name;
mod recipient;
mod sent;
mod shown;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::money::Money;

pub use sent::sent;
pub(super) use shown::{Deed, payment_frames, shown};

pub(super) use name::{Name, Role};
pub(super) use recipient::{find as addresses, normal as normal_address};

/// What is bought, booked or changed, and how many of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// As people read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// As the site numbers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    pub quantity: u64,
}

/// The terms of an intent (what the card shows) or of an effect (what the request says).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub kind: Kind,
    /// Where it is sent, as a serialised origin.
    pub origin: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payee: Option<String>,
    /// Mail addresses, accounts, phones, names; made comparable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Item>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Names and values: of a card as they are shown, of a request as they are sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// Of a page: the names and values that its fields would be sent under, where they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wire: Vec<(String, String)>,
    /// What stands in the request and could not be understood, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
}

impl Terms {
    /// Of this kind and origin, and nothing else known.
    pub fn new(kind: Kind, origin: impl Into<String>) -> Self {
        Terms {
            kind,
            origin: origin.into(),
            payee: None,
            recipients: Vec::new(),
            items: Vec::new(),
            amount: None,
            fields: Vec::new(),
            wire: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// The same with every text put through `mask`, for what is written to disk.
    #[must_use]
    pub fn masked(&self, mask: impl Fn(&str) -> String) -> Terms {
        let pairs = |list: &[(String, String)]| {
            list.iter()
                .map(|(name, value)| (mask(name), mask(value)))
                .collect()
        };
        Terms {
            kind: self.kind,
            origin: mask(&self.origin),
            payee: self.payee.as_deref().map(&mask),
            recipients: self.recipients.iter().map(|text| mask(text)).collect(),
            items: self
                .items
                .iter()
                .map(|item| Item {
                    name: item.name.as_deref().map(&mask),
                    id: item.id.as_deref().map(&mask),
                    quantity: item.quantity,
                })
                .collect(),
            amount: self.amount.clone(),
            fields: pairs(&self.fields),
            wire: pairs(&self.wire),
            unread: self.unread.iter().map(|text| mask(text)).collect(),
        }
    }
}

/// Whether an effect of this kind moves money or binds somebody to pay.
pub(super) fn is_about_money(kind: Kind) -> bool {
    match kind {
        Kind::Pay | Kind::TransferMoney | Kind::Order | Kind::Book => true,
        Kind::CancelOrReturn
        | Kind::Send
        | Kind::Publish
        | Kind::Delete
        | Kind::Share
        | Kind::ChangeCredentials
        | Kind::AcceptTerms
        | Kind::SubmitPersonalData
        | Kind::CreateAccount
        | Kind::SignIn
        | Kind::Upload
        | Kind::DownloadToRun
        | Kind::ChangeInBulk
        | Kind::LeaveSites
        | Kind::Other => false,
    }
}

#[cfg(test)]
mod tests;
