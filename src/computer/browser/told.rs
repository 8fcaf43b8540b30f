//! From what a frame's recorder tells to one deed, with its element in viewport coordinates and the picture of its moment.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::heard::{Deed, Entered, Heard};
use super::observe::adopt_closed_root;
use super::picture::{decode, painted_over, secret_fields};
use super::record::Recording;
use super::router::{Notice, Session};
use super::seen::{Assembled, FrameView, Seen, assemble};
use super::world::{World, owner_number, start_call, value_of};
use crate::computer::{Button, Element, ElementId};

/// How long the frames around the one that a deed was done in may take to say where it lies.
const AROUND_LIMIT: Duration = Duration::from_millis(800);
/// Something larger than this part of the view is a region; what was clicked in it is told instead.
const REGION: f64 = 0.4;
/// How many texts of a page are kept, and how long each may be in characters.
const TEXTS: usize = 80;
const TEXT_LENGTH: usize = 120;

/// What a recorder tells.
#[derive(Debug, Deserialize)]
struct Told {
    deed: String,
    /// The target and everything around it, nearest first.
    #[serde(default)]
    numbers: Vec<u64>,
    /// Where something was dragged to, and everything around that.
    #[serde(default)]
    to: Vec<u64>,
    /// The observer's answer.
    #[serde(default)]
    seen: String,
    /// Milliseconds since the epoch.
    #[serde(default)]
    at: f64,
    #[serde(default)]
    button: String,
    #[serde(default)]
    count: u8,
    #[serde(default)]
    value: Option<String>,
    /// Where the goal's sentence has what was typed into a secret field, from one place up to another.
    #[serde(default)]
    said: Option<(usize, usize)>,
    /// Where in the frame a drag began and ended: x, y, x, y.
    #[serde(default)]
    way: Option<[f64; 4]>,
    /// Whether the field is still being typed into.
    #[serde(default)]
    unfinished: bool,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    by_script: bool,
    /// Whether what is selected is all that the element holds.
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    keys: String,
    #[serde(default)]
    hosts: Vec<u64>,
}

impl Recording {
    /// Takes in one message of a recorder.
    pub(super) async fn take_in(&mut self, notice: &Notice) {
        let Some(session) = notice.session() else {
            return;
        };
        let Some(context) = notice
            .params
            .pointer("/executionContextId")
            .and_then(Value::as_i64)
        else {
            return;
        };
        let Ok(told) = serde_json::from_str::<Told>(notice.text("/payload")) else {
            tracing::debug!("a recorder told something unreadable");
            return;
        };
        let chain = self.chain(&session, context);
        if told.deed == "roots" {
            self.adopt(chain.last(), told.hosts);
            return;
        }
        let Some(tab) = self
            .stage
            .sessions
            .get(&session)
            .map(|attached| attached.tab.clone())
        else {
            return;
        };
        let Ok(seen) = serde_json::from_str::<Seen>(&told.seen) else {
            tracing::debug!("a recorder told of a page that cannot be read");
            return;
        };
        self.adopt(chain.last(), seen.closed_hosts.clone());
        let main_url = match chain.len() {
            1 => seen.url.clone(),
            _ => self
                .stage
                .tab(&tab)
                .map(|tab| tab.url.clone())
                .unwrap_or_default(),
        };
        let title = match chain.len() {
            1 => seen.title.clone(),
            _ => self
                .stage
                .tab(&tab)
                .map(|tab| tab.title.clone())
                .unwrap_or_default(),
        };
        let frame = (chain.len() > 1).then(|| seen.url.clone());
        let view = (seen.width, seen.height);
        let serial = chain.last().map_or(usize::MAX, |world| world.serial);
        let picture = self.stage.tab(&tab).and_then(|tab| tab.painted.clone());
        let all = self.with_frames_around(&chain, seen).await;
        if let Some(followed) = self.followed.get_mut(&tab) {
            // Whatever is done in it makes another page of it.
            followed.left = (told.deed == "left").then(|| (main_url.clone(), all.elements.clone()));
        }
        let find = |numbers: &[u64]| pick(&all, serial, numbers, view);
        let element = find(&told.numbers);
        let said = told
            .said
            .and_then(|(from, to)| self.goal.get(from..to))
            .map(String::from_utf16_lossy);
        let Some(deed) = deed(&told, element.as_ref(), find(&told.to), said) else {
            return;
        };
        if self.is_buttons(&tab) {
            self.hear_button(&deed, element.as_ref());
            return;
        }
        self.come_to(&tab);
        if let Some(followed) = self.followed.get_mut(&tab) {
            followed.last_deed = super::record::epoch_ms();
        }
        self.ended |= deed == Deed::End;
        self.queue.push_back(Heard {
            at_ms: told.at - self.began_ms,
            deed,
            element,
            frame,
            page: main_url,
            title,
            texts: texts_of(&all),
            unfinished: told.unfinished,
            screenshot: picture
                .and_then(|painted| decode(&painted))
                .map(|picture| painted_over(picture, &secret_fields(&all.elements))),
            elements: all.elements,
        });
    }

