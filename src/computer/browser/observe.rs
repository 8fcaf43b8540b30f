//! Looking: one flight asks every frame's observer, while the picture comes from the frames that the browser paints anyway.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::Browser;
use super::link::Link;
use super::seen::{Assembled, FrameView, Seen, assemble};
use super::world::{World, call, object_of, owner_number, start_call, value_of};
use crate::computer::{ComputerError, Observation, Rect, Scope, ScrollState, Tab};

/// How long the main frame may take to answer; a page of 50,000 nodes takes a fraction of it.
const LOOK_LIMIT: Duration = Duration::from_secs(10);
/// How long a frame inside may take; a page is seen without a frame that hangs.
const FRAME_LIMIT: Duration = Duration::from_secs(2);
/// How long a document may take to have a world to ask, after it committed.
const WORLD_LIMIT: Duration = Duration::from_secs(10);

const OBSERVE: &str = "function (options) { return observer.observe(options); }";

/// What the frames said at one moment.
#[derive(Debug)]
pub(super) struct Glance {
    pub main: Seen,
    pub assembled: Assembled,
    /// What has to be painted over, in viewport coordinates.
    pub veils: Vec<Rect>,
}

impl Browser {
    /// Screenshot, elements, address, title, tabs, dialog, at one moment. A page that navigates meanwhile is looked at again.
    pub(super) async fn look(&mut self, scope: Scope) -> Result<Observation, ComputerError> {
        let deadline = Instant::now() + LOOK_LIMIT + WORLD_LIMIT;
        loop {
            self.check_alive()?;
            if self.dialog_open() {
                return Ok(self.blocked_view(scope).await);
            }
            match self.try_look(scope).await {
                Ok(Some(observation)) => return Ok(observation),
                // The document went away under the question: the next one is asked.
                Ok(None) if Instant::now() < deadline => continue,
                Err(ComputerError::Protocol { .. }) if Instant::now() < deadline => {
                    self.link.changed(Duration::from_millis(50)).await;
                }
                Ok(None) => {
                    return Err(ComputerError::Unanswered {
                        method: format!(
                            "looking at the page at {}, which goes elsewhere again and again,",
                            self.address_now()
                        ),
                        limit_ms: (LOOK_LIMIT + WORLD_LIMIT).as_millis() as u64,
                    });
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The address of the active tab, for messages.
    fn address_now(&self) -> String {
        self.link
            .stage()
            .active_tab()
            .map_or_else(|| "no address".to_owned(), |tab| tab.url.clone())
    }

    /// An error where there is nothing to look at any more.
    pub(super) fn check_alive(&self) -> Result<(), ComputerError> {
        let stage = self.link.stage();
        if let Some(reason) = &stage.gone {
            return Err(ComputerError::Gone(reason.clone()));
        }
        match stage.active_tab() {
            None => Err(ComputerError::Gone("its last tab was closed".to_owned())),
            Some(tab) if tab.crashed => Err(ComputerError::TabCrashed {
                url: tab.url.clone(),
            }),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn dialog_open(&self) -> bool {
        self.link
            .stage()
            .active_tab()
            .is_some_and(|tab| tab.dialog.is_some())
    }

    async fn try_look(&mut self, scope: Scope) -> Result<Option<Observation>, ComputerError> {
        if !self.wait_for_world().await {
            return Ok(None);
        }
        let picture = self.painted_picture();
        let (glance, picture) = tokio::join!(self.glance(scope), picture);
        let Some(Glance {
            main,
            assembled,
            mut veils,
        }) = glance?
        else {
            return Ok(None);
        };
        let picture = match picture {
            Some(picture) => Some(picture),
            None => self.captured_picture().await,
        };
        if self.exposure.any() && picture.is_some() {
            // The picture may be newer than what the page was when it was asked, so it is asked again.
            let Some(again) = self.glance(scope).await? else {
                return Ok(None);
            };
            veils.extend(again.veils);
        }
        let screenshot = picture.map(|picture| super::picture::painted_over(picture, &veils));
        self.shown = screenshot
            .clone()
            .filter(|_| self.exposure.any())
            .map(|picture| (main.url.clone(), picture));
        let (tabs, downloads) = {
            let mut stage = self.link.stage();
            if let Some(id) = stage.active.clone()
                && let Some(tab) = stage.tab_mut(&id)
            {
                tab.title.clone_from(&main.title);
            }
            (
                tabs_of(&stage),
                stage
                    .downloads
                    .iter()
                    .map(|(_, download)| download.clone())
                    .collect(),
            )
        };
        Ok(Some(Observation {
            url: main.url,
            title: main.title,
            viewport: crate::computer::Size {
                width: main.width,
                height: main.height,
            },
            scroll: main.scroll,
            tabs,
            dialog: None,
            focused: assembled.focused,
            frames: assembled.frames,
            elements: assembled.elements,
            scope,
            unlisted: assembled.unlisted,
            downloads,
            screenshot,
        }))
    }

    /// Asks every frame once what is there and what of it is secret; `None` where the page was left or stopped meanwhile.
    pub(super) async fn glance(&mut self, scope: Scope) -> Result<Option<Glance>, ComputerError> {
        let worlds = self.worlds.list.clone();
        let flights: Vec<_> = worlds
            .iter()
            .map(|world| {
                let options = self.watchfulness(world, scope == Scope::Whole);
                start_call(&self.link, world, OBSERVE, options)
            })
            .collect();
        let link = self.link.clone();
        let mut answers: Vec<Option<Seen>> = Vec::with_capacity(flights.len());
        for (index, flight) in flights.into_iter().enumerate() {
            let limit = if index == 0 { LOOK_LIMIT } else { FRAME_LIMIT };
            // An open dialog stops the page's scripts, and with them this question.
            let answer = tokio::select! {
                answer = flight.finish(limit) => answer,
                _ = link.wait_for(limit, |stage| {
                    stage.active_tab().is_none_or(|tab| tab.dialog.is_some() || tab.crashed).then_some(())
                }) => return Ok(None),
            };
            match answer.and_then(parse) {
                Ok(seen) => answers.push(Some(seen)),
                Err(error) if index == 0 => return Err(error),
                Err(error) => {
                    tracing::debug!(%error, "a frame could not be looked at");
                    answers.push(None);
                }
            }
        }
        if self.adopt_closed_roots(&worlds, &answers).await {
            return Ok(None);
        }
        let views = self.frame_views(&worlds, answers).await;
        let Some(main) = views.first().map(|view| view.seen.clone()) else {
            return Ok(None);
        };
        let spots = self.veils(&views).await;
        let assembled = assemble(views);
        let mut veils = super::picture::secret_fields(&assembled.elements);
        veils.extend(spots.into_iter().filter_map(|(ordinal, area)| {
            let offset = assembled.offsets.get(ordinal)?;
            Some(Rect {
                x: area.x + offset.x,
                y: area.y + offset.y,
                ..area
            })
        }));
        Ok(Some(Glance {
            main,
            assembled,
            veils,
        }))
    }

    /// Waits until the main frame's document can be asked, and takes over the worlds that there are.
    pub(super) async fn wait_for_world(&mut self) -> bool {
        let ready = self
            .link
            .wait_for(WORLD_LIMIT, |stage| {
                let Some(tab) = stage.active_tab() else {
                    return Some(false);
                };
                if tab.dialog.is_some() || tab.crashed {
                    return Some(false);
                }
                stage
                    .sessions
                    .get(&tab.session)?
                    .contexts
                    .contains_key(&tab.main_frame)
                    .then_some(true)
            })
            .await;
        let ready = ready == Some(true);
        if ready {
            self.worlds.refresh(&self.link.stage());
        }
        ready
    }

    /// What can be known while a dialog stops the page.
    async fn blocked_view(&mut self, scope: Scope) -> Observation {
        // While it is open nothing can be asked, so after a secret was typed nobody knows what the newest frame shows.
        let screenshot = if self.exposure.any() {
            let url = self.address_now();
            let shown = self.shown.clone().filter(|(of, _)| *of == url);
            shown.map(|(_, picture)| picture)
        } else {
            self.last_painted().await
        };
        let stage = self.link.stage();
        let tab = stage.active_tab();
        Observation {
            url: tab.map(|tab| tab.url.clone()).unwrap_or_default(),
            title: tab.map(|tab| tab.title.clone()).unwrap_or_default(),
            viewport: stage.viewport.size(),
            scroll: ScrollState::default(),
            tabs: tabs_of(&stage),
            dialog: tab.and_then(|tab| tab.dialog.clone()),
            focused: None,
            frames: Vec::new(),
            elements: Vec::new(),
            scope,
            unlisted: 0,
            downloads: Vec::new(),
            screenshot,
        }
    }

    /// Hands closed shadow roots to the observer; says whether there were any, so that the page is looked at again.
    async fn adopt_closed_roots(&self, worlds: &[World], answers: &[Option<Seen>]) -> bool {
        let candidates = worlds.iter().zip(answers).flat_map(|(world, seen)| {
            seen.iter()
                .flat_map(|seen| seen.closed_hosts.iter().copied())
                .map(move |number| (world, number))
        });
        let adopted = futures::future::join_all(
            candidates.map(|(world, number)| adopt_closed_root(&self.link, world, number)),
        )
        .await;
        adopted.into_iter().any(|one| one.unwrap_or(false))
    }

    /// The frames that answered, every parent before its children, siblings in the order of the page.
    async fn frame_views(
        &mut self,
        worlds: &[World],
        answers: Vec<Option<Seen>>,
    ) -> Vec<FrameView> {
        let mut waiting: Vec<(&World, Seen)> = worlds
            .iter()
            .zip(answers)
            .filter_map(|(world, seen)| seen.map(|seen| (world, seen)))
            .collect();
        for (world, _) in &waiting {
            let Some(parent) = world.parent.and_then(|serial| self.worlds.get(serial)) else {
                continue;
            };
            if self.worlds.owners.contains_key(&world.serial) {
                continue;
            }
            if let Ok(number) = owner_number(&self.link, parent, world).await {
                self.worlds.owners.insert(world.serial, number);
            }
        }
        // Siblings come in the order of their elements on the page; the protocol's frame ids are random.
        let position =
            |views: &[(usize, Vec<u64>)], world: &World| -> Option<(usize, usize, u64)> {
                let parent = world.parent?;
                let number = *self.worlds.owners.get(&world.serial)?;
                let ordinal = views.iter().position(|(serial, _)| *serial == parent)?;
                let place = views[ordinal].1.iter().position(|owner| *owner == number)?;
                Some((ordinal, place, number))
            };
        let mut views: Vec<FrameView> = Vec::with_capacity(waiting.len());
        let mut known: Vec<(usize, Vec<u64>)> = Vec::new();
        while !waiting.is_empty() {
            let next = waiting
                .iter()
                .enumerate()
                .filter_map(|(index, (world, _))| {
                    if world.parent.is_none() {
                        return Some(((0, 0), None, index));
                    }
                    let (ordinal, place, number) = position(&known, world)?;
                    Some(((ordinal, place), Some((ordinal, number)), index))
                })
                .min_by_key(|(order, _, _)| *order);
            // What is left belongs to frames that are gone.
            let Some((_, owner, index)) = next else { break };
            let (world, seen) = waiting.remove(index);
            known.push((
                world.serial,
                seen.frames.iter().map(|frame| frame.number).collect(),
            ));
            views.push(FrameView {
                serial: world.serial,
                url: world.url.clone(),
                owner,
                seen,
            });
        }
        views
    }

    /// Has an element scrolled into view and says where it then lies, in viewport coordinates.
    pub(super) async fn bring_into_view(
        &self,
        id: &crate::computer::ElementId,
    ) -> Result<crate::computer::Rect, ComputerError> {
        let (world, number) = self.world_of(id)?;
        let place: Option<crate::computer::Rect> = call(
            &self.link,
            &world,
            "function (number) {
                const element = observer.nodeOf(number);
                if (!element) return null;
                element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
                const { x, y, width, height } = element.getBoundingClientRect();
                return { x, y, width, height };
            }",
            json!([number]),
            FRAME_LIMIT,
        )
        .await?;
        let place = place.ok_or_else(|| ComputerError::Vanished {
            target: format!("element {id}"),
        })?;
        let offset = self.offset_of(&world).await?;
        Ok(crate::computer::Rect {
            x: place.x + offset.x,
            y: place.y + offset.y,
            ..place
        })
    }
}

/// Hands the closed shadow root of one element to its observer; says whether it has one.
pub(super) async fn adopt_closed_root(
    link: &Link,
    world: &World,
    number: u64,
) -> Result<bool, ComputerError> {
    let router = &link.router;
    let session = Some(&world.session);
    let host = object_of(link, world, number).await?;
    let described = router
        .call_raw(
            session,
            "DOM.describeNode",
            json!({ "objectId": host, "pierce": true, "depth": 1 }),
            FRAME_LIMIT,
        )
        .await?;
    let roots = described
        .pointer("/node/shadowRoots")
        .and_then(Value::as_array);
    let Some(closed) = roots
        .into_iter()
        .flatten()
        .find(|root| root["shadowRootType"] == "closed")
    else {
        return Ok(false);
    };
    let root = router
        .call_raw(
            session,
            "DOM.resolveNode",
            json!({ "backendNodeId": closed["backendNodeId"], "executionContextId": world.context }),
            FRAME_LIMIT,
        )
        .await?;
    let answer = router
        .call_raw(
            session,
            "Runtime.callFunctionOn",
            json!({
                "functionDeclaration": "function (root) { observer.adopt(this, root); }",
                "objectId": host,
                "arguments": [{ "objectId": root["object"]["objectId"] }],
            }),
            FRAME_LIMIT,
        )
        .await?;
    value_of(answer).map(|_| true)
}

fn parse(answer: Value) -> Result<Seen, ComputerError> {
    let value = value_of(answer)?;
    let text = value.as_str().unwrap_or("null");
    serde_json::from_str(text).map_err(|e| ComputerError::Protocol {
        method: "the observer".to_owned(),
        message: format!("unexpected answer: {e}"),
    })
}

fn tabs_of(stage: &super::stage::Stage) -> Vec<Tab> {
    stage
        .tabs
        .iter()
        .map(|tab| Tab {
            id: tab.id.clone(),
            url: tab.url.clone(),
            title: tab.title.clone(),
            active: stage.active.as_ref() == Some(&tab.id),
        })
        .collect()
}
