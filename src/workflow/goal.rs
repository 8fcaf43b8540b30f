//! Reads a new goal by aligning it with a demonstration's goal sentence: what stands where an example value stood is the
//! parameter's new value. What may be read in two ways is not found; what the demonstration never showed is reported.
//!
//! The alignment is Needleman and Wunsch's (1970) with one change: a slot covers a run of words, and how far each best
//! alignment through a slot is from the best one through another run says whether the value is certain.

mod frame;
mod places;

pub use frame::{Blank, Frame};
pub use places::LONGEST_VALUE;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;

use super::words::{Sort, Token, cut, without_owner};
use crate::demo::ParameterKind;

/// A constant word of the demonstration found in the goal.
const MATCH: f64 = 2.0;
/// A slot that covers something of its own sort.
const SLOT: f64 = 1.5;
/// A constant word of the demonstration that the goal lacks.
const LACKING: f64 = -0.5;
/// A word of the goal that the demonstration lacks.
const EXTRA: f64 = -1.0;
/// Two readings nearer than this are not told apart.
pub(super) const MARGIN: f64 = 0.25;
/// A free text may be this many words longer than its example.
const LONGER_TEXT: usize = 2;
/// Words that a list covers at most.
const LONGEST_LIST: usize = 24;
/// Less than this part of the demonstration's own words in the goal, and the goal is about something else.
const LEAST_COMMON: f64 = 0.34;

/// Words that say nothing about the job: a goal with or without them asks for the same.
const FILLERS: [&str; 46] = [
    "a", "an", "the", "please", "kindly", "i", "i'd", "i've", "we", "you", "me", "us", "my", "our",
    "your", "can", "could", "would", "like", "want", "need", "to", "of", "on", "at", "in", "for",
    "with", "from", "by", "is", "was", "were", "are", "be", "had", "have", "has", "this", "that",
    "it", "and", "now", "hi", "hello", "thanks",
];

/// Words that part a value from what follows it, so that a free text does not run over them unless its example did.
const PARTERS: [&str; 19] = [
    "on", "at", "for", "from", "to", "in", "by", "with", "as", "about", "and", "or", "into", "via",
    "using", "under", "over", "after", "before",
];

/// What leads from one thing to the next in a value: it says as much as a word that both have.
const LEADS: [char; 3] = ['>', '\u{203a}', '\u{2192}'];

/// Words that limit or change what is asked for. They are never part of a value by chance, and never passed over.
const LIMITERS: [&str; 45] = [
    "but",
    "not",
    "no",
    "never",
    "don't",
    "dont",
    "without",
    "except",
    "excluding",
    "unless",
    "only",
    "if",
    "until",
    "instead",
    "rather",
    "also",
    "then",
    "first",
    "than",
    "least",
    "most",
    "any",
    "all",
    "every",
    "each",
    "both",
    "half",
    "everything",
    "everyone",
    "everybody",
    "anything",
    "anyone",
    "nothing",
    "none",
    "nobody",
    "neither",
    "nor",
    "else",
    "other",
    "others",
    "besides",
    "once",
    "twice",
    "again",
    "yet",
];

/// A parameter's name, kind and value in a recording.
pub type Example = (String, ParameterKind, String);

/// A demonstration's goal with slots where the example values stood.
#[derive(Debug, Clone)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone)]
enum Piece {
    Constant(Token),
    Slot(Slot),
}

#[derive(Debug, Clone)]
struct Slot {
    name: String,
    kind: ParameterKind,
    example: Vec<Token>,
    /// Bytes of the demonstration's goal that it covers, quotes included.
    place: (usize, usize),
}

/// What a goal says, as far as a demonstration explains it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// Certain values, as the goal writes them.
    pub values: BTreeMap<String, String>,
    /// Parts of the goal that the demonstration does not show, as the goal writes them.
    pub extras: Vec<String>,
    /// Limiting words of the demonstration's goal that the new goal leaves out.
    pub dropped: Vec<String>,
    /// Other words of the demonstration's goal that the new goal leaves out, fillers aside.
    pub lacking: Vec<String>,
    /// How many of its own words the demonstration's goal has in common with the new one, fillers aside.
    pub shared: usize,
    /// How many words of its values are those of the demonstration's own: what is said just as it was shown.
    pub repeated: usize,
    /// Whether the goal begins with a value, fillers aside, where most goals say what is to be done.
    pub opens_with_value: bool,
    /// Whether the goal is about something else altogether.
    pub unrelated: bool,
    /// How well it fits; for choosing between demonstrations.
    pub score: f64,
}

