//! Writes values as JSON with every text masked on its way out, so that no way into a trace leads around the mask.
//!
//! What the recorder itself gives (the kind of event, the run's name, blob names, times) is spared: a mask that by
//! chance hits a digit of a blob's name would cut the picture off and hide nothing.

use std::io;

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, Serializer};

/// Fields of a line's `event` object that only ever hold the recorder's own words.
const OWN: [&str; 8] = [
    "event",
    "format",
    "run",
    "started",
    "apprentice",
    "observation",
    "screenshot",
    "picture",
];

/// The value as one line of JSON, its texts masked.
///
/// # Errors
/// Where the value cannot be written as JSON.
pub(super) fn to_json(
    value: &impl Serialize,
    mask: &dyn Fn(&str) -> String,
) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = Vec::with_capacity(1024);
    let formatter = Masking {
        mask,
        text: String::new(),
        in_key: false,
        keys: Vec::new(),
    };
    value.serialize(&mut Serializer::with_formatter(&mut bytes, formatter))?;
    Ok(bytes)
}

struct Masking<'a> {
    mask: &'a dyn Fn(&str) -> String,
    /// The string that is being written, unescaped: a mask must see it whole.
    text: String,
    in_key: bool,
    /// The key being written at each depth of objects.
    keys: Vec<String>,
}

impl Masking<'_> {
    fn is_own(&self) -> bool {
        matches!(self.keys.as_slice(), [outer, inner] if outer == "event" && OWN.contains(&inner.as_str()))
    }
}

impl Formatter for Masking<'_> {
    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.keys.push(String::new());
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.keys.pop();
        writer.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.in_key = true;
        if first {
            Ok(())
        } else {
            writer.write_all(b",")
        }
    }

    fn end_object_key<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.in_key = false;
        Ok(())
    }

    fn begin_string<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.text.clear();
        Ok(())
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        _: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        self.text.push_str(fragment);
        Ok(())
    }

    fn write_char_escape<W: ?Sized + io::Write>(
        &mut self,
        _: &mut W,
        escape: CharEscape,
    ) -> io::Result<()> {
        self.text.push(match escape {
            CharEscape::Quote => '"',
            CharEscape::ReverseSolidus => '\\',
            CharEscape::Solidus => '/',
            CharEscape::Backspace => '\u{8}',
            CharEscape::FormFeed => '\u{c}',
            CharEscape::LineFeed => '\n',
            CharEscape::CarriageReturn => '\r',
            CharEscape::Tab => '\t',
            CharEscape::AsciiControl(byte) => char::from(byte),
        });
        Ok(())
    }

    fn end_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.in_key {
            serde_json::to_writer(&mut *writer, &self.text)?;
            if let Some(key) = self.keys.last_mut() {
                key.clone_from(&self.text);
            }
        } else if self.is_own() {
            serde_json::to_writer(&mut *writer, &self.text)?;
        } else {
            serde_json::to_writer(&mut *writer, &(self.mask)(&self.text))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::to_json;

    fn masked(value: serde_json::Value) -> String {
        let mask = |text: &str| text.replace("s3\"cret", "•");
        String::from_utf8(to_json(&value, &mask).unwrap()).unwrap()
    }

    #[test]
    fn a_secret_is_masked_even_where_json_escapes_it() {
        let value = serde_json::json!({"says": "type s3\"cret\n", "deep": [{"more": "s3\"cret"}]});
        assert_eq!(
            masked(value),
            r#"{"deep":[{"more":"•"}],"says":"type •\n"}"#
        );
    }

    #[test]
    fn only_the_recorders_own_fields_are_spared() {
        let value = serde_json::json!({
            "event": {"run": "s3\"cret", "goal": "s3\"cret", "element": {"run": "s3\"cret"}}
        });
        assert_eq!(
            masked(value),
            r#"{"event":{"element":{"run":"•"},"goal":"•","run":"s3\"cret"}}"#
        );
    }
}
