//! What earlier runs and preferences add: a value that was answered twice, what was picked before, a field as it was changed, and
//! the words that say so on a card.

use super::locate::{Candidate, Located, Purpose, locate};
use super::progress::Progress;
use super::values::Values;
use super::{Imitator, Turn};
use crate::demo::learned::Lesson;
use crate::demo::{Step, Verb, words};
use crate::policy::{Act, Situation};
use crate::workflow::induce::value::Expr;
use crate::workflow::lessons::{Answered, as_words, spoken_of};
use crate::workflow::likeness::plain;
use crate::workflow::template::{Source, Template};

impl Values<'_> {
    /// What was answered often enough for a parameter that the goal does not speak of.
    pub(super) fn learnt(&self, name: &str) -> Option<String> {
        let answer = self.lessons.answer(name).filter(Answered::is_settled)?;
        let silent = spoken_of(self.situation.goal, self.reading, name).is_none();
        silent.then(|| answer.value.to_owned())
    }

    /// Puts the last answer before all other suggestions.
    pub(super) fn suggest(&self, key: &str, suggestions: &mut Vec<String>) {
        if let Some(answer) = self.lessons.answer(key) {
            suggestions.retain(|one| one != answer.value);
            suggestions.insert(0, answer.value.to_owned());
        }
    }

    /// The value of this key that nobody gave in this run, and whose word it is.
    fn on_whose_word(&self, key: &str) -> Option<(String, String)> {
        if let Some(value) = self.situation.remembered.get(key) {
            return Some((value.clone(), self.lessons.word(key).to_owned()));
        }
        let runs = self.lessons.answer(key)?.runs;
        let often = match runs {
            2 => "two".to_owned(),
            more => more.to_string(),
        };
        Some((self.learnt(key)?, format!("as in your last {often} runs")))
    }
}

impl Turn<'_> {
    /// What the demonstration does in this step: by it the step is known again.
    pub(super) fn shown(&self) -> String {
        words::describe(self.step, &|text| self.values.shown(text))
    }

    /// A value that an induced step needs, from what is remembered or was answered often enough for a step that does the same.
    /// What may be noted in this run is no matter of other runs.
    pub(super) fn known_value(&self, place: usize) -> Option<String> {
        if self.is_noted(place) {
            return None;
        }
        let key = &self.value_key(place);
        let remembered = self.values.situation.remembered.get(key).cloned();
        remembered.or_else(|| {
            let answer = self.values.lessons.answer(key)?;
            let same = answer.does == Some(self.shown().as_str());
            same.then(|| self.values.learnt(key)).flatten()
        })
    }

    /// Of elements that may be meant, the one that was picked before; only where it is found for certain.
    pub(super) fn picked_before(
        &self,
        candidates: &[Candidate],
        purpose: Purpose,
    ) -> Option<(usize, f64)> {
        let lesson = self.pick_lesson()?;
        let query = self.values.query(lesson.target.as_deref()?).ok()?;
        match locate(&query, self.observation(), purpose) {
            Located::Found { index, sure, .. } => candidates
                .iter()
                .any(|candidate| candidate.index == index)
                .then_some((index, sure)),
            Located::Ambiguous(_) | Located::Missing(_) => None,
        }
    }

    fn pick_lesson(&self) -> Option<&Lesson> {
        let goal = self.values.situation.goal;
        if self.values.lessons.is_empty() {
            return None;
        }
        let lesson = self.values.lessons.pick(self.at + 1, &self.shown(), goal)?;
        // Where the target depends on the goal, what was picked for another goal says nothing.
        let depends = self.plan().is_some_and(|plan| plan.varies)
            || !parameters_of(self.step, Part::Target).is_empty();
        (!depends || self.is_same_job(lesson)).then_some(lesson)
    }

    /// What a person changed this field to in a run for the same goal, where the goal does not say another.
    pub(super) fn edited(&self) -> Option<String> {
        let lesson = self.edit_lesson()?;
        let applies = self.is_same_job(lesson) && !self.is_said();
        applies.then(|| lesson.value.clone()).flatten()
    }

    fn edit_lesson(&self) -> Option<&Lesson> {
        if self.values.lessons.is_empty() || !matches!(self.step.verb, Verb::Fill | Verb::Choose) {
            return None;
        }
        let target = self.step.target.as_ref()?;
        let named: Vec<String> = [&target.name, &target.label]
            .into_iter()
            .flatten()
            .map(|text| self.values.told(text))
            .collect();
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        self.values
            .lessons
            .edit(&named)
            .filter(|_| !self.is_secret())
    }

    /// Whether the goal of that run and this one say the same.
    fn is_same_job(&self, lesson: &Lesson) -> bool {
        let (then, now) = (&lesson.goal, self.values.situation.goal);
        if plain(then) == plain(now) {
            return true;
        }
        if self.plan().is_some() {
            return false;
        }
        let today = self.values.settings.reference_date;
        let (then, now) = (
            self.values.workflow.read_goal(then, today),
            self.values.reading,
        );
        then.values == now.values && then.extras == now.extras
    }

    /// Whether the goal, a parameter or an answer of this run says what this step puts in.
    fn is_said(&self) -> bool {
        if let Some(plan) = self.plan() {
            let constant = |expr: &Expr| matches!(expr, Expr::Const(_));
            return !plan.values.iter().flatten().all(|(_, expr)| constant(expr));
        }
        parameters_of(self.step, Part::Value).iter().any(|name| {
            self.values.reading.values.contains_key(name)
                || self.values.situation.parameters.contains_key(name)
                || self.values.progress.answers.contains_key(name)
                || spoken_of(self.values.situation.goal, self.values.reading, name).is_some()
        })
    }

    fn is_secret(&self) -> bool {
        parameters_of(self.step, Part::Value).iter().any(|name| {
            let known = self.values.workflow.parameters().get(name);
            known.is_some_and(|known| known.secret.is_some())
        })
    }

    /// What this step relies on that nobody said in this run, in words.
    fn relies(&self, current: bool) -> Vec<String> {
        let mut told = Vec::new();
        for part in [Part::Value, Part::Target] {
            for name in parameters_of(self.step, part) {
                if !self.values.is_given(&name)
                    && let Some((value, word)) = self.values.on_whose_word(&name)
                {
                    told.push(format!("{} {value}, {word}", as_words(&name)));
                }
            }
        }
        for place in 0..self.plan().map_or(0, |plan| plan.values.len()) {
            let key = self.value_key(place);
            if !self.values.progress.answers.contains_key(&key)
                && self.known_value(place).is_some()
                && let Some((value, word)) = self.values.on_whose_word(&key)
            {
                told.push(format!("{value} in step {}, {word}", self.at + 1));
            }
        }
        if let Some(lesson) = self.edit_lesson()
            && let Some(value) = &lesson.value
        {
            let (field, day) = (&lesson.about, lesson.day());
            if self.edited().is_some() {
                told.push(format!("{field} {value}, as you changed it on {day}"));
            } else if self.is_same_job(lesson) || !self.is_said() {
                told.push(format!("{field}: you changed it to {value} on {day}"));
            }
        }
        if !current {
            return told;
        }
        if let Some(lesson) = self.values.lessons.by_hand(self.at + 1, &self.shown()) {
            told.push(format!("you did this yourself on {}", lesson.day()));
        }
        told
    }
}

