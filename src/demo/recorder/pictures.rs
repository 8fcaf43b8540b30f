//! What a person read in a picture and typed later: the pictures of the pages before are read where nothing else that was seen or
//! said has it, and what they say is kept with the page.
//!
//! Invariant: nothing is read without need, and only what says something that was typed is kept.

use std::sync::Arc;

use super::steps::Recorded;
use crate::computer::browser::cut_out;
use crate::computer::{Element, Rect, folded};
use crate::demo::holes::plain;
use crate::demo::{Step, Verb};

/// Smaller pictures are icons, in CSS pixels.
const LEAST_SIDE: f64 = 40.0;
/// Shorter values are in many pictures by chance, in letters and figures.
const LEAST_LETTERS: usize = 4;
/// Pictures that are read for one recording, at most; those that were seen last count.
const MOST_PICTURES: usize = 12;

/// One look at a picture: the step before which it was seen, and its place among what was listed.
struct Look {
    step: usize,
    place: usize,
    /// The part of it that was in view.
    area: Rect,
}

/// Reads pictures for what was typed and stood nowhere else. `read` gets an encoded picture; what it cannot read says nothing.
pub fn read_pictures(recorded: &mut Recorded, mut read: impl FnMut(&[u8]) -> Option<String>) {
    let wanted = unexplained(&recorded.demonstration.goal, &recorded.demonstration.steps);
    let Some((last, _)) = wanted.last() else {
        return;
    };
    for look in looks(recorded, *last) {
        let Some(text) = recorded.pictures[look.step]
            .as_ref()
            .and_then(|screenshot| cut_out(&screenshot.bytes, &screenshot.area, look.area))
            .and_then(|picture| read(&picture))
        else {
            continue;
        };
        let says = |(at, value): &(usize, String)| look.step < *at && folded(&text).contains(value);
        if wanted.iter().any(says)
            && let Some(shown) = &mut recorded.demonstration.steps[look.step].shown
        {
            Arc::make_mut(shown).pictures.insert(look.place, text);
        }
    }
}

/// What was typed that neither the goal nor a page until then says, with the step.
fn unexplained(goal: &str, steps: &[Step]) -> Vec<(usize, String)> {
    let goal = folded(goal);
    let is_said = |at: usize, value: &str| {
        let mut elements = steps[..=at]
            .iter()
            .filter_map(|step| step.shown.as_deref())
            .flat_map(|shown| &shown.elements);
        goal.contains(value)
            || elements.any(|one| {
                [&one.text, &one.name]
                    .iter()
                    .any(|said| said.contains(value))
            })
    };
    let typed = |(at, step): (usize, &Step)| {
        let is_typing = matches!(step.verb, Verb::Fill | Verb::Type);
        let value = plain(step.value.as_deref().filter(|_| is_typing)?)?;
        let value = folded(&value);
        let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
        (letters >= LEAST_LETTERS && !is_said(at, &value)).then_some((at, value))
    };
    steps.iter().enumerate().filter_map(typed).collect()
}

/// The last look at each picture before a step, at the one of which most was in view where the page stayed the same.
fn looks(recorded: &Recorded, before: usize) -> Vec<Look> {
    let mut looks: Vec<(String, Look)> = Vec::new();
    for (step, picture) in recorded.pictures.iter().enumerate().take(before).rev() {
        let shown = recorded.demonstration.steps[step].shown.as_deref();
        let (Some(shown), Some(screenshot)) = (shown, picture) else {
            continue;
        };
        for (place, element) in shown.elements.iter().enumerate() {
            let Some(area) = in_view(element, &screenshot.area) else {
                continue;
            };
            let look = Look { step, place, area };
            let key = format!("{} {} {:?}", shown.url, element.path, element.frame);
            let known = looks.iter().position(|(known, _)| *known == key);
            match known {
                Some(at) if size(&looks[at].1.area) >= size(&area) => {}
                Some(at) => looks[at].1 = look,
                None if looks.len() < MOST_PICTURES => looks.push((key, look)),
                None => {}
            }
        }
    }
    looks.into_iter().map(|(_, look)| look).collect()
}

