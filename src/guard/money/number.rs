//! A decimal number, exactly, and what a run of digits with separators may mean.

/// Most decimals that an amount may have.
const MOST_DECIMALS: u8 = 12;
/// Most digits: with them every sum and product of amounts that occur fits 128 bits, and what does not is no amount.
const MOST_DIGITS: usize = 24;

/// `units / 10^decimals`, without superfluous zeros at the end, so that equal numbers are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Number {
    units: i128,
    decimals: u8,
}

impl Number {
    /// `units / 10^decimals`; `None` for more decimals than amounts have.
    pub(super) fn scaled(units: i128, decimals: u8) -> Option<Self> {
        let (mut units, mut decimals) = (units, decimals);
        while decimals > 0 && units % 10 == 0 {
            units /= 10;
            decimals -= 1;
        }
        let fits =
            decimals <= MOST_DECIMALS && units.unsigned_abs() < 10u128.pow(MOST_DIGITS as u32);
        fits.then_some(Number { units, decimals })
    }

    /// Digits with at most one dot and at most one sign before them.
    pub(super) fn plain(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let number = Self::from_parts(whole, fraction)?;
        let lonely_dot = digits.ends_with('.');
        (!lonely_dot).then_some(if negative { number.negated() } else { number })
    }

    /// ASCII digits before and after the decimal point.
    pub(super) fn from_parts(whole: &str, fraction: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let units = format!("{whole}{fraction}").parse().ok()?;
        Self::scaled(units, u8::try_from(fraction.len()).ok()?)
    }

    pub(super) fn negated(self) -> Self {
        Number {
            units: -self.units,
            ..self
        }
    }

    pub(super) fn is_negative(self) -> bool {
        self.units < 0
    }

    pub(super) fn is_zero(self) -> bool {
        self.units == 0
    }

    /// Comparable without its sign.
    pub(super) fn magnitude(self) -> Magnitude {
        Magnitude(Number {
            units: self.units.abs(),
            ..self
        })
    }

    /// Units when it is written with so many decimals, which are at least its own.
    fn units_at(self, decimals: u8) -> i128 {
        // At most 24 digits and 12 more: fits 128 bits.
        self.units * 10i128.pow(u32::from(decimals - self.decimals))
    }

    pub(super) fn plus(self, other: Number) -> Option<Number> {
        let decimals = self.decimals.max(other.decimals);
        let sum = self
            .units_at(decimals)
            .checked_add(other.units_at(decimals))?;
        Self::scaled(sum, decimals)
    }

    pub(super) fn times(self, factor: i128) -> Option<Number> {
        Self::scaled(self.units.checked_mul(factor)?, self.decimals)
    }

    /// `10^power` times this.
    pub(super) fn shifted(self, power: u8) -> Option<Number> {
        self.times(10i128.checked_pow(u32::from(power))?)
    }

    /// This divided by `10^power`.
    pub(super) fn divided(self, power: u8) -> Option<Number> {
        Self::scaled(self.units, self.decimals.checked_add(power)?)
    }

    /// Whether it has no decimals.
    pub(super) fn is_whole(self) -> bool {
        self.decimals == 0
    }

    /// With a dot, and at least so many decimals.
    pub(super) fn written(self, decimals: u8) -> String {
        let decimals = decimals.max(self.decimals);
        let units = self.units_at(decimals);
        let width = usize::from(decimals) + 1;
        let digits = format!("{:0width$}", units.unsigned_abs());
        let (whole, fraction) = digits.split_at(digits.len() - usize::from(decimals));
        let sign = if units < 0 { "-" } else { "" };
        let dot = if decimals > 0 { "." } else { "" };
        format!("{sign}{whole}{dot}{fraction}")
    }
}

/// A number without its sign, for comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Magnitude(Number);

impl PartialOrd for Magnitude {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        let decimals = self.0.decimals.max(other.0.decimals);
        Some(self.0.units_at(decimals).cmp(&other.0.units_at(decimals)))
    }
}

/// What a run of digits and separators may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    One(Number),
    /// The only separator may stand before decimals or part thousands: `1,234`.
    Either {
        decimal: Number,
        thousands: Number,
        /// Whether the separator is a dot.
        dot: bool,
    },
}

/// The ASCII digit that a decimal digit of another script stands for.
pub(super) fn digit(c: char) -> Option<char> {
    /// The zero of each script: full-width, Arabic-Indic, Persian, Devanagari, Bengali, Gujarati, Tamil, Telugu, Thai, Khmer, Burmese.
    const ZEROS: [char; 11] = ['０', '٠', '۰', '०', '০', '૦', '௦', '౦', '๐', '០', '၀'];
    if c.is_ascii_digit() {
        return Some(c);
    }
    ZEROS.iter().find_map(|zero| {
        let value = (c as u32).checked_sub(*zero as u32)?;
        char::from_digit(value, 10)
    })
}

/// Separators that may stand inside a number, made plain: `.`, `,`, `'`, a space; the Arabic ones are certain.
pub(super) fn separator(c: char) -> Option<char> {
    Some(match c {
        '.' | '．' => '.',
        ',' | '，' | '、' => ',',
        '\'' | '’' | '‘' | 'ʼ' | '＇' => '\'',
        c if is_space(c) => ' ',
        '٫' => '٫',
        '٬' => '٬',
        _ => return None,
    })
}

/// Spaces that a number or an amount may have inside: plain, no-break, narrow, thin, figure, punctuation, ideographic.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2008}' | '\u{2009}' | '\u{3000}'
    )
}

/// Reads a run that is made of [`digit`]s, already made plain, with single [`separator`]s between them.
pub(super) fn read(run: &str) -> Option<Meaning> {
    let separators: Vec<(usize, char)> = run
        .char_indices()
        .filter(|(_, c)| !c.is_ascii_digit())
        .collect();
    let Some(&(at, last)) = separators.last() else {
        return Number::from_parts(run, "").map(Meaning::One);
    };
    let (before, after) = (&run[..at], &run[at + last.len_utf8()..]);
    let is_alone = separators.iter().filter(|(_, c)| *c == last).count() == 1;
    let can_be_decimal = is_alone && matches!(last, '.' | ',' | '٫');
    let decimal = can_be_decimal
        .then(|| grouped(before))
        .flatten()
        .and_then(|whole| Number::from_parts(&whole, after));
    let thousands = (last != '٫')
        .then(|| grouped(run))
        .flatten()
        .and_then(|whole| Number::from_parts(&whole, ""));
    match (decimal, thousands) {
        (Some(decimal), Some(thousands)) => Some(Meaning::Either {
            decimal,
            thousands,
            dot: last == '.',
        }),
        (Some(number), None) | (None, Some(number)) => Some(Meaning::One(number)),
        (None, None) => None,
    }
}

/// The digits of a whole number, whose groups are parted by one sort of separator: by three, or, in India, by two after the first
/// three from the right.
fn grouped(text: &str) -> Option<String> {
    let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) else {
        return (!text.is_empty()).then(|| text.to_owned());
    };
    let groups: Vec<&str> = text.split(separator).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last()?;
    let all_digits = groups
        .iter()
        .all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    let by_three = (1..=3).contains(&first.len()) && middle.iter().all(|group| group.len() == 3);
    let by_two = (1..=2).contains(&first.len())
        && middle.iter().all(|group| group.len() == 2)
        && matches!(separator, ',' | ' ' | '٬');
    let fits = all_digits && last.len() == 3 && !first.starts_with('0') && (by_three || by_two);
    fits.then(|| groups.concat())
}