impl Imitator {
    /// What it relies on for this action that nobody said in this run: values, each with whose word it is, and picks.
    pub(super) fn reliance(&self, situation: &Situation<'_>, act: &Act) -> Vec<String> {
        let Some(step) = act.step else {
            return Vec::new();
        };
        if act.hand.is_some() {
            return self.hand_relies_on(situation, step);
        }
        if situation.remembered.is_empty() && self.lessons.is_empty() {
            return Vec::new();
        }
        self.with_values(situation, |values| {
            let mut told: Vec<String> = Vec::new();
            for (at, one) in values.workflow.steps().iter().enumerate().take(step + 1) {
                let turn = Turn {
                    step: one,
                    at,
                    values,
                    variant: None,
                };
                told.extend(turn.relies(at == step));
                if at == step && turn.is_as_picked(act) {
                    let day = turn.pick_lesson().map_or("", Lesson::day);
                    told.push(format!("this one and no other, as you picked it on {day}"));
                }
            }
            let mut seen = std::collections::BTreeSet::new();
            told.retain(|line| seen.insert(line.clone()));
            told
        })
    }

    /// What its steps' values come from, for this goal and all that was done so far.
    pub(super) fn with_values<T>(
        &self,
        situation: &Situation<'_>,
        look: impl FnOnce(Values<'_>) -> T,
    ) -> T {
        let today = self.settings.reference_date;
        let workflow = self.workflow.for_goal(situation.goal, today);
        look(Values {
            workflow: &workflow,
            settings: &self.settings,
            situation,
            reading: &workflow.read_goal(situation.goal, today),
            progress: &Progress::of(situation.history, workflow.steps()),
            lessons: &self.lessons,
            hands: &self.hands,
            part: self.part.as_ref(),
        })
    }
}

impl Turn<'_> {
    /// Whether the action is on what was picked before, since what the step says alone does not tell which is meant.
    fn is_as_picked(&self, act: &Act) -> bool {
        let Some(crate::computer::Target::Element(id)) = act.action.target() else {
            return false;
        };
        if self.pick_lesson().is_none() || self.values.progress.pick.is_some() {
            return false;
        }
        let located = self.located(Purpose::Act);
        let (Some(Located::Ambiguous(candidates)) | Some(Located::Missing(candidates))) = located
        else {
            return false;
        };
        let index = self.picked_before(&candidates, Purpose::Act);
        index.is_some_and(|(index, _)| self.observation().elements[index].id == *id)
    }

    /// What the step itself says of where its target is.
    fn located(&self, purpose: Purpose) -> Option<Located> {
        let query = self.values.query(self.step.target.as_ref()?).ok()?;
        match self.planned_place(true) {
            Ok(Some(located)) => Some(located),
            Ok(None) => Some(locate(&query, self.observation(), purpose)),
            Err(_) => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Part {
    Value,
    Target,
}

/// The parameters that a part of the step holds.
fn parameters_of(step: &Step, part: Part) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    match part {
        Part::Value => texts.extend(step.values.iter().chain(&step.value).cloned()),
        Part::Target => {
            for query in [&step.target, &step.to].into_iter().flatten() {
                gather(&serde_json::to_value(query).unwrap_or_default(), &mut texts);
            }
        }
    }
    let mut names = Vec::new();
    for template in texts.iter().filter_map(|text| Template::parse(text).ok()) {
        for source in template.sources() {
            if let Source::Parameter(name) = source
                && !names.contains(name)
            {
                names.push(name.clone());
            }
        }
    }
    names
}

fn gather(value: &serde_json::Value, texts: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => texts.push(text.clone()),
        serde_json::Value::Array(all) => all.iter().for_each(|one| gather(one, texts)),
        serde_json::Value::Object(all) => all.values().for_each(|one| gather(one, texts)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}
