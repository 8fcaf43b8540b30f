//! The browser as a child process: its flags, its profile folder, and its certain end.
//!
//! Invariant: the child's whole process group ends with this value, also when this process panics; where the system can
//! (Linux), the child is told to die with its parent, also after SIGKILL.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::exits;
use super::view::Viewport;
use crate::computer::{ComputerError, Outlet};

/// How long a browser may take from start to its DevTools address.
const START_LIMIT: Duration = Duration::from_secs(30);

/// How long a browser may take to end after it was asked to.
const END_LIMIT: Duration = Duration::from_secs(5);

/// How the names of variables begin that hold secrets.
const SECRET_VARIABLES: [&str; 3] = [
    "APPRENTICE_SECRET_",
    "APPRENTICE_PASSPHRASE",
    "APPRENTICE_API_KEY",
];

/// How to launch a browser.
#[derive(Debug, Clone)]
pub struct LaunchSettings {
    pub program: PathBuf,
    pub headed: bool,
    /// Whether only a person works in it.
    pub by_hand: bool,
    /// A profile folder to keep; a fresh one that goes with the run where absent.
    pub profile: Option<PathBuf>,
    pub viewport: Viewport,
    /// The only way out that it gets; without one it uses the system's network.
    pub outlet: Option<Outlet>,
}

/// A running browser of our own.
#[derive(Debug)]
pub struct BrowserProcess {
    child: Child,
    pid: u32,
    leash: Leash,
    /// Address of its DevTools socket.
    pub address: String,
    /// A line for the person where something is weaker than it should be.
    pub warning: Option<String>,
    _fresh_profile: Option<tempfile::TempDir>,
}

impl BrowserProcess {
    pub async fn start(settings: &LaunchSettings) -> Result<Self, ComputerError> {
        let failed = |reason: String| ComputerError::Launch {
            path: settings.program.display().to_string(),
            reason,
        };
        let fresh = match &settings.profile {
            Some(_) => None,
            None => Some(
                tempfile::Builder::new()
                    .prefix("apprentice-profile-")
                    .tempdir()
                    .map_err(|e| failed(format!("no folder for its profile: {e}")))?,
            ),
        };
        let profile = match (&settings.profile, &fresh) {
            (Some(kept), _) => {
                std::fs::create_dir_all(kept)
                    .map_err(|e| failed(format!("profile {}: {e}", kept.display())))?;
                kept.clone()
            }
            (None, Some(fresh)) => fresh.path().to_owned(),
            (None, None) => unreachable!("without a kept profile there is a fresh one"),
        };
        if settings.outlet.is_some() {
            close_exits(&profile).map_err(failed)?;
        }
        let sandbox = sandbox_usable();
        match Self::attempt(settings, &profile, sandbox).await {
            Ok((child, address)) => Self::running(child, address, sandbox, fresh),
            // A container may refuse the namespaces that the sandbox needs, and only the attempt can tell.
            Err(reason) if sandbox && reason.to_ascii_lowercase().contains("sandbox") => {
                let (child, address) = Self::attempt(settings, &profile, false)
                    .await
                    .map_err(failed)?;
                Self::running(child, address, false, fresh)
            }
            Err(reason) => Err(failed(reason)),
        }
    }

    fn running(
        child: Child,
        address: String,
        sandbox: bool,
        fresh: Option<tempfile::TempDir>,
    ) -> Result<Self, ComputerError> {
        let pid = child
            .id()
            .ok_or_else(|| ComputerError::Gone("it ended right after it started".to_owned()))?;
        Ok(Self {
            child,
            pid,
            leash: Leash(Arc::new(Mutex::new(Some(pid)))),
            address,
            warning: (!sandbox).then(|| {
                "Chromium's own sandbox is off, since this user or container cannot use it: \
                 run as an ordinary user to have it on"
                    .to_owned()
            }),
            _fresh_profile: fresh,
        })
    }

