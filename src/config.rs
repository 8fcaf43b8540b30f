//! What is in force: flags, then `APPRENTICE_*`, then `apprentice.toml` here, then the user's one, then defaults, made into
//! one value that says of each setting where it came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::computer::browser::Viewport;
use crate::guard::effect::Preset;
use crate::guard::trust::file as ledger;

/// The file's name, in the working directory and in the user's configuration folder.
pub const FILE: &str = "apprentice.toml";
/// What the names of environment variables begin with.
const PREFIX: &str = "APPRENTICE_";

const DEMOS: &str = "demos";
const TRACES: &str = "traces";
/// The vault's file, with the program's data.
const VAULT: &str = "secrets.toml";
/// The preferences' file, beside the configuration.
const PREFERENCES: &str = "preferences.toml";
/// Where older versions kept remembered answers, with the program's data; it is used on where it is there.
const ANSWERS: &str = "answers.toml";
/// Turns of a run; the longest job that was shown takes about 60.
const MAX_STEPS: usize = 200;
/// Seconds of a run.
const MAX_SECONDS: u64 = 1800;
/// Seconds of one answer: large models think for minutes before their first word.
const MODEL_SECONDS: u64 = 180;
/// Failed actions in a row.
const MAX_FAILURES: usize = 5;
/// How alike (Jaro-Winkler, 0 to 1) a key must be to be offered for a mistyped one.
const ALIKE: f64 = 0.75;

/// What one source says. `None` says nothing. Also the shape of the file.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Layer {
    pub browser: Option<PathBuf>,
    pub connect: Option<String>,
    pub headed: Option<bool>,
    pub viewport: Option<Viewport>,
    pub existing_tabs: Option<bool>,
    pub profile: Option<String>,
    pub demos: Option<PathBuf>,
    pub traces: Option<PathBuf>,
    pub model: Option<String>,
    pub base_url: Option<String>,
    pub model_seconds: Option<u64>,
    pub max_steps: Option<usize>,
    pub max_seconds: Option<u64>,
    pub max_failures: Option<usize>,
    pub start: Option<String>,
    /// Origins by name; sources add to each other, name by name.
    #[serde(default)]
    pub sites: BTreeMap<String, String>,
    pub memory: Option<PathBuf>,
    pub learn: Option<bool>,
    pub preset: Option<Preset>,
    /// Proxy that this program goes through, instead of the environment's.
    pub proxy: Option<String>,
    pub vault: Option<PathBuf>,
    pub passphrase_file: Option<PathBuf>,
    pub guard: Option<toml::Table>,
}

/// Keys of the file, in the order of [`Layer`].
const KEYS: [&str; 23] = [
    "browser",
    "connect",
    "headed",
    "viewport",
    "existing-tabs",
    "profile",
    "demos",
    "traces",
    "model",
    "base-url",
    "model-seconds",
    "max-steps",
    "max-seconds",
    "max-failures",
    "start",
    "sites",
    "memory",
    "learn",
    "preset",
    "proxy",
    "vault",
    "passphrase-file",
    "guard",
];

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag,
    /// The variable's name.
    Environment(String),
    File(PathBuf),
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Flag => f.write_str("the command line"),
            Source::Environment(name) => f.write_str(name),
            Source::File(path) => write!(f, "{}", path.display()),
            Source::Default => f.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<T> {
    pub value: T,
    pub source: Source,
}

/// The table `[guard]` of a file, for `guard` to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardTable {
    /// The file's name, for messages.
    pub file: String,
    /// TOML that holds the table `[guard]` and nothing else.
    pub text: String,
}

