//! From what a person was heard doing to a demonstration, and onto the disk. `steps` and `target` are pure; `save` writes.

mod save;
mod steps;
mod target;

pub use save::{SaveError, Saved, save};
pub use steps::{RecordError, Recorded, demonstration};
pub use target::target_query;
