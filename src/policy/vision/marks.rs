//! Numbered marks: each thing that can be acted on gets a number, drawn on the screenshot and listed beside it.
//!
//! The only place that scales: the model sees and says picture pixels, everybody else CSS pixels of the viewport.

use image::{DynamicImage, GenericImageView as _, ImageFormat, Rgb, RgbImage};

use crate::computer::{Element, ElementId, Observation, Point, Rect, Screenshot};
use crate::model::Picture;

/// Most marks that are drawn and listed: more would hide the page under numbers.
const MOST_MARKS: usize = 200;
/// Most marks for what is out of view, of those.
const MOST_OUT_OF_VIEW: usize = 60;

/// The screenshot with its marks, and what the numbers mean.
#[derive(Debug, Clone)]
pub struct Marked {
    /// `None` where there was no screenshot (a dialog is open).
    pub picture: Option<Picture>,
    /// Width and height of the picture in its pixels; 0 without one.
    pub size: (u32, u32),
    /// What the picture shows, in CSS pixels.
    area: Rect,
    marks: Vec<ElementId>,
}

impl Marked {
    /// The element with this number, from 1.
    pub fn element(&self, mark: u32) -> Option<&ElementId> {
        let index = usize::try_from(mark).ok()?.checked_sub(1)?;
        self.marks.get(index)
    }

    /// The number of an element, from 1.
    pub fn mark(&self, id: &ElementId) -> Option<usize> {
        self.marks
            .iter()
            .position(|known| known == id)
            .map(|i| i + 1)
    }

    pub fn count(&self) -> usize {
        self.marks.len()
    }

    /// A point of the picture in CSS pixels of the viewport; `None` outside of the picture.
    pub fn to_viewport(&self, x: f64, y: f64) -> Option<Point> {
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        let inside = x >= 0.0 && y >= 0.0 && x < width && y < height;
        inside.then(|| Point {
            x: self.area.x + x * self.area.width / width,
            y: self.area.y + y * self.area.height / height,
        })
    }

