//! The Recorder's selectors and what a demonstration knows of a target.
//!
//! A recording gives several ways to one target (`aria/Save[role="button"]`, `#save`, `xpath///*[@id="save"]`, `pierce/#save`,
//! `text/Save`); each says something else of it, and all of it is kept that a person could recognise it by. What only counts
//! children says nothing that holds tomorrow.

use super::super::format::TargetQuery;
use super::super::literal;
use super::super::target::{KEPT, is_generated};
use super::recorder_json::Selector;
use super::{Holes, filled};
use crate::computer::folded;

/// Attributes that make a selector by themselves, the most lasting first.
const LASTING: [&str; 9] = [
    "data-testid",
    "data-test",
    "data-cy",
    "id",
    "name",
    "aria-label",
    "alt",
    "title",
    "href",
];
/// Roles of the browser's tree that no ARIA selector knows.
const UNSPOKEN: [&str; 8] = [
    "Date",
    "DateTime",
    "InputTime",
    "ColorWell",
    "StaticText",
    "DisclosureTriangle",
    "LabelText",
    "generic",
];
/// Longer texts are not what something is called, in characters.
const LONGEST: usize = 120;

/// Everything that the ways say of the target.
pub(super) fn query(selectors: &[Selector]) -> TargetQuery {
    let mut query = TargetQuery::default();
    let mut text = None;
    for last in selectors.iter().filter_map(|selector| selector.0.last()) {
        if let Some(aria) = last.strip_prefix("aria/") {
            let (name, role) = aria_parts(aria);
            keep(&mut query.name, name);
            // What is in no way special is whatever it is.
            keep(
                &mut query.role,
                role.filter(|role| role != "generic" && role != "none"),
            );
        } else if let Some(told) = last.strip_prefix("text/") {
            keep(&mut text, Some(told.trim().to_owned()));
        } else if let Some(path) = last.strip_prefix("xpath/") {
            by_xpath(path, &mut query);
        } else {
            let css = last.strip_prefix("pierce/").unwrap_or(last);
            by_css(css, &mut query);
        }
    }
    query.text = text.filter(|text| query.name.as_ref() != Some(text));
    for known in [&mut query.name, &mut query.text] {
        known.take_if(|text| text.is_empty() || text.chars().count() > LONGEST);
    }
    let named = query.name.is_some() || query.text.is_some();
    query
        .attributes
        .retain(|name, value| !(named && name == "id" && is_generated(value)));
    for text in [
        &mut query.name,
        &mut query.text,
        &mut query.role,
        &mut query.tag,
        &mut query.path,
    ]
    .into_iter()
    .flatten()
    .chain(query.attributes.values_mut())
    {
        *text = literal(text);
    }
    query
}

/// Whether something in it would be known again by a person or by the page's author.
pub(super) fn says_enough(query: &TargetQuery) -> bool {
    let lasting = [
        "data-testid",
        "data-test",
        "data-cy",
        "id",
        "name",
        "alt",
        "title",
        "href",
        "aria-label",
    ];
    query.name.is_some()
        || query.label.is_some()
        || query.text.is_some()
        || query.placeholder.is_some()
        || lasting
            .iter()
            .any(|name| query.attributes.contains_key(*name))
}

fn keep(place: &mut Option<String>, found: Option<String>) {
    if place.is_none() {
        *place = found.filter(|text| !text.is_empty());
    }
}

/// Puppeteer's grammar: a name, and `[name="..."]` or `[role="..."]` anywhere in it.
fn aria_parts(aria: &str) -> (Option<String>, Option<String>) {
    let (mut name, mut role) = (None, None);
    let mut rest = aria.to_owned();
    for (attribute, place) in [("role", &mut role), ("name", &mut name)] {
        for quote in ['"', '\''] {
            let begin = format!("[{attribute}={quote}");
            let Some(start) = rest.find(&begin) else {
                continue;
            };
            let value = start + begin.len();
            let Some(length) = rest[value..].find(&format!("{quote}]")) else {
                continue;
            };
            *place = Some(rest[value..value + length].to_owned());
            rest.replace_range(start..value + length + 2, "");
        }
    }
    let plain = folded(&rest);
    (name.or(Some(plain)).filter(|name| !name.is_empty()), role)
}

