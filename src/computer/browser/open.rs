//! Opening a browser: launching an own one, or connecting to one that runs.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::exits;
use super::hold::{Credentials, Hold};
use super::link::Link;
use super::process::{BrowserProcess, LaunchSettings};
use super::router::CALL_LIMIT;
use super::view::Viewport;
use super::{Browser, find};
use crate::computer::{
    Action, Computer, ComputerError, Gate, Outlet, Request, RequestEnd, Ruling, SecretSource,
    SharedGate,
};

/// The oldest browser that has what the observer needs (computed roles and names, flat sessions with `runImmediately`).
pub const LEAST_VERSION: u32 = 120;

/// Which browser to work on and how.
#[derive(Clone, Default)]
pub struct OpenSettings {
    /// Program to launch instead of the one that is found.
    pub browser: Option<PathBuf>,
    /// Address of a running browser to connect to instead: http or ws.
    pub connect: Option<String>,
    pub headed: bool,
    /// How large the view of its pages is.
    pub viewport: Viewport,
    /// Whether a person works in it and nothing else does. Pages are then not told that a program does.
    pub by_hand: bool,
    /// Folder of a profile that is kept between runs.
    pub profile: Option<PathBuf>,
    /// Where downloads go.
    pub downloads: PathBuf,
    /// Where the values of named secrets come from.
    pub secrets: Option<std::sync::Arc<dyn SecretSource>>,
    /// What rules on each request before it leaves; without it every request goes.
    pub gate: Option<SharedGate>,
    /// In a browser that is connected to: work in the tab in front and not in a context of our own.
    pub existing_tabs: bool,
    /// The only way out of a browser that is launched; without it, it uses the system's network. In a browser that is
    /// connected to, the only way of HTTP and WebSockets out of a context of our own: its flags are not ours.
    pub outlet: Option<Outlet>,
}

impl std::fmt::Debug for OpenSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenSettings")
            .field("browser", &self.browser)
            .field("connect", &self.connect)
            .field("headed", &self.headed)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// Launches or connects, and waits for the first tab to be ready.
pub async fn open(settings: OpenSettings) -> Result<Browser, ComputerError> {
    match settings.connect.clone() {
        Some(address) => connect(settings, &address).await,
        None => launch(settings).await,
    }
}

async fn launch(settings: OpenSettings) -> Result<Browser, ComputerError> {
    let found = find(settings.browser.as_deref())?;
    let process = BrowserProcess::start(&LaunchSettings {
        program: found.path,
        headed: settings.headed,
        by_hand: settings.by_hand,
        profile: settings.profile.clone(),
        viewport: settings.viewport,
        outlet: settings.outlet.clone(),
    })
    .await?;
    let hold = hold(settings.gate.as_ref(), settings.outlet.as_ref());
    let held = hold.is_some();
    let link = Link::open(&process.address, settings.viewport, true, hold).await?;
    if held {
        // A browser that lost its DevTools connection sends whatever was held: it does not live to do so.
        let leash = process.leash();
        link.router.when_lost(move || leash.cut());
    }
    let product = check_version(&link).await?;
    attach(&link).await?;
    let outlet = settings.outlet.is_some();
    let browser = Browser::ready(link, Some(process), product, settings).await?;
    if outlet {
        greet(&browser).await?;
    }
    Ok(browser)
}

fn hold(gate: Option<&SharedGate>, outlet: Option<&Outlet>) -> Option<Hold> {
    match (gate, outlet) {
        (None, None) => None,
        (Some(gate), None) => Some(Hold::new(gate.clone(), Vec::new())),
        (gate, Some(outlet)) => {
            let gate = gate.cloned().unwrap_or_else(|| Arc::new(Unguarded));
            Some(Hold::new(gate, credentials(outlet).to_vec()))
        }
    }
}

/// Lets everything go: where there is an outlet but no gate, its proxies still ask for their credential.
struct Unguarded;

