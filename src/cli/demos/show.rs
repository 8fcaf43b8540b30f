//! `apprentice demos show`: what a workflow's demonstrations do, in lines.

use std::path::Path;

use serde::Serialize;

use super::super::{CliError, GlobalFlags, output};
use super::{failed, one_line};
use crate::demo::{Demonstration, Step, TargetQuery, Verb, by_hand, learned, library};
use crate::workflow::Workflow;
use crate::workflow::induce::Induced;

pub(super) fn show(
    folder: &Path,
    name: &str,
    rivals: usize,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    #[derive(Serialize)]
    struct Take {
        take: String,
        demonstration: Demonstration,
    }
    let takes = library::load(folder, name).map_err(failed)?;
    if global.json {
        let takes: Vec<Take> = takes
            .into_iter()
            .map(|(take, demonstration)| Take {
                take,
                demonstration,
            })
            .collect();
        output::print_json(&takes)?;
        return Ok(0);
    }
    let texts: Vec<String> = takes
        .iter()
        .map(|(take, demonstration)| describe(name, take, demonstration))
        .collect();
    output::print(&texts.join("\n"))?;
    output::print(&done_by_hand(folder, name))?;
    if let Ok(workflow) = Workflow::from_takes(takes)
        && let Some(induced) = workflow.induced()
    {
        output::print(&format!("\n{}", understood(induced, rivals)))?;
    }
    Ok(0)
}

/// What was done by hand in place of steps, and in which runs.
fn done_by_hand(folder: &Path, name: &str) -> String {
    let file = learned::file_of(folder, name);
    let mut text = String::new();
    // A file that cannot be read is for `demos learned` to say.
    for lesson in learned::load(&file).unwrap_or_default() {
        let Ok(Some(shown)) = by_hand::load(&file, &lesson) else {
            continue;
        };
        let place = lesson
            .step
            .map_or_else(String::new, |step| format!("step {step}, "));
        text.push_str(&format!(
            "\nby hand, in place of {place}{}\n  from   {} ({})\n  goal   {}\n",
            one_line(lesson.does.as_deref().unwrap_or_default()),
            lesson.day(),
            one_line(&lesson.run),
            one_line(&lesson.goal)
        ));
        for (index, step) in shown.steps.iter().enumerate() {
            text.push_str(&format!("{:>5}  {}\n", index + 1, one_line(&line(step))));
        }
    }
    text
}

/// What the recordings mean, in sentences.
fn understood(induced: &Induced, rivals: usize) -> String {
    let ways = induced.sentences(rivals);
    let mut text = match ways.len() {
        1 => "understood as\n".to_owned(),
        count => format!("understood as {count} different ways\n"),
    };
    for (place, (takes, lines)) in ways.iter().enumerate() {
        if ways.len() > 1 {
            text.push_str(&format!(
                "  way {}, of {} recordings\n",
                place + 1,
                takes.len()
            ));
        }
        for line in lines {
            text.push_str(&format!("    {}\n", one_line(line)));
        }
    }
    text
}

/// A demonstration in lines: its goal, its parameters, its steps.
fn describe(name: &str, take: &str, demonstration: &Demonstration) -> String {
    let mut text = format!(
        "{name}/{take}\n  goal   {}\n  start  {}\n",
        one_line(&demonstration.goal),
        one_line(&demonstration.start)
    );
    for (name, parameter) in &demonstration.parameters {
        let value = match (&parameter.secret, &parameter.example) {
            (Some(secret), _) => format!("the secret {secret}"),
            (None, Some(example)) => format!("such as {}", one_line(example)),
            (None, None) => "no example".to_owned(),
        };
        text.push_str(&format!("  {{{name}}}  {value}\n"));
    }
    for (index, step) in demonstration.steps.iter().enumerate() {
        text.push_str(&format!("{:>5}  {}\n", index + 1, one_line(&line(step))));
        if let Some(why) = &step.why {
            text.push_str(&format!("       why: {}\n", one_line(why)));
        }
    }
    text
}

fn line(step: &Step) -> String {
    let mut words = vec![step.verb.word()];
    let target = step.target.as_ref().map(place);
    let values = step.value.iter().chain(&step.values);
    let values: Vec<String> = values.map(|value| format!("\"{value}\"")).collect();
    let values = (!values.is_empty()).then(|| values.join(", "));
    if step.verb == Verb::Select {
        words.push(values.unwrap_or_else(|| "everything".to_owned()));
        words.extend(target.map(|target| format!("in {target}")));
    } else {
        words.extend(target.into_iter().chain(values));
    }
    if let Some(to) = &step.to {
        words.push(format!("to {}", place(to)));
    }
    if let Some(into) = &step.into {
        words.push(format!("into {{{into}}}"));
    }
    if step.optional {
        words.push("(where it is there)".to_owned());
    }
    if let Some(mark) = step.mark {
        words.push(format!("(asks: would {})", mark.phrase()));
    }
    match &step.says {
        Some(says) => format!("{says}: {}", words.join(" ")),
        None => words.join(" "),
    }
}

fn place(target: &TargetQuery) -> String {
    let role = target.role.as_deref().or(target.tag.as_deref());
    let title = [
        &target.name,
        &target.label,
        &target.text,
        &target.placeholder,
    ]
    .into_iter()
    .find_map(Option::as_deref);
    match (role, title) {
        (Some(role), Some(title)) => format!("{role} \"{title}\""),
        (Some(word), None) => word.to_owned(),
        (None, Some(title)) => format!("\"{title}\""),
        (None, None) => "a place".to_owned(),
    }
}