    /// The worlds from the main frame's down to the one that told.
    fn chain(&mut self, session: &Session, context: i64) -> Vec<World> {
        let mut worlds = Vec::new();
        let found = self.stage.sessions.get(session).and_then(|attached| {
            let frame = attached
                .contexts
                .iter()
                .find(|(_, known)| **known == context)?
                .0
                .clone();
            Some((attached.tab.clone(), frame))
        });
        let Some((tab, mut frame)) = found else {
            return worlds;
        };
        while let Some(state) = self.stage.tab(&tab).and_then(|tab| tab.frames.get(&frame)) {
            let known = self.stage.sessions.get(&state.session);
            let Some(context) = known.and_then(|attached| attached.contexts.get(&frame).copied())
            else {
                break;
            };
            let next = self.serials.len();
            let serial = *self
                .serials
                .entry((state.session.clone(), context))
                .or_insert(next);
            worlds.push(World {
                serial,
                frame: frame.clone(),
                session: state.session.clone(),
                context,
                url: state.url.clone(),
                parent: None,
            });
            match &state.parent {
                Some(parent) if worlds.len() < 32 => frame = parent.clone(),
                _ => break,
            }
        }
        worlds.reverse();
        worlds
    }

    /// The frame's elements where they lie in the viewport; where the frames around do not answer, where they lie in it.
    async fn with_frames_around(&self, chain: &[World], seen: Seen) -> Assembled {
        let mut views = Vec::with_capacity(chain.len());
        if let Some((own, around)) = chain.split_last() {
            if let Ok(Some(outer)) =
                tokio::time::timeout(AROUND_LIMIT, self.views_around(chain, around)).await
            {
                views = outer;
            }
            let owner = views.last().map(|(_, number)| (views.len() - 1, *number));
            let mut list: Vec<FrameView> = views.into_iter().map(|(view, _)| view).collect();
            list.push(FrameView {
                serial: own.serial,
                url: own.url.clone(),
                owner,
                seen,
            });
            return assemble(list);
        }
        assemble(vec![FrameView {
            serial: usize::MAX,
            url: seen.url.clone(),
            owner: None,
            seen,
        }])
    }

    /// The frames around, each with the number of the element in it that holds the next one.
    async fn views_around(
        &self,
        chain: &[World],
        around: &[World],
    ) -> Option<Vec<(FrameView, u64)>> {
        let mut views: Vec<(FrameView, u64)> = Vec::with_capacity(around.len());
        for (place, world) in around.iter().enumerate() {
            let flight = start_call(
                &self.link,
                world,
                "function () { return observer.observe({ whole: false }); }",
                json!([]),
            );
            let number = owner_number(&self.link, world, chain.get(place + 1)?)
                .await
                .ok()?;
            let answer = value_of(flight.finish(AROUND_LIMIT).await.ok()?).ok()?;
            let seen = serde_json::from_str(answer.as_str()?).ok()?;
            let owner = views.last().map(|(_, number)| (views.len() - 1, *number));
            let view = FrameView {
                serial: world.serial,
                url: world.url.clone(),
                owner,
                seen,
            };
            views.push((view, number));
        }
        Some(views)
    }

