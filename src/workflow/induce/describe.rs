//! Every selector that picks just the thing that was chosen, on the page as it was: the version space of one choice.

use std::collections::{BTreeMap, BTreeSet};

use super::extreme::{Measures, SCALES};
use super::look;
use super::selector::{self, By, Kind, Selector, Side, narrowed};
use super::sentence::Locator;
use super::value::{Expr, Sayings};
use crate::computer::Element;

/// Things that are true of the target are combined in pairs, the likeliest first, up to so many.
const PAIRED: usize = 14;
/// Expressions of one text that take part in pairs.
const RIVALS: usize = 8;
/// Attributes that a person can see, or that stay from build to build.
const TELLING: [&str; 15] = [
    "colour",
    "hue",
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
/// People do not count more than this.
const MOST_COUNTED: usize = 100;

/// Something true of the target, with all expressions that say it.
struct Fact {
    /// With the text as it was, for looking on that page.
    shown: By,
    /// The same in terms of the goal, cheapest first.
    told: Vec<By>,
    /// In the order of the page.
    matches: Vec<usize>,
}

impl Fact {
    /// Whether the goal names it, or the row it stands in: that may be true of all that is there, and not of all there is.
    fn is_of_goal(&self) -> bool {
        matches!(self.shown, By::Title(_) | By::Holds(_) | By::Row(_))
            && self.told.first().is_some_and(By::varies)
    }
}

/// The selectors that pick `target` and nothing else of `elements`.
pub fn describe(target: usize, elements: &[Element], sayings: &Sayings<'_>) -> BTreeSet<Selector> {
    let mut all = BTreeSet::new();
    for (kind, alike) in kinds(target, elements) {
        of_kind(target, &kind, &alike, elements, sayings, &mut all);
    }
    all
}

/// The selectors that pick `target` and others, each with all that it picks, in the order of the page.
pub fn describe_sets(
    target: usize,
    elements: &[Element],
    sayings: &Sayings<'_>,
) -> Vec<(Vec<usize>, Selector)> {
    let mut all = Vec::new();
    for (kind, alike) in kinds(target, elements) {
        let mut add = |picked: &[usize], by: BTreeSet<By>| {
            if picked.contains(&target) && picked.len() > 1 {
                let kind = kind.clone();
                all.push((picked.to_vec(), Selector { kind, by }));
            }
        };
        // Nobody presses all buttons because they are buttons.
        if !["button", "link"].contains(&kind.role.as_str()) && !kind.is_any_control() {
            add(&alike, BTreeSet::new());
        }
        let facts = facts(target, &kind, elements, &alike, sayings);
        let loose: Vec<&Fact> = facts
            .iter()
            .filter(|fact| fact.matches.len() > 1)
            .filter(|fact| fact.matches.len() < alike.len() || fact.is_of_goal())
            .filter(|fact| !fact.shown.is_said())
            .take(PAIRED)
            .collect();
        for one in &loose {
            for by in &one.told {
                add(&one.matches, BTreeSet::from([by.clone()]));
            }
        }
        for (both, one, other) in pairs(&loose) {
            for by in told_by_both(one, other) {
                add(&both, by);
            }
        }
    }
    all
}

/// The kinds that a thing is of, each with the places of all that are of it.
fn kinds(target: usize, elements: &[Element]) -> Vec<(Kind, Vec<usize>)> {
    let own = Kind::of(&elements[target]);
    let drawn = own
        .drawn
        .then(|| Kind::any_drawn(look::is_stroke(&elements[target]), own.framed));
    let with_alike = |kind: Kind| {
        let alike = (0..elements.len()).filter(|at| kind.is(&elements[*at]));
        let alike = alike.collect();
        (kind, alike)
    };
    let element = &elements[target];
    let control =
        (element.interactive || element.states.editable).then(|| Kind::any_control(own.framed));
    let any = drawn.into_iter().chain(control);
    any.chain([own]).map(with_alike).collect()
}

/// Adds the selectors that pick just the target among all of a kind.
fn of_kind(
    target: usize,
    kind: &Kind,
    alike: &[usize],
    elements: &[Element],
    sayings: &Sayings<'_>,
    all: &mut BTreeSet<Selector>,
) {
    let mut add = |by: BTreeSet<By>| {
        all.insert(Selector {
            kind: kind.clone(),
            by,
        });
    };
    // That it is the only thing with a pointing hand may be because the hand was there.
    if alike == [target] && !kind.is_any_control() {
        add(BTreeSet::new());
    }
    let facts = facts(target, kind, elements, alike, sayings);
    let mut loose: Vec<&Fact> = Vec::new();
    for fact in &facts {
        if is_just(&fact.matches, target, elements) {
            for by in &fact.told {
                add(BTreeSet::from([by.clone()]));
                // Where there is just one of them, any of them is that one.
                if is_indefinite(by, sayings) {
                    add(BTreeSet::from([by.clone(), By::Any]));
                }
                // So is the first of them: "Tok, AK" found one airport, "BLF" the first of two.
                if matches!(by, By::Title(expr) | By::Holds(expr) if expr.varies()) {
                    let first = By::Nth(Expr::Const("1".to_owned()));
                    add(BTreeSet::from([by.clone(), first]));
                }
            }
        } else {
            loose.push(fact);
        }
    }
    let measures: Vec<Measures<'_>> = std::iter::once(None)
        .chain(SCALES.map(Some))
        .map(|scale| Measures::of(scale, elements))
        .collect();
    // Its place among its like, and among those of which one more thing is true.
    for (among, fact) in std::iter::once((alike, None)).chain(
        loose
            .iter()
            .take(PAIRED)
            .map(|fact| (fact.matches.as_slice(), Some(*fact))),
    ) {
        let told: Vec<Option<&By>> = match fact {
            Some(fact) => fact.told.iter().take(RIVALS).map(Some).collect(),
            None => vec![None],
        };
        for choosing in choosing(target, among, &measures, sayings) {
            let fits = |by: &&Option<&By>| match choosing {
                By::Any => by.is_some_and(|by| is_indefinite(by, sayings)),
                // Places among things of all sorts are chance.
                _ => !kind.is_any_control(),
            };
            for by in told.iter().filter(fits) {
                add(by
                    .iter()
                    .copied()
                    .cloned()
                    .chain([choosing.clone()])
                    .collect());
            }
        }
    }
    loose.retain(|fact| !fact.shown.is_said() && fact.matches.len() < alike.len());
    for (both, one, other) in pairs(&loose) {
        if is_just(&both, target, elements) {
            told_by_both(one, other).for_each(&mut add);
        }
    }
}

/// The likeliest facts two by two, each pair with what both are true of. The target is among what each is truest of, so that none
/// is less true where the other narrowed the choice: there is nothing to judge anew.
fn pairs<'f>(facts: &[&'f Fact]) -> impl Iterator<Item = (Vec<usize>, &'f Fact, &'f Fact)> {
    let likeliest = &facts[..facts.len().min(PAIRED)];
    likeliest.iter().enumerate().flat_map(move |(at, one)| {
        likeliest[at + 1..].iter().map(move |other| {
            let is_both = |at: &usize| other.matches.binary_search(at).is_ok();
            let both = one.matches.iter().copied().filter(is_both).collect();
            (both, *one, *other)
        })
    })
}

