//! What a demonstration is made of once it is understood: steps with every explanation of their target and values, and
//! repetitions.

use std::collections::BTreeSet;

use super::explain::is_opener_role;
use super::selector::{Kind, Selector};
use super::sentence::Locator;
use super::value::Expr;
use crate::demo::{After, Step, Verb};
use crate::workflow::goal::Parting;

/// A step with everything that may explain it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// As it was recorded, in the first demonstration that has it.
    pub step: Step,
    /// What kind of thing its target and the end of a drag are; `None` where no page was kept.
    pub kind: Option<Kind>,
    pub to_kind: Option<Kind>,
    /// Every selector that picked its target in all demonstrations; `None` where no page was kept. Empty where none did: the
    /// demonstrations do not show what decides.
    pub target: Option<BTreeSet<Selector>>,
    /// The same for the end of a drag.
    pub to: Option<BTreeSet<Selector>>,
    /// Every expression that gives the word for the way that a thing is dragged; `None` where it does not go one way.
    pub toward: Option<BTreeSet<Expr>>,
    /// The size of what is dragged so, in CSS pixels.
    pub size: Option<[f64; 2]>,
    /// Every expression that gives each of its values, in their order.
    pub values: Vec<BTreeSet<Expr>>,
    /// How its target was looked for where it was not at once to be seen.
    pub seek: Option<Seek>,
    /// How often the same thing was done until the page said what was wanted.
    pub until: Option<Until>,
    /// Other ways to bring the same about: up instead of down.
    pub others: Vec<Explained>,
    /// Whether it is done to everything that the target's selectors pick, one after the other.
    pub all: bool,
    /// To how many of them, where the goal says so: the first so many.
    pub count: Option<BTreeSet<Expr>>,
    /// In how many demonstrations it was seen.
    pub takes: usize,
    /// What the page said after it, and not before, that the goal says.
    pub brings: BTreeSet<Expr>,
    /// Where the goal says what a number must be: what said such a number right before it. Empty where nothing did in all.
    pub awaits: Option<BTreeSet<Selector>>,
    /// What said the month of the goal's date where a day of it was chosen, in all demonstrations.
    pub month: BTreeSet<Expr>,
    /// Whether it was done several times in a row, until the step behind it could be done.
    pub again: bool,
    /// Whether the page showed something else after it in all demonstrations.
    pub changes: bool,
    /// What stood on the page before it that a later step puts in, and stood on none after it.
    pub noted: BTreeSet<Expr>,
    /// Whether it only notes what a later step puts in.
    pub noting: bool,
    /// Whether some demonstrations of the job do without it.
    pub optional: bool,
    /// Whether nothing that was on the page says when it is left out.
    pub unclear: bool,
}

/// Things of one kind that were opened one after the other until the target was there: tabs, sections, pages of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seek {
    pub kind: Kind,
    /// Where the opened things stand in the page's structure, without numbers.
    pub places: BTreeSet<String>,
    /// Classes that all opened things share.
    pub classes: BTreeSet<String>,
    /// What picked the first one in all demonstrations; tried before the others.
    pub first: BTreeSet<Selector>,
    /// Whether the same thing was used again and again, as a "next" button.
    pub same: bool,
    /// Whether demonstrations, or what the things are, show that others of the kind may be tried too.
    pub widely: bool,
}

/// The page says one of these once the step was done often enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Until {
    pub says: BTreeSet<Expr>,
    /// What says it.
    pub watch: BTreeSet<Selector>,
    /// Whether the number that it says grew.
    pub rises: Option<bool>,
}

/// A step, or steps that are done for each item of a list.
#[derive(Debug, Clone)]
pub enum Node {
    Step(Box<Explained>),
    Each(Each),
}

