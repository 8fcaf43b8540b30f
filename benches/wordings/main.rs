//! How often a very small local model finds the values of a goal that is put otherwise than what was shown. The program itself is run,
//! with nobody to answer, so that it says what it would read and does nothing.

#[path = "../../tests/support/real_server.rs"]
mod real_server;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use serde::Deserialize;

use real_server::RealServer;

const GOALS: &str = include_str!("goals.toml");
/// What the program says before the sentence that it would read.
const WOULD: &str = "it would be read as ";

#[derive(Deserialize)]
struct Goals {
    job: Vec<Job>,
}

#[derive(Deserialize)]
struct Job {
    name: String,
    shown: String,
    values: Vec<String>,
    /// Each goal, and what it should be read as.
    goals: Vec<(String, String)>,
}

/// What becomes of a goal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Became {
    Right,
    /// Another sentence, which a person would be asked about.
    Wrong,
    /// No sentence: what the model said did not stand the checks.
    Nothing,
}

fn main() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
    let goals: Goals = toml::from_str(GOALS).expect("the goals are TOML");
    let (server, base_url) = match variable("BASE_URL") {
        Some(base_url) => (None, base_url),
        None => {
            let server = RealServer::start();
            let base_url = server.base_url.clone();
            (Some(server), base_url)
        }
    };
    let model = variable("MODEL").unwrap_or_else(|| "SmolLM2-135M".to_owned());
    for (title, together) in [
        ("one job in the library", false),
        ("all jobs in the library", true),
    ] {
        println!("\n{title}, model {model}");
        let mut all = Vec::new();
        let begun = Instant::now();
        for job in &goals.job {
            let folder = tempfile::tempdir().expect("a temporary folder");
            let jobs = goals.job.iter();
            for one in jobs.filter(|one| together || one.name == job.name) {
                show(folder.path(), one);
            }
            for (goal, reads) in &job.goals {
                let (became, said) = read(folder.path(), goal, reads, &model, &base_url);
                let mark = match became {
                    Became::Right => "right  ",
                    Became::Wrong => "wrong  ",
                    Became::Nothing => "nothing",
                };
                println!("{mark}  {goal:?}: {said}");
                all.push(became);
            }
        }
        let count = |which: Became| all.iter().filter(|one| **one == which).count();
        println!(
            "{} goals: {} right, {} wrong (a person would be asked), {} not read; {:.1} s each",
            all.len(),
            count(Became::Right),
            count(Became::Wrong),
            count(Became::Nothing),
            begun.elapsed().as_secs_f64() / all.len() as f64
        );
    }
    drop(server);
    ExitCode::SUCCESS
}

/// Writes what was shown into the library of a folder.
fn show(folder: &Path, job: &Job) {
    let home = folder.join("demos").join(&job.name);
    std::fs::create_dir_all(&home).expect("the folder can be made");
    let parameters: String = job
        .values
        .iter()
        .enumerate()
        .map(|(at, value)| format!("[parameters.value-{at}]\nexample = {value:?}\n"))
        .collect();
    let text = format!(
        "format = \"1.0\"\nworkflow = {:?}\ngoal = {:?}\nstart = \"http://127.0.0.1:1/\"\n{parameters}[[step]]\ndo = \"reload\"\n",
        job.name, job.shown
    );
    std::fs::write(home.join("first.toml"), text).expect("the file can be written");
}

/// Has a goal read.
fn read(folder: &Path, goal: &str, reads: &str, model: &str, base_url: &str) -> (Became, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_apprentice"))
        .args(["run", goal, "--model", &format!("chat:{model}")])
        .args(["--base-url", base_url, "--model-seconds", "120"])
        .current_dir(folder)
        .env("XDG_CONFIG_HOME", folder)
        .env("XDG_DATA_HOME", folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program is built with its benches");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let told = said.rfind('(').map_or(said.as_str(), |at| &said[at..]);
    let told = told.trim().trim_matches(['(', ')']).to_owned();
    if said.contains(&format!("{WOULD}{reads:?}")) {
        (Became::Right, told)
    } else if said.contains(WOULD) {
        (Became::Wrong, told)
    } else {
        (Became::Nothing, told)
    }
}
