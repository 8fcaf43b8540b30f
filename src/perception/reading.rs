//! The order in which a person reads: pieces of text that stand side by side are a row, rows go from top to bottom.

use super::TextLine;

/// A piece of text before it has its place.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub line: TextLine,
    /// Slope of the text: how far it falls for each pixel to the right.
    pub slope: f64,
}

/// Pieces belong to one row where they share at least this part of the smaller height.
const SHARED_HEIGHT: f64 = 0.5;

/// Puts pieces into rows. A picture that lies a little askew as a whole is read as if it were level.
pub(super) fn rows(pieces: Vec<Piece>) -> Vec<Vec<TextLine>> {
    let slope = common_slope(&pieces);
    let mut level: Vec<(f64, f64, TextLine)> = pieces
        .into_iter()
        .map(|piece| {
            let bounds = piece.line.bounds;
            // The bounds of a turned line are higher than the line.
            let height = (bounds.height - bounds.width * slope.abs()).max(bounds.height * 0.3);
            (
                bounds.center().y - bounds.center().x * slope,
                height,
                piece.line,
            )
        })
        .collect();
    level.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<(f64, f64, Vec<TextLine>)> = Vec::new();
    for (middle, height, line) in level {
        let fits = rows.last().is_some_and(|(row_middle, row_height, _)| {
            let top = (middle - height / 2.0).max(row_middle - row_height / 2.0);
            let bottom = (middle + height / 2.0).min(row_middle + row_height / 2.0);
            bottom - top >= SHARED_HEIGHT * height.min(*row_height)
        });
        match rows.last_mut() {
            Some((_, _, lines)) if fits => lines.push(line),
            _ => rows.push((middle, height, vec![line])),
        }
    }
    rows.into_iter()
        .map(|(_, _, mut lines)| {
            lines.sort_by(|a, b| a.bounds.x.total_cmp(&b.bounds.x));
            lines
        })
        .collect()
}

/// The middle slope of the pieces that are long enough to have one.
fn common_slope(pieces: &[Piece]) -> f64 {
    let mut slopes: Vec<f64> = pieces
        .iter()
        .filter(|piece| piece.line.bounds.width > 3.0 * piece.line.bounds.height)
        .map(|piece| piece.slope)
        .collect();
    slopes.sort_by(f64::total_cmp);
    slopes.get(slopes.len() / 2).copied().unwrap_or(0.0)
}

/// Rows as text: one a line, its pieces parted by a space.
pub(super) fn text(rows: &[Vec<TextLine>]) -> String {
    rows.iter()
        .map(|row| {
            row.iter()
                .map(|line| line.text.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::computer::Rect;

    fn piece(text: &str, x: f64, y: f64, width: f64, slope: f64) -> Piece {
        Piece {
            line: TextLine {
                text: text.to_owned(),
                confidence: 1.0,
                bounds: Rect {
                    x,
                    y,
                    width,
                    height: 20.0 + width * slope.abs(),
                },
            },
            slope,
        }
    }

    fn check(pieces: Vec<Piece>, expected: &str) {
        assert_eq!(text(&rows(pieces)), expected);
    }

    #[test]
    fn reads_rows_from_the_top_and_pieces_from_the_left() {
        check(
            vec![
                piece("9.50", 200.0, 41.0, 40.0, 0.0),
                piece("Title", 80.0, 0.0, 60.0, 0.0),
                piece("Coffee", 10.0, 40.0, 60.0, 0.0),
                piece("Tea", 10.0, 70.0, 30.0, 0.0),
            ],
            "Title\nCoffee 9.50\nTea",
        );
        check(vec![], "");
    }

    #[test]
    fn a_picture_that_lies_askew_keeps_its_rows() {
        // It falls by one in ten: over 300 pixels more than the distance of two rows.
        check(
            vec![
                piece("Subtotal", 10.0, 10.0, 100.0, 0.1),
                piece("12.00", 310.0, 42.0, 80.0, 0.1),
                piece("Tax", 10.0, 35.0, 70.0, 0.1),
                piece("2.28", 310.0, 66.0, 80.0, 0.1),
            ],
            "Subtotal 12.00\nTax 2.28",
        );
    }
}
