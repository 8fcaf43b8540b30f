//! What a run teaches: a run that went well becomes a demonstration, whoever decided in it, with what its person answered as parameters.
//!
//! `replay` says what was done; this makes of it what somebody would have shown: without looks that nothing came of, with the pictures, and
//! with what each step was allowed to send.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::format::{Blob, Event, Outcome};
use super::hand;
use super::performed::{Page, Performed};
use super::reader::Trace;
use super::replay::{self, Replay};
use crate::computer::{
    Action, Element, Observation, PictureFormat, Rect, Screenshot, Target, Text,
};
use crate::demo::recorder::Recorded;
use crate::demo::{After, Demonstration, FORMAT, Parameter, Seen, Step, Verb, literal};
use crate::guard::Kind;
use crate::guard::effect::Signature;

/// Shorter answers are too likely to stand in a text by accident, in characters; they are only found where they are the whole text.
const SHORTEST_PART: usize = 3;
/// What stands before a site's name among a trace's parameters.
const SITE: &str = "site:";
/// Most shapes of writes that one step keeps.
const MOST_SHAPES: usize = 20;

/// A demonstration with its pictures, and a sentence for each action that it does not say.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    pub recorded: Recorded,
    pub left_out: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LessonError {
    #[error(
        "the run {run} {how}: only a run that was done shows how the job is done; choose another, or record it with `apprentice record`"
    )]
    NotDone { run: String, how: String },
    #[error("the run {run} holds no action that a demonstration could say")]
    Nothing { run: String },
}

/// Makes a demonstration of a run, for this workflow. `observe` gives an observation that the trace keeps and `bytes` a picture.
pub fn lesson(
    trace: &Trace,
    workflow: &str,
    observe: impl Fn(&Blob) -> Option<Observation>,
    bytes: impl Fn(&Blob) -> Option<Vec<u8>>,
) -> Result<Lesson, LessonError> {
    let run = &trace.header.run;
    let outcome = trace.end.as_ref().map(|end| end.outcome);
    if outcome != Some(Outcome::Done) {
        return Err(LessonError::NotDone {
            run: run.clone(),
            how: match outcome {
                None => "did not end in order".to_owned(),
                Some(outcome) => format!("ended otherwise ({})", word(outcome)),
            },
        });
    }
    let Replay {
        mut demonstration,
        mut left_out,
    } = replay::demonstration(trace, &observe);
    // Here it has its place.
    let by_hand = hand::left_out(trace);
    left_out.retain(|one| !by_hand.contains(one));
    let done = replay::repeatable(trace);
    demonstration.format = format!("{}.{}", FORMAT.0, FORMAT.1);
    workflow.clone_into(&mut demonstration.workflow);
    // What was said at the end was true of that run.
    demonstration.result = None;
    let answers = answers(trace);
    let entered = entered(&done);
    let mut steps: Vec<Step> = Vec::new();
    let mut pictures: Vec<Option<Screenshot>> = Vec::new();
    let mut parameters = std::mem::take(&mut demonstration.parameters);
    let mut by_hand = hand::fragments(trace, &bytes).into_iter().peekable();
    let mut put_by_hand =
        |before: usize, steps: &mut Vec<Step>, pictures: &mut Vec<Option<Screenshot>>| {
            while let Some(fragment) = by_hand.next_if(|fragment| fragment.line < before) {
                let Recorded {
                    demonstration: shown,
                    pictures: seen,
                } = fragment.recorded;
                steps.extend(shown.steps);
                pictures.extend(seen);
                parameters.extend(shown.parameters);
            }
        };
    for (place, (step, one)) in demonstration.steps.drain(..).zip(&done).enumerate() {
        put_by_hand(one.line, &mut steps, &mut pictures);
        let mut step = step;
        step.mark = step.mark.filter(|mark| *mark != Kind::Other);
        step.after = after(one, &entered, &observe);
        step.effects = effects(one);
        step.shown = look(one.page, &observe).map(|page| Arc::new(seen(page, one)));
        if step.verb == Verb::Type
            && let Some(last) = steps.last_mut()
            && place
                .checked_sub(1)
                .is_some_and(|before| is_empty_field(last, &done[before]))
        {
            // Into the field that was only clicked to get the cursor there.
            last.verb = Verb::Fill;
            last.value = step.value;
            last.says = step.says;
            last.after = step.after;
            last.effects.extend(step.effects);
            continue;
        }
        steps.push(step);
        pictures.push(picture(one.page, &bytes));
    }
    put_by_hand(usize::MAX, &mut steps, &mut pictures);
    let end = done.last().and_then(|last| look(last.then?, &observe));
    demonstration.shown = end.map(|page| {
        Arc::new(Seen {
            url: page.url,
            title: page.title,
            target: None,
            to: None,
            elements: without_forms(page.elements),
            pictures: BTreeMap::new(),
        })
    });
    drop_looks(&mut steps, &mut pictures, &mut parameters, &mut left_out);
    for (name, answer) in answers {
        let Some(example) = answer.example.as_deref() else {
            continue;
        };
        let mut used = false;
        for step in &mut steps {
            for text in step.texts_mut() {
                used |= name_it(text, &name, example);
            }
        }
        if used {
            parameters.entry(name).or_insert(answer);
        }
    }
    if steps.is_empty() {
        return Err(LessonError::Nothing { run: run.clone() });
    }
    demonstration.steps = steps;
    demonstration.parameters = parameters;
    name_sites(&mut demonstration, trace);
    Ok(Lesson {
        recorded: Recorded {
            demonstration,
            pictures,
        },
        left_out,
    })
}

