//! The stand-in where the networks' weights are missing: the program `tesseract`, fed through its standard input.

use std::io::{Cursor, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use image::DynamicImage;
use image::imageops::FilterType;

use crate::computer::Rect;

use super::{PerceptionError, TextLine};

/// How long one picture may take.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// Screens have small type, which it reads far better at twice the size (see `ARCHITECTURE.md` for the figures).
const ENLARGE: u32 = 2;

/// Pixels; larger pictures have large type, and are read as they are.
const ENLARGE_UP_TO: u64 = 4_000_000;

/// An installed tesseract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tesseract {
    program: PathBuf,
}

impl Tesseract {
    /// Looks on `PATH`.
    pub fn find() -> Result<Self, PerceptionError> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .flat_map(|folder| [folder.join("tesseract"), folder.join("tesseract.exe")])
            .find(|candidate| candidate.is_file())
            .map(|program| Self { program })
            .ok_or_else(|| PerceptionError::Tesseract {
                reason: "it is not installed (`apt-get install tesseract-ocr`)".to_owned(),
            })
    }

    pub fn program(&self) -> &std::path::Path {
        &self.program
    }

    /// Its lines, in no particular order, in pixels of `picture`.
    pub(super) fn read(&self, picture: &DynamicImage) -> Result<Vec<TextLine>, PerceptionError> {
        let (width, height) = (picture.width(), picture.height());
        let scale = if u64::from(width) * u64::from(height) <= ENLARGE_UP_TO {
            ENLARGE
        } else {
            1
        };
        let enlarged = picture.resize_exact(width * scale, height * scale, FilterType::CatmullRom);
        let mut png = Vec::new();
        enlarged
            .write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png)
            .map_err(|e| failed(e.to_string()))?;
        Ok(lines(&self.run(png)?, f64::from(scale)))
    }

    fn run(&self, png: Vec<u8>) -> Result<String, PerceptionError> {
        let mut child = Command::new(&self.program)
            .args(["stdin", "stdout", "--psm", "11", "tsv"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| failed(e.to_string()))?;
        let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(failed("it has no standard streams".to_owned()));
        };
        // Both pipes are served by threads of their own, so that neither side can block the other, or this thread.
        std::thread::spawn(move || input.write_all(&png));
        let (said, hear) = mpsc::channel();
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = said.send(output.read_to_end(&mut text).map(|_| text));
        });
        let heard = hear.recv_timeout(READ_LIMIT);
        if heard.is_err() {
            let _ = child.kill();
        }
        let status = child.wait().map_err(|e| failed(e.to_string()))?;
        let text = heard
            .map_err(|_| failed(format!("no answer within {} s", READ_LIMIT.as_secs())))?
            .map_err(|e| failed(e.to_string()))?;
        if !status.success() {
            return Err(failed(format!("it ended with {status}")));
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

fn failed(reason: String) -> PerceptionError {
    PerceptionError::Tesseract { reason }
}

/// Makes lines of its table: one word a row, numbered by page, block, paragraph and line.
fn lines(table: &str, scale: f64) -> Vec<TextLine> {
    let mut found: Vec<(String, TextLine, u32)> = Vec::new();
    for row in table.lines().skip(1) {
        let columns: Vec<&str> = row.splitn(12, '\t').collect();
        let &[
            "5",
            page,
            block,
            paragraph,
            line,
            _,
            left,
            top,
            width,
            height,
            confidence,
            text,
        ] = columns.as_slice()
        else {
            continue;
        };
        let number = |text: &str| text.parse::<f64>().unwrap_or(0.0);
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let bounds = Rect {
            x: number(left) / scale,
            y: number(top) / scale,
            width: number(width) / scale,
            height: number(height) / scale,
        };
        let confidence = (number(confidence) / 100.0).clamp(0.0, 1.0) as f32;
        let key = [page, block, paragraph, line].join(".");
        match found.last_mut() {
            Some((last, line, words)) if *last == key => {
                line.text = format!("{} {text}", line.text);
                line.confidence =
                    (line.confidence * *words as f32 + confidence) / (*words + 1) as f32;
                line.bounds = around(&line.bounds, &bounds);
                *words += 1;
            }
            _ => found.push((
                key,
                TextLine {
                    text: text.to_owned(),
                    confidence,
                    bounds,
                },
                1,
            )),
        }
    }
    found.into_iter().map(|(_, line, _)| line).collect()
}

fn around(a: &Rect, b: &Rect) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect {
        x,
        y,
        width: a.right().max(b.right()) - x,
        height: a.bottom().max(b.bottom()) - y,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_line_are_joined_and_scaled_back() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            4\t1\t1\t1\t1\t0\t20\t10\t100\t20\t-1\t\n\
            5\t1\t1\t1\t1\t1\t20\t10\t40\t20\t90.0\tPlace\n\
            5\t1\t1\t1\t1\t2\t70\t12\t50\t20\t80.0\torder\n\
            5\t1\t2\t1\t1\t1\t20\t50\t50\t20\t70.0\tCancel\n\
            5\t1\t3\t1\t1\t1\t20\t50\t50\t20\t70.0\t \n";
        let found = lines(table, 2.0);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "Place order");
        assert!((found[0].confidence - 0.85).abs() < 1e-6);
        let expected = Rect {
            x: 10.0,
            y: 5.0,
            width: 50.0,
            height: 11.0,
        };
        assert_eq!(found[0].bounds, expected);
        assert_eq!(found[1].text, "Cancel");
        assert!(lines("", 1.0).is_empty());
        assert!(lines("nonsense\n5\t1", 1.0).is_empty());
    }
}
