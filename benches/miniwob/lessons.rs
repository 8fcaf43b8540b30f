//! The teachers at work for all tasks: tried alone, or recorded.

use std::sync::Arc;
use std::time::Duration;

use crate::Failure;
use crate::bench::Bench;
use crate::chromium::Chromium;
use crate::tasks::Seed;
use crate::{crew, hand, takes};

/// How long after the teacher's last deed the page may tell the reward.
const TOLD_LIMIT: Duration = Duration::from_secs(3);

/// Tries each task's teacher on some seeds, without the recorder, and prints how often it is right.
pub async fn teach_all(bench: &Arc<Bench>, wanted: &[String]) -> Result<(), Failure> {
    let tries = bench.settings.episodes;
    let mut right = 0;
    let own = bench.clone();
    let act = move |chromium: Arc<Chromium>, task: String| {
        let bench = own.clone();
        async move {
            let mut wrong = Vec::new();
            if !bench.teachers.teach(&task) {
                return (task, None);
            }
            for number in 0..tries {
                let seed = Seed::teaching(&bench.settings.seed, number);
                if let Err(why) = try_once(&bench, &chromium, &task, &seed).await {
                    wrong.push(format!("{}: {why}", seed.0));
                }
            }
            (task, Some(wrong))
        }
    };
    crew::work(
        bench.settings.at_once,
        wanted.to_vec(),
        act,
        |(task, wrong)| match wrong {
            None => println!("{task:<30} nobody teaches it"),
            Some(wrong) => {
                println!("{task:<30} {} of {tries}", tries - wrong.len());
                right += usize::from(wrong.is_empty());
                for why in wrong {
                    println!("    {why}");
                }
            }
        },
    )
    .await?;
    println!("{right} of {} tasks always right", wanted.len());
    Ok(())
}

async fn try_once(
    bench: &Bench,
    chromium: &Chromium,
    task: &str,
    seed: &Seed,
) -> Result<(), Failure> {
    let goal = bench
        .sentences
        .of(&bench.pages, chromium, task, seed)
        .await?;
    let visit = bench.pages.visit(task, seed);
    let tab = chromium.open(&visit).await?;
    let taught = hand::teach(
        &chromium.devtools,
        &tab.session,
        &bench.teachers,
        task,
        &goal,
    )
    .await;
    let told = match taught {
        Ok(()) => bench.pages.told(&visit, TOLD_LIMIT).await,
        Err(_) => None,
    };
    chromium.close(tab).await?;
    taught?;
    match told {
        Some(told) if told.goal != goal => {
            Err(format!("the sentence was {goal:?}, and then {:?}", told.goal).into())
        }
        Some(told) if told.reward == 1.0 => Ok(()),
        Some(told) => Err(format!("the reward was {}", told.reward).into()),
        None => Err("the episode did not end".into()),
    }
}

/// Records what is not recorded yet.
pub async fn record_all(bench: &Arc<Bench>, wanted: &[String]) -> Result<(), Failure> {
    record_unless(bench, wanted, takes::ready).await
}

/// Records what was never recorded; what is there may be of an earlier recorder.
pub async fn record_missing(bench: &Arc<Bench>, wanted: &[String]) -> Result<(), Failure> {
    record_unless(bench, wanted, |bench, task| Ok(takes::made(bench, task))).await
}

async fn record_unless(
    bench: &Arc<Bench>,
    wanted: &[String],
    ready: impl Fn(&Bench, &str) -> Result<Option<takes::Made>, Failure>,
) -> Result<(), Failure> {
    let own = bench.clone();
    let act = move |chromium: Arc<Chromium>, task: String| {
        let bench = own.clone();
        async move {
            let made = takes::make(&bench, &chromium, &task).await;
            (task, made)
        }
    };
    let mut failed = None;
    let mut without = Vec::new();
    let mut missing = Vec::new();
    for task in wanted {
        match ready(bench, task)? {
            None => missing.push(task.clone()),
            Some(made) if made.takes == 0 => without.push(task.clone()),
            Some(_) => {}
        }
    }
    crew::work(
        bench.settings.at_once,
        missing,
        act,
        |(task, made)| match made {
            Ok(made) => {
                println!(
                    "{task:<30} {} takes, {:.1} s each",
                    made.takes, made.seconds
                );
                for why in &made.lost {
                    println!("    {why}");
                }
                if made.takes == 0 {
                    without.push(task);
                }
            }
            Err(error) => failed = Some(format!("{task}: {error}")),
        },
    )
    .await?;
    if !without.is_empty() {
        println!("without a demonstration: {}", without.join(", "));
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}
