//! Ways to say which thing on a page is meant: what it is called, the row it stands in, what stands beside it, its place among
//! its like. A selector that picks exactly one thing is an explanation of why that one was chosen.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::extreme::{Measures, Scale, superlative};
use super::look;
use super::sentence::Sentence;
use super::value::{Expr, filtered};
use crate::computer::Element;
use crate::workflow::likeness::{holds_words, plain, reads_as, reads_within};

/// How far-fetched it is that something is meant because the sentence has its name in it somewhere: too far to stand against
/// a place in the sentence, and near enough where the sentence is put otherwise.
const SAID: u32 = 11;
/// How much less far-fetched it is that something is the first of those found by a value than that it is the first of its sort:
/// too far still to be believed of one demonstration.
const FIRST_FOUND: u32 = 8;
/// Shorter names stand in too many sentences, in bytes.
const SHORTEST_SAID: usize = 2;

/// Shorter words of a class say nothing, in bytes.
const SHORTEST_WORD: usize = 3;

/// Roles of what stands for anything that looks some way.
const STROKE: &str = "drawn thing";
const BOX: &str = "coloured box";
/// The role of what stands for anything that can be used.
const CONTROL: &str = "control";
/// How much more far-fetched it is that the sort of a thing does not matter: too far to stand in for one that does.
const OF_ANY_SORT: u32 = 5;

/// What sort of thing it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    pub role: String,
    pub tag: String,
    /// Whether it stands in a frame.
    pub framed: bool,
    /// Whether it is drawn: then people tell it by its looks, and hardly ever by what it is made of.
    pub drawn: bool,
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
    /// The one with the greatest or the least of what the sentence asks the most or the least of.
    Superlative(Expr),
    /// It is ticked, chosen, pressed or open, or is not.
    On(bool),
    /// It looks like this: "small blue circles".
    Looks(Expr),
    /// It is called by one of the words for what that one looks like.
    Names(Box<Selector>),
    /// The sentence calls it by its name, and nothing else of its kind by a longer one.
    Said(Expr),
    /// The sentence says what its row says.
    RowSaid(Expr),
    /// It is a thing of this sort: "checkbox", "link".
    IsA(Expr),
    /// Any of them will do.
    Any,
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
            drawn: look::is_drawn(element),
        }
    }

    /// Anything of a drawing, or any coloured box.
    pub fn any_drawn(stroke: bool, framed: bool) -> Self {
        Self {
            role: if stroke { STROKE } else { BOX }.to_owned(),
            tag: String::new(),
            framed,
            drawn: true,
        }
    }

    /// Anything that can be used.
    pub fn any_control(framed: bool) -> Self {
        Self {
            role: CONTROL.to_owned(),
            tag: String::new(),
            framed,
            drawn: false,
        }
    }

    /// Whether it stands for anything that can be used.
    pub fn is_any_control(&self) -> bool {
        self.role == CONTROL && self.tag.is_empty()
    }

    /// Whether it stands for anything that looks some way.
    pub fn is_any_drawn(&self) -> bool {
        self.drawn && self.tag.is_empty()
    }

    pub fn is(&self, element: &Element) -> bool {
        let made_so = if self.is_any_control() {
            element.interactive || element.states.editable
        } else if self.is_any_drawn() {
            look::is_drawn(element) && look::is_stroke(element) == (self.role == STROKE)
        } else {
            self.role == element.role && self.tag == element.tag
        };
        made_so && self.framed == (element.frame > 0)
    }

    fn is_stroke(&self) -> bool {
        self.role == STROKE || look::STROKES.contains(&self.tag.as_str())
    }

    /// Whether the same may be done to both.
    pub fn goes_with(&self, other: &Kind) -> bool {
        let made_alike = self.role == other.role && self.tag == other.tag;
        let drawn_alike = self.drawn && other.drawn && self.is_stroke() == other.is_stroke();
        self.framed == other.framed && (made_alike || drawn_alike)
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
                "colour" | "hue" if expr.varies() => 1 + expr.cost(),
                _ if expr.varies() => 4 + expr.cost(),
                "data-testid" | "name" | "aria-label" | "type" | "alt" | "title" | "id" => 7,
                _ => 14,
            },
            By::Class(expr) if expr.varies() => 4 + expr.cost(),
            By::Class(_) => 8,
            // Figures of a goal count things where they are ordinals; else that is mostly chance.
            By::Nth(expr) if expr.is_ordinal() => expr.cost().saturating_sub(3),
            By::Nth(expr) if expr.varies() => 9 + expr.cost(),
            By::Nth(Expr::Const(place)) if place == "1" => 16,
            By::Nth(Expr::Const(place)) if place == "-1" => 18,
            By::Nth(_) => 21,
            By::Superlative(_) => 1,
            By::Extreme { hinted: true, .. } => 6,
            By::Extreme { .. } => 17,
            By::On(_) => 13,
            By::Looks(expr) => expr.cost(),
            By::Names(of) => 2 + of.cost(),
            By::Said(_) => SAID,
            By::RowSaid(_) => SAID + 1,
            By::IsA(expr) => 3 + expr.cost(),
            By::Any => 4,
        }
    }

    /// The exact text that its expression must have, where it has one.
    pub fn expr(&self) -> Option<&Expr> {
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
            | By::Looks(expr)
            | By::Said(expr)
            | By::RowSaid(expr)
            | By::IsA(expr)
            | By::Superlative(expr)
            | By::Nth(expr) => Some(expr),
            By::Extreme { .. } | By::On(_) | By::Names(_) | By::Any => None,
        }
    }

    /// The same with this expression in place of its own.
    pub fn with(&self, expr: Expr) -> By {
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
            By::Looks(_) => By::Looks(expr),
            By::Said(_) => By::Said(expr),
            By::RowSaid(_) => By::RowSaid(expr),
            By::IsA(_) => By::IsA(expr),
            By::Superlative(_) => By::Superlative(expr),
            By::Extreme { .. } | By::On(_) | By::Names(_) | By::Any => self.clone(),
        }
    }

    /// The same with what another expression is made of its own.
    pub fn bind_with(&self, bind: &dyn Fn(&Expr) -> Option<Expr>) -> Option<By> {
        match self.expr() {
            Some(expr) => Some(self.with(bind(expr)?)),
            None => Some(self.clone()),
        }
    }

    /// Whether something depends on the goal or the loop.
    pub fn varies(&self) -> bool {
        match self {
            By::Names(_) => true,
            by => by.expr().is_some_and(Expr::varies),
        }
    }

    /// Whether it says nothing but that the sentence has a name in it.
    pub fn is_said(&self) -> bool {
        matches!(self, By::Said(_) | By::RowSaid(_))
    }

    fn chooses(&self) -> bool {
        matches!(
            self,
            By::Nth(_) | By::Extreme { .. } | By::Superlative(_) | By::Any
        )
    }
}

