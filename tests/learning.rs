//! Learning while doing: what a person answers, picks and changes in one run is there in the next, says where it came from, gives way
//! to the goal, and can be taken back.

use crate::support::run::{Ended, Run};
use crate::support::site::{Site, html};

const FORM: &str = "<form method=post action=/reports><label>Purpose <input name=purpose></label><label>Cost centre <input name=centre></label><button>File report</button></form>";
const STEPS: &str = r#"[parameters.purpose]
example = "lunch"
[parameters.cost-centre]
example = "1000"
question = "Which cost centre?"

[[step]]
do = "fill"
value = "{purpose}"
[step.target]
role = "textbox"
name = "Purpose"

[[step]]
do = "fill"
value = "{cost-centre}"
[step.target]
role = "textbox"
name = "Cost centre"

[[step]]
do = "click"
mark = "send"
[step.target]
role = "button"
name = "File report"
"#;
const SHOWN: &str = "File the lunch report";
const LEARNED: &str = "demos/job/learned.toml";

async fn reports() -> Site {
    Site::with([("/", html(FORM)), ("/reports", html("<h1>Thank you</h1>"))]).await
}

fn answer(to: &str, reply: &str) -> String {
    format!("[[answer]]\nto = '{to}'\nreply = '{reply}'\n")
}

/// Answers with a cost centre where it is asked for, and yes to the card.
fn centre(reply: &str) -> String {
    answer("Which cost centre", reply) + &yes()
}

fn yes() -> String {
    answer("File report.*send", "yes")
}

fn filing(site: &Site, goal: &str, answers: &str) -> Run {
    let demonstration = format!(
        "format = \"1.0\"\nworkflow = \"job\"\ngoal = \"{SHOWN}\"\nstart = \"{{site:it}}/\"\n\n[sites]\nit = \"http://127.0.0.1:1\"\n\n{STEPS}"
    );
    Run::bare()
        .file("demos/job/first.toml", &demonstration)
        .with(&["--demo", "job"])
        .site(&site.base)
        .goal(goal)
        .answers(answers)
}

/// The same folder once more, with other answers.
async fn again(ended: Ended, site: &Site, goal: &str, answers: &str) -> Ended {
    let origin = format!("it={}", site.base);
    let flags = [
        "--demo",
        "job",
        "--site",
        &origin,
        "--answers",
        "answers.toml",
    ];
    let ended = ended.file("answers.toml", answers);
    ended
        .then(&[&["run", goal], flags.as_slice()].concat())
        .end()
        .await
}

fn sent(site: &Site) -> Vec<String> {
    site.posted()
}

#[tokio::test]
async fn the_first_run_asks_the_second_suggests_and_the_third_knows() {
    let site = reports().await;
    let ended = filing(&site, SHOWN, &centre("4711")).ends().await;
    ended.with(0, &["learnt 1 thing"]);
    let ended = again(ended, &site, SHOWN, &centre("4711")).await;
    ended.with(0, &["answered \"Which cost centre?\": 4711"]);
    assert_eq!(suggestions(&ended), ["4711", "1000"]);

    // Nothing is asked about it any more, and the card says why.
    let ended = again(
        ended,
        &site,
        SHOWN,
        &answer("known +cost centre 4711, as in your last two runs", "yes"),
    )
    .await;
    ended.with(0, &["cost centre 4711, as in your last two runs"]);
    assert!(!ended.stderr.contains("learnt"), "{}", ended.stderr);
    assert_eq!(sent(&site), ["purpose=lunch&centre=4711"; 3]);

    let listed = ended
        .then(&["demos", "learned", "job"])
        .end_by_force()
        .await;
    assert!(
        listed
            .stdout
            .contains("1  answer  step 2  cost-centre: 4711"),
        "{}",
        listed.stdout
    );
    assert!(listed.stdout.contains("2  answer"), "{}", listed.stdout);
    let gone = listed
        .then(&["demos", "unlearn", "job", "2"])
        .end_by_force()
        .await;
    gone.with(0, &["took back: cost-centre: 4711"]);
    let asked = again(gone, &site, SHOWN, &centre("4712")).await;
    asked.with(0, &["answered \"Which cost centre?\": 4712"]);
    let gone = asked
        .then(&["demos", "unlearn", "job", "--all"])
        .end_by_force()
        .await;
    let nothing = gone
        .then(&["demos", "learned", "job", "--json"])
        .end_by_force()
        .await;
    assert_eq!(nothing.with(0, &[]).stdout.trim(), "[]");
    nothing
        .then(&["demos", "unlearn", "job", "1"])
        .end_by_force()
        .await
        .with(2, &["has no entry 1"]);
}

