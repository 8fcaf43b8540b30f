//! What a chord of keys is good for: to activate, to type, to edit, or only to move.

use crate::computer::Modifier;

/// What a key does where the page does not take it for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Enter,
    Space,
    /// A character, and every key not known here.
    Types,
    /// Delete and Backspace.
    Edits,
    /// Focus, caret, scrolling, closing: nothing is sent.
    Moves,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chord {
    pub modifiers: Vec<Modifier>,
    pub key: Key,
}

impl Chord {
    pub(super) fn parse(text: &str) -> Chord {
        let (before, last) = match text.strip_suffix("++") {
            Some(before) => (before, "+"),
            None => text.rsplit_once('+').unwrap_or(("", text)),
        };
        // "+" alone is the plus key.
        let last = if last.is_empty() { "+" } else { last };
        let modifiers: Vec<Modifier> = before
            .split('+')
            .filter_map(|name| match name.trim().to_lowercase().as_str() {
                "control" | "ctrl" | "controlormeta" => Some(Modifier::Control),
                "meta" | "cmd" | "command" => Some(Modifier::Meta),
                "alt" | "option" => Some(Modifier::Alt),
                "shift" => Some(Modifier::Shift),
                _ => None,
            })
            .collect();
        let commands = modifiers
            .iter()
            .any(|m| matches!(m, Modifier::Control | Modifier::Meta));
        let key = match last.trim().to_lowercase().as_str() {
            "enter" | "return" | "numpadenter" | "\n" | "\r" => Key::Enter,
            "space" | "spacebar" | "" => Key::Space,
            "delete" | "backspace" | "del" => Key::Edits,
            "tab" | "escape" | "esc" | "home" | "end" | "pageup" | "pagedown" | "arrowup"
            | "arrowdown" | "arrowleft" | "arrowright" | "up" | "down" | "left" | "right"
            | "shift" | "control" | "alt" | "meta" | "capslock" => Key::Moves,
            // Selecting, copying and finding leave the page as it is.
            "a" | "c" | "f" if commands && modifiers.len() == 1 => Key::Moves,
            _ => Key::Types,
        };
        Chord { modifiers, key }
    }

    /// Whether a page would take it as a command rather than as text.
    pub(super) fn is_command(&self) -> bool {
        self.modifiers
            .iter()
            .any(|m| matches!(m, Modifier::Control | Modifier::Meta | Modifier::Alt))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read_by_their_last_key() {
        for (text, key) in [
            ("Enter", Key::Enter),
            ("Control+Enter", Key::Enter),
            (" ", Key::Space),
            ("Space", Key::Space),
            ("Shift+Tab", Key::Moves),
            ("Control+a", Key::Moves),
            ("Control+s", Key::Types),
            ("Control++", Key::Types),
            ("+", Key::Types),
            ("Delete", Key::Edits),
            ("F13", Key::Types),
        ] {
            assert_eq!(Chord::parse(text).key, key, "{text}");
        }
        assert!(Chord::parse("Control+s").is_command());
    }
}
