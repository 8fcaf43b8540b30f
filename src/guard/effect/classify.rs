//! Which kind of effect a write is: by what its fields hold, what its operation and its address say, and at last by the words that
//! people read on buttons.

use super::body::Format;
use super::facts::{Facts, Field};
use super::name::Name;
use super::rules::{self, Phrases, RULES, Rule};
use super::values;
use crate::guard::kind::Kind;
use crate::guard::review::gravity;
use crate::guard::words::Folded;

/// A kind, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Class {
    pub kind: Kind,
    pub why: String,
    pub reversible: Option<bool>,
    pub affects_others: Option<bool>,
}

/// Fewest things that are acted upon together to be many.
const FEWEST_MANY: usize = 2;
/// Fewest fields about a person that together are personal data, where none is by itself.
const FEWEST_PERSONAL: usize = 2;
/// Fewest digits of a card's number (ISO/IEC 7812 has none shorter in use).
const SHORTEST_CARD: usize = 12;

pub(super) fn class(facts: &Facts<'_>) -> Class {
    let told = by_card(facts)
        .or_else(|| by_bulk(facts))
        .or_else(|| by_verb(facts))
        .or_else(|| grave_fields(facts))
        .or_else(|| by_delete(facts))
        .or_else(|| by_noun(facts))
        .or_else(|| by_vote(facts))
        .or_else(|| by_person(facts))
        .or_else(|| by_terms(facts))
        .or_else(|| by_amount(facts))
        .or_else(|| by_field_noun(facts))
        .or_else(|| by_button_words(facts));
    told.unwrap_or_else(|| Class {
        kind: Kind::Other,
        why: match &facts.body.unread {
            Some(why) => format!("what it sends cannot be read: {why}"),
            None => "it sends something, and nothing says what for".to_owned(),
        },
        reversible: None,
        affects_others: None,
    })
}

/// The rule that has the kind's name.
fn of_kind(kind: Kind, why: impl Into<String>) -> Class {
    let rule = RULES
        .rules
        .iter()
        .find(|rule| rule.kind == kind && kind != Kind::Other);
    Class {
        kind,
        why: why.into(),
        reversible: rule.and_then(|rule| rule.reversible),
        affects_others: rule.and_then(|rule| rule.affects_others),
    }
}

fn of_rule(rule: &Rule, word: &str) -> Class {
    Class {
        kind: rule.kind,
        why: format!("it {}: its address or operation says \"{word}\"", rule.why),
        reversible: rule.reversible,
        affects_others: rule.affects_others,
    }
}

fn any<'f>(facts: &'f Facts<'_>, fits: impl Fn(&Field) -> bool) -> Option<&'f Field> {
    facts
        .fields
        .iter()
        .find(|field| fits(field) && !field.value.is_empty())
}

fn by_card(facts: &Facts<'_>) -> Option<Class> {
    let named = |field: &Field| {
        let digits = field.value.chars().filter(char::is_ascii_digit).count();
        let card = &RULES.fields.card;
        field.parts.iter().any(|part| card.stand_in(part))
            || (field.leaf.words.iter().any(|word| word == "card") && digits >= SHORTEST_CARD)
    };
    any(facts, |field| named(field) || values::is_card(&field.value))
        .map(|_| of_kind(Kind::Pay, "it carries a card's number or code"))
        .or_else(|| {
            let pays = any(facts, |field| {
                field
                    .parts
                    .iter()
                    .any(|part| RULES.fields.payment.hold(part))
            });
            pays.map(|_| of_kind(Kind::Pay, "it says how to pay"))
        })
}

