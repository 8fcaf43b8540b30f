//! Ctrl-C and the signals that ask a process to end, as interrupts of the run.

use crate::run::{Interrupt, Interrupts};

/// Listens from now on: Ctrl-C once ends after the current action, twice at once; SIGTERM and SIGHUP at once.
pub fn listen() -> Interrupts {
    let (interrupt, interrupts) = Interrupt::new();
    #[cfg(unix)]
    listen_to_the_system(&interrupt);
    #[cfg(not(unix))]
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            by_hand(&interrupt);
        }
    });
    interrupts
}

fn by_hand(interrupt: &Interrupt) {
    eprintln!("Ctrl-C: ending after the current action; once more ends at once");
    interrupt.again();
}

#[cfg(unix)]
fn listen_to_the_system(interrupt: &Interrupt) {
    use tokio::signal::unix::{SignalKind, signal};
    // SAFETY: ignoring a signal touches no memory. A file that reaches the user's size limit is then an error in words,
    // and no sudden death.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
    }
    for (kind, act) in [
        (SignalKind::interrupt(), by_hand as fn(&Interrupt)),
        (SignalKind::terminate(), Interrupt::now),
        (SignalKind::hangup(), Interrupt::now),
    ] {
        // Here and not in the task: from this moment on the signal must not end the process under its browser.
        let Ok(mut signals) = signal(kind) else {
            continue;
        };
        let interrupt = interrupt.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                act(&interrupt);
            }
        });
    }
}
