//! What can go wrong between a question and a model's answer; every message says what, where and what to do.

use thiserror::Error;

#[derive(Debug, Error)]
pub enum ModelError {
    #[error("unknown model {spec:?}: write one of {known}")]
    UnknownSpec { spec: String, known: String },
    #[error(
        "no address for the model {spec:?}: give --base-url URL, as in http://127.0.0.1:8080/v1"
    )]
    NoAddress { spec: String },
    #[error(
        "{address:?} is no address of a model server: {reason}; write --base-url http://HOST:PORT/v1"
    )]
    BadAddress { address: String, reason: String },
    #[error(
        "the key for the model at {address} cannot be sent: it holds line breaks or other control characters; set APPRENTICE_API_KEY anew"
    )]
    BadKey { address: String },
    #[error("no model server answers at {address} ({reason}): start it, or correct --base-url")]
    NotThere { address: String, reason: String },
    #[error(
        "the model server at {address} wants a key it accepts ({status}): set APPRENTICE_API_KEY"
    )]
    Unauthorised { address: String, status: u16 },
    #[error(
        "the model server at {address} has no model {model:?}: {message}; correct --model or --base-url"
    )]
    UnknownModel {
        address: String,
        model: String,
        message: String,
    },
    #[error(
        "the model {model:?} at {address} has no eyes, it takes no pictures: {message}; choose a vision model with --model"
    )]
    NoEyes {
        address: String,
        model: String,
        message: String,
    },
    #[error("the model server at {address} refused the request ({status}): {message}")]
    Refused {
        address: String,
        status: u16,
        message: String,
    },
    #[error(
        "the model server at {address} is too busy ({status}), after {tries} tries: {message}; try again later"
    )]
    Busy {
        address: String,
        status: u16,
        tries: usize,
        message: String,
    },
    #[error("the model server at {address} failed ({status}), after {tries} tries: {message}")]
    Failed {
        address: String,
        status: u16,
        tries: usize,
        message: String,
    },
    #[error(
        "the model server at {address} answered what is no chat completion: {reason}; does --base-url name an OpenAI-compatible server?"
    )]
    NotAnAnswer { address: String, reason: String },
    #[error(
        "the model at {address} did not answer within {limit_ms} ms ({wait}): try again, choose a quicker model, or wait longer with --model-seconds"
    )]
    NeverAnswered {
        address: String,
        /// Which wait ran out: `connecting`, `the whole answer`.
        wait: &'static str,
        limit_ms: u64,
    },
    #[error(
        "the answer of the model at {address} broke off after {received} bytes: {reason}; try again"
    )]
    BrokeOff {
        address: String,
        received: usize,
        reason: String,
    },
    #[error(
        "the answer of the model at {address} is longer than {limit} bytes, which no answer should be: choose another model"
    )]
    TooLong { address: String, limit: usize },
}
