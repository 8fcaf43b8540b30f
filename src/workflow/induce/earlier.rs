//! What stood on an earlier page and was typed later: where it stood, how it is cut out of the text there, and which step
//! has to note it before that page is left.
//!
//! Invariant: what is noted is one more rival. It rules out nothing, and what it says counts only where it was read.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::choose::limit;
use super::cut::Cut;
use super::describe::describe;
use super::explain::literal_of;
use super::node::{Explained, Node};
use super::selector::{self, By, Selector};
use super::value::{Expr, Sayings};
use crate::computer::{Element, Reading, folded};
use crate::demo::{Seen, Step, TargetQuery, Verb, is_secret, target_query};
use crate::workflow::likeness::{holds_words, plain};

/// Places on earlier pages that one value may come from, at most; those of the latest pages count.
const MOST_PLACES: usize = 3;

/// Words at either end of a text that may tell it, at most.
const MOST_WORDS: usize = 4;
/// What is not believed after so many recordings is no place to look.
const MOST_TAKES: usize = 5;

/// What each step of a recording puts in that stood on an earlier page of it.
#[derive(Debug, Default)]
pub struct Earlier {
    /// By step and value, the expressions for it.
    put: Vec<Vec<BTreeSet<Expr>>>,
    /// By step, those that are noted on the page before it: the last moment at which it is there.
    noted: Vec<BTreeSet<Expr>>,
    /// The steps and values that were seen to be copied.
    copied: BTreeSet<(usize, usize)>,
}

impl Earlier {
    /// All that may have been noted in these steps; what the goal says needs no note.
    pub fn of(steps: &[Step], sayings: &Sayings<'_>) -> Self {
        let mut earlier = Self {
            put: steps.iter().map(|_| Vec::new()).collect(),
            noted: steps.iter().map(|_| BTreeSet::new()).collect(),
            copied: BTreeSet::new(),
        };
        for (at, step) in steps.iter().enumerate() {
            if !matches!(
                step.verb,
                Verb::Fill | Verb::Type | Verb::Choose | Verb::AnswerDialog
            ) {
                continue;
            }
            for (place, text) in step.value.iter().chain(&step.values).enumerate() {
                let value = literal_of(text);
                let copy = value
                    .as_deref()
                    .and_then(|value| copy_of(value, &steps[..at]));
                if copy.is_some() {
                    earlier.copied.insert((at, place));
                }
                let value = value.filter(|value| sayings.exactly(value).len() == 1);
                let all = value.map(|value| earlier.find(&value, at, copy, steps, sayings));
                earlier.put[at].push(all.unwrap_or_default());
            }
        }
        earlier.note_before_what_is_done(steps);
        earlier
    }

    /// Copying is no step of its own: what is noted before it is noted before the next one.
    fn note_before_what_is_done(&mut self, steps: &[Step]) {
        for (at, step) in steps.iter().enumerate() {
            if step.verb == Verb::Copy && at + 1 < steps.len() {
                let noted = std::mem::take(&mut self.noted[at]);
                self.noted[at + 1].extend(noted);
            }
        }
    }

    /// Whether the step's value at this place was copied.
    pub fn is_copied(&self, step: usize, place: usize) -> bool {
        self.copied.contains(&(step, place))
    }

    /// The expressions for a step's value at this place.
    pub fn put(&self, step: usize, place: usize) -> impl Iterator<Item = &Expr> {
        self.put
            .get(step)
            .and_then(|values| values.get(place))
            .into_iter()
            .flatten()
    }

    /// What is noted right before the step.
    pub fn noted(&self, step: usize) -> BTreeSet<Expr> {
        self.noted.get(step).cloned().unwrap_or_default()
    }

    fn find(
        &mut self,
        value: &str,
        at: usize,
        copy: Option<usize>,
        steps: &[Step],
        sayings: &Sayings<'_>,
    ) -> BTreeSet<Expr> {
        let now = steps[at].shown.as_deref();
        // What is there still need not be remembered.
        let stays = now.filter(|page| !stood(value, page).is_empty());
        let mut places: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut all = BTreeSet::new();
        // Where it was copied is where it is from.
        let pages = match copy {
            Some(copy) => copy..copy + 1,
            None => 0..at,
        };
        for before in pages.rev() {
            let Some(page) = steps[before].shown.as_deref() else {
                continue;
            };
            if stays.is_some_and(|now| now.url == page.url) {
                continue;
            }
            let source = copy.and(page.target);
            for (place, cuts) in stood(value, page) {
                if source.is_some_and(|source| source != place) {
                    continue;
                }
                let element = &page.elements[place];
                let read = page.pictures.get(&place).map(String::as_str);
                let says = read.unwrap_or_else(|| selector::said(element));
                if places.len() == MOST_PLACES || !places.insert((&element.path, says)) {
                    continue;
                }
                for selector in told(place, value, &page.elements, sayings) {
                    for cut in &cuts {
                        let expr = Expr::Earlier(Box::new(selector.clone()), cut.clone());
                        self.noted[before].insert(expr.clone());
                        all.insert(expr);
                    }
                }
            }
        }
        all
    }
}

