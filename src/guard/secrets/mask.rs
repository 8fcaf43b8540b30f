//! Takes secrets out of texts: the known values however they are written, and every number that is a card's or an account's.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use aho_corasick::{AhoCorasick, MatchKind};
use secrecy::{ExposeSecret, SecretString};

use super::needles::{self, Fit, Needle};
use super::numbers;
use super::squeeze::{self, Layer};

/// What stands where a secret stood.
const DOTS: &str = "••••";
/// Fewest digits of a text that may hold a card's or an account's number.
const FEWEST_DIGITS: usize = 10;

/// Replaces secrets in texts by dots. `default()` knows no value and masks card and account numbers only. Clones share what
/// they know: a value that is learnt during a run is masked everywhere from then on.
#[derive(Clone, Default)]
pub struct Masker {
    known: Arc<RwLock<Arc<Known>>>,
}

#[derive(Default)]
struct Known {
    values: Vec<SecretString>,
    needles: Vec<Needle>,
    search: Option<AhoCorasick>,
    /// Length of the shortest needle, in bytes.
    shortest: usize,
}

impl std::fmt::Debug for Masker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Masker({} values)", self.known().values.len())
    }
}

/// The masker of this process: what its log and its last words go through.
pub fn of_process() -> &'static Masker {
    static MASKER: OnceLock<Masker> = OnceLock::new();
    MASKER.get_or_init(Masker::default)
}

impl Masker {
    /// A masker that knows these values too.
    pub fn for_values(values: impl IntoIterator<Item = SecretString>) -> Self {
        let masker = Masker::default();
        masker.add_all(values);
        masker
    }

    /// From now on this value is masked as well. One of fewer than three characters cannot be: it is everywhere.
    pub fn add(&self, value: &SecretString) {
        self.add_all([value.clone()]);
    }

    fn add_all(&self, values: impl IntoIterator<Item = SecretString>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let mut all = known.values.clone();
        for value in values {
            let new = !all
                .iter()
                .any(|old| old.expose_secret() == value.expose_secret());
            if new {
                all.push(value);
            }
        }
        if all.len() > known.values.len() {
            *known = Arc::new(Known::of(all));
        }
    }

    fn known(&self) -> Arc<Known> {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The text with every secret in it replaced by dots.
    pub fn mask(&self, text: &str) -> String {
        let found = self.find(text);
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for range in found {
            masked.push_str(&text[at..range.start]);
            masked.push_str(DOTS);
            at = range.end;
        }
        masked.push_str(&text[at..]);
        masked
    }

    /// Where secrets stand in the text, in bytes, in order, none touching another.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        self.known().find(text)
    }

    /// Whether the text ends as a known value begins: more of it may come.
    pub fn may_become_secret(&self, text: &str) -> bool {
        let known = self.known();
        let begins = |value: &SecretString| {
            let value = value.expose_secret();
            let starts = value
                .char_indices()
                .map(|(at, first)| at + first.len_utf8());
            // One or two characters alone are how it begins; at the end of something else they are an accident.
            starts.enumerate().any(|(count, end)| {
                let start = &value[..end];
                text == start || (count >= 2 && text.ends_with(start))
            })
        };
        known.values.iter().any(begins)
    }

    /// Texts that belong together, as the fields of a form do, masked: also where a secret is spread over several of them.
    pub fn mask_together(&self, texts: &[&str]) -> Vec<String> {
        // A separator that no text of people holds.
        let joined = texts.join("\u{1f}");
        let found = self.find(&joined);
        let mut start = 0;
        texts
            .iter()
            .map(|text| {
                let place = start..start + text.len();
                start = place.end + 1;
                let touched = found
                    .iter()
                    .any(|range| range.start < place.end && place.start < range.end);
                if !touched {
                    (*text).to_owned()
                } else if found
                    .iter()
                    .any(|range| range.start < place.start || range.end > place.end)
                {
                    // A part of it means nothing alone.
                    DOTS.to_owned()
                } else {
                    self.mask(text)
                }
            })
            .collect()
    }
}

