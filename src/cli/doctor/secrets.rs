//! Where do secrets come from, and can they be had?

use std::path::Path;
use std::sync::Arc;

use super::Check;
use crate::guard::secrets::{
    Environment, Kept, Keyring, KeyringError, SystemKeyring, Vault, VaultError,
};

const NAME: &str = "secrets";

pub(super) fn check(path: &Path) -> Check {
    let keyring = SystemKeyring;
    let vault = Vault::load(path, Arc::new(keyring));
    let variables = Environment::from_process().names().count();
    judge(path, vault, variables, || keyring.reach())
}

fn judge(
    path: &Path,
    vault: Result<Vault, VaultError>,
    variables: usize,
    reach: impl FnOnce() -> Result<(), KeyringError>,
) -> Check {
    let vault = match vault {
        Ok(vault) => vault,
        Err(error) => {
            return Check::fail(
                NAME,
                error.to_string(),
                "no run uses secrets before it is mended",
            );
        }
    };
    let count = |kept| vault.list().filter(|(_, entry)| entry.kept == kept).count();
    let (in_keyring, in_file) = (count(Kept::Keyring), count(Kept::File));
    let mut found = Vec::new();
    if variables > 0 {
        found.push(format!("{variables} in the environment"));
    }
    if in_keyring > 0 {
        found.push(format!("{in_keyring} in the system's keyring"));
    }
    if in_file > 0 {
        found.push(format!("{in_file} sealed in {}", path.display()));
    }
    let reached = reach();
    if let (true, Err(error)) = (in_keyring > 0, &reached) {
        return Check::fail(
            NAME,
            format!("{}; {error}", found.join(", ")),
            "log in to a session with a keyring, or set the secrets again with --keep-in file",
        );
    }
    if found.is_empty() {
        let place = match reached {
            Ok(()) => "the system's keyring".to_owned(),
            Err(_) => format!("{}, sealed with a passphrase", path.display()),
        };
        found.push(format!("none; they would be kept in {place}"));
    }
    Check::ok(NAME, found.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    fn judged(text: Option<&str>, keyring: bool) -> Check {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.toml");
        if let Some(text) = text {
            std::fs::write(&path, text).unwrap();
        }
        let vault = Vault::load(&path, Arc::new(SystemKeyring));
        let reach = || {
            if keyring {
                Ok(())
            } else {
                Err(KeyringError::None("no session bus".to_owned()))
            }
        };
        judge(&path, vault, 1, reach)
    }

    const KEPT: &str = "format = '1.0'\n[secrets.door]\norigins = ['https://a.example']\nkind = 'code'\nkept = 'keyring'";

    #[test]
    fn it_says_where_secrets_are_and_what_keeps_them_away() {
        let fine = judged(Some(KEPT), true);
        assert_eq!(fine.status, Status::Ok);
        assert_eq!(
            fine.found,
            "1 in the environment, 1 in the system's keyring"
        );
        assert_eq!(judged(Some(KEPT), false).status, Status::Fail);
        assert_eq!(judged(None, false).status, Status::Ok);
    }

    #[test]
    fn a_broken_vault_is_a_failure_and_not_no_secrets() {
        assert_eq!(judged(Some("format = "), true).status, Status::Fail);
    }
}
