//! From a recording of Chrome's DevTools Recorder to a demonstration. Pure.

use std::collections::BTreeMap;

use super::chords::{self, Key};
use super::export::CUSTOM;
use super::recorder_json::{Flow, FlowStep};
use super::selector::{query, says_enough};
use super::{ExchangeError, Note};
use crate::demo::secret_field::{is_secret, secret_name};
use crate::demo::{After, Demonstration, FORMAT, Parameter, Step, TargetQuery, Verb, literal};

/// Roles whose name is a text that stands on the page, so that it can be waited for.
const NAMED_BY_CONTENT: [&str; 8] = [
    "button", "cell", "heading", "link", "menuitem", "option", "row", "tab",
];

/// A demonstration, and what of the recording is otherwise in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    pub demonstration: Demonstration,
    pub notes: Vec<Note>,
}

/// Takes a recording over; `file` names it in messages, and `secret` says which texts are known to be secret.
pub fn import(
    file: &str,
    flow: &Flow,
    workflow: &str,
    goal: &str,
    secret: &dyn Fn(&str) -> bool,
) -> Result<Imported, ExchangeError> {
    let mut import = Import {
        file,
        secret,
        steps: Vec::new(),
        notes: Vec::new(),
        parameters: BTreeMap::new(),
        held: Vec::new(),
        alone: None,
        start: None,
        page: None,
    };
    let last = flow.steps.len();
    for (at, step) in flow.steps.iter().enumerate() {
        import.step(Place {
            number: at + 1,
            last: at + 1 == last,
            step,
        })?;
    }
    if let Some((number, name)) = import.held.first().copied() {
        import.notes.push(Note {
            step: number,
            what: "keyDown".to_owned(),
            says: format!("left out: {name} goes down and never up"),
        });
    }
    let start = import.start.unwrap_or_default();
    if import.steps.is_empty() {
        return Err(ExchangeError::Empty {
            file: file.to_owned(),
        });
    }
    if start.is_empty() {
        return Err(ExchangeError::NotARecording {
            file: file.to_owned(),
            reason: "it begins on no page: put a step {\"type\": \"navigate\", \"url\": \"...\"} before the others"
                .to_owned(),
        });
    }
    Ok(Imported {
        demonstration: Demonstration {
            format: format!("{}.{}", FORMAT.0, FORMAT.1),
            workflow: workflow.to_owned(),
            goal: goal.trim().to_owned(),
            start: literal(&start),
            recorded: None,
            result: None,
            sites: BTreeMap::new(),
            parameters: import.parameters,
            seen: None,
            shown: None,
            opening: Vec::new(),
            steps: import.steps,
        },
        notes: import.notes,
    })
}

/// A step and where it stands.
#[derive(Clone, Copy)]
struct Place<'f> {
    /// From 1.
    number: usize,
    last: bool,
    step: &'f FlowStep,
}

struct Import<'f> {
    file: &'f str,
    secret: &'f dyn Fn(&str) -> bool,
    steps: Vec<Step>,
    notes: Vec<Note>,
    parameters: BTreeMap<String, Parameter>,
    /// Modifiers that are down, with the step that put them down.
    held: Vec<(usize, &'static str)>,
    /// The modifier that went down last, while nothing else happened.
    alone: Option<&'static str>,
    start: Option<String>,
    /// The page, as far as the recording says it.
    page: Option<String>,
}

impl<'f> Import<'f> {
    fn note(&mut self, place: Place<'_>, says: impl Into<String>) {
        self.notes.push(Note {
            step: place.number,
            what: place.step.kind.clone(),
            says: says.into(),
        });
    }

    fn refuse<T>(&self, place: Place<'_>, reason: impl Into<String>) -> Result<T, ExchangeError> {
        Err(ExchangeError::Step {
            file: self.file.to_owned(),
            step: place.number,
            kind: place.step.kind.clone(),
            reason: reason.into(),
        })
    }

