//! `apprentice record WORKFLOW [URL]`: watches a person do a job and writes it down as a demonstration.

use clap::Args;

use super::flags::{self, BrowserFlags, FolderFlags, SecretFlags};
use super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct RecordArgs {
    /// Name of the job; the demonstration goes into the folder of this name
    #[arg(value_name = "WORKFLOW")]
    pub workflow: String,
    /// Where to start
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// What is being done, in a sentence, as a goal would say it
    #[arg(long, value_name = "SENTENCE")]
    pub goal: Option<String>,
    /// Make a take of a recording whose recorder died, instead of recording
    #[arg(long, conflicts_with = "url")]
    pub recover: bool,
    /// Open a small window with buttons to undo, pause and stop; without this, where the browser has windows that can be seen
    #[arg(long, conflicts_with = "recover")]
    pub buttons: bool,
    /// Open no such window
    #[arg(long, conflicts_with = "buttons")]
    pub no_buttons: bool,
    /// Call an origin by a name, so that `run --site` can say where it is another time; may be repeated
    #[arg(long = "site", value_name = "NAME=ORIGIN")]
    pub sites: Vec<String>,
    #[command(flatten)]
    pub browser: BrowserFlags,
    #[command(flatten)]
    pub folders: FolderFlags,
    #[command(flatten)]
    pub secrets: SecretFlags,
}

/// What it means.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordRequest {
    pub workflow: String,
    pub goal: Option<String>,
    /// Whether what a recorder that died had heard is made a take.
    pub recover: bool,
    /// Whether a window with the recorder's buttons is opened; `None` where that depends on the browser.
    pub buttons: Option<bool>,
    /// The settings; `start` is where to begin.
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl RecordArgs {
    /// # Errors
    /// [`CliError::Usage`], [`CliError::Config`].
    pub fn meaning(self, global: GlobalFlags) -> Result<RecordRequest, CliError> {
        // It becomes a folder's name, on every system.
        let named = !self.workflow.is_empty()
            && self
                .workflow
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if !named {
            return Err(CliError::Usage(format!(
                "{:?} cannot be a workflow's name: use letters, digits, - and _",
                self.workflow
            )));
        }
        let mut layer = Layer {
            start: self
                .url
                .map(|url| flags::address("URL", &url))
                .transpose()?,
            sites: flags::sites(self.sites)?,
            ..Layer::default()
        };
        self.browser.write(&mut layer);
        self.folders.write(&mut layer);
        self.secrets.write(&mut layer);
        Ok(RecordRequest {
            workflow: self.workflow,
            goal: self.goal,
            recover: self.recover,
            buttons: match (self.buttons, self.no_buttons) {
                (true, _) => Some(true),
                (_, true) => Some(false),
                _ => None,
            },
            settings: Settings::load(layer)?,
            global,
        })
    }
}
