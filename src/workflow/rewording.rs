//! Says a goal in the words of one that was shown: the goal's own words are put where the shown values stand. Who finds the words
//! (a model, a person, an earlier run) is not asked here; that they are the goal's own is.
//!
//! Invariants: a value stands word for word in the goal, and no two share a word; a limiting word ("not", "except", "all") is never
//! part of a value that is not quoted and never left out, and none is added; what else is left out is named.

use jiff::civil::Date;

use super::goal::{
    Example, Frame, Pattern, extras, is_filler, is_limiter, is_parter, runs_of, text_of,
};
use super::words::{Sort, Token, cut};
use crate::demo::ParameterKind;
use crate::demo::learned::{Lesson, LessonKind};

/// Words of a value that is offered to whoever chooses among all; longer ones can still be named.
const LONGEST_CHOICE: usize = 12;

/// Words with nothing between them in a goal, from one up to before another.
type Run = (usize, usize);

/// A goal in the words of one that was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewording {
    /// The goal as it was typed.
    pub typed: String,
    /// What it is read as.
    pub reads: String,
    /// The same with quotes around values of several words: a value in quotes may be as long as it likes.
    pub quoted: String,
    /// The goal's words in the blanks of what was shown, in their order.
    pub values: Vec<String>,
    /// What the goal says beside them and what was shown does not, fillers aside.
    pub leaves_out: Vec<String>,
}

/// Why a goal cannot be said in the words that were shown, with these values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("nothing in the goal was found for {0:?}")]
    Empty(String),
    #[error("{0:?} does not stand in the goal word for word")]
    NotThere(String),
    #[error("the words of {0:?} were taken for something else already")]
    Shared(String),
    #[error("the goal says {0:?}, which was not shown")]
    Limits(String),
    #[error("it was shown with {0:?}, which the goal does not say")]
    Dropped(String),
    #[error("what was shown has no value that could be another one")]
    NoBlanks,
}

/// The goal with these values, one for each blank.
///
/// # Errors
/// Where that would say something else than the goal.
pub fn reword(
    frame: &Frame,
    goal: &str,
    values: &[String],
    today: Date,
) -> Result<Rewording, Unfit> {
    if frame.blanks().is_empty() {
        return Err(Unfit::NoBlanks);
    }
    let tokens = cut(goal, today);
    let mut covered = vec![false; tokens.len()];
    let runs = place(frame, &tokens, values, &mut covered, today)?;
    for (blank, (from, to)) in frame.blanks().iter().zip(&runs) {
        let words = tokens[*from..*to].iter();
        let mut open = words.filter(|token| token.sort != Sort::Quoted && is_limiter(&token.key));
        if let Some(limit) = open.find(|token| !blank.limits.contains(&token.key)) {
            return Err(Unfit::Limits(limit.text.clone()));
        }
    }
    same_limits(frame, &tokens, &covered)?;
    let said: Vec<bool> = tokens
        .iter()
        .zip(&covered)
        .map(|(token, covered)| *covered || frame.says(token))
        .collect();
    let mut leaves_out = extras(goal, &tokens, &said);
    leaves_out.extend(symbols(goal, &tokens, &covered));
    let put = |at: usize, always_quoted: bool| {
        let (from, to) = runs[at];
        let text = text_of(goal, &tokens[from..to]);
        if frame.blanks()[at].is_quoted() {
            return text;
        }
        let was_quoted = to == from + 1 && tokens[from].sort == Sort::Quoted;
        let is_long = to > from + 1 && !text.contains('"');
        if was_quoted {
            goal[tokens[from].start..tokens[from].end].to_owned()
        } else if always_quoted && is_long {
            format!("\"{text}\"")
        } else {
            text
        }
    };
    Ok(Rewording {
        typed: goal.to_owned(),
        reads: frame.with(|at, _| put(at, false)),
        quoted: frame.with(|at, _| put(at, true)),
        values: runs
            .iter()
            .map(|(from, to)| text_of(goal, &tokens[*from..*to]))
            .collect(),
        leaves_out,
    })
}

/// Whether a goal could be said in the words of a frame at all, whatever its values are.
///
/// # Errors
/// Where it is limited in a way that was not shown: nobody need be asked for its values then.
pub fn may_say(frame: &Frame, goal: &str, today: Date) -> Result<(), Unfit> {
    if frame.blanks().is_empty() {
        return Err(Unfit::NoBlanks);
    }
    let shown = frame.limits();
    let is_shown = |key: &String| {
        let mut blanks = frame.blanks().iter();
        shown.contains(&key.as_str()) || blanks.any(|blank| blank.limits.contains(key))
    };
    let limits = |token: &Token| token.sort != Sort::Quoted && is_limiter(&token.key);
    match cut(goal, today)
        .iter()
        .find(|token| limits(token) && !is_shown(&token.key))
    {
        Some(limit) => Err(Unfit::Limits(limit.text.clone())),
        None => Ok(()),
    }
}

