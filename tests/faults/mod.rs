//! Bad input and faults: every one ends with a sentence that says what, where and what to do, with the right exit code, a
//! trace that is whole, and no process left behind.

mod answers;
mod browser;
mod demonstrations;
mod folders;
mod guard;
mod models;
mod pages;
mod signals;
