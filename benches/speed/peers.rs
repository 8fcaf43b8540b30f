//! Others at the same work, where `benches/peers/setup` has installed them: each a Python program that does one step for each
//! line that it is sent, and answers with its milliseconds.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::Failure;

/// How long a peer may take to start, or for one step.
const LIMIT: Duration = Duration::from_secs(60);

/// Name in the table, and the program.
pub const PEERS: [(&str, &str); 1] = [("playwright", "playwright_steps.py")];

pub struct Peer {
    _process: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// Whether the peers are installed.
pub fn installed() -> bool {
    python().exists()
}

fn python() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/third-party/peers/bin/python")
}

impl Peer {
    /// Starts a peer on the page and waits until it is ready.
    pub async fn open(program: &str, url: &str) -> Result<Self, Failure> {
        let browser = apprentice::computer::browser::find(None)?.path;
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("benches/peers")
            .join(program);
        let mut process = Command::new(python())
            .arg(program)
            .arg(url)
            .arg(browser)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let orders = process.stdin.take().ok_or("no input")?;
        let answers = BufReader::new(process.stdout.take().ok_or("no output")?).lines();
        let mut peer = Self {
            _process: process,
            orders,
            answers,
        };
        match peer.line().await?.as_str() {
            "ready" => Ok(peer),
            other => Err(format!("it said {other:?} instead of being ready").into()),
        }
    }

    /// One step; its milliseconds.
    pub async fn step(&mut self, round: usize) -> Result<f64, Failure> {
        let name = crate::pages::name_of_target(round);
        self.orders
            .write_all(format!("{name}\n").as_bytes())
            .await?;
        self.orders.flush().await?;
        let said = self.line().await?;
        // Anything but a number is the peer's own sentence about what went wrong.
        said.parse().map_err(|_| said.into())
    }

    /// Ends it in order: at the end of its input it closes its browser.
    pub async fn end(self) -> Result<(), Failure> {
        let Self {
            mut _process,
            orders,
            ..
        } = self;
        drop(orders);
        tokio::time::timeout(LIMIT, _process.wait()).await??;
        Ok(())
    }

    async fn line(&mut self) -> Result<String, Failure> {
        let line = tokio::time::timeout(LIMIT, self.answers.next_line()).await??;
        line.ok_or_else(|| "it ended".into())
    }
}
