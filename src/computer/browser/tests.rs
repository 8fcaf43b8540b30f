//! Looking and settling in a real Chromium, on pages given as text.

use std::time::Duration;

use super::act::pages::bench;
use super::*;
use crate::computer::{Computer, Element, Observation, Place, Scope};

pub async fn opened() -> (Browser, tempfile::TempDir) {
    let downloads = tempfile::tempdir().unwrap();
    let browser = open(OpenSettings {
        downloads: downloads.path().to_owned(),
        ..OpenSettings::default()
    })
    .await
    .unwrap();
    (browser, downloads)
}

#[tokio::test]
async fn pages_are_shown_in_the_view_that_was_asked_for() {
    let viewport: Viewport = "390x844".parse().unwrap();
    let downloads = tempfile::tempdir().unwrap();
    let mut browser = open(OpenSettings {
        viewport,
        downloads: downloads.path().to_owned(),
        ..OpenSettings::default()
    })
    .await
    .unwrap();
    let seen = show(
        &mut browser,
        "<meta name=viewport content='width=device-width'><button style='position:fixed; right:0; bottom:0'>Corner</button>",
    )
    .await;
    assert_eq!(seen.viewport, viewport.size());
    let corner = named(&seen, "Corner").bounds;
    assert_eq!((corner.right(), corner.bottom()), (390.0, 844.0));
    let picture = seen.screenshot.as_ref().unwrap();
    let decoded = image::load_from_memory(&picture.bytes).unwrap();
    assert_eq!((decoded.width(), decoded.height()), (390, 844));
    // It lies in the view that is usual, and not in this one.
    let outside = crate::computer::Point { x: 600.0, y: 100.0 };
    let click = Action::Click {
        target: crate::computer::Target::Point(outside),
        button: crate::computer::Button::Left,
        count: 1,
        modifiers: Vec::new(),
    };
    let refused = browser.perform(&click).await.unwrap_err();
    assert!(
        refused.to_string().contains("outside of the view"),
        "{refused}"
    );
}

async fn show(browser: &mut Browser, html: &str) -> Observation {
    goto(
        browser,
        &format!("data:text/html;charset=utf-8,{}", encode(html)),
    )
    .await;
    browser.look(Scope::NearView).await.unwrap()
}

pub async fn goto(browser: &mut Browser, url: &str) {
    let session = browser.link.stage().active_tab().unwrap().session.clone();
    let before = browser.before();
    browser
        .link
        .router
        .call_raw(
            Some(&session),
            "Page.navigate",
            json!({ "url": url }),
            Duration::from_secs(10),
        )
        .await
        .unwrap();
    browser.settle(&before).await;
}

fn encode(html: &str) -> String {
    html.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

fn named<'a>(observation: &'a Observation, name: &str) -> &'a Element {
    observation
        .elements
        .iter()
        .find(|element| element.name == name || element.text == name)
        .unwrap_or_else(|| panic!("no {name:?} in {:#?}", titles(observation)))
}