/// The step that copied the value last, before these have ended.
fn copy_of(value: &str, before: &[Step]) -> Option<usize> {
    let value = folded(value);
    let copied = |step: &Step| {
        let text = step.value.as_deref().filter(|_| step.verb == Verb::Copy);
        text.and_then(literal_of).map(|text| folded(&text))
    };
    before
        .iter()
        .rposition(|step| copied(step).as_ref() == Some(&value))
}

/// The things on the page that say the value or have it in what they say, each with how it is cut out; pictures among them.
fn stood(value: &str, page: &Seen) -> Vec<(usize, Vec<Cut>)> {
    let says = |at: &usize| selector::said(&page.elements[*at]).contains(value);
    let texts = (0..page.elements.len())
        .filter(says)
        .filter(|at| is_readable(*at, &page.elements))
        .map(|at| (at, Cut::of(value, selector::said(&page.elements[at]))));
    let pictures = page
        .pictures
        .iter()
        .filter(|(at, _)| page.elements.get(**at).is_some_and(Element::is_picture))
        .map(|(at, text)| (*at, Cut::of_lines(value, text)));
    texts
        .chain(pictures)
        .filter(|(_, cuts)| !cuts.is_empty())
        .collect()
}

/// Whether what is listed of a thing is all that it says, and nothing that somebody put in or that is secret.
pub fn is_readable(at: usize, elements: &[Element]) -> bool {
    let element = &elements[at];
    let is_field = element.value.is_some() || element.states.editable || element.masked;
    let is_button = element.interactive && element.role != "link";
    let around = |other: &Element| {
        let inside = other.path.strip_prefix(&element.path);
        other.frame == element.frame && inside.is_some_and(|rest| rest.starts_with('/'))
    };
    !element.text.is_empty()
        && !is_field
        && !is_button
        && !is_of_secret(element)
        && !elements.iter().any(around)
}

/// Whether what is called a secret is said here, or right beside it.
fn is_of_secret(element: &Element) -> bool {
    let beside = TargetQuery {
        name: Some(element.neighbours.left.clone()),
        label: Some(element.neighbours.above.clone()),
        ..TargetQuery::default()
    };
    is_secret(&target_query(element, None)) || is_secret(&beside)
}

/// The selectors for what says a value, in terms that hold for another value.
fn told(
    place: usize,
    value: &str,
    elements: &[Element],
    sayings: &Sayings<'_>,
) -> BTreeSet<Selector> {
    let element = &elements[place];
    let value = plain(value);
    let said = plain(selector::said(element));
    let by_what_it_says = |by: &By| {
        let names_it = match sayings.shown(by).as_ref().unwrap_or(by).expr() {
            Some(Expr::Const(text)) => {
                let text = plain(text);
                text.contains(&value) || by.varies() && holds_words(&said, &text)
            }
            _ => false,
        };
        let itself = matches!(
            by,
            By::Title(_)
                | By::Holds(_)
                | By::Begins(_)
                | By::Ends(_)
                | By::Said(_)
                | By::Names(_)
                | By::Any
        );
        names_it || itself
    };
    let mut all: BTreeSet<Selector> = describe(place, elements, sayings)
        .into_iter()
        .filter(|selector| !selector.by.iter().any(by_what_it_says))
        .collect();
    // What stands around the value tells it, too.
    if let Some((before, after)) = said.split_once(&value) {
        let begins = beginnings(before).map(|words| By::Begins(Expr::Const(words)));
        let ends = endings(after).map(|words| By::Ends(Expr::Const(words)));
        for by in begins.chain(ends) {
            let selector = Selector {
                kind: selector::Kind::of(element),
                by: BTreeSet::from([by]),
            };
            let found = selector.find_one(elements);
            if found.is_some_and(|at| selector::said(&elements[at]) == selector::said(element)) {
                all.insert(selector);
            }
        }
    }
    all.retain(|selector| selector.cost() <= limit(MOST_TAKES));
    all
}

/// The first word of a text, the first two, and so on.
fn beginnings(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let most = words.len().min(MOST_WORDS);
    (1..=most).map(move |some| words[..some].join(" "))
}

/// The last word of a text, the last two, and so on.
fn endings(text: &str) -> impl Iterator<Item = String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let most = words.len().min(MOST_WORDS);
    (1..=most).map(move |some| words[words.len() - some..].join(" "))
}

/// One place that a value may be read from.
struct Place {
    /// The step before which it is read.
    before: usize,
    /// Whether the whole text is the value.
    is_whole: bool,
    selectors: BTreeSet<Selector>,
    cuts: BTreeSet<Cut>,
}

