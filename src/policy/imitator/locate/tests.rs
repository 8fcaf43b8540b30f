//! What is found again, what is asked about, and what is missing.

use super::*;
use crate::policy::imitator::pages::{With, element, page};

fn query(role: &str, name: &str) -> TargetQuery {
    TargetQuery {
        role: Some(role.to_owned()).filter(|role| !role.is_empty()),
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        ..TargetQuery::default()
    }
}

fn look(query: &TargetQuery, elements: Vec<Element>) -> Located {
    locate(query, &page("http://a.example/", elements), Purpose::Act)
}

/// `1`, `?0,2` for candidates, `-` for missing.
fn brief(located: &Located) -> String {
    match located {
        Located::Found { index, .. } => index.to_string(),
        Located::Ambiguous(candidates) => {
            let numbers: Vec<String> = candidates.iter().map(|c| c.index.to_string()).collect();
            format!("?{}", numbers.join(","))
        }
        Located::Missing(_) => "-".to_owned(),
    }
}

#[test]
fn a_button_is_known_by_what_it_is_called() {
    for (called, expected) in [
        ("Save", "1"),
        ("save", "1"),
        ("Save…", "1"),
        ("Save all", "?1"),
        ("Delete", "-"),
        ("Don't save", "-"),
        ("Unsave", "-"),
        ("Send", "-"),
        ("", "-"),
    ] {
        let found = look(
            &query("button", "Save"),
            vec![element("button", "Cancel"), element("button", called)],
        );
        assert_eq!(brief(&found), expected, "{called}");
    }
}

#[test]
fn two_links_to_one_address_are_one_target() {
    let link = |href: &str| element("link", "Rain gauge").attribute("href", href);
    for (addresses, expected) in [
        (["/gauge_8/", "/gauge_8/"], "0"),
        (["/gauge_8/", "/gauge_9/"], "?0,1"),
        (["#", "#"], "?0,1"),
    ] {
        let found = look(&query("link", "Rain gauge"), addresses.map(link).into());
        assert_eq!(brief(&found), expected, "{addresses:?}");
    }
}

#[test]
fn a_frame_that_its_page_wrote_is_known_by_its_page() {
    let mut wanted = query("textbox", "Text");
    wanted.frame = Some("http://a.example/".to_owned());
    for (parent, expected) in [("http://a.example/", "0"), ("http://a.example/other", "-")] {
        let mut text = element("textbox", "Text");
        text.frame = 1;
        let mut seen = page(parent, vec![text]);
        let mut inner = seen.frames[0].clone();
        (inner.url, inner.parent) = ("about:blank".to_owned(), Some(0));
        seen.frames.push(inner);
        assert_eq!(
            brief(&locate(&wanted, &seen, Purpose::Act)),
            expected,
            "{parent}"
        );
    }
}

