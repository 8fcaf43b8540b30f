//! One demonstration, understood by itself: explains each step's target and values backwards from what was seen and said,
//! takes what only served to find something out of the steps, and folds what was done for each item of a list.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::calendar;
use super::changes;
use super::condition::{Condition, condition};
use super::describe::{counted, describe, describe_sets};
use super::earlier::Earlier;
use super::listed::{Listed, lists_in};
use super::look;
use super::node::{Each, Explained, Node, Seek, Until, meet_all};
use super::selector::{self, Kind, Selector};
use super::sentence::{Locator, Sentence, Span};
use super::source::sources_on;
use super::toward::toward;
use super::value::{Expr, Sayings};
use crate::computer::{Element, Point};
use crate::demo::{Demonstration, Seen, Step, Verb, target_query, undoubled};
use crate::workflow::goal::Parting;
use crate::workflow::likeness::plain;
use crate::workflow::number;
use crate::workflow::template::Template;

/// Steps of one item of a list at most.
const LONGEST_BODY: usize = 8;
/// Numbers of a page that a condition of the goal may be about, at most.
const NUMBERS: usize = 12;
/// Roles of what is opened to see what is in it.
const OPENERS: [&str; 4] = [
    "tab",
    "treeitem",
    "disclosuretriangle",
    "DisclosureTriangle",
];

/// Roles of what is no control: by themselves they are not there to be pressed.
const BARE: [&str; 1] = ["StaticText"];

/// A demonstration with what is needed to explain its steps.
#[derive(Debug)]
pub struct Take<'a> {
    pub sentence: Sentence,
    sayings: Sayings<'static>,
    steps: &'a [Step],
    /// What was read on an earlier page.
    earlier: Earlier,
    /// The lists in the goal.
    lists: Vec<Listed>,
    end: Option<&'a Seen>,
    /// Whether the page changed after each step.
    changes: Vec<bool>,
    /// What the goal says a number must be, where no step says that number.
    condition: Option<Condition>,
    today: Date,
    /// What is understood so far of each step, for each item that it was tried with.
    explained: RefCell<HashMap<(usize, Option<String>), Explained>>,
}

impl<'a> Take<'a> {
    pub fn new(demonstration: &'a Demonstration, today: Date) -> Self {
        let sentence = Sentence::new(&demonstration.goal, today);
        let sayings = Sayings::of(&sentence, today);
        Self {
            earlier: Earlier::of(&demonstration.steps, &sayings),
            sayings,
            lists: lists_in(&sentence),
            sentence,
            steps: &demonstration.steps,
            changes: changes::after_steps(demonstration),
            condition: condition_of(demonstration),
            end: demonstration.shown.as_deref(),
            today,
            explained: RefCell::default(),
        }
    }

    /// The steps understood. `eagerly`: whatever led to something not seen before is taken for looking.
    pub fn nodes(&self, eagerly: bool) -> Vec<Node> {
        let kept = self.without_looking(eagerly);
        let mut nodes = Vec::new();
        let mut at = 0;
        while at < kept.len() {
            if let Some((each, length)) = self.each(&kept[at..]) {
                nodes.push(Node::Each(each));
                at += length;
            } else if let Some((all, length)) = self.all(&kept[at..]) {
                nodes.push(Node::Step(Box::new(all)));
                at += length;
            } else {
                nodes.push(Node::Step(Box::new(self.explain(&kept[at], None))));
                at += 1;
            }
        }
        nodes
    }

    /// A plain step as if it were the only item of a list of one.
    pub fn as_each(&self, explained: &Explained) -> Vec<Each> {
        let kept = Kept {
            from: &explained.step,
            step: &explained.step,
            repeated: &[],
            seek: explained.seek.clone(),
            until: explained.until.clone(),
            brings: explained.brings.clone(),
            again: explained.again,
            changes: explained.changes,
            mentions: mentions(&explained.step),
        };
        let mut all = Vec::new();
        for text in mentioned(&explained.step) {
            for span in self.sayings.spans_of(&text).collect::<BTreeSet<Span>>() {
                if self.sentence.said(span) != text {
                    continue;
                }
                let list: BTreeSet<Locator> = self.sentence.locators(span).into_iter().collect();
                let body = vec![self.explain(&kept, Some(&text))];
                let is_one = |parting: &Parting| self.sentence.items_by(span, *parting).len() < 2;
                all.push(Each {
                    list,
                    parted: Parting::ALL.into_iter().filter(is_one).collect(),
                    body,
                    but_last: false,
                    nothing: BTreeSet::new(),
                });
            }
        }
        all
    }

