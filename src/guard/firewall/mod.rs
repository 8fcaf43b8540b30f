//! The firewall: three layers between the browser and the world, each for what only it can do.
//!
//! The *hold* (`computer/browser/hold`) stops every request inside the browser, with its whole body, until a gate rules on
//! it: `gate` asks the pure `rule`, and what neither a rule nor a permit covers waits for the run to ask. The *switch* is
//! the browser's only network, two proxies inside this process: it knows hosts and opens nothing, so connections keep the
//! browser's own TLS; when this process dies, so does the network, and what was held is never sent. The *socket gate* is
//! the switch's second door, for what the hold cannot see: WebSockets, refused unless their origin was admitted, and where
//! frames matter opened and reviewed one by one.
//!
//! Invariants: a host is judged by name before it is resolved and by address after, and the connection goes to the judged
//! address; whoever lacks the run's credential gets nothing; what cannot be read is refused.

mod authority;
mod begun;
mod card;
mod dial;
mod frames;
mod gate;
mod held;
mod hello;
mod hosts;
mod plain;
mod refusal;
mod rule;
#[cfg(test)]
mod rule_tests;
mod socket_rule;
mod sockets;
mod spoken;
mod switch;
mod tunnel;
mod upstream;

pub use dial::{DialError, Resolve, SystemResolver};
pub use gate::{Firewall, FirewallSettings};
pub use held::{Answer, Held, Inbox, Word};
pub use hosts::{HostName, HostRefusal, HostRules};
pub use rule::{Rules, Scope};
pub use sockets::{Admission, FrameRuling, RefuseSockets, Sent, SentByPage, SocketGate};
pub use spoken::{Exchange, Spoken, Way};
pub use switch::{Switch, SwitchError, SwitchSettings};
pub use upstream::{ProxyKind, Upstream, UpstreamError, Upstreams};
