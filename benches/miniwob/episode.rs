//! One episode by `apprentice run`, with nothing but the sentence, and what the page says came of it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::Failure;
use crate::bench::Bench;
use crate::chromium::Chromium;
use crate::pages::Told;
use crate::program::apprentice;
use crate::tasks::Seed;

/// How long a run may take, in seconds, as it is told.
const RUN_SECONDS: &str = "60";
/// How long until it is ended from outside.
const LIMIT: Duration = Duration::from_secs(90);
/// How long after the run's end the page's word may be on its way, and how long where the run says that it is done.
const TOLD_LIMIT: Duration = Duration::from_millis(250);
const DONE_LIMIT: Duration = Duration::from_secs(2);
/// The exit code of a run that waits for a person.
const WAITING: i32 = 4;
/// Whoever gave the goal says yes to a card, which names where it would go after its title. Nobody answers questions.
const ANSWERS: &str = "[[answer]]\nto = '\\n\\n  to '\nreply = 'yes'\nrepeat = true\n";

/// Which episode.
#[derive(Debug, Clone)]
pub struct Episode {
    pub task: String,
    /// How many demonstrations the run may learn from.
    pub demos: usize,
    pub library: PathBuf,
    pub seed: Seed,
}

/// What the program prints with `--json`, as far as it is counted.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Report {
    pub reason: Option<String>,
    pub steps: usize,
    pub questions: usize,
    pub confirmations: usize,
    pub model_calls: u64,
    pub trace: PathBuf,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    pub episode: Episode,
    pub goal: String,
    /// `None` where it had to be ended from outside.
    pub code: Option<i32>,
    pub told: Option<Told>,
    /// `None` where the program did not get as far as to run.
    pub report: Option<Report>,
    pub stderr: String,
    pub seconds: f64,
    /// Goes with this value, and the trace with it unless it is moved.
    pub folder: tempfile::TempDir,
}

impl Ended {
    pub fn success(&self) -> bool {
        self.told.as_ref().is_some_and(|told| told.reward == 1.0)
    }

    pub fn asked(&self) -> bool {
        self.code == Some(WAITING) || self.report.as_ref().is_some_and(|one| one.questions > 0)
    }

    pub fn confirmed(&self) -> bool {
        self.report
            .as_ref()
            .is_some_and(|one| one.confirmations > 0)
    }

    /// It took itself to be done, or did something that cannot be taken back, and was wrong, without a question.
    pub fn wrong_unasked(&self) -> bool {
        !self.success() && !self.asked() && (self.code == Some(0) || self.told.is_some())
    }
}

/// Does an episode.
///
/// # Errors
/// Where it could not be tried; not where it was not done.
pub async fn run(bench: &Bench, chromium: &Chromium, episode: Episode) -> Result<Ended, Failure> {
    let Episode { task, seed, .. } = &episode;
    let goal = bench
        .sentences
        .of(&bench.pages, chromium, task, seed)
        .await?;
    let visit = bench.pages.visit(task, seed);
    // Beside the traces that are kept, so that keeping one is a move.
    let workshop = bench.settings.home().join("running");
    std::fs::create_dir_all(&workshop)?;
    let folder = tempfile::tempdir_in(&workshop)?;
    let begun = Instant::now();
    let output = start(&goal, &episode, &visit.address, chromium, folder.path())?;
    let output = tokio::time::timeout(LIMIT, output.wait_with_output()).await;
    let seconds = begun.elapsed().as_secs_f64();
    let (code, report, stderr) = match output {
        Ok(output) => {
            let output = output?;
            (
                output.status.code(),
                serde_json::from_slice(&output.stdout).ok(),
                String::from_utf8_lossy(&output.stderr).into_owned(),
            )
        }
        Err(_) => (
            None,
            None,
            "it was ended, since it took too long".to_owned(),
        ),
    };
    let limit = match code {
        Some(0) => DONE_LIMIT,
        _ => TOLD_LIMIT,
    };
    let told = bench.pages.told(&visit, limit).await;
    Ok(Ended {
        episode,
        goal,
        code,
        told,
        report,
        stderr,
        seconds,
        folder,
    })
}

fn start(
    goal: &str,
    episode: &Episode,
    address: &str,
    chromium: &Chromium,
    folder: &Path,
) -> Result<tokio::process::Child, Failure> {
    let answers = folder.join("answers.toml");
    std::fs::write(&answers, ANSWERS)?;
    Ok(apprentice(folder)
        .args(["run", goal, "--json", "--demo", &episode.task, "--demos"])
        .arg(&episode.library)
        .args(["--start", address, "--max-seconds", RUN_SECONDS])
        .args([
            "--connect",
            &chromium.address,
            "--viewport",
            crate::chromium::VIEW,
            "--answers",
        ])
        .arg(answers)
        .spawn()?)
}
