//! The command line: one file for each subcommand; prints, and knows no browser.

pub mod doctor;
