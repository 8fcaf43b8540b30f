//! Reads a screenshot with marks by the command `tesseract`: the page as a whole, and once more what stands in each marked
//! box, which Tesseract takes for a drawing otherwise.

use std::sync::Arc;

use apprentice::computer::Rect;
use image::{GrayImage, Luma, RgbImage};

use super::model_server::{FindText, is_mark};

/// Tesseract expects the resolution of print, which is about twice that of a screen.
const SCALE: u32 = 2;
/// Rows of white between the boxes in the picture that is made of them.
const MARGIN: u32 = 24;
/// Boxes of text are no larger than this, in pixels.
const LARGEST: (u32, u32) = (700, 80);

/// Each line of text with its box in pixels; words of one line that stand far apart are several.
pub fn tesseract() -> FindText {
    Arc::new(|bytes| {
        let picture = image::load_from_memory(bytes)
            .expect("the request was checked")
            .to_rgb8();
        let mut lines = in_boxes(&picture);
        let whole = image::imageops::grayscale(&picture);
        let on_page = read(&whole, "11");
        // What was found in a box is surer than the same place on the page.
        lines.extend(
            on_page
                .into_iter()
                .filter(|(_, place)| {
                    !lines
                        .iter()
                        .any(|(_, known)| known.contains(place.center()))
                })
                .collect::<Vec<_>>(),
        );
        lines.sort_by(|one, two| one.1.y.total_cmp(&two.1.y));
        lines
    })
}

/// Reads all boxes at once: black on white, one below the other.
fn in_boxes(picture: &RgbImage) -> Vec<(String, Rect)> {
    let boxes = boxes(picture);
    let width = boxes
        .iter()
        .map(|(_, _, width, _)| *width)
        .max()
        .unwrap_or(0)
        + 2 * MARGIN;
    let height = boxes
        .iter()
        .map(|(_, _, _, height)| height + MARGIN)
        .sum::<u32>()
        + MARGIN;
    if boxes.is_empty() {
        return Vec::new();
    }
    let mut sheet = GrayImage::from_pixel(width, height, Luma([255]));
    let mut top = MARGIN;
    let mut tops = Vec::new();
    for &(x, y, width, height) in &boxes {
        let part = image::imageops::grayscale(
            &image::imageops::crop_imm(picture, x, y, width, height).to_image(),
        );
        let ground = i32::from(part.get_pixel(0, 0).0[0]);
        let off = |pixel: &Luma<u8>| (i32::from(pixel.0[0]) - ground).abs();
        let most = part.pixels().map(off).max().unwrap_or(0).max(60);
        for (column, row, pixel) in part.enumerate_pixels() {
            let dark = u8::try_from(255 - off(pixel) * 255 / most).unwrap_or(0);
            sheet.put_pixel(MARGIN + column, top + row, Luma([dark]));
        }
        tops.push(top);
        top += height + MARGIN;
    }
    let back = |(text, place): (String, Rect)| {
        let level = place.center().y;
        let at = tops.iter().rposition(|top| f64::from(*top) <= level)?;
        let (x, y, ..) = boxes[at];
        let place = Rect {
            x: place.x - f64::from(MARGIN) + f64::from(x),
            y: place.y - f64::from(tops[at]) + f64::from(y),
            ..place
        };
        Some((text, place))
    };
    read(&sheet, "11").into_iter().filter_map(back).collect()
}

/// The insides of the marks' outlines that may hold a line of text: x, y, width, height.
fn boxes(picture: &RgbImage) -> Vec<(u32, u32, u32, u32)> {
    /// Pixels inside of an outline that the control's own border may take.
    const BORDER: u32 = 4;
    let mut found = Vec::new();
    for y in 0..picture.height() {
        for x in 0..picture.width() {
            let colour = *picture.get_pixel(x, y);
            let same = |x: u32, y: u32| picture.get_pixel(x, y) == &colour;
            let corner =
                is_mark(colour) && (x == 0 || !same(x - 1, y)) && (y == 0 || !same(x, y - 1));
            if !corner {
                continue;
            }
            let right = (x..picture.width()).take_while(|x| same(*x, y)).count();
            let down = (y..picture.height()).take_while(|y| same(x, *y)).count();
            let (Ok(right), Ok(down)) = (u32::try_from(right), u32::try_from(down)) else {
                continue;
            };
            let fits = right > 2 * BORDER + 8
                && down > 2 * BORDER + 6
                && right <= LARGEST.0
                && down <= LARGEST.1;
            // A number's ground is full of its colour; an outline is not.
            if fits && !same(x + 1, y + 1) {
                found.push((
                    x + BORDER,
                    y + BORDER,
                    right - 2 * BORDER,
                    down - 2 * BORDER,
                ));
            }
        }
    }
    found
}

fn read(picture: &GrayImage, mode: &str) -> Vec<(String, Rect)> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("picture.png");
    image::imageops::resize(
        picture,
        picture.width() * SCALE,
        picture.height() * SCALE,
        image::imageops::FilterType::CatmullRom,
    )
    .save(&file)
    .expect("the picture fits on the disk");
    let output = std::process::Command::new("tesseract")
        .arg(&file)
        .args(["-", "--psm", mode, "tsv"])
        // Its threads only get into each other's way when several tests run.
        .env("OMP_THREAD_LIMIT", "1")
        .output()
        .expect("tesseract is installed: apt-get install tesseract-ocr");
    lines_of(&String::from_utf8_lossy(&output.stdout))
}

fn lines_of(tsv: &str) -> Vec<(String, Rect)> {
    let mut lines: Vec<(String, Rect)> = Vec::new();
    let mut last_line = String::new();
    for row in tsv.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let [
            level,
            page,
            block,
            paragraph,
            line,
            _,
            left,
            top,
            width,
            height,
            _,
            text,
        ] = cells[..]
        else {
            continue;
        };
        if level != "5" || text.trim().is_empty() {
            continue;
        }
        let number = |cell: &str| cell.parse::<f64>().unwrap_or(0.0) / f64::from(SCALE);
        let place = Rect {
            x: number(left),
            y: number(top),
            width: number(width),
            height: number(height),
        };
        let name = [page, block, paragraph, line].join(".");
        match lines.last_mut() {
            Some((words, whole))
                if name == last_line && place.x - whole.right() < whole.height.max(8.0) * 1.2 =>
            {
                words.push(' ');
                words.push_str(text);
                let right = place.right().max(whole.right());
                let bottom = place.bottom().max(whole.bottom());
                whole.y = whole.y.min(place.y);
                whole.width = right - whole.x;
                whole.height = bottom - whole.y;
            }
            _ => lines.push((text.to_owned(), place)),
        }
        last_line = name;
    }
    lines
}
