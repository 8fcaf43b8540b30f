//! Choosing options: in native selects by keyboard or by clicking listed options, in ARIA list boxes by clicks.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::super::world::World;
use super::grip::Grip;
use super::input::{Event, strokes};
use super::spot::Wants;
use crate::computer::browser::Browser;
use crate::computer::{Button, ComputerError, Modifier, Target, folded};

/// How long a list may take to show its options after it was opened, in milliseconds.
const OPEN_MS: u64 = 2_000;

/// How many choices a message names.
const NAMED_CHOICES: usize = 20;

#[derive(Debug, Clone, Deserialize)]
struct Choices {
    #[serde(default)]
    number: u64,
    title: String,
    /// `menu` and `list` for native selects, `aria-menu` and `aria-list`; absent for what has no options.
    kind: Option<String>,
    #[serde(default)]
    multiple: bool,
    options: Vec<Listed>,
}

#[derive(Debug, Clone, Deserialize)]
struct Listed {
    number: u64,
    label: String,
    value: String,
    selected: bool,
    disabled: bool,
}

impl Browser {
    pub(super) async fn choose(
        &self,
        target: &Target,
        wanted: &[String],
    ) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let (world, number) = self.node_of(&grip, target).await?;
        let choices = self.choices(&grip, &world, number, 0).await?;
        match choices.kind.as_deref() {
            Some("menu" | "list") => {
                let picked = pick(&choices, wanted)?;
                self.choose_native(&grip, &world, &choices, &picked).await
            }
            Some("aria-menu" | "aria-list") => {
                self.choose_aria(&grip, &world, choices, wanted).await
            }
            _ => Err(ComputerError::Unsuitable {
                target: choices.title,
                what: "a choice: it is no select and no list box".to_owned(),
            }),
        }
    }

    async fn choices(
        &self,
        grip: &Grip,
        world: &World,
        number: u64,
        wait_ms: u64,
    ) -> Result<Choices, ComputerError> {
        let found: Option<Choices> = self
            .ask(
                grip,
                world,
                "function (number, limit) { return limit ? hands.awaitOptions(number, limit) : hands.choices(number); }",
                json!([number, wait_ms]),
                Duration::from_millis(wait_ms),
            )
            .await?;
        found.ok_or_else(|| ComputerError::Vanished {
            target: format!("element {}:{number}", world.serial),
        })
    }

    async fn choose_native(
        &self,
        grip: &Grip,
        world: &World,
        choices: &Choices,
        picked: &[Listed],
    ) -> Result<(), ComputerError> {
        self.spot_of(grip, world, choices.number, Wants::TO_CLICK)
            .await?;
        if holds(choices, picked) {
            return Ok(());
        }
        if choices.kind.as_deref() == Some("menu") {
            if let Some(option) = picked.first() {
                self.choose_in_menu(grip, world, choices, option).await?;
            }
        } else {
            for (at, option) in picked.iter().enumerate() {
                let spot = self
                    .spot_of(grip, world, option.number, Wants::TO_CLICK)
                    .await?;
                let held: &[Modifier] = match (at, cfg!(target_os = "macos")) {
                    (0, _) => &[],
                    (_, true) => &[Modifier::Meta],
                    (_, false) => &[Modifier::Control],
                };
                self.click_at(grip, spot.point, Button::Left, 1, held)
                    .await?;
            }
        }
        // The page may have gone elsewhere on the choice, or asked back: then it was made.
        let after = match self.choices(grip, world, choices.number, 0).await {
            Ok(after) => after,
            Err(ComputerError::Vanished { .. } | ComputerError::DialogOpen { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        if holds(&after, picked) {
            return Ok(());
        }
        let numbers: Vec<u64> = picked.iter().map(|option| option.number).collect();
        let _: bool = self
            .ask(
                grip,
                world,
                "function (number, chosen) { return hands.select(number, chosen); }",
                json!([choices.number, numbers]),
                Duration::ZERO,
            )
            .await?;
        Ok(())
    }

    /// Opens the menu by keyboard, walks to the option and takes it, so that the page sees one change and no other.
    async fn choose_in_menu(
        &self,
        grip: &Grip,
        world: &World,
        choices: &Choices,
        option: &Listed,
    ) -> Result<(), ComputerError> {
        let _: bool = self
            .ask(
                grip,
                world,
                "function (number) { return hands.take(number, false); }",
                json!([choices.number]),
                Duration::ZERO,
            )
            .await?;
        let usable: Vec<&Listed> = choices
            .options
            .iter()
            .filter(|option| !option.disabled)
            .collect();
        let place = |wanted: u64| usable.iter().position(|option| option.number == wanted);
        let Some(to) = place(option.number) else {
            return Ok(());
        };
        let from = choices
            .options
            .iter()
            .find(|option| option.selected)
            .and_then(|option| place(option.number));
        let mut events: Vec<Event> = strokes("Space", 1)?;
        match from {
            Some(from) if from <= to => events.extend(strokes("ArrowDown", to - from)?),
            Some(from) => events.extend(strokes("ArrowUp", from - to)?),
            None => {
                events.extend(strokes("Home", 1)?);
                events.extend(strokes("ArrowDown", to)?);
            }
        }
        events.extend(strokes("Enter", 1)?);
        self.deliver(grip, events).await
    }

    async fn choose_aria(
        &self,
        grip: &Grip,
        world: &World,
        mut choices: Choices,
        wanted: &[String],
    ) -> Result<(), ComputerError> {
        let opens = choices.kind.as_deref() == Some("aria-menu");
        for (at, label) in wanted.iter().enumerate() {
            // A menu may close after each choice.
            if at > 0 {
                choices = self.choices(grip, world, choices.number, 0).await?;
            }
            if choices.options.is_empty() && opens {
                let spot = self
                    .spot_of(grip, world, choices.number, Wants::TO_CLICK)
                    .await?;
                self.click_at(grip, spot.point, Button::Left, 1, &[])
                    .await?;
                choices = self.choices(grip, world, choices.number, OPEN_MS).await?;
            }
            if choices.options.is_empty() {
                return Err(ComputerError::Unsuitable {
                    target: choices.title,
                    what: "a choice: it shows no options".to_owned(),
                });
            }
            let picked = pick(&choices, std::slice::from_ref(label))?;
            for option in picked {
                if choices.multiple && option.selected {
                    continue;
                }
                let spot = self
                    .spot_of(grip, world, option.number, Wants::TO_CLICK)
                    .await?;
                self.click_at(grip, spot.point, Button::Left, 1, &[])
                    .await?;
            }
        }
        Ok(())
    }
}

fn holds(choices: &Choices, picked: &[Listed]) -> bool {
    choices
        .options
        .iter()
        .all(|option| option.selected == picked.iter().any(|picked| picked.number == option.number))
}

/// The options that the words name: by label, then by value, then by label regardless of case.
fn pick(choices: &Choices, wanted: &[String]) -> Result<Vec<Listed>, ComputerError> {
    if wanted.len() > 1 && !choices.multiple {
        return Err(ComputerError::Unsuitable {
            target: choices.title.clone(),
            what: format!("{} choices: only one", wanted.len()),
        });
    }
    wanted
        .iter()
        .map(|words| {
            let words = folded(words);
            let lower = words.to_lowercase();
            let find = |test: &dyn Fn(&Listed) -> bool| {
                choices.options.iter().find(|option| test(option)).cloned()
            };
            let found = find(&|option| folded(&option.label) == words)
                .or_else(|| find(&|option| option.value == words))
                .or_else(|| find(&|option| folded(&option.label).to_lowercase() == lower));
            match found {
                Some(option) if option.disabled => Err(ComputerError::Disabled {
                    target: format!("option {:?} of {}", option.label, choices.title),
                }),
                Some(option) => Ok(option),
                None => Err(ComputerError::NoOption {
                    target: choices.title.clone(),
                    option: words,
                    choices: name_choices(choices),
                }),
            }
        })
        .collect()
}

fn name_choices(choices: &Choices) -> String {
    let mut named: Vec<String> = choices
        .options
        .iter()
        .take(NAMED_CHOICES)
        .map(|option| format!("{:?}", option.label))
        .collect();
    let more = choices.options.len().saturating_sub(NAMED_CHOICES);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    named.join(", ")
}
