//! Says in words what a step does, for progress lines, questions and cards.

use super::format::{Step, TO_END, TO_START, TargetQuery, Verb};
use crate::computer::Reading;

/// What the step does, its texts written by `write`.
pub fn describe(step: &Step, write: &dyn Fn(&str) -> String) -> String {
    let target = step.target.as_ref().map_or_else(
        || "the page".to_owned(),
        |query| describe_target(query, write),
    );
    let value = step
        .value
        .as_deref()
        .map(|value| format!("{:?}", write(value)))
        .unwrap_or_default();
    let values = || {
        let all: Vec<String> = step
            .values
            .iter()
            .chain(&step.value)
            .map(|value| format!("{:?}", write(value)))
            .collect();
        all.join(", ")
    };
    match step.verb {
        Verb::Click => format!("click {target}"),
        Verb::TripleClick => format!("triple-click {target}"),
        Verb::DoubleClick => format!("double-click {target}"),
        Verb::RightClick => format!("right-click {target}"),
        Verb::Hover => format!("point at {target}"),
        Verb::Drag => {
            let to = step
                .to
                .as_ref()
                .map(|query| describe_target(query, write))
                .unwrap_or_default();
            format!("drag {target} to {to}")
        }
        Verb::ScrollTo if step.value.as_deref() == Some(TO_END) => {
            format!("scroll {target} to its end")
        }
        Verb::ScrollTo if step.value.as_deref() == Some(TO_START) => {
            format!("scroll {target} to its beginning")
        }
        Verb::ScrollTo => format!("scroll to {target}"),
        Verb::Type => format!("type {value}"),
        Verb::Fill => format!("fill {target} with {value}"),
        Verb::Press => format!(
            "press {}",
            step.value.as_deref().map(write).unwrap_or_default()
        ),
        Verb::Choose => format!("choose {} in {target}", values()),
        Verb::Upload => format!("attach {} to {target}", values()),
        Verb::Navigate => format!("open {value}"),
        Verb::Back => "go back".to_owned(),
        Verb::Forward => "go forward".to_owned(),
        Verb::Reload => "load the page again".to_owned(),
        Verb::OpenTab => format!("open a tab with {value}"),
        Verb::SwitchTab => format!("go to the tab {value}"),
        Verb::CloseTab => "close the tab".to_owned(),
        Verb::AnswerDialog => {
            let answer = if step.accept == Some(true) {
                "OK"
            } else {
                "Cancel"
            };
            format!("answer the dialog with {answer}")
        }
        Verb::Wait => format!("wait for {value}"),
        Verb::Select if step.value.is_none() => format!("select everything in {target}"),
        Verb::Select => format!("select {value} in {target}"),
        Verb::Copy => format!("copy {value} from {target}"),
        Verb::Read => {
            let into = step.into.as_deref().unwrap_or("the text");
            match step.reading {
                Some(Reading::Picture) => format!("read {into} from the picture of {target}"),
                Some(Reading::Table | Reading::Text) | None => format!("read {into} from {target}"),
            }
        }
    }
}

/// A target as a person would name it.
pub fn describe_target(query: &TargetQuery, write: &dyn Fn(&str) -> String) -> String {
    let role = query
        .role
        .as_deref()
        .map_or_else(|| "element".to_owned(), write);
    let title = [&query.name, &query.label, &query.text, &query.placeholder]
        .into_iter()
        .flatten()
        .next()
        .map(|title| format!(" {:?}", write(title)))
        .unwrap_or_default();
    let row: Vec<String> = query
        .row
        .iter()
        .map(|text| format!("{:?}", write(text)))
        .collect();
    if row.is_empty() {
        format!("{role}{title}")
    } else {
        format!("{role}{title} in the row with {}", row.join(" and "))
    }
}
