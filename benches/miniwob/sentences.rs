//! The sentence of each episode, as its page says it. Read in a browser once and kept, since a seed's sentence never changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use crate::Failure;
use crate::chromium::Chromium;
use crate::pages::Pages;
use crate::tasks::Seed;

/// What is known so far, by task and seed.
#[derive(Debug)]
pub struct Sentences {
    file: PathBuf,
    known: Mutex<BTreeMap<String, String>>,
}

impl Sentences {
    /// Those that a file holds; none where it is not there or cannot be read.
    pub fn kept_in(file: PathBuf) -> Self {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        Self {
            known: Mutex::new(serde_json::from_str(&text).unwrap_or_default()),
            file,
        }
    }

    /// The sentence of an episode that was read before.
    pub fn known(&self, task: &str, seed: &Seed) -> Option<String> {
        self.locked().get(&key(task, seed)).cloned()
    }

    /// The sentence of an episode.
    pub async fn of(
        &self,
        pages: &Pages,
        chromium: &Chromium,
        task: &str,
        seed: &Seed,
    ) -> Result<String, Failure> {
        if let Some(sentence) = self.known(task, seed) {
            return Ok(sentence);
        }
        let asked = chromium
            .read(&pages.visit(task, seed), "core.sentence()")
            .await?;
        let sentence = asked.as_str().unwrap_or_default().trim().to_owned();
        if sentence.is_empty() {
            return Err(format!("{task} has no sentence for {}", seed.0).into());
        }
        self.locked().insert(key(task, seed), sentence.clone());
        Ok(sentence)
    }

    /// Writes down what is known.
    pub fn keep(&self) -> Result<(), Failure> {
        if let Some(folder) = self.file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&self.file, serde_json::to_string_pretty(&*self.locked())?)?;
        Ok(())
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(task: &str, seed: &Seed) -> String {
    format!("{task} {}", seed.0)
}
