//! Replacing a field's value, whatever kind of field it is, and making sure afterwards that it holds what was asked for.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;

use super::super::world::World;
use super::grip::Grip;
use super::input::strokes;
use super::secret::Focused;
use super::spot::{Scroll, Wants};
use crate::computer::browser::Browser;
use crate::computer::{Button, ComputerError, Target, Text};

/// Up to this many characters are typed key by key, as a person would; longer text is inserted in one piece.
const TYPED_LIMIT: usize = 100;

/// Up to this many steps a slider is moved by arrow keys.
const ARROW_LIMIT: f64 = 200.0;

/// A field as the page describes it.
#[derive(Debug, Clone, Deserialize)]
struct Field {
    number: u64,
    /// `text`, `editable`, or the type of an input with a format of its own; absent for what takes no value.
    form: Option<String>,
    title: String,
    kind: String,
    readonly: bool,
    /// Most characters that it takes.
    limit: Option<usize>,
    /// Whether it takes line breaks.
    lines: bool,
    origin: String,
}

#[derive(Debug, Deserialize)]
struct Comparison {
    same: bool,
    exact: bool,
    held: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Slider {
    value: f64,
    least: f64,
    most: f64,
    step: Option<f64>,
}

impl Field {
    fn refuses(&self, what: impl Into<String>) -> ComputerError {
        ComputerError::Unsuitable {
            target: self.title.clone(),
            what: what.into(),
        }
    }
}

impl Browser {
    pub(super) async fn fill(&self, target: &Target, value: &Text) -> Result<(), ComputerError> {
        let grip = self.grip()?;
        let (world, number) = self.node_of(&grip, target).await?;
        let field: Option<Field> = self
            .ask(
                &grip,
                &world,
                "function (number) { return hands.fieldOf(number); }",
                json!([number]),
                Duration::ZERO,
            )
            .await?;
        let field = field.ok_or_else(|| ComputerError::Vanished {
            target: format!("element {}:{number}", world.serial),
        })?;
        let Some(form) = field.form.clone() else {
            return Err(field.refuses(format!("a value: it is a {}", field.kind)));
        };
        if field.readonly {
            return Err(field.refuses("typed text: it is read-only"));
        }
        let words = self.reveal(value, &field.origin)?;
        let plain = words.expose_secret();
        if !field.lines && plain.contains(['\n', '\r']) {
            return Err(field.refuses("line breaks"));
        }
        // The page counts UTF-16 code units.
        let length = plain.encode_utf16().count();
        if let Some(limit) = field.limit.filter(|limit| length > *limit) {
            return Err(field.refuses(format!("{length} characters: at most {limit} (maxlength)")));
        }
        let hidden = matches!(value, Text::Secret(_));
        match form.as_str() {
            "text" | "editable" => self.fill_text(&grip, &world, &field, &words, hidden).await,
            _ if hidden => Err(field.refuses("a secret: only text fields do")),
            form => self.fill_fixed(&grip, &world, &field, form, plain).await,
        }
    }

    async fn fill_text(
        &self,
        grip: &Grip,
        world: &World,
        field: &Field,
        words: &SecretString,
        hidden: bool,
    ) -> Result<(), ComputerError> {
        let spot = self
            .spot_of(grip, world, field.number, Wants::TO_CLICK)
            .await?;
        self.click_at(grip, spot.point, Button::Left, 1, &[])
            .await?;
        self.take(grip, world, field, true).await?;
        let plain = words.expose_secret();
        if plain.is_empty() {
            self.deliver(grip, strokes("Delete", 1)?).await?;
        } else if hidden {
            let focused = Focused {
                number: field.number,
                origin: field.origin.clone(),
                editable: true,
                title: field.title.clone(),
            };
            self.insert_secret(grip, world, &focused, words).await?;
        } else if plain.chars().count() <= TYPED_LIMIT {
            self.type_words(grip, plain).await?;
        } else {
            self.insert(grip, &mut plain.to_owned()).await?;
        }
        if self.stopped_now(grip) {
            return Ok(());
        }
        // A page may take the field away once it is filled; then there is nothing left to compare.
        let Some(first) = self.compare(grip, world, field, plain).await? else {
            return Ok(());
        };
        if first.same {
            return Ok(());
        }
        // What completes or reacts while keys come in may spoil the text: once more in one piece.
        if !hidden && !plain.is_empty() {
            self.take(grip, world, field, true).await?;
            self.insert(grip, &mut plain.to_owned()).await?;
            match self.compare(grip, world, field, plain).await? {
                Some(second) if !second.same => return Err(mismatch(field, second)),
                _ => return Ok(()),
            }
        }
        Err(mismatch(field, first))
    }

