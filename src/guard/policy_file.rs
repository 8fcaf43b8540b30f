//! The person's standing rules: `[guard]` in `apprentice.toml`, and which of them holds for a kind at a site.
//!
//! A rule that cannot be read is an error that names it; it is never no rule.

use std::path::PathBuf;

use serde::Deserialize;
use thiserror::Error;
use url::Url;

use super::effect::{Effect, Preset, Standing};
use super::kind::Kind;
use super::policy_terms::{Limit, Path};

/// What is done with an effect. Later is stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    Allow,
    Ask,
    Refuse,
}

impl Rule {
    fn parse(text: &str) -> Option<Rule> {
        match text {
            "allow" => Some(Rule::Allow),
            "ask" => Some(Rule::Ask),
            "refuse" => Some(Rule::Refuse),
            _ => None,
        }
    }
}

/// The rules in force. Without any, everything that matters is asked for.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GuardPolicy {
    rules: Vec<Entry>,
    sites: Vec<Site>,
    preset: Preset,
    /// Origins of WebSockets that are carried unopened.
    sockets: Vec<String>,
    /// Origins of WebSockets that are opened, everything that is sent over them reviewed.
    opened_sockets: Vec<String>,
    /// Folders whose files may be handed to pages.
    uploads: Vec<PathBuf>,
}

/// One rule: what it is about, and what holds for it.
#[derive(Debug, Clone, PartialEq)]
struct Entry {
    kind: Kind,
    site: Option<Site>,
    path: Option<Path>,
    limit: Option<Limit>,
    rule: Rule,
}

impl Entry {
    /// Whether it speaks of requests with certain paths or amounts only.
    fn has_terms(&self) -> bool {
        self.path.is_some() || self.limit.is_some()
    }

    /// How much it says of what it is about.
    fn precision(&self) -> (u8, bool, bool) {
        let site = self.site.as_ref().map_or(0, Site::precision);
        (site, self.path.is_some(), self.limit.is_some())
    }

    fn is_about(&self, kind: Kind, origin: Option<&Url>) -> bool {
        self.kind == kind
            && self
                .site
                .as_ref()
                .is_none_or(|site| origin.is_some_and(|origin| site.holds(origin)))
    }
}

#[derive(Debug, Error, PartialEq)]
pub enum GuardPolicyError {
    #[error("{file} is not TOML: {reason}")]
    NotToml { file: String, reason: String },
    #[error(
        "{file}: [guard] has no setting {key:?}; it takes `preset`, `sites`, `sockets`, `opened-sockets`, `uploads`, `[[guard.rule]]` and the kinds {kinds}"
    )]
    UnknownKey {
        file: String,
        key: String,
        kinds: String,
    },
    #[error("{file}: {place} names no kind of effect: {found:?}; the kinds are {kinds}")]
    UnknownKind {
        file: String,
        place: String,
        found: String,
        kinds: String,
    },
    #[error("{file}: guard.preset is {found}; write \"cautious\", \"balanced\" or \"trusting\"")]
    BadPreset { file: String, found: String },
    #[error(
        "{file}: {place} is no origin of WebSockets: {found:?}; write it as wss://chat.example"
    )]
    BadSocket {
        file: String,
        place: String,
        found: String,
    },
    #[error("{file}: {place} is {found}; write \"allow\", \"ask\" or \"refuse\"")]
    BadRule {
        file: String,
        place: String,
        found: String,
    },
    #[error(
        "{file}: {place} is no site: {found:?}; write an origin (https://shop.example), a host (shop.example) or *.shop.example"
    )]
    BadSite {
        file: String,
        place: String,
        found: String,
    },
    #[error("{file}: {place} is no path: {found:?}; write one as in /api/orders/*")]
    BadPath {
        file: String,
        place: String,
        found: String,
    },
    #[error(
        "{file}: {place} sets no limit: {found}; write one of above and up-to, with a currency, as in up-to = \"50 EUR\""
    )]
    BadLimit {
        file: String,
        place: String,
        found: String,
    },
    #[error(
        "{file}: {place} would allow to {phrase} everywhere; name the site in a [[guard.rule]] with kind, site and action"
    )]
    MoneyEverywhere {
        file: String,
        place: String,
        phrase: &'static str,
    },
}

