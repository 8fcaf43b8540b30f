//! Answers that are missing, run dry, or cannot be read, and going on after them.

use apprentice::trace::Outcome;

use crate::support::run::Run;
use crate::support::site::{Site, html};

/// Two values that nothing gives.
const STEPS: &str = r#"
[parameters.name]
example = "Ann"
question = "Which name?"
[parameters.town]
example = "Graz"
question = "Which town?"
[[step]]
do = "fill"
target = { role = "textbox", name = "Name" }
value = "{name}"
[[step]]
do = "fill"
target = { role = "textbox", name = "Town" }
value = "{town}"
[[step]]
do = "wait"
value = "{name} of {town}"
"#;

async fn site() -> Site {
    Site::with([(
        "/",
        html(
            "<label>Name <input id=a></label><label>Town <input id=b></label><p id=p></p>
            <script>oninput = () => { p.textContent = a.value + ' of ' + b.value }</script>",
        ),
    )])
    .await
}

#[tokio::test]
async fn answers_that_run_dry_leave_a_run_that_waits_and_can_be_resumed() {
    let site = site().await;
    let ended = Run::on(&site, STEPS)
        .answers("[[answer]]\nto = 'name'\nreply = 'Zoë'\n")
        .ends()
        .await;
    ended.with(4, &["answers.toml", "Which town?", "apprentice resume"]);
    let again = ended
        .file("answers.toml", "[[answer]]\nto = 'town'\nreply = 'Lienz'\n")
        .resume(&[
            "--answers",
            "answers.toml",
            "--site",
            &format!("it={}", site.base),
        ])
        .end()
        .await;
    again.with(0, &[]);
    assert_eq!(again.outcome(), Outcome::Done);
}

#[tokio::test]
async fn a_question_without_anybody_there_waits() {
    let site = site().await;
    let ended = Run::on(&site, STEPS).ends().await;
    ended.with(4, &["Which name?", "--answers", "apprentice resume"]);
    assert_eq!(ended.outcome(), Outcome::Waiting);
}

#[tokio::test]
async fn an_answers_file_that_cannot_be_read_is_wrong_use() {
    let site = site().await;
    Run::on(&site, STEPS)
        .with(&["--answers", "nowhere.toml"])
        .ends()
        .await
        .with(2, &["nowhere.toml", "cannot be used"])
        .without_a_trace();
    // A folder is no file.
    Run::on(&site, STEPS)
        .with(&["--answers", "demos"])
        .ends()
        .await
        .with(2, &["demos", "cannot be used"])
        .without_a_trace();
}

#[tokio::test]
async fn an_answers_file_with_a_broken_expression_is_wrong_use() {
    let site = site().await;
    Run::on(&site, STEPS)
        .answers("[[answer]]\nto = 'na('\nreply = 'x'\n")
        .ends()
        .await
        .with(2, &["answers.toml", "[[answer]] number 1", "na("])
        .without_a_trace();
    assert!(site.log().is_empty());
}
