//! Demonstrations: their file format, and recording them.

mod format;

pub use format::{
    After, Area, Demonstration, FormatError, Parameter, ParameterKind, Step, TargetQuery, Verb,
};
