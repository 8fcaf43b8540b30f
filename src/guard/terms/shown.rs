//! The terms of an intent: what the page shows around the element that is about to be used, and what its fields would send.

use url::Url;

use super::super::kind::Kind;
use super::super::money::{self, Currency, Money};
use super::super::words::{Folded, fold};
use super::super::{address, amount};
use super::name::{self, Name, Role};
use super::{Item, Terms, is_about_money, recipient};
use crate::computer::{Element, Form, Observation, Toggle};

/// Longest text, in bytes, that is read as a line of a summary; longer ones speak of many things.
const LONGEST_LINE: usize = 200;
/// Most items that are taken for the lines of an order.
const MOST_ITEMS: usize = 50;

/// What is about to be done, as far as the page cannot say it.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Deed<'a> {
    pub kind: Kind,
    /// Where it would be sent.
    pub origin: &'a str,
    /// What it lands on.
    pub element: Option<&'a Element>,
    /// What goes along that stands in no field yet: files, a user name.
    pub handed_over: &'a [(String, String)],
}

/// Reads the terms that a card would show.
pub(in super::super) fn shown(deed: &Deed<'_>, observation: &Observation) -> Terms {
    let mut terms = Terms::new(deed.kind, deed.origin);
    let form = deed.element.and_then(|element| element.form.as_ref());
    terms.fields = form
        .map(|form| form.fields.as_slice())
        .unwrap_or_default()
        .iter()
        .chain(deed.handed_over)
        .cloned()
        .collect();
    terms.fields.extend(telling(form));
    terms.wire = wire(deed.element, observation);
    terms.amount = due(deed.element, observation);
    terms.payee = payee(&terms.fields, deed, observation);
    terms.recipients = recipients(&terms, deed.element, observation);
    if is_about_money(deed.kind) {
        terms.items = items(deed.element, observation);
    }
    terms
}

/// What the page would send along unseen and a yes should be bound to: whom, what, how much. It is shown on the card.
fn telling(form: Option<&Form>) -> impl Iterator<Item = (String, String)> + '_ {
    let hidden = form.map(|form| form.hidden.as_slice()).unwrap_or_default();
    hidden
        .iter()
        .filter(|(name, _)| match Name::new(name).role() {
            Role::Amount
            | Role::Total
            | Role::Unit
            | Role::Extra
            | Role::Quantity
            | Role::Currency
            | Role::Payee
            | Role::Recipient
            | Role::Item => true,
            Role::Token | Role::Binding | Role::Plain => false,
        })
        .cloned()
}

/// Origins of frames that take card numbers: those of the payment provider that this page works with.
pub(in super::super) fn payment_frames(observation: &Observation) -> Vec<String> {
    let page = Url::parse(&observation.url)
        .ok()
        .map(|url| address::origin(&url));
    let mut origins: Vec<String> = observation
        .elements
        .iter()
        .filter(|element| element.frame != 0 && takes_a_card(element))
        .filter_map(|element| address::of_frame(observation, Some(element)))
        .map(|url| address::origin(&url))
        .filter(|origin| Some(origin) != page.as_ref() && origin.starts_with("http"))
        .collect();
    origins.sort_unstable();
    origins.dedup();
    origins
}

fn takes_a_card(element: &Element) -> bool {
    // The standard's names for what a card's fields hold (HTML, autofill).
    let declared = element
        .attributes
        .get("autocomplete")
        .is_some_and(|text| text.split(' ').any(|word| word.starts_with("cc-")));
    declared || element.form.as_ref().is_some_and(|form| form.has_card)
}

