//! What a person does in the browser becomes a demonstration that a run follows, after parameters were named in it.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Action, Button, Computer, Element, Scope, Target, Text};
use apprentice::demo::{Demonstration, Verb};
use apprentice::guard::Kind;
use apprentice::guard::effect::Signature;
use serde_json::json;

use crate::support::devtools::DevTools;

const FORM: &str = "<!doctype html><title>Plants</title><h1>Water a plant</h1>
    <form method=post action=/plan/17><label>Plant <input name=plant></label>
    <label>Day <select name=day><option>Monday<option>Friday</select></label>
    <button>Continue</button></form>";

/// The same beds before and after a redesign: a banner with buttons of its own, the sections the other way round and wrapped, ids and
/// classes of another build, one row more, and the rows in another order.
const BEDS: &str = "<!doctype html><title>Plants</title><h1>Greenhouse</h1>
    <section id=beds><h2>Beds</h2><form method=post action=/plan/17><table class=beds>
    <tr><th>Water<th>Plant<tr class=row><td><input type=checkbox name=plant value=1 id=bed-1><td>Fern
    <tr class=row><td><input type=checkbox name=plant value=2 id=bed-2><td>Ivy
    <tr class=row><td><input type=checkbox name=plant value=3 id=bed-3><td>Moss</table>
    <button id=water class=main>Continue</button></form></section>
    <section id=seeds><h2>Seeds</h2><form method=post action=/plan/18><input name=seed aria-label=Seed><button id=sow>Sow</button></form></section>";
const BEDS_REDESIGNED: &str = "<!doctype html><title>Plants</title>
    <div role=region><p>We have a new look. <a href=/new>What is new</a></p><button>Dismiss</button></div>
    <div class=_k1><h1>Greenhouse</h1></div>
    <div class=_k2><section id=_a7><h2>Seeds</h2><form method=post action=/plan/18><input name=seed aria-label=Seed><button id=_a8>Sow</button></form></section></div>
    <div class=_k2><div><section id=_a1><h2>Beds</h2><div><form method=post action=/plan/17><table class=_k3>
    <tr><th>Water<th>Plant<tr class=_k4><td><input type=checkbox name=plant value=3 id=_a2><td>Moss
    <tr class=_k4><td><input type=checkbox name=plant value=4 id=_a3><td>Rose
    <tr class=_k4><td><input type=checkbox name=plant value=1 id=_a4><td>Fern
    <tr class=_k4><td><input type=checkbox name=plant value=2 id=_a5><td>Ivy</table>
    <button id=_a6 class=_k5>Continue</button></form></div></section></div></div>";

/// Serves the form and keeps what was planned.
async fn garden() -> (String, Arc<Mutex<Vec<String>>>) {
    serve(Arc::new(Mutex::new(FORM))).await
}

