//! A card as text: what people read before they say yes.
//!
//! Everything on it that comes from a page is made harmless for a terminal first: no escape sequences, no line breaks, no characters
//! that turn the reading direction around.

use super::Card;

/// Width of the column of headings.
const HEADINGS: usize = 9;

/// The card as lines of text, without colours, ending with a line break.
pub fn render(card: &Card) -> String {
    let mut lines = vec![plain(&card.title), String::new()];
    let mut row = |heading: &str, text: &str| {
        lines.push(format!("  {heading:HEADINGS$}{}", plain(text)));
    };
    row("to", &card.origin);
    for (index, payee) in card.payees.iter().enumerate() {
        row(if index == 0 { "for" } else { "" }, payee);
    }
    if let Some(amount) = &card.amount {
        row("amount", amount);
    }
    for (index, item) in card.items.iter().enumerate() {
        row(if index == 0 { "of" } else { "" }, item);
    }
    for (index, (name, value)) in card.fields.iter().enumerate() {
        let heading = if index == 0 { "with" } else { "" };
        row(heading, &format!("{name}: {value}"));
    }
    for (index, known) in card.known.iter().enumerate() {
        row(if index == 0 { "known" } else { "" }, known);
    }
    row("by", &card.target);
    row("because", &card.why);
    if let Some(demonstrated) = &card.demonstrated {
        row("shown", demonstrated);
    }
    for (index, difference) in card.differences.iter().enumerate() {
        row(if index == 0 { "but" } else { "" }, difference);
    }
    for warning in &card.warnings {
        row("careful", warning);
    }
    if let Some(offer) = &card.offer {
        row("trust", offer);
    }
    lines.push(String::new());
    lines.join("\n")
}

/// A text that shows as what it is: control characters and those that reorder text are replaced, white space is folded.
pub fn plain(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| match c {
            c if c.is_whitespace() => ' ',
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect();
    visible
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::guard::Kind;

    pub(in crate::human) fn card() -> Card {
        Card {
            kind: Kind::TransferMoney,
            title: "button \"Submit\" would transfer or claim money at expenses.example".to_owned(),
            origin: "https://expenses.example".to_owned(),
            amount: Some("€23.40".to_owned()),
            fields: vec![
                ("Merchant".to_owned(), "Café Blau".to_owned()),
                ("Date".to_owned(), "2026-03-12".to_owned()),
            ],
            target: "button \"Submit\"".to_owned(),
            why: "the demonstration marks this step".to_owned(),
            demonstrated: Some("submitted the report".to_owned()),
            ..Card::default()
        }
    }

    #[test]
    fn a_card_reads_from_top_to_bottom() {
        insta::assert_snapshot!(render(&card()), @r#"
        button "Submit" would transfer or claim money at expenses.example

          to       https://expenses.example
          amount   €23.40
          with     Merchant: Café Blau
                   Date: 2026-03-12
          by       button "Submit"
          because  the demonstration marks this step
          shown    submitted the report
        "#);
    }

    #[test]
    fn what_is_not_as_agreed_stands_out() {
        let card = Card {
            payees: vec!["Harbour Ltd".to_owned()],
            items: vec!["2 × ticket".to_owned()],
            known: vec!["seat aisle, your preference".to_owned()],
            fields: Vec::new(),
            demonstrated: None,
            differences: vec!["the amount is 100.00 EUR, you agreed to 10.00 EUR".to_owned()],
            warnings: vec!["it cannot be undone".to_owned()],
            offer: Some("pay Harbour Ltd up to €23.40 without asking".to_owned()),
            ..card()
        };
        insta::assert_snapshot!(render(&card), @r#"
        button "Submit" would transfer or claim money at expenses.example

          to       https://expenses.example
          for      Harbour Ltd
          amount   €23.40
          of       2 × ticket
          known    seat aisle, your preference
          by       button "Submit"
          because  the demonstration marks this step
          but      the amount is 100.00 EUR, you agreed to 10.00 EUR
          careful  it cannot be undone
          trust    pay Harbour Ltd up to €23.40 without asking
        "#);
    }

    #[test]
    fn what_is_not_known_has_no_line() {
        let card = Card {
            amount: None,
            fields: Vec::new(),
            demonstrated: None,
            ..card()
        };
        insta::assert_snapshot!(render(&card), @r#"
        button "Submit" would transfer or claim money at expenses.example

          to       https://expenses.example
          by       button "Submit"
          because  the demonstration marks this step
        "#);
    }

    #[test]
    fn a_page_cannot_write_on_the_terminal() {
        let card = Card {
            fields: vec![("a\x1b[2J\nto".to_owned(), "b\r\u{202e}c\u{9b}1m".to_owned())],
            ..card()
        };
        let text = render(&card);
        assert!(
            !text.contains(['\x1b', '\r', '\u{9b}', '\u{202e}']),
            "{text:?}"
        );
        assert!(
            text.contains("a\u{fffd}[2J to: b \u{fffd}c\u{fffd}1m"),
            "{text:?}"
        );
    }
}
