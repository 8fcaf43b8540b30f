//! Prints results. A reader that has seen enough (`| head`) is no error.

use std::io::{self, Write};

use serde::Serialize;

use super::CliError;
use crate::computer::folded;
use crate::trace::viewer::printable;

/// Prints a text and a line end to standard output.
///
/// # Errors
/// [`CliError::Output`].
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    let done = stdout
        .write_all(text.as_bytes())
        .and_then(|()| {
            if text.ends_with('\n') {
                Ok(())
            } else {
                stdout.write_all(b"\n")
            }
        })
        .and_then(|()| stdout.flush());
    match done {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(CliError::Output {
            file: "standard output".to_owned(),
            reason: e.to_string(),
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Text of a page or a file in a sentence: on one line, and it cannot move the cursor.
pub(super) fn one_line(text: &str) -> String {
    printable(&folded(text))
}

/// Prints one JSON document.
///
/// # Errors
/// [`CliError::Output`].
pub(super) fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let text = serde_json::to_string_pretty(value).map_err(|e| CliError::Output {
        file: "the JSON document".to_owned(),
        reason: e.to_string(),
    })?;
    print(&text)
}

/// Rows of cells as columns two spaces apart; the last column is as long as it is.
pub(super) fn columns(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (index, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(index) {
                Some(known) => *known = width.max(*known),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
