//! Every way out of a real browser but the switch is closed: counted at servers, datagram by datagram.
//!
//! Where a way is open without the outlet, the test shows that first, so that it could fail.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use apprentice::computer::browser::OpenSettings;
use apprentice::guard::firewall::SwitchSettings;
use axum::Router;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde_json::Value;

use super::world::{
    Connections, Datagrams, Lines, Web, allowing, browser, browser_with, open_switch, page, visit,
};

/// A site with one page, whose script fetches `/done` at its end.
async fn site(script: &str) -> Web {
    let script =
        format!("try {{ {script} }} catch (error) {{ console.log(error) }} await fetch('/done');");
    Web::plain(
        Router::new()
            .route("/", get(move || async move { page(&script) }))
            .fallback(|| async { "" }),
    )
    .await
}

/// Shows the site in a browser, with an outlet that allows these ports too, or with none, until its script is done.
async fn show(site: &Web, behind: Option<&[u16]>) {
    let ports = behind.map(|more| [&[site.port], more].concat());
    let switch = match &ports {
        Some(ports) => Some(open_switch(allowing(ports)).await),
        None => None,
    };
    let outlet = switch.as_ref().map(|switch| switch.outlet());
    let (mut browser, _folder) = browser(outlet).await;
    visit(&mut browser, &site.base).await;
    site.log.until("GET /done").await;
    browser.end().await;
}