    /// A step understood, as one of its own or as what is done for this item of a list. What is asked again is remembered: a
    /// stretch is tried as part of many lists.
    fn explain(&self, kept: &Kept<'_>, item: Option<&str>) -> Explained {
        // What is told of a step that is none of the recording's own stands nowhere in its order.
        let place_of = |step: &Step| self.steps.iter().position(|own| std::ptr::eq(own, step));
        let key = place_of(kept.step).map(|at| (at, item.map(str::to_owned)));
        let known = key
            .as_ref()
            .and_then(|key| self.explained.borrow().get(key).cloned());
        let explained = known.unwrap_or_else(|| {
            let with_item = item.map(|item| Sayings::with_item(&self.sayings, item, self.today));
            let own = place_of(kept.step);
            let new =
                self.explain_anew(kept.step, own, with_item.as_ref().unwrap_or(&self.sayings));
            if let Some(key) = key {
                self.explained.borrow_mut().insert(key, new.clone());
            }
            new
        });
        let mut step = explained.step;
        for other in kept.repeated {
            step.also_does(other);
        }
        Explained {
            seek: kept.seek.clone(),
            until: kept.until.clone(),
            brings: kept.brings.clone(),
            again: kept.again,
            changes: kept.changes,
            noted: place_of(kept.from).map_or_else(BTreeSet::new, |at| self.earlier.noted(at)),
            step,
            ..explained
        }
    }

    /// What explains a step by itself; `own` is its place among the recording's.
    fn explain_anew(&self, shown: &Step, own: Option<usize>, sayings: &Sayings<'_>) -> Explained {
        let step = shown;
        let seen = step.shown.as_deref();
        let place = |place: Option<usize>| {
            let seen = seen?;
            let place = place.filter(|place| *place < seen.elements.len())?;
            Some(describe(place, &seen.elements, sayings))
        };
        let joined = chosen_list(step);
        let typed: Vec<&String> = match &joined {
            Some(list) => vec![list],
            None => step.value.iter().chain(&step.values).collect(),
        };
        let kind = |place: Option<usize>| Some(Kind::of(seen?.elements.get(place?)?));
        let dropped = dropped_into(step);
        let to = dropped.or(seen.and_then(|seen| seen.to));
        let mut step = step.clone();
        if let (Some(at), Some(seen)) = (dropped, seen) {
            step.within = None;
            step.to = Some(target_query(&seen.elements[at], None));
        }
        let dragged = target_of(shown).map(|(element, _)| element);
        Explained {
            toward: dragged.and_then(|one| toward(&step, one, sayings)),
            size: dragged.map(|one| [one.bounds.width, one.bounds.height]),
            kind: kind(seen.and_then(|seen| seen.target)),
            to_kind: kind(to),
            others: Vec::new(),
            all: false,
            count: None,
            target: place(seen.and_then(|seen| seen.target)),
            to: place(to),
            values: typed
                .into_iter()
                .enumerate()
                .map(|(place, text)| {
                    let mut all = self.sources(text, shown, sayings);
                    let of_goal = |expr: &Expr| matches!(expr, Expr::Goal(..) | Expr::Item(_));
                    if let Some(at) = own.filter(|_| joined.is_none() && !all.iter().any(of_goal)) {
                        all.extend(self.earlier.put(at, place).cloned());
                    }
                    let is_constant = |expr: &Expr| matches!(expr, Expr::Const(_));
                    if own.is_some_and(|at| self.earlier.is_copied(at, place))
                        && !all.iter().all(is_constant)
                    {
                        all.retain(|expr| !is_constant(expr));
                    }
                    all
                })
                .collect(),
            seek: None,
            until: None,
            takes: 1,
            brings: BTreeSet::new(),
            awaits: self.awaits(shown),
            month: self.month_shown(shown),
            again: false,
            changes: false,
            noted: BTreeSet::new(),
            noting: false,
            optional: false,
            unclear: false,
            step,
        }
    }