#[test]
fn another_name_is_never_found_however_well_the_rest_agrees() {
    let mut wanted = query("button", "Save");
    wanted.tag = Some("button".to_owned());
    wanted.path = Some("html/body/div[1]/button".to_owned());
    wanted.heading = Some("Report".to_owned());
    wanted.attributes = [("class", "primary big"), ("type", "submit")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    wanted.area = Some(crate::demo::Area {
        x: 10.0,
        y: 10.0,
        width: 120.0,
        height: 24.0,
    });
    let delete = element("button", "Delete")
        .attribute("class", "primary big")
        .attribute("type", "submit")
        .under("Report");
    assert_eq!(brief(&look(&wanted, vec![delete.clone()])), "-");
    wanted.attributes.insert("id".to_owned(), "main".to_owned());
    assert_eq!(
        brief(&look(&wanted, vec![delete.attribute("id", "main")])),
        "?0",
        "the same id and another name is a question"
    );
}

#[test]
fn a_renamed_field_is_known_by_its_own_name_in_the_form() {
    let mut wanted = query("textbox", "Amount");
    wanted
        .attributes
        .insert("name".to_owned(), "amount".to_owned());
    let fields = vec![
        element("textbox", "Merchant").attribute("name", "merchant"),
        element("textbox", "Sum in euros").attribute("name", "amount"),
    ];
    assert_eq!(brief(&look(&wanted, fields)), "1");
    let gone = vec![element("textbox", "Merchant").attribute("name", "merchant")];
    assert_eq!(brief(&look(&wanted, gone)), "-");
}

#[test]
fn what_stands_at_any_field_names_none() {
    let mut wanted = query("textbox", "To");
    wanted.attributes = [("autocomplete".to_owned(), "off".to_owned())].into();
    let from = element("textbox", "From").attribute("autocomplete", "off");
    assert_eq!(brief(&look(&wanted, vec![from])), "-");
}

#[test]
fn twins_are_told_apart_by_their_rows_or_asked_about() {
    let rows = || {
        vec![
            element("button", "Open").in_row(0, &["12 March", "Ana Reyes"]),
            element("button", "Open").in_row(1, &["3 April 2026", "Ben Okafor"]),
            element("button", "Open").in_row(2, &["13 April", "Ben Okafor"]),
        ]
    };
    let mut wanted = query("button", "Open");
    assert_eq!(brief(&look(&wanted, rows())), "?0,1,2");
    wanted.row = vec!["3 April".to_owned(), "ben okafor".to_owned()];
    assert_eq!(brief(&look(&wanted, rows())), "1");
    wanted.row = vec!["Ben Okafor".to_owned()];
    assert_eq!(brief(&look(&wanted, rows())), "?1,2");
    wanted.row = vec!["Ben".to_owned(), "5 May".to_owned()];
    assert_eq!(brief(&look(&wanted, rows())), "-");
    wanted.row.clear();
    wanted.index = Some("2".to_owned());
    assert_eq!(brief(&look(&wanted, rows())), "2");
}

#[test]
fn surroundings_tell_twins_apart_and_bare_position_does_not() {
    let mut wanted = query("button", "Edit");
    wanted.left = Some("Billing address".to_owned());
    let twins = vec![
        element("button", "Edit").left_of_it("Delivery address"),
        element("button", "Edit").left_of_it("Billing address"),
    ];
    assert_eq!(brief(&look(&wanted, twins)), "1");

    let mut placed = query("button", "Edit");
    placed.path = Some("html/body/div[1]/button".to_owned());
    let twins = vec![element("button", "Edit"), element("button", "Edit")];
    assert_eq!(brief(&look(&placed, twins)), "?0,1");
}

#[test]
fn what_alone_agrees_in_all_is_found_however_little_it_differs_from_the_next() {
    // Two icons without names in each row: only the class says which is which.
    let icon = |class: &str| {
        let mut icon = element("image", "").attribute("class", class);
        icon.neighbours.above = "Primary".to_owned();
        icon.in_row(0, &["Ana Reyes"])
    };
    let mut wanted = query("image", "");
    wanted.attributes = [("class".to_owned(), "icon bin".to_owned())].into();
    wanted.above = Some("Primary".to_owned());
    wanted.heading = Some("Inbox".to_owned());
    wanted.row = vec!["Ana Reyes".to_owned()];
    let page = |classes: [&str; 2]| classes.map(|class| icon(class).under("Inbox")).into();
    let small = Weights {
        kind: 0.01,
        ..WEIGHTS
    };
    let look = |elements| {
        let seen = crate::policy::imitator::pages::page("http://a.example/", elements);
        brief(&locate_by(&small, &wanted, &seen, Purpose::Act))
    };
    assert_eq!(look(page(["icon star", "icon bin"])), "1");
    assert_eq!(look(page(["icon bin", "icon bin"])), "?0,1");
    // Neither agrees in all: which of them it has become is not known.
    assert_eq!(look(page(["icon star", "icon waste"])), "?0,1");
}

#[test]
fn the_text_inside_a_button_is_no_second_button() {
    let mut inner = element("StaticText", "Save");
    inner.path = "html/body/div[1]/button/text()".to_owned();
    let outer = element("button", "Save");
    let mut page = page("http://a.example/", vec![outer, inner]);
    page.elements[1].bounds = page.elements[0].bounds;
    assert_eq!(brief(&locate(&query("", "Save"), &page, Purpose::Act)), "0");
}

#[test]
fn what_has_no_name_is_known_by_the_rest_or_not_at_all() {
    let mut wanted = query("image", "");
    wanted
        .attributes
        .insert("id".to_owned(), "receipt".to_owned());
    wanted.heading = Some("Receipt".to_owned());
    let images = vec![
        element("image", "").attribute("id", "logo"),
        element("image", "")
            .attribute("id", "receipt")
            .under("Receipt"),
    ];
    let found = locate(&wanted, &page("http://a.example/", images), Purpose::Read);
    assert_eq!(brief(&found), "1");
    let others = vec![element("image", "").attribute("id", "logo")];
    let found = locate(&wanted, &page("http://a.example/", others), Purpose::Read);
    assert_eq!(brief(&found), "-");
}

#[test]
fn a_frame_is_known_by_its_address() {
    let mut wanted = query("textbox", "Card number");
    let mut inside = element("textbox", "Card number");
    inside.frame = 1;
    let mut page = page(
        "http://a.example/",
        vec![inside, element("textbox", "Card number")],
    );
    page.frames.push(crate::computer::Frame {
        url: "http://pay.example/frame/77".to_owned(),
        bounds: None,
        parent: Some(0),
    });
    assert_eq!(brief(&locate(&wanted, &page, Purpose::Act)), "1");
    wanted.frame = Some("http://pay.example/frame/12".to_owned());
    assert_eq!(brief(&locate(&wanted, &page, Purpose::Act)), "0");
    wanted.frame = Some("http://elsewhere.example/".to_owned());
    assert_eq!(brief(&locate(&wanted, &page, Purpose::Act)), "-");
}

#[test]
fn a_near_runner_up_makes_it_less_sure() {
    let sure = |elements| match look(&query("button", "Save"), elements) {
        Located::Found { sure, .. } => sure,
        other => panic!("{other:?}"),
    };
    let alone = sure(vec![element("button", "Save")]);
    let kindred = sure(vec![element("button", "Save"), element("link", "Save")]);
    assert!(alone > 0.95, "{alone}");
    assert!(kindred < alone, "{kindred} {alone}");
}