#[async_trait::async_trait]
impl Gate for Unguarded {
    fn at_once(&self, _request: &Request) -> Option<Ruling> {
        Some(Ruling::LetGo)
    }

    async fn decide(&self, _request: Request) -> Ruling {
        Ruling::LetGo
    }

    fn ended(&self, _number: u64, _end: RequestEnd) {}
}

fn credentials(outlet: &Outlet) -> [Credentials; 2] {
    [outlet.proxy, outlet.sockets].map(|address| Credentials {
        origin: format!("http://{address}"),
        user: SecretString::from(outlet.user.clone()),
        password: outlet.password.clone(),
    })
}

/// Has the browser learn the outlet's credential, which WebSockets cannot ask for; the page that is shown stays.
async fn greet(browser: &Browser) -> Result<(), ComputerError> {
    let session = browser
        .link
        .stage()
        .active_tab()
        .map(|tab| tab.session.clone());
    let answer = browser
        .link
        .router
        .call_raw(
            session.as_ref(),
            "Page.navigate",
            json!({ "url": Outlet::GREETING }),
            CALL_LIMIT,
        )
        .await?;
    // An answer without content leaves the page as it is, which Chromium calls aborted.
    match answer["errorText"].as_str() {
        Some("net::ERR_ABORTED") => Ok(()),
        other => Err(ComputerError::Gone(format!(
            "its way out could not be set up ({})",
            other.unwrap_or("the greeting was answered by another")
        ))),
    }
}

async fn connect(settings: OpenSettings, address: &str) -> Result<Browser, ComputerError> {
    let socket = socket_address(address).await?;
    // Tabs that are there already keep the network that they have.
    let outlet = settings.outlet.clone().filter(|_| !settings.existing_tabs);
    let hold = hold(settings.gate.as_ref(), outlet.as_ref());
    let link = Link::open(&socket, settings.viewport, false, hold).await?;
    let product = check_version(&link).await?;
    // Pages that were there are not ours; what is, is said before anything is attached.
    if settings.existing_tabs {
        let front = front_page(&link, address).await?;
        link.stage().claimed.push(front);
        attach(&link).await?;
    } else {
        let context = own_context(&link, address, outlet.as_ref()).await?;
        link.stage().context = Some(context.clone());
        attach(&link).await?;
        empty_page(&link, address, Some(&context)).await?;
    }
    let (guarded, own) = (settings.gate.is_some(), !settings.existing_tabs);
    let mut browser = Browser::ready(link, None, product, settings).await?;
    if outlet.is_some() {
        greet(&browser).await?;
    }
    match (guarded, own) {
        (false, _) => {}
        (true, true) => browser.weaker = Some(OWN_CONTEXT.to_owned()),
        (true, false) => {
            // The hold covers documents that are made after it was switched on.
            browser.perform(&Action::Reload).await?;
            browser.weaker = Some(EXISTING_TABS.to_owned());
        }
    }
    Ok(browser)
}

/// What a browser lacks that somebody else started, in a context of our own.
const OWN_CONTEXT: &str = "this browser was started by somebody else, so what it fetches ahead, WebRTC, WebTransport and background \
     fetches are not closed; everything else is held, in a context of its own behind this program's network";

/// What is missing in tabs that were there before.
const EXISTING_TABS: &str = "in tabs of a browser that somebody else started, requests are held, but WebSockets, WebRTC and what the \
     browser fetches ahead are not, no host is refused, and what is held is sent if this program is killed: leave out \
     --existing-tabs, or let apprentice start the browser, to have them closed";

