//! What a DevTools client of others may say to a browser behind the firewall. Pure.
//!
//! The hold stands on one thing that DevTools itself can undo: it is the browser session's `Fetch`, and several of them have no
//! order among each other, so another one could change a request after ours has read it. A context can have a proxy of its own,
//! a page can be handed the whole protocol, and the browser's own pages can change its settings. So a client speaks
//! through a relay, which passes what is known to be harmless and answers everything else with an error.
//!
//! Invariant: what is not listed here is refused, be it a domain, a method of the guarded domains, a session or a scheme.

use serde_json::{Value, json};
use url::Url;

/// Domains that reach no further than the page, frame or worker they are said to.
const DOMAINS: [&str; 41] = [
    "Accessibility",
    "Animation",
    "Audits",
    "Autofill",
    "BackgroundService",
    "CSS",
    "CacheStorage",
    "Console",
    "DOM",
    "DOMDebugger",
    "DOMSnapshot",
    "DOMStorage",
    "Debugger",
    "DeviceAccess",
    "DeviceOrientation",
    "Emulation",
    "EventBreakpoints",
    "FileSystem",
    "HeadlessExperimental",
    "HeapProfiler",
    "IO",
    "IndexedDB",
    "Input",
    "Inspector",
    "LayerTree",
    "Log",
    "Media",
    "Memory",
    "Network",
    "Overlay",
    "Page",
    "Performance",
    "PerformanceTimeline",
    "Preload",
    "Profiler",
    "Runtime",
    "Schema",
    "Security",
    "ServiceWorker",
    "Storage",
    "Tracing",
];

/// Domains of which only these methods are passed.
const METHODS: [&str; 34] = [
    "Browser.cancelDownload",
    "Browser.getHistogram",
    "Browser.getHistograms",
    "Browser.getVersion",
    "Browser.getWindowBounds",
    "Browser.getWindowForTarget",
    "Browser.grantPermissions",
    "Browser.resetPermissions",
    "Browser.setContentsSize",
    "Browser.setDownloadBehavior",
    "Browser.setPermission",
    "Browser.setWindowBounds",
    "Fetch.continueRequest",
    "Fetch.continueResponse",
    "Fetch.continueWithAuth",
    "Fetch.disable",
    "Fetch.enable",
    "Fetch.failRequest",
    "Fetch.fulfillRequest",
    "Fetch.getResponseBody",
    "Fetch.takeResponseBodyAsStream",
    "Target.activateTarget",
    "Target.attachToTarget",
    "Target.autoAttachRelated",
    "Target.closeTarget",
    "Target.createBrowserContext",
    "Target.createTarget",
    "Target.detachFromTarget",
    "Target.disposeBrowserContext",
    "Target.getBrowserContexts",
    "Target.getTargetInfo",
    "Target.getTargets",
    "Target.setAutoAttach",
    "Target.setDiscoverTargets",
];

/// Methods of passed domains that reach past the hold, and why.
const REFUSED: [(&str, &str); 9] = [
    (
        "Network.loadNetworkResource",
        "it sends a request that no page made",
    ),
    (
        "Network.setRequestInterception",
        "it is an older way to change requests; use Fetch in a page's session",
    ),
    (
        "Network.continueInterceptedRequest",
        "it is an older way to change requests; use Fetch in a page's session",
    ),
    (
        "Network.takeResponseBodyForInterceptionAsStream",
        "it is an older way to change requests; use Fetch in a page's session",
    ),
    (
        "Security.handleCertificateError",
        "a yes is for one server, which its certificate proves",
    ),
    (
        "Page.generateTestReport",
        "it sends a report that no page made",
    ),
    (
        "Storage.sendPendingAttributionReports",
        "it sends reports that no page made",
    ),
    (
        "Storage.setAttributionReportingLocalTestingMode",
        "it sends reports that no page made",
    ),
    (
        "Tracing.requestMemoryDump",
        "it writes what the browser remembers to disk",
    ),
];

/// Kinds of targets that pages consist of. Others are the browser's own surface.
const ATTACHED: [&str; 10] = [
    "page",
    "iframe",
    "tab",
    "worker",
    "shared_worker",
    "service_worker",
    "worklet",
    "auction_worklet",
    "shared_storage_worklet",
    "webview",
];

/// Said to a session of any kind, or a paused target of a kind that is not passed would hang.
const ALWAYS: &str = "Runtime.runIfWaitingForDebugger";

/// To whom something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// The browser as a whole.
    Browser,
    /// A session of a target: its kind and its address.
    Target { kind: &'a str, url: &'a str },
    /// A session that was never told of.
    Unknown,
}

/// What becomes of something that a client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    /// Answered with an error that says why.
    Refused(String),
    /// The client wants the browser to end; it ends in order, what is held is failed first.
    Ends,
}

