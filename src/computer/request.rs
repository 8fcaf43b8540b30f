//! A request on its way out of the browser, held before a byte of it leaves, and the trait that says whether it may go.
//!
//! The browser room holds and lets go; why is decided behind [`Gate`], which `guard/firewall` implements.

use std::sync::Arc;

use super::TabId;

/// A request that something in the browser would send.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// Counts up within one browser; the same for no two requests. A redirect's next hop is a request of its own.
    pub number: u64,
    /// In capitals, as in HTTP.
    pub method: String,
    /// Without fragment.
    pub url: String,
    /// In the browser's order; names in lower case. Cookies are added by the browser later and are not among them.
    pub headers: Vec<(String, String)>,
    /// The whole body; empty where there is none.
    pub body: Vec<u8>,
    /// Whether there is more of a body than the browser handed out (files on disk, streams).
    pub body_is_partial: bool,
    /// What asks, in the protocol's words (`Network.ResourceType`): `Document`, `XHR`, `Fetch`, `Ping`, `Image`, ...
    pub resource: String,
    /// Tab it belongs to; absent for workers that serve several.
    pub tab: Option<TabId>,
    /// Address of the frame that asks, where it is known.
    pub frame: Option<String>,
    /// Address of the page in that tab, where it is known.
    pub page: Option<String>,
    /// The request that was redirected to this one.
    pub redirected_from: Option<u64>,
    /// Whether a document is to be replaced by the answer in a tab's main frame.
    pub navigates: bool,
}

impl Request {
    /// Stands in a body where the browser handed something out by name only: a file on disk, a stream.
    pub const NOT_HANDED_OUT: &'static [u8] = b"\0not handed out\0";

    /// The first header of this name, given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }
}

/// What is done with a held request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ruling {
    LetGo,
    /// It fails in the page as if a content blocker had stopped it.
    Refuse,
}

/// How a request that was let go ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestEnd {
    /// The server answered with this status.
    Answered(u16),
    /// No answer came; whether the server got it is unknown.
    Failed(String),
}

/// Decides which requests leave. Every request of the browser comes here once, before a byte of it has left.
#[async_trait::async_trait]
pub trait Gate: Send + Sync {
    /// Decides where no waiting is needed; `None` where it is. Called for each request in the order they are held, so it
    /// must return at once.
    fn at_once(&self, request: &Request) -> Option<Ruling>;

    /// Decides in its own time, hours perhaps. Dropped where the browser ends meanwhile.
    async fn decide(&self, request: Request) -> Ruling;

    /// Told how a request ended that [`Gate::decide`] let go.
    fn ended(&self, number: u64, end: RequestEnd);
}

/// A gate that several hold.
pub type SharedGate = Arc<dyn Gate>;
