//! What a step's request looked like when it was shown: enough to know it again, and no value of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::computer::Request;

use super::body::{Body, query_of};
use super::{method, path, rules};
use crate::guard::address::origin;

/// Longest name of an action that is taken over from a field such as `action`, in bytes.
const LONGEST_ACTION: usize = 48;
/// Shortest run of digits within a name that numbers a thing, not a line: `reply_to_1235250`, but `street_2`.
const SHORTEST_NUMBER: usize = 4;

/// What stands for the method where something is sent over a WebSocket.
pub const SOCKET: &str = "WEBSOCKET";

/// The shape of one write, as demonstrations keep it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// In capitals; where the request overrides its method (`_method`, `X-HTTP-Method-Override`), the one that counts.
    pub method: String,
    /// Serialised origin, or `{site:NAME}` in a demonstration file.
    pub origin: String,
    /// Path with `*` for each segment that holds a value (a number, a long id).
    pub path: String,
    /// Names of the query's and the body's fields, sorted, each once; names inside JSON are joined by dots, list
    /// positions are `*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The operation: of GraphQL with what it selects at its root, a method's name, or the action that a field such as `action`
    /// names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
}

impl Signature {
    /// The same at the origin of this address; `None` where that has none.
    pub fn at(&self, address: &str) -> Option<Self> {
        let origin = Url::parse(address).ok()?.origin();
        origin.is_tuple().then(|| Self {
            origin: origin.ascii_serialization(),
            ..self.clone()
        })
    }

    /// The shape of a request whose body was decoded.
    pub fn of(request: &Request, body: &Body) -> Self {
        let query = query_of(&request.url);
        let url = Url::parse(&request.url).ok();
        let all = || query.iter().chain(&body.fields);
        let mut fields: Vec<String> = all().map(|(name, _)| without_positions(name)).collect();
        fields.sort();
        fields.dedup();
        let mut said: Vec<String> = body.operations.iter().map(ToString::to_string).collect();
        said.extend(all().filter_map(|(name, value)| action(name, value)));
        Signature {
            method: method::effective(request, body),
            origin: url.as_ref().map(origin).unwrap_or_default(),
            path: url.as_ref().map(path::template).unwrap_or_default(),
            fields,
            operation: (!said.is_empty()).then(|| said.join(", ")),
        }
    }

    /// Whether `request` is one more of what was shown: the same method, origin, path and operation, and no field that was not
    /// shown, but for tokens of the session and marks of tracking. Fields that were shown may be missing: a box that is not ticked
    /// sends nothing.
    pub fn fits(&self, request: &Signature) -> bool {
        // Where nothing is known of either, nothing is the same.
        let known = !self.origin.is_empty() && !self.method.is_empty();
        known
            && self.method == request.method
            && self.origin == request.origin
            && self.path == request.path
            && self.operation == request.operation
            && request
                .fields
                .iter()
                .all(|field| self.fields.contains(field) || rules::is_passing(field))
    }
}

/// `action=delete`: the value is a name of the program, not of the person.
fn action(name: &str, value: &str) -> Option<String> {
    let plain = value.len() <= LONGEST_ACTION
        && value.bytes().any(|b| b.is_ascii_alphabetic())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.:/ ".contains(&b));
    (rules::names_an_action(name) && plain).then(|| format!("{name}={value}"))
}

