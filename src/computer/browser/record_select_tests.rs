//! Text that is selected, recorded in a real Chromium: one step where something is done with it, and none where it is noise.

use super::record_hand::*;
use super::*;
use crate::computer::Point;
use crate::demo::Verb;
use crate::demo::recorder::Recorded;

const CONTROL: u8 = 2;
const SHIFT: u8 = 8;

/// An editor and a text area, each with a button that puts marks around what is selected; other fields, and bare text.
const PAGE: &str = "<style>body{font:16px monospace} textarea,#note{width:400px;height:40px}</style>
    <button id=bold>Bold</button>
    <div id=note contenteditable aria-label=Note>The cat sat</div>
    <textarea id=area aria-label=Area>One two three</textarea><button id=mark>Mark</button>
    <input id=all aria-label=All value='Every word' onfocus='this.select()'><input id=next aria-label=Next value=There>
    <label>Password <input id=pass type=password value=hunter2></label>
    <p id=text>Some bare text</p><button id=go>Go</button>
    <script>bold.onmousedown = (event) => event.preventDefault();
    bold.onclick = () => document.execCommand('bold');
    mark.onclick = () => { area.focus(); document.execCommand('insertText', false, '**' + area.value.slice(area.selectionStart, area.selectionEnd) + '**'); };</script>";

async fn hand() -> Hand {
    let port = serve(&[("/", PAGE)]).await;
    Hand::at(&format!("http://127.0.0.1:{port}/")).await
}

impl Hand {
    async fn strokes(&self, key: &str, code: u32, modifiers: u8, times: usize) {
        for _ in 0..times {
            self.key(key, code, "", modifiers).await;
        }
    }

    async fn select_all(&self) {
        self.key("a", 65, "", CONTROL).await;
    }

    /// Selects so many characters from that place of the field with the cursor.
    async fn select(&self, from: usize, length: usize) {
        self.key("Home", 36, "", CONTROL).await;
        self.strokes("ArrowRight", 39, 0, from).await;
        self.strokes("ArrowRight", 39, SHIFT, length).await;
    }

    async fn drag(&self, from: Point, to: Point) {
        self.mouse("mouseMoved", from, 0).await;
        self.mouse("mousePressed", from, 1).await;
        self.mouse("mouseMoved", to, 1).await;
        self.mouse("mouseReleased", to, 1).await;
    }

    /// Where a character of one-line text begins in an element, by the page's own word.
    async fn place_of(&mut self, id: &str, at: usize) -> Point {
        let script = format!(
            "(() => {{ const range = document.createRange(); range.setStart({id}.firstChild, {at}); range.setEnd({id}.firstChild, {at} + 1);
               const box = range.getBoundingClientRect(); return [box.left, box.top + box.height / 2]; }})()"
        );
        let answer = self
            .browser
            .link
            .router
            .call_raw(
                Some(&self.session()),
                "Runtime.evaluate",
                json!({ "expression": script, "returnByValue": true }),
                LIMIT,
            )
            .await
            .unwrap();
        let number = |place: usize| answer["result"]["value"][place].as_f64().unwrap();
        Point {
            x: number(0) + 0.5,
            y: number(1),
        }
    }
}

