//! Shows a task to `apprentice record`, once for each take. A take is kept only where the page says that all was right.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Failure;
use crate::bench::Bench;
use crate::chromium::Chromium;
use crate::hand;
use crate::program::apprentice;
use crate::tasks::Seed;

/// How long after the teacher's last deed the page may tell the reward.
const TOLD_LIMIT: Duration = Duration::from_secs(3);
/// How long the recorder may take to write down what it heard.
const END_LIMIT: Duration = Duration::from_secs(20);

/// Records one take into the library; the file that was written.
///
/// # Errors
/// Says why there is no take, where there is none; nothing is left in the library then.
pub async fn record(
    bench: &Bench,
    chromium: &Chromium,
    task: &str,
    seed: &Seed,
    library: &Path,
) -> Result<PathBuf, Failure> {
    let goal = bench
        .sentences
        .of(&bench.pages, chromium, task, seed)
        .await?;
    let visit = bench.pages.visit(task, seed);
    chromium.clear().await?;
    let folder = tempfile::tempdir()?;
    let recorder = apprentice(folder.path())
        .args(["record", task, &visit.address, "--goal", &goal, "--demos"])
        .arg(library)
        .args([
            "--connect",
            &chromium.address,
            "--viewport",
            crate::chromium::VIEW,
        ])
        .spawn()?;
    let process = recorder.id().ok_or("the recorder ended at once")?;
    let mut output = tokio::spawn(recorder.wait_with_output());
    let shown = tokio::select! {
        ended = &mut output => {
            let ended = ended??;
            return Err(format!("the recorder ended before anything was shown: {}", text(&ended.stderr)).into());
        }
        shown = async {
            let session = chromium.find(&visit).await?;
            hand::teach(&chromium.devtools, &session, &bench.teachers, task, &goal).await?;
            bench.pages.told(&visit, TOLD_LIMIT).await.ok_or_else(|| Failure::from("the episode did not end"))
        } => shown,
    };
    if !output.is_finished() {
        // SAFETY: a signal to the child that was started above, which has not been waited for.
        unsafe {
            libc::kill(process as i32, libc::SIGINT);
        }
    }
    let ended = tokio::time::timeout(END_LIMIT, output)
        .await
        .map_err(|_| "the recorder did not end")???;
    let written = PathBuf::from(text(&ended.stdout));
    let kept = match shown {
        Ok(told) if told.reward == 1.0 => Ok(()),
        Ok(told) => Err(format!("the teacher's reward was {}", told.reward)),
        Err(error) => Err(format!("the teacher: {error}")),
    };
    match kept {
        Ok(()) if ended.status.success() => Ok(written),
        Ok(()) => Err(format!("the recorder failed: {}", text(&ended.stderr)).into()),
        Err(why) => {
            if ended.status.success() {
                std::fs::remove_file(&written)?;
                // A take without pictures has no folder.
                let _ = std::fs::remove_dir_all(written.with_extension(""));
            }
            Err(why.into())
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
