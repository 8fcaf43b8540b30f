//! Selecting text as a person does: with the keys in a field, with the mouse held down elsewhere; and making sure afterwards that it is
//! what was asked for. What stands there several times is never chosen from.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::world::World;
use super::grip::Grip;
use super::input::{Event, button_bit, mouse, strokes};
use super::spot::{Scroll, Wants};
use crate::computer::browser::Browser;
use crate::computer::{Button, ComputerError, Modifier, Point, Target};

/// Up to this many strokes of keys bring the cursor to a text and over it.
const MOST_STROKES: usize = 1_000;

/// Moves of the mouse over a text.
const MOVES: u8 = 6;

/// Where a text stands.
#[derive(Debug, Deserialize)]
struct Passage {
    title: String,
    /// How often it stands there.
    times: usize,
    /// Whether it is in an input or text area.
    field: bool,
    /// Whether it is in something else that is typed into.
    editor: bool,
    focused: bool,
    secret: bool,
    /// In a field: strokes of the arrow key from its beginning to the text, and over the text.
    #[serde(default)]
    strokes: [usize; 2],
}

/// Where a text that is in no field begins and ends in its frame's view.
#[derive(Debug, Deserialize)]
struct Ends {
    start: Point,
    end: Point,
    /// Whether both can be reached without scrolling in between.
    both: bool,
    /// Whether a press there moves something that is selected already.
    held: bool,
    /// Whether a press there is one on something that it would follow, drag or set off.
    presses: bool,
}

/// What is to be selected, and where.
struct Wanted<'a> {
    grip: &'a Grip,
    world: &'a World,
    number: u64,
    text: Option<&'a str>,
    title: String,
}

