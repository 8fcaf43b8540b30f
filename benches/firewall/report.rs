//! What was measured, as a table for people and as JSON.

use serde::Serialize;

/// The same thing measured many times.
pub struct Series {
    pub what: String,
    /// Without the firewall, which the others of the same `what` are compared with, or behind what.
    pub behind: &'static str,
    pub millis: Vec<f64>,
}

/// The name of what the others are compared with.
pub const DIRECT: &str = "direct";

#[derive(Serialize)]
struct Row {
    what: String,
    behind: &'static str,
    median_ms: f64,
    p25_ms: f64,
    p75_ms: f64,
    p99_ms: f64,
    /// Of medians, and of the 99th percentiles.
    added_ms: f64,
    added_p99_ms: f64,
    ratio: f64,
}

/// The value below which a share of all lies (nearest rank); 0 of nothing.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

/// Prints the table and writes the file.
pub fn publish(all: &[Series], file: &str) -> std::io::Result<()> {
    println!(
        "{:<34} {:<16} {:>10} {:>10} {:>10} {:>10} {:>9} {:>9} {:>6}",
        "what", "behind", "median ms", "p25", "p75", "p99", "added", "added p99", "ratio"
    );
    let mut rows = Vec::with_capacity(all.len());
    for series in all {
        let of = |series: &Series, share| quantile(&series.millis, share);
        let direct = all
            .iter()
            .find(|other| other.what == series.what && other.behind == DIRECT)
            .unwrap_or(series);
        let row = Row {
            what: series.what.clone(),
            behind: series.behind,
            median_ms: of(series, 0.5),
            p25_ms: of(series, 0.25),
            p75_ms: of(series, 0.75),
            p99_ms: of(series, 0.99),
            added_ms: of(series, 0.5) - of(direct, 0.5),
            added_p99_ms: of(series, 0.99) - of(direct, 0.99),
            ratio: of(series, 0.5) / of(direct, 0.5),
        };
        println!(
            "{:<34} {:<16} {:>10.2} {:>10.2} {:>10.2} {:>10.2} {:>9.2} {:>9.2} {:>6.2}",
            row.what,
            row.behind,
            row.median_ms,
            row.p25_ms,
            row.p75_ms,
            row.p99_ms,
            row.added_ms,
            row.added_p99_ms,
            row.ratio
        );
        rows.push(row);
    }
    let json = serde_json::to_string_pretty(&rows).map_err(std::io::Error::other)?;
    std::fs::write(file, json + "\n")
}