/// Steps that are done for each item of a list in the goal.
#[derive(Debug, Clone)]
pub struct Each {
    /// Where in the goal the list stands.
    pub list: BTreeSet<Locator>,
    /// What may part its items; the first of these does.
    pub parted: BTreeSet<Parting>,
    pub body: Vec<Explained>,
    /// Whether the last item is left to the step behind the loop: a path is pointed along, and its end is chosen.
    pub but_last: bool,
    /// What stands there where there is nothing to do.
    pub nothing: BTreeSet<String>,
}

/// How well two steps go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The same thing is done, and nothing explains both what was chosen here and what there.
    Open,
    /// Everything is explained.
    Whole,
}

impl Explained {
    /// How well both go together; `None` where they are not the same thing to do. It costs a fraction of meeting them.
    pub fn fit(&self, other: &Explained) -> Option<Fit> {
        let same = self.step.verb == other.step.verb
            && same_kind(&self.to_kind, &other.to_kind)
            && self.values.len() == other.values.len();
        if !same {
            return None;
        }
        // To scroll to the other end is another thing to do.
        if self.step.verb == Verb::ScrollTo && self.step.value != other.step.value {
            return None;
        }
        let is_told = self.toward.is_some()
            && other.toward.is_some()
            && !is_open(&self.toward, &other.toward);
        if self.step.verb == Verb::Drag
            && !is_told
            && !same_way(self.step.within, other.step.within)
        {
            return None;
        }
        // Things of different sorts are the same thing to do only where something is true of both.
        let untold = is_open(&self.target, &other.target);
        let is_known = self.target.is_some() || other.target.is_some();
        if (untold || !is_known) && !same_kind(&self.kind, &other.kind) {
            return None;
        }
        let values = || self.values.iter().zip(&other.values);
        let open = untold
            || self.is_elsewhere(other)
            || is_open(&self.to, &other.to)
            || values().any(|(one, other)| one.is_disjoint(other));
        if open && self.until_with(other).is_none() {
            Some(Fit::Open)
        } else {
            Some(Fit::Whole)
        }
    }

    /// Whether both went to other places of a drawing: that is what decides, and nothing says why.
    fn is_elsewhere(&self, other: &Explained) -> bool {
        self.step.verb != Verb::Drag && !same_place(self.step.within, other.step.within)
    }

    /// What both explain; `None` where they are not the same thing to do. Where nothing explains both, what is open stays
    /// open: it is asked about.
    pub fn meet(&self, other: &Explained) -> Option<(Explained, Fit)> {
        let fit = self.fit(other)?;
        let until = self.until_with(other);
        let target = if self.is_elsewhere(other) {
            Some(BTreeSet::new())
        } else {
            common_of(&self.target, &other.target)
        };
        let to = common_of(&self.to, &other.to);
        let values: Vec<BTreeSet<Expr>> = self
            .values
            .iter()
            .zip(&other.values)
            .map(|(one, other)| one.intersection(other).cloned().collect())
            .collect();
        let none = |all: &Option<BTreeSet<Selector>>| all.as_ref().is_some_and(BTreeSet::is_empty);
        let open = none(&target) || none(&to) || values.iter().any(BTreeSet::is_empty);
        if open && let Some(until) = &until {
            return Some((self.with_other(other, until), fit));
        }
        let mut step = self.step.clone();
        step.also_does(&other.step);
        step.after = step
            .after
            .zip(other.step.after.as_ref())
            .map(|(one, other)| After {
                url: one.url.filter(|url| Some(url) == other.url.as_ref()),
                text: one.text.filter(|text| Some(text) == other.text.as_ref()),
            });
        let met = Explained {
            step,
            kind: self.kind.clone().or_else(|| other.kind.clone()),
            to_kind: self.to_kind.clone().or_else(|| other.to_kind.clone()),
            target,
            to,
            toward: common_of(&self.toward, &other.toward).filter(|all| !all.is_empty()),
            size: self.size,
            values,
            seek: Seek::join(&self.seek, &other.seek),
            until: until
                .or_else(|| self.until.clone())
                .or_else(|| other.until.clone()),
            others: self.others.iter().chain(&other.others).cloned().collect(),
            all: self.all || other.all,
            count: common_of(&self.count, &other.count),
            takes: self.takes + other.takes,
            brings: self.brings.intersection(&other.brings).cloned().collect(),
            awaits: common_of(&self.awaits, &other.awaits),
            month: self.month.intersection(&other.month).cloned().collect(),
            again: self.again || other.again,
            changes: self.changes && other.changes,
            noted: self.noted.intersection(&other.noted).cloned().collect(),
            noting: self.noting && other.noting,
            optional: self.optional || other.optional,
            unclear: self.unclear || other.unclear,
        };
        Some((met, fit))
    }

