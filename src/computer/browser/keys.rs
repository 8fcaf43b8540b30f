//! Keys of a US keyboard in the words of the UI Events specification, and the chords written with them.

use crate::computer::{ComputerError, Modifier};

/// One key as the protocol's `Input.dispatchKeyEvent` describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Value of `KeyboardEvent.key`.
    pub key: String,
    /// Value of `KeyboardEvent.code`.
    pub code: &'static str,
    /// Windows virtual key code, which `KeyboardEvent.keyCode` shows.
    pub number: u16,
    /// What it types, where it types something.
    pub text: Option<String>,
    /// Whether Shift is held for it.
    pub shift: bool,
    /// 0 for most keys, 1 for the left one of a pair.
    pub location: u8,
}

/// Some modifiers held while one key goes down and up; the modifiers alone where there is no key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chord {
    pub modifiers: Vec<Modifier>,
    pub key: Option<Key>,
}

/// Named keys: key, code, virtual key code, typed text.
const NAMED: &[(&str, &str, u16, Option<&str>)] = &[
    ("Enter", "Enter", 13, Some("\r")),
    ("Tab", "Tab", 9, None),
    ("Escape", "Escape", 27, None),
    ("Backspace", "Backspace", 8, None),
    ("Delete", "Delete", 46, None),
    ("Insert", "Insert", 45, None),
    ("Home", "Home", 36, None),
    ("End", "End", 35, None),
    ("PageUp", "PageUp", 33, None),
    ("PageDown", "PageDown", 34, None),
    ("ArrowLeft", "ArrowLeft", 37, None),
    ("ArrowUp", "ArrowUp", 38, None),
    ("ArrowRight", "ArrowRight", 39, None),
    ("ArrowDown", "ArrowDown", 40, None),
    ("CapsLock", "CapsLock", 20, None),
    ("NumLock", "NumLock", 144, None),
    ("ScrollLock", "ScrollLock", 145, None),
    ("Pause", "Pause", 19, None),
    ("PrintScreen", "PrintScreen", 44, None),
    ("ContextMenu", "ContextMenu", 93, None),
    ("F1", "F1", 112, None),
    ("F2", "F2", 113, None),
    ("F3", "F3", 114, None),
    ("F4", "F4", 115, None),
    ("F5", "F5", 116, None),
    ("F6", "F6", 117, None),
    ("F7", "F7", 118, None),
    ("F8", "F8", 119, None),
    ("F9", "F9", 120, None),
    ("F10", "F10", 121, None),
    ("F11", "F11", 122, None),
    ("F12", "F12", 123, None),
];

/// Other common names of the same keys.
const ALIASES: &[(&str, &str)] = &[
    ("Return", "Enter"),
    ("Esc", "Escape"),
    ("Del", "Delete"),
    ("Ins", "Insert"),
    ("Left", "ArrowLeft"),
    ("Right", "ArrowRight"),
    ("Up", "ArrowUp"),
    ("Down", "ArrowDown"),
    ("PgUp", "PageUp"),
    ("PgDn", "PageDown"),
];

