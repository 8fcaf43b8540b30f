//! What a person does with their own hands during a run becomes part of the workflow: the next run does it for another goal, says where
//! it has it from, and forgets it when told. What it sends is asked about as ever.

use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use apprentice::computer::browser::Browser;
use apprentice::computer::{Action, Text};
use apprentice::trace::{self, ByHand, Event, Store, Trace};
use axum::response::Html;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::recording::{Recorder, act, apprentice, browser, click};
use crate::support::devtools::DevTools;

const LIMIT: Duration = Duration::from_secs(60);
/// The question where a target is not there.
const MISSING: &str = "[[answer]]\nto = 'there is no'\nreply = \"I'll do it myself\"\n";
/// The person's word, once the test gives it.
const DONE: &str = "[[answer]]\nto = '^by hand: '\nreply = 'done'\nafter = 'pipe'\n";

const FIELDS: &str = "<label>Plant <input name=plant></label>
    <label>Day <select name=day><option>Monday<option>Friday</select></label>";
/// What the button became: another thing, of another name, in another place.
const RENAMED: &str = "<nav><a href=/help>Help</a> <a id=go href='#' onclick='document.forms[0].submit(); return false'>Off to the greenhouse</a> <a href=/about>About us</a></nav>";

fn page(before: &str, action: &str, fields: &str, after: &str) -> String {
    format!(
        "<!doctype html><title>Plants</title><h1>Water a plant</h1>{before}<form method=post action={action}>{fields}{after}</form>"
    )
}

/// A site whose page changes, what was sent to it, and a folder with a recording.
struct World {
    folder: TempDir,
    address: String,
    page: Arc<Mutex<String>>,
    sent: Arc<Mutex<Vec<String>>>,
    browser: Browser,
    _downloads: TempDir,
}

/// How a run ended.
struct Ran {
    code: Option<i32>,
    said: String,
}

impl Ran {
    #[track_caller]
    fn with(&self, code: i32, says: &[&str]) {
        assert_eq!(self.code, Some(code), "{}", self.said);
        for part in says {
            assert!(
                self.said.contains(part),
                "{part:?} is not in\n{}",
                self.said
            );
        }
    }
}

impl World {
    /// With a recording of the form on this page: "Water the fern on Monday".
    async fn recorded(first: String) -> World {
        let page = Arc::new(Mutex::new(first));
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (shown, kept) = (Arc::clone(&page), Arc::clone(&sent));
        let app = axum::Router::new()
            .route(
                "/",
                axum::routing::get(move || async move { Html(shown.lock().unwrap().clone()) }),
            )
            .fallback(move |method: axum::http::Method, body: String| async move {
                if method == axum::http::Method::POST {
                    kept.lock().unwrap().push(body);
                }
                Html("<!doctype html><title>Thanks</title><h1>Thank you</h1>")
            });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let (folder, downloads) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut browser = browser(downloads.path()).await;
        let recorder = Recorder::start_naming(folder.path(), &address, &mut browser, &[]).await;
        act(&mut browser, "input", |target| Action::Fill {
            target,
            value: Text::Plain("fern".to_owned()),
        })
        .await;
        for day in ["Friday", "Monday"] {
            act(&mut browser, "select", |target| Action::Choose {
                target,
                options: vec![day.to_owned()],
            })
            .await;
        }
        act(&mut browser, "button", click).await;
        recorder.interrupt();
        recorder.ends_well();
        sent.lock().unwrap().clear();
        World {
            folder,
            address,
            page,
            sent,
            browser,
            _downloads: downloads,
        }
    }

