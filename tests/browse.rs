//! `apprentice browse`: the firewall's rules hold in every page, also in those that a DevTools client opens, whatever it says.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::devtools::DevTools;
use crate::support::run::{Ended, Run, Running};
use crate::support::site::{Page, Site, html};

/// How long what was held may take to be refused, where a test does not wait for it.
const LONG: &str = "600";

/// The program, its site, and a client that drives it.
struct Browsing {
    run: Running,
    site: Site,
    address: String,
    client: DevTools,
}

impl Browsing {
    /// With a limit, in seconds, on how long a write waits for a yes.
    async fn start(hold: &str) -> Browsing {
        let site = Site::with([
            ("/", html("<h1>A page")),
            ("/read", html("read")),
            ("/frame", html("<iframe src=/read></iframe>")),
            ("/never", Page::Never),
        ])
        .await;
        let url = format!("{}/", site.base);
        let mut run = Run::bare().start_as(&["browse", &url, "--cdp-port", "0", "--hold", hold]);
        run.until("the address is printed", |run| run.printed().contains('\n'))
            .await;
        let address = run.printed().trim().to_owned();
        let client = DevTools::connect(&address).await;
        Browsing {
            run,
            site,
            address,
            client,
        }
    }

    /// A tab of the client's own at the site.
    async fn tab(&self) -> String {
        let (_, session) = self.client.tab(&format!("{}/", self.site.base)).await;
        self.ready(&session).await;
        session
    }

    /// Waits until the page of a session is there.
    async fn ready(&self, session: &str) {
        let there = "new Promise(yes => { const look = () => location.href !== 'about:blank' && document.readyState === 'complete' ? yes(1) : setTimeout(look, 10); look() })";
        // The document that was asked may be replaced meanwhile.
        while self.evaluate(session, there).await.is_err() {}
    }

    async fn evaluate(&self, session: &str, script: &str) -> Result<Value, String> {
        let params = json!({ "expression": script, "awaitPromise": true, "userGesture": true });
        self.client
            .call(Some(session), "Runtime.evaluate", params)
            .await
    }

    /// Has a page post something, without waiting for it.
    async fn post(&self, session: &str, path: &str) {
        let script = format!("void fetch('{path}', {{ method: 'POST', body: 'amount=12' }})");
        self.evaluate(session, &script).await.expect("it is tried");
    }

    /// Waits until the program says that a write to this path is held.
    async fn is_held(&mut self, method: &str, path: &str) {
        let line = format!("held: {method} {}{path}", self.site.base);
        self.run.until(&line.clone(), |run| run.heard(&line)).await;
    }

    async fn refused(&self, session: Option<&str>, method: &str, params: Value) {
        let answer = self.client.call(session, method, params.clone()).await;
        let error = answer.expect_err(&format!("{method} {params} is refused"));
        assert!(error.contains("refused by the firewall"), "{error}");
    }

    /// Ends it, and nothing was sent that changes anything.
    async fn ends_with_nothing_sent(self) -> Ended {
        self.run.signal(libc::SIGINT);
        let ended = self.run.end().await;
        ended.with(0, &["what was still held was not sent"]);
        nothing_was_sent(&self.site);
        ended
    }
}

#[track_caller]
fn nothing_was_sent(site: &Site) {
    let changes: Vec<_> = site
        .log()
        .into_iter()
        .filter(|one| !matches!(one.method.as_str(), "GET" | "OPTIONS"))
        .collect();
    assert_eq!(changes, []);
}

#[tokio::test]
async fn a_write_waits_for_a_yes_and_is_refused_when_nobody_gives_one() {
    let mut browsing = Browsing::start("1").await;
    let session = browsing.tab().await;
    let script =
        "fetch('/pay', { method: 'POST', body: 'amount=12' }).then(() => 'sent', () => 'failed')";
    let end = browsing.evaluate(&session, script).await.unwrap();
    assert_eq!(end["result"]["value"], "failed");
    browsing.is_held("POST", "/pay").await;
    browsing
        .run
        .until("the refusal is said", |run| {
            run.heard("nobody said yes within 1 s")
        })
        .await;
    // Reads were never in question.
    assert!(browsing.site.asked_for("/") >= 2);
    browsing.ends_with_nothing_sent().await;
}

