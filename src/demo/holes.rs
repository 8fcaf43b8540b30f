//! Where a demonstration's text has holes: `{name}` or `{name|filter}` in plain text; `{{` and `}}` stand for braces.
//!
//! What a hole means is `workflow`'s; here a text is only taken apart, so that it can be read or written another way.

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Plain(String),
    /// What stands between the braces.
    Hole(String),
}

/// The parts of a text. A brace without its partner means itself: that it cannot be followed, `workflow` says.
pub fn pieces(text: &str) -> Vec<Piece> {
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
        match rest.split_once('}') {
            Some((inside, after)) if brace == "{" => {
                if !plain.is_empty() {
                    pieces.push(Piece::Plain(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Hole(inside.to_owned()));
                rest = after;
            }
            Some(_) | None => plain.push_str(brace),
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

/// The text where it has no holes.
pub(super) fn plain(text: &str) -> Option<String> {
    match pieces(text).as_slice() {
        [] => Some(String::new()),
        [Piece::Plain(plain)] => Some(plain.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::literal;
    use super::*;

    #[test]
    fn texts_are_taken_apart_at_their_holes() {
        let check = |text: &str, expected: &[&str]| {
            let told: Vec<String> = pieces(text)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Plain(plain) => plain,
                    Piece::Hole(inside) => format!("<{inside}>"),
                })
                .collect();
            assert_eq!(told, expected, "{text}");
        };
        check("", &[]);
        check("a {{b}} c", &["a {b} c"]);
        check("{a}{b|date:%Y}!", &["<a>", "<b|date:%Y>", "!"]);
        check("{{{a}}}", &["{", "<a>", "}"]);
        check("a { b", &["a { b"]);
        check("a } b}", &["a } b}"]);
    }

    proptest! {
        #[test]
        fn a_literal_text_is_one_plain_piece(text in ".*") {
            prop_assert_eq!(plain(&literal(&text)), Some(text));
        }
    }
}
