//! Sealing values with a passphrase: age's scrypt recipient, as armoured text that `age --decrypt` opens too.

use std::io::{Read, Write};

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use secrecy::SecretString;

/// Cost of a guess at the passphrase, as the logarithm of scrypt's N: 128 MiB and a few tenths of a second, which is the least
/// that OWASP's password storage cheat sheet recommends.
pub const WORK: u8 = 17;
/// Costliest file that is opened, so that a planted one cannot hold the machine: 4 GiB.
const MOST_WORK: u8 = 22;

/// Why sealed text was not opened.
#[derive(Debug)]
pub enum Unsealed {
    WrongPassphrase,
    /// It is no such text, or it was damaged.
    Broken(String),
}

/// The text sealed, as an armoured block.
///
/// # Errors
/// A sentence, where memory or randomness gives out.
pub fn seal(plain: &[u8], passphrase: &SecretString, work: u8) -> Result<String, String> {
    let mut recipient = scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(work);
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = Encryptor::with_recipients(recipients).map_err(|e| e.to_string())?;
    let mut block = Vec::new();
    let armour =
        ArmoredWriter::wrap_output(&mut block, Format::AsciiArmor).map_err(|e| e.to_string())?;
    let mut writer = encryptor.wrap_output(armour).map_err(|e| e.to_string())?;
    writer.write_all(plain).map_err(|e| e.to_string())?;
    writer
        .finish()
        .and_then(ArmoredWriter::finish)
        .map_err(|e| e.to_string())?;
    String::from_utf8(block).map_err(|e| e.to_string())
}

/// What was sealed.
///
/// # Errors
/// [`Unsealed`].
pub fn unseal(block: &str, passphrase: &SecretString) -> Result<Vec<u8>, Unsealed> {
    let broken = |error: DecryptError| match error {
        // scrypt's only sign of a wrong passphrase is that the file's key does not open.
        DecryptError::DecryptionFailed
        | DecryptError::KeyDecryptionFailed
        | DecryptError::NoMatchingKeys => Unsealed::WrongPassphrase,
        other => Unsealed::Broken(other.to_string()),
    };
    let mut identity = scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MOST_WORK);
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(block.as_bytes()))
        .map_err(|e| Unsealed::Broken(e.to_string()))?;
    let mut plain = Vec::new();
    decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .map_err(broken)?
        .read_to_end(&mut plain)
        .map_err(|e| Unsealed::Broken(e.to_string()))?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Little work, so that tests are quick.
    const LITTLE: u8 = 2;

    #[test]
    fn only_the_passphrase_opens_what_it_sealed() {
        let right = SecretString::from("open sesame");
        let block = seal(b"treasure", &right, LITTLE).unwrap();
        assert!(
            block.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"),
            "{block}"
        );
        assert_eq!(unseal(&block, &right).unwrap(), b"treasure");
        let wrong = unseal(&block, &SecretString::from("open barley"));
        assert!(matches!(wrong, Err(Unsealed::WrongPassphrase)), "{wrong:?}");
    }

    #[test]
    fn a_damaged_block_is_broken_and_not_a_wrong_passphrase() {
        let right = SecretString::from("open sesame");
        let block = seal(&[7; 400], &right, LITTLE).unwrap();
        let lines: Vec<&str> = block.lines().collect();
        let cut = [&lines[..lines.len() - 3], &lines[lines.len() - 1..]]
            .concat()
            .join("\n");
        for text in ["", "nonsense", &cut] {
            let opened = unseal(text, &right);
            assert!(
                matches!(opened, Err(Unsealed::Broken(_))),
                "{text}: {opened:?}"
            );
        }
    }
}