#[tokio::test]
async fn a_context_of_a_clients_own_is_held_too() {
    let mut browsing = Browsing::start(LONG).await;
    for params in [
        json!({ "proxyServer": "direct://" }),
        json!({ "proxyServer": "http://127.0.0.1:1", "proxyBypassList": "<-loopback>" }),
        json!({ "proxyBypassList": "*" }),
    ] {
        browsing
            .refused(None, "Target.createBrowserContext", params)
            .await;
    }
    let made = browsing
        .client
        .call(
            None,
            "Target.createBrowserContext",
            json!({ "disposeOnDetach": true }),
        )
        .await
        .unwrap();
    let tab = browsing
        .client
        .call(
            None,
            "Target.createTarget",
            json!({ "url": format!("{}/", browsing.site.base), "browserContextId": made["browserContextId"] }),
        )
        .await
        .unwrap();
    let session = browsing
        .client
        .attach(tab["targetId"].as_str().unwrap())
        .await;
    browsing.ready(&session).await;
    browsing.post(&session, "/apart").await;
    browsing.is_held("POST", "/apart").await;
    // The context goes with the client's connection, and what was held in it is not sent.
    let address = browsing.address.clone();
    drop(std::mem::replace(
        &mut browsing.client,
        DevTools::connect(&address).await,
    ));
    let session = browsing.tab().await;
    browsing.post(&session, "/after").await;
    browsing.is_held("POST", "/after").await;
    browsing.ends_with_nothing_sent().await;
}

#[tokio::test]
async fn a_clients_own_interception_comes_before_the_review() {
    let mut browsing = Browsing::start(LONG).await;
    let session = browsing.tab().await;
    let pattern = json!({ "patterns": [{ "urlPattern": "*/read*" }] });
    browsing
        .client
        .call(Some(&session), "Fetch.enable", pattern)
        .await
        .unwrap();
    let read = |query: &str| format!("void fetch('/read?{query}').catch(() => 0)");
    // A read that the client makes a write of.
    browsing.evaluate(&session, &read("1")).await.unwrap();
    let id = browsing.paused(1).await;
    let change = json!({
        "requestId": id,
        "url": format!("{}/changed", browsing.site.base),
        "method": "POST",
        "postData": "YW1vdW50PTEy",
    });
    browsing
        .client
        .call(Some(&session), "Fetch.continueRequest", change)
        .await
        .unwrap();
    browsing.is_held("POST", "/changed").await;
    // A read that the client answers with a redirect which keeps the method of a write.
    let script = "void fetch('/read?2', { method: 'POST', body: 'amount=12' }).catch(() => 0)";
    browsing.evaluate(&session, script).await.unwrap();
    let id = browsing.paused(2).await;
    let redirect = json!({
        "requestId": id,
        "responseCode": 307,
        "responseHeaders": [{ "name": "location", "value": format!("{}/redirected", browsing.site.base) }],
    });
    browsing
        .client
        .call(Some(&session), "Fetch.fulfillRequest", redirect)
        .await
        .unwrap();
    browsing.is_held("POST", "/redirected").await;
    // What it lets go as it is still waits, and switching its own interception off switches nothing else off.
    let script = "void fetch('/read?3', { method: 'POST', body: 'amount=12' }).catch(() => 0)";
    browsing.evaluate(&session, script).await.unwrap();
    let id = browsing.paused(3).await;
    browsing
        .client
        .call(
            Some(&session),
            "Fetch.continueRequest",
            json!({ "requestId": id }),
        )
        .await
        .unwrap();
    browsing.is_held("POST", "/read").await;
    browsing
        .client
        .call(Some(&session), "Fetch.disable", json!({}))
        .await
        .unwrap();
    browsing.post(&session, "/afterwards").await;
    browsing.is_held("POST", "/afterwards").await;
    browsing.ends_with_nothing_sent().await;
}

impl Browsing {
    /// The id of the request that the client's own interception stopped as its `count`th.
    async fn paused(&mut self, count: usize) -> Value {
        let client = &self.client;
        self.run
            .until("the client's interception stops it", |_| {
                client.events("Fetch.requestPaused").len() >= count
            })
            .await;
        self.client.events("Fetch.requestPaused")[count - 1]["params"]["requestId"].clone()
    }
}