fn titles(observation: &Observation) -> Vec<String> {
    observation.elements.iter().map(Element::describe).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn opens_and_ends_leaving_no_process() {
    let (mut browser, _downloads) = opened().await;
    let pid = browser.pid().unwrap();
    assert!(std::path::Path::new(&format!("/proc/{pid}")).exists());
    browser.end().await;
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_seen_with_the_browsers_own_roles_and_names() {
    let (mut browser, _downloads) = opened().await;
    let seen = show(
        &mut browser,
        r#"<!doctype html><title>Sample</title><h1>Invoices</h1>
        <form method=post action="https://x.example/send"><label for=a>Amount</label><input id=a type=number value=12 required>
        <label>Card <input autocomplete=cc-number value=4111></label><input type=password value=secret aria-label=Password>
        <select aria-label=Colour><option>Red<option value=b selected>Blue</select>
        <input type=checkbox id=c checked><label for=c>Agree</label>
        <button>Send <b>now</b></button></form>
        <table><tr><th>Name<th>Sum</tr><tr><td>Ana<td>10</tr><tr><td>Ben<td>20</tr></table>
        <div style="cursor:pointer">Fold</div><details><summary>More</summary>hidden</details>
        <p style="display:none">nobody sees this</p><canvas width=20 height=20></canvas>"#,
    )
    .await;
    assert_eq!(seen.title, "Sample");
    let amount = named(&seen, "Amount");
    let amount = if amount.tag == "label" {
        seen.elements
            .iter()
            .find(|e| e.tag == "input" && e.name == "Amount")
            .unwrap()
    } else {
        amount
    };
    assert_eq!(
        (amount.role.as_str(), amount.value.as_deref()),
        ("spinbutton", Some("12"))
    );
    assert!(amount.states.required && amount.states.editable);
    let card = seen
        .elements
        .iter()
        .find(|e| e.name == "Card" && e.tag == "input")
        .unwrap();
    assert!(card.masked && !card.value.as_deref().unwrap().contains('4'));
    let form = amount.form.as_ref().unwrap();
    assert_eq!(
        (form.method.as_str(), form.action.as_str()),
        ("post", "https://x.example/send")
    );
    assert!(form.has_password && form.has_card && !form.has_file);
    let send = seen.elements.iter().find(|e| e.tag == "button").unwrap();
    assert_eq!(
        (send.name.as_str(), send.text.as_str()),
        ("Send now", "Send now")
    );
    assert!(send.form.as_ref().unwrap().submits);
    let colour = seen.elements.iter().find(|e| e.tag == "select").unwrap();
    assert_eq!(
        (colour.value.as_deref(), colour.choices.len()),
        (Some("Blue"), 2)
    );
    let ben = named(&seen, "20");
    let row = ben.row.as_ref().unwrap();
    assert_eq!(
        (
            row.texts.as_slice(),
            row.column.as_deref(),
            row.index,
            row.count
        ),
        (
            ["Ben".to_owned(), "20".to_owned()].as_slice(),
            Some("Sum"),
            2,
            3
        )
    );
    assert!(named(&seen, "Fold").interactive);
    assert_eq!(named(&seen, "More").states.expanded, Some(false));
    assert!(seen.elements.iter().all(|e| !e.text.contains("nobody")));
    assert!(seen.elements.iter().any(|e| e.tag == "canvas"));
    assert!(seen.screenshot.is_some_and(|s| s.bytes.len() > 1000));
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_and_shadow_roots_open_and_closed_are_in_one_list() {
    let (mut browser, _downloads) = opened().await;
    let seen = show(
        &mut browser,
        r#"<!doctype html><body style="margin:0"><div style="height:100px"></div>
        <iframe style="border:5px solid;margin-left:50px" srcdoc="<body style='margin:0'><button style='position:absolute;left:7px;top:9px'>Inner</button>"></iframe>
        <open-box></open-box><closed-box></closed-box>
        <script>for (const mode of ['open', 'closed'])
          customElements.define(mode + '-box', class extends HTMLElement { constructor() { super();
            this.attachShadow({ mode }).innerHTML = '<button>In ' + mode + '</button>'; } });</script>"#,
    )
    .await;
    named(&seen, "In open");
    named(&seen, "In closed");
    let inner = named(&seen, "Inner");
    assert_eq!(
        (inner.bounds.x, inner.bounds.y, inner.frame),
        (62.0, 114.0, 1)
    );
    assert_eq!(seen.frames.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_covered_says_by_what_and_what_is_below_comes_later() {
    let (mut browser, _downloads) = opened().await;
    let seen = show(
        &mut browser,
        r#"<!doctype html><button id=low style="position:absolute;top:900px">Low</button><button style="position:absolute;top:3000px">Far</button>
        <button>Under</button><div role=dialog aria-label=Cookies style="position:fixed;inset:0;background:white">Cookies?</div>"#,
    )
    .await;
    assert!(
        named(&seen, "Under")
            .covered_by
            .as_deref()
            .unwrap()
            .contains("Cookies")
    );
    let low = named(&seen, "Low");
    assert!(!low.in_view && low.bounds.y == 900.0);
    assert!(seen.elements.iter().all(|e| e.name != "Far") && seen.unlisted == 1);
    let whole = browser.look(Scope::Whole).await.unwrap();
    named(&whole, "Far");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_animates_and_polls_for_ever_does_not_stall() {
    let (mut browser, _downloads) = opened().await;
    let begun = std::time::Instant::now();
    let seen = show(
        &mut browser,
        r#"<!doctype html><p id=n>0</p><script>let n = 0;
        (function turn() { document.getElementById('n').textContent = ++n; requestAnimationFrame(turn); })();
        setInterval(() => fetch('data:text/plain,x'), 20);</script><button>Go</button>"#,
    )
    .await;
    named(&seen, "Go");
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_of_another_site_is_seen_where_it_lies_also_when_scrolled() {
    let mut bench = bench(&[
        (
            "outer",
            "<!doctype html><body style='margin:0'><div style='height:900px'>top</div>
             <iframe src=http://localhost:PORT/inner style='border:0;width:300px;height:100px;margin-left:40px'></iframe>
             <div style='height:900px'></div>",
        ),
        (
            "inner",
            "<!doctype html><body style='margin:0'><div style='height:30px'></div><button style='display:block'>Far away</button><input type=password value=hidden aria-label=Pin>",
        ),
    ])
    .await;
    let browser = &mut bench.browser;
    let seen = browser.look(Scope::NearView).await.unwrap();
    let far = named(&seen, "Far away");
    assert_eq!((far.frame, far.bounds.y), (1, 930.0));
    assert!(!far.in_view);
    let id = far.id.clone();
    assert!(named(&seen, "Pin").masked);
    browser.bring_into_view(&id).await.unwrap();
    let seen = browser.look(Scope::NearView).await.unwrap();
    let far = seen.element(&id).expect("the same id after scrolling");
    assert!(far.in_view && far.bounds.x == 40.0 && far.bounds.bottom() < 800.0);
    assert!(seen.frames[1].url.starts_with("http://localhost"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_fifty_thousand_nodes_is_seen_in_a_moment() {
    let (mut browser, _downloads) = opened().await;
    show(
        &mut browser,
        "<!doctype html><body><script>document.body.innerHTML = Array.from({ length: 25000 },
         (_, i) => `<p><a href='#${i}'>Link ${i}</a></p>`).join('')</script>",
    )
    .await;
    let begun = std::time::Instant::now();
    let seen = browser.look(Scope::NearView).await.unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    named(&seen, "Link 0");
    assert!(seen.unlisted > 20_000 && seen.elements.len() < 2_000);
    let whole = browser.look(Scope::Whole).await.unwrap();
    named(&whole, "Link 24999");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_plain_html_is_represented_truthfully() {
    let (mut browser, _downloads) = opened().await;
    let seen = show(
        &mut browser,
        r##"<!doctype html><input type=date value=2026-03-12 aria-label=Day><input type=color value="#ff0000" aria-label=Ink>
        <input type=range min=0 max=10 value=4 aria-label=Volume><input type=file hidden aria-label=Receipt>
        <div contenteditable aria-label=Note>Some <b>text</b></div>
        <div role=switch aria-checked=true aria-label=Night tabindex=0>on</div><div role=tab aria-selected=false tabindex=0>Second</div>
        <svg width=200 height=100><circle cx=50 cy=50 r=30 fill=red /><text x=100 y=50>label</text></svg>
        <progress value=3 max=10 aria-label=Upload></progress><select multiple aria-label=Many><option selected>A<option selected>B<option>C</select>
        <dialog open aria-label=Hint><button disabled>Close</button></dialog>"##,
    )
    .await;
    let value = |name: &str| named(&seen, name).value.clone().unwrap_or_default();
    assert_eq!(value("Day"), "2026-03-12");
    assert_eq!(value("Ink"), "#ff0000");
    assert_eq!(value("Volume"), "4");
    assert_eq!(value("Note"), "Some text");
    assert_eq!(value("Upload"), "3");
    assert_eq!(value("Many"), "A, B");
    assert!(!named(&seen, "Receipt").in_view);
    assert!(named(&seen, "Note").states.editable);
    assert_eq!(
        named(&seen, "Night").states.checked,
        Some(crate::computer::Toggle::On)
    );
    assert_eq!(named(&seen, "Second").states.selected, Some(false));
    assert!(
        seen.elements
            .iter()
            .any(|e| e.tag == "circle" && e.role == "graphics-symbol")
    );
    assert!(named(&seen, "Many").states.multiple);
    let close = seen.elements.iter().find(|e| e.tag == "button").unwrap();
    assert_eq!(
        (close.states.disabled, close.landmark.as_str()),
        (true, "Hint")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_a_part_leaves_no_trace_in_the_next_observation() {
    let (mut browser, _downloads) = opened().await;
    let tall = "<p>At the top</p><img alt=Tall width=300 height=1500><p>At the end</p><img alt=Small width=200 height=100>";
    show(&mut browser, tall).await;
    let page = browser.look(Scope::Whole).await.unwrap();
    for name in ["Small", "Tall", "Small", "Tall"] {
        let place = Place::Element(named(&page, name).id.clone());
        let part = browser.picture(&place).await.unwrap();
        let size = image::load_from_memory(&part.bytes).unwrap();
        let bounds = part.area;
        assert_eq!(
            (f64::from(size.width()), f64::from(size.height())),
            (bounds.width, bounds.height),
            "{name}"
        );
        for _ in 0..3 {
            let seen = browser.look(Scope::NearView).await.unwrap();
            let picture = seen.screenshot.unwrap();
            let size = image::load_from_memory(&picture.bytes).unwrap();
            assert_eq!((size.width(), size.height()), (1280, 800), "{name}");
        }
    }
}
