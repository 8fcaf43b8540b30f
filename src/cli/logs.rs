//! What `-vv` shows besides the steps: the program's own log on standard error.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

/// Starts the log where it was asked for. Only this program's own lines are let through: libraries would log whole
/// DevTools messages, and with them what is typed.
pub fn start(verbose: u8) {
    let level = match verbose {
        0 | 1 => return,
        2 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    let own = Targets::new()
        .with_target("apprentice", level)
        .with_target("browser", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .without_time();
    // A log that was started before (by a test) goes on.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(own))
        .try_init();
}
