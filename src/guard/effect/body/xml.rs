//! XML flattened to dotted names of its elements: enough to read what XML-RPC and SOAP carry, and nothing that entities could expand.

use super::{Body, DEEPEST, Format, LONGEST_NAME, MOST_FIELDS};

pub(super) fn looks(text: &str) -> bool {
    let start = text.trim_start();
    start.starts_with("<?xml") || (start.starts_with('<') && start.trim_end().ends_with('>'))
}

/// `None` where the text is not well-formed as far as this reader goes.
pub(super) fn read(text: &str) -> Option<Body> {
    let mut body = Body::of(Format::Xml, Vec::new());
    let mut path: Vec<&str> = Vec::new();
    // Whether the element that is open holds elements; its own text is then only layout.
    let mut leaf = false;
    let mut rest = text;
    let mut content = String::new();
    let mut seen = false;
    while let Some(start) = rest.find('<') {
        content.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = &after[after.find("-->")? + 3..];
        } else if let Some(after) = rest.strip_prefix("<![CDATA[") {
            let end = after.find("]]>")?;
            content.push_str(&after[..end]);
            rest = &after[end + 3..];
        } else if let Some(after) = rest.strip_prefix("<?") {
            rest = &after[after.find("?>")? + 2..];
        } else if rest.starts_with("<!") {
            return Some(body.but("it declares entities of its own"));
        } else if let Some(after) = rest.strip_prefix("</") {
            let end = after.find('>')?;
            if path.pop()? != local(after[..end].trim()) {
                return None;
            }
            if leaf || !content.trim().is_empty() {
                let mut name = path.join(".");
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(local(after[..end].trim()));
                body.fields.push((name, plain(content.trim())));
            }
            content.clear();
            leaf = false;
            rest = &after[end + 1..];
        } else {
            let end = rest.find('>')?;
            let tag = &rest[1..end];
            let name = local(tag.split(|c: char| c.is_whitespace() || c == '/').next()?);
            if name.is_empty() {
                return None;
            }
            seen = true;
            content.clear();
            let long = path.iter().map(|part| part.len()).sum::<usize>() > LONGEST_NAME;
            if path.len() >= DEEPEST || body.fields.len() >= MOST_FIELDS || long {
                return Some(body.but("it is deeper or longer than is read"));
            }
            let parent = path.join(".");
            attributes(tag, &parent, name, &mut body.fields);
            leaf = !tag.ends_with('/');
            if leaf {
                path.push(name);
            }
            rest = &rest[end + 1..];
        }
    }
    (seen && path.is_empty() && rest.trim().is_empty()).then_some(body)
}

/// Attributes are fields too, without those that name spaces.
fn attributes(tag: &str, parent: &str, name: &str, fields: &mut Vec<(String, String)>) {
    let mut rest = tag;
    while fields.len() < MOST_FIELDS
        && let Some((before, after)) = rest.split_once('=')
    {
        let key = before
            .trim()
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return;
        };
        let Some((value, next)) = after[1..].split_once(quote) else {
            return;
        };
        if !key.starts_with("xmlns") {
            let place = match parent {
                "" => name.to_owned(),
                parent => format!("{parent}.{name}"),
            };
            fields.push((format!("{place}.{}", local(key)), plain(value)));
        }
        rest = next;
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The five entities that XML knows by itself.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}