/// Keys that type a character without and with Shift: code, virtual key code, both characters.
const TYPING: &[(&str, u16, char, char)] = &[
    ("Space", 32, ' ', ' '),
    ("Backquote", 192, '`', '~'),
    ("Digit1", 49, '1', '!'),
    ("Digit2", 50, '2', '@'),
    ("Digit3", 51, '3', '#'),
    ("Digit4", 52, '4', '$'),
    ("Digit5", 53, '5', '%'),
    ("Digit6", 54, '6', '^'),
    ("Digit7", 55, '7', '&'),
    ("Digit8", 56, '8', '*'),
    ("Digit9", 57, '9', '('),
    ("Digit0", 48, '0', ')'),
    ("Minus", 189, '-', '_'),
    ("Equal", 187, '=', '+'),
    ("BracketLeft", 219, '[', '{'),
    ("BracketRight", 221, ']', '}'),
    ("Backslash", 220, '\\', '|'),
    ("Semicolon", 186, ';', ':'),
    ("Quote", 222, '\'', '"'),
    ("Comma", 188, ',', '<'),
    ("Period", 190, '.', '>'),
    ("Slash", 191, '/', '?'),
    ("KeyA", 65, 'a', 'A'),
    ("KeyB", 66, 'b', 'B'),
    ("KeyC", 67, 'c', 'C'),
    ("KeyD", 68, 'd', 'D'),
    ("KeyE", 69, 'e', 'E'),
    ("KeyF", 70, 'f', 'F'),
    ("KeyG", 71, 'g', 'G'),
    ("KeyH", 72, 'h', 'H'),
    ("KeyI", 73, 'i', 'I'),
    ("KeyJ", 74, 'j', 'J'),
    ("KeyK", 75, 'k', 'K'),
    ("KeyL", 76, 'l', 'L'),
    ("KeyM", 77, 'm', 'M'),
    ("KeyN", 78, 'n', 'N'),
    ("KeyO", 79, 'o', 'O'),
    ("KeyP", 80, 'p', 'P'),
    ("KeyQ", 81, 'q', 'Q'),
    ("KeyR", 82, 'r', 'R'),
    ("KeyS", 83, 's', 'S'),
    ("KeyT", 84, 't', 'T'),
    ("KeyU", 85, 'u', 'U'),
    ("KeyV", 86, 'v', 'V'),
    ("KeyW", 87, 'w', 'W'),
    ("KeyX", 88, 'x', 'X'),
    ("KeyY", 89, 'y', 'Y'),
    ("KeyZ", 90, 'z', 'Z'),
];

/// The key that types a character; `None` for what a US keyboard does not have.
pub fn of_char(character: char) -> Option<Key> {
    if matches!(character, '\n' | '\r') {
        return named("Enter");
    }
    if character == '\t' {
        return named("Tab");
    }
    let (code, number, plain, _) = TYPING
        .iter()
        .find(|(_, _, plain, shifted)| *plain == character || *shifted == character)?;
    Some(Key {
        key: character.to_string(),
        code,
        number: *number,
        text: Some(character.to_string()),
        shift: *plain != character,
        location: 0,
    })
}

fn named(name: &str) -> Option<Key> {
    let name = ALIASES
        .iter()
        .find(|(alias, _)| alias.eq_ignore_ascii_case(name))
        .map_or(name, |(_, key)| key);
    let (key, code, number, text) = NAMED
        .iter()
        .find(|(key, ..)| key.eq_ignore_ascii_case(name))?;
    Some(Key {
        key: (*key).to_owned(),
        code,
        number: *number,
        text: text.map(str::to_owned),
        shift: false,
        location: 0,
    })
}

fn modifier(name: &str) -> Option<Modifier> {
    match name.to_ascii_lowercase().as_str() {
        "alt" | "option" => Some(Modifier::Alt),
        "control" | "ctrl" => Some(Modifier::Control),
        "meta" | "cmd" | "command" | "super" => Some(Modifier::Meta),
        "shift" => Some(Modifier::Shift),
        _ => None,
    }
}

/// The key of a modifier itself, the left one of the pair.
pub fn of_modifier(modifier: Modifier) -> Key {
    let (key, code, number) = match modifier {
        Modifier::Alt => ("Alt", "AltLeft", 18),
        Modifier::Control => ("Control", "ControlLeft", 17),
        Modifier::Meta => ("Meta", "MetaLeft", 91),
        Modifier::Shift => ("Shift", "ShiftLeft", 16),
    };
    Key {
        key: key.to_owned(),
        code,
        number,
        text: None,
        shift: false,
        location: 1,
    }
}

