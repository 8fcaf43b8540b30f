//! What is done several times: for each item of a list in the goal, and to everything of which something is true.

use std::collections::BTreeSet;

use super::{Kept, Take, target_of};
use crate::demo::{Step, Verb};
use crate::workflow::induce::describe::describe_sets;
use crate::workflow::induce::node::{Each, Explained, meet_all};
use crate::workflow::induce::selector::{Kind, Selector};
use crate::workflow::likeness::plain;

/// Steps of one item of a list at most.
const LONGEST_BODY: usize = 8;

impl<'a> Take<'a> {
    /// The loop over a list of the goal that begins with the first of these steps, and how many of them it covers.
    pub(super) fn each(&self, kept: &[Kept<'a>]) -> Option<(Each, usize)> {
        let mut best: Option<(Each, usize)> = None;
        let mut most = 0;
        for listed in &self.lists {
            let items = listed.items.as_slice();
            // A part of a list that is done explains less than the whole of it.
            if best.is_some() && items.len() < most {
                break;
            }
            let (found, but_last) = match self.body(kept, items) {
                Some(found) => (Some(found), false),
                None => (self.path(kept, items), true),
            };
            let Some((body, length)) = found else {
                continue;
            };
            // Of lists that say the same, the one with fewer words around it.
            let better = best.as_ref().is_none_or(|(_, covered)| length > *covered);
            if better {
                most = items.len();
                let list = self.sentence.locators(listed.span).into_iter().collect();
                best = Some((
                    Each {
                        list,
                        parted: listed.parted.clone(),
                        body,
                        but_last,
                        nothing: BTreeSet::new(),
                    },
                    length,
                ));
            }
        }
        best.filter(|(each, _)| !each.list.is_empty())
    }

    /// The step that is done to everything that something is true of, where it begins here, and how many steps it covers.
    pub(super) fn all(&self, kept: &[Kept<'a>]) -> Option<(Explained, usize)> {
        let first = kept.first()?;
        let (element, seen) = target_of(first.step)?;
        let alike = |other: &Kept<'a>| {
            other.seek.is_none()
                && other.until.is_none()
                && matches!(other.step.verb, Verb::Click | Verb::Drag)
                && other.step.verb == first.step.verb
                && target_of(other.step)
                    .is_some_and(|(one, _)| Kind::of(one).goes_with(&Kind::of(element)))
        };
        let most = kept.iter().take_while(|other| alike(other)).count();
        if most < 2 {
            return None;
        }
        let first_of_all = seen.target?;
        // Where each of them stood on the page as it was before the first.
        let place = |other: &Kept<'a>| {
            let (one, _) = target_of(other.step)?;
            seen.elements
                .iter()
                .position(|known| known.path == one.path && known.frame == one.frame)
        };
        let places: Vec<Option<usize>> = kept[..most].iter().map(place).collect();
        let sets = describe_sets(first_of_all, &seen.elements, &self.sayings);
        for run in (2..=most).rev() {
            let mut done: Vec<usize> = places[..run].iter().flatten().copied().collect();
            done.sort_unstable();
            done.dedup();
            if done.len() < run {
                continue;
            }
            let picked = |fits: &dyn Fn(&Vec<usize>) -> bool| -> BTreeSet<Selector> {
                let fitting = sets.iter().filter(|(set, _)| fits(set));
                fitting.map(|(_, selector)| selector.clone()).collect()
            };
            let count = self.sayings.valued(&run.to_string());
            let mut selectors = picked(&|set| *set == done);
            if selectors.is_empty() && !count.is_empty() {
                selectors = picked(&|set| set.starts_with(&done));
            }
            let (run, selectors) = match count.is_empty() {
                true => self.further(&kept[..most], run, selectors),
                false => (run, selectors),
            };
            let to = self.common_end(&kept[..run]);
            if !selectors.is_empty() && to.as_ref().is_none_or(|to| !to.is_empty()) {
                let explained = Explained {
                    to,
                    count: Some(count).filter(|count| !count.is_empty()),
                    ..self.done_to_all(&kept[..run], selectors)?
                };
                return Some((explained, run));
            }
        }
        self.all_from_one(&kept[..most])
    }

