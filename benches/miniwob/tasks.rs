//! Which pages are tasks: BrowserGym's set, which leaves out the few where only speed counts.

use std::path::{Path, PathBuf};

use crate::Failure;

/// Pages of the package that BrowserGym's set leaves out.
const LEFT_OUT: [&str; 5] = [
    "button-delay",
    "chase-circle",
    "hover-shape",
    "moving-items",
    "simon-says",
];

/// How many are left.
pub const ALL: usize = 125;

/// Where `scripts/setup-tests` puts the pages.
pub fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".models/miniwob")
}

/// The tasks by name; with `wanted`, those of them.
pub fn named(wanted: &[String]) -> Result<Vec<String>, Failure> {
    let folder = pages().join("miniwob");
    let listed = std::fs::read_dir(&folder).map_err(|e| {
        format!(
            "{}: {e}; scripts/setup-tests brings the pages",
            folder.display()
        )
    })?;
    let mut all = Vec::new();
    for entry in listed {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(task) = name.strip_suffix(".html")
            && !LEFT_OUT.contains(&task)
        {
            all.push(task.to_owned());
        }
    }
    all.sort();
    if all.len() != ALL {
        return Err(format!("{} holds {} tasks, not {ALL}", folder.display(), all.len()).into());
    }
    if let Some(unknown) = wanted.iter().find(|name| !all.contains(name)) {
        return Err(format!("there is no task {unknown:?}").into());
    }
    all.retain(|task| wanted.is_empty() || wanted.contains(task));
    Ok(all)
}

/// What the random numbers of an episode come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seed(pub String);

impl Seed {
    /// For showing a task; no number of an episode that is tested comes from it.
    pub fn teaching(base: &str, number: usize) -> Self {
        Self(format!("{base}-shown-{number}"))
    }

    /// For an episode that was never shown.
    pub fn unseen(base: &str, number: usize) -> Self {
        Self(format!("{base}-unseen-{number}"))
    }
}