/// The outcome in the trace's word.
fn word(outcome: Outcome) -> String {
    match serde_json::to_value(outcome) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => format!("{outcome:?}"),
    }
}

/// Where the run was told where its sites are, the demonstration names them, so that it can be told elsewhere again.
pub(super) fn name_sites(demonstration: &mut Demonstration, trace: &Trace) {
    for (name, origin) in &trace.header.parameters {
        if let Some(site) = name.strip_prefix(SITE) {
            demonstration.name_site(site, origin);
        }
    }
}

/// What the person said, by name: with `--param`, and when asked.
fn answers(trace: &Trace) -> BTreeMap<String, Parameter> {
    let mut answers: BTreeMap<String, Parameter> = BTreeMap::new();
    let given = trace.header.parameters.iter();
    for (name, value) in given.filter(|(name, _)| !name.starts_with(SITE)) {
        answers.insert(
            plain_name(name),
            Parameter {
                example: Some(value.clone()),
                ..Parameter::default()
            },
        );
    }
    for line in &trace.lines {
        if let Event::Asked {
            question,
            answer: Some(answer),
            ..
        } = &line.event
            && !question.secret
            && !answer.trim().is_empty()
        {
            let parameter = Parameter {
                example: Some(answer.trim().to_owned()),
                question: Some(question.text.clone()),
                ..Parameter::default()
            };
            answers.insert(plain_name(&question.key), parameter);
        }
    }
    answers
}

fn plain_name(key: &str) -> String {
    let name: String = key
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_') {
                c
            } else {
                '_'
            }
        })
        .collect();
    match name.as_str() {
        "" | "download" => "answer".to_owned(),
        _ => name,
    }
}

/// Puts the parameter in the place of its value: where that is the whole text, or stands in it as words of its own.
fn name_it(text: &mut String, name: &str, example: &str) -> bool {
    let value = literal(example);
    let hole = format!("{{{name}}}");
    if *text == value {
        *text = hole;
        return true;
    }
    if example.chars().count() < SHORTEST_PART {
        return false;
    }
    let mut found = false;
    let mut named = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(&value) {
        let (before, after) = (&rest[..at], &rest[at + value.len()..]);
        let edge = |c: Option<char>| {
            c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '{' | '}' | '|'))
        };
        named.push_str(before);
        if edge(named.chars().next_back()) && edge(after.chars().next()) {
            named.push_str(&hole);
            found = true;
        } else {
            named.push_str(&value);
        }
        rest = after;
    }
    named.push_str(rest);
    if found {
        *text = named;
    }
    found
}

/// Reads are steps only where something came of them: what was read was typed or chosen later, word for word.
fn drop_looks(
    steps: &mut Vec<Step>,
    pictures: &mut Vec<Option<Screenshot>>,
    parameters: &mut BTreeMap<String, Parameter>,
    left_out: &mut Vec<String>,
) {
    let mut place = 0;
    while place < steps.len() {
        let Some(into) = steps[place]
            .into
            .clone()
            .filter(|_| steps[place].verb == Verb::Read)
        else {
            place += 1;
            continue;
        };
        let read = parameters
            .get(&into)
            .and_then(|parameter| parameter.example.as_deref())
            .map(|read| read.trim().to_owned())
            .filter(|read| !read.is_empty());
        let mut used = false;
        for later in &mut steps[place + 1..] {
            let texts = later.value.iter_mut().chain(&mut later.values);
            for text in texts {
                if let Some(read) = &read
                    && *text == literal(read)
                {
                    *text = format!("{{{into}}}");
                    used = true;
                }
            }
        }
        if used {
            if let Some(parameter) = parameters.get_mut(&into) {
                parameter.example = read;
            }
            place += 1;
        } else {
            let says = steps[place].says.clone().unwrap_or_default();
            left_out.push(format!(
                "{says}: nothing that was typed later is what was read here, word for word; where something came of it, write a step that reads it"
            ));
            parameters.remove(&into);
            steps.remove(place);
            pictures.remove(place);
        }
    }
}

