//! A text that is selected and made bold, or marked: shown once by keys, done for another text, and asked about where it is not clear
//! which one is meant.

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use apprentice::computer::browser::Browser;
use apprentice::computer::{Action, Computer};
use apprentice::demo::Verb;

use crate::recording::{Recorder, act, apprentice, browser, click, serve, take, verbs};

/// An editor whose toolbar makes the selected text bold; what it holds at last is sent.
const EDITOR: &str = "<!doctype html><title>Plants</title><h1>Note</h1><button type=button id=bold>Bold</button><button type=button>Help</button>
    <div id=note contenteditable aria-label=Note style='width:300px'>The fern and the moss want water, and the fir does not</div>
    <form method=post action=/plan/17><input type=hidden name=note><input type=submit value=Continue></form>
    <script>bold.onmousedown = (event) => event.preventDefault();
    bold.onclick = () => document.execCommand('bold');
    document.forms[0].onsubmit = () => { document.forms[0].note.value = note.innerHTML; };</script>";

/// The same with a text area, whose button puts marks around the selected text.
const AREA: &str = "<!doctype html><title>Plants</title><h1>Note</h1><button type=button id=bold>Bold</button><button type=button>Help</button>
    <form method=post action=/plan/17><textarea id=note name=note aria-label=Note>The fern and the moss</textarea>
    <input type=submit value=Continue></form>
    <script>bold.onclick = () => note.setRangeText('_' + note.value.slice(note.selectionStart, note.selectionEnd) + '_');</script>";

/// A page, what was sent by it, and a folder with a recording.
struct World {
    folder: tempfile::TempDir,
    sent: Arc<Mutex<Vec<String>>>,
}

async fn press(browser: &mut Browser, keys: &str, times: usize) {
    for _ in 0..times {
        let keys = keys.to_owned();
        browser.perform(&Action::Press { keys }).await.unwrap();
    }
}

impl World {
    /// With a recording for this goal, in which the keys select in the field with this tag before the button is pressed.
    async fn recorded(page: &'static str, tag: &str, goal: &str, keys: &[(&str, usize)]) -> Self {
        let (address, sent) = serve(Arc::new(Mutex::new(page))).await;
        let folder = tempfile::tempdir().unwrap();
        let mut browser = browser(folder.path()).await;
        let recorder = Recorder::start_for(folder.path(), &address, &mut browser, goal, &[]).await;
        act(&mut browser, tag, click).await;
        for (keys, times) in keys {
            press(&mut browser, keys, *times).await;
        }
        act(&mut browser, "button", click).await;
        act(&mut browser, "input", click).await;
        recorder.interrupt();
        recorder.ends_well();
        browser.end().await;
        let (shown, text) = take(folder.path());
        assert_eq!(
            verbs(&shown),
            [Verb::Select, Verb::Click, Verb::Click],
            "{text}"
        );
        Self { folder, sent }
    }

    fn run(&self, goal: &str) -> Output {
        self.sent.lock().unwrap().clear();
        run(self.folder.path(), goal)
    }

    /// The run ends well, having sent this.
    fn sends(&self, goal: &str, note: &str) {
        let ended = self.run(goal);
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success(), "{stderr}");
        let sent = self.sent.lock().unwrap();
        let note = url::form_urlencoded::byte_serialize(note.as_bytes()).collect::<String>();
        assert_eq!(*sent, [format!("note={note}")], "{stderr}");
    }

    /// The run asks, and sends nothing.
    fn asks(&self, goal: &str, says: &str) {
        let ended = self.run(goal);
        let stderr = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(4), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
        assert!(self.sent.lock().unwrap().is_empty());
    }
}

fn run(folder: &Path, goal: &str) -> Output {
    apprentice(folder)
        .args(["run", goal, "--demo", "water-plants"])
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_that_the_goal_says_is_selected_in_an_editor() {
    let keys = [
        ("Control+Home", 1),
        ("ArrowRight", 4),
        ("Shift+ArrowRight", 4),
    ];
    let goal = "Make the word \"fern\" bold";
    let world = World::recorded(EDITOR, "div", goal, &keys).await;
    world.sends(
        "Make the word \"moss\" bold",
        "The fern and the <b>moss</b> want water, and the fir does not",
    );
    world.asks("Make the word \"and\" bold", "2 times");
    world.asks("Make the word \"rose\" bold", "is not in it");
    let shown = apprentice(world.folder.path())
        .args(["demos", "show", "water-plants"])
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(
        shown.contains("select \"fern\" in generic \"Note\""),
        "{shown}"
    );
    assert!(shown.contains("select what the goal"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_word_that_the_goal_says_is_selected_in_a_text_area() {
    let keys = [("Control+End", 1), ("Control+Shift+ArrowLeft", 1)];
    let goal = "Make the word \"moss\" bold";
    let world = World::recorded(AREA, "textarea", goal, &keys).await;
    world.sends("Make the word \"fern\" bold", "The _fern_ and the moss");
    // Its trace says it in words, and does it again up to what needs a yes.
    let again = apprentice(world.folder.path())
        .args(["replay", "last"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&again.stderr).into_owned();
    assert!(
        stderr.contains("select \"fern\" in textbox \"Note\"")
            && stderr.contains("click button \"Bold\""),
        "{stderr}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_selected_where_that_was_shown() {
    let goal = "Make everything bold";
    let world = World::recorded(AREA, "textarea", goal, &[("Control+A", 1)]).await;
    let (shown, text) = take(world.folder.path());
    assert_eq!(shown.steps[0].value, None, "{text}");
    world.sends(goal, "_The fern and the moss_");
}
