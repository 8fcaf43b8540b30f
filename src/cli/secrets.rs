//! `apprentice secrets set | list | remove`: secrets that are kept, each for the origins that may get it.
//!
//! A value comes from a prompt that shows nothing, or from standard input; never from an argument, which other processes see.

use std::io::{IsTerminal, Read};

use clap::{Args, Subcommand, ValueEnum};
use inquire::{InquireError, Password, PasswordDisplayMode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use url::Url;

use super::flags::SecretFlags;
use super::{CliError, GlobalFlags, output, vault};
use crate::config::{Layer, Settings};
use crate::guard::secrets::{Kept, Vault, plain_name, protect_process};
use crate::trace::viewer::printable;

/// Longest value that is read from standard input, in bytes.
const LONGEST_VALUE: u64 = 64 << 10;
/// A shorter value is so often a part of something else that it cannot be hidden everywhere, in characters.
const HIDEABLE: usize = 6;

#[derive(Debug, Args)]
pub(super) struct SecretsArgs {
    #[command(subcommand)]
    command: SecretsCommand,
}

#[derive(Debug, Subcommand)]
enum SecretsCommand {
    /// Keep a secret, or change it; its value is asked for, or read from standard input
    Set {
        /// What demonstrations call it, such as card-number
        #[arg(value_name = "NAME")]
        name: String,
        /// Address of a site that may get it, and no other; may be repeated
        #[arg(long = "origin", value_name = "URL", required = true)]
        origins: Vec<String>,
        /// Where to keep it [default: with the others, else the keyring, else the file]
        #[arg(long, value_name = "PLACE")]
        keep_in: Option<Keep>,
        #[command(flatten)]
        secrets: SecretFlags,
    },
    /// List the secrets that are there, without their values
    List {
        #[command(flatten)]
        secrets: SecretFlags,
    },
    /// Remove a secret that is kept
    Remove {
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        secrets: SecretFlags,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Keep {
    /// The system's keyring
    Keyring,
    /// A file that is sealed with a passphrase
    File,
}

#[derive(Serialize)]
struct Row {
    name: String,
    kind: Option<String>,
    origins: Vec<String>,
    place: String,
}

pub(super) fn secrets(args: SecretsArgs, global: GlobalFlags) -> Result<u8, CliError> {
    protect_process();
    match args.command {
        SecretsCommand::Set {
            name,
            origins,
            keep_in,
            secrets,
        } => set(&name, &origins, keep_in, &settings(secrets)?, global),
        SecretsCommand::List { secrets } => list(&settings(secrets)?, global),
        SecretsCommand::Remove { name, secrets } => remove(&name, &settings(secrets)?, global),
    }
}

fn settings(flags: SecretFlags) -> Result<Settings, CliError> {
    let mut layer = Layer::default();
    flags.write(&mut layer);
    Ok(Settings::load(layer)?)
}

fn set(
    name: &str,
    origins: &[String],
    keep_in: Option<Keep>,
    settings: &Settings,
    global: GlobalFlags,
) -> Result<u8, CliError> {
    let name = checked_name(name)?;
    let origins = origins
        .iter()
        .map(|url| origin(url))
        .collect::<Result<Vec<_>, _>>()?;
    let mut vault = vault::open(&settings.vault.value)?;
    let (kept, without) = match keep_in {
        Some(Keep::Keyring) => (Kept::Keyring, None),
        Some(Keep::File) => (Kept::File, None),
        None => vault.place().map_err(|e| {
            let error = vault::failed(&e);
            CliError::Other {
                message: format!("{error}; your other secrets are there: --keep-in file keeps this one in the file"),
                code: error.exit_code(),
            }
        })?,
    };
    // Asked for before the value, so that a wrong passphrase costs no second typing.
    let moves = vault.entry(&name).is_some_and(|e| e.kept == Kept::File);
    let passphrase = if kept == Kept::File || (moves && in_file(&vault) > 1) {
        Some(passphrase(&mut vault, settings)?)
    } else {
        None
    };
    let value = read_value(&name)?;
    let replaced = vault.entry(&name).is_some();
    vault
        .set(&name, &value, origins.clone(), kept, passphrase.as_ref())
        .map_err(|e| vault::failed(&e))?;
    if !global.quiet {
        if let Some(reason) = without {
            eprintln!("{reason}: secrets are kept in a file, sealed with your passphrase");
        }
        eprintln!(
            "{} {name} in {}, for {}",
            if replaced { "changed" } else { "kept" },
            place(kept, &vault),
            origins.join(" and ")
        );
        if value.expose_secret().chars().count() < HIDEABLE {
            eprintln!(
                "it is short: where it is a part of longer words or numbers, it cannot be told from them and is not hidden"
            );
        }
    }
    Ok(0)
}

fn list(settings: &Settings, global: GlobalFlags) -> Result<u8, CliError> {
    let vault_ = vault::open(&settings.vault.value)?;
    let kinds: std::collections::BTreeMap<String, String> = vault_
        .list()
        .map(|(name, entry)| (name.to_owned(), entry.kind.phrase().to_owned()))
        .collect();
    let rows: Vec<Row> = vault::load(settings)?
        .whereabouts()
        .into_iter()
        .map(|one| Row {
            // What the environment holds has no kind: nothing is said of its value.
            kind: kinds
                .get(&one.name)
                .filter(|_| !matches!(one.place, crate::guard::secrets::Place::Environment(_)))
                .cloned(),
            place: one.place.to_string(),
            name: one.name,
            origins: one.origins,
        })
        .collect();
    if global.json {
        output::print_json(&rows)?;
    } else if rows.is_empty() {
        if !global.quiet {
            eprintln!("no secrets are kept");
        }
    } else {
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let origins = if row.origins.is_empty() {
                    "no origin".to_owned()
                } else {
                    row.origins.join(" ")
                };
                [
                    row.name.as_str(),
                    row.kind.as_deref().unwrap_or("-"),
                    &origins,
                    &format!("({})", row.place),
                ]
                .map(printable)
                .to_vec()
            })
            .collect();
        output::print(&output::columns(&cells))?;
    }
    Ok(0)
}

fn remove(name: &str, settings: &Settings, global: GlobalFlags) -> Result<u8, CliError> {
    let name = plain_name(name);
    let mut vault = vault::open(&settings.vault.value)?;
    let kept = vault.entry(&name).map(|entry| entry.kept);
    // The others are sealed anew without it.
    let passphrase = if kept == Some(Kept::File) && in_file(&vault) > 1 {
        Some(passphrase(&mut vault, settings)?)
    } else {
        None
    };
    vault
        .remove(&name, passphrase.as_ref())
        .map_err(|e| vault::failed(&e))?;
    if !global.quiet
        && let Some(kept) = kept
    {
        eprintln!("removed {name} from {}", place(kept, &vault));
    }
    Ok(0)
}

fn in_file(vault: &Vault) -> usize {
    vault
        .list()
        .filter(|(_, entry)| entry.kept == Kept::File)
        .count()
}

fn place(kept: Kept, vault: &Vault) -> String {
    match kept {
        Kept::Keyring => "the system's keyring".to_owned(),
        Kept::File => vault.path().display().to_string(),
    }
}

/// The passphrase that opens the vault's file; for a new file, one that was typed twice.
fn passphrase(vault: &mut Vault, settings: &Settings) -> Result<SecretString, CliError> {
    let passphrase = match vault::given(settings)? {
        Some(passphrase) => passphrase,
        None if !std::io::stdin().is_terminal() => {
            return Err(CliError::Usage(format!(
                "the secret is kept in a file that a passphrase seals: give it with --passphrase-file or {}, or type it at a terminal",
                vault::PASSPHRASE
            )));
        }
        None if vault.is_sealed() => prompt("The vault's passphrase:", false)?,
        None => prompt("A new passphrase for the vault:", true)?,
    };
    if vault.is_sealed() {
        vault.unlock(&passphrase).map_err(|e| vault::failed(&e))?;
    }
    Ok(passphrase)
}

fn read_value(name: &str) -> Result<SecretString, CliError> {
    let value = if std::io::stdin().is_terminal() {
        prompt(&format!("The value of {name}:"), false)?
    } else {
        let mut text = String::new();
        std::io::stdin()
            .lock()
            .take(LONGEST_VALUE + 1)
            .read_to_string(&mut text)
            .map_err(|e| CliError::Usage(format!("standard input holds no text: {e}")))?;
        if text.len() as u64 > LONGEST_VALUE {
            return Err(CliError::Usage(format!(
                "standard input holds more than {LONGEST_VALUE} bytes, which is no secret to type"
            )));
        }
        SecretString::from(vault::without_line_end(&text))
    };
    if value.expose_secret().is_empty() {
        return Err(CliError::Usage(format!(
            "the value of {name} is empty: nothing was kept"
        )));
    }
    Ok(value)
}

/// Asks without showing what is typed.
fn prompt(text: &str, twice: bool) -> Result<SecretString, CliError> {
    let mut question = Password::new(text).with_display_mode(PasswordDisplayMode::Hidden);
    if !twice {
        question = question.without_confirmation();
    }
    match question.prompt() {
        Ok(typed) => Ok(SecretString::from(typed)),
        Err(InquireError::OperationCanceled | InquireError::OperationInterrupted) => {
            Err(CliError::Other {
                message: "interrupted: nothing was changed".to_owned(),
                code: 130,
            })
        }
        Err(error) => Err(CliError::Other {
            message: format!("the terminal cannot be asked: {error}"),
            code: 1,
        }),
    }
}

fn checked_name(name: &str) -> Result<String, CliError> {
    let plain = plain_name(name);
    let fits = !plain.is_empty() && plain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if fits {
        Ok(plain)
    } else {
        Err(CliError::Usage(format!(
            "{name:?} cannot be a secret's name: use letters, digits and -"
        )))
    }
}

/// The origin that a secret is bound to: scheme, host and port of a web address.
fn origin(url: &str) -> Result<String, CliError> {
    let parsed = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
        .filter(|url| url.username().is_empty() && url.password().is_none());
    match parsed {
        Some(url) => Ok(url.origin().ascii_serialization()),
        None => Err(CliError::Usage(format!(
            "--origin {url:?} is no web address: write it in full, as in https://example.org"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port() {
        for (url, bound) in [
            ("https://Shop.Example/pay?x=1", "https://shop.example"),
            ("https://shop.example:443", "https://shop.example"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
        ] {
            assert_eq!(origin(url).unwrap(), bound);
        }
        for url in [
            "shop.example",
            "file:///x",
            "data:,x",
            "https://shop.example@evil.example",
            "*",
            "",
        ] {
            assert!(origin(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_name_is_what_a_variable_could_be_called() {
        assert_eq!(checked_name("Card_Number").unwrap(), "card-number");
        for name in ["", "a b", "a.b", "é", "../x"] {
            assert!(checked_name(name).is_err(), "{name}");
        }
    }
}