impl Selector {
    pub fn cost(&self) -> u32 {
        // The only one of its kind needs no more words.
        let only = if self.by.is_empty() { 9 } else { 0 };
        let any = if self.kind.is_any_control() {
            OF_ANY_SORT
        } else {
            0
        };
        let sum = any
            + only
            + self.by.iter().map(By::cost).sum::<u32>()
            + self.by.len().saturating_sub(1) as u32;
        // The first of what was looked for by a value: people write the rest of a name only where it matters.
        let is_found = |by: &By| matches!(by, By::Holds(expr) if expr.varies());
        let is_first = |by: &By| matches!(by, By::Nth(Expr::Const(place)) if place == "1");
        match self.by.iter().any(is_found) && self.by.iter().any(is_first) {
            true => sum - FIRST_FOUND,
            false => sum,
        }
    }

    /// Adds all expressions in it.
    pub fn exprs<'a>(&'a self, all: &mut Vec<&'a Expr>) {
        for by in &self.by {
            match by {
                By::Names(of) => of.exprs(all),
                by => by.expr().into_iter().for_each(|expr| expr.parts(all)),
            }
        }
    }

    /// Whether something in it depends on the goal or the loop.
    pub fn varies(&self) -> bool {
        self.by.iter().any(By::varies)
    }

    /// Whether it means all of which it is true, and not one of them by its place or measure.
    pub fn means_all(&self) -> bool {
        !self.by.iter().any(By::chooses)
    }

    /// Whether it is another one for another item of a loop.
    pub fn is_of_item(&self) -> bool {
        let mut exprs = Vec::new();
        self.exprs(&mut exprs);
        exprs.iter().any(|expr| matches!(expr, Expr::Item(_)))
    }

    /// Whether it takes all of the page to tell: what is compared, or counted, or comes last may stand where nobody looked yet.
    pub fn needs_all(&self) -> bool {
        let compares = |by: &By| match by {
            By::Extreme { .. } | By::Superlative(_) => true,
            By::Nth(Expr::Const(place)) => place.starts_with('-'),
            _ => false,
        };
        let mut exprs = Vec::new();
        self.exprs(&mut exprs);
        self.by.iter().any(compares) || exprs.iter().any(|expr| matches!(expr, Expr::Count(_)))
    }

    /// The selector for this goal and item. `None` where the goal does not say what it needs.
    pub fn bind(&self, goal: &Sentence, item: Option<&str>, today: Date) -> Option<Self> {
        self.with_exprs(&|expr| expr.bind(goal, item, today))
    }

    /// The selector with each expression put for its own. `None` where there is none for one.
    pub fn with_exprs(&self, put: &dyn Fn(&Expr) -> Option<Expr>) -> Option<Self> {
        let by = self
            .by
            .iter()
            .map(|by| match by {
                By::Names(of) => Some(By::Names(Box::new(of.with_exprs(put)?))),
                by => by.bind_with(put),
            })
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

    /// How many there are; `None` where the goal asks for looks that nobody can see.
    pub fn count(&self, elements: &[Element]) -> Option<usize> {
        for by in &self.by {
            if let By::Looks(Expr::Const(phrase)) = by {
                let mut alike = elements.iter().filter(|one| self.kind.is(one));
                if alike.any(|one| look::describes(phrase, one, elements).is_none()) {
                    return None;
                }
            }
        }
        Some(self.find(elements).len())
    }

    /// The one place that it means, where it is just one. Links to one place are one: a card's picture and its title.
    pub fn find_one(&self, elements: &[Element]) -> Option<usize> {
        let found = self.find(elements);
        let first = &elements[*found.first()?];
        let leads_there = |at: &usize| leads_where(first, &elements[*at]);
        match found[..] {
            [only] if leads_to(first).is_none() => Some(only),
            _ if found.iter().all(leads_there) => (0..elements.len()).find(leads_there),
            _ => None,
        }
    }
}

