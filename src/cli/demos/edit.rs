//! `apprentice demos edit`: opens a take in the person's editor, and says when it is closed whether it can be followed.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;

use super::super::{CliError, GlobalFlags, output};
use super::take_of;
use crate::demo::library;
use crate::workflow::Workflow;

pub(super) fn edit(
    folder: &Path,
    name: &str,
    take: Option<&str>,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    let take = take_of(folder, name, take)?;
    let file = folder.join(name).join(format!("{take}.toml"));
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        // Whoever called knows how to open it.
        output::print(&format!("{}\n", file.display()))?;
        return Ok(0);
    }
    let editor = ["VISUAL", "EDITOR"]
        .into_iter()
        .find_map(|name| std::env::var_os(name).filter(|value| !value.is_empty()));
    let Some(editor) = editor else {
        return Err(CliError::Usage(format!(
            "no editor is named: set VISUAL or EDITOR, or open {} yourself",
            file.display()
        )));
    };
    open(&editor, &file)?;
    match verdict(folder, name) {
        None => {
            if !global.quiet {
                eprintln!("{}: ok", file.display());
            }
            Ok(0)
        }
        Some(problem) => Err(CliError::Other {
            message: format!("{problem}; what you typed is kept in {}", file.display()),
            code: 1,
        }),
    }
}

/// Starts the editor and waits until it is closed. Its name may hold flags, as in `code --wait`, which a shell takes apart.
fn open(editor: &OsString, file: &Path) -> Result<(), CliError> {
    let cannot = |reason: String| CliError::Other {
        message: format!(
            "the editor {:?} {reason}; the demonstration is in {}",
            editor.to_string_lossy(),
            file.display()
        ),
        code: 1,
    };
    let mut command = if cfg!(unix) {
        let mut shell = Command::new("sh");
        let mut line = editor.clone();
        line.push(" \"$@\"");
        shell.arg("-c").arg(line).arg(editor);
        shell
    } else {
        Command::new(editor)
    };
    let status = command
        .arg(file)
        .status()
        .map_err(|e| cannot(format!("cannot be started: {e}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(cannot(format!("ended with {status}")))
    }
}

/// Why the workflow cannot be followed as it is now.
fn verdict(folder: &Path, name: &str) -> Option<String> {
    match library::load(folder, name) {
        Err(error) => Some(error.to_string()),
        Ok(takes) => Workflow::from_takes(takes).err().map(|e| e.to_string()),
    }
}