    async fn attempt(
        settings: &LaunchSettings,
        profile: &Path,
        sandbox: bool,
    ) -> Result<(Child, String), String> {
        let mut command = Command::new(&settings.program);
        command
            .args(arguments(settings, profile, sandbox))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        if settings.outlet.is_some() && !settings.headed {
            // Services of the desktop could do things for it that nobody sees.
            command.env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
        }
        // Nothing in a browser needs them, and its environment can be read in /proc and in crash reports.
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if SECRET_VARIABLES
                .iter()
                .any(|start| shown.starts_with(start))
            {
                command.env_remove(&name);
            }
        }
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(target_os = "linux")]
        // SAFETY: prctl and setrlimit are async-signal-safe and touch no memory of this process.
        unsafe {
            command.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL);
                // What is typed is in its memory. A limit of one byte: with 0 the kernel still hands a dump to a program
                // that core_pattern names, with 1 it does not (fs/coredump.c).
                let none = libc::rlimit {
                    rlim_cur: 1,
                    rlim_max: 1,
                };
                libc::setrlimit(libc::RLIMIT_CORE, &none);
                Ok(())
            });
        }
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        // Until it is known to run, whatever ends this function or its caller ends the whole group.
        let group = Group(child.id());
        let stderr = child.stderr.take().ok_or("it has no error output")?;
        let mut lines = BufReader::new(stderr).lines();
        let mut said: Vec<String> = Vec::new();
        let address = tokio::time::timeout(START_LIMIT, async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some(address) = line.strip_prefix("DevTools listening on ") {
                    return Some(address.trim().to_owned());
                }
                said.push(line);
            }
            None
        })
        .await;
        match address {
            Ok(Some(address)) => {
                group.keep();
                // The pipe is read to its end, or a talkative browser would block on it.
                tokio::spawn(async move {
                    while let Ok(Some(line)) = lines.next_line().await {
                        tracing::trace!(target: "browser", "{line}");
                    }
                });
                Ok((child, address))
            }
            Ok(None) => {
                said.retain(|line| !line.trim().is_empty());
                let from = said.len().saturating_sub(3);
                let tail = said[from..].join(" / ");
                Err(if tail.is_empty() {
                    "it ended without a word; is it a Chromium?".to_owned()
                } else {
                    format!("it ended, saying: {tail}")
                })
            }
            Err(_) => Err(format!(
                "it gave no DevTools address within {} s",
                START_LIMIT.as_secs()
            )),
        }
    }

    /// Waits for the browser to end by itself after it was asked to close, then makes sure of it.
    pub async fn end(&mut self) {
        if tokio::time::timeout(END_LIMIT, self.child.wait())
            .await
            .is_err()
        {
            tracing::debug!("the browser did not end by itself");
        }
        self.leash.cut();
        let _ = tokio::time::timeout(END_LIMIT, self.child.wait()).await;
    }

    /// Waits until the browser has ended by itself or by another.
    #[cfg(test)]
    pub async fn wait(&mut self) {
        let _ = tokio::time::timeout(END_LIMIT, self.child.wait()).await;
    }

    /// Number of the browser's process, which leads its group.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// What ends it at once from elsewhere.
    pub fn leash(&self) -> Leash {
        self.leash.clone()
    }
}

/// Ends a browser's whole process group, once; afterwards its number may be another's.
#[derive(Debug, Clone)]
pub struct Leash(Arc<Mutex<Option<u32>>>);

impl Leash {
    /// Kills the group, unless that was done.
    pub fn cut(&self) {
        let group = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(Group(group));
    }
}

impl Drop for BrowserProcess {
    fn drop(&mut self) {
        self.leash.cut();
    }
}

/// A process group that ends with this value, unless it is kept.
struct Group(Option<u32>);

impl Group {
    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(pid) = self.0 {
            // SAFETY: a signal to the group that this process made for its own child.
            unsafe {
                libc::kill(-(pid as i32), libc::SIGKILL);
            }
        }
    }
}

#[cfg(unix)]
fn sandbox_usable() -> bool {
    // SAFETY: geteuid cannot fail and touches no memory.
    unsafe { libc::geteuid() != 0 }
}

#[cfg(not(unix))]
fn sandbox_usable() -> bool {
    true
}

/// Writes what closes the other ways out into a profile, before its browser reads it.
fn close_exits(profile: &Path) -> Result<(), String> {
    for (name, wanted) in exits::files() {
        let path = profile.join(name);
        let in_file = |error: std::io::Error| format!("{}: {error}", path.display());
        let before = match std::fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(in_file(error)),
        };
        let after = exits::merged(before.as_deref(), &wanted).ok_or_else(|| {
            format!(
                "{} is not a profile's file, so the browser's other ways out cannot be closed; take it away, or name another profile",
                path.display()
            )
        })?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(in_file)?;
        }
        std::fs::write(&path, after).map_err(in_file)?;
    }
    Ok(())
}

fn arguments(settings: &LaunchSettings, profile: &Path, sandbox: bool) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--remote-debugging-port=0",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-client-side-phishing-detection",
        "--metrics-recording-only",
        "--no-service-autorun",
        // Crash reports hold pieces of memory, and with them what was typed.
        "--disable-breakpad",
        "--password-store=basic",
        "--use-mock-keychain",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        // Roles and names are the browser's own: element.computedRole and computedName.
        "--enable-blink-features=ComputedAccessibilityInfo",
        "--force-color-profile=srgb",
        "--lang=en-US",
    ]
    .map(str::to_owned)
    .to_vec();
    let mut without = vec![
        "Translate",
        "MediaRouter",
        "OptimizationHints",
        "AutofillServerCommunication",
        "PasswordManagerOnboarding",
    ];
    if let Some(outlet) = &settings.outlet {
        without.extend(exits::SENDING_FEATURES);
        arguments.extend(exits::flags(outlet));
    }
    arguments.push(format!("--disable-features={}", without.join(",")));
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!(
        "--window-size={},{}",
        settings.viewport.size().width,
        settings.viewport.size().height
    ));
    if settings.by_hand {
        // A browser that takes DevTools connections says of itself (`navigator.webdriver`) that a program drives it.
        arguments.push("--disable-blink-features=AutomationControlled".to_owned());
    }
    if !settings.headed {
        arguments.push("--headless".to_owned());
        arguments.push("--hide-scrollbars".to_owned());
        arguments.push("--mute-audio".to_owned());
        arguments.push("--disable-gpu".to_owned());
    }
    if !sandbox {
        arguments.push("--no-sandbox".to_owned());
    }
    #[cfg(target_os = "linux")]
    arguments.push("--disable-dev-shm-usage".to_owned());
    arguments.push("about:blank".to_owned());
    arguments
}
