//! What earlier runs taught, as far as it holds for a new goal: the last answer to a question, what was picked where it was not
//! certain which was meant, what a field was changed to.
//!
//! Invariant: the goal wins. What it says, or speaks of, is never taken from a lesson; neither is what was chosen for another
//! goal because of what that goal said.

use std::collections::{BTreeMap, BTreeSet};

use super::goal::Reading;
use super::likeness::plain;
use crate::demo::learned::{Lesson, LessonKind};
use crate::demo::{Demonstration, TargetQuery};

/// An answer is used without asking when it was given in so many runs, one after the other.
pub const OFTEN_ENOUGH: usize = 2;

/// Everything that earlier runs taught about a workflow.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lessons {
    learned: Vec<Lesson>,
    /// Whose word a remembered value is, by its key: `your preference`.
    words: BTreeMap<String, String>,
    /// What was done by hand, each with its lesson.
    hands: Vec<(Lesson, Demonstration)>,
}

/// The last answer to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered<'a> {
    pub value: &'a str,
    /// In how many runs in a row it was given.
    pub runs: usize,
    /// What the demonstration does in the step that it was for.
    pub does: Option<&'a str>,
}

impl Answered<'_> {
    /// Whether it may be used without asking.
    pub fn is_settled(&self) -> bool {
        self.runs >= OFTEN_ENOUGH
    }
}

impl Lessons {
    /// `learned` in the order of learning; `words` say whose word each remembered value is.
    pub fn new(learned: Vec<Lesson>, words: BTreeMap<String, String>) -> Self {
        Self {
            learned,
            words,
            hands: Vec::new(),
        }
    }

    /// With what was done by hand, in the order of learning.
    #[must_use]
    pub fn with_hands(mut self, hands: Vec<(Lesson, Demonstration)>) -> Self {
        self.hands = hands;
        self
    }

    /// What was done by hand, in the order of learning.
    pub fn hands(&self) -> impl DoubleEndedIterator<Item = (&Lesson, &Demonstration)> {
        self.hands.iter().map(|(lesson, shown)| (lesson, shown))
    }

    pub fn is_empty(&self) -> bool {
        self.learned.is_empty() && self.words.is_empty()
    }

    /// Whose word the remembered value of this key is.
    pub fn word(&self, key: &str) -> &str {
        self.words.get(key).map_or("remembered", String::as_str)
    }

    /// The last answer to the question of this key.
    pub fn answer(&self, key: &str) -> Option<Answered<'_>> {
        let mut given = self
            .of(LessonKind::Answer)
            .filter(|lesson| lesson.about == key)
            .filter_map(|lesson| Some((lesson, lesson.value.as_deref()?.trim())))
            .rev();
        let (last, value) = given.next().filter(|(_, value)| !value.is_empty())?;
        let mut runs = BTreeSet::from([last.run.as_str()]);
        runs.extend(
            given
                .take_while(|(_, other)| *other == value)
                .map(|(lesson, _)| lesson.run.as_str()),
        );
        Some(Answered {
            value,
            runs: runs.len(),
            does: last.does.as_deref(),
        })
    }

    /// What was picked in this step the last time that it was uncertain, where that holds for this goal too.
    pub fn pick(&self, step: usize, does: &str, goal: &str) -> Option<&Lesson> {
        self.of(LessonKind::Pick)
            .rev()
            .find(|lesson| is_at(lesson, step, does))
            .filter(|lesson| lesson.target.is_some() && is_free_of_goals(lesson, goal))
    }

    /// What a field was last changed to before a yes.
    pub fn edit(&self, names: &[&str]) -> Option<&Lesson> {
        let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
        self.of(LessonKind::Edit)
            .rev()
            .find(|lesson| lesson.value.is_some() && names.contains(&plain(&lesson.about)))
    }

    /// Whether the person did this step themselves the last time.
    pub fn by_hand(&self, step: usize, does: &str) -> Option<&Lesson> {
        self.of(LessonKind::ByHand)
            .rev()
            .find(|lesson| is_at(lesson, step, does))
    }

    fn of(&self, kind: LessonKind) -> impl DoubleEndedIterator<Item = &Lesson> {
        self.learned
            .iter()
            .filter(move |lesson| lesson.kind == kind)
    }
}

