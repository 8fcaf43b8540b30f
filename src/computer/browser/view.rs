//! The view that pages are shown in: its size in CSS pixels, as people write it.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::computer::{Rect, Size};

/// What a page is shown in where nobody says otherwise.
const USUAL: Viewport = Viewport {
    width: 1280,
    height: 800,
};
/// Smaller than the smallest watch, and larger than an 8K screen, is a mistake, in CSS pixels.
const SIDES: std::ops::RangeInclusive<u32> = 120..=8192;

/// How large the view is, in CSS pixels, written as `1280x800`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Viewport {
    width: u32,
    height: u32,
}

impl Viewport {
    pub fn size(self) -> Size {
        Size {
            width: f64::from(self.width),
            height: f64::from(self.height),
        }
    }

    /// All of it, from its own corner.
    pub fn area(self) -> Rect {
        let Size { width, height } = self.size();
        Rect {
            x: 0.0,
            y: 0.0,
            width,
            height,
        }
    }
}

impl Default for Viewport {
    fn default() -> Self {
        USUAL
    }
}

impl fmt::Display for Viewport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl FromStr for Viewport {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |text: &str| text.trim().parse().ok().filter(|side| SIDES.contains(side));
        let sides = text.split_once(['x', 'X', '×']);
        sides
            .and_then(|(width, height)| {
                Some(Self {
                    width: side(width)?,
                    height: side(height)?,
                })
            })
            .ok_or_else(|| {
                format!(
                    "{text:?} is no size of a view: write WIDTHxHEIGHT in CSS pixels, each from {} to {}, as in {USUAL}",
                    SIDES.start(),
                    SIDES.end()
                )
            })
    }
}

impl TryFrom<String> for Viewport {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_written_as_people_write_it() {
        for (text, size) in [
            ("1280x800", Some("1280x800")),
            (" 390 × 844 ", Some("390x844")),
            ("500X320", Some("500x320")),
            ("119x800", None),
            ("800x9000", None),
            ("800", None),
            ("800x", None),
            ("-800x600", None),
            ("800x600x2", None),
            ("", None),
        ] {
            let read = text.parse::<Viewport>();
            assert_eq!(read.as_ref().ok().map(ToString::to_string).as_deref(), size);
            if let Err(why) = read {
                assert!(why.contains("WIDTHxHEIGHT"), "{why}");
            }
        }
    }
}
