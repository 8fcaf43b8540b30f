//! Dragging along a path with the mouse; where the page starts HTML drag and drop, by the browser's drag events.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::super::keys;
use super::super::router::{CALL_LIMIT, Notice, Session};
use super::grip::Grip;
use super::input::{Event, button_bit, mouse};
use super::spot::{Scroll, Wants};
use crate::computer::browser::Browser;
use crate::computer::{Button, ComputerError, Point, Target};

/// How long the browser may take to hand over a drag that the page has started.
const HANDOVER_LIMIT: Duration = Duration::from_secs(2);

/// Moves between two places of the path: enough for pages that watch the way and not only its end.
const STEPS: u8 = 5;

impl Browser {
    pub(super) async fn drag(&self, path: &[Target]) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        if path.len() < 2 {
            return Err(ComputerError::Unsuitable {
                target: "a path with fewer than two places".to_owned(),
                what: "a drag".to_owned(),
            });
        }
        let points = self.way(&grip, path).await?;
        let (world, _) = self.node_of(&grip, &Target::Point(points[0])).await?;
        let _: Value = self
            .ask(
                &grip,
                &world,
                "function () { hands.watchDrag(); return null; }",
                json!([]),
                Duration::ZERO,
            )
            .await?;
        let mut notices = self.link.tap();
        self.intercept(&grip, true).await?;
        let dragged = self.drag_along(&grip, &points, &world, &mut notices).await;
        // The tab may have closed with the drag; then there is nothing to switch off.
        let _ = self.intercept(&grip, false).await;
        dragged
    }

    /// The points of the path, all of them after the last scroll.
    async fn way(&self, grip: &Grip, path: &[Target]) -> Result<Vec<Point>, ComputerError> {
        for (at, target) in path.iter().enumerate() {
            let wants = if at == 0 {
                Wants::TO_CLICK
            } else {
                Wants {
                    enabled: false,
                    hit: false,
                    scroll: Scroll::IfNeeded,
                }
            };
            self.spot(grip, target, wants).await?;
        }
        let mut points = Vec::with_capacity(path.len());
        for (at, target) in path.iter().enumerate() {
            let wants = Wants {
                enabled: false,
                hit: at == 0,
                scroll: Scroll::Never,
            };
            points.push(self.spot(grip, target, wants).await?.point);
        }
        Ok(points)
    }

    async fn drag_along(
        &self,
        grip: &Grip,
        points: &[Point],
        world: &super::super::world::World,
        notices: &mut UnboundedReceiver<Notice>,
    ) -> Result<(), ComputerError> {
        let held = button_bit(Button::Left);
        let moved = |point| mouse("mouseMoved", point, Button::Left, held, 0, 0);
        let steps = way_between(points);
        // The first steps tell whether the page starts a drag of its own kind.
        let (first, rest) = steps.split_at(usize::from(STEPS).min(steps.len()));
        let mut events: Vec<Event> = vec![
            mouse("mouseMoved", points[0], Button::Left, 0, 0, 0),
            mouse("mousePressed", points[0], Button::Left, held, 1, 0),
        ];
        events.extend(first.iter().copied().map(moved));
        self.deliver(grip, events).await?;
        let native: bool = self
            .ask(
                grip,
                world,
                "function () { return hands.dragStarted(); }",
                json!([]),
                Duration::ZERO,
            )
            .await?;
        if native {
            let handed = tokio::time::timeout(HANDOVER_LIMIT, handover(notices, &grip.session))
                .await
                .ok()
                .flatten();
            if let Some(data) = handed {
                let mut way = first.to_vec();
                way.extend_from_slice(rest);
                return self.drop_along(grip, &way, &data).await;
            }
        }
        let last = points[points.len() - 1];
        let mut events: Vec<Event> = rest.iter().copied().map(moved).collect();
        events.push(mouse("mouseReleased", last, Button::Left, 0, 1, 0));
        self.deliver(grip, events).await
    }

    async fn drop_along(
        &self,
        grip: &Grip,
        way: &[Point],
        data: &Value,
    ) -> Result<(), ComputerError> {
        let event = |kind: &str, point: Point| -> Event {
            (
                "Input.dispatchDragEvent",
                json!({
                    "type": kind,
                    "x": point.x,
                    "y": point.y,
                    "data": data,
                    "modifiers": keys::bits(&[]),
                }),
            )
        };
        let (Some(start), Some(end)) = (way.first(), way.last()) else {
            return Ok(());
        };
        let mut events = vec![event("dragEnter", *start)];
        events.extend(way.iter().map(|point| event("dragOver", *point)));
        // Twice over the goal: the first enters it, the second finds it willing.
        events.push(event("dragOver", *end));
        events.push(event("drop", *end));
        self.deliver(grip, events).await
    }

    async fn intercept(&self, grip: &Grip, enabled: bool) -> Result<(), ComputerError> {
        self.link
            .router
            .call_raw(
                Some(&grip.session),
                "Input.setInterceptDrags",
                json!({ "enabled": enabled }),
                CALL_LIMIT,
            )
            .await
            .map(|_| ())
    }
}

/// Some points on the way from each place to the next, the places themselves included but the first.
fn way_between(points: &[Point]) -> Vec<Point> {
    points
        .windows(2)
        .flat_map(|pair| {
            let (from, to) = (pair[0], pair[1]);
            (1..=STEPS).map(move |step| {
                let part = f64::from(step) / f64::from(STEPS);
                Point {
                    x: from.x + (to.x - from.x) * part,
                    y: from.y + (to.y - from.y) * part,
                }
            })
        })
        .collect()
}

async fn handover(notices: &mut UnboundedReceiver<Notice>, session: &Session) -> Option<Value> {
    loop {
        let notice = notices.recv().await?;
        if notice.method == "Input.dragIntercepted" && notice.session().as_ref() == Some(session) {
            return notice.params.get("data").cloned();
        }
    }
}
