//! Which parts of the view show a secret: they are painted over before a picture leaves this room.
//!
//! Secret fields are known by themselves. Everything else that can be read on the page is told by the observers, text node by
//! text node, and searched here, so that no value of a secret is ever handed to a page's process that does not have it;
//! only then is the page asked where the found places lie. What cannot be read (canvases, pictures made by the page) is
//! painted over whole once a secret was typed into a document of its origin.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;

use super::Browser;
use super::act::origin_of;
use super::router::CALL_LIMIT;
use super::seen::FrameView;
use super::world::{World, call};
use crate::computer::Rect;

/// What stands between the texts of a page when they are searched together; `squeeze` and `numbers` of the guard know it as a
/// separator, so that a number that is spread over elements is found.
const BETWEEN: char = '\u{1f}';

/// Something that is not shown when this value is printed for debugging.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Hidden<T>(pub T);

impl<T> std::fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden")
    }
}

/// A readable part of a page: number of its node, what kind of part it is (the observer's own word), its text.
#[derive(Clone, Deserialize)]
pub struct ShownText(u64, u8, String);

/// A found place: number and kind of the part, and from where to where in it, in UTF-16 units as the page counts.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
struct Spot(u64, u8, usize, usize);

/// What this browser has seen of secrets so far.
#[derive(Debug, Default)]
pub struct Exposure {
    /// Origins whose documents got one.
    typed: Mutex<BTreeSet<String>>,
    /// Whether any was typed, by us or by hand.
    any: AtomicBool,
}

impl Exposure {
    pub fn typed_into(&self, origin: &str) {
        self.any.store(true, Ordering::Relaxed);
        self.typed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(origin.to_owned());
    }

    pub fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// Whether documents of this address may show what was typed into others; those without an origin of their own are
    /// made by some page that has one.
    fn reaches(&self, address: &str) -> bool {
        let typed = self.typed.lock().unwrap_or_else(PoisonError::into_inner);
        let origin = origin_of(address);
        !typed.is_empty() && (origin == "null" || typed.contains(&origin))
    }
}

impl Browser {
    /// What each frame's observer is told of secrets.
    pub(super) fn watchfulness(&self, world: &World, whole: bool) -> serde_json::Value {
        json!([{
            "whole": whole,
            "texts": self.settings.secrets.is_some(),
            "veil": self.exposure.reaches(&world.url),
        }])
    }

    /// The places in each frame's own coordinates, by the frame's ordinal.
    pub(super) async fn veils(&self, views: &[FrameView]) -> Vec<(usize, Rect)> {
        let mut veils = Vec::new();
        for (ordinal, view) in views.iter().enumerate() {
            veils.extend(view.seen.veils.iter().map(|area| (ordinal, *area)));
            if self.exposure.any() {
                // A frame that did not answer may show anything.
                let unanswered = view.seen.frames.iter().filter(|frame| {
                    !views
                        .iter()
                        .any(|other| other.owner == Some((ordinal, frame.number)))
                });
                veils.extend(unanswered.filter_map(|frame| Some((ordinal, frame.shown?))));
            }
        }
        let Some(secrets) = &self.settings.secrets else {
            return veils;
        };
        for value in views.iter().flat_map(|view| &view.seen.held.0) {
            self.exposure.any.store(true, Ordering::Relaxed);
            secrets.learn(&SecretString::from(value.as_str()));
        }
        for (ordinal, view) in views.iter().enumerate() {
            let spots = spots(&view.seen.texts.0, &|text| secrets.find(text));
            let Some(world) = self.worlds.get(view.serial).filter(|_| !spots.is_empty()) else {
                continue;
            };
            let boxes: Result<Vec<Rect>, _> = call(
                &self.link,
                world,
                "function (spots) { return observer.boxes(spots); }",
                json!([spots]),
                CALL_LIMIT,
            )
            .await;
            match boxes {
                Ok(boxes) => veils.extend(boxes.into_iter().map(|area| (ordinal, area))),
                // Where it is cannot be said any more, so all of the frame is painted over.
                Err(_) => veils.push((
                    ordinal,
                    Rect {
                        x: 0.0,
                        y: 0.0,
                        width: view.seen.width,
                        height: view.seen.height,
                    },
                )),
            }
        }
        veils
    }
}

/// Where secrets stand in the texts of one frame.
fn spots(texts: &[ShownText], find: &dyn Fn(&str) -> Vec<Range<usize>>) -> Vec<Spot> {
    let mut joined = String::new();
    let mut starts = Vec::with_capacity(texts.len());
    for ShownText(_, _, text) in texts {
        starts.push(joined.len());
        joined.push_str(text);
        joined.push(BETWEEN);
    }
    let mut spots = Vec::new();
    for range in find(&joined) {
        let first = starts
            .partition_point(|start| *start <= range.start)
            .saturating_sub(1);
        for (start, ShownText(number, kind, text)) in starts[first..].iter().zip(&texts[first..]) {
            if *start >= range.end {
                break;
            }
            let from = range.start.saturating_sub(*start).min(text.len());
            let to = (range.end - start).min(text.len());
            if from < to {
                let units = |end: usize| text[..end].encode_utf16().count();
                spots.push(Spot(*number, *kind, units(from), units(to)));
            }
        }
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_spread_over_elements_is_found_in_each() {
        let texts = ["é🍣 42", "", "42", "x 42"].map(str::to_owned);
        let texts: Vec<ShownText> = (1..)
            .zip(texts)
            .map(|(n, text)| ShownText(n, 0, text))
            .collect();
        let find = |text: &str| {
            let start = text.find("42").unwrap();
            let end = text.rfind("42").unwrap() - 2;
            std::iter::once(start..end).collect()
        };
        assert_eq!(spots(&texts, &find), [Spot(1, 0, 4, 6), Spot(3, 0, 0, 2)]);
    }

    #[test]
    fn what_was_typed_reaches_its_origin_and_documents_without_one() {
        let exposure = Exposure::default();
        assert!(!exposure.reaches("about:blank") && !exposure.any());
        exposure.typed_into("https://shop.example");
        assert!(exposure.reaches("https://shop.example/pay") && exposure.reaches("about:srcdoc"));
        assert!(!exposure.reaches("https://ads.example/"));
    }
}
