//! Which workflow a goal finds in a small library, in tables.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::computer::Element;
use crate::demo::{Demonstration, Seen, Step, Verb, target_query};

/// A demonstration whose goal has the values of these parameters in it.
fn shown(name: &str, goal: &str, parameters: &[(&str, &str, &str)]) -> Workflow {
    let parameters: String = parameters
        .iter()
        .map(|(name, kind, example)| {
            format!("[parameters.{name}]\nkind = {kind:?}\nexample = {example:?}\n")
        })
        .collect();
    let text = format!(
        "format = \"1.0\"\nworkflow = {name:?}\ngoal = {goal:?}\nstart = \"https://{name}.example/\"\n{parameters}[[step]]\ndo = \"reload\"\n"
    );
    let demonstration = Demonstration::parse(name, &text).unwrap();
    Workflow::from_takes(vec![("first".to_owned(), demonstration)]).unwrap()
}

fn library() -> Vec<Workflow> {
    vec![
        shown(
            "lunch",
            "File my lunch on 12 March as an expense",
            &[("day", "date", "12 March")],
        ),
        shown(
            "tickets",
            "Buy 2 balcony tickets for Nils Arvid Quartet",
            &[
                ("quantity", "number", "2"),
                ("section", "text", "balcony"),
                ("concert", "text", "Nils Arvid Quartet"),
            ],
        ),
        shown(
            "list",
            "Choose Palau from the list",
            &[("item", "text", "Palau")],
        ),
        shown(
            "scroll",
            "Choose Palau from the scroll list",
            &[("item", "text", "Palau")],
        ),
        shown(
            "keep",
            "Do not archive the report of May",
            &[("month", "text", "May")],
        ),
        shown(
            "export",
            "Export the invoices of 2025",
            &[("year", "number", "2025")],
        ),
        shown(
            "books",
            "Export the invoices of 2025",
            &[("year", "number", "2025")],
        ),
    ]
}

/// What is found, in a word: the workflow, `lunch?` where it is only near, `a|b` where several fit.
fn found(goal: &str, start: Option<&str>) -> String {
    let library = library();
    let headings: Vec<Heading> = library
        .iter()
        .map(|workflow| Heading {
            name: workflow.name().to_owned(),
            goals: vec![workflow.goal().to_owned()],
        })
        .collect();
    let request = Request {
        goal,
        start,
        sites: &BTreeMap::new(),
        today: date(2026, 11, 24),
    };
    let by_name = |name: &str| library.iter().find(|one| one.name() == name);
    let Found { read, fit } = find(&headings, &request, by_name);
    match fit {
        Fit::One(at) => read[at].name().to_owned(),
        Fit::Several(all) => {
            let mut names: Vec<&str> = all.iter().map(|at| read[*at].name()).collect();
            names.sort_unstable();
            names.join("|")
        }
        Fit::Near(at, _) => format!("{}?", read[at].name()),
        Fit::None => String::new(),
    }
}

#[test]
fn a_goal_finds_the_workflow_that_shows_it() {
    for (goal, expected) in [
        ("File my lunch on 3 April as an expense", "lunch"),
        ("Please file the lunch on Friday as an expense", "lunch"),
        ("Could you file yesterday's lunch as an expense?", "lunch"),
        ("Buy 3 gallery tickets for Lena Voss", "tickets"),
        ("Choose Chad from the list", "list"),
        ("Choose Chad from the scroll list", "scroll"),
        ("Do not archive the report of June", "keep"),
    ] {
        assert_eq!(found(goal, None), expected, "{goal}");
    }
}

#[test]
fn a_goal_that_is_not_what_was_shown_finds_none_for_certain() {
    for (goal, expected) in [
        ("Don't file my lunch on 3 April as an expense", "lunch?"),
        (
            "File my lunch on 3 April as an expense, but not yet",
            "lunch?",
        ),
        ("Never buy 3 gallery tickets for Lena Voss", "tickets?"),
        (
            "Buy 3 gallery tickets for Lena Voss and delete the order",
            "tickets?",
        ),
        ("Choose everything from the list", "list?"),
        ("Choose nothing from the list", "list?"),
        ("Choose all but Chad from the list", "list?"),
        ("Archive the report of June", "keep?"),
        ("Delete my lunch on 3 April as an expense", "lunch?"),
        ("Book a table for two on Friday", ""),
        ("the of and", ""),
        ("?", ""),
        ("", ""),
    ] {
        assert_eq!(found(goal, None), expected, "{goal}");
    }
}

#[test]
fn what_fits_alike_is_told_apart_by_the_page_alone() {
    let goal = "Export the invoices of 2024";
    assert_eq!(found(goal, None), "books|export");
    assert_eq!(
        found(goal, Some("https://export.example/?from=mail")),
        "export"
    );
    assert_eq!(
        found(goal, Some("https://elsewhere.example/")),
        "books|export"
    );
}

#[test]
fn what_stands_between_is_said() {
    let library = library();
    let sites = BTreeMap::new();
    let request = |goal| Request {
        goal,
        start: None,
        sites: &sites,
        today: date(2026, 11, 24),
    };
    let not_shown = |text: &str| Difference::NotShown(text.to_owned());
    let not_said = |text: &str| Difference::NotSaid(text.to_owned());
    let found = |which: usize, goal| {
        let heading = Heading {
            name: String::new(),
            goals: vec![library[which].goal().to_owned()],
        };
        find(&[heading], &request(goal), |_| Some(&library[which])).fit
    };
    assert_eq!(
        found(0, "Don't file my lunch on 3 April as an expense"),
        Fit::Near(0, vec![not_shown("Don't")])
    );
    assert_eq!(
        found(4, "Archive the report of June"),
        Fit::Near(0, vec![not_said("not"), not_said("Do")])
    );
}

