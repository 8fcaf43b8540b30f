//! What is done with one request that may change something: a pure function of the step and of what was agreed to.

use crate::computer::Request;
use crate::guard::Kind;
use crate::guard::effect::{self, Brief};
use crate::human::Card;

/// One step of the run, as far as its requests are concerned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    /// Counts from 1.
    pub step: usize,
    /// The step's sentence.
    pub says: String,
}

/// What the rules have to know of the run so far.
#[derive(Debug, Default)]
pub struct State {
    scope: Scope,
    acts: bool,
    /// Origins that a yes was given for, each for one request.
    agreed: Vec<String>,
}

/// What is done with a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Go { why: String },
    Ask { card: Box<Card> },
}

impl State {
    /// A step begins.
    pub fn begin(&mut self, scope: Scope) {
        self.scope = scope;
        self.acts = true;
    }

    /// The step came to rest.
    pub fn rest(&mut self) {
        self.acts = false;
    }

    pub fn acts(&self) -> bool {
        self.acts
    }

    /// A person said yes to something that goes to this origin.
    pub fn agree(&mut self, origin: String) {
        self.agreed.push(origin);
    }

    pub fn brief(&self, request: &Request) -> Brief {
        let body = effect::decode(request);
        Brief {
            number: request.number,
            kind: Kind::Other,
            method: request.method.clone(),
            address: bare(&request.url),
            fields: body.fields.into_iter().map(|(name, _)| name).collect(),
            step: (self.scope.step > 0).then_some(self.scope.step),
        }
    }

    /// Rules on one request. An agreement that covers it is used up by this.
    pub fn rule(&mut self, request: &Request) -> Verdict {
        let origin = origin(&request.url);
        if let Some(place) = self.agreed.iter().position(|agreed| *agreed == origin) {
            self.agreed.swap_remove(place);
            return Verdict::Go {
                why: "a yes covers it".to_owned(),
            };
        }
        let body = effect::decode(request);
        let by = if self.acts {
            self.scope.says.clone()
        } else {
            "the page by itself".to_owned()
        };
        Verdict::Ask {
            card: Box::new(Card {
                kind: Kind::Other,
                title: format!("{by} would {} at {origin}", Kind::Other.phrase()),
                origin,
                fields: body.fields,
                target: format!("{} {}", request.method, bare(&request.url)),
                why: "the request changes something, and no rule or yes covers it".to_owned(),
                on_its_way: true,
                ..Card::default()
            }),
        }
    }
}

fn bare(url: &str) -> String {
    url.split('?').next().unwrap_or(url).to_owned()
}

fn origin(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}
