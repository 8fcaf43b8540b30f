//! What an application's own database holds: the only witness that counts.

use std::path::Path;

use super::Failure;
use super::serve::{App, Served, python};

/// What to look up.
#[derive(Debug, Clone, Copy)]
pub enum Fact {
    /// Rows of an SQL query; their columns are joined by ` | `.
    Rows(&'static str),
    /// The title and the text of every note that is neither the wiki's own nor a draft.
    Notes,
}

/// Prints each row of a query as a line.
const QUERY: &str = "import sqlite3, sys
connection = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)
for row in connection.execute(sys.argv[2]):
    print(' | '.join(str(value) for value in row))";

/// The lines that an application's database holds of a fact, sorted.
///
/// # Errors
/// Where the database cannot be read, or the query is wrong.
pub async fn lines(served: &Served, fact: Fact) -> Result<Vec<String>, Failure> {
    let mut lines = match fact {
        Fact::Rows(sql) => rows(served, sql).await?,
        Fact::Notes => notes(&served.folder().join("tiddlers"))?,
    };
    lines.sort();
    Ok(lines)
}

async fn rows(served: &Served, sql: &str) -> Result<Vec<String>, Failure> {
    let file = match served.app {
        App::Tracker => "tracker/db/db",
        App::Shop => "shop.sqlite3",
        App::Wiki => return Err("the wiki keeps its notes in files, not in tables".into()),
    };
    let output = tokio::process::Command::new(python()?)
        .args(["-c", QUERY])
        .arg(served.folder().join(file))
        .arg(sql)
        .output()
        .await?;
    if !output.status.success() {
        return Err(format!(
            "{sql:?} failed: {}",
            String::from_utf8_lossy(&output.stderr)
        )
        .into());
    }
    Ok(String::from_utf8(output.stdout)?
        .lines()
        .map(str::to_owned)
        .collect())
}

fn notes(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut notes = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "tid") {
            continue;
        }
        // Fields, an empty line, the text.
        let file = std::fs::read_to_string(&path)?;
        let (head, text) = file.split_once("\n\n").unwrap_or((file.as_str(), ""));
        let title = head
            .lines()
            .find_map(|line| line.strip_prefix("title: "))
            .unwrap_or_default();
        // The server writes a file in two moments; an empty one is none yet.
        if !title.is_empty()
            && !title.starts_with("$:/")
            && !head.lines().any(|line| line.starts_with("draft.of: "))
        {
            notes.push(format!("{title} | {}", text.trim_end()));
        }
    }
    Ok(notes)
}
