//! From a request to a run: opens the browser, puts the parts together, runs, and ends what was opened.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::super::{CliError, GlobalFlags, progress};
use super::earlier::ask_about_earlier;
use super::guarding::{self, Guarding};
use super::learning::Learning;
use super::rewording::Inquiry;
use super::run::with_sites;
use super::{INTERRUPTED, failed, wrong_use};
use crate::computer::browser::{Browser, OpenSettings, open};
use crate::computer::{Computer, Outlet, SharedGate};
use crate::config::Settings;
use crate::guard::firewall::Spoken;
use crate::guard::journal::{self, Journal};
use crate::guard::secrets::{Secrets, VaultError};
use crate::human::memory::{Memory, Preference};
use crate::human::{Human, Nobody, Scripted, Terminal};
use crate::perception::Reader;
use crate::policy::Policy;
use crate::run::{
    self, Guarded, Interrupts, Job, Limits, Locked, Mask, Parts, ReadPicture, Remember, Summary,
    Unlock,
};
use crate::trace::{Event, Header, Recorder};

/// A job with everything resolved but the browser.
pub struct Work<'a> {
    pub goal: String,
    /// What was asked to find out that this is the goal.
    pub inquiry: Inquiry,
    pub parameters: BTreeMap<String, String>,
    pub policy: Box<dyn Policy>,
    /// Name of the workflow that is followed, where one is.
    pub workflow: Option<String>,
    /// What is known of that workflow, and where what the run teaches goes.
    pub learning: Learning,
    /// Where to go first; `None` stays on the page in front of a connected browser.
    pub start: Option<String>,
    /// Origins of the goal.
    pub sites: Vec<String>,
    pub secrets: Secrets,
    pub human: Box<dyn Human>,
    pub settings: &'a Settings,
    pub global: GlobalFlags,
    pub timings: bool,
}

/// Does a job.
///
/// # Errors
/// Where there is no browser, no trace can be kept, or a file of the configuration cannot be used.
pub async fn carry_out(work: Work<'_>, interrupts: Interrupts) -> Result<Summary, CliError> {
    let Work {
        goal,
        inquiry,
        parameters,
        mut policy,
        workflow,
        mut learning,
        start,
        sites,
        secrets,
        mut human,
        settings,
        global,
        timings,
    } = work;
    let guard = guarding::rules_of(settings)?;
    let memory = Memory::load(&settings.memory.value).map_err(|e| wrong_use(e.to_string()))?;
    let remembered = std::mem::take(&mut learning.remembered);
    let masker = secrets.masker();
    let mask: Mask = Arc::new(move |text: &str| masker.mask(text));
    let unlock = unlock(secrets.clone());
    let mut progress = progress::choose(global, timings);
    let stopped = ask_about_earlier(
        &settings.traces.value,
        &goal,
        workflow.as_deref(),
        &mut *human,
    )
    .await?;
    if let Some(code) = stopped {
        return Err(CliError::Other {
            message: "stopped, since an earlier run may have sent it already; nothing was done"
                .to_owned(),
            code,
        });
    }
    progress.waits("the browser");
    let wall = guarding::raise(Guarding {
        settings,
        start: start.as_deref(),
        sites: &sites,
        workflow: workflow.as_deref(),
        mask: mask.clone(),
    })
    .await?;
    for note in &wall.notes {
        progress.note(note);
    }
    let (gate, outlet) = (Some(wall.gate()), Some(wall.outlet()));
    let mut browser = open_browser(settings, Some(secrets), gate, outlet, &interrupts).await?;
    let (firewall, inbox, switch) = wall.split();
    let mut notes: Vec<String> = browser.warning().map(str::to_owned).into_iter().collect();
    notes.append(&mut inquiry.notes());
    notes.append(&mut learning.notes);
    for note in &notes {
        progress.note(&mask(note));
    }
    let header = Header {
        format: String::new(),
        run: String::new(),
        started: String::new(),
        goal: goal.clone(),
        typed: inquiry.typed.clone(),
        // A run that is resumed needs to know its sites.
        parameters: with_sites(parameters.clone(), settings.site_origins()),
        workflow: workflow.clone(),
        policy: policy.name().to_owned(),
        browser: browser.product().to_owned(),
        start_url: start.clone().unwrap_or_default(),
        sites: sites.clone(),
        apprentice: String::new(),
    };
    let masked = mask.clone();
    let recorder = Recorder::create(&settings.traces.value, header, move |text: &str| {
        masked(text)
    });
    let noted = recorder.and_then(|mut recorder| {
        for event in inquiry.events() {
            recorder.write(event)?;
        }
        for text in notes {
            recorder.write(Event::Note { text })?;
        }
        Ok(recorder)
    });
    let recorder = match noted {
        Ok(recorder) => recorder,
        Err(error) => {
            browser.end().await;
            return Err(error.into());
        }
    };
    firewall.keep_journal(Journal::new(
        &settings.traces.value,
        journal::Header::new(recorder.run(), &goal, workflow.as_deref()),
    ));
    let answered = format!(
        "answered in {} on {}",
        recorder.run(),
        jiff::ZonedDateTime::now().date()
    );
    let hosts = recorder.folder().join(HOSTS);
    let downloads = absolute(&recorder.folder().join("downloads"));
    browser.download_to(&downloads);
    let job = Job {
        goal,
        parameters,
        remembered,
        start,
        sites,
        limits: Limits {
            steps: settings.max_steps.value,
            time: std::time::Duration::from_secs(settings.max_seconds.value),
            failures: settings.max_failures.value,
        },
        guard,
        downloads,
        before: inquiry.before(),
    };
    let parts = Parts {
        computer: &mut browser,
        policy: &mut *policy,
        human: &mut *human,
        recorder,
        progress: &mut *progress,
        interrupts,
        read_picture: read_picture(),
        remember: remember(memory, workflow, answered),
        mask,
        guarded: Some(Guarded {
            firewall,
            inbox,
            whole: settings.connect.value.is_none(),
        }),
        unlock,
    };
    let ended = run::run(&job, parts).await;
    // Whatever came of the run, the browser is not left behind.
    let closed = browser.close().await;
    keep_hosts(&hosts, &switch.log(), &mut *progress);
    if let Ok(summary) = &ended {
        learning.after(&summary.folder, &mut *progress);
    }
    drop(progress);
    let summary = ended.map_err(|e| failed(e.to_string()))?;
    closed.map_err(|e| failed(e.to_string()))?;
    Ok(summary)
}

