//! Reading the page word for word: the text of an element, an area or the whole page, and tables as rows of cells.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::super::world::World;
use super::grip::Grip;
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, Reading, Rect, Target};

#[derive(Debug, Deserialize)]
struct Words {
    #[serde(default)]
    title: String,
    /// Absent where there is nothing of the kind asked for.
    text: Option<String>,
}

impl Browser {
    pub(super) async fn read(
        &self,
        target: Option<&Target>,
        area: Option<Rect>,
        what: Reading,
    ) -> Result<String, ComputerError> {
        let grip = self.grip()?;
        let word = match what {
            Reading::Text => "text",
            Reading::Table => "table",
            Reading::Picture => {
                return Err(ComputerError::Unsuitable {
                    target: "the markup".to_owned(),
                    what: "reading a picture: take one and read that".to_owned(),
                });
            }
        };
        let words = match (target, area) {
            (Some(target), _) => {
                let (world, number) = self.node_of(&grip, target).await?;
                self.read_in(&grip, &world, Some(number), word, None)
                    .await?
            }
            (None, Some(area)) => self.read_everywhere(&grip, word, Some(area)).await?,
            (None, None) => self.read_everywhere(&grip, word, None).await?,
        };
        words.text.ok_or(ComputerError::Unsuitable {
            target: words.title,
            what: "reading a table: there is none".to_owned(),
        })
    }

    /// The words of all documents of the tab, the main one's first.
    async fn read_everywhere(
        &self,
        grip: &Grip,
        what: &str,
        area: Option<Rect>,
    ) -> Result<Words, ComputerError> {
        let mut pieces = Vec::new();
        for world in &self.worlds.list {
            let local = match area {
                Some(area) => {
                    let offset = self.offset_of(world).await?;
                    Some(Rect {
                        x: area.x - offset.x,
                        y: area.y - offset.y,
                        ..area
                    })
                }
                None => None,
            };
            let words = self.read_in(grip, world, None, what, local).await?;
            pieces.extend(words.text.filter(|text| !text.trim().is_empty()));
        }
        let found = what != "table" || !pieces.is_empty();
        Ok(Words {
            title: "the page".to_owned(),
            text: found.then(|| pieces.join("\n\n")),
        })
    }

    async fn read_in(
        &self,
        grip: &Grip,
        world: &World,
        number: Option<u64>,
        what: &str,
        area: Option<Rect>,
    ) -> Result<Words, ComputerError> {
        let words: Option<Words> = self
            .ask(
                grip,
                world,
                "function (number, what, area) { return hands.read(number, what, area); }",
                json!([number, what, area]),
                Duration::ZERO,
            )
            .await?;
        words.ok_or_else(|| ComputerError::Vanished {
            target: match number {
                Some(number) => format!("element {}:{number}", world.serial),
                None => format!("the document at {}", world.url),
            },
        })
    }
}
