//! From the bytes of a picture file to pixels, with limits on what a hostile file may cost.

use std::io::Cursor;

use image::{DynamicImage, ImageReader, Limits};

use super::PerceptionError;

/// More than any screenshot or photograph has; what decodes to more is refused before memory is taken.
const MOST_PIXELS: u64 = 64_000_000;

/// Decodes a PNG or JPEG to opaque RGB; what is transparent becomes white, as on an empty page.
pub(super) fn decode(bytes: &[u8]) -> Result<DynamicImage, PerceptionError> {
    if bytes.is_empty() {
        return Err(PerceptionError::Picture {
            reason: "it is empty".to_owned(),
        });
    }
    let unreadable = |error: &dyn std::fmt::Display| PerceptionError::Picture {
        reason: error.to_string(),
    };
    let guess = || ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let (width, height) = guess()
        .map_err(|e| unreadable(&e))?
        .into_dimensions()
        .map_err(|e| unreadable(&e))?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PerceptionError::TooLarge {
            width,
            height,
            most: MOST_PIXELS,
        });
    }
    let mut reader = guess().map_err(|e| unreadable(&e))?;
    let mut limits = Limits::default();
    // Four channels of 16 bits, and as much again for the decoder itself.
    limits.max_alloc = Some(MOST_PIXELS * 16);
    reader.limits(limits);
    let picture = reader.decode().map_err(|e| unreadable(&e))?;
    Ok(opaque(picture))
}

fn opaque(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let rgba = picture.into_rgba8();
    let (width, height) = rgba.dimensions();
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for pixel in rgba.as_raw().chunks_exact(4) {
        let alpha = u16::from(pixel[3]);
        for channel in &pixel[..3] {
            let mixed = (u16::from(*channel) * alpha + 255 * (255 - alpha)) / 255;
            pixels.push(mixed as u8);
        }
    }
    image::RgbImage::from_raw(width, height, pixels).map_or_else(
        || DynamicImage::ImageRgba8(rgba).into_rgb8().into(),
        DynamicImage::ImageRgb8,
    )
}

/// Pixels as a network takes them: blue, green, red planes from -1 to 1 (mean 0.5, deviation 0.5, as PP-OCR was trained).
pub(super) fn planes(picture: &DynamicImage) -> (Vec<f32>, usize, usize) {
    let rgb = picture.to_rgb8();
    let (width, height) = (rgb.width() as usize, rgb.height() as usize);
    let area = width * height;
    let level: [f32; 256] = std::array::from_fn(|value| value as f32 / 127.5 - 1.0);
    let mut planes = vec![0.0; 3 * area];
    let (blue, rest) = planes.split_at_mut(area);
    let (green, red) = rest.split_at_mut(area);
    let raw = rgb.as_raw();
    let targets = blue.iter_mut().zip(green.iter_mut()).zip(red.iter_mut());
    for (pixel, ((b, g), r)) in raw.chunks_exact(3).zip(targets) {
        *r = level[usize::from(pixel[0])];
        *g = level[usize::from(pixel[1])];
        *b = level[usize::from(pixel[2])];
    }
    (planes, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_picture_are_refused_with_a_sentence() {
        for bytes in [
            &b""[..],
            b"hello",
            b"\x89PNG\r\n\x1a\n",
            &[0xff, 0xd8, 0xff],
        ] {
            let error = decode(bytes).unwrap_err().to_string();
            assert!(error.contains("cannot be read"), "{error}");
        }
    }

    #[test]
    fn transparent_becomes_white() {
        let clear = image::RgbaImage::from_pixel(2, 1, image::Rgba([0, 0, 0, 0]));
        let mut bytes = Vec::new();
        DynamicImage::ImageRgba8(clear)
            .write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png)
            .unwrap();
        let picture = decode(&bytes).unwrap().into_rgb8();
        assert_eq!(picture.get_pixel(1, 0).0, [255, 255, 255]);
    }
}
