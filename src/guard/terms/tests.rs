use super::*;
use crate::computer::{
    Element, ElementId, Form, Frame, Neighbours, Observation, Rect, Row, Scope, ScrollState, Size,
    States,
};

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn of_request(kind: Kind, fields: &[(&str, &str)]) -> Terms {
    sent(kind, "https://shop.example", &pairs(fields), None)
}

fn amount_of(fields: &[(&str, &str)]) -> Option<String> {
    of_request(Kind::Pay, fields)
        .amount
        .map(|money| money.to_string())
}

#[test]
fn the_worst_reading_of_a_requests_amounts_is_its_amount() {
    for (fields, amount) in [
        (
            vec![("amount", "12.50"), ("currency", "EUR")],
            Some("12.50 EUR"),
        ),
        (
            vec![("amount", "1250"), ("currency", "eur")],
            Some("1250.00 EUR"),
        ),
        (
            vec![("amount_cents", "1250"), ("currency", "eur")],
            Some("12.50 EUR"),
        ),
        (
            vec![
                ("a.amount.value", "10.00"),
                ("a.amount.currency_code", "USD"),
            ],
            Some("10.00 USD"),
        ),
        (vec![("amount", "10.00"), ("tip", "5.00")], Some("15")),
        (
            vec![("total", "15.00"), ("tip", "5.00"), ("amount", "10.00")],
            Some("15"),
        ),
        (
            vec![
                ("unit_price", "10.00"),
                ("product", "Tea"),
                ("quantity", "3"),
            ],
            Some("30"),
        ),
        (vec![("amount", "1.234")], Some("1234")),
        (vec![("shipping", "express"), ("note", "12.50")], None),
    ] {
        assert_eq!(amount_of(&fields).as_deref(), amount, "{fields:?}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let terms = of_request(Kind::Pay, &[("amount", "a lot"), ("quantity", "many")]);
    assert_eq!(terms.unread.len(), 2, "{:?}", terms.unread);
    let terms = of_request(Kind::Pay, &[("amount", "5.00 EUR"), ("tip", "5.00 USD")]);
    assert_eq!(terms.unread.len(), 1, "{:?}", terms.unread);
    let terms = sent(
        Kind::Other,
        "https://shop.example",
        &[],
        Some("its message is binary"),
    );
    assert_eq!(terms.unread, ["its message is binary"]);
}

#[test]
fn recipients_payee_and_items_are_found_in_a_request() {
    let terms = of_request(
        Kind::Order,
        &[
            ("items.0.name", "Green tea"),
            ("items.0.qty", "2"),
            ("items.1.sku", "A-17"),
            ("merchant.name", "Café Blau"),
            ("note", "for Ada@Example.org"),
            ("iban", "DE89 3704 0044 0532 0130 00"),
            ("to", "Bob"),
        ],
    );
    assert_eq!(
        terms.items,
        [
            Item {
                name: Some("Green tea".to_owned()),
                id: None,
                quantity: 2
            },
            Item {
                name: None,
                id: Some("A-17".to_owned()),
                quantity: 1
            },
        ]
    );
    assert_eq!(terms.payee.as_deref(), Some("Café Blau"));
    assert_eq!(
        terms.recipients,
        ["DE89370400440532013000", "ada@example.org", "bob"]
    );
}

fn element(id: &str, role: &str, text: &str, y: f64) -> Element {
    Element {
        id: ElementId(id.to_owned()),
        role: role.to_owned(),
        name: if role == "button" {
            text.to_owned()
        } else {
            String::new()
        },
        tag: if role == "button" { "button" } else { "p" }.to_owned(),
        text: text.to_owned(),
        value: None,
        masked: false,
        label: String::new(),
        placeholder: String::new(),
        states: States::default(),
        bounds: Rect {
            x: 0.0,
            y,
            width: 100.0,
            height: 20.0,
        },
        in_view: true,
        covered_by: None,
        interactive: role == "button",
        frame: 0,
        attributes: std::collections::BTreeMap::new(),
        path: String::new(),
        heading: String::new(),
        landmark: String::new(),
        row: None,
        neighbours: Neighbours::default(),
        choices: Vec::new(),
        form: None,
    }
}

fn page(elements: Vec<Element>) -> Observation {
    Observation {
        url: "https://cafeblau.example/checkout".to_owned(),
        title: "Checkout | Café Blau".to_owned(),
        viewport: Size {
            width: 1280.0,
            height: 800.0,
        },
        scroll: ScrollState::default(),
        tabs: Vec::new(),
        dialog: None,
        focused: None,
        frames: vec![Frame {
            url: "https://cafeblau.example/checkout".to_owned(),
            bounds: None,
            parent: None,
        }],
        elements,
        scope: Scope::NearView,
        unlisted: 0,
        downloads: Vec::new(),
        screenshot: None,
    }
}

fn row(id: &str, texts: &[&str], index: usize) -> Element {
    Element {
        heading: "Your order".to_owned(),
        row: Some(Row {
            texts: texts.iter().map(|text| (*text).to_owned()).collect(),
            column: None,
            index,
            count: 2,
        }),
        ..element(id, "StaticText", texts[0], 10.0)
    }
}

#[test]
fn a_checkout_page_says_items_amount_payee_and_recipient() {
    let button = Element {
        form: Some(Form {
            method: "post".to_owned(),
            action: "https://cafeblau.example/pay".to_owned(),
            submits: true,
            fields: pairs(&[("Email", "Ada@example.org")]),
            ..Form::default()
        }),
        ..element("1:9", "button", "Place order", 300.0)
    };
    let total = Element {
        neighbours: Neighbours {
            left: "Total".to_owned(),
            ..Neighbours::default()
        },
        ..element("1:5", "StaticText", "$12.50", 200.0)
    };
    let observation = page(vec![
        row("1:1", &["2 × Green tea", "$8.00"], 0),
        row("1:2", &["Scone", "Qty: 1", "$4.50"], 1),
        element("1:4", "StaticText", "All prices in USD", 190.0),
        total,
        button.clone(),
    ]);
    let deed = Deed {
        kind: Kind::Order,
        origin: "https://cafeblau.example",
        element: Some(&button),
        handed_over: &[],
    };
    let terms = shown(&deed, &observation);
    assert_eq!(
        terms.amount.map(|money| money.to_string()).as_deref(),
        Some("12.50 USD")
    );
    assert_eq!(terms.payee.as_deref(), Some("Café Blau"));
    assert_eq!(terms.recipients, ["ada@example.org"]);
    let items: Vec<(Option<&str>, u64)> = terms
        .items
        .iter()
        .map(|item| (item.name.as_deref(), item.quantity))
        .collect();
    assert_eq!(items, [(Some("Green tea"), 2), (Some("Scone"), 1)]);
}

#[test]
fn frames_that_take_cards_are_the_providers() {
    let mut observation = page(Vec::new());
    observation.frames.push(Frame {
        url: "https://cards.example/frame".to_owned(),
        bounds: None,
        parent: Some(0),
    });
    let mut field = element("2:1", "textbox", "", 10.0);
    field.frame = 1;
    field
        .attributes
        .insert("autocomplete".to_owned(), "cc-number".to_owned());
    observation.elements.push(field);
    assert_eq!(payment_frames(&observation), ["https://cards.example"]);
}
