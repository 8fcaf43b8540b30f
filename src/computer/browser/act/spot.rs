//! Where an element can be acted on: there, visible, still, enabled, not covered, scrolled into view, through all frames.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::world::{self, World};
use super::grip::Grip;
use crate::computer::browser::Browser;
use crate::computer::{ComputerError, Point, Target};

/// How long an element may take to become ready to be acted on, in milliseconds.
const READY_MS: u64 = 2_000;

/// What an action needs of the place that it lands on.
#[derive(Debug, Clone, Copy)]
pub struct Wants {
    pub enabled: bool,
    /// Whether the element itself must be what a click reaches.
    pub hit: bool,
    pub scroll: Scroll,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scroll {
    IfNeeded,
    Always,
    Never,
}

impl Wants {
    pub const TO_CLICK: Wants = Wants {
        enabled: true,
        hit: true,
        scroll: Scroll::IfNeeded,
    };
    pub const TO_POINT_AT: Wants = Wants {
        enabled: false,
        hit: true,
        scroll: Scroll::IfNeeded,
    };

    fn json(self) -> Value {
        json!({
            "enabled": self.enabled,
            "hit": self.hit,
            "limit": READY_MS,
            "scroll": match self.scroll {
                Scroll::IfNeeded => "needed",
                Scroll::Always => "always",
                Scroll::Never => "never",
            },
        })
    }
}

/// A place in the viewport where input can be sent.
#[derive(Debug, Clone)]
pub struct Spot {
    pub point: Point,
    pub node: Option<(World, u64)>,
}

/// What the page says of an element's readiness.
#[derive(Debug, Deserialize)]
struct Readiness {
    #[serde(default)]
    trouble: Option<String>,
    #[serde(default)]
    cover: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    point: Option<Point>,
}

#[derive(Debug, Deserialize)]
struct Hit {
    number: u64,
    frame: bool,
}

impl Browser {
    /// The place of a target once it can be acted on; waits for that up to about two seconds.
    pub(super) async fn spot(
        &self,
        grip: &Grip,
        target: &Target,
        wants: Wants,
    ) -> Result<Spot, ComputerError> {
        match target {
            Target::Point(point) => {
                self.check_in_view(*point)?;
                Ok(Spot {
                    point: *point,
                    node: None,
                })
            }
            Target::Element(id) => {
                let (world, number) = self.world_of(id)?;
                self.spot_of(grip, &world, number, wants).await
            }
        }
    }

    pub(super) async fn spot_of(
        &self,
        grip: &Grip,
        world: &World,
        number: u64,
        wants: Wants,
    ) -> Result<Spot, ComputerError> {
        let ready: Readiness = self
            .ask(
                grip,
                world,
                "function (number, wants) { return hands.ready(number, wants); }",
                json!([number, wants.json()]),
                Duration::from_millis(READY_MS),
            )
            .await?;
        let title = ready
            .title
            .clone()
            .unwrap_or_else(|| format!("element {}:{number}", world.serial));
        let mut point = ready.place(&title)?;
        let mut inner = world.clone();
        while let Some(parent) = inner.parent.and_then(|serial| self.worlds.get(serial)) {
            let owner = world::owner_number(&self.link, parent, &inner).await?;
            let held: Readiness = self
                .ask(
                    grip,
                    parent,
                    "function (number, x, y, hit) { return hands.hold(number, x, y, hit); }",
                    json!([owner, point.x, point.y, wants.hit]),
                    Duration::ZERO,
                )
                .await?;
            point = held.place(&title)?;
            inner = parent.clone();
        }
        Ok(Spot {
            point,
            node: Some((world.clone(), number)),
        })
    }

    /// The document and node that a target names; for a point, what lies there, through frames.
    pub(super) async fn node_of(
        &self,
        grip: &Grip,
        target: &Target,
    ) -> Result<(World, u64), ComputerError> {
        let point = match target {
            Target::Element(id) => return self.world_of(id),
            Target::Point(point) => *point,
        };
        self.check_in_view(point)?;
        let nothing = || ComputerError::Vanished {
            target: format!("what was at {:.0}, {:.0}", point.x, point.y),
        };
        let mut world = self.worlds.list.first().cloned().ok_or_else(nothing)?;
        let mut local = point;
        loop {
            let hit: Option<Hit> = self
                .ask(
                    grip,
                    &world,
                    "function (x, y) { return hands.at(x, y); }",
                    json!([local.x, local.y]),
                    Duration::ZERO,
                )
                .await?;
            let hit = hit.ok_or_else(nothing)?;
            let Some(child) = (match hit.frame {
                true => self.child_in(&world, hit.number).await?,
                false => None,
            }) else {
                return Ok((world, hit.number));
            };
            let offset = self.offset_of(&child).await?;
            local = Point {
                x: point.x - offset.x,
                y: point.y - offset.y,
            };
            world = child;
        }
    }

    /// The document in a frame element.
    async fn child_in(&self, world: &World, owner: u64) -> Result<Option<World>, ComputerError> {
        for child in &self.worlds.list {
            if child.parent == Some(world.serial)
                && world::owner_number(&self.link, world, child).await? == owner
            {
                return Ok(Some(child.clone()));
            }
        }
        Ok(None)
    }
}

impl Readiness {
    fn place(self, title: &str) -> Result<Point, ComputerError> {
        let target = title.to_owned();
        match (self.trouble.as_deref(), self.point) {
            (None, Some(point)) => Ok(point),
            (Some("invisible" | "outside"), _) => Err(ComputerError::Invisible { target }),
            (Some("disabled"), _) => Err(ComputerError::Disabled { target }),
            (Some("moving"), _) => Err(ComputerError::Moving { target }),
            (Some("covered"), _) => Err(ComputerError::Covered {
                target,
                cover: self.cover.unwrap_or_else(|| "something".to_owned()),
            }),
            _ => Err(ComputerError::Vanished { target }),
        }
    }
}

impl Browser {
    fn check_in_view(&self, point: Point) -> Result<(), ComputerError> {
        let view = self.link.stage().viewport.size();
        let inside = (0.0..view.width).contains(&point.x) && (0.0..view.height).contains(&point.y);
        if inside {
            return Ok(());
        }
        Err(ComputerError::Unsuitable {
            target: format!("the point {:.0}, {:.0}", point.x, point.y),
            what: "input: it lies outside of the view".to_owned(),
        })
    }
}
