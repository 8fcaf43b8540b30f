use proptest::prelude::*;

use super::super::kind::Kind;
use super::super::terms::Terms;
use super::*;

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn intent(what: &str) -> Intent {
    Intent {
        what: what.to_owned(),
        terms: Terms {
            amount: Some("10.00 EUR".parse().unwrap()),
            ..Terms::new(Kind::Pay, "https://shop.example")
        },
        method: "POST".to_owned(),
        path: "/pay".to_owned(),
        body: blake3::hash(b"amount=10").to_hex().to_string(),
        time: now(),
    }
}

fn answered() -> Outcome {
    Outcome {
        ending: Ending::Answered(303),
        time: now(),
    }
}

fn header(run: &str) -> Header {
    Header::new(run, "Pay for lunch", Some("lunch"))
}

fn open_ones(traces: &Path) -> Vec<(String, u64)> {
    open_intents(traces, "Pay for lunch", None)
        .unwrap()
        .into_iter()
        .map(|open| (open.run, open.number))
        .collect()
}

#[test]
fn an_intent_is_open_until_its_outcome_is_known() {
    let traces = tempfile::tempdir().unwrap();
    let mut journal = Journal::new(traces.path(), header("r1"));
    assert!(open_ones(traces.path()).is_empty());
    let first = journal.intent(intent("pay")).unwrap();
    let second = journal.intent(intent("tip")).unwrap();
    journal.outcome(first, answered()).unwrap();
    assert_eq!(open_ones(traces.path()), [("r1".to_owned(), second)]);
    assert!(matches!(
        journal.outcome(7, answered()),
        Err(JournalError::NoSuchIntent { number: 7, .. })
    ));
}

#[test]
fn a_new_run_finds_it_by_goal_or_by_workflow_and_sees_whether_that_run_lives() {
    let traces = tempfile::tempdir().unwrap();
    let mut journal = Journal::new(traces.path(), header("r1"));
    journal.intent(intent("pay")).unwrap();
    let found = |goal, workflow| open_intents(traces.path(), goal, workflow).unwrap();
    assert!(found("pay  for LUNCH", None)[0].is_alive);
    assert_eq!(found("Pay for dinner", Some("lunch")).len(), 1);
    assert!(found("Pay for dinner", Some("dinner")).is_empty());
    assert!(found("Pay for dinner", None).is_empty());
    drop(journal);
    assert!(!found("Pay for lunch", None)[0].is_alive);
}

#[test]
fn a_person_may_say_what_became_of_it() {
    let traces = tempfile::tempdir().unwrap();
    let mut journal = Journal::new(traces.path(), header("r1"));
    let number = journal.intent(intent("pay")).unwrap();
    drop(journal);
    resolve(traces.path(), "r1", number, true, now()).unwrap();
    assert!(open_ones(traces.path()).is_empty());
    let again = resolve(traces.path(), "r1", number, true, now());
    assert!(matches!(again, Err(JournalError::NoSuchIntent { .. })));
}

#[test]
fn a_torn_last_line_was_never_let_go_and_is_cut_off() {
    let traces = tempfile::tempdir().unwrap();
    let mut journal = Journal::new(traces.path(), header("r1"));
    journal.intent(intent("pay")).unwrap();
    drop(journal);
    let path = traces.path().join(FOLDER).join("r1.jsonl");
    let whole = fs::read(&path).unwrap();
    for torn in [&b"{\"intent\":{\"num"[..], b"\xff\xfe"] {
        fs::write(&path, [&whole, torn].concat()).unwrap();
        assert_eq!(open_ones(traces.path()), [("r1".to_owned(), 0)]);
    }
    let mut journal = Journal::resume(traces.path(), header("r1")).unwrap();
    assert_eq!(journal.intent(intent("tip")).unwrap(), 1);
    assert_eq!(open_ones(traces.path()).len(), 2);
}

