//! Secrets from the environment, each bound to the origins that may get it.

use std::collections::BTreeMap;

use secrecy::SecretString;
use url::Url;

use crate::computer::{ComputerError, SecretSource};

use super::mask::Masker;

/// Named secrets with the origins that they may be typed into. The secret `card-number` is read from `APPRENTICE_SECRET_CARD_NUMBER`,
/// its origins, separated by commas, from `APPRENTICE_SECRET_CARD_NUMBER_ORIGINS`.
#[derive(Clone, Default)]
pub struct Environment {
    /// By name.
    values: BTreeMap<String, (SecretString, Vec<String>)>,
}

const PREFIX: &str = "APPRENTICE_SECRET_";
const ORIGINS: &str = "_ORIGINS";

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

impl Environment {
    /// All secrets of this process's environment.
    pub fn from_process() -> Self {
        // Variables that are not Unicode are skipped; they could not be typed anyhow.
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::from_variables(variables)
    }

    /// The secrets among the given variables.
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables: BTreeMap<String, String> = variables
            .into_iter()
            .filter(|(name, value)| name.starts_with(PREFIX) && !value.is_empty())
            .collect();
        let values = variables
            .iter()
            .filter(|(name, _)| !name.ends_with(ORIGINS))
            .map(|(variable, value)| {
                let name = plain_name(&variable[PREFIX.len()..]);
                let origins = variables
                    .get(&format!("{variable}{ORIGINS}"))
                    .map(|list| list.split(',').map(|o| o.trim().to_owned()).collect())
                    .unwrap_or_default();
                (name, (SecretString::from(value.clone()), origins))
            })
            .collect();
        Environment { values }
    }

    /// Exactly these secrets: name to value and origins.
    pub fn with(values: BTreeMap<String, (SecretString, Vec<String>)>) -> Self {
        Environment { values }
    }

    /// The names, for messages and for asking.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The origins of one of them; `None` where there is no such secret.
    pub fn origins(&self, name: &str) -> Option<&[String]> {
        let (_, origins) = self.values.get(name)?;
        Some(origins)
    }

    /// The values, for masking.
    pub(super) fn values(&self) -> impl Iterator<Item = &SecretString> {
        self.values.values().map(|(value, _)| value)
    }

    /// What takes every one of these values out of texts.
    pub fn masker(&self) -> Masker {
        Masker::for_values(self.values.values().map(|(value, _)| value.clone()))
    }
}

/// The variable that holds a secret.
pub fn variable(name: &str) -> String {
    let upper: String = name
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_uppercase()
            } else {
                '_'
            }
        })
        .collect();
    format!("{PREFIX}{upper}")
}

/// The comparable form of an origin; `None` for what is no origin (opaque ones too: no secret is for them).
fn comparable(origin: &str) -> Option<String> {
    let origin = Url::parse(origin).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Whether one of the origins that a secret is bound to is this one: scheme, host and port.
pub(super) fn is_bound(origins: &[String], origin: &str) -> bool {
    let wanted = comparable(origin);
    wanted.is_some() && origins.iter().any(|own| comparable(own) == wanted)
}

/// A secret's name as it is kept and looked up.
pub fn plain_name(name: &str) -> String {
    name.to_lowercase().replace('_', "-")
}

impl SecretSource for Environment {
    fn reveal(&self, name: &str, origin: &str) -> Result<SecretString, ComputerError> {
        let plain = plain_name(name);
        let (value, origins) = self
            .values
            .get(&plain)
            .ok_or_else(|| ComputerError::NoSecret {
                name: name.to_owned(),
                variable: variable(name),
            })?;
        if is_bound(origins, origin) {
            Ok(value.clone())
        } else if origins.iter().all(String::is_empty) {
            Err(ComputerError::SecretElsewhere {
                name: name.to_owned(),
                origin: format!(
                    "{origin}, nor for any other page yet: set {}{ORIGINS} to the origins that may get it",
                    variable(name)
                ),
            })
        } else {
            Err(ComputerError::SecretElsewhere {
                name: name.to_owned(),
                origin: origin.to_owned(),
            })
        }
    }

    fn learn(&self, value: &SecretString) {
        super::mask::of_process().add(value);
    }

    fn find(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        self.masker().find(text)
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Environment {
        let owned = pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Environment::from_variables(owned)
    }

    fn card() -> Environment {
        environment(&[
            ("APPRENTICE_SECRET_CARD_NUMBER", "4242424242424242"),
            (
                "APPRENTICE_SECRET_CARD_NUMBER_ORIGINS",
                "https://shop.example, http://127.0.0.1:8080/",
            ),
        ])
    }

    #[test]
    fn a_secret_is_given_to_its_origins_only() {
        let secrets = card();
        for origin in [
            "https://shop.example",
            "https://shop.example:443",
            "http://127.0.0.1:8080",
        ] {
            let value = secrets.reveal("card-number", origin).unwrap();
            assert_eq!(value.expose_secret(), "4242424242424242");
        }
        for origin in [
            "http://shop.example",
            "https://shop.example:444",
            "https://shop.example.evil.example",
            "https://shop.example@evil.example",
            "http://127.0.0.1:8081",
            "null",
            "data:text/html,x",
            "",
        ] {
            let error = secrets.reveal("card-number", origin).unwrap_err();
            assert!(
                matches!(error, ComputerError::SecretElsewhere { .. }),
                "{origin}"
            );
        }
    }

    #[test]
    fn a_secret_without_origins_is_given_to_nobody_and_says_what_to_set() {
        let secrets = environment(&[("APPRENTICE_SECRET_PIN", "1234")]);
        let error = secrets.reveal("pin", "https://a.example").unwrap_err();
        assert!(
            error.to_string().contains("APPRENTICE_SECRET_PIN_ORIGINS"),
            "{error}"
        );
    }

    #[test]
    fn a_secret_that_is_not_there_names_its_variable() {
        let error = card().reveal("door-code", "https://a.example").unwrap_err();
        assert!(
            error.to_string().contains("APPRENTICE_SECRET_DOOR_CODE"),
            "{error}"
        );
    }

    #[test]
    fn debug_shows_names_only() {
        let shown = format!("{:?} {:?}", card(), card().masker());
        assert!(
            shown.contains("card-number") && !shown.contains("4242"),
            "{shown}"
        );
    }
}
