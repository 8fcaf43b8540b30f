//! Pictures: the newest frame that the browser painted, or a capture where there is none; secrets are painted over.

use std::io::Cursor;
use std::time::Duration;

use base64::Engine;
use serde_json::{Value, json};

use super::Browser;
use super::router::Session;
use super::stage::Painted;
use crate::computer::{ComputerError, Element, PictureFormat, Place, Rect, Scope, Screenshot};

/// How long the browser takes to deliver a frame after it began, at most, unless the machine is very busy: two frames at 60 Hz.
const DELIVERY_MS: f64 = 34.0;
/// How much longer a frame is waited for where something certainly changed, before a capture is asked for.
const LATE_LIMIT: Duration = Duration::from_millis(70);
/// A frame is stamped when it is delivered. One stamped this long after the wanted one began cannot be the one before it.
const SURELY_NEWER_MS: f64 = 17.0;
/// How long the very first frame of a tab may take before a capture is asked for.
const FIRST_LIMIT: Duration = Duration::from_millis(400);
/// How long a capture may take.
const CAPTURE_LIMIT: Duration = Duration::from_secs(5);
/// Secrets are painted over with this much around them, in CSS pixels.
const MARGIN: f64 = 2.0;

/// Which painted frame shows what was last done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaintDue {
    /// When the frame that shows it began, in milliseconds since the epoch.
    pub at_ms: f64,
    /// Whether something certainly changed.
    pub certain: bool,
}

impl Browser {
    /// The painted frame that shows what was last done, waiting briefly for it. `None` where it did not come, though
    /// something certainly changed: then a capture has to be asked for.
    pub(super) fn painted_picture(&self) -> impl Future<Output = Option<Screenshot>> + use<> {
        let link = self.link.clone();
        let due = self.paint_due;
        async move {
            let Some(due) = due else {
                let first = link
                    .wait_for(FIRST_LIMIT, |stage| stage.active_tab()?.painted.clone())
                    .await?;
                return decode(&first);
            };
            let stamped = |painted: &Painted| painted.timestamp * 1000.0;
            let delivered =
                (due.at_ms + DELIVERY_MS - super::settle::epoch_ms()).clamp(0.0, DELIVERY_MS);
            let newer = link
                .wait_for(Duration::from_secs_f64(delivered / 1000.0), |stage| {
                    let painted = stage.active_tab()?.painted.as_ref()?;
                    (stamped(painted) >= due.at_ms + SURELY_NEWER_MS).then(|| painted.clone())
                })
                .await;
            // By now the wanted frame was delivered, if there was anything to paint.
            let latest = newer.or_else(|| link.stage().active_tab()?.painted.clone());
            let painted = match latest {
                Some(painted) if !due.certain || stamped(&painted) >= due.at_ms => Some(painted),
                _ if due.certain => {
                    link.wait_for(LATE_LIMIT, |stage| {
                        let painted = stage.active_tab()?.painted.as_ref()?;
                        (stamped(painted) >= due.at_ms).then(|| painted.clone())
                    })
                    .await
                }
                _ => None,
            };
            decode(&painted?)
        }
    }

    /// The newest painted frame as it is.
    pub(super) async fn last_painted(&self) -> Option<Screenshot> {
        let painted = self.link.stage().active_tab()?.painted.clone()?;
        decode(&painted)
    }

    /// A capture, for tabs that paint no frames.
    pub(super) async fn captured_picture(&self) -> Option<Screenshot> {
        let session = self.link.stage().active_tab()?.session.clone();
        let answer = self
            .link
            .router
            .call_raw(
                Some(&session),
                "Page.captureScreenshot",
                json!({ "format": "jpeg", "quality": 80, "optimizeForSpeed": true }),
                CAPTURE_LIMIT,
            )
            .await
            .ok()?;
        Some(Screenshot {
            bytes: from_base64(answer["data"].as_str()?)?,
            format: PictureFormat::Jpeg,
            area: self.link.stage().viewport.area(),
        })
    }

