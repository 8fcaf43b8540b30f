//! An origin in plain letters, for cards: its domain, both ways of writing it, and whether it looks like another one.
//!
//! Look-alikes are compared by skeletons (Unicode Technical Standard 39): what looks the same has the same one.

use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;
use url::{Host, Url};

/// Shortest name, in characters, in which one changed letter is taken for an imitation.
const SHORTEST_IMITATED: usize = 5;

/// An origin as a card shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainOrigin {
    /// `https://shop.example`; beside a name in punycode, what it stands for: `https://xn--mil-6cd.example ("mаil.example")`.
    pub text: String,
    /// What was registered: `shop.example` of `www.shop.example`. `None` for an address of numbers.
    pub registrable: Option<String>,
    /// Sentences to be read before a yes.
    pub warnings: Vec<String>,
}

/// Writes an origin out and compares it with the origins that the goal knows.
pub fn plain(origin: &str, known: &[String]) -> PlainOrigin {
    let Some(host) = host_of(origin) else {
        return PlainOrigin {
            text: origin.to_owned(),
            registrable: None,
            warnings: vec![format!("{origin} is no address of a site")],
        };
    };
    let unicode = url::quirks::domain_to_unicode(&host);
    let registrable = registrable(&host);
    let mut warnings = Vec::new();
    let text = if unicode == host || unicode.is_empty() {
        origin.to_owned()
    } else {
        format!("{origin} ({unicode:?})")
    };
    if !unicode.split('.').all(MixedScript::is_single_script) {
        warnings.push(format!(
            "{unicode:?} mixes letters of several scripts, which imitations do"
        ));
    }
    if let Some(own) = &registrable {
        let imitated = known
            .iter()
            .filter_map(|site| host_of(site))
            .find_map(|site| likeness(own, &host, &site));
        warnings.extend(imitated);
    }
    PlainOrigin {
        text,
        registrable,
        warnings,
    }
}

/// What an address of numbers or of no network has none of.
fn host_of(origin: &str) -> Option<String> {
    Some(Url::parse(origin).ok()?.host_str()?.to_owned())
}

fn registrable(host: &str) -> Option<String> {
    match Host::parse(host).ok()? {
        Host::Domain(domain) => Some(psl::domain_str(&domain).unwrap_or(&domain).to_owned()),
        Host::Ipv4(_) | Host::Ipv6(_) => None,
    }
}

/// The warning, where a domain that is not a known site's looks like it.
fn likeness(own: &str, host: &str, site: &str) -> Option<String> {
    let known = registrable(site)?;
    if own == known {
        return None;
    }
    let shown = url::quirks::domain_to_unicode(own);
    if looks(own) == looks(&known) {
        return Some(format!(
            "{shown:?} looks like {known:?}, and is another site"
        ));
    }
    // As a part of a longer name: `shop.example.evil.example`.
    if format!(".{host}.").contains(&format!(".{known}.")) {
        return Some(format!("{host} begins like {known}, and belongs to {own}"));
    }
    let (one, two) = (name(own), name(&known));
    let near = one.chars().count() >= SHORTEST_IMITATED
        && strsim::osa_distance(&looks(one), &looks(two)) == 1;
    near.then(|| format!("{shown:?} is spelled almost like {known:?}, and is another site"))
}

/// The part of a registrable domain that somebody chose.
fn name(domain: &str) -> &str {
    domain.split('.').next().unwrap_or(domain)
}

/// The skeleton of what the domain shows, in lower case.
fn looks(domain: &str) -> String {
    let shown = url::quirks::domain_to_unicode(domain);
    let shown = if shown.is_empty() {
        domain.to_owned()
    } else {
        shown
    };
    skeleton(&shown.to_lowercase())
        .collect::<String>()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warnings(origin: &str, known: &str) -> Vec<String> {
        plain(origin, &[known.to_owned()]).warnings
    }

    #[test]
    fn punycode_is_shown_beside_what_it_stands_for() {
        let shown = plain("https://xn--bcher-kva.example", &[]);
        assert_eq!(
            shown.text,
            "https://xn--bcher-kva.example (\"bücher.example\")"
        );
        assert_eq!(shown.registrable.as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!(shown.warnings, Vec::<String>::new());
        assert_eq!(
            plain("https://www.shop.co.uk", &[]).registrable.as_deref(),
            Some("shop.co.uk")
        );
        assert_eq!(plain("http://127.0.0.1:8080", &[]).registrable, None);
    }

    #[test]
    fn look_alikes_of_known_sites_are_warned_of() {
        for (origin, known, said) in [
            // Cyrillic а.
            (
                "https://xn--mil-6cd.example",
                "https://mail.example",
                "looks like",
            ),
            (
                "https://he1lo.example",
                "https://hello.example",
                "looks like",
            ),
            (
                "https://rnarket.example",
                "https://market.example",
                "looks like",
            ),
            (
                "https://markett.example",
                "https://market.example",
                "almost like",
            ),
            (
                "https://shop.example.evil.test",
                "https://shop.example",
                "belongs to evil.test",
            ),
        ] {
            let warned = warnings(origin, known);
            assert!(
                warned.iter().any(|w| w.contains(said)),
                "{origin}: {warned:?}"
            );
        }
    }

    #[test]
    fn the_sites_themselves_and_strangers_are_not_warned_of() {
        for (origin, known) in [
            ("https://shop.example", "https://shop.example"),
            ("https://pay.shop.example", "https://www.shop.example"),
            ("https://mail.test", "https://shop.example"),
            ("http://127.0.0.1:80", "http://127.0.0.1:81"),
            ("https://ab.example", "https://ac.example"),
        ] {
            assert_eq!(warnings(origin, known), Vec::<String>::new(), "{origin}");
        }
    }

    #[test]
    fn scripts_that_are_mixed_are_said() {
        let warned = warnings("https://xn--mil-6cd.example", "https://mail.test");
        assert!(warned[0].contains("several scripts"), "{warned:?}");
    }
}
