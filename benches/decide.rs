//! How long the imitator takes to decide on pages of growing size. Aim: under 5 ms at 2,000 elements.

use apprentice::computer::{Element, Observation};
use apprentice::demo::TargetQuery;
use apprentice::guard::secrets::Masker;
use apprentice::policy::imitator::locate::{Located, Purpose, locate};

fn main() {
    divan::main();
}

/// A page of table rows, each with a link, a cell, a field and a button.
fn page(elements: usize) -> Observation {
    let elements: Vec<serde_json::Value> = (0..elements).map(element).collect();
    let observation = serde_json::json!({
        "url": "http://127.0.0.1:4000/orders", "title": "Orders",
        "viewport": {"width": 1280.0, "height": 800.0},
        "scroll": {"x": 0.0, "y": 0.0, "width": 1280.0, "height": 20000.0},
        "tabs": [], "frames": [{"url": "http://127.0.0.1:4000/orders", "bounds": null, "parent": null}],
        "elements": elements, "scope": "whole",
    });
    serde_json::from_value(observation).expect("the page is written as observations are")
}

fn element(at: usize) -> serde_json::Value {
    let row = at / 4;
    let (role, name, tag) = match at % 4 {
        0 => ("link", format!("Order number {row} of the year"), "a"),
        1 => (
            "cell",
            format!("{row} June, a customer with a long name"),
            "td",
        ),
        2 => ("textbox", format!("Note for order {row}"), "input"),
        _ => ("button", "Open".to_owned(), "button"),
    };
    serde_json::json!({
        "id": format!("0:{at}"), "role": role, "name": name, "tag": tag, "text": name,
        "bounds": {"x": 10.0, "y": 10.0 * at as f64, "width": 100.0, "height": 20.0},
        "in_view": at < 80, "interactive": role != "cell",
        "attributes": {"class": "cell wide row", "id": format!("e{at}")},
        "path": format!("html/body/main/table/tbody/tr[{row}]/td[{}]/{tag}", at % 4),
        "heading": "Orders", "landmark": "main",
        "row": {"texts": [format!("Order {row}"), format!("customer {row}")], "index": row, "count": 500},
        "neighbours": {"left": format!("customer {row}"), "above": "Open", "right": "", "below": "Open"},
    })
}

/// Everything that a recording knows of an element.
fn query(element: &Element) -> TargetQuery {
    TargetQuery {
        role: Some(element.role.clone()),
        name: Some(element.name.clone()),
        text: Some(element.text.clone()),
        tag: Some(element.tag.clone()),
        heading: Some(element.heading.clone()),
        landmark: Some(element.landmark.clone()),
        attributes: element.attributes.clone(),
        left: Some(element.neighbours.left.clone()),
        above: Some(element.neighbours.above.clone()),
        below: Some(element.neighbours.below.clone()),
        path: Some(element.path.clone()),
        ..TargetQuery::default()
    }
}

#[divan::bench(args = [20, 400, 2_000, 10_000])]
fn locate_a_button_among_its_like(bencher: divan::Bencher<'_, '_>, elements: usize) {
    let page = page(elements);
    let query = query(&page.elements[elements / 2 + 3]);
    bencher.bench(|| {
        let located = locate(&query, &page, Purpose::Act);
        assert!(matches!(located, Located::Found { .. }));
        located
    });
}

#[divan::bench(args = [20, 400, 2_000, 10_000])]
fn locate_what_is_not_there(bencher: divan::Bencher<'_, '_>, elements: usize) {
    let page = page(elements);
    let mut query = query(&page.elements[2]);
    query.name = Some("A field that nobody made".to_owned());
    query.attributes.clear();
    bencher.bench(|| locate(&query, &page, Purpose::Act));
}

/// All texts of an observation, with five secrets known. Aim: under 5 ms at 2,000 elements.
#[divan::bench(args = [20, 400, 2_000, 10_000])]
fn mask_an_observation(bencher: divan::Bencher<'_, '_>, elements: usize) {
    let values = [
        "Tr0ub4dor&3",
        "correct horse battery staple",
        "4242424242424242",
        "314",
        "09/29",
    ];
    let masker = Masker::for_values(values.map(secrecy::SecretString::from));
    let page = page(elements);
    let texts: Vec<&String> = page
        .elements
        .iter()
        .flat_map(|one| {
            let near = &one.neighbours;
            [
                &one.name,
                &one.text,
                &one.heading,
                &one.landmark,
                &near.left,
                &near.above,
                &near.below,
            ]
            .into_iter()
            .chain(one.attributes.values())
            .chain(one.row.iter().flat_map(|row| &row.texts))
        })
        .collect();
    bencher.bench_local(|| {
        for text in &texts {
            divan::black_box(masker.mask(divan::black_box(text)));
        }
    });
}
