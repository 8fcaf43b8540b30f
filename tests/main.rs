//! The promises that are kept end to end, one file each, on real Chromium and the built binary.

mod model;
mod support;
mod vision;
