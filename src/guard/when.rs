//! Moments in files, as RFC 3339 writes them: `2027-01-15T08:00:00Z`.

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serializer, de};

pub(super) fn serialize<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(time)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(|e| {
        de::Error::custom(format!(
            "{text:?} is no time as in 2027-01-15T08:00:00Z: {e}"
        ))
    })
}