    /// The first of these steps as one that does what all of them do, to everything that the selectors pick.
    fn done_to_all(&self, run: &[Kept<'a>], selectors: BTreeSet<Selector>) -> Option<Explained> {
        let (first, others) = run.split_first()?;
        let mut explained = self.explain(first, None);
        for other in others {
            explained.step.also_does(other.step);
        }
        explained.target = Some(selectors);
        explained.all = true;
        Some(explained)
    }

    /// The same where only the first of them was listed when it began.
    fn all_from_one(&self, kept: &[Kept<'a>]) -> Option<(Explained, usize)> {
        let first = kept
            .first()
            .filter(|first| first.step.verb == Verb::Click)?;
        let of_goal = self.explain(first, None).target?.into_iter();
        let of_goal =
            of_goal.filter(|one| one.varies() && one.means_all() && !one.kind.is_any_control());
        let (run, selectors) = self.further(kept, 1, of_goal.collect());
        if run < 2 {
            return None;
        }
        Some((self.done_to_all(&kept[..run], selectors)?, run))
    }

    /// The run and what explains it with the steps behind it that are done to what was not listed when it began: it stood further
    /// down. All that is listed in the end must have been done.
    fn further(
        &self,
        kept: &[Kept<'a>],
        run: usize,
        selectors: BTreeSet<Selector>,
    ) -> (usize, BTreeSet<Selector>) {
        let bound: Vec<(Selector, &Selector)> = selectors
            .iter()
            .filter_map(|one| Some((one.bind(&self.sentence, None, self.today)?, one)))
            .collect();
        let picks = |one: &Selector, step: &Step| {
            let target = target_of(step).and_then(|(_, seen)| Some((seen, seen.target?)));
            target.is_some_and(|(seen, at)| one.find(&seen.elements).contains(&at))
        };
        let all_done = |one: &Selector, steps: &[Kept<'a>]| {
            let paths: BTreeSet<&str> = steps
                .iter()
                .filter_map(|kept| Some(target_of(kept.step)?.0.path.as_str()))
                .collect();
            let last = steps.last().and_then(|kept| target_of(kept.step));
            paths.len() == steps.len()
                && last.is_some_and(|(_, seen)| {
                    let mut found = one.find(&seen.elements).into_iter();
                    found.all(|at| paths.contains(seen.elements[at].path.as_str()))
                })
        };
        for longer in (run + 1..=kept.len()).rev() {
            let fits = |(bound, _): &&(Selector, &Selector)| {
                let mut steps = kept[run..longer].iter();
                steps.all(|kept| picks(bound, kept.step)) && all_done(bound, &kept[..longer])
            };
            let fitting: BTreeSet<Selector> = bound
                .iter()
                .filter(fits)
                .map(|(_, one)| (*one).clone())
                .collect();
            if !fitting.is_empty() {
                return (longer, fitting);
            }
        }
        (run, selectors)
    }

    /// The steps of one item but for the last, which is what the step behind them is for.
    fn path(&self, kept: &[Kept<'a>], items: &[String]) -> Option<(Vec<Explained>, usize)> {
        let (last, before) = items.split_last()?;
        let (body, length) = self.body(kept, before)?;
        let end = kept.get(length)?;
        let is_other = end.step.verb != body.first()?.step.verb;
        (is_other && end.mentions.contains(&plain(last))).then_some((body, length))
    }

    /// Where all these drags end; `None` where they are none.
    fn common_end(&self, kept: &[Kept<'a>]) -> Option<BTreeSet<Selector>> {
        if kept.first()?.step.verb != Verb::Drag {
            return None;
        }
        let ends = kept.iter().map(|kept| self.explain(kept, None).to);
        ends.reduce(|one, other| Some(one?.intersection(&other?).cloned().collect()))?
    }

    /// The steps of one item, where these steps begin with as many equal stretches as there are items, one for each.
    fn body(&self, kept: &[Kept<'a>], items: &[String]) -> Option<(Vec<Explained>, usize)> {
        for length in 1..=LONGEST_BODY.min(kept.len() / items.len()) {
            let stretches: Vec<&[Kept<'a>]> = kept.chunks(length).take(items.len()).collect();
            let Some(order) = assigned(&stretches, items) else {
                continue;
            };
            let mut shared: Option<Vec<Explained>> = None;
            for (stretch, item) in stretches.iter().zip(order) {
                let explained: Vec<Explained> = stretch
                    .iter()
                    .map(|kept| self.explain(kept, Some(item)))
                    .collect();
                shared = match shared {
                    None => Some(explained),
                    Some(shared) => meet_all(&shared, &explained),
                };
                if shared.is_none() {
                    break;
                }
            }
            if let Some(mut body) = shared {
                for explained in &mut body {
                    explained.takes = 1;
                }
                return Some((body, length * items.len()));
            }
        }
        None
    }
}

/// Which item each stretch is for, where each is for another one.
fn assigned<'i>(stretches: &[&[Kept<'_>]], items: &'i [String]) -> Option<Vec<&'i String>> {
    let mut open: Vec<&String> = items.iter().collect();
    stretches
        .iter()
        .map(|stretch| {
            let says = |item: &String| {
                let item = plain(item);
                stretch.iter().any(|kept| kept.mentions.contains(&item))
            };
            let at = open.iter().position(|item| says(item))?;
            Some(open.remove(at))
        })
        .collect()
}
