//! In what the terms of a request differ from the terms that were agreed to.
//!
//! Whatever is less or equal is no difference; whatever is not certainly less or equal is one.

use super::super::kind::Kind;
use super::super::money::{Currency, Money, Reading, readings};
use super::super::terms::{Item, Name, Role, Terms, addresses, is_about_money, normal_address};
use super::Difference;

/// Longest value that may be a word of a program: `express_checkout`.
const LONGEST_WORD: usize = 40;
/// Longest value that may be a token; a longer one is a text in disguise.
const LONGEST_TOKEN: usize = 4_096;
/// Longest value that names one recipient or item, as when the terms were read.
const LONGEST_NAME: usize = 200;
/// Stands in shown values where something secret was masked.
const DOTS: char = '•';

/// All differences to a yes for one effect.
pub(super) fn differences(agreed: &Terms, sent: &Terms) -> Vec<Difference> {
    let mut found = limits(agreed, sent);
    items(agreed, sent, &mut found);
    for (name, value) in &sent.fields {
        found.extend(field(agreed, sent.kind, name, value));
    }
    found
}

/// Differences in what a yes for a whole workflow is bound to: kind, origin, payee, recipients, amount.
pub(super) fn limits(agreed: &Terms, sent: &Terms) -> Vec<Difference> {
    let mut found = Vec::new();
    if !covers(agreed.kind, sent.kind) {
        found.push(Difference::Kind {
            sent: sent.kind,
            agreed: agreed.kind,
        });
    }
    if agreed.origin != sent.origin || sent.origin.is_empty() {
        found.push(Difference::Origin {
            sent: sent.origin.clone(),
            agreed: agreed.origin.clone(),
        });
    }
    found.extend(amounts(agreed, sent));
    if let Some(payee) = &sent.payee
        && !knows_payee(agreed, payee)
    {
        found.push(Difference::Payee {
            sent: payee.clone(),
            agreed: agreed.payee.clone(),
        });
    }
    for recipient in &sent.recipients {
        if !agreed.recipients.contains(recipient) {
            found.push(Difference::Recipient {
                sent: recipient.clone(),
            });
        }
    }
    found
}

/// Differences in amount and currency, and whatever could not be read.
pub(super) fn amounts(agreed: &Terms, sent: &Terms) -> Vec<Difference> {
    let mut found: Vec<Difference> = sent
        .unread
        .iter()
        .map(|what| Difference::Unread { what: what.clone() })
        .collect();
    match (&sent.amount, &agreed.amount) {
        (None, _) => {}
        (Some(amount), Some(limit)) => {
            if !is_within(amount, limit) {
                found.push(Difference::Amount {
                    sent: amount.clone(),
                    agreed: Some(limit.clone()),
                });
            }
        }
        (Some(amount), None) => {
            if !amount.is_zero() && (is_about_money(agreed.kind) || is_about_money(sent.kind)) {
                found.push(Difference::Amount {
                    sent: amount.clone(),
                    agreed: None,
                });
            }
        }
    }
    // The cart's amount may live on the server; that its currency changed is still seen.
    if let Some(limit) = agreed.amount.as_ref().filter(|_| sent.amount.is_none()) {
        let other = sent.fields.iter().find(|(name, value)| {
            Name::new(name).role() == Role::Currency
                && Currency::parse(value)
                    .is_some_and(|currency| Some(&currency) != limit.currency())
        });
        found.extend(other.map(|(_, value)| Difference::Currency {
            sent: value.clone(),
            agreed: limit.clone(),
        }));
    }
    found
}

/// Certainly no more; or written in the very words of the card, with the sign that it showed; or a bare number, whose
/// currency is what the server shows and the card showed.
fn is_within(amount: &Money, limit: &Money) -> bool {
    let same_words = amount.currency() == limit.currency() || amount.currency().is_none();
    amount.at_most(limit) || (same_words && amount.is_no_more_in_number(limit))
}

