//! Finds a target again among the elements of an observation, by weighted agreement of everything known of it.
//!
//! Invariant: what is called differently is never found for certain, however well the rest agrees; it is asked about. A field alone
//! may have a new label, where its own name in the form is the same.

use super::address::same_page;
use super::weights::{self, WEIGHTS, Weights};
use crate::computer::{Element, Observation, Rect};
use crate::demo::TargetQuery;
use crate::workflow::likeness::{holds_words, plain, surroundings, titles, words};

/// The address of a frame that was never sent anywhere.
const NO_ADDRESS: &str = "about:blank";

/// What the target is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Act,
    Read,
}

/// An element that may be the target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Position in the observation's elements.
    pub index: usize,
    /// Agreement from 0 to 1.
    pub score: f64,
}

/// What came of looking for a target.
#[derive(Debug, Clone, PartialEq)]
pub enum Located {
    Found {
        /// Position in the observation's elements.
        index: usize,
        /// Agreement from 0 to 1.
        score: f64,
        /// Agreement and distance to the runner-up in one, from 0 to 1.
        sure: f64,
    },
    /// These may be meant, best first; at least one.
    Ambiguous(Vec<Candidate>),
    /// It is not there; what is most like it, best first.
    Missing(Vec<Candidate>),
}

/// Looks for the target that `query`, its templates filled, describes.
pub fn locate(query: &TargetQuery, observation: &Observation, purpose: Purpose) -> Located {
    locate_by(&WEIGHTS, query, observation, purpose)
}

/// The same with other weights: what they are fitted by.
pub fn locate_by(
    weights: &Weights,
    query: &TargetQuery,
    observation: &Observation,
    purpose: Purpose,
) -> Located {
    let wanted = Wanted::new(weights, query, purpose);
    let frames: Vec<bool> = observation
        .frames
        .iter()
        .map(|frame| match &query.frame {
            Some(address) => {
                let parent = frame.parent.and_then(|at| observation.frames.get(at));
                // A frame that its page wrote has no address of its own, or its page's: browsers say both.
                same_page(address, &frame.url)
                    || frame.url == NO_ADDRESS
                        && parent.is_some_and(|parent| same_page(address, &parent.url))
            }
            None => true,
        })
        .collect();
    let mut judged: Vec<Judged> = observation
        .elements
        .iter()
        .enumerate()
        .filter(|(_, element)| {
            frames
                .get(element.frame)
                .copied()
                .unwrap_or(query.frame.is_none())
        })
        .filter_map(|(index, element)| wanted.judge(index, element))
        .collect();
    judged.sort_by(|one, other| {
        (other.identity, other.score)
            .partial_cmp(&(one.identity, one.score))
            .unwrap_or(std::cmp::Ordering::Equal)
            .then(one.index.cmp(&other.index))
    });
    decide(&judged, observation, &wanted)
}

/// Whether what an element is called allows it to be the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Different,
    Possible,
    Same,
}

#[derive(Debug, Clone, Copy)]
struct Judged {
    index: usize,
    score: f64,
    /// Agreement in all but the place, from 0 to 1.
    lasting: f64,
    identity: Identity,
}

impl Judged {
    /// Whether all that is known agrees, its place left aside, and does not for the other one: a small difference is then one
    /// all the same, as the text beside two icons that have no name.
    fn alone_agrees(&self, other: &Judged) -> bool {
        self.lasting >= weights::IN_ALL && other.lasting < weights::IN_ALL
    }
}

fn decide(judged: &[Judged], observation: &Observation, wanted: &Wanted<'_>) -> Located {
    let least = wanted.least();
    let candidates = |judged: &[&Judged]| -> Vec<Candidate> {
        judged
            .iter()
            .take(weights::MOST_CANDIDATES)
            .map(|one| Candidate {
                index: one.index,
                score: one.score,
            })
            .collect()
    };
    let good: Vec<&Judged> = judged
        .iter()
        .filter(|one| one.identity == Identity::Same && one.score >= least)
        .collect();
    let Some(best) = good.first() else {
        let possible: Vec<&Judged> = judged
            .iter()
            .filter(|one| one.identity >= Identity::Possible && one.score >= wanted.weights.found)
            .collect();
        return if possible.is_empty() {
            Located::Missing(candidates(&judged.iter().collect::<Vec<_>>()))
        } else {
            Located::Ambiguous(candidates(&possible))
        };
    };
    let best_element = &observation.elements[best.index];
    let rivals: Vec<&Judged> = good[1..]
        .iter()
        .filter(|rival| {
            let rival = &observation.elements[rival.index];
            !is_part_of(best_element, rival) && !leads_to_the_same(best_element, rival)
        })
        .copied()
        .collect();
    let mut close: Vec<&Judged> = rivals
        .iter()
        .filter(|rival| best.score - rival.score < wanted.weights.margin)
        .filter(|rival| !best.alone_agrees(rival))
        .copied()
        .collect();
    if !close.is_empty() {
        close.insert(0, best);
        return Located::Ambiguous(candidates(&close));
    }
    let margin = rivals
        .first()
        .map_or(best.score, |rival| best.score - rival.score);
    let distance = (margin / weights::CLEAR_MARGIN).min(1.0);
    Located::Found {
        index: best.index,
        score: best.score,
        sure: best.score * (0.5 + 0.5 * distance),
    }
}

