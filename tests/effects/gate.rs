//! A gate that holds every effect of the matrix, lets reads through, and knows permits for the terms that a page showed.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;

use apprentice::computer::{Gate, Request, RequestEnd, Ruling};
use tokio::sync::watch;

/// What it decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// Effects wait until they are released, and then are refused.
    Holds,
    /// Everything goes.
    LetsGo,
}

/// The gate.
#[derive(Debug)]
pub struct Watch {
    stance: Stance,
    book: Mutex<Book>,
    changed: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Book {
    /// Effects that were held or let go, by their cell.
    seen: BTreeMap<String, usize>,
    /// Cells that may send once what they showed.
    permits: HashSet<String>,
    released: HashSet<String>,
}

impl Watch {
    pub fn new(stance: Stance) -> Watch {
        Watch {
            stance,
            book: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.lock().expect("no panic while locked")
    }

    /// Gives a permit for one request of a cell, for what every page of the matrix shows at first.
    pub fn permit(&self, token: &str) {
        self.book().permits.insert(token.to_owned());
    }

    /// Refuses what is held of a cell, and what comes of it from now on.
    pub fn release(&self, token: &str) {
        self.book().released.insert(token.to_owned());
        self.changed.send_modify(|count| *count += 1);
    }

    /// How many effects of a cell came here.
    pub fn seen(&self, token: &str) -> usize {
        self.book().seen.get(token).copied().unwrap_or(0)
    }

    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }
}

#[async_trait::async_trait]
impl Gate for Watch {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        let Some(token) = token(&request.url) else {
            return Some(Ruling::LetGo);
        };
        // A preflight carries nothing.
        if request.method == "OPTIONS" {
            return Some(Ruling::LetGo);
        }
        let mut book = self.book();
        *book.seen.entry(token.to_owned()).or_default() += 1;
        let goes = self.stance == Stance::LetsGo
            || (shows_the_terms(request) && book.permits.remove(token));
        drop(book);
        self.changed.send_modify(|count| *count += 1);
        goes.then_some(Ruling::LetGo)
    }

    async fn decide(&self, request: Request) -> Ruling {
        let mut changed = self.subscribe();
        if let Some(token) = token(&request.url) {
            while !self.book().released.contains(token) {
                if changed.changed().await.is_err() {
                    break;
                }
            }
        }
        Ruling::Refuse
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}

/// The cell that an address is the effect of.
fn token(url: &str) -> Option<&str> {
    url.split_once("/effect/")?.1.split('/').next()
}

/// Whether all that would be sent is what the page showed at first.
fn shows_the_terms(request: &Request) -> bool {
    const TO: [&str; 3] = ["Green Shop", "Green+Shop", "Green%20Shop"];
    let says = |text: &str| text.contains("12.00") && TO.iter().any(|to| text.contains(to));
    !request.body_is_partial
        && says(&request.url)
        && (request.body.is_empty() || says(&String::from_utf8_lossy(&request.body)))
}
