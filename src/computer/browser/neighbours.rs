//! The text nearest to each element on each of its four sides, for telling twins apart. Pure.

use std::collections::HashMap;

use crate::computer::{Element, Rect};

/// How far a neighbour may be to the left or right, in CSS pixels: a label beside its field.
const REACH_ACROSS: f64 = 300.0;
/// How far a neighbour may be above or below, in CSS pixels: a caption over its picture.
const REACH_DOWN: f64 = 120.0;
/// What is taller than this is a region and nobody's neighbour, in CSS pixels.
const TALLEST: f64 = 200.0;
/// Longer texts are cut, in characters.
const LONGEST: usize = 80;
/// Height of the strips that candidates are looked up by, in CSS pixels.
const STRIP: f64 = 64.0;

/// Fills in `neighbours` of every element.
pub fn fill_in(elements: &mut [Element]) {
    let candidates: Vec<(Rect, String)> = elements
        .iter()
        .filter_map(|element| {
            let text = [&element.text, &element.name, &element.label]
                .into_iter()
                .find(|text| !text.is_empty())?;
            let usable = element.bounds.height <= TALLEST && element.bounds.width > 0.0;
            usable.then(|| (element.bounds, text.chars().take(LONGEST).collect()))
        })
        .collect();
    let mut strips: HashMap<i64, Vec<usize>> = HashMap::new();
    for (index, (area, _)) in candidates.iter().enumerate() {
        for strip in strips_of(area.y, area.bottom()) {
            strips.entry(strip).or_default().push(index);
        }
    }
    for element in elements {
        let own = element.bounds;
        let mut best: [Option<(f64, usize)>; 4] = [None; 4];
        for strip in strips_of(own.y - REACH_DOWN, own.bottom() + REACH_DOWN) {
            for &index in strips.get(&strip).into_iter().flatten() {
                if let Some((side, distance)) = beside(&own, &candidates[index].0)
                    && best[side].is_none_or(|(nearest, _)| distance < nearest)
                {
                    best[side] = Some((distance, index));
                }
            }
        }
        let text = |side: usize| {
            best[side].map_or_else(String::new, |(_, index)| candidates[index].1.clone())
        };
        element.neighbours.left = text(0);
        element.neighbours.above = text(1);
        element.neighbours.right = text(2);
        element.neighbours.below = text(3);
    }
}

fn strips_of(top: f64, bottom: f64) -> std::ops::RangeInclusive<i64> {
    (top / STRIP).floor() as i64..=(bottom / STRIP).floor() as i64
}

/// On which side (0 left, 1 above, 2 right, 3 below) and how far away the other box is, where it is a neighbour.
fn beside(own: &Rect, other: &Rect) -> Option<(usize, f64)> {
    let shared_down = own.bottom().min(other.bottom()) - own.y.max(other.y);
    let shared_across = own.right().min(other.right()) - own.x.max(other.x);
    if shared_down >= 0.5 * own.height.min(other.height) {
        let left = own.x - other.right();
        let right = other.x - own.right();
        if (-2.0..=REACH_ACROSS).contains(&left) {
            return Some((0, left));
        }
        if (-2.0..=REACH_ACROSS).contains(&right) {
            return Some((2, right));
        }
    }
    if shared_across > 0.0 {
        let above = own.y - other.bottom();
        let below = other.y - own.bottom();
        if (-2.0..=REACH_DOWN).contains(&above) {
            return Some((1, above));
        }
        if (-2.0..=REACH_DOWN).contains(&below) {
            return Some((3, below));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_told_apart() {
        let own = Rect {
            x: 100.0,
            y: 100.0,
            width: 50.0,
            height: 20.0,
        };
        let at = |x: f64, y: f64| Rect {
            x,
            y,
            width: 40.0,
            height: 20.0,
        };
        assert_eq!(beside(&own, &at(50.0, 100.0)), Some((0, 10.0)));
        assert_eq!(beside(&own, &at(105.0, 70.0)), Some((1, 10.0)));
        assert_eq!(beside(&own, &at(160.0, 102.0)), Some((2, 10.0)));
        assert_eq!(beside(&own, &at(105.0, 125.0)), Some((3, 5.0)));
        assert_eq!(beside(&own, &at(600.0, 100.0)), None);
    }
}
