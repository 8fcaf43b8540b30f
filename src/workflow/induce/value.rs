//! Value expressions: where a text comes from and what is done to it on the way. Every one that gives what was shown is kept,
//! as a rival of the others.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use jiff::civil::Date;

use super::cut::Cut;
use super::extreme::{Superlative, superlative};
use super::selector::Selector;
use super::sentence::{Edge, Locator, Sentence, Span};
use crate::workflow::filter::Filter;
use crate::workflow::goal::is_filler;
use crate::workflow::likeness::{holds_words, plain};
use crate::workflow::words::Sort;

/// Dates are written like this on pages and in fields, in the writing of `strftime`.
const DATE_FORMATS: [&str; 22] = [
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%-m/%-d/%Y",
    "%-d/%-m/%Y",
    "%d.%m.%Y",
    "%-d.%-m.%Y",
    "%-d %B %Y",
    "%B %-d, %Y",
    "%b %-d, %Y",
    "%-d %b %Y",
    "%B %Y",
    "%b %Y",
    "%B",
    "%b",
    "%A",
    "%a",
    "%-d",
    "%d",
    "%-m",
    "%m",
    "%Y",
];
/// Times are written like this.
const TIME_FORMATS: [&str; 4] = ["%H:%M", "%-H:%M", "%-I:%M %p", "%I:%M %p"];

/// Items of longer lists are not told by their place.
const LONGEST_LIST: usize = 8;

/// Words for the upper end of a scale.
const GREATEST: [&str; 14] = [
    "greatest", "largest", "biggest", "highest", "longest", "latest", "most", "maximum", "tallest",
    "heaviest", "newest", "best", "last", "dearest",
];
/// Words for its lower end.
const LEAST: [&str; 14] = [
    "least", "smallest", "lowest", "shortest", "earliest", "cheapest", "fewest", "minimum",
    "lightest", "oldest", "nearest", "first", "quickest", "fastest",
];

/// How far-fetched it is that a value was read on an earlier page: as far as that it is a constant, which is typed.
const NOTED: u32 = 10;

/// Where a text comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expr {
    /// This text, whatever the goal.
    Const(String),
    /// What stands there in the goal's sentence.
    Goal(Locator, Vec<Filter>),
    /// The loop's item.
    Item(Vec<Filter>),
    /// What that thing on the page says.
    Page(Box<Selector>, Vec<Filter>),
    /// One word of it, its place given by the other expression.
    Word(Box<Selector>, Box<Expr>, Vec<Filter>),
    /// What that thing on an earlier page said, or a part of it. Only until it is known which step notes it.
    Earlier(Box<Selector>, Cut),
    /// What was noted under this name, or a part of it.
    Noted(String, Cut),
    /// How many such things there are on the page.
    Count(Box<Selector>),
    /// What the field is labelled that it is for.
    Label,
}

/// How much more far-fetched a word of a stretch of the goal is than the stretch: further than what is within reach of it.
const A_WORD: u32 = 4;

impl Expr {
    /// How far-fetched it is, before what the sentence says about constants.
    pub fn cost(&self) -> u32 {
        // How letters are written changes hardly anything, and is mostly left as it is.
        let filters = |filters: &[Filter]| -> u32 {
            let cost = |filter: &Filter| match filter {
                Filter::Lower | Filter::Upper | Filter::Title => 5,
                _ => 1,
            };
            filters.iter().map(cost).sum()
        };
        // A stretch of a goal is a value as it stands; a word of it is one where demonstrations show so.
        let a_word = |filters: &[Filter]| -> u32 {
            let is_word = |one: &&Filter| {
                matches!(one, Filter::FirstWord | Filter::LastWord | Filter::Word(_))
            };
            filters.iter().filter(is_word).count() as u32 * A_WORD
        };
        match self {
            Expr::Const(_) => 6,
            Expr::Goal(locator, all) => 2 + locator.cost() + filters(all) + a_word(all),
            Expr::Item(all) => 1 + filters(all) + a_word(all),
            Expr::Page(selector, all) => 3 + selector.cost() + filters(all),
            Expr::Word(selector, nth, all) => 1 + selector.cost() + nth.cost() + filters(all),
            // How far-fetched the place is, is weighed where it is read.
            Expr::Earlier(_, cut) | Expr::Noted(_, cut) => NOTED + cut.cost(),
            Expr::Count(selector) => 2 + selector.cost(),
            Expr::Label => 2,
        }
    }

