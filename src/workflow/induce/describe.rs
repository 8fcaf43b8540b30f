//! Every selector that picks just the thing that was chosen, on the page as it was: the version space of one choice.

use std::collections::{BTreeMap, BTreeSet};

use super::selector::{self, By, Kind, SCALES, Selector, Side, chosen, narrowed};
use super::value::{Expr, Sayings};
use crate::computer::Element;

/// Things that are true of the target are combined in pairs, the likeliest first, up to so many.
const PAIRED: usize = 14;
/// Expressions of one text that take part in pairs.
const RIVALS: usize = 8;
/// Attributes that a person can see, or that stay from build to build.
const TELLING: [&str; 14] = [
    "colour",
    "id",
    "name",
    "type",
    "alt",
    "title",
    "value",
    "href",
    "aria-label",
    "data-testid",
    "data-test",
    "data-cy",
    "data-id",
    "for",
];
/// Longer texts are content, not names, in bytes.
const LONGEST: usize = 200;

/// Something true of the target, with all expressions that say it.
struct Fact {
    /// With the text as it was, for looking on that page.
    shown: By,
    /// The same in terms of the goal, cheapest first.
    told: Vec<By>,
    matches: Vec<usize>,
}

/// The selectors that pick `target` and nothing else of `elements`.
pub fn describe(target: usize, elements: &[Element], sayings: &Sayings) -> BTreeSet<Selector> {
    describe_all(&[target], elements, sayings)
}

/// The selectors that pick just these, which are of one kind and in the order of the page; empty where they are not.
pub fn describe_all(
    targets: &[usize],
    elements: &[Element],
    sayings: &Sayings,
) -> BTreeSet<Selector> {
    let Some(target) = targets.first().copied() else {
        return BTreeSet::new();
    };
    let element = &elements[target];
    let kind = Kind::of(element);
    let alike: Vec<usize> = (0..elements.len())
        .filter(|at| kind.is(&elements[*at]))
        .collect();
    let mut all = BTreeSet::new();
    let mut add = |by: BTreeSet<By>| {
        all.insert(Selector {
            kind: kind.clone(),
            by,
        });
    };
    if alike == targets {
        add(BTreeSet::new());
    }
    let facts = facts(targets, element, elements, &alike, sayings);
    let mut loose: Vec<&Fact> = Vec::new();
    for fact in &facts {
        if fact.matches == targets {
            for by in &fact.told {
                add(BTreeSet::from([by.clone()]));
            }
        } else {
            loose.push(fact);
        }
    }
    // Its place among its like, and among those of which one more thing is true.
    for (among, fact) in std::iter::once((&alike, None)).chain(
        loose
            .iter()
            .take(PAIRED)
            .map(|fact| (&fact.matches, Some(*fact))),
    ) {
        let told: Vec<Option<&By>> = match fact {
            Some(fact) => fact.told.iter().take(RIVALS).map(Some).collect(),
            None => vec![None],
        };
        let choices = match targets {
            [only] => choosing(*only, among, elements, sayings),
            _ => Vec::new(),
        };
        for choosing in choices {
            for by in &told {
                add(by
                    .iter()
                    .copied()
                    .cloned()
                    .chain([choosing.clone()])
                    .collect());
            }
        }
    }
    for (at, one) in loose.iter().take(PAIRED).enumerate() {
        for other in loose.iter().take(PAIRED).skip(at + 1) {
            let both = narrowed(one.matches.clone(), &other.shown, elements);
            if both != targets {
                continue;
            }
            for first in one.told.iter().take(RIVALS) {
                for second in other.told.iter().take(RIVALS) {
                    add(BTreeSet::from([first.clone(), second.clone()]));
                }
            }
        }
    }
    all
}

