//! The system's keyring: the Secret Service on Linux and BSD, the Keychain on macOS, the Credential Manager on Windows.
//!
//! It is asked in a thread of its own with a limit: it may show a dialog that nobody answers, and its Linux client must not
//! run inside another asynchronous runtime.

use std::sync::mpsc;
use std::time::Duration;

use keyring::v1::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error as ThisError;

/// What the entries are filed under.
const SERVICE: &str = "apprentice";
/// How long the keyring may take; unlocking it may ask the person.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Debug, Clone, ThisError, PartialEq, Eq)]
pub enum KeyringError {
    #[error("this system has no keyring that answers ({0})")]
    None(String),
    #[error("the keyring did not answer within {} s; is it waiting to be unlocked?", LIMIT.as_secs())]
    Silent,
    #[error("the keyring failed: {0}")]
    Failed(String),
}

/// A place for named values that the system guards.
pub trait Keyring: Send + Sync {
    /// # Errors
    /// [`KeyringError`] where there is no keyring to use.
    fn reach(&self) -> Result<(), KeyringError>;

    /// # Errors
    /// [`KeyringError`].
    fn set(&self, name: &str, value: &SecretString) -> Result<(), KeyringError>;

    /// `None` where it holds nothing of that name.
    ///
    /// # Errors
    /// [`KeyringError`].
    fn get(&self, name: &str) -> Result<Option<SecretString>, KeyringError>;

    /// Also where there was nothing of that name.
    ///
    /// # Errors
    /// [`KeyringError`].
    fn remove(&self, name: &str) -> Result<(), KeyringError>;
}

/// The real one.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemKeyring;

impl Keyring for SystemKeyring {
    fn reach(&self) -> Result<(), KeyringError> {
        aside(|| match Entry::store_status() {
            Ok(()) => Ok(()),
            Err(error) => Err(KeyringError::None(error.to_string())),
        })
    }

    fn set(&self, name: &str, value: &SecretString) -> Result<(), KeyringError> {
        let (name, value) = (name.to_owned(), value.clone());
        aside(move || {
            entry(&name)?
                .set_password(value.expose_secret())
                .map_err(failed)
        })
    }

    fn get(&self, name: &str) -> Result<Option<SecretString>, KeyringError> {
        let name = name.to_owned();
        aside(move || match entry(&name)?.get_password() {
            Ok(value) => Ok(Some(SecretString::from(value))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(error)),
        })
    }

    fn remove(&self, name: &str) -> Result<(), KeyringError> {
        let name = name.to_owned();
        aside(move || match entry(&name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(error)),
        })
    }
}

fn entry(name: &str) -> Result<Entry, KeyringError> {
    if let Err(error) = Entry::store_status() {
        return Err(KeyringError::None(error.to_string()));
    }
    Entry::new(SERVICE, name).map_err(failed)
}

/// In words; never with the bytes that some of its errors carry.
fn failed(error: Error) -> KeyringError {
    match error {
        Error::NoDefaultStore => KeyringError::None("none is set up".to_owned()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            KeyringError::Failed("what it holds is no text".to_owned())
        }
        Error::Ambiguous(_) => {
            KeyringError::Failed("it holds several entries of that name".to_owned())
        }
        other => KeyringError::Failed(other.to_string()),
    }
}

fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody waits any more once the limit is over.
        let _ = send.send(work());
    });
    match receive.recv_timeout(LIMIT) {
        Ok(done) => done,
        Err(mpsc::RecvTimeoutError::Timeout) => Err(KeyringError::Silent),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(KeyringError::Failed("its client broke down".to_owned()))
        }
    }
}