/// Whether both elements are one thing to a person: in the same place and called the same, as a link and the text in it.
fn is_part_of(one: &Element, other: &Element) -> bool {
    let smaller = area(&one.bounds).min(area(&other.bounds));
    let shared = one
        .bounds
        .intersection(&other.bounds)
        .map_or(0.0, |shared| area(&shared));
    let nested = one.path.starts_with(&other.path) || other.path.starts_with(&one.path);
    smaller > 0.0
        && one.frame == other.frame
        && shared / smaller >= weights::SAME_PLACE
        && (nested || one.path.is_empty() || other.path.is_empty())
        && plain(one.title()) == plain(other.title())
}

/// Whether both are links to the same address that are called the same, as the picture and the title of an entry in a list:
/// which of them is clicked makes no difference.
fn leads_to_the_same(one: &Element, other: &Element) -> bool {
    let address = |element: &Element| {
        let href = element.attributes.get("href")?;
        // A fragment alone or a script is not where it leads.
        let leads = element.role == "link" && !href.starts_with(['#']) && !href.contains("script:");
        leads.then(|| href.clone())
    };
    one.frame == other.frame
        && address(one).is_some_and(|own| Some(own) == address(other))
        && plain(one.title()) == plain(other.title())
}

fn area(rect: &Rect) -> f64 {
    rect.width * rect.height
}

/// A query, made ready for comparing with many elements.
struct Wanted<'a> {
    weights: &'a Weights,
    query: &'a TargetQuery,
    purpose: Purpose,
    name: Option<String>,
    label: Option<String>,
    text: Option<String>,
    placeholder: Option<String>,
    heading: Option<String>,
    landmark: Option<String>,
    column: Option<String>,
    row: Vec<String>,
    index: Option<usize>,
    /// Left, above, right, below.
    sides: [Option<String>; 4],
}

/// Votes for and against, each with its weight.
#[derive(Default)]
struct Votes {
    agreed: f64,
    cast: f64,
}

impl Votes {
    fn cast(&mut self, weight: f64, likeness: f64) {
        self.agreed += weight * likeness;
        self.cast += weight;
    }

    fn score(&self) -> f64 {
        if self.cast > 0.0 {
            self.agreed / self.cast
        } else {
            0.0
        }
    }
}

impl<'a> Wanted<'a> {
    fn new(weights: &'a Weights, query: &'a TargetQuery, purpose: Purpose) -> Self {
        let known =
            |text: &Option<String>| text.as_deref().map(plain).filter(|plain| !plain.is_empty());
        Self {
            weights,
            query,
            purpose,
            name: known(&query.name),
            label: known(&query.label),
            text: known(&query.text),
            placeholder: known(&query.placeholder),
            heading: known(&query.heading),
            landmark: known(&query.landmark),
            column: known(&query.column),
            row: query.row.iter().map(|text| plain(text)).collect(),
            index: query
                .index
                .as_deref()
                .and_then(|index| index.trim().parse().ok()),
            sides: [&query.left, &query.above, &query.right, &query.below].map(known),
        }
    }

    fn is_named(&self) -> bool {
        self.name.is_some()
            || self.label.is_some()
            || self.text.is_some()
            || self.placeholder.is_some()
    }

    fn least(&self) -> f64 {
        if self.is_named() || !self.row.is_empty() {
            self.weights.found
        } else {
            self.weights.found_nameless
        }
    }

