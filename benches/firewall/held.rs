//! Many writes held at once, and let go again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use apprentice::computer::browser::{OpenSettings, open};
use apprentice::computer::{Action, Computer as _, Gate, Request, RequestEnd, Ruling};
use tokio::sync::watch;

use crate::Failure;
use crate::clients::{resident_mb, switch_to};
use crate::site::serve;

/// How long holding all, and the next arrival, may take; beyond it, something stands still.
const LIMIT: Duration = Duration::from_secs(60);

/// Holds writes until it is told to let them go.
struct Holding {
    held: watch::Sender<usize>,
    free: watch::Sender<bool>,
}

#[async_trait::async_trait]
impl Gate for Holding {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        (request.method == "GET").then_some(Ruling::LetGo)
    }

    async fn decide(&self, _: Request) -> Ruling {
        self.held.send_modify(|held| *held += 1);
        match self.free.subscribe().wait_for(|free| *free).await {
            Ok(_) => Ruling::LetGo,
            Err(_) => Ruling::Refuse,
        }
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}

/// Has a page send so many writes at once, holds them all, lets them all go, and prints how long each took.
pub async fn print(writes: usize) -> Result<(), Failure> {
    let mut site = serve(false).await?;
    let switch = switch_to(site.port).await?;
    let downloads = tempfile::tempdir()?;
    let gate = Arc::new(Holding {
        held: watch::Sender::new(0),
        free: watch::Sender::new(false),
    });
    let mut browser = open(OpenSettings {
        downloads: downloads.path().to_owned(),
        gate: Some(gate.clone()),
        outlet: Some(switch.outlet()),
        ..OpenSettings::default()
    })
    .await?;
    let before = resident_mb()?;
    let begun = Instant::now();
    let url = format!("{}/writes/{writes}", site.base);
    let mut held = gate.held.subscribe();
    let opening = tokio::spawn(async move {
        let done = browser.perform(&Action::Navigate { url }).await;
        (browser, done.map(drop))
    });
    let all = tokio::time::timeout(LIMIT, held.wait_for(|held| *held == writes)).await;
    if all.is_err() {
        let held = *gate.held.borrow();
        return Err(format!("only {held} of {writes} were held within {LIMIT:?}").into());
    }
    let all_held = begun.elapsed();
    let memory = resident_mb()? - before;
    if let Ok(arrived) = site.results.try_recv() {
        return Err(format!("{arrived} arrived while it was held").into());
    }
    let begun = Instant::now();
    gate.free.send_replace(true);
    for arrived in 0..writes {
        let next = tokio::time::timeout(LIMIT, site.results.recv()).await;
        next.map_err(|_| format!("only {arrived} of {writes} arrived when they were let go"))?
            .ok_or("the site is gone")?;
    }
    println!(
        "{writes} writes of one page: all held after {:.1} s with {memory:.0} MB more memory, none arrived; let go, all arrived after {:.1} s.",
        all_held.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
    let (mut browser, opened) = opening.await?;
    browser.end().await;
    Ok(opened?)
}
