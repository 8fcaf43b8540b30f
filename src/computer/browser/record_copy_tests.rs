//! Copying and pasting, recorded in a real Chromium: what was picked and opened for it is no step of its own.

use super::record_hand::*;
use super::*;
use crate::computer::Point;
use crate::demo::Verb;

const CONTROL: u8 = 2;

/// Presses the mouse three times, which picks a paragraph.
async fn pick(hand: &Hand, at: Point) {
    for count in 1..=3 {
        hand.mouse("mousePressed", at, count).await;
        hand.mouse("mouseReleased", at, count).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_copied_to_another_site_is_one_step_and_where_it_is_put_another() {
    let port = serve(&[
        (
            "/",
            "<h1>Order</h1><p>Code</p><p id=code>ATLAS-12</p><p>Owner</p><p>Bo Li</p>",
        ),
        (
            "/two",
            "<label>Project <input id=project></label><button>Send</button>",
        ),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let code = hand.find("p", "ATLAS-12").await.bounds;
    let place = Point {
        x: code.x + 10.0,
        ..code.center()
    };
    pick(&hand, place).await;
    hand.key("c", 67, "", CONTROL).await;
    hand.goto(&format!("http://localhost:{port}/two")).await;
    hand.click("input", "Project").await;
    hand.key("v", 86, "", CONTROL).await;
    hand.click("button", "Send").await;
    let (heard, words, recorded) = hand.done().await;
    let verbs: Vec<Verb> = recorded
        .demonstration
        .steps
        .iter()
        .map(|step| step.verb)
        .collect();
    assert_eq!(
        verbs,
        [Verb::Copy, Verb::Navigate, Verb::Fill, Verb::Click],
        "{words:?}"
    );
    let [copy, _, fill, _] = &recorded.demonstration.steps[..] else {
        panic!("four steps")
    };
    assert_eq!(copy.value.as_deref().map(str::trim), Some("ATLAS-12"));
    assert_eq!(fill.value.as_deref().map(str::trim), Some("ATLAS-12"));
    let seen = copy.shown.as_deref().unwrap();
    assert_eq!(seen.elements[seen.target.unwrap()].text, "ATLAS-12");
    assert!(heard.len() > 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_secret_field_holds_cannot_be_copied_into_a_recording() {
    let port = serve(&[(
        "/",
        "<label>Card number <input autocomplete=cc-number></label><label>Note <input id=note></label>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("input", "Card number").await;
    hand.keys("4242424242424242").await;
    hand.key("a", 65, "", CONTROL).await;
    hand.key("c", 67, "", CONTROL).await;
    let (heard, words, _) = hand.done().await;
    assert!(
        !heard.iter().any(|one| matches!(one.deed, Deed::Copy(_))),
        "{words:?}"
    );
    assert!(!format!("{heard:?}").contains("424242"));
}