/// Whether it was learnt in this step (from 1), which still does the same.
fn is_at(lesson: &Lesson, step: usize, does: &str) -> bool {
    lesson.step == Some(step) && lesson.does.as_deref() == Some(does)
}

/// Whether what was picked and what was not has nothing to do with what only one of the goals says: who picked Ana's row in a
/// goal about Ana did not say which row is meant in one about Ben.
fn is_free_of_goals(lesson: &Lesson, goal: &str) -> bool {
    let (then, now) = (words(&lesson.goal), words(goal));
    let picked = lesson.target.as_deref().map(words_of).unwrap_or_default();
    let others: BTreeSet<String> = lesson.not.iter().flat_map(words_of).collect();
    let tells = |word: &String| picked.contains(word) != others.contains(word);
    then.symmetric_difference(&now).all(|word| !tells(word))
}

/// Every word that a target is known by.
fn words_of(query: &TargetQuery) -> BTreeSet<String> {
    let texts = [
        &query.name,
        &query.label,
        &query.text,
        &query.placeholder,
        &query.column,
        &query.heading,
        &query.landmark,
        &query.left,
        &query.above,
        &query.right,
        &query.below,
    ];
    let attributes = query.attributes.values();
    texts
        .into_iter()
        .flatten()
        .chain(&query.row)
        .chain(attributes)
        .flat_map(|text| words(text))
        .collect()
}

/// Lower case, what is no letter and no digit aside.
fn words(text: &str) -> BTreeSet<String> {
    in_words(text).collect()
}

fn in_words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// A name as words: `cost-centre`, `Cost centre` and `cost_centre` are the same.
pub fn as_words(name: &str) -> String {
    let words: Vec<String> = in_words(name).collect();
    if words.is_empty() {
        // A name without a letter is still a name.
        name.trim().to_lowercase()
    } else {
        words.join(" ")
    }
}

