//! Flags that several subcommands share, and what they mean as a layer of the configuration.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use url::Url;

use super::CliError;
use crate::computer::browser::Viewport;
use crate::config::Layer;
use crate::guard::effect::Preset;

/// Which browser to work with.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Browser")]
pub struct BrowserFlags {
    /// Program to start as the browser
    #[arg(long, value_name = "PATH", conflicts_with = "connect")]
    pub browser: Option<PathBuf>,
    /// Use a running browser at its DevTools address (http or ws)
    #[arg(long, value_name = "ADDRESS")]
    pub connect: Option<String>,
    /// Show the browser's window
    #[arg(long, conflicts_with = "connect")]
    pub headed: bool,
    /// Show pages in a view of this size, in CSS pixels [default: 1280x800]
    #[arg(long, value_name = "WIDTHxHEIGHT")]
    pub viewport: Option<Viewport>,
    /// In a browser that is connected to, work in the tab in front, with its sign-ins, and not in a context apart
    #[arg(long)]
    pub existing_tabs: bool,
    /// Keep the browser's profile under this name between runs
    #[arg(long, value_name = "NAME", conflicts_with = "connect")]
    pub profile: Option<String>,
    /// Go through this proxy [default: that of HTTPS_PROXY and the like]
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,
    /// How much passes without a yes
    #[arg(long, value_name = "PRESET", help_heading = "Guard", value_enum)]
    pub preset: Option<Preset>,
}

/// Which folders hold demonstrations and traces.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Folders")]
pub struct FolderFlags {
    /// Folder with the demonstrations [default: demos]
    #[arg(long, value_name = "DIR")]
    pub demos: Option<PathBuf>,
    /// Folder for the traces [default: traces]
    #[arg(long, value_name = "DIR")]
    pub traces: Option<PathBuf>,
}

/// When to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Args)]
#[command(next_help_heading = "Limits")]
pub struct LimitFlags {
    /// Stop after so many steps
    #[arg(long, value_name = "N")]
    pub max_steps: Option<usize>,
    /// Stop after so many seconds
    #[arg(long, value_name = "N")]
    pub max_seconds: Option<u64>,
}

/// Which model to ask.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Model")]
pub struct ModelFlags {
    /// Model to ask where no demonstration helps, as PROTOCOL:NAME
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// Address of the model's server
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Wait so many seconds for each answer of the model [default: 180, and 20 where it only reads a goal]
    #[arg(long, value_name = "N")]
    pub model_seconds: Option<u64>,
}

/// Where kept secrets are.
#[derive(Debug, Clone, Default, PartialEq, Args)]
#[command(next_help_heading = "Secrets")]
pub struct SecretFlags {
    /// File that lists the secrets that are kept
    #[arg(long, value_name = "FILE")]
    pub vault: Option<PathBuf>,
    /// File with the vault's passphrase, where no person is there to type it
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

impl SecretFlags {
    pub(super) fn write(self, layer: &mut Layer) {
        layer.vault = self.vault;
        layer.passphrase_file = self.passphrase_file;
    }
}

impl BrowserFlags {
    pub(super) fn write(self, layer: &mut Layer) {
        layer.browser = self.browser;
        layer.connect = self.connect;
        layer.headed = self.headed.then_some(true);
        layer.viewport = self.viewport;
        layer.existing_tabs = self.existing_tabs.then_some(true);
        layer.profile = self.profile;
        layer.proxy = self.proxy;
        layer.preset = self.preset;
    }
}

impl FolderFlags {
    pub(super) fn write(self, layer: &mut Layer) {
        layer.demos = self.demos;
        layer.traces = self.traces;
    }
}

impl LimitFlags {
    pub(super) fn write(self, layer: &mut Layer) {
        layer.max_steps = self.max_steps;
        layer.max_seconds = self.max_seconds;
    }
}

impl ModelFlags {
    pub(super) fn write(self, layer: &mut Layer) {
        layer.model = self.model;
        layer.base_url = self.base_url;
        layer.model_seconds = self.model_seconds;
    }
}

/// `NAME=VALUE` pairs, each name once.
///
/// # Errors
/// [`CliError::Usage`] that names the flag and the pair.
pub(super) fn pairs(flag: &str, typed: Vec<String>) -> Result<BTreeMap<String, String>, CliError> {
    let mut pairs = BTreeMap::new();
    for pair in typed {
        let Some((name, value)) = pair
            .split_once('=')
            .filter(|(name, _)| !name.trim().is_empty())
        else {
            return Err(CliError::Usage(format!(
                "{flag} {pair:?} is not of the form NAME=VALUE"
            )));
        };
        let name = name.trim().to_owned();
        if let Some(first) = pairs.get(&name) {
            return Err(CliError::Usage(format!(
                "{flag} {name} is given twice, as {first:?} and as {value:?}: give it once"
            )));
        }
        pairs.insert(name, value.to_owned());
    }
    Ok(pairs)
}

/// `NAME=ORIGIN` pairs; an origin is a scheme, a host and perhaps a port.
///
/// # Errors
/// [`CliError::Usage`].
pub(super) fn sites(typed: Vec<String>) -> Result<BTreeMap<String, String>, CliError> {
    let mut sites = pairs("--site", typed)?;
    for (name, origin) in &mut sites {
        let url = Url::parse(origin).ok().filter(|url| {
            url.has_host()
                && url.origin().is_tuple()
                && matches!(url.path(), "" | "/")
                && url.query().is_none()
        });
        let Some(url) = url else {
            return Err(CliError::Usage(format!(
                "--site {name}={origin} names no origin: write scheme, host and port, as in https://example.org:8443"
            )));
        };
        *origin = url.origin().ascii_serialization();
    }
    Ok(sites)
}

/// An address that a browser can open.
///
/// # Errors
/// [`CliError::Usage`].
pub(super) fn address(flag: &str, typed: &str) -> Result<String, CliError> {
    match Url::parse(typed) {
        Ok(url) => Ok(url.to_string()),
        Err(e) => Err(CliError::Usage(format!(
            "{flag} {typed:?} is not an address ({e}): write it in full, as in https://example.org/page"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::{address, pairs, sites};

    fn typed(all: &[&str]) -> Vec<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn a_name_given_twice_is_refused_in_a_sentence() {
        let error = pairs("--param", typed(&["day=Monday", "day=Tuesday"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "--param day is given twice, as \"Monday\" and as \"Tuesday\": give it once"
        );
        assert_eq!(error.exit_code(), 2);
        assert!(pairs("--param", typed(&["day"])).is_err());
        assert_eq!(pairs("--param", typed(&["sum=1=2"])).unwrap()["sum"], "1=2");
    }

    #[test]
    fn sites_are_origins() {
        assert_eq!(
            sites(typed(&["shop=HTTP://Shop.Example:80/"])).unwrap()["shop"],
            "http://shop.example"
        );
        for bad in ["shop=shop.example", "shop=http://a/b", "shop=data:x"] {
            assert!(sites(typed(&[bad])).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_needs_its_scheme() {
        assert!(address("--start", "https://example.org/x").is_ok());
        assert!(address("--start", "example.org").is_err());
    }
}