    fn step(&mut self, place: Place<'f>) -> Result<(), ExchangeError> {
        match place.step.kind.as_str() {
            "navigate" => self.navigate(place),
            "click" | "doubleClick" => self.click(place),
            "hover" => self.on_target(place, Verb::Hover),
            "change" => self.change(place),
            "keyDown" => self.key_down(place),
            "keyUp" => self.key_up(place),
            "scroll" if place.step.selectors.is_empty() => {
                self.note(
                    place,
                    "left out: what a step acts on is scrolled to by itself",
                );
                Ok(())
            }
            "scroll" => {
                self.note(
                    place,
                    "its place is scrolled to, but not by how much within it",
                );
                self.on_target(place, Verb::ScrollTo)
            }
            "close" if place.last => Ok(()),
            "close" => {
                self.push(place, Step::bare(Verb::CloseTab));
                Ok(())
            }
            "waitForElement" => {
                self.wait(place);
                Ok(())
            }
            "waitForExpression" => {
                self.note(place, "left out: an expression is not run; where the next target comes late, it is waited for by itself");
                Ok(())
            }
            "setViewport" | "emulateNetworkConditions" => {
                self.note(
                    place,
                    "left out: a demonstration does not set up the browser",
                );
                Ok(())
            }
            "customStep" => {
                self.custom(place);
                Ok(())
            }
            other => Err(ExchangeError::UnknownStep {
                file: self.file.to_owned(),
                step: place.number,
                kind: other.to_owned(),
            }),
        }
    }

    /// Adds a step, with the page it was done on and the page that it led to.
    fn push(&mut self, place: Place<'_>, mut step: Step) {
        step.page = self.page.as_deref().map(literal);
        let led = place
            .step
            .asserted_events
            .iter()
            .filter(|event| event.kind == "navigation")
            .find_map(|event| event.url.clone().filter(|url| !url.is_empty()));
        if let Some(url) = led {
            if self.page.as_ref() != Some(&url) {
                step.after = Some(After {
                    url: Some(literal(&url)),
                    text: None,
                });
            }
            self.page = Some(url);
        } else if !place.step.asserted_events.is_empty() {
            self.page = None;
        }
        self.steps.push(step);
        self.alone = None;
    }

    fn navigate(&mut self, place: Place<'f>) -> Result<(), ExchangeError> {
        let Some(url) = place
            .step
            .url
            .clone()
            .filter(|url| url::Url::parse(url).is_ok())
        else {
            return self.refuse(place, "it has no `url` that could be opened");
        };
        // The first page is where the job starts; a browser's own empty page is none.
        if self.steps.is_empty() {
            if url.starts_with("http") || self.start.is_none() {
                self.page = Some(url.clone());
                self.start = Some(url);
            }
            return Ok(());
        }
        let mut step = Step::bare(Verb::Navigate);
        step.value = Some(literal(&url));
        self.push(place, step);
        self.page.get_or_insert(url);
        Ok(())
    }

    fn target(&mut self, place: Place<'_>) -> Result<TargetQuery, ExchangeError> {
        let step = place.step;
        if step.selectors.is_empty() {
            return self.refuse(
                place,
                "it has no `selectors`, so that nothing says what it was done to",
            );
        }
        let target = query(&step.selectors);
        if !says_enough(&target) {
            let given: Vec<String> = step.selectors.iter().map(|one| one.0.join(" ")).collect();
            self.note(
                place,
                format!(
                    "its selectors ({}) do not say what the target is called: write a `name` or `text` into its [step.target]",
                    given.join(", ")
                ),
            );
        }
        if step.frame.as_ref().is_some_and(|frame| !frame.is_empty()) {
            self.note(place, "it was done in a frame, which the recording only counts: its target is looked for in all frames");
        }
        if let Some(page) = step.target.as_ref().filter(|target| *target != "main") {
            self.note(place, format!("it was done on {page}, another page or frame: its target is looked for in the tab that is in front then"));
        }
        Ok(target)
    }

    fn no_modifiers(&self, place: Place<'_>) -> Result<(), ExchangeError> {
        match self.held.first() {
            Some((_, name)) => self.refuse(
                place,
                format!("it was done while {name} was held down, which a demonstration cannot say: take the keys out of the file, or record the job with `apprentice record`"),
            ),
            None => Ok(()),
        }
    }

