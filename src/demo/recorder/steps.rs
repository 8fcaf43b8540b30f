//! From what was heard, in order, to a demonstration: keystrokes and clicks become what the person meant. Pure.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::effects;
use super::witnessed::{Said, Witnessed};
use crate::computer::browser::{Deed, Entered, Heard, without_values};
use crate::computer::{Button, Element, Screenshot, folded};
use crate::demo::{
    After, Demonstration, Parameter, Seen, Step, TO_END, TO_START, Verb, literal, target_query,
};
use crate::guard::Kind;

/// The name that a secret gets where its field has none.
const NAMELESS_SECRET: &str = "secret";

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    #[error(
        "nothing was recorded: no click, typing or address was heard in the recorded tabs; show the job in the browser before ending the recording"
    )]
    Nothing,
    #[error(
        "the recording has no goal: say in one sentence what was shown, with the values it was shown for"
    )]
    NoGoal,
}

/// A demonstration with the picture of each step, in the steps' order.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    pub demonstration: Demonstration,
    pub pictures: Vec<Option<Screenshot>>,
}

/// Makes a demonstration of what was witnessed; `recorded` is the time in RFC 3339.
pub fn demonstration(
    workflow: &str,
    goal: &str,
    recorded: &str,
    witnessed: &Witnessed,
) -> Result<Recorded, RecordError> {
    let goal = goal.trim();
    let heard = &witnessed.heard;
    let Meant { kept, undone } = meant(witnessed);
    if !kept.iter().any(|kept| kept.one.deed != Deed::End) {
        return Err(RecordError::Nothing);
    }
    if goal.is_empty() {
        return Err(RecordError::NoGoal);
    }
    let secret_fields: Vec<String> = heard
        .iter()
        .filter(|one| one.deed == Deed::Fill(Entered::Secret))
        .filter_map(|one| one.element.as_ref()?.attributes.get("name").cloned())
        .collect();
    let entered: Vec<&str> = heard
        .iter()
        .filter_map(|one| match &one.deed {
            Deed::Fill(Entered::Plain(value)) if value.len() > 1 => Some(value.as_str()),
            _ => None,
        })
        .collect();
    let address = |url: &str| without_values(url, &secret_fields);
    let (start, meant) = start_of(&kept);
    let mut parameters = BTreeMap::new();
    let mut steps = Vec::new();
    let mut pictures = Vec::new();
    let mut moments = Vec::new();
    for (place, Kept { one, mark, why }) in meant.iter().enumerate() {
        let Some(mut step) = step_of(one, goal, &mut parameters, &address) else {
            continue;
        };
        step.page = Some(literal(&address(&one.page))).filter(|page| !page.is_empty());
        step.shown = seen_of(one, &address);
        step.after = meant
            .get(place + 1)
            .and_then(|next| after_of(one, next.one, &entered, &address));
        step.mark = *mark;
        step.why = why.as_deref().map(literal);
        moments.push((one.at_ms, Some(steps.len())));
        steps.push(step);
        pictures.push(one.screenshot.clone());
    }
    moments.extend(undone.into_iter().map(|moment| (moment, None)));
    moments.sort_by(|one, other| one.0.total_cmp(&other.0));
    let opening = effects::attach(&mut steps, &moments, &witnessed.shown);
    let demonstration = Demonstration {
        format: format!("{}.{}", crate::demo::FORMAT.0, crate::demo::FORMAT.1),
        workflow: workflow.to_owned(),
        goal: goal.to_owned(),
        start: literal(&address(&start)),
        recorded: Some(recorded.to_owned()),
        result: None,
        sites: BTreeMap::new(),
        parameters,
        seen: None,
        shown: meant.last().and_then(|last| seen_of(last.one, &address)),
        opening,
        steps,
    };
    Ok(Recorded {
        demonstration,
        pictures,
    })
}

/// The page as it was before the deed. What forms held is not kept: it is what was typed, secrets' dots included.
fn seen_of(one: &Heard, address: &dyn Fn(&str) -> String) -> Option<Arc<Seen>> {
    if one.elements.is_empty() {
        return None;
    }
    let mut elements = one.elements.clone();
    for element in &mut elements {
        element.form = None;
    }
    let place = |wanted: &Element| elements.iter().position(|other| other.id == wanted.id);
    Some(Arc::new(Seen {
        url: address(&one.page),
        title: one.title.clone(),
        target: one.element.as_ref().and_then(place),
        to: match &one.deed {
            Deed::Drag { to, .. } => to.as_deref().and_then(place),
            _ => None,
        },
        elements,
        pictures: BTreeMap::new(),
    }))
}

