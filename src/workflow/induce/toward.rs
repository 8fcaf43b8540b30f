//! Which way something is dragged, where the goal may say it: "left", "up".

use super::value::{Expr, Sayings};
use crate::computer::Element;
use crate::demo::{Step, Verb};
use std::collections::BTreeSet;

/// How much longer a drag is one way than the other to go that way, and not slantwise.
const STRAIGHT: f64 = 2.0;

const WORDS: [(&str, [f64; 2]); 4] = [
    ("left", [-1.0, 0.0]),
    ("right", [1.0, 0.0]),
    ("up", [0.0, -1.0]),
    ("down", [0.0, 1.0]),
];

/// What says which way a thing is dragged; `None` where it is no drag over so many pixels, or goes slantwise.
pub fn toward(step: &Step, dragged: &Element, sayings: &Sayings<'_>) -> Option<BTreeSet<Expr>> {
    let [x, y, end_x, end_y] = step.within.filter(|_| step.verb == Verb::Drag)?;
    let (dx, dy) = (
        (end_x - x) * dragged.bounds.width,
        (end_y - y) * dragged.bounds.height,
    );
    let (word, _) = WORDS.iter().find(|(_, [right, down])| {
        let along = dx * right + dy * down;
        let across = (dx * down).abs() + (dy * right).abs();
        along > 0.0 && along >= STRAIGHT * across
    })?;
    Some(sayings.exactly(word))
}

/// The drag turned so that it goes the way of this word, as far as before; `None` where the word is no way to go.
pub fn turned(within: [f64; 4], size: [f64; 2], word: &str) -> Option<[f64; 4]> {
    let [x, y, end_x, end_y] = within;
    let [width, height] = size;
    let word = word.trim().to_lowercase();
    let (_, [right, down]) = WORDS.iter().find(|(known, _)| *known == word)?;
    let length = f64::hypot((end_x - x) * width, (end_y - y) * height);
    Some([x, y, x + right * length / width, y + down * length / height])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_goes_the_way_of_a_word_and_as_far_as_before() {
        // 30 px down, of a thing of 20 by 10.
        let down = [0.5, 0.5, 0.5, 3.5];
        assert_eq!(
            turned(down, [20.0, 10.0], "Left"),
            Some([0.5, 0.5, -1.0, 0.5])
        );
        assert_eq!(turned(down, [20.0, 10.0], "down"), Some(down));
        assert_eq!(turned(down, [20.0, 10.0], "away"), None);
    }
}
