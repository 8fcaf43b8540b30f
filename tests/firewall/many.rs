//! Many connections at once, and more bytes than should ever be in memory.

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::sync::watch;

use super::world::{Lines, Web, allowing, client, open_switch};

const AT_ONCE: usize = 1000;
/// File handles: of the client, both sides of the switch and the server.
const HANDLES: u64 = 5000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_slow_requests_wait_at_once_and_all_are_answered() {
    more_handles();
    let (go, gone) = watch::channel(false);
    let slow = get(move || {
        let mut gone = gone.clone();
        async move {
            let _ = gone.wait_for(|gone| *gone).await;
            "done"
        }
    });
    let site = Web::plain(Router::new().route("/slow", slow)).await;
    let switch = open_switch(allowing(&[site.port])).await;
    let client = client(&switch.outlet());
    let early = Lines::new();
    let waiting: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (sent, early) = (
                client.get(format!("{}/slow", site.base)).send(),
                early.clone(),
            );
            let gone = go.subscribe();
            tokio::spawn(async move {
                let answer = sent.await;
                if !*gone.borrow() {
                    early.add(format!("early: {answer:?}"));
                }
                answer
            })
        })
        .collect();
    // All of them arrive while none is answered.
    tokio::select! {
        () = site.log.until_times("GET /slow", AT_ONCE) => {}
        () = early.until("early") => panic!("{:?}", early.all()),
    }
    go.send(true).unwrap();
    for one in waiting {
        let answer = one.await.unwrap().unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.text().await.unwrap(), "done");
    }
    assert_eq!(switch.log()[0].exchanges, AT_ONCE as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_larger_than_memory_should_hold_leaves_memory_flat() {
    const PIECE: usize = 64 * 1024;
    const PIECES: usize = 3200;
    /// Far less than the 200 MB that go through.
    const GROWTH_KB: u64 = 50_000;
    let large = get(|| async {
        let pieces = std::iter::repeat_n(vec![7u8; PIECE], PIECES);
        Body::from_stream(futures::stream::iter(pieces.map(Ok::<_, std::io::Error>)))
    });
    let app = Router::new().route("/large", large);
    for site in [Web::plain(app.clone()).await, Web::secure(app).await] {
        let switch = open_switch(allowing(&[site.port])).await;
        let mut answer = client(&switch.outlet())
            .get(format!("{}/large", site.base))
            .send()
            .await
            .unwrap();
        let first = answer.chunk().await.unwrap().unwrap();
        let (before, mut most, mut bytes) = (resident_kb(), 0, first.len());
        while let Some(chunk) = answer.chunk().await.unwrap() {
            if bytes / 10_000_000 != (bytes + chunk.len()) / 10_000_000 {
                most = most.max(resident_kb());
            }
            bytes += chunk.len();
        }
        assert_eq!(bytes, PIECE * PIECES);
        assert!(most < before + GROWTH_KB, "{before} KB, then {most} KB");
    }
}

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn more_handles() {
    let limit = libc::rlimit {
        rlim_cur: HANDLES,
        rlim_max: HANDLES,
    };
    // SAFETY: the pointer is to a value that lives through the call.
    assert_eq!(
        unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) },
        0
    );
}