/// Where the job starts, and what is left to do from there: the first address typed on an empty page is the start, not a step.
fn start_of<'a>(meant: &'a [Kept<'a>]) -> (String, &'a [Kept<'a>]) {
    match meant {
        [first, rest @ ..] => match &first.one.deed {
            Deed::Navigate(url) if !rest.is_empty() && !first.one.page.starts_with("http") => {
                (url.clone(), rest)
            }
            _ => (first.one.page.clone(), meant),
        },
        [] => (String::new(), meant),
    }
}

/// A deed that counts, and what the person said of it.
#[derive(Debug, Clone)]
struct Kept<'a> {
    one: &'a Heard,
    mark: Option<Kind>,
    why: Option<String>,
}

/// What was meant by what was heard.
#[derive(Debug, Default)]
struct Meant<'a> {
    kept: Vec<Kept<'a>>,
    /// When what was taken back had been done.
    undone: Vec<f64>,
}

/// The deed that something said now would be said of.
pub fn last_deed(witnessed: &Witnessed) -> Option<&Heard> {
    meant(witnessed).kept.last().map(|kept| kept.one)
}

/// Of several deeds that are one, the one that says most is kept; what was taken back is not.
fn meant(witnessed: &Witnessed) -> Meant<'_> {
    let mut meant = Meant::default();
    let mut notes = witnessed.notes.iter().peekable();
    for (place, one) in witnessed.heard.iter().enumerate() {
        while let Some(note) = notes.next_if(|note| note.after <= place) {
            meant.hear_said(&note.said);
        }
        if !one.unfinished || !finished_later(one, &witnessed.heard[place + 1..]) {
            meant.hear(one);
        }
    }
    for note in notes {
        meant.hear_said(&note.said);
    }
    // Nothing was done with it.
    meant.kept.pop_if(|kept| is_selection(kept.one));
    meant
}

/// Whether what the field held at last is told as well.
fn finished_later(one: &Heard, later: &[Heard]) -> bool {
    later.iter().any(|other| {
        matches!(other.deed, Deed::Fill(_)) && same_element(one, other) && one.at_ms == other.at_ms
    })
}

impl<'a> Meant<'a> {
    fn hear(&mut self, one: &'a Heard) {
        let mut new = Kept {
            one,
            mark: None,
            why: None,
        };
        // What only picked the text that is copied, or opened the browser's own menu to copy or paste.
        while let Some(last) = self.kept.last()
            && only_served(last.one, one)
        {
            self.replace_last(&mut new);
        }
        self.settle_selection(one);
        if let Some(last) = self.kept.last().map(|kept| kept.one) {
            let same = same_element(last, one);
            match (&last.deed, &one.deed) {
                // A field whose value came in pieces: the last one counts.
                (Deed::Fill(_), Deed::Fill(_)) | (Deed::Choose(_), Deed::Choose(_)) if same => {
                    self.replace_last(&mut new);
                }
                // A click that only put the cursor into the field.
                (
                    Deed::Click {
                        button: Button::Left,
                        ..
                    },
                    Deed::Fill(_) | Deed::Choose(_) | Deed::Upload { .. },
                ) if same => {
                    while self.kept.last().is_some_and(|kept| {
                        matches!(
                            kept.one.deed,
                            Deed::Click {
                                button: Button::Left,
                                ..
                            }
                        ) && same_element(kept.one, one)
                    }) {
                        self.replace_last(&mut new);
                    }
                }
                // A button of the page that only opened the chooser.
                (
                    Deed::Click { .. },
                    Deed::Upload {
                        by_script: true, ..
                    },
                ) => self.replace_last(&mut new),
                // The second of a double click.
                (
                    Deed::Click {
                        button: Button::Left,
                        count: before,
                        ..
                    },
                    Deed::Click {
                        button: Button::Left,
                        count: now @ 2..=3,
                        ..
                    },
                ) if same && *before + 1 == *now => self.replace_last(&mut new),
                // Where one looked on the way, without doing anything there.
                (Deed::SwitchTab { .. }, Deed::SwitchTab { .. })
                | (Deed::Navigate(_), Deed::Navigate(_))
                    if last.page == one.page =>
                {
                    self.replace_last(&mut new);
                }
                _ => {}
            }
        }
        self.kept.push(new);
    }