    /// How well the element agrees; `None` where it cannot be the target.
    fn judge(&self, index: usize, element: &Element) -> Option<Judged> {
        let role = self
            .query
            .role
            .as_deref()
            .map(|role| roles(role, &element.role));
        let stable = self.has_stable_attribute(element);
        let mut votes = Votes::default();
        let title = self.vote_on_titles(element, &mut votes);
        // Most elements end here: neither the same sort of thing nor called alike.
        if role == Some(0.0) && !stable && title.is_none_or(|title| title < weights::POSSIBLE_TITLE)
        {
            return None;
        }
        if !self.is_in_row(element) {
            return None;
        }
        if let Some(role) = role {
            votes.cast(self.weights.role, role);
        }
        let identity = self.identity(role, title, stable);
        // What is called otherwise is only ever shown as a likeness; its surroundings need no reading.
        if identity > Identity::Different {
            self.vote_on_surroundings(element, &mut votes);
        }
        let lasting = votes.score();
        self.vote_on_place(element, &mut votes);
        Some(Judged {
            index,
            score: votes.score(),
            lasting,
            identity,
        })
    }

    fn identity(&self, role: Option<f64>, title: Option<f64>, stable: bool) -> Identity {
        let Some(title) = title else {
            // Nothing calls it by a name: the sort of thing must be right, the score says the rest.
            return if role == Some(0.0) {
                Identity::Possible
            } else {
                Identity::Same
            };
        };
        let another_sort = role == Some(0.0) && self.purpose == Purpose::Act;
        let relabelled =
            stable && role == Some(1.0) && self.query.role.as_deref().is_some_and(is_field);
        let same =
            title >= weights::SAME_TITLE || stable && title >= weights::NEAR_TITLE || relabelled;
        if same && !another_sort {
            Identity::Same
        } else if title >= weights::POSSIBLE_TITLE || stable {
            Identity::Possible
        } else {
            Identity::Different
        }
    }

    /// Votes on what it is called; gives the best likeness of what a person would know it by, `None` where nothing is known.
    fn vote_on_titles(&self, element: &Element, votes: &mut Votes) -> Option<f64> {
        let mut best: Option<f64> = None;
        let mut vote = |weight: f64, wanted: &Option<String>, found: &str, inside: bool| {
            let Some(wanted) = wanted else { return };
            let found = plain(found);
            let mut alike = titles(wanted, &found);
            if inside && alike < weights::SAME_TITLE && holds_words(&found, wanted) {
                alike = weights::SAME_TITLE;
            }
            votes.cast(weight, alike);
            best = Some(best.map_or(alike, |best| best.max(alike)));
        };
        vote(self.weights.name, &self.name, &element.name, false);
        // The label, text and placeholder only name what the name does not.
        let reads = self.purpose == Purpose::Read;
        if self.name.is_some() {
            let mut silent = |weight: f64, wanted: &Option<String>, found: &str| {
                if let Some(wanted) = wanted {
                    votes.cast(weight, words(wanted, &plain(found)));
                }
            };
            silent(self.weights.label, &self.label, &element.label);
            silent(self.weights.text, &self.text, &element.text);
            silent(
                self.weights.placeholder,
                &self.placeholder,
                &element.placeholder,
            );
        } else {
            let label = if element.label.is_empty() {
                &element.name
            } else {
                &element.label
            };
            let text = if element.text.is_empty() {
                &element.name
            } else {
                &element.text
            };
            vote(self.weights.label, &self.label, label, false);
            vote(self.weights.text, &self.text, text, reads);
            vote(
                self.weights.placeholder,
                &self.placeholder,
                &element.placeholder,
                false,
            );
        }
        best
    }

    fn vote_on_surroundings(&self, element: &Element, votes: &mut Votes) {
        let mut near = |weight: f64, wanted: &Option<String>, found: &str| {
            if let Some(wanted) = wanted {
                votes.cast(weight, surroundings(wanted, &plain(found)));
            }
        };
        near(self.weights.heading, &self.heading, &element.heading);
        near(self.weights.landmark, &self.landmark, &element.landmark);
        let around = &element.neighbours;
        for (wanted, found) in
            self.sides
                .iter()
                .zip([&around.left, &around.above, &around.right, &around.below])
        {
            near(self.weights.neighbour, wanted, found);
        }
        if let Some(column) = &self.column {
            let found = element
                .row
                .as_ref()
                .and_then(|row| row.column.as_deref())
                .unwrap_or_default();
            votes.cast(self.weights.column, titles(column, &plain(found)));
        }
        if let Some(index) = self.index {
            let same = element.row.as_ref().is_some_and(|row| row.index == index);
            votes.cast(self.weights.index, f64::from(u8::from(same)));
        }
        for (name, wanted) in &self.query.attributes {
            let found = element.attributes.get(name).map_or("", String::as_str);
            let alike = match name.as_str() {
                "class" => words(wanted, found),
                _ => f64::from(u8::from(wanted == found)),
            };
            votes.cast(self.weights.attribute(name), alike);
        }
    }

