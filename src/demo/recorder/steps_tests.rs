//! Tables of what was heard and which steps come of it.

use super::super::witnessed::Note;
use super::*;
use crate::computer::{ElementId, Rect, States};

fn field(id: &str, role: &str, name: &str) -> Element {
    Element {
        id: ElementId(id.to_owned()),
        role: role.to_owned(),
        name: name.to_owned(),
        tag: "input".to_owned(),
        text: String::new(),
        value: None,
        masked: false,
        label: String::new(),
        placeholder: String::new(),
        states: States::default(),
        bounds: Rect::default(),
        in_view: true,
        covered_by: None,
        interactive: true,
        frame: 0,
        attributes: BTreeMap::new(),
        path: String::new(),
        heading: String::new(),
        landmark: String::new(),
        row: None,
        neighbours: Default::default(),
        choices: Vec::new(),
        form: None,
    }
}

fn made(workflow: &str, goal: &str, heard: &[Heard]) -> Result<Recorded, RecordError> {
    let witnessed = Witnessed {
        heard: heard.to_vec(),
        ..Witnessed::default()
    };
    demonstration(workflow, goal, "2026-01-02T03:04:05Z", &witnessed)
}

fn heard(deed: Deed, element: Option<Element>) -> Heard {
    Heard {
        at_ms: 0.0,
        deed,
        element,
        frame: None,
        page: "http://a.example/".to_owned(),
        title: String::new(),
        texts: Vec::new(),
        elements: Vec::new(),
        unfinished: false,
        screenshot: None,
    }
}

const CLICK: Deed = Deed::Click {
    button: Button::Left,
    count: 1,
    within: None,
};

fn fill(value: &str) -> Deed {
    Deed::Fill(Entered::Plain(value.to_owned()))
}

fn check(heard: &[Heard], expected: &[(Verb, &str)]) {
    let recorded = made("job", "Do it", heard).unwrap();
    let steps: Vec<(Verb, String)> = recorded
        .demonstration
        .steps
        .iter()
        .map(|step| {
            let value = step.value.clone().unwrap_or_else(|| step.values.join("|"));
            (step.verb, value)
        })
        .collect();
    let expected: Vec<(Verb, String)> = expected
        .iter()
        .map(|(verb, value)| (*verb, (*value).to_owned()))
        .collect();
    assert_eq!(steps, expected);
    // What was made can be read again.
    let text = recorded.demonstration.to_toml();
    assert_eq!(
        Demonstration::parse("x", &text).unwrap(),
        recorded.demonstration
    );
}

#[test]
fn a_click_that_only_focuses_and_values_in_pieces_are_one_fill() {
    let name = || Some(field("0:1", "textbox", "Name"));
    let other = || Some(field("0:2", "button", "Go"));
    check(
        &[
            heard(CLICK, name()),
            heard(fill("A"), name()),
            heard(fill("A{1}"), name()),
            heard(CLICK, other()),
        ],
        &[(Verb::Fill, "A{{1}}"), (Verb::Click, "")],
    );
    check(
        &[heard(CLICK, other()), heard(fill("A"), name())],
        &[(Verb::Click, ""), (Verb::Fill, "A")],
    );
}

#[test]
fn double_clicks_choices_and_uploads_are_told_once() {
    let thing = || Some(field("0:1", "row", "Thing"));
    let double = Deed::Click {
        button: Button::Left,
        count: 2,
        within: None,
    };
    check(
        &[heard(CLICK, thing()), heard(double, thing())],
        &[(Verb::DoubleClick, "")],
    );
    let list = || Some(field("0:3", "combobox", "Colour"));
    let choose = |label: &str| Deed::Choose(vec![label.to_owned()]);
    check(
        &[heard(choose("Red"), list()), heard(choose("Blue"), list())],
        &[(Verb::Choose, "Blue")],
    );
    let upload = Deed::Upload {
        files: vec!["a.pdf".to_owned()],
        by_script: true,
    };
    check(
        &[
            heard(CLICK, thing()),
            heard(upload, Some(field("0:4", "button", "File"))),
        ],
        &[(Verb::Upload, "a.pdf")],
    );
}

