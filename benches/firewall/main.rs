//! What the firewall costs, next to no firewall on the same servers and in turns: `make bench`.
//!
//! Prints medians with spread, and writes `bench-firewall.json` in the working directory. `BENCH_ROUNDS` makes it shorter
//! or longer, `BENCH_HELD_ONLY` leaves all out but the held writes.

mod browser;
mod clients;
mod held;
mod report;
mod site;

use report::Series;

/// Anything that stops the bench; its words are for whoever started it.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Pages, and requests in hundreds.
const ROUNDS: usize = 10;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    if std::env::var_os("BENCH_HELD_ONLY").is_some() {
        return held::print(2_000).await;
    }
    let rounds = match std::env::var("BENCH_ROUNDS") {
        Ok(rounds) => rounds.parse()?,
        Err(_) => ROUNDS,
    };
    let mut all: Vec<Series> = Vec::new();
    all.extend(clients::latency(rounds * 100).await?);
    let (downloads, grown) = clients::downloads(rounds.min(5)).await?;
    all.extend(downloads);
    all.extend(browser::requests(rounds).await?);
    all.extend(browser::pages(rounds).await?);
    report::publish(&all, "bench-firewall.json")?;
    println!(
        "\nMost memory that 500 MB added to this process, client and server counted: {grown:.0} MB."
    );
    held::print(2_000).await
}
