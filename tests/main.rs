//! The promises that are kept end to end, one file each, on real Chromium and the built binary.

mod cli;
mod model;
mod perception;
mod recording;
mod support;
mod tour_servers;
mod traces;
mod vision;
