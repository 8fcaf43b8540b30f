//! Waiting at the terminal while a person does something themselves in the browser.
//!
//! A prompt would hold the terminal until it is answered; here a card may come between, for something that their own hands set
//! off. So the line is only read once there is one, and whoever waits may stop at any time.

use std::io::Write as _;

use super::card::plain;
use super::{HandOver, HandWord, HumanError};

/// Says what is to be done and waits for Enter, or for `b` and Enter.
pub(super) async fn at_the_terminal(task: &HandOver) -> Result<HandWord, HumanError> {
    let told = if task.again {
        "go on in the browser's window; Enter here when it is done, b and Enter to go back"
            .to_owned()
    } else {
        format!(
            "by hand: {} (on {}).\nDo it in the browser's window, in the tab that shows it: what you do there is watched, so that the next run can do it. \
             Then press Enter here; b and Enter goes back.",
            plain(&task.what),
            plain(&task.page)
        )
    };
    writeln!(std::io::stderr(), "{told}").map_err(|e| HumanError::Terminal(e.to_string()))?;
    let line = line().await?;
    Ok(match line.trim() {
        "b" | "back" => HandWord::Back,
        _ => HandWord::Done,
    })
}

/// The next line of standard input; nothing is taken of it where the wait is dropped.
#[cfg(unix)]
async fn line() -> Result<String, HumanError> {
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    let broken = |e: std::io::Error| HumanError::Terminal(e.to_string());
    // SAFETY: standard input stays open for as long as this waits for it: nobody closes it, and what is registered is its own handle.
    let input = unsafe { AsyncFd::register_with_interest(std::io::stdin(), Interest::READABLE) }
        .map_err(|e| HumanError::Terminal(e.to_string()))?;
    let _ready = input.readable().await.map_err(broken)?;
    // A terminal gives whole lines, so this returns at once.
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line).map_err(broken)? {
        0 => Err(HumanError::Interrupted),
        _ => Ok(line),
    }
}

#[cfg(not(unix))]
async fn line() -> Result<String, HumanError> {
    let read = tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).map(|_| line)
    });
    match read.await {
        Ok(Ok(line)) => Ok(line),
        Ok(Err(error)) => Err(HumanError::Terminal(error.to_string())),
        Err(error) => Err(HumanError::Terminal(error.to_string())),
    }
}