/// Serves the page of the moment and keeps what was planned.
pub async fn serve(page: Arc<Mutex<&'static str>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let planned = Arc::new(Mutex::new(Vec::new()));
    let kept = planned.clone();
    let app = axum::Router::new()
        .route(
            "/",
            axum::routing::get(move || async move { axum::response::Html(*page.lock().unwrap()) }),
        )
        .route(
            "/plan/{bed}",
            axum::routing::post(move |body: String| async move {
                kept.lock().unwrap().push(body);
                axum::response::Html("<!doctype html><title>Planned</title><h1>Planned</h1>")
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, planned)
}

async fn find(browser: &mut Browser, tag: &str) -> Element {
    let seen = browser.observe(Scope::NearView).await.unwrap();
    seen.elements
        .into_iter()
        .find(|element| element.tag == tag)
        .unwrap_or_else(|| panic!("no <{tag}> at {}", seen.url))
}

pub async fn act(browser: &mut Browser, tag: &str, action: impl FnOnce(Target) -> Action) {
    let target = Target::Element(find(browser, tag).await.id);
    browser.perform(&action(target)).await.unwrap();
}

pub fn click(target: Target) -> Action {
    Action::Click {
        target,
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    }
}

pub fn apprentice(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apprentice"));
    command
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_CONFIG_HOME", folder);
    command
}

/// `apprentice record water-plants` on the garden, in a browser that the test works in.
pub struct Recorder {
    process: std::process::Child,
    said: std::sync::mpsc::Receiver<String>,
    told: Vec<String>,
}

impl Recorder {
    async fn start(folder: &Path, address: &str, browser: &mut Browser) -> Self {
        Self::start_naming(folder, address, browser, &[]).await
    }

    /// The same with sites that are called by a name, as in `water=http://127.0.0.1:80`.
    pub async fn start_naming(
        folder: &Path,
        address: &str,
        browser: &mut Browser,
        sites: &[String],
    ) -> Self {
        let sites = sites.iter().flat_map(|site| ["--site", site]);
        Self::start_with(folder, address, browser, &sites.collect::<Vec<_>>()).await
    }

    /// The same with further arguments.
    async fn start_with(
        folder: &Path,
        address: &str,
        browser: &mut Browser,
        arguments: &[&str],
    ) -> Self {
        let goal = "Water the fern on Monday";
        Self::start_for(folder, address, browser, goal, arguments).await
    }

    /// The same for another goal.
    pub async fn start_for(
        folder: &Path,
        address: &str,
        browser: &mut Browser,
        goal: &str,
        arguments: &[&str],
    ) -> Self {
        let mut process = apprentice(folder)
            .args(["record", "water-plants", address, "--goal", goal])
            .args(["--connect", browser.address().unwrap()])
            .args(arguments)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = process.stderr.take().unwrap();
        let (say, said) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let _ = say.send(line);
            }
        });
        // The page is there when the recorder has gone to it; then a person works on it.
        let deadline = std::time::Instant::now() + Duration::from_secs(30);
        while browser.observe(Scope::NearView).await.unwrap().title != "Plants" {
            assert!(std::time::Instant::now() < deadline, "the page never came");
            tokio::task::yield_now().await;
        }
        Self {
            process,
            said,
            told: Vec::new(),
        }
    }

    /// Waits until the recorder says this; whatever it said before is passed.
    fn says(&mut self, wanted: &str) {
        loop {
            match self.said.recv_timeout(Duration::from_secs(30)) {
                Ok(line) => {
                    self.told.push(line.clone());
                    if line.contains(wanted) {
                        return;
                    }
                }
                Err(_) => panic!("never said {wanted:?}: {:#?}", self.told),
            }
        }
    }

    fn types(&mut self, line: &str) {
        let mut stdin = self.process.stdin.as_ref().unwrap();
        writeln!(stdin, "{line}").unwrap();
    }

    pub fn interrupt(&self) {
        // SAFETY: a signal to the child that this test started.
        unsafe {
            libc::kill(self.process.id() as i32, libc::SIGINT);
        }
    }

    pub fn ends_well(mut self) {
        let ended = self.process.wait().unwrap();
        self.told.extend(self.said.iter());
        assert!(ended.success(), "{:#?}", self.told);
    }
}

/// Presses a button with the mouse, in the first window that has this in its address, once both are there.
async fn press(devtools: &DevTools, address: &str, button: &str) {
    let window = loop {
        let listed = devtools.call(None, "Target.getTargets", json!({})).await;
        let listed = listed.unwrap()["targetInfos"].take();
        let is_it = |one: &&serde_json::Value| {
            one["type"] == "page" && one["url"].as_str().is_some_and(|url| url.contains(address))
        };
        if let Some(window) = listed.as_array().unwrap().iter().find(is_it) {
            break window["targetId"].as_str().unwrap().to_owned();
        }
        tokio::task::yield_now().await;
    };
    let session = devtools.attach(&window).await;
    let place = format!(
        "new Promise((done) => {{ const look = () => {{ const one = document.querySelector({button:?})?.getBoundingClientRect();
         one ? done([one.x + 9, one.y + 9]) : setTimeout(look, 20) }}; look() }})"
    );
    let place = json!({ "expression": place, "returnByValue": true, "awaitPromise": true });
    let place = devtools
        .call(Some(&session), "Runtime.evaluate", place)
        .await;
    let place = place.unwrap()["result"]["value"].take();
    for kind in ["mousePressed", "mouseReleased"] {
        let event = json!({ "type": kind, "x": place[0], "y": place[1], "clickCount": 1, "button": "left" });
        let pressed = devtools
            .call(Some(&session), "Input.dispatchMouseEvent", event)
            .await;
        // The window may be gone with the press.
        assert!(kind == "mouseReleased" || pressed.is_ok(), "{pressed:?}");
    }
}

/// The take that was written, and its text.
pub fn take(folder: &Path) -> (Demonstration, String) {
    let file = folder.join("demos/water-plants/first.toml");
    let text = std::fs::read_to_string(file).unwrap();
    (Demonstration::parse("first", &text).unwrap(), text)
}

pub fn verbs(take: &Demonstration) -> Vec<Verb> {
    take.steps.iter().map(|step| step.verb).collect()
}

pub async fn browser(folder: &Path) -> Browser {
    open(OpenSettings {
        downloads: folder.to_owned(),
        ..OpenSettings::default()
    })
    .await
    .unwrap()
}