#[tokio::test]
async fn a_preference_is_used_where_the_goal_is_silent_and_loses_against_it() {
    let site = reports().await;
    let set = filing(&site, SHOWN, "")
        .start_as(&["preferences", "set", "Cost centre", "4711"])
        .end_by_force()
        .await;
    set.with(0, &[]);
    let known = answer("known +cost centre 4711, your preference", "yes");
    let ended = again(set, &site, SHOWN, &known).await;
    ended.with(0, &["cost centre 4711, your preference"]);
    assert_eq!(sent(&site), ["purpose=lunch&centre=4711"]);

    // The goal speaks of it in words that the demonstration does not have: it is asked, and said.
    let spoken = "File the lunch report under cost centre 4712";
    let told = answer("which the demonstration does not show", "yes") + &centre("4712");
    let ended = again(ended, &site, spoken, &told).await;
    ended.with(0, &["speaks of cost centre", "preference 4711 is not used"]);
    assert_eq!(sent(&site)[1], "purpose=lunch&centre=4712");
    let noted = ended.trace().lines.iter().any(|line| {
        matches!(&line.event, apprentice::trace::Event::Note { text } if text.contains("is not used"))
    });
    assert!(noted, "the trace says it too");

    let listed = ended.then(&["preferences", "list"]).end_by_force().await;
    assert!(
        listed
            .stdout
            .contains("Cost centre  4711  everywhere  set by hand on 2"),
        "{}",
        listed.stdout
    );
    let removed = listed
        .then(&["preferences", "remove", "cost-centre"])
        .end_by_force()
        .await;
    removed.with(0, &[]);
    removed
        .then(&["preferences", "remove", "cost-centre"])
        .end_by_force()
        .await
        .with(2, &["nothing is preferred"]);
}

#[tokio::test]
async fn what_the_goal_says_goes_before_a_preference() {
    let site = reports().await;
    let set = filing(&site, SHOWN, "")
        .start_as(&["preferences", "set", "purpose", "talk", "--for", "job"])
        .end_by_force()
        .await;
    let ended = again(set, &site, "File the dinner report", &centre("1")).await;
    ended.with(
        0,
        &["the goal says purpose dinner, which goes before your preference talk"],
    );
    assert_eq!(sent(&site), ["purpose=dinner&centre=1"]);
}

#[tokio::test]
async fn a_run_that_was_refused_teaches_nothing() {
    let site = reports().await;
    let no = answer("Which cost centre", "4711") + &answer("File report.*send", "no");
    let ended = filing(&site, SHOWN, &no).ends().await;
    ended.with(3, &["you said no"]);
    let ended = ended
        .then(&["demos", "learned", "job"])
        .end_by_force()
        .await;
    ended.with(0, &["nothing was learnt"]);
    assert_eq!(sent(&site), [""; 0]);
}

#[tokio::test]
async fn a_changed_field_is_changed_next_time_and_the_card_says_so() {
    let site = reports().await;
    let edit = answer("Which cost centre", "4711")
        + &answer("Cost centre: 4711", "edit Cost centre=4712")
        + &answer("Cost centre: 4712", "yes");
    let ended = filing(&site, SHOWN, &edit).ends().await;
    ended.with(0, &["learnt 2 things"]);
    let known = answer(
        "Cost centre: 4712.*known +Cost centre 4712, as you changed it on",
        "yes",
    );
    let ended = again(ended, &site, SHOWN, &known).await;
    ended.with(0, &[]);
    assert_eq!(sent(&site), ["purpose=lunch&centre=4712"; 2]);
    // A file that a person broke stops the run before anything is done.
    let broken = ended.file(LEARNED, "format = '1.0'\n[[learnt]]\n");
    let stopped = broken.then(&["run", SHOWN, "--demo", "job"]);
    let stopped = stopped.end_by_force().await;
    stopped.with(2, &["learned.toml", "mend the file"]);
}

#[tokio::test]
async fn the_other_one_is_taken_next_time() {
    let list = "<ul><li>Spring draft <button type=button onclick=\"this.textContent='Opened'\">Open</button></li><li>Autumn draft <button type=button onclick=\"document.title='autumn'; this.textContent='Opened'\">Open</button></li></ul>";
    let site = Site::showing(list).await;
    let steps = "[[step]]\ndo = \"click\"\ntarget = { role = \"button\", name = \"Open\" }\n[step.after]\ntext = \"autumn\"\n";
    let ended = Run::on(&site, steps)
        .answers(&answer("not certain which is meant.*Autumn", "2"))
        .ends()
        .await;
    ended.with(0, &["learnt 1 thing"]);
    let origin = format!("it={}", site.base);
    let ended = ended
        .again(&["--demo", "job", "--site", &origin])
        .end()
        .await;
    ended.with(0, &["as you picked it on"]);
    ended
        .again(&["--demo", "job", "--site", &origin, "--no-learning"])
        .end()
        .await
        .with(4, &["not certain which is meant"]);
}

/// What the only question of the last run suggested.
fn suggestions(ended: &Ended) -> Vec<String> {
    let trace = ended.trace();
    let asked = trace.lines.iter().find_map(|line| match &line.event {
        apprentice::trace::Event::Asked { question, .. } => Some(question.suggestions.clone()),
        _ => None,
    });
    asked.expect("something was asked")
}
