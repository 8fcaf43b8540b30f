//! What goals are read as, in tables.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2026, 11, 24);

fn pattern(goal: &str, parameters: &[(&str, ParameterKind, &str)]) -> Pattern {
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(name, kind, example)| ((*name).to_owned(), *kind, (*example).to_owned()))
        .collect();
    Pattern::new(goal, &parameters, TODAY)
}

fn lunch() -> Pattern {
    pattern(
        "File the lunch with Ana Reyes on 12 March",
        &[
            ("person", ParameterKind::Text, "Ana Reyes"),
            ("date", ParameterKind::Date, "12 March"),
        ],
    )
}

fn values(reading: &Reading) -> Vec<(&str, &str)> {
    reading
        .values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[test]
fn values_stand_where_the_examples_stood() {
    for (goal, person, day) in [
        (
            "File the lunch with Ana Reyes on 12 March",
            "Ana Reyes",
            "12 March",
        ),
        (
            "File the lunch with Ben Okafor on 3 April",
            "Ben Okafor",
            "3 April",
        ),
        (
            "file the lunch with ben okafor on 3 april.",
            "ben okafor",
            "3 april",
        ),
        (
            "Please file my lunch with Ben Okafor on April 3rd, 2026",
            "Ben Okafor",
            "April 3rd, 2026",
        ),
        (
            "File the lunch with Dr. Maria del Carmen on 2026-04-03",
            "Dr. Maria del Carmen",
            "2026-04-03",
        ),
        (
            "Could you file the lunch I had with Ben on last Friday?",
            "Ben",
            "last Friday",
        ),
        (
            "File yesterday's lunch with Ben Okafor",
            "Ben Okafor",
            "yesterday",
        ),
        (
            "On 3 April, file the lunch with Ben Okafor",
            "Ben Okafor",
            "3 April",
        ),
        ("Lunch with Ben Okafor on Friday", "Ben Okafor", "Friday"),
        (
            "File the lunch with \"Ben & Sons\" on 3 April",
            "Ben & Sons",
            "3 April",
        ),
    ] {
        let reading = lunch().read(goal, TODAY);
        assert_eq!(
            values(&reading),
            [("date", day), ("person", person)],
            "{goal}"
        );
        assert_eq!(reading.extras, Vec::<String>::new(), "{goal}");
        assert!(!reading.unrelated, "{goal}");
    }
}

#[test]
fn behind_a_word_that_is_called_and_stands_a_value_and_behind_and_more_to_do() {
    let pattern = pattern(
        "Make the word \"fern\" bold",
        &[
            ("word", ParameterKind::Text, "fern"),
            ("style", ParameterKind::Text, "bold"),
        ],
    );
    let quoted = pattern.read("Make the word \"and\" italic", TODAY);
    assert!(quoted.extras.is_empty());
    let more = pattern.read("Make the word \"moss\" and italic", TODAY);
    assert!(!more.extras.is_empty());
}

#[test]
fn what_is_not_certain_is_not_found() {
    for (goal, expected) in [
        (
            "File the lunch with Ben Okafor",
            vec![("person", "Ben Okafor")],
        ),
        ("File the lunch on 3 April", vec![("date", "3 April")]),
        ("File the lunch", vec![]),
        (
            "File the lunch with Ben on 3 April and 4 April",
            vec![("person", "Ben")],
        ),
        (
            "File the lunch with Ana Reyes and Ben Okafor on 3 April",
            vec![("date", "3 April")],
        ),
    ] {
        let reading = lunch().read(goal, TODAY);
        for found in values(&reading) {
            assert!(expected.contains(&found), "{goal}: {found:?}");
        }
        if expected.len() < 2 && !goal.contains(" and ") {
            assert_eq!(values(&reading), expected, "{goal}");
        }
    }
}

#[test]
fn what_the_demonstration_does_not_show_is_reported() {
    for (goal, expected) in [
        (
            "File the lunch with Ben Okafor on 3 April, but not the tip",
            "but not the tip",
        ),
        (
            "File the lunch with Ben Okafor on 3 April only if it was under 50 euros",
            "only if it was under 50 euros",
        ),
        (
            "File the lunch with Ben Okafor on 3 April unless it is filed",
            "unless it is filed",
        ),
        (
            "File the lunch with Ben Okafor without wine on 3 April",
            "without wine",
        ),
        ("File the dinner with Ben Okafor on 3 April", "dinner"),
        ("Don't file the lunch with Ben Okafor on 3 April", "Don't"),
        ("File 2 lunch with Ben Okafor on 3 April", "2"),
        (
            "File the lunch with Ben Okafor on 3 April for 20 EUR",
            "for 20 EUR",
        ),
        (
            "File the lunch with Ana Reyes and Ben Okafor on 3 April",
            "and",
        ),
        (
            "File the lunch with Ben Okafor on 3 April and 4 April",
            "April",
        ),
    ] {
        let reading = lunch().read(goal, TODAY);
        assert!(
            reading.extras.iter().any(|extra| extra.contains(expected)),
            "{goal}: {:?}",
            reading
        );
    }
}

#[test]
fn a_limit_of_the_demonstration_that_the_goal_drops_is_reported() {
    let shown = pattern(
        "Book a seat for Ana without luggage",
        &[("person", ParameterKind::Text, "Ana")],
    );
    let reading = shown.read("Book a seat for Ben", TODAY);
    assert_eq!(values(&reading), [("person", "Ben")]);
    assert_eq!(reading.dropped, ["without"]);
}

#[test]
fn a_goal_about_something_else_is_unrelated() {
    for goal in [
        "",
        "Buy a bicycle",
        "Water the plants on 12 March",
        "with Ana Reyes",
        "…",
    ] {
        assert!(lunch().read(goal, TODAY).unrelated, "{goal}");
    }
    for goal in ["lunch Ben", "File the lunch", "the lunch of 12 March"] {
        assert!(!lunch().read(goal, TODAY).unrelated, "{goal}");
    }
}

#[test]
fn free_texts_side_by_side_cannot_be_told_apart() {
    let shown = pattern(
        "Send Minutes Ana today",
        &[
            ("what", ParameterKind::Text, "Minutes"),
            ("who", ParameterKind::Text, "Ana"),
        ],
    );
    let reading = shown.read("Send Big Report Ben today", TODAY);
    assert_eq!(values(&reading), []);
}

#[test]
fn numbers_amounts_times_and_lists_are_recognised() {
    let shown = pattern(
        "Buy 2 seats for Ana, Ben and Cy at 14:30 for at most €40",
        &[
            ("seats", ParameterKind::Number, "2"),
            ("people", ParameterKind::List, "Ana, Ben and Cy"),
            ("time", ParameterKind::Time, "14:30"),
            ("limit", ParameterKind::Money, "€40"),
        ],
    );
    let reading = shown.read(
        "Buy three seats for Dee, Eve and Flo Fox at 8 pm for at most 55 EUR",
        TODAY,
    );
    assert_eq!(
        values(&reading),
        [
            ("limit", "55 EUR"),
            ("people", "Dee, Eve and Flo Fox"),
            ("seats", "three"),
            ("time", "8 pm")
        ]
    );
    assert_eq!(reading.extras, Vec::<String>::new());
    assert_eq!(items("Dee, Eve and Flo Fox"), ["Dee", "Eve", "Flo Fox"]);
    assert_eq!(
        items("Dee, Eve, and Sandy Brand"),
        ["Dee", "Eve", "Sandy Brand"]
    );
}

#[test]
fn a_parameter_named_twice_must_say_the_same() {
    let shown = pattern(
        "Move Ana to the list and greet Ana today",
        &[("who", ParameterKind::Text, "Ana")],
    );
    assert_eq!(
        values(&shown.read("Move Ben to the list and greet Ben today", TODAY)),
        [("who", "Ben")]
    );
    assert_eq!(
        values(&shown.read("Move Ben to the list and greet Cy today", TODAY)),
        []
    );
}

#[test]
fn a_value_may_be_quoted_in_the_demonstration_in_the_goal_or_in_both() {
    let text = ParameterKind::Text;
    for shown in [
        "File the issue \"Lamp flickers\"",
        "File the issue Lamp flickers",
    ] {
        let pattern = pattern(shown, &[("title", text, "Lamp flickers")]);
        for goal in [
            "File the issue \"Door squeaks\"",
            "File the issue \u{201c}Door squeaks\u{201d}",
            "File the issue Door squeaks",
        ] {
            let reading = pattern.read(goal, TODAY);
            assert_eq!(
                values(&reading),
                [("title", "Door squeaks")],
                "{shown}: {goal}"
            );
            assert!(reading.extras.is_empty(), "{reading:?}");
        }
    }
}

#[test]
fn two_parameters_with_one_example_make_no_slot() {
    let shown = pattern(
        "Copy Ana to Ana",
        &[
            ("from", ParameterKind::Text, "Ana"),
            ("to", ParameterKind::Text, "Ana"),
        ],
    );
    assert_eq!(shown.slots().count(), 0);
}

proptest! {
    #[test]
    fn whatever_fits_the_sentence_is_found_as_written(
        first in "[A-Z][bcdfgklmr]{1,2}[aeiou][bcdfgklmr]{3,6}",
        last in "[A-Z][bcdfgklmr]{1,2}[aeiou][bcdfgklmr]{3,6}",
        day in 1u8..=28,
        month in prop::sample::select(vec!["January", "March", "June", "November"]),
    ) {
        let goal = format!("File the lunch with {first} {last} on {day} {month}");
        let reading = lunch().read(&goal, TODAY);
        let (date, person) = (format!("{day} {month}"), format!("{first} {last}"));
        prop_assert_eq!(values(&reading), [("date", date.as_str()), ("person", person.as_str())]);
        prop_assert!(reading.extras.is_empty());
    }

    #[test]
    fn a_limit_is_never_passed_over(
        limiter in prop::sample::select(LIMITERS.to_vec()),
        at in 0usize..9,
    ) {
        let mut words = "File the lunch with Ben Okafor on 3 April".split(' ').collect::<Vec<_>>();
        words.insert(at, limiter);
        let reading = lunch().read(&words.join(" "), TODAY);
        prop_assert!(reading.extras.iter().any(|extra| extra.contains(limiter)), "{:?}", reading);
        for value in reading.values.values() {
            prop_assert!(!value.split(' ').any(|word| word == limiter), "{:?}", reading);
        }
    }

    #[test]
    fn no_goal_makes_it_panic(goal in ".{0,60}") {
        let reading = lunch().read(&goal, TODAY);
        for value in reading.values.values() {
            prop_assert!(goal.contains(value.as_str()));
        }
    }
}

#[test]
fn what_the_goal_leaves_out_is_told_apart_from_what_limits_it() {
    let reading = lunch().read("Lunch with Ben Okafor on 3 April", TODAY);
    assert_eq!(
        (reading.lacking, reading.shared),
        (vec!["File".to_owned()], 1)
    );
    let careful = pattern("Do not file the lunch before noon", &[]);
    let reading = careful.read("File the lunch before noon", TODAY);
    assert_eq!(reading.dropped, ["not"]);
    assert_eq!(reading.lacking, ["Do"]);
}

#[test]
fn how_many_and_how_often_is_no_value_by_chance() {
    for (goal, extra) in [
        ("File the lunch with everybody on 3 April", "everybody"),
        ("File the lunch with Ben Okafor twice on 3 April", "twice"),
        ("File all lunch with Ben Okafor on 3 April", "all"),
        ("File the lunch with nobody else on 3 April", "nobody else"),
    ] {
        let reading = lunch().read(goal, TODAY);
        let said = reading.extras.iter().any(|one| one.contains(extra));
        assert!(said, "{goal}: {:?}", reading.extras);
    }
}

#[test]
fn a_word_that_every_recording_says_is_no_value() {
    let goals = [
        "Click on tab Ferns twice",
        "Click on tab Herbs",
        "Open the tab Ferns",
    ];
    let always = shared_words(goals.into_iter(), TODAY);
    assert_eq!(always, BTreeSet::from(["tab".to_owned()]));
    let shown = pattern(
        "Click on tab Ferns",
        &[("link", ParameterKind::Text, "tab Ferns")],
    );
    // One recording cannot tell, several can.
    assert_eq!(shown.read("Click on the circle", TODAY).lacking, [""; 0]);
    let told = shown.keeping(&always);
    assert_eq!(told.read("Click on the circle", TODAY).lacking, ["tab"]);
    let reading = told.read("Click on tab Roses", TODAY);
    assert_eq!(values(&reading), [("link", "Roses")]);
    assert!(reading.lacking.is_empty() && reading.extras.is_empty());
}

#[test]
fn a_value_at_the_beginning_is_told() {
    let shown = "Close the box with the mouse";
    let tokens = cut(shown, TODAY);
    let by_chance = Pattern::of_spans(&tokens, &[(0, 1, ParameterKind::Text)]);
    assert!(
        by_chance
            .read("Describe the box with the mouse", TODAY)
            .opens_with_value
    );
    let box_is_value = Pattern::of_spans(&tokens, &[(2, 3, ParameterKind::Text)]);
    let reading = box_is_value.read("Please close the lid with the mouse", TODAY);
    assert!(!reading.opens_with_value && reading.extras.is_empty());
}

#[test]
fn a_value_stands_where_goals_that_are_put_alike_differ() {
    let read = |shown: [&str; 2], goal: &str| {
        let [own, other] = shown.map(|goal| cut(goal, TODAY));
        let pattern = Pattern::of_spans(&own, &[]).with_places(&own, &[&own, &other]);
        let reading = pattern.read(goal, TODAY);
        let all = [reading.extras, reading.lacking, reading.dropped];
        all.concat().join("|")
    };
    let colours = ["Pick maroon and press Submit", "Pick red and press Submit"];
    let mails = [
        "Find the mail and delete the whole thread of it",
        "Find the mail and send it to Ana",
    ];
    let words = [
        "Tick words like real, old and press Submit",
        "Tick words like big, answer, funny and press Submit",
    ];
    for (shown, goal, expected) in [
        (colours, "Pick lime and press Submit", ""),
        (colours, "Pick light sea green and press Submit", ""),
        (colours, "Pick no colour and press Submit", "no"),
        (colours, "Pick all and press Submit", "all"),
        (
            colours,
            "Pick lime and press Submit and log out",
            "and log out",
        ),
        // What a goal begins with says what is to be done.
        (
            ["Drop it at noon", "Pick it at noon"],
            "Hide it at noon",
            "Hide|Drop",
        ),
        // What else is to be done is no value.
        (
            mails,
            "Find the mail and print it",
            "print|delete|whole|thread",
        ),
        // Too little in common.
        (["Go to Rome", "Go to Lima"], "Go to Oslo", "Oslo|Rome"),
        (words, "Tick words like cut, sad and press Submit", ""),
    ] {
        assert_eq!(read(shown, goal), expected, "{goal}");
    }
    // A limit that was shown is no value either.
    let limits = ["Print all pages now, Bo", "Print odd pages now, Bo"];
    assert_eq!(read(limits, "Print even pages now, Bo"), "even|all");
}

#[test]
fn what_is_said_as_it_was_shown_is_counted() {
    for (example, goal, expected) in [
        ("blue shape", "Click on a large blue shape", 2),
        ("blue shape", "Click on a red item", 0),
        ("only blue", "Click on a blue item", 0),
        ("only blue", "Click on a only blue item", 2),
    ] {
        let pattern = pattern(
            &format!("Click on a {example}"),
            &[("thing", ParameterKind::Text, example)],
        );
        let reading = pattern.read(goal, TODAY);
        assert_eq!((reading.repeated, reading.shared), (expected, 1), "{goal}");
    }
}