pub fn filled(value: &str) -> impl FnOnce(Target) -> Action {
    let value = Text::Plain(value.to_owned());
    move |target| Action::Fill { target, value }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_recorder_is_killed_its_take_is_made_of_what_it_had_heard() {
    let (address, _) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let mut recorder = Recorder::start(folder.path(), &address, &mut browser).await;
    act(&mut browser, "input", filled("fern")).await;
    act(&mut browser, "button", click).await;
    recorder.says("click button \"Continue\"");
    recorder.types("it is dry");
    recorder.says("because: it is dry");
    recorder.process.kill().unwrap();
    recorder.process.wait().unwrap();
    browser.end().await;

    let listed = apprentice(folder.path()).arg("demos").output().unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(
        listed.contains(
            "1 unfinished recording, cut short; apprentice record --recover water-plants"
        ),
        "{listed}"
    );
    let recover = || {
        apprentice(folder.path())
            .args(["record", "--recover", "water-plants"])
            .output()
            .unwrap()
    };
    let recovered = recover();
    assert!(recovered.status.success(), "{recovered:?}");
    let (shown, text) = take(folder.path());
    assert_eq!(verbs(&shown), [Verb::Fill, Verb::Click], "{text}");
    assert_eq!(shown.goal, "Water the fern on Monday");
    assert_eq!(shown.steps[1].why.as_deref(), Some("it is dry"));
    assert!(shown.steps[1].seen.is_some());
    assert_eq!(shown.steps[1].effects[0].path, "/plan/*");

    // Once is enough, and nothing else is left.
    let again = recover();
    assert!(!again.status.success());
    let home = folder.path().join("demos/water-plants");
    assert_eq!(std::fs::read_dir(home).unwrap().count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_browser_dies_the_take_is_written() {
    let (address, _) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let mut recorder = Recorder::start(folder.path(), &address, &mut browser).await;
    act(&mut browser, "select", |target| Action::Choose {
        target,
        options: vec!["Friday".to_owned()],
    })
    .await;
    act(&mut browser, "input", filled("fern")).await;
    recorder.says("choose Friday");
    browser.end().await;
    recorder.says("the browser is gone");
    recorder.ends_well();
    let (shown, text) = take(folder.path());
    assert_eq!(verbs(&shown), [Verb::Choose, Verb::Fill], "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_says_why_marks_takes_back_pauses_and_stops() {
    let (address, planned) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let mut recorder = Recorder::start(folder.path(), &address, &mut browser).await;
    act(&mut browser, "input", filled("fern")).await;
    // The field has not been left yet.
    recorder.types("it is the thirstiest");
    recorder.says("because: it is the thirstiest");
    act(&mut browser, "select", |target| Action::Choose {
        target,
        options: vec!["Friday".to_owned()],
    })
    .await;
    recorder.types("undo");
    recorder.says("taken back: choose Friday");
    recorder.types("pause");
    recorder.says("paused");
    act(&mut browser, "input", filled("moss")).await;
    recorder.types("p");
    recorder.says("recording again");
    act(&mut browser, "button", click).await;
    recorder.types("mark nonsense");
    recorder.says("is no kind");
    recorder.types("mark order");
    recorder.says("asked about at every run, as it would place an order: click");
    recorder.types("stop");
    recorder.ends_well();
    browser.end().await;
    assert_eq!(*planned.lock().unwrap(), ["plant=moss&day=Friday"]);

    let (shown, text) = take(folder.path());
    assert_eq!(verbs(&shown), [Verb::Fill, Verb::Click], "{text}");
    assert_eq!(shown.steps[0].value.as_deref(), Some("fern"));
    assert_eq!(shown.steps[0].why.as_deref(), Some("it is the thirstiest"));
    assert_eq!(shown.steps[1].mark, Some(Kind::Order));
    let listed = apprentice(folder.path())
        .args(["demos", "show", "water-plants"])
        .output()
        .unwrap();
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("why: it is the thirstiest"), "{listed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recorders_own_stop_button_ends_the_recording_and_is_no_step_of_it() {
    let (address, _) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let mut recorder =
        Recorder::start_with(folder.path(), &address, &mut browser, &["--buttons"]).await;
    let devtools = DevTools::connect(browser.address().unwrap()).await;
    press(&devtools, &address, "button").await;
    recorder.says("click button \"Continue\"");
    press(&devtools, "data:text/html", "#pause").await;
    recorder.says("paused");
    press(&devtools, "data:text/html", "#pause").await;
    recorder.says("recording again");
    press(&devtools, "data:text/html", "#stop").await;
    recorder.ends_well();
    browser.end().await;
    let (shown, text) = take(folder.path());
    assert_eq!(verbs(&shown), [Verb::Click], "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_made_by_hand_is_followed_by_run() {
    let (address, planned) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let recorder = Recorder::start(folder.path(), &address, &mut browser).await;
    act(&mut browser, "input", |target| Action::Fill {
        target,
        value: Text::Plain("fern".to_owned()),
    })
    .await;
    act(&mut browser, "select", |target| Action::Choose {
        target,
        options: vec!["Friday".to_owned()],
    })
    .await;
    act(&mut browser, "button", click).await;
    recorder.interrupt();
    recorder.ends_well();
    let file = folder.path().join("demos/water-plants/first.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    browser.end().await;

    // What the last step sent is kept by its shape, and only there.
    let shown = Demonstration::parse("first", &text).unwrap();
    let (last, others) = shown.steps.split_last().unwrap();
    assert!(others.iter().all(|step| step.effects.is_empty()), "{text}");
    assert_eq!(
        last.effects,
        [Signature {
            method: "POST".to_owned(),
            origin: address.clone(),
            path: "/plan/*".to_owned(),
            fields: vec!["day".to_owned(), "plant".to_owned()],
            operation: None,
        }]
    );

    // The person names what changes from run to run.
    assert!(text.contains("value = \"fern\""), "{text}");
    let named = text
        .replace("value = \"fern\"", "value = \"{plant}\"")
        .replacen(
            "[[step]]",
            "[parameters.plant]\nexample = \"fern\"\n\n[[step]]",
            1,
        );
    std::fs::write(&file, named).unwrap();
    planned.lock().unwrap().clear();

    let run = apprentice(folder.path())
        .args(["run", "Water the orchid on Monday"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{stderr}\n{text}");
    assert_eq!(*planned.lock().unwrap(), ["plant=orchid&day=Friday"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_is_followed_on_the_page_as_it_was_redesigned() {
    let page = Arc::new(Mutex::new(BEDS));
    let (address, planned) = serve(page.clone()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let recorder = Recorder::start(folder.path(), &address, &mut browser).await;
    let seen = browser.observe(Scope::NearView).await.unwrap();
    let in_row = |element: &&Element| {
        let row = element.row.as_ref();
        element.tag == "input" && row.is_some_and(|row| row.texts.iter().any(|text| text == "Fern"))
    };
    let fern = seen.elements.iter().find(in_row).unwrap().id.clone();
    let tick = click(Target::Element(fern));
    browser.perform(&tick).await.unwrap();
    act(&mut browser, "button", click).await;
    recorder.interrupt();
    recorder.ends_well();
    browser.end().await;
    assert_eq!(*planned.lock().unwrap(), ["plant=1"]);
    planned.lock().unwrap().clear();

    *page.lock().unwrap() = BEDS_REDESIGNED;
    let run = apprentice(folder.path())
        .args(["run", "Water the fern on Monday"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr);
    let (_, text) = take(folder.path());
    assert!(run.status.success(), "{stderr}\n{text}");
    assert_eq!(*planned.lock().unwrap(), ["plant=1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_recording_is_enough_for_other_values_and_what_it_does_not_show_is_asked() {
    let (address, planned) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let recorder = Recorder::start(folder.path(), &address, &mut browser).await;
    act(&mut browser, "input", filled("fern")).await;
    act(&mut browser, "select", |target| Action::Choose {
        target,
        options: vec!["Monday".to_owned()],
    })
    .await;
    // It stands on Monday already: to choose it is to choose another day first.
    act(&mut browser, "select", |target| Action::Choose {
        target,
        options: vec!["Friday".to_owned()],
    })
    .await;
    act(&mut browser, "select", |target| Action::Choose {
        target,
        options: vec!["Monday".to_owned()],
    })
    .await;
    act(&mut browser, "button", click).await;
    recorder.interrupt();
    recorder.ends_well();
    browser.end().await;
    planned.lock().unwrap().clear();

    let run = |goal: &str| {
        apprentice(folder.path())
            .args(["run", goal, "--demo", "water-plants"])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    let done = run("Water the orchid on Friday");
    let stderr = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{stderr}");
    assert_eq!(*planned.lock().unwrap(), ["plant=orchid&day=Friday"]);

    // Not a word of the goal is passed over: nothing is sent.
    planned.lock().unwrap().clear();
    for goal in [
        "Water the orchid on Friday but not the fern",
        "Do not water the orchid on Friday",
    ] {
        let asked = run(goal);
        assert_eq!(asked.status.code(), Some(4), "{goal}");
    }
    assert_eq!(*planned.lock().unwrap(), Vec::<String>::new());

    let shown = apprentice(folder.path())
        .args(["demos", "show", "water-plants"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(text.contains("understood as"), "{text}");
    assert!(text.contains("with what the goal says between"), "{text}");
}
