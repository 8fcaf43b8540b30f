//! The teachers: scripts that solve a task in its page. They may look into the page as a person who knows it does; nothing of them
//! is known to what is measured.

use std::path::Path;

use crate::Failure;

/// What all scripts share, in this file.
const SHARED: &str = "common.js";

/// The scripts.
#[derive(Debug)]
pub struct Teachers {
    shared: String,
    scripts: Vec<String>,
}

impl Teachers {
    pub fn read() -> Result<Self, Failure> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/miniwob/teachers");
        let mut scripts = Vec::new();
        let mut shared = String::new();
        let mut names: Vec<_> = std::fs::read_dir(&folder)
            .map_err(|e| format!("{}: {e}", folder.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| path.extension().is_some_and(|one| one == "js"))
            .collect();
        names.sort();
        for path in names {
            let text = std::fs::read_to_string(&path)?;
            if path.file_name().is_some_and(|name| name == SHARED) {
                shared = text;
            } else {
                scripts.push(text);
            }
        }
        Ok(Self { shared, scripts })
    }

    /// Whether somebody teaches the task.
    pub fn teach(&self, task: &str) -> bool {
        self.scripts.iter().any(|script| names(script, task))
    }

    /// What to load to teach a task, in order.
    pub fn scripts(&self, task: &str) -> impl Iterator<Item = &str> {
        let own = self.scripts.iter().filter(move |one| names(one, task));
        std::iter::once(&self.shared).chain(own).map(String::as_str)
    }
}

/// Whether the script speaks of the task by its name in quotes.
fn names(script: &str, task: &str) -> bool {
    ['\'', '"', '`']
        .iter()
        .any(|quote| script.contains(&format!("{quote}{task}{quote}")))
}
