//! Requests of real applications: what the 374 changing tasks of WebArena-Verified 1.2 (PyPI) expect to be sent to GitLab, a Magento
//! shop, its administration and a forum. Without a demonstration each of them is held, and its kind is named.
//!
//! The expected kinds are in `fixtures/webarena/kinds.toml`, which says how they were made.

use std::collections::BTreeMap;
use std::path::Path;

use apprentice::computer::Request;
use apprentice::guard::Kind;
use apprentice::guard::effect::{Passing, Preset, Standing, read};
use serde::Deserialize;
use serde_json::Value;

/// Share of the requests whose kind must be named right.
const AIM: f64 = 0.95;

/// Stands for what a pattern of the data set leaves open: an address in base64, as the shop puts it into its paths.
const OPEN: &str = "aHR0cDovL3Nob3AuZXhhbXBsZS9wLTE";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    label: Vec<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Label {
    half: String,
    /// The data set's number of the intent's template.
    template: u64,
    method: String,
    /// Address with each run of digits replaced by `N`.
    address: String,
    kind: Kind,
}

struct Expected {
    request: Request,
    half: String,
    kind: Kind,
    name: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every request that a changing task expects, with its label.
fn expected() -> Vec<Expected> {
    let file = root().join(".models/webarena/webarena-verified.json");
    let text = std::fs::read_to_string(&file)
        .unwrap_or_else(|e| panic!("{}: {e}; run scripts/setup-tests", file.display()));
    let tasks: Vec<Value> = serde_json::from_str(&text).unwrap();
    let labels =
        std::fs::read_to_string(root().join("tests/fixtures/webarena/kinds.toml")).unwrap();
    let labels: Labels = toml::from_str(&labels).unwrap();
    let mut all = Vec::new();
    for task in tasks {
        let evaluations = task["eval"].as_array().unwrap();
        if !evaluations
            .iter()
            .any(|eval| eval["expected"]["task_type"] == "mutate")
        {
            continue;
        }
        for eval in evaluations {
            let expected = &eval["expected"];
            // Events without a method are pages that must have been looked at.
            let (Some(method), true) = (
                expected["http_method"].as_str(),
                eval["evaluator"] == "NetworkEventEvaluator",
            ) else {
                continue;
            };
            let address = match &expected["url"] {
                Value::Array(several) => several[0].as_str().unwrap(),
                one => one.as_str().unwrap(),
            };
            let address = address.trim_start_matches('^').trim_end_matches('$');
            let shape = shape(address);
            let template = task["intent_template_id"].as_u64().unwrap();
            let label = labels
                .label
                .iter()
                .find(|l| l.template == template && l.method == method && l.address == shape)
                .unwrap_or_else(|| panic!("no label for {template} {method} {shape}"));
            all.push(Expected {
                request: request(method, address, expected),
                half: label.half.clone(),
                kind: label.kind,
                name: format!("{method} {shape}"),
            });
        }
    }
    all
}

fn shape(address: &str) -> String {
    let mut shape = String::new();
    for c in address.replace(r"\d+", "N").chars() {
        match c.is_ascii_digit() {
            true if shape.ends_with('N') => {}
            true => shape.push('N'),
            false => shape.push(c),
        }
    }
    shape
}

/// An address without what makes it a pattern.
fn address(pattern: &str) -> String {
    let mut plain = pattern
        .trim_end_matches(".*")
        .replace(".*", OPEN)
        .replace(r"\d+", "4")
        .replace("(simple|configurable)", "simple");
    while let Some(start) = plain.find("__") {
        let end = start + 2 + plain[start + 2..].find("__").unwrap();
        let host = plain[start + 2..end].to_lowercase().replace('_', "-");
        plain.replace_range(start..end + 2, &format!("https://{host}.example"));
    }
    plain
}

fn request(method: &str, pattern: &str, expected: &Value) -> Request {
    let mut url = address(pattern);
    if let Some(query) = expected["query_params"].as_object() {
        let mut parsed = url::Url::parse(&url).unwrap();
        for (name, value) in query {
            parsed.query_pairs_mut().append_pair(name, &text(value));
        }
        url = parsed.into();
    }
    let fields = expected["post_data"].as_object();
    let is_json = fields.is_some_and(|fields| {
        url.contains("/api/")
            || url.contains("/rest/")
            || fields
                .iter()
                .any(|(name, value)| name.starts_with("$.") || value.is_array())
    });
    let (kind, body) = match fields {
        None => ("application/x-www-form-urlencoded", String::new()),
        Some(fields) if is_json => {
            let mut tree = Value::Null;
            for (name, value) in fields {
                let value = match value {
                    Value::String(_) => Value::String(text(value)),
                    other => other.clone(),
                };
                put(&mut tree, name.trim_start_matches("$."), value);
            }
            ("application/json", tree.to_string())
        }
        Some(fields) => {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in fields {
                form.append_pair(name, &text(value));
            }
            ("application/x-www-form-urlencoded", form.finish())
        }
    };
    Request {
        method: method.to_owned(),
        url,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.into_bytes(),
        resource: if is_json { "XHR" } else { "Document" }.to_owned(),
        ..Request::default()
    }
}

/// A value without what makes it a pattern: the override of the method is given as "anything but delete".
fn text(value: &Value) -> String {
    if value
        .as_str()
        .is_some_and(|text| text.contains("(?!delete"))
    {
        return "put".to_owned();
    }
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Puts a value at a place such as `actions[0].action`.
fn put(tree: &mut Value, place: &str, value: Value) {
    let place = place.replace('[', ".").replace(']', "");
    let mut at = tree;
    for part in place.split('.') {
        at = match part.parse::<usize>() {
            Ok(number) => {
                if !at.is_array() {
                    *at = Value::Array(Vec::new());
                }
                let list = at.as_array_mut().unwrap();
                while list.len() <= number {
                    list.push(Value::Null);
                }
                &mut list[number]
            }
            Err(_) => {
                if !at.is_object() {
                    *at = Value::Object(serde_json::Map::new());
                }
                at.as_object_mut()
                    .unwrap()
                    .entry(part)
                    .or_insert(Value::Null)
            }
        };
    }
    *at = value;
}

#[test]
fn every_change_of_webarena_is_held_without_a_demonstration() {
    let all = expected();
    assert!(all.len() >= 500, "only {} requests", all.len());
    for Expected { request, name, .. } in &all {
        let effect = read(request);
        assert_eq!(effect.standing, Standing::Write, "{name}");
        for preset in [Preset::Cautious, Preset::Balanced] {
            let told = preset.judge(&effect, false, true);
            assert!(matches!(told, Passing::Hold(_)), "{name}: {told:?}");
        }
    }
}

#[test]
fn the_kinds_of_webarena_are_named() {
    let mut confusion: BTreeMap<(Kind, Kind), usize> = BTreeMap::new();
    let mut halves: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    for expected in expected() {
        let effect = read(&expected.request);
        *confusion.entry((expected.kind, effect.kind)).or_default() += 1;
        let half = halves.entry(expected.half.clone()).or_default();
        half.1 += 1;
        if effect.kind == expected.kind {
            half.0 += 1;
        } else {
            let line = format!(
                "{} {}: expected {:?}, read {:?} ({})",
                expected.half, expected.name, expected.kind, effect.kind, effect.why
            );
            *wrong.entry(line).or_default() += 1;
        }
    }
    for ((expected, read), count) in &confusion {
        println!("{expected:?} read as {read:?}: {count}");
    }
    for (line, count) in &wrong {
        println!("{count} x {line}");
    }
    let (mut right, mut all) = (0, 0);
    for (half, (own, of)) in &halves {
        println!("{half}: {own} of {of}");
        right += own;
        all += of;
    }
    println!("together: {right} of {all}");
    let share = right as f64 / all as f64;
    assert!(share >= AIM, "only {share:.3} of the kinds are right");
}
