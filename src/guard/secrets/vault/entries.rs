//! Setting, listing, removing and revealing what the vault keeps.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::file::{self, Contents, FORMAT};
use super::keyring::{Keyring, KeyringError};
use super::kind::SecretKind;
use super::seal::{self, Unsealed};

/// Shortest passphrase that a new vault takes, in characters.
const SHORTEST_PASSPHRASE: usize = 8;

/// Where the value of a secret is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    Keyring,
    /// In the vault's own file, sealed.
    File,
}

/// What is known of a secret without its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Serialised origins that it may be typed into.
    pub origins: Vec<String>,
    pub kind: SecretKind,
    pub kept: Kept,
}

/// A value with the origins that count.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    value: String,
    origins: Vec<String>,
}

#[derive(Debug, Error)]
pub enum VaultError {
    #[error("the vault {path} cannot be read: {reason}; mend the file or move it away")]
    Unreadable { path: String, reason: String },
    #[error("the vault {path} has format {found}, newer than {FORMAT}: update apprentice")]
    Newer { path: String, found: String },
    #[error("the vault cannot be written to {path}: {reason}")]
    Unwritable { path: String, reason: String },
    #[error("the passphrase does not open the vault {path}")]
    WrongPassphrase { path: String },
    #[error(
        "the vault {path} is locked: give its passphrase at a terminal, by --passphrase-file or by APPRENTICE_PASSPHRASE"
    )]
    Locked { path: String },
    #[error("the passphrase is too short: choose one of at least {SHORTEST_PASSPHRASE} characters")]
    ShortPassphrase,
    #[error(
        "the vault {path} was changed by other hands: {reason}; set the secret {name:?} again or remove it"
    )]
    Changed {
        path: String,
        name: String,
        reason: String,
    },
    #[error("{0}")]
    Keyring(#[from] KeyringError),
    #[error("no secret named {name:?} is kept in {path}; `apprentice secrets list` shows what is")]
    Unknown { name: String, path: String },
}

/// The secrets of one user.
#[derive(Clone)]
pub struct Vault {
    path: PathBuf,
    contents: Contents,
    keyring: Arc<dyn Keyring>,
    /// The sealed block, once it was opened.
    open: Option<BTreeMap<String, Sealed>>,
    work: u8,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault")
            .field("path", &self.path)
            .field("secrets", &self.contents.secrets)
            .field("open", &self.open.is_some())
            .finish_non_exhaustive()
    }
}

