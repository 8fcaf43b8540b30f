//! What an action means, and whether it needs a yes.
//!
//! Invariants: the guard sees actions, observations and requests, never a policy; unknown means ask; what is read from a page
//! is data and widens nothing; rules that cannot be read are an error, never no rules.

mod address;
mod amount;
mod card;
#[cfg(test)]
mod cases;
mod control;
pub mod effect;
pub mod firewall;
pub mod journal;
mod keys;
mod kind;
mod meaning;
pub mod money;
pub mod origin;
pub mod permit;
mod policy_file;
mod policy_terms;
mod review;
pub mod secrets;
pub mod terms;
pub mod trust;
mod uploads;
mod when;
mod words;

pub use card::dress;
pub use control::at as element_at;
pub use kind::Kind;
pub use policy_file::{GuardPolicy, GuardPolicyError, Opened, Rule};
pub use review::{Proposal, Review, review};
pub use uploads::Uploads;