/// Whether two things are links to the same place, opened in the same way and called the same: what a script does with a link
/// differs by its name, and its address says nothing.
pub fn leads_where(one: &Element, other: &Element) -> bool {
    let way = |element: &Element| element.attributes.get("target").cloned();
    leads_to(one).is_some()
        && leads_to(one) == leads_to(other)
        && one.title() == other.title()
        && Kind::of(one) == Kind::of(other)
        && way(one) == way(other)
}

/// Where a link leads to; what only runs a script, or stays on the page, leads nowhere.
fn leads_to(element: &Element) -> Option<&str> {
    let address = element.attributes.get("href")?.trim();
    let leads = element.role == "link"
        && !address.is_empty()
        && !address.contains('#')
        && !address.to_ascii_lowercase().starts_with("javascript:");
    leads.then_some(address)
}

/// Those of which it is true; where some are exactly what is said and others only nearly, the exact ones.
pub fn narrowed(mut found: Vec<usize>, by: &By, elements: &[Element]) -> Vec<usize> {
    let of_page;
    let wanted = match by.expr() {
        Some(Expr::Const(text)) => text.as_str(),
        Some(Expr::Count(selector)) => {
            let Some(count) = selector.count(elements) else {
                return Vec::new();
            };
            of_page = count.to_string();
            of_page.as_str()
        }
        Some(_) => return Vec::new(),
        None => "",
    };
    match by {
        By::Looks(_) => {
            found.retain(|at| look::describes(wanted, &elements[*at], elements) == Some(true));
            return found;
        }
        By::Names(of) => {
            let Some(thing) = of.find_one(elements) else {
                return Vec::new();
            };
            found.retain(|at| look::is_called(&elements[thing], elements[*at].title()));
            return found;
        }
        By::Said(_) => return longest_said(found, wanted, |at| titles(&elements[at]).collect()),
        By::RowSaid(_) => {
            return longest_said(found, wanted, |at| {
                let row = elements[at].row.iter();
                row.flat_map(|row| row.texts.iter().map(String::as_str))
                    .collect()
            });
        }
        _ => {}
    }
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
            u8::from(reads_as(text, readable))
        }
    };
    let holds = |text: &str| u8::from(readable.len() > 1 && reads_within(text, readable));
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
        By::Beside(Side::Label, _) => [Side::Left, Side::Above]
            .into_iter()
            .map(|side| labels(beside(element, side), wanted, readable))
            .max()
            .unwrap_or(0),
        By::IsA(_) => u8::from(is_a(element, readable)),
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
        By::Class(_) => classes(element)
            .map(|class| same(class).max(u8::from(has_word(class, readable))))
            .max()
            .unwrap_or(0),
        By::On(on) => u8::from(is_on(element) == Some(*on)),
        By::Nth(_) | By::Extreme { .. } | By::Superlative(_) | By::Any => 1,
        By::Looks(_) | By::Names(_) | By::Said(_) | By::RowSaid(_) => 0,
    }
}

