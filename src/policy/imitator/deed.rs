//! From a step to an action: finds its target, fills its values, or says what has to happen first.

use super::locate::{Candidate, Located, Purpose, locate};
use super::progress::Topic;
use super::{PATIENCE_MS, Turn, Turned, WAIT_STEP_MS, passages, values};
use crate::computer::{
    Action, Button, Condition, Element, Observation, Point, Reading, Rect, Scope, TabId, Target,
    Text,
};
use crate::demo::{TO_END, TO_START, TargetQuery, Verb, words};
use crate::human::Question;
use crate::policy::Decision;

/// Boxes whose edges differ by at most so many CSS pixels are the same box.
const SAME_BOX: f64 = 2.0;
/// How far the wheel is turned to come to the end of whatever is scrolled, in CSS pixels.
const BEYOND: f64 = 100_000.0;
/// What agrees less than this with a missing target is not worth showing.
const WORTH_SHOWING: f64 = 0.35;

/// Where an action lands, and how sure that is.
type Place = (Target, f64);

impl Turn<'_> {
    /// The step's action and how sure it is, or what has to happen first.
    pub(super) fn action(&self) -> Result<(Action, f64), Turned> {
        if self.variant.is_none() {
            if self.is_reached()? || self.is_left_out()? {
                return Err(Turned::Skipped);
            }
            self.await_number()?;
            self.check_month()?;
            if let Some(variant) = self.variant_for_now()? {
                let turn = Turn {
                    step: &variant.step,
                    variant: Some(variant),
                    ..*self
                };
                return turn.action();
            }
        }
        let click = |button: Button, count: u8| {
            let (target, sure) = self.target(Purpose::Act)?;
            self.same_for_this_goal()?;
            let target = match self.step.within {
                Some([x, y, ..]) => self.part_of(target, x, y),
                None => target,
            };
            let action = Action::Click {
                target,
                button,
                count,
                modifiers: Vec::new(),
            };
            Ok((action, sure))
        };
        let certain = |action: Action| Ok((action, 1.0));
        match self.step.verb {
            Verb::Click => click(Button::Left, 1),
            Verb::DoubleClick => click(Button::Left, 2),
            Verb::TripleClick => click(Button::Left, 3),
            Verb::RightClick => click(Button::Right, 1),
            Verb::Hover => {
                let (target, sure) = self.target(Purpose::Act)?;
                Ok((Action::Hover { target }, sure))
            }
            Verb::ScrollTo => {
                let (target, sure) = self.target(Purpose::Read)?;
                let through = |dy: f64| Action::Scroll {
                    target: Some(target.clone()),
                    dx: 0.0,
                    dy,
                };
                let action = match self.step.value.as_deref() {
                    Some(TO_END) => through(BEYOND),
                    Some(TO_START) => through(-BEYOND),
                    _ => Action::ScrollTo { target },
                };
                Ok((action, sure))
            }
            Verb::Drag => {
                let (from, sure) = self.target(Purpose::Act)?;
                let (to, sure_too) = self.place(self.step.to.as_ref(), Purpose::Read, false)?;
                let path = match self.step.within {
                    Some([x, y, end_x, end_y]) => {
                        vec![self.part_of(from, x, y), self.part_of(to, end_x, end_y)]
                    }
                    None => vec![from, to],
                };
                Ok((Action::Drag { path }, sure.min(sure_too)))
            }
            Verb::Type => certain(Action::Type {
                text: self.typed()?,
            }),
            Verb::Fill => {
                let (target, sure) = self.target(Purpose::Act)?;
                let value = self.typed()?;
                Ok((Action::Fill { target, value }, sure))
            }
            Verb::Press => certain(Action::Press {
                keys: self.value()?,
            }),
            Verb::Choose => {
                let (target, sure) = self.target(Purpose::Act)?;
                let options = self.values()?;
                Ok((Action::Choose { target, options }, sure))
            }
            Verb::Select => self.select(),
            Verb::Upload => {
                let (target, sure) = self.target(Purpose::Act)?;
                let files = self.values()?.into_iter().map(Into::into).collect();
                Ok((Action::Upload { target, files }, sure))
            }
            Verb::Navigate => certain(Action::Navigate { url: self.value()? }),
            Verb::Back => certain(Action::Back),
            Verb::Forward => certain(Action::Forward),
            Verb::Reload => certain(Action::Reload),
            Verb::OpenTab => certain(Action::OpenTab { url: self.value()? }),
            Verb::SwitchTab => certain(Action::SwitchTab {
                tab: self.tab(&self.value()?)?,
            }),
            Verb::CloseTab => certain(Action::CloseTab {
                tab: match &self.step.value {
                    Some(_) => self.tab(&self.value()?)?,
                    None => self.active_tab()?,
                },
            }),
            Verb::AnswerDialog => self.answer_dialog(),
            Verb::Wait => certain(Action::Wait {
                condition: match self.step.value.as_deref().map(str::trim) {
                    Some("{download}") => Condition::Download,
                    _ => Condition::Text(self.value()?),
                },
                limit_ms: WAIT_STEP_MS,
            }),
            // What was copied is said by the step that puts it in.
            Verb::Copy => Err(Turned::Skipped),
            Verb::Read if self.is_noting() => self.note(),
            Verb::Read => self.read(),
        }
    }

    /// Selects a text that the target has in it just once, as far as it says what is in it; which one is meant is asked, never guessed.
    fn select(&self) -> Result<(Action, f64), Turned> {
        let (target, sure) = self.target(Purpose::Act)?;
        let text = match (&self.step.value, self.edited()) {
            (None, _) => None,
            (Some(_), Some(edited)) => Some(edited),
            (Some(_), None) => Some(self.value()?),
        };
        let element = match &target {
            Target::Element(id) => self.observation().element(id),
            Target::Point(_) => None,
        };
        if let (Some(text), Some(element)) = (&text, element) {
            let is_there = match passages::times_in(element, text) {
                Some(0) => Some("is not in it".to_owned()),
                Some(1) | None => None,
                Some(times) => Some(format!("is in it {times} times")),
            };
            if let Some(is_there) = is_there {
                if self.may_look() {
                    return Err(look());
                }
                if self.hand_begins() {
                    return Err(Turned::ByHand);
                }
                return Err(
                    self.ask_which_of(&format!("{text:?} {is_there} ({})", element.describe()))
                );
            }
        }
        Ok((Action::Select { target, text }, sure))
    }

    /// The point of the target at these parts of its width and height.
    fn part_of(&self, target: Target, x: f64, y: f64) -> Target {
        let element = match &target {
            Target::Element(id) => self.observation().element(id),
            Target::Point(_) => None,
        };
        let Some(bounds) = element.map(|element| element.bounds) else {
            return target;
        };
        Target::Point(Point {
            x: bounds.x + x * bounds.width,
            y: bounds.y + y * bounds.height,
        })
    }

    pub(super) fn observation(&self) -> &Observation {
        self.values.situation.observation
    }

    fn value(&self) -> Result<String, Turned> {
        if let Some(value) = self.planned_value(0)? {
            return Ok(value);
        }
        let value = self.step.value.as_deref().unwrap_or_default();
        self.values.fill(value).map_err(|lack| self.lack(lack))
    }

    fn typed(&self) -> Result<Text, Turned> {
        if let Some(value) = self.edited() {
            return Ok(Text::Plain(value));
        }
        if let Some(value) = self.planned_value(0)? {
            return Ok(Text::Plain(value));
        }
        let value = self.step.value.as_deref().unwrap_or_default();
        self.values.text(value).map_err(|lack| self.lack(lack))
    }

    fn values(&self) -> Result<Vec<String>, Turned> {
        if let Some(value) = self.edited() {
            return Ok(vec![value]);
        }
        if let Some(values) = self.planned_values()? {
            return Ok(values);
        }
        let texts: Vec<String> = self
            .step
            .values
            .iter()
            .chain(&self.step.value)
            .cloned()
            .collect();
        self.values.list(&texts).map_err(|lack| self.lack(lack))
    }

    fn read(&self) -> Result<(Action, f64), Turned> {
        let what = self.step.reading.unwrap_or(Reading::Text);
        let Some(query) = &self.step.target else {
            let page = Action::Read {
                target: None,
                area: None,
                what,
            };
            return Ok((page, 1.0));
        };
        let only_area = TargetQuery {
            area: query.area,
            ..TargetQuery::default()
        };
        if let Some(area) = query.area
            && *query == only_area
        {
            let area = Rect {
                x: area.x,
                y: area.y,
                width: area.width,
                height: area.height,
            };
            let part = Action::Read {
                target: None,
                area: Some(area),
                what,
            };
            return Ok((part, 1.0));
        }
        let (target, sure) = self.target(Purpose::Read)?;
        let element = Action::Read {
            target: Some(target),
            area: None,
            what,
        };
        Ok((element, sure))
    }

    fn answer_dialog(&self) -> Result<(Action, f64), Turned> {
        if self.observation().dialog.is_none() {
            return Err(self.missing("no dialog is open", None, &[]));
        }
        let text = match &self.step.value {
            Some(_) => Some(self.typed()?),
            None => None,
        };
        let answer = Action::AnswerDialog {
            accept: self.step.accept.unwrap_or(false),
            text,
        };
        Ok((answer, 1.0))
    }

    fn target(&self, purpose: Purpose) -> Result<Place, Turned> {
        self.place(self.step.target.as_ref(), purpose, true)
    }

    /// Where the query's element is. `picks`: whether the person's pick is about this query.
    fn place(
        &self,
        query: Option<&TargetQuery>,
        purpose: Purpose,
        picks: bool,
    ) -> Result<Place, Turned> {
        let Some(query) = query else {
            let reason = "it has no target".to_owned();
            return Err(Turned::Decided(Box::new(Decision::GiveUp { reason })));
        };
        let query = self.values.query(query).map_err(|lack| self.lack(lack))?;
        let page = self.observation();
        let located = match self.planned_place(picks)? {
            Some(located) => located,
            None => locate(&query, page, purpose),
        };
        let on = |index: usize, sure: f64| {
            let element = &page.elements[index];
            (Target::Element(element.id.clone()), sure)
        };
        let picked = self
            .values
            .progress
            .pick
            .filter(|_| picks)
            .and_then(|pick| self.picked(pick.number, pick.mark, &located));
        if let Some(index) = picked {
            return Ok(on(index, 1.0));
        }
        match located {
            Located::Found { index, sure, .. } => Ok(on(index, sure)),
            Located::Ambiguous(candidates) => {
                // The one that is meant may be further down.
                if self.may_see_more() {
                    return Err(look());
                }
                if let Some((index, sure)) = self.picked_before(&candidates, purpose)
                    && picks
                {
                    return Ok(on(index, sure));
                }
                if picks && self.hand_begins() {
                    return Err(Turned::ByHand);
                }
                Err(self.ask_which("it is not certain which is meant", &candidates))
            }
            Located::Missing(candidates) => {
                let wanted = words::describe_target(&query, &str::to_owned);
                let worth: Vec<Candidate> = candidates
                    .into_iter()
                    .filter(|candidate| candidate.score >= WORTH_SHOWING)
                    .collect();
                if let Some(looked) = self.seek() {
                    return Err(looked);
                }
                if picks && self.hand_begins() {
                    return Err(Turned::ByHand);
                }
                let sign = if self.plan().is_some() {
                    self.planned_sign()
                } else {
                    sign_of(&query)
                };
                // Not before the page had its time to show what is meant.
                let waited = sign.is_none() || self.values.progress.waits > 0;
                if waited
                    && picks
                    && !self.may_look()
                    && !self.step.optional
                    && let Some((index, sure)) = self.picked_before(&worth, purpose)
                {
                    return Ok(on(index, sure));
                }
                Err(self.missing(&format!("there is no {wanted}"), sign, &worth))
            }
        }
    }

    /// Something is not there: look at the whole page, skip what is optional, wait a while, ask.
    fn missing(&self, what: &str, sign: Option<Condition>, candidates: &[Candidate]) -> Turned {
        if self.may_look() {
            return look();
        }
        if self.step.optional && !self.is_wanted() {
            return Turned::Skipped;
        }
        if let Some(condition) = sign
            && self.values.progress.waits == 0
        {
            let says = format!("wait for what step {} needs", self.at + 1);
            let wait = Action::Wait {
                condition,
                limit_ms: PATIENCE_MS,
            };
            return Turned::Decided(Box::new(Decision::Act(self.by_the_way(wait, says))));
        }
        self.ask_which(what, candidates)
    }

    /// Whether the page has more than is known of it, and may be looked at.
    pub(super) fn may_see_more(&self) -> bool {
        self.values.progress.may_see_more(self.observation())
    }

    pub(super) fn may_look(&self) -> bool {
        self.values.progress.may_look(self.observation())
    }

    /// Asks what to do where there is nothing to choose from.
    pub(super) fn ask_which_of(&self, why: &str) -> Turned {
        self.ask_pick(why, &[], Vec::new())
    }

    fn ask_which(&self, why: &str, candidates: &[Candidate]) -> Turned {
        let page = self.observation();
        let shown: Vec<&Element> = candidates
            .iter()
            .filter_map(|candidate| page.elements.get(candidate.index))
            .collect();
        let lines: Vec<String> = shown
            .iter()
            .enumerate()
            .map(|(at, element)| format!("{}: {}", at + 1, told(element)))
            .collect();
        let marks = shown.iter().map(|element| element.bounds).collect();
        self.ask_pick(why, &lines, marks)
    }

    fn ask_pick(&self, why: &str, lines: &[String], marks: Vec<Rect>) -> Turned {
        let page = &self.observation().url;
        if self.values.progress.unclear >= values::MOST_ASKED {
            return Turned::Decided(Box::new(
                self.give_up(&format!("{why} on {page}, and no answer helped")),
            ));
        }
        let (choice, after) = if lines.is_empty() {
            (String::new(), "Try again, skip the step, or stop?")
        } else {
            (
                format!(" Likely: {}.", lines.join("; ")),
                "Which one is it?",
            )
        };
        let numbers = (1..=lines.len()).map(|number| number.to_string());
        let others = ["try again", "skip", "stop"].map(str::to_owned);
        Turned::Decided(Box::new(Decision::Ask(Question {
            key: Topic::Target.key(self.at),
            text: format!(
                "Step {} ({}): {why} on {page}.{choice} {after}",
                self.at + 1,
                self.says()
            ),
            suggestions: numbers.chain(others).collect(),
            marks,
            secret: false,
        })))
    }

    /// The element that the person picked: the one drawn there, else the one with that number now.
    fn picked(&self, number: usize, mark: Option<Rect>, located: &Located) -> Option<usize> {
        let elements = &self.observation().elements;
        let candidates: Vec<usize> = match located {
            Located::Ambiguous(all) | Located::Missing(all) => {
                all.iter().map(|candidate| candidate.index).collect()
            }
            Located::Found { index, .. } => vec![*index],
        };
        let mark = mark?;
        let there = |index: &usize| same_box(&elements[*index].bounds, &mark);
        let by_place = candidates
            .iter()
            .copied()
            .find(|index| there(index))
            .or_else(|| (0..elements.len()).find(|index| there(index)));
        by_place.or_else(|| match located {
            Located::Ambiguous(_) => candidates.get(number - 1).copied(),
            Located::Found { .. } | Located::Missing(_) => None,
        })
    }

    fn active_tab(&self) -> Result<TabId, Turned> {
        let tabs = &self.observation().tabs;
        tabs.iter()
            .find(|tab| tab.active)
            .map(|tab| tab.id.clone())
            .ok_or_else(|| Turned::Decided(Box::new(self.give_up("no tab is in front"))))
    }

    /// The one tab whose title or address contains the text.
    fn tab(&self, text: &str) -> Result<TabId, Turned> {
        let wanted = text.to_lowercase();
        let tabs = &self.observation().tabs;
        let fits: Vec<_> = tabs
            .iter()
            .filter(|tab| {
                tab.title.to_lowercase().contains(&wanted)
                    || tab.url.to_lowercase().contains(&wanted)
            })
            .collect();
        if let [only] = fits.as_slice() {
            return Ok(only.id.clone());
        }
        let shown = if fits.is_empty() {
            if self.may_look() {
                return Err(look());
            }
            if self.step.optional {
                return Err(Turned::Skipped);
            }
            tabs.iter().collect()
        } else {
            fits
        };
        let picked = self.values.progress.pick;
        if let Some(tab) = picked.and_then(|pick| shown.get(pick.number - 1)) {
            return Ok(tab.id.clone());
        }
        let lines: Vec<String> = shown
            .iter()
            .enumerate()
            .map(|(at, tab)| format!("{}: {:?} at {}", at + 1, tab.title, tab.url))
            .collect();
        let why = format!("not exactly one tab has {text:?} in its title or address");
        Err(self.ask_pick(&why, &lines, Vec::new()))
    }
}

