//! Finding a Chromium, Chrome or Edge: `--browser`, `CHROME`, PATH, and the places where systems install them.

use std::path::{Path, PathBuf};

use crate::computer::ComputerError;

/// A browser program on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBrowser {
    pub path: PathBuf,
    /// What led to it: `--browser`, `CHROME`, `PATH` or `installed`.
    pub by: &'static str,
}

const NAMES: [&str; 8] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
];

#[cfg(target_os = "linux")]
const PLACES: [&str; 5] = [
    "/usr/bin/chromium",
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
    "/snap/bin/chromium",
];
#[cfg(target_os = "macos")]
const PLACES: [&str; 3] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
#[cfg(windows)]
const PLACES: [&str; 4] = [
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files\Chromium\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
const PLACES: [&str; 0] = [];

/// Finds the browser to use. One that was named but does not exist is an error, never silently replaced by another.
pub fn find(explicit: Option<&Path>) -> Result<FoundBrowser, ComputerError> {
    find_with(explicit, |name| std::env::var_os(name).map(PathBuf::from))
}

fn find_with(
    explicit: Option<&Path>,
    variable: impl Fn(&str) -> Option<PathBuf>,
) -> Result<FoundBrowser, ComputerError> {
    let path_list = variable("PATH").unwrap_or_default();
    let on_path = |name: &Path| -> Option<PathBuf> {
        std::env::split_paths(&path_list)
            .flat_map(|folder| [folder.join(name), folder.join(name).with_extension("exe")])
            .find(|candidate| candidate.is_file())
    };
    let chrome = variable("CHROME").filter(|path| !path.as_os_str().is_empty());
    for (named, by) in [(explicit, "--browser"), (chrome.as_deref(), "CHROME")] {
        let Some(named) = named else { continue };
        let found = if named.is_file() {
            Some(named.to_owned())
        } else {
            on_path(named)
        };
        return found
            .map(|path| FoundBrowser { path, by })
            .ok_or_else(|| ComputerError::Launch {
                path: named.display().to_string(),
                reason: format!("there is no such program ({by} names it)"),
            });
    }
    NAMES
        .iter()
        .find_map(|name| on_path(Path::new(name)))
        .map(|path| FoundBrowser { path, by: "PATH" })
        .or_else(|| {
            PLACES
                .iter()
                .map(PathBuf::from)
                .find(|place| place.is_file())
                .map(|path| FoundBrowser {
                    path,
                    by: "installed",
                })
        })
        .ok_or(ComputerError::NoBrowser)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_browser_that_is_missing_is_an_error() {
        let error = find(Some(Path::new("/nowhere/chromium"))).unwrap_err();
        assert!(error.to_string().contains("/nowhere/chromium"), "{error}");
    }

    #[test]
    fn chrome_variable_beats_path() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("own");
        let chromium = folder.path().join("chromium");
        std::fs::write(&own, "").unwrap();
        std::fs::write(&chromium, "").unwrap();
        let on_path = folder.path().to_owned();
        let found = find_with(None, |name| match name {
            "CHROME" => Some(own.clone()),
            "PATH" => Some(on_path.clone()),
            _ => None,
        })
        .unwrap();
        assert_eq!((found.path, found.by), (own, "CHROME"));
        let found = find_with(None, |name| (name == "PATH").then(|| on_path.clone())).unwrap();
        assert_eq!((found.path, found.by), (chromium, "PATH"));
    }
}
