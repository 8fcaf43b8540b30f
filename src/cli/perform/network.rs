//! The network that a browser of a subcommand gets: the switch, with the hosts that its settings name and the system's proxies.

use url::Url;

use super::super::CliError;
use super::{failed, wrong_use};
use crate::config::Settings;
use crate::guard::firewall::{HostRules, Switch, SwitchSettings, Upstreams};

/// Opens the switch. Of private hosts, only those of the start page and the sites may be spoken to.
pub async fn open(settings: &Settings) -> Result<Switch, CliError> {
    let mut hosts = HostRules::default();
    let sites = settings.site_origins();
    let named = settings.start.value.iter().chain(sites.values());
    for address in named.filter_map(|one| Url::parse(one).ok()) {
        hosts.allow_address(&address);
    }
    let upstreams = Upstreams::resolve(None, |name| std::env::var(name).ok())
        .map_err(|e| wrong_use(e.to_string()))?;
    Switch::open(SwitchSettings {
        hosts,
        upstreams,
        ..SwitchSettings::default()
    })
    .await
    .map_err(|e| failed(e.to_string()))
}
