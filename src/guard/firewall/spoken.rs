//! The log of every host that the browser spoke to, or was kept from speaking to.
//!
//! One line a host and port, so that a long run does not grow it; each connection is also told, once, when it ends.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use tokio::sync::mpsc;

/// What is known of one host at one port.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spoken {
    pub host: String,
    pub port: u16,
    /// Connections of tunnels, and single requests of plain http.
    pub exchanges: u64,
    /// Bytes that left, and that came; of tunnels all, of plain http those of bodies.
    pub sent: u64,
    pub received: u64,
    #[serde(with = "crate::guard::when")]
    pub first: Timestamp,
    #[serde(with = "crate::guard::when")]
    pub last: Timestamp,
    /// How often nothing was sent, and why the last time.
    pub refusals: u64,
    pub refused: Option<String>,
}

/// One exchange that ended, or that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub host: String,
    pub port: u16,
    pub way: Way,
    pub begun: Timestamp,
    pub ended: Timestamp,
    pub sent: u64,
    pub received: u64,
    /// Why nothing was sent.
    pub refused: Option<String>,
}

/// How something leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A tunnel that is not opened.
    Tunnel,
    /// Plain http.
    Plain,
    /// A WebSocket that is not opened.
    Socket,
    /// A WebSocket whose frames are reviewed.
    OpenedSocket,
}

/// Bytes of an exchange that may still run.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub sent: AtomicU64,
    pub received: AtomicU64,
}

impl Counts {
    pub fn moved(&self) -> u64 {
        self.sent.load(Ordering::Relaxed) + self.received.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(super) struct Log {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    hosts: BTreeMap<(String, u16), Spoken>,
    running: BTreeMap<u64, (String, u16, Arc<Counts>)>,
    next: u64,
    followers: Vec<mpsc::UnboundedSender<Exchange>>,
}

impl Log {
    /// All hosts, what still runs counted in.
    pub fn hosts(&self) -> Vec<Spoken> {
        let state = self.lock();
        let mut hosts = state.hosts.clone();
        for (host, port, counts) in state.running.values() {
            if let Some(spoken) = hosts.get_mut(&(host.clone(), *port)) {
                spoken.sent += counts.sent.load(Ordering::Relaxed);
                spoken.received += counts.received.load(Ordering::Relaxed);
            }
        }
        hosts.into_values().collect()
    }

    pub fn follow(&self) -> mpsc::UnboundedReceiver<Exchange> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.lock().followers.push(sender);
        receiver
    }

    /// Notes that nothing is sent to a host.
    pub fn refused(&self, host: &str, port: u16, way: Way, why: String) {
        let now = Timestamp::now();
        let mut state = self.lock();
        let spoken = state.host(host, port, now);
        spoken.refusals += 1;
        spoken.last = now;
        spoken.refused = Some(why.clone());
        state.tell(Exchange {
            host: host.to_owned(),
            port,
            way,
            begun: now,
            ended: now,
            sent: 0,
            received: 0,
            refused: Some(why),
        });
    }

    /// Notes that an exchange begins; it ends with the value.
    pub fn begin(self: &Arc<Self>, host: &str, port: u16, way: Way) -> Running {
        let begun = Timestamp::now();
        let counts = Arc::new(Counts::default());
        let mut state = self.lock();
        let spoken = state.host(host, port, begun);
        spoken.exchanges += 1;
        spoken.last = begun;
        let number = state.next;
        state.next += 1;
        let running = (host.to_owned(), port, Arc::clone(&counts));
        state.running.insert(number, running);
        Running {
            log: Arc::clone(self),
            number,
            way,
            begun,
            counts,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // The state is whole between any two of its statements.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn host(&mut self, host: &str, port: u16, now: Timestamp) -> &mut Spoken {
        self.hosts
            .entry((host.to_owned(), port))
            .or_insert_with(|| Spoken {
                host: host.to_owned(),
                port,
                exchanges: 0,
                sent: 0,
                received: 0,
                first: now,
                last: now,
                refusals: 0,
                refused: None,
            })
    }

    fn tell(&mut self, exchange: Exchange) {
        self.followers
            .retain(|follower| follower.send(exchange.clone()).is_ok());
    }
}

/// An exchange that runs; dropped at its end.
#[derive(Debug)]
pub(super) struct Running {
    log: Arc<Log>,
    number: u64,
    way: Way,
    begun: Timestamp,
    pub counts: Arc<Counts>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let ended = Timestamp::now();
        let mut state = self.log.lock();
        let Some((host, port, counts)) = state.running.remove(&self.number) else {
            return;
        };
        let sent = counts.sent.load(Ordering::Relaxed);
        let received = counts.received.load(Ordering::Relaxed);
        let spoken = state.host(&host, port, ended);
        spoken.sent += sent;
        spoken.received += received;
        spoken.last = ended;
        state.tell(Exchange {
            host,
            port,
            way: self.way,
            begun: self.begun,
            ended,
            sent,
            received,
            refused: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_one_line_however_often_it_is_spoken_to() {
        let log = Arc::new(Log::default());
        let mut followed = log.follow();
        for _ in 0..3 {
            let running = log.begin("example.com", 443, Way::Tunnel);
            running.counts.sent.fetch_add(10, Ordering::Relaxed);
            running.counts.received.fetch_add(100, Ordering::Relaxed);
        }
        log.refused("example.com", 443, Way::Socket, "no".to_owned());
        let still = log.begin("example.com", 443, Way::Tunnel);
        still.counts.received.fetch_add(1, Ordering::Relaxed);
        let hosts = log.hosts();
        assert_eq!(hosts.len(), 1);
        let host = &hosts[0];
        assert_eq!((host.exchanges, host.sent, host.received), (4, 30, 301));
        assert_eq!((host.refusals, host.refused.as_deref()), (1, Some("no")));
        let told: Vec<Exchange> = std::iter::from_fn(|| followed.try_recv().ok()).collect();
        assert_eq!(told.len(), 4, "what still runs is not told yet");
        assert_eq!(told[3].refused.as_deref(), Some("no"));
    }
}
