//! Cuts a trace into moments: what was seen, and everything that happened until the next look.

use crate::trace::format::{Blob, Event, Line};

/// One look at the page and what came of it. The lines before the first look make a moment without one.
#[derive(Debug, Default)]
pub(super) struct Moment<'a> {
    pub seen: Option<Seen<'a>>,
    /// Everything but the look, the header and the end.
    pub lines: Vec<&'a Line>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Seen<'a> {
    pub at_ms: f64,
    pub url: &'a str,
    pub title: &'a str,
    pub elements: usize,
    pub observation: &'a Blob,
    pub screenshot: Option<&'a Blob>,
    pub millis: f64,
}

/// The moments of a run in order; looks that nothing came of are left out, but for the last.
pub(super) fn moments(lines: &[Line]) -> Vec<Moment<'_>> {
    let mut all = Vec::new();
    let mut current = Moment::default();
    for line in lines {
        match &line.event {
            Event::Start(_) | Event::End(_) => {}
            Event::Observed {
                url,
                title,
                elements,
                observation,
                screenshot,
                millis,
            } => {
                let next = Moment {
                    seen: Some(Seen {
                        at_ms: line.at_ms,
                        url,
                        title,
                        elements: *elements,
                        observation,
                        screenshot: screenshot.as_ref(),
                        millis: *millis,
                    }),
                    lines: Vec::new(),
                };
                let past = std::mem::replace(&mut current, next);
                if !past.lines.is_empty() {
                    all.push(past);
                }
            }
            Event::Decided { .. }
            | Event::Reviewed { .. }
            | Event::Asked { .. }
            | Event::Confirmed { .. }
            | Event::Acting { .. }
            | Event::Acted { .. }
            | Event::ActionFailed { .. }
            | Event::Effect { .. }
            | Event::ByHand(_)
            | Event::Note { .. }
            | Event::Timings { .. } => current.lines.push(line),
        }
    }
    if current.seen.is_some() || !current.lines.is_empty() {
        all.push(current);
    }
    all
}