#[test]
fn what_is_broken_in_the_middle_or_newer_is_an_error() {
    let traces = tempfile::tempdir().unwrap();
    let path = traces.path().join(FOLDER).join("r1.jsonl");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let head = r#"{"header":{"format":"1.0","run":"r1","goal":"g"}}"#;
    for (text, said) in [
        ("nonsense\n".to_owned(), "line 1"),
        (format!("{head}\nnonsense\n"), "line 2"),
        (format!("{head}\n{head}\n"), "second header"),
        (
            format!(
                "{head}\n{{\"outcome\":{{\"number\":0,\"entry\":{{\"ending\":{{\"answered\":200}},\"time\":\"2027-01-15T08:00:00Z\"}}}}}}\n"
            ),
            "outcome of nothing",
        ),
        (head.replace("1.0", "2.0") + "\n", "update apprentice"),
    ] {
        fs::write(&path, text).unwrap();
        let error = open_intents(traces.path(), "g", None)
            .unwrap_err()
            .to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn where_it_cannot_be_written_nothing_is_let_go() {
    let traces = tempfile::tempdir().unwrap();
    // A file where the folder should be: unwritable for every user.
    fs::write(traces.path().join(FOLDER), "").unwrap();
    let mut journal = Journal::new(traces.path(), header("r1"));
    let error = journal.intent(intent("pay")).unwrap_err();
    assert!(error.to_string().contains("nothing is sent"), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn on_a_full_disk_nothing_is_let_go() {
    let file = OpenOptions::new().append(true).open("/dev/full").unwrap();
    let mut lines = Lines {
        file,
        whole: 0,
        torn: false,
    };
    let path = Path::new("/dev/full");
    let error = lines.append(path, &Line::Header(header("r1"))).unwrap_err();
    assert!(matches!(error, JournalError::Unwritable { .. }));
    // What was half written could not be taken back: nothing may follow it.
    assert!(lines.torn);
    assert!(lines.append(path, &Line::Header(header("r1"))).is_err());
}

#[test]
fn two_processes_cannot_go_on_with_one_run_and_two_runs_can_go_on_at_once() {
    let traces = tempfile::tempdir().unwrap();
    let mut one = Journal::new(traces.path(), header("r1"));
    one.intent(intent("pay")).unwrap();
    assert!(Journal::resume(traces.path(), header("r1")).is_err());
    let mut two = Journal::new(traces.path(), header("r2"));
    two.intent(intent("pay")).unwrap();
    one.intent(intent("tip")).unwrap();
    assert_eq!(open_ones(traces.path()).len(), 3);
}

#[test]
fn a_journal_of_version_1_0_is_read() {
    let traces = tempfile::tempdir().unwrap();
    let folder = traces.path().join(FOLDER);
    fs::create_dir_all(&folder).unwrap();
    fs::write(
        folder.join("r1.jsonl"),
        concat!(
            r#"{"header":{"format":"1.0","run":"r1","goal":"Pay for lunch","workflow":"lunch"}}"#,
            "\n",
            r#"{"intent":{"number":0,"entry":{"what":"pay","terms":{"kind":"pay","origin":"https://shop.example","amount":"10.00 EUR"},"method":"POST","path":"/pay","body":"00","time":"2027-01-15T08:00:00Z"}}}"#,
            "\n",
        ),
    )
    .unwrap();
    let open = open_intents(traces.path(), "Pay for lunch", None).unwrap();
    assert_eq!(
        open[0].intent.terms.amount,
        Some("10.00 EUR".parse().unwrap())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_entry_comes_back_as_it_was(what in "\\PC{0,30}", path in "\\PC{0,20}", name in "\\PC{0,10}", minor in any::<i64>(), status in any::<u16>()) {
        let traces = tempfile::tempdir().unwrap();
        let mut written = intent(&what);
        written.path = path;
        written.terms.fields = vec![(name, what)];
        written.terms.amount = super::super::money::Money::of_minor(minor, "EUR");
        let mut journal = Journal::new(traces.path(), header("r1"));
        let number = journal.intent(written.clone()).unwrap();
        let open = open_intents(traces.path(), "Pay for lunch", None).unwrap();
        prop_assert_eq!(&open[0].intent, &written);
        journal.outcome(number, Outcome { ending: Ending::Answered(status), time: now() }).unwrap();
        prop_assert!(open_ones(traces.path()).is_empty());
    }
}