/// A place in the web: one origin, one host, or a host with all below it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Site {
    Below(String),
    Host(String),
    Origin(String),
}

impl Site {
    fn parse(text: &str) -> Option<Site> {
        let text = text.trim();
        if text.contains("://") {
            let url = Url::parse(text).ok()?;
            let plain = matches!(url.path(), "" | "/") && url.query().is_none();
            let origin = url.origin();
            return (origin.is_tuple() && plain && url.username().is_empty())
                .then(|| Site::Origin(origin.ascii_serialization()));
        }
        let (below, host) = match text.strip_prefix("*.") {
            Some(host) => (true, host),
            None => (false, text),
        };
        // Parsed as a part of an address, so that case and international names are written as the browser writes them.
        let url = Url::parse(&format!("https://{host}/")).ok()?;
        let plain = url.port().is_none() && url.path() == "/" && url.username().is_empty();
        let host = url.host_str()?.to_owned();
        let usable = plain && !host.contains('*') && url.query().is_none();
        usable.then_some(match below {
            true => Site::Below(host),
            false => Site::Host(host),
        })
    }

    fn holds(&self, origin: &Url) -> bool {
        let host = origin.host_str().unwrap_or_default();
        match self {
            Site::Origin(own) => *own == origin.origin().ascii_serialization(),
            Site::Host(own) => own == host,
            Site::Below(own) => {
                own == host
                    || host
                        .strip_suffix(own.as_str())
                        .is_some_and(|h| h.ends_with('.'))
            }
        }
    }

    /// How much it says: an origin more than a host, a host more than all below it.
    fn precision(&self) -> u8 {
        match self {
            Site::Below(_) => 1,
            Site::Host(_) => 2,
            Site::Origin(_) => 3,
        }
    }
}

/// Whether what is sent over a WebSocket is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    Yes,
    No,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RuleEntry {
    kind: String,
    site: Option<String>,
    path: Option<String>,
    above: Option<String>,
    up_to: Option<String>,
    action: String,
}

