//! The tour by a model that sees only pictures: the same job, the same questions, the same one report.

use apprentice::computer::{Action, Target};
use apprentice::trace::Event;
use serde_json::json;

use crate::support::model_server::{Behaviour, ModelServer, Said, Script, Step};
use crate::support::program::{Program, events};
use crate::support::reader::reader;

fn told(pattern: &str) -> Said {
    Said::Told(pattern.to_owned())
}

fn lunch() -> Script {
    let navigate = |site: &str| Step::Navigate(told(&format!("site:{site} = (http://[0-9.:]+)")));
    vec![
        Step::click("April 2026"),
        // The day's number stands over its entries.
        Step::ClickBeside {
            text: "Lunch with Mira".to_owned(),
            dx: 0.0,
            dy: -38.0,
        },
        Step::Read {
            label: None,
            what: "text",
        },
        navigate("receipts"),
        Step::ClickInRow {
            row: "23 April 2026".to_owned(),
            text: "IMG".to_owned(),
        },
        // A point in the picture of the receipt.
        Step::Read {
            label: Some("TOTAL".to_owned()),
            what: "picture",
        },
        Step::click("Download"),
        Step::Call {
            tool: "wait".to_owned(),
            arguments: json!({"why": "have the receipt's file", "download": true, "seconds": 10}),
        },
        navigate("expenses"),
        Step::click("Start a report"),
        Step::fill("Date", "2026-04-23"),
        Step::fill("Amount in EUR", told(r"TOTAL EUR (\d+\.\d\d)")),
        Step::fill("Merchant", Said::Read(r"\A([^\n]+)".to_owned())),
        Step::Ask {
            about: "project".to_owned(),
            question: "Which project code should the lunch be booked on?".to_owned(),
        },
        Step::fill("Project code", Said::Answer),
        Step::Choose {
            label: "Person".to_owned(),
            option: told(r"Lunch with (\w+ \w+)"),
        },
        Step::Upload {
            label: "Receipt".to_owned(),
            file: told(r#"file "(IMG_\d+\.png)" was downloaded"#),
        },
        Step::click("Submit claim"),
        Step::Finish("The claim was submitted.".to_owned()),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_sees_pictures_files_the_same_lunch() {
    let script = lunch();
    let count = script.len();
    let server = ModelServer::start(Behaviour::Scripted(script, reader())).await;
    let program = Program::new();
    let answers = program.answers(&[
        ("(?i)^which project code", "CEDAR-31"),
        // No demonstration vouches for the upload, so the guard asks about that too.
        ("(?i)would upload a file.*IMG_4218", "yes"),
        ("(?i)claim money", "yes"),
    ]);
    let ended = program
        .run(&[
            "tour",
            "--model",
            "chat:scripted",
            "--base-url",
            &server.base_url,
            "--answers",
            &answers,
            "--traces",
            "traces",
        ])
        .await;
    assert_eq!(server.violations(), Vec::<String>::new());
    ended
        .code(0)
        .says("The expense tool holds one report: R-2026-0107 on 23 April 2026, 62.75 EUR at Harbour Kitchen with Mira Okafor, project CEDAR-31, IMG_4218.png attached.");
    assert_eq!(server.steps_done(), count);
    let trace = program.trace();
    let end = trace.end.as_ref().expect("the trace has its end");
    assert_eq!((end.questions, end.confirmations), (1, 2));
    assert!(end.usage.model_calls >= count as u64);
    // A bare point says in guard and trace what lies there.
    let submitted = events(&trace).find_map(|event| match event {
        Event::Acting {
            action:
                Action::Click {
                    target: Target::Point(_),
                    ..
                },
            element: Some(element),
            ..
        } if element.name == "Submit claim" => Some(element.role.clone()),
        _ => None,
    });
    assert_eq!(submitted.as_deref(), Some("button"));
}
