//! How long a step takes, next to the obvious way and to others, on the same pages and in turns: `make bench`.
//!
//! Prints a table with medians and spread, says where a step's time goes, and writes `bench.json` in the working directory.
//! `BENCH_ROUNDS` and `BENCH_SIZES` (numbers with commas between) make it shorter or longer.

mod floor;
mod imitator;
mod pages;
mod peers;
mod program;
mod step;
mod table;

use std::collections::BTreeMap;

use floor::Floor;
use peers::Peer;
use step::Steps;
use table::{FLOOR, Series, median};

/// Anything that stops the bench; its words are for whoever started it.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Steps of each at each size.
const ROUNDS: usize = 30;
/// Steps before the first that counts: caches fill, scripts are compiled.
const WARM_UP: usize = 3;
/// Size of page for what is measured at one size only.
const LARGE: usize = 2_000;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, alone, url] = arguments.as_slice()
        && alone == program::ALONE
    {
        return program::alone(url).await;
    }
    let origin = pages::serve().await?;
    let rounds = match std::env::var("BENCH_ROUNDS") {
        Ok(rounds) => rounds.parse()?,
        Err(_) => ROUNDS,
    };
    let sizes: Vec<usize> = match std::env::var("BENCH_SIZES") {
        Ok(sizes) => sizes.split(',').map(str::parse).collect::<Result<_, _>>()?,
        Err(_) => pages::SIZES.to_vec(),
    };
    if !peers::installed() {
        println!("Playwright is not installed: benches/peers/setup does that");
    }
    let mut all: Vec<Series> = Vec::new();
    let mut parts: Vec<(usize, BTreeMap<String, Vec<f64>>)> = Vec::new();
    for elements in sizes {
        let (series, spans) = steps(&format!("{origin}/{elements}"), elements, rounds).await?;
        all.extend(series);
        parts.push((elements, spans));
    }
    let (listed, millis) = imitator::decisions(&origin, LARGE, 200).await?;
    all.push(Series {
        name: "imitator decides".to_owned(),
        elements: LARGE,
        millis,
    });
    all.push(Series {
        name: "apprentice --help".to_owned(),
        elements: 0,
        millis: program::help(rounds)?,
    });
    table::publish(&all, "bench.json")?;
    println!("\nWhere an Apprentice step's time goes, medians in ms:");
    for (elements, spans) in parts {
        let words: Vec<String> = spans
            .iter()
            .map(|(part, millis)| format!("{part} {:.2}", median(millis)))
            .collect();
        println!("{elements:>8} elements: {}", words.join(", "));
    }
    println!("\nThe imitator decided among {listed} elements.");
    match program::memory_of_a_run(&format!("{origin}/{LARGE}")).await {
        Ok(most) => {
            println!(
                "Peak memory of a run at {LARGE} elements: {most:.1} MiB, without the browser."
            );
        }
        Err(error) => println!("Peak memory could not be measured: {error}"),
    }
    Ok(())
}

/// All contestants on one page, one step each in turns.
async fn steps(
    url: &str,
    elements: usize,
    rounds: usize,
) -> Result<(Vec<Series>, BTreeMap<String, Vec<f64>>), Failure> {
    let mut floor = Floor::open(url).await?;
    let mut steps = Steps::open(url).await?;
    let mut peers = Vec::new();
    if peers::installed() {
        for (name, program) in peers::PEERS {
            match Peer::open(program, url).await {
                Ok(peer) => peers.push((name, peer)),
                Err(error) => println!("{name} is left out at {elements} elements: {error}"),
            }
        }
    }
    let mut series: Vec<Series> = [FLOOR, "apprentice"]
        .into_iter()
        .chain(peers.iter().map(|(name, _)| *name))
        .map(|name| Series {
            name: name.to_owned(),
            elements,
            millis: Vec::with_capacity(rounds),
        })
        .collect();
    let mut stale = [0, 0];
    for round in 0..WARM_UP + rounds {
        let (millis, picture) = floor.step(round).await?;
        stale[0] += usize::from(!shows(&picture, round));
        let stepped = steps.step(round).await?;
        let picture = stepped.observation.screenshot.as_ref();
        stale[1] += usize::from(!picture.is_some_and(|picture| shows(&picture.bytes, round)));
        let count = (round + 1).to_string();
        if !stepped.observation.elements.iter().any(|e| e.text == count) {
            return Err(format!("the click of round {round} was not seen").into());
        }
        let mut times = vec![millis, stepped.millis];
        for (_, peer) in &mut peers {
            times.push(peer.step(round).await?);
        }
        if round >= WARM_UP {
            for (series, millis) in series.iter_mut().zip(times) {
                series.millis.push(millis);
            }
        }
    }
    for (name, stale) in [FLOOR, "apprentice"].into_iter().zip(stale) {
        if stale > 0 {
            println!("{name}: {stale} pictures at {elements} elements do not show their click");
        }
    }
    let mut spans: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for step in steps.spans.lock().map_err(|e| e.to_string())?.iter() {
        for (part, millis) in step {
            spans.entry(part.clone()).or_default().push(*millis);
        }
    }
    steps.end().await?;
    for (_, peer) in peers {
        peer.end().await?;
    }
    Ok((series, spans))
}

/// Whether a picture shows the colour that the round's click gave the box.
fn shows(picture: &[u8], round: usize) -> bool {
    let Ok(image) = image::load_from_memory(picture) else {
        return false;
    };
    let expected = pages::COLOURS[(round + 1) % pages::COLOURS.len()];
    let pixel = image.to_rgb8().get_pixel(pages::BOX.0, pages::BOX.1).0;
    pixel
        .iter()
        .zip(expected)
        .all(|(seen, wanted)| seen.abs_diff(wanted) < 50)
}