impl GuardPolicy {
    /// Reads `[guard]` from the text of a configuration file; `file` names it in messages. Other tables are not looked at.
    ///
    /// # Errors
    /// Whatever in `[guard]` is not understood, by its name.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, GuardPolicyError> {
        let table: toml::Table =
            text.parse()
                .map_err(|e: toml::de::Error| GuardPolicyError::NotToml {
                    file: file.to_owned(),
                    reason: e.to_string(),
                })?;
        match table.get("guard") {
            None => Ok(GuardPolicy::default()),
            Some(toml::Value::Table(guard)) => Self::from_table(file, guard),
            Some(other) => Err(GuardPolicyError::BadRule {
                file: file.to_owned(),
                place: "guard".to_owned(),
                found: format!("{other} instead of a table"),
            }),
        }
    }

    /// Reads the table `[guard]` itself.
    ///
    /// # Errors
    /// As [`GuardPolicy::from_toml`].
    pub fn from_table(file: &str, guard: &toml::Table) -> Result<Self, GuardPolicyError> {
        let mut policy = GuardPolicy::default();
        for (key, value) in guard {
            match key.as_str() {
                "sites" => policy.sites = sites(file, value)?,
                "uploads" => policy.uploads = folders(file, value)?,
                "preset" => policy.preset = preset(file, value)?,
                "sockets" => policy.sockets = sockets(file, "guard.sockets", value)?,
                "opened-sockets" => {
                    policy.opened_sockets = sockets(file, "guard.opened-sockets", value)?;
                }
                "rule" => {
                    for (index, entry) in array(file, "guard.rule", value)?.iter().enumerate() {
                        policy.rules.push(rule(file, index + 1, entry)?);
                    }
                }
                _ => {
                    let kind = kind(key).ok_or_else(|| GuardPolicyError::UnknownKey {
                        file: file.to_owned(),
                        key: key.clone(),
                        kinds: kinds(),
                    })?;
                    let place = format!("guard.{key}");
                    let rule = action(file, &place, value)?;
                    money_needs_a_site(file, &place, kind, rule)?;
                    policy.rules.push(Entry {
                        kind,
                        site: None,
                        path: None,
                        limit: None,
                        rule,
                    });
                }
            }
        }
        Ok(policy)
    }

    /// Folders whose files may be handed to pages.
    pub fn upload_folders(&self) -> &[PathBuf] {
        &self.uploads
    }

    pub fn preset(&self) -> Preset {
        self.preset
    }

    /// The same rules with another preset.
    #[must_use]
    pub fn with_preset(mut self, preset: Preset) -> Self {
        self.preset = preset;
        self
    }

    /// Whether WebSockets to an origin (`wss://HOST`) are let through by a rule, and opened.
    pub fn socket(&self, origin: &str) -> Option<Opened> {
        let names = |list: &[String]| list.iter().any(|one| one == origin);
        if names(&self.opened_sockets) {
            return Some(Opened::Yes);
        }
        names(&self.sockets).then_some(Opened::No)
    }

    /// What holds for a kind at an origin: of the rules that fit, the most precise about the site, and of several of those the strictest.
    /// Where none fits, ask. Rules about paths and amounts are for requests ([`GuardPolicy::judge`]): here they allow nothing, and where
    /// one asks or refuses, nothing is allowed beforehand.
    pub fn rule(&self, kind: Kind, origin: &str) -> Rule {
        let origin = Url::parse(origin).ok();
        let about = |entry: &&Entry| entry.is_about(kind, origin.as_ref());
        let told = self
            .rules
            .iter()
            .filter(about)
            .filter(|entry| !entry.has_terms())
            .map(|entry| (entry.precision(), entry.rule))
            .max()
            .map_or(Rule::Ask, |(_, rule)| rule);
        let depends = self
            .rules
            .iter()
            .filter(about)
            .any(|entry| entry.has_terms() && entry.rule != Rule::Allow);
        match depends {
            true => told.max(Rule::Ask),
            false => told,
        }
    }

    /// What the person's rules say of a write that is about to leave; `None` where they say nothing, and for what is no write.
    /// The most precise rule wins, about the site before the path before the amount, and of several of those the strictest.
    pub fn judge(&self, effect: &Effect) -> Option<Rule> {
        if effect.standing != Standing::Write {
            return None;
        }
        let origin = Url::parse(&effect.origin).ok();
        self.rules
            .iter()
            .filter(|entry| {
                entry.is_about(effect.kind, origin.as_ref())
                    && entry.path.as_ref().is_none_or(|path| path.holds(&effect.path))
                    // An amount that cannot be told fits whatever is stricter than allowing.
                    && entry.limit.as_ref().is_none_or(|limit| {
                        limit.holds(effect).unwrap_or(entry.rule != Rule::Allow)
                    })
            })
            .map(|entry| (entry.precision(), entry.rule))
            .max()
            .map(|(_, rule)| rule)
    }

    /// Whether an address belongs to the sites of the goal or to those of the `sites` setting. The same host by `https`
    /// instead of `http` is the same site.
    pub fn is_within(&self, address: &Url, goal_sites: &[String]) -> bool {
        let own = goal_sites
            .iter()
            .filter_map(|site| Site::parse_loosely(site));
        own.chain(self.sites.iter().cloned()).any(|site| {
            site.holds(address) || {
                let secure = match &site {
                    Site::Origin(origin) => origin.strip_prefix("http://"),
                    Site::Host(_) | Site::Below(_) => None,
                };
                secure.is_some_and(|rest| Site::Origin(format!("https://{rest}")).holds(address))
            }
        })
    }
}

impl Site {
    /// A goal's site may be given with a path (the address where a run starts): only its origin counts.
    fn parse_loosely(text: &str) -> Option<Site> {
        Site::parse(text).or_else(|| {
            let origin = Url::parse(text).ok()?.origin();
            origin
                .is_tuple()
                .then(|| Site::Origin(origin.ascii_serialization()))
        })
    }
}

