//! `apprentice resume RUN`: goes on with a run that waits for a person.

use std::path::PathBuf;

use clap::Args;

use super::flags::{BrowserFlags, FolderFlags, LimitFlags, SecretFlags};
use super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};
use crate::trace::Store;

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct ResumeArgs {
    /// Run to go on with: any beginning of its name that fits only one, or `last`
    #[arg(value_name = "RUN", default_value = "last")]
    pub run: String,
    /// Script of answers, where no person is at the terminal
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Where one of the demonstration's sites is; may be repeated
    #[arg(long = "site", value_name = "NAME=ORIGIN")]
    pub sites: Vec<String>,
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
pub struct ResumeRequest {
    /// The run's folder.
    pub folder: PathBuf,
    pub answers: Option<PathBuf>,
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl ResumeArgs {
    /// # Errors
    /// [`CliError::Usage`], [`CliError::Config`], [`CliError::Trace`].
    pub fn meaning(self, global: GlobalFlags) -> Result<ResumeRequest, CliError> {
        let mut layer = Layer {
            sites: super::flags::sites(self.sites)?,
            ..Layer::default()
        };
        self.browser.write(&mut layer);
        self.folders.write(&mut layer);
        self.secrets.write(&mut layer);
        self.limits.write(&mut layer);
        let settings = Settings::load(layer)?;
        Ok(ResumeRequest {
            folder: Store::new(&settings.traces.value).find(&self.run)?,
            answers: self.answers,
            settings,
            global,
        })
    }
}
