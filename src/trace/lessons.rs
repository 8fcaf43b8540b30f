//! What a run that ended well teaches its workflow: the answers, picks, edits and steps by hand that its trace holds.
//!
//! Pure: the observations that the trace keeps as blobs are handed in by the caller. Nothing is learnt of what is secret, of
//! what the person asked to be remembered (that is kept as a preference), or of one moment of one run.

use super::format::{Blob, Event, Line, Outcome};
use super::hand::ByHand;
use super::reader::Trace;
use crate::computer::{Element, Observation, Rect, Target};
use crate::demo::learned::{Lesson, LessonKind};
use crate::demo::{TargetQuery, describe, literal, target_query, undoubled};
use crate::guard::secrets::Masker;
use crate::human::{Card, Question, Verdict};
use crate::policy::{Act, Decision};

/// What stands in a trace in place of a secret.
const HIDDEN: char = '•';
/// What the key of a question about a step's target begins with.
const TARGET: &str = "target:";
/// Boxes whose edges differ by at most so many CSS pixels are the same box.
const SAME_BOX: f64 = 2.0;
/// How many texts of a row are asked for again: the first ones name it, later ones tend to change.
const ROW_TEXTS: usize = 1;
/// Longer texts are not what a row is called, in characters.
const LONGEST_ROW_TEXT: usize = 120;

/// What the run teaches; nothing where it did not end well.
pub fn lessons(trace: &Trace, observe: impl Fn(&Blob) -> Option<Observation>) -> Vec<Lesson> {
    let ended_well = trace
        .end
        .as_ref()
        .is_some_and(|end| end.outcome == Outcome::Done);
    if ended_well {
        all(trace, &observe)
    } else {
        Vec::new()
    }
}

/// The answers about values of a run that was begun anew, whatever became of it: the run that used them ended well.
pub fn answers(trace: &Trace) -> Vec<Lesson> {
    let mut lessons = all(trace, &|_| None);
    lessons.retain(|lesson| lesson.kind == LessonKind::Answer);
    lessons
}

fn all(trace: &Trace, observe: &dyn Fn(&Blob) -> Option<Observation>) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = Vec::new();
    let mut page: Option<&Blob> = None;
    let mut act: Option<&Act> = None;
    for (at, line) in trace.lines.iter().enumerate() {
        let rest = &trace.lines[at + 1..];
        let learnt = match &line.event {
            Event::Observed { observation, .. } => {
                page = Some(observation);
                None
            }
            Event::Decided {
                decision: Decision::Act(decided),
                ..
            } => {
                act = Some(decided);
                None
            }
            Event::Asked {
                question,
                answer: Some(answer),
                remembered: false,
            } if !question.secret => {
                if question.key.starts_with(TARGET) {
                    page.and_then(observe)
                        .and_then(|page| pick(question, answer, &page, rest))
                } else {
                    answered(question, answer, rest)
                }
            }
            Event::Confirmed {
                card,
                verdict: Some(verdict),
                ..
            } => confirmed(card, verdict, act, rest),
            // It is learnt with what was seen of it; without, that it was done is all there is to say.
            Event::ByHand(by_hand) => {
                lessons.retain(|one| one.kind != LessonKind::ByHand || one.step != from_1(by_hand));
                by_hand.steps.is_empty().then(|| unseen(by_hand))
            }
            _ => None,
        };
        let Some(learnt) = learnt else { continue };
        let lesson = Lesson {
            goal: trace.header.goal.clone(),
            run: trace.header.run.clone(),
            when: trace.header.started.clone(),
            ..learnt
        };
        // Of one run, the last word counts.
        lessons.retain(|one| {
            (one.kind, one.step, &one.about) != (lesson.kind, lesson.step, &lesson.about)
        });
        lessons.push(lesson);
    }
    lessons
}

/// An answer about a value. Keys with a colon are about one moment of one run.
fn answered(question: &Question, answer: &str, rest: &[Line]) -> Option<Lesson> {
    let answer = answer.trim();
    let fine = !question.key.contains(':') && !answer.is_empty() && is_open(answer);
    let next = rest.iter().find_map(act_of);
    fine.then(|| Lesson {
        value: Some(answer.to_owned()),
        ..about(LessonKind::Answer, &question.key, &question.text, next)
    })
}

/// Which of several elements was meant: the one that was then worked on.
fn pick(question: &Question, answer: &str, page: &Observation, rest: &[Line]) -> Option<Lesson> {
    let number: usize = answer.trim().parse().ok()?;
    let mark = question.marks.get(number.checked_sub(1)?)?;
    let step: usize = question.key.strip_prefix(TARGET)?.parse().ok()?;
    let act = rest
        .iter()
        .take_while(|line| !matches!(line.event, Event::Asked { .. }))
        .find_map(act_of)
        .filter(|act| act.step.map(|at| at + 1) == Some(step))?;
    let Target::Element(id) = act.action.target()? else {
        return None;
    };
    let picked = page
        .element(id)
        .filter(|element| same_box(&element.bounds, mark))?;
    let query = |element: &Element| {
        let frame = page.frames.get(element.frame).filter(|_| element.frame > 0);
        target_query(element, frame.map(|frame| frame.url.clone()))
    };
    let others: Vec<&Element> = question
        .marks
        .iter()
        .filter(|other| !same_box(other, mark))
        .filter_map(|other| {
            page.elements
                .iter()
                .find(|element| same_box(&element.bounds, other))
        })
        .collect();
    let told_apart = |element: &Element, from: &[&Element]| TargetQuery {
        row: told_by(element, from),
        ..query(element)
    };
    let not: Vec<TargetQuery> = others
        .iter()
        .map(|other| told_apart(other, &[picked]))
        .collect();
    let target = told_apart(picked, &others);
    Some(Lesson {
        value: None,
        target: Some(Box::new(target)),
        not,
        ..about(LessonKind::Pick, &question.key, &question.text, Some(act))
    })
}

