//! Real third-party web applications, each with a database of its own to look into: what ordinary use is measured on.

pub mod attempt;
pub mod database;
pub mod serve;
pub mod workflows;

/// Anything that stops a measurement; its words are for whoever started it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
