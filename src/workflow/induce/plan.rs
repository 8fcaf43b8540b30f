//! A way of doing the job, made ready for one goal: loops unrolled, what the goal says put in, the rivals that are left in
//! the order of their likelihood.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::choose::{FAR_FETCHED, GAP, Ranked, ranked};
use super::join::{Way, lists};
use super::node::{Each, Explained, Node, Seek, Until};
use super::opposite::other_way;
use super::selector::{By, Kind, Selector};
use super::sentence::Sentence;
use super::toward;
use super::value::Expr;
use super::words;
use crate::demo::{Step, literal};
use crate::workflow::goal::{Parting, is_filler, items_by};
use crate::workflow::likeness::{holds_words, plain};
use crate::workflow::number;

/// What makes a constant far-fetched that the goal of its demonstration names: it is hardly ever one.
pub const NAMED_IN_GOAL: u32 = 14;

/// How much less likely a constant is to be typed than to be the name of a button.
const TYPED: u32 = 4;

/// One step of this run.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// As it was recorded.
    pub step: Step,
    pub plan: Plan,
}

/// How to do a step for this goal.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What may be meant; `None` where nothing but the step's own words is known.
    pub target: Option<Ranked<Selector>>,
    pub to: Option<Ranked<Selector>>,
    pub values: Vec<Ranked<Expr>>,
    pub seek: Option<Looking>,
    /// Done again until the page says so.
    pub until: Option<Wanted>,
    /// Other ways to bring the same about.
    pub others: Vec<Planned>,
    /// Done to everything that the target's selectors pick, one after the other.
    pub all: bool,
    /// To how many of them at most; `None` for all.
    pub count: Option<usize>,
    /// Whether the recordings' goals say how many, and this one does not.
    pub uncounted: bool,
    /// What must say a number as the goal asks before it is done; empty where nothing is known to say it, and so is asked.
    pub awaits: Option<Ranked<Selector>>,
    /// The month that the page must say for it to be the right day, in each of its writings; empty where that was not shown.
    pub month: Vec<String>,
    /// Whether it is done again where what stands behind it cannot be done yet.
    pub again: bool,
    /// Whether the page shows something else after it. Not of what is done again and again, which ends by what the page says.
    pub changes: bool,
    /// Whether it only notes what a later step puts in, and is left out where that is not there.
    pub noting: bool,
    /// Whether nothing says when it is left out.
    pub unclear: bool,
    /// How many demonstrations agree on it.
    pub takes: usize,
    /// Whether what is meant depends on the goal: then the recorded target is only an example.
    pub varies: bool,
    /// The loop's item, or the value of the goal that the step is about.
    pub item: Option<String>,
    /// Whether each item of the loop has its own target.
    pub by_item: bool,
}

/// What the page says when a repeated step is done.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// All of these.
    pub says: Vec<String>,
    /// What says it, where that is known.
    pub watch: Ranked<Selector>,
    /// Whether the step makes the number that it says grow.
    pub rises: Option<bool>,
}

/// How to look for a target that is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Looking {
    pub kind: Kind,
    /// Where they stand in the page's structure, without numbers.
    pub places: BTreeSet<String>,
    pub classes: BTreeSet<String>,
    pub first: Ranked<Selector>,
    pub same: bool,
    pub widely: bool,
}

/// The steps of this way for the goal. `shown`: the goals of the way's demonstrations.
pub fn plan(way: &Way, goal: &Sentence, shown: &[&Sentence], today: Date) -> Vec<Planned> {
    let plain_goals: Vec<String> = shown
        .iter()
        .map(|sentence| plain(sentence.text()))
        .collect();
    let planner = Planner {
        goal,
        shown: &plain_goals,
        sentences: shown,
        today,
    };
    let mut all = Vec::new();
    for node in &way.nodes {
        match node {
            Node::Step(explained) => all.push(planner.step(explained, None)),
            Node::Each(each) => {
                for item in items_of(each, goal) {
                    all.extend(
                        each.body
                            .iter()
                            .map(|explained| planner.step(explained, Some(&item))),
                    );
                }
            }
        }
    }
    let knows = |planned: &Planned| {
        planned
            .plan
            .awaits
            .as_ref()
            .is_some_and(|all| !all.is_empty())
    };
    let known = all.iter().any(knows);
    let last = all
        .iter()
        .rposition(|planned| planned.plan.awaits.is_some());
    for (at, planned) in all.iter_mut().enumerate() {
        // Where nothing says the number, the last step that may depend on it is asked about.
        let keeps = knows(planned) || !known && Some(at) == last;
        planned.plan.awaits.take_if(|_| !keeps);
    }
    all
}

