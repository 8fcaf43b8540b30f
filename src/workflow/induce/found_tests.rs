//! What was looked for by a value, and the end of a scale among what was found.

use super::tests::{TODAY, chosen, clicks, induced, page, recording, step};
use crate::demo::Verb;

const TYPED: &str = "Fly from";

fn to(place: &str) -> String {
    format!("{TYPED} here to {place} soon")
}

#[test]
fn the_first_of_those_found_is_meant_where_that_was_shown() {
    let several = clicks(
        &to("BLF"),
        &["listitem Bluefield (BLF)", "listitem Princeton (BLF)"],
        &[0],
    );
    let only = clicks(
        &to("Tok"),
        &["listitem Newtok (WWT)", "listitem Tok (TKJ)"],
        &[1],
    );
    let now = [
        "listitem Nome Creek (NCK)",
        "listitem Wales (WAA)",
        "listitem North Wales (NWA)",
    ];
    let steps = induced(&[several.clone(), only]).plan(0, &to("Wales"), TODAY);
    assert_eq!(chosen(&steps, &now), ["listitem Wales (WAA)"]);
    // One demonstration may have had another reason to take the first.
    let steps = induced(&[several]).plan(0, &to("Wales"), TODAY);
    assert_ne!(chosen(&steps, &now), ["listitem Wales (WAA)"]);
}

#[test]
fn what_stands_in_no_row_is_not_compared() {
    let rows = [
        "button Back",
        "button Book A | $5",
        "button Book B | $3",
        "button Book C | $9",
    ];
    let shown = [
        clicks("Book the cheapest flight", &rows, &[2]),
        clicks("Book the cheapest flight", &rows[..3], &[2]),
    ];
    let steps = induced(&shown).plan(0, "Book the cheapest flight", TODAY);
    let now = ["button Back", "button Book D | $4", "button Book E | $8"];
    assert_eq!(chosen(&steps, &now), ["button Book D | $4"]);
    // In a row and without a price, it may be the cheapest.
    let now = [
        "button Book F | free",
        "button Book D | $4",
        "button Book E | $8",
    ];
    assert_eq!(chosen(&steps, &now), ["-"]);
}

#[test]
fn a_calendar_is_turned_until_it_shows_the_month() {
    let goal = |date: &str| format!("Fly on {date}, please");
    let march = ["link Prev", "StaticText April", "link 3", "link 25"];
    let shown = recording(
        &goal("25 March 2026"),
        vec![
            step(Verb::Click, "", 0, &page(&march)),
            step(
                Verb::Click,
                "",
                3,
                &page(&["link Prev", "StaticText March", "link 3", "link 25"]),
            ),
        ],
    );
    let steps = induced(&[shown]).plan(0, &goal("3 January 2026"), TODAY);
    let until = steps[0].plan.until.as_ref().map(|until| until.says.clone());
    assert_eq!(until, Some(vec!["January".to_owned()]));
    // What turns up besides where no day is chosen next is nothing that was waited for.
    let shown = recording(
        &goal("25 March 2026"),
        vec![
            step(Verb::Click, "", 0, &page(&march)),
            step(
                Verb::Click,
                "",
                0,
                &page(&["button Go", "StaticText March"]),
            ),
        ],
    );
    let steps = induced(&[shown]).plan(0, &goal("3 January 2026"), TODAY);
    assert_eq!(steps[0].plan.until, None);
}
