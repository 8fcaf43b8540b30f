//! What a page shows, small enough to be kept: to tell later whether it shows something else. Pure.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::element::{Element, Toggle};
use super::geometry::Rect;
use super::observation::{Observation, Scope};

/// Edges that differ by at most so many CSS pixels stand where they stood: what is pointed at may be drawn a little larger.
const UNMOVED: f64 = 4.0;
/// So many things at least move alike where the view was scrolled; fewer were moved.
const LEAST_SCROLLED: usize = 3;

/// What a page shows, without what has the focus or is pointed at.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The address, the title, the document, and what there is beside the page: tabs, downloads, a dialog.
    around: u64,
    /// Whether all of the page is listed.
    whole: bool,
    /// What stands at each place of the page's structure.
    things: BTreeMap<Place, Vec<Thing>>,
}

/// A frame, and a path in it as a number.
type Place = (usize, u64);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Thing {
    /// All that it says, as a number.
    says: u64,
    bounds: Rect,
}

/// How much a page differs from what it showed before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Nothing,
    /// No more than what scrolling the view, or listing more of the page, may have brought.
    Scrolled,
    /// Something stands elsewhere.
    Moved,
    /// Something says something else, came or went.
    Said,
}

impl Sight {
    /// Of what was listed in view and near it.
    pub fn of_listed(url: &str, title: &str, elements: &[Element]) -> Self {
        Self {
            around: hash_of((url, title)),
            whole: false,
            things: things(elements),
        }
    }

    pub fn of(page: &Observation) -> Self {
        let tabs: Vec<(&str, bool)> = page
            .tabs
            .iter()
            .map(|tab| (tab.id.0.as_str(), tab.active))
            .collect();
        let files: Vec<&str> = page.downloads.iter().map(|one| one.file.as_str()).collect();
        let dialog = page.dialog.as_ref().map(|one| one.message.as_str());
        Self {
            around: hash_of((
                &page.url,
                &page.title,
                document_of(page),
                tabs,
                files,
                dialog,
            )),
            whole: page.scope == Scope::Whole,
            things: things(&page.elements),
        }
    }

    /// What changed until a later look.
    pub fn change(&self, later: &Self) -> Change {
        if self.around != later.around {
            return Change::Said;
        }
        let shifts = self.shifts(later);
        let shift = |place: &Place| shifts.get(&place.0).copied().unwrap_or_default();
        let gone = self.things.keys().filter_map(|place| {
            let known = later.things.contains_key(place);
            (!known).then(|| listed(shift(place), self.whole && !later.whole))
        });
        let others = later.things.iter().map(|(place, now)| {
            let Some(before) = self.things.get(place) else {
                return listed(shift(place), later.whole && !self.whole);
            };
            changed(before, now, shift(place))
        });
        gone.chain(others).max().unwrap_or(Change::Nothing)
    }

    /// How far each frame was scrolled, in whole CSS pixels: as far as most of what is in it moved.
    fn shifts(&self, later: &Self) -> HashMap<usize, (i64, i64)> {
        let mut counts: HashMap<usize, HashMap<(i64, i64), usize>> = HashMap::new();
        for (place, before) in &self.things {
            if let (Some([now]), [before]) =
                (later.things.get(place).map(Vec::as_slice), &before[..])
            {
                let moved = (
                    now.bounds.x - before.bounds.x,
                    now.bounds.y - before.bounds.y,
                );
                let moved = (moved.0.round() as i64, moved.1.round() as i64);
                *counts.entry(place.0).or_default().entry(moved).or_default() += 1;
            }
        }
        let most = |counts: HashMap<(i64, i64), usize>| {
            let all: usize = counts.values().sum();
            let most = counts.into_iter().max_by_key(|(_, count)| *count);
            most.filter(|(_, count)| *count >= LEAST_SCROLLED && count * 2 > all)
                .map(|(moved, _)| moved)
        };
        counts
            .into_iter()
            .filter_map(|(frame, counts)| Some((frame, most(counts)?)))
            .collect()
    }
}

/// What it means that something is listed only once, where its frame was scrolled so far. `wider`: more of the page was listed then.
fn listed(shift: (i64, i64), wider: bool) -> Change {
    match shift == (0, 0) && !wider {
        true => Change::Said,
        false => Change::Scrolled,
    }
}

/// What changed at one place.
fn changed(before: &[Thing], now: &[Thing], shift: (i64, i64)) -> Change {
    let says = |things: &[Thing]| {
        let mut all: Vec<u64> = things.iter().map(|thing| thing.says).collect();
        all.sort_unstable();
        all
    };
    if says(before) != says(now) {
        return Change::Said;
    }
    let stands = |by: (i64, i64)| {
        let moved = |one: &Thing| Rect {
            x: one.bounds.x + by.0 as f64,
            y: one.bounds.y + by.1 as f64,
            ..one.bounds
        };
        before
            .iter()
            .zip(now)
            .all(|(before, now)| is_same_place(&moved(before), &now.bounds))
    };
    if stands((0, 0)) || stands(shift) {
        Change::Nothing
    } else if shift == (0, 0) {
        Change::Moved
    } else {
        // What is cut off at the edge of the view moves otherwise.
        Change::Scrolled
    }
}

fn is_same_place(one: &Rect, other: &Rect) -> bool {
    [
        one.x - other.x,
        one.y - other.y,
        one.right() - other.right(),
        one.bottom() - other.bottom(),
    ]
    .into_iter()
    .all(|difference| difference.abs() <= UNMOVED)
}

/// The serial number of the document: a page that was loaded anew is another one, whatever it shows.
fn document_of(page: &Observation) -> Option<&str> {
    let first = page.elements.iter().find(|element| element.frame == 0)?;
    first.id.0.split_once(':').map(|(serial, _)| serial)
}