/// Whether a yes to one kind is a yes to what is a part of it, or the same by another name.
fn covers(agreed: Kind, sent: Kind) -> bool {
    if agreed == sent || sent == Kind::Other {
        return true;
    }
    let parts: &[Kind] = match agreed {
        Kind::Pay | Kind::Order | Kind::Book => &[
            Kind::Pay,
            Kind::Order,
            Kind::Book,
            Kind::AcceptTerms,
            Kind::SubmitPersonalData,
        ],
        Kind::TransferMoney => &[Kind::SubmitPersonalData, Kind::Upload],
        Kind::CreateAccount => &[Kind::AcceptTerms, Kind::SubmitPersonalData, Kind::SignIn],
        Kind::Send | Kind::Publish => &[Kind::Upload],
        Kind::ChangeInBulk => &[Kind::Delete],
        Kind::CancelOrReturn
        | Kind::Delete
        | Kind::Share
        | Kind::ChangeCredentials
        | Kind::AcceptTerms
        | Kind::SubmitPersonalData
        | Kind::SignIn
        | Kind::Upload
        | Kind::DownloadToRun
        | Kind::LeaveSites
        | Kind::Other => &[],
    };
    parts.contains(&sent)
}

fn knows_payee(agreed: &Terms, payee: &str) -> bool {
    let same = |text: &str| folded(text) == folded(payee);
    agreed.payee.as_deref().is_some_and(same)
        || shown(agreed).any(|(name, value)| same(value) && Name::new(name).role() == Role::Payee)
}

/// Everything that the card showed or the page's fields would send.
fn shown(agreed: &Terms) -> impl Iterator<Item = (&str, &str)> {
    agreed
        .fields
        .iter()
        .chain(&agreed.wire)
        .map(|(name, value)| (name.as_str(), value.as_str()))
}

fn is_shown(agreed: &Terms, text: &str) -> bool {
    let text = folded(text);
    shown(agreed).any(|(_, value)| folded(value) == text)
}

fn items(agreed: &Terms, sent: &Terms, found: &mut Vec<Difference>) {
    let pieces = |items: &[Item]| {
        items
            .iter()
            .fold(0, |sum: u64, item| sum.saturating_add(item.quantity))
    };
    let shown_quantity = shown(agreed)
        .filter(|(name, _)| Name::new(name).role() == Role::Quantity)
        .filter_map(|(_, value)| value.trim().parse::<u64>().ok())
        .fold(0, u64::saturating_add);
    let most = pieces(&agreed.items).max(shown_quantity).max(1);
    for item in &sent.items {
        let known = agreed.items.iter().find(|known| is_same(known, item));
        match (known, &item.name) {
            (Some(known), _) if item.quantity > known.quantity.max(shown_quantity) => {
                found.push(Difference::Quantity {
                    sent: item.quantity,
                    agreed: known.quantity,
                });
            }
            (None, Some(name)) if !is_shown(agreed, name) => {
                found.push(Difference::Item { sent: name.clone() });
            }
            _ => {}
        }
    }
    // A number that only the site understands can be counted, not compared.
    let lines = sent
        .items
        .iter()
        .filter(|i| i.name.is_some() || i.id.is_some())
        .count();
    if lines > agreed.items.len().max(1) {
        found.push(Difference::Item {
            sent: format!("{lines} items instead of {}", agreed.items.len().max(1)),
        });
    }
    if pieces(&sent.items) > most {
        found.push(Difference::Quantity {
            sent: pieces(&sent.items),
            agreed: most,
        });
    }
}

fn is_same(known: &Item, item: &Item) -> bool {
    let same = |one: &Option<String>, other: &Option<String>| {
        one.as_deref()
            .zip(other.as_deref())
            .is_some_and(|(one, other)| folded(one) == folded(other))
    };
    same(&known.name, &item.name) || same(&known.id, &item.id)
}

