//! A trace as one page that needs nothing beside it: pictures are inside it, and its own policy forbids it to load anything.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};

use super::moments::{Moment, Seen, moments};
use super::text::answered;
use super::words;
use crate::computer::{Observation, PictureFormat, Rect, Size};
use crate::human::Card;
use crate::policy::Decision;
use crate::trace::format::{Blob, End, Event, Line, Outcome};
use crate::trace::reader::Trace;

/// What the page may load: pictures that it holds, its own style, nothing else. Page text stays text even if an escape failed.
const CONTENT_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const STYLE: &str = include_str!("style.css");

/// The page. `blob` gives a blob's bytes; what it cannot give is left out with a word.
pub fn html(trace: &Trace, blob: impl Fn(&Blob) -> Option<Vec<u8>>) -> String {
    let mut pictures = Pictures {
        blob: &blob,
        shown: HashMap::new(),
    };
    let header = &trace.header;
    let page = markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(CONTENT_POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (header.goal) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                div .run { (header.run) " " (ending(trace.end.as_ref())) }
                h1 { (header.goal) }
                @if let Some(typed) = &header.typed { p { "typed as: " (typed.goal) } }
                (facts(trace))
                @if let Some(end) = &trace.end { (closing(end)) }
                @for (index, moment) in moments(&trace.lines).iter().enumerate() {
                    (show(index + 1, moment, &mut pictures))
                }
                @if trace.broken_tail {
                    p .bad { "The trace breaks off here: the run died while it wrote a line." }
                } @else if trace.end.is_none() {
                    p .bad { "The trace has no end: the run was killed, or still went on when this page was made." }
                }
            }
        }
    };
    page.into_string()
}

/// Pictures, each put into the page once.
struct Pictures<'a> {
    blob: &'a dyn Fn(&Blob) -> Option<Vec<u8>>,
    /// The step that shows it.
    shown: HashMap<Blob, usize>,
}

impl Pictures<'_> {
    fn show(&mut self, blob: &Blob, step: usize, boxes: &Markup) -> Markup {
        // A box on a picture is worth showing it again.
        if let (Some(earlier), "") = (self.shown.get(blob), boxes.0.as_str()) {
            return markup! { p .soft { "the page looks as in step " (earlier) } };
        }
        let format = match blob.0.rsplit_once('.') {
            Some((_, "png")) => PictureFormat::Png,
            _ => PictureFormat::Jpeg,
        };
        match (self.blob)(blob) {
            Some(bytes) => {
                self.shown.insert(blob.clone(), step);
                let source = format!("data:{};base64,{}", format.mime(), STANDARD.encode(bytes));
                markup! { figure { img src=(source) alt={ "the page at step " (step) }; (boxes) } }
            }
            None => markup! { p .soft { "the picture " code { (blob.0) } " is missing" } },
        }
    }

    /// The viewport that an observation's boxes are measured in.
    fn viewport(&self, seen: &Seen<'_>) -> Option<Size> {
        let bytes = (self.blob)(seen.observation)?;
        let observation: Observation = serde_json::from_slice(&bytes).ok()?;
        Some(observation.viewport)
    }
}

fn ending(end: Option<&End>) -> Markup {
    let class = match end.map(|end| end.outcome) {
        Some(Outcome::Done) => "good",
        Some(Outcome::Waiting | Outcome::Refused | Outcome::Interrupted) => "ask",
        Some(Outcome::Failed | Outcome::GaveUp | Outcome::BudgetSpent) | None => "bad",
    };
    markup! { span .badge .(class) { (words::ending(end)) } }
}

fn facts(trace: &Trace) -> Markup {
    let header = &trace.header;
    markup! {
        dl {
            @for (name, value) in &header.parameters { dt { (name) } dd { (value) } }
            @if let Some(workflow) = &header.workflow { dt { "workflow" } dd { (workflow) } }
            dt { "policy" } dd { (header.policy) }
            dt { "start" } dd { (header.start_url) }
            dt { "started" } dd { (words::moment(&header.started)) }
            dt { "browser" } dd { (header.browser) }
            @if let Some(end) = &trace.end {
                dt { "took" } dd { (words::duration(end.seconds * 1000.0)) }
                dt { "counts" } dd { (words::counts(end)) }
            }
        }
    }
}

fn closing(end: &End) -> Markup {
    let class = if end.outcome == Outcome::Done {
        "good"
    } else {
        "bad"
    };
    markup! {
        @if end.result.is_some() || end.reason.is_some() {
            div .result .(class) {
                @if let Some(result) = &end.result { div { (result) } }
                @if let Some(reason) = &end.reason { div { (reason) } }
            }
        }
    }
}

fn show(number: usize, moment: &Moment<'_>, pictures: &mut Pictures<'_>) -> Markup {
    let boxes = moment.seen.as_ref().map_or_else(
        || markup! {},
        |seen| target_box(moment, pictures.viewport(seen)),
    );
    markup! {
        section .moment id={ "step-" (number) } {
            header {
                span .number { (number) }
                @if let Some(seen) = &moment.seen {
                    span .clock { (words::clock(seen.at_ms)) }
                    span { (seen.title) }
                    span .where { (seen.url) }
                } @else {
                    span .soft { "before the first look" }
                }
            }
            div .body .alone[moment.seen.is_none()] {
                @if let Some(seen) = &moment.seen {
                    div {
                        @if let Some(screenshot) = seen.screenshot {
                            (pictures.show(screenshot, number, &boxes))
                        }
                        p .soft {
                            (seen.elements) @if seen.elements == 1 { " element" } @else { " elements" } ", seen in " (words::duration(seen.millis))
                        }
                    }
                }
                div .events {
                    @for line in &moment.lines { (event(line, number, pictures)) }
                }
            }
        }
    }
}

