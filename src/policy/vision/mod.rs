//! The vision policy: shows a vision model the page with numbered marks and takes one tool call for an answer.
//!
//! Invariants: the page is data, in quotes and between tags, whatever it says; secrets are known by name only; only this
//! room scales between picture pixels and CSS pixels.

mod calls;
mod history;
mod marks;
mod prompt;
mod tools;

pub use marks::{MarkError, Marked, mark};

use super::{Decision, Policy, PolicyError, Situation, Usage};
use crate::model::{Answer, Message, Model, Part, Request};

/// How often the model may try again after an answer that cannot be used.
const REPAIRS: usize = 1;

/// Asks a vision model what to do next.
pub struct Vision {
    model: Box<dyn Model>,
    secrets: Vec<String>,
    usage: Usage,
}

impl std::fmt::Debug for Vision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vision")
            .field("model", &self.model.name())
            .field("secrets", &self.secrets)
            .field("usage", &self.usage)
            .finish()
    }
}

impl Vision {
    pub fn new(model: Box<dyn Model>) -> Vision {
        Vision {
            model,
            secrets: Vec::new(),
            usage: Usage::default(),
        }
    }

    /// Names of the secrets that the model may use. Only names: it never sees a value.
    #[must_use]
    pub fn with_secrets(mut self, names: Vec<String>) -> Vision {
        self.secrets = names;
        self
    }

    async fn ask(&mut self, request: &Request) -> Result<Answer, PolicyError> {
        let answer = self.model.ask(request).await?;
        self.usage.model_calls += 1;
        self.usage.input_tokens += answer.usage.input;
        self.usage.output_tokens += answer.usage.output;
        if let Some(price) = self.model.price() {
            self.usage.cost += price.of(answer.usage);
        }
        Ok(answer)
    }
}

#[async_trait::async_trait]
impl Policy for Vision {
    fn name(&self) -> &'static str {
        "vision"
    }

    async fn decide(&mut self, situation: &Situation<'_>) -> Result<Decision, PolicyError> {
        let address = self.model.address().to_owned();
        let trouble = |problem: String| PolicyError::Model {
            address: address.clone(),
            problem,
        };
        let marked = marks::mark(situation.observation, self.model.longest_side())
            .map_err(|error| trouble(format!("was not asked: {error}")))?;
        let mut parts = vec![Part::Text(prompt::turn(situation, &marked, &self.secrets))];
        parts.extend(marked.picture.clone().map(Part::Picture));
        let mut request = Request {
            system: prompt::SYSTEM.to_owned(),
            messages: vec![Message::User(parts)],
            tools: tools::tools(),
            must_call: true,
            schema: None,
            max_tokens: None,
        };
        let mut repairs = 0;
        loop {
            let answer = self.ask(&request).await?;
            let read = match answer.calls.first() {
                Some(call) => calls::decide(
                    call,
                    &calls::Ground {
                        situation,
                        marked: &marked,
                        secrets: &self.secrets,
                    },
                ),
                None => Err(format!(
                    "no tool was called, only said {}",
                    prompt::quote(&answer.text, 200)
                )),
            };
            match read {
                Ok(decision) => return Ok(decision),
                Err(problem) if repairs < REPAIRS => {
                    repairs += 1;
                    request.messages.extend(repair(answer, &problem));
                }
                Err(problem) => {
                    return Err(trouble(format!(
                        "gave no usable answer in {} tries: {problem}; choose another model with --model",
                        REPAIRS + 1
                    )));
                }
            }
        }
    }

    fn usage(&self) -> Usage {
        self.usage
    }
}

/// What the model said and what is wrong with it, so that it can say it better.
fn repair(answer: Answer, problem: &str) -> Vec<Message> {
    let again =
        format!("That cannot be done: {problem}. Call exactly one tool, as its schema says.");
    let results: Vec<Message> = answer
        .calls
        .iter()
        .map(|call| Message::Result {
            call: call.id.clone(),
            text: again.clone(),
        })
        .collect();
    let mut messages = vec![Message::Assistant {
        text: answer.text,
        calls: answer.calls,
    }];
    if results.is_empty() {
        messages.push(Message::User(vec![Part::Text(again)]));
    } else {
        messages.extend(results);
    }
    messages
}
