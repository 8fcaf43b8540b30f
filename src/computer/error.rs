//! What can go wrong between a decision and the computer; every message says what, where and what to do.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum ComputerError {
    #[error(
        "no browser found: install Chromium (`apt-get install chromium`), or name one with --browser PATH or CHROME"
    )]
    NoBrowser,
    #[error("could not start the browser {path}: {reason}")]
    Launch { path: String, reason: String },
    #[error(
        "{product} is too old: version {least} or newer is needed; update it, or name another with --browser"
    )]
    TooOld { product: String, least: u32 },
    #[error(
        "could not connect to a browser at {address}: {reason}; is it running with --remote-debugging-port?"
    )]
    Connect { address: String, reason: String },
    #[error("cannot listen for DevTools clients on port {port}: {reason}; choose another port")]
    Relay { port: u16, reason: String },
    #[error("the browser is gone: {0}; run it again")]
    Gone(String),
    #[error("the tab crashed at {url}; reload it or start again")]
    TabCrashed { url: String },
    #[error(
        "{method} was not answered within {limit_ms} ms: the page or this machine is too busy; try again later"
    )]
    Unanswered { method: String, limit_ms: u64 },
    #[error("{method} failed: {message}")]
    Protocol { method: String, message: String },
    #[error("{target} is no longer on the page")]
    Vanished { target: String },
    #[error("{target} is not visible")]
    Invisible { target: String },
    #[error("{target} is disabled")]
    Disabled { target: String },
    #[error("{target} does not hold still")]
    Moving { target: String },
    #[error("{target} is covered: {cover} would get the click")]
    Covered { target: String, cover: String },
    #[error("{target} does not take {what}")]
    Unsuitable { target: String, what: String },
    #[error("{target} has no option {option:?}; it has {choices}")]
    NoOption {
        target: String,
        option: String,
        choices: String,
    },
    #[error("{target} has {text:?} {times} times in it, not just once")]
    NotOnce {
        target: String,
        text: String,
        times: usize,
    },
    #[error(
        "unknown key in {chord:?}: use names of the UI Events specification, as in Control+Shift+ArrowLeft"
    )]
    UnknownKey { chord: String },
    #[error("cannot open {url}: {reason}; is the address right, and its server up?")]
    Navigation { url: String, reason: String },
    #[error("waited {limit_ms} ms for {what}, and it did not happen")]
    WaitedInVain { what: String, limit_ms: u64 },
    #[error("a {kind} dialog is open: answer it first")]
    DialogOpen { kind: String },
    #[error("no dialog is open")]
    NoDialog,
    #[error("no tab {0}")]
    NoTab(String),
    #[error("the file {path} cannot be read: {reason}")]
    File { path: String, reason: String },
    #[error(
        "no secret named {name:?}: keep one with `apprentice secrets set {name} --origin URL`, or set the environment variable {variable}"
    )]
    NoSecret { name: String, variable: String },
    #[error(
        "the secret {name:?} is in {place}, which is locked; --passphrase-file or APPRENTICE_PASSPHRASE opens it without asking"
    )]
    SecretLocked { name: String, place: String },
    #[error("the secret {name:?} cannot be had: {reason}")]
    SecretBroken { name: String, reason: String },
    #[error("the secret {name:?} is not for {origin}")]
    SecretElsewhere { name: String, origin: String },
}

impl ComputerError {
    /// Whether looking again and choosing anew may help: the page moved under the action, nothing worse.
    pub fn is_about_the_page(&self) -> bool {
        matches!(
            self,
            ComputerError::Vanished { .. }
                | ComputerError::Invisible { .. }
                | ComputerError::Disabled { .. }
                | ComputerError::Moving { .. }
                | ComputerError::Covered { .. }
                | ComputerError::Unsuitable { .. }
                | ComputerError::NoOption { .. }
                | ComputerError::NotOnce { .. }
                | ComputerError::WaitedInVain { .. }
                | ComputerError::DialogOpen { .. }
                | ComputerError::NoDialog
                | ComputerError::NoTab(_)
                | ComputerError::Unanswered { .. }
                | ComputerError::Protocol { .. }
                | ComputerError::Navigation { .. }
                | ComputerError::UnknownKey { .. }
        )
    }
}
