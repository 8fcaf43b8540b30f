//! Demonstrations: their file format, and recording them.

mod format;
pub mod library;
mod schema;

pub use format::{
    After, Area, Demonstration, FormatError, Parameter, ParameterKind, Step, TargetQuery, Verb,
};
pub use schema::schema;
