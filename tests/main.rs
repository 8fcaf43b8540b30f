//! The promises that are kept end to end, one file each, on real Chromium and the built binary.
mod cli;
mod perception;
mod tour_servers;
mod traces;
