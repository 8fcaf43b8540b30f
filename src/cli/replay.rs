//! `apprentice replay RUN`: performs a trace's actions again on the live page, and says whether it was as before.

use std::path::PathBuf;

use clap::Args;

use super::flags::{self, BrowserFlags, FolderFlags, LimitFlags, SecretFlags};
use super::output::columns;
use super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};
use crate::trace::{StepComparison, Store};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ReplayArgs {
    /// Run to do again: any beginning of its name that fits only one, or `last`
    #[arg(value_name = "RUN")]
    pub run: String,
    /// Start here instead of where the run started
    #[arg(long, value_name = "URL")]
    pub start: Option<String>,
    /// Script of answers, for replays without a person at the terminal
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Say where the time of each step goes
    #[arg(long)]
    pub timings: bool,
    #[command(flatten)]
    pub browser: BrowserFlags,
    #[command(flatten)]
    pub folders: FolderFlags,
    #[command(flatten)]
    pub secrets: SecretFlags,
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// What it means.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayRequest {
    /// The run's folder.
    pub folder: PathBuf,
    pub answers: Option<PathBuf>,
    pub timings: bool,
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl ReplayArgs {
    /// # Errors
    /// [`CliError::Usage`], [`CliError::Config`], [`CliError::Trace`].
    pub fn meaning(self, global: GlobalFlags) -> Result<ReplayRequest, CliError> {
        let mut layer = Layer {
            start: self
                .start
                .map(|start| flags::address("--start", &start))
                .transpose()?,
            ..Layer::default()
        };
        self.browser.write(&mut layer);
        self.folders.write(&mut layer);
        self.secrets.write(&mut layer);
        self.limits.write(&mut layer);
        let settings = Settings::load(layer)?;
        Ok(ReplayRequest {
            folder: Store::new(&settings.traces.value).find(&self.run)?,
            answers: self.answers,
            timings: self.timings,
            settings,
            global,
        })
    }
}

/// The comparison as a table for people.
pub fn table(steps: &[StepComparison]) -> String {
    let word = |same: bool| if same { "same" } else { "differs" }.to_owned();
    let mut rows = vec![
        ["step", "address", "target", "text", ""]
            .map(str::to_owned)
            .to_vec(),
    ];
    for one in steps {
        let mut says = one.says.clone();
        if !one.note.is_empty() {
            says = format!("{says}: {}", one.note);
        }
        rows.push(vec![
            one.step.to_string(),
            word(one.address_same),
            word(one.target_same),
            word(one.text_same),
            crate::trace::viewer::printable(&says),
        ]);
    }
    columns(&rows)
}
