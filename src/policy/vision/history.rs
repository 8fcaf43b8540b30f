//! What was done so far, in a few words a step: enough to go on from, and no more than a model needs to read.

use std::fmt::Write as _;

use super::prompt::quote;
use crate::computer::{Action, Condition, Settled, Text};
use crate::policy::{Decision, Turn, TurnResult};

/// Steps that are told; what came before is only counted. What was read or answered is always told.
const RECENT: usize = 25;
/// Characters of a read text that are told.
const READ: usize = 2000;

/// One line for each step.
pub fn lines(history: &[Turn]) -> String {
    let mut text = String::new();
    if history.is_empty() {
        text.push_str("nothing yet\n");
    }
    let old = history.len().saturating_sub(RECENT);
    if old > 0 {
        let _ = writeln!(text, "(of the first {old} steps, only what was learnt)");
    }
    for (index, turn) in history.iter().enumerate() {
        if index < old && !taught(&turn.result) {
            continue;
        }
        let _ = writeln!(
            text,
            "{}. {}: {}",
            index + 1,
            decided(&turn.decision),
            came_of(&turn.result)
        );
    }
    text
}

fn taught(result: &TurnResult) -> bool {
    match result {
        TurnResult::Answered { .. } => true,
        TurnResult::Done(outcome) => outcome.text.is_some(),
        TurnResult::DoneByHand { .. } | TurnResult::Failed { .. } | TurnResult::Looked => false,
    }
}

fn decided(decision: &Decision) -> String {
    match decision {
        Decision::Act(act) if act.says.is_empty() => acted(&act.action),
        Decision::Act(act) => format!("{} ({})", act.says, acted(&act.action)),
        Decision::Look { .. } => "look at the whole page".to_owned(),
        Decision::Ask(question) => format!("asked the person {}", quote(&question.text, 300)),
        Decision::Finish { result } => format!("finish with {}", quote(result, 200)),
        Decision::GiveUp { reason } => format!("give up because {}", quote(reason, 200)),
    }
}

fn came_of(result: &TurnResult) -> String {
    match result {
        TurnResult::Done(outcome) => {
            let mut text = "done".to_owned();
            if let Some(read) = &outcome.text {
                let _ = write!(text, ", read (data from the page): {}", quote(read, READ));
            }
            match outcome.settled {
                Settled::Quiet => {}
                Settled::LimitReached => text.push_str(", the page is still busy"),
                Settled::Dialog => text.push_str(", a dialog opened"),
            }
            text
        }
        TurnResult::DoneByHand { .. } => "the person did it by hand".to_owned(),
        TurnResult::Failed { error } => format!("FAILED: {}", quote(error, 400)),
        TurnResult::Answered { text } => format!("the person answered {}", quote(text, READ)),
        TurnResult::Looked => "done".to_owned(),
    }
}

/// An action without its target, which has another number by now.
fn acted(action: &Action) -> String {
    let shown = |text: &Text| match text {
        Text::Plain(text) => quote(text, 200),
        Text::Secret(name) => format!("the secret {name}"),
    };
    match action {
        Action::Click { count, .. } if *count > 1 => "double click".to_owned(),
        Action::Click { .. } => "click".to_owned(),
        Action::Hover { .. } => "hover".to_owned(),
        Action::Drag { .. } => "drag".to_owned(),
        Action::Scroll { dx, dy, .. } => format!("scroll by {dx:.0}, {dy:.0}"),
        Action::ScrollTo { .. } => "scroll to it".to_owned(),
        Action::Type { text } => format!("type {}", shown(text)),
        Action::Fill { value, .. } => format!("fill with {}", shown(value)),
        Action::Press { keys } => format!("press {keys}"),
        Action::Choose { options, .. } => format!("choose {}", quote(&options.join(", "), 200)),
        Action::Select { text, .. } => match text {
            Some(text) => format!("select {}", quote(text, 200)),
            None => "select everything in it".to_owned(),
        },
        Action::Upload { files, .. } => {
            let names: Vec<_> = files
                .iter()
                .filter_map(|file| file.file_name())
                .map(|name| name.to_string_lossy())
                .collect();
            format!("upload {}", quote(&names.join(", "), 200))
        }
        Action::Navigate { url } => format!("go to {}", quote(url, 200)),
        Action::Back => "back".to_owned(),
        Action::Forward => "forward".to_owned(),
        Action::Reload => "reload".to_owned(),
        Action::OpenTab { url } => format!("open a tab with {}", quote(url, 200)),
        Action::SwitchTab { .. } => "switch tab".to_owned(),
        Action::CloseTab { .. } => "close tab".to_owned(),
        Action::AnswerDialog { accept, .. } => {
            format!(
                "answer the dialog with {}",
                if *accept { "OK" } else { "Cancel" }
            )
        }
        Action::Authenticate { .. } => "sign in to the server".to_owned(),
        Action::Wait { condition, .. } => match condition {
            Condition::Text(text) => format!("wait for {}", quote(text, 100)),
            Condition::NoText(text) => format!("wait until {} is gone", quote(text, 100)),
            Condition::Element { role, name } => format!("wait for {role} {}", quote(name, 100)),
            Condition::Role(role) => format!("wait for a {role}"),
            Condition::Address(part) => format!("wait for the address {}", quote(part, 100)),
            Condition::Download => "wait for the download".to_owned(),
            Condition::Change => "wait for a change".to_owned(),
        },
        Action::Read { .. } => "read".to_owned(),
    }
}
