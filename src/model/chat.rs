//! OpenAI-compatible chat completions over HTTP, plain or streamed, with retries of what may pass and limits on the rest.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use futures::StreamExt as _;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use url::Url;

use super::chat_wire::{self, Pieces, SERVER_SAID};
use super::error::ModelError;
use super::sse::Events;
use super::{Answer, Message, Model, Part, Price, Request};

/// How long and how much is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a connection.
    pub connect: Duration,
    /// From the request to the answer's last byte, for each try.
    pub whole_answer: Duration,
    /// Bytes of an answer.
    pub bytes: usize,
    /// How often a request that may pass is sent, the first time included.
    pub tries: usize,
    /// Before the second try; doubles from there.
    pub first_pause: Duration,
    /// The longest pause that a server may ask for with `Retry-After`; a longer one ends the tries.
    pub longest_pause: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connect: Duration::from_secs(10),
            // Large models think for minutes before their first word.
            whole_answer: Duration::from_secs(180),
            bytes: 4 << 20,
            tries: 4,
            first_pause: Duration::from_millis(300),
            longest_pause: Duration::from_secs(60),
        }
    }
}

/// How a server is spoken to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Whether to ask for the answer in pieces: some proxies cut connections that are silent for long.
    pub stream: bool,
    pub limits: Limits,
    pub price: Option<Price>,
    /// See [`Model::longest_side`].
    pub longest_side: Option<u32>,
}

/// A model behind an OpenAI-compatible server.
#[derive(Debug)]
pub struct Chat {
    name: String,
    /// The base address, as the user gave it; holds no user name and password.
    address: String,
    endpoint: Url,
    key: Option<SecretString>,
    settings: Settings,
    client: reqwest::Client,
}

/// One failed try, and whether another may help.
struct Failure {
    error: ModelError,
    may_pass: bool,
    pause: Option<Duration>,
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Failure {
            error,
            may_pass: false,
            pause: None,
        }
    }
}

impl Chat {
    /// Speaks to `BASE_URL/chat/completions`. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// Where the address is no http or https address or the key cannot stand in a header.
    pub fn new(
        name: &str,
        base_url: &str,
        key: Option<SecretString>,
        settings: Settings,
    ) -> Result<Chat, ModelError> {
        let endpoint = endpoint(base_url)?;
        let address = base_url.trim().trim_end_matches('/').to_owned();
        let mut headers = HeaderMap::new();
        if let Some(key) = &key {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret()))
                .map_err(|_| ModelError::BadKey {
                    address: address.clone(),
                })?;
            value.set_sensitive(true);
            headers.insert(reqwest::header::AUTHORIZATION, value);
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(settings.limits.connect)
            // A redirected POST would become a GET, and would carry the screenshot to where nobody sent it.
            .redirect(reqwest::redirect::Policy::none())
            .default_headers(headers);
        if is_loopback(&endpoint) {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| ModelError::BadAddress {
            address: address.clone(),
            reason: root_cause(&error),
        })?;
        Ok(Chat {
            name: name.to_owned(),
            address,
            endpoint,
            key,
            settings,
            client,
        })
    }

    async fn attempt(&self, body: &Value, pictures: bool) -> Result<Answer, Failure> {
        let limit = self.settings.limits.whole_answer;
        match tokio::time::timeout(limit, self.exchange(body, pictures)).await {
            Ok(result) => result,
            Err(_) => Err(self.never("the whole answer", limit).into()),
        }
    }

    async fn exchange(&self, body: &Value, pictures: bool) -> Result<Answer, Failure> {
        let sent = self
            .client
            .post(self.endpoint.clone())
            .json(body)
            .send()
            .await;
        let response = sent.map_err(|error| self.not_sent(&error))?;
        if !response.status().is_success() {
            return Err(self.refusal(response, pictures).await);
        }
        let streamed = response
            .headers()
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if streamed {
            self.read_stream(response).await
        } else {
            let bytes = self.read_whole(response).await?;
            Ok(chat_wire::answer(&bytes).map_err(|reason| self.not_an_answer(reason))?)
        }
    }

    async fn read_whole(&self, response: reqwest::Response) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| self.broke_off(bytes.len(), root_cause(&error)))?;
            if bytes.len() + piece.len() > self.settings.limits.bytes {
                return Err(self.too_long().into());
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    async fn read_stream(&self, response: reqwest::Response) -> Result<Answer, Failure> {
        let mut events = Events::new();
        let mut pieces = Pieces::default();
        let mut received = 0;
        let mut stream = response.bytes_stream();
        while let Some(piece) = stream.next().await {
            let piece = piece.map_err(|error| self.broke_off(received, root_cause(&error)))?;
            received += piece.len();
            if received > self.settings.limits.bytes {
                return Err(self.too_long().into());
            }
            for data in events.push(&piece) {
                if data.trim() == "[DONE]" {
                    return Ok(pieces.finish());
                }
                pieces
                    .take(data.as_bytes())
                    .map_err(|reason| self.not_an_answer(reason))?;
            }
        }
        if pieces.ended() {
            // Some servers leave the last line out.
            return Ok(pieces.finish());
        }
        Err(self.broke_off(
            received,
            "the stream ended before the answer did".to_owned(),
        ))
    }

    async fn refusal(&self, response: reqwest::Response, pictures: bool) -> Failure {
        let status = response.status().as_u16();
        let pause = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.trim().parse::<f64>().ok())
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        // A body that cannot be read still leaves the status, which says more.
        let message = match self.read_whole(response).await {
            Ok(bytes) => self.without_key(&chat_wire::error_message(&bytes)),
            Err(_) => "(its message could not be read)".to_owned(),
        };
        let address = self.address.clone();
        let model = self.name.clone();
        if pictures && chat_wire::denies_pictures(&message) {
            return ModelError::NoEyes {
                address,
                model,
                message,
            }
            .into();
        }
        let tries = 1;
        let passing = |error| Failure {
            error,
            may_pass: true,
            pause,
        };
        match status {
            401 | 403 => ModelError::Unauthorised { address, status }.into(),
            404 => ModelError::UnknownModel {
                address,
                model,
                message,
            }
            .into(),
            // 529 is what Anthropic-like servers and proxies answer when overloaded.
            429 | 503 | 529 => passing(ModelError::Busy {
                address,
                status,
                tries,
                message,
            }),
            408 | 500..=599 => passing(ModelError::Failed {
                address,
                status,
                tries,
                message,
            }),
            _ => ModelError::Refused {
                address,
                status,
                message,
            }
            .into(),
        }
    }

    fn not_sent(&self, error: &reqwest::Error) -> Failure {
        if error.is_timeout() {
            return self
                .never("connecting", self.settings.limits.connect)
                .into();
        }
        let reason = self.without_key(&root_cause(error));
        let error = if error.is_connect() {
            ModelError::NotThere {
                address: self.address.clone(),
                reason,
            }
        } else {
            ModelError::BrokeOff {
                address: self.address.clone(),
                received: 0,
                reason,
            }
        };
        Failure {
            error,
            may_pass: true,
            pause: None,
        }
    }

    fn never(&self, wait: &'static str, limit: Duration) -> ModelError {
        ModelError::NeverAnswered {
            address: self.address.clone(),
            wait,
            limit_ms: u64::try_from(limit.as_millis()).unwrap_or(u64::MAX),
        }
    }

    fn broke_off(&self, received: usize, reason: String) -> Failure {
        Failure {
            error: ModelError::BrokeOff {
                address: self.address.clone(),
                received,
                reason,
            },
            may_pass: true,
            pause: None,
        }
    }

    fn too_long(&self) -> ModelError {
        ModelError::TooLong {
            address: self.address.clone(),
            limit: self.settings.limits.bytes,
        }
    }

    fn not_an_answer(&self, reason: String) -> ModelError {
        let address = self.address.clone();
        let reason = self.without_key(&reason);
        match reason.strip_prefix(SERVER_SAID) {
            Some(message) => ModelError::Refused {
                address,
                status: 200,
                message: message.to_owned(),
            },
            None => ModelError::NotAnAnswer { address, reason },
        }
    }

    /// Servers echo what they were sent; a key in it must go no further.
    fn without_key(&self, message: &str) -> String {
        match &self.key {
            Some(key) if !key.expose_secret().is_empty() => {
                message.replace(key.expose_secret(), "***")
            }
            _ => message.to_owned(),
        }
    }
}

