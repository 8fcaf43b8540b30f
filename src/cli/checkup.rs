//! `apprentice doctor`: prints what the checks found and what to do, and which settings are in force from where.

use clap::Args;
use serde::Serialize;

use super::doctor::{self, Check, Places, Status};
use super::flags::{BrowserFlags, FolderFlags};
use super::{CliError, GlobalFlags, output};
use crate::config::{Layer, Settings};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    browser: BrowserFlags,
    #[command(flatten)]
    folders: FolderFlags,
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
    let settings = Settings::load(layer)?;
    let checks = doctor::checks_for(&Places {
        browser: settings.browser.value.clone(),
        demos: settings.demos.value.clone(),
        traces: settings.traces.value.clone(),
    });
    let status = doctor::worst(&checks);
    if global.json {
        output::print_json(&Document {
            status,
            checks,
            settings: settings
                .rows()
                .into_iter()
                .map(|(name, value, source)| Row {
                    name,
                    value,
                    source,
                })
                .collect(),
        })?;
    } else {
        output::print(&text(&checks, &settings, global.quiet))?;
    }
    Ok(u8::from(status == Status::Fail))
}

/// With `quiet`, only what needs doing.
fn text(checks: &[Check], settings: &Settings, quiet: bool) -> String {
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
        let rows: Vec<Vec<String>> = settings
            .rows()
            .into_iter()
            .map(|(name, value, source)| vec![format!("  {name}"), value, format!("({source})")])
            .collect();
        text.push_str(&output::columns(&rows));
    }
    text
}
