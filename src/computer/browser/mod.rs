//! The real browser behind the trait `Computer`.
