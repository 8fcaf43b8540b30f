//! Finding lines of text: where in a picture each one is, and how it is turned.

use std::path::Path;

use image::DynamicImage;
use image::imageops::FilterType;
use rten::Model;
use rten_imageproc::{PointF, RetrievalMode, RotatedRect, Vec2, find_contours, min_area_rect};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};

use super::PerceptionError;
use super::picture::planes;
use super::recognise::load;

/// The network halves its input five times.
const STRIDE: u32 = 32;

/// Pixels of plain ground added on each side: a line that touches the border is cut short otherwise.
const MARGIN: u32 = 16;

/// A shorter side beyond this (pixels) is a photograph, whose letters are large enough to be seen at a smaller scale.
const SHORT_SIDE: f64 = 1600.0;

/// Pixels in all that are looked at in one piece; about five seconds of work.
const MOST_PIXELS: f64 = 12_000_000.0;

/// From what probability on a pixel belongs to a line. PP-OCR's own value, as the next two are.
const PIXEL_THRESHOLD: f32 = 0.3;

/// How probable the pixels of a line must be on average.
const LINE_THRESHOLD: f32 = 0.5;

/// The network marks the heart of a line; it grows by this ratio of its area to its circumference.
const UNCLIP_RATIO: f32 = 1.6;

/// Marks of a smaller height (pixels) are specks.
const LEAST_HEIGHT: f32 = 3.0;

/// A faint mark of at least this length (pixels) is worth a second look.
const LEAST_FAINT_LENGTH: f32 = 24.0;

/// Pixels around a faint mark that the second look takes in.
const SURROUNDINGS: f32 = 20.0;

/// Twice the size puts 12-pixel type at the size that the network reads best.
const SECOND_LOOK_SCALE: f64 = 2.0;

/// A picture full of faint patterns (a photograph, a chart) must not cost a look for each of them.
const MOST_SECOND_LOOKS: usize = 12;

/// One line of text: a box whose "up" is where the letters' tops are.
pub(super) type LineBox = RotatedRect;

pub(super) struct Detector {
    model: Model,
}

impl Detector {
    pub(super) fn load(file: &Path, bytes: Vec<u8>) -> Result<Self, PerceptionError> {
        Ok(Self {
            model: load(file, bytes)?,
        })
    }

    /// The boxes of all lines, in pixels of `picture`, in no particular order.
    ///
    /// Small type that lies badly between the network's cells leaves a mark too faint for a line. Where that happens, the
    /// place is looked at again, by itself and enlarged.
    pub(super) fn find(&self, picture: &DynamicImage) -> Result<Vec<LineBox>, PerceptionError> {
        let Marks {
            mut lines,
            mut faint,
        } = self.look(picture, scale_for(picture.width(), picture.height()))?;
        faint.sort_by(|a, b| longer_side(b).total_cmp(&longer_side(a)));
        for mark in faint.iter().take(MOST_SECOND_LOOKS) {
            if lines.iter().any(|line| line.contains(mark.center())) {
                continue;
            }
            let (left, top, piece) = surroundings(picture, mark);
            for found in self.look(&piece, SECOND_LOOK_SCALE)?.lines {
                let center = PointF::from_yx(
                    found.center().y + top as f32,
                    found.center().x + left as f32,
                );
                // What the piece shows of its neighbours was seen whole before.
                if lines.iter().any(|line| line.contains(center)) || !near(center, mark) {
                    continue;
                }
                lines.push(RotatedRect::new(
                    center,
                    found.up_axis(),
                    found.width(),
                    found.height(),
                ));
            }
        }
        Ok(lines)
    }

