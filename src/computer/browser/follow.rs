//! What the browser's own events say that a person did: addresses typed, steps through the history, tabs, dialogs.

use super::heard::{Deed, Heard};
use super::link::show;
use super::record::Recording;
use super::router::Notice;
use super::stage::SessionKind;
use crate::computer::{DialogKind, Element, TabId};

/// A tab that closes so soon after something was done in it was closed by its page, in milliseconds.
const CLOSED_BY_PAGE_MS: f64 = 1500.0;
/// A step through the history so soon after something was done was taken by the page, in milliseconds.
const MOVED_BY_PAGE_MS: f64 = 1000.0;

/// What is followed of one tab beyond the stage.
#[derive(Debug, Default)]
pub struct Followed {
    /// When something was last done in it, in milliseconds since the epoch.
    pub(super) last_deed: f64,
    /// The address and the elements of the page that it was about to leave last, where nothing was done since.
    pub(super) left: Option<(String, Vec<Element>)>,
    /// Where the page asked to go. What it asked for may become a download and never come up.
    by_page: Option<String>,
    /// The navigation that is under way: its kind in the protocol's words, and its address.
    going: Option<(String, String)>,
    /// Whether a first page has come up in it.
    begun: bool,
    history: Vec<String>,
    place: usize,
}

impl Followed {
    /// A tab that shows a page already.
    pub fn at(url: &str) -> Self {
        Self {
            begun: true,
            history: vec![url.to_owned()],
            ..Self::default()
        }
    }

    /// What a step to this address would be, if it is one through the history.
    fn step_to(&self, url: &str) -> Option<(Deed, usize)> {
        let at = |place: Option<usize>| {
            place.filter(|place| self.history.get(*place).is_some_and(|known| known == url))
        };
        if let Some(place) = at(self.place.checked_sub(1)) {
            return Some((Deed::Back, place));
        }
        at(Some(self.place + 1)).map(|place| (Deed::Forward, place))
    }

    fn arrive(&mut self, url: &str) {
        if self
            .history
            .get(self.place)
            .is_some_and(|known| known == url)
        {
            return;
        }
        self.history.truncate(self.place + 1);
        self.history.push(url.to_owned());
        self.place = self.history.len() - 1;
    }
}

impl Recording {
    /// Takes one event into the recording's own stage, and queues what it says that the person did.
    pub(super) fn follow(&mut self, notice: &Notice) {
        // What was before the event is told, so the stage is asked first.
        let deed = self.deed_of(notice);
        let heard = deed.map(|(tab, deed)| self.heard_in(&tab, deed));
        self.stage.apply(notice);
        self.queue.extend(heard);
        match notice.method.as_ref() {
            "Target.attachedToTarget" => self.tab_opened(notice),
            "Target.detachedFromTarget" => {
                let lost = self
                    .front
                    .as_ref()
                    .is_some_and(|id| self.stage.tab(id).is_none());
                if lost {
                    self.front.clone_from(&self.stage.active);
                }
            }
            _ => {}
        }
    }

    fn tab_opened(&mut self, notice: &Notice) {
        let id = TabId(notice.text("/targetInfo/targetId").to_owned());
        let Some(tab) = self.stage.tab(&id) else {
            return;
        };
        if self.followed.contains_key(&id) || self.is_buttons(&id) {
            return;
        }
        let by_person = tab.opener.is_none();
        let followed = Followed {
            // What a page opens goes where the page says; what a person opens is empty.
            begun: by_person,
            history: vec![tab.url.clone()],
            ..Followed::default()
        };
        self.followed.insert(id.clone(), followed);
        if by_person {
            let heard = self.heard_in_front(Deed::OpenTab);
            self.queue.push_back(heard);
        }
        self.front = Some(id);
    }