impl Pattern {
    /// The pattern of a demonstration's goal, given the name, kind and example of its parameters. An example that the goal
    /// does not hold, or that two parameters share, makes no slot.
    pub fn new(goal: &str, parameters: &[Example], today: Date) -> Self {
        let tokens = cut(goal, today);
        let mut wanted: Vec<Wanted> = parameters
            .iter()
            .map(|(name, kind, example)| Wanted {
                name,
                kind: *kind,
                example: cut(example, today),
                whole: example.trim().to_lowercase(),
            })
            .filter(|wanted| !wanted.example.is_empty())
            .collect();
        // The longest first, so that "Ana Reyes" is found before "Ana".
        wanted.sort_by_key(|wanted| std::cmp::Reverse(wanted.example.len()));
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let here: Vec<(&Wanted, usize)> = wanted
                .iter()
                .filter_map(|wanted| Some((wanted, wanted.covers(&tokens[at..])?)))
                .collect();
            let longest = here.first().map_or(0, |(first, _)| first.example.len());
            let rivals = here
                .iter()
                .filter(|(rival, _)| rival.example.len() == longest)
                .count();
            if let (1, Some((first, length))) = (rivals, here.first()) {
                let quoted = tokens[at].sort == Sort::Quoted;
                pieces.push(Piece::Slot(Slot {
                    name: first.name.to_owned(),
                    kind: first.kind,
                    // Without the quotes, the words say how long a value may be that is not quoted.
                    example: if quoted {
                        first.example.clone()
                    } else {
                        tokens[at..at + length].to_vec()
                    },
                    place: (tokens[at].start, tokens[at + length - 1].end),
                }));
                at += length;
            } else {
                pieces.push(Piece::Constant(tokens[at].clone()));
                at += 1;
            }
        }
        Self { pieces }
    }

    /// The pattern of a goal in which these stretches of its pieces are values, each from one piece up to before another.
    pub fn of_spans(tokens: &[Token], values: &[(usize, usize, ParameterKind)]) -> Self {
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            // The longest of those that begin here: what a loop is over, not its first item.
            let value = values
                .iter()
                .filter(|(from, to, _)| *from == at && *to > at)
                .max_by_key(|(_, to, _)| *to);
            match value {
                Some((from, to, kind)) => {
                    pieces.push(Piece::Slot(Slot {
                        name: format!("value-{}", from + 1),
                        kind: *kind,
                        example: tokens[*from..*to].to_vec(),
                        place: (tokens[*from].start, tokens[*to - 1].end),
                    }));
                    at = *to;
                }
                None => {
                    pieces.push(Piece::Constant(tokens[at].clone()));
                    at += 1;
                }
            }
        }
        Self { pieces }
    }

    /// The same, where these words are no values, since every demonstration says them: what stands beside them still is. A list
    /// stays whole, whatever its items have in common.
    #[must_use]
    pub fn keeping(self, always: &BTreeSet<String>) -> Self {
        let mut pieces = Vec::new();
        for piece in self.pieces {
            let slot = match piece {
                Piece::Slot(slot) if slot.kind != ParameterKind::List => slot,
                other => {
                    pieces.push(other);
                    continue;
                }
            };
            for part in slot
                .example
                .chunk_by(|one, other| always.contains(&one.key) == always.contains(&other.key))
            {
                // Small words between them are no values either.
                let is_own = |token: &Token| always.contains(&part[0].key) || is_filler(&token.key);
                if part.iter().all(is_own) {
                    pieces.extend(part.iter().cloned().map(Piece::Constant));
                } else {
                    pieces.push(Piece::Slot(Slot {
                        example: part.to_vec(),
                        place: (part[0].start, part[part.len() - 1].end),
                        ..slot.clone()
                    }));
                }
            }
        }
        Self { pieces }
    }

    /// The parameters whose values the goal gives.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot) => Some(slot.name.as_str()),
            Piece::Constant(_) => None,
        })
    }

    /// Reads a new goal.
    pub fn read(&self, goal: &str, today: Date) -> Reading {
        let tokens = cut(goal, today);
        let forward = self.forward(&tokens);
        let backward = self.backward(&tokens);
        let path = self.path(&tokens, &backward);
        let mut reading = Reading {
            score: backward[0][0],
            ..Reading::default()
        };
        let mut covered = vec![false; tokens.len()];
        for step in &path {
            covered[step.from..step.to].fill(true);
        }
        let mut found: BTreeMap<&str, Option<String>> = BTreeMap::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            let Piece::Slot(slot) = piece else { continue };
            let value = path
                .iter()
                .find(|step| step.piece == at)
                .filter(|step| self.is_anchored(step, &path, slot))
                .filter(|step| self.is_certain(step, &tokens, &forward, &backward))
                .map(|step| text_of(goal, &tokens[step.from..step.to]));
            match found.get(slot.name.as_str()) {
                // The same parameter in two places must say the same.
                Some(earlier) if *earlier != value => found.insert(&slot.name, None),
                _ => found.insert(&slot.name, value),
            };
        }
        self.take_the_only_ones(&tokens, &mut covered, &mut found);
        reading.values = found
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        reading.extras = extras(goal, &tokens, &covered);
        let (matched, left): (Vec<_>, Vec<_>) = self
            .own_words()
            .partition(|(at, _)| path.iter().any(|step| step.piece == *at));
        let text = |limits: bool| -> Vec<String> {
            left.iter()
                .filter(|(_, token)| is_limiter(&token.key) == limits)
                .map(|(_, token)| token.text.clone())
                .collect()
        };
        reading.dropped = text(true);
        reading.lacking = text(false);
        reading.shared = matched.len();
        let first = tokens.iter().position(|token| !is_filler(&token.key));
        for step in &path {
            let Piece::Slot(slot) = &self.pieces[step.piece] else {
                continue;
            };
            let is_shown = |at: &usize| {
                let key = &tokens[*at].key;
                !is_filler(key) && slot.example.iter().any(|token| token.key == *key)
            };
            let covered = &tokens[step.from..step.to];
            let is_said = |limit: &Token| covered.iter().any(|token| token.key == limit.key);
            let mut limits = slot.example.iter().filter(|token| is_limiter(&token.key));
            // What was shown with a limit and is said without it is not said as it was shown.
            if limits.all(is_said) {
                reading.repeated += (step.from..step.to).filter(is_shown).count();
            }
            let leads = |tokens: &[Token]| tokens.iter().any(|token| token.text.contains(LEADS));
            reading.repeated += usize::from(leads(covered) && leads(&slot.example));
            reading.opens_with_value |= first.is_some_and(|at| (step.from..step.to).contains(&at));
        }
        reading.unrelated = match matched.len() + left.len() {
            0 => path.is_empty(),
            all => (matched.len() as f64) < LEAST_COMMON * all as f64,
        };
        reading
    }

    /// Best score of the pieces before `i` over the tokens before `j`.
    fn forward(&self, tokens: &[Token]) -> Vec<Vec<f64>> {
        let (rows, columns) = (self.pieces.len(), tokens.len());
        let mut best = vec![vec![f64::NEG_INFINITY; columns + 1]; rows + 1];
        best[0][0] = 0.0;
        for i in 0..=rows {
            for j in 0..=columns {
                let here = best[i][j];
                if j < columns {
                    best[i][j + 1] = best[i][j + 1].max(here + EXTRA);
                }
                if i < rows {
                    best[i + 1][j] = best[i + 1][j].max(here + self.lacking(i));
                    for run in runs(j, columns) {
                        if let Some(gain) = self.gain(i, tokens, run.clone()) {
                            best[i + 1][run.end] = best[i + 1][run.end].max(here + gain);
                        }
                    }
                }
            }
        }
        best
    }

    /// Best score of the pieces from `i` over the tokens from `j`.
    fn backward(&self, tokens: &[Token]) -> Vec<Vec<f64>> {
        let (rows, columns) = (self.pieces.len(), tokens.len());
        let mut best = vec![vec![f64::NEG_INFINITY; columns + 1]; rows + 1];
        best[rows][columns] = 0.0;
        for i in (0..=rows).rev() {
            for j in (0..=columns).rev() {
                let mut here = best[i][j];
                if j < columns {
                    here = here.max(best[i][j + 1] + EXTRA);
                }
                if i < rows {
                    here = here.max(best[i + 1][j] + self.lacking(i));
                    for run in runs(j, columns) {
                        if let Some(gain) = self.gain(i, tokens, run.clone()) {
                            here = here.max(best[i + 1][run.end] + gain);
                        }
                    }
                }
                best[i][j] = here;
            }
        }
        best
    }

    /// One best alignment: which run of tokens each matched piece covers.
    fn path(&self, tokens: &[Token], backward: &[Vec<f64>]) -> Vec<Covering> {
        let (rows, columns) = (self.pieces.len(), tokens.len());
        let same = |one: f64, other: f64| (one - other).abs() < 1e-9;
        let mut path = Vec::new();
        let (mut i, mut j) = (0, 0);
        'next: while i < rows || j < columns {
            let here = backward[i][j];
            if i < rows {
                for run in runs(j, columns) {
                    if let Some(gain) = self.gain(i, tokens, run.clone())
                        && same(here, backward[i + 1][run.end] + gain)
                    {
                        path.push(Covering {
                            piece: i,
                            from: j,
                            to: run.end,
                        });
                        (i, j) = (i + 1, run.end);
                        continue 'next;
                    }
                }
                if same(here, backward[i + 1][j] + self.lacking(i)) {
                    i += 1;
                    continue;
                }
            }
            if j == columns {
                break;
            }
            j += 1;
        }
        path
    }

    fn lacking(&self, piece: usize) -> f64 {
        match &self.pieces[piece] {
            Piece::Constant(token) if is_filler(&token.key) => 0.0,
            Piece::Constant(_) | Piece::Slot(_) => LACKING,
        }
    }

    /// What it is worth that the piece covers this run of the tokens; `None` where it cannot.
    fn gain(&self, piece: usize, tokens: &[Token], run: Range<usize>) -> Option<f64> {
        let is_slot = matches!(self.pieces[piece], Piece::Slot(_));
        // Behind an "and" that was not shown there is more to do, and no value.
        let is_behind = run.start > 0 && is_and(&tokens[run.start - 1]);
        if is_slot && is_behind && !self.is_behind_and(piece) {
            return None;
        }
        self.worth(piece, &tokens[run])
    }

    /// The same, wherever they stand.
    fn worth(&self, piece: usize, tokens: &[Token]) -> Option<f64> {
        match &self.pieces[piece] {
            Piece::Constant(constant) => {
                let [token] = tokens else { return None };
                let same = constant.key == token.key && constant.sort == token.sort;
                let worth = if is_filler(&constant.key) {
                    MATCH / 2.0
                } else {
                    MATCH
                };
                same.then_some(worth)
            }
            Piece::Slot(slot) => slot.takes(tokens).then_some(SLOT),
        }
    }

    fn is_behind_and(&self, piece: usize) -> bool {
        let before = piece.checked_sub(1).and_then(|at| self.pieces.get(at));
        let last = before.and_then(|piece| piece.tokens().last());
        last.is_some_and(is_and)
    }

    /// Whether a matched neighbour in the pattern stands right beside the covered run: free text is only found by its
    /// surroundings.
    fn is_anchored(&self, step: &Covering, path: &[Covering], slot: &Slot) -> bool {
        if slot.sort().is_some() {
            return true;
        }
        let constant = |piece: usize| matches!(self.pieces[piece], Piece::Constant(_));
        path.iter().any(|other| {
            let before = other.piece + 1 == step.piece && other.to == step.from;
            let after = other.piece == step.piece + 1 && other.from == step.to;
            (before || after) && constant(other.piece)
        })
    }

    /// Whether no alignment nearly as good lets the slot cover another run, and no other run of a typed slot's sort is left.
    fn is_certain(
        &self,
        step: &Covering,
        tokens: &[Token],
        forward: &[Vec<f64>],
        backward: &[Vec<f64>],
    ) -> bool {
        let best = backward[0][0];
        let i = step.piece;
        (0..tokens.len()).all(|from| {
            (from + 1..=tokens.len()).all(|to| {
                if (from, to) == (step.from, step.to) {
                    return true;
                }
                match self.worth(i, &tokens[from..to]) {
                    Some(gain) => forward[i][from] + gain + backward[i + 1][to] < best - MARGIN,
                    None => true,
                }
            })
        })
    }

    /// A date, time or amount may stand elsewhere in the sentence: where the job knows one such parameter and the goal
    /// holds one such piece, they belong together.
    fn take_the_only_ones<'a>(
        &'a self,
        tokens: &[Token],
        covered: &mut [bool],
        found: &mut BTreeMap<&'a str, Option<String>>,
    ) {
        for sort in [Sort::Date, Sort::Time, Sort::Money] {
            let of_sort = |slot: &Slot| slot.sort() == Some(sort);
            let mut slots: Vec<&str> = self
                .pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Slot(slot) if of_sort(slot) => Some(slot.name.as_str()),
                    _ => None,
                })
                .collect();
            slots.dedup();
            let runs: Vec<usize> = (0..tokens.len())
                .filter(|at| tokens[*at].sort == sort)
                .collect();
            let constants = self
                .pieces
                .iter()
                .any(|piece| matches!(piece, Piece::Constant(token) if token.sort == sort));
            if let ([slot], [run], false) = (slots.as_slice(), runs.as_slice(), constants)
                && !covered[*run]
            {
                covered[*run] = true;
                found.insert(slot, Some(tokens[*run].text.clone()));
            }
        }
    }

    /// The words that are no values, fillers aside, each with its piece.
    fn own_words(&self) -> impl Iterator<Item = (usize, &Token)> {
        let pieces = self.pieces.iter().enumerate();
        pieces.filter_map(|(at, piece)| match piece {
            Piece::Constant(token) if !is_filler(&token.key) => Some((at, token)),
            _ => None,
        })
    }
}

