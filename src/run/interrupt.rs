//! Being interrupted: once ends the run after the current action, twice ends it at once.

use tokio::sync::watch;

/// The end that signals (Ctrl-C, SIGTERM, a test).
#[derive(Debug, Clone)]
pub struct Interrupt(watch::Sender<u8>);

/// The end that a run listens on.
#[derive(Debug, Clone)]
pub struct Interrupts(watch::Receiver<u8>);

impl Interrupt {
    pub fn new() -> (Self, Interrupts) {
        let (sender, receiver) = watch::channel(0);
        (Self(sender), Interrupts(receiver))
    }

    /// One more wish to end.
    pub fn again(&self) {
        self.0.send_modify(|count| *count = count.saturating_add(1));
    }

    /// End at once.
    pub fn now(&self) {
        self.0.send_modify(|count| *count = (*count).max(2));
    }
}

impl Interrupts {
    /// Whether the run is to end after the current action.
    pub fn soon(&self) -> bool {
        *self.0.borrow() >= 1
    }

    /// Waits until the run is to end at once. Never returns where nobody can signal any more.
    pub async fn at_once(&self) {
        self.reached(2).await;
    }

    /// Waits until the run is to end, at once or soon.
    pub async fn any(&self) {
        self.reached(1).await;
    }

    async fn reached(&self, least: u8) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|count| *count >= least).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
