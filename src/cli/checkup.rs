//! `apprentice doctor`: prints what the checks found and what to do, and which settings are in force from where.

use clap::Args;
use serde::Serialize;

use super::doctor::{self, Check, Places, Status};
use super::flags::{BrowserFlags, FolderFlags, SecretFlags};
use super::{CliError, GlobalFlags, output, vault};
use crate::config::{Layer, Settings};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    browser: BrowserFlags,
    #[command(flatten)]
    folders: FolderFlags,
    #[command(flatten)]
    secrets: SecretFlags,
}

/// The document of `--json`.
#[derive(Serialize)]
struct Document {
    status: Status,
    checks: Vec<Check>,
    settings: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    value: String,
    source: String,
}

/// Ends with 1 where runs will fail.
pub(super) fn checkup(args: DoctorArgs, global: GlobalFlags) -> Result<u8, CliError> {
    let mut layer = Layer::default();
    args.browser.write(&mut layer);
    args.folders.write(&mut layer);
    args.secrets.write(&mut layer);
    let settings = Settings::load(layer)?;
    let checks = doctor::checks_for(&Places {
        browser: settings.browser.value.clone(),
        demos: settings.demos.value.clone(),
        traces: settings.traces.value.clone(),
        vault: settings.vault.value.clone(),
    });
    let rows = rows(&settings);
    let status = doctor::worst(&checks);
    if global.json {
        output::print_json(&Document {
            status,
            checks,
            settings: rows,
        })?;
    } else {
        output::print(&text(&checks, &rows, global.quiet))?;
    }
    Ok(u8::from(status == Status::Fail))
}

/// Every setting, and every secret by name with the origins that may get it.
fn rows(settings: &Settings) -> Vec<Row> {
    let plain = settings.rows().into_iter();
    let plain = plain.map(|(name, value, source)| Row {
        name,
        value,
        source,
    });
    // What cannot be read is said by the checks.
    let secrets = vault::load(settings).map_or_else(|_| Vec::new(), |all| all.whereabouts());
    let secrets = secrets.into_iter().map(|one| Row {
        name: format!("secrets.{}", one.name),
        value: if one.origins.is_empty() {
            "for no origin yet".to_owned()
        } else {
            format!("for {}", one.origins.join(" "))
        },
        source: one.place.to_string(),
    });
    plain.chain(secrets).collect()
}

/// With `quiet`, only what needs doing.
fn text(checks: &[Check], rows: &[Row], quiet: bool) -> String {
    let mut text = String::new();
    for check in checks {
        let sign = match check.status {
            Status::Ok if quiet => continue,
            Status::Ok => "ok  ",
            Status::Warn => "warn",
            Status::Fail => "FAIL",
        };
        text.push_str(&format!("{sign}  {:<8}  {}\n", check.name, check.found));
        if let Some(advice) = &check.advice {
            text.push_str(&format!("      {:<8}  → {advice}\n", ""));
        }
    }
    if !quiet {
        text.push_str("\nin force:\n");
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                vec![
                    format!("  {}", row.name),
                    row.value.clone(),
                    format!("({})", row.source),
                ]
            })
            .collect();
        text.push_str(&output::columns(&cells));
    }
    text
}
