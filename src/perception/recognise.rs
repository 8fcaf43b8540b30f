//! Reading one line of text: from its piece of the picture to its characters.

use std::path::Path;

use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use rten::ctc::CtcDecoder;
use rten::{Model, ModelOptions};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::PerceptionError;
use super::detect::LineBox;
use super::picture::planes;

/// Pixels; the network reads lines of this height.
const HEIGHT: u32 = 48;

/// Pixels at [`HEIGHT`]: shorter lines are put on a ground of this width, since the network was trained with no shorter ones.
const LEAST_WIDTH: usize = 64;

/// Pixels at [`HEIGHT`]; a line that is longer is pressed together. Some 400 letters.
const MOST_WIDTH: u32 = 4800;

/// A box this many times as high as wide may be text turned by a right angle, or a single letter: both are tried.
const UPRIGHT_RATIO: f32 = 1.5;

/// A line whose ends differ by less than this share of its height is cut out as it lies; others are turned first.
const LEVEL_SHARE: f32 = 0.12;

/// What a line reads, and the mean probability of its characters (0 to 1).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    pub text: String,
    pub confidence: f32,
}

pub(super) struct Recogniser {
    model: Model,
    /// What each class of the network stands for; the first is CTC's blank.
    characters: Vec<String>,
}

impl Recogniser {
    pub(super) fn load(file: &Path, bytes: Vec<u8>) -> Result<Self, PerceptionError> {
        let model = load(file, bytes)?;
        let unusable = |reason: &str| PerceptionError::Model {
            file: file.to_owned(),
            reason: reason.to_owned(),
        };
        let listed = model
            .metadata()
            .get("character")
            .ok_or_else(|| unusable("it does not name its characters"))?;
        let characters = characters(listed);
        Ok(Self { model, characters })
    }

    /// Reads the line in a box of `picture`.
    pub(super) fn read(
        &self,
        picture: &DynamicImage,
        line: &LineBox,
    ) -> Result<Read, PerceptionError> {
        let piece = cut_out(picture, line);
        let upright = self.read_piece(&piece)?;
        if line.height() < line.width() * UPRIGHT_RATIO {
            return Ok(upright);
        }
        let mut best = upright;
        for turned in [piece.rotate270(), piece.rotate90()] {
            let read = self.read_piece(&turned)?;
            // A single letter reads well upright; only what reads clearly better turned is turned.
            if read.text.chars().count() > 1 && read.confidence > best.confidence + 0.1 {
                best = read;
            }
        }
        Ok(best)
    }

    fn read_piece(&self, piece: &DynamicImage) -> Result<Read, PerceptionError> {
        let failed = |reason: String| PerceptionError::Inference { reason };
        let output = self
            .model
            .run_one(at_height(piece).into(), None)
            .map_err(|e| failed(e.to_string()))?;
        let classes: NdTensor<f32, 3> = output
            .try_into()
            .map_err(|e| failed(format!("recognition gave an unexpected result: {e}")))?;
        if classes.size(2) != self.characters.len() {
            return Err(failed(format!(
                "the model tells {} characters apart, but names {}",
                classes.size(2),
                self.characters.len()
            )));
        }
        let classes = classes.slice(0);
        let steps = CtcDecoder::new().decode_greedy(classes.view());
        let mut text = String::new();
        let mut sum = 0.0;
        for step in steps.steps() {
            text.push_str(&self.characters[step.label as usize]);
            sum += classes[[step.pos as usize, step.label as usize]];
        }
        let count = steps.steps().len();
        Ok(Read {
            text: text.trim().to_owned(),
            confidence: if count == 0 { 0.0 } else { sum / count as f32 },
        })
    }
}

/// Loads a network from the bytes of its ONNX file.
pub(super) fn load(file: &Path, bytes: Vec<u8>) -> Result<Model, PerceptionError> {
    ModelOptions::with_all_ops()
        .load(bytes)
        .map_err(|error| PerceptionError::Model {
            file: file.to_owned(),
            reason: error.to_string(),
        })
}

/// The classes of a CTC network: blank first, then the listed characters, one a line, then the space.
fn characters(listed: &str) -> Vec<String> {
    let listed = listed.strip_suffix('\n').unwrap_or(listed);
    std::iter::once("")
        .chain(listed.split('\n').map(|line| line.trim_end_matches('\r')))
        .chain([" "])
        .map(str::to_owned)
        .collect()
}

