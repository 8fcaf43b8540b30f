//! The secrets that the configuration in force gives: the environment's and the vault's, with the passphrase where it was
//! given beforehand.

use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;

use super::CliError;
use crate::config::Settings;
use crate::guard::secrets::{
    Environment, Secrets, SystemKeyring, Vault, VaultError, protect_process,
};

/// Environment variable with the passphrase of the vault's file.
pub(super) const PASSPHRASE: &str = "APPRENTICE_PASSPHRASE";

/// Every secret that may be used, and from where. From here on this process leaves no image of its memory behind.
///
/// # Errors
/// A vault or a passphrase file that cannot be read: never taken for no secrets.
pub fn load(settings: &Settings) -> Result<Secrets, CliError> {
    let passphrase = given(settings)?;
    let vault = open(&settings.vault.value)?;
    let secrets = Secrets::new(Environment::from_process(), vault, passphrase);
    protect_process();
    Ok(secrets)
}

/// The vault as it is listed.
///
/// # Errors
/// As the vault's own, as wrong configuration.
pub(super) fn open(path: &Path) -> Result<Vault, CliError> {
    Vault::load(path, Arc::new(SystemKeyring)).map_err(|e| failed(&e))
}

/// The passphrase where it was given by variable or file. One line end after it does not count.
///
/// # Errors
/// Where the file cannot be read or is empty.
pub(super) fn given(settings: &Settings) -> Result<Option<SecretString>, CliError> {
    let typed = std::env::var(PASSPHRASE).ok().filter(|p| !p.is_empty());
    if let Some(file) = &settings.passphrase_file.value {
        let text = std::fs::read_to_string(file).map_err(|e| {
            wrong(format!(
                "the passphrase file {} cannot be read: {e}",
                file.display()
            ))
        })?;
        let text = without_line_end(&text);
        if text.is_empty() {
            return Err(wrong(format!(
                "the passphrase file {} is empty",
                file.display()
            )));
        }
        return Ok(Some(SecretString::from(text)));
    }
    Ok(typed.map(SecretString::from))
}

pub(super) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

/// What went wrong, as the command line ends with it.
pub(super) fn failed(error: &VaultError) -> CliError {
    let code = match error {
        VaultError::Unwritable { .. } | VaultError::Keyring(_) => 1,
        VaultError::Unreadable { .. }
        | VaultError::Newer { .. }
        | VaultError::WrongPassphrase { .. }
        | VaultError::Locked { .. }
        | VaultError::ShortPassphrase
        | VaultError::Changed { .. }
        | VaultError::Unknown { .. } => 2,
    };
    CliError::Other {
        message: error.to_string(),
        code,
    }
}

fn wrong(message: String) -> CliError {
    CliError::Other { message, code: 2 }
}
