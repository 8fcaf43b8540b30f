//! A trace as text for a terminal.

use std::fmt::Write;

use super::moments::{Moment, moments};
use super::words;
use crate::trace::format::Event;
use crate::trace::reader::Trace;

/// The whole run, one short paragraph for each look at the page.
pub fn text(trace: &Trace) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(trace, &mut out);
    words::printable(&out)
}

fn write(trace: &Trace, out: &mut String) -> std::fmt::Result {
    let header = &trace.header;
    writeln!(out, "{}  {}", header.run, words::ending(trace.end.as_ref()))?;
    let mut fact = |name: &str, value: &str| writeln!(out, "  {name:<10} {value}");
    fact("goal", &header.goal)?;
    if let Some(typed) = &header.typed {
        fact("typed", &typed.goal)?;
    }
    for (name, value) in &header.parameters {
        fact("parameter", &format!("{name} = {value}"))?;
    }
    match &header.workflow {
        Some(workflow) => fact("workflow", &format!("{workflow} ({})", header.policy))?,
        None => fact("policy", &header.policy)?,
    }
    fact("start", &header.start_url)?;
    fact("started", &header.started)?;
    fact("browser", &header.browser)?;
    if let Some(end) = &trace.end {
        fact("took", &words::duration(end.seconds * 1000.0))?;
        fact("counts", &words::counts(end))?;
        if let Some(result) = &end.result {
            fact("result", result)?;
        }
        if let Some(reason) = &end.reason {
            fact("reason", reason)?;
        }
    }
    for (index, moment) in moments(&trace.lines).iter().enumerate() {
        writeln!(out)?;
        write_moment(index + 1, moment, out)?;
    }
    if trace.broken_tail {
        writeln!(
            out,
            "\nThe trace breaks off here: the run died while it wrote a line."
        )?;
    } else if trace.end.is_none() {
        writeln!(
            out,
            "\nThe trace has no end: the run was killed, or still goes on."
        )?;
    }
    Ok(())
}

fn write_moment(number: usize, moment: &Moment<'_>, out: &mut String) -> std::fmt::Result {
    match &moment.seen {
        Some(seen) => {
            let title = if seen.title.is_empty() {
                String::new()
            } else {
                format!("  {}", words::quoted(seen.title))
            };
            writeln!(
                out,
                "{number:>3}  {}  {}{title}",
                words::clock(seen.at_ms),
                seen.url
            )?;
        }
        None => writeln!(out, "{number:>3}  before the first look")?,
    }
    for line in &moment.lines {
        let mut row = |name: &str, value: &str| writeln!(out, "       {name:<9} {value}");
        match &line.event {
            Event::Decided {
                policy,
                decision,
                millis,
            } => {
                let sure = match decision {
                    crate::policy::Decision::Act(act) => {
                        format!(", {:.0} % sure", act.sure * 100.0)
                    }
                    _ => String::new(),
                };
                row(
                    "decided",
                    &format!(
                        "{} ({policy}{sure}, {})",
                        words::decision(decision),
                        words::duration(*millis)
                    ),
                )?;
            }
            Event::Reviewed { review, kind, why } => {
                let kind = kind.map_or(String::new(), |kind| format!(" ({})", kind.phrase()));
                if review != "allow" || !kind.is_empty() {
                    row("review", &format!("{review}{kind}: {why}"))?;
                }
            }
            Event::Asked {
                question,
                answer,
                remembered,
            } => {
                row("asked", &question.text)?;
                row(
                    "answer",
                    &answered(answer.as_deref(), question.secret, *remembered),
                )?;
            }
            Event::Confirmed { card, verdict, .. } => {
                row("card", &card.title)?;
                if let Some(amount) = &card.amount {
                    row("", &format!("amount: {amount}"))?;
                }
                for (name, value) in &card.fields {
                    row("", &format!("{name}: {value}"))?;
                }
                for said in card.differences.iter().chain(&card.warnings) {
                    row("", said)?;
                }
                row("", &format!("why: {}", card.why))?;
                row("verdict", &words::verdict(verdict.as_ref()))?;
            }
            Event::Acting {
                action, element, ..
            } => row("action", &words::action(action, element.as_deref()))?,
            Event::Acted { outcome } => row("outcome", &words::outcome(outcome))?,
            Event::ActionFailed { error } => row("failed", error)?,
            Event::Effect {
                effect,
                ruling,
                why,
            } => row("sent", &words::effect(effect, ruling, why))?,
            Event::ByHand(by_hand) => {
                for (at, said) in words::by_hand(by_hand).iter().enumerate() {
                    row(if at == 0 { "by hand" } else { "" }, said)?;
                }
            }
            Event::Note { text } => row("note", text)?,
            Event::Timings { .. } | Event::Start(_) | Event::Observed { .. } | Event::End(_) => {}
        }
    }
    Ok(())
}

pub(super) fn answered(answer: Option<&str>, secret: bool, remembered: bool) -> String {
    match (answer, remembered) {
        (Some(answer), false) => answer.to_owned(),
        (Some(answer), true) => format!("{answer} (remembered)"),
        (None, _) if secret => "given, and kept secret".to_owned(),
        (None, _) => "none came".to_owned(),
    }
}
