//! Keys that go down and up, as the Recorder writes them, and the chords that demonstrations hold.

/// What a key is to a chord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    Modifier(&'static str),
    /// In the words of a chord.
    Plain(String),
    /// A character that no key of a US keyboard types.
    Character(char),
}

/// Modifiers, in the order that chords are written in.
const MODIFIERS: [&str; 4] = ["Control", "Alt", "Shift", "Meta"];

/// Keys that are called the same on both sides.
const NAMED: [&str; 17] = [
    "Enter",
    "Tab",
    "Escape",
    "Backspace",
    "Delete",
    "Insert",
    "Home",
    "End",
    "PageUp",
    "PageDown",
    "ArrowLeft",
    "ArrowUp",
    "ArrowRight",
    "ArrowDown",
    "Pause",
    "ContextMenu",
    "PrintScreen",
];

/// Codes of keys that type a character, and that character.
const CODES: [(&str, &str); 25] = [
    ("Space", "Space"),
    (" ", "Space"),
    ("NumpadEnter", "Enter"),
    ("\r", "Enter"),
    ("\n", "Enter"),
    ("Backquote", "`"),
    ("Minus", "-"),
    ("Equal", "="),
    ("BracketLeft", "["),
    ("BracketRight", "]"),
    ("Backslash", "\\"),
    ("Semicolon", ";"),
    ("Quote", "'"),
    ("Comma", ","),
    ("Period", "."),
    ("Slash", "/"),
    ("NumpadMultiply", "*"),
    ("NumpadAdd", "+"),
    ("NumpadSubtract", "-"),
    ("NumpadDivide", "/"),
    ("NumpadDecimal", "."),
    ("NumpadEqual", "="),
    ("Return", "Enter"),
    ("Esc", "Escape"),
    ("Del", "Delete"),
];

/// Reads a key by its `key` or its `code`; `None` for what no chord can say.
pub(super) fn key(name: &str) -> Option<Key> {
    let side = name.strip_suffix("Left").or(name.strip_suffix("Right"));
    let modifier = MODIFIERS
        .into_iter()
        .find(|one| *one == name || Some(*one) == side);
    if let Some(modifier) = modifier {
        return Some(Key::Modifier(modifier));
    }
    let plain = |name: &str| Some(Key::Plain(name.to_owned()));
    if let Some((_, called)) = CODES.iter().find(|(code, _)| *code == name) {
        return plain(called);
    }
    let function = name.strip_prefix('F').and_then(|n| n.parse::<u8>().ok());
    if NAMED.contains(&name) || function.is_some_and(|n| (1..=12).contains(&n)) {
        return plain(name);
    }
    if let Some(letter) = name.strip_prefix("Key").filter(|rest| rest.len() == 1) {
        return plain(&letter.to_ascii_lowercase());
    }
    let digit = ["Digit", "Numpad"]
        .into_iter()
        .find_map(|p| name.strip_prefix(p));
    if let Some(digit) = digit.filter(|d| d.len() == 1 && d.as_bytes()[0].is_ascii_digit()) {
        return plain(digit);
    }
    let mut characters = name.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if (' '..='~').contains(&one) => plain(name),
        (Some(one), None) if !one.is_control() => Some(Key::Character(one)),
        _ => None,
    }
}

/// A chord as it is written, with these modifiers held.
pub(super) fn chord(held: &[&str], key: &str) -> String {
    let mut names: Vec<&str> = MODIFIERS
        .into_iter()
        .filter(|one| held.contains(one))
        .collect();
    names.push(key);
    names.join("+")
}

/// The keys of a chord in the order in which they go down, as the Recorder calls them.
pub(super) fn keys(chord: &str) -> Vec<String> {
    let (held, last) = match chord.strip_suffix('+') {
        Some(rest) => (rest.trim_end_matches('+'), "+"),
        None => chord.rsplit_once('+').unwrap_or(("", chord)),
    };
    held.split('+')
        .filter(|name| !name.is_empty())
        .chain([last])
        .map(|name| match name {
            "Space" => " ".to_owned(),
            "Ctrl" | "ctrl" => "Control".to_owned(),
            other => other.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_known_by_both_of_their_names() {
        for (name, expected) in [
            ("Enter", Some(Key::Plain("Enter".to_owned()))),
            ("NumpadEnter", Some(Key::Plain("Enter".to_owned()))),
            ("ShiftRight", Some(Key::Modifier("Shift"))),
            ("Meta", Some(Key::Modifier("Meta"))),
            ("KeyA", Some(Key::Plain("a".to_owned()))),
            ("A", Some(Key::Plain("A".to_owned()))),
            ("Numpad7", Some(Key::Plain("7".to_owned()))),
            (" ", Some(Key::Plain("Space".to_owned()))),
            ("F12", Some(Key::Plain("F12".to_owned()))),
            ("é", Some(Key::Character('é'))),
            ("ArrowLeft", Some(Key::Plain("ArrowLeft".to_owned()))),
            ("F13", None),
            ("MediaPlayPause", None),
            ("\0", None),
            ("", None),
        ] {
            assert_eq!(key(name), expected, "{name:?}");
        }
    }

    #[test]
    fn chords_go_both_ways() {
        for (text, down) in [
            ("Enter", &["Enter"][..]),
            (
                "Control+Shift+ArrowLeft",
                &["Control", "Shift", "ArrowLeft"],
            ),
            ("Control++", &["Control", "+"]),
            ("+", &["+"]),
            ("Space", &[" "]),
        ] {
            assert_eq!(keys(text), down, "{text}");
            let mut held = Vec::new();
            let mut last = String::new();
            for one in down {
                match key(one).unwrap() {
                    Key::Modifier(name) => held.push(name),
                    Key::Plain(name) => last = name,
                    Key::Character(_) => unreachable!("none of these"),
                }
            }
            assert_eq!(chord(&held, &last), text);
        }
    }
}