/// The texts of an element's row that the others' rows do not have: by them it was told apart from what is called the same.
fn told_by(element: &Element, others: &[&Element]) -> Vec<String> {
    let texts = |element: &Element| -> Vec<String> {
        let row = element.row.as_ref();
        row.map_or_else(Vec::new, |row| row.texts.clone())
    };
    let elsewhere: Vec<String> = others.iter().flat_map(|other| texts(other)).collect();
    texts(element)
        .into_iter()
        .filter(|text| !elsewhere.contains(text) && is_open(text))
        .filter(|text| text.chars().count() <= LONGEST_ROW_TEXT)
        .take(ROW_TEXTS)
        .map(|text| literal(&text))
        .collect()
}

/// What a person changed before their yes, or did in its place. What is on its way already can be neither.
fn confirmed(card: &Card, verdict: &Verdict, act: Option<&Act>, rest: &[Line]) -> Option<Lesson> {
    if card.on_its_way {
        return None;
    }
    match verdict {
        Verdict::Edit { field, value } => {
            // It was changed where an action followed that succeeded, before anything else was asked.
            let done = rest
                .iter()
                .map(|line| &line.event)
                .take_while(|event| !matches!(event, Event::Confirmed { .. } | Event::Note { .. }))
                .find_map(|event| match event {
                    Event::Acted { .. } => Some(true),
                    Event::ActionFailed { .. } => Some(false),
                    _ => None,
                });
            (done == Some(true) && !value.trim().is_empty() && is_open(value)).then(|| Lesson {
                value: Some(value.trim().to_owned()),
                ..about(LessonKind::Edit, field, &card.title, act)
            })
        }
        Verdict::DoneByHand => Some(about(LessonKind::ByHand, &card.target, &card.title, act)),
        Verdict::Yes | Verdict::YesForWorkflow | Verdict::No | Verdict::NoAndStop => None,
    }
}

fn from_1(by_hand: &ByHand) -> Option<usize> {
    by_hand.step.map(|at| at + 1)
}

/// Something that was done by hand, as far as the trace says what it was about.
pub fn by_hand(by_hand: &ByHand, trace: &Trace) -> Lesson {
    Lesson {
        goal: trace.header.goal.clone(),
        run: trace.header.run.clone(),
        when: trace.header.started.clone(),
        ..unseen(by_hand)
    }
}

fn unseen(by_hand: &ByHand) -> Lesson {
    let steps = by_hand.steps.iter();
    let did: Vec<String> = steps.map(|one| describe(&one.step, &undoubled)).collect();
    Lesson {
        step: from_1(by_hand),
        does: by_hand.does.clone(),
        covers: Some(by_hand.covers).filter(|covers| *covers > 1),
        value: Some(did.join("; ")).filter(|did| !did.is_empty()),
        ..about(
            LessonKind::ByHand,
            by_hand.does.as_deref().unwrap_or_default(),
            &by_hand.question,
            None,
        )
    }
}

fn about(kind: LessonKind, about: &str, question: &str, act: Option<&Act>) -> Lesson {
    Lesson {
        kind,
        step: act.and_then(|act| act.step).map(|at| at + 1),
        does: act.and_then(|act| act.demonstrated.clone()),
        about: about.to_owned(),
        question: question.to_owned(),
        value: None,
        goal: String::new(),
        run: String::new(),
        when: String::new(),
        target: None,
        not: Vec::new(),
        take: None,
        covers: None,
        values: Vec::new(),
    }
}

/// The next action of the workflow's own, not one that only looks or waits.
fn act_of(line: &Line) -> Option<&Act> {
    match &line.event {
        Event::Decided {
            decision: Decision::Act(act),
            ..
        } if act.demonstrated.is_some() && !act.looking => Some(act),
        _ => None,
    }
}

/// Whether it is no secret and does not look like the number of a card or an account.
fn is_open(value: &str) -> bool {
    !value.contains(HIDDEN) && Masker::default().mask(value) == value
}

fn same_box(one: &Rect, other: &Rect) -> bool {
    [
        one.x - other.x,
        one.y - other.y,
        one.right() - other.right(),
        one.bottom() - other.bottom(),
    ]
    .into_iter()
    .all(|difference| difference.abs() <= SAME_BOX)
}

#[cfg(test)]
mod tests;