    /// Runs the network once, over the picture at a scale; boxes come back in pixels of `picture`.
    fn look(&self, picture: &DynamicImage, scale: f64) -> Result<Marks, PerceptionError> {
        let input = if scale == 1.0 {
            on_plain_ground(picture)
        } else {
            let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
            let (width, height) = (side(picture.width()), side(picture.height()));
            on_plain_ground(&picture.resize_exact(width, height, FilterType::Triangle))
        };
        let failed = |reason: String| PerceptionError::Inference { reason };
        let output = self
            .model
            .run_one(input.into(), None)
            .map_err(|e| failed(e.to_string()))?;
        let map: NdTensor<f32, 4> = output
            .try_into()
            .map_err(|e| failed(format!("detection gave an unexpected result: {e}")))?;
        let marks = marks(map.slice((0, 0)));
        let factor = 1.0 / scale as f32;
        let in_picture = |found: &LineBox| {
            let center = PointF::from_yx(
                (found.center().y - MARGIN as f32) * factor,
                (found.center().x - MARGIN as f32) * factor,
            );
            RotatedRect::new(
                center,
                found.up_axis(),
                found.width() * factor,
                found.height() * factor,
            )
        };
        Ok(Marks {
            lines: marks.lines.iter().map(in_picture).collect(),
            faint: marks.faint.iter().map(in_picture).collect(),
        })
    }
}

/// What the network marked: lines, grown to their full size, and traces that may be lines.
#[derive(Debug, Default)]
struct Marks {
    lines: Vec<LineBox>,
    faint: Vec<LineBox>,
}

fn longer_side(mark: &LineBox) -> f32 {
    mark.width().max(mark.height())
}

/// The piece of the picture around a mark, and where its left top corner is.
fn surroundings(picture: &DynamicImage, mark: &LineBox) -> (u32, u32, DynamicImage) {
    let corners = mark.corners();
    let range = |value: fn(&PointF) -> f32, end: u32| {
        let least = corners.iter().map(value).fold(f32::INFINITY, f32::min);
        let most = corners.iter().map(value).fold(0.0, f32::max);
        let from = ((least - SURROUNDINGS).max(0.0) as u32).min(end.saturating_sub(1));
        let to = ((most + SURROUNDINGS).ceil() as u32).clamp(from + 1, end.max(from + 1));
        (from, to - from)
    };
    let (left, width) = range(|point| point.x, picture.width());
    let (top, height) = range(|point| point.y, picture.height());
    (left, top, picture.crop_imm(left, top, width, height))
}

/// Whether a line found at the second look is the one that left the mark.
fn near(center: PointF, mark: &LineBox) -> bool {
    mark.expanded(SURROUNDINGS, SURROUNDINGS).contains(center)
}

fn scale_for(width: u32, height: u32) -> f64 {
    let (width, height) = (f64::from(width), f64::from(height));
    let by_side = SHORT_SIDE / width.min(height);
    let by_area = (MOST_PIXELS / (width * height)).sqrt();
    by_side.min(by_area).min(1.0)
}

/// The picture with a margin, on a ground of its corner's colour, each side a multiple of the stride.
fn on_plain_ground(picture: &DynamicImage) -> NdTensor<f32, 4> {
    let (pixels, width, height) = planes(picture);
    let padded = |side: usize| (side as u32 + 2 * MARGIN).next_multiple_of(STRIDE) as usize;
    let (full_width, full_height) = (padded(width), padded(height));
    let margin = MARGIN as usize;
    let mut data = Vec::with_capacity(3 * full_width * full_height);
    for plane in pixels.chunks_exact(width * height) {
        let start = data.len();
        data.resize(start + full_width * full_height, plane[0]);
        for (row, line) in plane.chunks_exact(width).enumerate() {
            let at = start + (row + margin) * full_width + margin;
            data[at..at + width].copy_from_slice(line);
        }
    }
    NdTensor::from_data([1, 3, full_height, full_width], data)
}

