//! The built program as a person starts it, in a folder of its own that nothing of this machine's user reaches.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::process::Command;

/// The repository's folder.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// `apprentice` with no arguments yet.
pub fn apprentice(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apprentice"));
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("APPRENTICE_MODELS", repository().join(".models"))
        // Episodes do not learn from each other.
        .env("APPRENTICE_LEARN", "false")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for variable in [
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "XDG_CACHE_HOME",
    ] {
        command.env(variable, folder);
    }
    command
}

/// All files under a path, or the path itself, in order.
pub fn files_under(path: &Path) -> Vec<PathBuf> {
    let Ok(listed) = std::fs::read_dir(path) else {
        return vec![path.to_owned()];
    };
    let mut all: Vec<PathBuf> = listed
        .filter_map(|entry| entry.ok())
        .flat_map(|entry| files_under(&entry.path()))
        .collect();
    all.sort();
    all
}