fn kind(text: &str) -> Option<Kind> {
    Kind::deserialize(serde::de::value::StrDeserializer::<serde::de::value::Error>::new(text)).ok()
}

/// The names of all kinds, as the file writes them.
fn kinds() -> String {
    let names = Kind::ALL.map(|kind| {
        serde_json::to_value(kind)
            .ok()
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    });
    names.join(", ")
}

fn action(file: &str, place: &str, value: &toml::Value) -> Result<Rule, GuardPolicyError> {
    value
        .as_str()
        .and_then(Rule::parse)
        .ok_or_else(|| GuardPolicyError::BadRule {
            file: file.to_owned(),
            place: place.to_owned(),
            found: value.to_string(),
        })
}

fn array<'a>(
    file: &str,
    place: &str,
    value: &'a toml::Value,
) -> Result<&'a Vec<toml::Value>, GuardPolicyError> {
    value.as_array().ok_or_else(|| GuardPolicyError::BadRule {
        file: file.to_owned(),
        place: place.to_owned(),
        found: format!("{value} instead of a list"),
    })
}

fn site(file: &str, place: &str, text: &str) -> Result<Site, GuardPolicyError> {
    Site::parse(text).ok_or_else(|| GuardPolicyError::BadSite {
        file: file.to_owned(),
        place: place.to_owned(),
        found: text.to_owned(),
    })
}

fn sites(file: &str, value: &toml::Value) -> Result<Vec<Site>, GuardPolicyError> {
    array(file, "guard.sites", value)?
        .iter()
        .map(|entry| {
            let text = entry
                .as_str()
                .map_or_else(|| entry.to_string(), str::to_owned);
            site(file, "guard.sites", &text)
        })
        .collect()
}

/// Folders by their whole path; `~` is not understood, since whose home it is differs.
fn folders(file: &str, value: &toml::Value) -> Result<Vec<PathBuf>, GuardPolicyError> {
    array(file, "guard.uploads", value)?
        .iter()
        .map(|entry| {
            let folder = entry.as_str().map(PathBuf::from);
            folder
                .filter(|folder| folder.is_absolute())
                .ok_or_else(|| GuardPolicyError::BadRule {
                    file: file.to_owned(),
                    place: "guard.uploads".to_owned(),
                    found: format!("{entry} instead of a whole path"),
                })
        })
        .collect()
}

fn preset(file: &str, value: &toml::Value) -> Result<Preset, GuardPolicyError> {
    value
        .clone()
        .try_into()
        .map_err(|_| GuardPolicyError::BadPreset {
            file: file.to_owned(),
            found: value.to_string(),
        })
}

fn sockets(file: &str, place: &str, value: &toml::Value) -> Result<Vec<String>, GuardPolicyError> {
    array(file, place, value)?
        .iter()
        .map(|entry| {
            let origin = entry.as_str().and_then(|text| {
                let url = Url::parse(text).ok()?;
                let plain = matches!(url.path(), "" | "/") && url.query().is_none();
                (matches!(url.scheme(), "ws" | "wss") && plain && url.has_host())
                    .then(|| url.origin().ascii_serialization())
            });
            origin.ok_or_else(|| GuardPolicyError::BadSocket {
                file: file.to_owned(),
                place: place.to_owned(),
                found: entry.to_string(),
            })
        })
        .collect()
}

