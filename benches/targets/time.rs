//! How long it takes to find one target among two thousand elements.

use std::time::Instant;

use apprentice::demo::target_query;
use apprentice::policy::imitator::locate::{Purpose, locate};
use serde::Serialize;

use crate::Failure;
use crate::pages;
use crate::stage::Stage;

/// Rows of the page: about 2,000 elements.
const ROWS: usize = 245;
/// Every so many elements one is looked for.
const EVERY: usize = 10;

#[derive(Debug, Serialize)]
pub struct Time {
    pub elements: usize,
    pub targets: usize,
    pub median_ms: f64,
    /// Nineteen of twenty take less.
    pub most_ms: f64,
    pub worst_ms: f64,
    pub optimised: bool,
}

pub async fn measure() -> Result<Time, Failure> {
    let origin = pages::files().await?;
    let mut stage = Stage::open().await?;
    let address = format!("{origin}/benches/targets/sites/members.html?rows={ROWS}");
    let seen = stage.visit(&address).await?.seen;
    stage.close().await?;
    let controls = seen.elements.iter().filter(|element| element.interactive);
    let mut millis: Vec<f64> = controls
        .step_by(EVERY)
        .map(|element| {
            let query = target_query(element, None);
            let begun = Instant::now();
            std::hint::black_box(locate(&query, &seen, Purpose::Act));
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    millis.sort_by(f64::total_cmp);
    Ok(Time {
        elements: seen.elements.len(),
        targets: millis.len(),
        median_ms: millis[millis.len() / 2],
        most_ms: millis[millis.len() * 19 / 20],
        worst_ms: millis.last().copied().unwrap_or_default(),
        optimised: !cfg!(debug_assertions),
    })
}
