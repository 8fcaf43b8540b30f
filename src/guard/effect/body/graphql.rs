//! GraphQL, whatever carries it (JSON, a batch, the address, a form, the upload convention): which operation of the document runs,
//! whether it reads or changes, and what it selects at its root. The document itself is read, not its name.

use super::operation::{Operation, Sort};
use super::{Body, DEEPEST, Format, json};

/// Most operations and fragments in one document, and most root fields of one operation.
const MOST_PARTS: usize = 200;
/// Most documents in one batch.
const MOST_DOCUMENTS: usize = 100;

/// Names that stored documents go by, where no document is sent.
const STORED: [&str; 7] = [
    "extensions.persistedQuery.sha256Hash",
    "documentId",
    "doc_id",
    "docId",
    "queryId",
    "query_id",
    "query_hash",
];

/// A body that is the document.
pub(super) fn of_document(text: &str) -> Body {
    let mut body = Body::of(Format::GraphQl, vec![("query".to_owned(), text.to_owned())]);
    match choose(text, None) {
        Some(operation) => body.operations.push(operation),
        None => body = body.but("its GraphQL document cannot be read"),
    }
    body
}

/// A form that carries GraphQL: fields `query` or `doc_id`, or `operations` with JSON (the convention for uploads).
pub(super) fn of_form(mut body: Body) -> Body {
    let inner = body
        .field("operations")
        .filter(|text| json::looks(text))
        .and_then(json::read);
    if let Some(inner) = inner {
        let found = operations(&inner.fields);
        if !found.is_empty() {
            body.fields.retain(|(name, _)| name != "operations");
            body.fields.splice(0..0, inner.fields);
            body.format = Format::GraphQl;
            body.operations = found;
            if let Some(why) = inner.unread {
                body = body.but(why);
            }
            return body;
        }
    }
    with_operations(body)
}

/// What the body or, where there is none, the address carries.
pub(super) fn of_request(query: &[(String, String)], body: Body) -> Body {
    if !body.operations.is_empty() || body.format == Format::GraphQl {
        return body;
    }
    match body.format {
        Format::Json => with_operations(body),
        Format::Empty => {
            let found = operations(query);
            if found.is_empty() {
                return body;
            }
            Body {
                format: Format::GraphQl,
                operations: found,
                ..body
            }
        }
        _ => body,
    }
}

fn with_operations(mut body: Body) -> Body {
    let found = operations(&body.fields);
    if !found.is_empty() {
        body.format = Format::GraphQl;
        body.operations = found;
    }
    body
}

/// The operations in a list of fields: at the root, or at each position of a batch.
fn operations(fields: &[(String, String)]) -> Vec<Operation> {
    let mut places: Vec<&str> = Vec::new();
    for (name, _) in fields {
        let place = match name.split_once('.') {
            Some((at, _)) if at.parse::<usize>().is_ok() => &name[..=at.len()],
            _ => "",
        };
        if places.last() != Some(&place) && !places.contains(&place) {
            places.push(place);
        }
        if places.len() > MOST_DOCUMENTS {
            break;
        }
    }
    places
        .into_iter()
        .filter_map(|place| operation(fields, place))
        .collect()
}

