//! Apprentice drives a browser for a person: it looks at screenshots, decides what to do next, and does it, the way the
//! person showed it, and asks before anything that matters. `ARCHITECTURE.md` draws the rooms and the way of the data.

pub mod cli;
pub mod computer;
pub mod config;
pub mod demo;
pub mod guard;
pub mod human;
pub mod model;
pub mod perception;
pub mod policy;
pub mod run;
pub mod tour;
pub mod trace;
pub mod workflow;
