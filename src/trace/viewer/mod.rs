//! Shows a trace to a person: as text for a terminal, and as one self-contained page with its pictures.

mod html;
mod moments;
mod text;
mod words;

pub use html::html;
pub use text::text;
pub use words::{action, counts, duration, ending, printable};