/// Judges one message of a client.
pub fn judge(method: &str, params: &Value, place: Place<'_>) -> Verdict {
    match check(method, params, place) {
        Ok(()) if method == "Browser.close" => Verdict::Ends,
        Ok(()) => Verdict::Passed,
        Err(why) => Verdict::Refused(format!(
            "{method} is refused by the firewall in front of this browser: {why}"
        )),
    }
}

fn check(method: &str, params: &Value, place: Place<'_>) -> Result<(), String> {
    let refused = |why: &str| Err(why.to_owned());
    if method == ALWAYS {
        return Ok(());
    }
    match place {
        Place::Browser => {}
        Place::Target { kind, .. } if !ATTACHED.contains(&kind) => {
            return Err(format!("a target of kind {kind:?} is the browser's own"));
        }
        Place::Target { url, .. } => open_to_clients(url)?,
        Place::Unknown => return refused("no such session is known"),
    }
    if let Some((_, why)) = REFUSED.iter().find(|(name, _)| *name == method) {
        return refused(why);
    }
    let domain = method.split('.').next().unwrap_or_default();
    if !METHODS.contains(&method) && !DOMAINS.contains(&domain) && method != "Browser.close" {
        return refused("it is not among what is known to be harmless");
    }
    let is = |name: &str| params.get(name).is_some_and(is_set);
    match method {
        _ if domain == "Fetch" && place == Place::Browser => refused(
            "two of them on the browser's session have no order, and what is sent could be changed after it was reviewed; use it in a page's session",
        ),
        "Target.createBrowserContext" if is("proxyServer") || is("proxyBypassList") => refused(
            "a context with a proxy of its own would go round the firewall; leave proxyServer and proxyBypassList out",
        ),
        "Target.createBrowserContext" if is("originsWithUniversalNetworkAccess") => {
            refused("pages with access to every origin are not made here")
        }
        "Target.attachToTarget" | "Target.setAutoAttach"
            if params.get("flatten") != Some(&json!(true))
                && params.get("autoAttach") != Some(&json!(false)) =>
        {
            refused("only flat sessions are passed; say \"flatten\": true")
        }
        "Target.createTarget" | "Page.navigate" => open_to_clients(
            params
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default(),
        ),
        "Security.setIgnoreCertificateErrors" if is("ignore") => {
            refused("a yes is for one server, which its certificate proves")
        }
        "Security.setOverrideCertificateErrors" if is("override") => {
            refused("a yes is for one server, which its certificate proves")
        }
        _ => Ok(()),
    }
}

/// Whether a value says anything: clients send empty ones for what they leave out.
fn is_set(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is) => *is,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Number(_) | Value::Object(_) => true,
    }
}