/// Both facts together, in all the ways to tell them.
fn told_by_both<'f>(one: &'f Fact, other: &'f Fact) -> impl Iterator<Item = BTreeSet<By>> + 'f {
    one.told.iter().take(RIVALS).flat_map(|first| {
        let seconds = other.told.iter().take(RIVALS);
        seconds.map(|second| BTreeSet::from([first.clone(), second.clone()]))
    })
}

/// Whether this is the target and nothing else. A link is found by whatever leads to the same place.
fn is_just(matches: &[usize], target: usize, elements: &[Element]) -> bool {
    let is_it =
        |at: &usize| *at == target || selector::leads_where(&elements[target], &elements[*at]);
    matches.contains(&target) && matches.iter().all(is_it)
}

/// What is true of the target and not of all its like, the likeliest first. What the goal names may be true of all that is there: a
/// list that was narrowed by typing that, the posts of one person.
fn facts(
    target: usize,
    kind: &Kind,
    elements: &[Element],
    alike: &[usize],
    sayings: &Sayings<'_>,
) -> Vec<Fact> {
    let element = &elements[target];
    let mut all: BTreeMap<By, Vec<By>> = BTreeMap::new();
    if kind.drawn {
        for (phrase, exprs) in sayings.phrases() {
            if look::describes(phrase, element, elements) == Some(true) {
                let told = all
                    .entry(By::Looks(Expr::Const(phrase.to_owned())))
                    .or_default();
                told.extend(exprs.map(|expr| By::Looks(expr.clone())));
            }
        }
    }
    // What stands for anything drawn knows nothing but looks.
    if kind.is_any_drawn() {
        return judged(all, target, alike, elements);
    }
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
        for side in [Side::Left, Side::Above] {
            let label = selector::beside(element, side);
            let by_label = |expr| By::Beside(Side::Label, expr);
            tell(&by_label, label, true);
            // "Name", "Name of the guest" and "Guest name".
            let ends = [label.split_once(' '), label.rsplit_once(' ')];
            let first = ends[0].map(|(first, _)| first);
            let last = ends[1].map(|(_, last)| last);
            for word in first.into_iter().chain(last) {
                tell(&by_label, word, true);
            }
        }
        // What stands for any control knows nothing but names.
        if kind.is_any_control() {
            for word in selector::sorts(element) {
                tell(&By::IsA, word, false);
            }
            return judged(all, target, alike, elements);
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
    let whole = || Expr::Goal(Locator::Whole, Vec::new());
    for (shown, by) in [
        (
            By::Said(Expr::Const(sayings.sentence().to_owned())),
            By::Said(whole()),
        ),
        (
            By::RowSaid(Expr::Const(sayings.sentence().to_owned())),
            By::RowSaid(whole()),
        ),
    ] {
        all.entry(shown).or_default().push(by);
    }
    for stroke in [true, false] {
        let thing = Selector {
            kind: Kind::any_drawn(stroke, kind.framed),
            by: BTreeSet::new(),
        };
        if thing.find_one(elements).is_some_and(|at| at != target) {
            let names = By::Names(Box::new(thing));
            all.entry(names.clone()).or_default().push(names);
        }
    }
    let title = element.title();
    for count in counted(title, elements, sayings) {
        let told = all
            .entry(By::Title(Expr::Const(title.to_owned())))
            .or_default();
        told.push(By::Title(count));
    }
    // Values of the goal inside of longer texts. Where it says the whole text, a part of that is no value.
    let is_longer = |text: &&str| !sayings.says_just(text);
    let holds = selector::titles(element)
        .filter(is_longer)
        .flat_map(|text| sayings.within(text))
        .map(By::Holds);
    let rows = element
        .row
        .iter()
        .flat_map(|row| &row.texts)
        .map(String::as_str)
        .filter(is_longer)
        .flat_map(|text| sayings.within(text))
        .map(By::Row);
    let begins = selector::titles(element)
        .filter(is_longer)
        .flat_map(|text| {
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
        for word in selector::words_of(class) {
            let forms = selector::FORMS.iter().map(|form| format!("{word}{form}"));
            for one in forms.chain([word.to_owned()]) {
                let by_word = sayings.valued(&one).into_iter().map(By::Class);
                let shown = By::Class(Expr::Const(one));
                all.entry(shown).or_default().extend(by_word);
            }
        }
    }
    if let Some(on) = selector::is_on(element) {
        all.entry(By::On(on)).or_default().push(By::On(on));
    }
    judged(all, target, alike, elements)
}

/// What is told as facts, with what each is true of.
fn judged(
    all: BTreeMap<By, Vec<By>>,
    target: usize,
    alike: &[usize],
    elements: &[Element],
) -> Vec<Fact> {
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
            let tells = fact.matches.len() < alike.len() || alike.len() == 1;
            fact.matches.contains(&target) && (tells || fact.is_of_goal())
        })
        .collect();
    facts.sort_by_key(|fact| fact.told.first().map_or(u32::MAX, By::cost));
    facts
}

