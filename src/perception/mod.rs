//! Reading pictures: the text that a picture shows, line by line, and where each line is.
//!
//! PP-OCRv6's two networks do it, run in this process: `detect` finds lines, `recognise` reads each, `reading` puts them
//! in the order in which a person reads. Where their weights are missing, `tesseract` stands in.
//!
//! Invariant: what is read is data about a picture; nothing here opens a network connection or knows where a picture is from.

mod detect;
mod error;
mod picture;
mod reader;
mod reading;
mod recognise;
mod tesseract;
mod weights;

pub use error::PerceptionError;
pub use reader::{Reader, TextLine};
pub use tesseract::Tesseract;
pub use weights::Weights;
