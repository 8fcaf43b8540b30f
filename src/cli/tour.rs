//! `apprentice tour [NAME]`: shows what Apprentice does, on small web apps that it serves itself.

use std::path::PathBuf;

use clap::Args;

use super::flags::{BrowserFlags, FolderFlags, ModelFlags, SecretFlags};
use super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct TourArgs {
    /// Which tour [default: the first]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Another goal than the tour's own
    #[arg(long, value_name = "SENTENCE")]
    pub goal: Option<String>,
    /// Script of answers; without it and without a terminal the tour brings its own
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
    pub model: ModelFlags,
}

/// What it means.
#[derive(Debug, Clone, PartialEq)]
pub struct TourRequest {
    pub name: Option<String>,
    pub goal: Option<String>,
    pub answers: Option<PathBuf>,
    pub timings: bool,
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl TourArgs {
    /// # Errors
    /// [`CliError::Config`].
    pub fn meaning(self, global: GlobalFlags) -> Result<TourRequest, CliError> {
        let mut layer = Layer::default();
        self.browser.write(&mut layer);
        self.folders.write(&mut layer);
        self.secrets.write(&mut layer);
        self.model.write(&mut layer);
        Ok(TourRequest {
            name: self.name,
            goal: self.goal,
            answers: self.answers,
            timings: self.timings,
            settings: Settings::load(layer)?,
            global,
        })
    }
}
