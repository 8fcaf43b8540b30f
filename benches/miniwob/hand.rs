//! A teacher at work: its script says what to do where, and what it says is done with real mouse and keys.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::Failure;
use crate::devtools::DevTools;
use crate::keys::{self, Event};
use crate::teachers::Teachers;

const HAND: &str = include_str!("hand.js");
/// How long a teacher may need for an episode.
const LIMIT: Duration = Duration::from_secs(60);

/// What the teacher's script wants next.
#[derive(Debug, Deserialize)]
struct Order {
    id: u64,
    #[serde(default)]
    events: Vec<Input>,
    /// There once the script has ended, with what it threw.
    #[serde(default, deserialize_with = "some")]
    ended: Option<Option<String>>,
}

/// Tells a value that is there and null from one that is not there.
fn some<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Input {
    Move(Mouse),
    Down(Mouse),
    Up(Mouse),
    Wheel(Mouse),
    Letter { letter: char },
    Keys { chord: String },
}

#[derive(Debug, Deserialize)]
struct Mouse {
    x: f64,
    y: f64,
    /// Whether the left button was held before.
    held: bool,
    button: String,
    count: u8,
    modifiers: Vec<String>,
    #[serde(default)]
    dy: f64,
}

/// Has the task's teacher do the episode that this session's page shows.
pub async fn teach(
    devtools: &DevTools,
    session: &str,
    teachers: &Teachers,
    task: &str,
    goal: &str,
) -> Result<(), Failure> {
    devtools
        .call(
            Some(session),
            "Emulation.setFocusEmulationEnabled",
            json!({ "enabled": true }),
        )
        .await?;
    devtools.ask(session, HAND).await?;
    for script in teachers.scripts(task) {
        devtools.ask(session, script).await?;
    }
    let begin = format!("hand.teach({}, {})", json!(task), json!(goal));
    devtools.ask(session, &begin).await?;
    tokio::time::timeout(LIMIT, obey(devtools, session))
        .await
        .map_err(|_| "the teacher never ended")?
}

async fn obey(devtools: &DevTools, session: &str) -> Result<(), Failure> {
    let mut done = 0;
    loop {
        let said = devtools.ask(session, &format!("hand.next({done})")).await?;
        let order: Order = serde_json::from_value(said)?;
        match order.ended {
            Some(None) => return Ok(()),
            Some(Some(error)) => return Err(error.into()),
            None => {}
        }
        for input in &order.events {
            for (method, params) in events(input)? {
                devtools.call(Some(session), method, params).await?;
            }
        }
        done = order.id;
    }
}

fn events(input: &Input) -> Result<Vec<Event>, Failure> {
    Ok(match input {
        Input::Letter { letter } => keys::letter(*letter),
        Input::Keys { chord } => keys::chord(chord)?,
        Input::Move(mouse) => mouse_events("mouseMoved", mouse)?,
        Input::Down(mouse) => mouse_events("mousePressed", mouse)?,
        Input::Up(mouse) => mouse_events("mouseReleased", mouse)?,
        Input::Wheel(mouse) => mouse_events("mouseWheel", mouse)?,
    })
}

fn mouse_events(kind: &str, mouse: &Mouse) -> Result<Vec<Event>, Failure> {
    let held = keys::bits(mouse.modifiers.iter().map(String::as_str))?;
    let (button, buttons) = match (kind, mouse.button.as_str()) {
        ("mouseMoved" | "mouseWheel", _) if !mouse.held => ("none", 0),
        (_, "right") => ("right", 2),
        (_, "middle") => ("middle", 4),
        _ => ("left", 1),
    };
    let mut params: Value = json!({
        "type": kind, "x": mouse.x, "y": mouse.y, "button": button, "modifiers": held,
        "buttons": if kind == "mouseReleased" { 0 } else { buttons },
        "clickCount": if matches!(kind, "mousePressed" | "mouseReleased") { mouse.count } else { 0 },
    });
    if kind == "mouseWheel" {
        params["deltaX"] = 0.into();
        params["deltaY"] = mouse.dy.into();
    }
    let mut all = Vec::new();
    // A person holds the key before the click and lets go after it.
    if kind == "mousePressed" {
        all.extend(keys::modifiers(held, "rawKeyDown"));
    }
    all.push(("Input.dispatchMouseEvent", params));
    if kind == "mouseReleased" {
        all.extend(keys::modifiers(held, "keyUp"));
    }
    Ok(all)
}
