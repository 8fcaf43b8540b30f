//! The keys that teachers press: a US keyboard in the words of the DevTools protocol.

use serde_json::{Value, json};

use crate::Failure;

/// Keys that type nothing by their name: name and Windows virtual key code.
const NAMED: [(&str, u16); 14] = [
    ("Enter", 13),
    ("Tab", 9),
    ("Escape", 27),
    ("Backspace", 8),
    ("Delete", 46),
    ("Home", 36),
    ("End", 35),
    ("PageUp", 33),
    ("PageDown", 34),
    ("ArrowLeft", 37),
    ("ArrowUp", 38),
    ("ArrowRight", 39),
    ("ArrowDown", 40),
    ("Space", 32),
];

/// Keys that are neither letter nor digit: code, virtual key code, what they type without and with Shift.
const SIGNS: [(&str, u16, char, char); 11] = [
    ("Backquote", 192, '`', '~'),
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
];

/// What the digits type with Shift.
const ABOVE_DIGITS: &str = ")!@#$%^&*(";

/// The modifiers: name, bit of the protocol, virtual key code.
const MODIFIERS: [(&str, u8, u16); 4] = [
    ("Alt", 1, 18),
    ("Control", 2, 17),
    ("Meta", 4, 91),
    ("Shift", 8, 16),
];

/// One `Input` command with its parameters.
pub type Event = (&'static str, Value);

struct Key {
    key: String,
    code: String,
    number: u16,
    text: Option<String>,
    shift: bool,
}

/// The bits of modifiers by their names.
pub fn bits<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<u8, Failure> {
    let mut bits = 0;
    for name in names {
        let (_, bit, _) = MODIFIERS
            .iter()
            .find(|(own, ..)| *own == name)
            .ok_or_else(|| format!("{name:?} is no modifier"))?;
        bits |= bit;
    }
    Ok(bits)
}

/// Down or up of each of these modifiers.
pub fn modifiers(bits: u8, kind: &str) -> Vec<Event> {
    let held = MODIFIERS.iter().filter(|(_, bit, _)| bits & bit != 0);
    held.map(|(name, bit, number)| {
        let key = Key {
            key: (*name).to_owned(),
            code: format!("{name}Left"),
            number: *number,
            text: None,
            shift: false,
        };
        event(kind, &key, if kind == "keyUp" { 0 } else { *bit })
    })
    .collect()
}

/// A letter as it is typed; what no key types is put in as a whole.
pub fn letter(letter: char) -> Vec<Event> {
    match of_letter(letter) {
        Some(key) => stroke(&key, if key.shift { 8 } else { 0 }),
        None => vec![("Input.insertText", json!({ "text": letter.to_string() }))],
    }
}

/// A chord such as `Enter` or `Control+Shift+ArrowLeft`.
pub fn chord(chord: &str) -> Result<Vec<Event>, Failure> {
    let mut names: Vec<&str> = chord.split('+').collect();
    let last = names.pop().unwrap_or_default();
    let held = bits(names)?;
    let mut letters = last.chars();
    let key = match (letters.next(), letters.next()) {
        // `Control+A` is the key A; what it would type is not typed.
        (Some(one), None) if held & !8 != 0 => of_letter(one.to_ascii_lowercase()),
        (Some(one), None) => of_letter(one),
        _ => named(last),
    }
    .ok_or_else(|| format!("there is no key {last:?} in {chord:?}"))?;
    let mut events = modifiers(held, "rawKeyDown");
    events.extend(stroke(&key, held));
    events.extend(modifiers(held, "keyUp"));
    Ok(events)
}

fn named(name: &str) -> Option<Key> {
    let (name, number) = NAMED.iter().find(|(own, _)| *own == name)?;
    let text = match *name {
        "Enter" => Some("\r"),
        "Space" => Some(" "),
        _ => None,
    };
    Some(Key {
        key: if *name == "Space" { " " } else { name }.to_owned(),
        code: (*name).to_owned(),
        number: *number,
        text: text.map(str::to_owned),
        shift: false,
    })
}

fn of_letter(letter: char) -> Option<Key> {
    let typing = |code: String, number: u16, shift: bool| {
        Some(Key {
            key: letter.to_string(),
            code,
            number,
            text: Some(letter.to_string()),
            shift,
        })
    };
    let upper = letter.to_ascii_uppercase();
    if letter.is_ascii_alphabetic() {
        return typing(format!("Key{upper}"), upper as u16, letter == upper);
    }
    let digit = letter
        .to_digit(10)
        .map(|digit| (digit, false))
        .or_else(|| Some((ABOVE_DIGITS.find(letter)? as u32, true)));
    if let Some((digit, shift)) = digit {
        return typing(format!("Digit{digit}"), 48 + digit as u16, shift);
    }
    match letter {
        '\n' => return named("Enter"),
        '\t' => return named("Tab"),
        ' ' => return named("Space"),
        _ => {}
    }
    let (code, number, plain, _) = SIGNS
        .iter()
        .find(|(_, _, plain, above)| letter == *plain || letter == *above)?;
    typing((*code).to_owned(), *number, letter != *plain)
}

/// Down and up of a key.
fn stroke(key: &Key, held: u8) -> Vec<Event> {
    let types = key.text.is_some() && held & !8 == 0;
    let kind = if types { "keyDown" } else { "rawKeyDown" };
    vec![event(kind, key, held), event("keyUp", key, held)]
}

fn event(kind: &str, key: &Key, held: u8) -> Event {
    let mut params = json!({
        "type": kind, "key": key.key, "code": key.code, "windowsVirtualKeyCode": key.number, "modifiers": held,
    });
    if let (Some(text), "keyDown") = (&key.text, kind) {
        params["text"] = text.as_str().into();
        params["unmodifiedText"] = text.as_str().into();
    }
    ("Input.dispatchKeyEvent", params)
}
