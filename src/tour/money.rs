//! Amounts of money, counted in cents so that sums are exact.

/// An amount in cents of a euro.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cents(pub u64);

impl Cents {
    /// Reads `48.20`, `48,2` or `48`; `None` for everything else, also for zero and for ten digits and more before the point.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 9 || part.len() > 2 {
            return None;
        }
        let tens = if part.len() == 1 { 10 } else { 1 };
        let cents = whole.parse::<u64>().ok()? * 100 + part.parse::<u64>().ok()? * tens;
        (cents > 0).then_some(Cents(cents))
    }

    pub fn times(self, count: u64) -> Self {
        Cents(self.0 * count)
    }
}

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn reads_amounts_and_nothing_else() {
        for (text, cents) in [
            ("48.20", Some(4820)),
            (" 48,2 ", Some(4820)),
            ("48", Some(4800)),
            ("0.05", Some(5)),
            ("0", None),
            ("0.00", None),
            ("-3", None),
            ("+3", None),
            ("", None),
            (".", None),
            ("1.234", None),
            ("1.2.3", None),
            ("12 EUR", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(Cents::parse(text), cents.map(Cents), "{text:?}");
        }
    }

    #[test]
    fn writes_two_decimals() {
        assert_eq!(Cents(4805).to_string(), "48.05");
        assert_eq!(Cents(2800).times(3).to_string(), "84.00");
    }
}