fn rule(file: &str, number: usize, entry: &toml::Value) -> Result<Entry, GuardPolicyError> {
    let place = format!("[[guard.rule]] number {number}");
    let read: RuleEntry =
        entry
            .clone()
            .try_into()
            .map_err(|e: toml::de::Error| GuardPolicyError::BadRule {
                file: file.to_owned(),
                place: place.clone(),
                found: format!("not a rule ({})", e.message()),
            })?;
    let kind = kind(&read.kind).ok_or_else(|| GuardPolicyError::UnknownKind {
        file: file.to_owned(),
        place: place.clone(),
        found: read.kind.clone(),
        kinds: kinds(),
    })?;
    let rule = action(
        file,
        &format!("`action` of {place}"),
        &toml::Value::String(read.action),
    )?;
    let site = read
        .site
        .map(|text| site(file, &format!("`site` of {place}"), &text))
        .transpose()?;
    if site.is_none() {
        money_needs_a_site(file, &place, kind, rule)?;
    }
    let path = read
        .path
        .map(|text| {
            Path::parse(&text).ok_or_else(|| GuardPolicyError::BadPath {
                file: file.to_owned(),
                place: format!("`path` of {place}"),
                found: text,
            })
        })
        .transpose()?;
    let limit = match (&read.above, &read.up_to) {
        (None, None) => None,
        (above, up_to) => Some(Limit::parse(above.as_deref(), up_to.as_deref()).ok_or_else(
            || GuardPolicyError::BadLimit {
                file: file.to_owned(),
                place: place.clone(),
                found: format!("above = {above:?}, up-to = {up_to:?}"),
            },
        )?),
    };
    Ok(Entry {
        kind,
        site,
        path,
        limit,
        rule,
    })
}

