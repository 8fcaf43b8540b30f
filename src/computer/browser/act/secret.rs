//! Typing a named secret: only into a document of an origin that it is for, only while that very field has the focus, and
//! never to be seen on the page.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::super::world::World;
use super::grip::Grip;
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, Text};

/// What has the focus in one document.
#[derive(Debug, Clone, Deserialize)]
pub struct Focused {
    pub number: u64,
    pub origin: String,
    pub editable: bool,
    pub title: String,
}

impl Browser {
    /// The words of a text; a secret's only for the origin that they would be typed into.
    pub(super) fn reveal(&self, text: &Text, origin: &str) -> Result<SecretString, ComputerError> {
        match text {
            Text::Plain(words) => Ok(SecretString::from(words.as_str())),
            // Opaque origins (srcdoc, data, sandboxed) say nothing of who gets the keystrokes.
            Text::Secret(name) if origin == "null" || origin.is_empty() => {
                Err(ComputerError::SecretElsewhere {
                    name: name.clone(),
                    origin: "a frame without an origin of its own".to_owned(),
                })
            }
            Text::Secret(name) => match &self.settings.secrets {
                Some(source) => source.reveal(name, origin),
                None => Err(ComputerError::NoSecret {
                    name: name.clone(),
                    variable: format!(
                        "APPRENTICE_SECRET_{}",
                        name.to_uppercase()
                            .replace(|c: char| !c.is_alphanumeric(), "_")
                    ),
                }),
            },
        }
    }

    /// What has the focus and in which document; `None` where nothing in particular has it.
    pub(super) async fn focused(
        &self,
        grip: &Grip,
    ) -> Result<Option<(World, Focused)>, ComputerError> {
        // Inner documents first: the outer ones see only the frame.
        for world in self.worlds.list.iter().rev() {
            let focused: Option<Focused> = self
                .ask(
                    grip,
                    world,
                    "function () { return hands.focused(); }",
                    json!([]),
                    Duration::ZERO,
                )
                .await?;
            if let Some(focused) = focused {
                return Ok(Some((world.clone(), focused)));
            }
        }
        Ok(None)
    }

    /// Types at the place that has the focus.
    pub(super) async fn type_text(&self, text: &Text) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        match text {
            Text::Plain(words) => self.type_words(&grip, words).await,
            Text::Secret(name) => {
                let found = self.focused(&grip).await?;
                let Some((world, focused)) = found.filter(|(_, focused)| focused.editable) else {
                    return Err(ComputerError::Unsuitable {
                        target: "what has the focus".to_owned(),
                        what: format!("the secret {name:?}: it is no field"),
                    });
                };
                let value = self.reveal(text, &focused.origin)?;
                self.insert_secret(&grip, &world, &focused, &value).await
            }
        }
    }

    /// Hides the field, checks once more where the keystrokes would go, and inserts the value in one piece.
    pub(super) async fn insert_secret(
        &self,
        grip: &Grip,
        world: &World,
        focused: &Focused,
        value: &SecretString,
    ) -> Result<(), ComputerError> {
        self.hide(grip, world, focused.number).await?;
        let keeps: bool = self
            .ask(
                grip,
                world,
                "function (number, origin) { return hands.keeps(number, origin); }",
                json!([focused.number, focused.origin]),
                Duration::ZERO,
            )
            .await?;
        let in_front = self.link.stage().active.as_ref() == Some(&grip.tab);
        if !keeps || !in_front {
            return Err(ComputerError::Vanished {
                target: focused.title.clone(),
            });
        }
        self.exposure.typed_into(&focused.origin);
        self.insert(grip, &mut value.expose_secret().to_owned())
            .await
    }

    /// Has a field show dots, and tells the observer that its value is secret.
    async fn hide(&self, grip: &Grip, world: &World, number: u64) -> Result<(), ComputerError> {
        let hidden: bool = self
            .ask(
                grip,
                world,
                "function (number) { return hands.hide(number); }",
                json!([number]),
                Duration::ZERO,
            )
            .await?;
        if hidden {
            Ok(())
        } else {
            Err(ComputerError::Vanished {
                target: format!("element {}:{number}", world.serial),
            })
        }
    }
}
