//! A real run, held between two of its steps: real browser, guard and trace, and a policy that decides at once.
//!
//! A step lasts from the moment that the policy may decide until it is asked again: it decides, is reviewed, written down and
//! done, and the page is looked at again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apprentice::computer::browser::{OpenSettings, open};
use apprentice::computer::{Action, Button, Computer, Observation, Target};
use apprentice::guard::GuardPolicy;
use apprentice::human::Nobody;
use apprentice::policy::{Act, Decision, Policy, PolicyError, Situation};
use apprentice::run::{self, Interrupt, Job, Limits, Locked, Parts, Progress};
use apprentice::trace::{Header, Recorder};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::Failure;
use crate::pages::name_of_target;

/// What a step left behind.
pub struct Stepped {
    pub millis: f64,
    /// What was seen at its end.
    pub observation: Observation,
}

/// Milliseconds by part, one map for each step.
pub type Spans = Arc<Mutex<Vec<BTreeMap<String, f64>>>>;

/// A run that waits for its next step.
pub struct Steps {
    go: mpsc::Sender<usize>,
    done: mpsc::Receiver<Stepped>,
    run: JoinHandle<Result<(), String>>,
    pub spans: Spans,
}

impl Steps {
    /// Opens a browser on the page and runs until the first decision is due.
    pub async fn open(url: &str) -> Result<Self, Failure> {
        let (go, may_go) = mpsc::channel(1);
        let (report, mut done) = mpsc::channel(1);
        let spans = Spans::default();
        let run = tokio::spawn(run_on(
            url.to_owned(),
            Clicker {
                may_go,
                report,
                begun: Instant::now(),
                decided: spans.clone(),
            },
            Parted(spans.clone()),
        ));
        // The first report is of the page as it was opened.
        if done.recv().await.is_none() {
            return Err(run.await?.err().unwrap_or_default().into());
        }
        spans.lock().map_err(|e| e.to_string())?.clear();
        Ok(Self {
            go,
            done,
            run,
            spans,
        })
    }

    pub async fn step(&mut self, round: usize) -> Result<Stepped, Failure> {
        self.go.send(round).await?;
        match self.done.recv().await {
            Some(stepped) => Ok(stepped),
            None => Err("the run ended too early; its trace says why".into()),
        }
    }

    /// Lets the run end in order.
    pub async fn end(self) -> Result<(), Failure> {
        drop(self.go);
        Ok(self.run.await??)
    }
}

async fn run_on(url: String, mut clicker: Clicker, mut parted: Parted) -> Result<(), String> {
    let words = |error: &dyn std::error::Error| error.to_string();
    let folder = tempfile::tempdir().map_err(|e| words(&e))?;
    let mut browser = open(OpenSettings {
        downloads: folder.path().join("downloads"),
        ..OpenSettings::default()
    })
    .await
    .map_err(|e| words(&e))?;
    let origin = url::Url::parse(&url)
        .map_err(|e| words(&e))?
        .origin()
        .ascii_serialization();
    let header = Header {
        format: String::new(),
        run: String::new(),
        started: String::new(),
        goal: "click".to_owned(),
        typed: None,
        parameters: BTreeMap::new(),
        workflow: None,
        policy: "clicker".to_owned(),
        browser: browser.product().to_owned(),
        start_url: url.clone(),
        sites: vec![origin.clone()],
        apprentice: String::new(),
    };
    let job = Job {
        goal: "click".to_owned(),
        parameters: BTreeMap::new(),
        remembered: BTreeMap::new(),
        start: Some(url),
        sites: vec![origin],
        limits: Limits {
            steps: usize::MAX,
            time: Duration::from_secs(3600),
            ..Limits::default()
        },
        guard: GuardPolicy::default(),
        downloads: folder.path().join("downloads"),
        before: run::Before::default(),
    };
    // As a run without named secrets has it.
    let masker = Arc::new(apprentice::guard::secrets::Environment::from_variables([]).masker());
    let mask = masker.clone();
    let recorder = Recorder::create(folder.path(), header, move |text: &str| masker.mask(text))
        .map_err(|e| words(&e))?;
    let (_interrupt, interrupts) = Interrupt::new();
    let ended = run::run(
        &job,
        Parts {
            computer: &mut browser,
            policy: &mut clicker,
            human: &mut Nobody,
            recorder,
            progress: &mut parted,
            interrupts,
            read_picture: Arc::new(|_| Err("there is nothing to read".to_owned())),
            remember: Box::new(|_, _| Ok(())),
            mask: Arc::new(move |text| mask.mask(text)),
            guarded: None,
            unlock: Box::new(|_| Err(Locked::Broken("there is no vault".to_owned()))),
        },
    )
    .await;
    let closed = browser.close().await;
    let summary = ended.map_err(|e| words(&e))?;
    closed.map_err(|e| words(&e))?;
    match summary.end.reason {
        None => Ok(()),
        Some(reason) => Err(reason),
    }
}

/// Clicks what it is told to, without thinking.
struct Clicker {
    may_go: mpsc::Receiver<usize>,
    report: mpsc::Sender<Stepped>,
    begun: Instant,
    decided: Spans,
}

#[async_trait::async_trait]
impl Policy for Clicker {
    fn name(&self) -> &'static str {
        "clicker"
    }

    async fn decide(&mut self, situation: &Situation<'_>) -> Result<Decision, PolicyError> {
        let stepped = Stepped {
            millis: self.begun.elapsed().as_secs_f64() * 1000.0,
            observation: situation.observation.clone(),
        };
        let finish = || {
            Ok(Decision::Finish {
                result: String::new(),
            })
        };
        if self.report.send(stepped).await.is_err() {
            return finish();
        }
        let Some(round) = self.may_go.recv().await else {
            return finish();
        };
        self.begun = Instant::now();
        let name = name_of_target(round);
        let found = situation
            .observation
            .elements
            .iter()
            .find(|element| element.name == name);
        let decision = match found {
            None => Decision::GiveUp {
                reason: format!("there is no {name}"),
            },
            Some(element) => Decision::Act(Act {
                says: format!("click {name}"),
                action: Action::Click {
                    target: Target::Element(element.id.clone()),
                    button: Button::Left,
                    count: 1,
                    modifiers: Vec::new(),
                },
                sure: 1.0,
                mark: None,
                step: None,
                demonstrated: Some(format!("clicked {name}")),
                looking: false,
                way: None,
                hand: None,
                while_says: None,
                effects: Vec::new(),
            }),
        };
        if let Ok(mut spans) = self.decided.lock() {
            let millis = self.begun.elapsed().as_secs_f64() * 1000.0;
            spans.push(BTreeMap::from([("decide".to_owned(), millis)]));
        }
        Ok(decision)
    }
}

/// Keeps the times that a run reports.
struct Parted(Spans);

impl Progress for Parted {
    fn step(&mut self, _: usize, _: &str) {}
    fn waits(&mut self, _: &str) {}
    fn note(&mut self, text: &str) {
        eprintln!("note: {text}");
    }

    fn timings(&mut self, parts: &BTreeMap<String, f64>) {
        if let Ok(mut spans) = self.0.lock()
            && let Some(last) = spans.last_mut()
        {
            // Its time to decide is the policy's own; here it holds the pause between steps.
            last.extend(
                parts
                    .iter()
                    .filter(|(part, _)| *part != "decide")
                    .map(|(part, millis)| (part.clone(), *millis)),
            );
        }
    }
}
