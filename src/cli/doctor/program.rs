//! Asks an installed program a question on its command line, and waits for the answer no longer than a limit.

use std::ffi::OsStr;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(5);

/// What the program writes to its standard output; `None` where it is not there, fails, or does not answer in time.
pub(super) fn ask(program: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let mut output = child.stdout.take()?;
    let (said, hear) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = said.send(output.read_to_end(&mut bytes).map(|_| bytes));
    });
    let heard = hear.recv_timeout(LIMIT);
    if heard.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().ok()?;
    let bytes = heard.ok()?.ok()?;
    status
        .success()
        .then(|| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn answers_are_heard_and_failures_are_none() {
        assert_eq!(
            ask("/bin/sh", &["-c", "echo yes"]).as_deref(),
            Some("yes\n")
        );
        assert_eq!(ask("/bin/sh", &["-c", "echo no; exit 3"]), None);
        assert_eq!(ask("/nowhere/program", &[]), None);
    }
}
