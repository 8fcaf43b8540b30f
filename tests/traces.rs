//! A run's trace can be written, read back also when it broke off, found by its name, and shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use apprentice::computer::{
    Action, Button, Element, ElementId, Modifier, Observation, Outcome, Point, Rect, Row, Scope,
    ScrollState, Settled, Size, States, Target, Text,
};
use apprentice::demo::{Step, Verb};
use apprentice::guard::Kind;
use apprentice::human::{Card, Question, Verdict};
use apprentice::policy::{Act, Decision, Usage};
use apprentice::trace::{
    self, Blob, ByHand, End, Event, HandStep, Header, Line, Outcome as Ending, Recorder, Store,
    TraceError, replay, viewer,
};
use predicates::str::{contains, is_empty};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::cli::{apprentice, folder};

/// A small picture.
const PNG: &[u8] = include_bytes!("fixtures/traces/picture.png");

fn header() -> Header {
    Header {
        format: String::new(),
        run: String::new(),
        started: String::new(),
        goal: "Report the lunch of 12 March <b>& more</b>".to_owned(),
        typed: None,
        parameters: BTreeMap::from([("day".to_owned(), "12 March".to_owned())]),
        workflow: Some("report".to_owned()),
        policy: "imitator".to_owned(),
        browser: "Chromium 156".to_owned(),
        start_url: "http://127.0.0.1:8080/list".to_owned(),
        sites: vec!["http://127.0.0.1:8080".to_owned()],
        apprentice: String::new(),
    }
}

fn element(id: &str, role: &str, name: &str) -> Element {
    Element {
        id: ElementId(id.to_owned()),
        role: role.to_owned(),
        name: name.to_owned(),
        tag: "button".to_owned(),
        text: name.to_owned(),
        value: None,
        masked: false,
        label: String::new(),
        placeholder: String::new(),
        states: States::default(),
        bounds: Rect {
            x: 100.0,
            y: 200.4,
            width: 80.0,
            height: 20.0,
        },
        in_view: true,
        covered_by: None,
        interactive: true,
        frame: 0,
        attributes: BTreeMap::from([("id".to_owned(), "save{1}".to_owned())]),
        path: "html/body/button[1]".to_owned(),
        heading: "Lunch".to_owned(),
        landmark: "Main".to_owned(),
        row: Some(Row {
            texts: vec!["12 March".to_owned(), "Café".to_owned(), "9.50".to_owned()],
            column: None,
            index: 2,
            count: 5,
        }),
        neighbours: Default::default(),
        choices: Vec::new(),
        form: None,
    }
}

fn observation() -> Observation {
    Observation {
        url: "http://127.0.0.1:8080/list".to_owned(),
        title: "Lunches".to_owned(),
        viewport: Size {
            width: 1280.0,
            height: 800.0,
        },
        scroll: ScrollState::default(),
        tabs: Vec::new(),
        dialog: None,
        focused: None,
        frames: Vec::new(),
        elements: vec![element("0:1", "button", "Save")],
        scope: Scope::NearView,
        unlisted: 0,
        downloads: Vec::new(),
        screenshot: None,
    }
}

fn observed(recorder: &Recorder, url: &str) -> Event {
    Event::Observed {
        url: url.to_owned(),
        title: "Lunches".to_owned(),
        elements: 1,
        observation: recorder.json_blob(&observation()).unwrap(),
        screenshot: Some(recorder.blob(PNG, "png").unwrap()),
        millis: 21.5,
    }
}

fn decided(action: &Action, says: &str) -> Event {
    Event::Decided {
        policy: "imitator".to_owned(),
        decision: Decision::Act(Act {
            action: action.clone(),
            says: says.to_owned(),
            sure: 0.97,
            mark: None,
            step: None,
            demonstrated: None,
            effects: Vec::new(),
            looking: false,
            way: None,
            hand: None,
            while_says: None,
        }),
        millis: 1.2,
    }
}

fn acted(text: Option<&str>) -> Event {
    Event::Acted {
        outcome: Outcome {
            settled: Settled::Quiet,
            text: text.map(str::to_owned),
            millis: 45.0,
        },
    }
}

fn end() -> End {
    End {
        outcome: Ending::Done,
        result: Some("Reported.".to_owned()),
        reason: None,
        steps: 3,
        questions: 1,
        confirmations: 1,
        usage: Usage::default(),
        seconds: 3.2,
    }
}