/// Everything that is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub browser: Setting<Option<PathBuf>>,
    pub connect: Setting<Option<String>>,
    pub headed: Setting<bool>,
    /// How large the view of pages is.
    pub viewport: Setting<Viewport>,
    /// In a browser that is connected to: work in its tabs and not in a context of our own.
    pub existing_tabs: Setting<bool>,
    pub profile: Setting<Option<String>>,
    pub demos: Setting<PathBuf>,
    pub traces: Setting<PathBuf>,
    pub model: Setting<Option<String>>,
    pub base_url: Setting<Option<String>>,
    /// Seconds that one answer of the model may take.
    pub model_seconds: Setting<u64>,
    pub max_steps: Setting<usize>,
    pub max_seconds: Setting<u64>,
    pub max_failures: Setting<usize>,
    pub start: Setting<Option<String>>,
    pub sites: BTreeMap<String, Setting<String>>,
    /// File with the preferences and remembered answers.
    pub memory: Setting<PathBuf>,
    /// File with what is trusted: beside the preferences where a place was given for them, else with the program's data.
    pub ledger: PathBuf,
    /// Whether runs teach their workflow, and use what earlier ones taught.
    pub learn: Setting<bool>,
    /// What passes without a yes, where it is given here and not in `[guard]`.
    pub preset: Setting<Option<Preset>>,
    pub proxy: Setting<Option<String>>,
    /// File that lists the secrets that are kept, and holds those that no keyring keeps.
    pub vault: Setting<PathBuf>,
    /// File with the passphrase of the vault's file.
    pub passphrase_file: Setting<Option<PathBuf>>,
    pub guard: Setting<Option<GuardTable>>,
}

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{file} is not TOML: {reason}")]
    NotToml { file: String, reason: String },
    #[error("{file} has an unknown key {key:?}{}", nearest_or_all(.nearest.as_deref()))]
    UnknownKey {
        file: String,
        key: String,
        nearest: Option<String>,
    },
    #[error("{file} has a value of the wrong kind: {reason}")]
    WrongKind { file: String, reason: String },
    #[error("{file} cannot be read: {reason}")]
    Unreadable { file: String, reason: String },
    #[error("{variable} is {found:?}, which is not {expected}")]
    BadVariable {
        variable: String,
        found: String,
        expected: &'static str,
    },
}

fn nearest_or_all(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!(": is it {nearest:?}?"),
        None => format!("; known are {}", KEYS.join(", ")),
    }
}

/// Where what is kept between runs lies unless something else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Homes {
    /// File with the preferences and remembered answers.
    pub memory: PathBuf,
    /// Folder with everything else.
    pub data: PathBuf,
}

impl Homes {
    /// Preferences are for people to edit, so they lie with the configuration; a file of an older version is used on.
    fn of(configuration: &Path, data: &Path) -> Self {
        let (preferences, answers) = (configuration.join(PREFERENCES), data.join(ANSWERS));
        let used_on = answers.is_file() && !preferences.exists();
        Self {
            memory: if used_on { answers } else { preferences },
            data: data.to_owned(),
        }
    }
}

