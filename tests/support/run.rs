//! One run of the built program, so that a test reads as a sentence: given a site and what was shown, when it is run, then it
//! ends like this. Whatever else a test looks at, every run is held to the same promises when it ends: within its limit, with
//! the exit code that its trace says, a trace that is whole, no process and no profile left behind.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apprentice::trace::{self, Event, Outcome, Trace};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use super::site::Site;

/// How long a run may take where a test does not say otherwise.
const LIMIT: Duration = Duration::from_secs(60);
/// How long what a run started may take to be gone after it.
const GONE_LIMIT: Duration = Duration::from_secs(10);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// What is to be run.
#[derive(Debug)]
pub struct Run {
    folder: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    limit: Duration,
    goal: String,
}

/// The goal of every run, and of every demonstration made here, where a test gives no other.
pub const GOAL: &str = "Go through the page";

impl Run {
    /// Without a site or a demonstration.
    pub fn bare() -> Run {
        Run {
            folder: tempfile::tempdir().expect("a temporary folder"),
            arguments: Vec::new(),
            environment: Vec::new(),
            limit: LIMIT,
            goal: GOAL.to_owned(),
        }
    }

    /// Follows a demonstration with these steps, beginning at the site's `/`.
    pub fn on(site: &Site, steps: &str) -> Run {
        Run::starting_at(site, "{site:it}/", steps)
    }

    /// Follows a demonstration with these steps, beginning elsewhere.
    pub fn starting_at(site: &Site, start: &str, steps: &str) -> Run {
        Run::bare()
            .file("demos/job/first.toml", &demonstration(start, steps))
            .with(&["--demo", "job"])
            .site(&site.base)
    }

    /// Where the demonstration's site is.
    pub fn site(self, origin: &str) -> Run {
        let site = format!("it={origin}");
        self.with(&["--site", &site])
    }

    /// Flags of the run.
    pub fn with(mut self, arguments: &[&str]) -> Run {
        self.arguments
            .extend(arguments.iter().map(|one| (*one).to_owned()));
        self
    }

