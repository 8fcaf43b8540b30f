//! What was looked for by a value, and the end of a scale among what was found.

use super::choose::{self, Choice};
use super::tests::{TODAY, chosen, clicks, induced, page, recording, step};
use crate::computer::Element;
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
    let april = page(&["link Prev", "StaticText April", "link 3", "link 25"]);
    let until_after = |next: &[&str], clicked: usize| {
        let steps = vec![
            step(Verb::Click, "", 0, &april),
            step(Verb::Click, "", clicked, &page(next)),
        ];
        let shown = recording(&goal("25 March 2026"), steps);
        let steps = induced(&[shown]).plan(0, &goal("3 January 2026"), TODAY);
        steps[0].plan.until.as_ref().map(|until| until.says.clone())
    };
    let until = until_after(&["link Prev", "StaticText March", "link 3", "link 25"], 3);
    assert_eq!(until, Some(vec!["January".to_owned()]));
    // What turns up besides where no day is chosen next is nothing that was waited for.
    assert_eq!(until_after(&["button Go", "StaticText March"], 0), None);
}

/// Buttons on a page, each with an id that says nothing.
fn with_ids(things: &[&str]) -> Vec<Element> {
    let mut all = page(things);
    for (at, element) in all.iter_mut().enumerate() {
        let id = format!("part-{at}");
        element.attributes.insert("id".to_owned(), id);
    }
    all
}

#[test]
fn what_was_true_of_the_shown_one_is_no_rival_of_the_name_that_the_goal_says() {
    let things = ["radio North", "radio South", "radio East"];
    let shown = recording(
        "Select North and go",
        vec![step(Verb::Click, "", 0, &with_ids(&things))],
    );
    for (goal, expected) in [("Select East and go", 2), ("Select North and go", 0)] {
        let steps = induced(std::slice::from_ref(&shown)).plan(0, goal, TODAY);
        let rivals = steps[0].plan.target.as_ref().unwrap();
        let choice = choose::element(rivals, &with_ids(&things), 1);
        assert_eq!(choice, Choice::Sure(expected), "{goal}");
    }
}

#[test]
fn a_label_that_every_goal_names_does_not_stand_against_what_is_looked_for() {
    let goal = |place: &str| format!("Fly from {place} soon");
    let list = |things: &[&str]| {
        let mut all = page(things);
        all[0].neighbours.above = "From".to_owned();
        all
    };
    let shown: Vec<_> = [
        (
            "BLF",
            ["listitem Bluefield (BLF)", "listitem Princeton (BLF)"],
        ),
        ("Tok", ["listitem Tok (TKJ)", "listitem Newtok (WWT)"]),
    ]
    .iter()
    .map(|(place, things)| recording(&goal(place), vec![step(Verb::Click, "", 0, &list(things))]))
    .collect();
    let steps = induced(&shown).plan(0, &goal("Wales"), TODAY);
    let rivals = steps[0].plan.target.as_ref().unwrap();
    // The first below the label is another one than the first that is called so.
    let now = list(&["listitem Waleside (WSD)", "listitem Wales (WAA)"]);
    let choice = choose::element(rivals, &now, steps[0].plan.takes);
    assert!(
        matches!(&choice, Choice::Unsure(all) if all.contains(&1)),
        "{choice:?}"
    );
}

#[test]
fn what_is_typed_in_capitals_is_the_goals_value() {
    let fields = page(&["textbox Name"]);
    let fill = |goal: &str, typed: &str| recording(goal, vec![step(Verb::Fill, typed, 0, &fields)]);
    let shown = [
        fill("Type \"BO\" in lower case", "bo"),
        fill("Type \"ANA\" in lower case", "ana"),
        fill("Type \"eva\" in upper case", "EVA"),
    ];
    let induced = induced(&shown);
    assert!(!induced.is_same_way(0, 2));
    let read = |goal: &str| induced.pattern(2).read(goal, TODAY);
    let reading = read("Type \"cy\" in upper case");
    assert!(
        reading.extras.is_empty() && reading.dropped.is_empty(),
        "{reading:?}"
    );
}

#[test]
fn a_stretch_of_the_goal_is_the_value_and_not_a_word_of_it() {
    let fields = page(&["textbox City"]);
    let goal = |city: &str| format!("Fly to {city} soon");
    let shown = recording(&goal("Rome"), vec![step(Verb::Fill, "Rome", 0, &fields)]);
    let steps = induced(&[shown]).plan(0, &goal("Saint Helena"), TODAY);
    let rivals = &steps[0].plan.values[0];
    let typed = choose::text(rivals, &fields, None, 1, TODAY);
    assert_eq!(typed, Choice::Sure("Saint Helena".to_owned()));
}

/// The buttons of posts, as in `Ana 1`: whose they are and where they stand.
fn posts(all: &[&str]) -> Vec<Element> {
    let things: Vec<String> = all
        .iter()
        .map(|post| format!("button Like | {}", post.split(' ').next().unwrap()))
        .collect();
    let things: Vec<&str> = things.iter().map(String::as_str).collect();
    let mut elements = page(&things);
    for (element, post) in elements.iter_mut().zip(all) {
        element.path = format!("html/post[{}]", post.split(' ').nth(1).unwrap());
    }
    elements
}

#[test]
fn all_of_them_may_stand_further_down_than_what_was_listed_first() {
    let goal = "Like all posts by Ana and stop";
    let like = |at: usize, all: &[&str]| step(Verb::Click, "", at, &posts(all));
    let down = ["Ana 2", "Bo 3", "Ana 4"];
    for shown in [
        vec![
            like(0, &["Ana 1", "Ana 2"]),
            like(1, &["Ana 1", "Ana 2"]),
            like(2, &down),
        ],
        vec![like(0, &["Ana 1", "Bo 0"]), like(0, &down), like(2, &down)],
    ] {
        let steps =
            induced(&[recording(goal, shown)]).plan(0, "Like all posts by Bo and stop", TODAY);
        assert_eq!(steps.len(), 1);
        assert!(steps[0].plan.all);
        let rivals = steps[0].plan.target.as_ref().unwrap();
        let choice = choose::elements(rivals, &posts(&["Bo 1", "Ana 2", "Bo 3"]), 1);
        assert_eq!(choice, Choice::Sure(vec![0, 2]));
    }
    // One that was left out at the end is a sign that not all were meant.
    let some = vec![like(0, &["Ana 1", "Bo 0"]), like(0, &down)];
    let steps = induced(&[recording(goal, some)]).plan(0, goal, TODAY);
    assert!(steps.iter().all(|planned| !planned.plan.all));
}

#[test]
fn to_scroll_to_the_other_end_is_another_way() {
    let elements = page(&["textbox", "button Submit"]);
    let goal = |end: &str| format!("Scroll the text to the {end} and go");
    let shown = |end: &str, value: Option<&str>| {
        let scroll = value.map(|value| step(Verb::ScrollTo, value, 0, &elements));
        let press = step(Verb::Click, "", 1, &elements);
        recording(&goal(end), scroll.into_iter().chain([press]).collect())
    };
    let shown = [
        shown("top", None),
        shown("bottom", Some("end")),
        shown("top", Some("start")),
    ];
    let induced = induced(&shown);
    assert!(induced.is_same_way(0, 2) && !induced.is_same_way(0, 1));
    for (take, end, expected) in [(0, "top", "start"), (1, "bottom", "end")] {
        let steps = induced.plan(take, &goal(end), TODAY);
        assert_eq!(steps[0].step.value.as_deref(), Some(expected));
    }
}
