//! Where something would be sent: addresses of frames, links and forms, and what their endings give away.

use url::Url;

use crate::computer::{Element, Form, Observation};

/// Endings of files that a person's computer would run, on Windows, macOS, Linux and Android.
const RUNNABLE: [&str; 30] = [
    "apk",
    "app",
    "appimage",
    "bat",
    "bin",
    "cmd",
    "com",
    "command",
    "crx",
    "deb",
    "dmg",
    "exe",
    "flatpakref",
    "hta",
    "iso",
    "jar",
    "jnlp",
    "lnk",
    "msi",
    "msix",
    "pkg",
    "ps1",
    "reg",
    "rpm",
    "run",
    "scr",
    "sh",
    "vbs",
    "wsf",
    "xpi",
];

/// Schemes whose links leave by a plain request, or leave the browser.
const NO_LINK: [&str; 5] = ["javascript", "data", "blob", "about", "filesystem"];

/// The serialised origin, as cards and rules write it.
pub(super) fn origin(url: &Url) -> String {
    let origin = url.origin();
    if origin.is_tuple() {
        origin.ascii_serialization()
    } else {
        format!("{}:", url.scheme())
    }
}

/// The address of the frame that an element stands in; frames without an address of their own belong to the one around them.
pub(super) fn of_frame(observation: &Observation, element: Option<&Element>) -> Option<Url> {
    let mut frame = element.map(|element| element.frame);
    // A frame is nested at most as deep as there are frames.
    for _ in 0..=observation.frames.len() {
        let Some(known) = frame.and_then(|ordinal| observation.frames.get(ordinal)) else {
            break;
        };
        if let Ok(url) = Url::parse(&known.url)
            && matches!(url.scheme(), "http" | "https")
        {
            return Some(url);
        }
        frame = known.parent;
    }
    Url::parse(&observation.url).ok()
}

/// An address as it would be taken by the page.
pub(super) fn resolve(
    observation: &Observation,
    element: Option<&Element>,
    text: &str,
) -> Option<Url> {
    let text = text.trim();
    match Url::parse(text) {
        Ok(url) => Some(url),
        Err(_) => of_frame(observation, element)?.join(text).ok(),
    }
}

/// Where a link leads, where following it is a plain request: `None` for links that only a script serves.
pub(super) fn of_link(observation: &Observation, element: &Element) -> Option<Url> {
    let href = element.attributes.get("href")?.trim();
    let scripted = element.attributes.iter().any(|(key, value)| {
        matches!(
            key.as_str(),
            "onclick" | "data-method" | "data-turbo-method"
        ) && !value.eq_ignore_ascii_case("get")
            || matches!(
                key.as_str(),
                "hx-post" | "hx-put" | "hx-delete" | "hx-patch"
            )
    });
    if scripted || matches!(href, "" | "#" | "#!") {
        return None;
    }
    let url = resolve(observation, Some(element), href)?;
    // `#` is observed as the address of its own page, and a script waits for its click.
    let serves =
        is_same_page(observation, element, &url) && matches!(url.fragment(), None | Some("" | "!"));
    (!serves && !NO_LINK.contains(&url.scheme())).then_some(url)
}

/// Whether an address differs from that of the element's own page by its fragment at most.
pub(super) fn is_same_page(observation: &Observation, element: &Element, url: &Url) -> bool {
    let bare = |url: &Url| {
        let mut bare = url.clone();
        bare.set_fragment(None);
        bare
    };
    of_frame(observation, Some(element)).is_some_and(|own| bare(&own) == bare(url))
}

/// Where a form is sent: the button's own address, the form's, or the page's.
pub(super) fn of_form(
    observation: &Observation,
    from: &Element,
    button: Option<&Element>,
    form: &Form,
) -> Option<Url> {
    let own = button
        .and_then(|button| button.attributes.get("formaction"))
        .map(String::as_str)
        .filter(|text| !text.is_empty());
    let given = own.or(Some(form.action.as_str()).filter(|text| !text.is_empty()));
    match given.and_then(|text| resolve(observation, Some(from), text)) {
        Some(url) if url.scheme() != "javascript" => Some(url),
        Some(_) | None => of_frame(observation, Some(from)),
    }
}

/// Whether the address names a file that could be run.
pub(super) fn can_be_run(url: &Url) -> bool {
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    last.is_some_and(name_can_be_run)
}

pub(super) fn name_can_be_run(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| RUNNABLE.contains(&ending.to_ascii_lowercase().as_str()))
}
