//! Being told to end, at any moment, politely or not.

use std::time::Duration;

use apprentice::trace::{Event, Outcome};

use crate::support::model_server::{Behaviour, ModelServer};
use crate::support::run::{Run, Running};
use crate::support::site::{Page, Site, html};

const WAITS: &str =
    "[[step]]\ndo = \"wait\"\nsays = \"wait for nothing\"\nvalue = \"never there\"\n";

/// Ends, and soon.
async fn interrupted(run: Running, says: &str) {
    let begun = std::time::Instant::now();
    let ended = run.end().await;
    ended.with(130, &[says]);
    assert!(
        begun.elapsed() < Duration::from_secs(15),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn sigterm_while_the_browser_starts() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.browser().await;
    run.signal(libc::SIGTERM);
    interrupted(run, "interrupted").await;
}

#[tokio::test]
async fn sigterm_while_a_page_is_waited_for() {
    let site = Site::with([("/", Page::Never)]).await;
    let mut run = Run::on(&site, WAITS).start();
    run.until("the page is asked for", |_| site.asked_for("/") > 0)
        .await;
    run.signal(libc::SIGTERM);
    interrupted(run, "interrupted while it did: open").await;
}

#[tokio::test]
async fn sigterm_while_something_is_done() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.until_it_does("wait for nothing").await;
    run.signal(libc::SIGTERM);
    interrupted(run, "interrupted while it did: wait for nothing").await;
}

#[tokio::test]
async fn sigterm_while_a_model_thinks() {
    let site = Site::showing("<p>Hello").await;
    let server = ModelServer::start(Behaviour::Never).await;
    let mut run = Run::bare()
        .with(&[
            "--model",
            "chat:x",
            "--base-url",
            &server.base_url,
            "--start",
            &site.base,
        ])
        .start();
    run.until("the model is asked", |_| !server.requests().is_empty())
        .await;
    run.signal(libc::SIGTERM);
    interrupted(run, "interrupted while deciding").await;
}

#[tokio::test]
async fn sigterm_while_the_page_is_looked_at() {
    // The page is too busy to be looked at from its first moment on.
    let site = Site::showing(
        "<p>Hello<script>onload = () => setTimeout(() => { fetch('/busy'); const end = Date.now() + 20000; while (Date.now() < end); }, 700)</script>",
    )
    .await;
    let steps = format!("[[step]]\ndo = \"wait\"\nvalue = \"Hello\"\n{WAITS}");
    let mut run = Run::on(&site, &steps).start();
    run.until_event("it began", |event| matches!(event, Event::Acting { .. }))
        .await;
    run.until("the page is busy", |_| site.asked_for("/busy") > 0)
        .await;
    run.signal(libc::SIGTERM);
    interrupted(run, "interrupted").await;
}

#[tokio::test]
async fn ctrl_c_once_ends_after_what_is_being_done() {
    let site = Site::with([
        (
            "/",
            html(
                "<p id=p>Wait</p><script>
                const look = () => fetch('/look').then(r => r.ok ? p.textContent = 'never there' : setTimeout(look, 100));
                setTimeout(look, 3000)</script>",
            ),
        ),
        ("/look", html("ok")),
    ])
    .await;
    let steps = format!("{WAITS}[[step]]\ndo = \"navigate\"\nvalue = \"{{site:it}}/next\"\n");
    let mut run = Run::on(&site, &steps).start();
    run.until_it_does("wait for nothing").await;
    run.signal(libc::SIGINT);
    let ended = run.end().await;
    ended.with(130, &["interrupted before the next action"]);
    assert_eq!(ended.outcome(), Outcome::Interrupted);
    // What was being done was done to its end, and nothing after it.
    assert!(
        ended
            .trace()
            .lines
            .iter()
            .any(|line| matches!(line.event, Event::Acted { .. })),
        "{}",
        ended.stderr
    );
    assert_eq!(site.asked_for("/next"), 0);
}

#[tokio::test]
async fn ctrl_c_twice_ends_at_once() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.until_it_does("wait for nothing").await;
    run.signal(libc::SIGINT);
    // Two of the same signal that come together are one to the system.
    run.until("the first was heard", |run| run.heard("Ctrl-C"))
        .await;
    run.signal(libc::SIGINT);
    interrupted(run, "interrupted while it did: wait for nothing").await;
}

#[tokio::test]
async fn sigkill_leaves_no_browser_behind() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.until_it_does("wait for nothing").await;
    run.signal(libc::SIGKILL);
    let ended = run.end_by_force().await;
    assert_eq!(ended.code, None);
    // The trace says up to where it got.
    let trace = ended.trace();
    assert!(trace.end.is_none());
    assert!(
        matches!(
            trace.lines.last().map(|line| &line.event),
            Some(Event::Acting { .. })
        ),
        "{trace:?}"
    );
}

#[tokio::test]
async fn sigkill_while_the_browser_starts_leaves_no_browser_behind() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.browser().await;
    run.signal(libc::SIGKILL);
    run.end_by_force().await;
}
