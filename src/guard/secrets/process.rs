//! Keeps secrets out of what a process leaves behind when it goes down: its panic message and its memory on disk.

use std::io::Write;
use std::sync::Once;

use super::mask;

/// From now on a panic is told with secrets masked, and this process leaves no image of its memory: no core dump, and on Linux
/// no other process of the same user may attach to it or read its environment (`/proc/PID/environ`).
pub fn protect() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        no_images();
        std::panic::set_hook(Box::new(|panic| {
            let place = panic
                .location()
                .map_or_else(String::new, |place| format!(" at {place}"));
            let said = panic.payload_as_str().unwrap_or("without a word");
            let thread = std::thread::current();
            let text = format!(
                "thread {:?} panicked{place}: {said}",
                thread.name().unwrap_or("unnamed")
            );
            // Nobody can be told that standard error is gone.
            let _ = writeln!(std::io::stderr(), "{}", mask::of_process().mask(&text));
        }));
    });
}

#[cfg(unix)]
fn no_images() {
    let none = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: both calls take plain values and touch no memory of this process.
    let limited = unsafe { libc::setrlimit(libc::RLIMIT_CORE, &none) };
    #[cfg(target_os = "linux")]
    // SAFETY: as above.
    let limited = limited | unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0) };
    if limited != 0 {
        tracing::debug!("this system does not let core dumps be switched off");
    }
}

#[cfg(not(unix))]
fn no_images() {}
