//! The library of demonstrations: what is taken over from other tools is followed as if it had been shown, what is wrong is said with
//! what to do, and what is forgotten is gone, whole.

use std::fs;
use std::path::Path;

use crate::support::program::{Ended, Program, repository};
use crate::support::site::{Site, html};

const RECORDING: &str = include_str!("fixtures/recordings/water.json");

/// A small app that waters plants.
async fn plants() -> Site {
    Site::with([
        (
            "/",
            html("<h1>Plants</h1><a id=start href=/water>Water one</a>"),
        ),
        (
            "/water",
            html(
                "<h1>Water a plant</h1><form method=post action=/done><label>Plant <select name=plant><option>Orchid<option>Fern</select></label> \
                 <label>Day <input name=day></label> <button>Water it</button></form>",
            ),
        ),
        ("/done", html("<h1>Watered</h1>")),
    ])
    .await
}

fn write(program: &Program, name: &str, text: &str) {
    let path = program.folder().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(program: &Program, name: &str) -> String {
    fs::read_to_string(program.folder().join(name)).unwrap_or_default()
}

/// What there is in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

async fn demos(program: &Program, arguments: &[&str]) -> Ended {
    let mut all = vec!["demos"];
    all.extend(arguments);
    program.run(&all).await
}

/// A demonstration of a small job.
fn job(name: &str, goal: &str, steps: &str) -> String {
    format!(
        "format = \"1.1\"\nworkflow = \"{name}\"\ngoal = \"{goal}\"\nstart = \"http://127.0.0.1:1/\"\n\n{steps}"
    )
}

const BACK: &str = "[[step]]\ndo = \"back\"\n";

#[tokio::test]
async fn a_recording_of_chrome_is_taken_over_and_followed() {
    let site = plants().await;
    let program = Program::new();
    write(
        &program,
        "water.json",
        &RECORDING.replace("{base}", &site.base),
    );
    let taken = demos(&program, &["import", "water.json", "--workflow", "water"]).await;
    taken.code(0);
    assert_eq!(taken.stdout, "demos/water/first.toml\n");
    taken
        .says("water.json: step 1 (setViewport): left out")
        .says("water.json: step 9 (scroll): left out")
        .says("its goal is the recording's title")
        .says("water/first: 6 steps");
    demos(&program, &["check"]).await.code(0);
    // Once more, and nothing is overwritten.
    let before = read(&program, "demos/water/first.toml");
    demos(
        &program,
        &[
            "import",
            "water.json",
            "--workflow",
            "water",
            "--goal",
            "Water the orchid on Friday",
        ],
    )
    .await
    .code(0);
    assert_eq!(read(&program, "demos/water/first.toml"), before);
    demos(&program, &["forget", "water", "--take", "second", "--yes"])
        .await
        .code(0);
    let answers = program.answers(&[(".*", "yes")]);
    let ended = program
        .run(&[
            "run",
            "Water the fern on Monday",
            "--demo",
            "water",
            "--answers",
            &answers,
        ])
        .await;
    ended.code(0);
    assert_eq!(site.posted(), ["plant=Fern&day=Monday"]);
}

#[tokio::test]
async fn what_is_no_recording_is_refused_and_nothing_is_written() {
    let program = Program::new();
    let steps = |steps: &str| format!("{{\"title\": \"x\", \"steps\": [{steps}]}}");
    let go = r#"{"type": "navigate", "url": "https://a.example/"}"#;
    for (name, text, says) in [
        (
            "script.js",
            "await page.goto('x');".to_owned(),
            "script.js is not a recording of Chrome's DevTools Recorder: it is not JSON",
        ),
        (
            "other.json",
            "{\"steps\": 7}".to_owned(),
            "no `title` and `steps`",
        ),
        ("empty.json", steps(""), "empty.json holds nothing to do"),
        ("start.json", steps(go), "holds nothing to do"),
        (
            "new.json",
            steps(&format!("{go}, {{\"type\": \"swipe\"}}")),
            "step 2 of new.json is of the type \"swipe\"",
        ),
        (
            "middle.json",
            steps(&format!(
                "{go}, {{\"type\": \"click\", \"button\": \"auxiliary\", \"selectors\": [\"#a\"]}}"
            )),
            "no click with the auxiliary button",
        ),
        (
            "huge.json",
            " ".repeat(17 * 1024 * 1024),
            "larger than 16 MiB",
        ),
    ] {
        write(&program, name, &text);
        demos(&program, &["import", name]).await.code(1).says(says);
    }
    // One that is good does not come without the others.
    write(
        &program,
        "good.json",
        &RECORDING.replace("{base}", "https://a.example"),
    );
    demos(&program, &["import", "good.json", "empty.json"])
        .await
        .code(1);
    demos(&program, &["import", "missing.json"])
        .await
        .code(2)
        .says("missing.json cannot be read");
    demos(&program, &["import"]).await.code(2);
    demos(&program, &["import", "good.json", "--workflow", "../x"])
        .await
        .code(1)
        .says("cannot name a workflow");
    assert_eq!(names(&program.folder().join("demos")), Vec::<String>::new());
}

#[tokio::test]
async fn a_recording_goes_out_and_comes_back() {
    let program = Program::new();
    write(
        &program,
        "water.json",
        &RECORDING.replace("{base}", "https://a.example"),
    );
    demos(&program, &["import", "water.json", "--workflow", "water"])
        .await
        .code(0);
    let out = demos(
        &program,
        &[
            "export",
            "water",
            "--format",
            "devtools-recorder",
            "-o",
            "out.json",
        ],
    )
    .await;
    out.code(0)
        .says("step 2 (choose): the Recorder chooses by an option's value");
    assert_eq!(out.stdout, "");
    demos(&program, &["import", "out.json", "--workflow", "again"])
        .await
        .code(0);
    let lines = |text: &str| -> Vec<String> {
        // The Recorder's own order of selectors is not kept, and what its file cannot say is not compared.
        let kept = [
            "do = ",
            "value = ",
            "values = ",
            "start = ",
            "goal = ",
            "name = ",
            "url = ",
        ];
        text.lines()
            .filter(|line| kept.iter().any(|kept| line.starts_with(kept)))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        lines(&read(&program, "demos/again/first.toml")),
        lines(&read(&program, "demos/water/first.toml"))
    );
}

#[tokio::test]
async fn exports_of_the_tickets_read_like_this() {
    let program = Program::new();
    let bundled = repository().join("demos").display().to_string();
    for (format, ending) in [("devtools-recorder", "json"), ("playwright", "ts")] {
        for workflow in ["buy-tickets", "file-lunch"] {
            let out = demos(
                &program,
                &[
                    "export", workflow, "--take", "first", "--format", format, "--demos", &bundled,
                ],
            )
            .await;
            out.code(0);
            let name = format!("{workflow}.{ending}");
            insta::assert_snapshot!(name, format!("{}\n----\n{}", out.stdout, out.stderr));
        }
    }
}

#[tokio::test]
async fn a_lint_says_what_is_wrong_and_what_to_do() {
    let program = Program::new();
    demos(&program, &["lint"])
        .await
        .code(0)
        .says("nothing found");
    let order = "[[step]]\ndo = \"click\"\ntarget = { role = \"button\", tag = \"button\", name = \"Place order\" }\n";
    write(
        &program,
        "demos/order/first.toml",
        &job("order", "Order tea", order),
    );
    write(&program, "demos/broken/first.toml", "format = \"1.1\"");
    write(
        &program,
        "demos/other/first.toml",
        &job("other", "order tea", BACK),
    );
    let found = demos(&program, &["lint"]).await;
    found.code(1);
    insta::assert_snapshot!(found.stdout, @r#"
    broken: demos/broken/first.toml is not a demonstration: TOML parse error at line 1, column 1 | 1 | format = "1.1" | ^ missing field `workflow`
      put it right: `apprentice demos edit broken`
    order/first, step 1: "Place order" would place an order, and the step has no mark
      write mark = "order" into the step, so that it always asks
    other: order and other have the same goal sentence, so that a goal alone cannot choose between them
      write another `goal` into one of them, move its takes to the other, or name one with --demo at every run
    "#);
    let one = demos(&program, &["lint", "order", "--json"]).await;
    one.code(1);
    let document: serde_json::Value = serde_json::from_str(&one.stdout).unwrap();
    assert_eq!(document[0]["what"], "unmarked");
    assert_eq!(
        (&document[0]["take"], &document[0]["step"]),
        (&"first".into(), &1.into())
    );
    demos(&program, &["lint", "nothing"]).await.code(2);
    // What the program brings along is as it should be.
    let bundled = repository().join("demos").display().to_string();
    let own = demos(&program, &["lint", "--demos", &bundled]).await;
    assert_eq!((own.code, own.stdout.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn what_is_forgotten_is_gone_and_only_that() {
    let program = Program::new();
    let home = program.folder().join("demos");
    for take in ["first", "second"] {
        write(
            &program,
            &format!("demos/job/{take}.toml"),
            &job("job", "Go", BACK),
        );
        write(&program, &format!("demos/job/{take}/01.jpg"), "x");
    }
    write(
        &program,
        "demos/other/first.toml",
        &job("other", "Come", BACK),
    );
    demos(&program, &["forget", "job"])
        .await
        .code(2)
        .says("say it with --yes");
    demos(&program, &["forget", "../demos", "--yes"])
        .await
        .code(2);
    demos(&program, &["forget", "job", "--take", "third", "--yes"])
        .await
        .code(2)
        .says("it has first, second");
    assert_eq!(
        names(&home.join("job")),
        ["first", "first.toml", "second", "second.toml"]
    );
    demos(&program, &["forget", "job", "--take", "first", "--yes"])
        .await
        .code(0)
        .says("forgot job/first");
    assert_eq!(names(&home.join("job")), ["second", "second.toml"]);
    demos(&program, &["forget", "job", "--yes"])
        .await
        .code(0)
        .says("forgot job with its 1 take");
    assert_eq!(names(&home), ["other"]);
    // What comes with the program stays; what somebody made of it is theirs.
    let bundled = fs::read_to_string(repository().join("demos/buy-tickets/first.toml")).unwrap();
    write(&program, "demos/buy-tickets/first.toml", &bundled);
    demos(&program, &["forget", "buy-tickets", "--yes"])
        .await
        .code(2)
        .says("comes with apprentice");
    write(
        &program,
        "demos/buy-tickets/first.toml",
        &format!("{bundled}\n# mine\n"),
    );
    demos(&program, &["forget", "buy-tickets", "--yes"])
        .await
        .code(0);
}

#[tokio::test]
async fn editing_without_a_terminal_says_where_the_file_is() {
    let program = Program::new();
    write(&program, "demos/job/first.toml", &job("job", "Go", BACK));
    let ended = demos(&program, &["edit", "job"]).await;
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (Some(0), "demos/job/first.toml\n")
    );
    write(&program, "demos/job/second.toml", &job("job", "Go", BACK));
    demos(&program, &["edit", "job"])
        .await
        .code(2)
        .says("several takes, name one: first, second");
    demos(&program, &["edit", "job", "third"])
        .await
        .code(2)
        .says("has no take");
}

#[cfg(unix)]
#[tokio::test]
async fn what_was_typed_in_the_editor_is_kept_and_checked() {
    // A terminal, by the tool that records sessions.
    let Ok(script) = std::process::Command::new("script")
        .arg("--version")
        .output()
    else {
        return;
    };
    assert!(script.status.success());
    let program = Program::new();
    let first = job("job", "Go", BACK);
    write(&program, "demos/job/first.toml", &first);
    let binary = assert_cmd::cargo::cargo_bin("apprentice");
    let edit = |editor: &str| {
        std::process::Command::new("script")
            .args([
                "-qec",
                &format!("{} demos edit job", binary.display()),
                "/dev/null",
            ])
            .current_dir(program.folder())
            .env("HOME", program.folder())
            .env("VISUAL", editor)
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap()
    };
    let fine = edit("sed -i s/Go/Went/");
    assert_eq!(fine.status.code(), Some(0), "{fine:?}");
    assert_eq!(
        read(&program, "demos/job/first.toml"),
        first.replace("Go", "Went")
    );
    let broken = edit("sed -i s/back/fly/");
    assert_eq!(broken.status.code(), Some(1), "{broken:?}");
    let said = String::from_utf8_lossy(&broken.stdout).into_owned();
    assert!(
        said.contains("fly") && said.contains("is kept in"),
        "{said}"
    );
    assert!(read(&program, "demos/job/first.toml").contains("fly"));
    let none = edit("/nowhere/editor");
    assert_eq!(none.status.code(), Some(1), "{none:?}");
}

/// Waters a plant for a day that is asked for, with what the write was.
fn watering(base: &str) -> String {
    let day = "\n[parameters.day]\nexample = \"Monday\"\nquestion = \"Which day?\"\n\n";
    let steps = r#"
[[step]]
do = "click"
says = "go to the watering"
target = { role = "link", name = "Water one" }

[[step]]
do = "choose"
says = "take the fern"
values = ["Fern"]
target = { role = "combobox", name = "Plant" }

[[step]]
do = "fill"
says = "write the day"
value = "{day}"
target = { role = "textbox", name = "Day" }

[[step]]
do = "click"
says = "water it"
target = { role = "button", name = "Water it" }
after = { text = "Watered" }
"#;
    job("water", "Water the fern", &format!("{day}{steps}")).replace("http://127.0.0.1:1", base)
}

#[tokio::test]
async fn a_run_that_went_well_is_a_demonstration() {
    let site = plants().await;
    let program = Program::new();
    write(&program, "demos/water/first.toml", &watering(&site.base));
    let answers = program.file(
        "answers.toml",
        "[[answer]]\nto = 'day'\nreply = 'Sunday'\n[[answer]]\nto = '.*'\nreply = 'yes'\nrepeat = true\n",
    );
    program
        .run(&[
            "run",
            "Water the fern",
            "--demo",
            "water",
            "--answers",
            &answers,
        ])
        .await
        .code(0);
    let taken = demos(
        &program,
        &["import", "--trace", "last", "--workflow", "again"],
    )
    .await;
    taken.code(0).says("again/first: 4 steps");
    let text = read(&program, "demos/again/first.toml");
    for part in [
        "goal = \"Water the fern\"",
        "value = \"{day}\"",
        "example = \"Sunday\"",
        "question = \"Which day?\"",
        "[[step.effect]]",
        "method = \"POST\"",
        "path = \"/done\"",
        "picture = ",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(!names(&program.folder().join("demos/again/first")).is_empty());
    demos(&program, &["check", "again"]).await.code(0);
    // What it was seen to send, it may send again: nobody is asked but for the day.
    let day = program.file("day.toml", "[[answer]]\nto = 'day'\nreply = 'Friday'\n");
    program
        .run(&[
            "run",
            "Water the fern",
            "--demo",
            "again",
            "--answers",
            &day,
        ])
        .await
        .code(0);
    assert_eq!(
        site.posted(),
        ["plant=Fern&day=Sunday", "plant=Fern&day=Friday"]
    );
    // A run that did not end well teaches nothing.
    program
        .run(&["run", "Water the fern", "--demo", "again"])
        .await
        .code(4);
    demos(&program, &["import", "--trace", "last"])
        .await
        .code(1)
        .says("only a run that was done");
    demos(&program, &["import", "--trace", "nothing"])
        .await
        .code(2);
}

#[tokio::test]
async fn a_test_finds_every_target_and_lets_nothing_out() {
    let site = plants().await;
    let program = Program::new();
    write(&program, "demos/water/first.toml", &watering(&site.base));
    // Not even where the person's own rules would let it.
    write(
        &program,
        "apprentice.toml",
        "[guard]\nother = \"allow\"\npreset = \"trusting\"\n",
    );
    let tested = demos(&program, &["test", "water"]).await;
    tested.code(0);
    assert!(
        tested.stdout.starts_with("water/first: 4 of 4 steps found"),
        "{}",
        tested.stdout
    );
    assert!(tested.stdout.contains("refused: "), "{}", tested.stdout);
    assert_eq!(site.posted(), Vec::<String>::new());
    let lost = watering(&site.base).replace("Water one", "Feed one");
    write(&program, "demos/water/first.toml", &lost);
    let tested = demos(&program, &["test", "water", "--json"]).await;
    tested.code(1);
    let document: serde_json::Value = serde_json::from_str(&tested.stdout).unwrap();
    assert_eq!(document["found"], serde_json::json!([]));
    assert!(
        document["reason"].as_str().unwrap().contains("Feed one"),
        "{document}"
    );
}
