//! Paths with their values taken out, so that the same place is known again for other things: `/orders/17/lines` is `/orders/*/lines`.

use url::Url;

/// Shortest run of hexadecimal digits that is an identifier and no word.
const SHORTEST_HEX: usize = 8;
/// Shortest mixture of upper case, lower case and digits that is one.
const SHORTEST_MIXED: usize = 16;
/// Shortest all-capitals reference with digits: `ORD-2024-7`.
const SHORTEST_REFERENCE: usize = 5;

/// The path with `*` for each segment that holds a value. An ending such as `.json` stays.
pub(super) fn template(url: &Url) -> String {
    let Some(segments) = url.path_segments() else {
        return url.path().to_owned();
    };
    let mut template = String::new();
    for segment in segments {
        template.push('/');
        template.push_str(&without_value(segment));
    }
    template
}

fn without_value(segment: &str) -> String {
    if is_value(segment) || is_text(segment) {
        return "*".to_owned();
    }
    if let Some((name, ending)) = segment.rsplit_once('.')
        && is_value(name)
        && (1..=5).contains(&ending.len())
        && ending.bytes().all(|b| b.is_ascii_alphabetic())
    {
        return format!("*.{ending}");
    }
    segment.to_owned()
}

/// Whether a segment is somebody's words, written so that an address can hold them: `Draft%20of%20%22Tea%22`. Letters are none: `/p%61y` is
/// `/pay`, and words of other alphabets are the site's own, too.
pub(super) fn is_text(segment: &str) -> bool {
    let mut encoded = segment.split('%').skip(1).peekable();
    let byte = |code: &str| u8::from_str_radix(code.get(..2)?, 16).ok();
    encoded.peek().is_some()
        && encoded.all(|rest| {
            byte(rest).is_some_and(|byte| {
                byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"-._~".contains(&byte)
            })
        })
}

/// Whether a segment or a part of a name stands for one thing among many: a number, a date, an identifier.
pub(super) fn is_value(text: &str) -> bool {
    let count = |fits: fn(&u8) -> bool| text.bytes().filter(fits).count();
    let digits = count(u8::is_ascii_digit);
    let lower = count(u8::is_ascii_lowercase);
    let upper = count(u8::is_ascii_uppercase);
    let odd = text.len() - digits - lower - upper;
    let punctuation = text.bytes().filter(|b| b"-_.:,~=+%$".contains(b)).count();
    if digits == 0 || odd > punctuation {
        return false;
    }
    let letters = lower + upper;
    let hex = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let plain_hex =
        hex == digits + letters && hex >= SHORTEST_HEX && text.bytes().all(|b| b != b'.');
    letters == 0
        || is_moment(text)
        || plain_hex
        || (text.len() >= SHORTEST_MIXED && upper > 0 && lower > 0)
        || (text.len() >= SHORTEST_MIXED && digits * 4 >= text.len())
        || (lower == 0 && digits >= 2 && text.len() >= SHORTEST_REFERENCE)
}

/// A date with a time, as ISO 8601 writes it.
fn is_moment(text: &str) -> bool {
    let date = text.get(..11).unwrap_or_default().as_bytes();
    date.len() == 11
        && date[10].eq_ignore_ascii_case(&b't')
        && date[..10].iter().enumerate().all(|(at, b)| {
            matches!(at, 4 | 7) == (*b == b'-') && (*b == b'-' || b.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_become_stars_and_words_stay() {
        for (path, wanted) in [
            ("/orders/17/lines", "/orders/*/lines"),
            ("/api/v4/projects/79/fork", "/api/v4/projects/*/fork"),
            ("/issues/1478.json", "/issues/*.json"),
            ("/a/2026-11-25/b", "/a/*/b"),
            ("/at/2026-11-25T10:00:00Z", "/at/*"),
            ("/x/550e8400-e29b-41d4-a716-446655440000", "/x/*"),
            (
                "/commit/9fceb02d0ae598e95dc970b74767f19372d61af8",
                "/commit/*",
            ),
            ("/uenc/aHR0cDovL2EuZXhhbXBsZS8x/product", "/uenc/*/product"),
            ("/ref/ORD-2024-7", "/ref/*"),
            ("/oauth2/v1/2fa/mp3", "/oauth2/v1/2fa/mp3"),
            ("/decade/facade/effaced", "/decade/facade/effaced"),
            ("/my-first-post/comments", "/my-first-post/comments"),
            ("/notes/Draft%20of%20'Tea'", "/notes/*"),
            ("/notes/%24%3A%2FStoryList", "/notes/*"),
            ("/p%61y/now", "/p%61y/now"),
            ("/", "/"),
        ] {
            let url = Url::parse(&format!("https://a.example{path}")).unwrap();
            assert_eq!(template(&url), wanted);
        }
    }
}