/// Lists of what is acted upon with more than one entry, where the address says what is done to them.
fn by_bulk(facts: &Facts<'_>) -> Option<Class> {
    let acts = word(facts, |rule| &rule.verbs, false)
        .or_else(|| (facts.method == "DELETE").then_some((bulk()?, String::new())))?;
    let light = acts.0.kind == Kind::Other;
    if acts.0.kind == Kind::ChangeInBulk {
        return Some(of_rule(acts.0, &acts.1));
    }
    let mut counts: Vec<(&Name, usize)> = Vec::new();
    for field in &facts.fields {
        if RULES.fields.ids.hold(&field.leaf) && is_listed(facts, field) {
            match counts.iter_mut().find(|(name, _)| **name == field.leaf) {
                Some((_, count)) => *count += 1,
                None => counts.push((&field.leaf, 1)),
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    (most >= FEWEST_MANY && !light).then(|| {
        of_kind(
            Kind::ChangeInBulk,
            format!("it acts on {most} things at once"),
        )
    })
}

fn bulk() -> Option<&'static Rule> {
    RULES.rules.iter().find(|rule| rule.kind == Kind::Delete)
}

/// Whether a field is one entry of a list: `ids[]`, `ids.0`, or the same name again.
fn is_listed(facts: &Facts<'_>, field: &Field) -> bool {
    let same = facts.fields.iter().filter(|other| other.leaf == field.leaf);
    same.count() >= FEWEST_MANY
}

/// The word that counts, and its rule: operations before the path, the end of the path before its beginning.
fn word(
    facts: &Facts<'_>,
    pick: impl Fn(&'static Rule) -> &'static Phrases,
    plural: bool,
) -> Option<(&'static Rule, String)> {
    // As one name: `/user/status` is a user's status.
    let path = Name {
        words: facts
            .places
            .iter()
            .flat_map(|name| name.words.clone())
            .collect(),
    };
    facts.operations.iter().chain([&path]).find_map(|name| {
        let best = RULES
            .rules
            .iter()
            .filter_map(|rule| Some((pick(rule).last_in(name, plural)?, rule)))
            // Of two that end at the same word the longer phrase knows more; otherwise the first rule.
            .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let ((end, size), rule) = best;
        Some((rule, name.words[end.saturating_sub(size)..end].join(" ")))
    })
}

fn noun(facts: &Facts<'_>) -> Option<(&'static Rule, String)> {
    word(facts, |rule| &rule.nouns, true)
}

fn by_verb(facts: &Facts<'_>) -> Option<Class> {
    let (rule, verb) = word(facts, |rule| &rule.verbs, false)?;
    if rule.kind == Kind::Delete {
        return Some(deleting(facts, &verb));
    }
    if matches!(rule.kind, Kind::Other | Kind::Publish) {
        // A light verb beside grave fields is not light, and a comment that somebody is sent is a letter.
        return grave_fields(facts).or_else(|| Some(of_rule(rule, &verb)));
    }
    Some(of_rule(rule, &verb))
}

/// What the fields say by themselves, where the address says little.
fn grave_fields(facts: &Facts<'_>) -> Option<Class> {
    by_password(facts)
        .or_else(|| by_account(facts))
        .or_else(|| by_file(facts))
        .or_else(|| by_letter(facts))
}

fn by_delete(facts: &Facts<'_>) -> Option<Class> {
    (facts.method == "DELETE").then(|| deleting(facts, "DELETE"))
}

/// Deleting an order cancels it, deleting a member changes who has access, deleting from the cart is light.
fn deleting(facts: &Facts<'_>, word: &str) -> Class {
    let delete = of_kind(
        Kind::Delete,
        format!("it deletes something: it says \"{word}\""),
    );
    match noun(facts) {
        Some((rule, noun)) => match rule.removed {
            Some(Kind::Other) => Class {
                why: format!("it {}: it takes away from \"{noun}\"", rule.why),
                ..of_rule(rule, &noun)
            },
            Some(kind) => of_kind(kind, format!("it takes away \"{noun}\"")),
            None => delete,
        },
        None if word == "DELETE" => match self::word(facts, |rule| &rule.verbs, false) {
            Some((rule, verb)) if rule.kind == Kind::Other => of_rule(rule, &verb),
            _ => delete,
        },
        None => delete,
    }
}

fn by_password(facts: &Facts<'_>) -> Option<Class> {
    let rules = &RULES.fields;
    let passwords: Vec<&Field> = facts
        .fields
        .iter()
        .filter(|field| rules.password.stand_in(&field.leaf) && !field.value.is_empty())
        .collect();
    if passwords.is_empty() {
        return None;
    }
    let fresh = passwords.len() > 1
        || passwords
            .iter()
            .any(|field| rules.fresh.stand_in(&field.leaf));
    let said = noun(facts);
    let creates = said
        .as_ref()
        .is_some_and(|(rule, _)| rule.kind == Kind::CreateAccount)
        || facts.last_segment().is_some_and(|name| {
            matches!(
                name.words.last().map(String::as_str),
                Some("users" | "accounts" | "customers")
            )
        });
    let user = any(facts, |field| rules.user.hold(&field.leaf));
    let old = passwords.iter().any(|field| {
        field
            .leaf
            .words
            .iter()
            .any(|word| matches!(word.as_str(), "old" | "current"))
    });
    Some(if creates || (fresh && user.is_some() && !old) {
        of_kind(Kind::CreateAccount, "it carries a new password and a name")
    } else if fresh || said.is_some_and(|(rule, _)| rule.kind == Kind::ChangeCredentials) {
        of_kind(Kind::ChangeCredentials, "it carries a new password")
    } else {
        of_kind(Kind::SignIn, "it carries a password")
    })
}

fn by_file(facts: &Facts<'_>) -> Option<Class> {
    let file = facts.body.files.first();
    let said = match (file, facts.body.format) {
        (Some(file), _) => format!("it carries the file \"{}\"", file.name),
        // What is missing of a form with parts is a file on disk.
        (None, Format::Multipart) if facts.request.body_is_partial => {
            "it carries a file".to_owned()
        }
        _ => return None,
    };
    Some(of_kind(Kind::Upload, said))
}

fn by_account(facts: &Facts<'_>) -> Option<Class> {
    let rules = &RULES.fields;
    let amount = amount(facts)?;
    let payee = any(facts, |field| {
        field.parts.iter().any(|part| rules.account.stand_in(part))
            || rules.recipient.hold(&field.leaf)
    });
    // A receipt or an invoice with its sum is a claim.
    let said = match (payee, by_file(facts)) {
        (Some(_), _) => "says who gets it",
        (None, Some(_)) => "carries a file that goes with it",
        (None, None) => return None,
    };
    Some(of_kind(
        Kind::TransferMoney,
        format!("it names an amount ({amount}) and {said}"),
    ))
}

/// The field of an amount; a bound of a filter and an article's price beside its stock are none.
fn amount<'f>(facts: &'f Facts<'_>) -> Option<&'f str> {
    amounts(facts).next().map(|field| field.value.as_str())
}

pub(super) fn amounts<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = &'f Field> {
    facts.fields.iter().filter(|field| {
        let bound = field
            .parts
            .iter()
            .any(|part| RULES.fields.ranges.hold(part));
        let named =
            field.parts.iter().any(|part| RULES.fields.money.hold(part))
                || field.leaf.words.iter().any(|word| {
                    matches!(word.as_str(), "amount" | "betrag" | "montant" | "importe")
                });
        named && !bound && values::number(&field.value).is_some()
    })
}

/// The largest of the amounts, and the currency that the fields name.
pub(super) fn largest_amount(facts: &Facts<'_>) -> Option<(f64, Option<String>)> {
    let largest = amounts(facts)
        .filter_map(|field| values::number(&field.value))
        .max_by(f64::total_cmp)?;
    let mut currencies: Vec<String> = facts
        .fields
        .iter()
        .filter(|field| field.leaf.words.iter().any(|word| word == "currency"))
        .map(|field| field.value.trim().to_ascii_uppercase())
        .collect();
    currencies.sort();
    currencies.dedup();
    // Several are none: nobody knows which belongs to which amount.
    let currency = match currencies.as_slice() {
        [one] if one.len() == 3 => Some(one.clone()),
        _ => None,
    };
    Some((largest, currency))
}

/// A recipient with a message, a message with how to answer it, or one that somebody is told of.
fn by_letter(facts: &Facts<'_>) -> Option<Class> {
    let rules = &RULES.fields;
    let message = any(facts, |field| {
        rules.message.hold(&field.leaf) || rules.subject.hold(&field.leaf)
    })?;
    let recipient = any(facts, |field| {
        rules.recipient.hold(&field.leaf) && !rules.ranges.hold(&field.leaf)
            || rules.recipient.hold(&field.leaf) && field.value.contains('@')
    });
    let answer = any(facts, |field| {
        field.leaf.words.last().is_some_and(|word| word == "email") && field.value.contains('@')
    });
    let said = message.leaf.words.join(" ");
    let told = any(facts, |field| {
        rules.notify.stand_in(&field.leaf) && is_yes(&field.value)
    });
    if told.is_some() {
        return Some(of_kind(
            Kind::Send,
            format!("it carries a \"{said}\" and says who is told of it"),
        ));
    }
    match (recipient, answer) {
        (Some(_), _) => Some(of_kind(
            Kind::Send,
            format!("it carries a recipient and a \"{said}\""),
        )),
        (None, Some(_)) if !publishes(facts) => Some(of_kind(
            Kind::Send,
            format!("it carries a \"{said}\" and an address to answer to"),
        )),
        _ => None,
    }
}

fn publishes(facts: &Facts<'_>) -> bool {
    noun(facts).is_some_and(|(rule, _)| rule.kind == Kind::Publish)
}

fn by_noun(facts: &Facts<'_>) -> Option<Class> {
    let (rule, noun) = noun(facts)?;
    match rule.kind {
        // Fields of what is there already: a state, an assignee, a label. Without a text nothing is published.
        Kind::Publish if matches!(facts.method.as_str(), "PUT" | "PATCH") && !has_text(facts) => {
            Some(Class {
                kind: Kind::Other,
                why: format!("it changes a \"{noun}\" without writing anything"),
                reversible: None,
                affects_others: Some(true),
            })
        }
        // Choosing one of the addresses that the site has already hands out nothing.
        Kind::SubmitPersonalData if only_refers(facts) => Some(Class {
            kind: Kind::Other,
            why: format!("it chooses a \"{noun}\" that is there already"),
            reversible: None,
            affects_others: Some(false),
        }),
        Kind::Other => grave_fields(facts).or_else(|| Some(of_rule(rule, &noun))),
        _ => Some(of_rule(rule, &noun)),
    }
}

/// Whether the body holds references by number, and beside them only tokens of the session and the word of the button.
fn only_refers(facts: &Facts<'_>) -> bool {
    let sent = || facts.fields.iter().filter(|field| !field.of_query);
    // The number of an identity card refers to a person, not to what the site has.
    let is_reference = |field: &Field| {
        field.leaf.words.last().is_some_and(|word| word == "id")
            && field.value.bytes().all(|b| b.is_ascii_digit())
            && !Folded::new(&field.full.words.join(" ")).is_strongly_personal()
    };
    // `action=ship_to`: a program's word, which holds no blank and no number.
    let is_button = |field: &Field| {
        RULES.fields.action.hold(&field.full)
            && field
                .value
                .bytes()
                .all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'))
    };
    let is_token = |field: &Field| rules::is_passing(&field.full.words.join("_"));
    sent().any(is_reference)
        && sent().all(|field| is_reference(field) || is_button(field) || is_token(field))
}

fn has_text(facts: &Facts<'_>) -> bool {
    any(facts, |field| RULES.fields.publication.hold(&field.leaf)).is_some()
}

fn by_vote(facts: &Facts<'_>) -> Option<Class> {
    any(facts, |field| {
        RULES.fields.vote.hold(&field.leaf)
            && matches!(
                field.value.trim(),
                "-1" | "0" | "1" | "+1" | "up" | "down" | "like" | "dislike"
            )
    })
    .map(|_| of_kind(Kind::Publish, "it votes"))
}

fn is_yes(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "1" | "on" | "true" | "yes" | "y"
    )
}

fn by_person(facts: &Facts<'_>) -> Option<Class> {
    let mut weak: Vec<&[String]> = Vec::new();
    for field in facts.fields.iter().filter(|field| !field.value.is_empty()) {
        let name = Folded::new(&field.leaf.words.join(" "));
        if name.is_strongly_personal() {
            let said = field.leaf.words.join(" ");
            return Some(of_kind(
                Kind::SubmitPersonalData,
                format!("it carries a \"{said}\""),
            ));
        }
        let joined = matches!(
            field.leaf.words.concat().as_str(),
            "firstname" | "lastname" | "postcode" | "zipcode" | "telephone" | "phonenumber"
        );
        if (joined || name.is_weakly_personal()) && !weak.contains(&field.leaf.words.as_slice()) {
            weak.push(&field.leaf.words);
        }
    }
    (weak.len() >= FEWEST_PERSONAL).then(|| {
        of_kind(
            Kind::SubmitPersonalData,
            format!("it carries {} facts about a person", weak.len()),
        )
    })
}

fn by_terms(facts: &Facts<'_>) -> Option<Class> {
    any(facts, |field| {
        RULES.fields.terms.hold(&field.leaf)
            && matches!(
                field.value.to_ascii_lowercase().as_str(),
                "1" | "on" | "true" | "yes" | "y"
            )
    })
    .map(|_| of_kind(Kind::AcceptTerms, "it says that terms are accepted"))
}

/// A sum in a currency, and nothing says what for.
fn by_amount(facts: &Facts<'_>) -> Option<Class> {
    let amount = amount(facts)?;
    any(facts, |field| {
        field
            .leaf
            .words
            .last()
            .is_some_and(|word| word == "currency")
            || field.leaf.words == ["amount"]
    })
    .map(|_| of_kind(Kind::Pay, format!("it names an amount ({amount})")))
}

/// Forms that name what they make in their fields: `comment[text]`, `submission[title]`.
fn by_field_noun(facts: &Facts<'_>) -> Option<Class> {
    for field in facts.fields.iter().filter(|field| !field.of_query) {
        if let Some(rule) = RULES
            .rules
            .iter()
            .find(|rule| rule.fields.hold(&field.full))
        {
            return Some(of_rule(rule, &field.full.words.join(" ")));
        }
        let inner = field.parts.len() > 1 && RULES.fields.publication.hold(&field.leaf);
        let outer = field.parts.first();
        let kind = outer.filter(|_| inner).and_then(|outer| {
            RULES
                .rules
                .iter()
                .find(|rule| rule.nouns.last_in(outer, true).is_some())
        });
        if let Some(rule) = kind
            && matches!(rule.kind, Kind::Publish | Kind::Send)
        {
            return Some(of_rule(rule, &field.full.words.join(" ")));
        }
    }
    let weak = word(facts, |rule| &rule.weak, true);
    let written = any(facts, |field| {
        matches!(
            field.leaf.words.last().map(String::as_str),
            Some("comment" | "review")
        )
    });
    match (weak, written) {
        (Some((rule, word)), _) if has_text(facts) => Some(of_rule(rule, &word)),
        (_, Some(_)) => Some(of_kind(Kind::Publish, "it carries a comment")),
        _ => None,
    }
}

/// The words of buttons, in the languages of the guard's own list, as they stand in the address or in the operation.
fn by_button_words(facts: &Facts<'_>) -> Option<Class> {
    let path = facts.places.iter().rev();
    facts.operations.iter().chain(path).find_map(|name| {
        let folded = Folded::new(&name.words.join(" "));
        let verbs = folded.verbs();
        let told = if verbs.is_empty() {
            folded.nouns()
        } else {
            verbs
        };
        let (kind, word) = told.into_iter().max_by_key(|(kind, _)| gravity(*kind))?;
        (kind != Kind::Other)
            .then(|| of_kind(kind, format!("its address or operation says \"{word}\"")))
    })
}