/// Records a small run: a question, a secret typed, a confirmed click. Gives the run's folder.
fn record(traces: &Path) -> PathBuf {
    let mut recorder =
        Recorder::create(traces, header(), |text| text.replace("hunter2", "•••")).unwrap();
    let target = Target::Element(ElementId("0:1".to_owned()));
    let fill = Action::Fill {
        target: target.clone(),
        value: Text::Secret("card-number".to_owned()),
    };
    let click = Action::Click {
        target,
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    };
    let first = observed(&recorder, "http://127.0.0.1:8080/list");
    let second = observed(&recorder, "http://127.0.0.1:8080/list");
    let third = observed(&recorder, "http://127.0.0.1:8080/reports/17");
    let acting = |action: &Action, says: &str| Event::Acting {
        action: action.clone(),
        says: says.to_owned(),
        element: Some(Box::new(element("0:1", "button", "Save"))),
    };
    let events = [
        first,
        Event::Asked {
            question: Question {
                key: "project".to_owned(),
                text: "Which project? <script>alert(1)</script>".to_owned(),
                suggestions: Vec::new(),
                marks: Vec::new(),
                secret: false,
            },
            answer: Some("X-17 and hunter2".to_owned()),
            remembered: false,
        },
        decided(&fill, "fill the card number"),
        acting(&fill, "fill the card number"),
        acted(None),
        second,
        decided(&click, "save {it}"),
        Event::Reviewed {
            review: "ask".to_owned(),
            kind: Some(Kind::TransferMoney),
            why: "an amount stands near the button".to_owned(),
        },
        Event::Confirmed {
            card: Card {
                kind: Kind::TransferMoney,
                title: "Save would transfer or claim money".to_owned(),
                origin: "http://127.0.0.1:8080".to_owned(),
                amount: Some("€ 9.50".to_owned()),
                fields: vec![("Merchant".to_owned(), "Café".to_owned())],
                target: "button \"Save\"".to_owned(),
                why: "an amount stands near the button".to_owned(),
                ..Card::default()
            },
            verdict: Some(Verdict::Yes),
            picture: None,
        },
        acting(&click, "save {it}"),
        acted(None),
        Event::Timings {
            parts: BTreeMap::from([("observe".to_owned(), 21.5)]),
        },
        third,
        Event::End(end()),
    ];
    for event in events {
        recorder.write(event).unwrap();
    }
    recorder.folder().to_owned()
}

fn lines_file(run: &Path) -> PathBuf {
    run.join("run.jsonl")
}

#[test]
fn what_was_written_is_read_back_and_secrets_are_not_in_it() {
    let folder = folder();
    let run = record(folder.path());
    let trace = trace::read(&run).unwrap();
    assert_eq!(trace.lines.len(), 15);
    assert!(
        trace
            .lines
            .iter()
            .enumerate()
            .all(|(index, line)| line.number == index as u64)
    );
    assert_eq!(trace.end, Some(end()));
    assert!(!trace.broken_tail);
    assert_eq!(trace.header.run, run.file_name().unwrap().to_str().unwrap());
    let text = std::fs::read_to_string(lines_file(&run)).unwrap();
    assert!(text.contains("X-17 and •••") && !text.contains("hunter2"));
    let Event::Observed { observation, .. } = &trace.lines[1].event else {
        panic!("{:?}", trace.lines[1]);
    };
    assert_eq!(trace.observation(observation).unwrap(), self::observation());
    // Two looks at the same page keep one picture and one observation.
    assert_eq!(std::fs::read_dir(run.join("blobs")).unwrap().count(), 2);
}

#[test]
fn a_run_that_died_mid_line_is_readable_up_to_it() {
    let folder = folder();
    let run = record(folder.path());
    let bytes = std::fs::read(lines_file(&run)).unwrap();
    for cut in [1, 30, 200] {
        std::fs::write(lines_file(&run), &bytes[..bytes.len() - cut]).unwrap();
        let trace = trace::read(&run).unwrap();
        assert!(trace.lines.len() >= 13);
        // Without its line end the last line is whole all the same.
        assert_eq!(trace.broken_tail, cut > 1);
        assert_eq!(trace.end.is_some(), cut == 1);
    }
    apprentice(&folder)
        .args(["traces", "show", "--traces", "."])
        .assert()
        .success()
        .stdout(contains("The trace breaks off here"));
}

