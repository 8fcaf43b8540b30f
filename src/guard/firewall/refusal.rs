//! What the browser shows where the switch sends nothing: a page with one sentence.

use http_body_util::{BodyExt as _, Full, combinators::BoxBody};
use hyper::body::Bytes;
use hyper::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PROXY_AUTHENTICATE};
use hyper::{Response, StatusCode};
use maud::{DOCTYPE, html};

use super::dial::DialError;
use crate::computer::Outlet;

pub(super) type Body = BoxBody<Bytes, hyper::Error>;

/// A page that says why.
pub(super) fn page(status: StatusCode, sentence: &str) -> Response<Body> {
    let title = match status {
        StatusCode::FORBIDDEN => "Not sent",
        _ => "No answer",
    };
    let text = html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (title) } }
            body {
                h1 { (title) }
                p { "Apprentice: " (sentence) "." }
            }
        }
    }
    .into_string();
    let mut response = plain(status, text);
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // RFC 9209: the answer is the proxy's own, and why.
    let details: String = sentence
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() || c == ' ' {
                c
            } else {
                '?'
            }
        })
        .filter(|c| !matches!(c, '"' | '\\'))
        .collect();
    if let Ok(status) = HeaderValue::from_str(&format!("{}; details=\"{details}\"", Outlet::NAME)) {
        headers.insert("proxy-status", status);
    }
    response
}

/// Asks for the credential of this run.
pub(super) fn who_are_you() -> Response<Body> {
    let mut response = page(
        StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        "this proxy serves one browser, and needs its credential",
    );
    response.headers_mut().insert(
        PROXY_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"Apprentice\""),
    );
    response
}

/// Answers with nothing.
pub(super) fn empty(status: StatusCode) -> Response<Body> {
    plain(status, String::new())
}

fn plain(status: StatusCode, text: String) -> Response<Body> {
    let body = Full::new(Bytes::from(text))
        .map_err(|never| match never {})
        .boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// What a failed connection is called in HTTP.
pub(super) fn status_of(error: &DialError) -> StatusCode {
    match error {
        DialError::Refused(_) => StatusCode::FORBIDDEN,
        DialError::TimedOut { .. } => StatusCode::GATEWAY_TIMEOUT,
        DialError::NoHost { .. } | DialError::Unreachable { .. } | DialError::Proxy { .. } => {
            StatusCode::BAD_GATEWAY
        }
    }
}