    /// Dates, times, colours and sliders: by keyboard where the browser's language is clear, else by the native setter.
    async fn fill_fixed(
        &self,
        grip: &Grip,
        world: &World,
        field: &Field,
        form: &str,
        value: &str,
    ) -> Result<(), ComputerError> {
        let wants = Wants {
            enabled: true,
            hit: true,
            scroll: Scroll::IfNeeded,
        };
        self.spot_of(grip, world, field.number, wants).await?;
        // A click would open a picker or move the slider, so the focus is given without one.
        self.take(grip, world, field, false).await?;
        match form {
            "range" => self.slide(grip, world, field, value).await?,
            "date" | "time" | "datetime-local" if !value.is_empty() => {
                self.type_segments(grip, world, form, value).await?;
            }
            _ => {}
        }
        if self.holds_exactly(grip, world, field, value).await? {
            return Ok(());
        }
        let _: bool = self
            .ask(
                grip,
                world,
                "function (number, value) { return hands.assign(number, value); }",
                json!([field.number, value]),
                Duration::ZERO,
            )
            .await?;
        if self.holds_exactly(grip, world, field, value).await? {
            return Ok(());
        }
        Err(field.refuses(format!("{value:?}: {}", shape(form))))
    }

    async fn type_segments(
        &self,
        grip: &Grip,
        world: &World,
        form: &str,
        value: &str,
    ) -> Result<(), ComputerError> {
        let parts: Vec<String> = self
            .ask(
                grip,
                world,
                "function (kind) { return hands.segments(kind); }",
                json!([form]),
                Duration::ZERO,
            )
            .await?;
        let Some(keys) = segment_keys(&parts, value) else {
            return Ok(());
        };
        let mut events = Vec::new();
        for (at, text) in keys.iter().enumerate() {
            for character in text.chars() {
                events.extend(strokes(&character.to_string(), 1)?);
            }
            // Full month, day and hour segments go on by themselves; a year takes up to six digits and does not.
            if parts.get(at).is_some_and(|part| part == "year") && at + 1 < keys.len() {
                events.extend(strokes("ArrowRight", 1)?);
            }
        }
        self.deliver(grip, events).await
    }

    async fn slide(
        &self,
        grip: &Grip,
        world: &World,
        field: &Field,
        value: &str,
    ) -> Result<(), ComputerError> {
        let slider: Slider = self
            .ask(
                grip,
                world,
                "function (number) { return hands.range(number); }",
                json!([field.number]),
                Duration::ZERO,
            )
            .await?;
        let wanted: f64 = value
            .trim()
            .parse()
            .map_err(|_| field.refuses(format!("{value:?}: it takes a number")))?;
        if wanted < slider.least || wanted > slider.most {
            return Err(field.refuses(format!(
                "{value}: it goes from {} to {}",
                slider.least, slider.most
            )));
        }
        let Some(step) = slider.step else {
            return Ok(());
        };
        let steps = ((wanted - slider.value) / step).round();
        if steps == 0.0 || steps.abs() > ARROW_LIMIT {
            return Ok(());
        }
        let key = if steps > 0.0 { "ArrowUp" } else { "ArrowDown" };
        self.deliver(grip, strokes(key, steps.abs() as usize)?)
            .await
    }

    async fn take(
        &self,
        grip: &Grip,
        world: &World,
        field: &Field,
        select: bool,
    ) -> Result<(), ComputerError> {
        let focused: bool = self
            .ask(
                grip,
                world,
                "function (number, select) { return hands.take(number, select); }",
                json!([field.number, select]),
                Duration::ZERO,
            )
            .await?;
        if focused {
            Ok(())
        } else {
            Err(field.refuses("the focus"))
        }
    }

