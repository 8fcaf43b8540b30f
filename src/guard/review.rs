//! The guard's decision: a pure function of the person's rules and one proposed action.
//!
//! Invariants: a demonstration's mark and the guard's own reading both count, and the stricter verdict holds; nothing that is
//! read from a page can make it milder than the rules say.

use crate::computer::{Action, Element, Observation};
use crate::human::Card;

use super::address;
use super::card;
use super::kind::Kind;
use super::meaning::{Finding, Meaning, Reading, read};
use super::policy_file::{GuardPolicy, Rule};
use super::uploads::Uploads;

/// An action that a policy would like to do, with all that the guard may know of it.
#[derive(Debug, Clone, Copy)]
pub struct Proposal<'a> {
    pub action: &'a Action,
    /// What the action lands on, where it lands on an element.
    pub element: Option<&'a Element>,
    pub observation: &'a Observation,
    /// What the demonstration says this does.
    pub mark: Option<Kind>,
    /// The policy's sentence for people.
    pub says: &'a str,
    /// What was done here when it was shown; `None` where the step was not shown.
    pub demonstrated: Option<&'a str>,
    /// Origins of the goal.
    pub sites: &'a [String],
    /// What names files that may be handed over.
    pub uploads: Uploads<'a>,
}

/// The guard's answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Review {
    Allow { kind: Option<Kind>, why: String },
    Ask(Box<Card>),
    Refuse { kind: Kind, why: String },
}

/// Kinds from the gravest to the least grave: which one a card speaks of where an action does several things.
const GRAVITY: [Kind; 19] = [
    Kind::Pay,
    Kind::TransferMoney,
    Kind::ChangeCredentials,
    Kind::ChangeInBulk,
    Kind::Delete,
    Kind::Order,
    Kind::Book,
    Kind::CancelOrReturn,
    Kind::Share,
    Kind::Publish,
    Kind::Send,
    Kind::CreateAccount,
    Kind::AcceptTerms,
    Kind::SubmitPersonalData,
    Kind::DownloadToRun,
    Kind::Upload,
    Kind::LeaveSites,
    Kind::SignIn,
    Kind::Other,
];

/// Says whether an action may be done, needs a yes, or is not done at all.
pub fn review(policy: &GuardPolicy, proposal: &Proposal<'_>) -> Review {
    if let Action::Upload { files, .. } = proposal.action
        && let Some(file) = proposal.uploads.unnamed(files)
    {
        return Review::Refuse {
            kind: Kind::Upload,
            why: format!(
                "neither the goal nor the demonstration names {}: name it there, or allow its folder with `uploads` in [guard]",
                file.display()
            ),
        };
    }
    let meaning = read(policy, proposal);
    let mut findings = match &meaning.reading {
        Reading::Forbidden(finding) => {
            return Review::Refuse {
                kind: finding.kind,
                why: finding.why.clone(),
            };
        }
        Reading::Harmless(why) => {
            if proposal.mark.is_none() {
                return Review::Allow {
                    kind: None,
                    why: why.clone(),
                };
            }
            Vec::new()
        }
        Reading::Unclear(findings) => {
            let shown = proposal.demonstrated.is_some() && proposal.mark.is_none();
            // A rule against a kind holds for a step that was shown, too.
            if shown
                && findings
                    .iter()
                    .all(|f| rule_for(policy, proposal, &meaning, f.kind) != Rule::Refuse)
            {
                return Review::Allow {
                    kind: None,
                    why: "was shown like this, and nothing marks it".to_owned(),
                };
            }
            findings.clone()
        }
        Reading::Telling(findings) => findings.clone(),
    };
    if let Some(mark) = proposal.mark {
        findings.push(Finding::new(mark, "the demonstration marks this step"));
    }
    if findings.iter().any(|finding| finding.kind != Kind::Other) {
        findings.retain(|finding| finding.kind != Kind::Other);
    }
    decide(policy, proposal, &meaning, &findings)
}

fn decide(
    policy: &GuardPolicy,
    proposal: &Proposal<'_>,
    meaning: &Meaning<'_>,
    findings: &[Finding],
) -> Review {
    let gravest = findings
        .iter()
        .map(|finding| (rule_for(policy, proposal, meaning, finding.kind), finding))
        .max_by_key(|(rule, finding)| (*rule, gravity(finding.kind)));
    match gravest {
        Some((Rule::Refuse, finding)) => Review::Refuse {
            kind: finding.kind,
            why: format!(
                "this would {}, which the rules refuse: {}",
                finding.kind.phrase(),
                finding.why
            ),
        },
        Some((Rule::Ask, finding)) => Review::Ask(Box::new(card::write(
            proposal,
            meaning,
            finding.kind,
            &whys(findings),
        ))),
        Some((Rule::Allow, finding)) => Review::Allow {
            kind: Some(finding.kind),
            why: format!("a rule allows to {}", finding.kind.phrase()),
        },
        // Only readings with findings come here; if one did not, asking is the safe answer.
        None => Review::Ask(Box::new(card::write(
            proposal,
            meaning,
            Kind::Other,
            "nothing is known of it",
        ))),
    }
}

/// The rule where the effect goes and the rule of the page that asks for it: the stricter one.
fn rule_for(
    policy: &GuardPolicy,
    proposal: &Proposal<'_>,
    meaning: &Meaning<'_>,
    kind: Kind,
) -> Rule {
    let page = address::of_frame(proposal.observation, meaning.element);
    let origins = [meaning.destination.as_ref(), page.as_ref()];
    let mut rules = origins
        .into_iter()
        .flatten()
        .map(|url| policy.rule(kind, &address::origin(url)))
        .collect::<Vec<_>>();
    // Leaving is judged by where it leads: the page that is left is one of the goal's.
    if kind == Kind::LeaveSites && meaning.destination.is_some() {
        rules.truncate(1);
    }
    rules.into_iter().max().unwrap_or(Rule::Ask)
}

/// Higher is graver.
pub(super) fn gravity(kind: Kind) -> usize {
    let place = GRAVITY.iter().position(|k| *k == kind);
    GRAVITY.len() - place.unwrap_or_default()
}

/// All reasons in one sentence, each once, the gravest first.
fn whys(findings: &[Finding]) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(gravity(finding.kind)));
    let mut seen: Vec<&str> = Vec::new();
    for finding in sorted {
        if !seen.contains(&finding.why.as_str()) {
            seen.push(&finding.why);
        }
    }
    seen.join("; ")
}
