//! `apprentice demos forget`: removes a workflow or one of its takes, after asking.

use std::io::IsTerminal;
use std::path::Path;

use inquire::{Confirm, InquireError};

use super::super::{CliError, GlobalFlags};
use super::{counted, failed, take_of};
use crate::demo::{ForgetError, library};
use crate::tour;

/// A person said no.
const REFUSED: u8 = 3;

pub(super) fn forget(
    folder: &Path,
    name: &str,
    take: Option<&str>,
    yes: bool,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    let takes = match take {
        Some(take) => vec![take_of(folder, name, Some(take))?],
        None => library::takes(folder, name).map_err(failed)?,
    };
    if let Some(bundled) = takes.iter().find(|take| is_bundled(folder, name, take)) {
        return Err(CliError::Usage(format!(
            "{name}/{bundled} comes with apprentice, and the tour needs it: it cannot be forgotten"
        )));
    }
    let what = match take {
        Some(take) => format!("{name}/{take}"),
        None => format!("{name} with its {}", counted(takes.len(), "take", "takes")),
    };
    if !yes && !asked(&what, folder)? {
        return Ok(REFUSED);
    }
    crate::demo::forget(folder, name, take).map_err(|error| match error {
        ForgetError::Library(error) => failed(error),
        ForgetError::NoTake { .. } => CliError::Usage(error.to_string()),
        ForgetError::Kept { .. } | ForgetError::Left { .. } => CliError::Other {
            message: error.to_string(),
            code: 1,
        },
    })?;
    if !global.quiet {
        eprintln!("forgot {what}");
    }
    Ok(0)
}

fn asked(what: &str, folder: &Path) -> Result<bool, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::Usage(format!(
            "nobody is there to say whether {what} shall be forgotten: say it with --yes"
        )));
    }
    let question = format!("Forget {what} in {}, for good?", folder.display());
    match Confirm::new(&question).with_default(false).prompt() {
        Ok(answer) => Ok(answer),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => Ok(false),
        Err(error) => Err(CliError::Other {
            message: format!("the question could not be asked: {error}"),
            code: 1,
        }),
    }
}

/// Whether the file is one that the program brings along, unchanged.
fn is_bundled(folder: &Path, name: &str, take: &str) -> bool {
    let file = folder.join(name).join(format!("{take}.toml"));
    tour::bundled_demonstrations()
        .iter()
        .filter(|bundled| (bundled.workflow, bundled.take) == (name, take))
        .any(|bundled| std::fs::read(&file).is_ok_and(|text| text == bundled.text.as_bytes()))
}