/// Whether a page at this address may be opened and spoken to: the browser's own pages can change its settings.
pub fn open_to_clients(url: &str) -> Result<(), String> {
    if url.is_empty() {
        return Ok(());
    }
    let parsed = Url::parse(url).map_err(|e| format!("{url:?} is no address ({e})"))?;
    match (parsed.scheme(), parsed.path()) {
        ("http" | "https" | "data" | "blob", _) | ("about", "blank" | "srcdoc") => Ok(()),
        // Where the address stays what it says; a page that could not be loaded is shown at this one.
        ("chrome-error", _) => Ok(()),
        (scheme, _) => Err(format!(
            "addresses of the scheme {scheme:?} are the browser's own or this machine's"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Place<'_> = Place::Target {
        kind: "page",
        url: "https://example.org/",
    };

    fn at(url: &str) -> Place<'_> {
        Place::Target { kind: "page", url }
    }

    #[test]
    fn what_tools_live_on_is_passed() {
        for (method, params, place) in [
            (
                "Target.setDiscoverTargets",
                json!({ "discover": true }),
                Place::Browser,
            ),
            (
                "Target.setAutoAttach",
                json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true }),
                Place::Browser,
            ),
            (
                "Target.setAutoAttach",
                json!({ "autoAttach": false, "waitForDebuggerOnStart": false }),
                PAGE,
            ),
            (
                "Target.createBrowserContext",
                json!({ "disposeOnDetach": true }),
                Place::Browser,
            ),
            (
                "Target.createBrowserContext",
                json!({ "proxyServer": "" }),
                Place::Browser,
            ),
            (
                "Target.createTarget",
                json!({ "url": "about:blank" }),
                Place::Browser,
            ),
            ("Target.createTarget", json!({ "url": "" }), Place::Browser),
            (
                "Target.attachToTarget",
                json!({ "targetId": "1", "flatten": true }),
                Place::Browser,
            ),
            (
                "Page.navigate",
                json!({ "url": "https://example.org/x" }),
                PAGE,
            ),
            ("Runtime.evaluate", json!({ "expression": "1" }), PAGE),
            ("Fetch.enable", json!({}), PAGE),
            (
                "Fetch.continueRequest",
                json!({ "requestId": "1", "method": "POST" }),
                PAGE,
            ),
            ("Fetch.disable", json!({}), PAGE),
            (
                "Network.setBypassServiceWorker",
                json!({ "bypass": true }),
                PAGE,
            ),
            ("Page.setBypassCSP", json!({ "enabled": true }), PAGE),
            (
                "Security.setIgnoreCertificateErrors",
                json!({ "ignore": false }),
                PAGE,
            ),
            ("Storage.getCookies", json!({}), Place::Browser),
            (
                "Page.captureScreenshot",
                json!({}),
                at("chrome-error://chromewebdata/"),
            ),
        ] {
            assert_eq!(
                judge(method, &params, place),
                Verdict::Passed,
                "{method} {params}"
            );
        }
    }

    #[test]
    fn what_would_open_the_firewall_is_refused() {
        for (method, params, place) in [
            ("Fetch.enable", json!({}), Place::Browser),
            ("Fetch.disable", json!({}), Place::Browser),
            (
                "Fetch.continueRequest",
                json!({ "requestId": "1" }),
                Place::Browser,
            ),
            (
                "Target.createBrowserContext",
                json!({ "proxyServer": "direct://" }),
                Place::Browser,
            ),
            (
                "Target.createBrowserContext",
                json!({ "proxyBypassList": "*" }),
                Place::Browser,
            ),
            (
                "Target.createBrowserContext",
                json!({ "originsWithUniversalNetworkAccess": ["https://a"] }),
                Place::Browser,
            ),
            (
                "Target.exposeDevToolsProtocol",
                json!({ "targetId": "1" }),
                Place::Browser,
            ),
            ("Target.attachToBrowserTarget", json!({}), Place::Browser),
            (
                "Target.sendMessageToTarget",
                json!({ "message": "{}" }),
                Place::Browser,
            ),
            (
                "Target.setRemoteLocations",
                json!({ "locations": [] }),
                Place::Browser,
            ),
            (
                "Target.attachToTarget",
                json!({ "targetId": "1" }),
                Place::Browser,
            ),
            (
                "Target.setAutoAttach",
                json!({ "autoAttach": true, "waitForDebuggerOnStart": false }),
                PAGE,
            ),
            (
                "Target.createTarget",
                json!({ "url": "chrome://settings" }),
                Place::Browser,
            ),
            (
                "Target.createTarget",
                json!({ "url": "about:settings" }),
                Place::Browser,
            ),
            (
                "Target.createTarget",
                json!({ "url": " ChRoMe://flags" }),
                Place::Browser,
            ),
            (
                "Target.createTarget",
                json!({ "url": "view-source:chrome://settings" }),
                Place::Browser,
            ),
            (
                "Target.createTarget",
                json!({ "url": "settings" }),
                Place::Browser,
            ),
            (
                "Page.navigate",
                json!({ "url": "devtools://devtools/bundled/inspector.html" }),
                PAGE,
            ),
            (
                "Page.navigate",
                json!({ "url": "file:///etc/passwd" }),
                PAGE,
            ),
            (
                "Page.navigate",
                json!({ "url": "javascript:fetch('/')" }),
                PAGE,
            ),
            (
                "Runtime.evaluate",
                json!({ "expression": "1" }),
                at("chrome://settings/"),
            ),
            (
                "Runtime.evaluate",
                json!({}),
                Place::Target {
                    kind: "browser_ui",
                    url: "https://x",
                },
            ),
            ("Runtime.evaluate", json!({}), Place::Unknown),
            ("Tethering.bind", json!({ "port": 1 }), Place::Browser),
            (
                "Extensions.loadUnpacked",
                json!({ "path": "/" }),
                Place::Browser,
            ),
            ("Browser.crash", json!({}), Place::Browser),
            ("Browser.executeBrowserCommand", json!({}), Place::Browser),
            (
                "Network.loadNetworkResource",
                json!({ "url": "https://a/delete" }),
                PAGE,
            ),
            ("Network.setRequestInterception", json!({}), PAGE),
            (
                "Security.setIgnoreCertificateErrors",
                json!({ "ignore": true }),
                PAGE,
            ),
            ("NoSuchDomain.method", json!({}), PAGE),
            ("", json!({}), PAGE),
        ] {
            assert!(
                matches!(judge(method, &params, place), Verdict::Refused(_)),
                "{method} {params}"
            );
        }
    }

    #[test]
    fn the_end_is_made_in_order() {
        assert_eq!(
            judge("Browser.close", &json!({}), Place::Browser),
            Verdict::Ends
        );
    }

    #[test]
    fn what_is_paused_can_always_be_let_run() {
        let place = Place::Target {
            kind: "other",
            url: "",
        };
        assert_eq!(judge(ALWAYS, &json!({}), place), Verdict::Passed);
    }

    #[test]
    fn a_refusal_says_what_and_why() {
        let Verdict::Refused(why) = judge("Fetch.enable", &json!({}), Place::Browser) else {
            panic!("it is refused");
        };
        assert!(why.starts_with("Fetch.enable is refused"), "{why}");
        assert!(why.contains("in a page's session"), "{why}");
    }
}
