//! What is done with one effect: a pure function of the person's rules, what the step was shown to send, and what was agreed to.

use std::collections::{HashSet, VecDeque};

use jiff::Timestamp;
use url::Url;

use crate::computer::Request;
use crate::guard::effect::{self, Effect, SOCKET, Signature, Standing};
use crate::guard::permit::{Difference, Fit, Passing, Permit};
use crate::guard::policy_file::{GuardPolicy, Rule};
use crate::guard::terms::Terms;

/// How many steps a write may come late: a page that saves a second after the last key sends during the next ones.
const STEPS_THAT_LINGER: usize = 2;

/// The person's rules for a run.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    pub policy: GuardPolicy,
    /// Origins of the goal.
    pub sites: Vec<String>,
    pub workflow: Option<String>,
    /// What the workflow was seen to send when it was shown, of all its steps.
    pub shown: Vec<Signature>,
}

/// One step of the run, as far as its requests are concerned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    /// Counts from 1.
    pub step: usize,
    /// The step's sentence.
    pub says: String,
    /// What was done here when it was shown.
    pub demonstrated: Option<String>,
    /// Whether something is done to the page, rather than a page opened or looked at.
    pub is_input: bool,
    /// What the step was seen to send when it was shown.
    pub shown: Vec<Signature>,
}

/// What the rules have to know of the run so far.
#[derive(Debug, Default)]
pub struct State {
    pub scope: Scope,
    acts: bool,
    pub permits: Vec<Permit>,
    /// What this step has sent without a permit, as hashes: the same again is a second send.
    sent: HashSet<blake3::Hash>,
    /// What was sent so by the whole run.
    sent_before: HashSet<blake3::Hash>,
    /// What the steps before this one were shown to send, the newest last: pages save a moment later.
    earlier: VecDeque<Vec<Signature>>,
    /// What the newest steps were shown to send and the page has not asked to send yet, with the step.
    owed: Vec<(usize, Signature)>,
}

/// On what ground something is let go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Nothing that matters changes.
    Harmless,
    /// A preset, a rule or a permit lets it go.
    Covered,
}

/// What is done with an effect.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Go {
        ground: Ground,
        why: String,
    },
    Stop {
        why: String,
    },
    Ask {
        why: String,
        differences: Vec<Difference>,
    },
}

impl State {
    /// A step begins.
    pub fn begin(&mut self, scope: Scope) {
        self.sent_before.extend(self.sent.drain());
        let before = std::mem::replace(&mut self.scope, scope);
        self.earlier.push_back(before.shown);
        if self.earlier.len() > STEPS_THAT_LINGER {
            self.earlier.pop_front();
        }
        self.acts = true;
        let Scope {
            step,
            shown,
            is_input,
            ..
        } = &self.scope;
        self.owed
            .retain(|(since, _)| since + STEPS_THAT_LINGER >= *step);
        if *is_input {
            let written = shown.iter().filter(|one| one.method != SOCKET);
            let owed = written.map(|one| (*step, one.clone()));
            self.owed.extend(owed);
        }
    }

    /// The page asked to send this, and was answered. Which fields it had does not matter here: what a recording could not read,
    /// such as a file that was sent, has none.
    pub fn was_ruled_on(&mut self, sent: &Signature) {
        let place = |one: &Signature| (one.method.clone(), one.origin.clone(), one.path.clone());
        self.owed.retain(|(_, owed)| place(owed) != place(sent));
    }

    /// What the newest steps were shown to send and the page has not asked to send yet.
    pub fn owed(&self) -> impl Iterator<Item = &Signature> {
        self.owed.iter().map(|(_, owed)| owed)
    }

    /// The step came to rest.
    pub fn rest(&mut self) {
        self.acts = false;
    }

    /// Whether what is sent now belongs to something that is being done to the page.
    pub fn acts(&self) -> bool {
        self.acts && self.scope.is_input
    }

