//! Demonstrations: their file format, and recording them.

mod format;
pub mod learned;
pub mod library;
pub mod recorder;
mod schema;
mod seen;
mod target;

pub use format::{
    After, Area, Demonstration, FORMAT, FormatError, Parameter, ParameterKind, Step, TargetQuery,
    Verb, literal,
};
pub use schema::schema;
pub use seen::Seen;
pub use target::target_query;
