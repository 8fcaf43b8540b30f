//! Says in a few words what an action, an outcome or a verdict is.

use crate::computer::{
    Action, Button, Condition, Element, Modifier, Outcome, Reading, Settled, Target, Text, folded,
};
use crate::demo::{describe, undoubled};
use crate::guard::effect::Brief;
use crate::human::Verdict;
use crate::policy::{Decision, Usage};
use crate::trace::format::{End, Outcome as Ending};
use crate::trace::hand::ByHand;

/// Longest text that is quoted in a sentence, in characters.
const QUOTED_CHARS: usize = 120;

/// The action in a few words: `fill textbox "Amount" with "12.50"`. `element` is what it lands on, where that is known.
pub fn action(action: &Action, element: Option<&Element>) -> String {
    let on = |target: &Target| place(target, element);
    match action {
        Action::Click {
            target,
            button,
            count,
            modifiers,
        } => {
            let verb = match (button, count) {
                (Button::Left, 2) => "double-click",
                (Button::Left, _) => "click",
                (Button::Middle, _) => "middle-click",
                (Button::Right, _) => "right-click",
            };
            let chord: String = modifiers.iter().map(|one| modifier(*one)).collect();
            format!("{chord}{verb} {}", on(target))
        }
        Action::Hover { target } => format!("hover over {}", on(target)),
        Action::Drag { path } => {
            let places: Vec<String> = path.iter().map(on).collect();
            format!("drag from {}", places.join(" to "))
        }
        Action::Scroll { target, dx, dy } => match target {
            Some(target) => format!("scroll {} by {dx}, {dy}", on(target)),
            None => format!("scroll by {dx}, {dy}"),
        },
        Action::ScrollTo { target } => format!("scroll to {}", on(target)),
        Action::Type { text } => format!("type {}", typed(text)),
        Action::Fill { target, value } => format!("fill {} with {}", on(target), typed(value)),
        Action::Press { keys } => format!("press {keys}"),
        Action::Choose { target, options } => {
            let options: Vec<String> = options.iter().map(|option| quoted(option)).collect();
            format!("choose {} in {}", options.join(", "), on(target))
        }
        Action::Select { target, text } => match text {
            Some(text) => format!("select {} in {}", quoted(text), on(target)),
            None => format!("select everything in {}", on(target)),
        },
        Action::Upload { target, files } => {
            let files: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
            format!("upload {} to {}", files.join(", "), on(target))
        }
        Action::Navigate { url } => format!("go to {url}"),
        Action::Back => "go back".to_owned(),
        Action::Forward => "go forward".to_owned(),
        Action::Reload => "reload the page".to_owned(),
        Action::OpenTab { url } => format!("open {url} in a new tab"),
        Action::SwitchTab { .. } => "switch to another tab".to_owned(),
        Action::CloseTab { .. } => "close a tab".to_owned(),
        Action::AnswerDialog { accept, text } => {
            let answer = if *accept { "OK" } else { "Cancel" };
            match text {
                Some(text) => format!("answer the dialog with {} and {answer}", typed(text)),
                None => format!("answer the dialog with {answer}"),
            }
        }
        Action::Authenticate { user, .. } => format!("sign in as {}", typed(user)),
        Action::Wait {
            condition,
            limit_ms,
        } => format!(
            "wait up to {} for {}",
            duration(*limit_ms as f64),
            awaited(condition)
        ),
        Action::Read { target, area, what } => {
            let what = match what {
                Reading::Text => "the text",
                Reading::Table => "the table",
                Reading::Picture => "the text in the picture",
            };
            match (target, area) {
                (Some(target), _) => format!("read {what} of {}", on(target)),
                (None, Some(_)) => format!("read {what} of a part of the page"),
                (None, None) => format!("read {what} of the page"),
            }
        }
    }
}

fn place(target: &Target, element: Option<&Element>) -> String {
    match target {
        Target::Element(id) => match element {
            Some(element) if element.id == *id => element.describe(),
            _ => format!("element {id}"),
        },
        Target::Point(point) => format!("the point {:.0}, {:.0}", point.x, point.y),
    }
}

fn modifier(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Alt => "Alt+",
        Modifier::Control => "Control+",
        Modifier::Meta => "Meta+",
        Modifier::Shift => "Shift+",
    }
}

fn typed(text: &Text) -> String {
    match text {
        Text::Plain(text) => quoted(text),
        Text::Secret(name) => format!("the secret {name}"),
    }
}

fn awaited(condition: &Condition) -> String {
    match condition {
        Condition::Text(text) => quoted(text),
        Condition::NoText(text) => format!("{} to go", quoted(text)),
        Condition::Element { role, name } => format!("{role} {}", quoted(name)),
        Condition::Role(role) => format!("a {role}"),
        Condition::Address(part) => format!("an address with {}", quoted(part)),
        Condition::Download => "the download".to_owned(),
        Condition::Change => "a change of the page".to_owned(),
    }
}

/// Replaces control characters: page text must not move the reader's cursor or recolour the terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// A text in quotes, on one line, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let line = folded(text);
    match line.char_indices().nth(QUOTED_CHARS) {
        Some((cut, _)) => format!("\"{} …\"", &line[..cut]),
        None => format!("\"{line}\""),
    }
}

