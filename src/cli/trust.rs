//! `apprentice trust list | allow | revoke | forget`: what is done without asking, and taking that back.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{CliError, GlobalFlags, output};
use crate::config::{Layer, Settings};
use crate::guard::Kind;
use crate::guard::trust::{Entry, Subject, file};
use crate::trace::viewer::printable;

#[derive(Debug, Args)]
pub(super) struct TrustArgs {
    #[command(subcommand)]
    command: TrustCommand,
    /// File with the ledger of trust
    #[arg(long, value_name = "FILE", global = true)]
    ledger: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum TrustCommand {
    /// List what was asked, how often you said yes, and what is done without asking
    List {
        /// Only of this workflow
        #[arg(value_name = "WORKFLOW")]
        workflow: Option<String>,
    },
    /// Stop asking for what you have said yes to, up to the amounts you have agreed to
    Allow(Which),
    /// Ask again
    Revoke(Which),
    /// Ask again, and forget what was answered
    Forget(Which),
}

/// Which entries: all of a workflow, or fewer.
#[derive(Debug, Args)]
struct Which {
    #[arg(value_name = "WORKFLOW")]
    workflow: String,
    /// Only at this site, as in https://shop.example
    #[arg(long, value_name = "ORIGIN")]
    site: Option<String>,
    /// Only of this kind, as in `pay` or `send`
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// Only to this payee
    #[arg(long, value_name = "NAME")]
    payee: Option<String>,
}

impl Which {
    fn names(&self, subject: &Subject) -> bool {
        subject.workflow == self.workflow
            && self.site.as_ref().is_none_or(|site| subject.site == *site)
            && self.kind.is_none_or(|kind| subject.kind == kind)
            && (self.payee.is_none() || subject.payee == self.payee)
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::ALL
        .into_iter()
        .find(|kind| name_of(*kind) == text)
        .ok_or_else(|| {
            let known: Vec<String> = Kind::ALL.into_iter().map(name_of).collect();
            format!("it is one of {}", known.join(", "))
        })
}

/// As files and flags write it.
fn name_of(kind: Kind) -> String {
    let name = serde_json::to_value(kind).ok();
    name.as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

pub(super) fn trust(args: TrustArgs, global: GlobalFlags) -> Result<u8, CliError> {
    let path = match args.ledger {
        Some(path) => path,
        None => Settings::load(Layer::default())?.ledger,
    };
    match args.command {
        TrustCommand::List { workflow } => list(&path, workflow.as_deref(), global),
        TrustCommand::Allow(which) => allow(&path, &which, global),
        TrustCommand::Revoke(which) => {
            let (_, taken) =
                file::change(&path, |ledger| ledger.revoke(|s| which.names(s))).map_err(failed)?;
            done(taken, "taken back", &which, global)
        }
        TrustCommand::Forget(which) => {
            let (_, gone) =
                file::change(&path, |ledger| ledger.forget(|s| which.names(s))).map_err(failed)?;
            done(gone, "forgotten", &which, global)
        }
    }
}

fn allow(path: &Path, which: &Which, global: GlobalFlags) -> Result<u8, CliError> {
    let now = Timestamp::now();
    let (_, results) = file::change(path, |ledger| {
        let subjects: Vec<Subject> = ledger
            .entries()
            .iter()
            .map(|entry| entry.subject.clone())
            .filter(|subject| which.names(subject))
            .collect();
        subjects
            .iter()
            .map(|subject| ledger.allow(subject, now).map(|_| ()))
            .collect::<Vec<_>>()
    })
    .map_err(failed)?;
    let allowed = results.iter().filter(|result| result.is_ok()).count();
    if let (0, Some(Err(why))) = (allowed, results.first()) {
        return Err(CliError::Usage(why.to_string()));
    }
    done(allowed, "allowed", which, global)
}

fn done(count: usize, what: &str, which: &Which, global: GlobalFlags) -> Result<u8, CliError> {
    if count == 0 {
        return Err(CliError::Usage(format!(
            "nothing of {:?} fits: `apprentice trust list` shows what there is",
            which.workflow
        )));
    }
    if !global.quiet {
        let noun = if count == 1 { "entry" } else { "entries" };
        eprintln!("{what}: {count} {noun}");
    }
    Ok(0)
}

fn list(path: &Path, workflow: Option<&str>, global: GlobalFlags) -> Result<u8, CliError> {
    let ledger = file::load(path).map_err(failed)?;
    let entries: Vec<&Entry> = ledger
        .entries()
        .iter()
        .filter(|entry| workflow.is_none_or(|workflow| entry.subject.workflow == workflow))
        .collect();
    if global.json {
        output::print_json(&entries)?;
    } else if entries.is_empty() {
        if !global.quiet {
            eprintln!("nothing was asked yet");
        }
    } else {
        let rows: Vec<Vec<String>> = entries.iter().map(|entry| row(entry)).collect();
        output::print(&output::columns(&rows))?;
    }
    Ok(0)
}

fn row(entry: &Entry) -> Vec<String> {
    let subject = &entry.subject;
    let amounts = |list: &[crate::guard::money::Money]| {
        let texts: Vec<String> = list.iter().map(ToString::to_string).collect();
        texts.join(" or ")
    };
    let stands = match &entry.grant {
        Some(grant) if grant.up_to.is_empty() => "is done without asking".to_owned(),
        Some(grant) => format!("is done without asking up to {}", amounts(&grant.up_to)),
        None => "asks".to_owned(),
    };
    [
        subject.workflow.as_str(),
        subject.site.as_str(),
        &name_of(subject.kind),
        subject.payee.as_deref().unwrap_or("-"),
        &stands,
        &format!(
            "{} yes, {} no, {} edited",
            entry.yeses, entry.noes, entry.edits
        ),
    ]
    .map(|cell| printable(cell).replace('\n', " "))
    .to_vec()
}

fn failed(error: file::TrustError) -> CliError {
    CliError::Other {
        message: error.to_string(),
        code: 1,
    }
}
