//! Performs `apprentice record`: listens to a person at the browser until Ctrl-C, and writes a demonstration.

use std::io::{BufRead, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::record::RecordRequest;
use super::super::{CliError, output, vault};
use super::job::open_browser;
use super::{INTERRUPTED, failed, signals, window, wrong_use};
use crate::computer::browser::{Browser, Deed, Entered, Heard};
use crate::computer::{Action, Computer};
use crate::demo::recorder::{Shown, demonstration, save};
use crate::guard::secrets::Masker;
use crate::run::{Interrupts, mask_elements};
use crate::trace::viewer::printable;

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
    let interrupts = signals::listen();
    let started = jiff::Timestamp::now().to_string();
    let goal = request.goal.clone();
    if goal.is_none() && !std::io::stdin().is_terminal() {
        return Err(wrong_use(
            "a demonstration needs its goal in a sentence: give it with --goal",
        ));
    }
    let secrets = vault::load(settings)?;
    let masker = secrets.masker();
    let mut browser = open_browser(settings, Some(secrets), None, None, &interrupts).await?;
    if !request.global.quiet {
        if let Some(warning) = browser.warning() {
            eprintln!("{warning}");
        }
        eprintln!("recording: do the job in the browser, then press Ctrl-C here");
    }
    let heard = listen(
        &mut browser,
        goal.as_deref(),
        settings.start.value.clone(),
        &interrupts,
        &masker,
        request.global.quiet,
    )
    .await;
    browser.end().await;
    let (heard, shown) = heard?;
    let goal = match goal {
        Some(goal) => goal,
        None if heard.is_empty() => String::new(),
        None => ask_for_goal()?,
    };
    let recorded = demonstration(&request.workflow, &goal, &started, &heard, &shown)
        .map_err(|e| failed(e.to_string()))?;
    let saved = save(&settings.demos.value, None, &recorded).map_err(|e| failed(e.to_string()))?;
    output::print(&format!("{}\n", saved.file.display()))?;
    if !request.global.quiet {
        eprintln!(
            "{} steps; name in it what changes from run to run, as in value = \"{{day}}\" with [parameters.day], then: apprentice run GOAL --demo {}",
            recorded.demonstration.steps.len(),
            request.workflow
        );
    }
    Ok(0)
}

async fn listen(
    browser: &mut Browser,
    goal: Option<&str>,
    start: Option<String>,
    interrupts: &Interrupts,
    masker: &Masker,
    quiet: bool,
) -> Result<(Vec<Heard>, Vec<Shown>), CliError> {
    let mut recording = browser
        .record_for(goal)
        .await
        .map_err(|e| failed(e.to_string()))?;
    let shown: Arc<Mutex<Vec<Shown>>> = Arc::default();
    let kept = shown.clone();
    recording.keep_sent(move |sent| {
        if let Some(one) = Shown::of(&sent) {
            kept.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(one);
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
    let mut heard = Vec::new();
    let mut stopping = false;
    loop {
        tokio::select! {
            one = recording.next() => match one {
                Some(one) => {
                    if own.take_if(|own| leads_to(&one.deed, own)).is_some() {
                        continue;
                    }
                    let one = without_known_secrets(one, masker);
                    if !quiet && let Some(line) = line(&one) {
                        eprintln!("  {}", printable(&line));
                    }
                    heard.push(one);
                }
                None => {
                    let shown = std::mem::take(&mut *shown.lock().unwrap_or_else(PoisonError::into_inner));
                    return Ok((heard, shown));
                }
            },
            () = interrupts.any(), if !stopping => {
                stopping = true;
                recording.stop();
            }
        }
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

/// The deed with nothing in it that is kept as a secret, or is one by what it is: typed into whatever field.
fn without_known_secrets(mut heard: Heard, masker: &Masker) -> Heard {
    if let Deed::Fill(Entered::Plain(text)) = &heard.deed
        && !masker.find(text).is_empty()
    {
        heard.deed = Deed::Fill(Entered::Secret);
    }
    for text in heard
        .texts
        .iter_mut()
        .chain([&mut heard.page, &mut heard.title])
    {
        *text = masker.mask(text);
    }
    let mask = |text: &str| masker.mask(text);
    mask_elements(&mut heard.elements, &mask);
    if let Some(element) = &mut heard.element {
        mask_elements(std::slice::from_mut(element), &mask);
    }
    heard
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
        Deed::Drag { .. } => format!("drag {target}"),
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

/// Asks at the terminal what was done.
fn ask_for_goal() -> Result<String, CliError> {
    eprint!("In one sentence, as you would say it: what did you do? ");
    let _ = std::io::stderr().flush();
    let mut goal = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut goal)
        .map_err(|e| failed(format!("the goal could not be read: {e}")))?;
    Ok(goal.trim().to_owned())
}
