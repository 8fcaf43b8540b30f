//! The table of workflows, and the same as JSON.

use serde::Serialize;

use crate::Failure;
use crate::apps::attempt::{Attempt, Ending};
use crate::apps::serve::Look;
use crate::apps::workflows::Workflow;

/// Unnecessary questions per 100 actions that the project aims to stay under.
const AIM: f64 = 2.0;

/// One workflow on one look of its application.
#[derive(Debug, Serialize)]
pub struct Row {
    pub app: &'static str,
    pub workflow: &'static str,
    pub look: &'static str,
    pub ending: Ending,
    pub actions: usize,
    pub questions: Vec<String>,
    pub cards: Vec<String>,
    /// Whether the job's own sensitive deed was asked for; absent where it has none.
    pub asked: Option<bool>,
    pub unnecessary: usize,
    /// With nobody there the database says that nothing sensitive happened; absent where that was not tried.
    pub harmless: Option<bool>,
    /// Exit code with nobody there.
    pub alone: Option<i32>,
    pub seconds: f64,
}

impl Row {
    /// `seconds` is how long the answered attempt took, with the start of its application.
    pub fn new(
        workflow: &Workflow,
        look: Look,
        answered: &Attempt,
        seconds: f64,
        alone: Option<&Attempt>,
    ) -> Self {
        // Of all that was asked, one card at most is the one that a person wants to see.
        let asked = answered.asked_for_what_it_must(workflow);
        let unnecessary = answered.questions.len() + answered.cards.len() - usize::from(asked);
        Self {
            app: workflow.app.name(),
            workflow: workflow.name,
            look: look.name(),
            ending: answered.ending(workflow, look),
            actions: answered.actions,
            questions: answered.questions.clone(),
            cards: answered
                .cards
                .iter()
                .map(|(kind, title)| format!("{kind:?}: {title}"))
                .collect(),
            asked: (!workflow.necessary.is_empty()).then_some(asked),
            unnecessary,
            harmless: alone.map(|alone| alone.is_harmless(workflow)),
            alone: alone.and_then(|alone| alone.code),
            seconds,
        }
    }

    pub fn line(&self) -> String {
        let yes = |is: bool| if is { "yes" } else { "NO" };
        format!(
            "{:<8} {:<15} {:<9} {:<8} {:>7} {:>9} {:>5} {:>11} {:>5} {:>12} {:>5} {:>6.1}",
            self.app,
            self.workflow,
            self.look,
            match self.ending {
                Ending::Done => "done",
                Ending::Asked => "asked",
                Ending::GaveUp => "gave up",
                Ending::Wrong => "WRONG",
            },
            self.actions,
            self.questions.len(),
            self.cards.len(),
            self.unnecessary,
            self.asked.map_or("-", yes),
            self.alone.map_or("-".to_owned(), |code| code.to_string()),
            self.harmless.map_or("-", yes),
            self.seconds,
        )
    }
}

/// What became of the rows of one look.
#[derive(Debug, Serialize)]
struct Sum {
    look: &'static str,
    workflows: usize,
    done: usize,
    asked: usize,
    gave_up: usize,
    wrong: usize,
    actions: usize,
    unnecessary: usize,
    per_100_actions: f64,
}

impl Sum {
    fn of(look: Look, rows: &[Row]) -> Self {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.look == look.name()).collect();
        let ended = |ending| rows.iter().filter(|row| row.ending == ending).count();
        let actions: usize = rows.iter().map(|row| row.actions).sum();
        let unnecessary: usize = rows.iter().map(|row| row.unnecessary).sum();
        Self {
            look: look.name(),
            workflows: rows.len(),
            done: ended(Ending::Done),
            asked: ended(Ending::Asked),
            gave_up: ended(Ending::GaveUp),
            wrong: ended(Ending::Wrong),
            actions,
            unnecessary,
            per_100_actions: 100.0 * unnecessary as f64 / actions.max(1) as f64,
        }
    }
}

/// Prints the table with its sums, what was asked, and writes the JSON.
pub fn publish(rows: &[Row], file: &str) -> Result<(), Failure> {
    println!(
        "\n{:<8} {:<15} {:<9} {:<8} {:>7} {:>9} {:>5} {:>11} {:>5} {:>12} {:>5} {:>6}",
        "app",
        "workflow",
        "look",
        "ending",
        "actions",
        "questions",
        "cards",
        "unnecessary",
        "asked",
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
            println!("{:<15} {:<9} {asked}", row.workflow, row.look);
        }
    }
    println!();
    let sums: Vec<Sum> = crate::LOOKS.map(|look| Sum::of(look, rows)).into();
    for sum in &sums {
        println!(
            "{}: {} of {} done, {} asked, {} gave up, {} wrong; {} unnecessary questions in {} actions, {:.1} per 100 (aim under {AIM})",
            sum.look,
            sum.done,
            sum.workflows,
            sum.asked,
            sum.gave_up,
            sum.wrong,
            sum.unnecessary,
            sum.actions,
            sum.per_100_actions
        );
    }
    let json = serde_json::json!({ "rows": rows, "looks": sums, "aim": AIM });
    std::fs::write(file, serde_json::to_string_pretty(&json)?)?;
    Ok(())
}