#[test]
fn a_newer_trace_is_refused_and_a_newer_minor_is_read() {
    let folder = folder();
    let run = record(folder.path());
    let text = std::fs::read_to_string(lines_file(&run)).unwrap();
    let (major, minor) = trace::FORMAT;
    let written = format!("\"format\":\"{major}.{minor}\"");
    let newer = text.replace(&written, "\"format\":\"2.0\"");
    std::fs::write(lines_file(&run), newer).unwrap();
    assert!(matches!(trace::read(&run), Err(TraceError::Newer { .. })));
    let minor = text
        .replace(&written, "\"format\":\"1.9\"")
        .replace("\"event\":\"timings\"", "\"event\":\"sounds\"");
    std::fs::write(lines_file(&run), minor).unwrap();
    let trace = trace::read(&run).unwrap();
    assert!(!trace.broken_tail);
    assert!(viewer::text(&trace).contains("an event \"sounds\" that a newer version wrote"));
}

#[test]
fn the_sample_of_format_1_0_stays_readable() {
    let trace = trace::read(&sample_run()).unwrap();
    assert_eq!(trace.header.format, "1.0");
    assert_eq!(trace.lines.len(), 15);
    assert_eq!(
        trace.end.as_ref().map(|end| end.outcome),
        Some(Ending::Done)
    );
}

/// Lines of format 1.1, as they were written then: what was sent is new in it.
const SAMPLE_1_1: &str = r#"{"number":0,"at_ms":0.01,"event":{"event":"start","format":"1.1","run":"2026-11-27T10-00-00-ab12","started":"2026-11-27T10:00:00Z","goal":"Water the fern","workflow":"water-plants","policy":"imitator","browser":"Chromium 156","start_url":"http://127.0.0.1:1/","sites":[],"apprentice":"0.1.0"}}
{"number":1,"at_ms":5.2,"event":{"event":"effect","effect":{"number":4,"kind":"other","method":"POST","address":"http://127.0.0.1:1/plan/17","fields":["plant"],"step":1},"ruling":"let go","why":"it was shown for this step"}}
{"number":2,"at_ms":9.7,"event":{"event":"end","outcome":"done","result":"done","steps":1,"questions":0,"confirmations":0,"usage":{"model_calls":0,"input_tokens":0,"output_tokens":0,"cost":0.0},"seconds":0.01}}
"#;

#[test]
fn the_sample_of_format_1_1_stays_readable() {
    let trace = trace::parse("sample", SAMPLE_1_1.as_bytes()).unwrap();
    assert_eq!((trace.lines.len(), trace.broken_tail), (3, false));
    assert_eq!(
        trace.end.as_ref().map(|end| end.outcome),
        Some(Ending::Done)
    );
}

/// Lines of format 1.2, as they were written then: the goal as it was typed is new in it.
const SAMPLE_1_2: &str = r#"{"number":0,"at_ms":0.01,"event":{"event":"start","format":"1.2","run":"2026-11-28T01-00-00-ab12","started":"2026-11-28T01:00:00Z","goal":"Water the fern","typed":{"goal":"Give the fern water","values":["fern"]},"workflow":"water-plants","policy":"imitator","browser":"Chromium 156","start_url":"http://127.0.0.1:1/","sites":[],"apprentice":"0.1.0"}}
{"number":1,"at_ms":9.7,"event":{"event":"end","outcome":"done","result":"done","steps":1,"questions":0,"confirmations":0,"usage":{"model_calls":0,"input_tokens":0,"output_tokens":0,"cost":0.0},"seconds":0.01}}
"#;

#[test]
fn the_sample_of_format_1_2_stays_readable() {
    let trace = trace::parse("sample", SAMPLE_1_2.as_bytes()).unwrap();
    assert_eq!((trace.lines.len(), trace.broken_tail), (2, false));
    let typed = trace.header.typed.unwrap();
    assert_eq!(typed.goal, "Give the fern water");
}

/// A folder with one run of format 1.0, as it was written then.
fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/traces/1.0")
}

fn sample_run() -> PathBuf {
    Store::new(samples()).find("last").unwrap()
}