#[async_trait::async_trait]
impl Model for Chat {
    async fn ask(&mut self, request: &Request) -> Result<Answer, ModelError> {
        let body = chat_wire::body(&self.name, request, self.settings.stream);
        let pictures = request.messages.iter().any(|message| {
            matches!(message, Message::User(parts)
                if parts.iter().any(|part| matches!(part, Part::Picture(_))))
        });
        let limits = self.settings.limits;
        let backoff = ExponentialBuilder::default()
            .with_min_delay(limits.first_pause)
            .with_max_delay(limits.longest_pause)
            .with_max_times(limits.tries.saturating_sub(1))
            .with_jitter();
        let mut sent = 0;
        let this = &*self;
        let result = (|| {
            sent += 1;
            this.attempt(&body, pictures)
        })
        .retry(backoff)
        .when(|failure| failure.may_pass)
        .adjust(|failure, pause| match failure.pause {
            // What the server asks for counts, but not without end.
            Some(asked) if asked > limits.longest_pause => None,
            Some(asked) => pause.map(|pause| pause.max(asked)),
            None => pause,
        })
        .await;
        result.map_err(|failure| match failure.error {
            ModelError::Busy {
                address,
                status,
                message,
                ..
            } => ModelError::Busy {
                address,
                status,
                tries: sent,
                message,
            },
            ModelError::Failed {
                address,
                status,
                message,
                ..
            } => ModelError::Failed {
                address,
                status,
                tries: sent,
                message,
            },
            other => other,
        })
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn address(&self) -> &str {
        &self.address
    }

    fn price(&self) -> Option<Price> {
        self.settings.price
    }

    fn longest_side(&self) -> u32 {
        self.settings.longest_side.unwrap_or(super::LONGEST_SIDE)
    }
}

/// The address that requests go to.
fn endpoint(base_url: &str) -> Result<Url, ModelError> {
    let trimmed = base_url.trim().trim_end_matches('/');
    let bad = |address: &str, reason: &str| ModelError::BadAddress {
        address: address.to_owned(),
        reason: reason.to_owned(),
    };
    let url = Url::parse(&format!("{trimmed}/chat/completions"))
        .map_err(|error| bad(trimmed, &error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad(
            url.host_str().unwrap_or("(no host)"),
            "it holds a user name or password, and a key belongs into APPRENTICE_API_KEY",
        ));
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(bad(trimmed, "it is neither http nor https"));
    }
    if trimmed.contains(['?', '#']) {
        return Err(bad(trimmed, "it holds a query or a fragment"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The innermost cause: the outer ones only say that a request failed.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