    fn on_target(&mut self, place: Place<'_>, verb: Verb) -> Result<(), ExchangeError> {
        let mut step = Step::bare(verb);
        step.target = Some(self.target(place)?);
        self.push(place, step);
        Ok(())
    }

    fn click(&mut self, place: Place<'_>) -> Result<(), ExchangeError> {
        self.no_modifiers(place)?;
        let double = place.step.kind == "doubleClick";
        let verb = match place.step.button.as_deref() {
            None | Some("primary") if double => Verb::DoubleClick,
            None | Some("primary") => Verb::Click,
            Some("secondary") if !double => Verb::RightClick,
            Some("back") => {
                self.push(place, Step::bare(Verb::Back));
                return Ok(());
            }
            Some("forward") => {
                self.push(place, Step::bare(Verb::Forward));
                return Ok(());
            }
            Some(button) => {
                return self.refuse(
                    place,
                    format!("a demonstration has no click with the {button} button"),
                );
            }
        };
        self.on_target(place, verb)?;
        // The clicks of a double click are told before it.
        if double && let Some(target) = self.steps.last().and_then(|step| step.target.clone()) {
            let done = self.steps.pop();
            self.drop_clicks(&target);
            self.steps.extend(done);
        }
        Ok(())
    }

    /// Clicks on the same target that only led to what comes now.
    fn drop_clicks(&mut self, target: &TargetQuery) {
        while self.steps.last().is_some_and(|step| {
            step.verb == Verb::Click && step.target.as_ref() == Some(target) && step.after.is_none()
        }) {
            self.steps.pop();
        }
    }

    fn change(&mut self, place: Place<'_>) -> Result<(), ExchangeError> {
        self.no_modifiers(place)?;
        let Some(value) = place.step.value.clone() else {
            return self.refuse(place, "it has no `value`");
        };
        let target = self.target(place)?;
        self.drop_clicks(&target);
        // A field whose value came in pieces: the last one counts.
        let again = |step: &Step| {
            matches!(step.verb, Verb::Fill | Verb::Choose) && step.target.as_ref() == Some(&target)
        };
        if self.steps.last().is_some_and(again) {
            self.steps.pop();
        }
        let list = target.tag.as_deref() == Some("select")
            || target.tag.is_none()
                && matches!(target.role.as_deref(), Some("combobox" | "listbox"));
        let mut step = Step::bare(if list { Verb::Choose } else { Verb::Fill });
        if is_secret(&target) || (self.secret)(&value) {
            let name = secret_name(&target);
            self.note(place, format!("what was typed there is taken for a secret and left out: keep it with `apprentice secrets set {name}`, and delete the recording's file"));
            step.value = Some(format!("{{{name}}}"));
            self.parameters
                .entry(name.clone())
                .or_insert_with(|| Parameter {
                    secret: Some(name),
                    ..Parameter::default()
                });
        } else if list {
            step.values = vec![literal(&value)];
        } else {
            step.value = Some(literal(&value));
        }
        step.target = Some(target);
        self.push(place, step);
        Ok(())
    }

    fn key(&self, place: Place<'_>) -> Result<Key, ExchangeError> {
        let name = place.step.key.as_deref().unwrap_or_default();
        match chords::key(name) {
            Some(key) => Ok(key),
            None => self.refuse(
                place,
                format!("a demonstration cannot press the key {name:?}"),
            ),
        }
    }

    fn key_down(&mut self, place: Place<'_>) -> Result<(), ExchangeError> {
        match self.key(place)? {
            Key::Modifier(name) => {
                if !self.held.iter().any(|(_, held)| *held == name) {
                    self.held.push((place.number, name));
                    self.alone = Some(name);
                }
            }
            Key::Plain(key) => {
                let held: Vec<&str> = self.held.iter().map(|(_, name)| *name).collect();
                let mut step = Step::bare(Verb::Press);
                step.value = Some(literal(&chords::chord(&held, &key)));
                self.push(place, step);
            }
            Key::Character(character) => {
                let mut step = Step::bare(Verb::Type);
                step.value = Some(literal(&character.to_string()));
                self.push(place, step);
            }
        }
        Ok(())
    }