    /// A selection that was heard last counts where the next deed is done with it; then what only made it is no deed of its own.
    fn settle_selection(&mut self, next: &Heard) {
        let Some(mut selection) = self.kept.pop_if(|kept| is_selection(kept.one)) else {
            return;
        };
        if !uses_selection(selection.one, next) {
            return;
        }
        while self
            .kept
            .last()
            .is_some_and(|last| only_selected(last.one, selection.one))
        {
            self.replace_last(&mut selection);
        }
        self.kept.push(selection);
    }

    /// The last deed is part of the new one; what was said of it is said of the new one.
    fn replace_last(&mut self, new: &mut Kept<'a>) {
        if let Some(last) = self.kept.pop() {
            new.mark = new.mark.or(last.mark);
            new.why = match (last.why, new.why.take()) {
                (Some(one), Some(other)) => Some(format!("{one}; {other}")),
                (one, other) => one.or(other),
            };
        }
    }

    fn hear_said(&mut self, said: &Said) {
        let last = self.kept.iter_mut().rfind(|kept| !is_selection(kept.one));
        match (said, last) {
            (Said::Undo, _) => {
                self.kept.pop_if(|kept| is_selection(kept.one));
                let undone = self.kept.pop();
                self.undone.extend(undone.map(|kept| kept.one.at_ms));
            }
            (Said::Mark(kind), Some(last)) => last.mark = Some(*kind),
            (Said::Why(why), Some(last)) => match &mut last.why {
                Some(known) => {
                    known.push_str("; ");
                    known.push_str(why);
                }
                None => last.why = Some(why.clone()),
            },
            (Said::Mark(_) | Said::Why(_), None) => {}
        }
    }
}

/// Whether a deed only picked what the next one copies, or opened the browser's own menu for it.
fn only_served(last: &Heard, next: &Heard) -> bool {
    let same = same_element(last, next) || is_in(last, next);
    match (&last.deed, &next.deed) {
        (Deed::Press(keys), Deed::Copy(_)) => {
            matches!(
                keys.as_str(),
                "Control+A" | "Meta+A" | "Control+C" | "Meta+C" | "Control+X" | "Meta+X"
            )
        }
        (
            Deed::Click {
                button: Button::Right,
                ..
            },
            Deed::Copy(_) | Deed::Fill(_),
        ) => same,
        (
            Deed::Click {
                button: Button::Left,
                count,
                ..
            },
            Deed::Copy(_),
        ) => {
            let is_control = last
                .element
                .as_ref()
                .is_some_and(|element| element.interactive);
            same && (*count > 1 || !is_control)
        }
        (Deed::Drag { .. }, Deed::Copy(_)) => same,
        _ => false,
    }
}

fn is_selection(heard: &Heard) -> bool {
    matches!(heard.deed, Deed::Select { .. })
}

/// Whether a deed is done with the text that is selected, and not to go elsewhere or to select or type something else.
fn uses_selection(selection: &Heard, next: &Heard) -> bool {
    let same = same_element(selection, next);
    let is_field = |heard: &Heard| {
        heard
            .element
            .as_ref()
            .is_some_and(|element| element.states.editable)
    };
    match &next.deed {
        _ if selection.element.is_none() => false,
        Deed::Click {
            button: Button::Left,
            ..
        } => !same && !is_field(next),
        Deed::Press(keys) => {
            let leaves = matches!(keys.as_str(), "Enter" | "Escape" | "Tab");
            !(leaves && is_field(next) && is_single_line(next))
        }
        Deed::Click { .. }
        | Deed::Choose(_)
        | Deed::Upload { .. }
        | Deed::Drag { .. }
        | Deed::Hover
        | Deed::ScrollTo
        | Deed::ScrollThrough { .. } => true,
        Deed::Fill(_)
        | Deed::Select { .. }
        | Deed::Copy(_)
        | Deed::Navigate(_)
        | Deed::Back
        | Deed::Forward
        | Deed::Reload
        | Deed::OpenTab
        | Deed::SwitchTab { .. }
        | Deed::CloseTab
        | Deed::AnswerDialog { .. }
        | Deed::End => false,
    }
}

