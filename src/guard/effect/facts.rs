//! A request made ready for the rules: its names split into words, once.

use url::Url;

use super::body::{Body, query_of};
use super::method;
use super::name::Name;
use super::path;
use super::rules::RULES;
use crate::computer::Request;

/// A field of the query or the body.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// All words of its name.
    pub full: Name,
    /// The words of its last part.
    pub leaf: Name,
    /// The parts of its name, positions left out.
    pub parts: Vec<Name>,
    pub value: String,
    pub of_query: bool,
}

#[derive(Debug)]
pub(super) struct Facts<'r> {
    pub request: &'r Request,
    pub body: &'r Body,
    pub url: Option<Url>,
    pub method: String,
    /// Names of operations, and of actions that fields name.
    pub operations: Vec<Name>,
    /// Segments of the path that hold words.
    pub segments: Vec<Name>,
    /// Those of them that are the site's own words, and not a person's.
    pub places: Vec<Name>,
    pub fields: Vec<Field>,
}

impl<'r> Facts<'r> {
    pub(super) fn of(request: &'r Request, body: &'r Body) -> Self {
        let url = Url::parse(&request.url).ok();
        let query = query_of(&request.url);
        let fields: Vec<Field> = query
            .iter()
            .map(|pair| (pair, true))
            .chain(body.fields.iter().map(|pair| (pair, false)))
            .map(|((name, value), of_query)| field(name, value, of_query))
            .collect();
        let roots = body.operations.iter().flat_map(|operation| {
            let named = operation.name.iter().map(String::as_str);
            operation.roots.iter().map(String::as_str).chain(named)
        });
        let mut operations: Vec<Name> = roots.map(Name::new).collect();
        operations.extend(
            fields
                .iter()
                .filter(|field| RULES.fields.action.hold(&field.full))
                .map(|field| Name::new(&field.value)),
        );
        Facts {
            request,
            body,
            method: method::effective(request, body),
            operations,
            segments: url
                .as_ref()
                .map(|url| segments(url, |_| true))
                .unwrap_or_default(),
            places: url
                .as_ref()
                .map(|url| segments(url, |part| !path::is_text(part)))
                .unwrap_or_default(),
            fields,
            url,
        }
    }

    /// The last segment that holds words.
    pub(super) fn last_segment(&self) -> Option<&Name> {
        self.segments.last()
    }
}

fn field(name: &str, value: &str, of_query: bool) -> Field {
    let parts: Vec<Name> = name
        .split(['.', '[', ']'])
        .map(Name::new)
        .filter(|part| {
            part.words
                .iter()
                .any(|w| w.chars().any(char::is_alphabetic))
        })
        .collect();
    Field {
        full: Name::new(name),
        leaf: parts.last().cloned().unwrap_or_default(),
        parts,
        value: value.to_owned(),
        of_query,
    }
}

/// Decoded, without values, and without the ending of a file.
fn segments(url: &Url, wanted: impl Fn(&str) -> bool) -> Vec<Name> {
    let Some(parts) = url.path_segments() else {
        return Vec::new();
    };
    parts
        .filter(|part| wanted(part))
        .map(|part| {
            let pair = format!("x={}", part.replace('+', "%2B").replace('&', "%26"));
            url::form_urlencoded::parse(pair.as_bytes())
                .next()
                .map(|(_, text)| text.into_owned())
                .unwrap_or_default()
        })
        .map(|part| match part.rsplit_once('.') {
            Some((stem, ending)) if ending.len() <= 5 && !stem.is_empty() => stem.to_owned(),
            _ => part,
        })
        .filter(|part| !path::is_value(part))
        .map(|part| Name::new(&part))
        // `order_id` refers to an order, whatever is done.
        .filter(|name| name.words.last().is_some_and(|last| last != "id"))
        .collect()
}