    fn key_up(&mut self, place: Place<'_>) -> Result<(), ExchangeError> {
        if let Key::Modifier(name) = self.key(place)? {
            if self.alone == Some(name) {
                self.note(
                    place,
                    format!("left out: {name} was pressed and nothing with it"),
                );
            }
            self.held.retain(|(_, held)| *held != name);
            self.alone = None;
        } else if let Some(last) = self.steps.last_mut()
            && last.verb == Verb::Press
            && last.after.is_none()
        {
            // A key may navigate when it comes up.
            let led = place
                .step
                .asserted_events
                .iter()
                .find_map(|event| event.url.clone());
            if let Some(url) = led.filter(|url| !url.is_empty()) {
                last.after = Some(After {
                    url: Some(literal(&url)),
                    text: None,
                });
                self.page = Some(url);
            }
        }
        Ok(())
    }

    fn wait(&mut self, place: Place<'_>) {
        let step = place.step;
        let appears = step.visible != Some(false)
            && match (step.operator.as_deref(), step.count) {
                (_, Some(count)) if count < 1.0 => false,
                (None | Some("==" | ">="), _) => true,
                (Some(_), _) => false,
            };
        let target = query(&step.selectors);
        let role = target.role.as_deref().unwrap_or_default();
        let text = target.text.clone().or_else(|| {
            let told = step.selectors.iter().flat_map(|one| one.0.last());
            let is_text = told.clone().any(|one| one.starts_with("text/"));
            target
                .name
                .clone()
                .filter(|_| is_text || NAMED_BY_CONTENT.contains(&role))
        });
        match text.filter(|_| appears) {
            Some(text) => {
                if step.attributes.is_some() || step.properties.is_some() || step.count.is_some_and(|count| count > 1.0) {
                    self.note(place, "its text is waited for; how many there are and what else was asked of it is not looked at");
                }
                let mut wait = Step::bare(Verb::Wait);
                wait.value = Some(text);
                self.push(place, wait);
            }
            None => self.note(place, "left out: only a text that appears can be waited for; where the next target comes late, it is waited for by itself"),
        }
    }

