//! Demonstrations: their file format, and recording them.

mod format;
pub mod library;
pub mod recorder;
mod schema;

pub use format::{
    After, Area, Demonstration, FORMAT, FormatError, Parameter, ParameterKind, Step, TargetQuery,
    Verb,
};
pub use schema::schema;