/// The part of a picture that the screenshot shows; `None` where the element is none, or too little of it is there to be read.
fn in_view(element: &Element, view: &Rect) -> Option<Rect> {
    let area = element.bounds.intersection(view)?;
    let is_large = area.width >= LEAST_SIDE && area.height >= LEAST_SIDE;
    (element.is_picture() && is_large).then_some(area)
}

fn size(area: &Rect) -> f64 {
    area.width * area.height
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::ImageFormat;

    use super::*;
    use crate::computer::{PictureFormat, Screenshot};
    use crate::demo::{Demonstration, Seen, literal};

    /// A recording in which a picture was looked at before each value was typed on another page.
    fn recorded(goal: &str, typed: &[&str], side: f64) -> Recorded {
        let picture: Element = serde_json::from_value(serde_json::json!({
            "id": "0:1", "role": "image", "name": "", "tag": "img", "in_view": true, "path": "html/img[1]",
            "bounds": { "x": 10.0, "y": 20.0, "width": side, "height": side },
        }))
        .unwrap();
        let shown = |url: &str, elements: Vec<Element>| {
            Some(Arc::new(Seen {
                url: url.to_owned(),
                title: String::new(),
                target: None,
                to: None,
                elements,
                pictures: Default::default(),
            }))
        };
        let mut steps = vec![Step::bare(Verb::Click)];
        steps[0].shown = shown("http://a.example/", vec![picture]);
        for value in typed {
            let mut step = Step::bare(Verb::Fill);
            step.value = Some((*value).to_owned());
            step.shown = shown("http://b.example/", Vec::new());
            steps.push(step);
        }
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(200, 200)
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        let screenshot = Screenshot {
            bytes: bytes.into_inner(),
            format: PictureFormat::Png,
            area: Rect {
                x: 0.0,
                y: 0.0,
                width: 200.0,
                height: 200.0,
            },
        };
        let text = format!(
            "format = \"1.3\"\nworkflow = \"w\"\ngoal = {:?}\nstart = \"http://a.example/\"\n",
            literal(goal)
        );
        let pictures = steps.iter().map(|_| Some(screenshot.clone())).collect();
        Recorded {
            demonstration: Demonstration {
                steps,
                ..Demonstration::parse("w", &text).unwrap()
            },
            pictures,
        }
    }

    #[test]
    fn a_picture_is_read_for_what_was_typed_and_stood_nowhere_else() {
        const SAYS: &str = "Corner  Cafe\nTOTAL 48.20";
        for (goal, typed, side, reads, keeps) in [
            ("File it", &["48.20"][..], 100.0, 1, true),
            ("File it", &["Corner Cafe", "48.20"], 100.0, 1, true),
            ("File it", &["51.00"], 100.0, 1, false),
            ("File it", &["{total}"], 100.0, 0, false),
            ("File it", &["7"], 100.0, 0, false),
            ("File it", &[], 100.0, 0, false),
            ("File 48.20", &["48.20"], 100.0, 0, false),
            ("File it", &["48.20"], 20.0, 0, false),
        ] {
            let mut recorded = recorded(goal, typed, side);
            let mut sizes = Vec::new();
            read_pictures(&mut recorded, |bytes| {
                let picture = image::load_from_memory(bytes).unwrap();
                sizes.push((picture.width(), picture.height()));
                Some(SAYS.to_owned())
            });
            assert_eq!(sizes, vec![(100, 100); reads], "{goal}: {typed:?}");
            let shown = recorded.demonstration.steps[0].shown.as_deref().unwrap();
            let kept = shown.pictures.get(&0).map(String::as_str);
            assert_eq!(kept, keeps.then_some(SAYS), "{goal}: {typed:?}");
        }
    }
}
