//! A browser that is not there, is none, is too old, or does not live to the end.

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::routing::get;
use serde_json::{Value, json};

use crate::support::run::{Run, signal_to};
use crate::support::site::Site;

/// A step that waits for what never comes.
const WAITS: &str =
    "[[step]]\ndo = \"wait\"\nsays = \"wait for nothing\"\nvalue = \"never there\"\n";

#[tokio::test]
async fn a_browser_that_is_not_where_chrome_says_is_named() {
    let site = Site::showing("<p>Hello").await;
    let ended = Run::on(&site, WAITS)
        .variable("CHROME", "/nowhere/chromium")
        .ends()
        .await;
    ended
        .with(
            1,
            &["/nowhere/chromium", "there is no such program", "CHROME"],
        )
        .without_a_trace();
    assert!(site.log().is_empty());
}

#[tokio::test]
async fn a_program_that_is_no_browser_is_named_with_what_it_said() {
    let site = Site::showing("<p>Hello").await;
    let run = Run::on(&site, WAITS).file(
        "not-a-browser",
        "#!/bin/sh\necho 'cannot open display' >&2\nexit 1\n",
    );
    let program = executable(&run, "not-a-browser");
    run.with(&["--browser", &program])
        .ends()
        .await
        .with(1, &[&program, "cannot open display"])
        .without_a_trace();
}

#[tokio::test]
async fn a_browser_that_is_too_old_is_refused_and_ended() {
    let port = old_browser("HeadlessChrome/90.0.4430.212").await;
    let site = Site::showing("<p>Hello").await;
    let run = Run::on(&site, WAITS).file(
        "old-browser",
        // It stays, as a browser does, until it is ended.
        &format!(
            "#!/bin/sh\necho 'DevTools listening on ws://127.0.0.1:{port}/devtools/browser/old' >&2\nexec tail -f /dev/null\n"
        ),
    );
    let program = executable(&run, "old-browser");
    run.with(&["--browser", &program])
        .ends()
        .await
        .with(
            1,
            &[
                "HeadlessChrome/90.0.4430.212 is too old",
                "120",
                "update it",
                "--browser",
            ],
        )
        .without_a_trace();
}

#[tokio::test]
async fn nothing_to_connect_to_is_said_with_the_address() {
    let site = Site::showing("<p>Hello").await;
    // The site speaks http, but is no browser.
    Run::on(&site, WAITS)
        .with(&["--connect", &site.base])
        .ends()
        .await
        .with(1, &[&site.base, "--remote-debugging-port"])
        .without_a_trace();
}

#[tokio::test]
async fn a_browser_that_is_killed_while_something_is_done_ends_the_run() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.until_it_does("wait for nothing").await;
    let browser = run.browser().await;
    signal_to(browser, libc::SIGKILL);
    run.end()
        .await
        .with(1, &["the browser is gone", "run it again"]);
}

#[tokio::test]
async fn a_browser_that_is_killed_while_the_first_page_loads_ends_the_run() {
    let site = Site::with([("/", crate::support::site::Page::Never)]).await;
    let mut run = Run::on(&site, WAITS).start();
    run.until("the page is asked for", |_| site.asked_for("/") > 0)
        .await;
    let browser = run.browser().await;
    signal_to(browser, libc::SIGKILL);
    run.end()
        .await
        .with(1, &["the browser is gone", "run it again"]);
}

#[tokio::test]
async fn a_tab_that_crashes_ends_the_run() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::on(&site, WAITS).start();
    run.until_it_does("wait for nothing").await;
    let renderers = run.renderers();
    assert!(!renderers.is_empty());
    for renderer in renderers {
        signal_to(renderer, libc::SIGKILL);
    }
    run.end()
        .await
        .with(1, &["the tab crashed at", &site.base, "start again"]);
}

fn executable(run: &Run, name: &str) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let path = run.folder().join(name);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&path, mode).expect("it can be made a program");
    path.display().to_string()
}

/// Speaks just enough of DevTools to say which version it is; gives its port.
async fn old_browser(product: &'static str) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has free ports");
    let port = listener
        .local_addr()
        .expect("a bound socket has an address")
        .port();
    let app = axum::Router::new().route(
        "/devtools/browser/old",
        get(move |upgrade: WebSocketUpgrade| async move {
            upgrade.on_upgrade(move |socket| say_version(socket, product))
        }),
    );
    tokio::spawn(async move { axum::serve(listener, app).await });
    port
}

async fn say_version(mut socket: WebSocket, product: &str) {
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Text(text) = message else {
            continue;
        };
        let call: Value = serde_json::from_str(&text).expect("commands are JSON");
        let result = if call["method"] == "Browser.getVersion" {
            json!({ "protocolVersion": "1.3", "product": product })
        } else {
            json!({})
        };
        let answer = json!({ "id": call["id"], "result": result }).to_string();
        if socket.send(Message::Text(answer.into())).await.is_err() {
            return;
        }
    }
}
