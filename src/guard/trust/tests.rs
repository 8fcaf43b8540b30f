use proptest::prelude::*;

use super::super::permit::Fit;
use super::*;

const SHOP: &str = "https://shop.example";

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn terms(kind: Kind, amount: Option<&str>) -> Terms {
    Terms {
        payee: Some("Café Blau".to_owned()),
        amount: amount.map(|text| text.parse().unwrap()),
        ..Terms::new(kind, SHOP)
    }
}

fn pay(amount: &str) -> Terms {
    terms(Kind::Pay, Some(amount))
}

/// Three yeses, up to ten euros.
fn seasoned() -> Ledger {
    let mut ledger = Ledger::default();
    for amount in ["8.00 EUR", "10.00 EUR", "9.00 EUR"] {
        assert_eq!(ledger.offer("lunch", &pay("5.00 EUR")), None);
        ledger.record("lunch", &pay(amount), Answer::Yes, now());
    }
    ledger
}

fn trusting() -> Ledger {
    let mut ledger = seasoned();
    let offer = ledger.offer("lunch", &pay("5.00 EUR")).unwrap();
    assert!(ledger.accept(&offer, &Verdict::Yes, now()));
    ledger
}

fn covers(ledger: &Ledger, workflow: &str, terms: Terms) -> bool {
    ledger
        .permit(workflow, Offer::of_effect(terms), now())
        .is_ok()
}

#[test]
fn after_three_yeses_in_a_row_it_offers_to_stop_asking() {
    let ledger = seasoned();
    let offer = ledger.offer("lunch", &pay("5.00 EUR")).unwrap();
    assert_eq!(
        offer.sentence(),
        "you said yes 3 times in a row: stop asking when \"lunch\" would pay money at https://shop.example to Café Blau, up to 10.00 EUR?"
    );
}

#[test]
fn nothing_is_granted_without_a_yes_to_the_offer() {
    let mut ledger = seasoned();
    assert!(!covers(&ledger, "lunch", pay("5.00 EUR")));
    let offer = ledger.offer("lunch", &pay("5.00 EUR")).unwrap();
    assert!(!ledger.accept(&offer, &Verdict::No, now()));
    assert!(!covers(&ledger, "lunch", pay("5.00 EUR")));
    ledger.record("lunch", &pay("5.00 EUR"), Answer::No, now());
    assert!(
        !ledger.accept(&offer, &Verdict::Yes, now()),
        "taken back meanwhile"
    );
}

#[test]
fn a_grant_reaches_no_further_than_what_was_seen() {
    let ledger = trusting();
    assert!(covers(&ledger, "lunch", pay("10.00 EUR")));
    let other_payee = Terms {
        payee: Some("Café Rot".to_owned()),
        ..pay("5.00 EUR")
    };
    let other_site = Terms {
        origin: "https://evil.example".to_owned(),
        ..pay("5.00 EUR")
    };
    let unread = Terms {
        unread: vec!["?".to_owned()],
        ..pay("5.00 EUR")
    };
    let recipient = Terms {
        recipients: vec!["eve@example.org".to_owned()],
        ..pay("5.00 EUR")
    };
    for (workflow, terms) in [
        ("lunch", pay("10.01 EUR")),
        ("lunch", pay("5.00 USD")),
        ("lunch", pay("5.00")),
        ("lunch", terms(Kind::Pay, None)),
        ("lunch", terms(Kind::Order, Some("5.00 EUR"))),
        ("dinner", pay("5.00 EUR")),
        ("lunch", other_payee),
        ("lunch", other_site),
        ("lunch", unread),
        ("lunch", recipient),
    ] {
        assert!(
            !covers(&ledger, workflow, terms.clone()),
            "{workflow} {terms:?}"
        );
    }
}

#[test]
fn any_no_edit_or_correction_takes_trust_back() {
    for answer in [Answer::No, Answer::Edit, Answer::Correction] {
        let mut ledger = trusting();
        // Also where it is about another payee of the same workflow, site and kind.
        let other = Terms {
            payee: Some("Café Rot".to_owned()),
            ..pay("5.00 EUR")
        };
        ledger.record("lunch", &other, answer, now());
        assert!(!covers(&ledger, "lunch", pay("5.00 EUR")), "{answer:?}");
        assert_eq!(ledger.offer("lunch", &pay("5.00 EUR")), None, "{answer:?}");
    }
}

