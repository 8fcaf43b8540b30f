//! The card of a request that is on its way: what would leave, in what it is not what was agreed to, and why it waits.

use super::rule::{Scope, origin_of};
use crate::computer::Request;
use crate::guard::card::{item, payees, shorten};
use crate::guard::effect::Effect;
use crate::guard::origin::plain;
use crate::guard::permit::Difference;
use crate::guard::secrets::process_masker;
use crate::guard::terms::Terms;
use crate::human::Card;

/// Most fields shown; a body with more is nothing that a person reads.
const MOST_FIELDS: usize = 40;

/// What a card is written from.
pub(super) struct OnItsWay<'a> {
    pub request: &'a Request,
    pub effect: &'a Effect,
    pub terms: &'a Terms,
    pub scope: &'a Scope,
    /// Whether the scope's step is being done.
    pub acts: bool,
    pub why: &'a str,
    pub differences: &'a [Difference],
    /// Origins of the goal.
    pub sites: &'a [String],
    pub offer: Option<String>,
}

pub(super) fn write(told: &OnItsWay<'_>) -> Card {
    let masker = process_masker();
    let effect = told.effect;
    let origin = plain(&effect.origin, told.sites);
    let by = if told.acts {
        told.scope.says.clone()
    } else {
        let page = told.request.page.as_deref().map(origin_of);
        match page.filter(|page| !page.is_empty()) {
            Some(page) => format!("the page at {page}, by itself,"),
            None => "something in the browser, by itself,".to_owned(),
        }
    };
    let mut fields: Vec<(String, String)> = effect
        .fields
        .iter()
        .take(MOST_FIELDS)
        .map(|(name, value)| {
            let value = if is_secret(name) {
                "••••".to_owned()
            } else {
                shorten(&masker.mask(value))
            };
            (name.clone(), value)
        })
        .collect();
    if effect.fields.len() > MOST_FIELDS {
        let more = effect.fields.len() - MOST_FIELDS;
        fields.push(("…".to_owned(), format!("and {more} more fields")));
    }
    let mut warnings = origin.warnings;
    if effect.reversible == Some(false) {
        warnings.push("it cannot be undone".to_owned());
    }
    if effect.affects_others == Some(true) {
        warnings.push("other people will see or feel it".to_owned());
    }
    if let Some(unread) = &effect.body.unread {
        warnings.push(format!("not all of it can be read: {unread}"));
    }
    Card {
        kind: effect.kind,
        title: format!(
            "{} would {} at {}",
            masker.mask(&by),
            effect.kind.phrase(),
            host(&effect.origin)
        ),
        origin: origin.text,
        amount: told.terms.amount.as_ref().map(ToString::to_string),
        payees: payees(told.terms),
        items: told.terms.items.iter().map(item).collect(),
        fields,
        target: format!("{} {}", told.request.method, bare(&told.request.url)),
        why: masker.mask(told.why),
        differences: told
            .differences
            .iter()
            .map(|difference| masker.mask(&difference.to_string()))
            .collect(),
        demonstrated: told.scope.demonstrated.clone().filter(|_| told.acts),
        warnings,
        offer: told.offer.clone(),
        on_its_way: true,
        ..Card::default()
    }
}

/// Whether a field of this name holds what nobody but its site should read.
fn is_secret(name: &str) -> bool {
    const SECRET: [&str; 14] = [
        "pass",
        "pwd",
        "secret",
        "token",
        "csrf",
        "nonce",
        "otp",
        "cvc",
        "cvv",
        "csc",
        "pin",
        "card",
        "iban",
        "authorization",
    ];
    let name = name.to_lowercase();
    SECRET.iter().any(|word| name.contains(word))
}

pub(super) fn bare(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}
