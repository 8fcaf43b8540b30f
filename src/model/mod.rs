//! Language models behind one trait, whatever protocol they speak: a request of texts, pictures and tools goes out, and
//! texts and tool calls come back.
//!
//! Invariants: a key is in no error and no debug output; every wait has a limit, named in the error; nothing here knows of
//! pages or actions.

mod chat;
mod chat_wire;
mod error;
mod sse;

pub use chat::{Chat, Limits, Settings};
pub use error::ModelError;
use secrecy::SecretString;
use serde_json::Value;

/// The protocols that [`from_spec`] knows, as they are written before the colon.
pub const PROTOCOLS: [&str; 1] = ["chat"];

/// Longest side of a picture that most servers pass to their model unshrunk, in pixels: OpenAI's vision guide shrinks into a
/// square of 2,048, Anthropic's to a long side of 1,568.
pub const LONGEST_SIDE: u32 = 1568;

/// A picture as it is sent: already encoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    pub bytes: Vec<u8>,
    /// `image/png` or `image/jpeg`.
    pub mime: &'static str,
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({}, {} bytes)", self.mime, self.bytes.len())
    }
}

/// One piece of what is said to the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    Picture(Picture),
}

/// A tool that the model wants called.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Given by the model; a result names it.
    pub id: String,
    pub name: String,
    /// The arguments as JSON. Models sometimes write what is no JSON: then it is the text as a JSON string.
    pub arguments: Value,
}

/// One turn of the conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    User(Vec<Part>),
    Assistant {
        text: String,
        calls: Vec<Call>,
    },
    /// What a call gave. Every call must get one before the next turn.
    Result {
        call: String,
        text: String,
    },
}

/// A tool that the model may call.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Letters, digits, `_` and `-`, at most 64.
    pub name: String,
    pub description: String,
    /// JSON Schema of the arguments, an object.
    pub parameters: Value,
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    pub system: String,
    pub messages: Vec<Message>,
    pub tools: Vec<Tool>,
    /// Whether an answer without a call is no answer. Models may not keep to it.
    pub must_call: bool,
    /// JSON Schema that the answer's text is to keep to. Not every server knows how to hold its model to it.
    pub schema: Option<Value>,
    /// At most this many tokens in the answer; the server's own limit where absent.
    pub max_tokens: Option<u32>,
}

/// Tokens of one exchange, as the server counted them; 0 where it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    pub input: u64,
    pub output: u64,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    pub text: String,
    pub calls: Vec<Call>,
    pub usage: Tokens,
}

/// What tokens cost, in United States dollars for a million.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    pub input: f64,
    pub output: f64,
}

impl Price {
    /// United States dollars for these tokens.
    pub fn of(&self, tokens: Tokens) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "token counts stay far below 2^52"
        )]
        let dollars = tokens.input as f64 * self.input + tokens.output as f64 * self.output;
        dollars / 1e6
    }
}

/// Something that answers requests.
#[async_trait::async_trait]
pub trait Model: Send {
    /// Asks once; retries of what may pass (a busy server) happen within.
    async fn ask(&mut self, request: &Request) -> Result<Answer, ModelError>;

    /// The model's name, as given to the server.
    fn name(&self) -> &str;

    /// Where it is, for messages.
    fn address(&self) -> &str;

    /// What it costs, where that is known.
    fn price(&self) -> Option<Price> {
        None
    }

    /// The longest side of a picture, in pixels, that the model sees without its server shrinking it.
    fn longest_side(&self) -> u32 {
        LONGEST_SIDE
    }
}

/// Makes a model of a command line's words: `chat:NAME` speaks OpenAI-compatible chat completions.
///
/// `base_url` is the address up to and without `/chat/completions`, as in `http://127.0.0.1:8080/v1`.
///
/// # Errors
///
/// Where the protocol is unknown, the name is missing, or the address is no http or https address.
pub fn from_spec(
    spec: &str,
    base_url: Option<&str>,
    key: Option<SecretString>,
) -> Result<Box<dyn Model>, ModelError> {
    from_spec_with(spec, base_url, key, Settings::default())
}

/// As [`from_spec`], with other limits than the usual ones.
///
/// # Errors
///
/// As [`from_spec`].
pub fn from_spec_with(
    spec: &str,
    base_url: Option<&str>,
    key: Option<SecretString>,
    settings: Settings,
) -> Result<Box<dyn Model>, ModelError> {
    let unknown = || ModelError::UnknownSpec {
        spec: spec.to_owned(),
        known: PROTOCOLS.map(|name| format!("{name}:NAME")).join(", "),
    };
    let (protocol, name) = spec.split_once(':').ok_or_else(unknown)?;
    if name.trim().is_empty() {
        return Err(unknown());
    }
    match protocol {
        "chat" => {
            let base_url = base_url.ok_or_else(|| ModelError::NoAddress {
                spec: spec.to_owned(),
            })?;
            Ok(Box::new(Chat::new(name, base_url, key, settings)?))
        }
        _ => Err(unknown()),
    }
}
