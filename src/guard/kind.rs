//! The kinds of effect that matter to a person: what an action would do to the world outside the browser.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an action or a request would do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Pay,
    TransferMoney,
    Order,
    Book,
    CancelOrReturn,
    Send,
    Publish,
    Delete,
    Share,
    ChangeCredentials,
    AcceptTerms,
    SubmitPersonalData,
    CreateAccount,
    /// Sends a name and a password, to be let in.
    SignIn,
    Upload,
    DownloadToRun,
    ChangeInBulk,
    LeaveSites,
    /// Sends something, and nothing says what: unknown means ask.
    #[default]
    Other,
}

impl Kind {
    pub const ALL: [Kind; 19] = [
        Kind::Pay,
        Kind::TransferMoney,
        Kind::Order,
        Kind::Book,
        Kind::CancelOrReturn,
        Kind::Send,
        Kind::Publish,
        Kind::Delete,
        Kind::Share,
        Kind::ChangeCredentials,
        Kind::AcceptTerms,
        Kind::SubmitPersonalData,
        Kind::CreateAccount,
        Kind::SignIn,
        Kind::Upload,
        Kind::DownloadToRun,
        Kind::ChangeInBulk,
        Kind::LeaveSites,
        Kind::Other,
    ];

    /// What it would do, as a card says it: "this would ...".
    pub fn phrase(self) -> &'static str {
        match self {
            Kind::Pay => "pay money",
            Kind::TransferMoney => "transfer or claim money",
            Kind::Order => "place an order",
            Kind::Book => "make a booking",
            Kind::CancelOrReturn => "cancel or return something",
            Kind::Send => "send a message",
            Kind::Publish => "publish something",
            Kind::Delete => "delete something",
            Kind::Share => "share something or change who has access",
            Kind::ChangeCredentials => "change a password or another credential",
            Kind::AcceptTerms => "accept terms",
            Kind::SubmitPersonalData => "submit personal data",
            Kind::CreateAccount => "create an account",
            Kind::SignIn => "sign in",
            Kind::Upload => "upload a file",
            Kind::DownloadToRun => "download something that can be run",
            Kind::ChangeInBulk => "change many things at once",
            Kind::LeaveSites => "leave the sites of the goal",
            Kind::Other => "send something that nothing here explains",
        }
    }
}
