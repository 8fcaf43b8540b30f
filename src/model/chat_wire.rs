//! Chat completions as they go over the wire: a request becomes JSON, and JSON, whole or in streamed pieces, an answer.
//!
//! After the types of the official Python SDK (`openai/types/chat`), read leniently: servers that imitate the protocol leave
//! things out. All pure.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Call, Message, Part, Request, Tokens};

/// The request's body.
pub(super) fn body(model: &str, request: &Request, stream: bool) -> Value {
    let mut messages = Vec::with_capacity(request.messages.len() + 1);
    if !request.system.is_empty() {
        messages.push(json!({"role": "system", "content": request.system}));
    }
    messages.extend(request.messages.iter().map(message));
    let mut body = json!({"model": model, "messages": messages, "stream": stream});
    if stream {
        body["stream_options"] = json!({"include_usage": true});
    }
    if let Some(limit) = request.max_tokens {
        body["max_completion_tokens"] = json!(limit);
    }
    if let Some(schema) = &request.schema {
        body["response_format"] = json!({"type": "json_schema", "json_schema": {
            "name": "answer", "strict": true, "schema": schema,
        }});
    }
    if !request.tools.is_empty() {
        body["tools"] = request
            .tools
            .iter()
            .map(|tool| {
                json!({"type": "function", "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.parameters,
                }})
            })
            .collect();
        body["tool_choice"] = json!(if request.must_call {
            "required"
        } else {
            "auto"
        });
    }
    body
}

fn message(message: &Message) -> Value {
    match message {
        Message::User(parts) => match parts.as_slice() {
            [Part::Text(text)] => json!({"role": "user", "content": text}),
            parts => {
                json!({"role": "user", "content": parts.iter().map(part).collect::<Vec<_>>()})
            }
        },
        Message::Assistant { text, calls } => {
            let mut message = json!({"role": "assistant", "content": text});
            if !calls.is_empty() {
                message["tool_calls"] = calls
                    .iter()
                    .map(|call| {
                        let arguments = match &call.arguments {
                            Value::String(text) => text.clone(),
                            other => other.to_string(),
                        };
                        json!({"id": call.id, "type": "function",
                            "function": {"name": call.name, "arguments": arguments}})
                    })
                    .collect();
            }
            message
        }
        Message::Result { call, text } => {
            json!({"role": "tool", "tool_call_id": call, "content": text})
        }
    }
}

fn part(part: &Part) -> Value {
    match part {
        Part::Text(text) => json!({"type": "text", "text": text}),
        Part::Picture(picture) => {
            let url = format!(
                "data:{};base64,{}",
                picture.mime,
                STANDARD.encode(&picture.bytes)
            );
            json!({"type": "image_url", "image_url": {"url": url, "detail": "high"}})
        }
    }
}

#[derive(Deserialize)]
struct Completion {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Option<Said>,
    delta: Option<Said>,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
    tool_calls: Option<Vec<SaidCall>>,
}

#[derive(Deserialize)]
struct SaidCall {
    index: Option<usize>,
    id: Option<String>,
    function: Option<SaidFunction>,
}

#[derive(Deserialize)]
struct SaidFunction {
    name: Option<String>,
    /// By the protocol a string of JSON; some servers write the object itself.
    arguments: Option<Value>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: Option<u64>,
    completion_tokens: Option<u64>,
}

impl From<Usage> for Tokens {
    fn from(usage: Usage) -> Self {
        Tokens {
            input: usage.prompt_tokens.unwrap_or(0),
            output: usage.completion_tokens.unwrap_or(0),
        }
    }
}

/// Reads a whole answer. The error says what is wrong with it.
pub(super) fn answer(bytes: &[u8]) -> Result<Answer, String> {
    let mut pieces = Pieces::default();
    pieces.take(bytes)?;
    if pieces.choices == 0 {
        return Err("it holds no choice".to_owned());
    }
    Ok(pieces.finish())
}

/// An answer that grows piece by piece.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    text: String,
    refusal: String,
    calls: Vec<Growing>,
    usage: Tokens,
    choices: usize,
    ended: bool,
}

#[derive(Debug, Default, Clone)]
struct Growing {
    index: usize,
    id: String,
    name: String,
    arguments: String,
}

/// What an error object inside an answer begins with, so that the caller tells it from nonsense.
pub(super) const SERVER_SAID: &str = "the server said: ";

