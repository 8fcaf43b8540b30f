//! A text reduced to what counts when a value is looked for: escapes undone, separators gone, letters small; each byte knows
//! which bytes of the original it stands for.

/// What is left of a text.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    pub bytes: Vec<u8>,
    /// For each byte, the first byte of the original that it stands for, and the one after the last.
    pub from: Vec<(u32, u32)>,
}

impl Layer {
    /// The text as it is.
    pub fn of(text: &str) -> Self {
        let mut layer = Layer {
            bytes: text.as_bytes().to_vec(),
            from: Vec::with_capacity(text.len()),
        };
        for (start, c) in text.char_indices() {
            // Whoever hides a part of a character hides it whole.
            let whole = (start as u32, (start + c.len_utf8()) as u32);
            layer.from.extend(std::iter::repeat_n(whole, c.len_utf8()));
        }
        layer
    }

    fn push(&mut self, bytes: &[u8], from: (u32, u32)) {
        self.bytes.extend_from_slice(bytes);
        self.from.extend(std::iter::repeat_n(from, bytes.len()));
    }

    /// Escapes of one sort undone once; `None` where there are none.
    fn unescaped(&self, sort: Sort) -> Option<Layer> {
        let (sign, undo): (u8, Undo) = match sort {
            Sort::Percent => (b'%', percent),
            Sort::Backslash => (b'\\', backslash),
            Sort::Reference => (b'&', reference),
        };
        let first = self.bytes.iter().position(|byte| *byte == sign)?;
        let mut plain = Layer {
            bytes: self.bytes[..first].to_vec(),
            from: self.from[..first].to_vec(),
        };
        let mut changed = false;
        let mut at = first;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let undone = if rest[0] == sign { undo(rest) } else { None };
            let Some((length, c)) = undone else {
                plain.push(&rest[..1], self.from[at]);
                at += 1;
                continue;
            };
            changed = true;
            let from = (self.from[at].0, self.from[at + length - 1].1);
            match c {
                Unescaped::Byte(byte) => plain.push(&[byte], from),
                Unescaped::Char(c) => plain.push(c.encode_utf8(&mut [0; 4]).as_bytes(), from),
            }
            at += length;
        }
        changed.then_some(plain)
    }

    /// Without separators, ASCII letters small, full-width characters as plain ones.
    pub fn squeezed(&self) -> Layer {
        let mut small = Layer {
            bytes: Vec::with_capacity(self.bytes.len()),
            from: Vec::with_capacity(self.bytes.len()),
        };
        let mut at = 0;
        while at < self.bytes.len() {
            let (length, keep) = squeezed_at(&self.bytes[at..]);
            if let Some(byte) = keep {
                small.push(&[byte], self.from[at]);
            }
            at += length;
        }
        small
    }
}

/// How many bytes the next character takes, and what is left of it; of one that is kept as it is, byte by byte.
fn squeezed_at(rest: &[u8]) -> (usize, Option<u8>) {
    match rest {
        [
            b' ' | b'\t' | b'\r' | b'\n' | b'-' | b'.' | b'_' | b'/' | b'+' | b',' | b':' | 0x1f,
            ..,
        ] => (1, None),
        [byte @ 0..=0x7f, ..] => (1, Some(byte.to_ascii_lowercase())),
        // No-break space and soft hyphen.
        [0xc2, 0xa0 | 0xad, ..] => (2, None),
        // Spaces of all widths, zero-width ones, dashes.
        [0xe2, 0x80, 0x80..=0x95 | 0xa8..=0xaf, ..] => (3, None),
        // Word joiner, ideographic space, zero-width no-break space.
        [0xe2, 0x81, 0xa0, ..] | [0xe3, 0x80, 0x80, ..] | [0xef, 0xbb, 0xbf, ..] => (3, None),
        // Full-width forms of ASCII: U+FF01 to U+FF5E.
        [0xef, 0xbc, low @ 0x81..=0xbf, ..] => (3, Some((low - 0x60).to_ascii_lowercase())),
        [0xef, 0xbd, low @ 0x80..=0x9e, ..] => (3, Some((low - 0x20).to_ascii_lowercase())),
        [byte, ..] => (1, Some(*byte)),
        [] => (1, None),
    }
}

/// The squeezed text alone, into a buffer: most texts hold nothing, and need no places.
pub fn squeeze_into(text: &str, small: &mut Vec<u8>) {
    small.clear();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let (length, keep) = squeezed_at(&bytes[at..]);
        small.extend(keep);
        at += length;
    }
}

/// Whether the text may hold escapes.
pub fn is_escaped(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'%' | b'\\' | b'&'))
}

