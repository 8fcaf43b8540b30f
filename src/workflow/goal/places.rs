//! Where the goals of several recordings differ though what stands around it agrees, a value stands, whether or not a step shows
//! what it is for: "smaller" and "larger", "60 mins" and "1 hour". A goal with another value there is of the same workflow; what
//! the value is for is asked in the run.
//!
//! Invariants: what a goal, or a part of it behind "and", begins with is no place, since it says what is to be done, and none has
//! a limiting word in it; what is longer than a name is no value but something else to do.

use super::{Pattern, Piece, Slot, is_filler, is_limiter};
use crate::demo::ParameterKind;
use crate::workflow::words::{Sort, Token};

/// Two goals with fewer words of their own in common are put differently, and where they differ is no place.
const LEAST_ALIKE: usize = 2;

/// A value, or an item of a list, has no more words than this.
pub const LONGEST_VALUE: usize = 3;

/// Pieces of a goal from one up to before another.
type Stretch = (usize, usize);

impl Pattern {
    /// The same with a slot in each place in which this pattern's goal differs from another that is put alike.
    #[must_use]
    pub fn with_places(&self, own: &[Token], others: &[&[Token]]) -> Self {
        let mut all: Vec<Stretch> = others.iter().flat_map(|other| places(own, other)).collect();
        // Of places that overlap, the longest.
        all.sort_by_key(|(from, to)| (*from, std::cmp::Reverse(*to)));
        let mut pieces = self.pieces.clone();
        let mut done = 0;
        for (from, to) in all {
            if from < done {
                continue;
            }
            done = to;
            let (first, last) = (own[from].start, own[to - 1].end);
            let inside = |piece: &Piece| {
                let tokens = piece.tokens();
                let begins = tokens.first().is_some_and(|token| token.start >= first);
                begins && tokens.last().is_some_and(|token| token.end <= last)
            };
            let Some(at) = pieces.iter().position(inside) else {
                continue;
            };
            let length = pieces[at..].iter().take_while(|one| inside(one)).count();
            let is_list = |piece: &Piece| matches!(piece, Piece::Slot(slot) if slot.kind == ParameterKind::List);
            let kind = if pieces[at..at + length].iter().any(is_list) {
                ParameterKind::List
            } else {
                ParameterKind::Text
            };
            let example = pieces[at..at + length].iter().flat_map(Piece::tokens);
            let slot = Slot {
                name: format!("place-{}", from + 1),
                kind,
                example: example.cloned().collect(),
                place: (first, last),
            };
            pieces.splice(at..at + length, [Piece::Slot(slot)]);
        }
        Self { pieces }
    }
}

impl Piece {
    pub(super) fn tokens(&self) -> &[Token] {
        match self {
            Piece::Constant(token) => std::slice::from_ref(token),
            Piece::Slot(slot) => &slot.example,
        }
    }
}

/// The stretches of a goal that another goal has others for, between words that both have.
fn places(own: &[Token], other: &[Token]) -> Vec<Stretch> {
    let same = common(own, other);
    let telling = |(at, _): &&(usize, usize)| !is_filler(&own[*at].key);
    if same.iter().filter(telling).count() < LEAST_ALIKE {
        return Vec::new();
    }
    let opens = |tokens: &[Token]| tokens.iter().position(|token| !is_filler(&token.key));
    let (own_opens, other_opens) = (opens(own), opens(other));
    let mut all = Vec::new();
    let (mut from, mut other_from) = (0, 0);
    for (to, other_to) in same.into_iter().chain([(own.len(), other.len())]) {
        let (here, there) = (&own[from..to], &other[other_from..other_to]);
        // Behind the last word of a sentence anything may follow a comma.
        let may_be_list = to < own.len() && other_to < other.len();
        let begins = own_opens.is_some_and(|at| (from..to).contains(&at))
            || other_opens.is_some_and(|at| (other_from..other_to).contains(&at));
        let is_value = |tokens| is_value(tokens, may_be_list);
        let begins_part = from > 0 && own[from - 1].key == "and" && !is_end_of_range(own, from - 1);
        if is_value(here) && is_value(there) && !begins && !begins_part {
            all.push((from, to));
        }
        (from, other_from) = (to + 1, other_to + 1);
    }
    all
}

/// Whether the "and" at this place is that of "between one and another".
fn is_end_of_range(own: &[Token], and: usize) -> bool {
    let begins = and.saturating_sub(LONGEST_VALUE + 1)..and;
    own[begins].iter().any(|token| token.key == "between")
}

/// Whether these pieces may be a value, or a list of some.
fn is_value(tokens: &[Token], may_be_list: bool) -> bool {
    let mut parts = tokens.chunk_by(|_, next| !next.parted && next.key != "and");
    tokens.iter().any(|token| !is_filler(&token.key))
        && !tokens.iter().any(|token| is_limiter(&token.key))
        && tokens.first().is_some_and(|first| first.key != "and")
        && parts.clone().all(|part| part.len() <= LONGEST_VALUE)
        && (may_be_list || parts.nth(1).is_none())
}

/// The pieces that both have in the same order, where each stands in both; words that say something before fillers, and before
/// dates, times and numbers, which two values may have by chance.
fn common(one: &[Token], other: &[Token]) -> Vec<(usize, usize)> {
    let worth = |i: usize, j: usize| {
        let same = one[i].key == other[j].key && one[i].sort == other[j].sort;
        let tells = one[i].sort == Sort::Word && !is_filler(&one[i].key);
        let value = if tells { 2 } else { 1 };
        if same { value } else { 0 }
    };
    let mut best = vec![vec![0usize; other.len() + 1]; one.len() + 1];
    for i in (0..one.len()).rev() {
        for j in (0..other.len()).rev() {
            let skip = best[i + 1][j].max(best[i][j + 1]);
            best[i][j] = match worth(i, j) {
                0 => skip,
                worth => skip.max(best[i + 1][j + 1] + worth),
            };
        }
    }
    let mut all = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < one.len() && j < other.len() {
        let worth = worth(i, j);
        if worth > 0 && best[i][j] == best[i + 1][j + 1] + worth {
            all.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    all
}
