//! What a rule of the person may say of a request beside its kind and site: its path, and how much money it moves.

use super::effect::Effect;

/// A path; `*` stands for anything, slashes too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path(String);

impl Path {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain = text.starts_with('/') && !text.contains(['?', '#']);
        plain.then(|| Path(text.to_owned()))
    }

    pub(super) fn holds(&self, path: &str) -> bool {
        let mut parts = self.0.split('*');
        let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else {
            return false;
        };
        let mut parts = parts.peekable();
        if parts.peek().is_none() {
            return rest.is_empty();
        }
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return rest.ends_with(part);
            }
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}

/// A bound for the amount, in one currency.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Limit {
    amount: f64,
    /// Code of ISO 4217, in capitals.
    currency: String,
    /// Whether it holds for what is more, or for what is at most as much.
    above: bool,
}

impl Limit {
    /// One of the two, as in `50 EUR`.
    pub(super) fn parse(above: Option<&str>, up_to: Option<&str>) -> Option<Self> {
        let (text, above) = match (above, up_to) {
            (Some(text), None) => (text, true),
            (None, Some(text)) => (text, false),
            (None, None) | (Some(_), Some(_)) => return None,
        };
        let (amount, currency) = text.trim().split_once(char::is_whitespace)?;
        let currency = currency.trim().to_ascii_uppercase();
        let amount: f64 = amount.parse().ok()?;
        let usable = currency.len() == 3
            && currency.bytes().all(|b| b.is_ascii_uppercase())
            && amount.is_finite()
            && amount >= 0.0;
        usable.then_some(Limit {
            amount,
            currency,
            above,
        })
    }

    /// Whether the effect is on this side of the bound; `None` where its amount or its currency cannot be told.
    pub(super) fn holds(&self, effect: &Effect) -> Option<bool> {
        let (amount, currency) = effect.amount.as_ref()?;
        (currency.as_deref() == Some(self.currency.as_str()))
            .then_some((*amount > self.amount) == self.above)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_matched_as_a_whole() {
        for (pattern, path, holds) in [
            ("/api/*", "/api/orders/5", true),
            ("/api/*", "/api", false),
            ("/api/*", "/x/api/", false),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a/b/c/d", false),
            ("/a", "/a", true),
            ("/a", "/ab", false),
            ("/*/pay/*", "/x/y/pay/z", true),
            ("/*", "/", true),
        ] {
            assert_eq!(
                Path::parse(pattern).unwrap().holds(path),
                holds,
                "{pattern} {path}"
            );
        }
    }
}
