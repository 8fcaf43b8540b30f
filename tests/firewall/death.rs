//! When our process is killed, nothing that was on its way or held arrives any more.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use apprentice::computer::browser::{OpenSettings, open};
use apprentice::computer::{Computer as _, Gate, Request, RequestEnd, Ruling, Scope};
use axum::Router;
use axum::routing::{get, post};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::world::{Connections, LIMIT, Web, allowing, browser_with, open_switch, page, visit};

/// Variables that tell the stand-in what to do.
const PORT: &str = "APPRENTICE_TEST_PORT";
const BROWSER: &str = "APPRENTICE_TEST_BROWSER";
const OUTLET: &str = "APPRENTICE_TEST_OUTLET";

/// Requests that the page sends.
const WRITES: usize = 5;

/// Lets reads go, and holds all else for ever.
struct Holding;

#[async_trait::async_trait]
impl Gate for Holding {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        (request.method == "GET").then_some(Ruling::LetGo)
    }

    async fn decide(&self, request: Request) -> Ruling {
        say(&format!("held {}", request.url));
        std::future::pending().await
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}

fn say(line: &str) {
    println!("\n{line}");
    std::io::stdout().flush().unwrap();
}

/// Not a test: the process that the others start and kill.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "is started by the tests beside it"]
async fn stand_in() {
    let port: u16 = std::env::var(PORT).unwrap().parse().unwrap();
    let switch = open_switch(allowing(&[port])).await;
    let outlet = switch.outlet();
    let password = secrecy::ExposeSecret::expose_secret(&outlet.password);
    say(&format!("outlet {} {password}", outlet.proxy));
    let Ok(program) = std::env::var(BROWSER) else {
        return std::future::pending().await;
    };
    let (mut browser, _folder) = browser_with(OpenSettings {
        browser: Some(PathBuf::from(program)),
        gate: Some(Arc::new(Holding)),
        outlet: std::env::var_os(OUTLET).map(|_| outlet),
        ..OpenSettings::default()
    })
    .await;
    say(&format!("devtools {}", browser.address().unwrap()));
    visit(&mut browser, &format!("http://127.0.0.1:{port}/")).await;
    std::future::pending().await
}

struct StandIn {
    child: Child,
    lines: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
}

impl StandIn {
    fn start(port: u16, variables: &[(&str, &Path)]) -> StandIn {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "firewall::death::stand_in",
                "--ignored",
                "--nocapture",
            ])
            .env(PORT, port.to_string())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        StandIn { child, lines }
    }

    /// The rest of the next line that begins so.
    async fn says(&mut self, beginning: &str) -> String {
        tokio::time::timeout(LIMIT, async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if let Some(rest) = line.strip_prefix(beginning) {
                    return rest.trim().to_owned();
                }
            }
            panic!("it ended before it said {beginning:?}")
        })
        .await
        .unwrap_or_else(|_| panic!("it did not say {beginning:?}"))
    }
}

#[tokio::test]
async fn what_is_on_its_way_when_we_are_killed_does_not_arrive() {
    let server = Connections::counted().await;
    let mut stand_in = StandIn::start(server.port, &[]);
    let said = stand_in.says("outlet ").await;
    let (proxy, password) = said.split_once(' ').unwrap();
    let pair = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("apprentice:{password}"),
    );
    let mut streams = Vec::new();
    for number in 0..WRITES {
        let mut stream = TcpStream::connect(proxy).await.unwrap();
        let head = format!(
            "POST http://127.0.0.1:{}/{number} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: Basic {pair}\r\nContent-Length: 1000\r\n\r\nhalf",
            server.port
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        streams.push(stream);
    }
    server.log.until_times("bytes", WRITES).await;
    stand_in.child.kill().await.unwrap();
    for mut stream in streams {
        // Ends or breaks; no answer comes and no more is taken.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        assert_eq!(rest, b"");
    }
    server.log.until_times("closed", WRITES).await;
    assert!(TcpStream::connect(proxy).await.is_err());
}

/// What became of the page's writes after our process was killed with all of them held, in a browser that lives on.
async fn writes_after_death(behind_switch: bool) -> (usize, String) {
    let script = format!(
        "const sent = [...Array({WRITES}).keys()].map(i => fetch('/write/' + i, {{ method: 'POST', body: 'x' }}).then(() => 'sent', () => 'failed'));
         document.title = (await Promise.all(sent)).join(' ');"
    );
    let site = Web::plain(
        Router::new()
            .route("/", get(move || async move { page(&script) }))
            .route("/write/{number}", post(|| async { "taken" })),
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let chromium = apprentice::computer::browser::find(None).unwrap().path;
    let (program, pid_file) = (folder.path().join("browser"), folder.path().join("pid"));
    // It outlives its parent, which the browser that we start ourselves does not.
    let script = format!(
        "#!/bin/sh\n'{}' \"$@\" &\necho $! > '{}'\nwait\n",
        chromium.display(),
        pid_file.display()
    );
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut variables = vec![(BROWSER, program.as_path())];
    if behind_switch {
        variables.push((OUTLET, folder.path()));
    }
    let mut stand_in = StandIn::start(site.port, &variables);
    let devtools = stand_in.says("devtools ").await;
    for _ in 0..WRITES {
        stand_in.says("held ").await;
    }
    let pid: i32 = std::fs::read_to_string(&pid_file)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let _living = Living(pid);
    assert_eq!(site.log.with("POST"), 0, "held");
    stand_in.child.kill().await.unwrap();

    let mut after = open(OpenSettings {
        connect: Some(devtools),
        existing_tabs: true,
        downloads: folder.path().to_owned(),
        ..OpenSettings::default()
    })
    .await
    .unwrap();
    let title = tokio::time::timeout(LIMIT, async {
        loop {
            let title = after.observe(Scope::NearView).await.unwrap().title;
            if title != "Page" {
                return title;
            }
        }
    })
    .await
    .expect("the page hears of its requests");
    after.close().await.unwrap();
    (site.log.with("POST"), title)
}

/// The browser that was left behind; ends with the test.
struct Living(i32);

impl Drop for Living {
    fn drop(&mut self) {
        // SAFETY: a signal to the process that the test's own script started.
        unsafe {
            libc::kill(self.0, libc::SIGKILL);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_when_we_are_killed_is_never_sent() {
    let (arrived, title) = writes_after_death(true).await;
    assert_eq!(arrived, 0, "{title}");
    assert_eq!(title, ["failed"; WRITES].join(" "));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_switch_what_is_held_is_sent_when_we_are_killed() {
    // Why there is a switch; and the proof that the test above could fail.
    let (arrived, title) = writes_after_death(false).await;
    assert_eq!(arrived, WRITES, "{title}");
}
