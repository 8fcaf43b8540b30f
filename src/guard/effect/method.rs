//! The method that counts: servers of several makes let a form or a header override the one on the wire.

use crate::computer::Request;

use super::body::{Body, query_of};

/// Headers that override, in lower case.
const HEADERS: [&str; 3] = [
    "x-http-method-override",
    "x-http-method",
    "x-method-override",
];
/// Fields of the query or the body that do.
const FIELDS: [&str; 5] = [
    "_method",
    "_httpmethod",
    "x-http-method-override",
    "http_method",
    "$method",
];

/// In capitals. Of several that differ, the one that is no read; an override that is no word stays visible as it is.
pub(super) fn effective(request: &Request, body: &Body) -> String {
    let query = query_of(&request.url);
    let headers = request
        .headers
        .iter()
        .filter(|(name, _)| HEADERS.contains(&name.as_str()));
    let fields = query
        .iter()
        .chain(&body.fields)
        .filter(|(name, _)| FIELDS.contains(&name.to_ascii_lowercase().as_str()));
    let own = request.method.to_ascii_uppercase();
    headers
        .chain(fields)
        .map(|(_, value)| value.trim().to_ascii_uppercase())
        .filter(|value| !value.is_empty())
        .find(|value| !reads(value))
        .unwrap_or(own)
}

/// Methods that RFC 9110 calls safe.
pub(super) fn reads(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS")
}
