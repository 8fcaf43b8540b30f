//! Numbers that are secret by what they are: payment cards (ISO/IEC 7812) and bank accounts (ISO 13616).
//!
//! A number counts only where issuer, length and check digit all fit, because order and phone numbers are long too: one in
//! ten numbers passes a card's check digit alone, and one in a hundred an account's.

use std::ops::Range;

/// Fewest digits of a card number.
const SHORTEST_CARD: usize = 14;
/// Most digits of a card number.
const LONGEST_CARD: usize = 19;
/// Shortest group that people and pages write a card number in.
const SHORTEST_GROUP: usize = 3;
/// Longest account number.
const LONGEST_ACCOUNT: usize = 34;

/// How long the account numbers of each country are: registry of ISO 13616, release 99.
const ACCOUNTS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 \
    EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 \
    LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 \
    RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

/// Whether these digits are a card's number.
pub fn is_card(digits: &str) -> bool {
    let plain = digits.bytes().all(|b| b.is_ascii_digit());
    plain && issued(digits) && passes_luhn(digits.as_bytes())
}

/// Whether some network issues numbers that begin so and are that long.
fn issued(digits: &str) -> bool {
    let length = digits.len();
    let begin = |count: usize| -> u32 {
        digits
            .get(..count)
            .and_then(|start| start.parse().ok())
            .unwrap_or(0)
    };
    let (two, three, four) = (begin(2), begin(3), begin(4));
    match two / 10 {
        // Visa; its numbers of 13 digits are issued no more.
        4 => matches!(length, 16 | 18 | 19),
        // American Express, Diners Club, JCB.
        3 => match two {
            34 | 37 => length == 15,
            36 | 38 | 39 => (14..=19).contains(&length),
            30 => (300..=305).contains(&three) && (14..=19).contains(&length),
            _ => (3528..=3589).contains(&four) && (16..=19).contains(&length),
        },
        // Mastercard, Maestro.
        5 => {
            two == 50 && (16..=19).contains(&length)
                || (51..=55).contains(&two) && length == 16
                || (56..=59).contains(&two) && (16..=19).contains(&length)
        }
        // Discover, Maestro, RuPay, UnionPay.
        6 => (16..=19).contains(&length),
        // Mastercard, Mir.
        2 => {
            (2200..=2204).contains(&four) && (16..=19).contains(&length)
                || (2221..=2720).contains(&four) && length == 16
        }
        // RuPay, UnionPay.
        8 => matches!(two, 81 | 82) && (16..=19).contains(&length),
        // Troy.
        9 => four == 9792 && length == 16,
        // UATP.
        1 => length == 15,
        _ => false,
    }
}

/// The check digit of ISO/IEC 7812, annex B.
pub fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .map(|digit| u32::from(digit - b'0'))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether this is an account's number, without separators.
pub fn is_account(number: &str) -> bool {
    let Some(country) = number.get(..2).map(str::to_ascii_uppercase) else {
        return false;
    };
    let length = ACCOUNTS
        .split_ascii_whitespace()
        .find_map(|entry| entry.strip_prefix(&country)?.parse().ok());
    if length != Some(number.len()) || !number.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return false;
    }
    let (start, rest) = number.split_at(4);
    let remainder = rest.chars().chain(start.chars()).fold(0, |sum, c| {
        let value = c.to_digit(36).unwrap_or(0);
        let shifted = if value < 10 { sum * 10 } else { sum * 100 };
        (shifted + value) % 97
    });
    start[2..].bytes().all(|b| b.is_ascii_digit()) && remainder == 1
}

/// Where cards' and accounts' numbers stand in a text, given as bytes; `hidden` says what is masked already, which counts as
/// no part of any number.
pub fn find(text: &[u8], hidden: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let begins = at == 0 || !text[at - 1].is_ascii_alphanumeric() || hidden(at - 1);
        let run = if !begins || hidden(at) {
            None
        } else if text[at].is_ascii_digit() {
            card_at(text, at, &hidden)
        } else if text[at].is_ascii_alphabetic() {
            account_at(text, at, &hidden)
        } else {
            None
        };
        match run {
            Some(run) => {
                at = run.end;
                found.push(run);
            }
            None => at += 1,
        }
    }
    found
}

