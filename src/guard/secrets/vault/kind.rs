//! What kind of secret a value is, as far as it tells by itself; shown in lists instead of the value.

use serde::{Deserialize, Serialize};

use super::super::numbers;

/// Longest number that is taken for a code that people type from a card or a phone, in digits.
const LONGEST_CODE: usize = 8;

/// What a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecretKind {
    CardNumber,
    AccountNumber,
    /// A short number: a PIN, the code on a card's back.
    Code,
    /// Everything else that is typed to get in.
    Password,
}

impl SecretKind {
    /// The kind that the value has the form of.
    pub fn of(value: &str) -> Self {
        let bare: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        if numbers::is_card(&bare) {
            SecretKind::CardNumber
        } else if numbers::is_account(&bare) {
            SecretKind::AccountNumber
        } else if bare.len() <= LONGEST_CODE && bare.bytes().all(|b| b.is_ascii_digit()) {
            SecretKind::Code
        } else {
            SecretKind::Password
        }
    }

    /// In words.
    pub fn phrase(self) -> &'static str {
        match self {
            SecretKind::CardNumber => "card number",
            SecretKind::AccountNumber => "account number",
            SecretKind::Code => "code",
            SecretKind::Password => "password",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SecretKind;

    #[test]
    fn the_form_of_a_value_tells_its_kind() {
        for (value, kind) in [
            ("4242 4242 4242 4242", SecretKind::CardNumber),
            ("DE89 3704 0044 0532 0130 00", SecretKind::AccountNumber),
            ("0314", SecretKind::Code),
            ("correct horse battery staple", SecretKind::Password),
            ("4242 4242 4242 4241", SecretKind::Password),
        ] {
            assert_eq!(SecretKind::of(value), kind, "{value}");
        }
    }
}
