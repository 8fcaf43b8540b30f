//! From rivals to one: what the explanations that are left say for this goal on this page, and whether they agree.

use jiff::civil::Date;

use super::selector::{By, Selector, said, text_of, titles};
use super::value::Expr;
use crate::computer::Element;

/// Rivals further behind the best than this have no say.
pub const GAP: u32 = 4;
/// An explanation of a single demonstration that is more far-fetched than this is asked about.
pub const FAR_FETCHED: u32 = 14;
/// How much more far-fetched an explanation may be for each further demonstration that it explains.
const SUPPORT: u32 = 4;

/// How far-fetched an explanation of so many demonstrations may be that is believed alone.
pub fn limit(takes: usize) -> u32 {
    FAR_FETCHED + SUPPORT * takes.saturating_sub(1) as u32
}

/// A rival and how far-fetched it is.
pub type Ranked<T> = Vec<(u32, T)>;

/// What the rivals say.
#[derive(Debug, Clone, PartialEq)]
pub enum Choice<T> {
    Sure(T),
    /// Some of these, the likeliest first: they disagree, or only something far-fetched says so.
    Unsure(Vec<T>),
    /// None says anything here.
    None,
}

/// Orders rivals by how far-fetched they are.
pub fn ranked<T: Ord>(rivals: impl IntoIterator<Item = T>, cost: impl Fn(&T) -> u32) -> Ranked<T> {
    let mut all: Vec<(u32, T)> = rivals.into_iter().map(|one| (cost(&one), one)).collect();
    all.sort();
    all.dedup_by(|one, other| one.1 == other.1);
    all
}

/// Those that have a say.
pub fn within_reach<T>(rivals: &Ranked<T>) -> impl Iterator<Item = &T> {
    let least = rivals.first().map_or(0, |(cost, _)| *cost);
    let near = rivals.iter();
    near.take_while(move |(cost, _)| *cost <= least + GAP)
        .map(|(_, one)| one)
}

/// Which element is meant; `takes` demonstrations agree on the rivals.
pub fn element(rivals: &Ranked<Selector>, elements: &[Element], takes: usize) -> Choice<usize> {
    match decided(rivals, takes, |selector| selector.find_one(elements)) {
        Choice::None => refined(rivals, elements, takes),
        choice => choice,
    }
}

/// All that the likeliest is true of, where that is more than one: several that are called so are not none.
pub fn several(rivals: &Ranked<Selector>, elements: &[Element]) -> Vec<usize> {
    let likeliest = rivals.first();
    let found = likeliest.map_or_else(Vec::new, |(_, one)| one.find(elements));
    if found.len() > 1 { found } else { Vec::new() }
}

/// Whether one of those within reach goes by what it was called when it was shown, and nothing here is called so: it may stand
/// where nobody looked yet, and has not had its say.
pub fn lacks_its_name(rivals: &Ranked<Selector>, elements: &[Element]) -> bool {
    let is_name = |one: &Selector| {
        let mut all = one.by.iter();
        matches!(
            (all.next(), all.next()),
            (Some(By::Title(Expr::Const(_))), None)
        )
    };
    within_reach(rivals)
        .filter(|one| is_name(one))
        .any(|one| one.find(elements).is_empty())
}

/// Whether one of those within reach goes by a name, or a part of one, that nothing here has: it has not had its say.
pub fn lacks_a_name(rivals: &Ranked<Selector>, elements: &[Element]) -> bool {
    let goes_by_name = |by: &By| {
        matches!(
            by,
            By::Title(_) | By::Holds(_) | By::Begins(_) | By::Ends(_)
        )
    };
    within_reach(rivals)
        .filter(|one| one.by.iter().any(goes_by_name))
        .any(|one| one.find(elements).is_empty())
}

/// Where what the likeliest say is true of several things, those that say the same and more tell which of them is meant.
fn refined(rivals: &Ranked<Selector>, elements: &[Element], takes: usize) -> Choice<usize> {
    let Some((_, wide)) = rivals.first() else {
        return Choice::None;
    };
    let several = wide.find(elements);
    if several.len() < 2 {
        return Choice::None;
    }
    let narrower: Ranked<Selector> = rivals
        .iter()
        .filter(|(_, one)| {
            one.kind == wide.kind && one.by.len() > wide.by.len() && one.by.is_superset(&wide.by)
        })
        .filter(|(_, one)| {
            one.find_one(elements)
                .is_some_and(|at| several.contains(&at))
        })
        .cloned()
        .collect();
    match decided(&narrower, takes, |selector| selector.find_one(elements)) {
        // Whoever is asked about the likely ones is shown all that may be meant.
        Choice::Unsure(mut likely) => {
            likely.extend(
                several
                    .into_iter()
                    .filter(|at| !likely.contains(at))
                    .collect::<Vec<_>>(),
            );
            Choice::Unsure(likely)
        }
        choice => choice,
    }
}

/// Which thing says what is to be noted. Several that say the same are as good as one.
pub fn saying(rivals: &Ranked<Selector>, elements: &[Element], takes: usize) -> Choice<usize> {
    let says = |selector: &Selector| Some(said(&elements[selector.find_one(elements)?]));
    match decided(rivals, takes, says) {
        Choice::Sure(text) => rivals
            .iter()
            .filter_map(|(_, selector)| selector.find_one(elements))
            .find(|at| said(&elements[*at]) == text)
            .map_or(Choice::None, Choice::Sure),
        Choice::Unsure(_) => Choice::Unsure(Vec::new()),
        Choice::None => Choice::None,
    }
}

/// Whether it is called to the letter what the likeliest say that it is called.
pub fn is_exact(rivals: &Ranked<Selector>, index: usize, elements: &[Element]) -> bool {
    let named = rivals.first().and_then(|(_, best)| {
        best.by.iter().find_map(|by| match by {
            By::Title(Expr::Const(name)) => Some(name),
            _ => None,
        })
    });
    named.is_none_or(|name| titles(&elements[index]).any(|title| title == name))
}

/// Which elements are meant, all of them.
pub fn elements(
    rivals: &Ranked<Selector>,
    elements: &[Element],
    takes: usize,
) -> Choice<Vec<usize>> {
    decided(rivals, takes, |selector| {
        Some(selector.find(elements)).filter(|found| !found.is_empty())
    })
}

/// Which text is meant, in a field of that label.
pub fn text(
    rivals: &Ranked<Expr>,
    elements: &[Element],
    label: Option<&str>,
    takes: usize,
    today: Date,
) -> Choice<String> {
    decided(rivals, takes, |expr| {
        text_of(&expr.labelled(label)?, elements, today)
    })
}

/// What those within reach of the likeliest say. Where the likeliest find nothing, what is far behind them does not step in:
/// the thing is not there, which is another matter.
fn decided<T, A: PartialEq + Clone>(
    rivals: &Ranked<T>,
    takes: usize,
    say: impl Fn(&T) -> Option<A>,
) -> Choice<A> {
    let Some((least, _)) = rivals.first() else {
        return Choice::None;
    };
    let mut answers: Vec<(u32, A)> = Vec::new();
    for (cost, rival) in rivals.iter().take_while(|(cost, _)| *cost <= least + GAP) {
        let Some(answer) = say(rival) else { continue };
        if !answers.iter().any(|(_, known)| *known == answer) {
            answers.push((*cost, answer));
        }
    }
    match &answers[..] {
        [] => Choice::None,
        [(cost, only)] if *cost <= limit(takes) => Choice::Sure(only.clone()),
        _ => Choice::Unsure(answers.into_iter().map(|(_, answer)| answer).collect()),
    }
}