/// Names and values as the browser would send them: what a choice is labelled and what it sends are two things.
fn wire(element: Option<&Element>, observation: &Observation) -> Vec<(String, String)> {
    let Some(used) = element else {
        return Vec::new();
    };
    let mut pairs = used
        .form
        .as_ref()
        .map(|form| form.hidden.clone())
        .unwrap_or_default();
    let same_form = |other: &Element| match (&used.form, &other.form) {
        (Some(one), Some(two)) => one.action == two.action && one.fields == two.fields,
        (None, None) => true,
        _ => false,
    };
    let fields = observation
        .elements
        .iter()
        .filter(|other| other.frame == used.frame && same_form(other));
    for field in fields {
        let Some(name) = field.attributes.get("name").filter(|name| !name.is_empty()) else {
            continue;
        };
        let mut push = |value: &str| pairs.push((name.clone(), value.to_owned()));
        if let Some(checked) = field.states.checked {
            if checked == Toggle::On {
                push(field.attributes.get("value").map_or("on", String::as_str));
            }
        } else if field.choices.iter().any(|choice| choice.selected) {
            for choice in field.choices.iter().filter(|choice| choice.selected) {
                push(&choice.value);
            }
        } else if let Some(value) = &field.value {
            push(value);
        }
    }
    // The button that is pressed is sent, too.
    if let (Some(name), Some(value)) = (used.attributes.get("name"), used.attributes.get("value")) {
        pairs.push((name.clone(), value.clone()));
    }
    pairs
}

/// The amount that the card shows. A sign that several currencies share is settled where the page names exactly one of them.
fn due(element: Option<&Element>, observation: &Observation) -> Option<Money> {
    let text = element
        .and_then(|element| amount::near(element, observation))
        .or_else(|| amount::in_text(&observation.dialog.as_ref()?.message))?;
    let found = money::find(&text).into_iter().rfind(|found| found.is_due);
    let due = found
        .map(|found| found.money)
        .or_else(|| Money::parse(&text))?;
    let open = due
        .currency()
        .is_some_and(|currency| currency.code().is_none());
    if !open {
        return Some(due);
    }
    let frame = element.map_or(0, |element| element.frame);
    let mut named: Vec<Currency> = observation
        .elements
        .iter()
        .filter(|other| other.frame == frame && other.in_view)
        .flat_map(|other| {
            [other.text.as_str(), other.name.as_str()]
                .into_iter()
                .chain(other.value.as_deref())
        })
        .filter(|text| text.len() < LONGEST_LINE)
        .flat_map(|text| text.split(|c: char| !c.is_ascii_uppercase()))
        .filter(|word| word.len() == 3)
        .filter_map(Currency::parse)
        .filter(|currency| {
            due.currency()
                .is_some_and(|own| own.and(currency) == *currency)
        })
        .collect();
    named.sort_unstable();
    named.dedup();
    match named.as_slice() {
        [one] => Some(due.in_currency(one)),
        _ => Some(due),
    }
}

/// From a field for it, from a line like "Pay to: Café Blau", or the name in the page's title that is also the host's.
fn payee(
    fields: &[(String, String)],
    deed: &Deed<'_>,
    observation: &Observation,
) -> Option<String> {
    let field = fields
        .iter()
        .find(|(name, value)| Name::new(name).role() == Role::Payee && !value.trim().is_empty())
        .map(|(_, value)| value.trim().to_owned());
    field
        .or_else(|| {
            said(Role::Payee, deed.element, observation)
                .into_iter()
                .next()
        })
        .or_else(|| site_name(deed.origin, observation))
}

/// What stands behind a label of this role: "Pay to: X", or X with the label to its left.
fn said(role: Role, element: Option<&Element>, observation: &Observation) -> Vec<String> {
    let frame = element.map_or(0, |element| element.frame);
    let lines = observation
        .elements
        .iter()
        .filter(|other| other.frame == frame && !other.interactive);
    lines
        .filter_map(|other| {
            let text = other.text.trim();
            if text.is_empty() || text.len() >= LONGEST_LINE {
                return None;
            }
            let is_label = |label: &str| {
                let label = label.trim().trim_end_matches([':', '：']);
                label.split_whitespace().count() <= 3 && Name::new(label).role() == role
            };
            if let Some((label, rest)) = text.split_once([':', '：'])
                && !rest.trim().is_empty()
                && is_label(label)
            {
                return Some(rest.trim().to_owned());
            }
            (is_label(&other.neighbours.left) && !is_label(text)).then(|| text.to_owned())
        })
        .collect()
}