/// Modifiers as the bits of the protocol's `Input` domain.
pub fn bits(modifiers: &[Modifier]) -> u8 {
    modifiers.iter().fold(0, |bits, modifier| {
        bits | match modifier {
            Modifier::Alt => 1,
            Modifier::Control => 2,
            Modifier::Meta => 4,
            Modifier::Shift => 8,
        }
    })
}

/// Reads a chord as in `Enter`, `Control+Shift+ArrowLeft`, `Control++` or `Shift`.
pub fn parse(chord: &str) -> Result<Chord, ComputerError> {
    let unknown = || ComputerError::UnknownKey {
        chord: chord.to_owned(),
    };
    // The plus key itself may stand last.
    let (names, last) = match chord.strip_suffix('+') {
        Some("") => ("", "+"),
        Some(rest) => (rest.strip_suffix('+').ok_or_else(unknown)?, "+"),
        None => chord.rsplit_once('+').unwrap_or(("", chord)),
    };
    let mut modifiers = Vec::new();
    for name in names.split('+').filter(|_| !names.is_empty()) {
        let modifier = modifier(name).ok_or_else(unknown)?;
        if !modifiers.contains(&modifier) {
            modifiers.push(modifier);
        }
    }
    if let Some(modifier) = modifier(last) {
        modifiers.push(modifier);
        return Ok(Chord {
            modifiers,
            key: None,
        });
    }
    let mut characters = last.chars();
    let key = match (characters.next(), characters.next()) {
        (Some(one), None) => {
            let shortcut = modifiers.iter().any(|held| *held != Modifier::Shift);
            let shift = modifiers.contains(&Modifier::Shift);
            // `Control+A` means the key A; `Shift+a` types what the key types with Shift.
            let one = match (shortcut, shift) {
                (_, true) => shifted(one),
                (true, false) => one.to_ascii_lowercase(),
                (false, false) => one,
            };
            of_char(one)
        }
        _ if last.eq_ignore_ascii_case("space") => of_char(' '),
        _ => named(last),
    }
    .ok_or_else(unknown)?;
    if key.shift && !modifiers.contains(&Modifier::Shift) {
        modifiers.push(Modifier::Shift);
    }
    Ok(Chord {
        modifiers,
        key: Some(key),
    })
}

fn shifted(character: char) -> char {
    TYPING
        .iter()
        .find(|(_, _, plain, _)| *plain == character)
        .map_or(character, |(_, _, _, shifted)| *shifted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_read() {
        use Modifier::{Alt, Control, Meta, Shift};
        let cases: [(&str, &[Modifier], Option<&str>); 12] = [
            ("Enter", &[], Some("Enter")),
            ("return", &[], Some("Enter")),
            (
                "Control+Shift+ArrowLeft",
                &[Control, Shift],
                Some("ArrowLeft"),
            ),
            ("ctrl+a", &[Control], Some("a")),
            ("Control+A", &[Control], Some("a")),
            ("Shift+a", &[Shift], Some("A")),
            ("A", &[Shift], Some("A")),
            ("?", &[Shift], Some("?")),
            ("Control++", &[Control, Shift], Some("+")),
            ("+", &[Shift], Some("+")),
            ("Meta+Alt+F5", &[Meta, Alt], Some("F5")),
            ("Control+Shift", &[Control, Shift], None),
        ];
        for (text, modifiers, key) in cases {
            let chord = parse(text).unwrap();
            assert_eq!(chord.modifiers, modifiers, "{text}");
            assert_eq!(chord.key.map(|key| key.key).as_deref(), key, "{text}");
        }
    }

    #[test]
    fn unknown_keys_are_named() {
        for text in ["", "Contrl+a", "Hyper", "Control+", "a+b", "é", "F13"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }

    #[test]
    fn every_printable_ascii_character_has_a_key() {
        for character in ' '..='~' {
            let key = of_char(character).unwrap();
            assert_eq!(key.text.as_deref(), Some(character.to_string().as_str()));
        }
        assert!(of_char('é').is_none());
    }
}
