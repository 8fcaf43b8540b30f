//! What a run needs of this machine, one file for each check, and what to do where something is missing.
//!
//! Each check gathers facts, then a pure function judges them, so that the judgement of machines that are not at hand is
//! tested too. Nothing is changed, nothing is installed, and nothing leaves the machine.

mod browser;
mod clock;
mod folders;
mod fonts;
mod ocr;
mod ports;
mod program;
mod sandbox;
mod secrets;

use std::path::PathBuf;

use serde::Serialize;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Ok,
    /// Runs work, but something is weaker than it could be.
    Warn,
    /// Some or all runs will fail.
    Fail,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at, in one word.
    pub name: &'static str,
    pub status: Status,
    /// What there is.
    pub found: String,
    /// What to do about it; absent where there is nothing to do.
    pub advice: Option<String>,
}

impl Check {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Ok,
            found: found.into(),
            advice: None,
        }
    }

    fn warn(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Warn,
            found: found.into(),
            advice: Some(advice.into()),
        }
    }

    fn fail(name: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            status: Status::Fail,
            ..Self::warn(name, found, advice)
        }
    }
}

/// What the checks are about, as the configuration in force has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The browser that is named by flag or file, if any.
    pub browser: Option<PathBuf>,
    pub demos: PathBuf,
    pub traces: PathBuf,
    pub vault: PathBuf,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            browser: None,
            demos: PathBuf::from("demos"),
            traces: PathBuf::from("traces"),
            vault: PathBuf::from("secrets.toml"),
        }
    }
}

/// All checks with the default places.
pub fn checks() -> Vec<Check> {
    checks_for(&Places::default())
}

/// All checks, in the order in which a run would stumble. Blocks for about half a second, and at most some ten seconds.
pub fn checks_for(places: &Places) -> Vec<Check> {
    vec![
        browser::check(places.browser.as_deref()),
        sandbox::check(),
        fonts::check(),
        ocr::check(),
        folders::demos(&places.demos),
        folders::traces(&places.traces),
        secrets::check(&places.vault),
        ports::check(),
        clock::check(),
    ]
}

/// The worst status of all.
pub fn worst(checks: &[Check]) -> Status {
    checks
        .iter()
        .map(|check| check.status)
        .max()
        .unwrap_or(Status::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_not_well_comes_with_advice() {
        let folder = tempfile::tempdir().unwrap();
        let checks = checks_for(&Places {
            browser: Some(folder.path().join("no-such-browser")),
            demos: folder.path().join("demos"),
            traces: folder.path().join("traces"),
            vault: folder.path().join("secrets.toml"),
        });
        assert_eq!(checks.len(), 9);
        assert_eq!(worst(&checks), Status::Fail);
        for check in &checks {
            assert_eq!(
                check.advice.is_none(),
                check.status == Status::Ok,
                "{check:?}"
            );
            assert!(!check.found.is_empty(), "{check:?}");
        }
        assert!(
            std::fs::read_dir(folder.path()).unwrap().next().is_none(),
            "a check leaves nothing behind"
        );
    }

    #[test]
    fn a_check_is_one_json_object() {
        let json = serde_json::to_string(&Check::warn("fonts", "none", "install one")).unwrap();
        assert_eq!(
            json,
            r#"{"name":"fonts","status":"warn","found":"none","advice":"install one"}"#
        );
    }
}