impl Settings {
    /// Reads environment and files, and puts the flags before them.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn load(flags: Layer) -> Result<Self, ConfigError> {
        let folders = directories::ProjectDirs::from("", "", "apprentice");
        let mut paths = vec![PathBuf::from(FILE)];
        paths.extend(folders.as_ref().map(|f| f.config_dir().join(FILE)));
        let mut files = Vec::new();
        for path in paths {
            match std::fs::read_to_string(&path) {
                Ok(text) => files.push((path, text)),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => {
                    return Err(ConfigError::Unreadable {
                        file: path.display().to_string(),
                        reason: e.to_string(),
                    });
                }
            }
        }
        let homes = folders.map_or_else(
            || Homes {
                memory: PathBuf::from(PREFERENCES),
                data: PathBuf::new(),
            },
            |folders| Homes::of(folders.config_dir(), folders.data_dir()),
        );
        Self::resolve(flags, |name| std::env::var(name).ok(), &files, homes)
    }

    /// The same from values: `files` are path and text, the stronger first; `homes` is where what is kept lies unless
    /// something else is said.
    ///
    /// # Errors
    /// [`ConfigError`].
    pub fn resolve(
        flags: Layer,
        variable: impl Fn(&str) -> Option<String>,
        files: &[(PathBuf, String)],
        homes: Homes,
    ) -> Result<Self, ConfigError> {
        let mut layers = vec![
            (Origin::Flags, flags),
            (Origin::Environment, environment(&variable)?),
        ];
        for (path, text) in files {
            layers.push((Origin::File(path), parse(path, text)?));
        }
        let stack = Stack(layers);
        let mut sites = BTreeMap::new();
        for (origin, layer) in &stack.0 {
            for (name, address) in &layer.sites {
                sites.entry(name.clone()).or_insert_with(|| Setting {
                    value: address.clone(),
                    source: origin.source("sites"),
                });
            }
        }
        let guard = stack.find("guard", |layer| layer.guard.clone());
        let memory = stack.find("memory", |layer| layer.memory.clone());
        let ledger = match &memory.value {
            Some(memory) => ledger::beside(memory),
            None => ledger::beside(&homes.data.join(ANSWERS)),
        };
        Ok(Settings {
            browser: stack.find("browser", |layer| layer.browser.clone()),
            connect: stack.find("connect", |layer| layer.connect.clone()),
            headed: stack.pick("headed", |layer| layer.headed, false),
            viewport: stack.pick("viewport", |layer| layer.viewport, Viewport::default()),
            existing_tabs: stack.pick("existing-tabs", |layer| layer.existing_tabs, false),
            profile: stack.find("profile", |layer| layer.profile.clone()),
            demos: stack.pick("demos", |layer| layer.demos.clone(), DEMOS.into()),
            traces: stack.pick("traces", |layer| layer.traces.clone(), TRACES.into()),
            model: stack.find("model", |layer| layer.model.clone()),
            base_url: stack.find("base-url", |layer| layer.base_url.clone()),
            model_seconds: stack.pick("model-seconds", |layer| layer.model_seconds, MODEL_SECONDS),
            max_steps: stack.pick("max-steps", |layer| layer.max_steps, MAX_STEPS),
            max_seconds: stack.pick("max-seconds", |layer| layer.max_seconds, MAX_SECONDS),
            max_failures: stack.pick("max-failures", |layer| layer.max_failures, MAX_FAILURES),
            start: stack.find("start", |layer| layer.start.clone()),
            learn: stack.pick("learn", |layer| layer.learn, true),
            preset: stack.find("preset", |layer| layer.preset),
            proxy: stack.find("proxy", |layer| layer.proxy.clone()),
            sites,
            vault: stack.pick("vault", |layer| layer.vault.clone(), homes.data.join(VAULT)),
            passphrase_file: stack.find("passphrase-file", |layer| layer.passphrase_file.clone()),
            memory: Setting {
                value: memory.value.unwrap_or(homes.memory),
                source: memory.source,
            },
            ledger,
            guard: Setting {
                value: guard.value.map(|table| GuardTable {
                    file: guard.source.to_string(),
                    text: toml::Table::from_iter([("guard".to_owned(), table.into())]).to_string(),
                }),
                source: guard.source,
            },
        })
    }

    /// The sites' origins by name.
    pub fn site_origins(&self) -> BTreeMap<String, String> {
        self.sites
            .iter()
            .map(|(name, setting)| (name.clone(), setting.value.clone()))
            .collect()
    }

    /// Name, value and source of every setting, for people to read.
    pub fn rows(&self) -> Vec<(String, String, String)> {
        fn row<T>(
            name: &str,
            setting: &Setting<T>,
            show: impl Fn(&T) -> String,
        ) -> (String, String, String) {
            (
                name.to_owned(),
                show(&setting.value),
                setting.source.to_string(),
            )
        }
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
        let path = |value: &PathBuf| value.display().to_string();
        let mut rows = vec![
            row("browser", &self.browser, |value| match value {
                Some(value) => path(value),
                None => "the first that is found".to_owned(),
            }),
            row("connect", &self.connect, text),
            row("headed", &self.headed, bool::to_string),
            row("viewport", &self.viewport, Viewport::to_string),
            row("existing-tabs", &self.existing_tabs, bool::to_string),
            row("profile", &self.profile, |value| match value {
                Some(value) => value.clone(),
                None => "a fresh one for each run".to_owned(),
            }),
            row("demos", &self.demos, path),
            row("traces", &self.traces, path),
            row("model", &self.model, text),
            row("base-url", &self.base_url, text),
            row("model-seconds", &self.model_seconds, u64::to_string),
            row("max-steps", &self.max_steps, usize::to_string),
            row("max-seconds", &self.max_seconds, u64::to_string),
            row("max-failures", &self.max_failures, usize::to_string),
            row("start", &self.start, text),
            row("preset", &self.preset, |value| match value {
                Some(preset) => preset.name().to_owned(),
                None => "that of [guard], or balanced".to_owned(),
            }),
            row("proxy", &self.proxy, |value| match value {
                Some(proxy) => proxy.clone(),
                None => "that of the environment, if any".to_owned(),
            }),
        ];
        for (name, site) in &self.sites {
            rows.push(row(&format!("sites.{name}"), site, String::clone));
        }
        rows.push(row("memory", &self.memory, path));
        rows.push(row("learn", &self.learn, bool::to_string));
        rows.push(row("vault", &self.vault, path));
        rows.push(row("passphrase-file", &self.passphrase_file, |value| {
            value.as_ref().map_or_else(|| "none".to_owned(), path)
        }));
        rows.push(row("guard", &self.guard, |value| match value {
            Some(_) => "as in the file".to_owned(),
            None => "asks for whatever matters".to_owned(),
        }));
        rows
    }
}