fn card_at(text: &[u8], at: usize, hidden: &impl Fn(usize) -> bool) -> Option<Range<usize>> {
    // International phone numbers are as long, and begin with a plus.
    if at > 0 && text[at - 1] == b'+' {
        return None;
    }
    let run = groups(text, at, |b| b.is_ascii_digit(), LONGEST_CARD, hidden);
    // The longest first: a shorter one may pass by chance.
    (SHORTEST_CARD..=run.len()).rev().find_map(|length| {
        let end = run[length - 1] + 1;
        let goes_on = text.get(end).is_some_and(u8::is_ascii_alphanumeric) && !hidden(end);
        let digits: String = run[..length].iter().map(|&i| char::from(text[i])).collect();
        (!goes_on && well_grouped(&run[..length]) && is_card(&digits)).then_some(at..end)
    })
}

/// Whether no group of the number is shorter than any that a card is written in.
fn well_grouped(places: &[usize]) -> bool {
    let mut group = 1;
    for pair in places.windows(2) {
        if pair[1] == pair[0] + 1 {
            group += 1;
        } else if group < SHORTEST_GROUP {
            return false;
        } else {
            group = 1;
        }
    }
    group >= SHORTEST_GROUP || group == places.len()
}

fn account_at(text: &[u8], at: usize, hidden: &impl Fn(usize) -> bool) -> Option<Range<usize>> {
    let shape = text.get(at..at + 2)?.iter().all(u8::is_ascii_alphabetic);
    if !shape
        || !text
            .get(at + 2)
            .is_some_and(|b| b.is_ascii_digit() || gap(text, at + 2) > 0)
    {
        return None;
    }
    let run = groups(
        text,
        at,
        |b| b.is_ascii_alphanumeric(),
        LONGEST_ACCOUNT,
        hidden,
    );
    (15..=run.len()).rev().find_map(|length| {
        let end = run[length - 1] + 1;
        let goes_on = text.get(end).is_some_and(u8::is_ascii_alphanumeric) && !hidden(end);
        let number: String = run[..length].iter().map(|&i| char::from(text[i])).collect();
        (!goes_on && is_account(&number)).then_some(at..end)
    })
}

/// Where the characters of a grouped number stand, from `start`, at most `most`, with one separator between groups.
fn groups(
    text: &[u8],
    start: usize,
    fits: impl Fn(&u8) -> bool,
    most: usize,
    hidden: &impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut run = Vec::new();
    let mut at = start;
    while run.len() < most && text.get(at).is_some_and(&fits) && !hidden(at) {
        run.push(at);
        at += 1;
        let gap = gap(text, at);
        if gap > 0 && text.get(at + gap).is_some_and(&fits) {
            at += gap;
        }
    }
    run
}

/// Length in bytes of the one separator that stands here between groups of a number; 0 where there is none.
fn gap(text: &[u8], at: usize) -> usize {
    match text.get(at..) {
        Some([b' ' | b'-' | b'.' | b'_' | b'\t' | 0x1f, ..]) => 1,
        // No-break space.
        Some([0xc2, 0xa0, ..]) => 2,
        // Thin, figure and narrow no-break spaces, and dashes.
        Some([0xe2, 0x80, 0x80..=0x95 | 0xaf, ..]) => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_has_its_numbers() {
        // The networks' own test numbers.
        for number in [
            "4242424242424242",
            "4000056655665556",
            "5555555555554444",
            "2223003122003222",
            "378282246310005",
            "6011111111111117",
            "3056930009020004",
            "36227206271667",
            "3566002020360505",
            "6200000000000005",
            "6205500000000000004",
            "2200000000000004",
            "6759649826438453",
        ] {
            assert!(is_card(number), "{number}");
            let other = format!(
                "{}{}",
                &number[..number.len() - 1],
                (number.as_bytes()[number.len() - 1] - b'0' + 1) % 10
            );
            assert!(!is_card(&other), "{other}");
        }
    }

    #[test]
    fn every_country_has_its_accounts() {
        for number in [
            "DE89370400440532013000",
            "GB82WEST12345698765432",
            "NO9386011117947",
            "MT84MALT011000012345MTLCAST001S",
            "FR1420041010050500013M02606",
            "CH9300762011623852957",
            "BR1800360305000010009795493C1",
            "nl91abna0417164300",
        ] {
            assert!(is_account(number), "{number}");
        }
        for number in [
            "DE89370400440532013001",
            "DE8937040044053201300",
            "ZZ89370400440532013000",
            "",
            "é",
        ] {
            assert!(!is_account(number), "{number}");
        }
    }
}
