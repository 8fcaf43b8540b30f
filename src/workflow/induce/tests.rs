//! Whole inductions, from recordings made of plain pages.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::choose::{self, Choice, Ranked};
use super::selector::Selector;
use super::{Induced, Planned};
use crate::computer::{Element, Rect, Row};
use crate::demo::{After, Demonstration, Seen, Step, Verb};

pub(super) const TODAY: Date = date(2026, 11, 24);

pub(super) fn element(role: &str, name: &str) -> Element {
    serde_json::from_value(serde_json::json!({
        "id": format!("1:{role}-{name}"), "role": role, "name": name, "tag": if role == "button" { "button" } else { "input" },
        "bounds": { "x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0 }, "in_view": true, "interactive": true,
    }))
    .unwrap()
}

/// Things on a page, as in `button Ok`; `button Delete | Ana` stands in the row of Ana.
pub(super) fn page(things: &[&str]) -> Vec<Element> {
    things
        .iter()
        .enumerate()
        .map(|(at, thing)| {
            let (what, row) = thing
                .split_once(" | ")
                .map_or((*thing, None), |(what, row)| (what, Some(row)));
            let (role, name) = what.split_once(' ').unwrap_or((what, ""));
            let mut element = element(role, name);
            element.id.0 = format!("1:{at}");
            element.path = format!("html/thing[{at}]");
            element.row = row.map(|text| Row {
                texts: vec![text.to_owned()],
                column: None,
                index: at,
                count: things.len(),
            });
            element
        })
        .collect()
}

pub(super) fn step(verb: Verb, value: &str, target: usize, elements: &[Element]) -> Step {
    let mut step = Step::bare(verb);
    step.value = (!value.is_empty()).then(|| value.to_owned());
    step.target = Some(crate::demo::target_query(&elements[target], None));
    step.shown = Some(Arc::new(Seen {
        url: "http://a.example/".to_owned(),
        title: String::new(),
        target: Some(target),
        to: None,
        elements: elements.to_vec(),
        pictures: Default::default(),
    }));
    step
}

/// A recording in which these things of one page were clicked.
pub(super) fn clicks(goal: &str, things: &[&str], clicked: &[usize]) -> Demonstration {
    let elements = page(things);
    recording(
        goal,
        clicked
            .iter()
            .map(|at| step(Verb::Click, "", *at, &elements))
            .collect(),
    )
}

pub(super) fn recording(goal: &str, steps: Vec<Step>) -> Demonstration {
    let text = format!(
        "format = \"1.2\"\nworkflow = \"w\"\ngoal = {goal:?}\nstart = \"http://a.example/\"\nrecorded = \"2026-11-24T10:00:00Z\"\n"
    );
    Demonstration {
        steps,
        ..Demonstration::parse("w", &text).unwrap()
    }
}

pub(super) fn induced(recordings: &[Demonstration]) -> Induced {
    Induced::from_recordings(&recordings.iter().collect::<Vec<_>>())
}

/// What would be clicked on this page for the goal, by name; `?` where it would be asked, `-` where it is not there.
pub(super) fn chosen(steps: &[Planned], things: &[&str]) -> Vec<String> {
    let elements = page(things);
    steps
        .iter()
        .map(|planned| {
            let rivals = planned.plan.target.as_ref().unwrap();
            match choose::element(rivals, &elements, planned.plan.takes) {
                Choice::Sure(at) => things[at].to_owned(),
                Choice::Unsure(_) => "?".to_owned(),
                Choice::None => "-".to_owned(),
            }
        })
        .collect()
}

#[test]
fn what_the_goal_names_is_chosen_by_its_name() {
    let shown = clicks(
        "Press the \"Ok\" button",
        &["button No", "button Ok", "button Yes"],
        &[1],
    );
    let steps = induced(&[shown]).plan(0, "Press the \"Yes\" button", TODAY);
    assert_eq!(
        chosen(&steps, &["button Yes", "button Ok", "button No"]),
        ["button Yes"]
    );
    assert_eq!(chosen(&steps, &["button Ok", "button No"]), ["-"]);
}

#[test]
fn what_the_goal_does_not_name_stays_what_it_was() {
    let shown = clicks("Go on", &["button Back", "button Next"], &[1]);
    let steps = induced(&[shown]).plan(0, "Go on", TODAY);
    assert_eq!(
        chosen(&steps, &["button Next", "button Back", "button Skip"]),
        ["button Next"]
    );
}

#[test]
fn a_row_is_found_by_what_the_goal_says_of_it() {
    let shown = clicks(
        "Delete the mail by Ana and stop",
        &[
            "button Open | Bo",
            "button Delete | Bo",
            "button Open | Ana",
            "button Delete | Ana",
        ],
        &[3],
    );
    let steps = induced(&[shown]).plan(0, "Delete the mail by Cy and stop", TODAY);
    let other = [
        "button Open | Cy",
        "button Delete | Cy",
        "button Open | Ana",
        "button Delete | Ana",
        "button Delete | Bo",
    ];
    assert_eq!(chosen(&steps, &other), ["button Delete | Cy"]);
}

#[test]
fn what_is_called_as_shown_is_looked_for_before_the_row_is_believed() {
    let goal = |thing: &str| format!("Review the {thing} with 4 stars");
    let shown = clicks(
        &goal("straw hat"),
        &["link Basket | Basket", "link Write | Straw hat"],
        &[1],
    );
    let steps = induced(&[shown]).plan(0, &goal("rubber boots"), TODAY);
    let plan = &steps[0].plan;
    let rivals = plan.target.as_ref().unwrap();
    let looks = |things: &[&str]| {
        let elements = page(things);
        let choice = choose::element(rivals, &elements, plan.takes);
        (choice, choose::lacks_its_name(rivals, &elements))
    };
    // In view is only what stands in the row by chance.
    assert_eq!(
        looks(&["link Basket | Rubber boots"]),
        (Choice::Sure(0), true)
    );
    assert_eq!(
        looks(&["link Basket | Rubber boots", "link Write"]),
        (Choice::Unsure(vec![0, 1]), false)
    );
    assert_eq!(
        looks(&["link Write | Gloves", "link Write | Rubber boots"]),
        (Choice::Sure(1), false)
    );
}

#[test]
fn steps_for_the_items_of_a_list_become_a_loop() {
    let boxes = [
        "checkbox a",
        "checkbox b",
        "checkbox c",
        "checkbox d",
        "button Send",
    ];
    let shown = clicks("Tick a, c and press Send", &boxes, &[0, 2, 4]);
    let steps = induced(&[shown]).plan(0, "Tick d, b, a and press Send", TODAY);
    assert_eq!(
        chosen(&steps, &boxes),
        ["checkbox d", "checkbox b", "checkbox a", "button Send"]
    );
}

#[test]
fn a_mark_on_one_of_several_that_are_done_as_one_is_on_all() {
    const BOXES: &[&str] = &["checkbox a", "checkbox b", "button Next", "button Send"];
    let marked = |goal: &str, clicked: &[usize], at: usize| {
        let mut shown = clicks(goal, BOXES, clicked);
        shown.steps[at].mark = Some(crate::guard::Kind::Send);
        shown
    };
    let is_marked = |shown: &[Demonstration], goal: &str| -> Vec<bool> {
        let plan = induced(shown).plan(0, goal, TODAY);
        plan.iter()
            .map(|planned| planned.step.mark.is_some())
            .collect()
    };
    for (what, shown, expected) in [
        (
            "another item of a list",
            vec![marked("Tick a, b and press Send", &[0, 1, 3], 1)],
            vec![true, true, false],
        ),
        (
            "the same step of another recording",
            vec![
                clicks("Tick a, b and press Send", BOXES, &[0, 1, 3]),
                marked("Tick a, b and press Send", &[0, 1, 3], 2),
            ],
            vec![false, false, true],
        ),
        (
            "what was done again and again",
            vec![marked("Tick a, b and press Send", &[2, 2, 0, 1, 3], 1)],
            vec![false, true, false, false, false],
        ),
    ] {
        assert_eq!(
            is_marked(&shown, "Tick a, b and press Send"),
            expected,
            "{what}"
        );
    }
}

#[test]
fn and_is_part_of_an_item_where_a_recording_shows_so() {
    const DISHES: &[&str] = &[
        "button Soup",
        "button Fish and chips",
        "button Bread",
        "button Fish",
        "button chips",
    ];
    let with_and = clicks("Order Soup, Fish and chips", DISHES, &[0, 1]);
    let without = clicks("Order Bread, Soup", DISHES, &[2, 0]);
    let named = |shown: &[Demonstration], goal: &str| {
        chosen(&induced(shown).plan(0, goal, TODAY), DISHES).join(" ")
    };
    for (what, shown, goal, expected) in [
        (
            "shown as part of one",
            vec![with_and.clone()],
            "Order Bread, Fish and chips",
            "button Bread button Fish and chips",
        ),
        (
            "shown so by one of two",
            vec![without.clone(), with_and],
            "Order Fish and chips, Bread",
            "button Fish and chips button Bread",
        ),
        (
            "never shown",
            vec![without],
            "Order Bread, Fish and chips",
            "button Bread button Fish button chips",
        ),
    ] {
        assert_eq!(named(&shown, goal), expected, "{what}");
    }
}

#[test]
fn a_list_of_one_is_a_list_once_another_recording_shows_so() {
    let boxes = ["checkbox a", "checkbox b", "checkbox c", "button Send"];
    let one = clicks("Tick b and press Send", &boxes, &[1, 3]);
    let two = clicks("Tick a, c and press Send", &boxes, &[0, 2, 3]);
    let none = clicks("Tick nothing and press Send", &boxes, &[3]);
    let induced = induced(&[one, two, none]);
    let names = |goal: &str| chosen(&induced.plan(0, goal, TODAY), &boxes);
    assert_eq!(
        names("Tick a, b, c and press Send"),
        ["checkbox a", "checkbox b", "checkbox c", "button Send"]
    );
    assert_eq!(names("Tick nothing and press Send"), ["button Send"]);
}

#[test]
fn rivals_of_one_recording_that_disagree_are_asked_about_and_a_second_one_decides() {
    let fields = ["textbox", "textbox", "textbox"];
    let first = clicks("Focus field 2 of 2", &fields, &[1]);
    let goal = "Focus field 3 of 2";
    let alone = induced(std::slice::from_ref(&first));
    assert_ne!(chosen(&alone.plan(0, goal, TODAY), &fields), ["textbox"]);
    let second = clicks("Focus field 1 of 2", &fields, &[0]);
    let third = clicks("Focus field 3 of 2", &fields, &[2]);
    let both = induced(&[first, second, third]);
    let planned = both.plan(0, goal, TODAY);
    let elements = page(&fields);
    let rivals = planned[0].plan.target.as_ref().unwrap();
    assert_eq!(choose::element(rivals, &elements, 3), Choice::Sure(2));
}

#[test]
fn a_typed_date_is_written_as_it_was_shown() {
    let elements = page(&["textbox Day"]);
    let fill =
        |goal: &str, value: &str| recording(goal, vec![step(Verb::Fill, value, 0, &elements)]);
    let induced = induced(&[
        fill("On 07/16/2016 please", "2016-07-16"),
        fill("On 03/04/2016 please", "2016-03-04"),
    ]);
    let planned = induced.plan(0, "On 05/06/2017 please", TODAY);
    assert_eq!(
        choose::text(&planned[0].plan.values[0], &elements, None, 2, TODAY),
        Choice::Sure("2017-05-06".to_owned())
    );
}

#[test]
fn a_value_may_come_from_the_page() {
    let mut elements = page(&["StaticText", "textbox Copy"]);
    elements[0].text = "lorem ipsum".to_owned();
    let shown = recording(
        "Copy the text",
        vec![step(Verb::Fill, "lorem ipsum", 1, &elements)],
    );
    let planned = induced(&[shown]).plan(0, "Copy the text", TODAY);
    elements[0].text = "dolor sit".to_owned();
    assert_eq!(
        choose::text(&planned[0].plan.values[0], &elements, None, 1, TODAY),
        Choice::Unsure(vec!["lorem ipsum".to_owned(), "dolor sit".to_owned()])
    );
    let again = |text: &str| {
        let mut elements = elements.clone();
        elements[0].text = text.to_owned();
        recording("Copy the text", vec![step(Verb::Fill, text, 1, &elements)])
    };
    let planned = induced(&[again("one two"), again("three")]).plan(0, "Copy the text", TODAY);
    assert_eq!(
        choose::text(&planned[0].plan.values[0], &elements, None, 2, TODAY),
        Choice::Sure("dolor sit".to_owned())
    );
}

#[test]
fn a_selected_text_is_explained_like_a_typed_one() {
    let page = |text: &str| {
        let mut elements = page(&["textbox Note", "button Bold"]);
        elements[0].value = Some(text.to_owned());
        elements
    };
    let select = |goal: &str, text: &str, value: &str| {
        let elements = page(text);
        let steps = vec![
            step(Verb::Select, value, 0, &elements),
            step(Verb::Click, "", 1, &elements),
        ];
        recording(goal, steps)
    };
    let chosen = |induced: &Induced, goal: &str, text: &str| {
        let planned = induced.plan(0, goal, TODAY);
        let takes = planned[0].plan.takes;
        let values = planned[0].plan.values.first()?;
        Some(choose::text(values, &page(text), None, takes, TODAY))
    };
    let said = induced(&[select("Make cat bold", "The cat sat", "cat")]);
    assert_eq!(
        chosen(&said, "Make moss bold", "Some moss here"),
        Some(Choice::Sure("moss".to_owned()))
    );
    let by_place = induced(&[
        select("Make the second word bold", "The cat sat", "cat"),
        select("Make the second word bold", "A fish swam away", "fish"),
    ]);
    assert_eq!(
        chosen(&by_place, "Make the second word bold", "Some moss here"),
        Some(Choice::Sure("moss".to_owned()))
    );
    let everything = induced(&[select("Make everything bold", "The cat sat", "")]);
    assert_eq!(
        chosen(&everything, "Make everything bold", "Some moss here"),
        None
    );
}

#[test]
fn other_ways_of_a_job_stay_other_ways() {
    let row = [
        "button Star | Ana",
        "button Trash | Ana",
        "button Star | Bo",
        "button Trash | Bo",
        "button Sure",
    ];
    let star = clicks("Star the mail by Ana", &row, &[0]);
    let trash = clicks("Delete the mail by Bo", &row, &[3, 4]);
    let induced = induced(&[star, trash]);
    assert_eq!(
        chosen(&induced.plan(0, "Star the mail by Bo", TODAY), &row),
        ["button Star | Bo"]
    );
    assert_eq!(
        chosen(&induced.plan(1, "Delete the mail by Ana", TODAY), &row),
        ["button Trash | Ana", "button Sure"]
    );
}

#[test]
fn ten_recordings_of_fifty_steps_are_induced_in_time() {
    let things: Vec<String> = (0..60)
        .map(|at| format!("button b{at} | row {at}"))
        .collect();
    let things: Vec<&str> = things.iter().map(String::as_str).collect();
    let all: Vec<usize> = (0..50).collect();
    let recordings: Vec<Demonstration> = (0..10)
        .map(|at| {
            clicks(
                &format!("Press the button b{at} and all others in order"),
                &things,
                &all,
            )
        })
        .collect();
    let begun = std::time::Instant::now();
    let induced = induced(&recordings);
    assert_eq!(
        induced
            .plan(0, "Press the button b3 and all others in order", TODAY)
            .len(),
        50
    );
    println!("{:?}", begun.elapsed());
}

#[test]
fn a_field_that_holds_its_value_already_makes_no_option() {
    let page_with = |value: &str| {
        let mut elements = page(&["combobox Country", "button Send"]);
        elements[0].value = Some(value.to_owned());
        elements
    };
    let choose = |goal: &str, value: &str| {
        let elements = page_with("Aruba");
        recording(
            goal,
            vec![
                step(Verb::Choose, value, 0, &elements),
                step(Verb::Click, "", 1, &page_with(value)),
            ],
        )
    };
    let chosen = [
        choose("Choose China from the list", "China"),
        recording(
            "Choose Aruba from the list",
            vec![step(Verb::Click, "", 1, &page_with("Aruba"))],
        ),
        choose("Choose Chad from the list", "Chad"),
    ];
    let steps = induced(&chosen).plan(0, "Choose Cuba from the list", TODAY);
    assert_eq!(steps.len(), 2);
    assert!(!steps[0].step.optional && !steps[0].plan.unclear);
}

/// A step that some recordings have and that nothing explains cannot be left out because it was "not there": nobody would know
/// whether it was.
#[test]
fn an_option_that_nothing_explains_is_unclear() {
    let numbers = |all: &[&str]| page(all);
    let goal = "Put the numbers in order";
    let things = |order: [&str; 4]| order.map(|name| name.to_owned());
    let drag = |order: [&str; 4], from: usize, to: usize| {
        let names = things(order);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut step = step(Verb::Drag, "", from, &numbers(&names));
        let mut seen = (*step.shown.clone().unwrap()).clone();
        seen.to = Some(to);
        step.to = Some(crate::demo::target_query(&seen.elements[to], None));
        step.shown = Some(std::sync::Arc::new(seen));
        step
    };
    let press = |order: [&str; 4]| step(Verb::Click, "", 3, &numbers(&order));
    let order = |a, b, c| [a, b, c, "button Done"];
    let once = order("StaticText 7", "StaticText 3", "StaticText 9");
    let other = order("StaticText 4", "StaticText 8", "StaticText 1");
    let last = order("StaticText 6", "StaticText 2", "StaticText 5");
    let recordings = [
        recording(goal, vec![drag(once, 1, 0), drag(once, 2, 1), press(once)]),
        recording(goal, vec![drag(other, 2, 0), press(other)]),
        recording(goal, vec![drag(last, 1, 0), drag(last, 0, 2), press(last)]),
    ];
    let steps = induced(&recordings).plan(0, goal, TODAY);
    let options: Vec<&Planned> = steps.iter().filter(|one| one.step.optional).collect();
    assert!(!options.is_empty(), "{steps:#?}");
    for option in options {
        let explained =
            |all: &Option<Ranked<Selector>>| all.as_ref().is_none_or(|all| !all.is_empty());
        assert!(
            option.plan.unclear || explained(&option.plan.target) && explained(&option.plan.to),
            "{option:#?}"
        );
    }
}

#[test]
fn one_thing_instead_of_another_is_another_way() {
    let things = ["button Open", "link Left", "image Right", "button Done"];
    let goal = "Open it and be done";
    let way = |middle: usize| clicks(goal, &things, &[0, middle, 3]);
    let induced = induced(&[way(1), way(2), way(1)]);
    // The way that more recordings show, whole.
    assert_eq!(
        chosen(&induced.plan(0, goal, TODAY), &things),
        ["button Open", "link Left", "button Done"]
    );
    assert_eq!(induced.support(0), 2);
}

/// Drawn things, as in `red circle 20`: colour, shape (or text after `=`), height; other words are buttons.
fn drawing(things: &[&str]) -> Vec<Element> {
    let mut all = page(&vec!["button"; things.len()]);
    for (element, thing) in all.iter_mut().zip(things) {
        let words: Vec<&str> = thing.split(' ').collect();
        let [colour, shape, height] = words[..] else {
            element.name = (*thing).to_owned();
            continue;
        };
        element.role = "generic".to_owned();
        element.tag = if shape == "circle" { "circle" } else { "rect" }.to_owned();
        element.bounds.height = height.parse().unwrap();
        element
            .attributes
            .insert("colour".to_owned(), colour.to_owned());
        match shape.strip_prefix('=') {
            Some(text) => {
                element.tag = "text".to_owned();
                element.text = text.to_owned();
            }
            None => {
                element
                    .attributes
                    .insert("shape".to_owned(), shape.to_owned());
            }
        }
    }
    all
}

fn clicked_in(goal: &str, things: &[&str], clicked: usize) -> Demonstration {
    recording(goal, vec![step(Verb::Click, "", clicked, &drawing(things))])
}

/// What is clicked in a drawing for the goal; `?` where it would be asked.
fn picked(shown: &[Demonstration], goal: &str, things: &[&str]) -> String {
    let steps = induced(shown).plan(0, goal, TODAY);
    let rivals = steps[0].plan.target.as_ref().unwrap();
    match choose::element(rivals, &drawing(things), steps[0].plan.takes) {
        Choice::Sure(at) => things[at].to_owned(),
        Choice::Unsure(_) | Choice::None => "?".to_owned(),
    }
}

#[test]
fn what_is_drawn_is_told_by_its_looks_and_any_of_them_will_do() {
    let shown = [
        clicked_in(
            "Click on a large red circle",
            &["red circle 20", "red circle 10", "blue circle 20"],
            0,
        ),
        clicked_in(
            "Click on a blue letter",
            &["red =k 20", "blue =a 10", "blue =b 20", "blue =3 10"],
            2,
        ),
    ];
    let page = &[
        "blue circle 20",
        "red square 10",
        "red =x 10",
        "blue =y 20",
        "red =z 10",
    ];
    for (goal, expected) in [
        ("Click on a small letter", "red =x 10"),
        ("Click on a y", "blue =y 20"),
        ("Click on a blue shape", "blue circle 20"),
        ("Click on a green shape", "?"),
        ("Click on a shiny circle", "?"),
    ] {
        assert_eq!(picked(&shown, goal, page), expected, "{goal}");
    }
}

#[test]
fn what_is_drawn_is_counted() {
    let shown = [
        clicked_in(
            "How many red circles are there?",
            &[
                "red circle 20",
                "blue circle 10",
                "red circle 10",
                "2",
                "1",
                "3",
            ],
            3,
        ),
        clicked_in(
            "How many small items are there?",
            &[
                "red =a 20",
                "blue circle 10",
                "red =b 10",
                "red square 10",
                "1",
                "3",
                "0",
            ],
            5,
        ),
    ];
    let page = &[
        "blue circle 20",
        "red =x 10",
        "blue =y 10",
        "0",
        "2",
        "1",
        "3",
    ];
    for (goal, expected) in [
        ("How many blue items are there?", "2"),
        ("How many letters are there?", "2"),
        ("How many green circles are there?", "0"),
        ("How many shiny circles are there?", "?"),
    ] {
        assert_eq!(picked(&shown, goal, page), expected, "{goal}");
    }
}

#[test]
fn a_button_is_told_by_what_it_says_of_the_only_drawn_thing() {
    let buttons = ["Circle", "Letter", "Digit"];
    let with = |thing| [&[thing], &buttons[..]].concat();
    let shown = [
        clicked_in("Say what it is", &with("red =k 20"), 2),
        clicked_in("Say what it is", &with("blue circle 20"), 1),
    ];
    assert_eq!(
        picked(&shown, "Say what it is", &with("red =7 10")),
        "Digit"
    );
}

/// Cards of a shop: each has a picture and a title that lead to the same place.
fn cards(names: &[&str]) -> Vec<Element> {
    let things: Vec<String> = names
        .iter()
        .flat_map(|name| [format!("link {name}"), format!("link {name}")])
        .collect();
    let mut elements = page(&things.iter().map(String::as_str).collect::<Vec<_>>());
    for element in &mut elements {
        element.heading = "Tools".to_owned();
        let address = format!("/{}", element.name.replace(' ', "-"));
        element.attributes.insert("href".to_owned(), address);
    }
    elements
}

#[test]
fn two_links_to_one_place_are_one() {
    let shown = cards(&["rain gauge", "straw hat", "dibber"]);
    let shown = recording("Buy the straw hat", vec![step(Verb::Click, "", 2, &shown)]);
    let planned = induced(&[shown]).plan(0, "Buy the dibber", TODAY);
    let now = cards(&["straw hat", "hose", "dibber", "rain gauge"]);
    let plan = &planned[0].plan;
    let target = plan.target.as_ref().unwrap();
    assert_eq!(choose::element(target, &now, 1), Choice::Sure(4));
    // Another place under the same name is another thing.
    let mut other = now.clone();
    other[5]
        .attributes
        .insert("href".to_owned(), "/dibber-2".to_owned());
    assert_ne!(choose::element(target, &other, 1), Choice::Sure(4));
}

#[test]
fn a_word_of_any_sentence_tells_no_row() {
    let shown = [
        "button Edit | Buy seeds",
        "button Edit | Dig beds",
        "button Edit | Ask for the catalogue",
    ];
    let recorded = clicks("Delete the note \"Ask for the catalogue\"", &shown, &[2]);
    let steps = induced(&[recorded]).plan(0, "Delete the note \"Buy seeds\"", TODAY);
    assert_eq!(chosen(&steps, &shown), ["button Edit | Buy seeds"]);
}

#[test]
fn what_is_to_be_done_and_parts_of_a_name_are_no_values() {
    let shown = [
        "link Basket | Your things",
        "link Write | Your review",
        "link Seats | Nils Arvid Quartet",
    ];
    let recorded = clicks("Review it for Nils Arvid Quartet", &shown, &[1, 2]);
    let steps = induced(&[recorded]).plan(0, "Review it for The Paper Lanterns", TODAY);
    let now = [
        "link Basket | Review of the week",
        "link Write | Yours",
        "link Seats | Paper Quartet Lanterns",
        "link Seats | The Paper Lanterns",
    ];
    assert_eq!(
        chosen(&steps, &now),
        ["link Write | Yours", "link Seats | The Paper Lanterns"]
    );
}

#[test]
fn a_name_that_stands_anywhere_in_the_goal_is_found_where_the_goal_is_put_otherwise() {
    let rows = &[
        "button Del | Ana Lee",
        "button Del | Ben Roe",
        "button Del | Ana",
    ];
    let shown = [
        clicks("Delete the mail by Ben Roe.", rows, &[1]),
        clicks("I do not need what Ana Lee wrote.", rows, &[0]),
    ];
    let goal = "Away with Ben Roe and what he says";
    let found = chosen(&induced(&shown).plan(0, goal, TODAY), rows);
    assert_eq!(found, ["button Del | Ben Roe"]);
}

#[test]
fn the_first_so_many_are_meant_where_the_goal_counts_them() {
    let rows = &[
        "button Share | Ana",
        "button Share | Ben",
        "button Share | Ana",
        "button Share | Ana",
        "button Share | Ben",
        "button Share | Ben",
        "button Share | Ben",
    ];
    let shown = [
        clicks("Share 2 posts by Ana now", rows, &[0, 2]),
        clicks("Share 3 posts by Ben now", rows, &[1, 4, 5]),
    ];
    let steps = induced(&shown).plan(0, "Share 3 posts by Ana now", TODAY);
    assert_eq!(
        (steps.len(), steps[0].plan.all, steps[0].plan.count),
        (1, true, Some(3))
    );
    let rivals = steps[0].plan.target.as_ref().unwrap();
    assert_eq!(
        choose::elements(rivals, &page(rows), steps[0].plan.takes),
        Choice::Sure(vec![0, 2, 3])
    );
}

#[test]
fn a_path_is_pointed_along_and_its_end_chosen_however_deep_it_is() {
    let things = &[
        "menuitem File",
        "menuitem New",
        "menuitem Page",
        "menuitem Sheet",
        "menuitem Quit",
    ];
    let elements = page(things);
    let shown = [
        recording(
            "Select File>New>Page",
            vec![
                step(Verb::Hover, "", 0, &elements),
                step(Verb::Hover, "", 1, &elements),
                step(Verb::Click, "", 2, &elements),
            ],
        ),
        recording("Select Quit", vec![step(Verb::Click, "", 4, &elements)]),
        recording(
            "Select New>Sheet",
            vec![
                step(Verb::Hover, "", 1, &elements),
                step(Verb::Click, "", 3, &elements),
            ],
        ),
    ];
    let induced = induced(&shown);
    for (goal, expected) in [
        (
            "Select File>New>Sheet",
            vec![
                "hover menuitem File",
                "hover menuitem New",
                "click menuitem Sheet",
            ],
        ),
        ("Select File", vec!["click menuitem File"]),
    ] {
        let steps = induced.plan(0, goal, TODAY);
        let names = chosen(&steps, things);
        let done: Vec<String> = steps
            .iter()
            .zip(names)
            .map(|(planned, name)| format!("{} {name}", planned.step.verb.word()))
            .collect();
        assert_eq!(done, expected, "{goal}");
    }
}

#[test]
fn the_goal_says_which_end_of_which_scale_is_meant() {
    let rows = &["button Buy | $30", "button Buy | $20", "button Buy | $50"];
    let shown = [clicks("Buy the cheapest ticket", rows, &[1])];
    let induced = induced(&shown);
    for (goal, expected) in [
        ("Buy the most expensive ticket", "button Buy | $50"),
        ("Buy the shortest ticket", "?"),
    ] {
        let found = chosen(&induced.plan(0, goal, TODAY), rows);
        let found = found[0].replace('-', "?");
        assert_eq!(found, expected, "{goal}");
    }
}

#[test]
fn a_class_that_the_goal_named_is_no_constant_of_another_goal() {
    let mut elements = page(&["image", "image"]);
    for (element, class) in elements.iter_mut().zip(["reply", "like"]) {
        element.name = String::new();
        element.text = String::new();
        element
            .attributes
            .insert("class".to_owned(), class.to_owned());
    }
    let shown = [recording(
        "Press \"Reply\", please",
        vec![step(Verb::Click, "", 0, &elements)],
    )];
    let chosen = |goal: &str| {
        let steps = induced(&shown).plan(0, goal, TODAY);
        let rivals = steps[0].plan.target.clone().unwrap();
        choose::element(&rivals, &elements, steps[0].plan.takes)
    };
    assert_eq!(chosen("Press \"Like\", please"), Choice::Sure(1));
    assert!(!matches!(chosen("Press \"Mute\", please"), Choice::Sure(_)));
}

#[test]
fn a_thing_is_dragged_the_way_that_the_goal_says() {
    let mut elements = page(&["canvas"]);
    elements[0].bounds = Rect {
        x: 100.0,
        y: 100.0,
        width: 20.0,
        height: 20.0,
    };
    let dragged = |word: &str, x: f64, y: f64| {
        let mut step = step(Verb::Drag, "", 0, &elements);
        step.within = Some([0.5, 0.5, 0.5 + x, 0.5 + y]);
        recording(&format!("Drag it {word}, then stop"), vec![step])
    };
    let shown = [dragged("left", -2.0, 0.1), dragged("down", 0.0, 2.0)];
    let done = |shown: &[Demonstration], goal: &str| {
        let steps = induced(shown).plan(0, goal, TODAY);
        let known = steps[0]
            .plan
            .target
            .as_ref()
            .is_some_and(|all| !all.is_empty());
        known.then(|| steps[0].step.within.unwrap().map(f64::round))
    };
    assert_eq!(
        done(&shown, "Drag it up, then stop"),
        Some([1.0, 1.0, 1.0, -2.0])
    );
    // What is no way to go, and what one recording cannot know, is asked.
    assert_eq!(done(&shown, "Drag it away, then stop"), None);
    assert_eq!(done(&shown[..1], "Drag it, then stop"), None);
}

#[test]
fn where_a_click_in_a_drawing_went_is_asked_where_demonstrations_disagree() {
    let elements = page(&["canvas"]);
    let at = |x: f64| {
        let mut step = step(Verb::Click, "", 0, &elements);
        step.within = Some([x, 0.5, x, 0.5]);
        recording("Find the spot", vec![step])
    };
    let sure = |recordings: &[Demonstration]| {
        let steps = induced(recordings).plan(0, "Find the spot", TODAY);
        let rivals = steps[0].plan.target.clone().unwrap();
        matches!(
            choose::element(&rivals, &elements, steps[0].plan.takes),
            Choice::Sure(0)
        )
    };
    assert!(sure(&[at(0.5), at(0.52)]));
    assert!(!sure(&[at(0.2), at(0.8)]));
}

#[test]
fn what_the_goal_asks_of_a_number_is_waited_for_where_recordings_show_what_says_it() {
    let priced = |price: &str| {
        let mut elements = page(&["StaticText Price", "StaticText", "button Buy"]);
        elements[1].text = price.to_owned();
        elements[1].neighbours.left = "Price".to_owned();
        elements
    };
    let bought =
        |goal: &str, price: &str| recording(goal, vec![step(Verb::Click, "", 2, &priced(price))]);
    let shown = [
        bought("Buy it when the price is less than $40", "$39.10"),
        bought("Buy it when the price is less than $55", "$54.80"),
    ];
    let steps = induced(&shown).plan(0, "Buy it when the price is less than $30", TODAY);
    let awaits = steps[0].plan.awaits.as_ref().unwrap();
    let watched = awaits[0].1.find_one(&priced("$31"));
    assert_eq!(watched, Some(1));
    // One in which it came to the bound right then teaches nothing else.
    let bound = bought("Buy it when the price is less than $60", "$60");
    let shown = [shown[0].clone(), bound];
    let steps = induced(&shown).plan(0, "Buy it when the price is less than $30", TODAY);
    assert_eq!(steps[0].plan.awaits.as_ref(), Some(awaits));
    // Where nothing on the page was such a number, it is asked.
    let blind = [bought("Buy it when the price is less than $40", "$60")];
    let steps = induced(&blind).plan(0, "Buy it when the price is less than $30", TODAY);
    assert_eq!(steps[0].plan.awaits, Some(Vec::new()));
}

#[test]
fn a_word_that_came_with_numbers_is_what_was_gone_on_for() {
    let month = |name: &str, first: u8| {
        let days = [0, 1, 2].map(|nth| format!("link {}", first + nth));
        let head = format!("StaticText {name}");
        page(&["StaticText Prev", &head, &days[0], &days[1], &days[2]])
    };
    let pages = [month("August", 9), month("July", 5), month("June", 16)];
    let steps = pages[..2].iter().map(|page| step(Verb::Click, "", 0, page));
    let mut shown = recording("Go to June 17, 2026", steps.collect());
    shown.shown = step(Verb::Click, "", 0, &pages[2]).shown;
    let steps = induced(&[shown]).plan(0, "Go to April 16, 2026", TODAY);
    let until = steps[0].plan.until.as_ref().unwrap();
    assert_eq!(until.says, ["April"]);
}

#[test]
fn a_choice_that_was_made_in_two_goes_is_one() {
    let elements = page(&["listbox", "button Submit"]);
    let choice = |values: &[&str]| {
        let mut step = step(Verb::Choose, "", 0, &elements);
        step.values = values.iter().map(|value| (*value).to_owned()).collect();
        step
    };
    let scroll = || step(Verb::ScrollTo, "start", 0, &elements);
    let all = ["Ana", "Bo"];
    for (what, first, second, expected) in [
        ("more of it", &all[..1], &all[..], 2),
        ("the same", &all[..], &all[..], 3),
        ("another", &all[..1], &all[1..], 3),
    ] {
        let steps = vec![choice(first), scroll(), choice(second)];
        let shown = recording("Select Ana, Bo from the list", steps);
        let steps = induced(&[shown]).plan(0, "Select Ana, Bo from the list", TODAY);
        assert_eq!(steps.len(), expected, "{what}");
    }
}

#[test]
fn a_label_that_says_more_and_a_control_of_another_sort_are_the_same_thing() {
    let labelled = |label: &str, submit: &str| {
        let mut elements = page(&["textbox", "textbox", submit]);
        elements[0].neighbours.left = label.to_owned();
        elements[1].neighbours.left = "Year".to_owned();
        elements
    };
    let shown = |goal: &str, value: &str, elements: Vec<Element>| {
        recording(
            goal,
            vec![
                step(Verb::Fill, value, 0, &elements),
                step(Verb::Click, "", 2, &elements),
            ],
        )
    };
    let recordings = [
        shown(
            "Find films by Stark",
            "Stark",
            labelled("Director Name", "button Search"),
        ),
        shown(
            "Find films by Wu",
            "Wu",
            labelled("Director:", "link Search"),
        ),
    ];
    let steps = induced(&recordings).plan(0, "Find films by Lee", TODAY);
    let elements = labelled("Director of it", "tab Search");
    let found: Vec<Choice<usize>> = steps
        .iter()
        .map(|one| choose::element(one.plan.target.as_ref().unwrap(), &elements, one.plan.takes))
        .collect();
    assert_eq!(found, [Choice::Sure(0), Choice::Sure(2)]);
}

#[test]
fn the_address_of_what_one_recording_was_about_is_not_waited_for() {
    let mut recorded = clicks(
        "Review the straw hat",
        &["button Save", "button No"],
        &[0, 0],
    );
    for (step, path) in recorded
        .steps
        .iter_mut()
        .zip(["straw-hat_10/", "reviews/done"])
    {
        step.after = Some(After {
            url: Some(format!("http://hat.example/{path}")),
            text: None,
        });
    }
    recorded.steps[1].verb = Verb::DoubleClick;
    let steps = induced(&[recorded]).plan(0, "Review the boots", TODAY);
    let waited: Vec<bool> = steps
        .iter()
        .map(|planned| {
            planned
                .step
                .after
                .as_ref()
                .is_some_and(|after| after.url.is_some())
        })
        .collect();
    assert_eq!(waited, [false, true]);
}

#[test]
fn a_quotation_without_commas_is_no_list_of_one() {
    let form = page(&["textbox Text", "button Save"]);
    let shown = recording(
        "Change the note \"Compost\" to \"Turn it every third week.\"",
        vec![step(Verb::Fill, "Turn it every third week.", 0, &form)],
    );
    let goal = "Change the note \"Tools\" to \"Trowel, dibber, one fork.\"";
    let steps = induced(&[shown]).plan(0, goal, TODAY);
    let typed = choose::text(&steps[0].plan.values[0], &form, None, 1, TODAY);
    assert_eq!(typed, Choice::Sure("Trowel, dibber, one fork.".to_owned()));
}

#[test]
fn links_that_a_script_tells_apart_by_their_names_are_not_one() {
    // The days of a calendar are links to the page that they are on.
    let days = |names: &[&str]| {
        let things: Vec<String> = names.iter().map(|name| format!("link {name}")).collect();
        let mut elements = page(&things.iter().map(String::as_str).collect::<Vec<_>>());
        for element in &mut elements {
            element
                .attributes
                .insert("href".to_owned(), "/calendar".to_owned());
        }
        elements
    };
    let shown = |day: &str, at: usize| {
        let elements = days(&["1", "2", "3", "4"]);
        recording(
            &format!("Choose day {day} of it"),
            vec![step(Verb::Click, "", at, &elements)],
        )
    };
    let steps = induced(&[shown("3", 2), shown("2", 1)]).plan(0, "Choose day 4 of it", TODAY);
    let rivals = steps[0].plan.target.as_ref().unwrap();
    let elements = days(&["1", "2", "3", "4"]);
    assert_eq!(choose::element(rivals, &elements, 2), Choice::Sure(3));
}
