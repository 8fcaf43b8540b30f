//! What of the measurement is done: environment variables, as `make` passes them.

use std::path::{Path, PathBuf};

use crate::Failure;

#[derive(Debug, Clone)]
pub struct Settings {
    pub seed: String,
    /// Parts of names of pages; none means all.
    pub pages: Vec<String>,
    /// Look at the pages anew.
    pub fresh: bool,
    /// Fit weights instead of reporting.
    pub fit: bool,
}

impl Settings {
    pub fn read() -> Result<Self, Failure> {
        let seed = variable("SEED").unwrap_or_else(|| "1".to_owned());
        if !seed.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err("SEED is made of letters and digits".into());
        }
        let pages = variable("PAGES").unwrap_or_default();
        let is_on = |name: &str| variable(name).is_some_and(|value| value != "0");
        Ok(Self {
            seed,
            pages: pages
                .split(',')
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect(),
            fresh: is_on("FRESH"),
            fit: is_on("FIT"),
        })
    }

    /// Where what was seen is kept. Some pages are not all of them.
    pub fn kept(&self) -> PathBuf {
        let some: String = self.pages.iter().map(|part| format!("-{part}")).collect();
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/targets")
            .join(format!("{}{some}.json", self.seed))
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