    /// Whether it is the figure of an ordinal of the goal.
    pub fn is_ordinal(&self) -> bool {
        match self {
            Expr::Goal(_, filters) | Expr::Item(filters) => filters.contains(&Filter::Ordinal),
            Expr::Const(_)
            | Expr::Page(..)
            | Expr::Word(..)
            | Expr::Earlier(..)
            | Expr::Noted(..)
            | Expr::Count(_)
            | Expr::Label => false,
        }
    }

    /// Adds itself and all expressions in it.
    pub fn parts<'a>(&'a self, all: &mut Vec<&'a Expr>) {
        all.push(self);
        match self {
            Expr::Page(selector, _) | Expr::Earlier(selector, _) | Expr::Count(selector) => {
                selector.exprs(all);
            }
            Expr::Word(selector, nth, _) => {
                selector.exprs(all);
                nth.parts(all);
            }
            Expr::Const(_) | Expr::Goal(..) | Expr::Item(_) | Expr::Noted(..) | Expr::Label => {}
        }
    }

    /// Whether it depends on the goal, the loop, what is counted or the field.
    pub fn varies(&self) -> bool {
        matches!(
            self,
            Expr::Goal(..) | Expr::Item(_) | Expr::Count(_) | Expr::Label
        )
    }

    /// Whether it takes all of the page to tell.
    pub fn needs_all(&self) -> bool {
        match self {
            Expr::Count(_) => true,
            Expr::Page(selector, _) | Expr::Earlier(selector, _) | Expr::Word(selector, ..) => {
                selector.needs_all()
            }
            Expr::Const(_) | Expr::Goal(..) | Expr::Item(_) | Expr::Noted(..) | Expr::Label => {
                false
            }
        }
    }

    /// Whether it says something else for another field.
    pub fn is_of_label(&self) -> bool {
        let mut parts = Vec::new();
        self.parts(&mut parts);
        parts.contains(&&Expr::Label)
    }

    /// The expression for a field with this label; `None` where it needs one and there is none.
    pub fn labelled(&self, label: Option<&str>) -> Option<Expr> {
        let of_selector = |selector: &Selector| {
            selector
                .with_exprs(&|expr| expr.labelled(label))
                .map(Box::new)
        };
        Some(match self {
            Expr::Label => Expr::Const(label?.to_owned()),
            Expr::Page(selector, all) => Expr::Page(of_selector(selector)?, all.clone()),
            Expr::Word(selector, nth, all) => Expr::Word(
                of_selector(selector)?,
                Box::new(nth.labelled(label)?),
                all.clone(),
            ),
            Expr::Count(selector) => Expr::Count(of_selector(selector)?),
            Expr::Const(_)
            | Expr::Goal(..)
            | Expr::Item(_)
            | Expr::Earlier(..)
            | Expr::Noted(..) => self.clone(),
        })
    }

    /// The text for this goal and item; an expression about the page stays one. `None` where the goal does not say it.
    pub fn bind(&self, goal: &Sentence, item: Option<&str>, today: Date) -> Option<Expr> {
        Some(match self {
            Expr::Const(_) | Expr::Noted(..) | Expr::Label => self.clone(),
            Expr::Earlier(..) => return None,
            Expr::Goal(locator, all) => Expr::Const(filtered(&goal.read(locator)?, all, today)?),
            Expr::Item(all) => Expr::Const(filtered(item?, all, today)?),
            Expr::Page(selector, all) => {
                Expr::Page(Box::new(selector.bind(goal, item, today)?), all.clone())
            }
            Expr::Word(selector, nth, all) => Expr::Word(
                Box::new(selector.bind(goal, item, today)?),
                Box::new(nth.bind(goal, item, today)?),
                all.clone(),
            ),
            Expr::Count(selector) => Expr::Count(Box::new(selector.bind(goal, item, today)?)),
        })
    }
}

/// The text after its filters.
pub fn filtered(text: &str, filters: &[Filter], today: Date) -> Option<String> {
    filters.iter().try_fold(text.to_owned(), |text, filter| {
        filter.apply(&text, today).ok()
    })
}

