//! Texts of a demonstration with holes in them: `{name}`, `{name|filter:argument}`, `{site:NAME}`, `{download}`; `{{` and
//! `}}` stand for braces.

use jiff::civil::Date;

use super::filter::Filter;

/// What a hole is filled with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A parameter's value.
    Parameter(String),
    /// The origin of a named site.
    Site(String),
    /// The path of the run's newest download.
    Download,
}

impl Source {
    /// As it is written in a template.
    pub fn written(&self) -> String {
        match self {
            Source::Parameter(name) => name.clone(),
            Source::Site(name) => format!("site:{name}"),
            Source::Download => "download".to_owned(),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Hole(Source, Vec<Filter>),
}

/// A text with holes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    source: String,
    pieces: Vec<Piece>,
}

/// What is wrong with a template or with what should fill it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    #[error("the text {template:?} cannot be used: {reason}")]
    Malformed { template: String, reason: String },
    #[error("the text {template:?} needs {name:?}, and nothing says what that is")]
    Missing { template: String, name: String },
    #[error("the text {template:?} needs {name:?}, but {value:?} {reason}")]
    Refused {
        template: String,
        name: String,
        value: String,
        reason: String,
        /// What the value may have meant.
        suggestions: Vec<String>,
    },
}

impl Template {
    /// Reads a text; the error names it.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let malformed = |reason: String| TemplateError::Malformed {
            template: text.to_owned(),
            reason,
        };
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                plain.push_str(brace);
                rest = after;
                continue;
            }
            if brace == "}" {
                return Err(malformed("a } has no {; write }} for a brace".to_owned()));
            }
            let end = rest
                .find('}')
                .ok_or_else(|| malformed("a { has no }; write {{ for a brace".to_owned()))?;
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(hole(&rest[..end]).map_err(malformed)?);
            rest = &rest[end + 1..];
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        Ok(Self {
            source: text.to_owned(),
            pieces,
        })
    }

    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What its holes are filled with, in order.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(source, _) => Some(source),
            Piece::Plain(_) => None,
        })
    }

    /// The parameter that the whole text is, where it is just `{name}`.
    pub fn whole(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Hole(Source::Parameter(name), filters)] if filters.is_empty() => Some(name),
            _ => None,
        }
    }

    /// The text with its holes filled by `lookup`; dates are seen from `today`. The error names the text and what it lacks.
    pub fn fill(
        &self,
        today: Date,
        lookup: &dyn Fn(&Source) -> Option<String>,
    ) -> Result<String, TemplateError> {
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Plain(plain) => text.push_str(plain),
                Piece::Hole(source, filters) => {
                    let value = lookup(source).ok_or_else(|| TemplateError::Missing {
                        template: self.source.clone(),
                        name: source.written(),
                    })?;
                    text.push_str(&self.filtered(source, &value, filters, today)?);
                }
            }
        }
        Ok(text)
    }

    fn filtered(
        &self,
        source: &Source,
        value: &str,
        filters: &[Filter],
        today: Date,
    ) -> Result<String, TemplateError> {
        filters
            .iter()
            .try_fold(value.to_owned(), |current, filter| {
                filter
                    .apply(&current, today)
                    .map_err(|refusal| TemplateError::Refused {
                        template: self.source.clone(),
                        name: source.written(),
                        value: current.clone(),
                        reason: refusal.reason,
                        suggestions: refusal.suggestions,
                    })
            })
    }
}

fn hole(inside: &str) -> Result<Piece, String> {
    let mut parts = inside.split('|');
    let name = parts.next().unwrap_or_default().trim();
    let source = match name.strip_prefix("site:") {
        Some(site) if is_name(site) => Source::Site(site.to_owned()),
        None if name == "download" => Source::Download,
        None if is_name(name) => Source::Parameter(name.to_owned()),
        _ => {
            return Err(format!(
                "{name:?} is not a name: use letters, digits, - and _"
            ));
        }
    };
    let filters = parts.map(Filter::parse).collect::<Result<_, _>>()?;
    Ok(Piece::Hole(source, filters))
}

/// Whether a parameter or site may be called this.
pub fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::demo::literal;

    fn fill(text: &str) -> Result<String, TemplateError> {
        Template::parse(text)?.fill(date(2026, 11, 24), &|source| match source {
            Source::Parameter(name) => match name.as_str() {
                "person" => Some("Ana Reyes".to_owned()),
                "date" => Some("12 March".to_owned()),
                "total" => Some("€ 48,20".to_owned()),
                _ => None,
            },
            Source::Site(name) => (name == "shop").then(|| "http://127.0.0.1:4000".to_owned()),
            Source::Download => Some("/tmp/receipt.png".to_owned()),
        })
    }

    #[test]
    fn holes_are_filled() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("{person}", "Ana Reyes"),
            ("Lunch with {person|first-word}!", "Lunch with Ana!"),
            ("{date|date:%d/%m/%Y}", "12/03/2026"),
            ("{person|last-word|upper}", "REYES"),
            (
                "{site:shop}/cart?x={total|number}",
                "http://127.0.0.1:4000/cart?x=48.20",
            ),
            ("{download}", "/tmp/receipt.png"),
            ("{{person}}", "{person}"),
            ("{{{person}}}", "{Ana Reyes}"),
        ] {
            assert_eq!(fill(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn errors_name_the_text_and_what_it_lacks() {
        for (text, expected) in [
            (
                "{who}",
                r#"the text "{who}" needs "who", and nothing says what that is"#,
            ),
            (
                "{site:bank}",
                r#"the text "{site:bank}" needs "site:bank", and nothing says what that is"#,
            ),
            (
                "{person|number}",
                r#"the text "{person|number}" needs "person", but "Ana Reyes" is not a number"#,
            ),
            (
                "{person",
                r#"the text "{person" cannot be used: a { has no }; write {{ for a brace"#,
            ),
            (
                "a } b",
                r#"the text "a } b" cannot be used: a } has no {; write }} for a brace"#,
            ),
            (
                "{a b}",
                r#"the text "{a b}" cannot be used: "a b" is not a name: use letters, digits, - and _"#,
            ),
        ] {
            assert_eq!(fill(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_text_that_is_one_parameter_is_known_as_such() {
        let whole = |text| Template::parse(text).unwrap().whole().map(str::to_owned);
        assert_eq!(whole("{card}"), Some("card".to_owned()));
        assert_eq!(whole("{card} "), None);
        assert_eq!(whole("{card|digits}"), None);
    }

    proptest! {
        #[test]
        fn an_escaped_text_stands_for_itself(text in ".*") {
            prop_assert_eq!(fill(&literal(&text)), Ok(text));
        }

        #[test]
        fn what_surrounds_a_hole_is_kept(before in ".*", after in ".*") {
            let text = format!("{}{{person}}{}", literal(&before), literal(&after));
            // Three braces in a row read from the left: a doubled one first.
            prop_assume!(!before.ends_with('{') && !after.starts_with('}'));
            prop_assert_eq!(fill(&text), Ok(format!("{before}Ana Reyes{after}")));
        }

        #[test]
        fn no_text_makes_it_panic(text in r"[{}|:a-z%\-é ]*") {
            let _ = fill(&text);
        }
    }
}