impl Pieces {
    /// Takes one chunk of a stream, or a whole completion.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), String> {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| format!("it is no JSON ({error}): {}", excerpt(bytes)))?;
        if let Some(error) = value.get("error").filter(|error| !error.is_null()) {
            return Err(format!("{SERVER_SAID}{}", error_text(error)));
        }
        let completion: Completion = serde_json::from_value(value)
            .map_err(|error| format!("{error}: {}", excerpt(bytes)))?;
        if let Some(usage) = completion.usage {
            self.usage = usage.into();
        }
        // Only one choice is ever asked for.
        if let Some(choice) = completion.choices.into_iter().next() {
            self.choices += 1;
            self.ended |= choice.finish_reason.is_some();
            if let Some(said) = choice.message.or(choice.delta) {
                self.hear(said);
            }
        }
        Ok(())
    }

    fn hear(&mut self, said: Said) {
        self.text.push_str(said.content.as_deref().unwrap_or(""));
        self.refusal.push_str(said.refusal.as_deref().unwrap_or(""));
        for (position, call) in said.tool_calls.unwrap_or_default().into_iter().enumerate() {
            let index = call.index.unwrap_or(position);
            let at = match self.calls.iter().position(|known| known.index == index) {
                Some(at) => at,
                None => {
                    self.calls.push(Growing {
                        index,
                        ..Growing::default()
                    });
                    self.calls.len() - 1
                }
            };
            let growing = &mut self.calls[at];
            // An id and a name come once and whole; servers that repeat them in each piece repeat the same.
            if let Some(id) = call.id.filter(|id| !id.is_empty()) {
                growing.id = id;
            }
            let Some(function) = call.function else {
                continue;
            };
            if let Some(name) = function.name.filter(|name| !name.is_empty()) {
                growing.name = name;
            }
            match function.arguments {
                Some(Value::String(piece)) => growing.arguments.push_str(&piece),
                Some(Value::Null) | None => {}
                Some(object) => growing.arguments.push_str(&object.to_string()),
            }
        }
    }

    /// Whether the server said why it stopped.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    pub(super) fn finish(self) -> Answer {
        let calls = self.calls.into_iter().map(|call| Call {
            id: if call.id.is_empty() {
                format!("call_{}", call.index)
            } else {
                call.id
            },
            name: call.name,
            arguments: if call.arguments.trim().is_empty() {
                json!({})
            } else {
                serde_json::from_str(&call.arguments).unwrap_or(Value::String(call.arguments))
            },
        });
        Answer {
            text: if self.text.is_empty() {
                self.refusal
            } else {
                self.text
            },
            calls: calls.collect(),
            usage: self.usage,
        }
    }
}

/// The message of a server's error body, whatever shape it has.
pub(super) fn error_message(bytes: &[u8]) -> String {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => error_text(value.get("error").unwrap_or(&value)),
        Err(_) => excerpt(bytes),
    }
}

fn error_text(error: &Value) -> String {
    let text = match error {
        Value::String(text) => text.clone(),
        other => ["message", "detail", "error"]
            .iter()
            .find_map(|name| other.get(name).and_then(Value::as_str))
            .map_or_else(|| other.to_string(), str::to_owned),
    };
    excerpt(text.as_bytes())
}

/// The start of a text, on one line, for messages.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    /// Characters of a foreign text that a message shows.
    const SHOWN: usize = 300;
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(SHOWN * 8)]);
    let text: Vec<&str> = text.split_whitespace().collect();
    let text: String = text
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(SHOWN)
        .collect();
    if text.is_empty() {
        "(nothing)".to_owned()
    } else {
        text
    }
}

/// Whether a refusal is about pictures in general, as servers without a vision model word it.
pub(super) fn denies_pictures(message: &str) -> bool {
    let message = message.to_lowercase();
    let about = ["image", "picture", "vision", "multimodal", "mmproj"];
    let denial = [
        "not support",
        "n't support",
        "unsupported",
        "mmproj",
        "not a multimodal",
        "not accept",
        "not multimodal",
        "text only",
        "text-only",
        "only text",
        "expected `text`",
        "that support image",
        "missing data required",
    ];
    about.iter().any(|word| message.contains(word))
        && denial.iter().any(|word| message.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_calls_grow_together_by_their_index() {
        let mut pieces = Pieces::default();
        for chunk in [
            r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"click","arguments":""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":1,"id":"b","function":{"name":"back","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"mark\""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":":7}"}}]},"finish_reason":"tool_calls"}]}"#,
            r#"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4}}"#,
        ] {
            pieces.take(chunk.as_bytes()).unwrap();
        }
        assert!(pieces.ended());
        let answer = pieces.finish();
        assert_eq!(answer.calls[0].arguments, json!({"mark": 7}));
        assert_eq!(answer.calls[1].name, "back");
        assert_eq!(answer.usage.output, 4);
    }

    #[test]
    fn arguments_that_are_no_json_stay_text_and_objects_are_taken() {
        let read = |arguments: &str| {
            let body = format!(
                r#"{{"choices":[{{"message":{{"tool_calls":[{{"function":{{"name":"x","arguments":{arguments}}}}}]}}}}]}}"#
            );
            answer(body.as_bytes()).unwrap().calls[0].clone()
        };
        assert_eq!(read(r#""{oops""#).arguments, json!("{oops"));
        assert_eq!(read(r#"{"mark":3}"#).arguments, json!({"mark": 3}));
        assert_eq!(read(r#""""#).arguments, json!({}));
        assert_eq!(read(r#""""#).id, "call_0");
    }

    #[test]
    fn only_a_denial_of_all_pictures_means_no_eyes() {
        assert!(denies_pictures(
            "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
        ));
        assert!(denies_pictures("SmolLM2 is not a multimodal model"));
        assert!(!denies_pictures("invalid image url: base64 expected"));
        assert!(!denies_pictures("tools are not supported"));
    }
}
