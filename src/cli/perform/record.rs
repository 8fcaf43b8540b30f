//! Performs `apprentice record`: listens to a person at the browser until Ctrl-C, and writes a demonstration.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use tokio::sync::mpsc;

use super::super::record::RecordRequest;
use super::super::{CliError, output, vault};
use super::controls::{self, Control};
use super::job::{open_browser, read_picture};
use super::{INTERRUPTED, failed, signals, window, wrong_use};
use crate::computer::browser::{Browser, Deed, Entered, Heard, Recording};
use crate::computer::{Action, Computer, folded};
use crate::demo::recorder::{
    Began, Journal, RecordError, Recorded, Said, SaveError, Shown, Witnessed, demonstration,
    last_deed, read_pictures, save, unfinished,
};
use crate::guard::secrets::Masker;
use crate::run::{Interrupts, mask_heard};
use crate::trace::viewer::printable;

/// When no deed came for so long after the pages told what is being typed, all of them came.
const QUIET: Duration = Duration::from_millis(50);
/// A tab that closes so soon before the browser is gone was closed by its end, in milliseconds.
const CLOSED_BY_END_MS: f64 = 3000.0;

pub async fn record(request: RecordRequest) -> Result<u8, CliError> {
    let mut settings = request.settings.clone();
    if settings.connect.value.is_none() {
        // A person can only show something in a window.
        if !window::can_open() {
            return Err(failed(
                "there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set): \
                 start a browser with --remote-debugging-port=9222 where you can see it, and record it with --connect http://127.0.0.1:9222",
            ));
        }
        settings.headed.value = true;
    }
    let settings = &settings;
    let (library, workflow) = (&settings.demos.value, &request.workflow);
    let interrupts = signals::listen();
    let goal = request.goal.clone();
    if goal.is_none() && !std::io::stdin().is_terminal() {
        return Err(wrong_use(
            "a demonstration needs its goal in a sentence: give it with --goal",
        ));
    }
    if !request.global.quiet {
        for one in unfinished(library, workflow) {
            eprintln!(
                "an unfinished recording of {} is there, of {} deeds: {}",
                one.began.recorded,
                one.deeds(),
                recover_with(workflow)
            );
        }
    }
    let secrets = vault::load(settings)?;
    let masker = secrets.masker();
    let mut browser = open_browser(settings, Some(secrets), None, None, &interrupts).await?;
    let began = Began {
        workflow: workflow.clone(),
        goal: goal.clone(),
        recorded: jiff::Timestamp::now().to_string(),
    };
    let mut taken = Taken::begin(library, &began, request.global.quiet)?;
    let mut lines = controls::lines();
    if !request.global.quiet {
        if let Some(warning) = browser.warning() {
            eprintln!("{warning}");
        }
        eprintln!("recording: do the job in the browser, then press Ctrl-C here");
        if std::io::stdin().is_terminal() {
            eprintln!("{}", controls::HELP);
        }
    }
    let wanted = Wanted {
        goal: goal.as_deref(),
        start: settings.start.value.clone(),
        buttons: request.buttons,
    };
    let listened = listen(
        &mut browser,
        wanted,
        &interrupts,
        &masker,
        &mut taken,
        &mut lines,
    )
    .await;
    browser.end().await;
    if listened.is_err() && taken.witnessed.heard.is_empty() {
        taken.end();
    } else {
        let sites = settings.site_origins();
        write(
            taken,
            began,
            library,
            &sites,
            &masker,
            &mut lines,
            &interrupts,
        )
        .await?;
    }
    listened.map(|()| 0)
}

