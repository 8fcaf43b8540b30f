//! Steps that matter by what their target is called, and do not say so: a mark asks even where the page calls it otherwise one day.

use std::collections::BTreeMap;

use super::{Report, What, called, fixed};
use crate::computer::{
    Action, Button, Element, ElementId, Frame, Neighbours, Observation, Rect, Scope, ScrollState,
    Size, States, Target,
};
use crate::demo::{Demonstration, Step, TargetQuery, Verb};
use crate::guard::effect::is_sensitive;
use crate::guard::{GuardPolicy, Kind, Proposal, Review, Uploads, review};

pub(super) fn look(demonstration: &Demonstration, report: &mut Report<'_>) {
    for (at, step) in demonstration.steps.iter().enumerate() {
        if step.mark.is_none()
            && let Some(kind) = meaning(step)
        {
            let name = called(step).unwrap_or("it");
            let word = serde_json::to_value(kind).ok();
            let word = word
                .as_ref()
                .and_then(|word| word.as_str())
                .unwrap_or("other");
            report.add(
                Some(at + 1),
                What::Unmarked,
                format!("{name:?} would {}, and the step has no mark", kind.phrase()),
                format!("write mark = {word:?} into the step, so that it always asks"),
            );
        }
    }
}

/// What the guard would take a click on such a target for, where that matters.
fn meaning(step: &Step) -> Option<Kind> {
    if !matches!(step.verb, Verb::Click | Verb::DoubleClick) {
        return None;
    }
    let element = element(step.target.as_ref()?);
    let page = step.page.as_deref().map(fixed).unwrap_or_default();
    let observation = page_with(element, page);
    let action = Action::Click {
        target: Target::Element(observation.elements[0].id.clone()),
        button: Button::Left,
        count: 1,
        modifiers: Vec::new(),
    };
    let proposal = Proposal {
        action: &action,
        element: observation.elements.first(),
        observation: &observation,
        mark: None,
        says: "",
        // It was: what is only unclear passes.
        demonstrated: Some(""),
        sites: &[],
        uploads: Uploads::default(),
    };
    match review(&GuardPolicy::default(), &proposal) {
        Review::Ask(card) => Some(card.kind).filter(|kind| is_sensitive(*kind)),
        Review::Refuse { kind, .. } => Some(kind).filter(|kind| is_sensitive(*kind)),
        Review::Allow { .. } => None,
    }
}

/// The target as it would be seen, as far as it is known.
fn element(target: &TargetQuery) -> Element {
    let text = |text: &Option<String>| text.as_deref().map(fixed).unwrap_or_default();
    Element {
        id: ElementId("1:1".to_owned()),
        role: text(&target.role),
        name: text(&target.name),
        tag: text(&target.tag),
        text: text(&target.text),
        value: None,
        masked: false,
        label: text(&target.label),
        placeholder: text(&target.placeholder),
        states: States::default(),
        bounds: Rect::default(),
        in_view: true,
        covered_by: None,
        interactive: true,
        frame: 0,
        attributes: target
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), fixed(value)))
            .collect::<BTreeMap<_, _>>(),
        path: String::new(),
        heading: String::new(),
        landmark: String::new(),
        row: None,
        neighbours: Neighbours::default(),
        choices: Vec::new(),
        form: None,
    }
}

fn page_with(element: Element, url: String) -> Observation {
    Observation {
        frames: vec![Frame {
            url: url.clone(),
            bounds: None,
            parent: None,
        }],
        url,
        title: String::new(),
        viewport: Size {
            width: 0.0,
            height: 0.0,
        },
        scroll: ScrollState::default(),
        tabs: Vec::new(),
        dialog: None,
        focused: None,
        elements: vec![element],
        scope: Scope::Whole,
        unlisted: 0,
        downloads: Vec::new(),
        screenshot: None,
    }
}
