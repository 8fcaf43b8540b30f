//! What all sample applications share: the frame of a page, its style, error pages and addresses that lead nowhere.

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, html};

/// The largest body that an application takes, in bytes: a photographed receipt and room to spare.
pub(super) const BODY_LIMIT: usize = 8 * 1024 * 1024;

const STYLE: &str = include_str!("style.css");

/// What makes one application look different from the next.
#[derive(Debug)]
pub(super) struct Brand {
    pub name: &'static str,
    /// Class of the body, which the style gives its colour.
    pub class: &'static str,
    /// The letter in the mark beside the name.
    pub mark: &'static str,
    /// Labels and addresses of the navigation.
    pub navigation: &'static [(&'static str, &'static str)],
}

/// A whole page; `here` is the address of the navigation's entry that is shown as current.
pub(super) fn page(brand: &Brand, here: &str, title: &str, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · " (brand.name) }
                // An empty icon, so that no browser asks for one.
                link rel="icon" href="data:,";
                link rel="stylesheet" href="/style.css";
            }
            body class=(brand.class) {
                header class="top" {
                    a class="brand" href="/" {
                        span class="mark" aria-hidden="true" { (brand.mark) }
                        (brand.name)
                    }
                    nav aria-label="Main" {
                        @for (label, address) in brand.navigation {
                            a href=(address) aria-current=[(*address == here).then_some("page")] { (label) }
                        }
                    }
                    p class="who" { span class="avatar" aria-hidden="true" { "RV" } "Robin Vale" }
                }
                main { (main) }
            }
        }
    }
}

/// A page that says what is wrong and where to go from here.
pub(super) fn failure(brand: &Brand, status: StatusCode, heading: &str, text: &str) -> Response {
    let body = page(
        brand,
        "",
        heading,
        html! {
            section class="card narrow" {
                p class="eyebrow" { (status.as_u16()) }
                h1 { (heading) }
                p { (text) }
                p { a class="button" href="/" { "Back to the start" } }
            }
        },
    );
    (status, body).into_response()
}

pub(super) fn not_found(brand: &Brand) -> Response {
    failure(
        brand,
        StatusCode::NOT_FOUND,
        "Page not found",
        "There is no page at this address. The link may be old, or a letter may be wrong.",
    )
}

/// Adds the style, the page for unknown addresses, and the page for methods that an address does not take.
pub(super) fn finish(router: Router, brand: &'static Brand) -> Router {
    router
        .route("/style.css", get(style))
        .fallback(async || not_found(brand))
        .method_not_allowed_fallback(async || {
            failure(
                brand,
                StatusCode::METHOD_NOT_ALLOWED,
                "This cannot be done here",
                "The address exists, but takes another method.",
            )
        })
        .layer(axum::extract::DefaultBodyLimit::max(BODY_LIMIT))
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

/// The mistakes in a form, above it, for eyes and for screen readers.
pub(super) fn mistakes(list: &[(&'static str, String)]) -> Markup {
    html! {
        @if !list.is_empty() {
            div class="alert" role="alert" {
                strong { "Please check the form" }
                ul { @for (_, text) in list { li { (text) } } }
            }
        }
    }
}

/// `true` for the `aria-invalid` of a field that has a mistake.
pub(super) fn invalid(list: &[(&'static str, String)], field: &str) -> Option<&'static str> {
    list.iter()
        .any(|(name, _)| *name == field)
        .then_some("true")
}