    fn vote_on_place(&self, element: &Element, votes: &mut Votes) {
        let yes = |holds: bool| f64::from(u8::from(holds));
        if let Some(tag) = &self.query.tag {
            votes.cast(
                self.weights.tag,
                yes(tag.eq_ignore_ascii_case(&element.tag)),
            );
        }
        if let Some(path) = &self.query.path {
            votes.cast(self.weights.path, paths(path, &element.path));
        }
        if let Some(area) = &self.query.area {
            let (there, here) = (
                Rect {
                    x: area.x,
                    y: area.y,
                    width: area.width,
                    height: area.height,
                }
                .center(),
                element.bounds.center(),
            );
            let distance = (there.x - here.x).hypot(there.y - here.y);
            votes.cast(self.weights.area, (1.0 - distance / weights::FAR).max(0.0));
        }
        if self.query.frame.is_none() {
            votes.cast(self.weights.main_frame, yes(element.frame == 0));
        }
        if self.purpose == Purpose::Act {
            votes.cast(self.weights.interactive, yes(element.interactive));
            votes.cast(self.weights.enabled, yes(!element.states.disabled));
        }
        votes.cast(self.weights.in_view, yes(element.in_view));
    }

    fn has_stable_attribute(&self, element: &Element) -> bool {
        weights::STABLE_ATTRIBUTES.iter().any(|name| {
            let wanted = self.query.attributes.get(*name);
            // `autocomplete="off"` stands at any field.
            wanted.is_some_and(|wanted| !matches!(wanted.as_str(), "" | "on" | "off"))
                && wanted == element.attributes.get(*name)
        })
    }

    /// Whether the element stands in the wanted row, column and place of its list.
    fn is_in_row(&self, element: &Element) -> bool {
        let row = element.row.as_ref();
        if !self.row.is_empty() {
            let mut pieces: Vec<String> = row
                .map(|row| row.texts.iter().map(|text| plain(text)).collect())
                .unwrap_or_default();
            pieces.extend([&element.name, &element.text, &element.label].map(|text| plain(text)));
            let held = |wanted: &String| pieces.iter().any(|piece| holds_words(piece, wanted));
            if !self.row.iter().all(held) {
                return false;
            }
        }
        if let (Some(wanted), Some(found)) =
            (&self.column, row.and_then(|row| row.column.as_deref()))
            && titles(wanted, &plain(found)) < weights::SAME_TITLE
        {
            return false;
        }
        match self.index {
            // The texts already say which row it is; the place then only votes.
            Some(index) if self.row.is_empty() => row.is_some_and(|row| row.index == index),
            _ => true,
        }
    }
}

/// How alike two roles are: what works the same way is half as good as the same.
fn roles(wanted: &str, found: &str) -> f64 {
    const KINDRED: [&[&str]; 5] = [
        &[
            "button",
            "link",
            "menuitem",
            "tab",
            "summary",
            "DisclosureTriangle",
        ],
        &[
            "textbox",
            "searchbox",
            "combobox",
            "spinbutton",
            "Date",
            "DateTime",
            "InputTime",
            "ColorWell",
        ],
        &[
            "checkbox",
            "switch",
            "radio",
            "menuitemcheckbox",
            "menuitemradio",
        ],
        &["listbox", "combobox", "select"],
        &[
            "cell",
            "gridcell",
            "rowheader",
            "StaticText",
            "paragraph",
            "generic",
            "heading",
        ],
    ];
    if wanted.eq_ignore_ascii_case(found) {
        return 1.0;
    }
    let kindred = KINDRED.iter().any(|family| {
        let member = |role: &str| family.iter().any(|one| one.eq_ignore_ascii_case(role));
        member(wanted) && member(found)
    });
    if kindred { 0.5 } else { 0.0 }
}

/// Whether a role takes a value: filling a renamed field is no harm, pressing a renamed button may be.
fn is_field(role: &str) -> bool {
    matches!(
        role,
        "textbox"
            | "searchbox"
            | "combobox"
            | "spinbutton"
            | "listbox"
            | "slider"
            | "Date"
            | "DateTime"
            | "InputTime"
    )
}

/// The part of both paths that is the same, counted from both ends.
fn paths(wanted: &str, found: &str) -> f64 {
    if wanted == found {
        return 1.0;
    }
    let longest = wanted.split('/').count().max(found.split('/').count());
    let head = wanted
        .split('/')
        .zip(found.split('/'))
        .take_while(|(one, other)| one == other)
        .count();
    let tail = wanted
        .rsplit('/')
        .zip(found.rsplit('/'))
        .take_while(|(one, other)| one == other)
        .count();
    ((head + tail) as f64 / longest as f64).min(0.95)
}

#[cfg(test)]
mod tests;
