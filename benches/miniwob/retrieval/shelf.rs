//! A library in memory: every workflow understood once, so that thousands of goals can be asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use apprentice::demo::library::{self, Heading};
use apprentice::workflow::Workflow;
use apprentice::workflow::fitting::{Fit, Found, Request, find};
use jiff::civil::{Date, date};

use super::goals::{Class, Said, put};
use super::tally::Outcome;
use crate::Failure;
use crate::program::repository;

/// "Yesterday" is seen from here, so that the same goals give the same numbers on every day.
pub const TODAY: Date = date(2026, 11, 24);

/// What becomes of the recordings' goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    No,
    /// As if the recordings were made for the contrary.
    Negated,
}

#[derive(Debug)]
pub struct Shelf {
    headings: Vec<Heading>,
    workflows: Vec<Workflow>,
}

impl Shelf {
    /// The first `takes` recordings of each task that has some, and the demonstrations of the repository.
    pub fn load(
        recorded: &Path,
        tasks: &[String],
        takes: usize,
        turned: Turned,
    ) -> Result<Self, Failure> {
        let bundled = repository().join("demos");
        let mut shelf = Self {
            headings: Vec::new(),
            workflows: Vec::new(),
        };
        let bundled_names = library::list(&bundled).into_iter().map(|entry| entry.name);
        let folders: Vec<(PathBuf, String)> = tasks
            .iter()
            .map(|task| (recorded.to_owned(), task.clone()))
            .filter(|(folder, task)| {
                library::takes(folder, task).is_ok_and(|takes| !takes.is_empty())
            })
            .chain(bundled_names.map(|name| (bundled.clone(), name)))
            .collect();
        for (folder, name) in folders {
            let mut shown = library::load(&folder, &name)?;
            shown
                .sort_by_key(|(take, _)| crate::settings::TAKES.iter().position(|one| one == take));
            shown.truncate(takes);
            if turned == Turned::Negated {
                for (_, demonstration) in &mut shown {
                    demonstration.goal = put("Do not {}", &demonstration.goal);
                }
            }
            let goals = shown.iter().map(|(_, one)| one.goal.clone()).collect();
            shelf.headings.push(Heading { name, goals });
            shelf.workflows.push(Workflow::from_takes(shown)?);
        }
        Ok(shelf)
    }

    /// The goals that were shown, by task.
    pub fn goals(&self) -> BTreeMap<String, BTreeSet<String>> {
        self.headings
            .iter()
            .map(|heading| {
                (
                    heading.name.clone(),
                    heading.goals.iter().cloned().collect(),
                )
            })
            .collect()
    }

    pub fn shows(&self, task: &str) -> bool {
        self.headings.iter().any(|heading| heading.name == task)
    }

    fn named(&self, name: &str) -> Option<&Workflow> {
        let at = self
            .headings
            .iter()
            .position(|heading| heading.name == name)?;
        self.workflows.get(at)
    }

    /// Whether a workflow of the goal's family explains all of it: no choice can be better than that.
    pub fn explains(&self, said: &Said, families: &BTreeMap<String, String>) -> bool {
        let family = families.get(&said.of);
        let is_own = |heading: &&Heading| family.is_some() && families.get(&heading.name) == family;
        let own: Vec<Heading> = self.headings.iter().filter(is_own).cloned().collect();
        let sites = BTreeMap::new();
        let request = Request {
            goal: &said.goal,
            start: None,
            sites: &sites,
            today: TODAY,
        };
        let found = find(&own, &request, |name| self.named(name));
        matches!(found.fit, Fit::One(_) | Fit::Several(_))
    }

    /// What the goal is taken for, by the library without what is not to be there.
    pub fn choose(&self, said: &Said, families: &BTreeMap<String, String>) -> Outcome {
        let family = families.get(&said.of);
        let is_family = |name: &str| family.is_some() && families.get(name) == family;
        let left_out = |name: &str| said.class == Class::Elsewhere && is_family(name);
        let there: Vec<usize> = (0..self.headings.len())
            .filter(|at| !left_out(&self.headings[*at].name))
            .collect();
        let headings: Vec<Heading> = there.iter().map(|at| self.headings[*at].clone()).collect();
        let own = self
            .headings
            .iter()
            .position(|heading| heading.name == said.of);
        let page = (said.class == Class::KnownWithPage)
            .then(|| own.map(|at| self.workflows[at].start_url(&BTreeMap::new())))
            .flatten();
        let request = Request {
            goal: &said.goal,
            start: page.as_deref(),
            sites: &BTreeMap::new(),
            today: TODAY,
        };
        let Found { read, fit } = find(&headings, &request, |name| self.named(name));
        let name = |at: usize| read[at].name();
        // With its page, a task can be told from others that are asked for alike.
        let is_right = |at: usize| {
            let exactly = said.class == Class::KnownWithPage;
            said.class.is_known() && (name(at) == said.of || !exactly && is_family(name(at)))
        };
        match fit {
            Fit::One(at) if is_right(at) => Outcome::Right,
            Fit::One(at) => Outcome::Wrong(name(at).to_owned()),
            Fit::Several(all) if all.iter().all(|at| is_right(*at)) => Outcome::WhichOfFamily,
            Fit::Several(all) if all.iter().any(|at| is_right(*at)) => Outcome::AskedWithRight,
            Fit::Several(_) => Outcome::Asked,
            Fit::Near(at, _) if is_right(at) => Outcome::AskedWithRight,
            Fit::Near(..) => Outcome::Asked,
            Fit::None => Outcome::None,
        }
    }
}
