//! What the name of a field says its value is for, from words in several languages and of common interfaces.

use std::sync::LazyLock;

use serde::Deserialize;

use super::super::words::fold;

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    // The file is compiled in, and a test reads it: a mistake there never reaches a person.
    let file: File = toml::from_str(include_str!("fields.toml"))
        .expect("the built-in list of field names is valid TOML");
    let phrases = |list: List| list.words.iter().map(|words| Phrase::new(words)).collect();
    Lists {
        roles: vec![
            (Role::Token, phrases(file.token)),
            (Role::Currency, phrases(file.currency)),
            (Role::Quantity, phrases(file.quantity)),
            (Role::Extra, phrases(file.extra)),
            (Role::Total, phrases(file.total)),
            (Role::Unit, phrases(file.unit)),
            (Role::Amount, phrases(file.amount)),
            (Role::Payee, phrases(file.payee)),
            (Role::Recipient, phrases(file.recipient)),
            (Role::Item, phrases(file.item)),
            (Role::Binding, phrases(file.binding)),
        ],
        own: phrases(file.own),
        summary: phrases(file.summary),
    }
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    token: List,
    currency: List,
    quantity: List,
    extra: List,
    total: List,
    unit: List,
    amount: List,
    payee: List,
    recipient: List,
    own: List,
    item: List,
    binding: List,
    summary: List,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    words: Vec<String>,
}

struct Lists {
    roles: Vec<(Role, Vec<Phrase>)>,
    own: Vec<Phrase>,
    summary: Vec<Phrase>,
}

struct Phrase {
    words: Vec<String>,
    /// Written without spaces between words, or so long that it is looked for inside words: `senderemail`.
    unspaced: bool,
}

impl Phrase {
    fn new(text: &str) -> Self {
        let unspaced = text
            .chars()
            .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
        Phrase {
            words: fold(text).split(' ').map(str::to_owned).collect(),
            unspaced,
        }
    }

    fn is_in(&self, words: &[String]) -> bool {
        if self.unspaced {
            return words.concat().contains(&self.words.concat());
        }
        words
            .windows(self.words.len())
            .any(|part| part == self.words)
    }
}

/// What a value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::guard) enum Role {
    Token,
    Currency,
    Quantity,
    /// Money that comes on top.
    Extra,
    Total,
    /// The price of one piece.
    Unit,
    Amount,
    Payee,
    Recipient,
    Item,
    /// A short value that changes what a yes means.
    Binding,
    /// Nothing known.
    Plain,
}

/// The name of a field, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::guard) struct Name {
    /// Of its last two parts that are no positions, folded, as in `["amount", "value"]`.
    pub(super) words: Vec<String>,
    /// Everything before its last part: fields of one thing share it.
    pub(super) parent: String,
    /// The last part's words alone.
    leaf: Vec<String>,
}

impl Name {
    /// Takes apart `items[0][unitPrice]`, `items.0.unit_price`, `Unit price`.
    pub(in crate::guard) fn new(name: &str) -> Self {
        let parts: Vec<&str> = name
            .split(['.', '[', ']', '/'])
            .filter(|part| !part.is_empty())
            .collect();
        let named: Vec<&&str> = parts
            .iter()
            .filter(|part| !part.bytes().all(|b| b.is_ascii_digit()))
            .collect();
        let two = &named[named.len().saturating_sub(2)..];
        let leaf = named.last().map(|part| words_of(part)).unwrap_or_default();
        let parent = parts.split_last().map(|(_, rest)| rest.join("."));
        Name {
            words: two.iter().flat_map(|part| words_of(part)).collect(),
            parent: parent.unwrap_or_default(),
            leaf,
        }
    }

    pub(in crate::guard) fn role(&self) -> Role {
        let of = |words: &[String]| {
            LISTS
                .roles
                .iter()
                .find(|(_, phrases)| phrases.iter().any(|phrase| phrase.is_in(words)))
                .map(|(role, _)| *role)
        };
        // What the last part says counts more than what it is part of; `payee.name` says nothing by itself.
        let role = of(&self.leaf).or_else(|| of(&self.words));
        match role {
            Some(Role::Recipient) if LISTS.own.iter().any(|own| own.is_in(&self.words)) => {
                Role::Plain
            }
            // What belongs to an address or to a token's owner is no payee by its parent alone.
            Some(role) => role,
            None => Role::Plain,
        }
    }

    /// Whether two names are the same but for how they are written: `First name` and `customer[firstName]`.
    pub(in crate::guard) fn is_like(&self, other: &Name) -> bool {
        let joined = |words: &[String]| words.concat();
        let (one, two) = (joined(&self.leaf), joined(&other.leaf));
        !one.is_empty() && (one == two || joined(&self.words) == two || one == joined(&other.words))
    }

    /// Whether its last part names an identifier rather than something a person reads.
    pub(super) fn is_identifier(&self) -> bool {
        self.leaf.last().is_some_and(|word| {
            matches!(
                word.as_str(),
                "id" | "sku" | "uuid" | "code" | "key" | "ref"
            )
        })
    }
}

/// Whether a heading stands over what is about to be ordered.
pub(super) fn is_summary(heading: &str) -> bool {
    let words = words_of(heading);
    LISTS.summary.iter().any(|phrase| phrase.is_in(&words))
}

/// `unitPrice`, `unit_price` and `Unit price` are the same words.
pub(super) fn words_of(text: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before_was_small = false;
    for c in text.chars() {
        if c.is_uppercase() && before_was_small {
            spaced.push(' ');
        }
        before_was_small = c.is_lowercase() || c.is_ascii_digit();
        spaced.push(c);
    }
    fold(&spaced)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_interfaces_and_languages_are_understood() {
        for (name, role) in [
            ("purchase_units.0.amount.value", Role::Amount),
            ("purchase_units.0.amount.currency_code", Role::Currency),
            ("items[0][unitPrice]", Role::Unit),
            ("items.3.qty", Role::Quantity),
            ("line_items.0.product_id", Role::Item),
            ("Betrag (EUR)", Role::Amount),
            ("grandTotal", Role::Total),
            ("tip", Role::Extra),
            ("payee.name", Role::Payee),
            ("Empfänger", Role::Recipient),
            ("message.to.0", Role::Recipient),
            ("sender_email", Role::Plain),
            ("csrfmiddlewaretoken", Role::Token),
            ("数量", Role::Quantity),
            ("宛先", Role::Recipient),
            ("role", Role::Binding),
            ("story", Role::Plain),
            ("title", Role::Plain),
        ] {
            assert_eq!(Name::new(name).role(), role, "{name}");
        }
    }

    #[test]
    fn a_label_and_a_wire_name_are_alike() {
        assert!(Name::new("First name").is_like(&Name::new("customer[firstName]")));
        assert!(Name::new("message").is_like(&Name::new("Message")));
        assert!(!Name::new("First name").is_like(&Name::new("last_name")));
    }
}
