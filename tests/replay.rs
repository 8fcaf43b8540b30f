//! A run can be done again from its trace: the same steps on the live pages, with the guard asking anew, and each compared.

use apprentice::tour;
use serde_json::Value;

use crate::support::program::{Ended, Program};

const LUNCH: &str = "File my lunch on 23 April 2026 as an expense";
const TICKETS: &str = "Buy 3 gallery tickets for The Paper Lanterns";

/// The steps that differ, each with what differs.
fn differing(ended: &Ended) -> Vec<String> {
    let document: Value = serde_json::from_str(&ended.stdout).expect("one JSON document");
    let steps = document["steps"].as_array().expect("a list of steps");
    assert!(steps.len() > 5, "{steps:?}");
    steps
        .iter()
        .filter(|step| {
            ["address_same", "target_same", "text_same"]
                .iter()
                .any(|part| step[part] != true)
        })
        .map(|step| format!("{}: {}", step["says"], step["note"]))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lunch_is_filed_again_from_its_trace() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    let answers = program.answers(&[
        ("(?i)^step .*project code", "CEDAR-31"),
        ("(?i)claim money", "yes"),
    ]);
    program
        .perform(LUNCH, "file-lunch", &servers, &["--answers", &answers])
        .await
        .code(0);
    // The project code is in the trace; only the card has to be answered again.
    let answers = program.answers(&[("(?i)claim money", "yes")]);
    let ended = program
        .run(&["replay", "last", "--answers", &answers, "--json"])
        .await;
    ended.code(0).says("claim money");
    // The second report has another number, and nothing else is different.
    let differing = differing(&ended);
    assert_eq!(differing.len(), 1, "{differing:#?}");
    assert!(
        differing[0].contains("read report") && differing[0].contains("R-2026-0108"),
        "{differing:?}"
    );
    let mut reports = servers.reports();
    assert_eq!(reports.len(), 2);
    reports[1].number = reports[0].number.clone();
    assert_eq!(reports[0], reports[1]);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_without_a_yes_sends_nothing() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    let answers = program.answers(&[
        ("(?i)^step .*project code", "CEDAR-31"),
        ("(?i)claim money", "yes"),
    ]);
    program
        .perform(LUNCH, "file-lunch", &servers, &["--answers", &answers])
        .await
        .code(0);
    let ended = program.run(&["replay", "last"]).await;
    ended.code(4).says("nobody is there to answer");
    assert!(ended.stdout.contains("it was not done again"));
    assert_eq!(servers.reports().len(), 1);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_typed_again_by_name() {
    let servers = tour::serve().await.unwrap();
    let plan = tour::plans()
        .into_iter()
        .find(|plan| plan.name == "tickets")
        .expect("there is a tour that pays");
    let program = plan
        .variables(&servers)
        .iter()
        .fold(Program::new(), |program, (variable, value)| {
            program.with(variable, value)
        });
    let answers = program.answers(&[("(?i)pay money", "yes")]);
    program
        .perform(TICKETS, "buy-tickets", &servers, &["--answers", &answers])
        .await
        .code(0);
    let ended = program
        .run(&["replay", "last", "--answers", &answers, "--json"])
        .await;
    ended.code(0);
    let differing = differing(&ended);
    assert!(
        differing.iter().all(|step| step.contains("T-5002")),
        "{differing:#?}"
    );
    let orders = servers.orders();
    assert_eq!(orders.len(), 2);
    assert_eq!(orders[0].card_ending, orders[1].card_ending);
    assert_eq!(orders[0].total, orders[1].total);
    servers.stop().await;
}
