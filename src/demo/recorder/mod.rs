//! From what a person was heard doing to a demonstration, and onto the disk. `witnessed` is what is known before, `steps` is pure;
//! `journal` keeps what is heard while it comes; `save` writes the take.

mod effects;
mod journal;
mod save;
mod steps;
mod witnessed;

pub use effects::Shown;
pub use journal::{Began, Interrupted, Journal, unfinished};
pub use save::{SaveError, Saved, check_name, save};
pub use steps::{RecordError, Recorded, demonstration, last_deed};
pub use witnessed::{Note, Said, Witnessed};