/// What one goal can say, by what it says: each text with the expressions that give it.
#[derive(Debug, Default)]
pub struct Sayings<'a> {
    /// What can be said whatever the loop's item.
    base: Option<&'a Sayings<'a>>,
    exact: HashMap<String, Vec<(Expr, Option<Span>)>>,
    /// The same, compared as people read.
    plain: HashMap<String, Vec<Expr>>,
    /// Of these, what is marked as a value in the goal; found once all is said.
    values: OnceLock<Vec<(String, Vec<Expr>)>>,
    /// What each expression says.
    texts: HashMap<Expr, String>,
    /// Words of the goal, for telling constants from values.
    said: String,
    /// The goal as it is written.
    sentence: String,
    /// Expressions for what the goal has an indefinite article for: any of it will do.
    indefinite: HashSet<Expr>,
    /// Which ends of a scale the goal names: `true` for the greatest, `false` for the least.
    ends: Vec<bool>,
    /// What the goal asks the most or the least of.
    superlative: Option<Superlative>,
}

/// Articles of what is not told from its like.
const INDEFINITE: [&str; 4] = ["a", "an", "any", "some"];

impl<'a> Sayings<'a> {
    /// All that can be made of a goal.
    pub fn of(goal: &Sentence, today: Date) -> Self {
        let mut sayings = Self {
            ends: ends_named(&plain(goal.text())),
            superlative: superlative(goal.text()).map(|(asked, _)| asked),
            said: plain(goal.text()),
            sentence: goal.text().to_owned(),
            ..Self::default()
        };
        for span in goal.spans() {
            let said = goal.said(span).to_owned();
            let locators = goal.locators(span);
            if locators.is_empty() {
                continue;
            }
            for (text, filters) in changed(&said, &sorts(goal, span), today) {
                for locator in &locators {
                    sayings.add(
                        &text,
                        Expr::Goal(locator.clone(), filters.clone()),
                        Some(span),
                    );
                }
            }
            if let Some(marked) = goal.marked(span) {
                for locator in &locators {
                    let with_mark = Locator::Marked(Box::new(locator.clone()));
                    sayings.add(marked, Expr::Goal(with_mark, Vec::new()), Some(span));
                }
            }
            let is_article = |at: Option<usize>| {
                let token = at.and_then(|at| goal.tokens().get(at));
                token.is_some_and(|token| INDEFINITE.contains(&token.key.as_str()))
            };
            if is_article(span.0.checked_sub(1)) || is_article(Some(span.0)) {
                let all = locators
                    .iter()
                    .map(|one| Expr::Goal(one.clone(), Vec::new()));
                sayings.indefinite.extend(all);
            }
            let list = goal.items(span);
            if (2..=LONGEST_LIST).contains(&list.len()) {
                for (nth, item) in list.iter().enumerate() {
                    for locator in &locators {
                        let of_list = Locator::Item(Box::new(locator.clone()), nth);
                        sayings.add(item, Expr::Goal(of_list, Vec::new()), Some(span));
                    }
                }
            }
            // What is quoted is one thing, however many commas are in another goal's quotation.
            let quoted =
                matches!(&goal.tokens()[span.0..span.1], [only] if only.sort == Sort::Quoted);
            let may_end_path = list.len() > 1 || span.1 == goal.tokens().len() && !quoted;
            if let Some(last) = list.last().filter(|_| may_end_path) {
                for locator in &locators {
                    let of_list = Locator::Last(Box::new(locator.clone()));
                    sayings.add(last, Expr::Goal(of_list, Vec::new()), Some(span));
                }
            }
            if span.1 - span.0 == 1 && said.starts_with(['@', '#']) {
                for locator in locators {
                    sayings.add(
                        &said[1..],
                        Expr::Goal(Locator::Without(Box::new(locator), 1), Vec::new()),
                        Some(span),
                    );
                }
            }
        }
        sayings
    }

    /// All that can be made of a goal and of a loop's item.
    pub fn with_item(base: &'a Sayings<'a>, item: &str, today: Date) -> Self {
        let mut sayings = Self {
            base: Some(base),
            ends: base.ends.clone(),
            superlative: base.superlative,
            said: base.said.clone(),
            sentence: base.sentence.clone(),
            ..Self::default()
        };
        let sorts = [Sort::Word, Sort::Date, Sort::Time, Sort::Number];
        for (text, filters) in changed(item, &sorts, today) {
            sayings.add(&text, Expr::Item(filters), None);
        }
        sayings
    }

    /// What a field's label can say.
    pub fn of_label(label: &str) -> Self {
        let mut sayings = Self::default();
        sayings.add(label, Expr::Label, None);
        sayings
    }

