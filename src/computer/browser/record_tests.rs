//! Recording in a real Chromium: real input goes in, what was heard and the demonstration made of it come out.

use axum::response::Html;

use super::record_hand::*;
use super::*;
use crate::computer::Point;
use crate::demo::recorder::save;
use crate::demo::{Demonstration, Verb};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_over_two_pages_is_heard_and_its_password_never() {
    let port = serve(&[
        (
            "/",
            "<title>Sign in</title><h1>Welcome</h1><form action=/next method=get><label>User <input name=user></label>
             <label>Password <input type=password name=pw></label><label><input type=checkbox name=stay> Stay</label>
             <select aria-label=Team name=team><option>Red<option>Green<option>Blue</select><button>Enter</button></form>",
        ),
        ("/next", "<title>Home</title><h1>Signed in</h1><a href=/third>Reports</a>"),
        ("/third", "<h1>All reports</h1>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("input", "User").await;
    hand.keys("ana").await;
    hand.key("Tab", 9, "", 0).await;
    hand.keys("Tr0ub4dor").await;
    hand.click("label", "Stay").await;
    // By keyboard, as a native list cannot be clicked here.
    hand.key("Tab", 9, "", 0).await;
    hand.key("ArrowDown", 40, "", 0).await;
    hand.key("ArrowDown", 40, "", 0).await;
    hand.click("button", "Enter").await;
    hand.click("a", "Reports").await;
    let (heard, words, recorded) = hand.done().await;
    assert_eq!(
        words,
        [
            "navigate ",
            "click1 textbox \"User\"",
            "fill textbox \"User\" = ana",
            "fill textbox \"Password\" secretly",
            "click1 checkbox \"Stay\"",
            "choose combobox \"Team\" = Green",
            "choose combobox \"Team\" = Blue",
            "click1 button \"Enter\"",
            "click1 link \"Reports\"",
            "end",
        ]
    );
    assert_eq!(
        steps(&recorded),
        [
            (Verb::Fill, "User".to_owned()),
            (Verb::Fill, "Password".to_owned()),
            (Verb::Click, "Stay".to_owned()),
            (Verb::Choose, "Team".to_owned()),
            (Verb::Click, "Enter".to_owned()),
            (Verb::Click, "Reports".to_owned()),
        ]
    );
    let file = recorded.demonstration.to_toml();
    assert!(!file.contains("Tr0ub4dor"), "{file}");
    // The address of this form's answer held it.
    assert!(!format!("{heard:?}").contains("Tr0ub4dor"));
    assert_eq!(
        recorded.demonstration.parameters["password"]
            .secret
            .as_deref(),
        Some("password")
    );
    assert_eq!(
        recorded.demonstration.start,
        format!("http://127.0.0.1:{port}/")
    );
    let after = recorded.demonstration.steps[4].after.clone().unwrap();
    assert_eq!(after.text.as_deref(), Some("Signed in"));
    assert!(
        after
            .url
            .unwrap()
            .contains("/next?user=ana&pw=&stay=on&team=Blue")
    );
    assert!(heard[1].screenshot.is_some());

    let folder = tempfile::tempdir().unwrap();
    let saved = save(folder.path(), None, &recorded).unwrap();
    let read = Demonstration::parse("x", &std::fs::read_to_string(saved.file).unwrap()).unwrap();
    assert_eq!(read.steps.len(), 6);
    assert!(read.steps.iter().all(|step| step.picture.is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn enter_submits_once_and_many_keystrokes_are_one_fill() {
    let port = serve(&[
        ("/", "<form action=/found><input aria-label=Search name=q><button>Go</button></form>"),
        ("/found", "<h1>Results</h1><div contenteditable aria-label=Note style='height:50px;width:200px'></div><p>End</p>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("input", "Search").await;
    let long = "abcdefghij".repeat(20);
    hand.keys(&long).await;
    hand.enter().await;
    hand.click("div", "Note").await;
    hand.keys("Well done").await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "click1 textbox \"Search\"".to_owned(),
            format!("fill textbox \"Search\" = {long}"),
            "press textbox \"Search\" Enter".to_owned(),
            "click1 generic \"Note\"".to_owned(),
            "fill generic \"Note\" = Well done".to_owned(),
            "end".to_owned(),
        ]
    );
    let verbs: Vec<Verb> = recorded
        .demonstration
        .steps
        .iter()
        .map(|step| step.verb)
        .collect();
    assert_eq!(verbs, [Verb::Fill, Verb::Press, Verb::Fill]);
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_and_closed_shadow_roots_are_heard_where_they_lie() {
    let port = serve(&[
        (
            "/",
            "<body style='margin:0'><iframe style='border:0;display:block;height:100px' srcdoc='<button>Near</button>'></iframe>
             <iframe style='border:0;display:block;height:100px' src='http://localhost:{port}/inner'></iframe><closed-box></closed-box>
             <script>customElements.define('closed-box', class extends HTMLElement { constructor() { super();
             this.attachShadow({ mode: 'closed' }).innerHTML = '<button>Hidden</button><input aria-label=Deep>'; } });</script>",
        ),
        ("/inner", "<body style='margin:0'><button>Far</button><input aria-label=Other>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("button", "Near").await;
    hand.click("button", "Far").await;
    hand.click("input", "Other").await;
    hand.keys("x y").await;
    hand.click("button", "Hidden").await;
    hand.click("input", "Deep").await;
    hand.keys("deep").await;
    let (heard, words, recorded) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "click1 button \"Near\"",
            "click1 button \"Far\"",
            "click1 textbox \"Other\"",
            "fill textbox \"Other\" = x y",
            "click1 button \"Hidden\"",
            "click1 textbox \"Deep\"",
            "fill textbox \"Deep\" = deep",
            "end",
        ]
    );
    assert_eq!(heard[1].frame.as_deref(), Some("about:srcdoc"));
    let far = &heard[2];
    assert_eq!(far.element.as_ref().unwrap().bounds.y, 100.0);
    assert_eq!(far.page, format!("http://127.0.0.1:{port}/"));
    let frame = format!("http://localhost:{port}/inner");
    assert_eq!(
        recorded.demonstration.steps[1]
            .target
            .as_ref()
            .unwrap()
            .frame
            .as_deref(),
        Some(frame.as_str())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_its_page_writes_anew_is_still_heard() {
    // Some editors are a text area in a frame of their own.
    let port = serve(&[(
        "/",
        "<iframe id=f style='border:0;height:100px'></iframe>
         <script>const inner = f.contentWindow.document; inner.open(); inner.write('<!doctype html><body></body>'); inner.close();
         const area = inner.createElement('textarea'); area.setAttribute('aria-label', 'Text'); inner.body.append(area);</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("textarea", "Text").await;
    hand.keys("ab").await;
    let (_, words, _) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "click1 textbox \"Text\"",
            "fill textbox \"Text\" = ab",
            "end"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_typed_after_a_download_is_heard() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = axum::Router::new()
        .route(
            "/file",
            axum::routing::get(async || {
                ([("content-disposition", "attachment; filename=a.txt")], "a")
            }),
        )
        .fallback(async || Html("<!doctype html><a href=/file>Download</a>"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("a", "Download").await;
    hand.goto(&format!("http://127.0.0.1:{port}/two")).await;
    let (_, words, _) = hand.done().await;
    assert_eq!(
        words,
        [
            "navigate ",
            "click1 link \"Download\"",
            "navigate two",
            "end"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn new_tabs_dialogs_chords_and_typed_addresses_are_heard() {
    let port = serve(&[
        ("/", "<title>One</title><a target=_blank href=/two>Open</a>"),
        ("/two", "<title>Two</title><button onclick=\"document.title = prompt('Name?') || 'none'\">Ask</button>"),
        ("/three", "<title>Three</title><h1>Three</h1>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("a", "Open").await;
    let place = hand.find("button", "Ask").await.bounds.center();
    let session = hand.session();
    hand.mouse("mouseMoved", place, 0).await;
    hand.mouse("mousePressed", place, 1).await;
    // Its answer waits for the dialog's.
    hand.browser.link.router.tell(
        Some(&session),
        "Input.dispatchMouseEvent",
        json!({ "type": "mouseReleased", "x": place.x, "y": place.y, "button": "left", "clickCount": 1 }),
    );
    let asked = hand
        .browser
        .link
        .wait_for(LIMIT, |stage| stage.active_tab()?.dialog.clone())
        .await;
    assert!(asked.is_some());
    hand.send(
        "Page.handleJavaScriptDialog",
        json!({ "accept": true, "promptText": "Ben" }),
    )
    .await;
    hand.key("k", 75, "", 2).await;
    hand.goto(&format!("http://127.0.0.1:{port}/three")).await;
    let (_, words, recorded) = hand.done().await;
    assert_eq!(
        words,
        [
            "navigate ",
            "click1 link \"Open\"",
            "click1 button \"Ask\"",
            "answer true Some(\"Ben\")",
            "press button \"Ask\" Control+K",
            "navigate three",
            "end",
        ]
    );
    assert_eq!(recorded.demonstration.steps.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_stay_secret_when_the_page_shows_them_and_when_it_does_not_say_so() {
    let port = serve(&[(
        "/",
        "<label>Password <input type=password id=p></label><button onclick=\"p.type = 'text'\">Show</button>
         <label>Number <input></label><label>Code <input autocomplete=one-time-code></label>
         <label>CCV number <input></label><label>On the back <input name=cardCvc></label><button>Done</button>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("input", "Password").await;
    hand.keys("Tr0ub4").await;
    hand.click("button", "Show").await;
    hand.click("input", "Password").await;
    hand.keys("dor").await;
    hand.click("input", "Number").await;
    hand.keys("4111 1111 1111 1111").await;
    hand.click("input", "Code").await;
    hand.keys("918273").await;
    // What its label or its name says, where the page gives no hint to the browser. Letters, since three digits stand
    // by chance in a time or a size.
    hand.click("input", "CCV number").await;
    hand.keys("qxz").await;
    hand.click("input", "On the back").await;
    hand.keys("vjk").await;
    hand.click("button", "Done").await;
    let (heard, words, recorded) = hand.done().await;
    let fills: Vec<&String> = words
        .iter()
        .filter(|word| word.starts_with("fill"))
        .collect();
    assert!(
        fills.len() == 6 && fills.iter().all(|word| word.ends_with("secretly")),
        "{fills:?}"
    );
    let all = format!("{heard:?}{}", recorded.demonstration.to_toml());
    for secret in [
        "Tr0ub4",
        "dor",
        "4111 1111",
        "41111111",
        "918273",
        "qxz",
        "vjk",
    ] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    let names: Vec<&String> = recorded.demonstration.parameters.keys().collect();
    assert_eq!(
        names,
        ["ccv_number", "code", "number", "on_the_back", "password"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn widgets_dragging_and_double_clicks_are_heard() {
    let port = serve(&[
        (
            "/",
            "<style>div{position:absolute;width:80px;height:40px}</style><div id=a style='left:20px;top:200px;cursor:pointer'>Card</div>
             <div style='left:300px;top:200px'>Bin</div><input type=checkbox aria-label=Agree><input type=range aria-label=Volume>
             <textarea aria-label=Message></textarea><p>Word</p>
             <script>let on; a.onmousedown = (e) => { on = true; e.preventDefault(); };
             onmousemove = (e) => { if (on) { a.style.left = e.clientX - 40 + 'px'; } }; onmouseup = () => { on = false; };
             document.querySelector('textarea').onkeydown = (e) => { if (e.key === 'Enter') { e.preventDefault(); e.target.value = ''; } };</script>",
        ),
        ("/two", "<h1>Two</h1>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let from = hand.find("div", "Card").await.bounds.center();
    let to = hand.find("div", "Bin").await.bounds.center();
    hand.mouse("mouseMoved", from, 0).await;
    hand.mouse("mousePressed", from, 1).await;
    hand.mouse("mouseMoved", Point { x: 150.0, ..from }, 1)
        .await;
    hand.mouse("mouseMoved", to, 1).await;
    hand.mouse("mouseReleased", to, 1).await;
    let volume = hand.find("input", "Volume").await.bounds;
    let loudest = Point {
        x: volume.right() - 1.0,
        y: volume.center().y,
    };
    hand.mouse("mousePressed", loudest, 1).await;
    hand.mouse("mouseReleased", loudest, 1).await;
    hand.click("textarea", "Message").await;
    hand.keys("Hi").await;
    hand.enter().await;
    hand.key("Escape", 27, "", 0).await;
    let word = hand.find("p", "Word").await.bounds;
    let word = Point {
        x: word.x + 5.0,
        y: word.y + 5.0,
    };
    for count in [1, 2] {
        hand.mouse("mousePressed", word, count).await;
        hand.mouse("mouseReleased", word, count).await;
    }
    // The box by keyboard.
    hand.click("input", "Agree").await;
    hand.key(" ", 32, " ", 0).await;
    hand.goto(&format!("http://127.0.0.1:{port}/two")).await;
    let (heard, words, recorded) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "Drag { to: S",
            "fill slider \"Volume\" = 100",
            "click1 textbox \"Message\"",
            "fill textbox \"Message\" = Hi",
            "press textbox \"Message\" Enter",
            "press textbox \"Message\" Escape",
            "click1 paragraph \"Word\"",
            "click2 paragraph \"Word\"",
            "click1 checkbox \"Agree\"",
            "click1 checkbox \"Agree\"",
            "navigate two",
            "end",
        ]
    );
    let Deed::Drag { to: Some(to), .. } = &heard[1].deed else {
        panic!("{:?}", heard[1].deed)
    };
    assert_eq!(to.text, "Bin");
    assert!(
        recorded
            .demonstration
            .steps
            .iter()
            .any(|step| step.verb == Verb::Drag && step.to.is_some())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_the_inner_part_of_a_control_is_one_on_the_control() {
    let port = serve(&[(
        "/",
        "<style>#list span{display:inline-block;width:20px;height:20px}</style>
         <div id=menu style='cursor:pointer;width:120px;height:30px'><span style='display:block;width:100px;height:28px'></span></div>
         <div id=list style='cursor:pointer;width:400px'><span id=one></span><span id=two></span></div>",
    )])
    .await;
    let hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let at = |x: f64, y: f64| Point { x, y };
    for point in [at(50.0, 20.0), at(38.0, 50.0)] {
        hand.mouse("mousePressed", point, 1).await;
        hand.mouse("mouseReleased", point, 1).await;
    }
    let (heard, _, _) = hand.done().await;
    let ids: Vec<Option<&str>> = heard
        .iter()
        .filter_map(|heard| heard.element.as_ref())
        .map(|element| element.attributes.get("id").map(String::as_str))
        .collect();
    // One of several things in it stays what it is.
    assert_eq!(ids, [Some("menu"), Some("two")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_a_slow_page_takes_late_are_heard_in_their_order() {
    let port = serve(&[(
        "/",
        "<textarea aria-label=Message></textarea><script>document.querySelector('textarea').onkeydown = (e) => {
           if (e.key !== 'Enter') return;
           const until = performance.now() + 200;
           while (performance.now() < until);
           e.preventDefault(); e.target.value = ''; };</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("textarea", "Message").await;
    hand.keys("Hi").await;
    // The second key waits in the browser while the page is busy with the first.
    futures::join!(
        hand.key("Enter", 13, "\r", 0),
        hand.key("Escape", 27, "", 0)
    );
    let (_, words, _) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "click1 textbox \"Message\"",
            "fill textbox \"Message\" = Hi",
            "press textbox \"Message\" Enter",
            "press textbox \"Message\" Escape",
            "end",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_through_the_history_are_heard_and_files_by_their_names() {
    let port = serve(&[
        ("/", "<h1>One</h1><a href=/two>Two</a>"),
        ("/two", "<h1>Two</h1><button onclick='f.click()'>Attach</button><input type=file id=f aria-label=File style='display:none'>"),
    ])
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("receipt.txt");
    std::fs::write(&file, "x").unwrap();
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.goto(&format!("http://127.0.0.1:{port}/two")).await;
    let history = hand
        .browser
        .link
        .router
        .call_raw(
            Some(&hand.session()),
            "Page.getNavigationHistory",
            json!({}),
            LIMIT,
        )
        .await
        .unwrap();
    let place = history["currentIndex"].as_u64().unwrap() as usize;
    let entry = &history["entries"][place - 1]["id"];
    hand.send("Page.navigateToHistoryEntry", json!({ "entryId": entry }))
        .await;
    hand.click("a", "Two").await;
    hand.find("button", "Attach").await;
    hand.send(
        "Page.setInterceptFileChooserDialog",
        json!({ "enabled": true }),
    )
    .await;
    hand.click("button", "Attach").await;
    let document = hand
        .browser
        .link
        .router
        .call_raw(
            Some(&hand.session()),
            "Runtime.evaluate",
            json!({ "expression": "document.getElementById('f')" }),
            LIMIT,
        )
        .await
        .unwrap();
    hand.send(
        "DOM.setFileInputFiles",
        json!({ "files": [file], "objectId": document["result"]["objectId"] }),
    )
    .await;
    let (heard, words, recorded) = hand.done().await;
    assert_eq!(
        words,
        [
            "navigate ",
            "navigate two",
            "Back",
            "click1 link \"Two\"",
            "click1 button \"Attach\"",
            "Upload { fil",
            "end"
        ]
    );
    let Deed::Upload { files, by_script } = &heard[5].deed else {
        panic!("{:?}", heard[5].deed)
    };
    assert_eq!(
        (files.as_slice(), *by_script),
        (["receipt.txt".to_owned()].as_slice(), true)
    );
    assert_eq!(
        recorded.demonstration.steps.last().unwrap().verb,
        Verb::Upload
    );
    assert_eq!(recorded.demonstration.steps.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_connected_browser_only_the_tab_in_front_is_heard() {
    let port = serve(&[
        ("/", "<button>Ours</button>"),
        ("/other", "<button>Theirs</button>"),
    ])
    .await;
    let downloads = tempfile::tempdir().unwrap();
    let settings = OpenSettings {
        downloads: downloads.path().to_owned(),
        ..OpenSettings::default()
    };
    let mut owner = open(settings.clone()).await.unwrap();
    let address = owner.address().unwrap().to_owned();
    let browser = open(OpenSettings {
        connect: Some(address),
        ..settings
    })
    .await
    .unwrap();
    let mut hand = Hand::on(browser, downloads).await;
    hand.goto(&format!("http://127.0.0.1:{port}/")).await;
    // A tab that the owner opens is none of ours.
    owner
        .link
        .router
        .call_raw(
            None,
            "Target.createTarget",
            json!({ "url": format!("http://127.0.0.1:{port}/other"), "background": true }),
            LIMIT,
        )
        .await
        .unwrap();
    hand.click("button", "Ours").await;
    let (_, words, _) = hand.done().await;
    assert_eq!(words, ["navigate ", "click1 button \"Ours\"", "end"]);
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_before_a_reload_or_another_site_is_heard() {
    let port = serve(&[
        ("/", "<label>Name <input></label>"),
        ("/two", "<h1>Two</h1>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("input", "Name").await;
    hand.keys("Ana").await;
    let before = hand.browser.before();
    hand.send("Page.reload", json!({})).await;
    hand.browser.settle(&before).await;
    hand.click("input", "Name").await;
    hand.keys("Ben").await;
    // Another site is another process.
    hand.goto(&format!("http://localhost:{port}/two")).await;
    hand.find("h1", "Two").await;
    let (_, words, _) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "click1 textbox \"Name\"",
            "fill textbox \"Name\" = Ana",
            "Reload",
            "click1 textbox \"Name\"",
            "fill textbox \"Name\" = Ben",
            "navigate two",
            "end",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_showed_is_kept_where_it_was_left_by_an_address() {
    let port = serve(&[
        ("/", "<p>Code</p><p id=code>ATLAS-12</p>"),
        ("/two", "<h1>Two</h1><a href=/>Back</a>"),
    ])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.find("p", "ATLAS-12").await;
    // Another site is another process.
    hand.goto(&format!("http://localhost:{port}/two")).await;
    hand.click("a", "Back").await;
    hand.find("p", "ATLAS-12").await;
    let (heard, words, recorded) = hand.done().await;
    assert_eq!(words[1..], ["navigate two", "click1 link \"Back\"", "end"]);
    let says = |one: &Heard, text: &str| one.elements.iter().any(|element| element.text == text);
    assert!(says(&heard[1], "ATLAS-12") && !says(&heard[2], "ATLAS-12"));
    let [left, click] = &recorded.demonstration.steps[..] else {
        panic!("two steps")
    };
    let seen = left.shown.as_deref().unwrap();
    assert_eq!((seen.target, seen.url.ends_with('/')), (None, true));
    assert!(click.shown.as_deref().unwrap().target.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_browser_dies_what_was_done_until_then_is_heard() {
    let port = serve(&[(
        "/",
        "<button>Go</button><label>Name <input></label><label>Number <input></label>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("button", "Go").await;
    hand.click("input", "Name").await;
    hand.keys("Ana").await;
    // What is typed is told every now and then.
    let typed = async {
        while !hand.heard.iter().any(|heard| heard.unfinished) {
            hand.heard.extend(hand.recording.next().await);
        }
    };
    tokio::time::timeout(LIMIT, typed).await.unwrap();
    hand.browser
        .link
        .router
        .tell(None, "Browser.crash", json!({}));
    while let Some(heard) = tokio::time::timeout(LIMIT, hand.recording.next())
        .await
        .unwrap()
    {
        hand.heard.push(heard);
    }
    assert!(hand.recording.gone().is_some());
    let (heard, _, recorded) = hand.done().await;
    assert_eq!(heard.last().unwrap().deed, Deed::End);
    let done: Vec<(Verb, String)> = steps(&recorded)
        .into_iter()
        .filter(|(verb, _)| *verb != Verb::CloseTab)
        .collect();
    assert_eq!(
        done,
        [
            (Verb::Click, "Go".to_owned()),
            (Verb::Fill, "Name".to_owned()),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_cannot_tell_that_it_is_recorded_nor_forge_what_is_done() {
    let port = serve(&[(
        "/",
        "<label>Name <input id=n></label><label>Password <input type=password id=p></label><button id=b>Go</button>
         <script>
         const told = [];
         for (const type of ['pointerover', 'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'keydown', 'keyup', 'beforeinput',
           'input', 'change', 'focusout', 'pagehide', 'wheel']) addEventListener(type, (event) => event.stopImmediatePropagation(), true);
         new MutationObserver((all) => told.push('changed ' + all[0].attributeName)).observe(document, { subtree: true, attributes: true });
         for (const name of ['observer', 'recorder', 'hands', 'goalOfRecording', 'heardByApprentice']) if (name in globalThis) told.push(name);
         for (const native of [EventTarget.prototype.addEventListener, Element.prototype.attachShadow, Document.prototype.open, Event, fetch])
           if (!/native code/.test(Function.prototype.toString.call(native))) told.push('patched ' + native.name);
         if (navigator.webdriver) told.push('webdriver');
         const trap = () => { const began = performance.now(); debugger; if (performance.now() - began > 1000) told.push('stopped'); };
         setInterval(trap, 20);
         b.click();
         b.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
         for (const type of ['pointerdown', 'pointerup']) b.dispatchEvent(new PointerEvent(type, { bubbles: true, isPrimary: true, clientX: 20, clientY: 20 }));
         n.focus();
         for (const type of ['keydown', 'keyup']) n.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true }));
         n.value = 'forged';
         for (const type of ['input', 'change']) n.dispatchEvent(new InputEvent(type, { bubbles: true }));
         n.value = '';
         n.blur();
         </script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.click("input", "Name").await;
    hand.keys("Ana").await;
    hand.click("input", "Password").await;
    hand.keys("Tr0ub4dor").await;
    hand.click("button", "Go").await;
    let told = hand
        .browser
        .link
        .router
        .call_raw(
            Some(&hand.session()),
            "Runtime.evaluate",
            json!({ "expression": "told.join()" }),
            LIMIT,
        )
        .await
        .unwrap();
    assert_eq!(told["result"]["value"], "");
    let (_, words, _) = hand.done().await;
    assert_eq!(
        words[1..],
        [
            "click1 textbox \"Name\"",
            "fill textbox \"Name\" = Ana",
            "click1 textbox \"Password\"",
            "fill textbox \"Password\" secretly",
            "click1 button \"Go\"",
            "end",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rest_of_the_pointer_is_heard_where_it_opened_a_menu_that_was_used() {
    let port = serve(&[(
        "/",
        "<style>ul{list-style:none} nav ul{display:none;position:absolute;margin:0;padding:0} nav li:hover>ul{display:block}
         nav ul ul{left:100px;top:0}</style>
         <nav><ul style='display:block;position:static'><li><span>File</span><ul><li><span>Export</span><ul><li><a href='#pdf'>PDF</a></ul></ul></ul></nav>
         <p style='margin-top:200px'><button id=later>Later</button> <button>Other</button></p>
         <script>later.onmouseenter = () => setTimeout(() => { const menu = document.createElement('div'); menu.textContent = 'Snooze';
         const box = later.getBoundingClientRect(); menu.style = `cursor:pointer;position:absolute;left:${box.x}px;top:${box.bottom}px`; document.body.append(menu); }, 100);</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let over = async |hand: &mut Hand, tag: &str, name: &str| {
        let place = hand.find(tag, name).await.bounds.center();
        hand.mouse("mouseMoved", place, 0).await;
        // So long a person takes anyway.
        tokio::time::sleep(Duration::from_millis(400)).await;
    };
    over(&mut hand, "button", "Other").await;
    over(&mut hand, "span", "File").await;
    over(&mut hand, "span", "Export").await;
    hand.click("a", "PDF").await;
    over(&mut hand, "button", "Other").await;
    over(&mut hand, "button", "Later").await;
    hand.click("div", "Snooze").await;
    // Where one only passes by, nothing is meant.
    over(&mut hand, "span", "File").await;
    hand.click("button", "Other").await;
    let (_, _, recorded) = hand.done().await;
    assert_eq!(
        steps(&recorded),
        [
            (Verb::Hover, "File".to_owned()),
            (Verb::Hover, "Export".to_owned()),
            (Verb::Click, "PDF".to_owned()),
            (Verb::Hover, "Later".to_owned()),
            (Verb::Click, "Snooze".to_owned()),
            (Verb::Click, "Other".to_owned()),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_built_by_itself_was_not_brought_about_by_the_pointer() {
    let port = serve(&[(
        "/",
        "<p id=query>Drag the small box</p><script>setTimeout(() => { const box = document.createElement('div'); box.textContent = 'Small';
         box.style = 'cursor:pointer;position:absolute;left:20px;top:60px'; document.body.append(box); }, 300);</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    hand.find("div", "Small").await;
    let query = hand.find("p", "Drag the small box").await.bounds.center();
    hand.mouse("mouseMoved", query, 0).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    hand.click("div", "Small").await;
    let (_, _, recorded) = hand.done().await;
    assert_eq!(steps(&recorded), [(Verb::Click, "Small".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scroll_is_heard_only_where_it_brought_about_what_was_used() {
    let port = serve(&[(
        "/",
        "<div id=list style='height:100px;width:300px;overflow:auto'></div><div style='height:2000px'></div><button>Below</button>
         <script>let rows = 0; const more = () => { for (let n = 0; n < 10; n++) { const row = document.createElement('div');
         row.style = 'height:30px;cursor:pointer'; row.textContent = 'Row ' + ++rows; list.append(row); } };
         more(); list.onscroll = () => { if (rows < 20 && list.scrollTop + 100 > list.scrollHeight - 20) more(); };</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let place = hand.find("div", "Row 2").await.bounds.center();
    /// Scrolls the list until the row is in view, and clicks it.
    async fn scroll_and_click(hand: &mut Hand, place: Point, down: f64, row: &str) {
        let deadline = tokio::time::Instant::now() + LIMIT;
        let in_view = |seen: &Observation| {
            let mut all = seen.elements.iter();
            all.any(|element| element.text == row && element.in_view)
        };
        while !in_view(&hand.look().await) {
            assert!(tokio::time::Instant::now() < deadline, "{row} never came");
            hand.send(
                "Input.dispatchMouseEvent",
                json!({ "type": "mouseWheel", "x": place.x, "y": place.y, "deltaX": 0, "deltaY": down }),
            )
            .await;
            // A scroll takes its time, and a person looks.
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
        hand.click("div", row).await;
    }
    scroll_and_click(&mut hand, place, 300.0, "Row 20").await;
    // What was there all the time is found without it.
    scroll_and_click(&mut hand, place, -300.0, "Row 4").await;
    let (_, _, recorded) = hand.done().await;
    assert_eq!(
        steps(&recorded),
        [
            (Verb::ScrollTo, "Row 10".to_owned()),
            (Verb::Click, "Row 20".to_owned()),
            (Verb::Click, "Row 4".to_owned()),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scroll_to_the_end_that_made_something_usable_is_heard() {
    let port = serve(&[(
        "/",
        "<div id=terms style='height:80px;width:300px;overflow:auto'><p style='height:600px'>Terms</p></div>
         <button disabled>Agree</button><button>Leave</button>
         <script>terms.onscroll = () => { if (terms.scrollTop + 80 >= terms.scrollHeight - 2) document.querySelector('button').disabled = false; };</script>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let place = hand.find("p", "Terms").await.bounds.center();
    hand.send(
        "Input.dispatchMouseEvent",
        json!({ "type": "mouseWheel", "x": place.x, "y": 40.0, "deltaX": 0, "deltaY": 2000 }),
    )
    .await;
    let deadline = tokio::time::Instant::now() + LIMIT;
    while hand.find("button", "Agree").await.states.disabled {
        assert!(
            tokio::time::Instant::now() < deadline,
            "it was never scrolled"
        );
    }
    hand.click("button", "Agree").await;
    let (_, _, recorded) = hand.done().await;
    let told: Vec<(Verb, Option<&str>)> = recorded
        .demonstration
        .steps
        .iter()
        .map(|step| (step.verb, step.value.as_deref()))
        .collect();
    assert_eq!(told, [(Verb::ScrollTo, Some("end")), (Verb::Click, None)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_in_a_drawing_a_click_went_is_kept() {
    let port = serve(&[(
        "/",
        "<canvas width=200 height=100 style='display:block;border:1px solid'></canvas><button>Go</button>",
    )])
    .await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    let bounds = hand.find("canvas", "").await.bounds;
    let at = Point {
        x: bounds.x + 0.25 * bounds.width,
        y: bounds.y + 0.5 * bounds.height,
    };
    hand.mouse("mousePressed", at, 1).await;
    hand.mouse("mouseReleased", at, 1).await;
    hand.click("button", "Go").await;
    let (_, _, recorded) = hand.done().await;
    let within = recorded.demonstration.steps[0].within.unwrap();
    assert!((within[0] - 0.25).abs() < 0.02 && (within[1] - 0.5).abs() < 0.02);
    assert_eq!(recorded.demonstration.steps[1].within, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recorders_own_buttons_are_heard_and_are_no_part_of_what_is_shown() {
    let port = serve(&[("/", "<button>Save</button>")]).await;
    let mut hand = Hand::at(&format!("http://127.0.0.1:{port}/")).await;
    assert!(!hand.recording.has_windows().await);
    let (press, mut pressed) = tokio::sync::mpsc::unbounded_channel();
    hand.recording.show_buttons(press).await.unwrap();
    hand.click("button", "Save").await;
    let own = {
        let stage = hand.browser.link.stage();
        let windows = stage.tabs.iter().filter(|tab| tab.url.starts_with("data:"));
        windows.map(|tab| tab.session.clone()).next().unwrap()
    };
    for button in ["undo", "pause", "stop"] {
        let router = &hand.browser.link.router;
        let place = format!(
            "new Promise((done) => {{ const look = () => {{ const one = document.getElementById({button:?})?.getBoundingClientRect();
             one ? done([one.x + 9, one.y + 9]) : setTimeout(look, 20) }}; look() }})"
        );
        let asked = json!({ "expression": place, "returnByValue": true, "awaitPromise": true });
        let place = router.call_raw(Some(&own), "Runtime.evaluate", asked, LIMIT);
        let place = place.await.unwrap();
        let [x, y] = [0, 1].map(|at| place["result"]["value"][at].as_f64().unwrap());
        for (kind, count) in [("mousePressed", 1), ("mouseReleased", 1)] {
            let event =
                json!({ "type": kind, "x": x, "y": y, "clickCount": count, "button": "left" });
            let sent = router.call_raw(Some(&own), "Input.dispatchMouseEvent", event, LIMIT);
            sent.await.unwrap();
        }
    }
    let mut words = Vec::new();
    while words.len() < 3 {
        tokio::select! {
            Some(word) = pressed.recv() => words.push(word),
            Some(heard) = hand.recording.next() => hand.heard.push(heard),
            () = tokio::time::sleep(LIMIT) => panic!("nothing was heard after {words:?}"),
        }
    }
    assert_eq!(words, ["undo", "pause", "stop"]);
    let (_, words, _) = hand.done().await;
    assert_eq!(words[1..], ["click1 button \"Save\"", "end"]);
}
