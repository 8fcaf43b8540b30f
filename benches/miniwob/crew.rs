//! Several jobs at once, each worker with a browser of its own: what one run does cannot reach another, nor can its clipboard.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::mpsc;

use crate::Failure;
use crate::chromium::Chromium;

/// A browser grows with all that it has shown; after so many jobs there is a new one.
const JOBS_OF_A_BROWSER: usize = 200;

/// Does all jobs and gives each one's result to `report` as it comes.
pub async fn work<J, R, F, Fut>(
    at_once: usize,
    jobs: Vec<J>,
    act: F,
    mut report: impl FnMut(R),
) -> Result<(), Failure>
where
    J: Send + 'static,
    R: Send + 'static,
    F: Fn(Arc<Chromium>, J) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = R> + Send,
{
    let workers = at_once.min(jobs.len());
    let jobs = Arc::new(Mutex::new(VecDeque::from(jobs)));
    let act = Arc::new(act);
    let (results, mut done) = mpsc::unbounded_channel();
    let mut crew = Vec::new();
    for _ in 0..workers {
        let (jobs, act, results) = (jobs.clone(), act.clone(), results.clone());
        crew.push(tokio::spawn(async move {
            let mut chromium = Arc::new(Chromium::start().await?);
            let mut used = 0;
            loop {
                let next = jobs
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .pop_front();
                let Some(job) = next else {
                    return Ok::<_, Failure>(());
                };
                let alive = chromium
                    .devtools
                    .call(None, "Browser.getVersion", json!({}))
                    .await
                    .is_ok();
                if used >= JOBS_OF_A_BROWSER || !alive {
                    chromium = Arc::new(Chromium::start().await?);
                    used = 0;
                }
                used += 1;
                if results.send(act(chromium.clone(), job).await).is_err() {
                    return Ok(());
                }
            }
        }));
    }
    drop(results);
    while let Some(result) = done.recv().await {
        report(result);
    }
    for worker in crew {
        worker.await??;
    }
    Ok(())
}