/// A piece of the pattern over a run of the goal's tokens.
#[derive(Debug, Clone, Copy)]
struct Covering {
    piece: usize,
    from: usize,
    to: usize,
}

impl Slot {
    /// What a typed slot covers; `None` for free text and lists.
    fn sort(&self) -> Option<Sort> {
        match self.kind {
            ParameterKind::Number => Some(Sort::Number),
            ParameterKind::Money => Some(Sort::Money),
            ParameterKind::Date => Some(Sort::Date),
            ParameterKind::Time => Some(Sort::Time),
            // A text whose example is nothing but a date or an amount is one, declared or not.
            ParameterKind::Text => match self.example.as_slice() {
                [only] if matches!(only.sort, Sort::Date | Sort::Money | Sort::Time) => {
                    Some(only.sort)
                }
                _ => None,
            },
            ParameterKind::List => None,
        }
    }

    fn takes(&self, tokens: &[Token]) -> bool {
        if let Some(sort) = self.sort() {
            let [token] = tokens else { return false };
            // An amount is often written without its currency.
            return token.sort == sort || sort == Sort::Money && token.sort == Sort::Number;
        }
        let list = self.kind == ParameterKind::List;
        let most = if list {
            LONGEST_LIST
        } else {
            self.example.len() + LONGER_TEXT
        };
        if tokens.len() > most {
            return false;
        }
        if let [only] = tokens
            && only.sort == Sort::Quoted
        {
            return true;
        }
        tokens.iter().enumerate().all(|(at, token)| {
            let shown = |test: &dyn Fn(&Token) -> bool| self.example.iter().any(test);
            let parted = at > 0 && token.parted;
            (!parted || list || self.example.iter().skip(1).any(|e| e.parted))
                && (token.sort == Sort::Word
                    || shown(&|e| e.sort == token.sort)
                    || token.sort == Sort::Number
                        && shown(&|e| e.key.bytes().any(|b| b.is_ascii_digit())))
                && (!is_limiter(&token.key) || shown(&|e| e.key == token.key))
                && (!PARTERS.contains(&token.key.as_str())
                    || list && token.key == "and"
                    || shown(&|e| e.key == token.key))
        }) && !tokens.iter().all(|token| is_filler(&token.key))
            && tokens
                .last()
                .is_some_and(|last| !PARTERS.contains(&last.key.as_str()))
    }
}

