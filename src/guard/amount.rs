//! The amount of money that an action is about, as the page writes it.

use crate::computer::{Element, Observation, Rect};

use super::money;
use super::words::Folded;

/// The last amount in a text, as it is written there: in "3 × €5.00 = €15.00" the one that is due stands last.
pub(super) fn in_text(text: &str) -> Option<String> {
    let found = money::find(text).into_iter().rfind(|found| found.is_due)?;
    text.get(found.span).map(str::to_owned)
}

/// The amount that pressing `element` is about: in its own name, beside a word for a total, in its form, around it, or the nearest one
/// of the page. Only for the card: no decision hangs on it.
pub(super) fn near(element: &Element, observation: &Observation) -> Option<String> {
    own(element)
        .or_else(|| total(observation, element))
        .or_else(|| around(element))
        .or_else(|| nearest(observation, element))
}

fn own(element: &Element) -> Option<String> {
    in_text(&element.name)
        .or_else(|| in_text(&element.text))
        .or_else(|| element.value.as_deref().and_then(in_text))
}

fn around(element: &Element) -> Option<String> {
    let fields = element.form.iter().flat_map(|form| &form.fields);
    let row = element.row.iter().flat_map(|row| &row.texts);
    let sides = &element.neighbours;
    fields
        .map(|(_, value)| value.as_str())
        .chain(row.map(String::as_str))
        .chain([&sides.above, &sides.left, &sides.right, &sides.below].map(String::as_str))
        .find_map(in_text)
}

/// An amount whose own text, or the text to its left, says that it is the total; or a field of the form that does.
fn total(observation: &Observation, element: &Element) -> Option<String> {
    let fields = element.form.iter().flat_map(|form| &form.fields);
    let field = fields
        .filter(|(name, value)| {
            Folded::new(name).speaks_of_a_total() && value.chars().any(|c| c.is_ascii_digit())
        })
        .map(|(name, value)| {
            // A currency that only the label names ("Amount (EUR)") belongs to the amount.
            in_text(value).unwrap_or_else(|| {
                name.split(|c: char| !c.is_alphanumeric() && !"€$£¥".contains(c))
                    .find_map(|word| in_text(&format!("{value} {word}")))
                    .unwrap_or_else(|| value.clone())
            })
        })
        .next_back();
    let texts = observation
        .elements
        .iter()
        .filter(|other| other.frame == element.frame);
    let beside = texts
        .filter_map(|other| {
            Some((
                in_text(&other.text).or_else(|| in_text(&other.name))?,
                other,
            ))
        })
        .filter(|(_, other)| {
            let said = format!("{} {} {}", other.text, other.label, other.neighbours.left);
            // Long texts speak of many things.
            said.len() < 200 && Folded::new(&said).speaks_of_a_total()
        })
        .min_by(|(_, a), (_, b)| {
            distance(&a.bounds, &element.bounds).total_cmp(&distance(&b.bounds, &element.bounds))
        })
        .map(|(amount, _)| amount);
    field.or(beside)
}

fn nearest(observation: &Observation, element: &Element) -> Option<String> {
    observation
        .elements
        .iter()
        .filter(|other| other.in_view && other.frame == element.frame && other.text.len() < 200)
        .filter_map(|other| {
            Some((
                in_text(&other.text)?,
                distance(&other.bounds, &element.bounds),
            ))
        })
        .min_by(|(_, a), (_, b)| a.total_cmp(b))
        .map(|(amount, _)| amount)
}

/// Between the middles of two boxes, in CSS pixels.
fn distance(a: &Rect, b: &Rect) -> f64 {
    let (a, b) = (a.center(), b.center());
    (a.x - b.x).hypot(a.y - b.y)
}

#[cfg(test)]
mod tests {
    use super::in_text;

    #[test]
    fn amounts_are_found_as_pages_write_them() {
        for (text, amount) in [
            ("Pay €1,234.50 now", "€1,234.50"),
            ("1.234,50 € bezahlen", "1.234,50 €"),
            ("Total: $12", "$12"),
            ("US$ 12.99", "US$ 12.99"),
            ("12,99 EUR", "12,99 EUR"),
            ("CHF 1'250.00", "CHF 1'250.00"),
            ("1 234,50 zł", "1 234,50 zł"),
            ("¥12,000 税込", "¥12,000"),
            ("3 × €5.00 = €15.00", "€15.00"),
            ("(£7.5)", "£7.5"),
            ("kr 99", "kr 99"),
        ] {
            assert_eq!(in_text(text).as_deref(), Some(amount), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_amounts() {
        for text in [
            "Room 12",
            "2026-03-12",
            "Page 3 of 9",
            "12 krakens",
            "v1.2",
            "",
        ] {
            assert_eq!(in_text(text), None, "{text}");
        }
    }
}