/// What was typed, and what was chosen: texts with it in them are missing at every other run.
fn entered(done: &[Performed<'_>]) -> Vec<String> {
    done.iter()
        .flat_map(|one| match one.action {
            Action::Type {
                text: Text::Plain(text),
            }
            | Action::Fill {
                value: Text::Plain(text),
                ..
            } => {
                vec![text.clone()]
            }
            Action::Choose { options, .. } => options.clone(),
            _ => Vec::new(),
        })
        .filter(|text| text.chars().count() > 1)
        .collect()
}

/// What the next page showed of the step: its address where that is another one, and a heading that was not there before.
fn after(
    one: &Performed<'_>,
    entered: &[String],
    observe: &impl Fn(&Blob) -> Option<Observation>,
) -> Option<After> {
    let then = one.then?;
    let url = (then.url != one.page.url && !then.url.is_empty()).then(|| literal(then.url));
    let text = look(one.page, observe)
        .zip(look(then, observe))
        .and_then(|(before, then)| {
            let was_there = |name: &str| before.elements.iter().any(|element| element.name == name);
            then.elements
                .iter()
                .filter(|element| {
                    element.role == "heading" && element.in_view && !element.name.is_empty()
                })
                .map(|element| &element.name)
                .find(|name| {
                    !was_there(name)
                        && !name.contains(|c: char| c.is_ascii_digit())
                        && !entered.iter().any(|value| name.contains(value.as_str()))
                })
                .map(|name| literal(name))
        });
    (url.is_some() || text.is_some()).then_some(After { url, text })
}

fn look(page: Page<'_>, observe: &impl Fn(&Blob) -> Option<Observation>) -> Option<Observation> {
    page.observation.and_then(observe)
}

/// The page before the action, as recordings keep it.
fn seen(page: Observation, one: &Performed<'_>) -> Seen {
    let place = |target: &Target| match target {
        Target::Element(id) => page.elements.iter().position(|element| element.id == *id),
        Target::Point(_) => None,
    };
    let (target, to) = match one.action {
        Action::Drag { path } => (path.first().and_then(place), path.last().and_then(place)),
        other => (other.target().and_then(place), None),
    };
    Seen {
        target,
        to,
        url: page.url,
        title: page.title,
        elements: without_forms(page.elements),
        pictures: BTreeMap::new(),
    }
}

/// What forms held is what was typed.
fn without_forms(mut elements: Vec<Element>) -> Vec<Element> {
    for element in &mut elements {
        element.form = None;
    }
    elements
}

/// The shape of each write that was let go: as it was shown, where it was, and else as the trace keeps it.
fn effects(one: &Performed<'_>) -> Vec<Signature> {
    let mut shapes: Vec<Signature> = Vec::new();
    for shape in one.sent.iter().filter_map(|brief| brief.signature()) {
        let shown = one.act.and_then(|act| {
            act.effects.iter().find(|shown| {
                (&shown.method, &shown.origin, &shown.path)
                    == (&shape.method, &shape.origin, &shape.path)
            })
        });
        let shape = shown.cloned().unwrap_or(shape);
        if shapes.len() < MOST_SHAPES && !shapes.contains(&shape) {
            shapes.push(shape);
        }
    }
    shapes
}

/// Whether the step was a click into a field that held nothing.
fn is_empty_field(step: &Step, one: &Performed<'_>) -> bool {
    step.verb == Verb::Click
        && step.effects.is_empty()
        && one.element.is_some_and(|element| {
            element.states.editable && element.value.as_deref().is_none_or(str::is_empty)
        })
}

fn picture(page: Page<'_>, bytes: &impl Fn(&Blob) -> Option<Vec<u8>>) -> Option<Screenshot> {
    let blob = page.screenshot?;
    Some(Screenshot {
        bytes: bytes(blob)?,
        format: PictureFormat::of_file(&blob.0)?,
        area: Rect::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_named_where_they_stand_as_words() {
        for (text, example, expected) in [
            ("Ana", "Ana", Some("{who}")),
            (
                "Lunch with Ana, paid",
                "Ana",
                Some("Lunch with {who}, paid"),
            ),
            ("Lunch with Anabel", "Ana", None),
            ("A{{n}}a", "A{n}a", Some("{who}")),
            ("2 tickets", "2", None),
            ("2", "2", Some("{who}")),
            ("{ana}", "ana", None),
            ("", "Ana", None),
        ] {
            let mut named = text.to_owned();
            let found = name_it(&mut named, "who", example);
            assert_eq!(found.then_some(named.as_str()), expected, "{text}");
        }
    }
}