    /// Hands closed shadow roots to the observer, so that what is done in them is told as such.
    fn adopt(&self, world: Option<&World>, hosts: Vec<u64>) {
        let Some(world) = world.cloned() else { return };
        if hosts.is_empty() {
            return;
        }
        let link = self.link.clone();
        tokio::spawn(async move {
            for host in hosts {
                // A host that is gone has nothing to hand over.
                let _ = adopt_closed_root(&link, &world, host).await;
            }
        });
    }
}

fn deed(
    told: &Told,
    element: Option<&Element>,
    to: Option<Element>,
    said: Option<String>,
) -> Option<Deed> {
    let secret = element.is_some_and(|element| element.masked);
    Some(match told.deed.as_str() {
        "click" => Deed::Click {
            button: match told.button.as_str() {
                "right" => Button::Right,
                "middle" => Button::Middle,
                _ => Button::Left,
            },
            count: told.count,
            within: place_in(told.way, element),
        },
        "fill" => Deed::Fill(match (&told.value, said) {
            (Some(value), _) if !secret => Entered::Plain(value.clone()),
            (_, Some(said)) => Entered::Plain(said),
            _ => Entered::Secret,
        }),
        "choose" => Deed::Choose(told.labels.clone()),
        "upload" => Deed::Upload {
            files: told.files.clone(),
            by_script: told.by_script,
        },
        "select" if secret => return None,
        "select" => Deed::Select {
            text: told.value.clone()?,
            whole: told.whole && is_itself(told, element),
        },
        "copy" => Deed::Copy(told.value.clone()?),
        "press" => Deed::Press(told.keys.clone()),
        "drag" => {
            let within = within(told.way, element, to.as_ref());
            // What was moved by some way, and not to something, is itself where it ends.
            let to = if within.is_some() {
                element.cloned()
            } else {
                to
            };
            Deed::Drag {
                to: to.map(Box::new),
                within,
            }
        }
        "hover" => Deed::Hover,
        "scroll-to" => Deed::ScrollTo,
        "scroll-end" => Deed::ScrollThrough { to_end: true },
        "scroll-start" => Deed::ScrollThrough { to_end: false },
        "end" => Deed::End,
        _ => return None,
    })
}

/// Whether the element is what was told of, and nothing around it.
fn is_itself(told: &Told, element: Option<&Element>) -> bool {
    let number = element.and_then(|element| element.id.0.rsplit_once(':'));
    let first = told.numbers.first().map(u64::to_string);
    number.is_some_and(|(_, number)| first.as_deref() == Some(number))
}

/// For a click on a drawing, where in it: as parts of its width and height from its corner, twice. What has a name or is a control
/// is one thing, wherever it is hit.
fn place_in(way: Option<[f64; 4]>, element: Option<&Element>) -> Option<[f64; 4]> {
    /// A smaller thing is hit or it is not, in CSS pixels.
    const LEAST_SIDE: f64 = 40.0;
    let ([x, y, ..], element) = (way?, element?);
    let bounds = &element.bounds;
    let is_ground = ["canvas", "svg", "img", "div", "section", "body", "main"]
        .contains(&element.tag.as_str())
        && element.title().is_empty()
        && bounds.width.min(bounds.height) >= LEAST_SIDE;
    if !is_ground || element.frame != 0 {
        return None;
    }
    let part = |at: f64, from: f64, size: f64| ((at - from) / size * 1000.0).round() / 1000.0;
    let place = [
        part(x, bounds.x, bounds.width),
        part(y, bounds.y, bounds.height),
    ];
    let inside = place.iter().all(|part| (0.0..=1.0).contains(part));
    inside.then_some([place[0], place[1], place[0], place[1]])
}