fn by_xpath(path: &str, query: &mut TargetQuery) {
    let inner = |begin: &str| {
        let rest = path.strip_prefix(begin)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = rest[1..].split_once(quote)?;
        (after == "]").then(|| value.to_owned())
    };
    for name in LASTING {
        if let Some(value) = inner(&format!("//*[@{name}=")) {
            query.attributes.entry(name.to_owned()).or_insert(value);
            return;
        }
    }
    // From the root by tags and positions alone, as demonstrations write paths, too.
    let absolute = path.strip_prefix('/').filter(|rest| {
        rest.starts_with("html")
            && rest
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '[' | ']' | '-'))
    });
    keep(&mut query.path, absolute.map(with_positions));
    let tag = path.rsplit('/').next().unwrap_or_default();
    let tag = tag.split('[').next().unwrap_or_default();
    if is_tag(tag) {
        keep(&mut query.tag, Some(tag.to_owned()));
    }
}

/// The path with a position for each part but the root, as observations have it.
fn with_positions(path: &str) -> String {
    path.split('/')
        .map(|part| {
            if part == "html" || part.ends_with(']') {
                part.to_owned()
            } else {
                format!("{part}[1]")
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

/// What the last part of a CSS selector says: `form > input.wide[name="day"]` is an `input` with that name and class.
fn by_css(css: &str, query: &mut TargetQuery) {
    let Some(last) = last_compound(css) else {
        return;
    };
    let mut classes = Vec::new();
    let mut rest = last.as_str();
    let end = rest.find(['#', '.', '[', ':']).unwrap_or(rest.len());
    if is_tag(&rest[..end]) {
        keep(&mut query.tag, Some(rest[..end].to_ascii_lowercase()));
    }
    rest = &rest[end..];
    while let Some(sign) = rest.chars().next() {
        rest = &rest[sign.len_utf8()..];
        match sign {
            '#' | '.' => {
                let (name, after) = identifier(rest);
                if sign == '#' && !name.is_empty() {
                    query.attributes.entry("id".to_owned()).or_insert(name);
                } else if !name.is_empty() {
                    classes.push(name);
                }
                rest = after;
            }
            '[' => {
                let Some((inside, after)) = bracket(rest) else {
                    return;
                };
                if let Some((name, value)) = inside.split_once('=')
                    && KEPT.contains(&name.trim())
                {
                    let value = unquoted(value.trim());
                    query
                        .attributes
                        .entry(name.trim().to_owned())
                        .or_insert(value);
                }
                rest = after;
            }
            // Positions among children, and states.
            _ => {
                let end = rest.find(['#', '.', '[']).unwrap_or(rest.len());
                rest = &rest[end..];
            }
        }
    }
    if !classes.is_empty() {
        query
            .attributes
            .entry("class".to_owned())
            .or_insert(classes.join(" "));
    }
}

/// A quoted value without its quotes and escapes.
fn unquoted(value: &str) -> String {
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| value.strip_prefix(quote)?.strip_suffix(quote));
    inner.map_or_else(
        || value.to_owned(),
        |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"),
    )
}

/// The part after the last combinator, outside of brackets and parentheses.
fn last_compound(css: &str) -> Option<String> {
    let mut last = String::new();
    let mut depth = 0_usize;
    let mut quote = None;
    // How many hexadecimal digits of an escape have been read; a space after them belongs to it.
    let mut escape: Option<usize> = None;
    for character in css.trim().chars() {
        if let Some(digits) = escape {
            let goes_on = digits < 6 && character.is_ascii_hexdigit();
            escape = goes_on.then_some(digits + 1);
            if goes_on || digits == 0 || character == ' ' {
                last.push(character);
                continue;
            }
        }
        match (character, quote) {
            ('\\', _) => escape = Some(0),
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(character),
            ('[' | '(', None) => depth += 1,
            (']' | ')', None) => depth = depth.saturating_sub(1),
            // Several selectors in one: each may be another element.
            (',', None) if depth == 0 => return None,
            (' ' | '>' | '+' | '~', None) if depth == 0 => {
                last.clear();
                continue;
            }
            _ => {}
        }
        last.push(character);
    }
    Some(last).filter(|last| !last.is_empty())
}

/// A CSS identifier at the beginning, its escapes undone, and what follows it.
fn identifier(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if character == '\\' {
            rest = &rest[1..];
            let hex = rest
                .bytes()
                .take(6)
                .take_while(u8::is_ascii_hexdigit)
                .count();
            if hex > 0 {
                let code = u32::from_str_radix(&rest[..hex], 16).unwrap_or_default();
                name.extend(char::from_u32(code));
                rest = rest[hex..].strip_prefix(' ').unwrap_or(&rest[hex..]);
            } else if let Some(next) = rest.chars().next() {
                name.push(next);
                rest = &rest[next.len_utf8()..];
            }
        } else if character.is_alphanumeric()
            || matches!(character, '-' | '_')
            || !character.is_ascii()
        {
            name.push(character);
            rest = &rest[character.len_utf8()..];
        } else {
            break;
        }
    }
    (name, rest)
}

/// What stands up to the closing bracket, outside of quotes, and what follows it.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (character, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(character),
            (']', None) => return Some((&text[..at], &text[at + 1..])),
            _ => {}
        }
    }
    None
}

