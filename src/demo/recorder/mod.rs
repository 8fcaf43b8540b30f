//! From what a person was heard doing to a demonstration, and onto the disk. `witnessed` is what is known before, `steps` is pure;
//! `pictures` reads what was typed from a picture; `journal` keeps what is heard while it comes; `save` writes the take.

mod effects;
mod journal;
mod pictures;
mod save;
mod steps;
mod witnessed;

pub use effects::Shown;
pub use journal::{Began, Interrupted, Journal, unfinished};
pub use pictures::read_pictures;
pub use save::{SaveError, Saved, check_name, save, save_in};
pub use steps::{RecordError, Recorded, demonstration, last_deed};
pub use witnessed::{Note, Said, Witnessed};
