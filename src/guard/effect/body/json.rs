//! JSON flattened to dotted names, streamed: order and repeated keys are kept, and no tree is built that a hostile body could blow up.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Body, DEEPEST, Format, LONGEST_NAME, MOST_FIELDS};

/// Name of a value that has none: the whole body is one number or text.
const NAMELESS: &str = "value";

pub(super) fn looks(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// `None` where the text is not JSON.
pub(super) fn read(text: &str) -> Option<Body> {
    let mut flat = Flat::default();
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let result = Value {
        flat: &mut flat,
        depth: 0,
    }
    .deserialize(&mut deserializer)
    .and_then(|()| deserializer.end());
    flat.finish(result)
}

/// One JSON value a line.
pub(super) fn read_lines(text: &str) -> Option<Body> {
    let mut flat = Flat::default();
    for (number, line) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
        let mut deserializer = serde_json::Deserializer::from_str(line);
        let result = flat.below(&number.to_string(), |flat| {
            Value { flat, depth: 1 }
                .deserialize(&mut deserializer)
                .and_then(|()| deserializer.end())
        });
        if result.is_err() {
            return flat.finish(result);
        }
    }
    flat.finish(Ok(()))
}

#[derive(Default)]
struct Flat {
    name: String,
    fields: Vec<(String, String)>,
    /// Which limit ended the reading: the parser's error alone does not tell it from broken JSON.
    limit: Option<String>,
}

impl Flat {
    fn below<T>(&mut self, part: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.name.len();
        if before > 0 {
            self.name.push('.');
        }
        self.name.push_str(part);
        let result = read(self);
        self.name.truncate(before);
        result
    }

    fn leaf<E: Error>(&mut self, value: String) -> Result<(), E> {
        if self.fields.len() >= MOST_FIELDS {
            return Err(self.end(format!("it has more than {MOST_FIELDS} fields")));
        }
        let name = match self.name.as_str() {
            "" => NAMELESS.to_owned(),
            name => name.to_owned(),
        };
        self.fields.push((name, value));
        Ok(())
    }

    fn end<E: Error>(&mut self, why: String) -> E {
        self.limit = Some(why);
        E::custom("limit")
    }

    fn finish(self, result: serde_json::Result<()>) -> Option<Body> {
        let body = Body::of(Format::Json, self.fields);
        match (result, self.limit) {
            (Ok(()), _) => Some(body),
            (Err(_), Some(limit)) => Some(body.but(limit)),
            (Err(_), None) => None,
        }
    }
}

struct Value<'f> {
    flat: &'f mut Flat,
    depth: usize,
}

impl Value<'_> {
    fn deeper<E: Error>(&mut self) -> Result<usize, E> {
        if self.depth >= DEEPEST {
            return Err(self
                .flat
                .end(format!("it is nested deeper than {DEEPEST} levels")));
        }
        if self.flat.name.len() > LONGEST_NAME {
            return Err(self
                .flat
                .end(format!("a name in it is longer than {LONGEST_NAME} bytes")));
        }
        Ok(self.depth + 1)
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.flat.leaf(value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.flat.leaf(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.flat.leaf(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.flat.leaf(value.to_string())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.flat.leaf(value.to_owned())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.flat.leaf(String::new())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        let mut number = 0usize;
        loop {
            let item = self.flat.below(&number.to_string(), |flat| {
                list.next_element_seed(Value { flat, depth })
            })?;
            if item.is_none() {
                break;
            }
            number += 1;
            // Lists of empty lists have no fields that could be counted.
            if number > MOST_FIELDS * 10 {
                return Err(self.flat.end("a list in it is too long".to_owned()));
            }
        }
        if number == 0 {
            return self.flat.leaf(String::new());
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        let mut empty = true;
        while let Some(key) = map.next_key::<String>()? {
            empty = false;
            self.flat
                .below(&key, |flat| map.next_value_seed(Value { flat, depth }))?;
        }
        if empty {
            return self.flat.leaf(String::new());
        }
        Ok(())
    }
}
