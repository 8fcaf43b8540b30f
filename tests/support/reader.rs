//! Reads screenshots with marks by the program's own reader; each picture once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use apprentice::computer::Rect;
use apprentice::perception::Reader;

use super::model_server::FindText;

/// What was read in the picture of this hash.
type Known = HashMap<blake3::Hash, Vec<(String, Rect)>>;

/// Each line of text with its box in pixels.
pub fn reader() -> FindText {
    let reader = Reader::best().expect("weights or tesseract: run scripts/setup");
    let known: Mutex<Known> = Mutex::default();
    Arc::new(move |bytes| {
        let mut known = known.lock().expect("no panic while locked");
        known
            .entry(blake3::hash(bytes))
            .or_insert_with(|| {
                reader
                    .read(bytes)
                    .expect("the request was checked")
                    .into_iter()
                    .map(|line| (line.text, line.bounds))
                    .collect()
            })
            .clone()
    })
}