    /// The step that requests belong to, where one began.
    pub fn step(&self) -> Option<usize> {
        (self.scope.step > 0).then_some(self.scope.step)
    }

    /// Whether this step was shown to send it; or one shortly before, which then has not sent the same already.
    fn was_shown(&self, signature: &Signature, print: blake3::Hash) -> bool {
        let fits = |list: &Vec<Signature>| list.iter().any(|shown| shown.fits(signature));
        fits(&self.scope.shown)
            || (self.earlier.iter().any(fits) && !self.sent_before.contains(&print))
    }

    /// Takes a permit that covers it; without one, in what it differs from the one that comes nearest.
    fn take(&mut self, passing: &Passing<'_>, now: Timestamp) -> Result<(), Vec<Difference>> {
        let mut nearest: Option<Vec<Difference>> = None;
        for permit in &mut self.permits {
            match permit.take(passing, now) {
                Fit::Covered(_) => return Ok(()),
                Fit::Differs(found) => {
                    if nearest.as_ref().is_none_or(|near| found.len() < near.len()) {
                        nearest = Some(found);
                    }
                }
            }
        }
        Err(nearest.unwrap_or_default())
    }
}

impl Rules {
    /// Rules on one effect. A permit that covers it is used up by this.
    pub fn rule(
        &self,
        state: &mut State,
        request: &Request,
        effect: &Effect,
        terms: &Terms,
        now: Timestamp,
    ) -> Verdict {
        if effect.standing != Standing::Write {
            return Verdict::Go {
                ground: Ground::Harmless,
                why: effect.why.clone(),
            };
        }
        let rule = self.policy.judge(effect);
        match rule {
            Some(Rule::Refuse) => {
                return Verdict::Stop {
                    why: format!("the rules refuse to {}", effect.kind.phrase()),
                };
            }
            Some(Rule::Allow) => {
                return Verdict::Go {
                    ground: Ground::Covered,
                    why: format!("a rule allows to {}", effect.kind.phrase()),
                };
            }
            Some(Rule::Ask) | None => {}
        }
        let frame = request.frame.as_deref().map(origin_of);
        let passing = Passing {
            terms,
            number: request.number,
            redirected_from: request.redirected_from,
            frame: frame.as_deref(),
            method: &request.method,
            url: &request.url,
            body: &request.body,
            workflow: self.workflow.as_deref(),
        };
        let shown = state.was_shown(&effect.signature, passing.print());
        let mut differences = Vec::new();
        let preset = match rule {
            // A rule that asks is stricter than any preset.
            Some(_) => effect::Passing::Hold(format!(
                "the rules ask before it would {}",
                effect.kind.phrase()
            )),
            None => self
                .policy
                .preset()
                .judge(effect, shown, self.is_within(request)),
        };
        let why = match preset {
            effect::Passing::Pass(why) if state.sent.insert(passing.print()) => {
                return Verdict::Go {
                    ground: Ground::Covered,
                    why,
                };
            }
            effect::Passing::Pass(why) => {
                differences.push(Difference::SecondSend);
                why
            }
            effect::Passing::Hold(why) => why,
        };
        match state.take(&passing, now) {
            Ok(()) => Verdict::Go {
                ground: Ground::Covered,
                why: "your yes covers it".to_owned(),
            },
            Err(found) => {
                differences.extend(found);
                differences.dedup();
                Verdict::Ask { why, differences }
            }
        }
    }

    /// Whether the demonstration opened a WebSocket to an origin.
    pub(super) fn shows_socket(&self, origin: &str) -> bool {
        self.shown
            .iter()
            .any(|shown| shown.method == SOCKET && shown.origin == origin)
    }

    fn is_within(&self, request: &Request) -> bool {
        Url::parse(&request.url).is_ok_and(|url| self.policy.is_within(&url, &self.sites))
    }
}

/// The serialised origin of an address; of what has none, something that no origin equals.
pub(super) fn origin_of(address: &str) -> String {
    Url::parse(address).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}