    fn shows(&self, page: String) {
        *self.page.lock().unwrap() = page;
    }

    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }

    /// A run in the browser that the person works in.
    async fn run_beside(&self, goal: &str, answers: &str) -> Beside {
        self.file("answers.toml", answers);
        let pipe = self.folder.path().join("pipe");
        if !pipe.exists() {
            let name = std::ffi::CString::new(pipe.as_os_str().as_encoded_bytes()).unwrap();
            // SAFETY: the name ends with a zero byte and lives through the call.
            assert_eq!(unsafe { libc::mkfifo(name.as_ptr(), 0o600) }, 0);
        }
        let mut command = tokio::process::Command::from(apprentice(self.folder.path()));
        let mut child = command
            .args(["run", goal, "--demo", "water-plants", "--connect"])
            .arg(self.browser.address().unwrap())
            .args(["--answers", "answers.toml"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        Beside {
            child,
            lines,
            said: String::new(),
            pipe,
        }
    }

    /// The person's hands in the tab that shows the site.
    async fn hands(&self) -> Hands {
        let devtools = DevTools::connect(self.browser.address().unwrap()).await;
        let listed = devtools.call(None, "Target.getTargets", json!({})).await;
        let listed = listed.unwrap()["targetInfos"].take();
        let shows = |one: &&Value| {
            one["type"] == "page"
                && one["url"].as_str().is_some_and(|url| url.contains(&self.address))
                // The recording's own tab is left on the page that thanks.
                && one["title"] == "Plants"
        };
        let tabs: Vec<&Value> = listed.as_array().unwrap().iter().filter(shows).collect();
        assert_eq!(tabs.len(), 1, "{listed}");
        let tab = tabs[0]["targetId"].as_str().unwrap().to_owned();
        let session = devtools.attach(&tab).await;
        Hands {
            devtools,
            session,
            tab,
        }
    }

    /// A run by itself, in a browser of its own.
    fn run_alone(&self, goal: &str, more: &[&str]) -> Ran {
        self.command(&[&["run", goal, "--demo", "water-plants"], more].concat())
    }

    fn command(&self, arguments: &[&str]) -> Ran {
        let Output {
            status,
            stdout,
            stderr,
        } = apprentice(self.folder.path())
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran {
            code: status.code(),
            said: text(&stdout) + &text(&stderr),
        }
    }

    fn trace(&self) -> Trace {
        let run = Store::new(self.folder.path().join("traces")).find("last");
        trace::read(&run.unwrap()).unwrap()
    }

    fn by_hand(&self) -> Vec<ByHand> {
        let lines = self.trace().lines.into_iter();
        lines
            .filter_map(|line| match line.event {
                Event::ByHand(by_hand) => Some(by_hand),
                _ => None,
            })
            .collect()
    }
}

/// A run that goes on beside the person.
struct Beside {
    child: tokio::process::Child,
    lines: tokio::io::Lines<BufReader<tokio::process::ChildStderr>>,
    said: String,
    pipe: std::path::PathBuf,
}

impl Beside {
    /// Waits until it says this.
    async fn says(&mut self, wanted: &str) {
        while let Some(line) = self.line().await {
            if line.contains(wanted) {
                return;
            }
        }
        panic!("never said {wanted:?}:\n{}", self.said);
    }

    async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(LIMIT, self.lines.next_line()).await;
        let Ok(line) = line else {
            panic!("it says nothing more:\n{}", self.said);
        };
        let line = line.unwrap()?;
        self.said.push_str(&line);
        self.said.push('\n');
        Some(line)
    }

    /// The person says that it is done.
    async fn told_done(&mut self) {
        let pipe = self.pipe.clone();
        let told = tokio::task::spawn_blocking(move || std::fs::write(pipe, "done\n"));
        tokio::time::timeout(LIMIT, told)
            .await
            .unwrap()
            .unwrap()
            .unwrap();
    }

    async fn ends(mut self) -> Ran {
        while self.line().await.is_some() {}
        let status = tokio::time::timeout(LIMIT, self.child.wait()).await;
        Ran {
            code: status.unwrap().unwrap().code(),
            said: self.said,
        }
    }
}

/// A person's hands: real input into one tab.
struct Hands {
    devtools: DevTools,
    session: String,
    tab: String,
}

impl Hands {
    async fn call(&self, method: &str, params: Value) -> Value {
        let answer = self.devtools.call(Some(&self.session), method, params);
        answer.await.unwrap()
    }

    async fn press(&self, selector: &str) {
        let place = format!(
            "(() => {{ const box = document.querySelector({selector:?}).getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2] }})()"
        );
        let place = json!({ "expression": place, "returnByValue": true });
        let mut place = self.call("Runtime.evaluate", place).await;
        let place = place["result"]["value"].take();
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "clickCount": 1, "button": button });
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    async fn types(&self, text: &str) {
        for character in text.chars() {
            for kind in ["keyDown", "keyUp"] {
                let text = if kind == "keyDown" {
                    character.to_string()
                } else {
                    String::new()
                };
                let event = json!({ "type": kind, "key": character.to_string(), "text": text, "unmodifiedText": text,
                    "windowsVirtualKeyCode": character.to_ascii_uppercase() as u32 });
                self.call("Input.dispatchKeyEvent", event).await;
            }
        }
    }
}

