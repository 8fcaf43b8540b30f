//! What drawn things look like, in the words that people have for it: "a large blue circle", "all small items". The observer
//! names colours and shapes; how large is large is told by what else is drawn.

use crate::computer::Element;

/// Words for anything drawn.
const ANYTHING: [&str; 7] = [
    "item", "thing", "object", "element", "figure", "one", "symbol",
];
/// Words that only lead to others.
const LEADING: [&str; 13] = [
    "a", "an", "the", "all", "any", "every", "each", "of", "some", "both", "in", "coloured",
    "colored",
];
const LARGE: [&str; 5] = ["large", "big", "larger", "bigger", "huge"];
const SMALL: [&str; 5] = ["small", "little", "tiny", "smaller", "mini"];
/// Names that the observer gives to colours.
const COLOURS: [&str; 22] = [
    "black", "white", "gray", "grey", "silver", "red", "maroon", "yellow", "olive", "lime",
    "green", "aqua", "cyan", "teal", "blue", "navy", "fuchsia", "magenta", "purple", "orange",
    "pink", "brown",
];
/// Names that it gives to shapes.
const SHAPES: [&str; 13] = [
    "box",
    "circle",
    "ellipse",
    "oval",
    "square",
    "rectangle",
    "triangle",
    "diamond",
    "pentagon",
    "hexagon",
    "heptagon",
    "octagon",
    "line",
];
/// Sizes that differ less than this are the same to the eye.
const LEAST_DIFFERENCE: f64 = 1.3;

/// What drawings are made of.
pub const STROKES: [&str; 9] = [
    "circle", "ellipse", "rect", "polygon", "polyline", "path", "line", "text", "tspan",
];

/// Whether it is part of a drawing, and not a coloured box of the page.
pub fn is_stroke(element: &Element) -> bool {
    STROKES.contains(&element.tag.as_str())
}

/// Whether it is something drawn: a coloured shape, a coloured box, a letter in a drawing.
pub fn is_drawn(element: &Element) -> bool {
    element.attributes.contains_key("colour")
}

/// Whether the phrase is true of a drawn thing: every word of it names its colour, its shape, its size or what it says.
/// `None` where a word says something that nobody can see, or the phrase says nothing.
pub fn describes(phrase: &str, element: &Element, elements: &[Element]) -> Option<bool> {
    let words: Vec<&str> = phrase
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let last = words.len().checked_sub(1)?;
    let mut told = false;
    let mut fits = true;
    for (at, word) in words.into_iter().enumerate() {
        if at < last && LEADING.contains(&word.to_lowercase().as_str()) {
            continue;
        }
        fits &= is(word, at == last, element, elements)?;
        told = true;
    }
    told.then_some(fits)
}

/// Whether this one word is true of it. Only what stands last can be the thing's own text.
fn is(word: &str, last: bool, element: &Element, elements: &[Element]) -> Option<bool> {
    let lower = word.to_lowercase();
    let singular = match lower.as_str() {
        "boxes" => "box",
        word => word.strip_suffix('s').unwrap_or(word),
    };
    if COLOURS.contains(&lower.as_str()) {
        return Some(has(element, "colour", &lower));
    }
    if LARGE.contains(&lower.as_str()) {
        return is_large(element, elements);
    }
    if SMALL.contains(&lower.as_str()) {
        return is_large(element, elements).map(|large| !large);
    }
    if ANYTHING.contains(&singular) {
        return Some(true);
    }
    if SHAPES.contains(&singular) {
        let singular = if singular == "box" {
            "rectangle"
        } else {
            singular
        };
        return Some(has(element, "shape", singular));
    }
    let text = element.text.trim();
    let only = |is: fn(&char) -> bool| {
        let mut letters = text.chars();
        letters.next().filter(is).is_some() && letters.next().is_none()
    };
    match singular {
        "shape" => return Some(text.is_empty() && element.attributes.contains_key("shape")),
        "letter" => return Some(only(|c| c.is_alphabetic())),
        "digit" => return Some(only(char::is_ascii_digit)),
        "number" => return Some(crate::workflow::number::plain(text).is_ok()),
        _ => {}
    }
    // A letter of its own, or several of them: "a k", "all ks".
    let own = |text: &str| {
        word == text || word.strip_suffix('s') == Some(text) && text.chars().count() == 1
    };
    let known = elements
        .iter()
        .any(|other| is_drawn(other) && own(other.text.trim()));
    let is_letter = word.strip_suffix('s').unwrap_or(word).chars().count() <= 1 && last;
    (known || is_letter).then(|| own(text))
}

