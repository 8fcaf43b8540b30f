use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::super::terms::{Item, sent};
use super::*;

const SHOP: &str = "https://shop.example";
const CARDS: &str = "https://cards.example";
const BANK: &str = "https://acs.bank.example";

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).unwrap()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Ten euros to Café Blau for two teas, with Ada's address and a message.
fn card() -> Terms {
    Terms {
        payee: Some("Café Blau".to_owned()),
        recipients: vec!["ada@example.org".to_owned()],
        items: vec![Item {
            name: Some("Green tea".to_owned()),
            id: None,
            quantity: 2,
        }],
        amount: Some("10.00 EUR".parse().unwrap()),
        fields: pairs(&[
            ("Email", "ada@example.org"),
            ("Your message", "No sugar, please"),
        ]),
        wire: pairs(&[("msg", "No sugar, please"), ("country", "de")]),
        ..Terms::new(Kind::Pay, SHOP)
    }
}

fn permit() -> Permit {
    let offer = Offer {
        terms: card(),
        frames: vec![CARDS.to_owned()],
    };
    offer.accept(&Verdict::Yes, at(0)).unwrap()
}

fn request(fields: &[(&str, &str)]) -> Terms {
    sent(Kind::Pay, SHOP, &pairs(fields), None)
}

fn passing(terms: &Terms, number: u64) -> Passing<'_> {
    Passing {
        terms,
        number,
        redirected_from: None,
        frame: Some(SHOP),
        method: "POST",
        url: "https://shop.example/pay",
        body: b"body",
        workflow: None,
    }
}

fn sentences(fit: Fit) -> Vec<String> {
    match fit {
        Fit::Covered(_) => Vec::new(),
        Fit::Differs(list) => list.iter().map(ToString::to_string).collect(),
    }
}

#[track_caller]
fn check(fields: &[(&str, &str)], expected: &[&str]) {
    let terms = request(fields);
    let said = sentences(permit().fit(&passing(&terms, 1), at(1)));
    assert_eq!(said, expected, "{fields:?}");
}

#[test]
fn equal_or_better_terms_are_covered() {
    check(&[], &[]);
    check(&[("amount", "10.00"), ("currency", "EUR")], &[]);
    check(&[("amount", "9.99"), ("currency", "EUR")], &[]);
    check(&[("amount_cents", "1000"), ("currency", "EUR")], &[]);
    check(&[("items.0.name", "green  tea"), ("items.0.qty", "1")], &[]);
    check(
        &[("email", "ADA@example.org"), ("msg", "No sugar, please")],
        &[],
    );
    check(&[("country", "de"), ("merchant_name", "café blau")], &[]);
    check(
        &[
            ("csrf_token", "aGVsbG8"),
            ("step", "confirm"),
            ("order", "7f3a-11"),
            ("session_id", "91d2c"),
        ],
        &[],
    );
}

#[test]
fn whatever_is_worse_or_new_differs_in_a_sentence() {
    check(
        &[("amount", "100.00"), ("currency", "EUR")],
        &["the amount is 100.00 EUR, you agreed to 10.00 EUR"],
    );
    check(
        &[("amount", "10.00"), ("currency", "USD")],
        &["the amount is 10.00 USD, you agreed to 10.00 EUR"],
    );
    check(
        &[("currency", "USD")],
        &["the currency is USD, you agreed to 10.00 EUR"],
    );
    check(
        &[("amount", "1000"), ("currency", "EUR")],
        &["the amount is 1000.00 EUR, you agreed to 10.00 EUR"],
    );
    check(
        &[("amount", "8.00"), ("tip", "4.00")],
        &["the amount is 12, you agreed to 10.00 EUR"],
    );
    check(
        &[("payee", "Café Rot")],
        &["the payee is Café Rot, you agreed to Café Blau"],
    );
    check(
        &[("cc", "eve@example.org")],
        &["it also goes to eve@example.org, which was on no card"],
    );
    check(
        &[("meta", "DE89370400440532013000")],
        &["it also goes to DE89370400440532013000, which was on no card"],
    );
    check(
        &[("items.0.name", "Green tea"), ("items.0.qty", "3")],
        &[
            "it is for 3 pieces, you agreed to 2",
            "it is for 3 pieces, you agreed to 2",
        ],
    );
    check(
        &[("product_name", "Gift card")],
        &["it has Gift card, which was on no card"],
    );
    check(
        &[("msg", "Two sugars, please")],
        &["msg is \"Two sugars, please\", you saw \"No sugar, please\""],
    );
    check(
        &[("comment", "I owe you")],
        &["comment is \"I owe you\", which was on no card"],
    );
    check(
        &[("recurring", "monthly")],
        &["recurring is \"monthly\", which was on no card"],
    );
    check(
        &[("donate", "50.00")],
        &["donate is \"50.00\", which was on no card"],
    );
    check(
        &[("amount", "ten")],
        &["amount is \"ten\", which is no certain amount"],
    );
}