/// Beside the trace: which hosts the browser spoke to, or was kept from.
const HOSTS: &str = "hosts.json";

fn keep_hosts(file: &Path, hosts: &[Spoken], progress: &mut dyn run::Progress) {
    let written = serde_json::to_vec_pretty(hosts)
        .map_err(|e| e.to_string())
        .and_then(|text| std::fs::write(file, text).map_err(|e| e.to_string()));
    if let Err(reason) = written {
        progress.note(&format!(
            "the list of hosts could not be written to {}: {reason}",
            file.display()
        ));
    }
}

/// Launches or connects; a wish to end meanwhile ends it.
pub async fn open_browser(
    settings: &Settings,
    secrets: Option<Secrets>,
    gate: Option<SharedGate>,
    outlet: Option<Outlet>,
    interrupts: &Interrupts,
) -> Result<Browser, CliError> {
    let opening = open(OpenSettings {
        browser: settings.browser.value.clone(),
        connect: settings.connect.value.clone(),
        headed: settings.headed.value,
        viewport: settings.viewport.value,
        // Without a gate somebody is recorded.
        by_hand: gate.is_none(),
        profile: settings
            .profile
            .value
            .as_deref()
            .map(profile_folder)
            .transpose()?,
        downloads: std::env::temp_dir(),
        secrets: secrets.map(|secrets| Arc::new(secrets) as _),
        // Who is recorded works in the tab that they see.
        existing_tabs: settings.existing_tabs.value || gate.is_none(),
        gate,
        outlet,
    });
    tokio::select! {
        opened = opening => opened.map_err(|e| failed(e.to_string())),
        () = interrupts.any() => Err(CliError::Other {
            message: "interrupted while the browser started".to_owned(),
            code: INTERRUPTED,
        }),
    }
}

/// The folder of a profile that is kept between runs.
fn profile_folder(name: &str) -> Result<PathBuf, CliError> {
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !plain {
        return Err(wrong_use(format!(
            "{name:?} cannot be a profile's name: use letters, digits, - and _"
        )));
    }
    directories::ProjectDirs::from("", "", "apprentice")
        .map(|folders| folders.data_dir().join("profiles").join(name))
        .ok_or_else(|| failed("no home folder is known, and a profile needs one: set HOME"))
}

/// Whoever answers: the script that was given, the person at the terminal, or nobody.
pub fn human(answers: Option<&Path>, settings: &Settings) -> Result<Box<dyn Human>, CliError> {
    let in_reach = settings.headed.value || settings.connect.value.is_some();
    if let Some(file) = answers {
        let scripted = Scripted::from_file(file).map_err(|e| wrong_use(e.to_string()))?;
        return Ok(Box::new(scripted.reaching(in_reach)));
    }
    Ok(if Terminal::is_there() {
        Box::new(Terminal::new(in_reach))
    } else {
        Box::new(Nobody)
    })
}

/// Reads pictures with what this machine has; it is loaded when the first picture is read. The last picture is not read
/// twice: several values are often taken from one receipt.
pub fn read_picture() -> ReadPicture {
    let reader: OnceLock<Result<Reader, String>> = OnceLock::new();
    let last: Mutex<Option<(blake3::Hash, String)>> = Mutex::new(None);
    Arc::new(move |bytes: &[u8]| {
        let hash = blake3::hash(bytes);
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((read, text)) = &*last
            && *read == hash
        {
            return Ok(text.clone());
        }
        let reader = reader.get_or_init(|| Reader::best().map_err(|e| e.to_string()));
        let text = match reader {
            Ok(reader) => reader.read_text(bytes).map_err(|e| e.to_string())?,
            Err(error) => return Err(error.clone()),
        };
        *last = Some((hash, text.clone()));
        Ok(text)
    })
}

fn remember(mut memory: Memory, workflow: Option<String>, source: String) -> Remember {
    Box::new(move |key: &str, answer: &str| {
        let Some(workflow) = &workflow else {
            return Err("only answers to a demonstration's questions can be remembered".to_owned());
        };
        // Keys with a colon are about one moment of one run: which of two buttons, what to do about a failure.
        if key.contains(':') {
            return Err("it is about this run alone".to_owned());
        }
        match memory.set(Preference {
            name: key.to_owned(),
            value: answer.to_owned(),
            source: source.clone(),
            workflow: Some(workflow.clone()),
        }) {
            Ok(true) => Ok(()),
            Ok(false) => Err("it looks like a secret, and those are not kept".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    })
}

/// Opens the vault where a secret of it is needed, with what the person types.
fn unlock(secrets: Secrets) -> Unlock {
    Box::new(move |passphrase| match secrets.unlock(passphrase) {
        Ok(()) => Ok(()),
        Err(error @ VaultError::WrongPassphrase { .. }) => Err(Locked::Still(error.to_string())),
        Err(error) => Err(Locked::Broken(error.to_string())),
    })
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
