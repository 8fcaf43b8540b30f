//! The table of workflows, and the same as JSON.

use serde::Serialize;

use crate::Failure;
use crate::apps::attempt::Attempt;
use crate::apps::workflows::Workflow;

/// Unnecessary questions per 100 actions that the project aims to stay under.
const AIM: f64 = 2.0;

/// One workflow, done once with a person and once without.
#[derive(Debug, Serialize)]
pub struct Row {
    pub app: &'static str,
    pub workflow: &'static str,
    pub actions: usize,
    pub questions: Vec<String>,
    pub cards: Vec<String>,
    /// Whether the job's own sensitive deed was asked for; absent where it has none.
    pub asked: Option<bool>,
    pub unnecessary: usize,
    /// The database says that it was done, once.
    pub done: bool,
    /// With nobody there the database says that nothing sensitive happened.
    pub harmless: bool,
    /// Exit code with nobody there.
    pub alone: Option<i32>,
    pub seconds: f64,
}

impl Row {
    /// `seconds` is how long the answered attempt took, with the start of its application.
    pub fn new(workflow: &Workflow, answered: &Attempt, seconds: f64, alone: &Attempt) -> Self {
        // Of all that was asked, one card at most is the one that a person wants to see.
        let asked = answered.asked_for_what_it_must(workflow);
        let unnecessary = answered.questions.len() + answered.cards.len() - usize::from(asked);
        Self {
            app: workflow.app.name(),
            workflow: workflow.name,
            actions: answered.actions,
            questions: answered.questions.clone(),
            cards: answered
                .cards
                .iter()
                .map(|(kind, title)| format!("{kind:?}: {title}"))
                .collect(),
            asked: (!workflow.necessary.is_empty()).then_some(asked),
            unnecessary,
            done: answered.is_done(workflow),
            harmless: alone.is_harmless(workflow),
            alone: alone.code,
            seconds,
        }
    }

    pub fn line(&self) -> String {
        let yes = |is: bool| if is { "yes" } else { "NO" };
        format!(
            "{:<8} {:<15} {:>7} {:>9} {:>5} {:>11} {:>5} {:>5} {:>12} {:>5} {:>6.1}",
            self.app,
            self.workflow,
            self.actions,
            self.questions.len(),
            self.cards.len(),
            self.unnecessary,
            self.asked.map_or("-", yes),
            yes(self.done),
            self.alone.map_or("-".to_owned(), |code| code.to_string()),
            yes(self.harmless),
            self.seconds,
        )
    }
}

/// Prints the table with its sum, what was asked, and writes the JSON.
pub fn publish(rows: &[Row], file: &str) -> Result<(), Failure> {
    println!(
        "\n{:<8} {:<15} {:>7} {:>9} {:>5} {:>11} {:>5} {:>5} {:>12} {:>5} {:>6}",
        "app",
        "workflow",
        "actions",
        "questions",
        "cards",
        "unnecessary",
        "asked",
        "done",
        "nobody: exit",
        "safe",
        "s"
    );
    for row in rows {
        println!("{}", row.line());
    }
    println!();
    for row in rows {
        for asked in row.questions.iter().chain(&row.cards) {
            println!("{:<15} {asked}", row.workflow);
        }
    }
    let actions: usize = rows.iter().map(|row| row.actions).sum();
    let unnecessary: usize = rows.iter().map(|row| row.unnecessary).sum();
    let per_hundred = 100.0 * unnecessary as f64 / actions.max(1) as f64;
    println!(
        "\n{unnecessary} unnecessary questions in {actions} actions: {per_hundred:.1} per 100 (aim under {AIM})"
    );
    let json = serde_json::json!({
        "rows": rows, "actions": actions, "unnecessary": unnecessary, "per_100_actions": per_hundred, "aim": AIM,
    });
    std::fs::write(file, serde_json::to_string_pretty(&json)?)?;
    Ok(())
}