/// What parts the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Parting {
    /// Commas and the like, and the word "and".
    SignsAndWords,
    /// Only commas and the like: "Pasta, Fish and chips" are two.
    Signs,
}

impl Parting {
    pub const ALL: [Self; 2] = [Self::SignsAndWords, Self::Signs];
}

/// The items of a list as people write it: `Ana, Ben and Cy`.
pub fn items(list: &str) -> Vec<String> {
    items_by(list, Parting::SignsAndWords)
}

/// The items of a list that is parted so.
pub fn items_by(list: &str, parting: Parting) -> Vec<String> {
    list.split([',', ';', '>', '\u{203a}', '\u{2192}'])
        .flat_map(|part| match parting {
            Parting::SignsAndWords => part.split(" and ").collect(),
            Parting::Signs => vec![part],
        })
        .map(|item| item.trim())
        .map(|item| match parting {
            Parting::SignsAndWords => item.trim_start_matches("and ").trim(),
            Parting::Signs => item,
        })
        .map(|item| item.trim_matches(['"', '\u{201c}', '\u{201d}']))
        .filter(|item| !item.is_empty())
        .map(str::to_owned)
        .collect()
}

/// An example that is looked for in a demonstration's goal.
struct Wanted<'a> {
    name: &'a str,
    kind: ParameterKind,
    example: Vec<Token>,
    /// In lower case, as it stands between quotes.
    whole: String,
}