    async fn compare(
        &self,
        grip: &Grip,
        world: &World,
        field: &Field,
        value: &str,
    ) -> Result<Option<Comparison>, ComputerError> {
        self.ask(
            grip,
            world,
            "function (number, wanted) { return hands.compare(number, wanted); }",
            json!([field.number, value]),
            Duration::ZERO,
        )
        .await
    }

    async fn holds_exactly(
        &self,
        grip: &Grip,
        world: &World,
        field: &Field,
        value: &str,
    ) -> Result<bool, ComputerError> {
        if self.stopped_now(grip) {
            return Ok(true);
        }
        let found = self.compare(grip, world, field, value).await?;
        Ok(found.is_none_or(|found| {
            found.exact
                || field.kind == "range" && found.held.is_some_and(|held| same_number(&held, value))
                || field.kind != "range" && found.same
        }))
    }

    /// Whether a dialog or the tab's end came with the input, so that nothing more can be asked.
    pub(super) fn stopped_now(&self, grip: &Grip) -> bool {
        let stage = self.link.stage();
        stage
            .tab(&grip.tab)
            .is_none_or(|tab| tab.crashed || tab.dialog.is_some())
    }
}

fn mismatch(field: &Field, found: Comparison) -> ComputerError {
    field.refuses(match found.held {
        Some(held) => format!("this value: it holds {held:?} instead"),
        None => "this value: it holds something else".to_owned(),
    })
}

fn same_number(a: &str, b: &str) -> bool {
    matches!((a.trim().parse::<f64>(), b.trim().parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

/// How each kind of field wants its value, in the words of the HTML specification.
fn shape(form: &str) -> &'static str {
    match form {
        "date" => "it takes a date within its limits, as in 2026-11-24",
        "time" => "it takes a time within its limits, as in 14:05",
        "datetime-local" => "it takes a date and time within its limits, as in 2026-11-24T14:05",
        "month" => "it takes a month, as in 2026-11",
        "week" => "it takes a week, as in 2026-W48",
        "color" => "it takes a colour, as in #2266cc",
        _ => "it takes a number that its steps reach",
    }
}

/// What to type into each part of a date or time field; `None` where the value has not the shape for it.
fn segment_keys(parts: &[String], value: &str) -> Option<Vec<String>> {
    let (date, time) = match value.split_once(['T', ' ']) {
        Some((date, time)) => (Some(date), Some(time)),
        None if value.contains(':') => (None, Some(value)),
        None => (Some(value), None),
    };
    let number = |text: &str, digits: usize| {
        (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
    };
    let date: Vec<&str> = date.unwrap_or_default().split('-').collect();
    let time: Vec<&str> = time.unwrap_or_default().split(':').collect();
    let half_day = parts.iter().any(|part| part == "dayPeriod");
    parts
        .iter()
        .map(|part| match part.as_str() {
            "year" => number(date.first()?, 4),
            "month" => number(date.get(1)?, 2),
            "day" => number(date.get(2)?, 2),
            "minute" => number(time.get(1)?, 2),
            "hour" => {
                let hour: u8 = number(time.first()?, 2)?.parse().ok()?;
                Some(if half_day {
                    format!("{:02}", (hour + 11) % 12 + 1)
                } else {
                    format!("{hour:02}")
                })
            }
            "dayPeriod" => {
                let hour: u8 = number(time.first()?, 2)?.parse().ok()?;
                Some(if hour < 12 { "a" } else { "p" }.to_owned())
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::segment_keys;

    #[test]
    fn dates_and_times_are_typed_in_the_order_of_the_language() {
        let cases: [(&str, &str, Option<&str>); 7] = [
            ("month day year", "2026-11-24", Some("11 24 2026")),
            ("day month year", "2026-11-24", Some("24 11 2026")),
            ("hour minute dayPeriod", "00:05", Some("12 05 a")),
            ("hour minute dayPeriod", "14:05", Some("02 05 p")),
            ("hour minute", "14:05", Some("14 05")),
            (
                "month day year hour minute dayPeriod",
                "2026-11-24T12:30",
                Some("11 24 2026 12 30 p"),
            ),
            ("month day year", "tomorrow", None),
        ];
        for (parts, value, keys) in cases {
            let parts: Vec<String> = parts.split(' ').map(str::to_owned).collect();
            let typed = segment_keys(&parts, value).map(|keys| keys.join(" "));
            assert_eq!(typed.as_deref(), keys, "{value}");
        }
    }
}
