//! The isolated world of each frame's document: where the observer lives, how it is called, and where the frame lies.
//!
//! A world ends with its document. Worlds are numbered in the order they were met and never reused, and the number is the
//! first half of an element's id, so an id of a document that was left finds nothing instead of something else.

use std::collections::HashMap;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::router::{CALL_LIMIT, Session};
use super::stage::Stage;
use super::{Browser, Link};
use crate::computer::{ComputerError, ElementId, Point};

/// One document that can be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// First half of its elements' ids.
    pub serial: usize,
    /// The protocol's id of its frame.
    pub frame: String,
    pub session: Session,
    /// The protocol's id of the isolated world's execution context.
    pub context: i64,
    pub url: String,
    /// Serial of the world of the frame around it.
    pub parent: Option<usize>,
}

/// The worlds of one tab, the main frame's first, every parent before its children.
#[derive(Debug, Default)]
pub struct Worlds {
    serials: HashMap<(Session, i64), usize>,
    next: usize,
    pub list: Vec<World>,
    /// Number of the frame element in its parent's world, by the child's serial.
    pub owners: HashMap<usize, u64>,
}

impl Worlds {
    /// Takes over what the stage knows of the active tab's frames.
    pub fn refresh(&mut self, stage: &Stage) {
        self.list.clear();
        let Some(tab) = stage.active_tab() else {
            return;
        };
        // Depth first from the main frame, in the order of frame ids, so that ordinals hold still from look to look.
        let mut open = vec![(tab.main_frame.clone(), None)];
        while let Some((frame, parent)) = open.pop() {
            let Some(state) = tab.frames.get(&frame) else {
                continue;
            };
            let context = stage
                .sessions
                .get(&state.session)
                .and_then(|attached| attached.contexts.get(&frame).copied());
            let mut serial = None;
            if let Some(context) = context {
                let next = self.next;
                let number = *self
                    .serials
                    .entry((state.session.clone(), context))
                    .or_insert(next);
                if number == next {
                    self.next += 1;
                }
                serial = Some(number);
                self.list.push(World {
                    serial: number,
                    frame: frame.clone(),
                    session: state.session.clone(),
                    context,
                    url: state.url.clone(),
                    parent,
                });
            }
            let Some(serial) = serial else { continue };
            let mut children: Vec<&String> = tab
                .frames
                .iter()
                .filter(|(_, child)| child.parent.as_deref() == Some(frame.as_str()))
                .map(|(id, _)| id)
                .collect();
            children.sort_unstable_by(|a, b| b.cmp(a));
            open.extend(children.into_iter().map(|id| (id.clone(), Some(serial))));
        }
    }

    pub fn get(&self, serial: usize) -> Option<&World> {
        self.list.iter().find(|world| world.serial == serial)
    }
}

impl Browser {
    /// The world and the number in it that an element's id names.
    pub(super) fn world_of(&self, id: &ElementId) -> Result<(World, u64), ComputerError> {
        let parts =
            id.0.split_once(':')
                .and_then(|(serial, number)| Some((serial.parse().ok()?, number.parse().ok()?)));
        parts
            .and_then(|(serial, number): (usize, u64)| {
                let world = self.worlds.get(serial)?;
                // The document may have been left since it was listed.
                let stage = self.link.stage();
                let lives = stage.sessions.get(&world.session).is_some_and(|attached| {
                    attached.contexts.get(&world.frame) == Some(&world.context)
                });
                lives.then(|| (world.clone(), number))
            })
            .ok_or_else(|| ComputerError::Vanished {
                target: format!("element {id}"),
            })
    }

    /// Where a frame's content begins in the viewport, asked anew from all frames around it.
    pub(super) async fn offset_of(&self, world: &World) -> Result<Point, ComputerError> {
        let mut offset = Point { x: 0.0, y: 0.0 };
        let mut inner = world.clone();
        while let Some(parent) = inner.parent.and_then(|serial| self.worlds.get(serial)) {
            let owner = owner_number(&self.link, parent, &inner).await?;
            let place: Point = call(
                &self.link,
                parent,
                "function (number) { const box = observer.frameBox(observer.nodeOf(number)); return { x: box.x, y: box.y }; }",
                json!([owner]),
                CALL_LIMIT,
            )
            .await?;
            offset.x += place.x;
            offset.y += place.y;
            inner = parent.clone();
        }
        Ok(offset)
    }
}

