//! Whole inductions, from recordings made of plain pages.