fn is_tag(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Ways to a target, for the Recorder to try: by what it is called, by its attributes, by its text, and where none of these is known by
/// its path.
pub(super) fn selectors(query: &TargetQuery, holes: &Holes<'_>) -> Vec<Selector> {
    let fill = |text: &Option<String>| {
        text.as_deref()
            .map(|text| filled(text, holes).0)
            .filter(|text| !text.is_empty())
    };
    let name = fill(&query.name).or_else(|| fill(&query.label));
    // Whether a list or a field is meant is seen by this.
    let by_tag = query
        .tag
        .as_deref()
        .filter(|tag| *tag == "select")
        .map(|_| "combobox");
    let role = query.role.as_deref().or(by_tag);
    let role = role.filter(|role| !UNSPOKEN.contains(role));
    let mut all = Vec::new();
    if let Some(name) = name.as_deref().filter(|name| !name.contains('[')) {
        let role = role.map_or_else(String::new, |role| format!("[role=\"{role}\"]"));
        all.push(format!("aria/{name}{role}"));
    }
    for name in LASTING {
        if let Some(value) = query.attributes.get(name) {
            let (value, _) = filled(value, holes);
            all.push(css(name, &value));
        }
    }
    let text = fill(&query.text).or_else(|| name.filter(|_| query.placeholder.is_none()));
    let writes = matches!(query.tag.as_deref(), Some("input" | "select" | "textarea"));
    if let Some(text) = text.filter(|_| !writes) {
        all.push(format!("text/{text}"));
    }
    if all.is_empty()
        && let Some(placeholder) = fill(&query.placeholder)
    {
        all.push(css("placeholder", &placeholder));
    }
    if all.is_empty()
        && let Some(path) = &query.path
    {
        all.push(format!("xpath//{path}"));
    }
    all.into_iter().map(|one| Selector(vec![one])).collect()
}

/// A CSS selector by one attribute.
pub(super) fn css(name: &str, value: &str) -> String {
    let plain = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if name == "id" && plain {
        return format!("#{value}");
    }
    let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("[{name}=\"{quoted}\"]")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known by these selectors, in one line.
    fn known(selectors: &[&str]) -> String {
        let selectors: Vec<Selector> = selectors
            .iter()
            .map(|one| Selector(one.split(" >>> ").map(str::to_owned).collect()))
            .collect();
        let query = query(&selectors);
        let mut words = Vec::new();
        for (what, value) in [
            ("role", &query.role),
            ("name", &query.name),
            ("text", &query.text),
            ("tag", &query.tag),
            ("path", &query.path),
        ] {
            words.extend(value.as_ref().map(|value| format!("{what}={value}")));
        }
        words.extend(
            query
                .attributes
                .iter()
                .map(|(name, value)| format!("@{name}={value}")),
        );
        words.join(" ")
    }

    #[test]
    fn each_selector_says_what_it_knows() {
        for (selectors, expected) in [
            (&["aria/Save"][..], "name=Save"),
            (&["aria/Save [role=\"button\"]"], "role=button name=Save"),
            (&["aria/[role=\"main\"]"], "role=main"),
            (
                &["aria/[name=\"Save all\"][role='button']"],
                "role=button name=Save all",
            ),
            (&["aria/Item [2]"], "name=Item [2]"),
            (&["aria/Save", "text/Save"], "name=Save"),
            (&["text/Save {now}"], "text=Save {{now}}"),
            (&["#amount"], "@id=amount"),
            (&["input#a\\.b"], "tag=input @id=a.b"),
            (&["#\\31 2x"], "@id=12x"),
            (&["[data-testid=\"pay\"]"], "@data-testid=pay"),
            (
                &["form > input.wide.red[name='day']:nth-of-type(2)"],
                "tag=input @class=wide red @name=day",
            ),
            (&["a[href='/x?a=1,2&b=[3]']"], "tag=a @href=/x?a=1,2&b=[3]"),
            (&["[onclick=\"x\"]"], ""),
            (&["main > div:nth-child(2) > button"], "tag=button"),
            (&["a, button"], ""),
            (&["pierce/#amount"], "@id=amount"),
            (&["xpath///*[@id=\"amount\"]"], "@id=amount"),
            (&["xpath///*[@data-testid='a']/span[2]"], "tag=span"),
            (
                &["xpath//html/body/main/form/button[2]"],
                "tag=button path=html/body[1]/main[1]/form[1]/button[2]",
            ),
            // Names that were made by a program go where there is another.
            (&["aria/Save", "#field-48213"], "name=Save"),
            (&["#field-48213"], "@id=field-48213"),
            // Through a host: the last one is the target.
            (&["my-host >>> aria/Save"], "name=Save"),
            (&["", "[", "#", "aria/", "[a", "\\"], ""),
        ] {
            assert_eq!(known(selectors), expected, "{selectors:?}");
        }
    }

    #[test]
    fn ways_out_are_by_name_then_attribute_then_text() {
        let out = |query: &TargetQuery| -> Vec<String> {
            let holes = |inside: &str| super::super::Held::Example(format!("<{inside}>"));
            selectors(query, &holes)
                .into_iter()
                .map(|one| one.0.join(" "))
                .collect()
        };
        let mut query = query(
            &[
                "aria/Save[role=\"button\"]",
                "#save",
                "[name='s \"q\"']",
                "text/Save it",
            ]
            .map(|one| Selector(vec![one.to_owned()])),
        );
        assert_eq!(
            out(&query),
            [
                "aria/Save[role=\"button\"]",
                "#save",
                "[name=\"s \\\"q\\\"\"]",
                "text/Save it"
            ]
        );
        query.name = Some("Pay {total}".to_owned());
        query.attributes.clear();
        query.text = None;
        query.role = Some("StaticText".to_owned());
        assert_eq!(out(&query), ["aria/Pay <total>", "text/Pay <total>"]);
        let path = TargetQuery {
            path: Some("html/body/p".to_owned()),
            ..TargetQuery::default()
        };
        assert_eq!(out(&path), ["xpath//html/body/p"]);
    }
}