/// A time in milliseconds as people say it: `45 ms`, `3.2 s`, `2 min 5 s`.
pub fn duration(millis: f64) -> String {
    if millis < 999.5 {
        format!("{millis:.0} ms")
    } else if millis < 59_950.0 {
        format!("{:.1} s", millis / 1000.0)
    } else {
        let seconds = (millis / 1000.0).round() as u64;
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// A moment to the second; what is no RFC 3339 time as it is.
pub(super) fn moment(time: &str) -> String {
    time.parse::<jiff::Timestamp>().map_or_else(
        |_| time.to_owned(),
        |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// A moment of the run: `1:04.2`.
pub(super) fn clock(at_ms: f64) -> String {
    let tenths = (at_ms / 100.0).round() as u64;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// The decision in one sentence, and whether it needs to be said beside the action that follows it.
pub(super) fn decision(decision: &Decision) -> String {
    match decision {
        Decision::Act(act) => act.says.clone(),
        Decision::Look { .. } => "look at the whole page".to_owned(),
        Decision::Ask(question) => format!("ask: {}", question.text),
        Decision::Finish { result } if result.is_empty() => "finish".to_owned(),
        Decision::Finish { result } => format!("finish: {result}"),
        Decision::GiveUp { reason } => format!("give up: {reason}"),
    }
}

pub(super) fn outcome(outcome: &Outcome) -> String {
    let settled = match outcome.settled {
        Settled::Quiet => "done",
        Settled::LimitReached => "done, but the page did not come to rest",
        Settled::Dialog => "done, and a dialog opened",
    };
    let time = duration(outcome.millis);
    match &outcome.text {
        Some(text) => format!("{settled} in {time}; it read {}", quoted(text)),
        None => format!("{settled} in {time}"),
    }
}

/// A request that changes something, and what became of it.
pub(super) fn effect(effect: &Brief, ruling: &str, why: &str) -> String {
    format!(
        "{} {} would {}: {ruling}, {why}",
        effect.method,
        effect.address,
        effect.kind.phrase()
    )
}

/// What was done by hand, a line for each thing.
pub(super) fn by_hand(by_hand: &ByHand) -> Vec<String> {
    if by_hand.steps.is_empty() {
        return vec!["nothing was done in the browser".to_owned()];
    }
    let steps = by_hand.steps.iter();
    steps.map(|one| describe(&one.step, &undoubled)).collect()
}

pub(super) fn verdict(verdict: Option<&Verdict>) -> String {
    match verdict {
        Some(Verdict::Yes) => "yes".to_owned(),
        Some(Verdict::YesForWorkflow) => "yes, for this workflow from now on".to_owned(),
        Some(Verdict::No) => "no".to_owned(),
        Some(Verdict::NoAndStop) => "no, and stop".to_owned(),
        Some(Verdict::Edit { field, value }) => {
            format!("change {} to {} first", quoted(field), quoted(value))
        }
        Some(Verdict::DoneByHand) => "done by hand".to_owned(),
        None => "no answer".to_owned(),
    }
}

/// How a run ended, in a few words.
pub fn ending(end: Option<&End>) -> &'static str {
    match end.map(|end| end.outcome) {
        Some(Ending::Done) => "done",
        Some(Ending::Failed) => "failed",
        Some(Ending::GaveUp) => "gave up",
        Some(Ending::Refused) => "refused by a person",
        Some(Ending::Waiting) => "waits for a person",
        Some(Ending::BudgetSpent) => "out of budget",
        Some(Ending::Interrupted) => "interrupted",
        None => "has no end",
    }
}

/// Steps, questions and the like, each with its number.
pub fn counts(end: &End) -> String {
    let count = |number: usize, one: &str, many: &str| {
        format!("{number} {}", if number == 1 { one } else { many })
    };
    let mut all = vec![
        count(end.steps, "step", "steps"),
        count(end.questions, "question", "questions"),
        count(end.confirmations, "confirmation", "confirmations"),
    ];
    let Usage {
        model_calls,
        input_tokens,
        output_tokens,
        cost,
    } = end.usage;
    if model_calls > 0 {
        all.push(format!(
            "{model_calls} model calls ({input_tokens} tokens in, {output_tokens} out)"
        ));
    } else {
        all.push("no model".to_owned());
    }
    if cost > 0.0 {
        all.push(format!("{cost:.4} $"));
    }
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::{clock, duration, quoted};

    #[test]
    fn times_are_said_as_people_say_them() {
        for (millis, words) in [
            (0.4, "0 ms"),
            (45.2, "45 ms"),
            (999.6, "1.0 s"),
            (3_210.0, "3.2 s"),
            (59_960.0, "1 min 0 s"),
            (125_000.0, "2 min 5 s"),
        ] {
            assert_eq!(duration(millis), words);
        }
        assert_eq!(clock(64_210.0), "1:04.2");
        assert_eq!(clock(59_990.0), "1:00.0");
    }

    #[test]
    fn quotes_fit_on_a_line() {
        assert_eq!(quoted("a\n  b"), "\"a b\"");
        assert_eq!(quoted(&"é".repeat(500)).chars().count(), 124);
    }
}
