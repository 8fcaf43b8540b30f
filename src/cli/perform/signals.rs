//! Ctrl-C and the signals that ask a process to end, as interrupts of the run.

use crate::run::{Interrupt, Interrupts};

/// Listens from now on: Ctrl-C once ends after the current action, twice at once; SIGTERM and SIGHUP at once.
pub fn listen() -> Interrupts {
    let (interrupt, interrupts) = Interrupt::new();
    let by_hand = interrupt.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            by_hand.again();
        }
    });
    #[cfg(unix)]
    for kind in [
        tokio::signal::unix::SignalKind::terminate(),
        tokio::signal::unix::SignalKind::hangup(),
    ] {
        let interrupt = interrupt.clone();
        tokio::spawn(async move {
            if let Ok(mut signals) = tokio::signal::unix::signal(kind) {
                while signals.recv().await.is_some() {
                    interrupt.now();
                }
            }
        });
    }
    interrupts
}
