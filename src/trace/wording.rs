//! What a run teaches about how a goal is put: what was typed was read as something else, a person agreed, and it ended well.

use super::format::Outcome;
use super::reader::Trace;
use crate::demo::learned::{Lesson, LessonKind};

/// What stands in a trace in place of a secret.
const HIDDEN: char = '•';

/// The wording that the run teaches; none where an earlier run taught it.
pub fn wording(trace: &Trace) -> Option<Lesson> {
    let header = &trace.header;
    let typed = header.typed.as_ref()?;
    let question = typed.question.as_ref()?;
    let ended_well = trace.end.as_ref()?.outcome == Outcome::Done;
    let is_open = !typed.goal.contains(HIDDEN) && !header.goal.contains(HIDDEN);
    (ended_well && is_open && !typed.values.is_empty()).then(|| Lesson {
        kind: LessonKind::Wording,
        step: None,
        does: None,
        about: "goal".to_owned(),
        question: question.clone(),
        value: Some(header.goal.clone()),
        values: typed.values.clone(),
        goal: typed.goal.clone(),
        run: header.run.clone(),
        when: header.started.clone(),
        target: None,
        not: Vec::new(),
        take: None,
        covers: None,
    })
}
