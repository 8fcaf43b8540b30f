//! Numbered boxes on a screenshot, so that a question can say "which of these".

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use crate::computer::{PictureFormat, Rect, Screenshot};

#[derive(Debug, thiserror::Error)]
#[error("the picture cannot be marked: {0}")]
pub struct PictureError(#[from] image::ImageError);

/// Strong on light and dark pages alike; white digits on it have a contrast above 4.5 : 1 (WCAG 2.2, 1.4.3).
const INK: Rgba<u8> = Rgba([200, 0, 80, 255]);
const PAPER: Rgba<u8> = Rgba([255, 255, 255, 255]);

/// Thickness of a box's line, in CSS pixels.
const LINE: f64 = 3.0;

/// Size of one point of a digit, in CSS pixels.
const DOT: f64 = 2.0;

/// Digits as 3 × 5 points, one row an entry, the leftmost point the highest of three bits.
const DIGITS: [[u8; 5]; 10] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
];

/// The screenshot with a box around each mark (CSS pixels of the viewport), numbered from 1, in the same format. One mark alone
/// gets no number.
///
/// # Errors
/// Where the picture's bytes are no picture.
pub fn mark(screenshot: &Screenshot, marks: &[Rect]) -> Result<Screenshot, PictureError> {
    let format = match screenshot.format {
        PictureFormat::Jpeg => ImageFormat::Jpeg,
        PictureFormat::Png => ImageFormat::Png,
    };
    let mut canvas = image::load_from_memory_with_format(&screenshot.bytes, format)?.to_rgba8();
    let scale = f64::from(canvas.width()) / screenshot.area.width.max(1.0);
    for (index, mark) in marks.iter().enumerate() {
        let shifted = Rect {
            x: mark.x - screenshot.area.x,
            y: mark.y - screenshot.area.y,
            ..*mark
        };
        outline(&mut canvas, &shifted, scale);
        if marks.len() > 1 {
            number(&mut canvas, &shifted, scale, index + 1);
        }
    }
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgba8(canvas);
    match screenshot.format {
        // JPEG has no transparency.
        PictureFormat::Jpeg => picture.to_rgb8().write_to(&mut bytes, format)?,
        PictureFormat::Png => picture.write_to(&mut bytes, format)?,
    }
    Ok(Screenshot {
        bytes: bytes.into_inner(),
        ..screenshot.clone()
    })
}

/// The bytes as PNG, which is what some terminals want.
///
/// # Errors
/// Where they are no picture.
pub fn to_png(bytes: &[u8]) -> Result<Vec<u8>, PictureError> {
    let mut png = Cursor::new(Vec::new());
    image::load_from_memory(bytes)?.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

fn outline(canvas: &mut RgbaImage, mark: &Rect, scale: f64) {
    let (x, y) = (mark.x - LINE, mark.y - LINE);
    let (right, bottom) = (mark.right(), mark.bottom());
    let width = mark.width + 2.0 * LINE;
    fill(canvas, (x, y, width, LINE), scale, INK);
    fill(canvas, (x, bottom, width, LINE), scale, INK);
    fill(canvas, (x, y, LINE, mark.height + 2.0 * LINE), scale, INK);
    fill(
        canvas,
        (right, y, LINE, mark.height + 2.0 * LINE),
        scale,
        INK,
    );
}

/// A label at the box's top left corner: above it where there is room, else inside.
fn number(canvas: &mut RgbaImage, mark: &Rect, scale: f64, number: usize) {
    let digits: Vec<usize> = number
        .to_string()
        .bytes()
        .map(|digit| usize::from(digit - b'0'))
        .collect();
    let width = DOT * (4.0 * digits.len() as f64 + 1.0);
    let height = DOT * 7.0;
    let x = (mark.x - LINE).max(0.0);
    let above = mark.y - LINE - height;
    let y = if above >= 0.0 { above } else { mark.y.max(0.0) };
    fill(canvas, (x, y, width, height), scale, INK);
    for (place, digit) in digits.iter().enumerate() {
        for (row, bits) in DIGITS[*digit].iter().enumerate() {
            for column in 0..3 {
                if bits & (0b100 >> column) != 0 {
                    let dot_x = x + DOT * (1.0 + 4.0 * place as f64 + f64::from(column));
                    let dot_y = y + DOT * (1.0 + row as f64);
                    fill(canvas, (dot_x, dot_y, DOT, DOT), scale, PAPER);
                }
            }
        }
    }
}

/// Fills x, y, width, height (CSS pixels), clipped to the picture.
fn fill(canvas: &mut RgbaImage, area: (f64, f64, f64, f64), scale: f64, colour: Rgba<u8>) {
    // Saturating casts: what lies outside ends at the border.
    let pixel = |css: f64, limit: u32| ((css * scale).round().max(0.0) as u32).min(limit);
    let (width, height) = canvas.dimensions();
    let (x, y, w, h) = area;
    for row in pixel(y, height)..pixel(y + h, height) {
        for column in pixel(x, width)..pixel(x + w, width) {
            canvas.put_pixel(column, row, colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blank(format: PictureFormat, scale: u32) -> Screenshot {
        let picture = RgbaImage::from_pixel(100 * scale, 80 * scale, PAPER);
        let mut bytes = Cursor::new(Vec::new());
        let kind = match format {
            PictureFormat::Jpeg => ImageFormat::Jpeg,
            PictureFormat::Png => ImageFormat::Png,
        };
        DynamicImage::ImageRgba8(picture)
            .to_rgb8()
            .write_to(&mut bytes, kind)
            .unwrap();
        Screenshot {
            bytes: bytes.into_inner(),
            format,
            area: Rect {
                x: 0.0,
                y: 0.0,
                width: 100.0,
                height: 80.0,
            },
        }
    }

    const MARK: Rect = Rect {
        x: 20.0,
        y: 30.0,
        width: 40.0,
        height: 20.0,
    };

    #[test]
    fn a_box_is_drawn_around_the_mark_at_any_scale() {
        for scale in [1, 2] {
            let marked = mark(&blank(PictureFormat::Png, scale), &[MARK]).unwrap();
            let picture = image::load_from_memory(&marked.bytes).unwrap().to_rgba8();
            assert_eq!(*picture.get_pixel(18 * scale, 28 * scale), INK);
            assert_eq!(*picture.get_pixel(61 * scale, 40 * scale), INK);
            assert_eq!(*picture.get_pixel(40 * scale, 40 * scale), PAPER);
            assert_eq!(*picture.get_pixel(5, 5), PAPER);
        }
    }

    #[test]
    fn several_marks_are_numbered_and_marks_outside_do_no_harm() {
        let outside = Rect {
            x: -50.0,
            y: 70.0,
            width: 500.0,
            height: 500.0,
        };
        let marked = mark(&blank(PictureFormat::Jpeg, 1), &[MARK, outside]).unwrap();
        assert_eq!(marked.format, PictureFormat::Jpeg);
        let picture = image::load_from_memory(&marked.bytes).unwrap().to_rgb8();
        // Inside the label above the first box.
        assert!(picture.get_pixel(18, 15).0[1] < 100);
        assert!(to_png(&marked.bytes).unwrap().starts_with(b"\x89PNG"));
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        let broken = Screenshot {
            bytes: vec![1, 2, 3],
            ..blank(PictureFormat::Png, 1)
        };
        assert!(mark(&broken, &[MARK]).is_err());
    }
}