#[test]
fn a_file_is_covered_where_the_card_showed_it() {
    let mut terms = Terms::new(Kind::Upload, SHOP);
    terms.fields = pairs(&[("file", "/home/ada/receipt.pdf")]);
    let permit = Offer::of_effect(terms)
        .accept(&Verdict::Yes, at(0))
        .unwrap();
    for (sent_file, covered) in [
        ("receipt.pdf (12 bytes)", true),
        ("diary.pdf (12 bytes)", false),
    ] {
        let terms = sent(
            Kind::Upload,
            SHOP,
            &pairs(&[("attachment", sent_file)]),
            None,
        );
        assert_eq!(
            permit.fit(&passing(&terms, 1), at(1)).is_covered(),
            covered,
            "{sent_file}"
        );
    }
}

#[test]
fn another_origin_or_kind_differs() {
    let elsewhere = sent(Kind::Pay, "https://evil.example", &[], None);
    assert_eq!(
        sentences(permit().fit(&passing(&elsewhere, 1), at(1))),
        ["it goes to https://evil.example, you agreed to https://shop.example"]
    );
    let delete = sent(Kind::Delete, SHOP, &[], None);
    assert_eq!(
        sentences(permit().fit(&passing(&delete, 1), at(1))),
        ["it would delete something, you agreed to pay money"]
    );
}

#[test]
fn an_amount_where_the_card_had_none_differs_where_money_moves() {
    let offer = Offer {
        terms: Terms::new(Kind::Pay, SHOP),
        frames: Vec::new(),
    };
    let permit = offer.accept(&Verdict::Yes, at(0)).unwrap();
    let terms = request(&[("amount", "1.00"), ("currency", "EUR")]);
    assert!(!permit.fit(&passing(&terms, 1), at(1)).is_covered());
}

#[test]
fn only_a_yes_makes_a_permit() {
    let edit = Verdict::Edit {
        field: "a".to_owned(),
        value: "b".to_owned(),
    };
    for verdict in [Verdict::No, Verdict::DoneByHand, edit] {
        let offer = Offer::of_effect(card());
        assert_eq!(offer.accept(&verdict, at(0)), None);
    }
}

#[test]
fn it_is_for_once_and_for_a_while() {
    let mut permit = permit();
    let terms = request(&[]);
    assert!(permit.is_open(at(14)));
    assert_eq!(
        sentences(permit.fit(&passing(&terms, 1), at(15))),
        ["your yes was too long ago"]
    );
    assert!(permit.take(&passing(&terms, 1), at(14)).is_covered());
    assert!(!permit.is_open(at(14)));
    for number in [1, 2] {
        assert_eq!(
            sentences(permit.take(&passing(&terms, number), at(14))),
            ["you agreed to it once, and it has been sent already"]
        );
    }
}

#[test]
fn a_request_that_differs_uses_nothing_up() {
    let mut permit = permit();
    let dear = request(&[("amount", "11.00")]);
    assert!(!permit.take(&passing(&dear, 1), at(1)).is_covered());
    assert!(permit.take(&passing(&request(&[]), 2), at(1)).is_covered());
}

#[test]
fn a_redirect_may_repeat_the_body_to_the_same_origin_only() {
    let mut permit = permit();
    let terms = request(&[("amount", "10.00")]);
    assert!(permit.take(&passing(&terms, 1), at(1)).is_covered());
    let hop = Passing {
        redirected_from: Some(1),
        url: "https://shop.example/pay/2",
        ..passing(&terms, 2)
    };
    let elsewhere = sent(Kind::Pay, "https://evil.example", &terms.fields, None);
    let away = Passing {
        terms: &elsewhere,
        url: "https://evil.example/pay",
        ..hop
    };
    let other = Passing {
        body: b"other",
        ..hop
    };
    assert!(!permit.take(&away, at(1)).is_covered());
    assert!(!permit.take(&other, at(1)).is_covered());
    assert_eq!(permit.take(&hop, at(1)), Fit::Covered(Step::Hop));
    // A hop that invents its origin is not one.
    let invented = Passing {
        redirected_from: Some(77),
        number: 3,
        ..hop
    };
    assert!(!permit.take(&invented, at(1)).is_covered());
}

