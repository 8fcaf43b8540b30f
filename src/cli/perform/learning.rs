//! What a run knows of its workflow beforehand (preferences, what earlier runs taught), and keeping what it teaches itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::CliError;
use super::wrong_use;
use crate::demo::by_hand;
use crate::demo::learned::{self, Lesson, LessonKind};
use crate::human::memory::{Memory, Preference};
use crate::run::Progress;
use crate::trace::{self, Trace, hand, lessons};
use crate::workflow::Workflow;
use crate::workflow::goal::Reading;
use crate::workflow::lessons::{Lessons, as_words, spoken_of};
use crate::workflow::likeness::plain;

/// What is known before a run, and where what it teaches goes.
#[derive(Debug, Clone, Default)]
pub struct Learning {
    /// Values that are used where the goal is silent, by key.
    pub remembered: BTreeMap<String, String>,
    /// What the person should know of it.
    pub notes: Vec<String>,
    /// What earlier runs taught, for the policy.
    pub lessons: Lessons,
    /// Where the run's own lessons go; nowhere for a demonstration that the program brings.
    file: Option<PathBuf>,
    /// The run that this one does anew.
    earlier: Option<Trace>,
}

impl Learning {
    /// # Errors
    /// Where a file of the person's cannot be understood.
    pub fn before(
        workflow: &Workflow,
        goal: &str,
        parameters: &BTreeMap<String, String>,
        memory: &Path,
        file: Option<PathBuf>,
    ) -> Result<Self, CliError> {
        let memory = Memory::load(memory).map_err(|e| wrong_use(e.to_string()))?;
        let learned = match &file {
            Some(file) => learned::load(file).map_err(|e| wrong_use(e.to_string()))?,
            None => Vec::new(),
        };
        let today = jiff::ZonedDateTime::now().date();
        let reading = workflow.read_goal(goal, today);
        let mut learning = Learning {
            remembered: memory.answers(workflow.name()),
            file,
            ..Learning::default()
        };
        let mut words = BTreeMap::new();
        for (name, known) in workflow.parameters() {
            let Some(preference) = memory.preference(workflow.name(), name) else {
                continue;
            };
            if known.secret.is_some() || parameters.contains_key(name) {
                continue;
            }
            match against(preference, goal, &reading, name) {
                Some(note) => {
                    learning.remembered.remove(name);
                    learning.notes.extend(note);
                }
                None => {
                    learning
                        .remembered
                        .insert(name.clone(), preference.value.clone());
                    words.insert(name.clone(), word(preference));
                }
            }
        }
        let mut hands = Vec::new();
        if let Some(file) = &learning.file {
            for lesson in &learned {
                match by_hand::load(file, lesson) {
                    Ok(shown) => hands.extend(shown.map(|shown| (lesson.clone(), shown))),
                    Err(error) => learning.notes.push(format!(
                        "what was done by hand on {} is not used: {error}; mend it, or take it back: apprentice demos unlearn {}",
                        lesson.day(),
                        workflow.name()
                    )),
                }
            }
        }
        learning.lessons = Lessons::new(learned, words).with_hands(hands);
        Ok(learning)
    }

    /// The same for a run that is done anew: what it was told counts where this one ends well.
    pub fn anew(mut self, earlier: Trace) -> Self {
        self.earlier = Some(earlier);
        self
    }

    /// Keeps what the run in this folder teaches, which is nothing where it did not end well.
    pub fn after(&self, folder: &Path, progress: &mut dyn Progress) {
        let Some(file) = &self.file else { return };
        match self.keep(file, folder) {
            Ok(0) => {}
            Ok(count) => {
                let things = if count == 1 { "thing" } else { "things" };
                let name = file.parent().and_then(Path::file_name).unwrap_or_default();
                progress.note(&format!(
                    "learnt {count} {things} for the next run: apprentice demos learned {}",
                    name.display()
                ));
            }
            Err(reason) => progress.note(&format!("what was learnt was not kept: {reason}")),
        }
    }

