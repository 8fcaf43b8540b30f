use proptest::prelude::*;

use super::*;

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

#[test]
fn amounts_are_read_in_the_notations_of_the_world() {
    for (text, amount) in [
        ("€1,234.50", "1234.50 EUR"),
        ("1.234,50 €", "1234.50 EUR"),
        ("1.234,50\u{a0}€", "1234.50 EUR"),
        ("CHF 1'250.–", "1250.00 CHF"),
        ("CHF 1’250.00", "1250.00 CHF"),
        ("1 234,50 zł", "1234.50 PLN"),
        ("1\u{202f}234,50\u{a0}zł", "1234.50 PLN"),
        ("1\u{2009}234\u{2009}567,5 €", "1234567.50 EUR"),
        ("₹1,23,456.00", "123456.00 INR"),
        ("¥12,000", "12000.00 ¥"),
        ("12,99 EUR", "12.99 EUR"),
        ("12,99 eur", "12.99 EUR"),
        ("USD 5", "5.00 USD"),
        ("US$ 12.99", "12.99 USD"),
        ("kr 99,-", "99.00 kr"),
        ("99:- kr", "99.00 kr"),
        ("R$ 1.234,56", "1234.56 BRL"),
        ("12000円", "12000 JPY"),
        ("JPY 12,000", "12000 JPY"),
        ("50元", "50.00 元"),
        ("١٬٢٣٤٫٥٠ SAR", "1234.50 SAR"),
        ("￥１，２３４", "1234.00 ¥"),
        ("KWD 1.234", "1.234 KWD"),
        ("1,234 KWD", "1234.000 KWD"),
        ("€1.234", "1234.00 EUR"),
        ("-€5", "-5.00 EUR"),
        ("€-5", "-5.00 EUR"),
        ("−5,00 €", "-5.00 EUR"),
        ("(£7.50)", "-7.50 GBP"),
        ("$12.99 CAD", "12.99 CAD"),
        ("$12.99", "12.99 $"),
        ("$5k", "5000.00 $"),
        ("1億2000万円", "120000000 JPY"),
        ("2,5 Mio. €", "2500000.00 EUR"),
        ("$\u{200b}1\u{ad}0", "10.00 $"),
        ("12.99", "12.99"),
        ("1.234.567,8", "1234567.8"),
    ] {
        let read = Money::parse(text).map(|money| money.to_string());
        assert_eq!(read.as_deref(), Some(amount), "{text}");
    }
}

#[test]
fn what_is_no_amount_or_more_than_one_is_not_read_as_one() {
    for text in [
        "",
        "-",
        "Room 12",
        "12.03.2026",
        "192.168.0.1",
        "1,2,3",
        "€",
        "€5 €6",
        "5–10 €",
        "1,234",
        "1.2.3 €",
        "12 krakens",
        "v1.2",
        "99999999999999999999999999999999999999999 €",
    ] {
        assert_eq!(Money::parse(text), None, "{text}");
    }
}

