//! What a field's value is by its looks: a card's number, something that names a person, an amount.

/// Lengths of card numbers by ISO/IEC 7812, in digits.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 14..=19;

/// Whether the value is a card's number. Those of the large networks begin with 3 to 6, which times in milliseconds do not.
pub(super) fn is_card(value: &str) -> bool {
    let plain = value
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'));
    let digits: Vec<u32> = value.chars().filter_map(|c| c.to_digit(10)).collect();
    plain && CARD_DIGITS.contains(&digits.len()) && matches!(digits[0], 3..=6) && luhn(&digits)
}

fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// An address of mail, however it is encoded.
pub(super) fn names_a_person(value: &str) -> bool {
    value.contains('@') || value.to_ascii_lowercase().contains("%40")
}

/// A number as forms send it: `12`, `12.50`, `1,234.50`. Read as an amount with a point or a comma before its last one or two digits.
pub(super) fn number(value: &str) -> Option<f64> {
    let text: String = value
        .trim()
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '+'))
        .collect();
    let bare = text.trim_matches(|c: char| !c.is_ascii_digit() && c != '-');
    if bare.is_empty()
        || !bare
            .chars()
            .all(|c| c.is_ascii_digit() || ".,-".contains(c))
    {
        return None;
    }
    let cut = bare
        .rfind(['.', ','])
        .filter(|at| (1..=2).contains(&(bare.len() - at - 1)));
    let digits = |text: &str| -> String { text.chars().filter(|c| !".,".contains(*c)).collect() };
    let plain = match cut {
        Some(at) => format!("{}.{}", digits(&bare[..at]), &bare[at + 1..]),
        None => digits(bare),
    };
    plain.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_told_from_other_long_numbers() {
        assert!(is_card("4242 4242 4242 4242"));
        assert!(is_card("378282246310005"));
        assert!(!is_card("4242424242424241"));
        assert!(!is_card("1764108312345"));
        assert!(!is_card(""));
    }

    #[test]
    fn numbers_are_read_as_forms_write_them() {
        for (text, wanted) in [
            ("12", Some(12.0)),
            ("12.50", Some(12.5)),
            ("1,234.50", Some(1234.5)),
            ("1.234,5", Some(1234.5)),
            ("1 234", Some(1234.0)),
            ("€ 12", Some(12.0)),
            ("twelve", None),
            ("2026-11-25", None),
            ("", None),
        ] {
            assert_eq!(number(text), wanted, "{text}");
        }
    }
}
