//! Apprentice drives a browser for a person: it looks at screenshots, decides what to do next, and does it, the way the
//! person showed it, and asks before anything that matters. `ARCHITECTURE.md` draws the rooms and the way of the data.

pub mod computer;
pub mod demo;
pub mod guard;
pub mod human;
pub mod policy;
pub mod trace;
pub mod workflow;