/// Gathers every candidate that a peer connection can, with these servers, and gives up after a while of its own.
fn gathering(servers: &str) -> String {
    format!(
        "const peer = new RTCPeerConnection({{ iceServers: [{servers}] }});
         peer.createDataChannel('out');
         const gathered = new Promise(done => peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done());
         await peer.setLocalDescription();
         await Promise.race([gathered, new Promise(done => setTimeout(done, 8000))]);
         peer.close();"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn webrtc_sends_no_datagram() {
    for (behind, leaks) in [(None, true), (Some(&[][..]), false)] {
        let counted = Datagrams::counted().await;
        let site = site(&gathering(&format!(
            "{{ urls: 'stun:127.0.0.1:{0}' }}, {{ urls: 'turn:127.0.0.1:{0}?transport=udp', username: 'u', credential: 'p' }}",
            counted.port
        )))
        .await;
        show(&site, behind).await;
        let datagrams = counted.log.all();
        assert_eq!(!datagrams.is_empty(), leaks, "{behind:?} {datagrams:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webrtc_gets_no_byte_out_over_tcp_either() {
    for (scheme, secure) in [("turn", false), ("turns", true)] {
        for (direct, leaks) in [(true, true), (false, false)] {
            let counted = Connections::counted().await;
            let script = gathering(&format!(
                "{{ urls: '{scheme}:127.0.0.1:{}?transport=tcp', username: 'u', credential: 'p' }}",
                counted.port
            ));
            let site = site(&script).await;
            // Its server is allowed, so that only what it says can be refused.
            let allowed = [counted.port];
            show(&site, (!direct).then_some(&allowed[..])).await;
            let bytes = counted.log.with("bytes");
            assert_eq!(
                bytes > 0,
                leaks,
                "{scheme} secure={secure} direct={direct} {:?}",
                counted.log.all()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn webtransport_sends_no_datagram() {
    for (behind, leaks) in [(None, true), (Some(&[][..]), false)] {
        let counted = Datagrams::counted().await;
        let site = site(&format!(
            "const transport = new WebTransport('https://127.0.0.1:{}/out');
             await Promise.race([transport.ready, new Promise(done => setTimeout(done, 3000))]);",
            counted.port
        ))
        .await;
        show(&site, behind).await;
        let datagrams = counted.log.all();
        assert_eq!(!datagrams.is_empty(), leaks, "{behind:?} {datagrams:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_offers_quic_is_not_spoken_to_by_datagrams() {
    let counted = Datagrams::counted().await;
    let offer = format!("h3=\":{}\"; ma=3600", counted.port);
    let shop = Web::secure(Router::new().fallback(move || {
        let offer = offer.clone();
        async move { ([(header::ALT_SVC, offer)], page("for (let i = 0; i < 5; i++) await fetch('/again/' + i, { cache: 'no-store' }); await fetch('/done');")).into_response() }
    }))
    .await;
    let switch = open_switch(allowing(&[shop.port])).await;
    let mut outlet = switch.outlet();
    outlet.trusted_key = shop.certificate.as_ref().map(|(_, key)| key.clone());
    let (mut browser, _folder) = browser(Some(outlet)).await;
    visit(&mut browser, &shop.base).await;
    shop.log.until("GET /done").await;
    browser.end().await;
    assert_eq!(counted.log.all(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn loopback_is_not_passed_by() {
    let other = Web::plain(Router::new().fallback(|| async { "" })).await;
    let script = format!(
        "for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]'])
           await fetch('http://' + host + ':{}/inside', {{ mode: 'no-cors' }}).catch(() => 0);",
        other.port
    );
    let site = site(&script).await;
    show(&site, Some(&[])).await;
    assert_eq!(other.log.all(), Vec::<String>::new());
}

/// Requests that the page itself never makes.
const AHEAD: &str = "
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = JSON.stringify({
      prefetch: [{ source: 'list', urls: ['/ahead/prefetched'], eagerness: 'immediate' }],
      prerender: [{ source: 'list', urls: ['/ahead/prerendered'], eagerness: 'immediate' }] });
    document.head.append(rules);";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_fetched_ahead_also_in_a_profile_that_wants_it() {
    let kept = tempfile::tempdir().unwrap();
    let preferences = kept.path().join("Default/Preferences");
    std::fs::create_dir_all(preferences.parent().unwrap()).unwrap();
    std::fs::write(
        &preferences,
        r#"{"net":{"network_prediction_options":0},"session":{"restore_on_startup":5}}"#,
    )
    .unwrap();
    // Without the outlet it is fetched, which also tells how long fetching ahead takes.
    let open = site(&format!("{AHEAD} while (!await (await fetch('/ahead?')).text()) if (performance.now() > 5000) break;")).await;
    let (mut free, _folder) = browser_with(OpenSettings {
        profile: Some(kept.path().to_owned()),
        ..OpenSettings::default()
    })
    .await;
    visit(&mut free, &open.base).await;
    open.log.until("GET /ahead/pre").await;
    free.end().await;

    let shut = site(&format!(
        "{AHEAD} await new Promise(done => setTimeout(done, 3000));"
    ))
    .await;
    let switch = open_switch(allowing(&[shut.port])).await;
    let (mut kept_in, _folder) = browser_with(OpenSettings {
        profile: Some(kept.path().to_owned()),
        outlet: Some(switch.outlet()),
        ..OpenSettings::default()
    })
    .await;
    visit(&mut kept_in, &shut.base).await;
    shut.log.until("GET /done").await;
    kept_in.end().await;
    assert_eq!(shut.log.with("/ahead/"), 0, "{:?}", shut.log.all());
    let after: Value =
        serde_json::from_str(&std::fs::read_to_string(&preferences).unwrap()).unwrap();
    assert_eq!(after["net"]["network_prediction_options"], 2);
    assert_eq!(after["session"]["restore_on_startup"], 5, "all else stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_no_background_fetch() {
    let script = "await navigator.serviceWorker.register('/worker.js');
        const worker = await navigator.serviceWorker.ready;
        await fetch('/has/' + ('backgroundFetch' in worker));
        await worker.backgroundFetch?.fetch('out', ['/ahead/background']);
        await new Promise(done => setTimeout(done, 1000));";
    for (behind, has) in [(None, "true"), (Some(&[][..]), "false")] {
        let whole = format!("try {{ {script} }} catch (error) {{}} await fetch('/done');");
        let worker = || async { ([(header::CONTENT_TYPE, "text/javascript")], "") };
        let site = Web::plain(
            Router::new()
                .route("/", get(move || async move { page(&whole) }))
                .route("/worker.js", get(worker))
                .fallback(|| async { "" }),
        )
        .await;
        show(&site, behind).await;
        assert_eq!(
            site.log.with(&format!("/has/{has}")),
            1,
            "{:?}",
            site.log.all()
        );
        if behind.is_some() {
            assert_eq!(site.log.with("/ahead/"), 0);
        }
    }
}

/// A program that starts the browser with one more flag.
fn browser_with_flag(folder: &Path, flag: &str) -> PathBuf {
    let program = folder.join("browser");
    let chromium = apprentice::computer::browser::find(None).unwrap().path;
    let script = format!("#!/bin/sh\nexec '{}' {flag} \"$@\"\n", chromium.display());
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_reports_nothing_by_itself() {
    for (behind, reports) in [(false, true), (true, false)] {
        let first = || async {
            (
                [
                    ("reporting-endpoints", "main=\"/report\""),
                    ("content-security-policy", "img-src 'none'; report-to main"),
                ],
                page(
                    "document.body.append(Object.assign(new Image, { src: '/forbidden.png' })); setTimeout(() => location = '/next', 500);",
                ),
            )
        };
        let next = "await new Promise(done => setTimeout(done, 2000)); await fetch('/done');";
        let shop = Web::secure(
            Router::new()
                .route("/", get(first))
                .route("/next", get(move || async move { page(next) }))
                .fallback(|| async { "" }),
        )
        .await;
        let (_, key) = shop.certificate.as_ref().unwrap();
        let switch = open_switch(allowing(&[shop.port])).await;
        let folder = tempfile::tempdir().unwrap();
        let trusting = format!("--ignore-certificate-errors-spki-list={key}");
        let settings = if behind {
            let mut outlet = switch.outlet();
            outlet.trusted_key = Some(key.clone());
            OpenSettings {
                outlet: Some(outlet),
                ..OpenSettings::default()
            }
        } else {
            OpenSettings {
                browser: Some(browser_with_flag(folder.path(), &trusting)),
                ..OpenSettings::default()
            }
        };
        let (mut browser, _folder) = browser_with(settings).await;
        visit(&mut browser, &shop.base).await;
        shop.log.until("GET /done").await;
        if reports {
            shop.log.until("POST /report").await;
        }
        browser.end().await;
        assert_eq!(
            shop.log.with("POST /report") > 0,
            reports,
            "{:?}",
            shop.log.all()
        );
    }
}

/// What the network stack itself noted while a page tried everything that needs a name or a datagram.
async fn noted(behind: bool) -> Vec<(String, Value)> {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("net.json");
    let program = browser_with_flag(folder.path(), &format!("--log-net-log='{}'", log.display()));
    let names = Lines::new();
    let script = format!(
        "for (const rel of ['dns-prefetch', 'preconnect', 'prefetch', 'stylesheet', 'icon']) {{
           const link = document.createElement('link'); link.rel = rel; link.href = 'https://' + rel + '.nowhere.example/'; document.head.append(link); }}
         await fetch('https://fetched.nowhere.example/', {{ mode: 'no-cors' }}).catch(() => 0);
         await fetch('http://plain.nowhere.example/', {{ mode: 'no-cors' }}).catch(() => 0);
         try {{ await new Promise(done => new WebSocket('wss://socket.nowhere.example/').onclose = done); }} catch (error) {{}}
         navigator.sendBeacon('https://beacon.nowhere.example/', 'x');
         {}",
        gathering("{ urls: 'stun:stun.nowhere.example' }")
    );
    let site = site(&script).await;
    let switch = open_switch(SwitchSettings {
        resolver: super::world::Names::with(&[]),
        ..allowing(&[site.port])
    })
    .await;
    let (mut browser, _folder) = browser_with(OpenSettings {
        browser: Some(program),
        outlet: behind.then(|| switch.outlet()),
        ..OpenSettings::default()
    })
    .await;
    visit(&mut browser, &site.base).await;
    site.log.until("GET /done").await;
    browser.end().await;
    if behind {
        for spoken in switch.log() {
            names.add(format!("{}:{}", spoken.host, spoken.port));
        }
        let beyond: Vec<String> = names
            .all()
            .into_iter()
            .filter(|name| !name.contains("nowhere.example") && !name.starts_with("127.0.0.1"))
            .collect();
        assert_eq!(beyond, Vec::<String>::new(), "what nobody asked for");
    }
    read_notes(&std::fs::read_to_string(log).unwrap())
}

/// Kind and parameters of each event of a network log, also of one whose browser ended in the middle.
fn read_notes(text: &str) -> Vec<(String, Value)> {
    let mut lines = text.lines();
    let constants = lines.next().unwrap().trim_end_matches(',');
    let constants: Value = serde_json::from_str(&format!("{constants}}}")).unwrap();
    let kinds = constants["constants"]["logEventTypes"].as_object().unwrap();
    let kind_of = |number: &Value| {
        kinds
            .iter()
            .find(|(_, one)| *one == number)
            .map(|(kind, _)| kind.clone())
    };
    lines
        .map(|line| line.trim_end_matches([',', ']', '}']).to_owned() + "}")
        .filter_map(|line| {
            let braces = line
                .matches('{')
                .count()
                .saturating_sub(line.matches('}').count());
            serde_json::from_str::<Value>(&(line + &"}".repeat(braces))).ok()
        })
        .filter_map(|event| Some((kind_of(&event["type"])?, event["params"].clone())))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_is_resolved_and_no_datagram_leaves_the_network_stack() {
    let resolved = |notes: &[(String, Value)]| -> Vec<String> {
        notes
            .iter()
            .filter(|(kind, _)| {
                matches!(
                    kind.as_str(),
                    "HOST_RESOLVER_SYSTEM_TASK"
                        | "HOST_RESOLVER_DNS_TASK"
                        | "HOST_RESOLVER_MANAGER_JOB"
                        | "UDP_BYTES_SENT"
                )
            })
            .map(|(kind, params)| format!("{kind} {params}"))
            .collect()
    };
    assert!(
        !resolved(&noted(false).await).is_empty(),
        "it could be seen"
    );
    let notes = noted(true).await;
    assert!(notes.len() > 100, "the log was read: {}", notes.len());
    assert_eq!(resolved(&notes), Vec::<String>::new());
    let connected: Vec<String> = notes
        .iter()
        .filter(|(kind, _)| kind == "TCP_CONNECT_ATTEMPT")
        .filter_map(|(_, params)| params["address"].as_str().map(str::to_owned))
        .collect();
    assert!(!connected.is_empty());
    assert!(
        connected
            .iter()
            .all(|address| address.starts_with("127.0.0.1:")),
        "{connected:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_thirty_two_requests_wait_at_once() {
    // Chromium's own limit for one proxy; a page with a few open streams would stand still at it.
    const AT_ONCE: usize = 60;
    let script = format!(
        "for (let i = 0; i < {AT_ONCE}; i++) fetch('http://host' + i + '.waiting.example/', {{ mode: 'no-cors' }});"
    );
    let waiting = Web::plain(Router::new().fallback(std::future::pending::<String>)).await;
    let site = site(&script).await;
    let names: Vec<String> = (0..AT_ONCE)
        .map(|i| format!("host{i}.waiting.example"))
        .collect();
    let there = [super::world::local(waiting.port)];
    let answers: [&[std::net::SocketAddr]; 1] = [&there];
    let pairs: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), &answers[..]))
        .collect();
    let mut settings = SwitchSettings {
        resolver: super::world::Names::with(&pairs),
        ..allowing(&[site.port])
    };
    for name in &names {
        settings.hosts.allow(name, 80);
    }
    let switch = open_switch(settings).await;
    let (mut browser, _folder) = browser(Some(switch.outlet())).await;
    visit(&mut browser, &site.base).await;
    waiting.log.until_times("GET /", AT_ONCE).await;
    browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_browser_that_was_running_a_context_of_our_own_is_behind_the_switch() {
    let other = Web::plain(Router::new().fallback(|| async { "" })).await;
    let script = format!(
        "await fetch('http://127.0.0.1:{0}/inside', {{ mode: 'no-cors' }}).catch(() => 0);
         await new Promise(done => new WebSocket('ws://127.0.0.1:{0}/socket').onclose = done);",
        other.port
    );
    let site = site(&script).await;
    let (mut running, _folder) = browser(None).await;
    let switch = open_switch(allowing(&[site.port])).await;
    let (mut connected, _folder) = browser_with(OpenSettings {
        connect: running.address().map(str::to_owned),
        outlet: Some(switch.outlet()),
        ..OpenSettings::default()
    })
    .await;
    visit(&mut connected, &site.base).await;
    site.log.until("GET /done").await;
    connected.end().await;
    running.end().await;
    assert_eq!(other.log.all(), Vec::<String>::new());
    let refused = switch
        .log()
        .into_iter()
        .find(|spoken| spoken.port == other.port);
    assert_eq!(
        refused.map(|spoken| spoken.refusals),
        Some(2),
        "request and socket"
    );
}