/// What the loop is done for in this goal.
fn items_of(each: &Each, goal: &Sentence) -> Vec<String> {
    let said = lists(each)
        .into_iter()
        .find_map(|locator| goal.read(locator));
    match said {
        Some(said) if each.nothing.contains(&plain(&said)) => Vec::new(),
        Some(said) => {
            let parted = each.parted.first().copied();
            let mut all = items_by(&said, parted.unwrap_or(Parting::SignsAndWords));
            if each.but_last {
                all.pop();
            }
            all
        }
        None => Vec::new(),
    }
}

/// Whether only some recordings do it and nothing says to what: that it is not there cannot be seen then.
fn is_unknown_option(explained: &Explained) -> bool {
    let places = [&explained.target, &explained.to];
    explained.optional && places.into_iter().flatten().any(BTreeSet::is_empty)
}

struct Planner<'a> {
    goal: &'a Sentence,
    /// The goals of the demonstrations, as people read them, and as they are.
    shown: &'a [String],
    sentences: &'a [&'a Sentence],
    today: Date,
}

impl Planner<'_> {
    fn step(&self, explained: &Explained, item: Option<&str>) -> Planned {
        let mut step = explained.step.clone();
        step.optional |= explained.optional;
        if explained.takes == 1
            && let Some(after) = &mut step.after
        {
            // What one recording showed afterwards may be what it was about.
            after.text = None;
            after.url.take_if(|url| self.is_about_the_goal(url));
        }
        let mut target = explained
            .target
            .as_ref()
            .map(|all| self.selectors(all, item));
        if self.turn(&mut step, explained, item) == Some(true) {
            // Nobody said which way.
            target = Some(Vec::new());
        }
        if let Some((_, best)) = target.iter().flatten().next().filter(|_| explained.noting) {
            step.says = Some(literal(&format!(
                "note what {} says",
                words::selector(best)
            )));
        }
        // The page that it was noted on is only an example, too.
        let likeliest = explained.target.as_ref();
        let likeliest = likeliest.and_then(|all| all.iter().min_by_key(|one| self.cost(one)));
        let varies = explained.target.as_ref().is_some_and(|all| {
            explained.noting || all.is_empty() || likeliest.is_some_and(Selector::varies)
        });
        let by_item = item.is_some() && likeliest.is_some_and(Selector::is_of_item);
        let is_once = explained.until.is_none() && !explained.all && !explained.again;
        let counts = explained.count.as_ref().filter(|_| explained.all);
        let count = counts.and_then(|counts| {
            let bound = counts.iter().min_by_key(|one| (one.cost(), *one))?;
            match bound.bind(self.goal, item, self.today)? {
                Expr::Const(text) => text.parse().ok(),
                _ => None,
            }
        });
        let mut planned = Planned {
            step,
            plan: Plan {
                target,
                to: explained.to.as_ref().map(|all| self.selectors(all, item)),
                values: explained
                    .values
                    .iter()
                    .map(|all| self.values(all, item))
                    .collect(),
                seek: explained.seek.as_ref().map(|seek| self.looking(seek, item)),
                until: explained
                    .until
                    .as_ref()
                    .map(|until| self.wanted(until, item)),
                others: explained
                    .others
                    .iter()
                    .map(|other| self.step(other, item))
                    .collect(),
                all: explained.all,
                count,
                uncounted: counts.is_some() && count.is_none(),
                awaits: explained
                    .awaits
                    .as_ref()
                    .map(|all| self.selectors(all, item)),
                month: self.likeliest_said(&explained.month, item),
                again: explained.again,
                changes: explained.changes && is_once,
                noting: explained.noting,
                unclear: explained.unclear || is_unknown_option(explained),
                takes: explained.takes,
                varies,
                item: item.map(str::to_owned),
                by_item,
            },
        };
        let is_other = |other: &Planned| {
            let until = other.plan.until.as_ref();
            until.is_some_and(|until| until.rises.is_some())
        };
        if !planned.plan.others.iter().any(is_other) {
            let other = other_way(&planned);
            planned.plan.others.extend(other);
        }
        planned
    }

    /// Turns a drag to where the goal says that it goes; whether that is unknown.
    fn turn(&self, step: &mut Step, explained: &Explained, item: Option<&str>) -> Option<bool> {
        let within = step.within?;
        let words = explained.toward.as_ref()?;
        let ranked = self.values(words, item);
        let (least, _) = ranked.first()?;
        let near: BTreeSet<&Expr> = ranked
            .iter()
            .take_while(|(cost, _)| *cost <= least + GAP)
            .map(|(_, expr)| expr)
            .collect();
        let word = match near.first() {
            Some(Expr::Const(word)) if near.len() == 1 && *least < FAR_FETCHED => word,
            _ => return Some(true),
        };
        let turned = toward::turned(within, explained.size?, word);
        step.within = turned.or(step.within);
        Some(turned.is_none())
    }

    fn wanted(&self, until: &Until, item: Option<&str>) -> Wanted {
        let says = self.likeliest_said(&until.says, item);
        // Where a word and numbers came together, the numbers may be chance: the days of another month stand elsewhere.
        let is_word = |text: &&String| number::plain(text).is_err();
        let words: Vec<String> = says.iter().filter(is_word).cloned().collect();
        Wanted {
            says: match words.is_empty() {
                true => says,
                false => words,
            },
            watch: self.selectors(&until.watch, item),
            rises: until.rises,
        }
    }

    /// What the likeliest of the expressions say for this goal, of those that it says at all: "12/04" is no date but to who knows
    /// that the month stands first.
    fn likeliest_said(&self, exprs: &BTreeSet<Expr>, item: Option<&str>) -> Vec<String> {
        let said = |expr: &Expr| match expr.bind(self.goal, item, self.today)? {
            Expr::Const(text) => Some((expr.cost(), text)),
            _ => None,
        };
        let all: BTreeSet<(u32, String)> = exprs.iter().filter_map(said).collect();
        let least = all.first().map(|(cost, _)| *cost);
        let likeliest = all.into_iter().filter(|(cost, _)| Some(*cost) == least);
        likeliest.map(|(_, text)| text).collect()
    }

    fn looking(&self, seek: &Seek, item: Option<&str>) -> Looking {
        Looking {
            kind: seek.kind.clone(),
            places: seek.places.clone(),
            classes: seek.classes.clone(),
            first: self.selectors(&seek.first, item),
            same: seek.same,
            widely: seek.widely,
        }
    }

    fn selectors(&self, all: &BTreeSet<Selector>, item: Option<&str>) -> Ranked<Selector> {
        let is_named = self.names_another(all);
        let cost = |one: &Selector| match is_named && !one.varies() {
            true => self.cost(one) + NAMED_IN_GOAL,
            false => self.cost(one),
        };
        let bound = all
            .iter()
            .filter_map(|one| Some((cost(one), one.bind(self.goal, item, self.today)?)));
        cheapest(bound)
    }

    /// Whether what is meant goes by a name that the goal says, and this goal says another one than was shown: then whatever was
    /// true of the one that was shown is hardly true of this one.
    fn names_another(&self, all: &BTreeSet<Selector>) -> bool {
        let Some(likeliest) = all.iter().min_by_key(|one| self.cost(one)) else {
            return false;
        };
        let mut by = likeliest.by.iter();
        let (Some(By::Title(expr @ Expr::Goal(..))), None) = (by.next(), by.next()) else {
            return false;
        };
        let said = expr.bind(self.goal, None, self.today);
        let mut shown = self.sentences.iter();
        said.is_some() && shown.all(|goal| expr.bind(goal, None, self.today) != said)
    }

    fn values(&self, all: &BTreeSet<Expr>, item: Option<&str>) -> Ranked<Expr> {
        let cost = |one: &Expr| match one {
            Expr::Const(text) if self.names(text) => one.cost() + NAMED_IN_GOAL,
            Expr::Const(_) => one.cost() + TYPED,
            _ => one.cost(),
        };
        // A note takes nobody's word away: it is never likelier than the likeliest of the others.
        let is_noted = |one: &&Expr| matches!(one, Expr::Noted(..));
        let others = all.iter().filter(|one| !is_noted(one));
        let least = others.map(cost).min().unwrap_or_default();
        let bound = all.iter().filter_map(|one| {
            let cost = match one {
                Expr::Noted(..) => cost(one).max(least),
                _ => cost(one),
            };
            Some((cost, one.bind(self.goal, item, self.today)?))
        });
        cheapest(bound)
    }

    fn cost(&self, selector: &Selector) -> u32 {
        let named = selector.by.iter().any(|by| match by {
            By::Title(Expr::Const(text))
            | By::Row(Expr::Const(text))
            | By::Heading(Expr::Const(text))
            | By::Beside(_, Expr::Const(text))
            | By::Class(Expr::Const(text))
            | By::Attribute(_, Expr::Const(text)) => self.names(text),
            _ => false,
        });
        let fixed = Selector {
            kind: selector.kind.clone(),
            by: selector.by.iter().map(|by| self.as_fixed(by)).collect(),
        };
        fixed.cost() + if named { NAMED_IN_GOAL } else { 0 }
    }

    /// Whether an address has words of a demonstration's goal in it, as pages name themselves by what they are about.
    fn is_about_the_goal(&self, url: &str) -> bool {
        let path = url.split_once("://").map_or(url, |(_, rest)| rest);
        let path = path.split_once('/').map_or("", |(_, path)| path);
        path.split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.len() > 2 && !is_filler(word))
            .any(|word| {
                let word = plain(word);
                self.shown.iter().any(|goal| holds_words(goal, &word))
            })
    }

    /// What stands near it, as a constant where the goals of all demonstrations and this one say the same there: a word that every
    /// goal has is no value.
    fn as_fixed(&self, by: &By) -> By {
        let is_near = matches!(by, By::Beside(..) | By::Row(_) | By::Heading(_));
        let fixed = |expr: &Expr| {
            let said = expr.bind(self.goal, None, self.today)?;
            let mut others = self.sentences.iter();
            let is_same =
                |goal: &&Sentence| expr.bind(goal, None, self.today).as_ref() == Some(&said);
            (self.sentences.len() > 1 && others.all(is_same)).then_some(said)
        };
        match by.expr() {
            Some(expr @ Expr::Goal(..)) if is_near => {
                fixed(expr).map_or_else(|| by.clone(), |said| by.with(said))
            }
            _ => by.clone(),
        }
    }

    /// Whether the goals of all demonstrations have these words in them.
    fn names(&self, text: &str) -> bool {
        let text = plain(text);
        !text.is_empty() && self.shown.iter().all(|goal| holds_words(goal, &text))
    }
}

/// Each once, with its least cost, cheapest first.
fn cheapest<T: Ord + Clone>(all: impl Iterator<Item = (u32, T)>) -> Ranked<T> {
    let mut least = std::collections::BTreeMap::new();
    for (cost, one) in all {
        let known = least.entry(one).or_insert(cost);
        *known = cost.min(*known);
    }
    let costs = least.clone();
    ranked(least.into_keys(), |one| costs[one])
}
