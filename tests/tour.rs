//! The tour does a whole job by demonstration, asks before it matters, and nothing is sent without a yes.

use apprentice::computer::{Action, Text};
use apprentice::demo::library;
use apprentice::human::Verdict;
use apprentice::perception::Reader;
use apprentice::policy::imitator::{Imitator, Settings};
use apprentice::tour::{self, Servers};
use apprentice::trace::{Blob, Event, Outcome, Trace};
use apprentice::workflow::Workflow;

use crate::invariants::every_decision_follows_from_its_situation;
use crate::support::program::{Ended, Program, events, repository};

const LUNCH: &str = "File my lunch on 23 April 2026 as an expense";
const PROJECT: (&str, &str) = ("(?i)^step .*project code", "CEDAR-31");

/// What the expense tool got, as one line for each report.
fn reports(servers: &Servers) -> Vec<String> {
    servers
        .reports()
        .iter()
        .map(|report| {
            format!(
                "{} {} {} {} {} {} {}",
                report.date,
                report.amount,
                report.merchant,
                report.project,
                report.people.join(", "),
                report.file,
                report.file_hash
            )
        })
        .collect()
}

fn expected(values: &str, file: &str) -> Vec<String> {
    let bytes = std::fs::read(repository().join("src/tour/receipts").join(file))
        .expect("the tour's own receipts");
    vec![format!("{values} {file} {}", blake3::hash(&bytes).to_hex())]
}