/// The words for what it is: its shape, what it says, what sort of text that is.
pub fn is_called(element: &Element, word: &str) -> bool {
    let lower = word.trim().to_lowercase();
    let one = !lower.is_empty() && !lower.contains(char::is_whitespace);
    let of_thing = !ANYTHING.contains(&lower.as_str())
        && !COLOURS.contains(&lower.as_str())
        && !LARGE.contains(&lower.as_str())
        && !SMALL.contains(&lower.as_str());
    one && of_thing && is(word.trim(), true, element, std::slice::from_ref(element)) == Some(true)
}

fn has(element: &Element, attribute: &str, word: &str) -> bool {
    element
        .attributes
        .get(attribute)
        .is_some_and(|names| names.split(' ').any(|name| name == word))
}

/// Whether it is of the larger ones of what is drawn; `None` where all are of one size.
fn is_large(element: &Element, elements: &[Element]) -> Option<bool> {
    let size = |element: &Element| element.bounds.height;
    let like = |one: &&Element| is_drawn(one) && is_stroke(one) == is_stroke(element);
    let sizes = elements.iter().filter(like).map(size);
    let (least, most) = sizes.fold((f64::MAX, 0.0_f64), |(least, most), size| {
        (least.min(size), most.max(size))
    });
    (least > 0.0 && most > least * LEAST_DIFFERENCE).then(|| size(element) > (least * most).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A drawn thing, as in `red circle 20` or `aqua cyan: k 10`: its colour, its shape or text, and its height.
    fn drawn(colour: &str, shape: &str, text: &str, height: f64) -> Element {
        serde_json::from_value(serde_json::json!({
            "id": "1:1", "role": "generic", "tag": "circle", "text": text, "in_view": true,
            "bounds": { "x": 0.0, "y": 0.0, "width": height, "height": height },
            "attributes": if shape.is_empty() {
                serde_json::json!({ "colour": colour })
            } else {
                serde_json::json!({ "colour": colour, "shape": shape })
            },
        }))
        .unwrap()
    }

    #[test]
    fn a_phrase_is_true_of_what_looks_so() {
        let all = [
            drawn("red", "circle", "", 20.0),
            drawn("aqua cyan", "square rectangle", "", 10.0),
            drawn("blue", "", "k", 21.0),
            drawn("blue", "", "7", 11.0),
        ];
        for (phrase, expected) in [
            ("large red circle", Some([true, false, false, false])),
            ("small rectangle", Some([false, true, false, false])),
            ("cyan shapes", Some([false, true, false, false])),
            ("shapes", Some([true, true, false, false])),
            ("blue letter", Some([false, false, true, false])),
            ("digit", Some([false, false, false, true])),
            ("blue items", Some([false, false, true, true])),
            ("ks", Some([false, false, true, false])),
            ("K", Some([false; 4])),
            ("all small 7s", Some([false, false, false, true])),
            ("shiny circle", None),
            ("how many", None),
            ("", None),
        ] {
            let found: Option<Vec<bool>> =
                all.iter().map(|one| describes(phrase, one, &all)).collect();
            assert_eq!(found, expected.map(|all| all.to_vec()), "{phrase}");
        }
    }

    #[test]
    fn nobody_knows_what_is_large_where_all_are_of_one_size() {
        let all = [
            drawn("red", "circle", "", 20.0),
            drawn("blue", "circle", "", 19.0),
        ];
        assert_eq!(describes("large circle", &all[0], &all), None);
        assert_eq!(describes("red circle", &all[0], &all), Some(true));
    }

    #[test]
    fn a_thing_is_called_by_its_shape_or_sort() {
        for (thing, word, expected) in [
            (drawn("red", "circle", "", 20.0), "Circle", true),
            (drawn("red", "circle", "", 20.0), "Triangle", false),
            (drawn("red", "", "k", 20.0), "Letter", true),
            (drawn("red", "", "4", 20.0), "Digit", true),
            (drawn("red", "", "4", 20.0), "red", false),
            (drawn("red", "", "4", 20.0), "Thing", false),
            (drawn("red", "", "4", 20.0), "Go on", false),
        ] {
            assert_eq!(is_called(&thing, word), expected, "{word}");
        }
    }
}
