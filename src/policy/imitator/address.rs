//! Whether an address is the page that was shown: numbers and long ids in it differ from run to run and are not compared.

use url::Url;

/// A part of a path this long with a digit in it is an id.
const LONG_ID: usize = 16;
/// Letters with this many digits are the number of a thing that was made, as in `R-2026-0107`; with fewer they tell pages
/// apart, as in `step-2`.
const NUMBER_DIGITS: usize = 3;
/// A word this long right before its digits names a kind of thing, and the digits say which one, as in `issue7`.
const KIND_LETTERS: usize = 4;
/// Words whose digits tell pages apart all the same.
const PLACES: [&str; 10] = [
    "step", "page", "part", "stage", "screen", "panel", "section", "chapter", "level", "slide",
];

/// Whether both addresses are the same page. `wanted` may be absolute or begin with a slash; queries are not compared.
pub fn same_page(wanted: &str, actual: &str) -> bool {
    let (Some(wanted), Some(actual)) = (parts(wanted), parts(actual)) else {
        return wanted == actual;
    };
    let same_host =
        wanted.origin.is_none() || actual.origin.is_none() || wanted.origin == actual.origin;
    same_host && same_path(&wanted.path, &actual.path) && same_path(&wanted.route, &actual.route)
}

/// The beginning of the address that every run shares, for waiting until the address contains it.
pub fn constant_part(wanted: &str) -> String {
    let until_query = wanted.split('?').next().unwrap_or_default();
    let (head, path) = match until_query.find("://") {
        Some(at) => match until_query[at + 3..].find('/') {
            Some(slash) => until_query.split_at(at + 3 + slash),
            None => return until_query.to_owned(),
        },
        None => ("", until_query),
    };
    let mut constant = head.to_owned();
    for (at, segment) in path.split('/').enumerate() {
        if changes(segment) || numbered(segment) {
            constant.push('/');
            break;
        }
        if at > 0 {
            constant.push('/');
        }
        constant.push_str(segment);
    }
    constant
}

struct Parts {
    origin: Option<String>,
    path: String,
    /// The part behind `#`, where it is a path of its own.
    route: String,
}

fn parts(address: &str) -> Option<Parts> {
    let absolute = address.contains("://");
    let base = Url::parse("http://page.invalid").ok()?;
    let url = if absolute {
        Url::parse(address).ok()?
    } else {
        base.join(address).ok()?
    };
    let route = url
        .fragment()
        .filter(|fragment| fragment.starts_with(['/', '!']))
        .unwrap_or_default()
        .split('?')
        .next()
        .unwrap_or_default()
        .to_owned();
    Some(Parts {
        origin: absolute.then(|| url.origin().ascii_serialization()),
        path: url.path().to_owned(),
        route,
    })
}

fn same_path(wanted: &str, actual: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        path.split('/')
            .filter(|segment| !segment.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (wanted, actual) = (segments(wanted), segments(actual));
    wanted.len() == actual.len()
        && wanted
            .iter()
            .zip(&actual)
            .all(|(one, other)| same_segment(one, other))
}

fn same_segment(one: &str, other: &str) -> bool {
    one == other
        || changes(one) && changes(other)
        || numbered(one) && numbered(other) && without_digits(one).eq(without_digits(other))
}

/// Whether a part of a path is a number or a long id.
fn changes(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    digits > 0 && (digits == segment.len() || segment.len() >= LONG_ID)
}

/// Whether a part of a path is a number with letters about it. Dates have none and are compared.
fn numbered(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let word = segment.trim_end_matches(|c: char| c.is_ascii_digit());
    let names_a_kind = digits > 0
        && word.len() + digits == segment.len()
        && word.chars().count() >= KIND_LETTERS
        && word.chars().all(char::is_alphabetic)
        && !PLACES.contains(&word.to_lowercase().as_str());
    names_a_kind || digits >= NUMBER_DIGITS && segment.chars().any(char::is_alphabetic)
}

fn without_digits(segment: &str) -> impl Iterator<Item = char> + '_ {
    segment.chars().filter(|c| !c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_apart_by_what_stays() {
        for (wanted, actual, same) in [
            (
                "http://a.example/reports/12",
                "http://a.example/reports/345?saved=1",
                true,
            ),
            (
                "http://a.example/reports/",
                "http://a.example/reports",
                true,
            ),
            (
                "http://a.example/reports/12",
                "http://a.example/reports/new",
                false,
            ),
            (
                "http://a.example/reports/12",
                "http://b.example/reports/12",
                false,
            ),
            ("/reports/12", "http://a.example/reports/9", true),
            (
                "http://a.example/x/0b5e7c3a-1d2f-4e5a",
                "http://a.example/x/9f5e7c3a-1d2f-4e5b",
                true,
            ),
            (
                "http://a.example/#/inbox/1",
                "http://a.example/#/inbox/2",
                true,
            ),
            ("http://a.example/#/inbox", "http://a.example/#/sent", false),
            ("http://a.example/#top", "http://a.example/", true),
            (
                "/reports/R-2026-0107",
                "http://a.example/reports/R-2026-0108",
                true,
            ),
            (
                "/reports/R-2026-0107",
                "http://a.example/reports/new",
                false,
            ),
            ("/orders/T-5001", "http://a.example/orders/A-5001", false),
            ("/month/2026-04", "http://a.example/month/2026-05", false),
            ("/order/step-1", "http://a.example/order/step-2", false),
            ("/order/step1", "http://a.example/order/step2", false),
            ("/api/v1", "http://a.example/api/v2", false),
            ("/tracker/issue1", "http://a.example/tracker/issue42", true),
            ("/tracker/issue1", "http://a.example/tracker/user1", false),
        ] {
            assert_eq!(same_page(wanted, actual), same, "{wanted} {actual}");
        }
    }

    #[test]
    fn the_constant_part_ends_before_what_changes() {
        for (wanted, expected) in [
            (
                "http://a.example/reports/12/edit",
                "http://a.example/reports/",
            ),
            ("http://a.example/reports?x=1", "http://a.example/reports"),
            ("/reports/12", "/reports/"),
            ("/reports/R-2026-0107/done", "/reports/"),
            ("http://a.example", "http://a.example"),
        ] {
            assert_eq!(constant_part(wanted), expected);
        }
    }
}
