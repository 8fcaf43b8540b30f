//! Whoever answers: a terminal, a script. A question asks for missing knowledge; a card asks for a yes before an effect.
//!
//! Invariant: no answer is never a yes. Where nobody is there, the run suspends.

mod card;
mod hand;
mod inline;
pub mod memory;
pub mod picture;
mod scripted;
mod terminal;

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::computer::Rect;
use crate::guard::Kind;

pub use card::render as render_card;
pub use scripted::Scripted;
pub use terminal::Terminal;

/// Something that the run does not know and will not guess.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// What the answer is for: a parameter's name, or the policy's own word. Remembered answers are found by it.
    pub key: String,
    pub text: String,
    /// Likely answers, best first. Any other text is an answer too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<String>,
    /// Boxes to draw, numbered from 1, on the picture that goes with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Rect>,
    /// Whether the answer is secret: not shown while typed, not written anywhere.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// What is about to happen, before it happens.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Card {
    pub kind: Kind,
    /// One sentence: `Submit would transfer or claim money at expenses.example`.
    pub title: String,
    /// Where it would be sent, as a serialised origin.
    pub origin: String,
    /// The amount with its currency as the page says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Who would get it: a merchant, an account, the addressees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub payees: Vec<String>,
    /// What it is about, one item a line, with its quantity.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Names and values that would be sent; secrets masked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
    /// What of it nobody said in this run: in words, each with whose word it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<String>,
    /// What would be clicked or pressed, in words.
    pub target: String,
    /// What made the guard ask.
    pub why: String,
    /// What the demonstration did here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demonstrated: Option<String>,
    /// Where it is not what was agreed to: each difference in a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
    /// What should be known before a yes: that it cannot be undone, that the address looks like another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// What a yes for this workflow would cover from now on; absent where there is no such yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// The request is on its way already and waits: it can be let go or stopped, not changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_its_way: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Rect>,
}

/// An answer to a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub text: String,
    /// Whether to keep it for the next run of this workflow.
    pub remember: bool,
}

/// An answer to a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    Yes,
    /// Yes, and from now on for this workflow as the card's offer says.
    YesForWorkflow,
    /// This is not done; what does not need it goes on.
    No,
    /// This is not done, and the run ends.
    NoAndStop,
    /// Change a field's value first, then show the card again.
    Edit {
        field: String,
        value: String,
    },
    /// The person did it by hand in the browser; look again and go on after it.
    DoneByHand,
}

/// Something that the person said they would do themselves, in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HandOver {
    /// What is to be done, in words.
    pub what: String,
    /// Address of the page that is in front.
    pub page: String,
    /// Whether they were told already, and something else was asked meanwhile.
    pub again: bool,
}

/// What a person says who does something themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandWord {
    Done,
    /// They will not do it: what was asked is asked again.
    Back,
}

/// The answer to a question that means: I will do that in the browser.
pub const MYSELF: &str = "I'll do it myself";

#[derive(Debug, thiserror::Error)]
pub enum HumanError {
    #[error("nobody is there to answer {question:?}: run it at a terminal, or give --answers FILE")]
    NobodyThere { question: String },
    #[error(
        "the answers in {file} have none left for {question:?}: add an [[answer]] whose `to` matches it"
    )]
    AnswersRanDry { file: String, question: String },
    #[error("the answers file {file} cannot be used: {reason}")]
    BadAnswers { file: String, reason: String },
    #[error("interrupted while waiting for an answer")]
    Interrupted,
    #[error("the terminal failed: {0}")]
    Terminal(String),
}

/// Whoever answers.
#[async_trait::async_trait]
pub trait Human: Send {
    /// `picture` is a file with the question's marks drawn on it.
    async fn ask(
        &mut self,
        question: &Question,
        picture: Option<&Path>,
    ) -> Result<Reply, HumanError>;

    async fn confirm(&mut self, card: &Card, picture: Option<&Path>)
    -> Result<Verdict, HumanError>;

    /// Whether somebody is there who can reach the browser, and so could do something themselves.
    fn can_take_over(&self) -> bool {
        false
    }

    /// Waits until the person has done something themselves, or says that they will not. May be dropped at any time and called
    /// again: meanwhile a card may have to be shown.
    async fn by_hand(&mut self, task: &HandOver) -> Result<HandWord, HumanError> {
        Err(HumanError::NobodyThere {
            question: task.what.clone(),
        })
    }
}

/// Answers nothing: for runs without a terminal and without a script.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

#[async_trait::async_trait]
impl Human for Nobody {
    async fn ask(&mut self, question: &Question, _: Option<&Path>) -> Result<Reply, HumanError> {
        Err(HumanError::NobodyThere {
            question: question.text.clone(),
        })
    }

    async fn confirm(&mut self, card: &Card, _: Option<&Path>) -> Result<Verdict, HumanError> {
        Err(HumanError::NobodyThere {
            question: card.title.clone(),
        })
    }
}
