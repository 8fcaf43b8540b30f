//! Several demonstrations of a job as one or a few ways to do it: steps that all of them have are met, steps that some do
//! without become optional, and demonstrations that are not the same way stay ways of their own.

use std::collections::BTreeSet;

use super::explain::Take;
use super::node::{Each, Explained, Node};
use super::sentence::Locator;
use crate::workflow::likeness::plain;

/// Of two demonstrations' steps, at least this part must be the same for them to be one way.
const LEAST_COMMON: f64 = 0.5;

/// One way to do the job, out of the demonstrations that do it so.
#[derive(Debug, Clone)]
pub struct Way {
    /// Which demonstrations, by their place.
    pub takes: Vec<usize>,
    pub nodes: Vec<Node>,
}

/// The ways of doing the job.
pub fn join(takes: &[Take<'_>]) -> Vec<Way> {
    let strictly = ways(takes, false);
    if strictly.len() == 1 && !strictly[0].nodes.iter().any(is_optional) {
        return strictly;
    }
    // What led to something new is taken for looking only where that makes one way of several.
    let eagerly = ways(takes, true);
    let options = |ways: &[Way]| -> usize {
        ways.iter()
            .flat_map(|way| &way.nodes)
            .filter(|node| is_optional(node))
            .count()
    };
    if (eagerly.len(), options(&eagerly)) < (strictly.len(), options(&strictly)) {
        eagerly
    } else {
        strictly
    }
}

fn ways(takes: &[Take<'_>], eagerly: bool) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for (at, take) in takes.iter().enumerate() {
        let nodes = take.nodes(eagerly);
        // The way with which the most is in common.
        let joined = ways
            .iter()
            .enumerate()
            .filter_map(|(which, way)| Some((which, met(takes, way, at, &nodes)?)))
            .min_by_key(|(_, nodes)| nodes.iter().filter(|node| is_optional(node)).count());
        match joined {
            Some((which, nodes)) => {
                ways[which].nodes = nodes;
                ways[which].takes.push(at);
            }
            None => ways.push(Way {
                takes: vec![at],
                nodes,
            }),
        }
    }
    ways
}

fn is_optional(node: &Node) -> bool {
    matches!(node, Node::Step(explained) if explained.optional)
}

/// A way met with one more demonstration; `None` where it is another way.
fn met(takes: &[Take<'_>], way: &Way, take: usize, nodes: &[Node]) -> Option<Vec<Node>> {
    let (ours, theirs) = (&way.nodes, nodes);
    let (rows, columns) = (ours.len(), theirs.len());
    let mut pairs: Vec<Vec<Option<Node>>> = Vec::with_capacity(rows);
    for one in ours {
        pairs.push(
            theirs
                .iter()
                .map(|other| meet(takes, way, take, one, other))
                .collect(),
        );
    }
    // The longest common run of steps that meet (a longest common subsequence).
    let mut longest = vec![vec![0usize; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let skip = longest[i + 1][j].max(longest[i][j + 1]);
            longest[i][j] = match pairs[i][j] {
                Some(_) => skip.max(longest[i + 1][j + 1] + 1),
                None => skip,
            };
        }
    }
    let most = rows.max(columns);
    if most == 0 || (longest[0][0] as f64) < LEAST_COMMON * most as f64 {
        return None;
    }
    let mut all = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < rows || j < columns {
        if i < rows
            && j < columns
            && longest[i][j] == longest[i + 1][j + 1] + 1
            && pairs[i][j].is_some()
        {
            all.extend(pairs[i][j].take());
            (i, j) = (i + 1, j + 1);
        } else if i < rows && (j == columns || longest[i + 1][j] >= longest[i][j + 1]) {
            all.push(left_out(&ours[i], &takes[take])?);
            i += 1;
        } else {
            let first = *way.takes.first()?;
            all.push(left_out(&theirs[j], &takes[first])?);
            j += 1;
        }
    }
    Some(all)
}

/// The node as one that this demonstration does without; `None` where that cannot be.
fn left_out(node: &Node, without: &Take<'_>) -> Option<Node> {
    match node {
        Node::Step(explained) => {
            // A step for what the goal says is not left out by a goal that says it too.
            let mut explained = explained.clone();
            explained.optional = explained.until.is_none();
            Some(Node::Step(explained))
        }
        Node::Each(each) => {
            let said: BTreeSet<String> = each
                .list
                .iter()
                .filter_map(|locator| without.sentence.read(locator))
                .map(plain)
                .collect();
            if said.is_empty() {
                return None;
            }
            let mut each = each.clone();
            each.list
                .retain(|locator| without.sentence.read(locator).is_some());
            each.nothing.extend(said);
            Some(Node::Each(each))
        }
    }
}

fn meet(takes: &[Take<'_>], way: &Way, take: usize, one: &Node, other: &Node) -> Option<Node> {
    if let Some(met) = one.meet(other) {
        return Some(met);
    }
    // A list of one looks like a single step.
    let single = |steps: &Explained, take: &Take<'_>, each: &Each| -> Option<Node> {
        take.as_each(steps).iter().find_map(|single| {
            let met = Node::Each(each.clone()).meet(&Node::Each(single.clone()))?;
            Some(met)
        })
    };
    match (one, other) {
        (Node::Each(each), Node::Step(step)) => single(step, &takes[take], each),
        (Node::Step(step), Node::Each(each)) => {
            // Only where a single demonstration stands behind the step can it be read anew.
            let [only] = way.takes[..] else { return None };
            single(step, &takes[only], each)
        }
        _ => None,
    }
}

/// Where in a goal the list of a loop stands, the likeliest first.
pub fn lists(each: &Each) -> Vec<&Locator> {
    let mut all: Vec<&Locator> = each.list.iter().collect();
    all.sort_by_key(|locator| (locator.cost(), (*locator).clone()));
    all
}