fn is_single_line(heard: &Heard) -> bool {
    heard
        .element
        .as_ref()
        .is_some_and(|element| element.tag == "input")
}

/// Whether a deed only put the cursor where the selection is, or selected it with the mouse.
fn only_selected(last: &Heard, selection: &Heard) -> bool {
    let same = same_element(last, selection) || is_in(last, selection) || is_in(selection, last);
    let in_field = || {
        let element = selection.element.as_ref();
        element.is_some_and(|element| element.states.editable)
    };
    match last.deed {
        Deed::Click {
            button: Button::Left,
            count,
            ..
        } => same && (count > 1 || in_field() && !is_in(selection, last)),
        Deed::Drag { .. } => same,
        _ => false,
    }
}

/// Whether the goal says these words.
fn says(goal: &str, words: &str) -> bool {
    let (goal, words) = (folded(goal).to_lowercase(), folded(words).to_lowercase());
    let is_in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !words.is_empty()
        && goal.match_indices(&words).any(|(at, found)| {
            let (before, after) = (&goal[..at], &goal[at + found.len()..]);
            !is_in_word(before.chars().next_back()) && !is_in_word(after.chars().next())
        })
}

/// Whether what the first was done to lies in what the second was done to.
fn is_in(one: &Heard, other: &Heard) -> bool {
    let (Some(inner), Some(outer)) = (&one.element, &other.element) else {
        return false;
    };
    let rest = inner.path.strip_prefix(outer.path.as_str());
    inner.frame == outer.frame && rest.is_some_and(|rest| rest.starts_with('/'))
}

/// Ids live as long as their document, so the same id is the same element.
fn same_element(one: &Heard, other: &Heard) -> bool {
    match (&one.element, &other.element) {
        (Some(one), Some(other)) => one.id == other.id,
        _ => false,
    }
}

fn step_of(
    heard: &Heard,
    goal: &str,
    parameters: &mut BTreeMap<String, Parameter>,
    address: &dyn Fn(&str) -> String,
) -> Option<Step> {
    let mut step = Step::bare(Verb::Click);
    let frame = heard.frame.as_deref().map(address);
    step.target = heard
        .element
        .as_ref()
        .map(|element| target_query(element, frame.clone()));
    let needs_target = matches!(
        heard.deed,
        Deed::Click { .. }
            | Deed::Fill(_)
            | Deed::Copy(_)
            | Deed::Select { .. }
            | Deed::Choose(_)
            | Deed::Upload { .. }
            | Deed::Drag { .. }
            | Deed::Hover
            | Deed::ScrollTo
            | Deed::ScrollThrough { .. }
    );
    if needs_target && step.target.is_none() {
        return None;
    }
    match &heard.deed {
        Deed::Click {
            button,
            count,
            within,
        } => {
            step.within = *within;
            step.verb = match (button, count) {
                (Button::Right, _) => Verb::RightClick,
                (_, 2) => Verb::DoubleClick,
                (_, 3) => Verb::TripleClick,
                _ => Verb::Click,
            };
        }
        Deed::Fill(Entered::Plain(value)) => {
            step.verb = Verb::Fill;
            step.value = Some(literal(value));
        }
        Deed::Fill(Entered::Secret) => {
            step.verb = Verb::Fill;
            step.value = Some(format!("{{{}}}", secret_parameter(heard, parameters)));
        }
        Deed::Choose(labels) => {
            step.verb = Verb::Choose;
            step.values = labels.iter().map(|label| literal(label)).collect();
        }
        Deed::Upload { files, .. } => {
            step.verb = Verb::Upload;
            // The browser calls such a field by the file that it holds.
            if let Some(target) = &mut step.target {
                for called in [&mut target.name, &mut target.text] {
                    called.take_if(|called| files.iter().any(|file| called.contains(file)));
                }
            }
            step.values = files.iter().map(|file| literal(file)).collect();
        }
        Deed::Press(keys) => {
            step.verb = Verb::Press;
            step.value = Some(literal(keys));
        }
        Deed::Select { text, whole } => {
            step.verb = Verb::Select;
            // All that is there is said by its words only where the goal says these.
            step.value = (!whole || says(goal, text)).then(|| literal(text));
        }
        Deed::Copy(text) => {
            step.verb = Verb::Copy;
            step.value = Some(literal(text));
        }
        Deed::Drag { to, within } => {
            step.verb = Verb::Drag;
            step.within = *within;
            step.to = Some(target_query(to.as_deref()?, frame));
        }
        Deed::Hover => step.verb = Verb::Hover,
        Deed::ScrollTo => step.verb = Verb::ScrollTo,
        Deed::ScrollThrough { to_end } => {
            step.verb = Verb::ScrollTo;
            step.value = Some(if *to_end { TO_END } else { TO_START }.to_owned());
        }
        Deed::Navigate(url) => {
            step.verb = Verb::Navigate;
            step.value = Some(literal(&address(url)));
        }
        Deed::Back => step.verb = Verb::Back,
        Deed::Forward => step.verb = Verb::Forward,
        Deed::Reload => step.verb = Verb::Reload,
        Deed::OpenTab => {
            step.verb = Verb::OpenTab;
            step.value = Some("about:blank".to_owned());
        }
        Deed::SwitchTab { url, title } => {
            step.verb = Verb::SwitchTab;
            let by = if title.is_empty() {
                address(url)
            } else {
                title.clone()
            };
            step.value = Some(literal(&by));
        }
        Deed::CloseTab => step.verb = Verb::CloseTab,
        Deed::AnswerDialog { accept, text } => {
            step.verb = Verb::AnswerDialog;
            step.accept = Some(*accept);
            step.value = text.as_deref().map(literal);
        }
        Deed::End => return None,
    }
    Some(step)
}