    /// This and what it rests on.
    fn layers(&self) -> impl Iterator<Item = &Sayings<'a>> {
        std::iter::successors(Some(self), |one| one.base)
    }

    fn add(&mut self, text: &str, expr: Expr, span: Option<Span>) {
        if text.is_empty() {
            return;
        }
        self.texts.insert(expr.clone(), text.to_owned());
        self.plain
            .entry(plain(text))
            .or_default()
            .push(expr.clone());
        self.exact
            .entry(text.to_owned())
            .or_default()
            .push((expr, span));
    }

    /// The expressions that give exactly this text.
    pub fn exactly(&self, text: &str) -> BTreeSet<Expr> {
        let known = self.layers().filter_map(|one| one.exact.get(text));
        let mut all: BTreeSet<Expr> = known.flatten().map(|(expr, _)| expr.clone()).collect();
        all.insert(Expr::Const(text.to_owned()));
        all
    }

    /// The expressions that give this text as people read it.
    pub fn alike(&self, text: &str) -> Vec<Expr> {
        let text = plain(text);
        let known = self.layers().filter_map(|one| one.plain.get(&text));
        let mut all: Vec<Expr> = known.flatten().cloned().collect();
        all.sort_by(|one, other| one.cost().cmp(&other.cost()).then_with(|| one.cmp(other)));
        all.dedup();
        all
    }

    /// Whether some expression gives this text as people read it.
    pub fn says_just(&self, text: &str) -> bool {
        let text = plain(text);
        self.layers().any(|one| one.plain.contains_key(&text))
    }

    /// The expressions for values of the goal that stand as words in this longer text.
    pub fn within(&self, text: &str) -> Vec<Expr> {
        let text = plain(text);
        self.values_that(|value| value.len() < text.len() && holds_words(&text, value))
    }

    /// The expressions for values of the goal that this longer text begins with.
    pub fn beginning(&self, text: &str) -> Vec<Expr> {
        let text = plain(text);
        self.values_that(|value| value.len() < text.len() && text.starts_with(value))
    }

    /// The expressions for values of the goal that this longer text ends with.
    pub fn ending(&self, text: &str) -> Vec<Expr> {
        let text = plain(text);
        self.values_that(|value| value.len() < text.len() && text.ends_with(value))
    }

    fn values_that(&self, fits: impl Fn(&str) -> bool) -> Vec<Expr> {
        let mut all: Vec<Expr> = self
            .layers()
            .flat_map(Sayings::values)
            .filter(|(value, _)| fits(value))
            .flat_map(|(_, exprs)| exprs.iter().cloned())
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// Its own values, each with the expressions that give it: few of all that can be made of a goal.
    fn values(&self) -> &[(String, Vec<Expr>)] {
        self.values.get_or_init(|| {
            let all = self.plain.iter();
            all.filter(|(value, _)| value.len() > 1 && !is_filler(value))
                .map(|(value, exprs)| {
                    let exprs = exprs.iter().filter(|expr| is_a_value(expr));
                    (value.clone(), exprs.cloned().collect::<Vec<_>>())
                })
                .filter(|(_, exprs)| !exprs.is_empty())
                .collect()
        })
    }

    /// Whether the goal has this text in it, as words.
    pub fn says(&self, text: &str) -> bool {
        let text = plain(text);
        !text.is_empty() && holds_words(&self.said, &text)
    }

    /// The places of the goal that say this.
    pub fn valued(&self, text: &str) -> BTreeSet<Expr> {
        let all = self.alike(text).into_iter();
        all.filter(Expr::varies).collect()
    }

    /// The goal as it is written.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// The stretches of the goal as they are written, each with the expressions that give it.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = &Expr>)> {
        let all = self.layers().flat_map(|one| &one.exact);
        all.filter_map(|(text, exprs)| {
            let values = || {
                exprs
                    .iter()
                    .map(|(expr, _)| expr)
                    .filter(|expr| is_a_value(expr))
            };
            values().next()?;
            Some((text.as_str(), values()))
        })
    }

    /// Whether the goal speaks of it as of one that is not told from its like: "a circle", "any letter".
    pub fn is_indefinite(&self, expr: &Expr) -> bool {
        self.layers().any(|one| one.indefinite.contains(expr))
    }

    /// Which ends of a scale the goal names: `true` for the greatest, `false` for the least.
    pub fn ends(&self) -> &[bool] {
        &self.ends
    }

    /// What the goal asks the most or the least of.
    pub fn superlative(&self) -> Option<Superlative> {
        self.superlative
    }

    /// The stretches of the goal that the expression's text may be taken from.
    pub fn spans_of<'s>(&'s self, text: &'s str) -> impl Iterator<Item = Span> + 's {
        let known = self.layers().filter_map(|one| one.exact.get(text));
        known.flatten().filter_map(|(_, span)| *span)
    }
}

