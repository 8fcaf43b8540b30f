//! In what a request is not what was agreed to, each as a sentence for the card.

use std::fmt;

use super::super::kind::Kind;
use super::super::money::Money;

/// Longest value that a sentence repeats, in characters.
const LONGEST: usize = 80;

/// One difference between a request and a permit.
#[derive(Debug, Clone, PartialEq)]
pub enum Difference {
    Kind {
        sent: Kind,
        agreed: Kind,
    },
    Origin {
        sent: String,
        agreed: String,
    },
    Amount {
        sent: Money,
        agreed: Option<Money>,
    },
    Currency {
        sent: String,
        agreed: Money,
    },
    Payee {
        sent: String,
        agreed: Option<String>,
    },
    Recipient {
        sent: String,
    },
    Item {
        sent: String,
    },
    Quantity {
        sent: u64,
        agreed: u64,
    },
    Field {
        name: String,
        sent: String,
        agreed: Option<String>,
    },
    /// Something in it could not be understood.
    Unread {
        what: String,
    },
    /// What was agreed to has been sent already.
    SecondSend,
    /// The yes is too old.
    Expired,
    /// The yes was for another workflow.
    Workflow {
        agreed: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Kind { sent, agreed } => write!(
                f,
                "it would {}, you agreed to {}",
                sent.phrase(),
                agreed.phrase()
            ),
            Difference::Origin { sent, agreed } => {
                write!(f, "it goes to {sent}, you agreed to {agreed}")
            }
            Difference::Amount { sent, agreed } => match agreed {
                Some(agreed) => write!(f, "the amount is {sent}, you agreed to {agreed}"),
                None => write!(f, "the amount is {sent}, the card showed none"),
            },
            Difference::Currency { sent, agreed } => {
                write!(f, "the currency is {}, you agreed to {agreed}", short(sent))
            }
            Difference::Payee { sent, agreed } => match agreed {
                Some(agreed) => {
                    write!(f, "the payee is {}, you agreed to {agreed}", short(sent))
                }
                None => write!(f, "the payee is {}, the card showed none", short(sent)),
            },
            Difference::Recipient { sent } => {
                write!(f, "it also goes to {}, which was on no card", short(sent))
            }
            Difference::Item { sent } => {
                write!(f, "it has {}, which was on no card", short(sent))
            }
            Difference::Quantity { sent, agreed } => {
                write!(f, "it is for {sent} pieces, you agreed to {agreed}")
            }
            Difference::Field { name, sent, agreed } => match agreed {
                Some(agreed) => write!(
                    f,
                    "{} is {:?}, you saw {:?}",
                    short(name),
                    short(sent),
                    short(agreed)
                ),
                None => write!(
                    f,
                    "{} is {:?}, which was on no card",
                    short(name),
                    short(sent)
                ),
            },
            Difference::Unread { what } => write!(f, "{what}"),
            Difference::SecondSend => {
                f.write_str("you agreed to it once, and it has been sent already")
            }
            Difference::Expired => f.write_str("your yes was too long ago"),
            Difference::Workflow { agreed } => {
                write!(f, "you agreed to it for the workflow {agreed:?} only")
            }
        }
    }
}

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start} …")
}