    /// A distance in the picture in CSS pixels.
    pub fn length_to_viewport(&self, length: f64) -> f64 {
        if self.size.0 == 0 {
            length
        } else {
            length * self.area.width / f64::from(self.size.0)
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("the screenshot cannot be read to draw marks on it: {0}")]
pub struct MarkError(String);

/// Which elements get a number: what can be acted on, in view first.
fn choose(observation: &Observation) -> Vec<&Element> {
    let markable = |element: &&Element| element.interactive || element.states.editable;
    let in_view = observation
        .elements
        .iter()
        .filter(markable)
        .filter(|element| element.in_view)
        .take(MOST_MARKS);
    let mut chosen: Vec<&Element> = in_view.collect();
    let room = (MOST_MARKS - chosen.len()).min(MOST_OUT_OF_VIEW);
    chosen.extend(
        observation
            .elements
            .iter()
            .filter(markable)
            .filter(|element| !element.in_view)
            .take(room),
    );
    chosen
}

/// Numbers what can be acted on and draws the numbers on the screenshot, shrunk to `longest_side` pixels.
///
/// # Errors
///
/// Where the screenshot's bytes are no picture.
pub fn mark(observation: &Observation, longest_side: u32) -> Result<Marked, MarkError> {
    let chosen = choose(observation);
    let marks = chosen.iter().map(|element| element.id.clone()).collect();
    let Some(screenshot) = &observation.screenshot else {
        return Ok(Marked {
            picture: None,
            size: (0, 0),
            area: Rect::default(),
            marks,
        });
    };
    let mut canvas = shrunk(screenshot, longest_side)?;
    let area = screenshot.area;
    let scale_x = f64::from(canvas.width()) / area.width.max(1.0);
    let scale_y = f64::from(canvas.height()) / area.height.max(1.0);
    let boxes: Vec<Option<Rect>> = chosen
        .iter()
        .map(|element| {
            let shown = element
                .bounds
                .intersection(&area)
                .filter(|_| element.in_view)?;
            Some(Rect {
                x: (shown.x - area.x) * scale_x,
                y: (shown.y - area.y) * scale_y,
                width: shown.width * scale_x,
                height: shown.height * scale_y,
            })
        })
        .collect();
    draw(&mut canvas, &boxes);
    let size = canvas.dimensions();
    let mut bytes = Vec::new();
    DynamicImage::ImageRgb8(canvas)
        .write_to(&mut std::io::Cursor::new(&mut bytes), ImageFormat::Png)
        .map_err(|error| MarkError(error.to_string()))?;
    Ok(Marked {
        picture: Some(Picture {
            bytes,
            mime: "image/png",
        }),
        size,
        area,
        marks,
    })
}

fn shrunk(screenshot: &Screenshot, longest_side: u32) -> Result<RgbImage, MarkError> {
    let picture =
        image::load_from_memory(&screenshot.bytes).map_err(|error| MarkError(error.to_string()))?;
    let (width, height) = picture.dimensions();
    let picture = if width.max(height) > longest_side {
        picture.resize(
            longest_side,
            longest_side,
            image::imageops::FilterType::CatmullRom,
        )
    } else {
        picture
    };
    Ok(picture.to_rgb8())
}

/// Dark enough for white digits on each (contrast at least 4.5, as WCAG 2 asks of text).
const COLOURS: [Rgb<u8>; 6] = [
    Rgb([176, 0, 32]),
    Rgb([0, 90, 160]),
    Rgb([0, 105, 60]),
    Rgb([120, 40, 140]),
    Rgb([150, 75, 0]),
    Rgb([60, 60, 70]),
];

/// Digits of 5 by 7 dots; each row holds its dots in the low five bits, leftmost highest.
const DIGITS: [[u8; 7]; 10] = [
    [0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E],
    [0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E],
    [0x0E, 0x11, 0x01, 0x02, 0x04, 0x08, 0x1F],
    [0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E],
    [0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02],
    [0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E],
    [0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E],
    [0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
    [0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E],
    [0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C],
];

/// Picture pixels for each dot of a digit.
const DOT: f64 = 2.0;
const LABEL_HEIGHT: f64 = 9.0 * DOT;

fn draw(canvas: &mut RgbImage, boxes: &[Option<Rect>]) {
    for (index, place) in boxes.iter().enumerate() {
        if let Some(place) = place {
            outline(canvas, place, COLOURS[index % COLOURS.len()]);
        }
    }
    let mut labels: Vec<Rect> = Vec::new();
    for (index, place) in boxes.iter().enumerate() {
        let Some(place) = place else { continue };
        let digits = digits_of(index + 1);
        let label = label_place(canvas, place, digits.len(), boxes, &labels);
        fill(canvas, &label, COLOURS[index % COLOURS.len()]);
        for (position, digit) in (0u32..).zip(&digits) {
            write_digit(
                canvas,
                *digit,
                label.x + DOT + f64::from(position) * 6.0 * DOT,
                label.y + DOT,
            );
        }
        labels.push(label);
    }
}

fn digits_of(mut number: usize) -> Vec<usize> {
    let mut digits = vec![number % 10];
    while number >= 10 {
        number /= 10;
        digits.insert(0, number % 10);
    }
    digits
}

/// Where a number hides least: beside its box, on no other number and on no other box if that can be.
fn label_place(
    canvas: &RgbImage,
    place: &Rect,
    digits: usize,
    boxes: &[Option<Rect>],
    labels: &[Rect],
) -> Rect {
    let width = (f64::from(u32::try_from(digits).unwrap_or(1)) * 6.0 + 1.0) * DOT;
    let at = |x: f64, y: f64| Rect {
        x: x.clamp(0.0, (f64::from(canvas.width()) - width).max(0.0)),
        y: y.clamp(0.0, (f64::from(canvas.height()) - LABEL_HEIGHT).max(0.0)),
        width,
        height: LABEL_HEIGHT,
    };
    let candidates = [
        at(place.x - width - 1.0, place.y),
        at(place.x, place.y - LABEL_HEIGHT - 1.0),
        at(place.right() + 1.0, place.y),
        at(place.right() - width, place.y - LABEL_HEIGHT - 1.0),
        at(place.x, place.bottom() + 1.0),
        at(place.right() - width, place.bottom() + 1.0),
    ];
    let hidden = |label: &Rect| {
        let area = |other: &Rect| {
            label
                .intersection(other)
                .map_or(0.0, |part| part.width * part.height)
        };
        let numbers: f64 = labels.iter().map(area).sum();
        let others: f64 = boxes.iter().flatten().map(area).sum();
        // A number under a number is lost; a number on a box only hides a part of it.
        numbers * 10.0 + others
    };
    candidates
        .into_iter()
        .min_by(|one, two| hidden(one).total_cmp(&hidden(two)))
        .unwrap_or(*place)
}

/// A pixel's coordinate, clipped to `0..=limit`.
fn pixel(value: f64, limit: u32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the picture first"
    )]
    let pixel = value.round().clamp(0.0, f64::from(limit)) as u32;
    pixel
}

fn fill(canvas: &mut RgbImage, place: &Rect, colour: Rgb<u8>) {
    let (width, height) = canvas.dimensions();
    for y in pixel(place.y, height)..pixel(place.bottom(), height) {
        for x in pixel(place.x, width)..pixel(place.right(), width) {
            canvas.put_pixel(x, y, colour);
        }
    }
}

/// A line of one pixel around the box, outside of it, so that it hides nothing in it.
fn outline(canvas: &mut RgbImage, place: &Rect, colour: Rgb<u8>) {
    let (x, y, width, height) = (
        place.x - 1.0,
        place.y - 1.0,
        place.width + 2.0,
        place.height + 2.0,
    );
    let sides = [
        Rect {
            x,
            y,
            width,
            height: 1.0,
        },
        Rect {
            x,
            y: y + height - 1.0,
            width,
            height: 1.0,
        },
        Rect {
            x,
            y,
            width: 1.0,
            height,
        },
        Rect {
            x: x + width - 1.0,
            y,
            width: 1.0,
            height,
        },
    ];
    for side in &sides {
        fill(canvas, side, colour);
    }
}

fn write_digit(canvas: &mut RgbImage, digit: usize, x: f64, y: f64) {
    for (row, dots) in (0u32..).zip(DIGITS[digit % 10]) {
        for column in 0u32..5 {
            if dots >> (4 - column) & 1 == 1 {
                let dot = Rect {
                    x: x + f64::from(column) * DOT,
                    y: y + f64::from(row) * DOT,
                    width: DOT,
                    height: DOT,
                };
                fill(canvas, &dot, Rgb([255, 255, 255]));
            }
        }
    }
}