/// A part of the title whose letters are the host's own name: no page can call itself something else this way.
fn site_name(origin: &str, observation: &Observation) -> Option<String> {
    let url = Url::parse(origin).ok()?;
    let host = url.host_str()?;
    let domain = psl::domain_str(host).unwrap_or(host);
    let letters = |text: &str| {
        fold(text)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    let own = letters(domain.split('.').next()?);
    observation
        .title
        .split(['|', '-', '–', '—', '·', ':', '»'])
        .map(str::trim)
        .find(|part| !part.is_empty() && letters(part) == own)
        .map(str::to_owned)
}

fn recipients(terms: &Terms, element: Option<&Element>, observation: &Observation) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (name, value) in terms.fields.iter().chain(&terms.wire) {
        let shaped = recipient::find(value);
        let named = Name::new(name).role() == Role::Recipient && !value.trim().is_empty();
        if named && shaped.is_empty() {
            found.push(recipient::normal(value));
        }
        found.extend(shaped);
    }
    for text in said(Role::Recipient, element, observation) {
        let shaped = recipient::find(&text);
        if shaped.is_empty() {
            found.push(recipient::normal(&text));
        }
        found.extend(shaped);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The rows of the order's summary: those around the element where it stands in one itself, else those under the heading of the total
/// or under a heading for what is ordered.
fn items(element: Option<&Element>, observation: &Observation) -> Vec<Item> {
    let Some(used) = element else {
        return Vec::new();
    };
    if let Some(row) = &used.row {
        return item(&row.texts, used.title()).into_iter().collect();
    }
    let total = observation.elements.iter().find(|other| {
        other.frame == used.frame
            && other.text.len() < LONGEST_LINE
            && Folded::new(&format!("{} {}", other.text, other.neighbours.left)).speaks_of_a_total()
            && amount::in_text(&other.text).is_some()
    });
    let belongs = |other: &Element| {
        let beside_total = total.is_some_and(|total| {
            total.heading == other.heading && total.landmark == other.landmark
        });
        beside_total || name::is_summary(&other.heading) || name::is_summary(&other.landmark)
    };
    let mut seen: Vec<(usize, usize, &[String])> = Vec::new();
    let mut items = Vec::new();
    let rows = observation
        .elements
        .iter()
        .filter(|other| other.frame == used.frame && belongs(other))
        .filter_map(|other| other.row.as_ref());
    for row in rows {
        let key = (row.index, row.count, row.texts.as_slice());
        if seen.contains(&key) || items.len() == MOST_ITEMS {
            continue;
        }
        seen.push(key);
        items.extend(item(&row.texts, ""));
    }
    items
}

/// A row's item: its first text that is a name, and how many of it. `button` is the name of what is pressed, which is no item.
fn item(texts: &[String], button: &str) -> Option<Item> {
    let is_a_sum = |text: &str| {
        Folded::new(text).speaks_of_a_total()
            || matches!(Name::new(text).role(), Role::Total | Role::Extra)
    };
    if texts.iter().any(|text| is_a_sum(text)) {
        return None;
    }
    let mut quantity = None;
    let mut name = None;
    for text in texts {
        let text = text.trim();
        if let Some(count) = count(text) {
            quantity.get_or_insert(count);
        } else if name.is_none()
            && text != button
            && money::find(text).is_empty()
            && text.chars().any(char::is_alphabetic)
        {
            let (own, times) = without_count(text);
            name = Some(own.to_owned());
            if let Some(times) = times {
                quantity.get_or_insert(times);
            }
        }
    }
    name.map(|name| Item {
        name: Some(name),
        id: None,
        quantity: quantity.unwrap_or(1),
    })
}

/// `2`, `× 2`, `2 x`, `Qty: 2`.
fn count(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let rest: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let rest = rest.trim().trim_end_matches([':', '.']).trim();
    let counts =
        matches!(rest, "" | "×" | "x" | "X" | "✕") || Name::new(rest).role() == Role::Quantity;
    counts.then(|| digits.parse().ok()).flatten()
}

/// `2 × Coffee` and `Coffee × 2` are two coffees.
fn without_count(text: &str) -> (&str, Option<u64>) {
    const TIMES: [&str; 4] = ["×", " x ", "x ", " x"];
    for times in TIMES {
        if let Some((one, other)) = text.split_once(times) {
            if let Ok(count) = one.trim().parse() {
                return (other.trim(), Some(count));
            }
            if let Ok(count) = other.trim().parse() {
                return (one.trim(), Some(count));
            }
        }
    }
    (text, None)
}