/// A field that is compared by itself, because no other term speaks of it.
fn field(agreed: &Terms, kind: Kind, name: &str, value: &str) -> Option<Difference> {
    if value.trim().is_empty() {
        return None;
    }
    let taken_apart = Name::new(name);
    let role = taken_apart.role();
    let is_compared_elsewhere = match role {
        Role::Amount | Role::Total | Role::Unit | Role::Quantity | Role::Payee | Role::Currency => {
            true
        }
        Role::Item | Role::Recipient => value.len() <= LONGEST_NAME,
        Role::Extra => matches!(readings(&[], value, None), Reading::Amounts(_)),
        Role::Token | Role::Binding | Role::Plain => false,
    };
    if is_compared_elsewhere {
        return None;
    }
    let differs = |shown: Option<&str>| {
        Some(Difference::Field {
            name: name.to_owned(),
            sent: value.to_owned(),
            agreed: shown.map(str::to_owned),
        })
    };
    let namesakes: Vec<&str> = shown(agreed)
        .filter(|(other, _)| *other == name || Name::new(other).is_like(&taken_apart))
        .map(|(_, value)| value)
        .collect();
    if let Some(first) = namesakes.first() {
        let fits = namesakes.iter().any(|shown| {
            folded(shown) == folded(value) || shown.contains(DOTS) || is_file(shown, value)
        });
        return if fits || is_added(role, value) {
            None
        } else {
            differs(Some(first))
        };
    }
    if is_shown(agreed, value) || is_shown_file(agreed, value) || is_known_address(agreed, value) {
        return None;
    }
    if role == Role::Binding {
        return if is_no(value) { None } else { differs(None) };
    }
    if is_about_money(kind) || is_about_money(agreed.kind) {
        // Something like a price under a name that says nothing.
        let price = Money::parse(value).filter(|_| value.contains(['.', ',']));
        let dear = price.is_some_and(|price| match &agreed.amount {
            Some(limit) => !is_within(&price, limit),
            None => true,
        });
        if dear {
            return differs(None);
        }
    }
    if is_added(role, value) || is_word_of_a_program(value) {
        None
    } else {
        differs(None)
    }
}

fn is_known_address(agreed: &Terms, value: &str) -> bool {
    let found = addresses(value);
    let whole = found.as_slice() == [normal_address(value)];
    whole && found.iter().all(|one| agreed.recipients.contains(one))
}

/// `receipt.pdf (1234 bytes)`, as a body's files are listed, where the card showed the path or name of that file.
fn is_shown_file(agreed: &Terms, value: &str) -> bool {
    shown(agreed).any(|(_, path)| is_file(path, value))
}

/// Whether what a body says of a file is about the file at this path.
fn is_file(path: &str, value: &str) -> bool {
    let name = value
        .strip_suffix(" bytes)")
        .and_then(|text| text.rsplit_once(" ("))
        .map(|(name, _)| name);
    name.is_some() && path.rsplit(['/', '\\']).next() == name
}

/// What programs add to a form by themselves.
fn is_added(role: Role, value: &str) -> bool {
    role == Role::Token && value.len() <= LONGEST_TOKEN && !reads_as_text(value)
}

fn is_no(value: &str) -> bool {
    matches!(
        value.trim().to_lowercase().as_str(),
        "0" | "false" | "no" | "off" | "none" | "null"
    )
}

/// Numbers, identifiers, words like `express_checkout`, long tokens: nothing that a person wrote or could read as a sentence.
fn is_word_of_a_program(value: &str) -> bool {
    if reads_as_text(value) || value.len() > LONGEST_TOKEN {
        return false;
    }
    let is_token = value.bytes().any(|b| b.is_ascii_digit())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+/=_-.:~%".contains(&b));
    value.len() <= LONGEST_WORD || is_token
}

fn reads_as_text(value: &str) -> bool {
    let value = value.trim();
    !value.is_ascii() || value.contains(|c: char| c.is_whitespace() || c == '@')
}

/// Comparable: lower case, white space folded, line breaks of every system alike.
fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}
