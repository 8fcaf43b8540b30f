//! A step that was induced and not written: what its explanations mean on this page, how its target is looked for, and how
//! often it is done.

use super::hand;
use super::locate::{Candidate, Located};
use super::notes::is_of_few;
use super::{Decision, Turn, Turned, ask, values};
use crate::computer::{Action, Condition, Element, Target, Text};
use crate::demo::{TargetQuery, Verb, literal, words};
use crate::human::Question;
use crate::policy::{Act, Says};
use crate::workflow::goal::items;
use crate::workflow::induce::choose::{self, Choice, Ranked};
use crate::workflow::induce::condition::condition;
use crate::workflow::induce::selector::{self, By, Selector};
use crate::workflow::induce::{Looking, Plan, Planned, Wanted, value::Expr};
use crate::workflow::likeness::plain;
use crate::workflow::number;
use crate::workflow::template::Template;

/// What is said of a value that should have been noted.
const MISSED: &str =
    "what the demonstrations put there was read on an earlier page, and was not found there:";

/// Things are opened this often to look for one target.
const MOST_SOUGHT: usize = 40;
/// A step is done to so many things at most.
const MOST_OF_ALL: usize = 100;
/// How long a page gets, each time, to say a number where it says none, in milliseconds; and how often.
const NUMBER_MS: u64 = 1_000;
const MOST_LOOKED_FOR: usize = 10;
/// A step is done this often until the page says what is wanted.
const MOST_REPEATED: usize = 150;