/// `items[3][name]` and `items.3.name` are `items[*][name]` and `items.*.name`.
fn without_positions(name: &str) -> String {
    let mut shape = String::new();
    let mut rest = name;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = &rest[start..];
        let end = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        shape.push_str(&rest[..start]);
        let alone = |c: Option<char>| c.is_none_or(|c| matches!(c, '.' | '[' | ']'));
        let is_position = alone(shape.chars().next_back()) && alone(digits[end..].chars().next());
        if is_position || end >= SHORTEST_NUMBER {
            shape.push('*');
        } else {
            shape.push_str(&digits[..end]);
        }
        rest = &digits[end..];
    }
    shape.push_str(rest);
    // Names that are identifiers themselves, as maps by id have them.
    let parts: Vec<&str> = shape
        .split('.')
        .map(|part| if path::is_value(part) { "*" } else { part })
        .collect();
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::body::decode;
    use super::*;

    fn of(method: &str, url: &str, body: &str) -> Signature {
        let request = Request {
            method: method.to_owned(),
            url: url.to_owned(),
            body: body.as_bytes().to_vec(),
            ..Request::default()
        };
        Signature::of(&request, &decode(&request))
    }

    #[test]
    fn a_signature_holds_names_and_no_values() {
        let own = of(
            "POST",
            "https://a.example/f/17?next=home",
            r#"{"items":[{"id":5,"name":"secret"},{"id":6}],"reply_to_1235250":"secret","street_2":"x"}"#,
        );
        assert_eq!(own.path, "/f/*");
        assert_eq!(own.origin, "https://a.example");
        assert_eq!(
            own.fields,
            [
                "items.*.id",
                "items.*.name",
                "next",
                "reply_to_*",
                "street_2"
            ]
        );
        assert!(!format!("{own:?}").contains("secret"));
    }

    #[test]
    fn what_fits_is_the_same_thing_with_other_values() {
        let url = "https://a.example/tasks/1";
        let shown = of("POST", url, "title=x&done=1&tags[0]=a");
        for (method, url, body, fits) in [
            (
                "POST",
                "https://a.example/tasks/22",
                "title=y&done=1&tags[0]=a&tags[1]=b",
                true,
            ),
            ("POST", url, "title=y", true),
            ("POST", url, "title=y&csrf_token=1&utm_source=x", true),
            ("POST", url, "title=y&amount=5", false),
            ("POST", url, "title=y&admin=1", false),
            ("PUT", url, "title=y", false),
            ("POST", url, "title=y&_method=delete", false),
            (
                "POST",
                "https://a.example/tasks/1?_method=delete",
                "title=y",
                false,
            ),
            ("POST", url, "title=y&action=publish", false),
            ("POST", "https://b.example/tasks/1", "title=y", false),
            ("POST", "http://a.example/tasks/1", "title=y", false),
            ("POST", "https://a.example/tasks/1/share", "title=y", false),
            ("POST", url, r#"{"query":"mutation { pay }"}"#, false),
        ] {
            assert_eq!(
                shown.fits(&of(method, url, body)),
                fits,
                "{method} {url} {body}"
            );
        }
        assert!(!Signature::default().fits(&Signature::default()));
    }

    #[test]
    fn actions_and_mutations_tell_requests_to_one_address_apart() {
        let url = "https://a.example/ajax";
        let save = of("POST", url, "action=save_note&text=x");
        assert!(save.fits(&of("POST", url, "action=save_note&text=y")));
        assert!(!save.fits(&of("POST", url, "action=delete_note&text=y")));
        let rename = of(
            "POST",
            url,
            r#"{"query":"mutation M { rename(id: 1) { id } }"}"#,
        );
        assert!(rename.fits(&of(
            "POST",
            url,
            r#"{"query":"mutation M { rename(id: 2) { id } }"}"#
        )));
        assert!(!rename.fits(&of(
            "POST",
            url,
            r#"{"query":"mutation M { remove(id: 1) { id } }"}"#
        )));
    }

    proptest! {
        #[test]
        fn a_shape_fits_itself_and_nothing_with_a_further_field(
            fields in proptest::collection::btree_map("[a-z]{3,8}", "[a-z0-9]{0,8}", 1..6),
            further in "[a-z]{9,12}",
        ) {
            let text = |extra: Option<&str>| url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(&fields).extend_pairs(extra.map(|name| (name, "1"))).finish();
            let shown = of("POST", "https://a.example/x", &text(None));
            prop_assert!(shown.fits(&shown));
            prop_assert!(!shown.fits(&of("POST", "https://a.example/x", &text(Some(&further)))));
        }
    }
}
