//! A recording of Chrome's DevTools Recorder as it is written: JSON of the schema in the npm package `@puppeteer/replay`, version 3
//! (`lib/main.d.ts`). This is the first stage; `import` turns it into what it means.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ExchangeError;

/// A larger file is no recording, in bytes.
pub const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// Steps of a recording at most.
const MOST_STEPS: usize = 5000;
/// The Recorder's own line after the document, which maps steps to lines of its editor.
const SOURCE_MAP: &str = "//# recorderSourceMap=";

/// A whole recording; `UserFlow` there.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    pub title: String,
    pub steps: Vec<FlowStep>,
}

/// One step, with the fields of all types; those that a type does not have are absent.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FlowStep {
    #[serde(rename = "type")]
    pub kind: String,
    /// `main`, or the address of another page or frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Positions of the frames on the way from the page's own one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<Vec<usize>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub selectors: Vec<Selector>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `primary` where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset_y: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub y: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visible: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_scale_factor: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_mobile: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_touch: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_landscape: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asserted_events: Vec<AssertedEvent>,
}

/// What the Recorder saw happen because of a step: a navigation.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AssertedEvent {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// One way to find the target: the selectors on the way from the page through its hosts to the target, which is last. In the file
/// a lone string is a way of one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub struct Selector(pub Vec<String>);

impl TryFrom<Value> for Selector {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let no = || "a selector is a text or a list of texts".to_owned();
        match value {
            Value::String(one) => Ok(Selector(vec![one])),
            Value::Array(parts) if !parts.is_empty() => parts
                .into_iter()
                .map(|part| part.as_str().map(str::to_owned).ok_or_else(no))
                .collect::<Result<_, _>>()
                .map(Selector),
            Value::Array(_)
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Object(_) => Err(no()),
        }
    }
}

impl From<Selector> for Value {
    fn from(selector: Selector) -> Self {
        Value::Array(selector.0.into_iter().map(Value::String).collect())
    }
}

impl Flow {
    /// Reads a recording; `file` names it in messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, ExchangeError> {
        let not = |reason: String| ExchangeError::NotARecording {
            file: file.to_owned(),
            reason,
        };
        let text = match text.rfind(SOURCE_MAP) {
            Some(at) => &text[..at],
            None => text,
        };
        let text = text.trim_start_matches('\u{feff}');
        let value: Value =
            serde_json::from_str(text).map_err(|e| not(format!("it is not JSON ({e})")))?;
        let title = value.get("title").and_then(Value::as_str);
        let steps = value.get("steps").and_then(Value::as_array);
        let (Some(title), Some(steps)) = (title, steps) else {
            return Err(not("it has no `title` and `steps`".to_owned()));
        };
        if steps.len() > MOST_STEPS {
            return Err(not(format!(
                "it has {} steps, and {MOST_STEPS} are read at most",
                steps.len()
            )));
        }
        let steps = steps
            .iter()
            .enumerate()
            .map(|(at, step)| {
                let kind = step.get("type").and_then(Value::as_str).unwrap_or_default();
                FlowStep::deserialize(step).map_err(|e| ExchangeError::Step {
                    file: file.to_owned(),
                    step: at + 1,
                    kind: kind.to_owned(),
                    reason: e.to_string(),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Flow {
            title: title.to_owned(),
            steps,
        })
    }

    /// As the Recorder imports it.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("a recording holds only what JSON can write")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_recording_says_what_is_missing() {
        let many = format!(
            r#"{{"title": "x", "steps": [{}]}}"#,
            vec![r#"{"type": "close"}"#; MOST_STEPS + 1].join(",")
        );
        let deep = "[".repeat(100_000);
        for (text, says) in [
            ("", "it is not JSON"),
            ("const a = 1;", "it is not JSON"),
            (&deep, "it is not JSON"),
            ("[]", "no `title` and `steps`"),
            (r#"{"steps": []}"#, "no `title` and `steps`"),
            (&many, "5000 are read at most"),
            (
                r#"{"title": "x", "steps": [{"type": "click", "selectors": [[1]]}]}"#,
                "step 1 of x.json (click): a selector is a text or a list of texts",
            ),
            (r#"{"title": "x", "steps": [7]}"#, "step 1 of x.json"),
        ] {
            let error = Flow::parse("x.json", text).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn the_recorders_own_source_map_is_no_part_of_it() {
        let text = "{\"title\": \"x\", \"steps\": []}\n//# recorderSourceMap=BABC";
        assert_eq!(Flow::parse("x", text).unwrap().title, "x");
    }
}