    fn keep(&self, file: &Path, folder: &Path) -> Result<usize, String> {
        let trace = trace::read(folder).map_err(|e| e.to_string())?;
        let mut fresh = lessons::lessons(&trace, |blob| trace.observation(blob).ok());
        if trace
            .end
            .as_ref()
            .is_some_and(|end| end.outcome == trace::Outcome::Done)
            && let Some(earlier) = &self.earlier
        {
            let told = lessons::answers(earlier).into_iter();
            let told = told.filter(|one| !fresh.iter().any(|other| other.about == one.about));
            fresh = told.chain(fresh.clone()).collect();
        }
        fresh.extend(trace::wording(&trace));
        let known = learned::load(file).map_err(|e| e.to_string())?;
        fresh.retain(|one| !known.iter().any(|other| is_again(one, other)));
        // Written before the lessons that name them: what is named is there.
        for (at, fragment) in hand::fragments(&trace, |blob| trace.blob(blob).ok())
            .iter()
            .enumerate()
        {
            let name = format!("{}-{}", trace.header.run, at + 1);
            let take = by_hand::keep(file, &name, &fragment.recorded).map_err(|e| e.to_string())?;
            fresh.push(Lesson {
                take: Some(take),
                ..lessons::by_hand(fragment.by_hand, &trace)
            });
        }
        learned::add(file, &fresh).map_err(|e| e.to_string())?;
        Ok(fresh.len())
    }
}

/// Whether it says nothing that is not known. How often an answer was given is worth knowing.
fn is_again(one: &Lesson, known: &Lesson) -> bool {
    one.kind != LessonKind::Answer
        && Lesson {
            question: known.question.clone(),
            run: known.run.clone(),
            when: known.when.clone(),
            ..one.clone()
        } == *known
}

/// Why a preference is not used for this goal, `None` where it is: with what the person should know, if anything.
fn against(
    preference: &Preference,
    goal: &str,
    reading: &Reading,
    name: &str,
) -> Option<Option<String>> {
    let (name_in_words, value) = (as_words(name), &preference.value);
    if let Some(said) = reading.values.get(name) {
        let note = (plain(said) != plain(value)).then(|| {
            format!(
                "the goal says {name_in_words} {said}, which goes before your preference {value}"
            )
        });
        return Some(note);
    }
    let spoken = spoken_of(goal, reading, name)?;
    if format!(" {} ", as_words(spoken)).contains(&format!(" {} ", as_words(value))) {
        return None;
    }
    Some(Some(format!(
        "the goal itself speaks of {name_in_words} ({spoken:?}), so your preference {value} is not used"
    )))
}

/// Whose word a preference is, for cards.
fn word(preference: &Preference) -> String {
    match preference.workflow {
        None => "your preference".to_owned(),
        Some(_) => "your preference for this job".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_goal_wins_and_it_is_said() {
        let preference = Preference {
            name: "Cost centre".to_owned(),
            value: "4711".to_owned(),
            source: "set by hand".to_owned(),
            workflow: None,
        };
        for (said, extras, used, note) in [
            (None, &[][..], true, None),
            (Some("4711"), &[], false, None),
            (
                Some("4712"),
                &[],
                false,
                Some("the goal says cost centre 4712"),
            ),
            (
                None,
                &["cost centre 4712"],
                false,
                Some("speaks of cost centre"),
            ),
            // The goal says the same in words that the demonstration does not have.
            (None, &["cost centre 4711"], true, None),
            (None, &["tomorrow"], true, None),
        ] {
            let reading = Reading {
                values: said
                    .map(|said| ("cost-centre".to_owned(), said.to_owned()))
                    .into_iter()
                    .collect(),
                extras: extras.iter().map(|one| (*one).to_owned()).collect(),
                ..Reading::default()
            };
            let against = against(&preference, "File it", &reading, "cost-centre");
            assert_eq!(against.is_none(), used, "{said:?} {extras:?}");
            let told = against.flatten();
            match note {
                None => assert_eq!(told, None),
                Some(note) => assert!(told.clone().unwrap().contains(note), "{told:?}"),
            }
        }
    }
}