/// Money is never allowed everywhere: a page that the person has not named must not be paid without a yes.
fn money_needs_a_site(
    file: &str,
    place: &str,
    kind: Kind,
    rule: Rule,
) -> Result<(), GuardPolicyError> {
    if rule == Rule::Allow && matches!(kind, Kind::Pay | Kind::TransferMoney) {
        return Err(GuardPolicyError::MoneyEverywhere {
            file: file.to_owned(),
            place: place.to_owned(),
            phrase: kind.phrase(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> GuardPolicy {
        GuardPolicy::from_toml("apprentice.toml", text).unwrap()
    }

    fn error(text: &str) -> String {
        GuardPolicy::from_toml("apprentice.toml", text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn without_rules_everything_is_asked() {
        for kind in Kind::ALL {
            assert_eq!(
                GuardPolicy::default().rule(kind, "https://a.example"),
                Rule::Ask
            );
        }
    }

    #[test]
    fn the_most_precise_rule_wins_and_then_the_strictest() {
        let policy = policy(
            r#"
            [guard]
            send = "refuse"
            [[guard.rule]]
            kind = "send"
            site = "*.mail.example"
            action = "ask"
            [[guard.rule]]
            kind = "send"
            site = "https://a.mail.example"
            action = "allow"
            [[guard.rule]]
            kind = "send"
            site = "https://b.mail.example"
            action = "allow"
            [[guard.rule]]
            kind = "send"
            site = "https://b.mail.example"
            action = "refuse"
            "#,
        );
        for (origin, rule) in [
            ("https://elsewhere.example", Rule::Refuse),
            ("https://c.mail.example", Rule::Ask),
            ("https://a.mail.example", Rule::Allow),
            ("http://a.mail.example", Rule::Ask),
            ("https://a.mail.example:8443", Rule::Ask),
            ("https://b.mail.example", Rule::Refuse),
            ("https://evilmail.example", Rule::Refuse),
            ("null", Rule::Refuse),
        ] {
            assert_eq!(policy.rule(Kind::Send, origin), rule, "{origin}");
        }
        assert_eq!(policy.rule(Kind::Pay, "https://a.mail.example"), Rule::Ask);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        assert!(error("[guard]\npya = \"ask\"").contains("\"pya\""));
        assert!(error("[guard]\npay = \"never\"").contains("guard.pay"));
        assert!(error("[guard]\npay = true").contains("guard.pay"));
        assert!(error("[[guard.rule]]\nkind = \"x\"\naction = \"ask\"").contains("number 1"));
        assert!(error("[[guard.rule]]\nkind = \"pay\"\nacton = \"ask\"").contains("acton"));
        assert!(error("[guard]\nsites = [\"a b\"]").contains("\"a b\""));
        assert!(error("[guard]\nsites = [\"https://*.example/path\"]").contains("guard.sites"));
        assert!(error("guard = 1").contains("guard"));
        assert!(error("[guard").contains("not TOML"));
    }

    #[test]
    fn money_is_never_allowed_everywhere() {
        assert!(error("[guard]\npay = \"allow\"").contains("name the site"));
        let everywhere = "[[guard.rule]]\nkind = \"transfer-money\"\naction = \"allow\"";
        assert!(error(everywhere).contains("name the site"));
        let named =
            policy("[[guard.rule]]\nkind = \"pay\"\nsite = \"shop.example\"\naction = \"allow\"");
        assert_eq!(named.rule(Kind::Pay, "https://shop.example"), Rule::Allow);
        assert_eq!(named.rule(Kind::Pay, "https://x.example"), Rule::Ask);
    }

    fn effect(path: &str, body: &str) -> Effect {
        crate::guard::effect::read(&crate::computer::Request {
            method: "POST".to_owned(),
            url: format!("https://shop.example{path}"),
            body: body.as_bytes().to_vec(),
            ..crate::computer::Request::default()
        })
    }

    #[test]
    fn requests_are_judged_by_path_and_amount_too() {
        let policy = policy(
            r#"
            [[guard.rule]]
            kind = "pay"
            site = "shop.example"
            up-to = "50 EUR"
            action = "allow"
            [[guard.rule]]
            kind = "pay"
            site = "shop.example"
            above = "500 EUR"
            action = "refuse"
            [[guard.rule]]
            kind = "send"
            path = "/api/*"
            action = "allow"
            "#,
        );
        let judge = |path: &str, body: &str| policy.judge(&effect(path, body));
        for (body, wanted) in [
            ("amount=49.90&currency=EUR", Some(Rule::Allow)),
            ("amount=50&currency=eur", Some(Rule::Allow)),
            ("amount=51&currency=EUR", None),
            ("amount=51&amount=1&currency=EUR", None),
            ("amount=501&currency=EUR", Some(Rule::Refuse)),
            // What cannot be told is never allowed, and refused where a rule refuses.
            ("amount=20&currency=USD", Some(Rule::Refuse)),
            ("amount=20", Some(Rule::Refuse)),
            ("x=1", Some(Rule::Refuse)),
        ] {
            assert_eq!(judge("/pay", body), wanted, "{body}");
        }
        assert_eq!(judge("/api/send", "x=1"), Some(Rule::Allow));
        assert_eq!(judge("/send", "x=1"), None);
        assert_eq!(judge("/search", "q=1"), None);
        // Before the click neither is known.
        assert_eq!(policy.rule(Kind::Pay, "https://shop.example"), Rule::Ask);
        assert_eq!(policy.rule(Kind::Send, "https://shop.example"), Rule::Ask);
    }

    #[test]
    fn terms_that_are_not_understood_are_named() {
        let rule = |terms: &str| {
            error(&format!(
                "[[guard.rule]]\nkind = \"pay\"\nsite = \"a.example\"\naction = \"ask\"\n{terms}"
            ))
        };
        assert!(rule("path = \"api\"").contains("\"api\""));
        assert!(rule("above = \"50\"").contains("currency"));
        assert!(rule("above = \"EUR\"").contains("currency"));
        assert!(rule("above = \"5 EUR\"\nup-to = \"6 EUR\"").contains("one of"));
    }

    #[test]
    fn sites_are_origins_hosts_or_what_is_below() {
        let policy = policy("[guard]\nsites = [\"b.example\", \"*.c.example\"]");
        let goal = ["http://a.example/start?x=1".to_owned()];
        for (address, within) in [
            ("http://a.example/other", true),
            ("https://a.example/", true),
            ("http://a.example:8080/", false),
            ("https://b.example:8443/", true),
            ("https://x.b.example/", false),
            ("https://x.c.example/", true),
            ("https://notc.example/", false),
            ("https://a.example.evil.example/", false),
            ("https://a.example@evil.example/", false),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(policy.is_within(&url, &goal), within, "{address}");
        }
    }
}
