//! What the program itself costs: how long `--help` takes, and how much memory a run needs at most, without its browser.

use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Failure;
use crate::step::Steps;

/// Steps of the run whose memory is measured.
const STEPS: usize = 10;

/// Wall-clock milliseconds of `apprentice --help`, some times over.
pub fn help(times: usize) -> Result<Vec<f64>, Failure> {
    (0..times)
        .map(|_| {
            let begun = Instant::now();
            let status = Command::new(env!("CARGO_BIN_EXE_apprentice"))
                .arg("--help")
                .stdout(Stdio::null())
                .status()?;
            let millis = begun.elapsed().as_secs_f64() * 1000.0;
            match status.success() {
                true => Ok(millis),
                false => Err(format!("--help ended with {status}").into()),
            }
        })
        .collect()
}

/// Peak memory, in MiB, of a process that does nothing but a run on the page. A process of its own: the bench itself holds
/// pages, peers and pictures.
pub async fn memory_of_a_run(url: &str) -> Result<f64, Failure> {
    let told = tokio::process::Command::new(std::env::current_exe()?)
        .args([ALONE, url])
        .stderr(Stdio::inherit())
        .output()
        .await?;
    let kib: f64 = String::from_utf8(told.stdout)?.trim().parse()?;
    Ok(kib / 1024.0)
}

/// The argument by which the bench calls itself to do only a run.
pub const ALONE: &str = "--alone";

/// Does a run and prints the most memory that this process ever had, in KiB.
pub async fn alone(url: &str) -> Result<(), Failure> {
    let mut steps = Steps::open(url).await?;
    for round in 0..STEPS {
        steps.step(round).await?;
    }
    steps.end().await?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    let most = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("the system does not say how much memory was used")?;
    println!("{}", most.trim().trim_end_matches(" kB"));
    Ok(())
}
