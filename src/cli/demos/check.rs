//! `apprentice demos check`: whether demonstrations can be followed, and whether the secrets they need are there.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;

use super::super::{CliError, GlobalFlags, output};
use super::{failed, one_line};
use crate::demo::Demonstration;
use crate::demo::library::{self, LibraryError};
use crate::guard::secrets::{Secrets, plain_name};
use crate::workflow::Workflow;

/// Ends with 1 where a demonstration cannot be followed; a missing picture is only said.
pub(super) fn check(
    folder: &Path,
    name: Option<String>,
    secrets: &Secrets,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Needed {
        name: String,
        /// Where it would be taken from; absent where it is nowhere.
        place: Option<String>,
        origins: Vec<String>,
    }
    #[derive(Serialize)]
    struct Row {
        name: String,
        problem: Option<String>,
        warnings: Vec<String>,
        secrets: Vec<Needed>,
    }
    let known = secrets.whereabouts();
    let names = match name {
        Some(name) => vec![name],
        None => library::list(folder)
            .into_iter()
            .map(|entry| entry.name)
            .collect(),
    };
    let mut rows = Vec::new();
    for name in names {
        let (problem, warnings, needed) = match library::load(folder, &name) {
            Err(error @ (LibraryError::Unknown { .. } | LibraryError::BadName { .. })) => {
                return Err(failed(error));
            }
            Err(error) => (Some(error.to_string()), Vec::new(), BTreeSet::new()),
            Ok(takes) => {
                let warnings = library::missing_pictures(folder, &name, &takes)
                    .into_iter()
                    .map(|missing| {
                        format!(
                            "step {} of {} has no picture {}",
                            missing.step,
                            missing.take,
                            missing.file.display()
                        )
                    })
                    .collect();
                let needed = secrets_of(&takes);
                let problem = Workflow::from_takes(takes).err().map(|e| e.to_string());
                (problem, warnings, needed)
            }
        };
        rows.push(Row {
            name,
            problem,
            warnings,
            secrets: needed
                .into_iter()
                .map(|name| {
                    let plain = plain_name(&name);
                    let found = known.iter().find(|one| one.name == plain);
                    Needed {
                        name,
                        place: found.map(|one| one.place.to_string()),
                        origins: found.map(|one| one.origins.clone()).unwrap_or_default(),
                    }
                })
                .collect(),
        });
    }
    let code = u8::from(rows.iter().any(|row| row.problem.is_some()));
    if global.json {
        output::print_json(&rows)?;
        return Ok(code);
    }
    let mut text = String::new();
    for row in &rows {
        let says = row.problem.as_deref().unwrap_or("ok");
        text.push_str(&format!("{}: {}\n", row.name, one_line(says)));
        for warning in &row.warnings {
            text.push_str(&format!("  {}\n", one_line(warning)));
        }
        for secret in &row.secrets {
            let name = one_line(&secret.name);
            let says = match &secret.place {
                Some(place) if secret.origins.is_empty() => {
                    format!("{place}, but for no origin yet")
                }
                Some(place) => format!("{place}, for {}", secret.origins.join(" ")),
                None => format!("missing: apprentice secrets set {name} --origin URL"),
            };
            text.push_str(&format!("  needs the secret {name} ({says})\n"));
        }
    }
    if text.is_empty() {
        if !global.quiet {
            eprintln!("no demonstrations in {}", folder.display());
        }
    } else {
        output::print(&text)?;
    }
    Ok(code)
}

/// The names of the secrets that any of the takes types.
fn secrets_of(takes: &[(String, Demonstration)]) -> BTreeSet<String> {
    let parameters = takes.iter().flat_map(|(_, take)| take.parameters.values());
    parameters
        .filter_map(|parameter| parameter.secret.clone())
        .collect()
}