fn operation(fields: &[(String, String)], place: &str) -> Option<Operation> {
    let own: Vec<(&str, &str)> = fields
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(place)?, value.as_str())))
        .collect();
    let value = |wanted: &str| {
        own.iter()
            .find(|(name, _)| *name == wanted)
            .map(|(_, value)| *value)
    };
    let name = value("operationName").filter(|name| !name.is_empty());
    // A field given twice may be read either way: then nobody knows.
    let twice = own.iter().filter(|(name, _)| *name == "query").count() > 1
        || own
            .iter()
            .filter(|(name, _)| *name == "operationName")
            .count()
            > 1;
    let unknown = || Operation {
        sort: Sort::Unknown,
        name: name
            .or_else(|| value("fb_api_req_friendly_name"))
            .map(str::to_owned),
        roots: Vec::new(),
    };
    match value("query").filter(|text| !text.trim().is_empty()) {
        Some(document) if looks(document) => Some(
            choose(document, name)
                .filter(|_| !twice)
                .unwrap_or_else(unknown),
        ),
        // A search field may be called `query` too.
        Some(_) => name.map(|_| unknown()),
        None => {
            let stored = STORED.iter().any(|field| value(field).is_some());
            let variables = own.iter().any(|(name, _)| {
                name.strip_prefix("variables")
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            (stored || (name.is_some() && variables)).then(unknown)
        }
    }
}

/// Whether a text could be a document: it begins like one and has a selection.
fn looks(text: &str) -> bool {
    let start = text
        .lines()
        .map(str::trim_start)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .unwrap_or_default();
    let begins = ["query", "mutation", "subscription", "fragment", "{"]
        .iter()
        .any(|word| start.starts_with(word));
    begins && text.contains('{')
}

/// The operation of a document that runs: the one named, or the only one. `None` where that is not certain.
fn choose(document: &str, name: Option<&str>) -> Option<Operation> {
    let mut operations = parse(document)?;
    match name {
        Some(name) => {
            let mut named = operations
                .into_iter()
                .filter(|operation| operation.name.as_deref() == Some(name));
            let chosen = named.next()?;
            named.next().is_none().then_some(chosen)
        }
        None => {
            let only = operations.pop()?;
            operations.is_empty().then_some(only)
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token<'t> {
    Name(&'t str),
    Sign(char),
    Spread,
    /// Strings and numbers: nothing hangs on them.
    Value,
}

/// The lexical grammar of GraphQL (October 2021, section 2.1), as far as braces need it.
struct Lexer<'t> {
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    /// `Ok(None)` at the end, `Err` where the text is not GraphQL.
    fn next(&mut self) -> Result<Option<Token<'t>>, ()> {
        loop {
            self.rest = self
                .rest
                .trim_start_matches([' ', '\t', '\r', '\n', ',', '\u{feff}']);
            match self.rest.strip_prefix('#') {
                Some(comment) => {
                    let end = comment.find(['\n', '\r']).unwrap_or(comment.len());
                    self.rest = &comment[end..];
                }
                None => break,
            }
        }
        let Some(first) = self.rest.chars().next() else {
            return Ok(None);
        };
        if first.is_ascii_alphabetic() || first == '_' {
            let end = self
                .rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(self.rest.len());
            let (name, rest) = self.rest.split_at(end);
            self.rest = rest;
            return Ok(Some(Token::Name(name)));
        }
        if let Some(block) = self.rest.strip_prefix("\"\"\"") {
            // `\"""` stands for itself within.
            let mut from = 0;
            loop {
                let end = from + block[from..].find("\"\"\"").ok_or(())?;
                if !block[..end].ends_with('\\') {
                    self.rest = &block[end + 3..];
                    return Ok(Some(Token::Value));
                }
                from = end + 3;
            }
        }
        if let Some(string) = self.rest.strip_prefix('"') {
            let mut escaped = false;
            for (at, c) in string.char_indices() {
                match c {
                    _ if escaped => escaped = false,
                    '\\' => escaped = true,
                    '"' => {
                        self.rest = &string[at + 1..];
                        return Ok(Some(Token::Value));
                    }
                    '\n' | '\r' => return Err(()),
                    _ => {}
                }
            }
            return Err(());
        }
        if let Some(rest) = self.rest.strip_prefix("...") {
            self.rest = rest;
            return Ok(Some(Token::Spread));
        }
        if first.is_ascii_digit() || first == '-' {
            let end = self.rest[1..]
                .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '+' | '-'))
                .map_or(self.rest.len(), |end| end + 1);
            self.rest = &self.rest[end..];
            return Ok(Some(Token::Value));
        }
        if "!$&()[]{}:=@|".contains(first) {
            self.rest = &self.rest[1..];
            return Ok(Some(Token::Sign(first)));
        }
        Err(())
    }
}

/// All operations of a document, in order. `None` where it is not well-formed or has parts that no client sends.
fn parse(document: &str) -> Option<Vec<Operation>> {
    let mut lexer = Lexer { rest: document };
    let mut found = Vec::new();
    let mut parts = 0;
    while let Some(token) = lexer.next().ok()? {
        parts += 1;
        if parts > MOST_PARTS {
            return None;
        }
        let sort = match token {
            Token::Sign('{') => {
                found.push(Operation {
                    sort: Sort::Query,
                    name: None,
                    roots: selection(&mut lexer)?,
                });
                continue;
            }
            Token::Name("query") => Some(Sort::Query),
            Token::Name("mutation") => Some(Sort::Mutation),
            Token::Name("subscription") => Some(Sort::Subscription),
            Token::Name("fragment") => None,
            _ => return None,
        };
        // Up to the selection: a name, variables and directives, which may hold braces only within parentheses.
        let mut name = None;
        let mut open = 0usize;
        let mut first = true;
        loop {
            match lexer.next().ok()?? {
                Token::Name(own) if first => name = Some(own.to_owned()),
                Token::Sign('(' | '[') => open += 1,
                Token::Sign(')' | ']') => open = open.checked_sub(1)?,
                Token::Sign('{') if open == 0 => break,
                _ => {}
            }
            if open > DEEPEST {
                return None;
            }
            first = false;
        }
        let roots = selection(&mut lexer)?;
        if let Some(sort) = sort {
            found.push(Operation { sort, name, roots });
        }
    }
    Some(found)
}

/// The names selected at the first level, up to its closing brace; of an alias what it stands for. Names in braces deeper down, in
/// arguments and in directives are passed over.
fn selection(lexer: &mut Lexer<'_>) -> Option<Vec<String>> {
    let mut roots: Vec<String> = Vec::new();
    let mut open: Vec<char> = vec!['{'];
    let mut last: Option<Token<'_>> = None;
    loop {
        let token = lexer.next().ok()??;
        match &token {
            Token::Sign(sign @ ('{' | '(' | '[')) => {
                if open.len() >= DEEPEST {
                    return None;
                }
                open.push(*sign);
            }
            Token::Sign(sign @ ('}' | ')' | ']')) => {
                let wanted = match sign {
                    '}' => '{',
                    ')' => '(',
                    _ => '[',
                };
                if open.pop()? != wanted {
                    return None;
                }
                if open.is_empty() {
                    return Some(roots);
                }
            }
            Token::Name(name) if open.len() == 1 => match last {
                Some(Token::Sign('@' | '$')) => {}
                Some(Token::Sign(':')) => {
                    if let Some(alias) = roots.last_mut() {
                        *alias = (*name).to_owned();
                    }
                }
                // A fragment at the root: what it selects is not looked up, so its name stands for it.
                Some(Token::Spread) => roots.push(format!("...{name}")),
                _ if roots.len() < MOST_PARTS => roots.push((*name).to_owned()),
                _ => return None,
            },
            _ => {}
        }
        last = Some(token);
    }
}
