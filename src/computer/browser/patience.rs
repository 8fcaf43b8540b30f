//! Limits that stand still while a request waits for a person: a page whose request is held is not late, it is waited for.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

/// How many requests wait for a decision, and the clock of those who wait for the page.
#[derive(Debug, Clone)]
pub struct Holds {
    count: Arc<watch::Sender<usize>>,
}

impl Default for Holds {
    fn default() -> Self {
        Self {
            count: Arc::new(watch::channel(0).0),
        }
    }
}

impl Holds {
    /// Counts one more request as held, for as long as the answer lives.
    pub fn one_more(&self) -> Waits {
        self.count.send_modify(|count| *count += 1);
        Waits(self.clone())
    }

    pub fn any(&self) -> bool {
        *self.count.borrow() > 0
    }

    /// Waits until nothing is held.
    pub async fn none(&self) {
        // The sender is in `self`, so waiting cannot fail.
        let _ = self.count.subscribe().wait_for(|count| *count == 0).await;
    }

    /// Waits for something, up to a limit that begins anew each time that nothing is held any more.
    pub async fn within<T>(&self, limit: Duration, wanted: impl Future<Output = T>) -> Option<T> {
        let mut wanted = pin!(wanted);
        loop {
            tokio::select! {
                biased;
                done = &mut wanted => return Some(done),
                () = tokio::time::sleep(limit) => {
                    if !self.any() {
                        return None;
                    }
                    tokio::select! {
                        biased;
                        done = &mut wanted => return Some(done),
                        () = self.none() => {}
                    }
                }
            }
        }
    }
}

/// A request that waits.
#[derive(Debug)]
pub struct Waits(Holds);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.count.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(5);

    #[tokio::test]
    async fn a_limit_ends_the_waiting() {
        let holds = Holds::default();
        let ended = holds.within(LIMIT, std::future::pending::<()>()).await;
        assert_eq!(ended, None);
    }

    #[tokio::test]
    async fn a_limit_stands_still_while_something_is_held() {
        let holds = Holds::default();
        let waits_for_a_person = holds.one_more();
        let waiting = holds.within(LIMIT, tokio::time::sleep(LIMIT * 20));
        assert_eq!(waiting.await, Some(()));
        drop(waits_for_a_person);
        let late = holds.within(LIMIT, tokio::time::sleep(LIMIT * 20));
        assert_eq!(late.await, None);
    }
}