/// Writes the take, and removes the journal once it is written or there is nothing to write.
async fn write(
    taken: Taken,
    began: Began,
    library: &Path,
    sites: &BTreeMap<String, String>,
    masker: &Masker,
    lines: &mut mpsc::UnboundedReceiver<String>,
    interrupts: &Interrupts,
) -> Result<(), CliError> {
    let workflow = &began.workflow;
    let goal = match began.goal {
        Some(goal) => goal,
        None if taken.witnessed.heard.is_empty() => String::new(),
        None => tokio::select! {
            goal = ask_for_goal(lines) => goal,
            // What was shown is kept.
            () = interrupts.at_once() => String::new(),
        },
    };
    let recorded = match demonstration(workflow, &goal, &began.recorded, &taken.witnessed) {
        Ok(recorded) => named(with_pictures(recorded, masker), sites),
        Err(error @ RecordError::Nothing) => {
            taken.end();
            return Err(failed(error.to_string()));
        }
        Err(error @ RecordError::NoGoal) => {
            return Err(failed(format!("{error}; {}", recover_with(workflow))));
        }
    };
    let saved = save(library, None, &recorded)
        .map_err(|e| failed(format!("{e}; {}", recover_with(workflow))))?;
    let quiet = taken.quiet;
    taken.end();
    output::print(&format!("{}\n", saved.file.display()))?;
    if !quiet {
        eprintln!(
            "{} steps; name in it what changes from run to run, as in value = \"{{day}}\" with [parameters.day], then: apprentice run GOAL --demo {workflow}",
            recorded.demonstration.steps.len(),
        );
    }
    Ok(())
}

/// The recording with what pictures say that was typed from them.
pub fn with_pictures(mut recorded: Recorded, masker: &Masker) -> Recorded {
    let read = read_picture();
    read_pictures(&mut recorded, |picture| match read(picture) {
        Ok(text) => Some(masker.mask(&text)),
        Err(error) => {
            tracing::warn!("a picture of the recording cannot be read: {error}");
            None
        }
    });
    recorded
}

/// The recording with its sites called by name.
pub fn named(mut recorded: Recorded, sites: &BTreeMap<String, String>) -> Recorded {
    for (name, origin) in sites {
        recorded.demonstration.name_site(name, origin);
    }
    recorded
}

/// How a recording that was cut short is made a take.
pub fn recover_with(workflow: &str) -> String {
    format!("`apprentice record --recover {workflow}` makes a take of what was heard")
}

/// What was taken in until now, here and on disk.
struct Taken {
    witnessed: Witnessed,
    /// Absent once it could not be written.
    journal: Option<Journal>,
    paused: bool,
    quiet: bool,
}

impl Taken {
    fn begin(library: &Path, began: &Began, quiet: bool) -> Result<Self, CliError> {
        let journal = Journal::begin(library, began).map_err(|e| failed(e.to_string()))?;
        Ok(Self {
            witnessed: Witnessed::default(),
            journal: Some(journal),
            paused: false,
            quiet,
        })
    }

    fn end(self) {
        if let Some(journal) = self.journal {
            journal.end();
        }
    }

    fn tell(&self, line: &str) {
        if !self.quiet {
            eprintln!("  {}", printable(line));
        }
    }

    fn keep(&mut self, keep: impl FnOnce(&mut Journal) -> Result<(), SaveError>) {
        if let Some(journal) = &mut self.journal
            && let Err(error) = keep(journal)
        {
            // The recording itself goes on.
            eprintln!("what is heard from now on is lost if this program dies: {error}");
            self.journal = None;
        }
    }

    fn hear(&mut self, one: Heard) {
        if self.paused && one.deed != Deed::End {
            return;
        }
        // On disk before the person reads that it was heard.
        self.keep(|journal| journal.hear(&one));
        if !one.unfinished
            && let Some(line) = line(&one)
        {
            self.tell(&line);
        }
        self.witnessed.heard.push(one);
    }

    fn show(&mut self, shown: Shown) {
        if !self.paused {
            self.keep(|journal| journal.show(&shown));
            self.witnessed.shown.push(shown);
        }
    }

    fn say(&mut self, said: Said) {
        let Some(about) = last_deed(&self.witnessed).and_then(line) else {
            self.tell("nothing was done yet that this could be said of");
            return;
        };
        self.keep(|journal| journal.say(&said));
        self.tell(&match &said {
            Said::Undo => format!("taken back: {about}"),
            Said::Mark(kind) => format!(
                "asked about at every run, as it would {}: {about}",
                kind.phrase()
            ),
            Said::Why(why) => format!("{about}, because: {why}"),
        });
        self.witnessed.say(said);
    }