impl Turn<'_> {
    /// What induction says about the step.
    pub(super) fn plan(&self) -> Option<&Plan> {
        match self.variant {
            Some(variant) => Some(&variant.plan),
            None => self.values.workflow.plan(self.at),
        }
    }

    /// Whether the step is one that is done until the page says something.
    pub(super) fn is_repeated(&self) -> bool {
        self.wanted().is_some() || self.plan().is_some_and(|plan| plan.all)
    }

    fn wanted(&self) -> Option<&Wanted> {
        self.values.workflow.plan(self.at)?.until.as_ref()
    }

    /// Whether the page says already what the step is repeated for.
    pub(super) fn is_reached(&self) -> Result<bool, Turned> {
        let Some(wanted) = self.wanted() else {
            return Ok(false);
        };
        if wanted.says.is_empty() {
            let told = "the goal does not say";
            return Err(self.ask_value("until", told, "how far to go", Vec::new()));
        }
        let texts: Vec<String> = wanted.says.iter().map(|text| plain(text)).collect();
        let watched = self.watched(wanted);
        let elements = &self.observation().elements;
        // "Jun" and "June" are writings of one thing.
        let is_same = |one: &str, other: &str| {
            one == other || number::plain(one).is_err() && one.starts_with(other)
        };
        let says = |text: &String| {
            let mut writings = texts
                .iter()
                .filter(|other| is_same(text, other) || is_same(other, text));
            writings.any(|text| is_said(text, watched, elements))
        };
        if texts.iter().all(says) {
            return Ok(true);
        }
        if self.values.progress.sought.len() >= MOST_REPEATED {
            let why = format!(
                "the page does not come to say {:?}, however often it is done",
                wanted.says.join("\" and \"")
            );
            return Err(Turned::Decided(Box::new(self.give_up(&why))));
        }
        Ok(false)
    }

    /// Waits until the page says a number as the goal asks, doing the step before again where that is how it comes about; asks
    /// where nothing is known to say it.
    pub(super) fn await_number(&self) -> Result<(), Turned> {
        let Some(rivals) = self.plan().and_then(|plan| plan.awaits.as_ref()) else {
            return Ok(());
        };
        let Some((condition, words)) = condition(self.values.situation.goal) else {
            return Ok(());
        };
        let watched = self.watched_numbers(rivals);
        let is_so = |element: &&Element| condition.holds_for(selector::said(element)) == Some(true);
        let differs = watched.iter().find(|element| !is_so(element));
        if !watched.is_empty() && differs.is_none() {
            return Ok(());
        }
        let waited = self.values.progress.waits + self.values.progress.sought.len();
        let is_number = |element: &Element| condition.holds_for(selector::said(element)).is_some();
        let most = |element: &&&Element| match is_number(element) {
            true => MOST_REPEATED,
            false => MOST_LOOKED_FOR,
        };
        if let Some(element) = differs.filter(|element| waited < most(element)) {
            if let Some(before) = self.step_before().filter(|turn| turn.is_again()) {
                let (action, _) = before.action()?;
                let says = before.says_of(&action);
                return Err(Turned::Decided(Box::new(Decision::Act(Act {
                    looking: true,
                    ..self.by_the_way(action, says)
                }))));
            }
            let says = format!("wait until {} is {words}", element.describe());
            let wait = Action::Wait {
                condition: Condition::NoText(selector::said(element).to_owned()),
                limit_ms: match is_number(element) {
                    true => super::WAIT_STEP_MS,
                    // What says no number yet, another thing may say soon.
                    false => NUMBER_MS,
                },
            };
            return Err(Turned::Decided(Box::new(Decision::Act(
                self.by_the_way(wait, says),
            ))));
        }
        let text = format!(
            "the goal says {words:?}, and nothing on the page is known to be that number. Is it so now?"
        );
        self.ask_whether("now", &text, "what the goal asks of a number is not so")
    }

    /// Asks where the page does not say the month of the day that is chosen on it, as it did when that was shown.
    pub(super) fn check_month(&self) -> Result<(), Turned> {
        let months = self.plan().map_or(&[][..], |plan| &plan.month);
        let Some(month) = months.first() else {
            return Ok(());
        };
        let mut elements = self.observation().elements.iter();
        if elements.any(|one| {
            months
                .iter()
                .any(|month| plain(selector::said(one)) == plain(month))
        }) {
            return Ok(());
        }
        if self.may_see_more() {
            return Err(super::deed::look());
        }
        let text = format!(
            "the page does not say {month:?}, as it said the month when this was shown. Is it the right day all the same?"
        );
        self.ask_whether(
            "month",
            &text,
            "the page does not show the month of the goal's date",
        )
    }

    /// Goes on after a yes; `no`: why it gives up after a no.
    fn ask_whether(&self, topic: &str, text: &str, no: &str) -> Result<(), Turned> {
        let key = format!("step-{}-{topic}", self.at + 1);
        let (answer, asked) = self.values.progress.answer(&key);
        match answer.to_lowercase().as_str() {
            "yes" | "y" | "ok" => Ok(()),
            "no" | "n" => Err(Turned::Decided(Box::new(
                self.give_up(&format!("{no}, as you said")),
            ))),
            _ if asked < values::MOST_ASKED => {
                let text = format!("Step {} ({}): {text}", self.at + 1, self.says_planned());
                Err(Turned::Decided(Box::new(ask(key, text, &["yes", "no"]))))
            }
            _ => Err(Turned::Decided(Box::new(self.give_up(no)))),
        }
    }

    /// What may be what says the number. All of it must say so: none is believed alone.
    fn watched_numbers(&self, rivals: &Ranked<Selector>) -> Vec<&Element> {
        let elements = &self.observation().elements;
        let mut found = rivals
            .iter()
            .filter_map(|(cost, selector)| Some((*cost, &elements[selector.find_one(elements)?])))
            .peekable();
        let least = found.peek().map_or(0, |(cost, _)| *cost);
        found
            .take_while(|(cost, _)| *cost <= least + choose::GAP)
            .map(|(_, element)| element)
            .collect()
    }

    /// What must say the same still when the step is done.
    pub(super) fn relied_on(&self) -> Option<Says> {
        let rivals = self.plan()?.awaits.as_ref()?;
        condition(self.values.situation.goal)?;
        let element = *self.watched_numbers(rivals).first()?;
        Some(Says {
            element: element.id.clone(),
            text: selector::said(element).to_owned(),
        })
    }

    /// The step before this one, as if it were its turn.
    fn step_before(&self) -> Option<Turn<'_>> {
        let is_noting = |at: &usize| {
            let plan = self.values.workflow.plan(*at);
            plan.is_some_and(|plan| plan.noting)
        };
        let at = (0..self.at).rev().find(|at| !is_noting(at))?;
        Some(Turn {
            step: self.values.workflow.steps().get(at)?,
            at,
            values: self.values,
            variant: None,
        })
    }

    fn is_again(&self) -> bool {
        self.plan().is_some_and(|plan| plan.again)
    }

    /// What says how far a repeated step is.
    fn watched(&self, wanted: &Wanted) -> Option<&Element> {
        let elements = &self.observation().elements;
        let takes = self.plan()?.takes;
        match choose::element(&wanted.watch, elements, takes) {
            Choice::Sure(at) => elements.get(at),
            Choice::Unsure(_) | Choice::None => None,
        }
    }

    /// The way to bring a number where it is wanted: up or down, whichever was shown. `None`: the step itself is it.
    pub(super) fn variant_for_now(&self) -> Result<Option<&Planned>, Turned> {
        let Some(plan) = self.plan() else {
            return Ok(None);
        };
        let Some(wanted) = plan.until.as_ref() else {
            return Ok(None);
        };
        let Some(grow) = self.must_grow(wanted) else {
            return Ok(None);
        };
        if wanted.rises == Some(grow) {
            return Ok(None);
        }
        let other = plan.others.iter().find(|other| {
            let until = other.plan.until.as_ref();
            until.is_some_and(|until| until.rises == Some(grow))
        });
        match (other, wanted.rises) {
            (Some(other), _) => Ok(Some(other)),
            (None, None) => Ok(None),
            (None, Some(_)) => {
                let why = "it has to go the other way than the demonstrations show";
                Err(self.ask_which_of(why))
            }
        }
    }

    /// Whether the watched number is still too small, or too great.
    fn must_grow(&self, wanted: &Wanted) -> Option<bool> {
        let number = |text: &str| number::plain(text).ok()?.parse::<f64>().ok();
        let is = number(selector::said(self.watched(wanted)?))?;
        let should = wanted.says.iter().find_map(|text| number(text))?;
        Some(is < should)
    }

    /// The step's value at this place; `None` where the step itself says it.
    pub(super) fn planned_value(&self, place: usize) -> Result<Option<String>, Turned> {
        let Some(rivals) = self.plan().and_then(|plan| plan.values.get(place)) else {
            return Ok(None);
        };
        let written = self.step.value.iter().chain(&self.step.values).nth(place);
        if written.is_some_and(|text| is_filled(text)) {
            return Ok(None);
        }
        let key = self.value_key(place);
        if let Some((answer, _)) = self.values.progress.answers.get(&key)
            && !answer.trim().is_empty()
        {
            return Ok(Some(answer.clone()));
        }
        if let Some(value) = self.known_value(place) {
            return Ok(Some(value));
        }
        let (rivals, is_missed) = self.with_notes(rivals);
        if let Some(text) = self.of_one_goal(&rivals) {
            return Err(self.ask_value(&key, hand::ONE_GOAL, "what to put there now", vec![text]));
        }
        if self.may_see_more() && choose::within_reach(&rivals).any(Expr::needs_all) {
            return Err(super::deed::look());
        }
        let takes = self.plan().map_or(1, |plan| plan.takes);
        let today = self.values.settings.reference_date;
        let elements = &self.observation().elements;
        let label = match rivals.iter().any(|(_, one)| one.is_of_label()) {
            true => self.planned_place(true)?,
            false => None,
        };
        let label = match label {
            Some(Located::Found { index, .. }) => Some(selector::label_of(&elements[index])),
            _ => None,
        };
        let ask = |told: &str, texts| Err(self.ask_value(&key, told, "what to put there", texts));
        match choose::text(&rivals, elements, label, takes, today) {
            Choice::Sure(text) if is_missed && is_of_few(&text, &rivals, takes) => {
                ask(MISSED, vec![text])
            }
            Choice::Sure(text) => Ok(Some(text)),
            Choice::Unsure(texts) => match self.only_offered(&texts) {
                Some(text) => Ok(Some(text)),
                None => ask("the demonstrations leave open", texts),
            },
            Choice::None if is_missed => ask(MISSED, Vec::new()),
            Choice::None => ask("the goal does not say", Vec::new()),
        }
    }

    /// The only one of these that may be chosen here.
    fn only_offered(&self, texts: &[String]) -> Option<String> {
        if self.step.verb != Verb::Choose {
            return None;
        }
        let Located::Found { index, .. } = self.planned_place(true).ok()?? else {
            return None;
        };
        let choices = &self.observation().elements[index].choices;
        let is_offered = |text: &&String| {
            let mut all = choices.iter();
            all.any(|choice| plain(&choice.label) == plain(text))
        };
        let mut offered = texts.iter().filter(is_offered);
        offered.next().filter(|_| offered.next().is_none()).cloned()
    }

    /// The key of the question about the step's value at this place.
    pub(super) fn value_key(&self, place: usize) -> String {
        format!("step-{}-value-{}", self.at + 1, place + 1)
    }

    pub(super) fn planned_values(&self) -> Result<Option<Vec<String>>, Turned> {
        let Some(plan) = self.plan() else {
            return Ok(None);
        };
        if self.step.verb == Verb::Choose && plan.values.len() == 1 {
            return Ok(self.planned_value(0)?.map(|text| self.options_of(text)));
        }
        let mut all = Vec::new();
        for place in 0..plan.values.len() {
            match self.planned_value(place)? {
                Some(value) => all.push(value),
                None => return Ok(None),
            }
        }
        Ok(Some(all))
    }

    /// The options that a text means: the one that is called so, else those that it lists.
    fn options_of(&self, text: String) -> Vec<String> {
        let is_one = self.observation().elements.iter().any(|element| {
            element
                .choices
                .iter()
                .any(|choice| plain(&choice.label) == plain(&text))
        });
        if is_one { vec![text] } else { items(&text) }
    }

    /// Where the explanations say that the step's target (or, without `main`, its end) is. `None`: they say nothing, and what
    /// was recorded of the target does not depend on the goal.
    pub(super) fn planned_place(&self, main: bool) -> Result<Option<Located>, Turned> {
        let located = self.place_told(main)?;
        Ok(match located {
            // Two items of a list with one target are perhaps one item: "spinach and cheese".
            Some(Located::Found { index, score, .. }) if main && self.is_of_another_item(index) => {
                Some(Located::Ambiguous(vec![Candidate { index, score }]))
            }
            located => located,
        })
    }

    /// Whether the same was done to this for another item of the loop.
    fn is_of_another_item(&self, index: usize) -> bool {
        let Some(plan) = self.plan().filter(|plan| plan.by_item) else {
            return false;
        };
        let here = Target::Element(self.observation().elements[index].id.clone());
        let mut others = self.values.progress.targets.range(..self.at);
        others.any(|(at, target)| {
            let workflow = self.values.workflow;
            let is_like = workflow.steps()[*at].verb == self.step.verb;
            let other = workflow.plan(*at);
            let other = other.filter(|other| other.by_item && other.item != plan.item);
            *target == here && is_like && other.is_some()
        })
    }

    fn place_told(&self, main: bool) -> Result<Option<Located>, Turned> {
        let Some(plan) = self.plan() else {
            return Ok(None);
        };
        let Some(rivals) = (if main { &plan.target } else { &plan.to }) else {
            return Ok(None);
        };
        let elements = &self.observation().elements;
        if plan.all && main {
            return self.next_of_all(rivals, plan);
        }
        if self.may_see_more() && choose::within_reach(rivals).any(Selector::needs_all) {
            return Err(super::deed::look());
        }
        let ambiguous = |all: Vec<usize>| {
            let candidates = all.into_iter().map(|index| Candidate { index, score: 0.5 });
            Some(Located::Ambiguous(candidates.collect()))
        };
        Ok(match choose::element(rivals, elements, plan.takes) {
            // What is only nearly called so gives way to what may be found where nobody looked yet.
            Choice::Sure(index)
                if !choose::is_exact(rivals, index, elements) && self.seek().is_some() =>
            {
                Some(Located::Missing(Vec::new()))
            }
            // One recording does not tell a row from a name, and what has that name may lie out of view.
            Choice::Sure(_)
                if plan.takes == 1
                    && self.may_look()
                    && choose::lacks_its_name(rivals, elements) =>
            {
                return Err(super::deed::look());
            }
            // What stands in the place of what was meant gives way to what has the name, which may be further down.
            Choice::Sure(_) if self.may_see_more() && choose::lacks_a_name(rivals, elements) => {
                return Err(super::deed::look());
            }
            // What is called otherwise and is only the one thing of its sort must agree in what else is known of it.
            Choice::Sure(index)
                if choose::lacks_its_name(rivals, elements)
                    && is_only_one_of_its_sort(rivals, index, elements) =>
            {
                None
            }
            Choice::Sure(index) => Some(Located::Found {
                index,
                score: 1.0,
                sure: 0.95,
            }),
            Choice::Unsure(all) => ambiguous(all),
            Choice::None if plan.varies || plan.seek.is_some() => {
                match choose::several(rivals, elements) {
                    all if all.is_empty() => Some(Located::Missing(Vec::new())),
                    all => ambiguous(all),
                }
            }
            Choice::None => None,
        })
    }

    /// The next of all that the step is done to; skipped once there is none left.
    fn next_of_all(
        &self,
        rivals: &Ranked<Selector>,
        plan: &Plan,
    ) -> Result<Option<Located>, Turned> {
        let elements = &self.observation().elements;
        let sought = &self.values.progress.sought;
        let is_new =
            |index: &usize| !sought.contains(&Target::Element(elements[*index].id.clone()));
        let count = self.how_many(plan)?;
        Ok(Some(match choose::elements(rivals, elements, plan.takes) {
            Choice::Sure(all) => match all.into_iter().find(is_new) {
                Some(index) if sought.len() < count => Located::Found {
                    index,
                    score: 1.0,
                    sure: 0.95,
                },
                // More of them may stand where nobody looked yet.
                None if sought.len() < count && self.may_see_more() => {
                    return Err(super::deed::look());
                }
                _ => return Err(Turned::Skipped),
            },
            Choice::Unsure(sets) => {
                let mut all: Vec<usize> = sets.into_iter().flatten().collect();
                all.sort_unstable();
                all.dedup();
                Located::Ambiguous(
                    all.into_iter()
                        .map(|index| Candidate { index, score: 0.5 })
                        .collect(),
                )
            }
            Choice::None if sought.is_empty() => Located::Missing(Vec::new()),
            Choice::None => return Err(Turned::Skipped),
        }))
    }

    /// To how many things the step is done at most; asked where the goal should say so and does not.
    fn how_many(&self, plan: &Plan) -> Result<usize, Turned> {
        if !plan.uncounted {
            return Ok(plan.count.unwrap_or(MOST_OF_ALL));
        }
        let key = format!("step-{}-count", self.at + 1);
        let (answer, asked) = self.values.progress.answer(&key);
        match (answer.trim().to_lowercase().as_str(), number::plain(answer)) {
            ("all", _) => Ok(MOST_OF_ALL),
            (_, Ok(count)) if count.parse::<usize>().is_ok() => Ok(count.parse().unwrap_or(0)),
            _ if asked < values::MOST_ASKED => {
                let text = format!(
                    "Step {} ({}): the demonstrations do this to as many as their goals say, and this goal does not say how many. How many should it be?",
                    self.at + 1,
                    self.says_planned()
                );
                Err(Turned::Decided(Box::new(ask(key, text, &["all"]))))
            }
            _ => Err(Turned::Decided(Box::new(
                self.give_up("nobody said how many"),
            ))),
        }
    }

    /// The next thing to open in looking for the target; `None` where there is nothing more to try.
    pub(super) fn seek(&self) -> Option<Turned> {
        let looking = self.plan()?.seek.as_ref()?;
        let sought = &self.values.progress.sought;
        if sought.len() >= MOST_SOUGHT {
            return None;
        }
        let elements = &self.observation().elements;
        let next = self.next_to_open(looking, elements, sought)?;
        let element = &elements[next];
        let click = Action::Click {
            target: Target::Element(element.id.clone()),
            button: crate::computer::Button::Left,
            count: 1,
            modifiers: Vec::new(),
        };
        let says = format!("look in {}", element.describe());
        Some(Turned::Decided(Box::new(Decision::Act(Act {
            looking: true,
            ..self.by_the_way(click, says)
        }))))
    }

    fn next_to_open(
        &self,
        looking: &Looking,
        elements: &[Element],
        sought: &[Target],
    ) -> Option<usize> {
        let first = match choose::element(&looking.first, elements, self.plan()?.takes) {
            Choice::Sure(index) => Some(index),
            Choice::Unsure(all) => all.first().copied(),
            Choice::None => None,
        };
        if looking.same {
            return first.filter(|index| !elements[*index].states.disabled);
        }
        let is_new =
            |index: &usize| !sought.contains(&Target::Element(elements[*index].id.clone()));
        let alike: Vec<usize> = (0..elements.len())
            .filter(|_| looking.widely)
            .filter(|index| looking.kind.is(&elements[*index]))
            .filter(|index| {
                let own =
                    |class: &String| selector::classes(&elements[*index]).any(|own| own == class);
                looking.classes.iter().all(own)
            })
            .collect();
        let beside: Vec<usize> = alike
            .iter()
            .copied()
            .filter(|index| {
                looking
                    .places
                    .contains(&selector::place_of(&elements[*index]))
            })
            .collect();
        // Where the page is built otherwise than it was, its kind must do.
        let others = if beside.is_empty() { alike } else { beside };
        first.into_iter().chain(others).find(is_new)
    }

    /// What to wait for until the target may be there.
    pub(super) fn planned_sign(&self) -> Option<Condition> {
        let rivals = self.plan()?.target.as_ref()?;
        let (_, best) = rivals.first()?;
        let named = best.by.iter().find_map(|by| match by {
            By::Title(Expr::Const(text)) => Some(Condition::Element {
                role: best.kind.role.clone(),
                name: text.clone(),
            }),
            By::Row(Expr::Const(text))
            | By::Holds(Expr::Const(text))
            | By::Begins(Expr::Const(text))
            | By::Ends(Expr::Const(text))
            | By::Heading(Expr::Const(text)) => Some(Condition::Text(text.clone())),
            _ => None,
        });
        // Nothing of that kind is there: something of it has to come first.
        let there = self
            .observation()
            .elements
            .iter()
            .any(|one| best.kind.is(one));
        if there {
            named
        } else {
            Some(Condition::Role(best.kind.role.clone()))
        }
    }

    /// Whether the person said that a step is to be done that only some demonstrations do.
    pub(super) fn is_wanted(&self) -> bool {
        let (answer, _) = self.values.progress.answer(&self.option_key());
        self.plan().is_some_and(|plan| plan.unclear) && is_yes(answer)
    }

    fn option_key(&self) -> String {
        format!("step-{}-done", self.at + 1)
    }

    /// Asks whether a step is to be done that only some demonstrations do, where nothing tells which; whether to leave it out.
    pub(super) fn is_left_out(&self) -> Result<bool, Turned> {
        if !self.plan().is_some_and(|plan| plan.unclear) {
            return Ok(false);
        }
        let key = self.option_key();
        let (answer, asked) = self.values.progress.answer(&key);
        match answer.to_lowercase().as_str() {
            yes if is_yes(yes) => Ok(false),
            "no" | "n" | "skip" => Ok(true),
            _ if asked < values::MOST_ASKED => {
                let text = format!(
                    "Step {} ({}): some demonstrations do it and some do not, and nothing on the page tells when. Do it?",
                    self.at + 1,
                    self.says_planned()
                );
                Err(Turned::Decided(Box::new(ask(key, text, &["yes", "no"]))))
            }
            _ => Err(Turned::Decided(Box::new(
                self.give_up("no answer could be used"),
            ))),
        }
    }

    fn ask_value(&self, key: &str, told: &str, what: &str, mut suggestions: Vec<String>) -> Turned {
        let (_, asked) = self.values.progress.answer(key);
        if asked >= values::MOST_ASKED {
            return Turned::Decided(Box::new(self.give_up("no answer could be used")));
        }
        self.values.suggest(key, &mut suggestions);
        Turned::Decided(Box::new(Decision::Ask(Question {
            key: key.to_owned(),
            text: format!(
                "Step {} ({}): {told} {what}. What should it be?",
                self.at + 1,
                self.says_planned()
            ),
            suggestions,
            marks: Vec::new(),
            secret: false,
        })))
    }

    /// What the action does, in words, with what it was found to be about.
    pub(super) fn says_of(&self, action: &Action) -> String {
        let (target, end) = match action {
            Action::Drag { path } => (path.first(), path.last()),
            other => (other.target(), None),
        };
        let element = |target: Option<&Target>| match target {
            Some(Target::Element(id)) => self.observation().element(id),
            _ => None,
        };
        let Some(meant) = element(target).filter(|_| self.plan().is_some()) else {
            return self.says();
        };
        if self.is_noting() {
            return format!("note what {} says", meant.describe());
        }
        let called = |element: &Element| TargetQuery {
            role: Some(literal(&element.role)),
            name: Some(literal(element.title())).filter(|name| !name.is_empty()),
            ..TargetQuery::default()
        };
        let mut step = self.step.clone();
        step.target = Some(called(meant));
        if let Some(end) = element(end) {
            step.to = Some(called(end));
        }
        match action {
            Action::Fill {
                value: Text::Plain(text),
                ..
            } => step.value = Some(literal(text)),
            Action::Select {
                text: Some(text), ..
            } => step.value = Some(literal(text)),
            Action::Choose { options, .. } => {
                step.values = options.iter().map(|option| literal(option)).collect()
            }
            _ => {}
        }
        words::describe(&step, &|text| self.values.told(text))
    }

    /// What the step is for, as far as it is known before its target is found.
    pub(super) fn says_planned(&self) -> String {
        let mut step = self.step.clone();
        let title = self
            .plan()
            // What does not depend on the goal is called as it was.
            .filter(|plan| plan.varies)
            .and_then(|plan| plan.target.as_ref()?.first())
            .and_then(|(_, selector)| {
                selector.by.iter().find_map(|by| match by {
                    By::Title(Expr::Const(text)) => Some(text.clone()),
                    _ => None,
                })
            });
        if let (Some(target), Some(title)) = (&mut step.target, title) {
            target.name = Some(literal(&title));
        }
        let values = self.plan().map_or(&[][..], |plan| &plan.values);
        let values: Vec<Ranked<Expr>> = values.iter().map(|all| self.with_notes(all).0).collect();
        if let Some(rivals) = values.first()
            && let Some((_, Expr::Const(text))) = rivals.first()
            && step.value.as_ref().is_some_and(|value| !is_filled(value))
        {
            step.value = Some(literal(text));
        }
        if values.iter().any(Vec::is_empty) {
            // What it was in a recording is not what it will be.
            for text in step.value.iter_mut().chain(&mut step.values) {
                "…".clone_into(text);
            }
        }
        words::describe(&step, &|text| self.values.told(text))
    }
}

