//! Ways to say which thing on a page is meant: what it is called, the row it stands in, what stands beside it, its place among
//! its like. A selector that picks exactly one thing is an explanation of why that one was chosen.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::sentence::Sentence;
use super::value::{Expr, filtered};
use crate::computer::Element;
use crate::workflow::likeness::{holds_words, plain};
use crate::workflow::number;

/// What sort of thing it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    pub role: String,
    pub tag: String,
    /// Whether it stands in a frame.
    pub framed: bool,
}

/// One of the four sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    Left,
    Above,
    Right,
    Below,
    /// Where labels stand: to the left or above.
    Label,
}

/// What is compared in rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scale {
    Amount,
    Duration,
    Time,
    Number,
}

/// All of them.
pub const SCALES: [Scale; 4] = [Scale::Amount, Scale::Duration, Scale::Time, Scale::Number];

/// One thing that is true of what is meant, and not of everything of its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// It is called this.
    Title(Expr),
    /// What it is called or says has this in it.
    Holds(Expr),
    /// What it is called begins with this.
    Begins(Expr),
    /// What it is called ends with this.
    Ends(Expr),
    /// Its row says this.
    Row(Expr),
    Column(Expr),
    Heading(Expr),
    Landmark(Expr),
    /// This stands beside it.
    Beside(Side, Expr),
    Attribute(String, Expr),
    /// One of its classes.
    Class(Expr),
    /// Its place among those of which the rest is true, from 1; from the end where it is negative.
    Nth(Expr),
    /// The one with the greatest or the least number in its name, or of that sort in its row.
    Extreme {
        greatest: bool,
        of: Option<Scale>,
        /// Whether the goal names that end of the scale.
        hinted: bool,
    },
    /// It is ticked, chosen, pressed or open, or is not.
    On(bool),
}

/// Which thing is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    pub kind: Kind,
    pub by: BTreeSet<By>,
}

impl Kind {
    pub fn of(element: &Element) -> Self {
        Self {
            role: element.role.clone(),
            tag: element.tag.clone(),
            framed: element.frame > 0,
        }
    }

    pub fn is(&self, element: &Element) -> bool {
        self.role == element.role && self.tag == element.tag && self.framed == (element.frame > 0)
    }
}

impl By {
    /// How far-fetched it is.
    pub fn cost(&self) -> u32 {
        match self {
            By::Title(expr) => expr.cost(),
            By::Holds(expr) => 2 + expr.cost(),
            By::Begins(expr) | By::Ends(expr) => 3 + expr.cost(),
            By::Row(expr) if expr.varies() => 1 + expr.cost(),
            // What a row says is what was there that day.
            By::Row(_) => 22,
            By::Column(expr) => 2 + expr.cost(),
            By::Heading(expr) | By::Landmark(expr) => 3 + expr.cost(),
            By::Beside(Side::Label, expr) if expr.varies() => 3 + expr.cost(),
            By::Beside(Side::Label, _) => 11,
            By::Beside(Side::Left | Side::Above, expr) if expr.varies() => 2 + expr.cost(),
            By::Beside(_, expr) if expr.varies() => 5 + expr.cost(),
            By::Beside(Side::Left | Side::Above, _) => 12,
            By::Beside(..) => 18,
            By::Attribute(name, expr) => match name.as_str() {
                "colour" if expr.varies() => 1 + expr.cost(),
                _ if expr.varies() => 4 + expr.cost(),
                "data-testid" | "name" | "aria-label" | "type" | "alt" | "title" | "id" => 7,
                _ => 14,
            },
            By::Class(expr) if expr.varies() => 4 + expr.cost(),
            By::Class(_) => 8,
            // Figures of a goal count things where they are ordinals; else that is mostly chance.
            By::Nth(expr) if expr.is_ordinal() => 3 + expr.cost(),
            By::Nth(expr) if expr.varies() => 9 + expr.cost(),
            By::Nth(Expr::Const(place)) if place == "1" => 16,
            By::Nth(Expr::Const(place)) if place == "-1" => 18,
            By::Nth(_) => 21,
            By::Extreme { hinted: true, .. } => 6,
            By::Extreme { .. } => 17,
            By::On(_) => 13,
        }
    }