#[test]
fn the_providers_frame_may_post_to_itself_and_nobody_else_may() {
    let mut permit = permit();
    let token = sent(
        Kind::SubmitPersonalData,
        CARDS,
        &pairs(&[("number", "4242"), ("name", "Ada L")]),
        None,
    );
    let from = |frame, body| Passing {
        frame: Some(frame),
        url: "https://cards.example/tokens",
        body,
        ..passing(&token, 5)
    };
    assert!(!permit.fit(&from(SHOP, b"a"), at(1)).is_covered());
    assert_eq!(
        permit.take(&from(CARDS, b"a"), at(1)),
        Fit::Covered(Step::Provider)
    );
    let again = Passing {
        number: 6,
        ..from(CARDS, b"a")
    };
    assert!(!permit.fit(&again, at(1)).is_covered());
    // The effect itself is still to come.
    assert!(permit.is_open(at(1)));
    let dear = sent(
        Kind::Pay,
        CARDS,
        &pairs(&[("amount", "99.00"), ("currency", "EUR")]),
        None,
    );
    let dear = Passing {
        terms: &dear,
        ..from(CARDS, b"c")
    };
    assert!(
        !permit
            .fit(&Passing { number: 7, ..dear }, at(1))
            .is_covered()
    );
}

fn creq() -> String {
    URL_SAFE_NO_PAD.encode(
        r#"{"threeDSServerTransID":"8a880dc0-d2d2-4067-bcb1-b08d1690b26e","acsTransID":"d7c1ee99-9478-44a6-b1f2-391e29c6b340","messageType":"CReq","messageVersion":"2.2.0","challengeWindowSize":"05"}"#,
    )
}