    /// A step that notes what one of these says.
    pub fn noting(step: Step, selectors: BTreeSet<Selector>, takes: usize) -> Self {
        Self {
            toward: None,
            size: None,
            optional: step.optional,
            step,
            kind: None,
            to_kind: None,
            target: Some(selectors),
            to: None,
            values: Vec::new(),
            seek: None,
            until: None,
            others: Vec::new(),
            all: false,
            count: None,
            takes,
            brings: BTreeSet::new(),
            awaits: None,
            month: BTreeSet::new(),
            again: false,
            changes: false,
            noted: BTreeSet::new(),
            noting: true,
            unclear: false,
        }
    }

    /// What ends both, of which one may have been done just once.
    fn until_with(&self, other: &Explained) -> Option<Until> {
        let of_once = |until: &Option<Until>, once: &Explained| {
            let mut until = until.clone()?;
            until.says.retain(|expr| once.brings.contains(expr));
            (!until.says.is_empty()).then_some(until)
        };
        match (&self.until, &other.until) {
            (Some(_), Some(_)) => Until::meet(&self.until, &other.until),
            (Some(_), None) => of_once(&self.until, other),
            (None, Some(_)) => of_once(&other.until, self),
            (None, None) => None,
        }
    }

    /// The step with another way to come to the same end.
    fn with_other(&self, other: &Explained, until: &Until) -> Explained {
        let mut all = self.clone();
        all.takes += other.takes;
        all.step.mark = all.step.mark.or(other.step.mark);
        if let Some(own) = &mut all.until {
            own.says = until.says.clone();
            own.watch = until.watch.clone();
        }
        for (at, known) in all.others.iter().enumerate() {
            if let Some((met, Fit::Whole)) = known.meet(other) {
                all.others[at] = met;
                return all;
            }
        }
        all.others.push(other.clone());
        all
    }
}

impl Until {
    /// What ends both; `None` where nothing does.
    fn meet(one: &Option<Until>, other: &Option<Until>) -> Option<Until> {
        let (one, other) = (one.as_ref()?, other.as_ref()?);
        let says: BTreeSet<Expr> = one.says.intersection(&other.says).cloned().collect();
        (!says.is_empty()).then(|| Until {
            says,
            watch: one.watch.intersection(&other.watch).cloned().collect(),
            rises: one.rises.filter(|_| one.rises == other.rises),
        })
    }
}

/// Whether two drags inside a thing go the same way: begin in the same part of it and end in the same part.
fn same_way(one: Option<[f64; 4]>, other: Option<[f64; 4]>) -> bool {
    /// Parts of the thing's size that a hand may be off.
    const OFF: f64 = 0.35;
    match (one, other) {
        (Some(one), Some(other)) => one
            .iter()
            .zip(&other)
            .all(|(one, other)| (one - other).abs() <= OFF * one.abs().max(other.abs()).max(1.0)),
        (None, None) => true,
        _ => false,
    }
}

/// Whether two clicks went to the same place of a drawing.
fn same_place(one: Option<[f64; 4]>, other: Option<[f64; 4]>) -> bool {
    /// Parts of the drawing's size.
    const OFF: f64 = 0.1;
    match (one, other) {
        (Some(one), Some(other)) => one
            .iter()
            .zip(&other)
            .all(|(one, other)| (one - other).abs() <= OFF),
        _ => true,
    }
}

