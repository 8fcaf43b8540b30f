//! What to look for to find one value: parts of it that give it away, and how it looks when it was encoded.
//!
//! All of it is squeezed (see `squeeze`), and looked for in squeezed text. Escapes (percent, JSON, HTML) need nothing here:
//! they are undone in the text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::squeeze::Layer;

/// Shortest value that is looked for, in characters without separators: shorter ones would take ordinary words and numbers
/// apart.
pub const SHORTEST: usize = 3;
/// A value of so many characters is unlikely to stand in a text by chance, wherever the separators are.
const UNLIKELY: usize = 6;
/// A part of a longer value that gives it away, in characters; at least half of the value.
const PART: usize = 8;
/// Shortest encoded form that is looked for.
const SHORTEST_ENCODED: usize = 6;

/// How strictly a needle must stand in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// Anywhere, whatever separators are between its characters.
    Anywhere,
    /// In one piece.
    Whole,
    /// As a number of its own, separators only after these many digits.
    Number(Vec<usize>),
}

#[derive(Debug, Clone)]
pub struct Needle {
    pub bytes: Vec<u8>,
    pub fit: Fit,
}

/// All needles of a value; none where it is too short to be looked for.
pub fn of(value: &str) -> Vec<Needle> {
    let bare = squeeze(value);
    let length = bare.chars().count();
    if length < SHORTEST {
        return Vec::new();
    }
    let digits = bare.bytes().all(|b| b.is_ascii_digit());
    let mut needles = Vec::new();
    if length < UNLIKELY {
        if digits {
            needles.extend(numbers(value, &bare));
        } else {
            needles.push(Needle {
                bytes: bare.clone().into_bytes(),
                fit: Fit::Whole,
            });
        }
    } else {
        needles.extend(parts(&bare, length).map(anywhere));
    }
    if length > SHORTEST && !(digits && length < UNLIKELY) {
        needles.extend(encoded(value, &bare).into_iter().map(anywhere));
    }
    needles
}

fn anywhere(bytes: Vec<u8>) -> Needle {
    Needle {
        bytes,
        fit: Fit::Anywhere,
    }
}

fn squeeze(text: &str) -> String {
    String::from_utf8_lossy(&Layer::of(text).squeezed().bytes).into_owned()
}

/// Every stretch of the value that is long enough to give it away; together they cover it.
fn parts(bare: &str, length: usize) -> impl Iterator<Item = Vec<u8>> {
    let part = PART.max(length.div_ceil(2)).min(length);
    let chars: Vec<char> = bare.chars().collect();
    (0..=length - part).map(move |start| {
        chars[start..start + part]
            .iter()
            .collect::<String>()
            .into_bytes()
    })
}

/// A short number, grouped as it is; a card's month and year also with the year in full.
fn numbers(value: &str, bare: &str) -> Vec<Needle> {
    let groups: Vec<usize> = value
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    let ends = |groups: &[usize]| {
        let mut end = 0;
        let sums = groups.iter().map(|length| {
            end += length;
            end
        });
        sums.collect::<Vec<usize>>()
    };
    let mut needles = vec![Needle {
        bytes: bare.as_bytes().to_vec(),
        fit: Fit::Number(ends(&groups)),
    }];
    if groups == [2, 2] {
        let (month, year) = bare.split_at(2);
        needles.push(Needle {
            bytes: format!("{month}20{year}").into_bytes(),
            fit: Fit::Number(ends(&[2, 4])),
        });
    }
    needles
}

/// Hexadecimal and base64, of the value as it is, without separators, and for numbers in groups of four.
fn encoded(value: &str, bare: &str) -> Vec<Vec<u8>> {
    let mut spellings = vec![value.to_owned()];
    let plain: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    spellings.push(plain);
    if bare.bytes().all(|b| b.is_ascii_digit()) {
        spellings.push(bare.to_owned());
        let groups: Vec<&str> = (0..bare.len())
            .step_by(4)
            .map(|start| &bare[start..(start + 4).min(bare.len())])
            .collect();
        spellings.push(groups.join(" "));
    }
    let mut needles = Vec::new();
    for spelling in &spellings {
        needles.push(spelling.bytes().map(|b| format!("{b:02x}")).collect());
        needles.extend((0..3).map(|before| inside_base64(spelling.as_bytes(), before)));
    }
    needles.sort_unstable();
    needles.dedup();
    needles
        .into_iter()
        .map(|text: String| squeeze(&text).into_bytes())
        .filter(|needle| needle.len() >= SHORTEST_ENCODED)
        .collect()
}

/// What base64 makes of the bytes where so many others stand before them, without the characters that the neighbours share.
/// The two alphabets differ in separators only, which are squeezed out; so does the padding not count.
fn inside_base64(bytes: &[u8], before: usize) -> String {
    let padded = [vec![0; before].as_slice(), bytes].concat();
    let text = STANDARD_NO_PAD.encode(&padded);
    let first = (before * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    text.get(first..last).unwrap_or_default().to_owned()
}
