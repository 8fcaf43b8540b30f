//! The vault: secrets that outlive a run. Their names, origins and kinds lie in one readable file; their values in the
//! system's keyring or, where there is none, in that same file, sealed with a passphrase (age, scrypt).
//!
//! Invariants: a file that cannot be understood is an error, never no secrets; the origins that count are the sealed ones, so
//! that editing the readable list gives a secret to nobody; what is written replaces the old file whole or not at all.

mod entries;
mod file;
mod keyring;
mod kind;
mod seal;

pub use entries::{Entry, Kept, Vault, VaultError};
pub use keyring::{Keyring, KeyringError, SystemKeyring};
pub use kind::SecretKind;