thread_local! {
    /// Where a text is squeezed to see whether it holds anything.
    static SMALL: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Known {
    fn of(values: Vec<SecretString>) -> Self {
        let needles: Vec<Needle> = values
            .iter()
            .flat_map(|value| needles::of(value.expose_secret()))
            .collect();
        let search = (!needles.is_empty()).then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::Standard)
                .build(needles.iter().map(|needle| &needle.bytes))
                .expect("needles are far fewer than the automaton's limits")
        });
        let shortest = needles.iter().map(|n| n.bytes.len()).min().unwrap_or(0);
        Known {
            values,
            needles,
            search,
            shortest,
        }
    }

    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let numbers = digits >= FEWEST_DIGITS;
        let search = self.search.as_ref().filter(|_| text.len() >= self.shortest);
        if !numbers && (search.is_none() || !squeeze::is_escaped(text)) {
            let holds = |search: &AhoCorasick| {
                SMALL.with_borrow_mut(|small| {
                    squeeze::squeeze_into(text, small);
                    search.is_match(small.as_slice())
                })
            };
            // Nearly every text of a page ends here.
            if !search.is_some_and(holds) {
                return Vec::new();
            }
        }
        let mut hidden = vec![false; text.len()];
        let layers = squeeze::layers(text);
        for layer in &layers {
            if let Some(search) = search {
                self.hide_values(search, layer, &mut hidden);
            }
        }
        if numbers {
            for layer in &layers {
                hide_numbers(layer, &mut hidden);
            }
        }
        ranges(&hidden)
    }

    fn hide_values(&self, search: &AhoCorasick, layer: &Layer, hidden: &mut [bool]) {
        let squeezed = layer.squeezed();
        for found in search.find_overlapping_iter(&squeezed.bytes) {
            let places = &squeezed.from[found.range()];
            let (Some(first), Some(last)) = (places.first(), places.last()) else {
                continue;
            };
            let fits = match &self.needles[found.pattern().as_usize()].fit {
                Fit::Anywhere => true,
                Fit::Whole => places.windows(2).all(|pair| pair[1].0 <= pair[0].1),
                Fit::Number(ends) => is_own_number(layer, places, ends),
            };
            if fits {
                hidden[first.0 as usize..last.1 as usize].fill(true);
            }
        }
    }
}

/// Whether a short number stands by itself, and is parted only where its groups end: no part of a longer number, an amount
/// or a date.
fn is_own_number(layer: &Layer, places: &[(u32, u32)], ends: &[usize]) -> bool {
    let parted_well = places
        .windows(2)
        .enumerate()
        .all(|(index, pair)| pair[1].0 <= pair[0].1 || ends.contains(&(index + 1)));
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return false;
    };
    let start = layer.from.partition_point(|from| from.0 < first.0);
    let end = layer.from.partition_point(|from| from.0 < last.1);
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    let joins =
        |byte: Option<&u8>| byte.is_some_and(|b| matches!(b, b'.' | b',' | b'-' | b'/' | b':'));
    let before = |back: usize| start.checked_sub(back).and_then(|at| layer.bytes.get(at));
    let after = |on: usize| layer.bytes.get(end + on);
    let goes_on_before = digit(before(1)) || joins(before(1)) && digit(before(2));
    let goes_on_after = digit(after(0)) || joins(after(0)) && digit(after(1));
    parted_well && !goes_on_before && !goes_on_after
}

fn hide_numbers(layer: &Layer, hidden: &mut [bool]) {
    // Whatever is masked already parts numbers from each other.
    let found = numbers::find(&layer.bytes, |at| {
        layer
            .from
            .get(at)
            .is_some_and(|from| hidden[from.0 as usize])
    });
    for range in found {
        let from = &layer.from[range];
        if let (Some(first), Some(last)) = (from.first(), from.last()) {
            hidden[first.0 as usize..last.1 as usize].fill(true);
        }
    }
}

fn ranges(hidden: &[bool]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for (at, _) in hidden.iter().enumerate().filter(|(_, hidden)| **hidden) {
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => ranges.push(at..at + 1),
        }
    }
    ranges
}

#[cfg(test)]
mod tests;
