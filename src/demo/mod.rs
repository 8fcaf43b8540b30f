//! Demonstrations: their file format, and recording them.

mod format;
mod schema;
pub mod library;
pub mod recorder;

pub use format::{
    After, Area, Demonstration, FORMAT, FormatError, Parameter, ParameterKind, Step, TargetQuery,
    Verb,
};
pub use schema::schema;