/// Which source a layer is.
enum Origin<'a> {
    Flags,
    Environment,
    File(&'a Path),
}

impl Origin<'_> {
    fn source(&self, key: &str) -> Source {
        match self {
            Origin::Flags => Source::Flag,
            Origin::Environment => Source::Environment(variable_name(key)),
            Origin::File(path) => Source::File(path.to_path_buf()),
        }
    }
}

/// The sources, the strongest first.
struct Stack<'a>(Vec<(Origin<'a>, Layer)>);

impl Stack<'_> {
    fn find<T>(&self, key: &str, get: impl Fn(&Layer) -> Option<T>) -> Setting<Option<T>> {
        self.0
            .iter()
            .find_map(|(origin, layer)| {
                get(layer).map(|value| Setting {
                    value: Some(value),
                    source: origin.source(key),
                })
            })
            .unwrap_or(Setting {
                value: None,
                source: Source::Default,
            })
    }

    fn pick<T>(&self, key: &str, get: impl Fn(&Layer) -> Option<T>, default: T) -> Setting<T> {
        let found = self.find(key, get);
        Setting {
            value: found.value.unwrap_or(default),
            source: found.source,
        }
    }
}

fn variable_name(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('-', "_").to_uppercase())
}

/// What the environment says. An empty variable says nothing.
fn environment(variable: &impl Fn(&str) -> Option<String>) -> Result<Layer, ConfigError> {
    let get = |key: &str| variable(&variable_name(key)).filter(|value| !value.is_empty());
    Ok(Layer {
        browser: get("browser").map(PathBuf::from),
        connect: get("connect"),
        headed: truth(&get, "headed")?,
        viewport: get("viewport")
            .map(|found| {
                let read = found.parse();
                read.map_err(|_: String| bad("viewport", &found, "WIDTHxHEIGHT, as in 1280x800"))
            })
            .transpose()?,
        existing_tabs: truth(&get, "existing-tabs")?,
        profile: get("profile"),
        demos: get("demos").map(PathBuf::from),
        traces: get("traces").map(PathBuf::from),
        model: get("model"),
        base_url: get("base-url"),
        proxy: get("proxy"),
        preset: get("preset")
            .map(|found| {
                Preset::from_name(&found)
                    .ok_or_else(|| bad("preset", &found, "cautious, balanced or trusting"))
            })
            .transpose()?,
        model_seconds: number(&get, "model-seconds")?,
        max_steps: number(&get, "max-steps")?,
        max_seconds: number(&get, "max-seconds")?,
        max_failures: number(&get, "max-failures")?,
        start: get("start"),
        sites: get("sites")
            .map(|found| {
                found
                    .split(',')
                    .map(|pair| {
                        pair.trim()
                            .split_once('=')
                            .map(|(name, origin)| (name.to_owned(), origin.to_owned()))
                            .ok_or_else(|| bad("sites", &found, "NAME=ORIGIN,NAME=ORIGIN"))
                    })
                    .collect()
            })
            .transpose()?
            .unwrap_or_default(),
        memory: get("memory").map(PathBuf::from),
        learn: truth(&get, "learn")?,
        vault: get("vault").map(PathBuf::from),
        passphrase_file: get("passphrase-file").map(PathBuf::from),
        guard: None,
    })
}

/// A switch that is on or off.
fn truth(get: &impl Fn(&str) -> Option<String>, key: &str) -> Result<Option<bool>, ConfigError> {
    get(key)
        .map(|found| match found.as_str() {
            "1" | "true" | "yes" => Ok(true),
            "0" | "false" | "no" => Ok(false),
            _ => Err(bad(key, &found, "true or false")),
        })
        .transpose()
}

fn number<T: std::str::FromStr>(
    get: &impl Fn(&str) -> Option<String>,
    key: &str,
) -> Result<Option<T>, ConfigError> {
    get(key)
        .map(|found| {
            found
                .parse()
                .map_err(|_| bad(key, &found, "a whole number"))
        })
        .transpose()
}