#[test]
fn every_amount_in_a_sentence_is_found_and_ranges_are_not_due() {
    for (text, expected) in [
        (
            "3 × €5.00 = €15.00",
            vec![("5.00 EUR", true), ("15.00 EUR", true)],
        ),
        ("from €5 a month", vec![("5.00 EUR", false)]),
        ("ab 5 € im Monat", vec![("5.00 EUR", false)]),
        ("€5 – €10", vec![("5.00 EUR", false), ("10.00 EUR", false)]),
        ("5–10 €", vec![("10.00 EUR", false)]),
        ("5 – 10 €", vec![("10.00 EUR", false)]),
        ("€5 €10", vec![("5.00 EUR", true), ("10.00 EUR", true)]),
        ("Qty 2 €5.00", vec![("5.00 EUR", true)]),
        ("5 € 10 USD", vec![("5.00 EUR", true), ("10.00 USD", true)]),
        ("合計5000円です", vec![("5000 JPY", true)]),
        ("TOP 10, TRY 3, all 5 in", vec![]),
        ("TRY 3.50", vec![("3.50 TRY", true)]),
        ("Order 12 - €5.00", vec![("5.00 EUR", true)]),
        ("Save -€5", vec![("-5.00 EUR", true)]),
    ] {
        let found: Vec<(String, bool)> = find(text)
            .into_iter()
            .map(|found| (found.money.to_string(), found.is_due))
            .collect();
        let expected: Vec<(String, bool)> = expected
            .into_iter()
            .map(|(amount, due)| (amount.to_owned(), due))
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn an_amount_is_at_most_another_only_where_the_currency_is_certainly_the_same() {
    for (one, other, covered) in [
        ("10.00 EUR", "10 EUR", true),
        ("9.99 EUR", "10.00 EUR", true),
        ("10.01 EUR", "10.00 EUR", false),
        ("10.00 USD", "10.00 EUR", false),
        ("10.00 $", "10.00 $", false),
        ("10.00 $", "10.00 USD", false),
        ("10.00", "10.00 EUR", false),
        ("10.00 EUR", "10.00", false),
        ("-10.00 EUR", "10.00 EUR", false),
        ("-5.00 EUR", "-10.00 EUR", true),
    ] {
        assert_eq!(
            money(one).at_most(&money(other)),
            covered,
            "{one} <= {other}"
        );
    }
}

#[test]
fn a_field_keeps_every_reading() {
    let eur = Currency::parse("EUR");
    let jpy = Currency::parse("jpy");
    for (words, value, currency, expected) in [
        ("amount", "1250", &eur, vec!["1250.00 EUR", "12.50 EUR"]),
        ("amount cents", "1250", &eur, vec!["12.50 EUR"]),
        ("amount", "12.50", &eur, vec!["12.50 EUR"]),
        ("amount", "1.25e3", &eur, vec!["1250.00 EUR", "12.50 EUR"]),
        (
            "amount",
            "1.234",
            &eur,
            vec!["1.234 EUR", "1234.00 EUR", "12.34 EUR"],
        ),
        ("amount", "1250", &jpy, vec!["1250 JPY"]),
        ("amount", "12,50 €", &None, vec!["12.50 EUR"]),
        ("amount", "12.50 USD", &eur, vec!["12.50 EUR/USD"]),
        ("amount", "10", &None, vec!["10", "0.1"]),
    ] {
        let words: Vec<&str> = words.split(' ').collect();
        let Reading::Amounts(read) = readings(&words, value, currency.as_ref()) else {
            panic!("{value} was not read");
        };
        let read: Vec<String> = read.iter().map(Money::to_string).collect();
        assert_eq!(read, expected, "{words:?} {value}");
    }
    assert_eq!(readings(&["amount"], " ", None), Reading::Nothing);
    assert_eq!(readings(&["amount"], "lots", None), Reading::Unreadable);
}

/// How a locale writes: thousands separator, decimal separator, groups by two after the first three, the currency's place.
#[derive(Debug, Clone, Copy)]
struct Notation {
    thousands: &'static str,
    decimal: &'static str,
    indian: bool,
    before: bool,
}

const NOTATIONS: [Notation; 8] = [
    Notation {
        thousands: ",",
        decimal: ".",
        indian: false,
        before: true,
    },
    Notation {
        thousands: ".",
        decimal: ",",
        indian: false,
        before: false,
    },
    Notation {
        thousands: "'",
        decimal: ".",
        indian: false,
        before: true,
    },
    Notation {
        thousands: "’",
        decimal: ".",
        indian: false,
        before: true,
    },
    Notation {
        thousands: "\u{202f}",
        decimal: ",",
        indian: false,
        before: false,
    },
    Notation {
        thousands: "\u{a0}",
        decimal: ",",
        indian: false,
        before: false,
    },
    Notation {
        thousands: ",",
        decimal: ".",
        indian: true,
        before: true,
    },
    Notation {
        thousands: "٬",
        decimal: "٫",
        indian: false,
        before: false,
    },
];

fn written(minor: u64, decimals: usize, code: &str, notation: Notation) -> String {
    let digits = format!("{minor:0width$}", width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        let left = whole.len() - index;
        let parts = if notation.indian {
            left == 3 || (left > 3 && left % 2 == 1)
        } else {
            left.is_multiple_of(3)
        };
        if index > 0 && parts {
            grouped.push_str(notation.thousands);
        }
        grouped.push(digit);
    }
    if decimals > 0 {
        grouped.push_str(notation.decimal);
        grouped.push_str(fraction);
    }
    if notation.before {
        format!("{code} {grouped}")
    } else {
        format!("{grouped}\u{a0}{code}")
    }
}

proptest! {
    #[test]
    fn what_any_locale_writes_is_read_back(
        minor in 0u64..10_000_000_000_000,
        currency in prop::sample::select(vec![("EUR", 2), ("USD", 2), ("CHF", 2), ("INR", 2), ("PLN", 2), ("JPY", 0), ("KRW", 0), ("TRY", 2)]),
        notation in prop::sample::select(NOTATIONS.to_vec()),
    ) {
        let (code, decimals) = currency;
        let text = written(minor, decimals, code, notation);
        // In capitals "TRY 5" is a word and a number; with decimals it is money.
        let expected = Money::of_minor(i64::try_from(minor).unwrap(), code);
        prop_assert_eq!(Money::parse(&text), expected, "{}", text);
    }

    #[test]
    fn what_is_printed_is_read_back(minor in any::<i64>(), code in prop::sample::select(vec!["EUR", "JPY", "KWD", "CLF"])) {
        let money = Money::of_minor(minor, code).unwrap();
        prop_assert_eq!(money.to_string().parse::<Money>(), Ok(money));
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}|[-0-9.,' €$krKMB()–億万円\u{a0}]{0,30}") {
        for found in find(&text) {
            let shown = &text[found.span.clone()];
            prop_assert!(shown.chars().any(|c| super::number::digit(c).is_some()));
            prop_assert_eq!(found.money.to_string().parse::<Money>(), Ok(found.money));
        }
        let _ = Money::parse(&text);
        let _ = readings(&["amount"], &text, None);
    }

    #[test]
    fn at_most_orders_amounts_of_one_currency(a in 0i64..1_000_000, b in 0i64..1_000_000) {
        let (one, other) = (Money::of_minor(a, "EUR").unwrap(), Money::of_minor(b, "EUR").unwrap());
        prop_assert_eq!(one.at_most(&other), a <= b);
        prop_assert!(!one.at_most(&Money::of_minor(b, "USD").unwrap()));
    }
}