/// Whether none of the likeliest says anything of it but what sort of thing it is.
fn is_only_one_of_its_sort(rivals: &Ranked<Selector>, index: usize, elements: &[Element]) -> bool {
    let least = rivals.first().map_or(0, |(cost, _)| *cost);
    rivals
        .iter()
        .take_while(|(cost, _)| *cost <= least + choose::GAP)
        .filter(|(_, one)| one.find_one(elements) == Some(index))
        .all(|(_, one)| one.by.is_empty())
}

/// Whether the page says this, in plain words. What is watched is a number that grows or shrinks: words stand anywhere.
fn is_said(text: &str, watched: Option<&Element>, elements: &[Element]) -> bool {
    let says = |element: &Element| plain(selector::said(element)) == text;
    match watched.filter(|_| number::plain(text).is_ok()) {
        Some(element) => says(element),
        None => elements.iter().any(says),
    }
}

/// Whether the text has holes that something else fills: a secret, a site, what a step read.
fn is_filled(text: &str) -> bool {
    Template::parse(text).is_ok_and(|template| template.sources().next().is_some())
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "yes" | "y" | "ok")
}

#[cfg(test)]
mod tests {
    use super::super::pages::element;
    use super::*;

    #[test]
    fn a_number_is_said_by_what_is_watched_and_words_are_said_anywhere() {
        let page = ["June", "18", "25"].map(|name| element("StaticText", name));
        let watched = Some(&page[1]);
        for (text, watched, expected) in [
            ("june", None, true),
            ("june", watched, true),
            ("july", watched, false),
            ("18", watched, true),
            ("25", watched, false),
            ("25", None, true),
        ] {
            assert_eq!(is_said(text, watched, &page), expected, "{text}");
        }
    }
}