    /// A sharp picture of an element, an area or the whole view.
    pub(super) async fn sharp_picture(
        &mut self,
        place: &Place,
    ) -> Result<Screenshot, ComputerError> {
        self.check_alive()?;
        if self.dialog_open() {
            return Err(ComputerError::DialogOpen {
                kind: "JavaScript".to_owned(),
            });
        }
        let viewport = self.link.stage().viewport.area();
        let area = match place {
            Place::Viewport => viewport,
            Place::Area(area) => *area,
            Place::Element(id) => self.bring_into_view(id).await?,
        };
        let session = self
            .link
            .stage()
            .active_tab()
            .map(|tab| tab.session.clone())
            .ok_or_else(|| ComputerError::Gone("its last tab was closed".to_owned()))?;
        // What was there right before the picture is painted over, and what was there right after it.
        let mut veils = if self.exposure.any() {
            self.veils_now(Scope::Whole).await?
        } else {
            Vec::new()
        };
        let inside = area.x >= 0.0
            && area.y >= 0.0
            && area.right() <= viewport.width
            && area.bottom() <= viewport.height;
        let options = if inside {
            // A clip changes the page's size while it is taken, which the running screencast would show as a frame.
            json!({ "format": "png", "optimizeForSpeed": true })
        } else {
            self.beyond(&session, area).await?
        };
        let answer = self
            .link
            .router
            .call_raw(
                Some(&session),
                "Page.captureScreenshot",
                options,
                CAPTURE_LIMIT,
            )
            .await?;
        let bytes = answer["data"]
            .as_str()
            .and_then(from_base64)
            .and_then(|bytes| {
                if inside {
                    cut_out(&bytes, &viewport, area)
                } else {
                    Some(bytes)
                }
            })
            .ok_or_else(|| ComputerError::Protocol {
                method: "Page.captureScreenshot".to_owned(),
                message: "it gave no picture".to_owned(),
            })?;
        let picture = Screenshot {
            bytes,
            format: PictureFormat::Png,
            area,
        };
        let scope = if inside {
            Scope::NearView
        } else {
            Scope::Whole
        };
        veils.extend(self.veils_now(scope).await?);
        Ok(painted_over(picture, &veils))
    }

    /// What has to be painted over now; an error where the page does not hold still enough to say.
    async fn veils_now(&mut self, scope: Scope) -> Result<Vec<Rect>, ComputerError> {
        /// A page may be left, or hand over closed shadow roots, while it is asked.
        const TRIES: usize = 3;
        for _ in 0..TRIES {
            if self.wait_for_world().await
                && let Some(glance) = self.glance(scope).await?
            {
                return Ok(glance.veils);
            }
        }
        Err(ComputerError::Unanswered {
            method: "asking the page what of it is secret".to_owned(),
            limit_ms: CAPTURE_LIMIT.as_millis() as u64,
        })
    }

    /// Asks for an area that reaches out of the view.
    async fn beyond(&self, session: &Session, area: Rect) -> Result<Value, ComputerError> {
        // A clip is measured from the document's corner, not from the view's.
        let metrics = self
            .link
            .router
            .call_raw(
                Some(session),
                "Page.getLayoutMetrics",
                json!({}),
                CAPTURE_LIMIT,
            )
            .await?;
        let number = |pointer| {
            metrics
                .pointer(pointer)
                .and_then(Value::as_f64)
                .unwrap_or(0.0)
        };
        Ok(json!({
            "format": "png",
            "optimizeForSpeed": true,
            "captureBeyondViewport": true,
            "clip": {
                "x": area.x + number("/cssVisualViewport/pageX"),
                "y": area.y + number("/cssVisualViewport/pageY"),
                "width": area.width.max(1.0), "height": area.height.max(1.0), "scale": 1,
            },
        }))
    }
}