    /// The browser's end closes its tabs; nobody did.
    fn forget_closed_tabs(&mut self) {
        let heard = &mut self.witnessed.heard;
        let end = heard.pop_if(|one| one.deed == Deed::End);
        let now = end.as_ref().map_or(f64::MAX, |end| end.at_ms);
        while heard
            .pop_if(|one| one.deed == Deed::CloseTab && now - one.at_ms < CLOSED_BY_END_MS)
            .is_some()
        {}
        heard.extend(end);
    }
}

/// What is known before anything is shown.
struct Wanted<'a> {
    goal: Option<&'a str>,
    /// Where to begin.
    start: Option<String>,
    /// Whether the window with the recorder's buttons is opened; `None` where that depends on the browser.
    buttons: Option<bool>,
}

async fn listen(
    browser: &mut Browser,
    Wanted {
        goal,
        start,
        buttons,
    }: Wanted<'_>,
    interrupts: &Interrupts,
    masker: &Masker,
    taken: &mut Taken,
    lines: &mut mpsc::UnboundedReceiver<String>,
) -> Result<(), CliError> {
    let mut recording = browser
        .record_for(goal)
        .await
        .map_err(|e| failed(e.to_string()))?;
    let (keep, mut shown) = mpsc::unbounded_channel();
    recording.keep_sent(move |sent| {
        if let Some(one) = Shown::of(&sent) {
            // Nobody listens any more only where the recording has ended.
            let _ = keep.send(one);
        }
    });
    // The way to the first page is ours, and no step of what is shown.
    let mut own = start.clone();
    if let Some(url) = start {
        let action = Action::Navigate { url };
        tokio::select! {
            opened = browser.perform(&action) => {
                opened.map_err(|e| failed(e.to_string()))?;
            }
            () = interrupts.at_once() => return Err(CliError::Other {
                message: "interrupted before the first page was there; nothing was recorded".to_owned(),
                code: INTERRUPTED,
            }),
        }
    }
    let (press, mut pressed) = mpsc::unbounded_channel();
    let shows = match buttons {
        Some(shows) => shows,
        None => recording.has_windows().await,
    };
    if shows && let Err(error) = recording.show_buttons(press).await {
        // Ctrl-C ends it as well.
        taken.tell(&format!(
            "the window with the buttons cannot be opened: {error}"
        ));
    }
    let mut hear = |taken: &mut Taken, one: Heard| {
        if own.take_if(|own| leads_to(&one.deed, own)).is_none()
            && let Some(one) = without_known_secrets(one, masker)
        {
            taken.hear(one);
        }
    };
    let mut stopping = false;
    let mut open = true;
    loop {
        // A button says what may be typed as well.
        let said = async {
            tokio::select! {
                Some(word) = pressed.recv() => Some(word),
                line = lines.recv(), if open => line,
                else => std::future::pending().await,
            }
        };
        tokio::select! {
            one = recording.next() => match one {
                Some(one) => hear(taken, one),
                None => break,
            },
            Some(one) = shown.recv() => taken.show(one),
            line = said, if !stopping => match line.as_deref().map(Control::parse) {
                // Nobody types any more; the recording goes on.
                None => open = false,
                Some(Err(reason)) => taken.tell(&reason),
                Some(Ok(None)) => {}
                Some(Ok(Some(control))) => {
                    // What was done before the line was typed comes before it.
                    settle(&mut recording, |one| hear(taken, one)).await;
                    while let Ok(one) = shown.try_recv() {
                        taken.show(one);
                    }
                    match control {
                        Control::Pause => {
                            taken.paused = !taken.paused;
                            taken.tell(if taken.paused { "paused: what you do now is not recorded; pause again to go on" } else { "recording again" });
                        }
                        Control::Undo => taken.say(Said::Undo),
                        Control::Mark(kind) => taken.say(Said::Mark(kind)),
                        Control::Why(why) => taken.say(Said::Why(masker.mask(&why))),
                        Control::Stop => {
                            stopping = true;
                            recording.stop();
                        }
                    }
                }
            },
            () = interrupts.any(), if !stopping => {
                stopping = true;
                recording.stop();
            }
        }
    }
    while let Ok(one) = shown.try_recv() {
        taken.show(one);
    }
    if let Some(reason) = recording.gone() {
        taken.forget_closed_tabs();
        if !stopping {
            taken.tell(&format!(
                "the browser is gone: {reason}; the recording ends with what was done until then"
            ));
        }
    }
    Ok(())
}