    pub fn goal(mut self, goal: &str) -> Run {
        self.goal = goal.to_owned();
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Run {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A file in the run's working directory.
    pub fn file(self, path: &str, text: &str) -> Run {
        let file = self.folder.path().join(path);
        let parent = file.parent().expect("a file lies in a folder");
        fs::create_dir_all(parent).expect("the folder can be made");
        fs::write(file, text).expect("the file can be written");
        self
    }

    /// A script of answers.
    pub fn answers(self, text: &str) -> Run {
        self.file("answers.toml", text)
            .with(&["--answers", "answers.toml"])
    }

    pub fn within(mut self, seconds: u64) -> Run {
        self.limit = Duration::from_secs(seconds);
        self
    }

    /// The folder that it runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Begins.
    pub fn start(self) -> Running {
        let mut arguments = vec!["run".to_owned(), self.goal.clone()];
        arguments.extend(self.arguments.iter().cloned());
        Running::new(self.folder, arguments, self.environment, self.limit)
    }

    /// Begins another subcommand, as the arguments say it.
    pub fn start_as(self, arguments: &[&str]) -> Running {
        let arguments = arguments.iter().map(|one| (*one).to_owned()).collect();
        Running::new(self.folder, arguments, self.environment, self.limit)
    }

    /// Runs to its end.
    pub async fn ends(self) -> Ended {
        self.start().end().await
    }
}

/// The text of a demonstration.
pub fn demonstration(start: &str, steps: &str) -> String {
    format!(
        "format = \"1.0\"\nworkflow = \"job\"\ngoal = \"{GOAL}\"\nstart = \"{start}\"\n\n[sites]\nit = \"http://127.0.0.1:1\"\n\n{steps}"
    )
}

/// A run that goes on.
#[derive(Debug)]
pub struct Running {
    folder: TempDir,
    child: Child,
    begun: Instant,
    limit: Duration,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
    readers: Vec<tokio::task::JoinHandle<()>>,
}

impl Running {
    fn new(
        folder: TempDir,
        arguments: Vec<String>,
        environment: Vec<(String, String)>,
        limit: Duration,
    ) -> Running {
        let program = env!("CARGO_BIN_EXE_apprentice");
        let mut command = Command::new(program);
        // What a browser leaves behind is found by this folder: every process of the run has it in its environment.
        let temporary = folder.path().join("tmp");
        fs::create_dir_all(&temporary).expect("a folder for temporary files");
        command
            .args(arguments)
            .current_dir(folder.path())
            .env_clear()
            .env("HOME", folder.path())
            .env("TMPDIR", &temporary)
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if let Some(chrome) = std::env::var_os("CHROME")
            && !command
                .as_std()
                .get_envs()
                .any(|(name, _)| name == "CHROME")
        {
            command.env("CHROME", chrome);
        }
        let mut child = command.spawn().expect("the program starts");
        let stdout = Arc::default();
        let stderr = Arc::default();
        let readers = vec![
            gather(child.stdout.take().expect("a pipe"), Arc::clone(&stdout)),
            gather(child.stderr.take().expect("a pipe"), Arc::clone(&stderr)),
        ];
        Running {
            folder,
            child,
            begun: Instant::now(),
            limit,
            stdout,
            stderr,
            readers,
        }
    }

    /// Waits for something to be so.
    pub async fn until(&mut self, what: &str, mut holds: impl FnMut(&Running) -> bool) {
        loop {
            if holds(self) {
                return;
            }
            let ended = self.child.try_wait().expect("the program can be asked");
            assert!(
                ended.is_none() || holds(self),
                "it ended before {what}: {}",
                self.said()
            );
            assert!(
                self.begun.elapsed() < self.limit,
                "it took too long until {what}: {}",
                self.said()
            );
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until the trace has such an event.
    pub async fn until_event(&mut self, what: &str, mut is: impl FnMut(&Event) -> bool) {
        self.until(what, |running| {
            running
                .trace()
                .is_some_and(|trace| trace.lines.iter().any(|line| is(&line.event)))
        })
        .await;
    }

    /// Waits until it performs an action with this in its sentence.
    pub async fn until_it_does(&mut self, says: &str) {
        self.until_event(
            &format!("it does {says:?}"),
            |event| matches!(event, Event::Acting { says: said, .. } if said.contains(says)),
        )
        .await;
    }

    /// Waits for its browser to be there, and gives the number of its process.
    pub async fn browser(&mut self) -> i32 {
        self.until("its browser is there", |running| running.leader().is_some())
            .await;
        self.leader().expect("it was there")
    }

    /// The processes that show the browser's pages.
    pub fn renderers(&self) -> Vec<i32> {
        processes_of(self.folder.path())
            .into_iter()
            .filter(|one| one.command.contains("--type=renderer"))
            .map(|one| one.pid)
            .collect()
    }

    fn leader(&self) -> Option<i32> {
        processes_of(self.folder.path())
            .into_iter()
            .find(|one| {
                one.command.contains("--remote-debugging-port") && !one.command.contains("--type=")
            })
            .map(|one| one.pid)
    }

    /// The trace so far.
    pub fn trace(&self) -> Option<Trace> {
        let folder = self.trace_folder()?;
        trace::read(&folder).ok()
    }

    pub fn trace_folder(&self) -> Option<PathBuf> {
        newest(self.folder.path())
    }

    /// The number of its process.
    pub fn pid(&self) -> i32 {
        let id = self.child.id().expect("it has not been waited for");
        i32::try_from(id).expect("process numbers are small")
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: i32) {
        signal_to(self.pid(), signal);
    }

    /// Whether it has said this on standard error.
    pub fn heard(&self, what: &str) -> bool {
        self.said().contains(what)
    }

    /// What it has printed on standard output.
    pub fn printed(&self) -> String {
        self.stdout.lock().expect("no panic while locked").clone()
    }

    fn said(&self) -> String {
        self.stderr.lock().expect("no panic while locked").clone()
    }

    /// Waits for its end, and holds it to what every run promises.
    pub async fn end(self) -> Ended {
        let ended = self.wait().await;
        ended.keeps_every_promise();
        ended
    }

    /// Waits for an end that it could do nothing about: only what it started must be gone.
    pub async fn end_by_force(self) -> Ended {
        let ended = self.wait().await;
        ended.leaves_no_process();
        ended
    }

    async fn wait(mut self) -> Ended {
        let left = self.limit.saturating_sub(self.begun.elapsed());
        let status = tokio::time::timeout(left, self.child.wait()).await;
        let Ok(status) = status else {
            panic!(
                "it did not end within {} s: {}\n{:?}",
                self.limit.as_secs(),
                self.said(),
                self.trace()
                    .and_then(|trace| trace.lines.last().map(|line| line.event.clone()))
            );
        };
        for reader in &mut self.readers {
            // A process that was left behind holds the pipe; that is told by its name, below.
            let _ = tokio::time::timeout(Duration::from_secs(5), reader).await;
        }
        let text = |from: &Mutex<String>| from.lock().expect("no panic while locked").clone();
        Ended {
            code: status.expect("it can be waited for").code(),
            stdout: text(&self.stdout),
            stderr: text(&self.stderr),
            folder: self.folder,
        }
    }
}

fn gather(
    pipe: impl AsyncRead + Unpin + Send + 'static,
    into: Arc<Mutex<String>>,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let mut text = into.lock().expect("no panic while locked");
            text.push_str(&line);
            text.push('\n');
        }
    })
}

/// A run that ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    folder: TempDir,
}

impl Ended {
    /// It ended with this exit code, and standard error says each of these.
    #[track_caller]
    pub fn with(&self, code: i32, says: &[&str]) -> &Ended {
        assert_eq!(
            self.code,
            Some(code),
            "exit code\n{}{}",
            self.stdout,
            self.stderr
        );
        for part in says {
            assert!(
                self.stderr.contains(part),
                "{part:?} is not in\n{}",
                self.stderr
            );
        }
        self
    }

    /// The trace; there is one.
    #[track_caller]
    pub fn trace(&self) -> Trace {
        let folder = newest(self.folder.path()).expect("the run left a trace");
        trace::read(&folder).expect("the trace can be read")
    }

