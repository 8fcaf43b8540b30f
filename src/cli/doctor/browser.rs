//! Is there a browser, and is it new enough?

use std::path::Path;

use crate::computer::ComputerError;
use crate::computer::browser::{FoundBrowser, LEAST_VERSION, find};

use super::{Check, program};

const NAME: &str = "browser";

pub(super) fn check(explicit: Option<&Path>) -> Check {
    let found = find(explicit);
    let version = found
        .as_ref()
        .ok()
        .and_then(|browser| program::ask(&browser.path, &["--version"]));
    judge(found, version.as_deref())
}

fn judge(found: Result<FoundBrowser, ComputerError>, version: Option<&str>) -> Check {
    let browser = match found {
        Ok(browser) => browser,
        Err(error @ ComputerError::NoBrowser) => {
            return Check::fail(
                NAME,
                "none",
                format!("{error}; in a clone of the repository, scripts/setup installs it"),
            );
        }
        Err(error) => {
            return Check::fail(
                NAME,
                error.to_string(),
                "name an installed Chromium, Chrome or Edge with --browser or CHROME, or name none",
            );
        }
    };
    let place = format!("{} (by {})", browser.path.display(), browser.by);
    let Some(version) = version.map(str::trim).filter(|text| !text.is_empty()) else {
        return Check::warn(
            NAME,
            format!("{place}, which does not tell its version"),
            format!(
                "start it once by hand; version {LEAST_VERSION} or newer is needed (on Windows this line is usual)"
            ),
        );
    };
    match major(version) {
        Some(major) if major < LEAST_VERSION => Check::fail(
            NAME,
            format!("{version} at {place}"),
            format!("update it: version {LEAST_VERSION} or newer is needed"),
        ),
        Some(_) => Check::ok(NAME, format!("{version} at {place}")),
        None => Check::warn(
            NAME,
            format!("{place}, which calls itself {version:?}"),
            "is it a Chromium, Chrome or Edge? Name another with --browser or CHROME",
        ),
    }
}

/// The first number of `Chromium 156.0.8078.79 built on Debian`.
fn major(version: &str) -> Option<u32> {
    version
        .split_whitespace()
        .find_map(|word| word.split_once('.')?.0.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    fn some() -> Result<FoundBrowser, ComputerError> {
        Ok(FoundBrowser {
            path: "/usr/bin/chromium".into(),
            by: "PATH",
        })
    }

    #[test]
    fn judges_what_was_found() {
        for (found, version, expected) in [
            (
                some(),
                Some("Chromium 156.0.8078.79 built on Debian\n"),
                Status::Ok,
            ),
            (some(), Some("Google Chrome 90.0.4430.93"), Status::Fail),
            (some(), Some("Mozilla Firefox"), Status::Warn),
            (some(), None, Status::Warn),
            (Err(ComputerError::NoBrowser), None, Status::Fail),
        ] {
            let check = judge(found, version);
            assert_eq!(check.status, expected, "{check:?}");
        }
    }
}