/// What is true of the target and not of all its like, the likeliest first.
fn facts(
    targets: &[usize],
    element: &Element,
    elements: &[Element],
    alike: &[usize],
    sayings: &Sayings,
) -> Vec<Fact> {
    let mut all: BTreeMap<By, Vec<By>> = BTreeMap::new();
    {
        let mut tell = |make: &dyn Fn(Expr) -> By, text: &str, by_constant: bool| {
            // A label's colon or star is not part of what it says.
            let text = text.trim_end_matches([':', '*', ' ']);
            if text.is_empty() || text.len() > LONGEST {
                return;
            }
            let told = all.entry(make(Expr::Const(text.to_owned()))).or_default();
            told.extend(sayings.alike(text).into_iter().map(make));
            if by_constant {
                told.push(make(Expr::Const(text.to_owned())));
            }
        };
        for text in selector::titles(element) {
            tell(&By::Title, text, true);
        }
        for text in element.row.iter().flat_map(|row| &row.texts) {
            tell(&By::Row, text, true);
        }
        if let Some(column) = element.row.as_ref().and_then(|row| row.column.as_deref()) {
            tell(&By::Column, column, true);
        }
        tell(&By::Heading, &element.heading, true);
        tell(&By::Landmark, &element.landmark, true);
        for side in [Side::Left, Side::Above, Side::Right, Side::Below] {
            tell(
                &|expr| By::Beside(side, expr),
                selector::beside(element, side),
                true,
            );
        }
        for side in [Side::Left, Side::Above] {
            tell(
                &|expr| By::Beside(Side::Label, expr),
                selector::beside(element, side),
                true,
            );
        }
        for name in TELLING {
            if name == "colour" {
                // Either of its names.
                for one in element
                    .attributes
                    .get(name)
                    .iter()
                    .flat_map(|value| value.split(' '))
                {
                    tell(&|expr| By::Attribute(name.to_owned(), expr), one, true);
                }
            } else if let Some(value) = element.attributes.get(name) {
                tell(
                    &|expr| By::Attribute(name.to_owned(), expr),
                    value,
                    !is_generated(name, value),
                );
            }
        }
    }
    // Values of the goal inside of longer texts.
    let holds = selector::titles(element)
        .flat_map(|text| sayings.within(text))
        .map(By::Holds);
    let rows = element
        .row
        .iter()
        .flat_map(|row| &row.texts)
        .flat_map(|text| sayings.within(text))
        .map(By::Row);
    let begins = selector::titles(element).flat_map(|text| {
        let begins = sayings.beginning(text).into_iter().map(By::Begins);
        begins.chain(sayings.ending(text).into_iter().map(By::Ends))
    });
    let plain_of: Vec<(By, By)> = holds
        .chain(rows)
        .chain(begins)
        .filter_map(|by| Some((sayings.shown(&by)?, by)))
        .collect();
    for (shown, by) in plain_of {
        let told = all.entry(shown).or_default();
        if !told.contains(&by) {
            told.push(by);
        }
    }
    for class in selector::classes(element).filter(|class| !selector::is_of_state(class)) {
        let told = all
            .entry(By::Class(Expr::Const(class.to_owned())))
            .or_default();
        told.extend(sayings.alike(class).into_iter().map(By::Class));
        told.push(By::Class(Expr::Const(class.to_owned())));
    }
    if let Some(on) = selector::is_on(element) {
        all.entry(By::On(on)).or_default().push(By::On(on));
    }
    let mut facts: Vec<Fact> = all
        .into_iter()
        .filter(|(_, told)| !told.is_empty())
        .map(|(shown, mut told)| {
            told.sort_by(|one, other| one.cost().cmp(&other.cost()).then_with(|| one.cmp(other)));
            told.dedup();
            let matches = narrowed(alike.to_vec(), &shown, elements);
            Fact {
                shown,
                told,
                matches,
            }
        })
        .filter(|fact| {
            targets.iter().all(|target| fact.matches.contains(target))
                && (fact.matches.len() < alike.len() || alike.len() == targets.len())
        })
        .collect();
    facts.sort_by_key(|fact| fact.told.first().map_or(u32::MAX, By::cost));
    facts
}

/// The places and comparisons that pick the target out of these.
fn choosing(target: usize, among: &[usize], elements: &[Element], sayings: &Sayings) -> Vec<By> {
    let Some(place) = among.iter().position(|at| *at == target) else {
        return Vec::new();
    };
    if among.len() < 2 {
        return Vec::new();
    }
    let nth = (place + 1).to_string();
    let mut all: Vec<By> = sayings.alike(&nth).into_iter().map(By::Nth).collect();
    all.push(By::Nth(Expr::Const(nth)));
    all.push(By::Nth(Expr::Const(
        (place as i64 - among.len() as i64).to_string(),
    )));
    let hints = sayings.extremes();
    for of in std::iter::once(None).chain(SCALES.map(Some)) {
        for greatest in [true, false] {
            let hinted = hints.contains(&greatest);
            let by = By::Extreme {
                greatest,
                of,
                hinted,
            };
            if chosen(among, &by, elements) == [target] {
                all.push(by);
            }
        }
    }
    all
}

/// Whether a value was made by a machine for this page load or this thing, and says nothing the next time.
fn is_generated(name: &str, value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    match name {
        "href" | "value" => true,
        "id" | "for" => digits >= 3 || value.len() > 40,
        _ => false,
    }
}
