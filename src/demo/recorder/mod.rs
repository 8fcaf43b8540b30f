//! From what a person was heard doing to a demonstration, and onto the disk. `steps` is pure; `save` writes.

mod effects;
mod save;
mod steps;

pub use effects::Shown;
pub use save::{SaveError, Saved, save};
pub use steps::{RecordError, Recorded, demonstration};
