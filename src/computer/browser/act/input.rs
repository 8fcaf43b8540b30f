//! Mouse and keyboard as the browser's own input: click, hover, wheel, typed text, chords.
//!
//! All events of one action are put on the wire at once and awaited together, which takes a tenth of the time.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::keys::{self, Key};
use super::grip::Grip;
use super::spot::{Scroll, Wants};
use crate::computer::browser::Browser;
use crate::computer::{Button, ComputerError, Modifier, Point, Target};

/// How long a page may take to handle one batch of input.
const INPUT_LIMIT: Duration = Duration::from_secs(15);

/// How many characters are put on the wire at once.
const TYPING_BATCH: usize = 100;

/// One `Input` command with its parameters.
pub type Event = (&'static str, Value);

pub fn mouse(kind: &str, point: Point, button: Button, buttons: u8, count: u8, bits: u8) -> Event {
    (
        "Input.dispatchMouseEvent",
        json!({
            "type": kind,
            "x": point.x,
            "y": point.y,
            "button": if kind == "mouseMoved" && buttons == 0 { "none" } else { button_word(button) },
            "buttons": buttons,
            "clickCount": count,
            "modifiers": bits,
        }),
    )
}

fn button_word(button: Button) -> &'static str {
    match button {
        Button::Left => "left",
        Button::Middle => "middle",
        Button::Right => "right",
    }
}

/// A held button as the protocol's bits.
pub fn button_bit(button: Button) -> u8 {
    match button {
        Button::Left => 1,
        Button::Right => 2,
        Button::Middle => 4,
    }
}

fn key_event(kind: &str, key: &Key, bits: u8) -> Event {
    let mut params = json!({
        "type": kind,
        "key": key.key,
        "code": key.code,
        "windowsVirtualKeyCode": key.number,
        "modifiers": bits,
        "location": key.location,
    });
    if let (Some(text), "keyDown") = (&key.text, kind) {
        params["text"] = json!(text);
        params["unmodifiedText"] = json!(text);
    }
    ("Input.dispatchKeyEvent", params)
}

/// Down and up of one key while some modifiers are held.
pub fn stroke(key: &Key, bits: u8) -> [Event; 2] {
    let shortcut = bits & !keys::bits(&[Modifier::Shift]) != 0;
    let kind = match key.text {
        Some(_) if !shortcut => "keyDown",
        _ => "rawKeyDown",
    };
    let mut down = key_event(kind, key, bits);
    // Where the system's editing keys are not the browser's own, the command says what the chord means.
    if cfg!(target_os = "macos") && shortcut && key.key == "a" {
        down.1["commands"] = json!(["selectAll"]);
    }
    [down, key_event("keyUp", key, bits)]
}

/// Strokes of a named key, pressed some times.
pub fn strokes(chord: &str, times: usize) -> Result<Vec<Event>, ComputerError> {
    let chord = keys::parse(chord)?;
    let bits = keys::bits(&chord.modifiers);
    Ok(chord
        .key
        .iter()
        .flat_map(|key| (0..times).flat_map(move |_| stroke(key, bits)))
        .collect())
}

/// Modifier keys going down, with the bits held after each.
fn hold(modifiers: &[Modifier]) -> Vec<Event> {
    (0..modifiers.len())
        .map(|at| {
            key_event(
                "rawKeyDown",
                &keys::of_modifier(modifiers[at]),
                keys::bits(&modifiers[..=at]),
            )
        })
        .collect()
}

/// The same keys going up again, last first.
fn release(modifiers: &[Modifier]) -> Vec<Event> {
    (0..modifiers.len())
        .rev()
        .map(|at| {
            key_event(
                "keyUp",
                &keys::of_modifier(modifiers[at]),
                keys::bits(&modifiers[..at]),
            )
        })
        .collect()
}

impl Browser {
    /// Sends input and waits until the page has handled it, or a dialog or the tab's end makes that impossible.
    pub(super) async fn deliver(
        &self,
        grip: &Grip,
        events: Vec<Event>,
    ) -> Result<(), ComputerError> {
        let flight: Vec<_> = events
            .into_iter()
            .map(|(method, params)| self.link.router.start(Some(&grip.session), method, params))
            .collect();
        let landed = async {
            for pending in flight {
                pending.finish(INPUT_LIMIT).await?;
            }
            Ok(())
        };
        self.unless_stopped(grip, landed).await.map(|_| ())
    }

