//! A secret of a locked vault is needed: the person is asked for the passphrase, which goes nowhere but to the vault.

use secrecy::SecretString;

use super::Locked;
use super::turns::{Ending, Flow, Turns, unanswered};
use crate::human::{HumanError, Question};
use crate::trace::{Event, Outcome};

/// How often a wrong passphrase may be typed.
const TRIES: usize = 3;

impl Turns<'_, '_> {
    /// Has the vault opened; an ending where nobody is there, or the passphrase is not known. Only asked where the action
    /// said that it cannot be done otherwise (`locked` is its sentence).
    pub(super) async fn unlock(&mut self, locked: &str) -> Flow {
        let mut said = locked.to_owned();
        for _ in 0..TRIES {
            let question = Question {
                key: "passphrase:vault".to_owned(),
                text: format!("{said}. What is its passphrase?"),
                suggestions: Vec::new(),
                marks: Vec::new(),
                secret: true,
            };
            self.parts.progress.waits("the vault's passphrase");
            self.parts.progress.pause();
            let interrupts = self.parts.interrupts.clone();
            let reply = tokio::select! {
                reply = self.parts.human.ask(&question, None) => reply,
                () = interrupts.any() => Err(HumanError::Interrupted),
            };
            self.parts.recorder.write(Event::Asked {
                question,
                answer: None,
                remembered: false,
            })?;
            let passphrase = match reply {
                Ok(reply) => SecretString::from(reply.text),
                Err(error) => return Ok(Err(unanswered(&error))),
            };
            self.questions += 1;
            match (self.parts.unlock)(&passphrase) {
                Ok(()) => return Ok(Ok(())),
                Err(Locked::Still(reason)) => said = reason,
                Err(Locked::Broken(reason)) => {
                    return Ok(Err(Ending::because(Outcome::Failed, reason)));
                }
            }
        }
        Ok(Err(Ending::because(Outcome::Failed, said)))
    }
}