/// The piece of the picture that the box covers, its text level.
fn cut_out(picture: &DynamicImage, line: &LineBox) -> DynamicImage {
    let up = line.up_axis();
    let drift = line.width() * up.x.abs();
    if drift > line.height() * LEVEL_SHARE {
        return DynamicImage::ImageRgb8(turned(&picture.to_rgb8(), line));
    }
    let (center, half_width, half_height) =
        (line.center(), line.width() / 2.0, line.height() / 2.0);
    let within = |value: f32, end: u32| value.round().clamp(0.0, end as f32) as u32;
    let left = within(center.x - half_width, picture.width().saturating_sub(1));
    let top = within(center.y - half_height, picture.height().saturating_sub(1));
    let right = within(center.x + half_width, picture.width()).max(left + 1);
    let bottom = within(center.y + half_height, picture.height()).max(top + 1);
    picture.crop_imm(left, top, right - left, bottom - top)
}

/// Samples a turned box, mixing the four pixels around each point.
fn turned(picture: &RgbImage, line: &LineBox) -> RgbImage {
    let width = (line.width().round() as u32).max(1);
    let height = (line.height().round() as u32).max(1);
    let (up_x, up_y) = (line.up_axis().x, line.up_axis().y);
    let (right_x, right_y) = (-up_y, up_x);
    let (center_x, center_y) = (line.center().x, line.center().y);
    let last_x = picture.width() as i64 - 1;
    let last_y = picture.height() as i64 - 1;
    RgbImage::from_fn(width, height, |column, row| {
        let along = column as f32 + 0.5 - width as f32 / 2.0;
        let below = row as f32 + 0.5 - height as f32 / 2.0;
        let x = center_x + along * right_x - below * up_x - 0.5;
        let y = center_y + along * right_y - below * up_y - 0.5;
        let (left, top) = (x.floor(), y.floor());
        let (share_x, share_y) = (x - left, y - top);
        let pixel = |dx: i64, dy: i64| {
            let at_x = (left as i64 + dx).clamp(0, last_x) as u32;
            let at_y = (top as i64 + dy).clamp(0, last_y) as u32;
            picture.get_pixel(at_x, at_y).0
        };
        let (a, b, c, d) = (pixel(0, 0), pixel(1, 0), pixel(0, 1), pixel(1, 1));
        let mixed = std::array::from_fn(|channel| {
            let upper = f32::from(a[channel]) * (1.0 - share_x) + f32::from(b[channel]) * share_x;
            let lower = f32::from(c[channel]) * (1.0 - share_x) + f32::from(d[channel]) * share_x;
            (upper * (1.0 - share_y) + lower * share_y).round() as u8
        });
        image::Rgb(mixed)
    })
}

/// A piece at the network's height, with neutral ground to its right where it is short.
fn at_height(piece: &DynamicImage) -> NdTensor<f32, 4> {
    let ratio = f64::from(piece.width()) / f64::from(piece.height().max(1));
    let width = ((f64::from(HEIGHT) * ratio).ceil() as u32).clamp(8, MOST_WIDTH);
    let (pixels, width, height) = planes(&piece.resize_exact(width, HEIGHT, FilterType::Triangle));
    let full_width = width.max(LEAST_WIDTH).next_multiple_of(8);
    let mut data = Vec::with_capacity(3 * full_width * height);
    for row in pixels.chunks_exact(width) {
        data.extend_from_slice(row);
        data.resize(data.len() + full_width - width, 0.0);
    }
    NdTensor::from_data([1, 3, height, full_width], data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rten_imageproc::{PointF, RotatedRect, Vec2};

    #[test]
    fn classes_begin_with_the_blank_and_end_with_the_space() {
        assert_eq!(characters("a\nb\n"), ["", "a", "b", " "]);
        assert_eq!(characters("a\r\nb"), ["", "a", "b", " "]);
    }

    #[test]
    fn a_turned_line_comes_out_level() {
        // A dark stroke that falls by one in ten.
        let picture = RgbImage::from_fn(200, 100, |x, y| {
            let on_line = (y as f32 - (40.0 + x as f32 / 10.0)).abs() < 3.0;
            image::Rgb([if on_line { 0 } else { 255 }; 3])
        });
        let line = RotatedRect::new(
            PointF::from_yx(50.0, 100.0),
            Vec2::from_xy(0.0995, -0.995),
            160.0,
            20.0,
        );
        let level = cut_out(&picture.into(), &line).into_rgb8();
        for x in [5, 80, 155] {
            assert!(level.get_pixel(x, 10).0[0] < 40, "at {x}");
            assert!(level.get_pixel(x, 1).0[0] > 200, "at {x}");
        }
    }

    #[test]
    fn a_box_beyond_the_picture_is_cut_at_its_border() {
        let picture = DynamicImage::new_rgb8(20, 10);
        let line = RotatedRect::new(
            PointF::from_yx(9.0, 19.0),
            Vec2::from_xy(0.0, -1.0),
            50.0,
            30.0,
        );
        let piece = cut_out(&picture, &line);
        assert!(piece.width() <= 20 && piece.height() <= 10);
    }
}
