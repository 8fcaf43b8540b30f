//! The card that asks for a yes: what would be sent where, with the amount and the fields, in words for people.

use crate::computer::{Action, Text};
use crate::human::Card;

use super::kind::Kind;
use super::meaning::Meaning;
use super::origin::plain;
use super::review::Proposal;
use super::secrets::process_masker;
use super::terms::{Item, Terms};
use super::{address, amount};

/// Longest value shown, in characters; what is longer is cut, and says so.
const LONGEST_VALUE: usize = 300;

pub(super) fn write(proposal: &Proposal<'_>, meaning: &Meaning<'_>, kind: Kind, why: &str) -> Card {
    let masker = process_masker();
    let page = address::of_frame(proposal.observation, meaning.element);
    let destination = meaning.destination.as_ref().or(page.as_ref());
    let origin = destination.map_or_else(|| "an unknown place".to_owned(), address::origin);
    let host = destination
        .and_then(|url| {
            let host = url.host_str()?;
            Some(
                url.port()
                    .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
            )
        })
        .unwrap_or_else(|| origin.clone());
    let target = masker.mask(&target(proposal, meaning));
    let amount = meaning
        .element
        .and_then(|element| amount::near(element, proposal.observation))
        .or_else(|| {
            let dialog = proposal.observation.dialog.as_ref()?;
            amount::in_text(&dialog.message)
        });
    let fields = meaning
        .element
        .and_then(|element| element.form.as_ref())
        .map(|form| form.fields.as_slice())
        .unwrap_or_default();
    Card {
        kind,
        title: format!("{target} would {} at {host}", kind.phrase()),
        origin,
        amount,
        fields: fields
            .iter()
            .map(|(name, value)| (name.clone(), shorten(&masker.mask(value))))
            .chain(handed_over(proposal))
            .collect(),
        target,
        why: masker.mask(why),
        demonstrated: proposal.demonstrated.map(|text| masker.mask(text)),
        marks: meaning
            .element
            .map(|element| element.bounds)
            .into_iter()
            .collect(),
        ..Card::default()
    }
}

/// Adds to a card what a yes to it is bound to: who gets it, what it is about, and whether the origin is what it looks like. `known` are
/// the origins of the goal.
pub fn dress(card: &mut Card, terms: &Terms, known: &[String]) {
    let masker = process_masker();
    let origin = plain(&card.origin, known);
    card.origin = origin.text;
    card.warnings = origin.warnings;
    card.payees = payees(terms).iter().map(|one| masker.mask(one)).collect();
    let unseen = terms
        .fields
        .iter()
        .filter(|(name, _)| !card.fields.iter().any(|(own, _)| own == name));
    let unseen: Vec<(String, String)> = unseen
        .map(|(name, value)| (name.clone(), shorten(&masker.mask(value))))
        .collect();
    card.fields.extend(unseen);
    card.items = terms
        .items
        .iter()
        .map(|one| masker.mask(&item(one)))
        .collect();
}

/// Who would get something by these terms.
pub(super) fn payees(terms: &Terms) -> Vec<String> {
    let mut all: Vec<String> = terms.payee.iter().cloned().collect();
    all.extend(terms.recipients.iter().cloned());
    all.dedup();
    all
}

/// An item as a line.
pub(super) fn item(item: &Item) -> String {
    let name = item.name.as_ref().or(item.id.as_ref());
    let name = name.map_or("something", String::as_str);
    format!("{} × {name}", item.quantity)
}

/// What the action itself would do it with, in words.
fn target(proposal: &Proposal<'_>, meaning: &Meaning<'_>) -> String {
    let described = || meaning.element.map(crate::computer::Element::describe);
    match proposal.action {
        Action::Press { keys } => match described() {
            Some(element) => format!("{keys} in {element}"),
            None => keys.clone(),
        },
        Action::Type { .. } => match described() {
            Some(element) => format!("typing into {element}"),
            None => "typing".to_owned(),
        },
        Action::Navigate { url } | Action::OpenTab { url } => format!("opening {}", shorten(url)),
        Action::AnswerDialog { .. } => match &proposal.observation.dialog {
            Some(dialog) => format!("OK to \"{}\"", shorten(&dialog.message)),
            None => "OK to a dialog".to_owned(),
        },
        Action::Authenticate { .. } => "signing in to the server".to_owned(),
        Action::Drag { .. } => match described() {
            Some(element) => format!("dropping on {element}"),
            None => "dropping there".to_owned(),
        },
        _ => described().unwrap_or_else(|| match proposal.action.target() {
            Some(crate::computer::Target::Point(point)) => {
                format!("a click at {:.0}, {:.0}", point.x, point.y)
            }
            Some(crate::computer::Target::Element(_)) | None => proposal.says.to_owned(),
        }),
    }
}

/// What goes along that stands in no field yet.
pub(super) fn handed_over(proposal: &Proposal<'_>) -> Vec<(String, String)> {
    match proposal.action {
        Action::Upload { files, .. } => files
            .iter()
            .map(|file| ("file".to_owned(), file.display().to_string()))
            .collect(),
        Action::Authenticate {
            user: Text::Plain(user),
            ..
        } => vec![("user name".to_owned(), user.clone())],
        _ => Vec::new(),
    }
}

pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= LONGEST_VALUE {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST_VALUE).collect();
    format!("{start} … ({} characters)", text.chars().count())
}
