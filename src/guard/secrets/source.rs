//! All secrets that a run may use: the environment's first, then the vault's, then the samples of a tour.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::environment::{self, Environment, is_bound, plain_name};
use super::mask::{self, Masker};
use super::vault::{Kept, Vault, VaultError};
use crate::computer::{ComputerError, SecretSource};

/// Where a secret comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The variable's name.
    Environment(String),
    Keyring,
    /// The vault's file.
    File(PathBuf),
    /// It comes with the program.
    Sample,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::Environment(variable) => f.write_str(variable),
            Place::Keyring => f.write_str("the system's keyring"),
            Place::File(path) => write!(f, "sealed in {}", path.display()),
            Place::Sample => f.write_str("the tour's sample"),
        }
    }
}

/// A secret without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    pub name: String,
    pub origins: Vec<String>,
    pub place: Place,
}

/// The secrets of one run. Clones share what was unlocked.
#[derive(Clone)]
pub struct Secrets {
    environment: Environment,
    samples: Environment,
    vault: Arc<Mutex<Vault>>,
    /// Given beforehand, for runs without a person.
    passphrase: Option<SecretString>,
    masker: Masker,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

impl Secrets {
    /// Whatever is known of values is masked in everything that this process writes, from now on.
    pub fn new(environment: Environment, vault: Vault, passphrase: Option<SecretString>) -> Self {
        let masker = mask::of_process().clone();
        environment.values().for_each(|value| masker.add(value));
        if let Some(passphrase) = &passphrase {
            masker.add(passphrase);
        }
        Secrets {
            environment,
            samples: Environment::default(),
            vault: Arc::new(Mutex::new(vault)),
            passphrase,
            masker,
        }
    }

    /// With these too, where nobody set others of the same names.
    #[must_use]
    pub fn with_samples(mut self, samples: Environment) -> Self {
        samples.values().for_each(|value| self.masker.add(value));
        self.samples = samples;
        self
    }

    /// The names, for messages and for asking.
    pub fn names(&self) -> Vec<String> {
        self.whereabouts().into_iter().map(|one| one.name).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        let name = plain_name(name);
        self.names().contains(&name)
    }

    /// Each secret once, with where it would be taken from.
    pub fn whereabouts(&self) -> Vec<Whereabouts> {
        let from = |secrets: &Environment, place: &dyn Fn(&str) -> Place| -> Vec<Whereabouts> {
            let names = secrets.names();
            names
                .map(|name| Whereabouts {
                    name: name.to_owned(),
                    origins: secrets.origins(name).unwrap_or_default().to_vec(),
                    place: place(name),
                })
                .collect()
        };
        let mut all = from(&self.environment, &|name| {
            Place::Environment(environment::variable(name))
        });
        let vault = self.vault();
        all.extend(vault.list().map(|(name, entry)| Whereabouts {
            name: name.to_owned(),
            origins: entry.origins.clone(),
            place: match entry.kept {
                Kept::Keyring => Place::Keyring,
                Kept::File => Place::File(vault.path().to_owned()),
            },
        }));
        all.extend(from(&self.samples, &|_| Place::Sample));
        // Stable, so the stronger source of a name stays.
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all.dedup_by(|later, first| later.name == first.name);
        all
    }

    /// Opens the vault's file with its passphrase.
    ///
    /// # Errors
    /// [`VaultError`].
    pub fn unlock(&self, passphrase: &SecretString) -> Result<(), VaultError> {
        let mut vault = self.vault();
        vault.unlock(passphrase)?;
        self.masker.add(passphrase);
        vault.values().for_each(|value| self.masker.add(&value));
        Ok(())
    }

    /// What takes every value that is known out of texts; it learns what is unlocked later.
    pub fn masker(&self) -> Masker {
        self.masker.clone()
    }

    fn vault(&self) -> MutexGuard<'_, Vault> {
        self.vault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reveal_kept(&self, name: &str, origin: &str) -> Result<SecretString, ComputerError> {
        let broken = |error: VaultError| match error {
            VaultError::Locked { path } => ComputerError::SecretLocked {
                name: name.to_owned(),
                place: path,
            },
            other => ComputerError::SecretBroken {
                name: name.to_owned(),
                reason: other.to_string(),
            },
        };
        if self.vault().is_locked_for(name)
            && let Some(passphrase) = &self.passphrase
        {
            self.unlock(passphrase).map_err(broken)?;
        }
        let (value, origins) = self.vault().reveal(name).map_err(broken)?;
        self.masker.add(&value);
        if is_bound(&origins, origin) {
            return Ok(value);
        }
        Err(ComputerError::SecretElsewhere {
            name: name.to_owned(),
            origin: origin.to_owned(),
        })
    }
}

impl SecretSource for Secrets {
    fn reveal(&self, name: &str, origin: &str) -> Result<SecretString, ComputerError> {
        let plain = plain_name(name);
        if self.environment.origins(&plain).is_some() {
            return self.environment.reveal(name, origin);
        }
        let listed = self
            .vault()
            .entry(&plain)
            .map(|entry| entry.origins.clone());
        match listed {
            // Nobody is asked for a passphrase for a page that would not get the secret.
            Some(origins) if !is_bound(&origins, origin) => Err(ComputerError::SecretElsewhere {
                name: name.to_owned(),
                origin: origin.to_owned(),
            }),
            Some(_) => self.reveal_kept(&plain, origin),
            None => self.samples.reveal(name, origin),
        }
    }

    fn learn(&self, value: &SecretString) {
        if tells_apart(value.expose_secret()) {
            self.masker.add(value);
        }
    }

    fn find(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        self.masker.find(text)
    }
}

/// Fewest digits of a code that was typed by hand and is masked elsewhere on the page.
const CODE: usize = 4;
/// Fewest characters of a password that was typed by hand and is masked elsewhere on the page.
const PASSWORD: usize = 6;
/// A word of letters alone is looked for from this length on.
const WORD: usize = 12;

/// Whether what was typed by hand into a secret field can be told from ordinary text: whoever signs in as `admin` with the
/// password `admin` would find neither his name nor the menu of that name any more. The field itself is hidden anyway.
fn tells_apart(value: &str) -> bool {
    let length = value.chars().count();
    if value.chars().all(|c| c.is_ascii_digit()) {
        length >= CODE
    } else if value.chars().all(char::is_alphabetic) {
        length >= WORD
    } else {
        length >= PASSWORD
    }
}

#[cfg(test)]
mod tests {
    use super::tells_apart;

    #[test]
    fn words_that_are_passwords_stay_words() {
        for (value, told) in [
            ("admin", false),
            ("password", false),
            ("Tr0ub4dor", true),
            ("correcthorsebattery", true),
            ("918273", true),
            ("314", false),
        ] {
            assert_eq!(tells_apart(value), told, "{value}");
        }
    }
}
