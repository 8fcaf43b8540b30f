//! Any text: amounts are found without panicking, their places are in the text, and what is printed is read back.
#![no_main]

use apprentice::guard::money::{Currency, Money, Reading, find, readings};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for found in find(text) {
        assert!(text.get(found.span).is_some());
        assert_eq!(found.money.to_string().parse(), Ok(found.money));
    }
    if let Some(money) = Money::parse(text) {
        assert_eq!(money.to_string().parse(), Ok(money));
    }
    for currency in [None, Currency::parse("EUR"), Currency::parse("$")] {
        if let Reading::Amounts(amounts) = readings(&["amount"], text, currency.as_ref()) {
            assert!(!amounts.is_empty());
        }
    }
});