/// Takes in everything that was done until now, what is being typed included.
async fn settle(recording: &mut Recording, mut hear: impl FnMut(Heard)) {
    recording.flush().await;
    while let Ok(Some(one)) = tokio::time::timeout(QUIET, recording.next()).await {
        hear(one);
    }
}

/// Whether the deed is going to this address.
fn leads_to(deed: &Deed, address: &str) -> bool {
    let same = |url: &str| match (url::Url::parse(url), url::Url::parse(address)) {
        (Ok(one), Ok(other)) => one == other,
        _ => url == address,
    };
    matches!(deed, Deed::Navigate(url) if same(url))
}

/// The deed with nothing in it that is kept as a secret, or is one by what it is: typed into whatever field. `None` for the
/// beginning of one, which is told as a whole later.
fn without_known_secrets(heard: Heard, masker: &Masker) -> Option<Heard> {
    if let Deed::Fill(Entered::Plain(text)) = &heard.deed
        && heard.unfinished
        && masker.may_become_secret(text)
    {
        return None;
    }
    Some(mask_heard(heard, &|text: &str| masker.mask(text)))
}

/// What was heard, in a line; never a value that was typed into a secret field.
fn line(heard: &Heard) -> Option<String> {
    let target = heard
        .element
        .as_ref()
        .map_or_else(|| "the page".to_owned(), |element| element.describe());
    Some(match &heard.deed {
        Deed::Click { count: 2, .. } => format!("double click {target}"),
        Deed::Click { .. } => format!("click {target}"),
        Deed::Fill(Entered::Plain(text)) => format!("fill {target} with {text:?}"),
        Deed::Fill(Entered::Secret) => format!("fill {target} with a secret, which is not kept"),
        Deed::Choose(labels) => format!("choose {} in {target}", labels.join(", ")),
        Deed::Upload { files, .. } => format!("attach {} to {target}", files.join(", ")),
        Deed::Press(keys) => format!("press {keys}"),
        Deed::Select { whole: true, .. } => format!("select everything in {target}"),
        Deed::Select { text, .. } => format!("select {:?} in {target}", folded(text)),
        Deed::Copy(text) => format!("copy {:?} from {target}", folded(text)),
        Deed::Drag { .. } => format!("drag {target}"),
        Deed::Hover => format!("point at {target}"),
        Deed::ScrollTo => format!("scroll to {target}"),
        Deed::ScrollThrough { to_end: true } => format!("scroll {target} to its end"),
        Deed::ScrollThrough { to_end: false } => format!("scroll {target} to its beginning"),
        Deed::Navigate(url) => format!("go to {url}"),
        Deed::Back => "go back".to_owned(),
        Deed::Forward => "go forward".to_owned(),
        Deed::Reload => "reload".to_owned(),
        Deed::OpenTab => "open a tab".to_owned(),
        Deed::SwitchTab { title, .. } => format!("switch to the tab {title:?}"),
        Deed::CloseTab => "close the tab".to_owned(),
        Deed::AnswerDialog { accept: true, .. } => "answer the dialog with OK".to_owned(),
        Deed::AnswerDialog { accept: false, .. } => "answer the dialog with Cancel".to_owned(),
        Deed::End => return None,
    })
}

/// Asks at the terminal what was done; nothing where nobody answers any more.
pub async fn ask_for_goal(lines: &mut mpsc::UnboundedReceiver<String>) -> String {
    eprint!("In one sentence, as you would say it: what did you do? ");
    let _ = std::io::stderr().flush();
    lines.recv().await.unwrap_or_default().trim().to_owned()
}