async fn lunch(program: &Program, servers: &Servers, answers: &[(&str, &str)]) -> Ended {
    let answers = program.answers(answers);
    program
        .perform(LUNCH, "file-lunch", servers, &["--answers", &answers])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tour_files_the_lunch_without_a_terminal() {
    let program = Program::new();
    let ended = program.run(&["tour", "--traces", "traces"]).await;
    ended
        .code(0)
        .says("The expense tool holds one report: R-2026-0107 on 23 April 2026, 62.75 EUR at Harbour Kitchen with Mira Okafor, project CEDAR-31, IMG_4218.png attached.");
    assert!(!ended.stderr.contains("has not sent"), "{}", ended.stderr);
    assert_eq!(ended.stdout, "Filed the lunch, report R-2026-0107.\n");
    let end = program.trace().end.expect("the trace has its end");
    assert_eq!(end.outcome, Outcome::Done);
    assert_eq!((end.questions, end.confirmations), (1, 1));
    assert_eq!(end.usage.model_calls, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exactly_one_report_with_the_right_values_and_the_file_is_sent() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    lunch(&program, &servers, &[PROJECT, ("(?i)claim money", "yes")])
        .await
        .code(0);
    assert_eq!(
        reports(&servers),
        expected(
            "2026-04-23 62.75 Harbour Kitchen CEDAR-31 Mira Okafor",
            "IMG_4218.png"
        )
    );
    let takes = library::load(&repository().join("demos"), "file-lunch").expect("it is bundled");
    let imitator = Imitator::new(
        Workflow::from_takes(takes).expect("it is bundled"),
        Settings {
            sites: servers.origins(),
            reference_date: jiff::ZonedDateTime::now().date(),
        },
    );
    every_decision_follows_from_its_situation(&program.trace(), &imitator);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_sends_nothing() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    lunch(&program, &servers, &[PROJECT, ("(?i)claim money", "no")])
        .await
        .code(3)
        .says("you said no to");
    assert_eq!(reports(&servers), Vec::<String>::new());
    let trace = program.trace();
    let last = events(&trace)
        .filter_map(|event| match event {
            Event::Acting { says, .. } => Some(says.as_str()),
            _ => None,
        })
        .last();
    assert!(
        last.is_some_and(|says| says.starts_with("attach ")),
        "{last:?}"
    );
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_answers_the_card_nothing_is_sent() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    lunch(&program, &servers, &[PROJECT])
        .await
        .code(4)
        .says("have none left for");
    assert_eq!(reports(&servers), Vec::<String>::new());
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_nobody_answered_is_resumed_with_what_it_knows() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    program
        .perform(LUNCH, "file-lunch", &servers, &[])
        .await
        .code(4)
        .says("nobody is there to answer");
    assert_eq!(reports(&servers), Vec::<String>::new());
    let demonstrations = repository().join("demos").display().to_string();
    let answers = program.answers(&[PROJECT, ("(?i)claim money", "yes")]);
    program
        .run(&["resume", "--demos", &demonstrations, "--answers", &answers])
        .await
        .code(0);
    assert_eq!(reports(&servers).len(), 1);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remembered_answer_is_not_asked_again_and_a_yes_is_never_remembered() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    let answers = program.file(
        "remembered.toml",
        "[[answer]]\nto = '(?i)^step .*project code'\nreply = 'CEDAR-31'\nremember = true\n\
         [[answer]]\nto = 'claim money'\nreply = 'yes'\nremember = true\n",
    );
    program
        .perform(LUNCH, "file-lunch", &servers, &["--answers", &answers])
        .await
        .code(0);
    let again = program.perform(LUNCH, "file-lunch", &servers, &[]).await;
    again
        .code(4)
        .says("fill textbox \"Project code\" with \"CEDAR-31\"");
    assert!(
        again.stderr.contains("nobody is there to answer \"button"),
        "{}",
        again.stderr
    );
    assert_eq!(reports(&servers).len(), 1);
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_is_shown_again_and_is_what_is_sent() {
    let (program, servers) = (Program::new(), tour::serve().await.unwrap());
    let answers = [
        PROJECT,
        ("(?i)claim money.*CEDAR-31", "edit Project code=ATLAS-77"),
        ("(?i)claim money.*ATLAS-77", "yes"),
    ];
    lunch(&program, &servers, &answers).await.code(0);
    assert_eq!(
        reports(&servers),
        expected(
            "2026-04-23 62.75 Harbour Kitchen ATLAS-77 Mira Okafor",
            "IMG_4218.png"
        )
    );
    let trace = program.trace();
    let cards: Vec<_> = events(&trace)
        .filter_map(|event| match event {
            Event::Confirmed { card, verdict, .. } => {
                let project = card.fields.iter().find(|(name, _)| name == "Project code");
                Some((project.map(|(_, value)| value.as_str()), verdict.clone()))
            }
            _ => None,
        })
        .collect();
    let edit = Verdict::Edit {
        field: "Project code".to_owned(),
        value: "ATLAS-77".to_owned(),
    };
    assert_eq!(
        cards,
        [
            (Some("CEDAR-31"), Some(edit)),
            (Some("ATLAS-77"), Some(Verdict::Yes))
        ]
    );
    servers.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_lunch_is_only_another_goal() {
    let program = Program::new();
    let answers = program.answers(&[
        ("(?i)^step .*project code", "BOREAL-7"),
        ("(?i)claim money", "yes"),
    ]);
    let goal = "File my lunch on 16 April 2026 as an expense";
    let ended = program
        .run(&[
            "tour",
            "--goal",
            goal,
            "--answers",
            &answers,
            "--traces",
            "traces",
        ])
        .await;
    ended.code(0).says("the servers hold");
    assert_eq!(ended.stdout, "Filed the lunch, report R-2026-0107.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_number_is_nowhere_but_in_the_shop() {
    let program = Program::new();
    let ended = program
        .run(&["tour", "tickets", "--traces", "traces"])
        .await;
    ended.code(0).says("The ticket shop holds one order: T-5001, 3 tickets for The Paper Lanterns (Gallery), 84.00 EUR paid by the card ending in 4242.");
    let trace = program.trace();
    let mut files = vec![
        ("standard output".into(), ended.stdout.clone().into_bytes()),
        ("standard error".into(), ended.stderr.clone().into_bytes()),
    ];
    for folder in [trace.folder.clone(), trace.folder.join("blobs")] {
        for entry in std::fs::read_dir(folder).expect("a run's folder") {
            let path = entry.expect("a run's folder").path();
            if path.is_file() {
                let bytes = std::fs::read(&path).expect("a file of the trace");
                files.push((path.display().to_string(), bytes));
            }
        }
    }
    for (name, bytes) in &files {
        // However the digits are grouped.
        let digits: Vec<u8> = bytes
            .iter()
            .copied()
            .filter(|byte| !b" -\xc2\xa0".contains(byte))
            .collect();
        for secret in ["4242424242424242", "09/29", "\"314\""] {
            let found = digits
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{name} holds {secret}");
        }
    }
    let reader = Reader::best().expect("weights or tesseract");
    let mut read = Vec::new();
    for picture in pictures_after_typing(&trace) {
        if read.contains(&picture) {
            continue;
        }
        let bytes = trace.blob(&picture).expect("a picture of the trace");
        let text = reader.read_text(&bytes).expect("a picture that is one");
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        assert!(!digits.contains("42424242"), "{picture:?} shows:\n{text}");
        assert!(!text.contains("09/29"), "{picture:?} shows:\n{text}");
        read.push(picture);
    }
    assert!(read.len() > 2, "{read:?}");
}

/// The pictures that were taken once a secret had been typed.
fn pictures_after_typing(trace: &Trace) -> Vec<Blob> {
    let secret = |action: &Action| {
        matches!(
            action,
            Action::Fill {
                value: Text::Secret(_),
                ..
            } | Action::Type {
                text: Text::Secret(_)
            }
        )
    };
    events(trace)
        .skip_while(|event| !matches!(event, Event::Acting { action, .. } if secret(action)))
        .filter_map(|event| match event {
            Event::Observed { screenshot, .. } => screenshot.clone(),
            Event::Confirmed { picture, .. } => picture.clone(),
            _ => None,
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_for_another_site_is_not_typed() {
    let program = Program::new()
        .with("APPRENTICE_SECRET_CARD_NUMBER", "4000056655665556")
        .with(
            "APPRENTICE_SECRET_CARD_NUMBER_ORIGINS",
            "https://elsewhere.example",
        );
    program
        .run(&["tour", "tickets", "--traces", "traces"])
        .await
        .code(1)
        .says("the secret \"card_number\" is not for http://127.0.0.1:")
        .says("nothing was sent");
    let trace = program.trace();
    let after: Vec<&Event> = events(&trace)
        .skip_while(|event| {
            !matches!(
                event,
                Event::Acting {
                    action: Action::Fill {
                        value: Text::Secret(_),
                        ..
                    },
                    ..
                }
            )
        })
        .collect();
    assert!(
        matches!(after.get(1), Some(Event::ActionFailed { error }) if error.contains("not for")),
        "{after:#?}"
    );
    let acted = after
        .iter()
        .any(|event| matches!(event, Event::Acted { .. }));
    assert!(!acted, "{after:#?}");
}
