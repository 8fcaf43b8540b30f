//! The sample applications of `apprentice tour`: a calendar, a folder of receipts, an expense tool and a ticket shop, served on
//! loopback by the program itself, with the demonstrations and plans that go with them.
//!
//! Invariants: every application listens on 127.0.0.1 only, on a free port; what it shows does not depend on today's date;
//! what was submitted is kept in memory and can be checked; nothing outside this room knows these pages.

mod bundled;
mod calendar;
mod expenses;
mod money;
mod page;
mod plans;
mod receipts;
mod servers;
mod tickets;

pub use bundled::{Bundled, bundled_demonstrations};
pub use expenses::Report;
pub use money::Cents;
pub use plans::{Plan, nothing_sent, plans};
pub use receipts::picture as receipt_picture;
pub use servers::{Servers, serve};
pub use tickets::Order;