    /// The month of the goal's date that the page says, where a day of that date is chosen on it.
    fn month_shown(&self, step: &Step) -> BTreeSet<Expr> {
        match target_of(step) {
            Some((day, page))
                if step.verb == Verb::Click && calendar::is_day_of_goal(day, &self.sayings) =>
            {
                calendar::months_on(page, &self.sayings)
            }
            _ => BTreeSet::new(),
        }
    }

    /// What on the page says a number that is as the goal asks, where it asks that of one.
    fn awaits(&self, step: &Step) -> Option<BTreeSet<Selector>> {
        let condition = self.condition?;
        let seen = step.shown.as_deref().filter(|_| step.verb == Verb::Click)?;
        let by_what_it_says = |selector: &Selector| {
            selector.by.iter().any(|by| {
                matches!(
                    by,
                    selector::By::Title(_)
                        | selector::By::Holds(_)
                        | selector::By::Begins(_)
                        | selector::By::Ends(_)
                )
            })
        };
        let holding = |condition: Condition| -> Vec<usize> {
            let holds = |at: &usize| {
                Some(*at) != seen.target
                    && condition.holds_for(selector::said(&seen.elements[*at])) == Some(true)
            };
            let all = (0..seen.elements.len()).filter(holds);
            all.take(NUMBERS).collect()
        };
        // A page goes on between a look and a press: a recording in which a number just came to the bound shows what says it.
        let mut all = holding(condition);
        if all.is_empty() {
            all = holding(condition.or_equal());
        }
        Some(
            all.into_iter()
                .flat_map(|at| describe(at, &seen.elements, &self.sayings))
                .filter(|selector| !by_what_it_says(selector))
                .collect(),
        )
    }

    /// Where a typed or chosen text may come from: the goal, the page, or nowhere but itself.
    fn sources(&self, text: &str, step: &Step, sayings: &Sayings<'_>) -> BTreeSet<Expr> {
        // A secret, or what a person wrote into the file.
        let Some(literal) = literal_of(text) else {
            return BTreeSet::from([Expr::Const(text.to_owned())]);
        };
        if matches!(step.verb, Verb::Press | Verb::ScrollTo) {
            // Keys are how, not what.
            return BTreeSet::from([Expr::Const(literal)]);
        }
        let mut all = sayings.exactly(&literal);
        if chosen_list(step).is_some() {
            all.extend(self.lists_of(&step.values));
        }
        let speaks = matches!(
            step.verb,
            Verb::Fill | Verb::Type | Verb::Choose | Verb::Select | Verb::AnswerDialog
        );
        if let Some(seen) = step
            .shown
            .as_deref()
            .filter(|_| speaks && !literal.is_empty())
        {
            let label = target_of(step).map_or("", |(field, _)| selector::label_of(field));
            let labelled = (!label.is_empty()).then(|| Sayings::of_label(label));
            let own = step.verb == Verb::Select;
            for source in sources_on(&literal, seen, own, self.today) {
                all.extend(source.told(&seen.elements, sayings));
                if let Some(labelled) = &labelled {
                    let by_label = source.told(&seen.elements, labelled);
                    all.extend(by_label.into_iter().filter(Expr::is_of_label));
                }
            }
            all.extend(counted(&literal, &seen.elements, sayings));
        }
        all
    }

    /// The stretches of the goal that list just these.
    fn lists_of(&self, values: &[String]) -> Vec<Expr> {
        let wanted: BTreeSet<String> = values.iter().map(|value| plain(value)).collect();
        let spans = self.sentence.spans().filter(|span| {
            let items: BTreeSet<String> = self
                .sentence
                .items(*span)
                .iter()
                .map(|item| plain(item))
                .collect();
            items == wanted
        });
        spans
            .flat_map(|span| self.sentence.locators(span))
            .map(|locator| Expr::Goal(locator, Vec::new()))
            .collect()
    }

