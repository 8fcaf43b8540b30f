//! The two axes of the matrix, as their files say them.

use serde::{Deserialize, Serialize};

use crate::support::program::repository;

/// One way out of a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Channel {
    pub name: String,
    /// What the page does.
    pub script: Option<String>,
    #[serde(default)]
    pub alone: bool,
    #[serde(default)]
    pub way: Way,
    #[serde(default)]
    pub gesture: bool,
    /// Why the effect does not arrive even when everything is let go.
    pub silent: Option<String>,
    /// Why the firewall does not stop all of it yet: said with every run until it does.
    pub leaks: Option<String>,
    pub open: Option<String>,
    pub close: Option<String>,
    pub tag: Option<String>,
    pub attributes: Option<String>,
}

/// What stops it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// The gate is asked.
    #[default]
    Held,
    /// It never gets as far as a request.
    Shut,
}

/// What a page pretends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pretence {
    pub name: String,
    pub label: String,
    pub after: Option<String>,
    pub style: Option<String>,
    #[serde(default)]
    pub fires: Fires,
    pub script: Option<String>,
    /// Whether a permit for one request with the terms shown at first is there.
    #[serde(default)]
    pub permit: bool,
}

/// What makes the page send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fires {
    #[default]
    Click,
    Twice,
    Enter,
    Hover,
    Load,
    Timer,
}

impl Fires {
    /// Whether the browser takes it for a deed of the person, which pop-ups need.
    pub fn is_a_gesture(self) -> bool {
        match self {
            Fires::Click | Fires::Twice | Fires::Enter => true,
            Fires::Hover | Fires::Load | Fires::Timer => false,
        }
    }
}

#[derive(Deserialize)]
struct Channels {
    channel: Vec<Channel>,
}

#[derive(Deserialize)]
struct Pretences {
    pretence: Vec<Pretence>,
}

pub fn channels() -> Vec<Channel> {
    let read: Channels = toml::from_str(&file("channels.toml")).expect("a table of channels");
    read.channel
}

pub fn pretences() -> Vec<Pretence> {
    let read: Pretences = toml::from_str(&file("pretences.toml")).expect("a table of pretences");
    read.pretence
}

/// A file beside this one, as it is now.
pub fn file(name: &str) -> String {
    std::fs::read_to_string(repository().join("tests/effects").join(name))
        .expect("a file of the repository")
}