    /// What this program wrote itself is read again; anybody else's is left out.
    fn custom(&mut self, place: Place<'_>) {
        let name = place.step.name.as_deref().unwrap_or_default();
        let own = name.strip_prefix(CUSTOM).and(place.step.parameters.clone());
        match own.map(serde_json::from_value::<Step>) {
            Some(Ok(step)) => {
                // Neither what it may send nor a file beside another demonstration comes along.
                let step = Step {
                    effects: Vec::new(),
                    picture: None,
                    seen: None,
                    shown: None,
                    ..step
                };
                self.push(place, step);
            }
            Some(Err(error)) => self.note(
                place,
                format!("left out: its parameters are no step of a demonstration ({error})"),
            ),
            None => self.note(
                place,
                format!("left out: only the program that made {name:?} knows what it does"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn take(steps: &Value) -> Result<Imported, ExchangeError> {
        let text = json!({"title": "Do it", "steps": steps}).to_string();
        let flow = Flow::parse("x.json", &text)?;
        import("x.json", &flow, "job", "Do it", &|text| text == "hunter2")
    }

    /// The steps in a line each, and the notes.
    fn told(steps: &Value) -> (Vec<String>, Vec<String>) {
        let mut all = vec![json!({"type": "navigate", "url": "https://a.example/"})];
        all.extend(steps.as_array().unwrap().iter().cloned());
        let taken = take(&Value::Array(all)).unwrap();
        let lines = taken.demonstration.steps.iter().map(|step| {
            let target = step.target.as_ref();
            let called = target
                .and_then(|target| target.name.clone().or(target.attributes.get("id").cloned()));
            let values = step.value.iter().chain(&step.values).cloned();
            let after = step
                .after
                .as_ref()
                .and_then(|after| after.url.clone())
                .map(|url| format!("-> {url}"));
            let words: Vec<String> = [step.verb.word()]
                .into_iter()
                .chain(called)
                .chain(values)
                .chain(after)
                .collect();
            words.join(" ")
        });
        (
            lines.collect(),
            taken.notes.iter().map(ToString::to_string).collect(),
        )
    }

    #[track_caller]
    fn check(steps: &Value, lines: &[&str], notes: &[&str]) {
        let (found, said) = told(steps);
        assert_eq!(found, lines);
        assert_eq!(said.len(), notes.len(), "{said:?}");
        for (said, note) in said.iter().zip(notes) {
            assert!(said.contains(note), "{said}");
        }
    }

    #[test]
    fn clicks_before_a_value_are_part_of_it() {
        let day = json!([["aria/Day"], ["#day"]]);
        check(
            &json!([
                {"type": "click", "selectors": day, "offsetX": 1, "offsetY": 1},
                {"type": "change", "selectors": day, "value": "Mon"},
                {"type": "change", "selectors": day, "value": "Monday"},
                {"type": "change", "selectors": ["select[name='plant']"], "value": "Fern"},
                {"type": "click", "selectors": ["aria/Go"], "assertedEvents": [{"type": "navigation", "url": "https://a.example/done", "title": ""}]},
            ]),
            &[
                "fill Day Monday",
                "choose Fern",
                "click Go -> https://a.example/done",
            ],
            &[],
        );
    }

    #[test]
    fn every_button_and_count_is_what_it_was_or_refused() {
        let go = json!(["aria/Go"]);
        check(
            &json!([
                {"type": "click", "selectors": go},
                {"type": "click", "selectors": go},
                {"type": "doubleClick", "selectors": go},
                {"type": "click", "button": "secondary", "selectors": go},
                {"type": "click", "button": "back", "selectors": go},
                {"type": "hover", "selectors": go},
                {"type": "scroll", "selectors": go, "y": 40},
                {"type": "scroll", "y": 400},
                {"type": "close"},
                {"type": "click", "selectors": go},
                {"type": "close"},
            ]),
            &[
                "double-click Go",
                "right-click Go",
                "back",
                "hover Go",
                "scroll-to Go",
                "close-tab",
                "click Go",
            ],
            &["step 8 (scroll): its place", "step 9 (scroll): left out"],
        );
        let error =
            take(&json!([{"type": "click", "button": "auxiliary", "selectors": go}])).unwrap_err();
        assert!(
            error.to_string().contains(
                "step 1 of x.json (click): a demonstration has no click with the auxiliary button"
            ),
            "{error}"
        );
    }

    #[test]
    fn keys_that_go_down_and_up_are_chords() {
        let key = |kind: &str, key: &str| json!({"type": kind, "key": key});
        check(
            &json!([
                key("keyUp", "Enter"),
                key("keyDown", "Control"), key("keyDown", "Shift"), key("keyDown", "a"),
                key("keyUp", "a"), key("keyUp", "Shift"), key("keyUp", "Control"),
                key("keyDown", "Tab"), key("keyUp", "Tab"),
                key("keyDown", "é"), key("keyUp", "é"),
                key("keyDown", "Shift"), key("keyUp", "Shift"),
                key("keyDown", "Enter"),
                {"type": "keyUp", "key": "Enter", "assertedEvents": [{"type": "navigation", "url": "https://a.example/found"}]},
                key("keyDown", "Alt"),
            ]),
            &[
                "press Control+Shift+a",
                "press Tab",
                "type é",
                "press Enter -> https://a.example/found",
            ],
            &[
                "Shift was pressed and nothing with it",
                "Alt goes down and never up",
            ],
        );
        for (steps, says) in [
            (
                json!([key("keyDown", "Control"), {"type": "click", "selectors": ["aria/Go"]}]),
                "while Control was held down",
            ),
            (
                json!([key("keyDown", "MediaStop")]),
                "cannot press the key \"MediaStop\"",
            ),
        ] {
            let error = take(&steps).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn secrets_stay_where_they_are() {
        let (_, notes) = told(&json!([
            {"type": "change", "selectors": ["aria/Password"], "value": "s3cret-a"},
            {"type": "change", "selectors": ["aria/Note"], "value": "hunter2"},
        ]));
        assert!(
            notes[0].contains("apprentice secrets set password"),
            "{notes:?}"
        );
        let taken = take(&json!([
            {"type": "navigate", "url": "https://a.example/"},
            {"type": "change", "selectors": ["aria/Password"], "value": "s3cret-a"},
            {"type": "change", "selectors": ["aria/Note"], "value": "hunter2"},
        ]))
        .unwrap();
        let text = format!("{}{:?}", taken.demonstration.to_toml(), taken.notes);
        assert!(
            !text.contains("s3cret-a") && !text.contains("hunter2"),
            "{text}"
        );
        assert_eq!(
            taken.demonstration.parameters["password"].secret.as_deref(),
            Some("password")
        );
    }

    #[test]
    fn waits_are_for_texts_that_appear() {
        check(
            &json!([
                {"type": "waitForElement", "selectors": ["text/Thank you"]},
                {"type": "waitForElement", "selectors": ["aria/Done[role=\"heading\"]"], "operator": ">=", "count": 2},
                {"type": "waitForElement", "selectors": ["text/Busy"], "visible": false},
                {"type": "waitForElement", "selectors": ["text/Busy"], "operator": "==", "count": 0},
                {"type": "waitForElement", "selectors": [".spinner"]},
                {"type": "waitForExpression", "expression": "true"},
            ]),
            &["wait Thank you", "wait Done"],
            &[
                "how many there are",
                "left out",
                "left out",
                "left out",
                "an expression is not run",
            ],
        );
    }

    #[test]
    fn what_cannot_be_said_is_named_and_what_is_not_known_refused() {
        check(
            &json!([
                {"type": "setViewport", "width": 1, "height": 1},
                {"type": "emulateNetworkConditions", "download": 1},
                {"type": "customStep", "name": "shot", "parameters": {}},
                {"type": "customStep", "name": "apprentice:upload", "parameters": {"do": "fly"}},
                {"type": "customStep", "name": "apprentice:upload", "parameters": {"do": "reload", "picture": "../x", "effect": [{"method": "POST", "origin": "https://a.example", "path": "/pay"}]}},
                {"type": "click", "selectors": ["div > span:nth-child(3)"], "frame": [0, 1], "target": "https://b.example/"},
            ]),
            &["reload", "click"],
            &[
                "set up the browser",
                "set up the browser",
                "knows what it does",
                "no step of a demonstration",
                "do not say what the target is called",
                "in all frames",
                "done on https://b.example/",
            ],
        );
        let steps = json!([
            {"type": "navigate", "url": "https://a.example/"},
            {"type": "customStep", "name": "apprentice:x", "parameters": {"do": "reload", "picture": "../x", "effect": [{"method": "POST", "origin": "https://a.example", "path": "/pay"}]}},
        ]);
        let step = take(&steps).unwrap().demonstration.steps.remove(0);
        assert_eq!((step.effects.len(), step.picture), (0, None));
        for (steps, says) in [
            (
                json!([{"type": "swipe"}]),
                "step 1 of x.json is of the type \"swipe\"",
            ),
            (json!([{}]), "of the type \"\""),
            (json!([]), "holds nothing to do"),
            (
                json!([{"type": "navigate", "url": "https://a.example/"}]),
                "holds nothing to do",
            ),
            (
                json!([{"type": "navigate", "url": "nowhere"}]),
                "no `url` that could be opened",
            ),
            (
                json!([{"type": "click", "selectors": ["aria/Go"]}]),
                "begins on no page",
            ),
            (
                json!([{"type": "click", "selectors": []}]),
                "no `selectors`",
            ),
            (
                json!([{"type": "change", "selectors": ["aria/Go"]}]),
                "no `value`",
            ),
        ] {
            let error = take(&steps).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