    /// The steps that are left when what only served to find something is put with what it found.
    fn without_looking(&self, eagerly: bool) -> Vec<Kept<'a>> {
        let mut kept: Vec<Kept<'a>> = Vec::new();
        let mut at = 0;
        while at < self.steps.len() {
            let step = &self.steps[at];
            if step.verb == Verb::Copy || self.is_completed(at) {
                at += 1;
                continue;
            }
            let run = self.looking(at, eagerly);
            if run > 0 && at + run < self.steps.len() {
                let seek = self.seek(&self.steps[at..at + run], target_of(&self.steps[at + run]));
                kept.push(Kept {
                    from: step,
                    step: &self.steps[at + run],
                    repeated: &[],
                    seek: Some(seek),
                    until: None,
                    brings: BTreeSet::new(),
                    again: false,
                    changes: self.changes[at + run],
                    mentions: mentions(&self.steps[at + run]),
                });
                at += run + 1;
                continue;
            }
            let (length, until) = self.repeated(at);
            kept.push(Kept {
                from: step,
                step,
                repeated: &self.steps[at + 1..at + length],
                seek: None,
                brings: self.brought(at, length),
                again: until.is_none() && length > 1,
                changes: self.changes[at] && length == 1,
                until,
                mentions: mentions(step),
            });
            at += length;
        }
        kept
    }

    /// Whether a later step chooses the same and more in the same list, which was only scrolled in between.
    fn is_completed(&self, at: usize) -> bool {
        let step = &self.steps[at];
        let later = &self.steps[at + 1..];
        let next = later.iter().find(|next| next.verb != Verb::ScrollTo);
        let Some((next, [one, other])) = next.and_then(|next| {
            let [(one, _), (other, _)] = [target_of(step)?, target_of(next)?];
            Some((next, [one, other]))
        }) else {
            return false;
        };
        let is_same = one.path == other.path && one.frame == other.frame;
        let is_choice = [step, next].iter().all(|step| step.verb == Verb::Choose);
        let holds_all = step.values.iter().all(|value| next.values.contains(value));
        let does_more = step.mark.is_some() || !step.effects.is_empty();
        is_same && is_choice && holds_all && next.values.len() > step.values.len() && !does_more
    }

    /// How many steps from `at` on only served to find the target of the step after them.
    fn looking(&self, at: usize, eagerly: bool) -> usize {
        let Some(kind) = clicked(&self.steps[at]) else {
            return 0;
        };
        let same_kind = |step: &Step| clicked(step).as_ref() == Some(&kind);
        let mut run = self.steps[at..]
            .iter()
            .take_while(|step| same_kind(step))
            .count();
        let pager = run > 1
            && self.steps[at..at + run]
                .windows(2)
                .all(|pair| pair[0].target == pair[1].target);
        // What a person marked is asked about wherever it is done, and so is no looking.
        if let Some(marked) = self.steps[at..at + run]
            .iter()
            .position(|step| step.mark.is_some())
        {
            run = marked;
        }
        // What was found may be of the same kind as what was opened.
        while run > 0 {
            let found = self.steps.get(at + run).and_then(target_of);
            let was_there = |(found, _): (&Element, &Seen)| {
                self.steps[at..at + run]
                    .iter()
                    .any(|step| step.shown.as_deref().is_some_and(|seen| holds(seen, found)))
            };
            if found.is_some_and(|found| !was_there(found)) {
                break;
            }
            run -= 1;
        }
        let opened = &self.steps[at..at + run];
        let of_goal = opened.iter().any(|step| {
            target_of(step).is_some_and(|(element, _)| {
                selector::titles(element).any(|text| self.sayings.says(text))
            })
        });
        let found = self.steps.get(at + run).and_then(target_of);
        let reveals = opened.iter().all(|step| {
            target_of(step).is_some_and(|(element, seen)| {
                is_opener(element, seen)
                    || found.is_some_and(|(found, _)| is_inside(found, element))
            })
        });
        // What sends something, and bare text that is pressed, was hardly pressed only to look.
        let may_look = |step: &Step| {
            step.effects.is_empty()
                && step.mark.is_none()
                && target_of(step)
                    .is_some_and(|(element, _)| !BARE.contains(&element.role.as_str()))
        };
        let eagerly = eagerly && opened.iter().all(may_look);
        if run > 0 && !of_goal && (reveals || pager || eagerly) {
            run
        } else {
            0
        }
    }

    fn seek(&self, opened: &[Step], found: Option<(&Element, &Seen)>) -> Seek {
        let targets: Vec<(&Element, &Seen)> = opened.iter().filter_map(target_of).collect();
        let elements: Vec<&Element> = targets.iter().map(|(element, _)| *element).collect();
        let first = opened.first().and_then(|step| {
            let seen = step.shown.as_deref()?;
            Some(describe(seen.target?, &seen.elements, &self.sayings))
        });
        Seek {
            kind: elements
                .first()
                .map(|element| Kind::of(element))
                .unwrap_or(Kind {
                    role: String::new(),
                    tag: String::new(),
                    framed: false,
                    drawn: false,
                }),
            places: elements
                .iter()
                .map(|element| selector::place_of(element))
                .collect(),
            first: first.unwrap_or_default(),
            same: opened.len() > 1
                && opened
                    .windows(2)
                    .all(|pair| pair[0].target == pair[1].target),
            widely: opened.len() > 1
                || targets.iter().all(|(element, seen)| {
                    is_opener(element, seen)
                        || found.is_some_and(|(found, _)| is_inside(found, element))
                }),
            classes: steady_classes(&elements),
        }
    }

    /// What the page said after these steps that it did not say before, in the goal's words.
    fn brought(&self, at: usize, length: usize) -> BTreeSet<Expr> {
        let before = self.steps[at].shown.as_deref();
        let (Some(before), Some(after)) = (before, self.page(at + length)) else {
            return BTreeSet::new();
        };
        let was: BTreeSet<String> = before
            .elements
            .iter()
            .map(|one| plain(selector::said(one)))
            .collect();
        let said = after.elements.iter().map(selector::said);
        said.filter(|text| !was.contains(&plain(text)))
            .flat_map(|text| self.sayings.alike(text))
            .collect()
    }

    /// The page as it was before this step, or at the end.
    pub fn page(&self, at: usize) -> Option<&Seen> {
        self.steps
            .get(at)
            .map_or(self.end, |step| step.shown.as_deref())
    }

    /// The page before a step of this demonstration, or at its end.
    pub fn page_of(&self, node: Option<&Node>) -> Option<&Seen> {
        let step = match node {
            Some(Node::Step(explained)) => &explained.step,
            Some(Node::Each(each)) => &each.body.first()?.step,
            None => return self.end,
        };
        let at = self.steps.iter().position(|own| own == step)?;
        self.page(at)
    }

    /// Those of the expressions that this page says, for this demonstration's goal.
    pub fn said_on(&self, page: &Seen, exprs: &BTreeSet<Expr>) -> BTreeSet<Expr> {
        let said: BTreeSet<String> = page
            .elements
            .iter()
            .map(|one| plain(selector::said(one)))
            .collect();
        let is_said = |expr: &&Expr| matches!(expr.bind(&self.sentence, None, self.today), Some(Expr::Const(text)) if said.contains(&plain(&text)));
        exprs.iter().filter(is_said).cloned().collect()
    }

    /// Whether the field that the step fills holds already what it would fill in, for this demonstration's goal: a person has
    /// nothing to do then, and to do it all the same does no harm.
    pub fn holds_on(&self, page: &Seen, explained: &Explained) -> bool {
        let (Some(selectors), [values]) = (&explained.target, explained.values.as_slice()) else {
            return false;
        };
        let fills = matches!(explained.step.verb, Verb::Fill | Verb::Choose);
        let best = selectors.iter().min_by_key(|one| (one.cost(), *one));
        let field = best
            .filter(|_| fills)
            .and_then(|one| one.bind(&self.sentence, None, self.today))
            .and_then(|one| one.find_one(&page.elements));
        let wanted = values
            .iter()
            .min_by_key(|one| (one.cost(), *one))
            .and_then(|one| one.bind(&self.sentence, None, self.today));
        match (field, wanted) {
            (Some(field), Some(Expr::Const(text))) => {
                let held = page.elements[field].value.as_deref().unwrap_or_default();
                !text.is_empty() && plain(held) == plain(&text)
            }
            _ => false,
        }
    }

    /// Whether what the selectors pick is on the page, for this demonstration's goal.
    pub fn finds_on(&self, page: &Seen, selectors: &BTreeSet<Selector>) -> bool {
        let best = selectors.iter().min_by_key(|one| (one.cost(), *one));
        best.and_then(|one| one.bind(&self.sentence, None, self.today))
            .is_some_and(|one| !one.find(&page.elements).is_empty())
    }

    /// How many equal steps begin here, and what the page said after them that it did not say before.
    fn repeated(&self, at: usize) -> (usize, Option<Until>) {
        let step = &self.steps[at];
        let same =
            |one: Option<(&Element, &Seen)>, other: Option<(&Element, &Seen)>| match (one, other) {
                (Some((one, _)), Some((other, _))) => {
                    Kind::of(one) == Kind::of(other)
                        && one.path == other.path
                        && selector::titles(one).eq(selector::titles(other))
                }
                _ => false,
            };
        let again = |other: &Step| {
            other.verb == step.verb
                && other.value == step.value
                && same(target_of(other), target_of(step))
        };
        if !matches!(step.verb, Verb::Click | Verb::Press) || target_of(step).is_none() {
            return (1, None);
        }
        let length = self.steps[at..]
            .iter()
            .take_while(|other| again(other))
            .count();
        let before = step.shown.as_deref();
        let after = self
            .steps
            .get(at + length)
            .map_or(self.end, |next| next.shown.as_deref());
        let (Some(before), Some(after)) = (before, after) else {
            return (1, None);
        };
        let arrow = step
            .value
            .as_deref()
            .is_some_and(|keys| keys.contains("Arrow"));
        if length < 2 && !(step.verb == Verb::Press && arrow) {
            return (1, self.until_month(at, before, after));
        }
        match self.until(before, after) {
            Some(until) => (length, Some(until)),
            // It was done until what stands behind it could be done.
            None if self.condition.is_some() => (length, None),
            None => (1, None),
        }
    }

    /// The month of the goal's date that the page said after a click and not before, where a day of that date was clicked next:
    /// the calendar was turned until it showed that month, which is another one the next time.
    fn until_month(&self, at: usize, before: &Seen, after: &Seen) -> Option<Until> {
        let (next, _) = target_of(self.steps.get(at + 1)?)?;
        if !calendar::is_day_of_goal(next, &self.sayings) {
            return None;
        }
        let says = calendar::turned_to(before, after, &self.sayings);
        (!says.is_empty()).then(|| Until {
            says,
            watch: BTreeSet::new(),
            rises: None,
        })
    }

    /// What the page said afterwards that it did not say before and that the goal asks for.
    fn until(&self, before: &Seen, after: &Seen) -> Option<Until> {
        let said_before: BTreeSet<String> = before
            .elements
            .iter()
            .map(|element| plain(selector::said(element)))
            .collect();
        let mut until = Until {
            says: BTreeSet::new(),
            watch: BTreeSet::new(),
            rises: None,
        };
        for (at, element) in after.elements.iter().enumerate() {
            let said = selector::said(element);
            // What holds a number may hold one that stands elsewhere too.
            let earlier = before
                .elements
                .iter()
                .find(|other| other.path == element.path && other.frame == element.frame);
            let numbers =
                earlier.and_then(|earlier| Some((number_of(earlier)?, number_of(element)?)));
            let changed = match numbers {
                Some((was, is)) => was != is,
                None => !said_before.contains(&plain(said)),
            };
            let exprs = if changed {
                self.sayings.alike(said)
            } else {
                Vec::new()
            };
            if exprs.is_empty() {
                continue;
            }
            until.says.extend(exprs);
            if let Some((was, is)) = numbers {
                until.rises = Some(is > was);
                let by_name = |selector: &Selector| {
                    selector.by.iter().any(|by| {
                        matches!(
                            by,
                            selector::By::Title(_) | selector::By::Holds(_) | selector::By::Row(_)
                        )
                    })
                };
                until.watch.extend(
                    describe(at, &after.elements, &self.sayings)
                        .into_iter()
                        .filter(|one| !by_name(one)),
                );
            }
        }
        (!until.says.is_empty()).then_some(until)
    }

    /// The loop over a list of the goal that begins with the first of these steps, and how many of them it covers.
    fn each(&self, kept: &[Kept<'a>]) -> Option<(Each, usize)> {
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
    fn all(&self, kept: &[Kept<'a>]) -> Option<(Explained, usize)> {
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
        let run = kept.iter().take_while(|other| alike(other)).count();
        if run < 2 {
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
        let places: Vec<Option<usize>> = kept[..run].iter().map(place).collect();
        let sets = describe_sets(first_of_all, &seen.elements, &self.sayings);
        let alike_run = run;
        for run in (2..=run).rev() {
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
                true => self.further(kept, run, alike_run, selectors),
                false => (run, selectors),
            };
            let to = self.common_end(&kept[..run]);
            if !selectors.is_empty() && to.as_ref().is_none_or(|to| !to.is_empty()) {
                let mut explained = self.explain(first, None);
                for other in &kept[1..run] {
                    explained.step.also_does(other.step);
                }
                explained.target = Some(selectors);
                explained.to = to;
                explained.all = true;
                explained.count = Some(count).filter(|count| !count.is_empty());
                return Some((explained, run));
            }
        }
        self.all_from_one(&kept[..alike_run])
    }

    /// The same where only the first of them was listed when it began.
    fn all_from_one(&self, kept: &[Kept<'a>]) -> Option<(Explained, usize)> {
        let first = kept
            .first()
            .filter(|first| first.step.verb == Verb::Click)?;
        let mut explained = self.explain(first, None);
        let of_goal = explained.target.take()?.into_iter();
        let of_goal =
            of_goal.filter(|one| one.varies() && one.means_all() && !one.kind.is_any_control());
        let (run, selectors) = self.further(kept, 1, kept.len(), of_goal.collect());
        if run < 2 {
            return None;
        }
        for other in &kept[1..run] {
            explained.step.also_does(other.step);
        }
        explained.target = Some(selectors);
        explained.all = true;
        Some((explained, run))
    }

    /// The run and what explains it with the steps behind it that are done to what was not listed when it began: it stood further
    /// down. All that is listed in the end must have been done.
    fn further(
        &self,
        kept: &[Kept<'a>],
        run: usize,
        most: usize,
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
        for longer in (run + 1..=most).rev() {
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

/// What the goal says a number must be; `None` where that number is typed or chosen, and so is no condition.
fn condition_of(demonstration: &Demonstration) -> Option<Condition> {
    let (condition, words) = condition(&demonstration.goal)?;
    let said = |step: &Step| {
        let values = step.value.iter().chain(&step.values);
        values
            .filter_map(|value| number::plain(value).ok())
            .any(|value| number::plain(&words).is_ok_and(|own| own == value))
    };
    (!demonstration.steps.iter().any(said)).then_some(condition)
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

fn number_of(element: &Element) -> Option<f64> {
    number::plain(selector::said(element)).ok()?.parse().ok()
}

/// The value that a text of a step means; `None` where something else fills it.
pub fn literal_of(text: &str) -> Option<String> {
    let template = Template::parse(text).ok()?;
    template.sources().next().is_none().then(|| undoubled(text))
}

/// Several chosen options as one list.
fn chosen_list(step: &Step) -> Option<String> {
    (step.verb == Verb::Choose && step.values.len() > 1 && step.value.is_none())
        .then(|| step.values.join(", "))
}

/// A step that is kept, with what was done before it to find its target.
#[derive(Debug)]
struct Kept<'a> {
    /// The first thing that was done for it.
    from: &'a Step,
    step: &'a Step,
    /// The same again, as often as it was done.
    repeated: &'a [Step],
    seek: Option<Seek>,
    until: Option<Until>,
    brings: BTreeSet<Expr>,
    /// Whether it was done several times in a row.
    again: bool,
    /// Whether the page changed after it.
    changes: bool,
    /// All that it mentions, as people read.
    mentions: BTreeSet<String>,
}

/// What a thing was dropped into, where it was dragged out of itself over something else.
fn dropped_into(step: &Step) -> Option<usize> {
    let [_, _, x, y] = step.within.filter(|_| step.verb == Verb::Drag)?;
    let (dragged, seen) = target_of(step)?;
    let own = &dragged.bounds;
    let at = Point {
        x: own.x + x * own.width,
        y: own.y + y * own.height,
    };
    if own.contains(at) {
        return None;
    }
    let size = |at: usize| {
        let bounds = &seen.elements[at].bounds;
        bounds.width * bounds.height
    };
    (0..seen.elements.len())
        .filter(|other| {
            let bounds = &seen.elements[*other].bounds;
            look::is_stroke(&seen.elements[*other]) == look::is_stroke(dragged)
                && bounds.contains(at)
                && !bounds.contains(own.center())
        })
        .min_by(|one, other| size(*one).total_cmp(&size(*other)))
}

/// What a step was done to, on the page as it was.
fn target_of(step: &Step) -> Option<(&Element, &Seen)> {
    let seen = step.shown.as_deref()?;
    Some((seen.elements.get(seen.target?)?, seen))
}

/// The kind of what a plain click went to.
fn clicked(step: &Step) -> Option<Kind> {
    (step.verb == Verb::Click).then(|| target_of(step).map(|(element, _)| Kind::of(element)))?
}

/// Whether the page shows the same thing: of the same kind, called the same, in a row that says the same.
fn holds(seen: &Seen, wanted: &Element) -> bool {
    let kind = Kind::of(wanted);
    let row = |element: &Element| element.row.as_ref().map(|row| row.texts.clone());
    seen.elements.iter().any(|element| {
        kind.is(element)
            && selector::titles(element).eq(selector::titles(wanted))
            && row(element) == row(wanted)
    })
}

/// Whether a thing lies in another one on the page.
fn is_inside(inner: &Element, outer: &Element) -> bool {
    inner.frame == outer.frame
        && inner
            .path
            .strip_prefix(&outer.path)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether things of this role are there to be opened.
pub fn is_opener_role(role: &str) -> bool {
    OPENERS.contains(&role)
}

/// Whether it is there to show what is in it: a tab, a section's head, a link to a part of the same page.
fn is_opener(element: &Element, seen: &Seen) -> bool {
    let part_of_page = element.attributes.get("href").is_some_and(|href| {
        href.split_once('#').is_some_and(|(page, _)| {
            seen.url
                .split('#')
                .next()
                .is_some_and(|url| url.ends_with(page))
        })
    });
    is_opener_role(&element.role)
        || element.tag == "summary"
        || element.states.expanded.is_some()
        || part_of_page
}

/// The same, as people read.
fn mentions(step: &Step) -> BTreeSet<String> {
    mentioned(step).iter().map(|text| plain(text)).collect()
}

/// All texts by which a step says which item it is for: what it types, what its target is called, what the row says.
fn mentioned(step: &Step) -> Vec<String> {
    let mut all: Vec<String> = step
        .value
        .iter()
        .chain(&step.values)
        .map(|text| undoubled(text))
        .collect();
    if let Some((element, _)) = target_of(step) {
        all.extend(selector::titles(element).map(str::to_owned));
        all.extend(element.row.iter().flat_map(|row| row.texts.iter().cloned()));
        all.extend(
            [&element.neighbours.left, &element.neighbours.above]
                .into_iter()
                .filter(|text| !text.is_empty())
                .cloned(),
        );
    }
    all
}

/// Classes that all have, but for those that say what state a thing is in.
fn steady_classes(elements: &[&Element]) -> BTreeSet<String> {
    let mut all: Option<BTreeSet<String>> = None;
    for element in elements {
        let own = selector::classes(element)
            .filter(|class| !selector::is_of_state(class))
            .map(str::to_owned)
            .collect();
        all = Some(match all {
            Some(all) => all.intersection(&own).cloned().collect(),
            None => own,
        });
    }
    all.unwrap_or_default()
}
