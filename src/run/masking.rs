//! Takes secrets out of an observation before a policy or the trace gets it: a page may show again what was typed into it.

use crate::computer::browser::{Deed, Entered, Heard};
use crate::computer::{Element, Observation};

/// Masks every text of the observation.
pub fn mask(observation: &mut Observation, mask: &(dyn Fn(&str) -> String + Send + Sync)) {
    let clean = |text: &mut String| {
        // Short texts hold no secret worth the name, and are most of a page.
        if text.len() >= SHORTEST {
            *text = mask(text);
        }
    };
    clean(&mut observation.url);
    clean(&mut observation.title);
    for tab in &mut observation.tabs {
        clean(&mut tab.url);
        clean(&mut tab.title);
    }
    for frame in &mut observation.frames {
        clean(&mut frame.url);
    }
    for download in &mut observation.downloads {
        clean(&mut download.url);
    }
    if let Some(dialog) = &mut observation.dialog {
        clean(&mut dialog.message);
        clean(&mut dialog.default_text);
    }
    mask_elements(&mut observation.elements, mask);
}

/// Masks every text of these elements.
pub fn mask_elements(elements: &mut [Element], mask: &(dyn Fn(&str) -> String + Send + Sync)) {
    let clean = |text: &mut String| {
        if text.len() >= SHORTEST {
            *text = mask(text);
        }
    };
    for element in elements {
        for text in [
            &mut element.name,
            &mut element.text,
            &mut element.label,
            &mut element.placeholder,
            &mut element.heading,
            &mut element.landmark,
            &mut element.neighbours.left,
            &mut element.neighbours.above,
            &mut element.neighbours.right,
            &mut element.neighbours.below,
        ] {
            clean(text);
        }
        if let Some(value) = &mut element.value {
            clean(value);
        }
        if let Some(cover) = &mut element.covered_by {
            clean(cover);
        }
        for text in element.attributes.values_mut() {
            clean(text);
        }
        if let Some(row) = &mut element.row {
            row.texts.iter_mut().for_each(clean);
            row.column.iter_mut().for_each(clean);
        }
        for choice in &mut element.choices {
            clean(&mut choice.label);
            clean(&mut choice.value);
        }
        if let Some(form) = &mut element.form {
            clean(&mut form.action);
            for (name, value) in form.fields.iter_mut().chain(&mut form.hidden) {
                clean(name);
                clean(value);
            }
        }
    }
}

/// What was heard with nothing in it that is secret: a field that was filled with it is told as one whose value was not read.
pub fn mask_heard(mut heard: Heard, mask: &(dyn Fn(&str) -> String + Send + Sync)) -> Heard {
    let holds_one = |text: &str| mask(text) != text;
    match &mut heard.deed {
        Deed::Fill(Entered::Plain(text)) if holds_one(text) => {
            heard.deed = Deed::Fill(Entered::Secret);
        }
        Deed::Copy(text) | Deed::Select { text, .. } | Deed::Navigate(text) => *text = mask(text),
        Deed::Choose(texts) => texts.iter_mut().for_each(|text| *text = mask(text)),
        Deed::AnswerDialog { text, .. } => {
            text.iter_mut().for_each(|text| *text = mask(text));
        }
        Deed::SwitchTab { url, title } => {
            *url = mask(url);
            *title = mask(title);
        }
        Deed::Drag { to: Some(to), .. } => mask_elements(std::slice::from_mut(&mut **to), mask),
        Deed::Fill(_)
        | Deed::Click { .. }
        | Deed::Upload { .. }
        | Deed::Press(_)
        | Deed::Drag { to: None, .. }
        | Deed::Hover
        | Deed::ScrollTo
        | Deed::ScrollThrough { .. }
        | Deed::Back
        | Deed::Forward
        | Deed::Reload
        | Deed::OpenTab
        | Deed::CloseTab
        | Deed::End => {}
    }
    for text in heard
        .texts
        .iter_mut()
        .chain([&mut heard.page, &mut heard.title])
        .chain(&mut heard.frame)
    {
        *text = mask(text);
    }
    mask_elements(&mut heard.elements, mask);
    if let Some(element) = &mut heard.element {
        mask_elements(std::slice::from_mut(element), mask);
    }
    heard
}

/// Texts shorter than this are left alone, in bytes.
const SHORTEST: usize = 3;
