//! What goals in other words are read as, in tables.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2026, 11, 24);

fn frame(goal: &str, values: &[&str]) -> Frame {
    let examples: Vec<Example> = values
        .iter()
        .map(|one| ((*one).to_owned(), ParameterKind::Text, (*one).to_owned()))
        .collect();
    Pattern::new(goal, &examples, TODAY).frame(goal)
}

fn message() -> Frame {
    frame("Send a message to Ana saying hello", &["Ana", "hello"])
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

fn told(goal: &str, values: &[&str]) -> Result<Rewording, Unfit> {
    reword(&message(), goal, &texts(values), TODAY)
}

#[test]
fn values_of_the_goal_are_put_into_what_was_shown_and_what_is_left_out_is_named() {
    for (goal, values, reads, leaves_out) in [
        (
            "Let Ben know that the meeting moved",
            ["Ben", "the meeting moved"],
            "Send a message to Ben saying the meeting moved",
            &["Let", "know that"][..],
        ),
        (
            "please MESSAGE ben: lunch at noon",
            ["Ben", "Lunch at noon"],
            "Send a message to ben saying lunch at noon",
            &[],
        ),
        (
            "Tell Ben's team \"we are not coming\" tomorrow",
            ["Ben", "we are not coming"],
            "Send a message to Ben saying \"we are not coming\"",
            &["Tell", "team", "tomorrow"],
        ),
        (
            "Tell Ben that Ben is late, 3 times",
            ["Ben", "Ben is late"],
            "Send a message to Ben saying Ben is late",
            &["Tell", "3 times"],
        ),
        (
            "שלח לאנה שהפגישה זזה",
            ["לאנה", "שהפגישה זזה"],
            "Send a message to לאנה saying שהפגישה זזה",
            &["שלח"],
        ),
        (
            "Tell Ben happy birthday 🎉",
            ["Ben", "happy birthday"],
            "Send a message to Ben saying happy birthday",
            &["Tell", "🎉"],
        ),
    ] {
        may_say(&message(), goal, TODAY).unwrap();
        let reading = told(goal, &values).unwrap();
        assert_eq!(reading.reads, reads, "{goal}");
        assert_eq!(reading.leaves_out, leaves_out, "{goal}");
    }
}

#[test]
fn what_is_not_the_goals_own_is_not_used() {
    let not_there = |text: &str| Unfit::NotThere(text.to_owned());
    let empty = |text: &str| Unfit::Empty(text.to_owned());
    let shared = |text: &str| Unfit::Shared(text.to_owned());
    for (goal, values, unfit) in [
        ("Tell Ben hi", &["Bob", "hi"][..], not_there("Bob")),
        ("Tell Benjamin hi", &["Ben", "hi"], not_there("Ben")),
        ("Tell Ben hi", &["Ben", "hi there"], not_there("hi there")),
        ("Tell Ben hi", &["Ben", ""], empty("hello")),
        ("Tell Ben hi", &["Ben"], empty("hello")),
        ("Tell Ben hi", &["Ben", "?!"], not_there("?!")),
        ("Tell Ben hi", &["Ben", "Ben"], shared("Ben")),
        ("Tell Ben hi", &["Tell Ben", "Ben hi"], shared("Ben hi")),
        // A part of a date is no word of it.
        ("Tell Ben 3 April", &["Ben", "April"], not_there("April")),
    ] {
        assert_eq!(told(goal, values), Err(unfit), "{goal} {values:?}");
    }
    let bare = frame("Empty the bin", &[]);
    assert_eq!(reword(&bare, "Bin", &[], TODAY), Err(Unfit::NoBlanks));
}

#[test]
fn what_limits_a_goal_is_never_left_out_never_added_and_no_part_of_a_value() {
    let limits = |text: &str| Err(Unfit::Limits(text.to_owned()));
    for (goal, values, limit) in [
        ("Don't tell Ben hi", ["Ben", "hi"], "don't"),
        ("Never tell Ben hi", ["Ben", "hi"], "never"),
        ("Tell Ben hi, but not now", ["Ben", "hi"], "but"),
        ("Tell everyone except Ben hi", ["Ben", "hi"], "everyone"),
        ("Tell Ben hi twice", ["Ben", "hi"], "twice"),
        ("Tell Ben not to come", ["Ben", "not to come"], "not"),
        ("Tell all but Ben hi", ["all but Ben", "hi"], "all"),
    ] {
        assert_eq!(told(goal, &values), limits(limit), "{goal}");
        assert!(may_say(&message(), goal, TODAY).is_err(), "{goal}");
    }
    // What was shown with a limit is said with the same one.
    let keep = frame("Do not archive the report of May", &["May"]);
    let june = |goal| reword(&keep, goal, &texts(&["June"]), TODAY);
    assert!(june("June's report is not to be archived").is_ok());
    assert_eq!(
        june("June's report is to be archived"),
        Err(Unfit::Dropped("not".to_owned()))
    );
    let twice = "June's report is not to be archived, not ever";
    assert_eq!(june(twice), limits("not"));
}

#[test]
fn a_long_value_may_stand_in_quotes() {
    let reading = told("Tell Ben the meeting moved", &["Ben", "the meeting moved"]).unwrap();
    assert_eq!(
        reading.quoted,
        "Send a message to Ben saying \"the meeting moved\""
    );
    let quoted = frame("Send \"hello\" to Ana", &["hello", "Ana"]);
    let values = texts(&["good day", "Ben"]);
    let reading = reword(&quoted, "Tell Ben \"good day\"", &values, TODAY).unwrap();
    assert_eq!(reading.reads, "Send \"good day\" to Ben");
}

#[test]
fn a_wording_that_was_agreed_to_is_read_with_other_values() {
    let wording = |typed: &str, reads: &str, values: &[&str]| Wording {
        typed: typed.to_owned(),
        reads: reads.to_owned(),
        values: texts(values),
    };
    let know = wording(
        "Let Ana know that the meeting moved",
        "Send a message to Ana saying the meeting moved",
        &["Ana", "the meeting moved"],
    );
    for (goal, reads) in [
        (
            "Let Ben know that lunch is ready",
            Some("Send a message to Ben saying lunch is ready"),
        ),
        (
            "Please let Ben Okafor know that lunch is ready.",
            Some("Send a message to Ben Okafor saying lunch is ready"),
        ),
        ("Let Ben know that lunch is not ready", None),
        ("Do not let Ben know that lunch is ready", None),
        ("Let everyone know that lunch is ready", None),
        ("Let Ben know that lunch is ready and delete it", None),
        ("Let Ben know", None),
        ("Let Ben guess that lunch is ready", None),
        ("Remind Ben that lunch is ready", None),
        ("", None),
    ] {
        let reading = know.read(goal, TODAY).map(|one| one.reads);
        assert_eq!(reading.as_deref(), reads, "{goal}");
    }
    // What has hardly a word of its own is no wording.
    let bare = wording("Ana: hello", "Send Ana hello", &["Ana", "hello"]);
    assert_eq!(bare.read("Ben: bye", TODAY), None);
    // What a person wrote into the file and does not fit together is none either.
    for values in [&["Ana"][..], &["Bo", "hello"], &["Ana", "hello", "?"], &[]] {
        let broken = wording("Tell Ana that hello", "Send Ana hello", values);
        let read = broken.read("Tell Ben that bye", TODAY).map(|one| one.reads);
        assert!(read.is_none(), "{values:?} {read:?}");
    }
}

#[test]
fn every_choice_stands_in_the_goal_and_none_limits() {
    let all = choices("Let Ana know, not the others, on 3 April", TODAY);
    for value in ["Ana", "Let Ana", "3 April"] {
        assert!(all.iter().any(|one| one == value), "{value} in {all:?}");
    }
    for value in ["not", "the", "others", "know, not", "April", "on 3 April"] {
        assert!(!all.iter().any(|one| one == value), "{value} in {all:?}");
    }
}

proptest! {
    #[test]
    fn nothing_but_words_of_the_goal_is_ever_put_in(
        goal in "[a-dא🎉\"' ,.]{0,30}( not)?",
        one in "[a-dא\" ]{0,8}",
        other in "\\PC{0,8}",
    ) {
        if let Ok(reading) = told(&goal, &[&one, &other]) {
            for value in &reading.values {
                prop_assert!(goal.contains(value.as_str()), "{:?}", reading);
            }
            prop_assert!(!goal.ends_with(" not") || goal.ends_with("\" not") || reading.values.iter().all(|one| !one.ends_with("not")));
            prop_assert_eq!(reading.typed, goal.clone());
        }
        let _ = choices(&goal, TODAY);
    }
}