    /// Where its trace lies; there is one.
    #[track_caller]
    pub fn trace_folder(&self) -> PathBuf {
        newest(self.folder.path()).expect("the run left a trace")
    }

    /// It ended before there was anything to keep.
    #[track_caller]
    pub fn without_a_trace(&self) -> &Ended {
        assert_eq!(newest(self.folder.path()), None);
        self
    }

    /// What it wrote as its last line.
    #[track_caller]
    pub fn outcome(&self) -> Outcome {
        self.trace().end.expect("the trace has an end").outcome
    }

    /// Goes on where it stopped, in the same folder.
    pub fn resume(self, arguments: &[&str]) -> Running {
        let run = self.trace().header.run;
        let mut all = vec!["resume".to_owned(), run];
        all.extend(arguments.iter().map(|one| (*one).to_owned()));
        Running::new(self.folder, all, Vec::new(), LIMIT)
    }

    /// The same goal once more, in the same folder.
    pub fn again(self, arguments: &[&str]) -> Running {
        let mut all = vec!["run".to_owned(), GOAL.to_owned()];
        all.extend(arguments.iter().map(|one| (*one).to_owned()));
        Running::new(self.folder, all, Vec::new(), LIMIT)
    }

    /// Another subcommand in the same folder, as the arguments say it.
    pub fn then(self, arguments: &[&str]) -> Running {
        let all = arguments.iter().map(|one| (*one).to_owned()).collect();
        Running::new(self.folder, all, Vec::new(), LIMIT)
    }

    /// A file for what comes next in the same folder.
    pub fn file(self, path: &str, text: &str) -> Ended {
        fs::write(self.folder.path().join(path), text).expect("the file can be written");
        self
    }

    #[track_caller]
    fn keeps_every_promise(&self) {
        assert!(
            !self.stderr.contains("panicked at"),
            "it panicked:\n{}",
            self.stderr
        );
        for folder in traces(self.folder.path()) {
            let trace = trace::read(&folder).expect("the trace can be read");
            assert!(!trace.broken_tail, "the trace ends in half a line");
            match &trace.end {
                Some(end) => {
                    assert!(
                        matches!(
                            trace.lines.last().map(|line| &line.event),
                            Some(Event::End(_))
                        ),
                        "something was written after the end"
                    );
                    assert!(
                        end.outcome == Outcome::Done || end.reason.is_some(),
                        "it does not say why it ended: {end:?}"
                    );
                }
                None => assert!(
                    self.stderr.contains("trace cannot be"),
                    "the trace has no end, and nothing says why:\n{}",
                    self.stderr
                ),
            }
        }
        if let Some(end) = newest(self.folder.path())
            .and_then(|folder| trace::read(&folder).ok())
            .and_then(|trace| trace.end)
        {
            assert_eq!(
                self.code,
                Some(i32::from(end.outcome.exit_code())),
                "exit code and trace differ: {end:?}\n{}",
                self.stderr
            );
        }
        self.leaves_no_process();
        let left: Vec<String> = entries(&self.folder.path().join("tmp"))
            .iter()
            .map(|path| path.display().to_string())
            .filter(|path| path.contains("apprentice-"))
            .collect();
        assert!(left.is_empty(), "profiles are left behind: {left:?}");
    }

    #[track_caller]
    fn leaves_no_process(&self) {
        let begun = Instant::now();
        loop {
            let left = processes_of(self.folder.path());
            if left.is_empty() {
                return;
            }
            assert!(
                begun.elapsed() < GONE_LIMIT,
                "processes are left behind: {left:#?}\n{}",
                self.stderr
            );
            std::thread::sleep(LOOK);
        }
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    paths
}

fn traces(folder: &Path) -> Vec<PathBuf> {
    entries(&folder.join("traces"))
        .into_iter()
        .filter(|path| path.join("run.jsonl").is_file())
        .collect()
}

fn newest(folder: &Path) -> Option<PathBuf> {
    traces(folder).pop()
}

/// Sends a signal to one process.
pub fn signal_to(pid: i32, signal: i32) {
    // SAFETY: sends a signal to a process that this test started; touches no memory.
    let sent = unsafe { libc::kill(pid, signal) };
    assert_eq!(sent, 0, "{}", std::io::Error::last_os_error());
}

/// A process of a run.
#[derive(Debug)]
struct Process {
    pid: i32,
    command: String,
}

/// Every living process whose command or environment names a folder.
fn processes_of(folder: &Path) -> Vec<Process> {
    let needle = folder.display().to_string();
    let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(&needle);
    entries(Path::new("/proc"))
        .into_iter()
        .filter_map(|path| {
            let pid: i32 = path.file_name()?.to_str()?.parse().ok()?;
            let command = fs::read(path.join("cmdline")).ok()?;
            let environment = fs::read(path.join("environ")).unwrap_or_default();
            (holds(&command) || holds(&environment)).then(|| Process {
                pid,
                command: String::from_utf8_lossy(&command).replace('\0', " "),
            })
        })
        .collect()
}
