//! A calendar: whether a day of the goal's date was chosen in it, and which of its words are that date's month. A day's number is
//! the same in every month, so that it says little without the month that was shown with it.

use std::collections::BTreeSet;

use super::selector;
use super::value::{Expr, Sayings};
use crate::computer::Element;
use crate::demo::Seen;
use crate::workflow::filter::Filter;

/// How a date of the goal is written where the expression is one.
fn date_format(expr: &Expr) -> Option<&str> {
    let Expr::Goal(_, filters) = expr else {
        return None;
    };
    filters.iter().find_map(|filter| match filter {
        Filter::Date(format) => Some(format.as_str()),
        _ => None,
    })
}

fn is_month(expr: &Expr) -> bool {
    date_format(expr).is_some_and(|format| format.starts_with("%B") || format.starts_with("%b"))
}

/// Whether what was chosen is called by nothing but the day of the goal's date.
pub fn is_day_of_goal(chosen: &Element, sayings: &Sayings<'_>) -> bool {
    let is_day =
        |expr: &Expr| date_format(expr).is_some_and(|format| ["%d", "%-d"].contains(&format));
    sayings.alike(chosen.title()).iter().any(is_day)
}

/// The writings of the goal's month that these say.
fn months<'e>(said: impl Iterator<Item = &'e Element>, sayings: &Sayings<'_>) -> BTreeSet<Expr> {
    said.flat_map(|element| sayings.alike(selector::said(element)))
        .filter(is_month)
        .collect()
}

/// The writings of the goal's month that a page says.
pub fn months_on(page: &Seen, sayings: &Sayings<'_>) -> BTreeSet<Expr> {
    months(page.elements.iter(), sayings)
}

/// Those that it says in the place of something else: a calendar that only opened was not turned.
pub fn turned_to(before: &Seen, after: &Seen, sayings: &Sayings<'_>) -> BTreeSet<Expr> {
    let is_turned = |element: &&Element| {
        let mut were = before.elements.iter();
        let was = were.find(|was| was.path == element.path && was.frame == element.frame);
        was.is_some_and(|was| selector::said(was) != selector::said(element))
    };
    months(after.elements.iter().filter(is_turned), sayings)
}