/// Puts a step that notes it before the page is left, for each value that stood on an earlier page in all demonstrations of
/// the way, and has the value's explanations name that note.
pub fn place_notes(nodes: &mut Vec<Node>, takes: usize) {
    let noted: Vec<BTreeSet<Expr>> = nodes.iter_mut().map(noted_before).collect();
    let mut names = Names::of(nodes);
    let mut reads: Vec<Note> = Vec::new();
    for (at, node) in nodes.iter_mut().enumerate() {
        let steps: Vec<&mut Explained> = match node {
            Node::Step(explained) => vec![explained],
            Node::Each(each) => each.body.iter_mut().collect(),
        };
        for values in steps.into_iter().flat_map(|step| &mut step.values) {
            if let Some(place) = place_of(values, &noted[..at], takes) {
                let known = reads
                    .iter()
                    .find(|note| note.before == place.before && note.selectors == place.selectors);
                let name = match known {
                    Some(note) => note.name.clone(),
                    None => names.next(),
                };
                if known.is_none() {
                    let is_picture = place.cuts.iter().any(Cut::is_of_picture);
                    reads.push(Note {
                        before: place.before,
                        selectors: place.selectors,
                        what: match is_picture {
                            true => Reading::Picture,
                            false => Reading::Text,
                        },
                        name: name.clone(),
                    });
                }
                let cuts = place.cuts.into_iter();
                values.extend(cuts.map(|cut| Expr::Noted(name.clone(), cut)));
            }
        }
    }
    // From the end, so that places before it stay what they are.
    reads.reverse();
    reads.sort_by_key(|note| Reverse(note.before));
    for Note {
        before,
        selectors,
        what,
        name,
    } in reads
    {
        let read = Explained::noting(reading(&selectors, what, name), selectors, takes);
        nodes.insert(before, Node::Step(Box::new(read)));
    }
}

/// Takes out of a node what is noted before it. What is done for each item of a list has no one moment.
fn noted_before(node: &mut Node) -> BTreeSet<Expr> {
    match node {
        Node::Step(explained) => std::mem::take(&mut explained.noted),
        Node::Each(_) => BTreeSet::new(),
    }
}

/// Takes out of a value's explanations those by an earlier page, and says where it is read: on the latest page, as a whole text
/// before a part of one. All that its selectors find there has to agree; other pages are not asked.
fn place_of(values: &mut BTreeSet<Expr>, noted: &[BTreeSet<Expr>], takes: usize) -> Option<Place> {
    let (earlier, others) = std::mem::take(values)
        .into_iter()
        .partition(|expr| matches!(expr, Expr::Earlier(..)));
    *values = others;
    let earlier: BTreeSet<Expr> = earlier;
    let mut found: BTreeMap<(usize, Cut), BTreeSet<Selector>> = BTreeMap::new();
    for expr in &earlier {
        let last = noted.iter().rposition(|there| there.contains(expr));
        if let (Some(before), Expr::Earlier(selector, cut)) = (last, expr) {
            let all = found.entry((before, cut.clone())).or_default();
            all.insert(selector.as_ref().clone());
        }
    }
    // Ways to cut the same text belong together.
    let mut together: BTreeMap<(usize, bool, BTreeSet<Selector>), BTreeSet<Cut>> = BTreeMap::new();
    for ((before, cut), selectors) in found {
        let cuts = together.entry((before, cut.is_whole(), selectors));
        cuts.or_default().insert(cut);
    }
    let least = |place: &Place| place.selectors.iter().map(Selector::cost).min();
    let places = together
        .into_iter()
        .map(|((before, is_whole, selectors), cuts)| Place {
            before,
            is_whole,
            selectors,
            cuts,
        });
    places
        // What is not found for certain is not read.
        .filter(|place| least(place).is_some_and(|cost| cost <= limit(takes)))
        .min_by_key(|place| (Reverse(place.before), Reverse(place.is_whole), least(place)))
}

/// A step that notes something.
struct Note {
    /// The step before which it is done.
    before: usize,
    selectors: BTreeSet<Selector>,
    what: Reading,
    /// What it is noted under.
    name: String,
}

/// The step that reads it; where that is not there, the run goes on.
fn reading(selectors: &BTreeSet<Selector>, what: Reading, name: String) -> Step {
    let kind = selectors.first().map(|selector| &selector.kind);
    let target = kind.map(|kind| TargetQuery {
        role: Some(kind.role.clone()),
        tag: Some(kind.tag.clone()).filter(|tag| !tag.is_empty()),
        ..TargetQuery::default()
    });
    Step {
        reading: Some(what),
        into: Some(name),
        optional: true,
        target,
        ..Step::bare(Verb::Read)
    }
}

/// Names for notes that no other step reads into.
struct Names {
    taken: BTreeSet<String>,
    last: usize,
}

impl Names {
    fn of(nodes: &[Node]) -> Self {
        let steps = nodes.iter().flat_map(|node| match node {
            Node::Step(explained) => std::slice::from_ref(explained.as_ref()),
            Node::Each(each) => each.body.as_slice(),
        });
        let taken = steps.filter_map(|explained| explained.step.into.clone());
        Self {
            taken: taken.collect(),
            last: 0,
        }
    }

    fn next(&mut self) -> String {
        loop {
            self.last += 1;
            let name = format!("noted-{}", self.last);
            if !self.taken.contains(&name) {
                return name;
            }
        }
    }
}
