//! One demonstration, understood by itself: explains each step's target and values backwards from what was seen and said,
//! takes what only served to find something out of the steps (`seeking`), and folds what was done until the page said so
//! (`repeats`), for each item of a list and to all of something (`loops`).

mod loops;
mod repeats;
mod seeking;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

pub use self::seeking::is_opener_role;
use super::calendar;
use super::changes;
use super::condition::{Condition, condition};
use super::describe::{counted, describe};
use super::earlier::Earlier;
use super::listed::{Listed, lists_in};
use super::look;
use super::node::{Each, Explained, Node, Seek, Until};
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

/// Numbers of a page that a condition of the goal may be about, at most.
const NUMBERS: usize = 12;
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