    /// What the person did, where the event says so, and in which tab.
    fn deed_of(&mut self, notice: &Notice) -> Option<(TabId, Deed)> {
        if notice.method == "Target.detachedFromTarget" {
            let session = super::router::Session(notice.text("/sessionId").to_owned());
            let attached = self.stage.sessions.get(&session)?;
            let tab = attached.tab.clone();
            let last = self
                .followed
                .get(&tab)
                .map_or(0.0, |followed| followed.last_deed);
            let by_person = attached.kind == SessionKind::Page
                && !self.is_buttons(&tab)
                && super::record::epoch_ms() - last > CLOSED_BY_PAGE_MS;
            return by_person.then_some((tab, Deed::CloseTab));
        }
        let session = notice.session()?;
        let id = self.stage.sessions.get(&session)?.tab.clone();
        if self.is_buttons(&id) {
            return None;
        }
        let tab = self.stage.tab(&id)?;
        let is_main = |pointer: &str| notice.text(pointer) == tab.main_frame;
        let followed = self.followed.entry(id.clone()).or_default();
        match notice.method.as_ref() {
            "Page.frameRequestedNavigation" if is_main("/frameId") => {
                followed.by_page = (notice.text("/disposition") == "currentTab")
                    .then(|| notice.text("/url").to_owned());
                None
            }
            "Page.frameStartedNavigating" if is_main("/frameId") => {
                let kind = notice.text("/navigationType").to_ascii_lowercase();
                let url = notice.text("/url");
                followed
                    .by_page
                    .take_if(|asked| without_scheme(asked) != without_scheme(url));
                followed.going = Some((kind, url.to_owned()));
                None
            }
            "Page.frameNavigated" if is_main("/frame/id") => {
                let url = format!(
                    "{}{}",
                    notice.text("/frame/url"),
                    notice.text("/frame/urlFragment")
                );
                let (kind, asked) = followed.going.take().unwrap_or_default();
                let by_page = followed.by_page.take().is_some();
                let begun = followed.begun;
                followed.begun |= url != "about:blank";
                let step = followed.step_to(&url);
                let moved_by_page =
                    super::record::epoch_ms() - followed.last_deed < MOVED_BY_PAGE_MS;
                if kind.contains("history") || notice.text("/type") == "BackForwardCacheRestore" {
                    let (deed, place) = step?;
                    followed.place = place;
                    return (!moved_by_page).then_some((id, deed));
                }
                if kind.contains("reload") {
                    return (!by_page).then_some((id, Deed::Reload));
                }
                followed.arrive(&url);
                if by_page || !begun {
                    return None;
                }
                let typed = if asked.is_empty() { url } else { asked };
                // An empty tab's own page is nobody's deed.
                let worth = typed.starts_with("http")
                    || typed.starts_with("file:")
                    || typed.starts_with("data:");
                worth.then_some((id, Deed::Navigate(typed)))
            }
            "Page.navigatedWithinDocument" if is_main("/frameId") => {
                let url = notice.text("/url");
                followed.by_page = None;
                followed.going = None;
                let by_page = super::record::epoch_ms() - followed.last_deed < MOVED_BY_PAGE_MS;
                match followed.step_to(url) {
                    Some((deed, place)) => {
                        followed.place = place;
                        (!by_page).then_some((id, deed))
                    }
                    None => {
                        followed.arrive(url);
                        None
                    }
                }
            }
            "Page.javascriptDialogClosed" => {
                let accept = notice
                    .params
                    .pointer("/result")
                    .and_then(serde_json::Value::as_bool)?;
                let asks = tab
                    .dialog
                    .as_ref()
                    .is_some_and(|dialog| dialog.kind == DialogKind::Prompt);
                let text = (asks && accept).then(|| notice.text("/userInput").to_owned());
                Some((id, Deed::AnswerDialog { accept, text }))
            }
            _ => None,
        }
    }

    /// The tab that the person works in is another one now.
    pub(super) fn come_to(&mut self, tab: &TabId) {
        if self.front.as_ref() == Some(tab) {
            return;
        }
        let Some(state) = self.stage.tab(tab) else {
            return;
        };
        let deed = Deed::SwitchTab {
            url: state.url.clone(),
            title: state.title.clone(),
        };
        let heard = self.heard_in_front(deed);
        self.queue.push_back(heard);
        self.front = Some(tab.clone());
        self.link.stage().active = Some(tab.clone());
        // From now on, its painted frames are wanted.
        show(&self.link, tab);
    }

    /// A deed in the tab that the person works in.
    pub(super) fn heard_in_front(&self, deed: Deed) -> Heard {
        match self.front.clone() {
            Some(tab) => self.heard_in(&tab, deed),
            None => self.heard_in(&TabId(String::new()), deed),
        }
    }

    /// A deed without a target.
    fn heard_in(&self, tab: &TabId, deed: Deed) -> Heard {
        let state = self.stage.tab(tab);
        let left = self
            .followed
            .get(tab)
            .and_then(|followed| followed.left.as_ref());
        let left = left.filter(|(url, _)| state.is_some_and(|state| is_same_page(url, &state.url)));
        Heard {
            at_ms: super::record::epoch_ms() - self.began_ms,
            deed,
            element: None,
            frame: None,
            page: state.map(|state| state.url.clone()).unwrap_or_default(),
            title: state.map(|state| state.title.clone()).unwrap_or_default(),
            texts: Vec::new(),
            elements: left
                .map(|(_, elements)| elements.clone())
                .unwrap_or_default(),
            unfinished: false,
            // Without the page's elements nobody knows what to paint over.
            screenshot: None,
        }
    }
}

/// Whether two addresses are of one page, wherever in it.
fn is_same_page(one: &str, other: &str) -> bool {
    let page = |url: &str| url.split('#').next().map(str::to_owned);
    page(one) == page(other)
}

/// An address as far as the browser does not change it by itself on the way: it may go to https instead.
fn without_scheme(url: &str) -> &str {
    let rest = url.split_once(':').map_or(url, |(_, rest)| rest);
    rest.split_once('#').map_or(rest, |(rest, _)| rest)
}
