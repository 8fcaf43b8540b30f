//! Named secrets: where their values come from, and that they show nowhere.
//!
//! `environment` and `vault` hold them, `source` is both together and gives a value to the browser room; `mask` takes values
//! out of texts, with `squeeze`, `needles` and `numbers`; `process` keeps them out of what a process leaves behind.
//!
//! Invariant: a value leaves this room only as a `SecretString` for an origin that it is bound to.

mod environment;
mod mask;
mod needles;
mod numbers;
mod process;
mod source;
mod squeeze;
mod vault;

pub use environment::{Environment, plain_name, variable};
pub use mask::{Masker, of_process as process_masker};
pub use process::protect as protect_process;
pub use source::{Place, Secrets, Whereabouts};
pub use vault::{Entry, Kept, Keyring, KeyringError, SecretKind, SystemKeyring, Vault, VaultError};
