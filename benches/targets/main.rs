//! How well targets are found again on pages that have changed, next to other ways to write a target down:
//! `make bench-targets`.
//!
//! Each page is opened in Chromium, some of its controls are recorded as the recorder does it, the page is changed by a
//! seeded script, and every locator says where the controls are. What is true is known by the nodes themselves. Half of the
//! pages is for fitting weights (`FIT=1`), the other half for the numbers that are reported.
//!
//! `SEED`, `PAGES` (parts of names) and `FRESH=1` change what is done; what was seen is kept in `target/targets/SEED.json`.

#[path = "../../tests/support/devtools.rs"]
#[expect(dead_code, reason = "tests open tabs with it, too")]
mod devtools;
#[path = "../miniwob/files.rs"]
mod files;
mod fit;
mod look;
mod pages;
#[path = "../../tests/support/apps/serve.rs"]
#[expect(dead_code, reason = "tests look into the applications' databases, too")]
mod serve;
mod settings;
mod stage;
mod table;
mod time;

use look::Look;
use settings::Settings;

/// Anything that stops the measurement; its words are for whoever started it.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let settings = Settings::read()?;
    let file = settings.kept();
    let looks: Vec<Look> = match std::fs::read(&file) {
        Ok(kept) if !settings.fresh => serde_json::from_slice(&kept)?,
        _ => {
            let looks = look::collect(&settings).await?;
            std::fs::create_dir_all(file.parent().ok_or("no folder")?)?;
            std::fs::write(&file, serde_json::to_vec(&looks)?)?;
            looks
        }
    };
    let (fitting, reported) = look::split(&looks, &settings.seed);
    if settings.fit {
        fit::fit(&fitting, &reported)?;
        return Ok(());
    }
    let time = time::measure().await?;
    table::publish(&looks, &fitting, &reported, &time, "bench-targets.json")
}
