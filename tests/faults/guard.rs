//! What the guard keeps in, seen from the command line: the server's log is what counts.

use apprentice::trace::Outcome;

use crate::support::run::Run;
use crate::support::site::{Site, html};

const STEPS: &str = r#"
[[step]]
do = "fill"
target = { role = "textbox", name = "Amount" }
value = "23.40"
[[step]]
do = "click"
says = "send the claim"
mark = "transfer-money"
target = { role = "button", name = "Submit claim" }
after = { text = "Thank you" }
"#;

async fn site() -> Site {
    Site::with([
        (
            "/",
            html("<form method=post action=/claim><label>Amount <input name=amount></label><button>Submit claim</button></form>"),
        ),
        ("/claim", html("<h1>Thank you</h1>")),
    ])
    .await
}

fn always(reply: &str) -> String {
    format!("[[answer]]\nto = 'Submit claim|send the claim'\nreply = '{reply}'\n")
}

#[tokio::test]
async fn a_yes_sends_it_once() {
    let site = site().await;
    Run::on(&site, STEPS)
        .answers(&always("yes"))
        .ends()
        .await
        .with(0, &[]);
    assert_eq!(site.posted(), ["amount=23.40"]);
}

#[tokio::test]
async fn a_no_ends_with_3_and_sends_nothing() {
    let site = site().await;
    let ended = Run::on(&site, STEPS).answers(&always("no")).ends().await;
    ended.with(3, &["you said no to"]);
    assert_eq!(ended.outcome(), Outcome::Refused);
    assert_eq!(site.posted(), [""; 0]);
}

#[tokio::test]
async fn nobody_there_is_no_yes_and_a_later_yes_goes_on() {
    let site = site().await;
    let ended = Run::on(&site, STEPS).ends().await;
    ended.with(4, &["apprentice resume"]);
    assert_eq!(site.posted(), [""; 0]);
    ended
        .file("answers.toml", &always("yes"))
        .resume(&[
            "--answers",
            "answers.toml",
            "--site",
            &format!("it={}", site.base),
        ])
        .end()
        .await
        .with(0, &[]);
    assert_eq!(site.posted(), ["amount=23.40"]);
}

#[tokio::test]
async fn a_rule_that_refuses_is_not_talked_over_by_a_yes() {
    let site = site().await;
    let ended = Run::on(&site, STEPS)
        .file("apprentice.toml", "[guard]\ntransfer-money = \"refuse\"\n")
        .answers(&always("yes"))
        .ends()
        .await;
    ended.with(3, &["rules refuse"]);
    assert_eq!(site.posted(), [""; 0]);
}

#[tokio::test]
async fn a_policy_file_that_cannot_be_read_is_never_no_policy() {
    for (text, says) in [
        ("[guard]\ntransfer-money = \"perhaps\"\n", "perhaps"),
        ("[guard]\ntransfer-monney = \"refuse\"\n", "transfer-monney"),
        ("[guard\n", "apprentice.toml"),
        ("guard = 3\n", "apprentice.toml"),
    ] {
        let site = site().await;
        Run::on(&site, STEPS)
            .file("apprentice.toml", text)
            .answers(&always("yes"))
            .ends()
            .await
            .with(2, &["apprentice.toml", says])
            .without_a_trace();
        assert!(site.log().is_empty());
    }
}
