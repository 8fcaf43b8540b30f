//! `apprentice demos test`: does a demonstration on its own pages, and lets nothing out that changes anything.

use std::path::PathBuf;

use clap::Args;

use super::super::flags::{self, BrowserFlags, SecretFlags};
use super::super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};

/// What was typed.
#[derive(Debug, Clone, PartialEq, Args)]
pub(super) struct TestArgs {
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Which of its takes; needed where there are several
    #[arg(long, value_name = "TAKE")]
    pub take: Option<String>,
    /// Where one of the demonstration's sites is; may be repeated
    #[arg(long = "site", value_name = "NAME=ORIGIN")]
    pub sites: Vec<String>,
    /// Folder for the traces [default: traces]
    #[arg(long, value_name = "DIR")]
    pub traces: Option<PathBuf>,
    #[command(flatten)]
    pub browser: BrowserFlags,
    #[command(flatten)]
    pub secrets: SecretFlags,
}

/// What it means.
#[derive(Debug, Clone, PartialEq)]
pub struct TestRequest {
    pub name: String,
    pub take: String,
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl TestArgs {
    pub(super) fn write(&self, layer: &mut Layer) -> Result<(), CliError> {
        layer.sites = flags::sites(self.sites.clone())?;
        layer.traces.clone_from(&self.traces);
        self.browser.clone().write(layer);
        self.secrets.clone().write(layer);
        Ok(())
    }

    pub(super) fn meaning(
        self,
        settings: Settings,
        global: GlobalFlags,
    ) -> Result<TestRequest, CliError> {
        let take = super::take_of(&settings.demos.value, &self.name, self.take.as_deref())?;
        Ok(TestRequest {
            name: self.name,
            take,
            settings,
            global,
        })
    }
}