/// How a text may have been escaped.
#[derive(Debug, Clone, Copy)]
enum Sort {
    /// As in addresses and forms.
    Percent,
    /// As in JSON and JavaScript.
    Backslash,
    /// As in HTML.
    Reference,
}

/// How often a text may have been escaped: for its format, for what carries that, and once more.
const ESCAPES: usize = 3;
/// More readings of one text are not looked at.
const MOST_LAYERS: usize = 13;

/// The text as it is and in every reading of its escapes. What looks like an escape may be none (a password may hold `%20`),
/// so each sort is undone by itself, and the others after it.
pub fn layers(text: &str) -> Vec<Layer> {
    let mut layers = vec![Layer::of(text)];
    let mut round = 0..1;
    for _ in 0..ESCAPES {
        for at in round.clone() {
            for sort in [Sort::Percent, Sort::Backslash, Sort::Reference] {
                if layers.len() < MOST_LAYERS
                    && let Some(next) = layers[at].unescaped(sort)
                    && !layers.iter().any(|known| known.bytes == next.bytes)
                {
                    layers.push(next);
                }
            }
        }
        round = round.end..layers.len();
    }
    layers
}

/// How many bytes at the start of a text are one escape, and what it stands for.
type Undo = fn(&[u8]) -> Option<(usize, Unescaped)>;

enum Unescaped {
    Byte(u8),
    Char(char),
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits?).ok()?, 16).ok()
}

/// `%4a`
fn percent(rest: &[u8]) -> Option<(usize, Unescaped)> {
    let byte = hex(rest.get(1..3))?;
    Some((3, Unescaped::Byte(u8::try_from(byte).ok()?)))
}

/// `\"`, `\/`, `\n`, `\x4a`, `\u004a`, and pairs of surrogates.
fn backslash(rest: &[u8]) -> Option<(usize, Unescaped)> {
    match rest.get(1)? {
        c @ (b'"' | b'\'' | b'\\' | b'/' | b'`') => Some((2, Unescaped::Byte(*c))),
        b'n' | b'r' | b't' => Some((2, Unescaped::Byte(b' '))),
        b'x' => Some((4, Unescaped::Byte(u8::try_from(hex(rest.get(2..4))?).ok()?))),
        b'u' => {
            let first = hex(rest.get(2..6))?;
            if let Some(c) = char::from_u32(first) {
                return Some((6, Unescaped::Char(c)));
            }
            let second = rest.get(6..8).filter(|mark| mark == b"\\u");
            let second = second.and_then(|_| hex(rest.get(8..12)))?;
            let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
            let c = char::decode_utf16(units).next()?.ok()?;
            Some((12, Unescaped::Char(c)))
        }
        _ => None,
    }
}

/// `&amp;`, `&#65;`, `&#x41;`
fn reference(rest: &[u8]) -> Option<(usize, Unescaped)> {
    /// Longest reference that is looked for, in bytes.
    const LONGEST: usize = 10;
    let end = rest.iter().take(LONGEST).position(|b| *b == b';')?;
    let name = std::str::from_utf8(&rest[1..end]).ok()?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end + 1, Unescaped::Char(c)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(layer: &Layer) -> String {
        String::from_utf8_lossy(&layer.bytes).into_owned()
    }

    #[test]
    fn escapes_of_every_sort_are_undone() {
        for (escaped, plain) in [
            ("p%40ss%2Fw", "p@ss/w"),
            (r#"a\"b\\c\/d"#, r#"a"b\c/d"#),
            (r"\u00e9\x41\ud83c\udf63", "éA🍣"),
            ("&lt;&#65;&#x42;&amp;", "<AB&"),
            ("%25%zz%4", "%%zz%4"),
            (r"a%5Cu0062", "ab"),
        ] {
            let layers = layers(escaped);
            assert!(layers.iter().any(|layer| text(layer) == plain), "{escaped}");
        }
        assert_eq!(layers("100 % & more than").len(), 1);
    }

    #[test]
    fn separators_and_letter_case_do_not_count() {
        let squeezed = Layer::of("AB-c D\u{a0}1.2/３\u{200b}4").squeezed();
        assert_eq!(text(&squeezed), "abcd1234");
        assert_eq!(squeezed.from[3], (5, 6));
    }

    proptest! {
        #[test]
        fn every_byte_knows_whole_characters_of_the_original(text in "[%\\\\&;#xu0-9a-fé🍣 ]{0,40}") {
            for layer in layers(&text) {
                for layer in [&layer, &layer.squeezed()] {
                    prop_assert_eq!(layer.bytes.len(), layer.from.len());
                    for (start, end) in &layer.from {
                        prop_assert!(start < end);
                        prop_assert!(text.is_char_boundary(*start as usize) && text.is_char_boundary(*end as usize));
                    }
                }
            }
        }
    }
}
