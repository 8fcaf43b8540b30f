//! `apprentice run GOAL`: does a job.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::flags::{self, BrowserFlags, FolderFlags, LimitFlags, ModelFlags, SecretFlags};
use super::{CliError, GlobalFlags};
use crate::config::{Layer, Settings};

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Args)]
pub struct RunArgs {
    /// What is to be done, in one or a few sentences
    #[arg(value_name = "GOAL")]
    pub goal: String,
    /// Demonstration to follow; without it the one whose goal fits
    #[arg(long, value_name = "NAME")]
    pub demo: Option<String>,
    /// Value of one of the demonstration's parameters; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub params: Vec<String>,
    /// Where to start, instead of where the demonstration starts
    #[arg(long, value_name = "URL")]
    pub start: Option<String>,
    /// Where one of the demonstration's sites is; may be repeated
    #[arg(long = "site", value_name = "NAME=ORIGIN")]
    pub sites: Vec<String>,
    /// Script of answers, for runs without a person at the terminal
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// Learn nothing from this run, and use nothing that earlier ones taught
    #[arg(long)]
    pub no_learning: bool,
    /// Say where the time of each step goes
    #[arg(long)]
    pub timings: bool,
    #[command(flatten)]
    pub browser: BrowserFlags,
    #[command(flatten)]
    pub folders: FolderFlags,
    #[command(flatten)]
    pub secrets: SecretFlags,
    #[command(flatten)]
    pub model: ModelFlags,
    #[command(flatten)]
    pub limits: LimitFlags,
}

/// What it means.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRequest {
    pub goal: String,
    pub demo: Option<String>,
    pub parameters: BTreeMap<String, String>,
    pub answers: Option<PathBuf>,
    pub timings: bool,
    pub settings: Settings,
    pub global: GlobalFlags,
}

impl RunArgs {
    /// # Errors
    /// [`CliError::Usage`], [`CliError::Config`].
    pub fn meaning(self, global: GlobalFlags) -> Result<RunRequest, CliError> {
        let goal = self.goal.trim().to_owned();
        if goal.is_empty() {
            return Err(CliError::Usage(
                "the goal is empty: say in a sentence what is to be done".to_owned(),
            ));
        }
        let mut layer = Layer {
            start: self
                .start
                .map(|start| flags::address("--start", &start))
                .transpose()?,
            sites: flags::sites(self.sites)?,
            learn: self.no_learning.then_some(false),
            ..Layer::default()
        };
        self.browser.write(&mut layer);
        self.folders.write(&mut layer);
        self.secrets.write(&mut layer);
        self.model.write(&mut layer);
        self.limits.write(&mut layer);
        Ok(RunRequest {
            goal,
            demo: self.demo,
            parameters: flags::pairs("--param", self.params)?,
            answers: self.answers,
            timings: self.timings,
            settings: Settings::load(layer)?,
            global,
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{GlobalFlags, RunArgs};

    #[derive(Debug, Parser)]
    struct Typed {
        #[command(flatten)]
        run: RunArgs,
    }

    fn run(arguments: &[&str]) -> RunArgs {
        let all = std::iter::once("run").chain(arguments.iter().copied());
        Typed::try_parse_from(all).unwrap().run
    }

    #[test]
    fn flags_become_parameters_sites_and_settings() {
        let request = run(&[
            "buy two tickets",
            "--param=day=Monday",
            "--site=shop=http://127.0.0.1:8080",
            "--start=http://127.0.0.1:8080/x",
            "--max-steps=7",
            "--traces=out",
        ])
        .meaning(GlobalFlags::default())
        .unwrap();
        assert_eq!(request.parameters["day"], "Monday");
        assert_eq!(request.settings.max_steps.value, 7);
        assert_eq!(request.settings.traces.value.to_str(), Some("out"));
        assert_eq!(
            request.settings.start.value.as_deref(),
            Some("http://127.0.0.1:8080/x")
        );
        assert_eq!(
            request.settings.site_origins()["shop"],
            "http://127.0.0.1:8080"
        );
    }

    #[test]
    fn an_empty_goal_and_a_parameter_given_twice_are_wrong_use() {
        for arguments in [&["  "][..], &["x", "--param=a=1", "--param=a=2"]] {
            let error = run(arguments).meaning(GlobalFlags::default()).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{error}");
        }
    }
}