#[test]
fn a_trace_reads_like_this() {
    insta::assert_snapshot!(viewer::text(&trace::read(&sample_run()).unwrap()), @r#"
    2026-11-24T20-21-46-7gwv  done
      goal       Report the lunch of 12 March <b>& more</b>
      parameter  day = 12 March
      workflow   report (imitator)
      start      http://127.0.0.1:8080/list
      started    2026-11-24T20:21:46.268929791Z
      browser    Chromium 156
      took       3.2 s
      counts     3 steps, 1 question, 1 confirmation, no model
      result     Reported.

      1  0:00.0  http://127.0.0.1:8080/list  "Lunches"
           asked     Which project? <script>alert(1)</script>
           answer    X-17 and •••
           decided   fill the card number (imitator, 97 % sure, 1 ms)
           action    fill button "Save" with the secret card-number
           outcome   done in 45 ms

      2  0:00.0  http://127.0.0.1:8080/list  "Lunches"
           decided   save {it} (imitator, 97 % sure, 1 ms)
           review    ask (transfer or claim money): an amount stands near the button
           card      Save would transfer or claim money
                     amount: € 9.50
                     Merchant: Café
                     why: an amount stands near the button
           verdict   yes
           action    click button "Save"
           outcome   done in 45 ms

      3  0:00.0  http://127.0.0.1:8080/reports/17  "Lunches"
    "#);
}

#[test]
fn a_page_holds_its_pictures_and_loads_nothing() {
    let folder = folder();
    let run = record(folder.path());
    let trace = trace::read(&run).unwrap();
    let page = viewer::html(&trace, |blob| trace.blob(blob).ok());
    assert!(page.contains("data:image/png;base64,"));
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script"));
    assert!(page.contains("left:7.812%"), "the target is not framed");
    for outside in ["src=\"http", "href=", "url(", "@import", "<link", "<iframe"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let output = apprentice(&folder)
        .args(["traces", "show", "--traces", ".", "--html"])
        .assert()
        .success()
        .get_output()
        .clone();
    let file = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        std::fs::read_to_string(folder.path().join(file.trim())).unwrap(),
        page
    );
}

#[test]
fn runs_are_listed_newest_first_and_found_by_their_beginning() {
    let folder = folder();
    let runs: Vec<String> = (0..2)
        .map(|_| {
            let run = record(folder.path());
            run.file_name().unwrap().to_str().unwrap().to_owned()
        })
        .collect();
    let store = Store::new(folder.path());
    let mut newest_first = runs.clone();
    newest_first.sort_by(|one, other| other.cmp(one));
    assert_eq!(store.runs().unwrap(), newest_first);
    let traces = |arguments: &[&str]| {
        apprentice(&folder)
            .args(["traces"])
            .args(arguments)
            .args(["--traces", "."])
            .assert()
    };
    traces(&["list"])
        .success()
        .stdout(contains("Report the lunch of 12 March"));
    let output = traces(&["list", "--json"]).success().get_output().clone();
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows[0]["run"], newest_first[0]);
    assert_eq!(rows[0]["outcome"], "done");
    traces(&["show", &runs[0]]).success();
    traces(&["show", "2"])
        .code(2)
        .stdout(is_empty())
        .stderr(contains("\"2\" fits 2 runs, give more of the name"))
        .stderr(contains(&runs[0]))
        .stderr(contains(&runs[1]));
    traces(&["show", "1999"])
        .code(2)
        .stderr(contains("no run in . begins with \"1999\""));
}

#[test]
fn a_folder_that_cannot_be_written_is_said_with_its_path_and_what_to_do() {
    let folder = folder();
    let file = folder.path().join("traces");
    std::fs::write(&file, "not a folder").unwrap();
    let error = Recorder::create(&file, header(), str::to_owned)
        .unwrap_err()
        .to_string();
    assert!(error.contains(file.to_str().unwrap()), "{error}");
    assert!(error.contains("--traces DIR"), "{error}");
}

/// `/dev/full` takes no byte, as a full disk does.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_panic() {
    let folder = folder();
    let recorder = Recorder::create(folder.path(), header(), str::to_owned).unwrap();
    let blobs = recorder.folder().join("blobs");
    let name = format!("{}.png", blake3::hash(PNG).to_hex());
    std::os::unix::fs::symlink("/dev/full", blobs.join(format!("{name}.part"))).unwrap();
    let error = recorder.blob(PNG, "png").unwrap_err().to_string();
    assert!(
        error.contains("cannot be written") && error.contains(&name),
        "{error}"
    );
    assert!(!blobs.join(&name).exists());
}

