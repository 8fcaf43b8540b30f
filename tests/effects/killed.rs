//! What is held is never sent when a part of the firewall dies: the program, its proxy, the browser. The DevTools connection
//! is cut in the browser room's own tests, which alone can reach it.

use std::sync::Arc;
use std::time::Duration;

use apprentice::computer::browser::{OpenSettings, open};
use apprentice::computer::{Gate, Request, RequestEnd, Ruling};
use apprentice::guard::firewall::{HostRules, Switch, SwitchSettings};
use serde_json::json;
use tokio::sync::watch;

use crate::support::devtools::DevTools;
use crate::support::run::Run;
use crate::support::site::{Site, html};

/// How long a page may take to try what it is told to.
const LIMIT: Duration = Duration::from_secs(20);

/// Ways to send that outlive their page, beside plain ones.
const SENDS: [(&str, &str); 6] = [
    (
        "fetch",
        "fetch('/fetch', { method: 'POST', body: 'amount=12' })",
    ),
    (
        "keepalive",
        "fetch('/keepalive', { method: 'POST', keepalive: true, body: 'amount=12' })",
    ),
    ("beacon", "navigator.sendBeacon('/beacon', 'amount=12')"),
    (
        "worker",
        "new Worker(URL.createObjectURL(new Blob([`fetch('${origin}/worker', { method: 'POST', body: 'amount=12' })`])))",
    ),
    (
        "popup",
        "open('about:blank').fetch('/popup', { method: 'POST', body: 'amount=12' })",
    ),
    (
        "form",
        "document.body.innerHTML = '<form method=post action=/form target=_blank><input name=amount value=12></form>'; document.forms[0].submit()",
    ),
];

async fn site() -> Site {
    Site::with([("/", html("<h1>A page"))]).await
}

/// Everything of the site is loaded in a session.
async fn ready(client: &DevTools, session: &str) {
    let there = json!({
        "expression": "new Promise(yes => { const look = () => location.href !== 'about:blank' && document.readyState === 'complete' ? yes(1) : setTimeout(look, 10); look() })",
        "awaitPromise": true,
    });
    // The document that was asked may be replaced meanwhile.
    while client
        .call(Some(session), "Runtime.evaluate", there.clone())
        .await
        .is_err()
    {}
}

async fn send_all(client: &DevTools, session: &str) {
    for (_, script) in SENDS {
        let script = format!("void ({{ async go() {{ {script} }} }}).go().catch(() => 0)");
        let params = json!({ "expression": script, "userGesture": true });
        client
            .call(Some(session), "Runtime.evaluate", params)
            .await
            .expect("it is tried");
    }
}

