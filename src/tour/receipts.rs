//! The folder of receipts: a list by date and file name, so that a picture has to be opened to know what it says.

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::{Date, date};
use maud::{Markup, html};

use super::page::{Brand, finish, not_found, page};

const BRAND: Brand = Brand {
    name: "Shoebox",
    class: "shoebox",
    mark: "S",
    navigation: &[("Receipts", "/")],
};

struct Receipt {
    day: Date,
    file: &'static str,
    picture: &'static [u8],
}

macro_rules! receipt {
    ($month:literal, $day:literal, $name:literal) => {
        Receipt {
            day: date(2026, $month, $day),
            file: concat!($name, ".png"),
            picture: include_bytes!(concat!("receipts/", $name, ".png")),
        }
    };
}

/// Newest first, as photographed.
const RECEIPTS: &[Receipt] = &[
    receipt!(4, 28, "IMG_4240"),
    receipt!(4, 23, "IMG_4218"),
    receipt!(4, 16, "IMG_4205"),
    receipt!(4, 2, "IMG_4188"),
    receipt!(3, 27, "IMG_4163"),
    receipt!(3, 19, "IMG_4141"),
    receipt!(3, 12, "IMG_4127"),
    receipt!(3, 3, "IMG_4103"),
];

/// The bytes of the receipt picture `file` (a PNG), as the folder serves them.
pub fn picture(file: &str) -> Option<&'static [u8]> {
    find(file).map(|receipt| receipt.picture)
}

fn find(file: &str) -> Option<&'static Receipt> {
    RECEIPTS.iter().find(|receipt| receipt.file == file)
}

pub(super) fn router() -> Router {
    finish(
        Router::new()
            .route("/", get(list))
            .route("/receipts/{file}", get(open))
            .route("/pictures/{file}", get(async |path| bytes(path, false)))
            .route("/downloads/{file}", get(async |path| bytes(path, true))),
        &BRAND,
    )
}

fn size(receipt: &Receipt) -> String {
    let bytes = receipt.picture.len();
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

async fn list() -> Markup {
    page(
        &BRAND,
        "/",
        "Receipts",
        html! {
            div class="headline" {
                h1 { "Receipts" }
                p class="quiet" { (RECEIPTS.len()) " pictures from your phone" }
            }
            table class="card" aria-label="Receipts" {
                thead { tr { th scope="col" { "Date" } th scope="col" { "File" } th scope="col" { "Size" } th scope="col" { "Type" } } }
                tbody {
                    @for receipt in RECEIPTS {
                        tr {
                            td { (receipt.day.strftime("%-d %B %Y")) }
                            td { a href={ "/receipts/" (receipt.file) } { (receipt.file) } }
                            td class="quiet" { (size(receipt)) }
                            td { span class="chip" { "Picture" } }
                        }
                    }
                }
            }
        },
    )
}

async fn open(Path(file): Path<String>) -> Response {
    let Some(receipt) = find(&file) else {
        return not_found(&BRAND);
    };
    page(
        &BRAND,
        "/",
        receipt.file,
        html! {
            div class="beside" {
                img class="receipt" src={ "/pictures/" (receipt.file) } alt={ "Receipt " (receipt.file) } width="440" height="600";
                section class="card" {
                    p class="crumbs" { a href="/" { "All receipts" } }
                    h1 { (receipt.file) }
                    dl {
                        dt { "Taken" } dd { (receipt.day.strftime("%-d %B %Y")) }
                        dt { "Size" } dd { (size(receipt)) }
                        dt { "Type" } dd { "PNG picture, 440 × 600" }
                    }
                    p { a class="button" href={ "/downloads/" (receipt.file) } { "Download" } }
                }
            }
        },
    )
    .into_response()
}

fn bytes(Path(file): Path<String>, attached: bool) -> Response {
    let Some(receipt) = find(&file) else {
        return not_found(&BRAND);
    };
    let place = if attached {
        format!("attachment; filename=\"{}\"", receipt.file)
    } else {
        "inline".to_owned()
    };
    (
        [
            (header::CONTENT_TYPE, "image/png".to_owned()),
            (header::CONTENT_DISPOSITION, place),
        ],
        receipt.picture,
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::RECEIPTS;

    #[test]
    fn every_receipt_is_another_readable_picture_of_another_day() {
        for (n, receipt) in RECEIPTS.iter().enumerate() {
            let picture = image::load_from_memory(receipt.picture).expect(receipt.file);
            assert_eq!((picture.width(), picture.height()), (440, 600));
            assert!(receipt.picture.len() < 20_000, "{}", receipt.file);
            for other in &RECEIPTS[..n] {
                assert_ne!(other.day, receipt.day);
                assert_ne!(other.file, receipt.file);
                assert_ne!(other.picture, receipt.picture, "{}", receipt.file);
            }
        }
    }
}