#[test]
fn money_is_never_trusted_without_an_amount_that_was_seen() {
    let mut ledger = Ledger::default();
    for amount in [None, Some("5.00 $"), Some("5.00")] {
        for _ in 0..5 {
            ledger.record("lunch", &terms(Kind::Pay, amount), Answer::Yes, now());
        }
        assert_eq!(ledger.offer("lunch", &terms(Kind::Pay, amount)), None);
    }
    let subject = Subject::of("lunch", &terms(Kind::Pay, None));
    assert_eq!(ledger.allow(&subject, now()), Err(NoGrant::NoAmount));
    for _ in 0..3 {
        ledger.record("mail", &terms(Kind::Send, None), Answer::Yes, now());
    }
    assert!(ledger.offer("mail", &terms(Kind::Send, None)).is_some());
}

#[test]
fn a_persons_command_allows_and_takes_back() {
    let mut ledger = Ledger::default();
    let subject = Subject::of("lunch", &pay("5.00 EUR"));
    assert_eq!(ledger.allow(&subject, now()), Err(NoGrant::NeverAsked));
    ledger.record("lunch", &pay("5.00 EUR"), Answer::Yes, now());
    assert!(ledger.allow(&subject, now()).is_ok());
    assert!(covers(&ledger, "lunch", pay("5.00 EUR")));
    assert_eq!(ledger.revoke(|subject| subject.workflow == "lunch"), 1);
    assert!(!covers(&ledger, "lunch", pay("5.00 EUR")));
    assert_eq!(ledger.forget(|subject| subject.workflow == "lunch"), 1);
    assert!(ledger.entries().is_empty());
}

#[test]
fn a_permit_by_grant_still_binds_the_terms_that_the_card_would_show() {
    let permit = trusting()
        .permit("lunch", Offer::of_effect(pay("5.00 EUR")), now())
        .unwrap();
    let dear = pay("5.01 EUR");
    assert!(matches!(permit.agrees_with(&dear, now()), Fit::Differs(_)));
}

#[test]
fn a_broken_ledger_is_an_error_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trust.toml");
    for (text, said) in [
        ("not toml [", "mend"),
        ("[[entry]]", "format"),
        ("format = '2.0'", "update apprentice"),
        ("format = '1.0'\nentries = 3", "entries"),
    ] {
        std::fs::write(&path, text).unwrap();
        for error in [
            file::load(&path).unwrap_err(),
            file::change(&path, |_| ()).unwrap_err(),
        ] {
            assert!(error.to_string().contains(said), "{error}");
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn a_ledger_of_version_1_0_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trust.toml");
    let text = r#"
format = "1.0"

[[entry]]
yeses = 4
noes = 1
edits = 0
in_a_row = 3
largest = ["10.00 EUR"]
last = "2027-01-15T08:00:00Z"

[entry.subject]
workflow = "lunch"
site = "https://shop.example"
kind = "pay"
payee = "Café Blau"

[entry.grant]
given = "2027-01-15T08:00:00Z"
up_to = ["10.00 EUR"]
"#;
    std::fs::write(&path, text).unwrap();
    assert!(covers(
        &file::load(&path).unwrap(),
        "lunch",
        pay("10.00 EUR")
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_ledger_comes_back_as_it_was(answers in prop::collection::vec((0usize..4, "\\PC{1,8}", 1i64..1_000_000), 0..12)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/trust.toml");
        for (answer, payee, minor) in answers {
            let answer = [Answer::Yes, Answer::No, Answer::Edit, Answer::Correction][answer];
            let terms = Terms { payee: Some(payee), amount: Money::of_minor(minor, "EUR"), ..Terms::new(Kind::Pay, SHOP) };
            let (ledger, ()) = file::change(&path, |ledger| ledger.record("w", &terms, answer, now())).unwrap();
            prop_assert_eq!(file::load(&path).unwrap(), ledger);
        }
    }

    #[test]
    fn no_amount_above_what_was_agreed_to_is_ever_trusted(agreed in prop::collection::vec(1i64..100_000, 3..6), asked in 1i64..200_000) {
        let mut ledger = Ledger::default();
        let of = |minor| Terms { amount: Money::of_minor(minor, "EUR"), ..Terms::new(Kind::Pay, SHOP) };
        for minor in &agreed {
            ledger.record("w", &of(*minor), Answer::Yes, now());
        }
        let offer = ledger.offer("w", &of(1)).unwrap();
        prop_assert!(ledger.accept(&offer, &Verdict::Yes, now()));
        let covered = covers(&ledger, "w", of(asked));
        prop_assert_eq!(covered, agreed.iter().any(|minor| asked <= *minor));
    }
}