impl Vault {
    /// Reads what may be read without a passphrase; a file that is not there holds no secrets.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`], [`VaultError::Newer`].
    pub fn load(path: &Path, keyring: Arc<dyn Keyring>) -> Result<Self, VaultError> {
        Ok(Vault {
            path: path.to_owned(),
            contents: file::read(path)?,
            keyring,
            open: None,
            work: seal::WORK,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Everything that is kept, without values.
    pub fn list(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.contents
            .secrets
            .iter()
            .map(|(name, entry)| (name.as_str(), entry))
    }

    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.contents.secrets.get(name)
    }

    /// Whether a passphrase has been made for the file.
    pub fn is_sealed(&self) -> bool {
        self.contents.sealed.is_some()
    }

    /// Whether the passphrase is still needed for this secret.
    pub fn is_locked_for(&self, name: &str) -> bool {
        self.open.is_none() && self.entry(name).is_some_and(|e| e.kept == Kept::File)
    }

    /// Where new secrets go: where the others are, else into the keyring, else into the file. What the keyring said where it
    /// was asked in vain comes along.
    ///
    /// # Errors
    /// [`VaultError::Keyring`] where the other secrets are in a keyring that does not answer: they are not silently parted.
    pub fn place(&self) -> Result<(Kept, Option<KeyringError>), VaultError> {
        let kept = |place| self.contents.secrets.values().any(|e| e.kept == place);
        match (kept(Kept::Keyring), kept(Kept::File)) {
            (false, true) => Ok((Kept::File, None)),
            (true, _) => {
                self.keyring.reach()?;
                Ok((Kept::Keyring, None))
            }
            (false, false) => Ok(match self.keyring.reach() {
                Ok(()) => (Kept::Keyring, None),
                Err(error) => (Kept::File, Some(error)),
            }),
        }
    }

    /// Opens the sealed block with its passphrase. Whether the readable list agrees with it is seen secret by secret, so
    /// that one that was tampered with can be set again.
    ///
    /// # Errors
    /// [`VaultError::WrongPassphrase`], [`VaultError::Unreadable`].
    pub fn unlock(&mut self, passphrase: &SecretString) -> Result<(), VaultError> {
        let path = self.path.display().to_string();
        let Some(block) = &self.contents.sealed else {
            self.open = Some(BTreeMap::new());
            return Ok(());
        };
        let plain = seal::unseal(block, passphrase).map_err(|error| match error {
            Unsealed::WrongPassphrase => VaultError::WrongPassphrase { path: path.clone() },
            Unsealed::Broken(reason) => VaultError::Unreadable {
                path: path.clone(),
                reason,
            },
        })?;
        let plain = secrecy::zeroize::Zeroizing::new(plain);
        let sealed: BTreeMap<String, Sealed> =
            serde_json::from_slice(&plain).map_err(|_| VaultError::Unreadable {
                path,
                reason: "what it sealed is no list of secrets".to_owned(),
            })?;
        self.open = Some(sealed);
        Ok(())
    }

    /// The value of a secret and the origins that it may be typed into.
    ///
    /// # Errors
    /// [`VaultError::Locked`] where the passphrase was not given yet, [`VaultError::Keyring`], [`VaultError::Changed`],
    /// [`VaultError::Unknown`].
    pub fn reveal(&self, name: &str) -> Result<(SecretString, Vec<String>), VaultError> {
        let entry = self.entry(name).ok_or_else(|| self.unknown(name))?;
        let sealed = match entry.kept {
            Kept::File => {
                let open = self.open.as_ref().ok_or_else(|| VaultError::Locked {
                    path: self.path.display().to_string(),
                })?;
                open.get(name).cloned()
            }
            Kept::Keyring => self
                .keyring
                .get(name)?
                .and_then(|text| serde_json::from_str(text.expose_secret()).ok()),
        };
        let sealed = self.agree(name, entry, sealed.as_ref())?;
        Ok((
            SecretString::from(sealed.value.clone()),
            sealed.origins.clone(),
        ))
    }

    /// The values that are known without asking anybody, for masking.
    pub fn values(&self) -> impl Iterator<Item = SecretString> {
        self.open
            .iter()
            .flat_map(BTreeMap::values)
            .map(|sealed| SecretString::from(sealed.value.as_str()))
    }

    /// Keeps a secret, or changes it. `passphrase` is needed for the file alone; the first one given is from then on the
    /// file's.
    ///
    /// # Errors
    /// [`VaultError`]; then nothing was changed.
    pub fn set(
        &mut self,
        name: &str,
        value: &SecretString,
        origins: Vec<String>,
        kept: Kept,
        passphrase: Option<&SecretString>,
    ) -> Result<(), VaultError> {
        // Somebody else may have written meanwhile: a change is made to what the file holds now.
        self.contents = file::read(&self.path)?;
        self.open = None;
        let sealed = Sealed {
            value: value.expose_secret().to_owned(),
            origins: origins.clone(),
        };
        let mut contents = self.contents.clone();
        let before = contents.secrets.insert(
            name.to_owned(),
            Entry {
                origins,
                kind: SecretKind::of(value.expose_secret()),
                kept,
            },
        );
        match kept {
            Kept::Keyring => {
                let text = SecretString::from(json(&sealed));
                self.keyring.set(name, &text)?;
            }
            Kept::File => {
                let passphrase = self.opened_by(passphrase)?;
                let mut all = self.open.clone().unwrap_or_default();
                all.insert(name.to_owned(), sealed);
                contents.sealed = Some(self.sealed(&contents, &all, passphrase)?);
                self.open = Some(all);
            }
        }
        file::write(&self.path, &contents)?;
        self.contents = contents;
        if let Some(before) = before.filter(|before| before.kept != kept) {
            self.forget_elsewhere(name, before.kept, passphrase)?;
        }
        Ok(())
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// [`VaultError::Unknown`], and whatever keeps it from being forgotten; then it is still listed.
    pub fn remove(
        &mut self,
        name: &str,
        passphrase: Option<&SecretString>,
    ) -> Result<(), VaultError> {
        self.contents = file::read(&self.path)?;
        let entry = self.entry(name).ok_or_else(|| self.unknown(name))?;
        let mut contents = self.contents.clone();
        match entry.kept {
            Kept::Keyring => {
                self.keyring.remove(name)?;
                contents.secrets.remove(name);
            }
            Kept::File => {
                contents.secrets.remove(name);
                if contents.secrets.values().any(|e| e.kept == Kept::File) {
                    self.open = None;
                    let passphrase = self.opened_by(passphrase)?;
                    let mut all = self.open.clone().unwrap_or_default();
                    all.remove(name);
                    contents.sealed = Some(self.sealed(&contents, &all, passphrase)?);
                    self.open = Some(all);
                } else {
                    // The last one takes the passphrase with it.
                    contents.sealed = None;
                    self.open = None;
                }
            }
        }
        file::write(&self.path, &contents)?;
        self.contents = contents;
        Ok(())
    }

    /// Takes an older value away from the place that it was moved from.
    fn forget_elsewhere(
        &mut self,
        name: &str,
        kept: Kept,
        passphrase: Option<&SecretString>,
    ) -> Result<(), VaultError> {
        match kept {
            Kept::Keyring => Ok(self.keyring.remove(name)?),
            Kept::File => {
                let mut contents = self.contents.clone();
                if contents.secrets.values().any(|e| e.kept == Kept::File) {
                    let passphrase = self.opened_by(passphrase)?;
                    let mut all = self.open.clone().unwrap_or_default();
                    all.remove(name);
                    contents.sealed = Some(self.sealed(&contents, &all, passphrase)?);
                } else {
                    contents.sealed = None;
                }
                file::write(&self.path, &contents)?;
                self.contents = contents;
                self.open = None;
                Ok(())
            }
        }
    }

    /// The passphrase, after it opened what is there.
    fn opened_by<'a>(
        &mut self,
        passphrase: Option<&'a SecretString>,
    ) -> Result<&'a SecretString, VaultError> {
        let passphrase = passphrase.ok_or_else(|| VaultError::Locked {
            path: self.path.display().to_string(),
        })?;
        if !self.is_sealed() && passphrase.expose_secret().chars().count() < SHORTEST_PASSPHRASE {
            return Err(VaultError::ShortPassphrase);
        }
        self.unlock(passphrase)?;
        Ok(passphrase)
    }

    /// The block with the values of everything that `contents` lists as kept in the file.
    fn sealed(
        &self,
        contents: &Contents,
        all: &BTreeMap<String, Sealed>,
        passphrase: &SecretString,
    ) -> Result<String, VaultError> {
        let listed: BTreeMap<&String, &Sealed> = all
            .iter()
            .filter(|(name, _)| {
                let entry = contents.secrets.get(*name);
                entry.is_some_and(|entry| entry.kept == Kept::File)
            })
            .collect();
        let plain = secrecy::zeroize::Zeroizing::new(json(&listed));
        seal::seal(plain.as_bytes(), passphrase, self.work).map_err(|reason| {
            VaultError::Unwritable {
                path: self.path.display().to_string(),
                reason,
            }
        })
    }

    /// What was sealed, where it is there and says the same as the readable list.
    fn agree<'a>(
        &self,
        name: &str,
        entry: &Entry,
        sealed: Option<&'a Sealed>,
    ) -> Result<&'a Sealed, VaultError> {
        let changed = |reason: &str| VaultError::Changed {
            path: self.path.display().to_string(),
            name: name.to_owned(),
            reason: reason.to_owned(),
        };
        let sealed = sealed.ok_or_else(|| changed("it lists a secret whose value is gone"))?;
        if sealed.origins == entry.origins {
            Ok(sealed)
        } else {
            Err(changed("it lists other origins than were set"))
        }
    }

    fn unknown(&self, name: &str) -> VaultError {
        VaultError::Unknown {
            name: name.to_owned(),
            path: self.path.display().to_string(),
        }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and lists of texts are JSON")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// A keyring in memory, or none at all.
    #[derive(Default)]
    struct Pretended {
        absent: bool,
        held: Mutex<BTreeMap<String, SecretString>>,
    }

    impl Keyring for Pretended {
        fn reach(&self) -> Result<(), KeyringError> {
            if self.absent {
                return Err(KeyringError::None("no session bus".to_owned()));
            }
            Ok(())
        }
        fn set(&self, name: &str, value: &SecretString) -> Result<(), KeyringError> {
            self.reach()?;
            self.held
                .lock()
                .unwrap()
                .insert(name.to_owned(), value.clone());
            Ok(())
        }
        fn get(&self, name: &str) -> Result<Option<SecretString>, KeyringError> {
            self.reach()?;
            Ok(self.held.lock().unwrap().get(name).cloned())
        }
        fn remove(&self, name: &str) -> Result<(), KeyringError> {
            self.reach()?;
            self.held.lock().unwrap().remove(name);
            Ok(())
        }
    }

    struct Bench {
        folder: tempfile::TempDir,
        keyring: Arc<Pretended>,
    }

    const SHOP: &str = "https://shop.example";

    impl Bench {
        fn new(absent: bool) -> Self {
            Bench {
                folder: tempfile::tempdir().unwrap(),
                keyring: Arc::new(Pretended {
                    absent,
                    ..Pretended::default()
                }),
            }
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("deep/secrets.toml")
        }

        fn text(&self) -> String {
            std::fs::read_to_string(self.path()).unwrap()
        }

        fn vault(&self) -> Vault {
            let mut vault = Vault::load(&self.path(), self.keyring.clone()).unwrap();
            vault.work = 2;
            vault
        }

        fn set(&self, name: &str, value: &str, phrase: Option<&str>) -> Result<Kept, VaultError> {
            let mut vault = self.vault();
            let (kept, _) = vault.place()?;
            let phrase = phrase.map(SecretString::from);
            vault.set(
                name,
                &SecretString::from(value),
                vec![SHOP.to_owned()],
                kept,
                phrase.as_ref(),
            )?;
            Ok(kept)
        }
    }

    fn value(vault: &Vault, name: &str) -> String {
        vault.reveal(name).unwrap().0.expose_secret().to_owned()
    }

    #[test]
    fn without_a_keyring_the_file_keeps_it_sealed_and_private() {
        let bench = Bench::new(true);
        assert_eq!(
            bench
                .set("card-number", "4242424242424242", Some("open sesame"))
                .unwrap(),
            Kept::File
        );
        assert_eq!(
            bench.set("door", "Tr0ub4dor", Some("open sesame")).unwrap(),
            Kept::File
        );
        let text = bench.text();
        assert!(
            text.contains("card-number") && text.contains(SHOP),
            "{text}"
        );
        assert!(
            !text.contains("4242") && !text.contains("Tr0ub4dor"),
            "{text}"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(bench.path())
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let mut vault = bench.vault();
        assert!(vault.is_locked_for("door"));
        assert!(matches!(
            vault.reveal("door"),
            Err(VaultError::Locked { .. })
        ));
        let wrong = vault.unlock(&SecretString::from("open barley"));
        assert!(matches!(wrong, Err(VaultError::WrongPassphrase { .. })));
        vault.unlock(&SecretString::from("open sesame")).unwrap();
        assert_eq!(value(&vault, "door"), "Tr0ub4dor");
        assert_eq!(vault.reveal("card-number").unwrap().1, [SHOP]);
        assert_eq!(vault.values().count(), 2);
        assert!(!format!("{vault:?}").contains("Tr0ub4dor"));
    }

    #[test]
    fn with_a_keyring_the_file_holds_no_value_at_all() {
        let bench = Bench::new(false);
        assert_eq!(bench.set("door", "Tr0ub4dor", None).unwrap(), Kept::Keyring);
        assert!(!bench.text().contains("sealed") && !bench.text().contains("Tr0ub4dor"));
        assert_eq!(value(&bench.vault(), "door"), "Tr0ub4dor");
        bench.vault().remove("door", None).unwrap();
        assert!(bench.keyring.held.lock().unwrap().is_empty());
        assert!(matches!(
            bench.vault().reveal("door"),
            Err(VaultError::Unknown { .. })
        ));
    }

    #[test]
    fn a_keyring_that_went_away_is_no_reason_to_use_the_file() {
        let bench = Bench::new(false);
        bench.set("door", "Tr0ub4dor", None).unwrap();
        let gone = Bench {
            keyring: Arc::new(Pretended {
                absent: true,
                ..Pretended::default()
            }),
            ..bench
        };
        assert!(matches!(
            gone.set("card", "x1y2z3", Some("open sesame")),
            Err(VaultError::Keyring(_))
        ));
        assert!(matches!(
            gone.vault().reveal("door"),
            Err(VaultError::Keyring(_))
        ));
    }

    #[test]
    fn moving_a_secret_leaves_nothing_behind() {
        let bench = Bench::new(false);
        bench.set("door", "Tr0ub4dor", None).unwrap();
        let phrase = SecretString::from("open sesame");
        let mut vault = bench.vault();
        let new = SecretString::from("N3w");
        vault
            .set(
                "door",
                &new,
                vec![SHOP.to_owned()],
                Kept::File,
                Some(&phrase),
            )
            .unwrap();
        assert!(bench.keyring.held.lock().unwrap().is_empty());
        vault
            .set("door", &new, vec![SHOP.to_owned()], Kept::Keyring, None)
            .unwrap();
        assert!(!bench.text().contains("sealed"));
        assert_eq!(value(&bench.vault(), "door"), "N3w");
    }

    #[test]
    fn editing_the_readable_list_gives_a_secret_to_nobody() {
        for absent in [true, false] {
            let bench = Bench::new(absent);
            bench.set("door", "Tr0ub4dor", Some("open sesame")).unwrap();
            let edited = bench.text().replace(SHOP, "https://evil.example");
            std::fs::write(bench.path(), edited).unwrap();
            let mut vault = bench.vault();
            let opened = vault.unlock(&SecretString::from("open sesame"));
            let revealed = opened.and_then(|()| vault.reveal("door").map(drop));
            assert!(
                matches!(revealed, Err(VaultError::Changed { .. })),
                "{revealed:?}"
            );
        }
    }

    #[test]
    fn the_last_secret_takes_the_sealed_block_with_it() {
        let bench = Bench::new(true);
        bench.set("a", "value-a", Some("open sesame")).unwrap();
        bench.set("b", "value-b", Some("open sesame")).unwrap();
        let phrase = SecretString::from("open sesame");
        assert!(matches!(
            bench.vault().remove("a", None),
            Err(VaultError::Locked { .. })
        ));
        bench.vault().remove("a", Some(&phrase)).unwrap();
        let mut vault = bench.vault();
        vault.unlock(&phrase).unwrap();
        assert_eq!(value(&vault, "b"), "value-b");
        assert_eq!(vault.values().count(), 1);
        bench.vault().remove("b", None).unwrap();
        assert!(!bench.vault().is_sealed());
    }

    #[test]
    fn a_wrong_or_short_passphrase_changes_nothing() {
        let bench = Bench::new(true);
        assert!(matches!(
            bench.set("a", "value-a", Some("short")),
            Err(VaultError::ShortPassphrase)
        ));
        assert!(matches!(
            bench.set("a", "value-a", None),
            Err(VaultError::Locked { .. })
        ));
        assert!(!bench.path().exists());
        bench.set("a", "value-a", Some("open sesame")).unwrap();
        let before = bench.text();
        assert!(bench.set("b", "value-b", Some("open barley")).is_err());
        assert_eq!(bench.text(), before);
    }

    #[test]
    fn a_file_that_cannot_be_understood_is_an_error_and_stays() {
        let bench = Bench::new(true);
        bench.set("a", "value-a", Some("open sesame")).unwrap();
        for (text, said) in [
            ("not toml [", "mend"),
            ("", "format"),
            ("[secrets]", "format"),
            ("format = '2.0'", "update apprentice"),
            ("format = '1.0'\nsealled = 'x'", "sealled"),
            (
                "format = '1.0'\n[secrets.a]\norigins = []\nkind = 'song'\nkept = 'file'",
                "song",
            ),
        ] {
            std::fs::write(bench.path(), text).unwrap();
            let error = Vault::load(&bench.path(), bench.keyring.clone())
                .unwrap_err()
                .to_string();
            assert!(error.contains(said), "{error}");
            assert_eq!(bench.text(), text);
        }
        let entry = "[secrets.a]\norigins = ['https://shop.example']\nkind = 'code'\nkept = 'file'";
        for sealed in ["", "sealed = 'nonsense'\n"] {
            std::fs::write(bench.path(), format!("format = '1.0'\n{sealed}{entry}")).unwrap();
            let mut vault = bench.vault();
            let opened = vault.unlock(&SecretString::from("open sesame"));
            assert!(opened.is_err() || vault.reveal("a").is_err(), "{sealed}");
        }
    }
}