/// How well a text is the label that is wanted: 3 to the letter, 2 as people read it, 1 where it says more: "Name", "Name of
/// the guest" and "Guest name".
fn labels(text: &str, wanted: &str, readable: &str) -> u8 {
    if text.is_empty() || wanted.is_empty() {
        return 0;
    }
    let text_readable = plain(text);
    if text == wanted {
        3
    } else if text_readable == readable {
        2
    } else {
        let more = text_readable.strip_prefix(readable);
        let before = text_readable.strip_suffix(readable);
        let says_more = more.is_some_and(|more| more.starts_with(' '))
            || before.is_some_and(|before| before.ends_with(' '));
        u8::from(says_more)
    }
}

/// Whether a word says what sort of thing it is.
fn is_a(element: &Element, word: &str) -> bool {
    sorts(element).any(|sort| sort == word)
}

/// The words for what sort of thing it is.
pub fn sorts(element: &Element) -> impl Iterator<Item = &str> {
    let kind = element.attributes.get("type").map(String::as_str);
    // A field of no type, or of one that no browser knows, is a text field.
    let is_text = element.tag == "input" && element.role == "textbox" && kind != Some("text");
    [
        Some(element.role.as_str()),
        Some(element.tag.as_str()),
        kind,
        is_text.then_some("text"),
    ]
    .into_iter()
    .flatten()
}

/// Those with the longest text that the sentence says.
fn longest_said<'e>(
    found: Vec<usize>,
    sentence: &str,
    texts: impl Fn(usize) -> Vec<&'e str>,
) -> Vec<usize> {
    let sentence = plain(sentence);
    let said = |at: usize| {
        let all = texts(at).into_iter().map(plain);
        all.filter(|text| text.len() >= SHORTEST_SAID && holds_words(&sentence, text))
            .map(|text| text.len())
            .max()
            .unwrap_or(0)
    };
    let judged: Vec<(usize, usize)> = found.into_iter().map(|at| (at, said(at))).collect();
    let longest = judged.iter().map(|(_, said)| *said).max().unwrap_or(0);
    judged
        .into_iter()
        .filter(|(_, said)| longest > 0 && *said == longest)
        .map(|(at, _)| at)
        .collect()
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
        By::Extreme { greatest, of, .. } => Measures::of(*of, elements)
            .extreme(found, *greatest)
            .into_iter()
            .collect(),
        By::Superlative(Expr::Const(sentence)) => superlative(sentence)
            .and_then(|(asked, _)| asked.choose(found, elements))
            .into_iter()
            .collect(),
        By::Any => found.first().copied().into_iter().collect(),
        _ => Vec::new(),
    }
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

/// The words that a class is made of, where they are more than one: icons are called `icon-trash`.
pub fn words_of(class: &str) -> impl Iterator<Item = &str> {
    let is_made_of_some = class.contains(['-', '_']);
    class
        .split(['-', '_'])
        .filter(move |word| is_made_of_some && word.len() >= SHORTEST_WORD)
}

/// Ends of a word in other forms of it: "italics", "underlined", "starred".
pub const FORMS: [&str; 3] = ["s", "d", "ed"];

/// Whether one of its words is this one, or this one in another form.
fn has_word(class: &str, wanted: &str) -> bool {
    words_of(class).any(|word| {
        let word = word.to_lowercase();
        let more = wanted.strip_prefix(&word);
        more.is_some_and(|more| more.is_empty() || FORMS.contains(&more))
    })
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

/// What a field is labelled; empty where nothing is near that may be its label.
pub fn label_of(element: &Element) -> &str {
    [
        &element.label,
        &element.name,
        &element.neighbours.left,
        &element.neighbours.above,
    ]
    .into_iter()
    .find(|text| !text.is_empty())
    .map_or("", |text| text.trim_end_matches([':', '*', ' ']))
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
        Expr::Count(selector) => Some(selector.count(elements)?.to_string()),
        Expr::Goal(..) | Expr::Item(_) | Expr::Earlier(..) | Expr::Noted(..) | Expr::Label => None,
    }
}
