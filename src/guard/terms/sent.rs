//! The terms of an effect: what a request says of amount, payee, recipients and items.

use super::super::kind::Kind;
use super::super::money::{Currency, Money, Reading, readings};
use super::name::{Name, Role};
use super::{Item, Terms, recipient};

/// Longest value that may name a recipient or an item; longer ones are texts.
const LONGEST_NAME: usize = 200;

/// Reads the terms of a request from its fields: names as in bodies taken apart (`items.0.qty`, `items[0][qty]`). `unread` says
/// why a part of the body could not be taken apart, where that is so.
pub fn sent(kind: Kind, origin: &str, fields: &[(String, String)], unread: Option<&str>) -> Terms {
    let mut terms = Terms::new(kind, origin);
    terms.fields = fields.to_vec();
    terms.unread.extend(unread.map(str::to_owned));
    let named: Vec<(Name, Role, &str, &str)> = fields
        .iter()
        .map(|(name, value)| {
            let taken_apart = Name::new(name);
            let role = taken_apart.role();
            (taken_apart, role, name.as_str(), value.as_str())
        })
        .collect();
    let currency = named
        .iter()
        .filter(|(_, role, ..)| *role == Role::Currency)
        .filter_map(|(.., value)| Currency::parse(value))
        .reduce(|one, other| one.and(&other));
    let mut due = Due::default();
    let mut lines = Lines::default();
    for (name, role, shown, value) in &named {
        if value.trim().is_empty() {
            continue;
        }
        match role {
            Role::Amount | Role::Total | Role::Unit | Role::Extra => {
                match worst(name, value, currency.as_ref()) {
                    Some(money) => due.take(*role, money),
                    // A choice like `shipping=express` is no amount; what should be one and is none must not pass.
                    None if *role == Role::Extra => {}
                    None => terms
                        .unread
                        .push(format!("{shown} is {value:?}, which is no certain amount")),
                }
            }
            Role::Quantity => match value.trim().parse::<u64>() {
                Ok(quantity) => lines.quantity(name, quantity),
                Err(_) => terms.unread.push(format!(
                    "{shown} is {value:?}, which is no certain quantity"
                )),
            },
            Role::Payee if !name.is_identifier() || terms.payee.is_none() => match &terms.payee {
                Some(one) if one != value => terms
                    .unread
                    .push(format!("it names two payees, {one:?} and {value:?}")),
                _ => terms.payee = Some((*value).to_owned()),
            },
            Role::Recipient if value.len() <= LONGEST_NAME => {
                let found = recipient::find(value);
                if found.is_empty() {
                    terms.recipients.push(recipient::normal(value));
                }
            }
            Role::Item if value.len() <= LONGEST_NAME => lines.item(name, value),
            Role::Item
            | Role::Recipient
            | Role::Payee
            | Role::Token
            | Role::Currency
            | Role::Binding
            | Role::Plain => {}
        }
    }
    for (_, role, _, value) in &named {
        let mut found = recipient::find(value);
        // Random letters may look like an account, but not like a mail address.
        found.retain(|one| *role != Role::Token || one.contains('@'));
        terms.recipients.extend(found);
    }
    terms.recipients.sort_unstable();
    terms.recipients.dedup();
    let pieces = lines.pieces();
    terms.items = lines.items;
    match due.sum(pieces) {
        Ok(amount) => terms.amount = amount,
        Err(why) => terms.unread.push(why.to_owned()),
    }
    terms
}

fn worst(name: &Name, value: &str, currency: Option<&Currency>) -> Option<Money> {
    let words: Vec<&str> = name.words.iter().map(String::as_str).collect();
    match readings(&words, value, currency) {
        Reading::Amounts(amounts) => amounts.into_iter().reduce(|one, other| {
            if other.is_worse_than(&one) {
                other
            } else {
                one
            }
        }),
        Reading::Nothing | Reading::Unreadable => None,
    }
}

/// The amounts of one request, by what they are.
#[derive(Default)]
struct Due {
    total: Vec<Money>,
    amount: Vec<Money>,
    unit: Vec<Money>,
    extra: Vec<Money>,
}

impl Due {
    fn take(&mut self, role: Role, money: Money) {
        match role {
            Role::Total => self.total.push(money),
            Role::Unit => self.unit.push(money),
            Role::Extra => self.extra.push(money),
            _ => self.amount.push(money),
        }
    }

    /// What would be due at worst. Where the request names a total, nothing comes on top of it, but nothing in it may be higher;
    /// else so many pieces at the highest price, and everything that comes on top.
    fn sum(self, pieces: u64) -> Result<Option<Money>, &'static str> {
        let uncertain = "it names amounts in several currencies, or too large ones";
        let highest = |list: Vec<Money>| {
            list.into_iter()
                .try_fold(None::<Money>, |highest, money| match highest {
                    None => Ok(Some(money)),
                    Some(one) if one.currency() != money.currency() => Err(uncertain),
                    Some(one) => Ok(Some(if money.is_worse_than(&one) {
                        money
                    } else {
                        one
                    })),
                })
        };
        if !self.total.is_empty() {
            let all = [self.total, self.amount, self.unit, self.extra].concat();
            return highest(all);
        }
        let unit = highest(self.unit)?
            .map(|unit| unit.times(pieces.max(1)).ok_or(uncertain))
            .transpose()?;
        let base = highest(self.amount.into_iter().chain(unit).collect())?;
        self.extra
            .into_iter()
            .try_fold(base, |sum, extra| match sum {
                None => Ok(Some(extra)),
                Some(sum) => sum.plus(&extra).map(Some).ok_or(uncertain),
            })
    }
}

/// The lines of an order, as they are met.
#[derive(Default)]
struct Lines {
    items: Vec<Item>,
    /// Of each item: what its fields are part of, and whether its quantity was given.
    places: Vec<(String, bool)>,
}

impl Lines {
    fn open(&mut self, name: &Name, has_room: impl Fn(&Item, bool) -> bool) -> &mut Item {
        let last = self.items.last().zip(self.places.last());
        let fits = last.is_some_and(|(item, (place, counted))| {
            *place == name.parent && has_room(item, *counted)
        });
        if !fits {
            self.items.push(Item {
                name: None,
                id: None,
                quantity: 1,
            });
            self.places.push((name.parent.clone(), false));
        }
        let last = self.items.len() - 1;
        &mut self.items[last]
    }

    fn item(&mut self, name: &Name, value: &str) {
        let value = value.trim().to_owned();
        let readable = value.contains(' ') || !value.bytes().any(|b| b.is_ascii_digit());
        if name.is_identifier() || !readable {
            self.open(name, |item, _| item.id.is_none()).id = Some(value);
        } else {
            self.open(name, |item, _| item.name.is_none()).name = Some(value);
        }
    }

    fn quantity(&mut self, name: &Name, quantity: u64) {
        self.open(name, |_, counted| !counted).quantity = quantity;
        if let Some(last) = self.places.last_mut() {
            last.1 = true;
        }
    }

    fn pieces(&self) -> u64 {
        self.items
            .iter()
            .fold(0, |sum: u64, item| sum.saturating_add(item.quantity))
    }
}
