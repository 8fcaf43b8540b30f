//! How long it takes to understand recordings. Aim: ten of fifty steps each in under 200 ms.

use std::sync::Arc;

use apprentice::computer::Element;
use apprentice::demo::{Demonstration, Seen, Step, Verb, target_query};
use apprentice::workflow::Workflow;

fn main() {
    divan::main();
}

/// Buttons, each in a row of its own.
fn page(elements: usize) -> Vec<Element> {
    let element = |at: usize| {
        serde_json::json!({
            "id": format!("1:{at}"), "role": "button", "name": format!("b{at}"), "tag": "button",
            "bounds": { "x": 0.0, "y": 0.0, "width": 10.0, "height": 10.0 }, "in_view": true, "interactive": true,
            "path": format!("html/thing[{at}]"),
            "row": { "texts": [format!("row {at}")], "index": at, "count": elements },
        })
    };
    (0..elements)
        .map(|at| serde_json::from_value(element(at)).expect("it is written as elements are"))
        .collect()
}

/// A recording in which the first so many buttons of a page were pressed.
fn recording(take: usize, steps: usize, elements: &[Element]) -> (String, Demonstration) {
    let text = format!(
        "format = \"1.2\"\nworkflow = \"w\"\ngoal = \"Press the button b{take} and all others in order\"\nstart = \"http://a.example/\"\n"
    );
    let mut shown = Demonstration::parse("w", &text).expect("it is written as recordings are");
    shown.steps.extend((0..steps).map(|at| {
        let mut step = Step::bare(Verb::Click);
        step.target = Some(target_query(&elements[at], None));
        step.shown = Some(Arc::new(Seen {
            url: "http://a.example/".to_owned(),
            title: String::new(),
            target: Some(at),
            to: None,
            elements: elements.to_vec(),
            pictures: Default::default(),
        }));
        step
    }));
    (format!("take-{take}"), shown)
}

#[divan::bench(args = [1, 5, 10])]
fn understand_recordings_of_fifty_steps(bencher: divan::Bencher<'_, '_>, takes: usize) {
    let elements = page(60);
    let takes: Vec<_> = (0..takes)
        .map(|take| recording(take, 50, &elements))
        .collect();
    bencher
        .with_inputs(|| takes.clone())
        .bench_values(|takes| Workflow::from_takes(takes).expect("they are of one workflow"));
}
