//! Whether a recorded field holds a secret, by all that is known of it: what is typed there never goes into a file.

use std::sync::LazyLock;

use regex::Regex;

use super::format::TargetQuery;

/// The name of a secret whose field has none.
const NAMELESS: &str = "secret";
/// Words of a secret's name at most.
const MOST_WORDS: usize = 4;

/// What browsers and pages say of such fields by `autocomplete`.
const HINTS: [&str; 8] = [
    "cc-number",
    "cc-csc",
    "cc-exp",
    "cc-exp-month",
    "cc-exp-year",
    "one-time-code",
    "current-password",
    "new-password",
];

/// What such fields are called, in several languages. Whole words only: `pin` is one, `shipping` none.
static CALLED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(^|[^\p{L}])(password|passwd|pwd|passphrase|passcode|passwort|kennwort|mot de passe|contraseña|senha|wachtwoord|hasło|cvv2?|cvc2?|ccv|cvn|csc|otp|totp|2fa|mfa|pin|tan|one time (code|password)|(card|credit card|karten) ?(number|nummer)|(security|verification|sms|auth) (code|number)|(prüf|sicherheits|bestätigungs)(nummer|ziffer|code)|code de (sécurité|vérification)|código de (seguridad|verificación))([^\p{L}]|$)",
    )
    .expect("the expression is a constant that a test reads")
});

/// Whether what is typed there is secret.
pub fn is_secret(target: &TargetQuery) -> bool {
    let attribute = |name: &str| target.attributes.get(name).map_or("", String::as_str);
    let hinted = attribute("autocomplete")
        .split_whitespace()
        .any(|hint| HINTS.contains(&hint));
    let tells_otherwise = matches!(
        attribute("type"),
        "checkbox" | "radio" | "submit" | "button" | "date" | "file"
    );
    let called = names(target).any(|name| CALLED.is_match(&spaced(name)));
    attribute("type") == "password" || hinted || called && !tells_otherwise
}

/// A name for the secret that such a field takes: `Card number` is `card_number`.
pub(super) fn secret_name(target: &TargetQuery) -> String {
    names(target)
        .map(|name| {
            spaced(name)
                .split(|character: char| !character.is_ascii_alphanumeric())
                .filter(|word| !word.is_empty())
                .take(MOST_WORDS)
                .map(str::to_ascii_lowercase)
                .collect::<Vec<_>>()
                .join("_")
        })
        .find(|name| name.starts_with(|first: char| first.is_ascii_alphabetic()))
        .unwrap_or_else(|| NAMELESS.to_owned())
}

/// All that the field is called, what people read first.
fn names(target: &TargetQuery) -> impl Iterator<Item = &str> {
    let read = [
        &target.name,
        &target.label,
        &target.placeholder,
        &target.text,
    ];
    let written = ["name", "autocomplete", "id", "data-testid", "type"];
    read.into_iter().filter_map(|name| name.as_deref()).chain(
        written
            .into_iter()
            .filter_map(|name| target.attributes.get(name).map(String::as_str)),
    )
}

/// `cardNumber` and `card-number` are two words.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for character in name.chars() {
        if character.is_uppercase() && before.is_lowercase() {
            words.push(' ');
        }
        words.push(if matches!(character, '_' | '-' | '.' | '[' | ']') {
            ' '
        } else {
            character
        });
        before = character;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_secrets_are_told_from_others() {
        for (name, attributes, secret, called) in [
            ("Password", &[][..], true, "password"),
            ("Card number", &[], true, "card_number"),
            ("", &[("id", "cardNumber")], true, "card_number"),
            ("", &[("name", "user[password]")], true, "user_password"),
            ("Sign", &[("type", "password")], true, "sign"),
            ("Ablauf", &[("autocomplete", "cc-exp")], true, "ablauf"),
            ("PIN", &[], true, "pin"),
            ("Shipping", &[], false, "shipping"),
            (
                "Forgot your password?",
                &[("type", "checkbox")],
                false,
                "forgot_your_password",
            ),
            ("Order number", &[], false, "order_number"),
            ("名前", &[], false, "secret"),
        ] {
            let target = TargetQuery {
                name: Some(name.to_owned()).filter(|name| !name.is_empty()),
                attributes: attributes
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                ..TargetQuery::default()
            };
            assert_eq!(is_secret(&target), secret, "{name} {attributes:?}");
            assert_eq!(secret_name(&target), called, "{name} {attributes:?}");
        }
    }
}
