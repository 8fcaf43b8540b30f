//! The effect of a request: whether it reads, is harmless or writes, of which kind, and what is known of it.

use url::Url;

use super::body::{Body, Sort, decode};
use super::facts::Facts;
use super::signature::Signature;
use super::{changing, classify, harmless, method};
use crate::computer::Request;
use crate::guard::address;
use crate::guard::kind::Kind;

/// Schemes that never leave the browser.
const WITHIN: [&str; 4] = ["data", "blob", "about", "filesystem"];

/// Endings that are hosts or pages more often than programs, where only an address is known.
const HARDLY_RUN: [&str; 5] = ["com", "app", "run", "bin", "sh"];

/// How a request stands to the world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Changes nothing.
    Read,
    /// Writes, and a rule says that it does no harm.
    Harmless { why: String },
    /// Changes something, or nobody knows: unknown is a write.
    Write,
}

/// What a request would do, with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Effect {
    pub standing: Standing,
    /// Of a read and of a harmless write, [`Kind::Other`].
    pub kind: Kind,
    pub why: String,
    /// Whether it can be undone, where that is known.
    pub reversible: Option<bool>,
    /// Whether somebody else sees or feels it, where that is known.
    pub affects_others: Option<bool>,
    pub money: bool,
    /// The largest amount among its fields as a number, and its currency (ISO 4217, in capitals) where they name one.
    pub amount: Option<(f64, Option<String>)>,
    pub origin: String,
    /// As it is sent, without the query.
    pub path: String,
    /// Of the query and then of the body, in the order they are sent.
    pub fields: Vec<(String, String)>,
    pub body: Body,
    pub signature: Signature,
}

/// Reads a request's effect. Pure; never fails: what is not understood is a write.
pub fn read(request: &Request) -> Effect {
    let body = decode(request);
    let facts = Facts::of(request, &body);
    let signature = Signature::of(request, &body);
    let origin = facts.url.as_ref().map(address::origin).unwrap_or_default();
    let fields = facts
        .fields
        .iter()
        .zip(
            super::body::query_of(&request.url)
                .into_iter()
                .chain(body.fields.clone()),
        )
        .map(|(_, pair)| pair)
        .collect();
    let standing = standing(&facts);
    let class = match &standing {
        Standing::Write => written(&facts),
        Standing::Read => nothing("it only reads"),
        Standing::Harmless { why } => nothing(&format!("it {why}")),
    };
    let money = standing == Standing::Write
        && (matches!(class.kind, Kind::Pay | Kind::TransferMoney)
            || classify::amounts(&facts).next().is_some());
    Effect {
        standing,
        kind: class.kind,
        why: class.why,
        reversible: class.reversible,
        affects_others: class.affects_others,
        money,
        amount: classify::largest_amount(&facts),
        path: facts
            .url
            .as_ref()
            .map(|url| url.path().to_owned())
            .unwrap_or_default(),
        origin,
        fields,
        signature,
        body,
    }
}

fn nothing(why: &str) -> classify::Class {
    classify::Class {
        kind: Kind::Other,
        why: why.to_owned(),
        reversible: None,
        affects_others: None,
    }
}

fn standing(facts: &Facts<'_>) -> Standing {
    let Some(url) = &facts.url else {
        return Standing::Write;
    };
    if WITHIN.contains(&url.scheme()) {
        return Standing::Read;
    }
    if !matches!(url.scheme(), "http" | "https") {
        return Standing::Write;
    }
    // A preflight asks whether a request would be let in. Any other OPTIONS reads as well.
    if method::reads(&facts.method) && facts.request.method == facts.method {
        return if !facts.request.body.is_empty()
            || facts.request.body_is_partial
            || changing::word_of(facts).is_some()
            || facts
                .body
                .operations
                .iter()
                .any(|operation| operation.sort != Sort::Query && operation.sort != Sort::Unknown)
            || runs(facts)
        {
            Standing::Write
        } else {
            Standing::Read
        };
    }
    match harmless::why(facts) {
        Some(why) => Standing::Harmless { why },
        None => Standing::Write,
    }
}

/// Whether a page opens an address of a program: what comes is saved as a file.
fn runs(facts: &Facts<'_>) -> bool {
    facts.request.navigates
        && facts.url.as_ref().is_some_and(|url| {
            address::can_be_run(url) && !HARDLY_RUN.contains(&ending(url).as_str())
        })
}

fn ending(url: &Url) -> String {
    let (_, ending) = url.path().rsplit_once('.').unwrap_or_default();
    ending.to_ascii_lowercase()
}

fn written(facts: &Facts<'_>) -> classify::Class {
    if method::reads(&facts.method) && runs(facts) {
        return classify::Class {
            kind: Kind::DownloadToRun,
            why: "its address names a file that can be run".to_owned(),
            reversible: None,
            affects_others: Some(false),
        };
    }
    let class = classify::class(facts);
    match changing::word_of(facts) {
        Some(word) if class.kind == Kind::Other && class.reversible.is_none() => classify::Class {
            why: format!("its address says \"{word}\", and is only to be read by its method"),
            ..class
        },
        _ => class,
    }
}
