//! The promises that are kept end to end, one file each, on real Chromium and the built binary.

mod cli;
mod faults;
mod model;
mod perception;
mod support;
mod tour_servers;
mod traces;
mod vision;