/// Verbs and values of the steps.
fn done(recorded: &Recorded) -> Vec<(Verb, Option<&str>)> {
    let steps = recorded.demonstration.steps.iter();
    steps
        .map(|step| (step.verb, step.value.as_deref()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_selected_by_keys_is_one_step_where_a_button_is_pressed_for_it() {
    let mut hand = hand().await;
    hand.click("div", "Note").await;
    hand.select(4, 3).await;
    hand.click("button", "Bold").await;
    hand.click("textarea", "Area").await;
    hand.select(4, 3).await;
    hand.click("button", "Mark").await;
    hand.click("button", "Go").await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        done(&recorded),
        [
            (Verb::Select, Some("cat")),
            (Verb::Click, None),
            (Verb::Select, Some("two")),
            (Verb::Click, None),
            (Verb::Click, None),
        ],
        "{words:?}"
    );
    let [note, _, area, ..] = &recorded.demonstration.steps[..] else {
        panic!("five steps")
    };
    let seen = note.shown.as_deref().unwrap();
    let editor = &seen.elements[seen.target.unwrap()];
    assert_eq!(editor.value.as_deref(), Some("The cat sat"));
    let id = |step: &crate::demo::Step| step.target.clone().unwrap().attributes["id"].clone();
    assert_eq!([id(note), id(area)], ["note", "area"].map(str::to_owned));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_text_and_a_chord_for_it_are_heard() {
    let mut hand = hand().await;
    hand.click("div", "Note").await;
    hand.select_all().await;
    hand.key("b", 66, "", CONTROL).await;
    hand.key("i", 73, "", CONTROL).await;
    hand.click("textarea", "Area").await;
    hand.strokes("Home", 36, SHIFT, 1).await;
    hand.strokes("End", 35, 0, 1).await;
    hand.strokes("Home", 36, SHIFT, 1).await;
    hand.click("button", "Go").await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        done(&recorded),
        [
            (Verb::Select, None),
            (Verb::Press, Some("Control+B")),
            (Verb::Press, Some("Control+I")),
            (Verb::Select, None),
            (Verb::Click, None),
        ],
        "{words:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_is_selected_with_the_mouse_is_what_was_selected_and_no_drag() {
    let mut hand = hand().await;
    hand.find("div", "Note").await;
    let (from, to) = (
        hand.place_of("note", 4).await,
        hand.place_of("note", 7).await,
    );
    hand.drag(from, to).await;
    hand.click("button", "Bold").await;
    let (from, to) = (
        hand.place_of("text", 5).await,
        hand.place_of("text", 9).await,
    );
    hand.drag(from, to).await;
    hand.click("button", "Go").await;
    let word = hand.place_of("text", 1).await;
    for count in 1..=2 {
        hand.mouse("mousePressed", word, count).await;
        hand.mouse("mouseReleased", word, count).await;
    }
    hand.click("button", "Go").await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        done(&recorded),
        [
            (Verb::Select, Some("cat")),
            (Verb::Click, None),
            (Verb::Select, Some("bare")),
            (Verb::Click, None),
            (Verb::Select, Some("Some")),
            (Verb::Click, None),
        ],
        "{words:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_selected_by_the_way_is_no_step() {
    let mut hand = hand().await;
    // By the field itself, when it gets the focus.
    hand.click("input", "All").await;
    hand.key("Tab", 9, "", 0).await;
    hand.click("button", "Go").await;
    // Typed over.
    hand.click("textarea", "Area").await;
    hand.select_all().await;
    hand.keys("New").await;
    // Selected and left.
    hand.strokes("Home", 36, SHIFT, 1).await;
    hand.click("input", "Next").await;
    hand.select_all().await;
    hand.strokes("End", 35, 0, 1).await;
    hand.click("button", "Go").await;
    // Secret.
    hand.click("input", "Password").await;
    hand.select_all().await;
    hand.click("button", "Go").await;
    // Copied, which is a step of its own.
    hand.click("textarea", "Area").await;
    hand.select_all().await;
    hand.key("c", 67, "", CONTROL).await;
    hand.click("button", "Go").await;
    // Nothing comes of it.
    hand.click("textarea", "Area").await;
    hand.select_all().await;
    let (heard, words, recorded) = hand.done().await;
    assert!(
        !done(&recorded)
            .iter()
            .any(|(verb, _)| *verb == Verb::Select),
        "{words:?}"
    );
    assert!(
        done(&recorded).contains(&(Verb::Fill, Some("New")))
            && done(&recorded).contains(&(Verb::Copy, Some("New"))),
        "{words:?}"
    );
    assert!(!format!("{heard:?}").contains("hunter2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_selected_in_a_frame_is_told_for_a_button_around_it() {
    let port = serve(&[
        (
            "/",
            "<button id=bold>Bold</button><iframe style='border:0;height:100px' src='/inner'></iframe>
             <script>bold.onmousedown = (event) => event.preventDefault();</script>",
        ),
        ("/inner", "<body contenteditable aria-label=Letter>Dear Ada"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("body", "Letter").await;
    hand.select(5, 3).await;
    while !hand
        .heard
        .iter()
        .any(|heard| matches!(heard.deed, Deed::Select { .. }))
    {
        let heard = tokio::time::timeout(LIMIT, hand.recording.next()).await;
        hand.heard.extend(heard.unwrap());
    }
    hand.click("button", "Bold").await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        done(&recorded),
        [(Verb::Select, Some("Ada")), (Verb::Click, None)],
        "{words:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_selected_in_a_shadow_root_is_heard() {
    let port = serve(&[(
        "/",
        "<open-box></open-box><button>Go</button>
         <script>customElements.define('open-box', class extends HTMLElement { constructor() { super();
         this.attachShadow({ mode: 'open' }).innerHTML = '<div contenteditable aria-label=Deep>A deep text</div>'; } });</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("div", "Deep").await;
    hand.select(2, 4).await;
    hand.click("button", "Go").await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        done(&recorded),
        [(Verb::Select, Some("deep")), (Verb::Click, None)],
        "{words:?}"
    );
}