/// Where in the goal each value stands.
fn place(
    frame: &Frame,
    tokens: &[Token],
    values: &[String],
    covered: &mut [bool],
    today: Date,
) -> Result<Vec<Run>, Unfit> {
    let mut runs: Vec<Run> = vec![(0, 0); frame.blanks().len()];
    let mut found = Vec::new();
    for (at, blank) in frame.blanks().iter().enumerate() {
        let value = values.get(at).map_or("", |value| value.trim());
        if value.is_empty() {
            return Err(Unfit::Empty(blank.example.clone()));
        }
        let all = runs_of(tokens, value, today);
        if all.is_empty() {
            return Err(Unfit::NotThere(value.to_owned()));
        }
        found.push((at, value, all));
    }
    // The longest first, so that "Ana" is not taken out of "Ana is ill" where it stands alone too.
    found.sort_by_key(|(_, _, all)| all.first().map(|(from, to)| std::cmp::Reverse(to - from)));
    for (at, value, all) in &found {
        let free = |run: &&Run| !covered[run.0..run.1].contains(&true);
        let Some(run) = all.iter().find(free) else {
            return Err(Unfit::Shared((*value).to_owned()));
        };
        covered[run.0..run.1].fill(true);
        runs[*at] = *run;
    }
    // What is said twice is said.
    for (from, to) in found.iter().flat_map(|(_, _, all)| all) {
        if !covered[*from..*to].contains(&true) {
            covered[*from..*to].fill(true);
        }
    }
    Ok(runs)
}

/// Whether the goal limits what is asked for with just the words that were shown.
fn same_limits(frame: &Frame, tokens: &[Token], covered: &[bool]) -> Result<(), Unfit> {
    let open = tokens.iter().zip(covered).filter(|(_, covered)| !**covered);
    let mut said: Vec<&str> = open
        .map(|(token, _)| token.key.as_str())
        .filter(|key| is_limiter(key))
        .collect();
    said.sort_unstable();
    let mut shown = frame.limits();
    // Each shown one is said once.
    shown.retain(|limit| match said.iter().position(|one| one == limit) {
        Some(at) => {
            said.remove(at);
            false
        }
        None => true,
    });
    match (said.first(), shown.first()) {
        (Some(limit), _) => Err(Unfit::Limits((*limit).to_owned())),
        (None, Some(limit)) => Err(Unfit::Dropped((*limit).to_owned())),
        (None, None) => Ok(()),
    }
}

/// Every value that the goal has words for: runs of its words that are no longer than a text in a form tends to be, limiting words,
/// what begins or ends with a word that parts values from others, and what is only small words aside.
pub fn choices(goal: &str, today: Date) -> Vec<String> {
    let tokens = cut(goal, today);
    let mut all: Vec<String> = Vec::new();
    for from in 0..tokens.len() {
        for to in from + 1..=tokens.len().min(from + LONGEST_CHOICE) {
            let run = &tokens[from..to];
            let limits = |token: &Token| token.sort != Sort::Quoted && is_limiter(&token.key);
            if run.iter().any(limits) {
                break;
            }
            // What the shown goals' own slots never take.
            let parts = |token: Option<&Token>| token.is_some_and(|one| is_parter(&one.key));
            if parts(run.first()) || parts(run.last()) {
                continue;
            }
            let says = |token: &Token| token.sort != Sort::Word || !is_filler(&token.key);
            let text = text_of(goal, run);
            if run.iter().any(says) && !all.contains(&text) {
                all.push(text);
            }
        }
    }
    all
}

/// Pictures and signs beside the words, which are no words and may mean something all the same.
fn symbols(goal: &str, tokens: &[Token], covered: &[bool]) -> Vec<String> {
    let inside = |at: usize| {
        let mut all = tokens.iter().zip(covered);
        all.any(|(token, covered)| *covered && (token.start..token.end).contains(&at))
    };
    let is_symbol = |c: char| {
        let punctuates = matches!(
            c,
            '\u{2010}'
                ..='\u{2027}' | '\u{ab}' | '\u{bb}' | '\u{a1}' | '\u{bf}' | '\u{3001}' | '\u{3002}'
        );
        let is_currency =
            c.is_ascii() || matches!(c, '\u{20a0}'..='\u{20cf}' | '\u{a3}' | '\u{a5}');
        !c.is_alphanumeric() && !c.is_whitespace() && !c.is_control() && !punctuates && !is_currency
    };
    goal.char_indices()
        .filter(|(at, c)| is_symbol(*c) && !is_joiner(*c) && !inside(*at))
        .map(|(_, c)| c.to_string())
        .collect()
}

/// What only says how its neighbours are drawn, or in which direction.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// A way to say a shown goal that a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    pub typed: String,
    pub reads: String,
    pub values: Vec<String>,
}

impl Wording {
    /// What a run taught, where it is a wording.
    pub fn of(lesson: &Lesson) -> Option<Self> {
        let reads = lesson
            .value
            .as_ref()
            .filter(|_| lesson.kind == LessonKind::Wording)?;
        Some(Self {
            typed: lesson.goal.clone(),
            reads: reads.clone(),
            values: lesson.values.clone(),
        })
    }

    /// A goal that is worded like this one, in the words that were shown; `None` where it is worded otherwise.
    pub fn read(&self, goal: &str, today: Date) -> Option<Rewording> {
        let examples: Vec<Example> = self
            .values
            .iter()
            .enumerate()
            .map(|(at, value)| (format!("blank-{at}"), ParameterKind::Text, value.clone()))
            .collect();
        let reading = Pattern::new(&self.typed, &examples, today).read(goal, today);
        let as_worded = reading.extras.is_empty()
            && reading.dropped.is_empty()
            && reading.lacking.is_empty()
            && !reading.unrelated
            // A wording with hardly a word of its own says anything.
            && reading.shared >= if reading.opens_with_value { 2 } else { 1 };
        let frame = Pattern::new(&self.reads, &examples, today).frame(&self.reads);
        let complete = frame.blanks().len() == examples.len();
        let values: Vec<String> = frame
            .blanks()
            .iter()
            .map_while(|blank| reading.values.get(&blank.name).cloned())
            .collect();
        (as_worded && complete && values.len() == examples.len())
            .then(|| reword(&frame, goal, &values, today).ok())
            .flatten()
    }
}

#[cfg(test)]
mod tests;
