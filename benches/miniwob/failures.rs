//! What is kept of each episode that was no success, for whoever finds out why.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use crate::Failure;
use crate::episode::Ended;

/// Traces kept of one task with one number of demonstrations: a trace holds pictures.
const TRACES: usize = 5;
/// Lines of standard error kept of one episode.
const LINES: usize = 8;

/// The file of failures, and the traces beside it.
#[derive(Debug)]
pub struct Failures {
    home: PathBuf,
    /// Where they are listed.
    pub file: PathBuf,
    traces: BTreeMap<(String, usize), usize>,
}

impl Failures {
    /// Begins anew in the folder of a seed.
    pub fn begin(home: PathBuf) -> Result<Self, Failure> {
        let traces = home.join("traces");
        if traces.exists() {
            std::fs::remove_dir_all(&traces)?;
        }
        std::fs::create_dir_all(&traces)?;
        let file = home.join("failures.txt");
        std::fs::write(&file, "")?;
        Ok(Self {
            home,
            file,
            traces: BTreeMap::new(),
        })
    }

    /// Takes in an episode that was no success. It is written down at once: a long measurement may be ended before its end.
    pub fn add(&mut self, ended: &Ended) -> Result<(), Failure> {
        let episode = &ended.episode;
        let text = &mut String::new();
        writeln!(
            text,
            "{} with {}, {}: {}",
            episode.task, episode.demos, episode.seed.0, ended.goal
        )?;
        let code = ended
            .code
            .map_or("none".to_owned(), |code| code.to_string());
        let reward = match &ended.told {
            Some(told) => told.reward.to_string(),
            None => "none".to_owned(),
        };
        writeln!(
            text,
            "  exit {code}, reward {reward}, {:.1} s",
            ended.seconds
        )?;
        if let Some(told) = &ended.told
            && told.goal != ended.goal
        {
            writeln!(text, "  the page asked for something else: {}", told.goal)?;
        }
        if let Some(reason) = ended.report.as_ref().and_then(|one| one.reason.as_ref()) {
            writeln!(text, "  reason: {reason}")?;
        }
        let lines: Vec<&str> = ended.stderr.lines().collect();
        for line in &lines[lines.len().saturating_sub(LINES)..] {
            writeln!(text, "  | {line}")?;
        }
        let kept = self
            .traces
            .entry((episode.task.clone(), episode.demos))
            .or_default();
        if let Some(report) = &ended.report
            && *kept < TRACES
        {
            let to = self.home.join("traces").join(format!(
                "{}-{}-{}",
                episode.task, episode.demos, episode.seed.0
            ));
            // Its path is given as the program sees it from its own folder.
            if std::fs::rename(ended.folder.path().join(&report.trace), &to).is_ok() {
                *kept += 1;
                writeln!(text, "  trace: {}", to.display())?;
            }
        }
        text.push('\n');
        std::fs::OpenOptions::new()
            .append(true)
            .open(&self.file)?
            .write_all(text.as_bytes())?;
        Ok(())
    }
}