type Done = (Deed, Option<Element>);
type Made = (Verb, &'static str);

#[test]
fn a_selection_counts_where_something_is_done_with_it() {
    let editor = || {
        let mut editor = field("0:1", "textbox", "Note");
        editor.states.editable = true;
        editor.tag = "div".to_owned();
        Some(editor)
    };
    let line = || {
        let mut line = field("0:2", "textbox", "Title");
        line.states.editable = true;
        Some(line)
    };
    let button = || Some(field("0:3", "button", "Bold"));
    let text = || {
        let mut text = field("0:4", "paragraph", "");
        text.path = "html/body/p".to_owned();
        Some(text)
    };
    let select = |text: &str| Deed::Select {
        text: text.to_owned(),
        whole: false,
    };
    let all = |text: &str| Deed::Select {
        text: text.to_owned(),
        whole: true,
    };
    let press = |keys: &str| Deed::Press(keys.to_owned());
    let double = || Deed::Click {
        button: Button::Left,
        count: 2,
        within: None,
    };
    let drag = || Deed::Drag {
        to: text().map(Box::new),
        within: None,
    };
    let other_page = || Deed::Navigate("http://b.example/".to_owned());
    let table: Vec<(Vec<Done>, Vec<Made>)> = vec![
        (
            vec![
                (CLICK, editor()),
                (select("cat"), editor()),
                (CLICK, button()),
            ],
            vec![(Verb::Select, "cat"), (Verb::Click, "")],
        ),
        (
            vec![
                (CLICK, editor()),
                (double(), editor()),
                (select("cat"), editor()),
                (press("Control+B"), editor()),
            ],
            vec![(Verb::Select, "cat"), (Verb::Press, "Control+B")],
        ),
        (
            vec![(drag(), text()), (select("cat"), text()), (CLICK, button())],
            vec![(Verb::Select, "cat"), (Verb::Click, "")],
        ),
        // The last of several; what is typed first stays.
        (
            vec![
                (fill("a cat"), editor()),
                (select("c"), editor()),
                (select("cat"), editor()),
                (Deed::Hover, button()),
                (CLICK, button()),
            ],
            vec![
                (Verb::Fill, "a cat"),
                (Verb::Select, "cat"),
                (Verb::Hover, ""),
                (Verb::Click, ""),
            ],
        ),
        // All of it is said by its words only where the goal ("Do it") says them.
        (
            vec![(all("a cat"), editor()), (CLICK, button())],
            vec![(Verb::Select, ""), (Verb::Click, "")],
        ),
        (
            vec![(all("It"), editor()), (CLICK, button())],
            vec![(Verb::Select, "It"), (Verb::Click, "")],
        ),
        // Typed over, copied, sent, left for another field or page, or nothing at all.
        (
            vec![(select("cat"), editor()), (fill("a dog"), editor())],
            vec![(Verb::Fill, "a dog")],
        ),
        (
            vec![
                (select("cat"), editor()),
                (Deed::Copy("cat".to_owned()), editor()),
            ],
            vec![(Verb::Copy, "cat")],
        ),
        (
            vec![(select("cat"), line()), (press("Enter"), line())],
            vec![(Verb::Press, "Enter")],
        ),
        (
            vec![(select("cat"), editor()), (CLICK, line())],
            vec![(Verb::Click, "")],
        ),
        (
            vec![
                (CLICK, button()),
                (select("cat"), text()),
                (other_page(), None),
            ],
            vec![(Verb::Click, ""), (Verb::Navigate, "http://b.example/")],
        ),
        (
            vec![
                (CLICK, button()),
                (drag(), text()),
                (select("cat"), text()),
                (Deed::End, None),
            ],
            vec![(Verb::Click, ""), (Verb::Drag, "")],
        ),
    ];
    for (deeds, expected) in table {
        let all: Vec<Heard> = deeds
            .into_iter()
            .map(|(deed, element)| heard(deed, element))
            .collect();
        check(&all, &expected);
    }
}

#[test]
fn a_secret_is_a_parameter_named_by_its_field() {
    let card = Some(field("0:1", "textbox", "Card number"));
    let recorded = made("job", "Pay", &[heard(Deed::Fill(Entered::Secret), card)])
        .unwrap()
        .demonstration;
    assert_eq!(recorded.steps[0].value.as_deref(), Some("{card_number}"));
    let parameter = &recorded.parameters["card_number"];
    assert_eq!(
        (parameter.secret.as_deref(), &parameter.example),
        (Some("card_number"), &None)
    );
}

#[test]
fn the_first_address_is_the_start_and_what_is_new_afterwards_is_noted() {
    let mut first = heard(Deed::Navigate("http://a.example/new?pw=x".to_owned()), None);
    first.page = "about:blank".to_owned();
    let mut password = field("0:1", "textbox", "Password");
    password
        .attributes
        .insert("name".to_owned(), "pw".to_owned());
    let mut typed = heard(Deed::Fill(Entered::Secret), Some(password));
    typed.texts = vec!["Sign in".to_owned()];
    let mut end = heard(Deed::End, None);
    end.page = "http://a.example/done?pw=x".to_owned();
    end.texts = vec![
        "Sign in".to_owned(),
        "Order 12".to_owned(),
        "Thank {you}".to_owned(),
    ];
    let recorded = made("job", "Go", &[first, typed, end])
        .unwrap()
        .demonstration;
    assert_eq!(recorded.start, "http://a.example/new?pw=");
    assert_eq!(recorded.steps.len(), 1);
    assert_eq!(
        recorded.steps[0].after,
        Some(After {
            url: Some("http://a.example/done?pw=".to_owned()),
            text: Some("Thank {{you}}".to_owned()),
        })
    );
}

#[test]
fn nothing_heard_and_no_goal_say_so() {
    let error = made("job", "Go", &[heard(Deed::End, None)]).unwrap_err();
    assert!(error.to_string().starts_with("nothing was recorded"));
    let error = made("job", " ", &[heard(Deed::Reload, None)]).unwrap_err();
    assert_eq!(error, RecordError::NoGoal);
}

#[test]
fn a_file_is_not_what_its_field_is_called() {
    let upload = Deed::Upload {
        files: vec!["lamp.txt".to_owned()],
        by_script: false,
    };
    for (called, kept) in [
        ("Choose File: lamp.txt", None),
        ("Receipt", Some("Receipt")),
    ] {
        let heard = [heard(upload.clone(), Some(field("0:1", "button", called)))];
        let recorded = made("job", "Do it", &heard).unwrap();
        let target = recorded.demonstration.steps[0].target.as_ref().unwrap();
        assert_eq!(target.name.as_deref(), kept);
    }
}

#[test]
fn a_link_to_one_of_many_says_itself_where_it_leads() {
    let link = |href: &str| {
        let mut link = field("0:1", "link", "Straw hat");
        link.attributes.insert("href".to_owned(), href.to_owned());
        Some(link)
    };
    for (href, led, expected) in [
        ("/hat_10/", "http://a.example/hat_10/", None),
        (
            "/hats/",
            "http://a.example/hats/",
            Some("http://a.example/hats/"),
        ),
        (
            "/go",
            "http://a.example/hat_10/",
            Some("http://a.example/hat_10/"),
        ),
    ] {
        let mut first = heard(CLICK, link(href));
        first.texts = vec!["All hats".to_owned()];
        let mut next = heard(CLICK, Some(field("1:1", "button", "Add")));
        next.page = led.to_owned();
        next.texts = vec!["Product details".to_owned()];
        let recorded = made("job", "Do it", &[first, next]).unwrap();
        let after = recorded.demonstration.steps[0].after.as_ref().unwrap();
        assert_eq!(after.url.as_deref(), expected, "{href}");
        assert_eq!(after.text.as_deref(), Some("Product details"));
    }
}

/// Steps with what was said of them: `(verb, mark, why)`.
fn said(heard: &[Heard], notes: &[(usize, Said)]) -> Vec<(Verb, Option<Kind>, Option<String>)> {
    let witnessed = Witnessed {
        heard: heard.to_vec(),
        notes: notes
            .iter()
            .map(|(after, said)| Note {
                after: *after,
                said: said.clone(),
            })
            .collect(),
        shown: Vec::new(),
    };
    let recorded = demonstration("job", "Do it", "2026-01-02T03:04:05Z", &witnessed).unwrap();
    let steps = recorded.demonstration.steps;
    steps
        .into_iter()
        .map(|step| (step.verb, step.mark, step.why))
        .collect()
}

#[test]
fn what_is_said_is_said_of_the_last_step_and_stays_with_it() {
    let field_ = || Some(field("0:1", "textbox", "Seat"));
    let go = || Some(field("0:2", "button", "Go"));
    let deeds = [
        heard(CLICK, field_()),
        heard(fill("ai"), field_()),
        heard(fill("aisle"), field_()),
        heard(CLICK, go()),
    ];
    let why = |text: &str| Said::Why(text.to_owned());
    assert_eq!(
        said(
            &deeds,
            &[
                // Before anything was done it is said of nothing.
                (0, why("nothing")),
                (1, why("my {knee}")),
                (3, why("both")),
                (4, Said::Mark(Kind::Book)),
            ]
        ),
        [
            (Verb::Fill, None, Some("my {{knee}}; both".to_owned())),
            (Verb::Click, Some(Kind::Book), None),
        ]
    );
}

#[test]
fn what_is_taken_back_was_never_done() {
    let one = || Some(field("0:1", "textbox", "Seat"));
    let go = || Some(field("0:2", "button", "Go"));
    let deeds = [
        heard(fill("x"), one()),
        heard(CLICK, go()),
        heard(fill("xy"), one()),
        heard(CLICK, go()),
    ];
    let undo = |after: usize| (after, Said::Undo);
    let verbs = |notes: &[(usize, Said)]| -> Vec<Verb> {
        said(&deeds, notes).into_iter().map(|step| step.0).collect()
    };
    assert_eq!(verbs(&[undo(2)]), [Verb::Fill, Verb::Click]);
    assert_eq!(verbs(&[undo(2), undo(2)]), [Verb::Fill, Verb::Click]);
    assert_eq!(verbs(&[undo(4), undo(4), undo(4)]), [Verb::Fill]);
}

#[test]
fn what_was_still_typed_counts_where_nothing_else_was_told_of_the_field() {
    let at = |at_ms: f64, deed: Deed, id: &str| Heard {
        at_ms,
        ..heard(deed, Some(field(id, "textbox", "Name")))
    };
    let unfinished = |heard: Heard| Heard {
        unfinished: true,
        ..heard
    };
    let half = unfinished(at(1.0, fill("An"), "0:1"));
    check(std::slice::from_ref(&half), &[(Verb::Fill, "An")]);
    // Something else came before the rest of it.
    check(
        &[
            half.clone(),
            at(2.0, CLICK, "0:2"),
            at(1.0, fill("Ana"), "0:1"),
        ],
        &[(Verb::Click, ""), (Verb::Fill, "Ana")],
    );
    // It turned out to be a secret.
    let recorded = made(
        "job",
        "Pay",
        &[half, at(1.0, Deed::Fill(Entered::Secret), "0:1")],
    )
    .unwrap();
    assert!(!recorded.demonstration.to_toml().contains("An"));
}
