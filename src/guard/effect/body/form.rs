//! Url-encoded forms, by the WHATWG URL standard's parser.

use super::{Body, Format, LONGEST_NAME, MOST_FIELDS};

/// Whether an untyped text is written like a form: `name=value` without blanks, joined by `&`.
pub(super) fn looks(text: &str) -> bool {
    let name = text.split(['=', '&']).next().unwrap_or_default();
    text.contains('=')
        && !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.[]%+$:~".contains(&b))
        && text.bytes().all(|b| b.is_ascii_graphic())
        && !text.contains(['{', '<', '"'])
}

pub(super) fn read(text: &str) -> Body {
    let text = text.trim_end_matches(['\r', '\n']);
    let mut pairs = url::form_urlencoded::parse(text.as_bytes()).into_owned();
    let fields: Vec<(String, String)> = pairs.by_ref().take(MOST_FIELDS).collect();
    let odd = fields.iter().any(|(name, value)| {
        name.len() > LONGEST_NAME || name.contains('\u{fffd}') || value.contains('\u{fffd}')
    });
    let body = Body::of(Format::UrlEncoded, fields);
    if pairs.next().is_some() {
        return body.but(format!("it has more than {MOST_FIELDS} fields"));
    }
    if odd {
        return body.but("some of its fields are not written in UTF-8, or have endless names");
    }
    body
}
