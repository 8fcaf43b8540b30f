//! A real browser: requests of a page, and pages of 100 resources, without the firewall, behind the switch, and behind
//! switch and hold together, in turns.

use std::sync::Arc;

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Action, Computer as _, Gate, Request, RequestEnd, Ruling};

use crate::Failure;
use crate::clients::switch_to;
use crate::report::{DIRECT, Series};
use crate::site::{Site, serve};

/// Requests of one page.
const REQUESTS: usize = 100;

/// Lets everything go at once, as reads are.
pub struct Open;

#[async_trait::async_trait]
impl Gate for Open {
    fn at_once(&self, _: &Request) -> Option<Ruling> {
        Some(Ruling::LetGo)
    }

    async fn decide(&self, _: Request) -> Ruling {
        Ruling::LetGo
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}

/// One page in turns by three browsers; what each page reports.
async fn contest(
    what: &str,
    rounds: usize,
    page: impl Fn(&Site, usize) -> String,
) -> Result<Vec<Series>, Failure> {
    let mut site = serve(false).await?;
    let switch = switch_to(site.port).await?;
    let downloads = tempfile::tempdir()?;
    let settings = || OpenSettings {
        downloads: downloads.path().to_owned(),
        ..OpenSettings::default()
    };
    // A proxy's credential is answered by the hold, so the switch comes with one; the second has the hold without it.
    let contestants: [(&'static str, OpenSettings); 3] = [
        (DIRECT, settings()),
        (
            "hold",
            OpenSettings {
                gate: Some(Arc::new(Open)),
                ..settings()
            },
        ),
        (
            "hold and switch",
            OpenSettings {
                gate: Some(Arc::new(Open)),
                outlet: Some(switch.outlet()),
                ..settings()
            },
        ),
    ];
    let mut browsers: Vec<(Browser, Series)> = Vec::new();
    for (behind, settings) in contestants {
        let series = Series {
            what: what.to_owned(),
            behind,
            millis: Vec::new(),
        };
        browsers.push((open(settings).await?, series));
    }
    for round in 0..=rounds {
        for (browser, series) in &mut browsers {
            let url = page(&site, round);
            browser.perform(&Action::Navigate { url }).await?;
            let report = site.results.recv().await.ok_or("the site is gone")?;
            // The first page fills caches.
            if round > 0 {
                for number in report.split(' ') {
                    series.millis.push(number.parse()?);
                }
            }
        }
    }
    let mut all = Vec::new();
    for (mut browser, series) in browsers {
        browser.end().await;
        all.push(series);
    }
    Ok(all)
}

/// Requests of a page, one after the other.
pub async fn requests(rounds: usize) -> Result<Vec<Series>, Failure> {
    contest("a page's request", rounds, |site, _| {
        format!("{}/requests/{REQUESTS}", site.base)
    })
    .await
}

/// Pages of 100 resources, until the load event has ended.
pub async fn pages(rounds: usize) -> Result<Vec<Series>, Failure> {
    contest("a page of 100 resources", rounds, |site, round| {
        format!("{}/hundred/{round}", site.base)
    })
    .await
}