/// A part of a picture, as PNG; `view` is what all of it shows, in CSS pixels of the viewport as the part is.
pub fn cut_out(bytes: &[u8], view: &Rect, area: Rect) -> Option<Vec<u8>> {
    let whole = image::load_from_memory(bytes).ok()?;
    let scale_x = f64::from(whole.width()) / view.width.max(1.0);
    let scale_y = f64::from(whole.height()) / view.height.max(1.0);
    let part = whole.crop_imm(
        ((area.x - view.x) * scale_x).floor() as u32,
        ((area.y - view.y) * scale_y).floor() as u32,
        ((area.width * scale_x).ceil() as u32).max(1),
        ((area.height * scale_y).ceil() as u32).max(1),
    );
    let mut bytes = Cursor::new(Vec::new());
    part.write_to(&mut bytes, image::ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// The size of a picture in base64, in its own pixels, as its beginning says it; `None` where that does not.
pub(super) fn size_of(text: &str) -> Option<(u32, u32)> {
    /// Enough for everything that stands before the size, in characters of base64, which go by four.
    const BEGINNING: usize = 4096;
    let beginning = from_base64(text.get(..BEGINNING).unwrap_or(text))?;
    image::ImageReader::new(Cursor::new(beginning))
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()
}

pub(super) fn decode(painted: &Painted) -> Option<Screenshot> {
    Some(Screenshot {
        bytes: from_base64(&painted.data)?,
        format: PictureFormat::Jpeg,
        area: Rect {
            x: 0.0,
            y: 0.0,
            width: painted.width,
            height: painted.height,
        },
    })
}

/// Where the fields are that hold a secret. Password fields show dots by themselves and are left as they are.
pub fn secret_fields(elements: &[Element]) -> Vec<Rect> {
    elements
        .iter()
        .filter(|element| element.masked && element.value.as_deref().is_some_and(|v| !v.is_empty()))
        .filter(|element| element.attributes.get("type").map(String::as_str) != Some("password"))
        .map(|element| element.bounds)
        .collect()
}

/// The picture with these areas of the view painted over.
pub fn painted_over(picture: Screenshot, areas: &[Rect]) -> Screenshot {
    let boxes: Vec<Rect> = areas
        .iter()
        .filter_map(|area| area.intersection(&picture.area))
        .collect();
    if boxes.is_empty() {
        return picture;
    }
    paint_over(&picture, &boxes).unwrap_or(Screenshot {
        // What cannot be painted over is not shown at all.
        bytes: Vec::new(),
        ..picture
    })
}

fn paint_over(picture: &Screenshot, boxes: &[Rect]) -> Option<Screenshot> {
    let mut image = image::load_from_memory(&picture.bytes).ok()?.to_rgb8();
    let scale_x = f64::from(image.width()) / picture.area.width;
    let scale_y = f64::from(image.height()) / picture.area.height;
    for area in boxes {
        let left = ((area.x - picture.area.x - MARGIN) * scale_x).max(0.0) as u32;
        let top = ((area.y - picture.area.y - MARGIN) * scale_y).max(0.0) as u32;
        let right =
            (((area.right() - picture.area.x + MARGIN) * scale_x) as u32).min(image.width());
        let bottom =
            (((area.bottom() - picture.area.y + MARGIN) * scale_y) as u32).min(image.height());
        for y in top..bottom {
            for x in left..right {
                image.put_pixel(x, y, image::Rgb([64, 64, 64]));
            }
        }
    }
    let mut bytes = Vec::new();
    match picture.format {
        PictureFormat::Jpeg => {
            image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 85)
                .encode_image(&image)
                .ok()?;
        }
        PictureFormat::Png => {
            image
                .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
                .ok()?;
        }
    }
    Some(Screenshot {
        bytes,
        ..picture.clone()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_says_its_size_at_its_beginning() {
        let mut bytes = Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(300, 188)
            .write_to(&mut bytes, image::ImageFormat::Jpeg)
            .unwrap();
        let text = base64::engine::general_purpose::STANDARD.encode(bytes.into_inner());
        assert_eq!(size_of(&text), Some((300, 188)));
        assert_eq!(size_of("no picture"), None);
    }
}