impl Browser {
    pub(super) async fn select(
        &self,
        target: &Target,
        text: Option<&str>,
    ) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let (world, number) = self.node_of(&grip, target).await?;
        let passage: Option<Passage> = self
            .ask(
                &grip,
                &world,
                "function (number, text) { return hands.passage(number, text); }",
                json!([number, text]),
                Duration::ZERO,
            )
            .await?;
        let passage = passage.ok_or_else(|| ComputerError::Vanished {
            target: format!("element {}:{number}", world.serial),
        })?;
        let wanted = Wanted {
            grip: &grip,
            world: &world,
            number,
            text,
            title: passage.title.clone(),
        };
        match text {
            Some(_) if passage.secret => {
                return Err(wanted.refuses("a part of it selected: it is secret"));
            }
            Some(text) if passage.times != 1 => {
                return Err(ComputerError::NotOnce {
                    target: passage.title,
                    text: text.to_owned(),
                    times: passage.times,
                });
            }
            None if passage.times == 0 => {
                return Err(wanted.refuses("a selection: nothing is in it"));
            }
            Some(_) | None => {}
        }
        let by_keys = passage.field || passage.editor && text.is_none();
        if by_keys {
            self.select_by_keys(&wanted, &passage).await?;
            if self.is_selected(&wanted).await? {
                return Ok(());
            }
        }
        if !passage.field {
            self.select_by_mouse(&wanted).await?;
            if self.is_selected(&wanted).await? {
                return Ok(());
            }
        }
        // What neither keys nor the mouse reach (a link, a button, a field without a cursor) is selected as its page could do it.
        let _: bool = self
            .ask(
                &grip,
                &world,
                "function (number, text) { return hands.mark(number, text); }",
                json!([number, text]),
                Duration::ZERO,
            )
            .await?;
        if self.is_selected(&wanted).await? {
            return Ok(());
        }
        Err(wanted.refuses("this selection: the page selects something else"))
    }

    async fn select_by_keys(
        &self,
        wanted: &Wanted<'_>,
        passage: &Passage,
    ) -> Result<(), ComputerError> {
        if !passage.focused {
            let (grip, number) = (wanted.grip, wanted.number);
            let spot = self
                .spot_of(grip, wanted.world, number, Wants::TO_CLICK)
                .await?;
            self.click_at(grip, spot.point, Button::Left, 1, &[])
                .await?;
        }
        let [before, over] = passage.strokes;
        let events = match wanted.text {
            None => strokes("Control+A", 1)?,
            Some(_) if before + over > MOST_STROKES => return Ok(()),
            Some(_) => {
                let mut events = strokes("Control+Home", 1)?;
                events.extend(strokes("ArrowRight", before)?);
                events.extend(strokes("Shift+ArrowRight", over)?);
                events
            }
        };
        self.deliver(wanted.grip, events).await
    }

    async fn select_by_mouse(&self, wanted: &Wanted<'_>) -> Result<(), ComputerError> {
        let wants = Wants {
            enabled: false,
            hit: false,
            scroll: Scroll::IfNeeded,
        };
        self.spot_of(wanted.grip, wanted.world, wanted.number, wants)
            .await?;
        let Some(ends) = self.ends(wanted, "start").await? else {
            return Ok(());
        };
        if ends.presses {
            return Ok(());
        }
        let grip = wanted.grip;
        if ends.held {
            self.click_at(grip, ends.start, Button::Left, 1, &[])
                .await?;
        }
        if !ends.both {
            self.click_at(grip, ends.start, Button::Left, 1, &[])
                .await?;
            let Some(ends) = self.ends(wanted, "end").await? else {
                return Ok(());
            };
            return self
                .click_at(grip, ends.end, Button::Left, 1, &[Modifier::Shift])
                .await;
        }
        let held = button_bit(Button::Left);
        let moved =
            |buttons: u8, point: Point| mouse("mouseMoved", point, Button::Left, buttons, 0, 0);
        let mut events: Vec<Event> = vec![
            moved(0, ends.start),
            mouse("mousePressed", ends.start, Button::Left, held, 1, 0),
        ];
        events.extend((1..=MOVES).map(|step| {
            let part = f64::from(step) / f64::from(MOVES);
            let point = Point {
                x: ends.start.x + (ends.end.x - ends.start.x) * part,
                y: ends.start.y + (ends.end.y - ends.start.y) * part,
            };
            moved(held, point)
        }));
        events.push(mouse("mouseReleased", ends.end, Button::Left, 0, 1, 0));
        self.deliver(grip, events).await
    }

    /// Where the text begins and ends in the view, the one that is named scrolled into it.
    async fn ends(&self, wanted: &Wanted<'_>, show: &str) -> Result<Option<Ends>, ComputerError> {
        let ends: Option<Ends> = self
            .ask(
                wanted.grip,
                wanted.world,
                "function (number, text, show) { return hands.ends(number, text, show); }",
                json!([wanted.number, wanted.text, show]),
                Duration::ZERO,
            )
            .await?;
        let Some(ends) = ends else { return Ok(None) };
        let offset = match wanted.world.parent {
            Some(_) => self.offset_of(wanted.world).await?,
            None => Point { x: 0.0, y: 0.0 },
        };
        let moved = |point: Point| Point {
            x: point.x + offset.x,
            y: point.y + offset.y,
        };
        Ok(Some(Ends {
            start: moved(ends.start),
            end: moved(ends.end),
            ..ends
        }))
    }

    async fn is_selected(&self, wanted: &Wanted<'_>) -> Result<bool, ComputerError> {
        // A dialog that opened meanwhile hides it; what is done next deals with that.
        if self.stopped_now(wanted.grip) {
            return Ok(true);
        }
        let is: Value = self
            .ask(
                wanted.grip,
                wanted.world,
                "function (number, text) { return hands.isSelected(number, text); }",
                json!([wanted.number, wanted.text]),
                Duration::ZERO,
            )
            .await?;
        Ok(is == json!(true))
    }
}

impl Wanted<'_> {
    fn refuses(&self, what: &str) -> ComputerError {
        ComputerError::Unsuitable {
            target: self.title.clone(),
            what: what.to_owned(),
        }
    }
}