fn things(elements: &[Element]) -> BTreeMap<Place, Vec<Thing>> {
    let mut things: BTreeMap<Place, Vec<Thing>> = BTreeMap::new();
    for element in elements {
        let place = (element.frame, hash_of(&element.path));
        things.entry(place).or_default().push(Thing {
            says: said(element),
            bounds: element.bounds,
        });
    }
    things
}

/// All that a person could see or hear of it, but for its looks, the focus and where it stands.
fn said(element: &Element) -> u64 {
    let states = &element.states;
    let toggle = |toggle: Option<Toggle>| toggle.map(|toggle| toggle as u8);
    let mut hasher = DefaultHasher::new();
    for text in [&element.role, &element.tag, &element.name, &element.text] {
        text.hash(&mut hasher);
    }
    element.value.hash(&mut hasher);
    (states.disabled, states.readonly, states.invalid).hash(&mut hasher);
    (toggle(states.checked), toggle(states.pressed)).hash(&mut hasher);
    (states.selected, states.expanded).hash(&mut hasher);
    for choice in &element.choices {
        (&choice.label, choice.selected).hash(&mut hasher);
    }
    hasher.finish()
}

fn hash_of(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computer::{ElementId, ScrollState, Size};

    /// Things one below the other, as in `button Ok`.
    fn page(things: &[&str]) -> Vec<Element> {
        things
            .iter()
            .enumerate()
            .map(|(at, thing)| {
                let (role, name) = thing.split_once(' ').unwrap();
                serde_json::from_value(serde_json::json!({
                    "id": format!("1:{at}"), "role": role, "name": name, "tag": "div", "in_view": true,
                    "bounds": { "x": 10.0, "y": 30.0 * at as f64, "width": 90.0, "height": 20.0 },
                    "path": format!("html/body/div[{at}]"),
                }))
                .unwrap()
            })
            .collect()
    }

    fn sight(elements: &[Element]) -> Sight {
        Sight::of_listed("http://a.example/", "A", elements)
    }

    /// What changes where this is done to a page of four things.
    fn check(what: &str, change: impl Fn(&mut Vec<Element>), expected: Change) {
        let before = page(&["text One", "button Two", "checkbox Three", "textbox Four"]);
        let mut after = before.clone();
        change(&mut after);
        assert_eq!(sight(&before).change(&sight(&after)), expected, "{what}");
    }

    #[test]
    fn what_a_person_would_call_a_change_is_one() {
        use Change::{Moved, Nothing, Said};
        let five = page(&["text 1", "text 2", "text 3", "text 4", "note Saved"]);
        check("nothing", |_| {}, Nothing);
        check("a text", |all| all[0].text = "1".to_owned(), Said);
        check("a value", |all| all[3].value = Some("1".to_owned()), Said);
        check(
            "a tick",
            |all| all[2].states.checked = Some(Toggle::On),
            Said,
        );
        check(
            "a section opened",
            |all| all[1].states.expanded = Some(true),
            Said,
        );
        check(
            "a button that is off",
            |all| all[1].states.disabled = true,
            Said,
        );
        check("something came", |all| all.push(five[4].clone()), Said);
        check("something went", |all| drop(all.remove(1)), Said);
        check("something moved", |all| all[1].bounds.x += 40.0, Moved);
        check("something grew", |all| all[1].bounds.width += 40.0, Moved);
    }

    #[test]
    fn what_looking_and_pointing_do_is_no_change() {
        use Change::{Nothing, Scrolled};
        let scroll = |all: &mut Vec<Element>| {
            all.iter_mut().for_each(|one| one.bounds.y -= 300.0);
        };
        check("the focus", |all| all[1].states.focused = true, Nothing);
        check(
            "new ids",
            |all| all[1].id = ElementId("7:1".to_owned()),
            Nothing,
        );
        check("a hair's breadth", |all| all[1].bounds.x += 2.0, Nothing);
        check("another order", |all| all.reverse(), Nothing);
        check("the view", scroll, Nothing);
        check(
            "a head that stays",
            |all| {
                scroll(all);
                all[0].bounds.y += 300.0;
            },
            Nothing,
        );
        check(
            "the view, with what is below",
            |all| {
                scroll(all);
                drop(all.remove(0));
            },
            Scrolled,
        );
    }

    #[test]
    fn what_is_beside_the_page_counts_and_what_more_was_listed_does_not() {
        let observation = |elements: Vec<Element>, scope: Scope| Observation {
            url: "http://a.example/".to_owned(),
            title: "A".to_owned(),
            viewport: Size {
                width: 100.0,
                height: 100.0,
            },
            scroll: ScrollState::default(),
            tabs: Vec::new(),
            dialog: None,
            focused: None,
            frames: Vec::new(),
            elements,
            scope,
            unlisted: 0,
            downloads: Vec::new(),
            screenshot: None,
        };
        let whole = observation(page(&["text One", "text Two"]), Scope::Whole);
        let near = observation(page(&["text One"]), Scope::NearView);
        let mut other = near.clone();
        other.url.push_str("#two");
        let change =
            |one: &Observation, other: &Observation| Sight::of(one).change(&Sight::of(other));
        assert_eq!(change(&near, &near), Change::Nothing);
        assert_eq!(change(&near, &other), Change::Said);
        let mut anew = near.clone();
        anew.elements[0].id.0 = "2:0".to_owned();
        assert_eq!(change(&near, &anew), Change::Said);
        assert_eq!(change(&near, &whole), Change::Scrolled);
        assert_eq!(change(&whole, &near), Change::Scrolled);
    }
}