impl Wanted<'_> {
    /// How many tokens the example takes where they begin with it: as many as it has words, or one where it is quoted.
    fn covers(&self, tokens: &[Token]) -> Option<usize> {
        let first = tokens.first()?;
        if first.sort == Sort::Quoted && first.key.trim() == self.whole {
            return Some(1);
        }
        let length = self.example.len();
        let begins = tokens.len() >= length
            && tokens
                .iter()
                .zip(&self.example)
                .all(|(token, wanted)| token.key == wanted.key);
        begins.then_some(length)
    }
}

/// Each run of these words in a goal that says just this text: word for word, or all between quotes.
pub(super) fn runs_of(tokens: &[Token], text: &str, today: Date) -> Vec<(usize, usize)> {
    let unquoted = cut(text, today);
    let whole = match unquoted.as_slice() {
        [only] if only.sort == Sort::Quoted => only.key.clone(),
        _ => text.to_lowercase(),
    };
    let wanted = Wanted {
        name: "",
        kind: ParameterKind::Text,
        example: unquoted,
        whole: whole.trim().to_owned(),
    };
    if wanted.example.is_empty() {
        return Vec::new();
    }
    (0..tokens.len())
        .filter_map(|from| Some((from, from + wanted.covers(&tokens[from..])?)))
        .collect()
}

