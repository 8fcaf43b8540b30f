//! Folders that cannot be written, from the start or from some moment on.

use crate::support::run::Run;
use crate::support::site::{Site, html};

const WAITS: &str = "[[step]]\ndo = \"wait\"\nsays = \"wait for the end\"\nvalue = \"The end\"\n[[step]]\ndo = \"click\"\ntarget = { role = \"link\", name = \"Next\" }\n";

#[tokio::test]
async fn a_trace_folder_that_cannot_be_made_is_said_before_anything_is_done() {
    let site = Site::showing("<p>Hello").await;
    Run::on(&site, WAITS)
        .file("taken", "a file where the folder should be")
        .with(&["--traces", "taken/traces"])
        .ends()
        .await
        .with(
            1,
            &[
                "the trace cannot be written to taken/traces",
                "--traces DIR",
            ],
        );
    assert!(site.log().is_empty());
}

#[tokio::test]
async fn a_trace_folder_that_is_a_file_is_said_before_anything_is_done() {
    let site = Site::showing("<p>Hello").await;
    Run::on(&site, WAITS)
        .file("taken", "a file where the folder should be")
        .with(&["--traces", "taken"])
        .ends()
        .await
        .with(1, &["the trace cannot be written to taken", "--traces DIR"]);
    assert!(site.log().is_empty());
}

/// No room for another byte: what a full disk says, for one process.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_disk_that_is_full_from_some_moment_on_stops_the_run_before_the_next_action() {
    let site = Site::with([
        (
            "/",
            html("<p id=p>Wait</p><a href=/next>Next</a><script>fetch('/full').then(() => { p.textContent = 'The end' })</script>"),
        ),
        ("/full", crate::support::site::Page::Never),
        ("/next", html("Arrived")),
    ])
    .await;
    let mut run = Run::on(&site, WAITS).start();
    run.until_it_does("wait for the end").await;
    let none = libc::rlimit {
        rlim_cur: 1,
        rlim_max: 1,
    };
    // SAFETY: limits a process that this test started; `none` lives through the call.
    let limited =
        unsafe { libc::prlimit(run.pid(), libc::RLIMIT_FSIZE, &none, std::ptr::null_mut()) };
    assert_eq!(limited, 0, "{}", std::io::Error::last_os_error());
    let ended = run.end().await;
    ended.with(
        1,
        &["its trace cannot be kept", "run.jsonl", "free some space"],
    );
    assert!(!ended.trace().lines.is_empty());
    assert_eq!(site.asked_for("/next"), 0);
}
