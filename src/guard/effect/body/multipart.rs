//! `multipart/form-data` (RFC 7578): fields with their values, files with name and size, never their contents.

use crate::computer::Request;

use super::{Body, File, Format, LARGEST_READ, LONGEST_NAME, MOST_FIELDS};

/// Longest boundary that RFC 2046 allows.
const LONGEST_BOUNDARY: usize = 70;
/// Most bytes of one part's headers.
const LONGEST_HEADERS: usize = 8_192;

/// Whether it begins like a part: a boundary of its own and a disposition.
pub(super) fn looks(bytes: &[u8]) -> bool {
    bytes.starts_with(b"--")
        && bytes[..bytes.len().min(512)]
            .to_ascii_lowercase()
            .windows(b"content-disposition".len())
            .any(|window| window == b"content-disposition")
}

pub(super) fn read(bytes: &[u8], declared: &str) -> Body {
    let opens = boundary_of(declared)
        .map(|name| format!("--{name}").into_bytes())
        .filter(|opens| bytes.starts_with(opens))
        .or_else(|| first_line(bytes).map(<[u8]>::to_vec));
    let Some(opens) = opens else {
        return broken(Body::of(Format::Multipart, Vec::new()));
    };
    let mut body = Body::of(Format::Multipart, Vec::new());
    if boundary_of(declared).is_none() {
        body = body.but("its declared type does not say where its parts end");
    }
    let mut rest = &bytes[opens.len()..];
    let mut read = 0;
    loop {
        if rest.starts_with(b"--") {
            return match rest.len() > 4 {
                true => body.but("something follows its last part"),
                false => body,
            };
        }
        let Some(part) = rest.strip_prefix(b"\r\n") else {
            return broken(body);
        };
        let window = &part[..part.len().min(LONGEST_HEADERS)];
        let Some(end) = find(window, b"\r\n\r\n") else {
            return broken(body);
        };
        let Some((name, file)) = std::str::from_utf8(&part[..end]).ok().and_then(heading) else {
            return broken(body);
        };
        let content = &part[end + 4..];
        let closes = [b"\r\n", opens.as_slice()].concat();
        // A part that goes on beyond what was handed out still has a name.
        let length = find(content, &closes);
        let value = &content[..length.unwrap_or(content.len())];
        if body.fields.len() >= MOST_FIELDS {
            return body.but(format!("it has more than {MOST_FIELDS} fields"));
        }
        match file {
            // A file field that was left empty.
            Some(file) if file.is_empty() && value.is_empty() && length.is_some() => {
                body.fields.push((name, String::new()));
            }
            Some(file) => {
                let withheld = gaps(value);
                body.withheld += withheld;
                let shown = match withheld {
                    0 => format!("{file} ({} bytes)", value.len()),
                    _ => format!("{file} (some bytes)"),
                };
                body.fields.push((name.clone(), shown));
                body.files.push(File {
                    field: name,
                    name: file,
                    size: value.len(),
                });
            }
            None => {
                read += value.len();
                if read > LARGEST_READ {
                    return body.but("its fields hold more than is read");
                }
                match std::str::from_utf8(value) {
                    Ok(text) => body.fields.push((name, text.to_owned())),
                    Err(_) => {
                        body.fields
                            .push((name, format!("({} bytes, not text)", value.len())));
                        body = body.but("a field of it is binary");
                    }
                }
            }
        }
        match length {
            Some(length) => rest = &content[length + closes.len()..],
            None => return broken(body),
        }
    }
}

/// How many pieces the browser did not hand out.
pub(super) fn gaps(bytes: &[u8]) -> usize {
    let mark = Request::NOT_HANDED_OUT;
    let mut rest = bytes;
    let mut count = 0;
    while let Some(at) = find(rest, mark) {
        count += 1;
        rest = &rest[at + mark.len()..];
    }
    count
}

fn broken(body: Body) -> Body {
    body.but("its parts are not written as the standard has them")
}

fn boundary_of(declared: &str) -> Option<String> {
    let name = parameter(declared, "boundary")?;
    (!name.is_empty() && name.len() <= LONGEST_BOUNDARY).then_some(name)
}

fn first_line(bytes: &[u8]) -> Option<&[u8]> {
    let end = find(&bytes[..bytes.len().min(LONGEST_BOUNDARY + 4)], b"\r\n")?;
    (end > 2 && bytes.starts_with(b"--")).then(|| &bytes[..end])
}

/// The field's name, and the file's where the part is a file.
fn heading(headers: &str) -> Option<(String, Option<String>)> {
    let disposition = headers.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("content-disposition")
            .then_some(value)
    })?;
    let name = parameter(disposition, "name").filter(|name| name.len() <= LONGEST_NAME)?;
    let file = parameter(disposition, "filename").or_else(|| parameter(disposition, "filename*"));
    Some((name, file))
}

/// A parameter of a header's value; browsers write quotes and line ends in names percent-encoded.
fn parameter(header: &str, wanted: &str) -> Option<String> {
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after) = rest.split_once('=')?;
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => {
                let end = quoted.find('"')?;
                (&quoted[..end], &quoted[end + 1..])
            }
            None => {
                let end = after.find(';').unwrap_or(after.len());
                (after[..end].trim(), &after[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            let plain = value.replace("%22", "\"");
            return Some(plain.replace("%0D", "\r").replace("%0A", "\n"));
        }
        rest = next.trim_start().strip_prefix(';')?;
    }
}

/// Where `needle` begins. Its first byte is looked for alone: bodies are long, and line ends rare.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut at = 0;
    loop {
        at += haystack.get(at..)?.iter().position(|byte| *byte == first)?;
        if haystack[at..].starts_with(needle) {
            return Some(at);
        }
        at += 1;
    }
}
