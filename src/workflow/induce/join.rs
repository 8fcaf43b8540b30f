//! Several demonstrations of a job as one or a few ways to do it: steps that all of them have are met, steps that some do
//! without become optional, and demonstrations that are not the same way stay ways of their own.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rayon::prelude::*;

use super::choose::FAR_FETCHED;
use super::explain::Take;
use super::node::{Each, Explained, Fit, Node, Until};
use super::selector::Selector;
use super::sentence::Locator;
use crate::demo::Verb;
use crate::workflow::likeness::plain;

/// Of two demonstrations' steps, at least this part must be the same for them to be one way.
const LEAST_COMMON: f64 = 0.5;
/// What a step that both have is worth in aligning them, where both are explained and where something stays open.
const WHOLE: usize = 3;
const OPEN: usize = 2;

/// One way to do the job, out of the demonstrations that do it so.
#[derive(Debug, Clone)]
pub struct Way {
    /// Which demonstrations, by their place.
    pub takes: Vec<usize>,
    pub nodes: Vec<Node>,
}

/// Two demonstrations met.
struct Met {
    nodes: Vec<Node>,
    /// Steps that nothing explains in both, or that only one of them has.
    doubts: usize,
}

/// The ways of doing the job.
pub fn join(takes: &mut [Take<'_>]) -> Vec<Way> {
    let (strictly, doubts) = ways(takes, false);
    if strictly.len() == 1 && doubts == 0 {
        return strictly;
    }
    // What led to something new is taken for looking only where that leaves fewer doubts or fewer ways.
    let (eagerly, others) = ways(takes, true);
    if (eagerly.len(), others) < (strictly.len(), doubts) {
        eagerly
    } else {
        strictly
    }
}

fn ways(takes: &mut [Take<'_>], eagerly: bool) -> (Vec<Way>, usize) {
    let mut ways: Vec<Way> = Vec::new();
    let mut all_doubts = 0;
    // Each demonstration is understood by itself, on as many processors as there are.
    let mut understood: Vec<(usize, Vec<Node>)> = takes
        .par_iter_mut()
        .enumerate()
        .map(|(at, take)| (at, take.nodes(eagerly)))
        .collect();
    // A list of one is seen to be a list only beside a longer one.
    understood.sort_by_key(|(_, nodes)| !nodes.iter().any(|node| matches!(node, Node::Each(_))));
    for (at, nodes) in understood {
        let best = ways
            .iter()
            .enumerate()
            .filter_map(|(which, way)| Some((which, met(takes, way, at, &nodes)?)))
            .filter(|(which, met)| {
                met.doubts == 0 && !is_far_fetched(&met.nodes)
                    || ask_for_the_same(takes, &ways[*which], &met.nodes, at)
            })
            .min_by_key(|(_, met)| met.doubts);
        match best {
            Some((which, met)) => {
                ways[which].nodes = met.nodes;
                ways[which].takes.push(at);
                all_doubts += met.doubts;
            }
            None => ways.push(Way {
                takes: vec![at],
                nodes,
            }),
        }
    }
    (ways, all_doubts)
}

/// Whether some step's target is only explained by what may be chance. Goals that are not the same do not mean the same then.
fn is_far_fetched(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| {
        let Node::Step(explained) = node else {
            return false;
        };
        let least = explained.target.iter().flatten().map(Selector::cost).min();
        least.is_some_and(|least| least > FAR_FETCHED)
    })
}

/// Whether the goal of this demonstration says nothing that those of the way do not say, what explains the steps of both
/// aside. Then what they do otherwise does not come from the goal.
fn ask_for_the_same(takes: &[Take<'_>], way: &Way, met: &[Node], take: usize) -> bool {
    let goal = takes[take].sentence.text();
    way.takes.iter().any(|known| {
        let pattern = super::pattern(met, &takes[*known].sentence);
        let reading = pattern.read(goal, Date::constant(2026, 1, 1));
        !reading.unrelated && reading.extras.is_empty() && reading.dropped.is_empty()
    })
}

/// A way met with one more demonstration; `None` where it is another way.
fn met(takes: &[Take<'_>], way: &Way, take: usize, nodes: &[Node]) -> Option<Met> {
    let (ours, theirs) = (&way.nodes, nodes);
    let (rows, columns) = (ours.len(), theirs.len());
    // Only those that the alignment picks are met.
    let worth = |one: &Node, other: &Node| match fit(takes, way, take, one, other) {
        Some(Fit::Whole) => WHOLE,
        Some(Fit::Open) => OPEN,
        None => 0,
    };
    let pairs: Vec<Vec<usize>> = ours
        .iter()
        .map(|one| theirs.iter().map(|other| worth(one, other)).collect())
        .collect();
    // The alignment in which most is the same (Needleman and Wunsch, with nothing lost by gaps).
    let mut best = vec![vec![0usize; columns + 1]; rows + 1];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let skip = best[i + 1][j].max(best[i][j + 1]);
            best[i][j] = match pairs[i][j] {
                0 => skip,
                worth => skip.max(best[i + 1][j + 1] + worth),
            };
        }
    }
    let mut all = Met {
        nodes: Vec::new(),
        doubts: 0,
    };
    let mut common = 0usize;
    let (mut i, mut j) = (0, 0);
    // Which of both did something here that the other did not.
    let mut alone = (false, false);
    while i < rows || j < columns {
        let pair = if i < rows && j < columns {
            pairs[i][j]
        } else {
            0
        };
        if pair > 0 && best[i][j] == best[i + 1][j + 1] + pair {
            if let Some((node, fit)) = meet(takes, way, take, &ours[i], &theirs[j]) {
                all.nodes.push(node);
                all.doubts += usize::from(fit == Fit::Open);
                common += 1;
            }
            alone = (false, false);
            (i, j) = (i + 1, j + 1);
        } else if i < rows && (j == columns || best[i + 1][j] >= best[i][j + 1]) {
            let (node, doubts) = left_out(&ours[i], &takes[take], theirs.get(j))?;
            all.nodes.push(node);
            all.doubts += doubts;
            alone.0 |= doubts > 0;
            i += 1;
        } else {
            let first = *way.takes.first()?;
            let (node, doubts) = left_out(&theirs[j], &takes[first], ours.get(i))?;
            all.nodes.push(node);
            all.doubts += doubts;
            alone.1 |= doubts > 0;
            j += 1;
        }
        // One thing instead of another is another way, and no option.
        if alone == (true, true) {
            return None;
        }
    }
    let most = rows.max(columns);
    (common as f64 >= LEAST_COMMON * most as f64).then_some(all)
}

/// The node as one that this demonstration does without, and how doubtful that is; `None` where that cannot be. `next`: what
/// it does instead.
fn left_out(node: &Node, without: &Take<'_>, next: Option<&Node>) -> Option<(Node, usize)> {
    match node {
        Node::Step(explained) => {
            let mut explained = explained.clone();
            // Where it is scrolled to its end already, doing it again does no harm, if that is what the goal asks for.
            if explained.step.verb == Verb::ScrollTo && explained.step.value.is_some() {
                return Some((Node::Step(explained), 1));
            }
            // Whoever did without it shows that it need not be scrolled to, and whoever scrolled shows that it does no harm.
            if explained.step.verb == Verb::ScrollTo {
                explained.optional = true;
                return Some((Node::Step(explained), 0));
            }
            // What is done until something is so is not done where it is so already.
            if explained.until.is_some() {
                return Some((Node::Step(explained), 0));
            }
            let page = without.page_of(next);
            let is_turn = matches!(explained.step.verb, Verb::Click | Verb::Press);
            let says = page
                .filter(|_| is_turn)
                .map(|page| without.said_on(page, &explained.brings))
                .unwrap_or_default();
            if !says.is_empty() {
                explained.until = Some(Until {
                    says,
                    watch: BTreeSet::new(),
                    rises: None,
                });
                return Some((Node::Step(explained), 0));
            }
            if page.is_some_and(|page| without.holds_on(page, &explained)) {
                return Some((Node::Step(explained), 0));
            }
            explained.optional = true;
            let there = page
                .zip(explained.target.as_ref())
                .is_some_and(|(page, target)| without.finds_on(page, target));
            explained.unclear |= there;
            Some((Node::Step(explained), 1))
        }
        Node::Each(each) => {
            let said: BTreeSet<String> = each
                .list
                .iter()
                .filter_map(|locator| without.sentence.read(locator))
                .map(|said| plain(&said))
                .collect();
            if said.is_empty() {
                return None;
            }
            let mut each = each.clone();
            each.list
                .retain(|locator| without.sentence.read(locator).is_some());
            each.nothing.extend(said);
            Some((Node::Each(each), 0))
        }
    }
}

/// How well two nodes go together; `None` where they do not.
fn fit(takes: &[Take<'_>], way: &Way, take: usize, one: &Node, other: &Node) -> Option<Fit> {
    match (one, other) {
        (Node::Each(_), Node::Step(_)) | (Node::Step(_), Node::Each(_)) => {
            meet(takes, way, take, one, other).map(|(_, fit)| fit)
        }
        _ => one.fit(other),
    }
}

fn meet(
    takes: &[Take<'_>],
    way: &Way,
    take: usize,
    one: &Node,
    other: &Node,
) -> Option<(Node, Fit)> {
    // A list of one looks like a single step.
    let single = |step: &Explained, take: &Take<'_>, each: &Each| -> Option<(Node, Fit)> {
        let each = Node::Each(each.clone());
        take.as_each(step)
            .into_iter()
            .find_map(|single| each.meet(&Node::Each(single)))
    };
    match (one, other) {
        (Node::Each(each), Node::Step(step)) => single(step, &takes[take], each),
        (Node::Step(step), Node::Each(each)) => {
            // Only where a single demonstration stands behind the step can it be read anew.
            let [only] = way.takes[..] else { return None };
            single(step, &takes[only], each)
        }
        _ => one.meet(other),
    }
}

/// Where in a goal the list of a loop stands, the likeliest first.
pub fn lists(each: &Each) -> Vec<&Locator> {
    let mut all: Vec<&Locator> = each.list.iter().collect();
    all.sort_by_key(|locator| (locator.cost(), (*locator).clone()));
    all
}