/// The marks in a map that holds, for each pixel, the probability that it belongs to a line.
fn marks(map: NdTensorView<f32, 2>) -> Marks {
    let mask = map.map(|probability| *probability > PIXEL_THRESHOLD);
    let mut marks = Marks::default();
    for contour in find_contours(mask.view(), RetrievalMode::External).iter() {
        let points: Vec<_> = contour.iter().map(|point| point.to_f32()).collect();
        let Some(heart) = min_area_rect(&points) else {
            continue;
        };
        // A contour runs through the centres of its pixels; the box reaches their edges.
        let full = heart.expanded(1.0, 1.0);
        if heart.width().min(heart.height()) < LEAST_HEIGHT
            || mean_within(&map, &heart) < LINE_THRESHOLD
        {
            if longer_side(&full) >= LEAST_FAINT_LENGTH {
                marks.faint.push(full);
            }
            continue;
        }
        let grow = full.area() * UNCLIP_RATIO / (2.0 * (full.width() + full.height()));
        marks.lines.push(
            full.expanded(2.0 * grow, 2.0 * grow)
                .orient_towards(Vec2::from_yx(-1.0, 0.0)),
        );
    }
    marks
}

fn mean_within(map: &NdTensorView<f32, 2>, area: &RotatedRect) -> f32 {
    let [height, width] = map.shape();
    let corners = area.corners();
    let span = |value: fn(&PointF) -> f32, end: usize| {
        let least = corners.iter().map(value).fold(f32::INFINITY, f32::min);
        let most = corners.iter().map(value).fold(f32::NEG_INFINITY, f32::max);
        let last = end.saturating_sub(1);
        (least.max(0.0) as usize).min(last)..=(most.max(0.0).ceil() as usize).min(last)
    };
    let (mut sum, mut count) = (0.0, 0);
    for y in span(|point| point.y, height) {
        for x in span(|point| point.x, width) {
            if area.contains(PointF::from_yx(y as f32, x as f32)) {
                sum += map[[y, x]];
                count += 1;
            }
        }
    }
    if count == 0 { 0.0 } else { sum / count as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map_with_bar(probability: f32) -> NdTensor<f32, 2> {
        let mut map = NdTensor::zeros([64, 128]);
        for y in 30..38 {
            for x in 20..100 {
                map[[y, x]] = probability;
            }
        }
        map
    }

    #[test]
    fn a_bar_of_likely_pixels_is_one_line_grown_beyond_it() {
        let found = marks(map_with_bar(0.9).view());
        assert_eq!((found.lines.len(), found.faint.len()), (1, 0));
        let line = &found.lines[0];
        assert!((line.center().y - 33.5).abs() < 0.6, "{line:?}");
        assert!(line.width() > 84.0 && line.width() < 100.0, "{line:?}");
        assert!(line.height() > 12.0 && line.height() < 24.0, "{line:?}");
        assert!(line.up_axis().y < -0.99, "{line:?}");
    }

    #[test]
    fn a_faint_bar_is_worth_a_second_look_and_a_speck_is_not() {
        let found = marks(map_with_bar(0.4).view());
        assert_eq!((found.lines.len(), found.faint.len()), (0, 1));
        let nothing = marks(map_with_bar(0.2).view());
        assert_eq!((nothing.lines.len(), nothing.faint.len()), (0, 0));
        let mut speck = NdTensor::zeros([32, 32]);
        speck[[5, 5]] = 1.0;
        let found = marks(speck.view());
        assert_eq!((found.lines.len(), found.faint.len()), (0, 0));
    }

    #[test]
    fn the_surroundings_of_a_mark_stay_within_the_picture() {
        let picture = DynamicImage::new_rgb8(100, 50);
        for (x, y) in [(0.0, 0.0), (99.0, 49.0), (50.0, 25.0), (150.0, 80.0)] {
            let mark = RotatedRect::new(PointF::from_yx(y, x), Vec2::from_yx(-1.0, 0.0), 30.0, 1.0);
            let (left, top, piece) = surroundings(&picture, &mark);
            assert!(piece.width() > 0 && left + piece.width() <= 100, "{x}");
            assert!(piece.height() > 0 && top + piece.height() <= 50, "{y}");
        }
    }

    #[test]
    fn screenshots_keep_their_scale_and_photographs_shrink() {
        assert_eq!(scale_for(1280, 800), 1.0);
        assert_eq!(scale_for(1280, 5000), 1.0);
        assert!((scale_for(3000, 4000) - 1600.0 / 3000.0).abs() < 1e-9);
        assert!(scale_for(1000, 60_000) < 0.5);
    }
}