#[test]
fn a_trace_cannot_name_files_outside_its_blobs() {
    let folder = folder();
    let trace = trace::read(&record(folder.path())).unwrap();
    for name in ["../run.jsonl", "/etc/passwd", "run.jsonl", ""] {
        let error = trace.blob(&trace::Blob(name.to_owned()));
        assert!(matches!(error, Err(TraceError::BadBlob { .. })), "{name}");
    }
}

#[test]
fn a_trace_becomes_a_demonstration_that_means_the_same() {
    let folder = folder();
    let trace = trace::read(&record(folder.path())).unwrap();
    let replay = replay::demonstration(&trace, |blob| trace.observation(blob).ok());
    assert_eq!(replay.left_out, Vec::<String>::new());
    let demonstration = replay.demonstration;
    assert_eq!(demonstration.workflow, "report");
    let [fill, click] = demonstration.steps.as_slice() else {
        panic!("{:?}", demonstration.steps);
    };
    assert_eq!(
        (fill.verb, fill.value.as_deref()),
        (Verb::Fill, Some("{card_number}"))
    );
    assert_eq!(
        demonstration.parameters["card_number"].secret.as_deref(),
        Some("card-number")
    );
    assert_eq!(
        (click.verb, click.mark),
        (Verb::Click, Some(Kind::TransferMoney))
    );
    let target = click.target.as_ref().unwrap();
    assert_eq!(target.name.as_deref(), Some("Save"));
    assert_eq!(target.attributes["id"], "save{{1}}");
    assert_eq!(target.row, ["12 March", "Café"]);
    assert_eq!(
        click.after.as_ref().unwrap().url.as_deref(),
        Some("http://127.0.0.1:8080/reports/17")
    );
    // What is written is read back as it was.
    let text = demonstration.to_toml();
    let read = apprentice::demo::Demonstration::parse("replay", &text).unwrap();
    assert_eq!(read, demonstration);
}

#[test]
fn what_a_demonstration_cannot_say_is_said_and_failures_are_not_repeated() {
    let folder = folder();
    let mut recorder = Recorder::create(folder.path(), header(), str::to_owned).unwrap();
    let point = Target::Point(Point { x: 3.0, y: 4.0 });
    let click = |modifiers| Action::Click {
        target: point.clone(),
        button: Button::Left,
        count: 1,
        modifiers,
    };
    for (action, ends) in [
        (click(vec![Modifier::Control]), acted(None)),
        (
            click(vec![]),
            Event::ActionFailed {
                error: "covered".to_owned(),
            },
        ),
        (click(vec![]), acted(None)),
    ] {
        recorder
            .write(Event::Acting {
                action,
                says: "click {it}".to_owned(),
                element: None,
            })
            .unwrap();
        recorder.write(ends).unwrap();
    }
    let trace = trace::read(recorder.folder()).unwrap();
    let replay = replay::demonstration(&trace, |_| None);
    assert_eq!(replay.demonstration.steps.len(), 1);
    // A sentence with braces is no template.
    let says = replay.demonstration.steps[0].says.as_deref();
    assert_eq!(says, Some("click {{it}}"));
    let area = replay.demonstration.steps[0].target.as_ref().unwrap().area;
    assert_eq!(area.map(|area| (area.x, area.y)), Some((3.0, 4.0)));
    assert_eq!(
        replay.left_out,
        ["action 1 (click {it}): a demonstration has no clicks with modifier keys"]
    );
}

#[test]
fn a_replay_says_what_differs() {
    let folder = folder();
    let before = trace::read(&record(folder.path())).unwrap();
    let mut after = before.clone();
    assert!(
        trace::compare(&before, &after)
            .iter()
            .all(trace::StepComparison::same)
    );
    for line in &mut after.lines {
        if let Event::Acting {
            action: Action::Click { .. },
            element: Some(element),
            ..
        } = &mut line.event
        {
            element.name = "Send".to_owned();
        }
    }
    let steps = trace::compare(&before, &after);
    assert!(steps[0].same());
    assert_eq!(
        (
            steps[1].address_same,
            steps[1].target_same,
            steps[1].text_same
        ),
        (true, false, true)
    );
    assert_eq!(
        steps[1].note,
        "the target was button \"Save\" and is button \"Send\""
    );
    after.lines.truncate(6);
    assert_eq!(
        trace::compare(&before, &after)[1].note,
        "it was not done again"
    );
}