/// For a drag inside one thing, or to where nothing is listed: where it began and ended, as parts of the thing's width and height
/// from its corner. Between two things it is the things that count.
fn within(way: Option<[f64; 4]>, from: Option<&Element>, to: Option<&Element>) -> Option<[f64; 4]> {
    let ([x, y, end_x, end_y], from) = (way?, from?);
    let apart = to.is_some_and(|to| {
        let around = to.bounds.x <= from.bounds.x
            && to.bounds.y <= from.bounds.y
            && to.bounds.right() >= from.bounds.right()
            && to.bounds.bottom() >= from.bounds.bottom();
        from.id != to.id && !from.path.starts_with(&to.path) && !around
    });
    if apart || from.frame != 0 {
        return None;
    }
    let part = |at: f64, start: f64, length: f64| {
        ((at - start) / length.max(1.0) * 1000.0).round() / 1000.0
    };
    let bounds = &from.bounds;
    Some([
        part(x, bounds.x, bounds.width),
        part(y, bounds.y, bounds.height),
        part(end_x, bounds.x, bounds.width),
        part(end_y, bounds.y, bounds.height),
    ])
}

/// The nearest listed control; else the nearest listed thing that a click may go to. Around a thing that says something of its
/// own, a region that merely takes clicks says less than the thing.
fn pick(all: &Assembled, serial: usize, numbers: &[u64], view: (f64, f64)) -> Option<Element> {
    let listed: Vec<&Element> = numbers
        .iter()
        .filter_map(|number| {
            let id = ElementId(format!("{serial}:{number}"));
            all.elements.iter().find(|element| element.id == id)
        })
        .collect();
    let first = listed.first().copied()?;
    let fits = |element: &Element| {
        let area = element.bounds.width * element.bounds.height;
        element.interactive && (element == first || area <= REGION * view.0 * view.1)
    };
    let around = listed.iter().copied().find(|element| fits(element));
    Some(match around {
        Some(around) if is_control(around) || says_the_same(first, around) => around,
        Some(_) | None => first,
    })
    .cloned()
}

/// Whether it is a control by what it is, and not merely because somebody listens for clicks there.
fn is_control(element: &Element) -> bool {
    !matches!(
        element.role.as_str(),
        "generic"
            | "none"
            | "presentation"
            | "StaticText"
            | "paragraph"
            | "listitem"
            | "group"
            | "region"
            | "article"
            | "section"
    )
}

/// Whether the thing within adds nothing to what its surroundings say.
fn says_the_same(within: &Element, around: &Element) -> bool {
    let title = within.title();
    let is_icon = within.text.is_empty()
        && within.id != around.id
        && within.bounds.width < 0.5 * around.bounds.width;
    !is_icon && (title.is_empty() || title == around.title())
}

/// What a person reads on the page, headings and announcements first; nothing that is typed.
fn texts_of(all: &Assembled) -> Vec<String> {
    let mut texts: Vec<(u8, String)> = all
        .elements
        .iter()
        .filter(|element| element.in_view && !element.interactive && element.value.is_none())
        .filter_map(|element| {
            let text = [&element.text, &element.name]
                .into_iter()
                .find(|text| !text.is_empty())?;
            let rank = match element.role.as_str() {
                "heading" => 0,
                "alert" | "status" => 1,
                _ => 2,
            };
            (text.chars().count() <= TEXT_LENGTH).then(|| (rank, text.clone()))
        })
        .collect();
    texts.sort_by_key(|(rank, _)| *rank);
    texts.truncate(TEXTS);
    texts.into_iter().map(|(_, text)| text).collect()
}