/// A run of a goal's words as a value.
pub(super) fn text_of(goal: &str, tokens: &[Token]) -> String {
    match tokens {
        [] => String::new(),
        [only] if only.sort != Sort::Word => only.text.clone(),
        // "Ana's lunch": the value is Ana.
        [first, ..] => {
            let end = tokens.last().map_or(first.end, |last| last.end);
            without_owner(&goal[first.start..end]).to_owned()
        }
    }
}

/// The runs of tokens that begin here, the shortest first.
fn runs(from: usize, count: usize) -> impl Iterator<Item = Range<usize>> {
    (from + 1..=count).map(move |end| from..end)
}

/// Whether this is the word "and", and no value that is called so.
fn is_and(token: &Token) -> bool {
    token.sort == Sort::Word && token.key == "and"
}

/// Runs of tokens that nothing covers and that are more than fillers.
pub(super) fn extras(goal: &str, tokens: &[Token], covered: &[bool]) -> Vec<String> {
    let mut extras = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let length = covered[at..].iter().take_while(|taken| !**taken).count();
        let run = &tokens[at..at + length];
        if run
            .iter()
            .any(|token| token.sort != Sort::Word || !is_filler(&token.key))
            && let (Some(first), Some(last)) = (run.first(), run.last())
        {
            extras.push(goal[first.start..last.end].to_owned());
        }
        at += length.max(1);
    }
    extras
}

/// Whether it is a word that stands in any sentence and means nothing by itself.
pub fn is_filler(key: &str) -> bool {
    FILLERS.contains(&key)
}

/// The words that every one of these goals has.
pub fn shared_words<'a>(goals: impl Iterator<Item = &'a str>, today: Date) -> BTreeSet<String> {
    goals
        .map(|goal| -> BTreeSet<String> {
            let tokens = cut(goal, today).into_iter();
            tokens.map(|token| token.key).collect()
        })
        .reduce(|one, other| &one & &other)
        .unwrap_or_default()
}

/// Whether it parts a value from what follows it.
pub(super) fn is_parter(key: &str) -> bool {
    PARTERS.contains(&key)
}

/// Whether it limits or changes what is asked for.
pub(super) fn is_limiter(key: &str) -> bool {
    LIMITERS.contains(&key)
}

#[cfg(test)]
mod tests;
