//! The built program in a folder of its own, with an empty home and no terminal, beside servers that the test holds.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use apprentice::tour::Servers;
use apprentice::trace::{Event, Store, Trace};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// No run of these tests comes near it, even on a machine that is busy with others.
const LONGEST: Duration = Duration::from_secs(200);

/// Where the program runs.
pub struct Program {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What it left.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Program {
    pub fn new() -> Program {
        Program {
            folder: tempfile::tempdir().expect("a temporary folder"),
            variables: Vec::new(),
        }
    }

    #[must_use]
    pub fn with(mut self, variable: &str, value: &str) -> Program {
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of answers; each serves as often as it matches.
    pub fn answers(&self, answers: &[(&str, &str)]) -> String {
        let text: String = answers
            .iter()
            .map(|(to, reply)| {
                format!("[[answer]]\nto = '''{to}'''\nreply = '''{reply}'''\nrepeat = true\n")
            })
            .collect();
        self.file("answers.toml", &text)
    }

    /// A file of answers, as it is written.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder().join(name);
        std::fs::write(&path, text).expect("a file in a temporary folder");
        path.display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("apprentice"));
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env("HOME", self.folder())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("APPRENTICE_MODELS", repository().join(".models"))
            // The demonstrations are the repository's own, which no test changes.
            .env("APPRENTICE_LEARN", "false")
            .envs(self.variables.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// Starts it and does not wait.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .spawn()
            .expect("the binary is built with the tests")
    }

    /// Runs it to its end.
    pub async fn run(&self, arguments: &[&str]) -> Ended {
        let output = tokio::time::timeout(LONGEST, self.command(arguments).output())
            .await
            .expect("the program ends within its limit")
            .expect("the binary is built with the tests");
        Ended {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Does a goal with a bundled demonstration on the test's own servers.
    pub async fn perform(
        &self,
        goal: &str,
        demonstration: &str,
        servers: &Servers,
        more: &[&str],
    ) -> Ended {
        let demonstrations = repository().join("demos").display().to_string();
        let sites: Vec<String> = servers
            .origins()
            .into_iter()
            .map(|(name, origin)| format!("--site={name}={origin}"))
            .collect();
        let mut arguments = vec![
            "run",
            goal,
            "--demo",
            demonstration,
            "--demos",
            &demonstrations,
        ];
        arguments.extend(sites.iter().map(String::as_str));
        arguments.extend(more);
        self.run(&arguments).await
    }

    /// The newest run's folder.
    pub fn run_folder(&self) -> PathBuf {
        Store::new(self.folder().join("traces"))
            .find("last")
            .expect("a run was recorded")
    }

    /// The newest run's trace.
    pub fn trace(&self) -> Trace {
        apprentice::trace::read(&self.run_folder()).expect("a trace that can be read")
    }
}

impl Ended {
    /// Asserts the exit code; shows what was said where it is another.
    #[track_caller]
    pub fn code(&self, wanted: i32) -> &Ended {
        assert_eq!(self.code, Some(wanted), "{}\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error says it.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Ended {
        assert!(
            self.stderr.contains(text),
            "{text:?} is not said in:\n{}",
            self.stderr
        );
        self
    }
}

pub fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The events of a trace.
pub fn events(trace: &Trace) -> impl Iterator<Item = &Event> {
    trace.lines.iter().map(|line| &line.event)
}
