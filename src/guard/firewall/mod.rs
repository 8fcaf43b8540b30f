//! What keeps writes in until they are covered, in layers, each for what only it can do.
//!
//! *The hold* (`computer/browser/hold.rs`) stops every request of the browser on its own session; here is the gate that rules on
//! it. A held request waits until a rule, a permit or a person lets it go; the gate tells the run by channel what passed and
//! what waits, and the run asks.

mod gate;
mod held;
mod rule;

pub use gate::Firewall;
pub use held::{Answer, Held, Inbox, Word};
pub use rule::Scope;
