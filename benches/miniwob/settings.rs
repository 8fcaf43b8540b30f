//! What of the measurement is done, and how: words after `--` and environment variables, as `make` passes them.

use std::path::PathBuf;
use std::str::FromStr;

use crate::Failure;

/// Episodes for each task and number of demonstrations.
const EPISODES: usize = 20;
/// How many demonstrations a task is measured with.
const DEMOS: [usize; 3] = [1, 3, 5];
/// Episodes at once: half of an episode is waiting, for the page or the browser, so that two cores have room for three times as many.
const AT_ONCE: usize = 6;
/// Names of the takes, as `apprentice record` gives them.
pub const TAKES: [&str; 5] = ["first", "second", "third", "fourth", "fifth"];

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// The whole measurement; what is not recorded is recorded first.
    Measure,
    /// Only the recordings.
    Record,
    /// Only the teachers, without the recorder.
    Teach,
    /// Which goal finds which workflow, without a run.
    Retrieval,
    /// Only the pages, to look at one by hand.
    Serve,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub mode: Mode,
    pub seed: String,
    /// None means all.
    pub tasks: Vec<String>,
    pub episodes: usize,
    pub demos: Vec<usize>,
    pub at_once: usize,
    /// Record anew what was recorded before.
    pub fresh: bool,
}

impl Settings {
    pub fn read() -> Result<Self, Failure> {
        let mut words: Vec<String> = std::env::args()
            .skip(1)
            .filter(|argument| !argument.starts_with("--"))
            .collect();
        let mode = match words.first().map(String::as_str) {
            Some("record") => Mode::Record,
            Some("teach") => Mode::Teach,
            Some("retrieval") => Mode::Retrieval,
            Some("serve") => Mode::Serve,
            _ => Mode::Measure,
        };
        if mode != Mode::Measure {
            words.remove(0);
        }
        words.extend(list("TASKS")?);
        let mut demos = list("DEMOS")?;
        if demos.is_empty() {
            demos = DEMOS.to_vec();
        }
        demos.sort_unstable();
        demos.dedup();
        if demos.iter().any(|count| !(1..=TAKES.len()).contains(count)) {
            return Err(format!("DEMOS are numbers from 1 to {}", TAKES.len()).into());
        }
        let seed = variable("SEED").unwrap_or_else(|| "1".to_owned());
        if !seed.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err("SEED is made of letters and digits".into());
        }
        Ok(Self {
            mode,
            seed,
            tasks: words,
            episodes: number("EPISODES", EPISODES)?,
            demos,
            at_once: number("AT_ONCE", AT_ONCE)?.max(1),
            fresh: variable("FRESH").is_some_and(|value| value != "0"),
        })
    }

    /// Where everything of this seed is kept.
    pub fn home(&self) -> PathBuf {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("target/miniwob")
            .join(&self.seed)
    }

    /// How many takes of each task are needed.
    pub fn takes(&self) -> usize {
        self.demos.iter().copied().max().unwrap_or(1)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn number(name: &str, default: usize) -> Result<usize, Failure> {
    let Some(value) = variable(name) else {
        return Ok(default);
    };
    value
        .parse()
        .map_err(|_| format!("{name}={value} is no number").into())
}

fn list<T: FromStr>(name: &str) -> Result<Vec<T>, Failure> {
    let value = variable(name).unwrap_or_default();
    value
        .split([',', ' '])
        .filter(|word| !word.is_empty())
        .map(|word| {
            word.parse()
                .map_err(|_| format!("{name}: {word:?} is not what it should be").into())
        })
        .collect()
}
