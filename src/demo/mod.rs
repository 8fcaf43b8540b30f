//! Demonstrations: their file format, recording them, the library of them, and their way from and to other tools.

pub mod by_hand;
pub mod exchange;
mod forget;
mod format;
mod holes;
pub mod learned;
pub mod library;
pub mod lint;
pub mod recorder;
mod schema;
mod secret_field;
mod seen;
mod sites;
mod target;
pub mod words;

pub use forget::{ForgetError, forget};
pub use format::{
    After, Area, Demonstration, FORMAT, FormatError, Parameter, ParameterKind, Step, TO_END,
    TO_START, TargetQuery, Verb, literal, undoubled,
};
pub use holes::{Piece, pieces};
pub use schema::schema;
pub use secret_field::is_secret;
pub use seen::{Seen, attach_from as attach_pages};
pub use target::target_query;
pub use words::describe;
