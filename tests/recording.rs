//! What a person does in the browser becomes a demonstration that a run follows, after parameters were named in it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apprentice::computer::browser::{Browser, OpenSettings, open};
use apprentice::computer::{Action, Button, Computer, Element, Scope, Target, Text};
use apprentice::demo::Demonstration;
use apprentice::guard::effect::Signature;

const FORM: &str = "<!doctype html><title>Plants</title><h1>Water a plant</h1>
    <form method=post action=/plan/17><label>Plant <input name=plant></label>
    <label>Day <select name=day><option>Monday<option>Friday</select></label>
    <button>Continue</button></form>";

/// Serves the form and keeps what was planned.
async fn garden() -> (String, Arc<Mutex<Vec<String>>>) {
    let planned = Arc::new(Mutex::new(Vec::new()));
    let kept = planned.clone();
    let app = axum::Router::new()
        .route(
            "/",
            axum::routing::get(|| async { axum::response::Html(FORM) }),
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

async fn act(browser: &mut Browser, tag: &str, action: impl FnOnce(Target) -> Action) {
    let target = Target::Element(find(browser, tag).await.id);
    browser.perform(&action(target)).await.unwrap();
}

fn click(target: Target) -> Action {
    Action::Click {
        target,
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    }
}

fn apprentice(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apprentice"));
    command
        .current_dir(folder)
        .env("XDG_DATA_HOME", folder)
        .env("XDG_CONFIG_HOME", folder);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_made_by_hand_is_followed_by_run() {
    let (address, planned) = garden().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        ..OpenSettings::default()
    })
    .await
    .unwrap();

    let mut recording = apprentice(folder.path())
        .args(["record", "water-plants", &address, "--goal"])
        .arg("Water the fern on Monday")
        .args(["--connect", browser.address().unwrap()])
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(recording.stderr.take().unwrap()).lines();
    // The page is there when the recorder has gone to it; then a person works on it.
    let deadline = std::time::Instant::now() + Duration::from_secs(30);
    while browser.observe(Scope::NearView).await.unwrap().title != "Plants" {
        assert!(std::time::Instant::now() < deadline, "the page never came");
        tokio::task::yield_now().await;
    }
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
    // SAFETY: a signal to the child that this test started.
    unsafe {
        libc::kill(recording.id() as i32, libc::SIGINT);
    }
    let told: Vec<String> = said.by_ref().map_while(Result::ok).collect();
    assert!(recording.wait().unwrap().success(), "{told:#?}");
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