/// Whatever was sent before now is in the log afterwards; none of it changes anything.
async fn nothing_arrived(site: &Site) {
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    client
        .get(format!("{}/", site.base))
        .send()
        .await
        .expect("the site answers");
    assert_eq!(site.posted(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_held_dies_with_the_program() {
    let site = site().await;
    let mut run = Run::bare().start_as(&["browse", &site.base, "--cdp-port", "0", "--hold", "600"]);
    run.until("the address is printed", |run| run.printed().contains('\n'))
        .await;
    let client = DevTools::connect(run.printed().trim()).await;
    let (_, session) = client.tab(&format!("{}/", site.base)).await;
    ready(&client, &session).await;
    send_all(&client, &session).await;
    for (name, _) in SENDS {
        let line = format!("held: POST {}/{name}", site.base);
        run.until(&line.clone(), |run| run.heard(&line)).await;
    }
    run.signal(libc::SIGKILL);
    assert_eq!(run.end_by_force().await.code, None);
    nothing_arrived(&site).await;
}

/// Holds writes until it is told to let go of them.
struct Later {
    held: watch::Sender<usize>,
    go: watch::Sender<bool>,
}

impl Later {
    fn new() -> Arc<Later> {
        Arc::new(Later {
            held: watch::Sender::new(0),
            go: watch::Sender::new(false),
        })
    }

    async fn holds(&self, count: usize) {
        let mut held = self.held.subscribe();
        let enough = held.wait_for(|now| *now >= count);
        let came = tokio::time::timeout(LIMIT, enough).await.is_ok();
        assert!(came, "{} of {count} are held", *self.held.borrow());
    }
}

#[async_trait::async_trait]
impl Gate for Later {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        (request.method == "GET").then_some(Ruling::LetGo)
    }

    async fn decide(&self, _: Request) -> Ruling {
        self.held.send_modify(|count| *count += 1);
        // The sender is in `self`.
        let _ = self.go.subscribe().wait_for(|go| *go).await;
        Ruling::LetGo
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}

struct Guarded {
    site: Site,
    gate: Arc<Later>,
    switch: Switch,
    browser: apprentice::computer::browser::Browser,
    client: DevTools,
    session: String,
    _folder: tempfile::TempDir,
}

async fn guarded() -> Guarded {
    let site = site().await;
    let mut hosts = HostRules::default();
    assert!(hosts.allow("127.0.0.1", site.port));
    let switch = Switch::open(SwitchSettings {
        hosts,
        ..SwitchSettings::default()
    })
    .await
    .expect("loopback has free ports");
    let gate = Later::new();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        gate: Some(Arc::clone(&gate) as _),
        outlet: Some(switch.outlet()),
        ..OpenSettings::default()
    })
    .await
    .expect("a browser");
    let client = DevTools::connect(browser.address().expect("it is our own")).await;
    let (_, session) = client.tab(&format!("{}/", site.base)).await;
    ready(&client, &session).await;
    Guarded {
        site,
        gate,
        switch,
        browser,
        client,
        session,
        _folder: folder,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_let_go_after_the_proxy_died_reaches_nobody() {
    let mut world = guarded().await;
    send_all(&world.client, &world.session).await;
    world.gate.holds(SENDS.len()).await;
    drop(world.switch);
    world.gate.go.send_replace(true);
    // The page has heard what became of one more that it sends after those.
    let last = json!({
        "expression": "fetch('/last', { method: 'POST', body: 'amount=12' }).then(() => 'sent', () => 'failed')",
        "awaitPromise": true,
    });
    let end = world
        .client
        .call(Some(&world.session), "Runtime.evaluate", last)
        .await
        .expect("the page answers");
    assert_eq!(end["result"]["value"], "failed");
    world.browser.end().await;
    nothing_arrived(&world.site).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_requests_arrive_when_nothing_dies_and_they_are_let_go() {
    let mut world = guarded().await;
    send_all(&world.client, &world.session).await;
    world.gate.holds(SENDS.len()).await;
    nothing_arrived(&world.site).await;
    world.gate.go.send_replace(true);
    let begun = std::time::Instant::now();
    while world.site.posted().len() < SENDS.len() {
        assert!(begun.elapsed() < LIMIT, "{:?}", world.site.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world.browser.end().await;
    assert_eq!(world.site.posted().len(), SENDS.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_has_no_last_word_when_the_browser_is_closed() {
    let mut world = guarded().await;
    let listen = json!({ "expression": "for (const when of ['pagehide', 'visibilitychange', 'beforeunload', 'unload', 'freeze'])
        addEventListener(when, () => { navigator.sendBeacon('/' + when, 'amount=12'); fetch('/' + when, { method: 'POST', keepalive: true, body: 'amount=12' }) }, true);
        fetchLater('/later', { method: 'POST', body: 'amount=12' }); 1" });
    world
        .client
        .call(Some(&world.session), "Runtime.evaluate", listen)
        .await
        .expect("the page listens");
    send_all(&world.client, &world.session).await;
    world.gate.holds(SENDS.len()).await;
    world.browser.end().await;
    nothing_arrived(&world.site).await;
}
