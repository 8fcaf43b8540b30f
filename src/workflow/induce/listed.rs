//! The lists that a goal may hold: each stretch of it with its items, in each way to part them.

use std::collections::BTreeSet;

use super::sentence::{Sentence, Span};
use crate::workflow::goal::Parting;

/// A stretch of a goal as a list.
#[derive(Debug)]
pub struct Listed {
    pub span: Span,
    pub items: Vec<String>,
    /// What may part it, so that these are its items.
    pub parted: BTreeSet<Parting>,
}

/// The stretches of a goal that list at least two things, no one twice, in each way to part them; the longest lists first.
pub fn lists_in(sentence: &Sentence) -> Vec<Listed> {
    let mut lists: Vec<Listed> = Vec::new();
    for span in sentence.spans() {
        for parting in Parting::ALL {
            let items = sentence.items_by(span, parting);
            let distinct: BTreeSet<&String> = items.iter().collect();
            if items.len() < 2 || distinct.len() < items.len() {
                continue;
            }
            let parted = BTreeSet::from([parting]);
            match lists.last_mut() {
                Some(known) if known.span == span && known.items == items => {
                    known.parted.extend(parted);
                }
                _ => lists.push(Listed {
                    span,
                    items,
                    parted,
                }),
            }
        }
    }
    lists.sort_by_key(|listed| std::cmp::Reverse(listed.items.len()));
    lists
}
