//! What a demonstration is made of once it is understood: steps with every explanation of their target and values, and
//! repetitions.

use std::collections::BTreeSet;

use super::selector::{Kind, Selector};
use super::sentence::Locator;
use super::value::Expr;
use crate::demo::{After, Step, Verb};

/// A step with everything that may explain it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// As it was recorded, in the first demonstration that has it.
    pub step: Step,
    /// Every selector that picked its target in all demonstrations; `None` where no page was kept.
    pub target: Option<BTreeSet<Selector>>,
    /// The same for the end of a drag.
    pub to: Option<BTreeSet<Selector>>,
    /// Every expression that gives each of its values, in their order.
    pub values: Vec<BTreeSet<Expr>>,
    /// How its target was looked for where it was not at once to be seen.
    pub seek: Option<Seek>,
    /// How often the same thing was done until the page said what was wanted.
    pub until: Option<Until>,
    /// In how many demonstrations it was seen.
    pub takes: usize,
    /// Whether some demonstrations of the job do without it.
    pub optional: bool,
}

/// What steps must share to be the same step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    pub verb: Verb,
    pub kind: Option<Kind>,
    pub to: Option<Kind>,
}

/// Things of one kind that were opened one after the other until the target was there: tabs, sections, pages of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seek {
    pub kind: Kind,
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
    pub body: Vec<Explained>,
    /// What stands there where there is nothing to do.
    pub nothing: BTreeSet<String>,
}

impl Explained {
    pub fn shape(&self) -> Shape {
        let kind = |selectors: &Option<BTreeSet<Selector>>| {
            selectors
                .as_ref()
                .and_then(|all| all.first())
                .map(|one| one.kind.clone())
        };
        Shape {
            verb: self.step.verb,
            kind: kind(&self.target),
            to: kind(&self.to),
        }
    }

    /// What both explain; `None` where nothing does.
    pub fn meet(&self, other: &Explained) -> Option<Explained> {
        if self.shape() != other.shape() || self.values.len() != other.values.len() {
            return None;
        }
        let values = self
            .values
            .iter()
            .zip(&other.values)
            .map(|(one, other)| common(one, other))
            .collect::<Option<_>>()?;
        let until = match (&self.until, &other.until) {
            (Some(one), Some(other)) => Some(Until {
                says: common(&one.says, &other.says)?,
            }),
            (None, None) => None,
            // Once is how often it takes when the wanted is one away.
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
        };
        let mut step = self.step.clone();
        step.after = step
            .after
            .zip(other.step.after.as_ref())
            .map(|(one, other)| After {
                url: one.url.filter(|url| Some(url) == other.url.as_ref()),
                text: one.text.filter(|text| Some(text) == other.text.as_ref()),
            });
        Some(Explained {
            step,
            target: common_of(&self.target, &other.target)?,
            to: common_of(&self.to, &other.to)?,
            values,
            seek: Seek::join(&self.seek, &other.seek),
            until,
            takes: self.takes + other.takes,
            optional: self.optional || other.optional,
        })
    }
}

impl Seek {
    /// Both ways of looking as one; what only one demonstration needed is still how one looks.
    fn join(one: &Option<Seek>, other: &Option<Seek>) -> Option<Seek> {
        match (one, other) {
            (Some(one), Some(other)) if one.kind == other.kind => Some(Seek {
                kind: one.kind.clone(),
                classes: one.classes.intersection(&other.classes).cloned().collect(),
                first: one.first.intersection(&other.first).cloned().collect(),
                same: one.same && other.same,
                widely: one.widely || other.widely || one.first.is_disjoint(&other.first),
            }),
            (Some(one), _) => Some(one.clone()),
            (None, other) => other.clone(),
        }
    }
}

impl Node {
    pub fn meet(&self, other: &Node) -> Option<Node> {
        match (self, other) {
            (Node::Step(one), Node::Step(other)) => Some(Node::Step(Box::new(one.meet(other)?))),
            (Node::Each(one), Node::Each(other)) => Some(Node::Each(one.meet(other)?)),
            _ => None,
        }
    }
}

impl Each {
    fn meet(&self, other: &Each) -> Option<Each> {
        if self.body.len() != other.body.len() {
            return None;
        }
        Some(Each {
            list: common(&self.list, &other.list)?,
            body: self
                .body
                .iter()
                .zip(&other.body)
                .map(|(one, other)| one.meet(other))
                .collect::<Option<_>>()?,
            nothing: self.nothing.union(&other.nothing).cloned().collect(),
        })
    }
}

fn common<T: Ord + Clone>(one: &BTreeSet<T>, other: &BTreeSet<T>) -> Option<BTreeSet<T>> {
    let both: BTreeSet<T> = one.intersection(other).cloned().collect();
    (!both.is_empty()).then_some(both)
}

/// What both know; a demonstration without pages rules nothing out.
#[expect(
    clippy::option_option,
    reason = "nothing in common is not the same as nothing known"
)]
fn common_of<T: Ord + Clone>(
    one: &Option<BTreeSet<T>>,
    other: &Option<BTreeSet<T>>,
) -> Option<Option<BTreeSet<T>>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(Some(common(one, other)?)),
        (Some(one), None) | (None, Some(one)) => Some(Some(one.clone())),
        (None, None) => Some(None),
    }
}
