//! What `-vv` shows besides the steps: the program's own log on standard error, secrets masked.

use std::io::{self, Write};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use crate::guard::secrets::process_masker;

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
        .with_writer(|| Masked(io::stderr()))
        .with_ansi(false)
        .without_time();
    // A log that was started before (by a test) goes on.
    let _ = tracing_subscriber::registry()
        .with(lines.with_filter(own))
        .try_init();
}

/// Masks what is written; the log hands over whole lines.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        self.0.write_all(process_masker().mask(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::Masked;

    #[test]
    fn a_line_of_the_log_shows_no_card_number() {
        let mut log = Masked(Vec::new());
        log.write_all(b"typed 4242 4242 4242 4242\n").unwrap();
        assert_eq!(String::from_utf8(log.0).unwrap(), "typed ••••\n");
    }
}