/// What the goal says of a parameter in a place where the demonstration's goal has none: it is not silent then, though what
/// it says cannot be taken for a value.
pub fn spoken_of<'a>(goal: &str, reading: &'a Reading, name: &str) -> Option<&'a str> {
    let name = as_words(name);
    let goal = format!(" {} ", as_words(goal));
    let holds = |extra: &&str| format!(" {} ", as_words(extra)).contains(&format!(" {name} "));
    let follows = |extra: &&str| goal.contains(&format!(" {name} {} ", as_words(extra)));
    let precedes = |extra: &&str| goal.contains(&format!(" {} {name} ", as_words(extra)));
    let extras = || reading.extras.iter().map(String::as_str);
    extras()
        .find(holds)
        .or_else(|| extras().find(follows))
        .or_else(|| extras().find(precedes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lesson(kind: LessonKind, about: &str, value: &str, run: &str) -> Lesson {
        Lesson {
            kind,
            step: Some(2),
            does: Some("click button \"Delete\"".to_owned()),
            about: about.to_owned(),
            question: String::new(),
            value: Some(value.to_owned()),
            goal: "Delete the draft".to_owned(),
            run: run.to_owned(),
            when: "2026-11-24T20:15:03Z".to_owned(),
            target: None,
            not: Vec::new(),
            take: None,
            covers: None,
            values: Vec::new(),
        }
    }

    fn in_row(text: &str) -> TargetQuery {
        TargetQuery {
            role: Some("button".to_owned()),
            name: Some("Delete".to_owned()),
            row: vec![text.to_owned()],
            ..TargetQuery::default()
        }
    }

    #[test]
    fn an_answer_is_settled_when_two_runs_in_a_row_gave_it() {
        for (given, value, settled) in [
            (&[][..], None, false),
            (&[("P-1", "a")], Some("P-1"), false),
            (&[("P-1", "a"), (" P-1 ", "b")], Some("P-1"), true),
            // Twice in the same run is once.
            (&[("P-1", "a"), ("P-1", "a")], Some("P-1"), false),
            (&[("P-1", "a"), ("P-2", "b")], Some("P-2"), false),
            (
                &[("P-1", "a"), ("P-2", "b"), ("P-1", "c")],
                Some("P-1"),
                false,
            ),
            (
                &[("P-2", "a"), ("P-1", "b"), ("P-1", "c")],
                Some("P-1"),
                true,
            ),
        ] {
            let learned = given
                .iter()
                .map(|(value, run)| lesson(LessonKind::Answer, "code", value, run));
            let lessons = Lessons::new(learned.collect(), BTreeMap::new());
            let answer = lessons.answer("code");
            assert_eq!(answer.map(|answer| answer.value), value, "{given:?}");
            assert_eq!(
                answer.is_some_and(|answer| answer.is_settled()),
                settled,
                "{given:?}"
            );
            assert_eq!(lessons.answer("other"), None);
        }
    }

    #[test]
    fn a_pick_holds_for_goals_that_say_nothing_of_it() {
        let of = |goal: &str, picked: &str, not: &str| Lesson {
            goal: goal.to_owned(),
            target: Some(Box::new(in_row(picked))),
            not: vec![in_row(not)],
            ..lesson(LessonKind::Pick, "target:2", "2", "a")
        };
        for (then, picked, not, now, holds) in [
            (
                "Delete the draft",
                "Spring",
                "Autumn",
                "Delete the draft",
                true,
            ),
            (
                "Delete the draft",
                "Spring",
                "Autumn",
                "Please delete a draft",
                true,
            ),
            (
                "Delete Ana's draft",
                "Ana",
                "Ben",
                "Delete Ana's draft",
                true,
            ),
            (
                "Delete Ana's draft",
                "Ana",
                "Ben",
                "Delete Ben's draft",
                false,
            ),
            (
                "Delete Ana's draft",
                "Ana",
                "Ben",
                "Delete the draft",
                false,
            ),
            // What was not picked then may be what is meant now.
            (
                "Delete the draft",
                "Spring",
                "Autumn",
                "Delete the autumn draft",
                false,
            ),
            (
                "Delete Ana's draft",
                "Spring",
                "Autumn",
                "Delete Ben's draft",
                true,
            ),
        ] {
            let lessons = Lessons::new(vec![of(then, picked, not)], BTreeMap::new());
            let does = "click button \"Delete\"";
            let found = lessons.pick(2, does, now).is_some();
            assert_eq!(found, holds, "{then} {picked} {not} {now}");
            assert_eq!(lessons.pick(3, does, then), None);
            assert_eq!(lessons.pick(2, "click button \"Send\"", then), None);
        }
    }

    #[test]
    fn the_last_change_of_a_field_counts() {
        let edit = |field: &str, value: &str| lesson(LessonKind::Edit, field, value, "a");
        let learned = vec![edit("Amount", "1"), edit("Place", "x"), edit("Amount", "2")];
        let lessons = Lessons::new(learned, BTreeMap::new());
        let found = lessons.edit(&["", "amount:"]).unwrap();
        assert_eq!(found.value.as_deref(), Some("2"));
        assert_eq!(lessons.edit(&["Total"]), None);
        assert_eq!(lessons.by_hand(2, "click button \"Delete\""), None);
    }

    #[test]
    fn a_goal_is_not_silent_about_what_it_speaks_of() {
        for (goal, extras, name, spoken) in [
            ("File the lunch", &[][..], "cost-centre", None),
            (
                "File the lunch for cost centre 4712",
                &["cost centre 4712"],
                "cost-centre",
                Some("cost centre 4712"),
            ),
            // The demonstration's goal has the words, and not the number.
            (
                "File it under cost centre 4712",
                &["4712"],
                "Cost centre",
                Some("4712"),
            ),
            ("Book an aisle seat", &["aisle"], "seat", Some("aisle")),
            (
                "File the lunch tomorrow",
                &["tomorrow"],
                "cost_centre",
                None,
            ),
        ] {
            let reading = Reading {
                extras: extras.iter().map(|extra| (*extra).to_owned()).collect(),
                ..Reading::default()
            };
            assert_eq!(spoken_of(goal, &reading, name), spoken, "{goal}");
        }
    }

    #[test]
    fn names_are_compared_as_words() {
        for name in ["cost-centre", "Cost centre", "cost_centre ", "COST  CENTRE"] {
            assert_eq!(as_words(name), "cost centre");
        }
        assert_ne!(as_words("!"), as_words("?"));
    }
}
