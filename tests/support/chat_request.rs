//! A chat completions request, checked as a real server checks it: the types of the official Python SDK, nothing more and
//! nothing less of what this program may send.

#![expect(
    dead_code,
    reason = "most fields are there to be checked by their type, and read by nobody"
)]

use base64::Engine as _;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatRequest {
    pub model: String,
    pub messages: Vec<Message>,
    #[serde(default)]
    pub stream: bool,
    pub stream_options: Option<StreamOptions>,
    #[serde(default)]
    pub tools: Vec<Tool>,
    pub tool_choice: Option<ToolChoice>,
    pub max_completion_tokens: Option<u32>,
    pub response_format: Option<ResponseFormat>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ResponseFormat {
    JsonSchema { json_schema: NamedSchema },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedSchema {
    pub name: String,
    pub strict: Option<bool>,
    pub schema: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamOptions {
    pub include_usage: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ToolChoice {
    None,
    Auto,
    Required,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
pub enum Tool {
    Function { function: Function },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    pub name: String,
    pub description: Option<String>,
    pub parameters: Option<Map<String, Value>>,
    pub strict: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "role", rename_all = "lowercase", deny_unknown_fields)]
pub enum Message {
    System {
        content: Content,
    },
    User {
        content: Content,
    },
    Assistant {
        content: Option<Content>,
        #[serde(default)]
        tool_calls: Vec<ToolCall>,
    },
    Tool {
        content: Content,
        tool_call_id: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    Text { text: String },
    ImageUrl { image_url: ImageUrl },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageUrl {
    pub url: String,
    #[serde(default)]
    pub detail: Detail,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Detail {
    #[default]
    Auto,
    Low,
    High,
    Original,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    pub id: String,
    pub r#type: String,
    pub function: CalledFunction,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalledFunction {
    pub name: String,
    pub arguments: String,
}

impl ChatRequest {
    /// Reads and checks a body; the error is what the server would answer with status 400.
    pub fn check(body: &[u8]) -> Result<ChatRequest, String> {
        let request: ChatRequest =
            serde_json::from_slice(body).map_err(|error| format!("invalid request: {error}"))?;
        if request.messages.is_empty() {
            return Err("messages: [] is too short".to_owned());
        }
        if request.stream_options.is_some() && !request.stream {
            return Err("stream_options is only allowed when stream is enabled".to_owned());
        }
        if request.tool_choice.is_some() && request.tools.is_empty() {
            return Err("tool_choice is only allowed when tools are specified".to_owned());
        }
        if request.tools.len() > 128 {
            return Err("tools: at most 128".to_owned());
        }
        for Tool::Function { function } in &request.tools {
            let fits = (1..=64).contains(&function.name.len())
                && function
                    .name
                    .bytes()
                    .all(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'-');
            if !fits {
                return Err(format!("invalid function name {:?}", function.name));
            }
            let object = function
                .parameters
                .as_ref()
                .is_none_or(|schema| schema.get("type").is_some_and(|kind| kind == "object"));
            if !object {
                return Err(format!(
                    "parameters of {} are no object schema",
                    function.name
                ));
            }
        }
        let mut open: Vec<&str> = Vec::new();
        for message in &request.messages {
            if let Message::Tool { tool_call_id, .. } = message {
                let at = open.iter().position(|id| id == tool_call_id).ok_or_else(|| {
                    "messages with role 'tool' must be a response to a preceding message with 'tool_calls'".to_owned()
                })?;
                open.remove(at);
                continue;
            }
            if !open.is_empty() {
                return Err(format!(
                    "an assistant message with 'tool_calls' must be followed by tool messages for {open:?}"
                ));
            }
            if let Message::Assistant {
                content,
                tool_calls,
            } = message
            {
                if content.is_none() && tool_calls.is_empty() {
                    return Err("an assistant message needs content or tool_calls".to_owned());
                }
                if tool_calls.iter().any(|call| call.r#type != "function") {
                    return Err("tool_calls: type must be 'function'".to_owned());
                }
                open = tool_calls.iter().map(|call| call.id.as_str()).collect();
            }
        }
        if !open.is_empty() {
            return Err(format!("tool messages are missing for {open:?}"));
        }
        for url in request.parts().filter_map(|part| match part {
            Part::ImageUrl { image_url } => Some(&image_url.url),
            Part::Text { .. } => None,
        }) {
            let bytes = picture(url)?;
            image::load_from_memory(&bytes)
                .map_err(|error| format!("invalid image data: {error}"))?;
        }
        Ok(request)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.messages
            .iter()
            .filter_map(|message| match message {
                Message::User {
                    content: Content::Parts(parts),
                } => Some(parts),
                _ => None,
            })
            .flatten()
    }

    /// The last picture that was sent.
    pub fn picture(&self) -> Option<Vec<u8>> {
        self.parts()
            .filter_map(|part| match part {
                Part::ImageUrl { image_url } => picture(&image_url.url).ok(),
                Part::Text { .. } => None,
            })
            .last()
    }

    /// All that was said as user, joined.
    pub fn said(&self) -> String {
        let texts = self.messages.iter().filter_map(|message| match message {
            Message::User { content } => Some(match content {
                Content::Text(text) => text.clone(),
                Content::Parts(parts) => parts
                    .iter()
                    .filter_map(|part| match part {
                        Part::Text { text } => Some(text.as_str()),
                        Part::ImageUrl { .. } => None,
                    })
                    .collect(),
            }),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

fn picture(url: &str) -> Result<Vec<u8>, String> {
    let data = ["data:image/png;base64,", "data:image/jpeg;base64,"]
        .iter()
        .find_map(|start| url.strip_prefix(start))
        .ok_or_else(|| {
            "invalid image_url: a data address of a PNG or JPEG is expected".to_owned()
        })?;
    base64::engine::general_purpose::STANDARD
        .decode(data)
        .map_err(|error| format!("invalid base64 image_url: {error}"))
}
