//! What was measured, as a table for people and as `bench.json`.

use serde::Serialize;

/// All times of one thing at one size, in milliseconds.
pub struct Series {
    pub name: String,
    /// Elements of the page; 0 where there is none.
    pub elements: usize,
    pub millis: Vec<f64>,
}

/// A line of `bench.json`.
#[derive(Debug, Serialize)]
struct Row {
    name: String,
    elements: usize,
    median_ms: f64,
    p95_ms: f64,
    /// Of medians; absent where there is nothing to compare with.
    ratio_to_floor: Option<f64>,
}

/// The value below which a share of all lies (nearest rank); 0 of nothing.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}

pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The name of what the others are compared with.
pub const FLOOR: &str = "floor";

/// Prints the table and writes the file.
pub fn publish(all: &[Series], file: &str) -> std::io::Result<()> {
    println!(
        "{:<22} {:>8} {:>10} {:>10} {:>10} {:>10} {:>8}",
        "what", "elements", "median ms", "p25", "p75", "p95", "ratio"
    );
    let mut rows = Vec::with_capacity(all.len());
    for series in all {
        let middle = median(&series.millis);
        let ratio = all
            .iter()
            .find(|other| other.name == FLOOR && other.elements == series.elements)
            .map(|floor| middle / median(&floor.millis));
        println!(
            "{:<22} {:>8} {:>10.2} {:>10.2} {:>10.2} {:>10.2} {:>8}",
            series.name,
            series.elements,
            middle,
            quantile(&series.millis, 0.25),
            quantile(&series.millis, 0.75),
            quantile(&series.millis, 0.95),
            ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"))
        );
        rows.push(Row {
            name: series.name.clone(),
            elements: series.elements,
            median_ms: middle,
            p95_ms: quantile(&series.millis, 0.95),
            ratio_to_floor: ratio,
        });
    }
    let json = serde_json::to_string_pretty(&rows).map_err(std::io::Error::other)?;
    std::fs::write(file, json + "\n")
}
