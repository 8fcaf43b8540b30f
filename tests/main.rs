//! The promises that are kept end to end, one file each, on real Chromium and the built binary.

mod apps;
mod browse;
mod choosing;
mod cli;
mod effects;
mod faults;
mod firewall;
mod guarded;
mod invariants;
mod learning;
mod library;
mod model;
mod noted;
mod perception;
mod recording;
mod replay;
mod rewording;
mod secrets;
mod support;
mod tour;
mod tour_by_model;
mod tour_servers;
mod traces;
mod unchanged;
mod vision;
mod webarena;