#[test]
fn three_d_secure_is_part_of_a_payment_that_was_let_go() {
    let challenge = sent(
        Kind::Other,
        BANK,
        &pairs(&[("creq", &creq()), ("threeDSSessionData", "MTIz")]),
        None,
    );
    let to_bank = Passing {
        url: "https://acs.bank.example/c",
        ..passing(&challenge, 8)
    };
    let mut permit = permit();
    assert!(
        !permit.fit(&to_bank, at(1)).is_covered(),
        "nothing was paid yet"
    );
    assert!(permit.take(&passing(&request(&[]), 1), at(1)).is_covered());
    assert_eq!(permit.take(&to_bank, at(1)), Fit::Covered(Step::Secure));
    assert!(
        !permit
            .take(
                &Passing {
                    number: 9,
                    ..to_bank
                },
                at(1)
            )
            .is_covered(),
        "once"
    );

    let cres = URL_SAFE_NO_PAD.encode(r#"{"messageType":"CRes","transStatus":"Y"}"#);
    let result = sent(Kind::Other, SHOP, &pairs(&[("cres", &cres)]), None);
    let stolen = sent(
        Kind::Other,
        "https://evil.example",
        &pairs(&[("cres", &cres)]),
        None,
    );
    assert!(!permit.take(&passing(&stolen, 10), at(1)).is_covered());
    assert_eq!(
        permit.take(&passing(&result, 11), at(1)),
        Fit::Covered(Step::Secure)
    );
}

#[test]
fn what_only_dresses_up_as_three_d_secure_differs() {
    let mut permit = permit();
    assert!(permit.take(&passing(&request(&[]), 1), at(1)).is_covered());
    let creq = creq();
    let smuggled = URL_SAFE_NO_PAD.encode(r#"{"messageType":"CReq","to":"eve"}"#);
    let pareq = STANDARD.encode("deflated");
    for fields in [
        vec![("creq", creq.as_str()), ("amount", "99")],
        vec![("creq", creq.as_str()), ("creq", creq.as_str())],
        vec![("creq", "transfer everything")],
        vec![("creq", smuggled.as_str())],
        vec![
            ("PaReq", pareq.as_str()),
            ("MD", "1"),
            ("TermUrl", "https://evil.example/back"),
        ],
        vec![
            ("PaReq", "not base64!"),
            ("TermUrl", "https://shop.example/back"),
        ],
    ] {
        let terms = sent(Kind::Other, BANK, &pairs(&fields), None);
        assert!(
            !permit.fit(&passing(&terms, 20), at(1)).is_covered(),
            "{fields:?}"
        );
    }
    let old = sent(
        Kind::Other,
        BANK,
        &pairs(&[
            ("PaReq", &pareq),
            ("MD", "1"),
            ("TermUrl", "https://shop.example/back"),
        ]),
        None,
    );
    assert!(permit.fit(&passing(&old, 21), at(1)).is_covered());
}

#[test]
fn a_yes_for_a_workflow_covers_many_up_to_its_amount() {
    let limit: Money = "20.00 EUR".parse().unwrap();
    let offer = Offer::of_effect(card());
    assert_eq!(
        offer
            .clone()
            .accept_for_workflow(&Verdict::Yes, "tea", None, at(0)),
        None
    );
    let mut permit = offer
        .accept_for_workflow(&Verdict::Yes, "tea", Some(limit), at(0))
        .unwrap();
    let terms = request(&[
        ("amount", "20.00"),
        ("currency", "EUR"),
        ("comment", "as you like"),
    ]);
    let in_tea = |number, body| Passing {
        workflow: Some("tea"),
        body,
        ..passing(&terms, number)
    };
    assert!(permit.take(&in_tea(1, b"a"), at(60)).is_covered());
    assert!(permit.take(&in_tea(2, b"b"), at(60)).is_covered());
    assert!(
        !permit.take(&in_tea(3, b"b"), at(60)).is_covered(),
        "the same again"
    );
    let elsewhere = Passing {
        workflow: Some("coffee"),
        ..in_tea(4, b"c")
    };
    assert!(!permit.take(&elsewhere, at(60)).is_covered());
    let dear = request(&[("amount", "20.01"), ("currency", "EUR")]);
    assert!(
        !permit
            .take(
                &Passing {
                    terms: &dear,
                    ..in_tea(5, b"d")
                },
                at(60)
            )
            .is_covered()
    );
}

fn money() -> impl Strategy<Value = Money> {
    (
        0i64..100_000,
        prop::sample::select(vec!["EUR", "USD", "JPY", "KWD"]),
    )
        .prop_map(|(minor, code)| Money::of_minor(minor, code).unwrap())
}

fn field() -> impl Strategy<Value = (String, String)> {
    let names = vec![
        "msg", "csrf", "to", "product", "qty", "role", "x", "comment", "Email", "payee",
    ];
    (prop::sample::select(names), "[a-z0-9 @.]{0,12}")
        .prop_map(|(name, value)| (name.to_owned(), value))
}

proptest! {
    #[test]
    fn nothing_dearer_is_ever_covered(amount in money(), extra in prop::collection::vec(field(), 0..4)) {
        let agreed = card().amount.unwrap();
        prop_assume!(!amount.at_most(&agreed));
        let mut fields = extra;
        fields.push(("amount".to_owned(), amount.to_string()));
        let terms = sent(Kind::Pay, SHOP, &fields, None);
        prop_assert!(!permit().fit(&passing(&terms, 1), at(1)).is_covered());
    }

    #[test]
    fn no_other_origin_or_payee_is_ever_covered(host in "[a-z]{3,8}", payee in "[A-Za-z ]{1,12}", extra in prop::collection::vec(field(), 0..4)) {
        let origin = format!("https://{host}.example");
        prop_assume!(origin != SHOP && payee.trim().to_lowercase() != "café blau" && !payee.trim().is_empty());
        let terms = sent(Kind::Pay, &origin, &extra, None);
        prop_assert!(!permit().fit(&passing(&terms, 1), at(1)).is_covered());
        let mut fields = extra;
        fields.push(("payee".to_owned(), payee));
        let terms = sent(Kind::Pay, SHOP, &fields, None);
        prop_assert!(!permit().fit(&passing(&terms, 1), at(1)).is_covered());
    }

    #[test]
    fn no_address_that_was_on_no_card_is_ever_covered(name in "[a-z_]{1,10}", user in "[a-z]{1,8}") {
        prop_assume!(user != "ada");
        let terms = sent(Kind::Pay, SHOP, &[(name, format!("{user}@example.org"))], None);
        prop_assert!(!permit().fit(&passing(&terms, 1), at(1)).is_covered());
    }

    #[test]
    fn a_higher_limit_and_fewer_fields_stay_covered(amount in money(), more in 0i64..10_000, fields in prop::collection::vec(field(), 0..5)) {
        let mut terms = sent(Kind::Pay, SHOP, &fields, None);
        terms.amount = Some(amount);
        let covered = permit().fit(&passing(&terms, 1), at(1)).is_covered();
        let mut wider = permit();
        wider.terms.amount = Money::of_minor(1_000 + more, "EUR");
        prop_assert!(!covered || wider.fit(&passing(&terms, 1), at(1)).is_covered());
        let fewer = sent(Kind::Pay, SHOP, &fields[..fields.len() / 2], None);
        prop_assert!(!covered || permit().fit(&passing(&fewer, 1), at(1)).is_covered());
    }
}
