//! The one door to reading: pictures go in, lines of text come out, whichever engine is there.

use crate::computer::Rect;

use super::detect::{Detector, LineBox};
use super::reading::{self, Piece};
use super::recognise::Recogniser;
use super::tesseract::Tesseract;
use super::{PerceptionError, Weights, picture};

/// What is read with less confidence than this is no text but a pattern. PP-OCR's own value.
const LEAST_CONFIDENCE: f32 = 0.5;

/// One line of text in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    pub text: String,
    /// Mean over its characters, 0 to 1.
    pub confidence: f32,
    /// In pixels of the picture (not CSS pixels: a screenshot may have more than one pixel for each).
    pub bounds: Rect,
}

/// Reads text in pictures. Loading takes a few tenths of a second, so keep one; it may be shared between threads.
pub struct Reader {
    engine: Engine,
}

enum Engine {
    Networks(Box<Networks>),
    Tesseract(Tesseract),
}

struct Networks {
    detector: Detector,
    recogniser: Recogniser,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("engine", &self.engine_name())
            .finish()
    }
}

impl Reader {
    /// Loads the networks; an error where a file is missing or is not the expected one.
    pub fn load(weights: &Weights) -> Result<Self, PerceptionError> {
        let (file, bytes) = weights.detection()?;
        let detector = Detector::load(&file, bytes)?;
        let (file, bytes) = weights.recognition()?;
        let recogniser = Recogniser::load(&file, bytes)?;
        Ok(Self {
            engine: Engine::Networks(Box::new(Networks {
                detector,
                recogniser,
            })),
        })
    }

    /// A reader that runs the program tesseract; an error where it is not installed.
    pub fn tesseract() -> Result<Self, PerceptionError> {
        Ok(Self {
            engine: Engine::Tesseract(Tesseract::find()?),
        })
    }

    /// The networks where their weights are, else tesseract. Damaged weights are an error, not a reason for tesseract.
    pub fn best() -> Result<Self, PerceptionError> {
        match Weights::find() {
            Some(weights) => Self::load(&weights),
            None => Self::tesseract().map_err(|_| PerceptionError::NoReader),
        }
    }

    /// `PP-OCRv6` or `tesseract`.
    pub fn engine_name(&self) -> &'static str {
        match self.engine {
            Engine::Networks(_) => "PP-OCRv6",
            Engine::Tesseract(_) => "tesseract",
        }
    }

    /// All lines of a PNG or JPEG, in reading order. Blocks: about half a second for a whole screen, and 25 ms for each line.
    pub fn read(&self, bytes: &[u8]) -> Result<Vec<TextLine>, PerceptionError> {
        Ok(self.read_rows(bytes)?.into_iter().flatten().collect())
    }

    /// The text of a PNG or JPEG in reading order: one row a line, what stands side by side parted by a space.
    pub fn read_text(&self, bytes: &[u8]) -> Result<String, PerceptionError> {
        Ok(reading::text(&self.read_rows(bytes)?))
    }

    /// As [`Reader::read`], with what stands side by side together in one row.
    pub fn read_rows(&self, bytes: &[u8]) -> Result<Vec<Vec<TextLine>>, PerceptionError> {
        let picture = picture::decode(bytes)?;
        let pieces = match &self.engine {
            Engine::Networks(networks) => networks.pieces(&picture)?,
            Engine::Tesseract(tesseract) => tesseract
                .read(&picture)?
                .into_iter()
                .map(|line| Piece { line, slope: 0.0 })
                .collect(),
        };
        Ok(reading::rows(pieces))
    }
}

impl Networks {
    fn pieces(&self, picture: &image::DynamicImage) -> Result<Vec<Piece>, PerceptionError> {
        let mut pieces = Vec::new();
        for found in self.detector.find(picture)? {
            let read = self.recogniser.read(picture, &found)?;
            if read.text.is_empty() || read.confidence < LEAST_CONFIDENCE {
                continue;
            }
            let up = found.up_axis();
            pieces.push(Piece {
                line: TextLine {
                    text: read.text,
                    confidence: read.confidence,
                    bounds: bounds(&found, picture.width(), picture.height()),
                },
                slope: f64::from(up.x) / f64::from(-up.y).max(0.1),
            });
        }
        Ok(pieces)
    }
}

/// The upright box around a turned one, within the picture.
fn bounds(found: &LineBox, width: u32, height: u32) -> Rect {
    let corners = found.corners();
    let least = |values: [f32; 4]| values.into_iter().fold(f32::INFINITY, f32::min);
    let most = |values: [f32; 4]| values.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let (xs, ys) = (corners.map(|c| c.x), corners.map(|c| c.y));
    let (width, height) = (width as f32, height as f32);
    let (left, top) = (least(xs).clamp(0.0, width), least(ys).clamp(0.0, height));
    Rect {
        x: f64::from(left),
        y: f64::from(top),
        width: f64::from(most(xs).clamp(left, width) - left),
        height: f64::from(most(ys).clamp(top, height) - top),
    }
}
