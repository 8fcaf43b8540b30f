//! What the imitator decides.