    /// The exact text that its expression must have, where it has one.
    fn expr(&self) -> Option<&Expr> {
        match self {
            By::Title(expr)
            | By::Holds(expr)
            | By::Begins(expr)
            | By::Ends(expr)
            | By::Row(expr)
            | By::Column(expr)
            | By::Heading(expr)
            | By::Landmark(expr)
            | By::Beside(_, expr)
            | By::Attribute(_, expr)
            | By::Class(expr)
            | By::Nth(expr) => Some(expr),
            By::Extreme { .. } | By::On(_) => None,
        }
    }

    fn with(&self, expr: Expr) -> By {
        match self {
            By::Title(_) => By::Title(expr),
            By::Holds(_) => By::Holds(expr),
            By::Begins(_) => By::Begins(expr),
            By::Ends(_) => By::Ends(expr),
            By::Row(_) => By::Row(expr),
            By::Column(_) => By::Column(expr),
            By::Heading(_) => By::Heading(expr),
            By::Landmark(_) => By::Landmark(expr),
            By::Beside(side, _) => By::Beside(*side, expr),
            By::Attribute(name, _) => By::Attribute(name.clone(), expr),
            By::Nth(_) => By::Nth(expr),
            By::Class(_) => By::Class(expr),
            By::Extreme { .. } | By::On(_) => self.clone(),
        }
    }

    /// The same with another expression in place of its own.
    pub fn bind_with(&self, bind: &dyn Fn(&Expr) -> Option<Expr>) -> Option<By> {
        match self.expr() {
            Some(expr) => Some(self.with(bind(expr)?)),
            None => Some(self.clone()),
        }
    }

    /// Whether something depends on the goal or the loop.
    pub fn varies(&self) -> bool {
        self.expr().is_some_and(Expr::varies)
    }

    fn chooses(&self) -> bool {
        matches!(self, By::Nth(_) | By::Extreme { .. })
    }
}

impl Selector {
    pub fn cost(&self) -> u32 {
        // The only one of its kind needs no more words.
        let only = if self.by.is_empty() { 9 } else { 0 };
        only + self.by.iter().map(By::cost).sum::<u32>() + self.by.len().saturating_sub(1) as u32
    }

    /// Adds all expressions in it.
    pub fn exprs<'a>(&'a self, all: &mut Vec<&'a Expr>) {
        for expr in self.by.iter().filter_map(By::expr) {
            expr.parts(all);
        }
    }

    /// Whether something in it depends on the goal or the loop.
    pub fn varies(&self) -> bool {
        self.by.iter().any(By::varies)
    }

    /// The selector for this goal and item. `None` where the goal does not say what it needs.
    pub fn bind(&self, goal: &Sentence, item: Option<&str>, today: Date) -> Option<Self> {
        let by = self
            .by
            .iter()
            .map(|by| by.bind_with(&|expr| expr.bind(goal, item, today)))
            .collect::<Option<_>>()?;
        Some(Self {
            kind: self.kind.clone(),
            by,
        })
    }

    /// The places of all that it may mean, its expressions bound.
    pub fn find(&self, elements: &[Element]) -> Vec<usize> {
        let mut found: Vec<usize> = (0..elements.len())
            .filter(|at| self.kind.is(&elements[*at]))
            .collect();
        for by in self.by.iter().filter(|by| !by.chooses()) {
            found = narrowed(found, by, elements);
        }
        for by in self.by.iter().filter(|by| by.chooses()) {
            found = chosen(&found, by, elements);
        }
        found
    }

    /// The one place that it means, where it is just one.
    pub fn find_one(&self, elements: &[Element]) -> Option<usize> {
        match self.find(elements)[..] {
            [only] => Some(only),
            _ => None,
        }
    }
}