/// Calls a function in a world with JSON arguments and takes its JSON answer; waits for promises.
pub async fn call<T: DeserializeOwned>(
    link: &Link,
    world: &World,
    function: &str,
    arguments: Value,
    limit: Duration,
) -> Result<T, ComputerError> {
    let answer = start_call(link, world, function, arguments)
        .finish(limit)
        .await?;
    let value = value_of(answer)?;
    serde_json::from_value(value).map_err(|e| ComputerError::Protocol {
        method: "a script in the page".to_owned(),
        message: format!("unexpected answer: {e}"),
    })
}

/// Puts a call on the wire; its answer is read with [`value_of`].
pub fn start_call(
    link: &Link,
    world: &World,
    function: &str,
    arguments: Value,
) -> super::router::Pending {
    let arguments: Vec<Value> = arguments
        .as_array()
        .into_iter()
        .flatten()
        .map(|value| json!({ "value": value }))
        .collect();
    link.router.start(
        Some(&world.session),
        "Runtime.callFunctionOn",
        json!({
            "functionDeclaration": function,
            "executionContextId": world.context,
            "arguments": arguments,
            "returnByValue": true,
            "awaitPromise": true,
        }),
    )
}

/// The value that a call returned, or its exception as an error.
pub fn value_of(mut answer: Value) -> Result<Value, ComputerError> {
    if let Some(details) = answer.get("exceptionDetails") {
        let message = details
            .pointer("/exception/description")
            .or_else(|| details.pointer("/text"))
            .and_then(Value::as_str)
            .unwrap_or("an exception without words");
        return Err(ComputerError::Protocol {
            method: "a script in the page".to_owned(),
            message: message.lines().next().unwrap_or_default().to_owned(),
        });
    }
    Ok(answer
        .pointer_mut("/result/value")
        .map(Value::take)
        .unwrap_or(Value::Null))
}

/// The protocol's handle on a node, for commands that want one (`DOM.setFileInputFiles`, `DOM.describeNode`).
pub async fn object_of(link: &Link, world: &World, number: u64) -> Result<String, ComputerError> {
    let answer = link
        .router
        .call_raw(
            Some(&world.session),
            "Runtime.callFunctionOn",
            json!({
                "functionDeclaration": "function (number) { return observer.nodeOf(number); }",
                "executionContextId": world.context,
                "arguments": [{ "value": number }],
            }),
            CALL_LIMIT,
        )
        .await?;
    answer
        .pointer("/result/objectId")
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| ComputerError::Vanished {
            target: format!("element {}:{number}", world.serial),
        })
}

/// The number, in the parent's world, of the element that holds a child frame.
pub async fn owner_number(
    link: &Link,
    parent: &World,
    child: &World,
) -> Result<u64, ComputerError> {
    let owner = link
        .router
        .call_raw(
            Some(&parent.session),
            "DOM.getFrameOwner",
            json!({ "frameId": child.frame }),
            CALL_LIMIT,
        )
        .await?;
    let object = link
        .router
        .call_raw(
            Some(&parent.session),
            "DOM.resolveNode",
            json!({
                "backendNodeId": owner["backendNodeId"],
                "executionContextId": parent.context,
            }),
            CALL_LIMIT,
        )
        .await?;
    let answer = link
        .router
        .call_raw(
            Some(&parent.session),
            "Runtime.callFunctionOn",
            json!({
                "functionDeclaration": "function () { return observer.numberOf(this); }",
                "objectId": object["object"]["objectId"],
                "returnByValue": true,
            }),
            CALL_LIMIT,
        )
        .await?;
    value_of(answer)?
        .as_u64()
        .ok_or_else(|| ComputerError::Vanished {
            target: format!("the frame at {}", child.url),
        })
}