/// Waits until something is so, which a server or a page does.
async fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LIMIT, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_done_by_hand_is_done_for_another_goal_and_is_forgotten_when_told() {
    let world = World::recorded(page("", "/plan/17", FIELDS, "<button>Continue</button>")).await;
    world.shows(page(RENAMED, "/plan/17", FIELDS, ""));

    // Nobody is there: it ends as it always did.
    world
        .run_alone("Water the moss on Friday", &[])
        .with(4, &["there is no button"]);

    let answers = format!("{MISSING}{DONE}");
    let mut run = world.run_beside("Water the moss on Friday", &answers).await;
    run.says("by hand: ").await;
    world.hands().await.press("#go").await;
    until("it is sent", || !world.sent().is_empty()).await;
    run.told_done().await;
    let ran = run.ends().await;
    ran.with(
        0,
        &[
            "seen by hand: click link \"Off to the greenhouse\"",
            "learnt",
        ],
    );
    assert_eq!(world.sent(), ["plant=moss&day=Friday"]);
    let [by_hand] = &world.by_hand()[..] else {
        panic!("{:?}", world.by_hand())
    };
    assert!(by_hand.steps[0].seen.is_some());

    let ran = world.run_alone("Water the orchid on Monday", &[]);
    ran.with(0, &["as you did it by hand on 20"]);
    assert_eq!(world.sent()[1..], ["plant=orchid&day=Monday"]);

    let run_1 = world.trace().header.run;
    let listed = world.command(&["demos", "learned", "water-plants"]);
    listed.with(
        0,
        &[
            "by-hand",
            "click link \"Off to the greenhouse\"",
            "in place of: click button \"Continue\"",
        ],
    );
    assert!(
        !listed.said.contains(&run_1),
        "only the first run was done by hand"
    );
    world.command(&["demos", "show", "water-plants"]).with(
        0,
        &["by hand, in place of step 3", "Water the moss on Friday"],
    );
    world
        .command(&["demos", "unlearn", "water-plants", "1"])
        .with(0, &["took back: done by hand"]);
    assert!(
        !world
            .folder
            .path()
            .join("demos/water-plants/learned")
            .exists()
    );
    world
        .run_alone("Water the orchid on Monday", &[])
        .with(4, &["there is no button"]);
    assert_eq!(world.sent().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_done_by_hand_is_no_yes_to_the_next_one() {
    let fields =
        format!("{FIELDS}<p>To pay: €20.00</p><input type=hidden name=amount value=20.00>");
    let world = World::recorded(page("", "/pay", &fields, "<button>Continue</button>")).await;
    world.shows(page(RENAMED, "/pay", &fields, ""));
    let yes = "[[answer]]\nto = 'what you do by hand would pay'\nreply = 'yes'\n";
    let answers = format!("{MISSING}{DONE}{yes}");
    let mut run = world.run_beside("Water the moss on Friday", &answers).await;
    run.says("by hand: ").await;
    world.hands().await.press("#go").await;
    until("it is sent", || !world.sent().is_empty()).await;
    run.told_done().await;
    run.ends().await.with(0, &["seen by hand"]);
    assert_eq!(world.sent().len(), 1);

    world
        .run_alone("Water the orchid on Monday", &[])
        .with(4, &["pay"]);
    assert_eq!(world.sent().len(), 1, "nothing is paid without a yes");
    let answers = "[[answer]]\nto = 'as you did it by hand.* would pay'\nreply = 'yes'\n";
    world.file("answers.toml", answers);
    world
        .run_alone("Water the orchid on Monday", &["--answers", "answers.toml"])
        .with(0, &[]);
    assert_eq!(world.sent()[1..], ["plant=orchid&day=Monday&amount=20.00"]);
}

/// The day as buttons, and not as a list.
const DAYS: &str = "<label>Plant <input name=plant></label><input type=hidden name=day id=day>
    <button type=button onclick='day.value=this.textContent'>Friday</button>
    <button type=button onclick='day.value=this.textContent'>Monday</button>";
const FRIDAY: &str = "form > button:nth-of-type(1)";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_by_hand_depends_on_the_goal_as_a_recording_would() {
    let go = "<button id=on>Continue</button>";
    let world = World::recorded(page("", "/plan/17", FIELDS, go)).await;
    world.shows(page("", "/plan/17", DAYS, go));
    let answers = format!("{MISSING}{DONE}");
    let mut run = world.run_beside("Water the moss on Friday", &answers).await;
    run.says("by hand: choose").await;
    world.hands().await.press(FRIDAY).await;
    run.told_done().await;
    run.ends()
        .await
        .with(0, &["seen by hand: click button \"Friday\""]);
    world
        .run_alone("Water the orchid on Monday", &[])
        .with(0, &[]);
    assert_eq!(
        world.sent(),
        ["plant=moss&day=Friday", "plant=orchid&day=Monday"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_after_it_that_were_done_by_hand_as_well_are_not_done_twice() {
    let go = "<button id=on>Continue</button>";
    let world = World::recorded(page("", "/plan/17", FIELDS, go)).await;
    world.shows(page("", "/plan/17", DAYS, go));
    let yes = "[[answer]]\nto = 'what you do by hand would'\nreply = 'yes'\n";
    let answers = format!("{MISSING}{DONE}{yes}");
    let mut run = world.run_beside("Water the moss on Friday", &answers).await;
    run.says("by hand: choose").await;
    let hands = world.hands().await;
    hands.press(FRIDAY).await;
    hands.press("#on").await;
    until("it is sent", || !world.sent().is_empty()).await;
    run.told_done().await;
    run.ends()
        .await
        .with(0, &["seen by hand: click button \"Friday\" and 1 more"]);
    assert_eq!(world.by_hand()[0].covers, 2);
    // The run as a whole is a demonstration with what was done by hand in it.
    let import = ["demos", "import", "--trace", "last", "--workflow", "whole"];
    world.command(&import).with(0, &[]);
    world.command(&["demos", "show", "whole"]).with(
        0,
        &[
            "fill textbox \"Plant\" \"moss\"",
            "click button \"Friday\"",
            "click button \"Continue\"",
        ],
    );
    world
        .run_alone("Water the orchid on Monday", &[])
        .with(0, &[]);
    assert_eq!(
        world.sent(),
        ["plant=moss&day=Friday", "plant=orchid&day=Monday"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_may_depend_on_the_goal_is_asked_for() {
    // With one field more it is not what was shown, so that each time a yes is needed.
    let yes = "[[answer]]\nto = 'by hand.* would'\nreply = 'yes'\n";
    let noted = format!("{FIELDS}<label>Note <input name=note></label>");
    let world = World::recorded(page("", "/plan/17", &noted, "<button>Continue</button>")).await;
    let code = "<label>Bed <input name=bed id=bed></label>";
    world.shows(page(RENAMED, "/plan/17", &noted, code));
    let mut run = world
        .run_beside("Water the moss on Friday", &format!("{MISSING}{DONE}{yes}"))
        .await;
    run.says("by hand: ").await;
    let hands = world.hands().await;
    hands.press("#bed").await;
    hands.types("B12").await;
    hands.press("#go").await;
    until("it is sent", || !world.sent().is_empty()).await;
    run.told_done().await;
    run.ends()
        .await
        .with(0, &["seen by hand: fill textbox \"Bed\" with \"B12\""]);
    assert_eq!(world.sent(), ["plant=moss&day=Friday&note=&bed=B12"]);
    world
        .run_alone("Water the orchid on Monday", &[])
        .with(4, &["you put it in by hand for another goal"]);
    // For the same goal nothing is open.
    world.file("answers.toml", yes);
    world
        .run_alone("Water the moss on Friday", &["--answers", "answers.toml"])
        .with(0, &[]);
    let code = "[[answer]]\nto = 'by hand for another goal'\nreply = 'C3'\n";
    world.file("answers.toml", &format!("{code}{yes}"));
    world
        .run_alone("Water the orchid on Monday", &["--answers", "answers.toml"])
        .with(0, &[]);
    assert_eq!(
        world.sent()[1..],
        [
            "plant=moss&day=Friday&note=&bed=B12",
            "plant=orchid&day=Monday&note=&bed=C3"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_nothing_and_who_closes_the_tab_is_told_and_nothing_is_learnt() {
    let world = World::recorded(page("", "/plan/17", FIELDS, "<button>Continue</button>")).await;
    world.shows(page(RENAMED, "/plan/17", FIELDS, ""));
    let answers = format!("{MISSING}{DONE}");
    let goal = "Water the moss on Friday";
    let mut run = world.run_beside(goal, &answers).await;
    run.says("by hand: ").await;
    run.told_done().await;
    run.ends().await.with(
        0,
        &[
            "nothing was done in this run's tabs (http://127.0.0.1",
            "has not sent what it sent",
        ],
    );

    let mut run = world.run_beside(goal, &answers).await;
    run.says("by hand: ").await;
    let hands = world.hands().await;
    let close = json!({ "targetId": hands.tab });
    hands
        .devtools
        .call(None, "Target.closeTarget", close)
        .await
        .unwrap();
    run.told_done().await;
    let ran = run.ends().await;
    assert!(
        ran.code == Some(1) && ran.said.contains("you closed a tab of this run"),
        "{}",
        ran.said
    );
    world
        .command(&["demos", "learned", "water-plants"])
        .with(0, &["nothing was learnt"]);
    assert_eq!(world.sent(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_dies_meanwhile_ends_the_run_with_a_word() {
    let mut world =
        World::recorded(page("", "/plan/17", FIELDS, "<button>Continue</button>")).await;
    world.shows(page(RENAMED, "/plan/17", FIELDS, ""));
    let mut run = world
        .run_beside("Water the moss on Friday", &format!("{MISSING}{DONE}"))
        .await;
    run.says("by hand: ").await;
    world.browser.end().await;
    run.ends().await.with(
        1,
        &[
            "the browser is gone",
            "while you did it by hand",
            "run it again",
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_a_secret_field_by_hand_is_written_nowhere() {
    let noted = format!("{FIELDS}<label>Note <input name=note></label>");
    let world = World::recorded(page("", "/plan/17", &noted, "<button>Continue</button>")).await;
    let lock = "<label>Gate <input type=password id=gate></label>";
    world.shows(page(RENAMED, "/plan/17", &noted, lock));
    let mut run = world
        .run_beside("Water the moss on Friday", &format!("{MISSING}{DONE}"))
        .await;
    run.says("by hand: ").await;
    let hands = world.hands().await;
    hands.press("#gate").await;
    hands.types("tulip-Hedge-94").await;
    hands.press("#go").await;
    until("it is sent", || !world.sent().is_empty()).await;
    run.told_done().await;
    run.ends().await.with(0, &["seen by hand"]);
    let [by_hand] = &world.by_hand()[..] else {
        panic!("it was heard")
    };
    assert_eq!(by_hand.steps[0].step.value.as_deref(), Some("{gate}"));
    for folder in ["traces", "demos"] {
        let all = every_file(&world.folder.path().join(folder));
        assert!(!all.is_empty());
        for (path, bytes) in all {
            let text = String::from_utf8_lossy(&bytes);
            assert!(
                !text.contains("tulip") && !text.contains("Hedge"),
                "{}",
                path.display()
            );
        }
    }
    let ran = world.run_alone("Water the orchid on Monday", &[]);
    assert!(
        ran.code != Some(0) && ran.said.contains("gate"),
        "{}",
        ran.said
    );
    assert_eq!(world.sent().len(), 1);
}

fn every_file(folder: &std::path::Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(every_file(&path));
        } else {
            all.push((path.clone(), std::fs::read(&path).unwrap()));
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_card_the_person_may_do_it_and_it_is_sent_once_and_asked_about_again() {
    let go = "<button id=on>Continue</button>";
    let world = World::recorded(page("", "/pay", FIELDS, go)).await;
    let take = "demos/water-plants/first.toml";
    let shown = std::fs::read_to_string(world.folder.path().join(take)).unwrap();
    world.file(
        take,
        &shown.replace("do = \"click\"", "do = \"click\"\nmark = \"pay\""),
    );
    let card = "[[answer]]\nto = 'Continue.* would pay'\nreply = 'done'\n";
    let yes = "[[answer]]\nto = 'what you do by hand would pay'\nreply = 'yes'\n";
    let answers = format!("{card}{DONE}{yes}");
    let mut run = world.run_beside("Water the moss on Friday", &answers).await;
    run.says("by hand: ").await;
    world.hands().await.press("#on").await;
    until("it is sent", || !world.sent().is_empty()).await;
    run.told_done().await;
    run.ends()
        .await
        .with(0, &["seen by hand: click button \"Continue\""]);
    assert_eq!(world.sent().len(), 1);
    world
        .run_alone("Water the orchid on Monday", &[])
        .with(4, &["would pay"]);
    assert_eq!(world.sent().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_goes_back_is_asked_again_and_a_tab_that_opens_is_worked_in() {
    let world = World::recorded(page("", "/plan/17", FIELDS, "<button>Continue</button>")).await;
    let elsewhere = "<nav><a id=go target=_blank href=/elsewhere>Off to the greenhouse</a></nav>";
    world.shows(page(elsewhere, "/plan/17", FIELDS, ""));
    let back = "[[answer]]\nto = '^by hand: '\nreply = 'back'\n";
    let answers = format!("{MISSING}{MISSING}{back}{DONE}");
    let mut run = world.run_beside("Water the moss on Friday", &answers).await;
    run.says(": back").await;
    run.says("by hand: ").await;
    world.hands().await.press("#go").await;
    run.told_done().await;
    run.ends().await.with(0, &["seen by hand: click link"]);
    let ran = world.run_alone("Water the orchid on Monday", &[]);
    ran.with(0, &["as you did it by hand"]);
    let tabs = world
        .trace()
        .lines
        .into_iter()
        .rev()
        .find_map(|line| match line.event {
            Event::Observed { url, .. } => Some(url),
            _ => None,
        });
    assert!(tabs.is_some_and(|url| url.ends_with("/elsewhere")));
}
