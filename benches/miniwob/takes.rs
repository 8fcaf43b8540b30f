//! The recordings of a task: made where they are missing or of another recorder or teacher, and laid out for a measurement.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::bench::Bench;
use crate::chromium::Chromium;
use crate::program::{files_under, repository};
use crate::record::record;
use crate::settings::TAKES;
use crate::tasks::Seed;

/// What a recording depends on, beside its teacher.
const SOURCES: [&str; 8] = [
    "src/demo",
    "src/computer/browser/record.rs",
    "src/computer/browser/recorder.js",
    "src/computer/browser/observer.js",
    "src/computer/browser/heard.rs",
    "benches/miniwob/hand.js",
    "benches/miniwob/start.js",
    "benches/miniwob/record.rs",
];
/// Beside the takes: how they were made.
const MADE: &str = "made.json";

/// How the takes of a task were made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Made {
    /// Of everything that they depend on.
    digest: String,
    /// Where the pages were.
    origin: String,
    pub takes: usize,
    /// How many were wanted; there may be fewer.
    wanted: usize,
    /// Why others were not kept.
    pub lost: Vec<String>,
    /// Of one recording.
    pub seconds: f64,
}

/// The library that the takes of all tasks are in.
pub fn library(bench: &Bench) -> PathBuf {
    bench.settings.home().join("takes")
}

/// How the takes of a task were made, where enough are there that are still what would be recorded now.
pub fn ready(bench: &Bench, task: &str) -> Result<Option<Made>, Failure> {
    let digest = digest(bench, task)?;
    let wanted = bench.settings.takes();
    Ok(made(bench, task)
        .filter(|made| made.digest == digest && made.wanted >= wanted && !bench.settings.fresh))
}

/// Makes the takes of a task anew.
pub async fn make(bench: &Bench, chromium: &Chromium, task: &str) -> Result<Made, Failure> {
    let home = library(bench).join(task);
    let digest = digest(bench, task)?;
    let wanted = bench.settings.takes();
    if home.exists() {
        std::fs::remove_dir_all(&home)?;
    }
    std::fs::create_dir_all(&home)?;
    let mut made = Made {
        digest,
        origin: bench.pages.origin.clone(),
        takes: 0,
        wanted,
        lost: Vec::new(),
        seconds: 0.0,
    };
    let begun = Instant::now();
    let mut tried = 0;
    while bench.teachers.teach(task) && made.takes < wanted && tried < 2 * wanted {
        let seed = Seed::teaching(&bench.settings.seed, tried);
        tried += 1;
        match record(bench, chromium, task, &seed, &library(bench)).await {
            Ok(_) => made.takes += 1,
            Err(why) => made.lost.push(format!("{}: {why}", seed.0)),
        }
    }
    made.seconds = begun.elapsed().as_secs_f64() / tried.max(1) as f64;
    std::fs::write(home.join(MADE), serde_json::to_string_pretty(&made)?)?;
    Ok(made)
}

/// Lays out the first `count` takes of a task in a library of their own, whose pages are where they are served now.
pub fn lay_out(bench: &Bench, task: &str, count: usize) -> Result<Option<PathBuf>, Failure> {
    let from = library(bench).join(task);
    let Some(made) = made(bench, task).filter(|made| made.takes > 0) else {
        return Ok(None);
    };
    let folder = bench.settings.home().join(format!("demos-{count}"));
    let to = folder.join(task);
    if to.exists() {
        std::fs::remove_dir_all(&to)?;
    }
    std::fs::create_dir_all(&to)?;
    for take in TAKES.iter().take(count.min(made.takes)) {
        let file = format!("{take}.toml");
        let text = std::fs::read_to_string(from.join(&file))?;
        std::fs::write(
            to.join(&file),
            text.replace(&made.origin, &bench.pages.origin),
        )?;
        copy_folder(&from.join(take), &to.join(take))?;
    }
    Ok(Some(folder))
}

pub fn made(bench: &Bench, task: &str) -> Option<Made> {
    let text = std::fs::read_to_string(library(bench).join(task).join(MADE)).ok()?;
    serde_json::from_str(&text).ok()
}

fn digest(bench: &Bench, task: &str) -> Result<String, Failure> {
    let mut hasher = blake3::Hasher::new();
    for source in SOURCES {
        for file in files_under(&repository().join(source)) {
            hasher.update(&std::fs::read(&file)?);
        }
    }
    for script in bench.teachers.scripts(task) {
        hasher.update(script.as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        std::fs::copy(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
