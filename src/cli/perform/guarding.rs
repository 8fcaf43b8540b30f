//! What stands between a subcommand's browser and the world: the firewall by the person's rules, and the switch as its only network.

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::super::CliError;
use super::{failed, wrong_use};
use crate::computer::{Outlet, SharedGate};
use crate::config::Settings;
use crate::guard::GuardPolicy;
use crate::guard::firewall::{
    Firewall, FirewallSettings, HostRules, Inbox, Rules, Switch, SwitchSettings, Upstreams,
};
use crate::guard::trust::Keeper;
use crate::run::Mask;

/// What a browser is guarded for.
pub struct Guarding<'a> {
    pub settings: &'a Settings,
    /// Where it starts, if that is no setting.
    pub start: Option<&'a str>,
    /// Origins of the goal.
    pub sites: &'a [String],
    pub workflow: Option<&'a str>,
    pub mask: Mask,
}

/// Firewall and switch. It lives as long as the browser: without it there is no network.
pub struct Wall {
    pub firewall: Arc<Firewall>,
    pub inbox: Inbox,
    switch: Switch,
    /// What the person should know of it.
    pub notes: Vec<String>,
}

impl Wall {
    pub fn gate(&self) -> SharedGate {
        Arc::clone(&self.firewall) as SharedGate
    }

    pub fn outlet(&self) -> Outlet {
        self.switch.outlet()
    }

    /// Takes out what the run works with and leaves what only has to live.
    pub fn split(self) -> (Arc<Firewall>, Inbox, Switch) {
        (self.firewall, self.inbox, self.switch)
    }
}

/// The person's rules, with the preset of the command line above that of the file.
pub fn rules_of(settings: &Settings) -> Result<GuardPolicy, CliError> {
    let policy = match &settings.guard.value {
        None => GuardPolicy::default(),
        Some(table) => GuardPolicy::from_toml(&table.file, &table.text)
            .map_err(|e| wrong_use(e.to_string()))?,
    };
    Ok(match settings.preset.value {
        Some(preset) => policy.with_preset(preset),
        None => policy,
    })
}

/// Puts firewall and switch up.
///
/// # Errors
/// Where a rule cannot be read, or the machine gives no port.
pub async fn raise(guarding: Guarding<'_>) -> Result<Wall, CliError> {
    let settings = guarding.settings;
    let mut notes = Vec::new();
    let trust = match Keeper::open(settings.ledger.clone()) {
        Ok(keeper) => Some(keeper),
        Err(error) => {
            notes.push(error.to_string());
            None
        }
    };
    let (firewall, inbox) = Firewall::new(FirewallSettings {
        rules: Rules {
            policy: rules_of(settings)?,
            sites: guarding.sites.to_vec(),
            workflow: guarding.workflow.map(str::to_owned),
            shown: Vec::new(),
        },
        trust,
        mask: guarding.mask,
    });
    let proxy = settings.proxy.value.as_deref();
    let upstreams = Upstreams::resolve(proxy, |name| std::env::var(name).ok())
        .map_err(|e| wrong_use(e.to_string()))?;
    let switch = Switch::open(SwitchSettings {
        hosts: private_hosts(settings.site_origins(), guarding.start, guarding.sites),
        upstreams,
        sockets: Arc::clone(&firewall) as _,
        ..SwitchSettings::default()
    })
    .await
    .map_err(|e| failed(e.to_string()))?;
    Ok(Wall {
        firewall,
        inbox,
        switch,
        notes,
    })
}

/// Of private hosts, only those of the start page and of the goal's sites may be spoken to.
fn private_hosts(
    named: BTreeMap<String, String>,
    start: Option<&str>,
    sites: &[String],
) -> HostRules {
    let mut hosts = HostRules::default();
    let addresses = named.values().chain(sites).map(String::as_str).chain(start);
    for address in addresses.filter_map(|one| Url::parse(one).ok()) {
        hosts.allow_address(&address);
    }
    hosts
}