#[tokio::test]
async fn what_would_open_the_firewall_is_refused_in_a_sentence() {
    let mut browsing = Browsing::start(LONG).await;
    let session = browsing.tab().await;
    let (target, _) = browsing.client.tab("about:blank").await;
    for (within, method, params) in [
        (None, "Fetch.enable", json!({})),
        (None, "Fetch.disable", json!({})),
        (None, "Target.attachToBrowserTarget", json!({})),
        (
            None,
            "Target.exposeDevToolsProtocol",
            json!({ "targetId": target }),
        ),
        (
            None,
            "Target.sendMessageToTarget",
            json!({ "targetId": target, "message": "{}" }),
        ),
        (None, "Target.attachToTarget", json!({ "targetId": target })),
        (
            None,
            "Target.createTarget",
            json!({ "url": "chrome://settings" }),
        ),
        (None, "Browser.crash", json!({})),
        (
            Some(session.as_str()),
            "Page.navigate",
            json!({ "url": "chrome://flags" }),
        ),
        (
            Some(&session),
            "Page.navigate",
            json!({ "url": "file:///etc/hostname" }),
        ),
        (
            Some(&session),
            "Network.loadNetworkResource",
            json!({ "url": "http://127.0.0.1:1/", "options": {} }),
        ),
        (
            Some(&session),
            "Security.setIgnoreCertificateErrors",
            json!({ "ignore": true }),
        ),
        (
            Some(&session),
            "Network.setRequestInterception",
            json!({ "patterns": [] }),
        ),
        (
            Some("no-such-session"),
            "Runtime.evaluate",
            json!({ "expression": "1" }),
        ),
    ] {
        browsing.refused(within, method, params).await;
    }
    browsing
        .run
        .until("it is said to the person too", |run| {
            run.heard("Fetch.enable is refused by the firewall")
        })
        .await;
    // What protects the page and not the world may be switched off: nothing leaves for that.
    for (method, params) in [
        ("Network.enable", json!({})),
        ("Network.setBypassServiceWorker", json!({ "bypass": true })),
        ("Page.setBypassCSP", json!({ "enabled": true })),
        (
            "Network.setExtraHTTPHeaders",
            json!({ "headers": { "x-said": "yes" } }),
        ),
        (
            "Target.setAutoAttach",
            json!({ "autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true }),
        ),
        (
            "Target.setAutoAttach",
            json!({ "autoAttach": false, "waitForDebuggerOnStart": false, "flatten": true }),
        ),
    ] {
        let answer = browsing.client.call(Some(&session), method, params).await;
        assert!(answer.is_ok(), "{method}: {answer:?}");
    }
    browsing.post(&session, "/still").await;
    browsing.is_held("POST", "/still").await;
    browsing.ends_with_nothing_sent().await;
}

#[tokio::test]
async fn a_client_that_closes_the_browser_ends_it_in_order() {
    let mut browsing = Browsing::start(LONG).await;
    let session = browsing.tab().await;
    browsing.post(&session, "/pay").await;
    browsing.is_held("POST", "/pay").await;
    let closed = browsing.client.call(None, "Browser.close", json!({})).await;
    assert!(closed.is_ok(), "{closed:?}");
    browsing.run.end().await.with(0, &["the browser is closed"]);
    nothing_was_sent(&browsing.site);
}

#[tokio::test]
async fn a_tab_that_is_closed_takes_what_it_held_with_it_and_the_last_one_ends_it() {
    let mut browsing = Browsing::start(LONG).await;
    let (target, session) = browsing
        .client
        .tab(&format!("{}/", browsing.site.base))
        .await;
    browsing.ready(&session).await;
    let script = "navigator.sendBeacon('/beacon', 'amount=12'); void fetch('/pay', { method: 'POST', keepalive: true, body: 'amount=12' })";
    browsing.evaluate(&session, script).await.unwrap();
    browsing.is_held("POST", "/beacon").await;
    browsing.is_held("POST", "/pay").await;
    let targets = browsing
        .client
        .call(None, "Target.getTargets", json!({}))
        .await
        .unwrap();
    let others: Vec<Value> = targets["targetInfos"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["type"] == "page" && one["targetId"] != *target)
        .map(|one| one["targetId"].clone())
        .collect();
    for one in std::iter::once(json!(target)).chain(others) {
        // The last answer may be cut off by the end.
        let _ = browsing
            .client
            .call(None, "Target.closeTarget", json!({ "targetId": one }))
            .await;
    }
    browsing.run.end().await.with(0, &["the browser is closed"]);
    nothing_was_sent(&browsing.site);
}

#[tokio::test]
async fn a_page_cannot_use_the_address_that_tools_are_given() {
    let browsing = Browsing::start(LONG).await;
    let http = browsing.address.replace("ws://", "http://");
    let base = http.split("/devtools/").next().unwrap().to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ask = |header: Option<(&'static str, &'static str)>| {
        let mut request = client.get(format!("{base}/json/version"));
        if let Some((name, value)) = header {
            request = request.header(name, value);
        }
        request.send()
    };
    let version: Value = ask(None).await.unwrap().json().await.unwrap();
    assert_eq!(version["webSocketDebuggerUrl"], *browsing.address);
    for header in [
        ("origin", "https://example.org"),
        ("origin", "null"),
        ("host", "rebound.example"),
    ] {
        let answer = ask(Some(header)).await.unwrap();
        assert_eq!(answer.status(), 403, "{header:?}");
    }
    // A page's own address has its own socket, with the same rules.
    let list: Value = client
        .get(format!("{base}/json/list"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let page = list[0]["webSocketDebuggerUrl"].as_str().unwrap();
    let direct = DevTools::connect(page).await;
    let answer = direct
        .call(None, "Runtime.evaluate", json!({ "expression": "1 + 1" }))
        .await
        .unwrap();
    assert_eq!(answer["result"]["value"], 2);
    let error = direct
        .call(None, "Page.navigate", json!({ "url": "chrome://version" }))
        .await
        .unwrap_err();
    assert!(error.contains("refused by the firewall"), "{error}");
    for wrong in ["browser/guessed", "page/guessed", "page/..%2fbrowser"] {
        let address = format!("{}/devtools/{wrong}", base.replace("http://", "ws://"));
        assert!(DevTools::try_connect(&address).await.is_err(), "{wrong}");
    }
    browsing.ends_with_nothing_sent().await;
}

#[tokio::test]
async fn for_other_programs_it_prints_one_json_document() {
    let site = Site::showing("<p>Hello").await;
    let mut run = Run::bare().start_as(&["browse", &site.base, "--cdp-port", "0", "--json", "-q"]);
    run.until("the document is printed", |run| {
        serde_json::from_str::<Value>(&run.printed()).is_ok()
    })
    .await;
    let printed: Value = serde_json::from_str(&run.printed()).unwrap();
    assert_eq!(printed["headed"], false);
    let client = DevTools::connect(printed["devtools"].as_str().unwrap()).await;
    assert!(
        client
            .call(None, "Browser.getVersion", json!({}))
            .await
            .is_ok()
    );
    run.signal(libc::SIGTERM);
    let ended = run.end().await;
    ended.with(0, &[]);
    assert_eq!(ended.stderr, "");
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error_in_a_sentence() {
    let site = Site::showing("<p>Hello").await;
    let port = site.port.to_string();
    let run = Run::bare().start_as(&["browse", "--cdp-port", &port]);
    run.end().await.with(
        1,
        &[
            "cannot listen for DevTools clients on port",
            "choose another port",
        ],
    );
}

#[tokio::test]
async fn interrupted_while_a_page_is_waited_for_it_ends_at_once() {
    let site = Site::with([("/", Page::Never)]).await;
    let mut run = Run::bare().start_as(&["browse", &site.base]);
    run.until("the page is asked for", |_| site.asked_for("/") > 0)
        .await;
    let begun = std::time::Instant::now();
    run.signal(libc::SIGINT);
    run.end().await.with(0, &["shows no window"]);
    assert!(begun.elapsed() < Duration::from_secs(15));
}
