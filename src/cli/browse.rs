//! `apprentice browse [URL]`: a browser behind the firewall for a person's own hands, or for another tool's.

use std::time::Duration;

use clap::Args;

use super::flags::{self, BrowserFlags};
use super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};

/// How long a write waits where nobody can be asked, in seconds: time to look up from something else, and no more.
const HOLD_SECONDS: u64 = 60;

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct BrowseArgs {
    /// Where to start
    #[arg(value_name = "URL")]
    pub url: Option<String>,
    /// Take DevTools clients on this port of loopback (0: any free one), and print the address to connect to
    #[arg(long, value_name = "N")]
    pub cdp_port: Option<u16>,
    /// Where nobody can be asked, refuse a held write after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = HOLD_SECONDS)]
    pub hold: u64,
    #[command(flatten)]
    pub browser: BrowserFlags,
}

/// What it means.
#[derive(Debug, Clone, PartialEq)]
pub struct BrowseRequest {
    pub cdp_port: Option<u16>,
    pub hold: Duration,
    /// The settings; `start` is where to begin.
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl BrowseArgs {
    /// # Errors
    /// [`CliError::Usage`], [`CliError::Config`].
    pub fn meaning(self, global: GlobalFlags) -> Result<BrowseRequest, CliError> {
        let mut layer = Layer {
            start: self
                .url
                .map(|url| flags::address("URL", &url))
                .transpose()?,
            ..Layer::default()
        };
        self.browser.write(&mut layer);
        let settings = Settings::load(layer)?;
        if settings.connect.value.is_some() {
            return Err(CliError::Usage(format!(
                "browse starts a browser of its own, and {} names a running one: leave it out",
                settings.connect.source
            )));
        }
        Ok(BrowseRequest {
            cdp_port: self.cdp_port,
            hold: Duration::from_secs(self.hold),
            settings,
            global,
        })
    }
}