fn same_kind(one: &Option<Kind>, other: &Option<Kind>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.goes_with(other),
        _ => true,
    }
}

impl Seek {
    /// Both ways of looking as one; what only one demonstration needed is still how one looks.
    fn join(one: &Option<Seek>, other: &Option<Seek>) -> Option<Seek> {
        match (one, other) {
            (Some(one), Some(other)) if one.kind == other.kind => Some(Seek {
                kind: one.kind.clone(),
                places: one.places.union(&other.places).cloned().collect(),
                classes: one.classes.intersection(&other.classes).cloned().collect(),
                first: one.first.intersection(&other.first).cloned().collect(),
                same: one.same && other.same,
                // That each recording opened another one tells only of things that are there to be opened: pressing other images
                // or buttons than those that were shown does other things.
                widely: one.widely
                    || other.widely
                    || is_opener_role(&one.kind.role) && one.first.is_disjoint(&other.first),
            }),
            (Some(one), _) => Some(one.clone()),
            (None, other) => other.clone(),
        }
    }
}

impl Node {
    /// How well both go together; `None` where they are not the same thing to do.
    pub fn fit(&self, other: &Node) -> Option<Fit> {
        match (self, other) {
            (Node::Step(one), Node::Step(other)) => one.fit(other),
            (Node::Each(one), Node::Each(other)) => one.goes_with(other).then_some(Fit::Whole),
            _ => None,
        }
    }

    pub fn meet(&self, other: &Node) -> Option<(Node, Fit)> {
        match (self, other) {
            (Node::Step(one), Node::Step(other)) => {
                let (met, fit) = one.meet(other)?;
                Some((Node::Step(Box::new(met)), fit))
            }
            (Node::Each(one), Node::Each(other)) => {
                Some((Node::Each(one.meet(other)?), Fit::Whole))
            }
            _ => None,
        }
    }
}

impl Each {
    fn goes_with(&self, other: &Each) -> bool {
        self.body.len() == other.body.len()
            && self.but_last == other.but_last
            && !self.list.is_disjoint(&other.list)
            && !self.parted.is_disjoint(&other.parted)
            && are_whole(&self.body, &other.body)
    }

    fn meet(&self, other: &Each) -> Option<Each> {
        self.goes_with(other).then_some(())?;
        Some(Each {
            list: self.list.intersection(&other.list).cloned().collect(),
            parted: self.parted.intersection(&other.parted).copied().collect(),
            body: meet_all(&self.body, &other.body)?,
            but_last: self.but_last,
            nothing: self.nothing.union(&other.nothing).cloned().collect(),
        })
    }
}

/// Whether everything is explained by what explains both.
fn are_whole(one: &[Explained], other: &[Explained]) -> bool {
    let mut pairs = one.iter().zip(other);
    pairs.all(|(one, other)| one.fit(other) == Some(Fit::Whole))
}

/// The steps met one by one; `None` unless everything is explained.
pub fn meet_all(one: &[Explained], other: &[Explained]) -> Option<Vec<Explained>> {
    if !are_whole(one, other) {
        return None;
    }
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| Some(one.meet(other)?.0)).collect()
}

/// Whether nothing explains both, or one of them has nothing that explains it.
fn is_open<T: Ord>(one: &Option<BTreeSet<T>>, other: &Option<BTreeSet<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is_disjoint(other),
        (Some(only), None) | (None, Some(only)) => only.is_empty(),
        (None, None) => false,
    }
}

/// What both know; a demonstration without pages rules nothing out.
fn common_of<T: Ord + Clone>(
    one: &Option<BTreeSet<T>>,
    other: &Option<BTreeSet<T>>,
) -> Option<BTreeSet<T>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.intersection(other).cloned().collect()),
        (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        (None, None) => None,
    }
}
