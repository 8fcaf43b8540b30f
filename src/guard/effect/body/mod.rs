//! What a request carries, taken apart for people and rules: format, fields in order, files by name, and the operation it names.
//!
//! Invariants: whatever could not be read says so in [`Body::unread`] and is never nothing; a body whose declared type and looks
//! disagree is read by its looks and says so too; no body, however large or nested, costs more than the limits below.

mod call;
mod form;
mod graphql;
mod json;
mod multipart;
mod operation;
#[cfg(test)]
mod tests;
mod xml;

use url::Url;

use crate::computer::Request;

pub use operation::{Operation, Sort};

/// Largest body, in bytes, that is taken apart field by field; files in multipart bodies are passed over and may be larger.
pub const LARGEST_READ: usize = 2 << 20;
/// Most fields that are kept of one body; more is a body nobody reads on a card.
pub const MOST_FIELDS: usize = 2_000;
/// Deepest nesting that is followed in JSON, XML and GraphQL.
pub const DEEPEST: usize = 64;
/// Longest name of a field, in bytes: nested names grow with each level.
pub const LONGEST_NAME: usize = 1_000;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// There is none.
    #[default]
    Empty,
    UrlEncoded,
    Multipart,
    Json,
    /// One or several operations, whatever carries them: the address, JSON, a form.
    GraphQl,
    /// The method is in the path, the message is binary.
    GrpcWeb,
    JsonRpc,
    XmlRpc,
    Soap,
    Xml,
    Text,
    /// Nothing here can read it.
    Opaque,
}

/// A file in a body; its contents are never looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub field: String,
    /// As the page names it; may be empty.
    pub name: String,
    /// In bytes, of what was handed out.
    pub size: usize,
}

/// A body taken apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Body {
    pub format: Format,
    /// In the order they are sent; names inside JSON and XML are joined by dots, list positions are numbers. Files are among them,
    /// with their name and size as value.
    pub fields: Vec<(String, String)>,
    pub files: Vec<File>,
    /// What it asks for by name: several where calls are batched.
    pub operations: Vec<Operation>,
    /// Why something of it could not be read. Such a body is never harmless.
    pub unread: Option<String>,
    /// How many gaps in what the browser handed out lie within files, which nobody reads anyhow.
    withheld: usize,
}

impl Body {
    fn of(format: Format, fields: Vec<(String, String)>) -> Self {
        Body {
            format,
            fields,
            ..Body::default()
        }
    }

    fn opaque(why: impl Into<String>) -> Self {
        Body {
            format: Format::Opaque,
            unread: Some(why.into()),
            ..Body::default()
        }
    }

    fn but(mut self, why: impl Into<String>) -> Self {
        self.unread.get_or_insert(why.into());
        self
    }

    /// The value of the first field of this name.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Takes a request's body apart, by its declared type and, where that lies or is missing, by its looks.
pub fn decode(request: &Request) -> Body {
    let body = decode_bytes(request);
    let body = graphql::of_request(&query_of(&request.url), body);
    let gaps = multipart::gaps(&request.body);
    let only_files = gaps > 0 && gaps == body.withheld;
    if request.body_is_partial && !only_files {
        return body.but("the browser handed out only a part of it");
    }
    body
}

/// Takes one text frame of a WebSocket apart.
pub fn decode_text(text: &str) -> Body {
    if text.is_empty() {
        return Body::default();
    }
    if text.len() > LARGEST_READ {
        return Body::opaque(too_large(text.len()));
    }
    // Packet numbers before the JSON, as socket.io writes them.
    let bare = text.trim_start_matches(|c: char| c.is_ascii_digit());
    if let Some(body) = json::read(bare).filter(|_| json::looks(bare)) {
        return graphql::of_request(&[], call::of_json(body));
    }
    plain(text)
}

/// The query's fields, decoded and in order.
pub fn query_of(url: &str) -> Vec<(String, String)> {
    Url::parse(url)
        .map(|url| url.query_pairs().into_owned().take(MOST_FIELDS).collect())
        .unwrap_or_default()
}

fn decode_bytes(request: &Request) -> Body {
    let bytes = request.body.as_slice();
    let declared = request.header("content-type").unwrap_or_default();
    let kind = declared
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if call::is_grpc(&kind) {
        return call::grpc(&request.url);
    }
    if bytes.is_empty() {
        return Body::default();
    }
    if request
        .header("content-encoding")
        .is_some_and(|coding| !coding.trim().eq_ignore_ascii_case("identity"))
    {
        return Body::opaque("it is compressed by the page");
    }
    if kind == "multipart/form-data" || multipart::looks(bytes) {
        return graphql::of_form(multipart::read(bytes, declared));
    }
    if bytes.len() > LARGEST_READ {
        return Body::opaque(too_large(bytes.len()));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Body::opaque("it is binary");
    };
    by_type(&kind, text).unwrap_or_else(|| {
        let body = by_looks(text);
        match kind.as_str() {
            // Says nothing about what is in it, which beacons and simple scripts make use of.
            "" | "text/plain" | "text/ping" | "application/octet-stream" => body,
            _ => body.but(format!("it is declared as {kind} and is written otherwise")),
        }
    })
}

/// Read as declared; `None` where it is not written so, or where the type says nothing.
fn by_type(kind: &str, text: &str) -> Option<Body> {
    match kind {
        "application/x-www-form-urlencoded" => {
            // Scripts that forget the type send JSON under this one.
            (!json::looks(text) || json::read(text).is_none())
                .then(|| graphql::of_form(form::read(text)))
        }
        "application/graphql" => Some(graphql::of_document(text)),
        "application/csp-report" | "application/reports+json" => json::read(text),
        "application/x-ndjson" | "application/jsonl" | "application/x-jsonlines" => {
            json::read_lines(text)
        }
        _ if kind == "application/json" || kind == "text/json" || kind.ends_with("+json") => {
            json::read(text).map(call::of_json)
        }
        _ if kind == "text/xml" || kind == "application/xml" || kind.ends_with("+xml") => {
            xml::read(text).map(call::of_xml)
        }
        _ => None,
    }
}

fn by_looks(text: &str) -> Body {
    if json::looks(text)
        && let Some(body) = json::read(text).or_else(|| json::read_lines(text))
    {
        return call::of_json(body);
    }
    if xml::looks(text)
        && let Some(body) = xml::read(text)
    {
        return call::of_xml(body);
    }
    if form::looks(text) {
        return graphql::of_form(form::read(text));
    }
    plain(text)
}

fn plain(text: &str) -> Body {
    if text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
    {
        return Body::opaque("it is binary");
    }
    Body::of(Format::Text, vec![("text".to_owned(), text.to_owned())])
}

fn too_large(size: usize) -> String {
    format!("it has {size} bytes, more than the {LARGEST_READ} that are read")
}
