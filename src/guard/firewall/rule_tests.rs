//! The rules as tables: one effect, what was shown and agreed to before, and what becomes of it.

use jiff::Timestamp;

use super::rule::{Ground, Rules, Scope, State, Verdict};
use crate::computer::Request;
use crate::guard::GuardPolicy;
use crate::guard::effect::{self, Effect, Preset};
use crate::guard::permit::{Difference, Offer};
use crate::guard::terms::{self, Terms};
use crate::human;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn request(number: u64, line: &str, body: &str) -> Request {
    let (method, path) = line.split_once(' ').unwrap();
    Request {
        number,
        method: method.to_owned(),
        url: format!("https://shop.example{path}"),
        headers: vec![(
            "content-type".to_owned(),
            "application/x-www-form-urlencoded".to_owned(),
        )],
        body: body.as_bytes().to_vec(),
        ..Request::default()
    }
}

fn read(request: &Request) -> (Effect, Terms) {
    let effect = effect::read(request);
    let unread = effect.body.unread.clone();
    let terms = terms::sent(
        effect.kind,
        &effect.origin,
        &effect.fields,
        unread.as_deref(),
    );
    (effect, terms)
}

fn rules(guard: &str) -> Rules {
    Rules {
        policy: GuardPolicy::from_toml("apprentice.toml", guard).unwrap(),
        sites: vec!["https://shop.example".to_owned()],
        ..Rules::default()
    }
}

fn ruled(rules: &Rules, state: &mut State, request: &Request) -> Verdict {
    let (effect, terms) = read(request);
    rules.rule(state, request, &effect, &terms, NOW)
}

fn showing(requests: &[Request]) -> State {
    let mut state = State::default();
    state.begin(Scope {
        step: 1,
        says: "do it".to_owned(),
        demonstrated: None,
        is_input: true,
        shown: requests
            .iter()
            .map(|request| read(request).0.signature)
            .collect(),
    });
    state
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Go {
            ground: Ground::Harmless,
            ..
        } => "harmless",
        Verdict::Go { .. } => "go",
        Verdict::Stop { .. } => "stop",
        Verdict::Ask { .. } => "ask",
    }
}

#[test]
fn what_is_done_with_an_effect_that_nobody_agreed_to() {
    let cart = request(1, "POST /cart/add", "sku=1");
    let pay = request(2, "POST /pay", "amount=10.00&currency=EUR");
    let page = request(3, "GET /tea", "");
    let strict =
        "[guard]\npreset = \"cautious\"\n[[guard.rule]]\nkind = \"other\"\naction = \"ask\"\n";
    let open = "[[guard.rule]]\nkind = \"pay\"\nsite = \"shop.example\"\naction = \"allow\"\n";
    let shut = "[guard]\npay = \"refuse\"\n";
    for (name, guard, request, shown, wanted) in [
        ("a read", "", &page, false, "harmless"),
        ("unshown", "", &cart, false, "ask"),
        ("shown", "", &cart, true, "go"),
        ("shown, where a rule asks", strict, &cart, true, "ask"),
        ("a shown payment", "", &pay, true, "ask"),
        ("a payment that a rule allows", open, &pay, false, "go"),
        ("a payment that a rule refuses", shut, &pay, true, "stop"),
    ] {
        let mut state = showing(if shown {
            std::slice::from_ref(request)
        } else {
            &[]
        });
        let verdict = ruled(&rules(guard), &mut state, request);
        assert_eq!(word(&verdict), wanted, "{name}: {verdict:?}");
    }
}

#[test]
fn the_same_again_in_one_step_is_a_second_send_and_something_else_is_not() {
    let first = request(1, "POST /cart/add", "sku=1");
    let rules = rules("");
    let mut state = showing(std::slice::from_ref(&first));
    assert_eq!(word(&ruled(&rules, &mut state, &first)), "go");
    let again = request(2, "POST /cart/add", "sku=1");
    let Verdict::Ask { differences, .. } = ruled(&rules, &mut state, &again) else {
        panic!("the same again asks");
    };
    assert_eq!(differences, [Difference::SecondSend]);
    let other = request(3, "POST /cart/add", "sku=2");
    assert_eq!(word(&ruled(&rules, &mut state, &other)), "go");
}

#[test]
fn a_yes_covers_its_terms_once_and_says_in_what_another_request_differs() {
    let agreed = request(1, "POST /pay", "amount=10.00&currency=EUR");
    let offer = Offer::of_effect(read(&agreed).1);
    let rules = rules("");
    let mut state = showing(&[]);
    state
        .permits
        .extend(offer.accept(&human::Verdict::Yes, NOW));
    let dearer = request(2, "POST /pay", "amount=100.00&currency=EUR");
    let Verdict::Ask { differences, .. } = ruled(&rules, &mut state, &dearer) else {
        panic!("a higher amount asks");
    };
    let said: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(
        said.iter()
            .any(|one| one.contains("100.00 EUR") && one.contains("10.00 EUR")),
        "{said:?}"
    );
    assert_eq!(word(&ruled(&rules, &mut state, &agreed)), "go");
    let again = request(3, "POST /pay", "amount=10.00&currency=EUR");
    assert_eq!(word(&ruled(&rules, &mut state, &again)), "ask");
}

#[test]
fn every_preset_says_in_one_sentence_what_it_lets_through() {
    for preset in Preset::ALL {
        let says = preset.says();
        assert!(
            says.ends_with('.') && says.matches(". ").count() == 0,
            "{says}"
        );
    }
}