/// The box around what the moment's action lands on, in percent of the picture.
fn target_box(moment: &Moment<'_>, viewport: Option<Size>) -> Markup {
    let bounds = moment.lines.iter().find_map(|line| match &line.event {
        Event::Acting {
            element: Some(element),
            ..
        } if element.in_view => Some(element.bounds),
        _ => None,
    });
    let (Some(bounds), Some(view)) = (bounds, viewport) else {
        return markup! {};
    };
    if view.width <= 0.0 || view.height <= 0.0 {
        return markup! {};
    }
    let Rect {
        x,
        y,
        width,
        height,
    } = bounds;
    let style = format!(
        "left:{:.3}%;top:{:.3}%;width:{:.3}%;height:{:.3}%",
        100.0 * x / view.width,
        100.0 * y / view.height,
        100.0 * width / view.width,
        100.0 * height / view.height
    );
    markup! { div .box style=(style) {} }
}

fn event(line: &Line, number: usize, pictures: &mut Pictures<'_>) -> Markup {
    match &line.event {
        Event::Decided {
            policy,
            decision,
            millis,
        } => markup! {
            div {
                div .says { (words::decision(decision)) }
                div .soft {
                    (policy)
                    @if let Decision::Act(act) = decision { ", " (format!("{:.0}", act.sure * 100.0)) " % sure" }
                    ", " (words::duration(*millis))
                    @if let Decision::Act(act) = decision {
                        @if let Some(shown) = &act.demonstrated { br; "shown: " (shown) }
                    }
                }
            }
        },
        Event::Reviewed { review, kind, why } => {
            let class = match review.as_str() {
                "allow" => "good",
                "ask" => "ask",
                _ => "bad",
            };
            markup! {
                p .fact {
                    span .badge .(class) { (review) } " "
                    @if let Some(kind) = kind { "this would " (kind.phrase()) ": " }
                    span .soft { (why) }
                }
            }
        }
        Event::Asked {
            question,
            answer,
            remembered,
        } => markup! {
            div .card {
                h3 { (question.text) }
                p .fact { (answered(answer.as_deref(), question.secret, *remembered)) }
            }
        },
        Event::Confirmed {
            card,
            verdict,
            picture,
        } => {
            let answer = words::verdict(verdict.as_ref());
            let picture = picture
                .as_ref()
                .map(|blob| pictures.show(blob, number, &markup! {}));
            self::card(card, &answer, picture)
        }
        Event::Acting {
            action, element, ..
        } => markup! {
            p .fact { span .tag { "action " } (words::action(action, element.as_deref())) }
        },
        Event::Acted { outcome } => markup! {
            p .fact { span .good { "✓ " } (words::outcome(outcome)) }
        },
        Event::ActionFailed { error } => markup! {
            p .fact .bad { "✗ " (error) }
        },
        Event::Effect {
            effect,
            ruling,
            why,
        } => markup! {
            p .fact { span .tag { "request " } (words::effect(effect, ruling, why)) }
        },
        Event::ByHand(by_hand) => {
            let pages = by_hand.steps.iter().map(|one| one.picture.as_ref());
            let said = words::by_hand(by_hand);
            markup! {
                div .card {
                    h3 { "by hand" }
                    @for line in &said { p .fact { (line) } }
                    @for picture in pages.flatten() { (pictures.show(picture, number, &markup! {})) }
                }
            }
        }
        Event::Note { text } => markup! {
            p .fact { span .tag { "note " } (text) }
        },
        Event::Timings { parts } => markup! {
            details {
                summary { "times" }
                table .times {
                    @for (part, millis) in parts { tr { td { (part) } td { (format!("{millis:.1} ms")) } } }
                }
            }
        },
        Event::Start(_) | Event::Observed { .. } | Event::End(_) => markup! {},
    }
}

fn card(card: &Card, answer: &str, picture: Option<Markup>) -> Markup {
    markup! {
        div .card {
            h3 { (card.title) }
            dl {
                dt { "where" } dd { (card.origin) }
                @for payee in &card.payees { dt { "for" } dd { (payee) } }
                @if let Some(amount) = &card.amount { dt { "amount" } dd { (amount) } }
                @for item in &card.items { dt { "of" } dd { (item) } }
                @for (name, value) in &card.fields { dt { (name) } dd { (value) } }
                dt { "by" } dd { (card.target) }
                dt { "why" } dd { (card.why) }
                @if let Some(shown) = &card.demonstrated { dt { "shown" } dd { (shown) } }
                @for difference in &card.differences { dt { "but" } dd { (difference) } }
                @for warning in &card.warnings { dt { "careful" } dd { (warning) } }
                dt { "answer" } dd { strong { (answer) } }
            }
            @if let Some(picture) = picture { (picture) }
        }
    }
}