/// Whether the goal says this of one that is not told from its like.
fn is_indefinite(by: &By, sayings: &Sayings<'_>) -> bool {
    match by {
        By::Looks(expr) | By::IsA(expr) | By::Title(expr) => sayings.is_indefinite(expr),
        _ => false,
    }
}

/// The places and comparisons that pick the target out of these.
fn choosing(
    target: usize,
    among: &[usize],
    measures: &[Measures<'_>],
    sayings: &Sayings<'_>,
) -> Vec<By> {
    let Some(place) = among.iter().position(|at| *at == target) else {
        return Vec::new();
    };
    if among.len() < 2 {
        return Vec::new();
    }
    let nth = (place + 1).to_string();
    let mut all: Vec<By> = sayings.alike(&nth).into_iter().map(By::Nth).collect();
    all.push(By::Nth(Expr::Const(nth)));
    all.push(By::Any);
    if let Some(asked) = sayings.superlative()
        && asked.choose_measured(among, measures) == Some(target)
    {
        all.push(By::Superlative(Expr::Goal(
            Locator::Superlative,
            Vec::new(),
        )));
    }
    all.push(By::Nth(Expr::Const(
        (place as i64 - among.len() as i64).to_string(),
    )));
    for measures in measures {
        let ends = measures.ends(among);
        for greatest in [true, false] {
            if ends.of(greatest) == Some(target) {
                all.push(By::Extreme {
                    greatest,
                    of: measures.of,
                    hinted: sayings.ends().contains(&greatest),
                });
            }
        }
    }
    all
}

/// What there are just so many of on the page, as the text says: things that look as the goal says, or things of one class.
pub fn counted(text: &str, elements: &[Element], sayings: &Sayings<'_>) -> Vec<Expr> {
    let Some(count) = text
        .parse::<usize>()
        .ok()
        .filter(|count| *count <= MOST_COUNTED)
    else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (stroke, framed) in [(true, false), (true, true), (false, false), (false, true)] {
        let kind = Kind::any_drawn(stroke, framed);
        let drawn: Vec<&Element> = elements.iter().filter(|one| kind.is(one)).collect();
        for (phrase, exprs) in sayings.phrases().filter(|_| !drawn.is_empty()) {
            let judged: Option<Vec<bool>> = drawn
                .iter()
                .map(|one| look::describes(phrase, one, elements))
                .collect();
            if judged.is_some_and(|all| all.iter().filter(|fits| **fits).count() == count) {
                all.extend(exprs.map(|expr| {
                    Expr::Count(Box::new(Selector {
                        kind: kind.clone(),
                        by: BTreeSet::from([By::Looks(expr.clone())]),
                    }))
                }));
            }
        }
    }
    let kinds: BTreeSet<Kind> = elements.iter().map(Kind::of).collect();
    for kind in kinds {
        let alike: Vec<&Element> = elements.iter().filter(|one| kind.is(one)).collect();
        let classes: BTreeSet<&str> = alike
            .iter()
            .flat_map(|one| selector::classes(one))
            .collect();
        let by_class = classes
            .into_iter()
            .map(|class| BTreeSet::from([By::Class(Expr::Const(class.to_owned()))]));
        for by in by_class.chain([BTreeSet::new()]) {
            let selector = Selector {
                kind: kind.clone(),
                by,
            };
            if count > 1 && selector.find(elements).len() == count {
                all.push(Expr::Count(Box::new(selector)));
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
