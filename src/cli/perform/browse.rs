//! Performs `apprentice browse`: keeps a browser behind the firewall open, and has every held write answered or refused.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

use super::super::browse::BrowseRequest;
use super::super::{CliError, output};
use super::guarding::{self, Guarding};
use super::job::open_browser;
use super::{failed, signals, window};
use crate::computer::browser::{Browser, Relay, RelayNotice};
use crate::computer::{Action, Computer as _};
use crate::guard::firewall::{Answer, Held, Inbox, Word};
use crate::guard::journal::{self, Journal};
use crate::guard::secrets::Masker;
use crate::human::{Human, HumanError, Terminal, Verdict};
use crate::run::Interrupts;
use crate::trace::viewer::printable;

/// What is printed for other tools.
#[derive(Debug, Serialize)]
struct Opened<'a> {
    browser: &'a str,
    headed: bool,
    /// Where DevTools clients connect; null where none are taken.
    devtools: Option<&'a str>,
}

pub async fn browse(request: BrowseRequest) -> Result<u8, CliError> {
    let mut settings = request.settings.clone();
    settings.headed.value |= window::can_open();
    let quiet = request.global.quiet;
    let interrupts = signals::listen();
    let wall = guarding::raise(Guarding {
        settings: &settings,
        start: settings.start.value.as_deref(),
        sites: &[],
        workflow: None,
        mask: Arc::new(|text: &str| Masker::default().mask(text)),
    })
    .await?;
    for note in &wall.notes {
        eprintln!("{}", printable(note));
    }
    let (gate, outlet) = (wall.gate(), wall.outlet());
    let mut browser = open_browser(&settings, None, Some(gate), Some(outlet), &interrupts).await?;
    let (firewall, inbox, _switch) = wall.split();
    firewall.keep_journal(Journal::new(
        &settings.traces.value,
        journal::Header::new(name_of_session(), "browse", None),
    ));
    let ended = keep(
        &mut browser,
        inbox,
        &request,
        settings.headed.value,
        &interrupts,
    )
    .await;
    // Whatever came of it: what is held is failed first, then the browser ends.
    browser.end().await;
    if ended.is_ok() && !quiet {
        eprintln!("the browser is closed; what was still held was not sent");
    }
    ended.map(|()| 0)
}

/// Names this session's journal by its start and its process, as no other one is.
fn name_of_session() -> String {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H-%M-%SZ");
    format!("browse-{now}-{}", std::process::id())
}

/// Keeps the browser open until the person or a client ends it.
async fn keep(
    browser: &mut Browser,
    inbox: Inbox,
    request: &BrowseRequest,
    headed: bool,
    interrupts: &Interrupts,
) -> Result<(), CliError> {
    let relay = match request.cdp_port {
        Some(port) => Some(
            browser
                .relay(port)
                .await
                .map_err(|e| failed(e.to_string()))?,
        ),
        None => None,
    };
    let devtools = relay.as_ref().map(Relay::address);
    if request.global.json {
        output::print_json(&Opened {
            browser: browser.product(),
            headed,
            devtools,
        })?;
    } else if let Some(address) = devtools {
        output::print(address)?;
    }
    if !request.global.quiet {
        if let Some(warning) = browser.warning() {
            eprintln!("{warning}");
        }
        if !headed {
            eprintln!(
                "there is no display (DISPLAY and WAYLAND_DISPLAY are not set), so the browser shows no window{}",
                if devtools.is_none() {
                    ": give other tools its address with --cdp-port 0"
                } else {
                    ""
                }
            );
        }
        eprintln!("what changes something is held until you say yes; Ctrl-C here ends it");
    }
    let mut desk = Desk::new(inbox, relay, browser, headed, request);
    if let Some(url) = request.settings.start.value.clone() {
        let action = Action::Navigate { url };
        match desk.while_doing(browser.perform(&action), interrupts).await {
            Some(Ok(_)) => {}
            // The page says so too, and another address can be tried in it.
            Some(Err(error)) => eprintln!("{}", printable(&error.to_string())),
            None => return Ok(()),
        }
    }
    let _ = desk
        .while_doing(std::future::pending::<()>(), interrupts)
        .await;
    Ok(())
}

