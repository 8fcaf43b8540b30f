//! Writes that are harmless by rule. Each rule lists what such a request may hold, and anything else in it makes it a write like
//! others: an address alone is the page's to choose.

use url::Url;

use super::body::{Format, Sort};
use super::changing;
use super::facts::{Facts, Field};
use super::rules::{Phrases, RULES};
use super::values;

/// Why the request is harmless, where it is.
pub(super) fn why(facts: &Facts<'_>) -> Option<String> {
    let plain = facts.body.unread.is_none() && facts.body.files.is_empty();
    if facts.method != "POST" || !plain || changing::word_of(facts).is_some() {
        return None;
    }
    let rules = &*RULES;
    let why = if is_report(facts) {
        &rules.reports.why
    } else if is_graphql_query(facts) {
        &rules.graphql.why
    } else if is_search(facts) {
        &rules.search.why
    } else if is_refresh(facts) {
        &rules.refresh.why
    } else if is_telemetry(facts) {
        &rules.telemetry.why
    } else {
        return None;
    };
    Some(why.clone())
}

fn is_report(facts: &Facts<'_>) -> bool {
    let rules = &RULES.reports;
    let kind = facts.request.header("content-type").unwrap_or_default();
    let own = rules.resources.contains(&facts.request.resource);
    let mut fields = facts.fields.iter().filter(|field| !field.of_query);
    let shape = match kind.split(';').next().unwrap_or_default().trim() {
        "application/csp-report" => fields.all(|field| {
            let root = field.parts.first();
            root.is_some_and(|root| root.words == ["csp", "report"]) && rules.csp.hold(&field.leaf)
        }),
        "application/reports+json" => fields.all(|field| rules.api.hold(&field.leaf)),
        _ => false,
    };
    own && shape && facts.body.format == Format::Json
}

fn is_graphql_query(facts: &Facts<'_>) -> bool {
    facts.body.format == Format::GraphQl
        && !facts.body.operations.is_empty()
        && facts.body.operations.iter().all(|o| o.sort == Sort::Query)
        && facts.fields.iter().all(|field| {
            field
                .parts
                .first()
                .is_some_and(|root| RULES.graphql.fields.hold(root))
                && !is_heavy(field)
        })
}

fn is_search(facts: &Facts<'_>) -> bool {
    let rules = &RULES.search;
    facts.body.operations.is_empty()
        && matches!(
            facts.body.format,
            Format::Json | Format::UrlEncoded | Format::Multipart
        )
        && facts
            .last_segment()
            .is_some_and(|name| rules.segments.hold(name))
        && !says_more(facts)
        && facts.fields.iter().all(|field| {
            let below = field.parts.len() > 1
                && field
                    .parts
                    .first()
                    .is_some_and(|root| rules.containers.hold(root));
            (below || rules.fields.hold(&field.leaf) || is_passing(field))
                && !is_heavy(field)
                && field.value.len() <= rules.longest_value
        })
}

/// Whether the rest of the path names something that is done: `/pay/search`.
fn says_more(facts: &Facts<'_>) -> bool {
    facts
        .segments
        .iter()
        .any(|segment| RULES.rules.iter().any(|rule| rule.verbs.hold(segment)))
}

fn is_refresh(facts: &Facts<'_>) -> bool {
    let rules = &RULES.refresh;
    let grants: Vec<&Field> = facts
        .fields
        .iter()
        .filter(|field| field.full.words == ["grant", "type"])
        .collect();
    let granted = grants.iter().any(|field| field.value == "refresh_token");
    facts
        .last_segment()
        .is_some_and(|name| rules.segments.hold(name))
        && (granted
            || facts
                .last_segment()
                .is_some_and(|name| rules.must.stand_in(name)))
        && grants.iter().all(|field| field.value == "refresh_token")
        && facts.body.operations.is_empty()
        && is_own_site(facts)
        && facts
            .fields
            .iter()
            .all(|field| rules.fields.hold(&field.full) || is_passing(field))
}

/// Whether it goes to the site of the page that asks.
fn is_own_site(facts: &Facts<'_>) -> bool {
    let asking = facts.request.frame.as_ref().or(facts.request.page.as_ref());
    let Some(asking) = asking.and_then(|address| Url::parse(address).ok()) else {
        return false;
    };
    let Some(url) = &facts.url else {
        return false;
    };
    let site = |url: &Url| {
        let host = url.domain()?;
        psl::domain_str(host).map(str::to_owned)
    };
    url.origin() == asking.origin()
        || (url.scheme() == asking.scheme() && site(url).is_some() && site(url) == site(&asking))
}

fn is_telemetry(facts: &Facts<'_>) -> bool {
    let rules = &RULES.telemetry;
    let pings = facts.request.resource == "Ping";
    let named = facts
        .last_segment()
        .is_some_and(|name| rules.segments.hold(name));
    if pings && facts.body.format == Format::Text && facts.request.body == b"PING" {
        // What `<a ping>` sends, by the HTML standard.
        return true;
    }
    (pings || named)
        && facts.body.operations.is_empty()
        && matches!(
            facts.body.format,
            Format::Json | Format::UrlEncoded | Format::Empty
        )
        && !facts.fields.is_empty()
        && !says_more(facts)
        && facts.fields.iter().all(|field| {
            let sentence = rules.sentences.hold(&field.leaf);
            let blank = field.value.chars().any(char::is_whitespace);
            rules.fields.hold(&field.leaf)
                && field.value.len() <= rules.longest_value
                && (sentence || !blank)
                && !is_heavy(field)
                && !values::names_a_person(&field.value)
        })
}

fn is_passing(field: &Field) -> bool {
    RULES.fields.passing.hold(&field.full)
}

/// Whether it holds what no harmless request does: money, a card, an account, a recipient, a message, a password.
fn is_heavy(field: &Field) -> bool {
    let rules = &RULES.fields;
    let (leaf, part) = (&field.leaf, |list: &Phrases| {
        field.parts.iter().any(|part| list.stand_in(part))
    });
    // A bound of a filter: `filters.price.from`.
    let bounds = field.parts.iter().any(|name| rules.ranges.hold(name))
        || rules.ranges.stand_in(leaf) && leaf.words.len() > 1;
    part(&rules.card)
        || part(&rules.payment)
        || part(&rules.account)
        || part(&rules.password)
        || rules.secret.hold(leaf) && !rules.passing.hold(leaf)
        || rules.message.hold(leaf)
        || rules.subject.hold(leaf)
        || (!bounds && (rules.money.hold(leaf) || rules.recipient.hold(leaf)))
        || values::is_card(&field.value)
}
