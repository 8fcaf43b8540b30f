//! Text in pictures is found and read: turned paper, white type on coloured buttons, dark screens; and no picture breaks it.

use std::sync::OnceLock;
use std::time::Instant;

use apprentice::perception::{PerceptionError, Reader, Weights};

const RECEIPT: &[u8] = include_bytes!("fixtures/ocr/receipt.png");
const BUTTONS: &[u8] = include_bytes!("fixtures/ocr/buttons.png");
const CALENDAR: &[u8] = include_bytes!("fixtures/ocr/calendar.png");
const DARK: &[u8] = include_bytes!("fixtures/ocr/dark.png");

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| {
        let weights = Weights::find()
            .expect("the OCR weights are missing: run scripts/setup in the root of the repository");
        Reader::load(&weights).expect("the OCR weights load")
    })
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(width, height)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[track_caller]
fn check(picture: &[u8], expected: &[&str]) {
    let text = reader().read_text(picture).unwrap();
    let read: Vec<&str> = text.lines().collect();
    assert_eq!(read, expected, "read:\n{text}");
}

#[test]
fn a_receipt_that_lies_askew_is_read_row_by_row() {
    check(
        RECEIPT,
        &[
            "Café Lindenhof",
            "14.03.2026 12:47",
            "2 x Soup of the day 13.80",
            "1 x Grilled trout 21.50",
            "3 x Espresso 8.40",
            "Subtotal 43.70",
            "VAT 19% 8.30",
            "TOTAL EUR 52.00",
            "Invoice no. 2026-00417",
            "Thank you for your visit!",
        ],
    );
}

#[test]
fn white_type_on_coloured_buttons_and_small_type_are_read() {
    check(BUTTONS, &["Place order Delete", "Prices include tax"]);
}

#[test]
fn a_dark_screen_is_read() {
    check(
        DARK,
        &[
            "Inbox 3 unread",
            "Miriam Okafor Lunch on Thursday? 09:15",
            "Build server Nightly run #8841 failed 02:30",
        ],
    );
}

#[test]
fn a_whole_screen_with_single_digits_and_faint_lines_is_read() {
    let text = reader().read_text(CALENDAR).unwrap();
    for expected in [
        "March 2026\n1 2 3 4 5 6 7\nLunch w/ Ana\n8 9 10 11 12 13 14\n",
        "\n29 30 31\n",
        // At the screen's own scale the network barely marks this line.
        "Amount due: $1,234.56 — pay by 2026-04-01. Card ending in 4242.",
        "Qty 3 × €17.90 = €53.70 (incl. VAT 20 %)",
        "Submit expense report 1 OK Vertical text",
        "user.name+tag@example.com",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in:\n{text}");
    }
}

#[test]
fn bounds_are_in_pixels_of_the_picture() {
    let lines = reader().read(BUTTONS).unwrap();
    let order = lines
        .iter()
        .find(|line| line.text == "Place order")
        .unwrap();
    let center = order.bounds.center();
    assert!((20.0..140.0).contains(&center.x), "{order:?}");
    assert!((15.0..60.0).contains(&center.y), "{order:?}");
    assert!(order.bounds.width > 60.0 && order.bounds.width < 120.0);
    assert!(order.confidence > 0.8);
}

#[test]
fn pictures_without_text_read_as_nothing() {
    for (width, height) in [(1, 1), (3, 400), (400, 3), (300, 200)] {
        assert_eq!(reader().read(&png(width, height)).unwrap(), []);
    }
}

#[test]
fn bytes_that_are_no_picture_are_an_error() {
    let truncated = &RECEIPT[..RECEIPT.len() / 2];
    for bytes in [&b""[..], b"<html>", &RECEIPT[..40], truncated] {
        let error = reader().read(bytes).unwrap_err();
        assert!(matches!(error, PerceptionError::Picture { .. }), "{error}");
    }
}

/// A small region takes a few tenths of a second on two idle cores. The limit leaves room for a crowded machine, and
/// still fails where the networks were built without optimisation, which costs a hundred times as much.
#[test]
fn a_small_region_is_read_quickly() {
    let reader = reader();
    let quickest = (0..5)
        .map(|_| {
            let began = Instant::now();
            reader.read(BUTTONS).unwrap();
            began.elapsed()
        })
        .min()
        .unwrap();
    assert!(quickest.as_secs() < 10, "{quickest:?}");
}