/// Where held writes are answered.
struct Desk {
    inbox: Inbox,
    relay: Option<Relay>,
    /// Done when the last tab is closed, also while a page is still waited for.
    left: Pin<Box<dyn Future<Output = ()> + Send>>,
    /// Asks the person at the terminal, one card after the other; absent where nobody is there.
    asking: Option<(mpsc::UnboundedSender<Held>, JoinHandle<HumanError>)>,
    /// Those that nobody is asked about, until their time is over.
    waiting: JoinSet<()>,
    hold: Duration,
    quiet: bool,
}

impl Desk {
    fn new(
        inbox: Inbox,
        relay: Option<Relay>,
        browser: &Browser,
        headed: bool,
        request: &BrowseRequest,
    ) -> Self {
        let asking = Terminal::is_there().then(|| {
            let (to, from) = mpsc::unbounded_channel();
            let person = Box::new(Terminal::new(headed));
            (to, tokio::spawn(ask(person, from)))
        });
        Self {
            inbox,
            relay,
            left: Box::pin(browser.left()),
            asking,
            waiting: JoinSet::new(),
            hold: request.hold,
            quiet: request.global.quiet,
        }
    }

    /// Answers while something goes on. `None` where it is all to end before that is done.
    async fn while_doing<T>(
        &mut self,
        work: impl Future<Output = T>,
        interrupts: &Interrupts,
    ) -> Option<T> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                () = interrupts.any() => return None,
                _ = gave_up(&mut self.asking) => return None,
                word = self.inbox.recv() => self.hear(word?),
                notice = next(&mut self.relay) => match notice {
                    RelayNotice::Refused(why) => self.say(&why),
                    RelayNotice::Ends => return None,
                },
                () = &mut self.left => return None,
                Some(_) = self.waiting.join_next() => {}
                done = &mut work => return Some(done),
            }
        }
    }

    fn hear(&mut self, word: Word) {
        match word {
            Word::Passed { .. } => {}
            Word::Refused { brief, why } => {
                self.say(&format!("refused: {} ({why})", brief.sentence()));
            }
            Word::Waits(held) => match &self.asking {
                // Where the other end is gone, the whole desk is about to be: dropped, it is refused.
                Some((to, _)) => drop(to.send(*held)),
                None => self.let_wait(*held),
            },
        }
    }

    /// Nobody is there: no answer is never a yes.
    fn let_wait(&mut self, held: Held) {
        let (hold, quiet) = (self.hold, self.quiet);
        let sentence = held.brief.sentence();
        self.say(&format!("held: {sentence}"));
        self.waiting.spawn(async move {
            tokio::time::sleep(hold).await;
            held.answer(Answer::No);
            if !quiet {
                let seconds = hold.as_secs();
                let text = format!("refused: {sentence} (nobody said yes within {seconds} s)");
                eprintln!("{}", printable(&text));
            }
        });
    }

    fn say(&self, text: &str) {
        if !self.quiet {
            eprintln!("{}", printable(text));
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if let Some((_, task)) = &self.asking {
            task.abort();
        }
    }
}

/// Shows each card in turn. Ends where the person is gone or wants it to end.
async fn ask(mut person: Box<Terminal>, mut waiting: mpsc::UnboundedReceiver<Held>) -> HumanError {
    while let Some(held) = waiting.recv().await {
        match person.confirm(&held.card, None).await {
            Ok(Verdict::Yes | Verdict::YesForWorkflow) => held.answer(Answer::Yes),
            // What is on its way can be let go or stopped, not changed.
            Ok(Verdict::No | Verdict::NoAndStop | Verdict::Edit { .. } | Verdict::DoneByHand) => {
                held.answer(Answer::No)
            }
            Err(error) => return error,
        }
    }
    HumanError::Interrupted
}

async fn gave_up(asking: &mut Option<(mpsc::UnboundedSender<Held>, JoinHandle<HumanError>)>) {
    match asking {
        Some((_, task)) => match task.await {
            Ok(HumanError::Interrupted) => {}
            Ok(error) => eprintln!("{error}"),
            Err(error) => tracing::debug!(%error, "asking ended"),
        },
        None => std::future::pending().await,
    }
}

async fn next(relay: &mut Option<Relay>) -> RelayNotice {
    if let Some(relay) = relay
        && let Some(notice) = relay.next().await
    {
        return notice;
    }
    std::future::pending().await
}