/// The parameter that stands for a secret field's value, named by the field.
fn secret_parameter(heard: &Heard, parameters: &mut BTreeMap<String, Parameter>) -> String {
    let name = heard.element.as_ref().map(secret_name).unwrap_or_default();
    let name = if name.is_empty() {
        NAMELESS_SECRET.to_owned()
    } else {
        name
    };
    parameters.entry(name.clone()).or_insert_with(|| Parameter {
        secret: Some(name.clone()),
        ..Parameter::default()
    });
    name
}

/// A field's name in lower-case words joined by underscores: `Card number` is `card_number`.
fn secret_name(element: &Element) -> String {
    let attribute = |name: &str| element.attributes.get(name).map_or("", String::as_str);
    let of = |text: &str| -> String {
        let words: Vec<String> = text
            .split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(4)
            .map(str::to_ascii_lowercase)
            .collect();
        words.join("_")
    };
    [
        element.title(),
        attribute("name"),
        attribute("autocomplete"),
        attribute("id"),
        attribute("type"),
    ]
    .into_iter()
    .map(of)
    .find(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))
    .unwrap_or_default()
}

/// What the next look at the page showed of this step.
fn after_of(
    one: &Heard,
    next: &Heard,
    entered: &[&str],
    address: &dyn Fn(&str) -> String,
) -> Option<After> {
    // The browser may be on its way already to an address that was typed, which the step before did not bring.
    if matches!(&next.deed, Deed::Navigate(url) if *url == next.page) {
        return None;
    }
    let mut url =
        (next.page != one.page && !next.page.is_empty()).then(|| literal(&address(&next.page)));
    // What was read only now; a text with this recording's values in it would be missing at every other run.
    let text = next
        .texts
        .iter()
        .filter(|_| !one.texts.is_empty())
        .find(|text| {
            !one.texts.contains(text)
                && !text.chars().any(|character| character.is_ascii_digit())
                && !entered.iter().any(|value| text.contains(value))
        })
        .map(|text| literal(text));
    // Which of the numbered things a link leads to is said by the link: the next time it is another one.
    if text.is_some() && leads_to_a_number(one, next) {
        url = None;
    }
    (url.is_some() || text.is_some()).then_some(After { url, text })
}

/// Whether the click was on a link whose own address is where it led, and that address holds a number.
fn leads_to_a_number(one: &Heard, next: &Heard) -> bool {
    let href = one
        .element
        .as_ref()
        .and_then(|element| element.attributes.get("href"));
    let led = |href: &String| {
        let (page, next) = (
            url::Url::parse(&one.page).ok()?,
            url::Url::parse(&next.page).ok()?,
        );
        let leads = page.join(href).ok()?;
        Some(leads.path() == next.path() && next.path().contains(|c: char| c.is_ascii_digit()))
    };
    matches!(one.deed, Deed::Click { .. }) && href.and_then(led).unwrap_or(false)
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