#[test]
fn the_schema_in_the_repository_is_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/trace.schema.json");
    let schema = schemars::schema_for!(Line);
    let fresh = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == fresh,
        "schemas/trace.schema.json is stale: run the tests once with UPDATE_SCHEMAS=1"
    );
}

fn texts() -> impl Strategy<Value = String> {
    any::<String>()
}

/// Times and lengths as they are written: a hundredth is as fine as it gets.
fn measures() -> impl Strategy<Value = f64> {
    (-1_000_000_i32..1_000_000).prop_map(|hundredths| f64::from(hundredths) / 100.0)
}

fn targets() -> impl Strategy<Value = Target> {
    prop_oneof![
        texts().prop_map(|id| Target::Element(ElementId(id))),
        (measures(), measures()).prop_map(|(x, y)| Target::Point(Point { x, y })),
    ]
}

fn actions() -> impl Strategy<Value = Action> {
    let typed = || {
        prop_oneof![
            texts().prop_map(Text::Plain),
            texts().prop_map(Text::Secret),
        ]
    };
    prop_oneof![
        (targets(), 1_u8..4).prop_map(|(target, count)| Action::Click {
            target,
            button: Button::Right,
            count,
            modifiers: vec![Modifier::Shift],
        }),
        typed().prop_map(|text| Action::Type { text }),
        (targets(), typed()).prop_map(|(target, value)| Action::Fill { target, value }),
        prop::collection::vec(targets(), 2..4).prop_map(|path| Action::Drag { path }),
        (prop::option::of(targets()), measures(), measures())
            .prop_map(|(target, dx, dy)| Action::Scroll { target, dx, dy }),
        (targets(), prop::collection::vec(texts(), 0..3))
            .prop_map(|(target, options)| Action::Choose { target, options }),
        (targets(), prop::option::of(texts()))
            .prop_map(|(target, text)| Action::Select { target, text }),
        (any::<bool>(), prop::option::of(typed()))
            .prop_map(|(accept, text)| Action::AnswerDialog { accept, text }),
        texts().prop_map(|url| Action::Navigate { url }),
        Just(Action::Back),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        (actions(), texts(), texts()).prop_map(|(action, says, name)| Event::Acting {
            action,
            says,
            element: Some(Box::new(element("0:1", "button", &name))),
        }),
        (actions(), texts()).prop_map(|(action, says)| decided(&action, &says)),
        (texts(), prop::option::of(texts())).prop_map(|(text, answer)| Event::Asked {
            question: Question {
                key: text.clone(),
                text,
                suggestions: Vec::new(),
                marks: Vec::new(),
                secret: false,
            },
            answer,
            remembered: true,
        }),
        (texts(), measures()).prop_map(|(text, millis)| Event::Acted {
            outcome: Outcome {
                settled: Settled::LimitReached,
                text: Some(text),
                millis,
            },
        }),
        texts().prop_map(|text| Event::Note { text }),
        (texts(), prop::option::of(0_usize..9)).prop_map(|(text, step)| Event::ByHand(ByHand {
            step,
            does: Some(text.clone()),
            question: text.clone(),
            covers: 1,
            start: text.clone(),
            steps: vec![HandStep {
                step: Step {
                    value: Some(text),
                    ..Step::bare(Verb::Fill)
                },
                seen: Some(Blob("0.json".to_owned())),
                picture: None,
            }],
            parameters: std::collections::BTreeMap::new(),
            end: None,
        })),
        prop::collection::btree_map(texts(), measures(), 0..4)
            .prop_map(|parts| Event::Timings { parts }),
    ]
}

proptest! {
    #[test]
    fn a_line_is_read_back_as_it_was_written(number: u64, at_ms in measures(), event in events()) {
        let line = Line { number, at_ms, event };
        let text = serde_json::to_string(&line).unwrap();
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(serde_json::from_str::<Line>(&text).unwrap(), line);
    }

    #[test]
    fn what_the_recorder_writes_the_reader_reads(all in prop::collection::vec(events(), 0..8)) {
        let folder: TempDir = folder();
        let mut recorder = Recorder::create(folder.path(), header(), str::to_owned).unwrap();
        for event in &all {
            recorder.write(event.clone()).unwrap();
        }
        let trace = trace::read(recorder.folder()).unwrap();
        let read: Vec<Event> = trace.lines.into_iter().skip(1).map(|line| line.event).collect();
        prop_assert_eq!(read, all);
    }
}
