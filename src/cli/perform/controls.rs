//! What a person types while they are recorded: a word for the recorder, or a reason for what they did last.

use std::io::{BufRead, IsTerminal};

use tokio::sync::mpsc;

use crate::guard::Kind;

/// What a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// Stops listening, or goes on.
    Pause,
    Undo,
    Mark(Kind),
    Stop,
    Why(String),
}

/// What can be typed, for the person.
pub const HELP: &str = "type here why you did the last step so, or undo, mark [KIND], pause, stop";

impl Control {
    /// `Ok(None)` for an empty line.
    ///
    /// # Errors
    /// In words, where a mark names no kind that there is.
    pub fn parse(line: &str) -> Result<Option<Self>, String> {
        let line = line.trim();
        let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(Some(match words[..] {
            [] => return Ok(None),
            ["p" | "pause"] => Control::Pause,
            ["u" | "undo"] => Control::Undo,
            ["s" | "stop"] => Control::Stop,
            ["m" | "mark"] => Control::Mark(Kind::default()),
            ["m" | "mark", kind] => Control::Mark(named(kind)?),
            _ => Control::Why(line.to_owned()),
        }))
    }
}

fn named(word: &str) -> Result<Kind, String> {
    let kind = serde_json::from_value(serde_json::Value::String(word.to_owned()));
    kind.map_err(|_| {
        let all: Vec<String> = Kind::ALL
            .iter()
            .filter_map(|kind| serde_json::to_value(kind).ok()?.as_str().map(str::to_owned))
            .collect();
        format!("{word:?} is no kind; there are {}", all.join(", "))
    })
}

/// The lines of the standard input, as they come; closed once there are none. Nothing is read where that would stop this process:
/// at a terminal that belongs to another one.
pub fn lines() -> mpsc::UnboundedReceiver<String> {
    let (sender, receiver) = mpsc::unbounded_channel();
    if !std::io::stdin().is_terminal() || in_front() {
        // A thread of its own: nothing else can wait for a line without holding up the rest.
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
    }
    receiver
}

#[cfg(unix)]
fn in_front() -> bool {
    // SAFETY: both only ask, about this process and its standard input.
    unsafe { libc::tcgetpgrp(libc::STDIN_FILENO) == libc::getpgrp() }
}

#[cfg(not(unix))]
fn in_front() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_word_for_the_recorder_or_a_reason() {
        for (line, expected) in [
            ("p", Control::Pause),
            (" Pause ", Control::Pause),
            ("undo", Control::Undo),
            ("s", Control::Stop),
            ("m", Control::Mark(Kind::Other)),
            ("mark pay", Control::Mark(Kind::Pay)),
            (
                "mark change-credentials",
                Control::Mark(Kind::ChangeCredentials),
            ),
            (
                "aisle, because of my knee",
                Control::Why("aisle, because of my knee".to_owned()),
            ),
            (
                "stop at the first",
                Control::Why("stop at the first".to_owned()),
            ),
        ] {
            assert_eq!(Control::parse(line), Ok(Some(expected)), "{line}");
        }
        assert_eq!(Control::parse("  "), Ok(None));
        let error = Control::parse("mark nonsense").unwrap_err();
        assert!(error.contains("accept-terms"), "{error}");
    }
}