/// Those of which it is true; where some are exactly what is said and others only nearly, the exact ones.
pub fn narrowed(found: Vec<usize>, by: &By, elements: &[Element]) -> Vec<usize> {
    let wanted = match by.expr() {
        Some(Expr::Const(text)) => text.as_str(),
        Some(_) => return Vec::new(),
        None => "",
    };
    let readable = plain(wanted);
    let mut best = 0;
    let judged: Vec<(usize, u8)> = found
        .into_iter()
        .map(|at| (at, fits(&elements[at], by, wanted, &readable)))
        .inspect(|(_, fit)| best = best.max(*fit))
        .collect();
    judged
        .into_iter()
        .filter(|(_, fit)| *fit > 0 && *fit == best)
        .map(|(at, _)| at)
        .collect()
}

/// How well it is true: 2 to the letter, 1 as people read it, 0 not.
fn fits(element: &Element, by: &By, wanted: &str, readable: &str) -> u8 {
    let same = |text: &str| -> u8 {
        if text.is_empty() || wanted.is_empty() {
            0
        } else if text == wanted {
            2
        } else {
            u8::from(plain(text) == readable)
        }
    };
    let holds = |text: &str| u8::from(readable.len() > 1 && holds_words(&plain(text), readable));
    match by {
        By::Title(_) => titles(element).map(same).max().unwrap_or(0),
        By::Holds(_) => titles(element).map(holds).max().unwrap_or(0),
        By::Begins(_) => u8::from(titles(element).any(|text| plain(text).starts_with(readable))),
        By::Ends(_) => u8::from(titles(element).any(|text| plain(text).ends_with(readable))),
        By::Row(_) => element
            .row
            .as_ref()
            .and_then(|row| {
                row.texts
                    .iter()
                    .map(|text| same(text).max(holds(text)))
                    .max()
            })
            .unwrap_or(0),
        By::Column(_) => element
            .row
            .as_ref()
            .and_then(|row| row.column.as_deref())
            .map_or(0, same),
        By::Heading(_) => same(&element.heading),
        By::Landmark(_) => same(&element.landmark),
        By::Beside(Side::Label, _) => {
            same(beside(element, Side::Left)).max(same(beside(element, Side::Above)))
        }
        By::Beside(side, _) => same(beside(element, *side)),
        // A colour may have two names.
        By::Attribute(name, _) if name == "colour" => {
            element.attributes.get(name).map_or(0, |value| {
                u8::from(value == wanted || value.split(' ').any(|one| one == readable))
            })
        }
        By::Attribute(name, _) => element
            .attributes
            .get(name)
            .map_or(0, |value| u8::from(value == wanted)),
        By::Class(_) => classes(element).map(same).max().unwrap_or(0),
        By::On(on) => u8::from(is_on(element) == Some(*on)),
        By::Nth(_) | By::Extreme { .. } => 1,
    }
}