/// Which ends of a scale a plain sentence names.
fn ends_named(sentence: &str) -> Vec<bool> {
    let says = |words: &[&str]| words.iter().any(|word| holds_words(sentence, word));
    [(true, says(&GREATEST)), (false, says(&LEAST))]
        .into_iter()
        .filter_map(|(end, said)| said.then_some(end))
        .collect()
}

/// Whether the expression is about something that is marked as a value in the goal, and no stretch of common words.
fn is_a_value(expr: &Expr) -> bool {
    match expr {
        Expr::Goal(Locator::Between { left, right }, filters) => {
            // A goal begins with what is to be done.
            let begins = left.first() == Some(&Edge::Rim);
            filters.is_empty() && left.len() == 1 && right.len() == 1 && !begins
        }
        Expr::Goal(_, filters) => filters.is_empty(),
        Expr::Item(filters) => filters.is_empty(),
        Expr::Const(_)
        | Expr::Page(..)
        | Expr::Word(..)
        | Expr::Earlier(..)
        | Expr::Noted(..)
        | Expr::Count(_)
        | Expr::Label => false,
    }
}

fn sorts(goal: &Sentence, (from, to): Span) -> Vec<Sort> {
    match &goal.tokens()[from..to] {
        [only] if only.sort == Sort::Quoted => {
            vec![Sort::Word, Sort::Date, Sort::Time, Sort::Number]
        }
        [only] => vec![only.sort],
        _ => vec![Sort::Word],
    }
}

/// What small changes make of a text, with the changes; the text itself first.
pub fn changed(text: &str, sorts: &[Sort], today: Date) -> Vec<(String, Vec<Filter>)> {
    let mut ways: Vec<Vec<Filter>> = vec![Vec::new()];
    let words = text.split_whitespace().count();
    if sorts.contains(&Sort::Word) {
        ways.extend([
            vec![Filter::Lower],
            vec![Filter::Upper],
            vec![Filter::Title],
        ]);
        if words == 1 {
            ways.push(vec![Filter::Ordinal]);
            ways.push(vec![Filter::Digits]);
        } else {
            ways.extend([vec![Filter::FirstWord], vec![Filter::LastWord]]);
        }
    }
    if sorts
        .iter()
        .any(|sort| matches!(sort, Sort::Number | Sort::Money))
    {
        ways.extend([vec![Filter::Number], vec![Filter::Digits]]);
    }
    let dates = |before: &[Filter]| {
        DATE_FORMATS
            .iter()
            .map(|format| [before, &[Filter::Date((*format).to_owned())]].concat())
            .collect::<Vec<_>>()
    };
    if sorts.contains(&Sort::Date) || (words == 1 && text.contains('/')) {
        ways.extend(dates(&[]));
        if Filter::MonthFirst.apply(text, today).is_ok() {
            ways.extend(dates(&[Filter::MonthFirst]));
        }
        if Filter::DayFirst.apply(text, today).is_ok() {
            ways.extend(dates(&[Filter::DayFirst]));
        }
    }
    if sorts.contains(&Sort::Time) {
        ways.extend(
            TIME_FORMATS
                .iter()
                .map(|format| vec![Filter::Time((*format).to_owned())]),
        );
    }
    let mut all = Vec::new();
    for filters in ways {
        let Some(made) = filtered(text, &filters, today) else {
            continue;
        };
        // A change that changes nothing explains nothing, but that of letters and figures' writing.
        if made == text
            && !filters.is_empty()
            && !matches!(
                filters[..],
                [Filter::Lower | Filter::Upper | Filter::Title | Filter::Number]
            )
        {
            continue;
        }
        all.push((made, filters));
    }
    all
}

impl Sayings<'_> {
    /// What a selector's expression says in this goal.
    pub fn shown(&self, by: &super::selector::By) -> Option<super::selector::By> {
        by.bind_with(&|expr| {
            let said = self.layers().find_map(|one| one.texts.get(expr))?;
            Some(Expr::Const(said.clone()))
        })
    }
}