#[test]
fn no_more_is_understood_than_may_fit_better() {
    let library = library();
    let headings: Vec<Heading> = library
        .iter()
        .map(|workflow| Heading {
            name: workflow.name().to_owned(),
            goals: vec![workflow.goal().to_owned()],
        })
        .collect();
    let sites = BTreeMap::new();
    let request = Request {
        goal: "Choose Chad from the scroll list",
        start: None,
        sites: &sites,
        today: date(2026, 11, 24),
    };
    let mut understood = Vec::new();
    find(&headings, &request, |name| {
        understood.push(name.to_owned());
        library.iter().find(|one| one.name() == name)
    });
    assert_eq!(understood, ["scroll"]);
}

/// A recording in which the button Submit was pressed for each of these goals.
fn recorded(goals: &[&str]) -> Workflow {
    let element = serde_json::json!({
        "id": "1:1", "role": "button", "name": "Submit", "tag": "button", "in_view": true, "interactive": true,
        "bounds": { "x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0 }, "path": "html/button",
    });
    let element: Element = serde_json::from_value(element).unwrap();
    let takes = goals.iter().map(|goal| {
        let text = format!(
            "format = \"1.2\"\nworkflow = \"w\"\ngoal = {goal:?}\nstart = \"http://a.example/\"\n"
        );
        let mut shown = Demonstration::parse("w", &text).unwrap();
        let mut step = Step::bare(Verb::Click);
        step.target = Some(target_query(&element, None));
        step.shown = Some(Arc::new(Seen {
            url: "http://a.example/".to_owned(),
            title: String::new(),
            target: Some(0),
            to: None,
            elements: vec![element.clone()],
            pictures: Default::default(),
        }));
        shown.steps.push(step);
        ((*goal).to_owned(), shown)
    });
    Workflow::from_takes(takes.collect()).unwrap()
}

/// What these recordings make of a goal, by the name of their only workflow.
fn fit_of(shown: &[&str], workflow: &Workflow, goal: &str) -> Fit {
    let heading = Heading {
        name: "w".to_owned(),
        goals: shown.iter().map(|&goal| goal.to_owned()).collect(),
    };
    let request = Request {
        goal,
        start: None,
        sites: &BTreeMap::new(),
        today: date(2026, 11, 24),
    };
    find(&[heading], &request, |_| Some(workflow)).fit
}

#[test]
fn recordings_show_where_values_of_any_sort_stand() {
    const RANGES: &[&str] = &[
        "Book the room between 4PM and 8PM and press Submit",
        "Book the room between 12PM and 4PM and press Submit",
        "Book the room between 4PM and 6PM and press Submit",
    ];
    const FIRST_WORDS: &[&str] = &[
        "Submit a number less than 5, then stop",
        "Submit an odd number, then stop",
        "Submit a number greater than 2, then stop",
    ];
    const CORNERS: &[&str] = &[
        "Put Bea into the top center",
        "Put Cyd into the bottom center",
        "Put Eve into the top left",
    ];
    for (shown, goal, expected) in [
        (
            RANGES,
            "Book the room between 8AM and 10AM and press Submit",
            true,
        ),
        (
            RANGES,
            "Book the room between 8AM and 10AM but never press Submit",
            false,
        ),
        (
            RANGES,
            "Book the room between 8AM and 10AM and the hall and press Submit",
            false,
        ),
        (CORNERS, "Put Ada into the bottom left", true),
        (
            CORNERS,
            "Put Ada into the bottom left, and accept the terms",
            false,
        ),
        (FIRST_WORDS, "Submit a number less than 7, then stop", true),
        (
            FIRST_WORDS,
            "Submit no number less than 7, then stop",
            false,
        ),
        (FIRST_WORDS, "Delete a number less than 7, then stop", false),
    ] {
        let fits = fit_of(shown, &recorded(shown), goal) == Fit::One(0);
        assert_eq!(fits, expected, "{goal}");
    }
}

#[test]
fn what_leads_from_one_thing_to_the_next_is_said_as_it_was_shown() {
    let menu = shown("menu", "Select File>Save", &[("path", "text", "File>Save")]);
    let fits = |goal: &str| fit_of(&["Select File>Save"], &menu, goal) == Fit::One(0);
    assert!(fits("Select Edit>Copy"));
    for goal in [
        "Select Edit",
        "Never select Edit>Copy",
        "Delete Edit>Copy",
        "Select Edit>Copy twice",
    ] {
        assert!(!fits(goal), "{goal}");
    }
}

#[test]
fn a_word_that_no_step_explains_does_not_hide_the_workflow_where_recordings_differ() {
    let goals = [
        "Set the colour to red and press Submit",
        "Set the colour to blue and press Submit",
        "Set the colour to navy and press Submit",
    ];
    let fit = |takes: usize, goal: &str| {
        let workflow = recorded(&goals[..takes]);
        // In the run it is asked about all the same.
        let extras = workflow.read_goal(goal, date(2026, 11, 24)).extras;
        let fit = fit_of(&goals[..takes], &workflow, goal);
        (fit == Fit::One(0), extras.join("|"))
    };
    let is = |fits: bool, extras: &str| (fits, extras.to_owned());
    let lime = "Set the colour to lime and press Submit";
    assert_eq!(fit(3, lime), is(true, "lime"));
    assert_eq!(fit(2, lime), is(false, "lime"));
    for goal in [
        "Set the colour to nothing and press Submit",
        "Set the colour to lime and press Submit twice",
        "Do not set the colour to lime and press Submit",
        "Reset the colour to lime and press Submit",
    ] {
        assert!(!fit(3, goal).0, "{goal}");
    }
}