/// The one that its place or its number chooses.
pub fn chosen(found: &[usize], by: &By, elements: &[Element]) -> Vec<usize> {
    match by {
        By::Nth(Expr::Const(place)) => {
            let Ok(place) = place.parse::<i64>() else {
                return Vec::new();
            };
            let far = place.unsigned_abs() as usize;
            let at = if place > 0 {
                far.checked_sub(1)
            } else {
                found.len().checked_sub(far)
            };
            at.and_then(|at| found.get(at))
                .copied()
                .into_iter()
                .collect()
        }
        By::Extreme { greatest, of, .. } => extreme(found, *greatest, *of, elements)
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// The one with the greatest or least number, where there is one and all have a number.
fn extreme(
    found: &[usize],
    greatest: bool,
    of: Option<Scale>,
    elements: &[Element],
) -> Option<usize> {
    let mut measures: Vec<(f64, usize)> = found
        .iter()
        .map(|at| {
            let element = &elements[*at];
            let measured = match of {
                Some(scale) => {
                    let texts = &element.row.as_ref()?.texts;
                    texts.iter().find_map(|text| measure(text, scale))
                }
                None => SCALES
                    .iter()
                    .find_map(|scale| measure(element.title(), *scale)),
            };
            Some((measured?, *at))
        })
        .collect::<Option<_>>()?;
    measures.sort_by(|one, other| one.0.total_cmp(&other.0));
    if greatest {
        measures.reverse();
    }
    match measures[..] {
        [best, next, ..] if best.0 != next.0 => Some(best.1),
        _ => None,
    }
}

/// What a text measures on a scale; times and durations in minutes.
fn measure(text: &str, scale: Scale) -> Option<f64> {
    match scale {
        Scale::Time => {
            let time = crate::workflow::date::time(text)?;
            Some(f64::from(time.hour()) * 60.0 + f64::from(time.minute()))
        }
        Scale::Duration => duration(text),
        Scale::Amount if number::has_currency(text) => number::plain(text).ok()?.parse().ok(),
        Scale::Amount => None,
        Scale::Number => number::plain(text).ok()?.parse().ok(),
    }
}

/// A duration such as `2h 5m`, in minutes.
fn duration(text: &str) -> Option<f64> {
    let parts = text.split_whitespace().map(|part| {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        let unit = match part[digits..].to_lowercase().as_str() {
            "d" | "days" | "day" => 1440.0,
            "h" | "hr" | "hrs" | "hours" | "hour" => 60.0,
            "m" | "min" | "mins" | "minutes" => 1.0,
            _ => return None,
        };
        Some(part[..digits].parse::<f64>().ok()? * unit)
    });
    let minutes: Vec<f64> = parts.collect::<Option<_>>()?;
    (!minutes.is_empty()).then(|| minutes.iter().sum())
}

/// All that something is called, best first.
pub fn titles(element: &Element) -> impl Iterator<Item = &str> {
    [
        &element.name,
        &element.label,
        &element.text,
        &element.placeholder,
    ]
    .into_iter()
    .filter(|text| !text.is_empty())
    .map(String::as_str)
}

pub fn classes(element: &Element) -> impl Iterator<Item = &str> {
    element
        .attributes
        .get("class")
        .into_iter()
        .flat_map(|classes| classes.split_whitespace())
}

pub fn beside(element: &Element, side: Side) -> &str {
    let around = &element.neighbours;
    match side {
        Side::Left | Side::Label => &around.left,
        Side::Above => &around.above,
        Side::Right => &around.right,
        Side::Below => &around.below,
    }
}

/// Whether the class says what state a thing is in, and so is another one the next time.
pub fn is_of_state(class: &str) -> bool {
    const STATES: [&str; 9] = [
        "hover", "focus", "active", "select", "current", "open", "last", "first", "press",
    ];
    let class = class.to_lowercase();
    STATES.iter().any(|state| class.contains(state))
}

/// Where it stands in the page's structure, without the numbers of its place.
pub fn place_of(element: &Element) -> String {
    let mut place = String::with_capacity(element.path.len());
    let mut inside = false;
    for c in element.path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            _ if !inside => place.push(c),
            _ => {}
        }
    }
    place
}

/// Whether it is ticked, chosen, pressed or open, where it can be.
pub fn is_on(element: &Element) -> Option<bool> {
    use crate::computer::Toggle;
    let states = &element.states;
    let toggle = states
        .checked
        .or(states.pressed)
        .map(|toggle| toggle == Toggle::On);
    toggle.or(states.selected).or(states.expanded)
}

/// What a thing says: what a field holds, else its text, else what it is called.
pub fn said(element: &Element) -> &str {
    let value = element.value.as_deref().filter(|value| !value.is_empty());
    value
        .or_else(|| {
            [&element.text, &element.name]
                .into_iter()
                .find(|text| !text.is_empty())
                .map(String::as_str)
        })
        .unwrap_or_default()
}

/// The text of an expression whose goal is bound, on this page.
pub fn text_of(expr: &Expr, elements: &[Element], today: Date) -> Option<String> {
    match expr {
        Expr::Const(text) => Some(text.clone()),
        Expr::Page(selector, filters) => {
            let at = selector.find_one(elements)?;
            filtered(said(&elements[at]), filters, today)
        }
        Expr::Word(selector, nth, filters) => {
            let Expr::Const(nth) = nth.as_ref() else {
                return None;
            };
            let at = selector.find_one(elements)?;
            let place = nth.parse::<usize>().ok()?.checked_sub(1)?;
            let word = said(&elements[at]).split_whitespace().nth(place)?;
            filtered(word, filters, today)
        }
        Expr::Goal(..) | Expr::Item(_) => None,
    }
}