/// A browser context that is ours alone, and goes with the connection.
async fn own_context(
    link: &Link,
    address: &str,
    outlet: Option<&Outlet>,
) -> Result<String, ComputerError> {
    let mut wanted = json!({ "disposeOnDetach": true });
    if let Some(outlet) = outlet {
        wanted["proxyServer"] = exits::proxy_rules(outlet).into();
        wanted["proxyBypassList"] = exits::NO_BYPASS.into();
    }
    let made = link
        .router
        .call_raw(None, "Target.createBrowserContext", wanted, CALL_LIMIT)
        .await?;
    made["browserContextId"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| ComputerError::Connect {
            address: address.to_owned(),
            reason: "it makes no context of its own for us".to_owned(),
        })
}

/// Opens an empty page and gives its target.
async fn empty_page(
    link: &Link,
    address: &str,
    context: Option<&str>,
) -> Result<String, ComputerError> {
    let mut wanted = json!({ "url": "about:blank" });
    if let Some(context) = context {
        wanted["browserContextId"] = context.into();
    }
    let made = link
        .router
        .call_raw(None, "Target.createTarget", wanted, CALL_LIMIT)
        .await?;
    made["targetId"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| ComputerError::Connect {
            address: address.to_owned(),
            reason: "it has no page and opens none".to_owned(),
        })
}

/// The DevTools socket of a browser, asked for where an http address was given.
async fn socket_address(address: &str) -> Result<String, ComputerError> {
    if address.starts_with("ws://") || address.starts_with("wss://") {
        return Ok(address.to_owned());
    }
    let failed = |reason: String| ComputerError::Connect {
        address: address.to_owned(),
        reason,
    };
    let base = if address.contains("://") {
        address.trim_end_matches('/').to_owned()
    } else {
        format!("http://{}", address.trim_end_matches('/'))
    };
    let answer: Value = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(10))
        .build()
        .map_err(|e| failed(e.to_string()))?
        .get(format!("{base}/json/version"))
        .send()
        .await
        .map_err(|e| failed(e.without_url().to_string()))?
        .json()
        .await
        .map_err(|_| failed("it does not answer as a browser's DevTools do".to_owned()))?;
    answer["webSocketDebuggerUrl"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| failed("it names no DevTools socket".to_owned()))
}

async fn check_version(link: &Link) -> Result<String, ComputerError> {
    let version = link
        .router
        .call_raw(None, "Browser.getVersion", json!({}), CALL_LIMIT)
        .await?;
    let product = version["product"]
        .as_str()
        .unwrap_or("an unknown browser")
        .to_owned();
    let major: Option<u32> = product
        .split('/')
        .nth(1)
        .and_then(|number| number.split('.').next())
        .and_then(|number| number.parse().ok());
    match major {
        Some(major) if major >= LEAST_VERSION => Ok(product),
        _ => Err(ComputerError::TooOld {
            product,
            least: LEAST_VERSION,
        }),
    }
}

/// Has every page, frame and worker attached, each paused until it is set up.
async fn attach(link: &Link) -> Result<(), ComputerError> {
    let router = &link.router;
    router
        .call_raw(
            None,
            "Target.setDiscoverTargets",
            json!({ "discover": true }),
            CALL_LIMIT,
        )
        .await?;
    router
        .call_raw(
            None,
            "Target.setAutoAttach",
            json!({
                "autoAttach": true,
                "waitForDebuggerOnStart": true,
                "flatten": true,
                "filter": [{ "type": "page" }, { "type": "iframe" }, { "exclude": true }],
            }),
            CALL_LIMIT,
        )
        .await?;
    Ok(())
}

/// The page in front of a running browser.
async fn front_page(link: &Link, address: &str) -> Result<String, ComputerError> {
    let targets = link
        .router
        .call_raw(None, "Target.getTargets", json!({}), CALL_LIMIT)
        .await?;
    let pages: Vec<String> = targets["targetInfos"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|target| target["type"] == "page")
        .filter_map(|target| target["targetId"].as_str().map(str::to_owned))
        .collect();
    // The browser lists the page that was used last first.
    match pages.into_iter().next() {
        Some(front) => Ok(front),
        None => empty_page(link, address, None).await,
    }
}