fn bad(key: &str, found: &str, expected: &'static str) -> ConfigError {
    ConfigError::BadVariable {
        variable: variable_name(key),
        found: found.to_owned(),
        expected,
    }
}

/// What a file says; its relative paths are meant from where it lies.
fn parse(path: &Path, text: &str) -> Result<Layer, ConfigError> {
    let file = path.display().to_string();
    let table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| ConfigError::NotToml {
            file: file.clone(),
            reason: e.to_string(),
        })?;
    if let Some(key) = table.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(ConfigError::UnknownKey {
            file,
            key: key.clone(),
            nearest: nearest(key),
        });
    }
    let mut layer: Layer = toml::from_str(text).map_err(|e| ConfigError::WrongKind {
        file,
        reason: e.to_string(),
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for path in [
        &mut layer.demos,
        &mut layer.traces,
        &mut layer.memory,
        &mut layer.vault,
        &mut layer.passphrase_file,
    ]
    .into_iter()
    .flatten()
    {
        *path = folder.join(&*path);
    }
    // A bare name of a browser is looked for in PATH.
    if let Some(browser) = layer
        .browser
        .as_mut()
        .filter(|b| b.components().count() > 1)
    {
        *browser = folder.join(&*browser);
    }
    Ok(layer)
}

fn nearest(key: &str) -> Option<String> {
    KEYS.iter()
        .map(|known| (strsim::jaro_winkler(known, key), known))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, known)| (*known).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(
        flags: Layer,
        variables: &[(&str, &str)],
        files: &[(&str, &str)],
    ) -> Result<Settings, ConfigError> {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), (*text).to_owned()))
            .collect();
        let variable = |name: &str| {
            variables
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let homes = Homes {
            memory: "preferences.toml".into(),
            data: "data".into(),
        };
        Settings::resolve(flags, variable, &files, homes)
    }

    #[test]
    fn the_stronger_source_wins_and_is_named() {
        let flags = Layer {
            max_steps: Some(1),
            ..Layer::default()
        };
        let variables = [
            ("APPRENTICE_MAX_STEPS", "2"),
            ("APPRENTICE_MAX_SECONDS", "2"),
        ];
        let here = "max-steps = 3\nmax-seconds = 3\nmax-failures = 3";
        let user = "max-steps = 4\nmax-seconds = 4\nmax-failures = 4\nmodel = \"chat:m\"";
        let files = [("apprentice.toml", here), ("/home/u/apprentice.toml", user)];
        let settings = resolve(flags, &variables, &files).unwrap();
        assert_eq!(
            (settings.max_steps.value, settings.max_steps.source),
            (1, Source::Flag)
        );
        assert_eq!(
            (settings.max_seconds.value, settings.max_seconds.source),
            (2, Source::Environment("APPRENTICE_MAX_SECONDS".into()))
        );
        assert_eq!(
            (settings.max_failures.value, settings.max_failures.source),
            (3, Source::File("apprentice.toml".into()))
        );
        assert_eq!(
            settings.model.source,
            Source::File("/home/u/apprentice.toml".into())
        );
        assert_eq!(
            (settings.demos.value, settings.demos.source),
            (PathBuf::from("demos"), Source::Default)
        );
    }

    #[test]
    fn sites_of_all_sources_are_known_the_stronger_first() {
        let flags = Layer {
            sites: BTreeMap::from([("shop".to_owned(), "http://flag".to_owned())]),
            ..Layer::default()
        };
        let files = [(
            "apprentice.toml",
            "[sites]\nshop = \"http://file\"\nmail = \"http://mail\"",
        )];
        let settings = resolve(flags, &[("APPRENTICE_SITES", "news=http://news")], &files).unwrap();
        assert_eq!(
            settings.site_origins(),
            BTreeMap::from([
                ("mail".to_owned(), "http://mail".to_owned()),
                ("news".to_owned(), "http://news".to_owned()),
                ("shop".to_owned(), "http://flag".to_owned()),
            ])
        );
    }

    #[test]
    fn a_view_is_a_width_and_a_height() {
        let view = |variables: &[(&str, &str)], file: &str| {
            let settings = resolve(Layer::default(), variables, &[("apprentice.toml", file)])?;
            Ok::<_, ConfigError>(settings.viewport.value.to_string())
        };
        assert_eq!(view(&[], "").unwrap(), "1280x800");
        assert_eq!(view(&[], "viewport = \"390x844\"").unwrap(), "390x844");
        let variable = [("APPRENTICE_VIEWPORT", "500x320")];
        assert_eq!(
            view(&variable, "viewport = \"390x844\"").unwrap(),
            "500x320"
        );
        let error = view(&[], "viewport = \"wide\"").unwrap_err().to_string();
        assert!(
            error.contains("apprentice.toml") && error.contains("WIDTHxHEIGHT"),
            "{error}"
        );
        let error = view(&[("APPRENTICE_VIEWPORT", "1280")], "")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("APPRENTICE_VIEWPORT") && error.contains("1280x800"),
            "{error}"
        );
    }

    #[test]
    fn a_mistyped_key_is_refused_with_the_nearest_name() {
        let error = resolve(
            Layer::default(),
            &[],
            &[("apprentice.toml", "max_step = 3")],
        );
        assert_eq!(
            error.unwrap_err().to_string(),
            "apprentice.toml has an unknown key \"max_step\": is it \"max-steps\"?"
        );
        let error = resolve(Layer::default(), &[], &[("apprentice.toml", "zzz = 3")]);
        assert!(error.unwrap_err().to_string().contains("known are browser"));
    }

    #[test]
    fn what_is_of_the_wrong_kind_is_refused_with_its_place() {
        let error = resolve(
            Layer::default(),
            &[],
            &[("apprentice.toml", "max-steps = \"many\"")],
        );
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("apprentice.toml") && error.contains("max-steps"),
            "{error}"
        );
        let error = resolve(Layer::default(), &[("APPRENTICE_MAX_STEPS", "many")], &[]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "APPRENTICE_MAX_STEPS is \"many\", which is not a whole number"
        );
    }

    #[test]
    fn paths_in_a_file_are_meant_from_where_it_lies() {
        let files = [(
            "/home/u/apprentice.toml",
            "demos = \"shown\"\nbrowser = \"chromium\"",
        )];
        let settings = resolve(Layer::default(), &[], &files).unwrap();
        assert_eq!(settings.demos.value, PathBuf::from("/home/u/shown"));
        assert_eq!(settings.browser.value, Some("chromium".into()));
    }

    #[test]
    fn preferences_lie_with_the_configuration_and_trust_beside_them_where_a_place_is_given() {
        let settings = resolve(Layer::default(), &[], &[]).unwrap();
        assert_eq!(settings.memory.value, PathBuf::from("preferences.toml"));
        assert_eq!(settings.ledger, PathBuf::from("data/trust.toml"));
        assert_eq!(settings.vault.value, PathBuf::from("data/secrets.toml"));
        let given = [("APPRENTICE_MEMORY", "kept/mine.toml")];
        let settings = resolve(Layer::default(), &given, &[]).unwrap();
        assert_eq!(settings.memory.value, PathBuf::from("kept/mine.toml"));
        assert_eq!(settings.ledger, PathBuf::from("kept/trust.toml"));

        let folder = tempfile::tempdir().unwrap();
        let (configuration, data) = (folder.path().join("config"), folder.path().join("data"));
        std::fs::create_dir_all(&configuration).unwrap();
        std::fs::create_dir_all(&data).unwrap();
        std::fs::write(data.join(ANSWERS), "").unwrap();
        assert_eq!(Homes::of(&configuration, &data).memory, data.join(ANSWERS));
        std::fs::write(configuration.join(PREFERENCES), "").unwrap();
        assert_eq!(
            Homes::of(&configuration, &data).memory,
            configuration.join(PREFERENCES)
        );
    }

    #[test]
    fn the_guards_table_is_handed_on_whole() {
        let text = "model = \"m\"\n[guard]\ndefault = \"ask\"\n[[guard.rule]]\nkind = \"pay\"\naction = \"refuse\"";
        let settings = resolve(Layer::default(), &[], &[("apprentice.toml", text)]).unwrap();
        let guard = settings.guard.value.unwrap();
        let table: toml::Table = guard.text.parse().unwrap();
        let whole: toml::Table = text.parse().unwrap();
        assert_eq!(guard.file, "apprentice.toml");
        assert_eq!(table["guard"], whole["guard"]);
        assert_eq!(table.len(), 1);
    }
}