    pub(super) async fn click(
        &self,
        target: &Target,
        button: Button,
        count: u8,
        modifiers: &[Modifier],
    ) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let mut spot = self.spot(&grip, target, Wants::TO_CLICK).await?;
        if spot.node.is_some() {
            // A thing may grow, move or be covered once it is pointed at: it is pressed where it is then.
            self.point_at(&grip, spot.point).await?;
            spot = self.spot(&grip, target, Wants::TO_CLICK).await?;
        }
        self.click_at(&grip, spot.point, button, count, modifiers)
            .await
    }

    async fn point_at(&self, grip: &Grip, point: Point) -> Result<(), ComputerError> {
        let event = mouse("mouseMoved", point, Button::Left, 0, 0, 0);
        self.deliver(grip, vec![event]).await
    }

    pub(super) async fn click_at(
        &self,
        grip: &Grip,
        point: Point,
        button: Button,
        count: u8,
        modifiers: &[Modifier],
    ) -> Result<(), ComputerError> {
        let bits = keys::bits(modifiers);
        let mut events = hold(modifiers);
        events.push(mouse("mouseMoved", point, button, 0, 0, bits));
        for nth in 1..=count.max(1) {
            let held = button_bit(button);
            events.push(mouse("mousePressed", point, button, held, nth, bits));
            events.push(mouse("mouseReleased", point, button, 0, nth, bits));
        }
        events.extend(release(modifiers));
        self.deliver(grip, events).await
    }

    pub(super) async fn hover(&self, target: &Target) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let spot = self.spot(&grip, target, Wants::TO_POINT_AT).await?;
        self.point_at(&grip, spot.point).await
    }

    pub(super) async fn scroll(
        &self,
        target: Option<&Target>,
        dx: f64,
        dy: f64,
    ) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let point = match target {
            Some(target) => self.spot(&grip, target, Wants::TO_POINT_AT).await?.point,
            None => self.link.stage().viewport.area().center(),
        };
        let mut wheel = mouse("mouseWheel", point, Button::Left, 0, 0, 0);
        wheel.1["button"] = json!("none");
        wheel.1["deltaX"] = json!(dx);
        wheel.1["deltaY"] = json!(dy);
        self.deliver(&grip, vec![wheel]).await
    }

    pub(super) async fn scroll_to(&self, target: &Target) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let wants = Wants {
            enabled: false,
            hit: false,
            scroll: Scroll::Always,
        };
        self.spot(&grip, target, wants).await.map(|_| ())
    }

    pub(super) async fn press(&self, chord: &str) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let chord = keys::parse(chord)?;
        let bits = keys::bits(&chord.modifiers);
        let mut events = hold(&chord.modifiers);
        events.extend(chord.key.iter().flat_map(|key| stroke(key, bits)));
        events.extend(release(&chord.modifiers));
        self.deliver(&grip, events).await
    }

    /// Types at the focus: keys for what a US keyboard has, inserted text for everything else.
    pub(super) async fn type_words(&self, grip: &Grip, words: &str) -> Result<(), ComputerError> {
        let words = words.replace("\r\n", "\n");
        let mut inserted = String::new();
        let mut events: Vec<Event> = Vec::new();
        for character in words.chars() {
            match keys::of_char(character) {
                Some(key) => {
                    self.insert(grip, &mut inserted).await?;
                    let bits = if key.shift {
                        keys::bits(&[Modifier::Shift])
                    } else {
                        0
                    };
                    events.extend(stroke(&key, bits));
                    if events.len() >= 2 * TYPING_BATCH {
                        self.deliver(grip, std::mem::take(&mut events)).await?;
                    }
                }
                None => {
                    // Keys and inserted text go different ways in the browser, so neither overtakes the other.
                    if !events.is_empty() {
                        self.deliver(grip, std::mem::take(&mut events)).await?;
                    }
                    inserted.push(character);
                }
            }
        }
        self.insert(grip, &mut inserted).await?;
        self.deliver(grip, events).await
    }

    /// Inserts text at the focus in one piece, without key events, and empties the buffer.
    pub(super) async fn insert(
        &self,
        grip: &Grip,
        words: &mut String,
    ) -> Result<(), ComputerError> {
        if words.is_empty() {
            return Ok(());
        }
        let words = std::mem::take(words);
        self.deliver(grip, vec![("Input.insertText", json!({ "text": words }))])
            .await
    }
}
