//! Follows a workflow.

mod address;
mod likeness;
pub mod locate;
#[cfg(test)]
mod pages;
pub mod weights;