pub(super) fn look() -> Turned {
    Turned::Decided(Box::new(Decision::Look {
        scope: Scope::Whole,
    }))
}

/// What to wait for until a target may be there.
fn sign_of(query: &TargetQuery) -> Option<Condition> {
    if let Some(text) = query.row.first() {
        return Some(Condition::Text(text.clone()));
    }
    if let (Some(role), Some(name)) = (&query.role, &query.name) {
        return Some(Condition::Element {
            role: role.clone(),
            name: name.clone(),
        });
    }
    [&query.name, &query.label, &query.text]
        .into_iter()
        .flatten()
        .next()
        .map(|text| Condition::Text(text.clone()))
}

/// An element in words, with its row where it has one.
fn told(element: &Element) -> String {
    let row: Vec<&str> = element
        .row
        .iter()
        .flat_map(|row| &row.texts)
        .map(String::as_str)
        .take(4)
        .collect();
    if row.is_empty() {
        element.describe()
    } else {
        format!("{} ({})", element.describe(), row.join(", "))
    }
}

fn same_box(one: &Rect, other: &Rect) -> bool {
    [
        one.x - other.x,
        one.y - other.y,
        one.right() - other.right(),
        one.bottom() - other.bottom(),
    ]
    .into_iter()
    .all(|difference| difference.abs() <= SAME_BOX)
}
