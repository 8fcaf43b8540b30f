//! The ticket shop: concerts, seats, and a checkout that takes a card number and sells.

use std::collections::BTreeMap;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Router, routing::post};
use jiff::civil::{Date, date};
use maud::{Markup, html};

use super::money::Cents;
use super::page::{Brand, failure, finish, invalid, mistakes, not_found, page};
use super::servers::Shelf;

const BRAND: Brand = Brand {
    name: "Encore",
    class: "encore",
    mark: "E",
    navigation: &[("Concerts", "/")],
};

/// How many tickets one order may hold.
const MOST_TICKETS: u64 = 6;
/// Number of the first order.
const FIRST_NUMBER: usize = 5001;

struct Concert {
    id: &'static str,
    title: &'static str,
    style: &'static str,
    venue: &'static str,
    day: Date,
    /// Prices of parterre, balcony and gallery, in cents.
    prices: [u64; 3],
}

const SECTIONS: [&str; 3] = ["Parterre", "Balcony", "Gallery"];

const CONCERTS: [Concert; 6] = [
    Concert {
        id: "paper-lanterns",
        title: "The Paper Lanterns",
        style: "Indie folk",
        venue: "Harbour Hall",
        day: date(2026, 5, 16),
        prices: [4600, 3800, 2800],
    },
    Concert {
        id: "nils-arvid-quartet",
        title: "Nils Arvid Quartet",
        style: "Jazz",
        venue: "Old Brewery",
        day: date(2026, 5, 22),
        prices: [3900, 3150, 2400],
    },
    Concert {
        id: "orchestra-of-the-north",
        title: "Orchestra of the North",
        style: "Classical",
        venue: "Linden Theatre",
        day: date(2026, 6, 5),
        prices: [7200, 5400, 3600],
    },
    Concert {
        id: "luz-marquez",
        title: "Luz Marquez",
        style: "Flamenco",
        venue: "Harbour Hall",
        day: date(2026, 6, 12),
        prices: [4400, 3500, 2600],
    },
    Concert {
        id: "velvet-static",
        title: "Velvet Static",
        style: "Electronic",
        venue: "Silo 9",
        day: date(2026, 6, 20),
        prices: [3600, 3000, 2200],
    },
    Concert {
        id: "saint-olav-choir",
        title: "Saint Olav Choir",
        style: "Choral",
        venue: "Mill Road Church",
        day: date(2026, 6, 27),
        prices: [2900, 2500, 1900],
    },
];

/// A paid order. Of the card only the last four digits are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub number: String,
    pub concert: String,
    pub section: String,
    pub quantity: u64,
    pub total: Cents,
    pub holder: String,
    pub card_ending: String,
}

/// What is about to be bought.
struct Choice {
    concert: &'static Concert,
    section: usize,
    quantity: u64,
}

impl Choice {
    fn price(&self) -> Cents {
        Cents(self.concert.prices[self.section])
    }

    fn total(&self) -> Cents {
        self.price().times(self.quantity)
    }
}

type Fields = BTreeMap<String, String>;
type Mistakes = Vec<(&'static str, String)>;

pub(super) fn router(orders: Shelf<Order>) -> Router {
    finish(
        Router::new()
            .route("/", get(list))
            .route("/concerts/{id}", get(open))
            .route("/checkout", get(checkout))
            .route("/orders", post(pay))
            .route("/orders/{number}", get(confirmation))
            .with_state(orders),
        &BRAND,
    )
}

fn find(id: &str) -> Option<&'static Concert> {
    CONCERTS.iter().find(|concert| concert.id == id)
}

fn show(day: Date) -> String {
    day.strftime("%a %-d %B %Y, 20:00").to_string()
}

async fn list() -> Markup {
    page(
        &BRAND,
        "/",
        "Concerts",
        html! {
            h1 { "Concerts this season" }
            section aria-label="Concerts" {
                ul class="concerts" {
                    @for (n, concert) in CONCERTS.iter().enumerate() {
                        li class="card" {
                            span class={ "poster poster-" (n) } aria-hidden="true" { (concert.style) }
                            h2 { (concert.title) }
                            p class="quiet" { (show(concert.day)) br; (concert.venue) }
                            div class="buy" {
                                span { "from " (Cents(concert.prices[2])) " EUR" }
                                a class="button" href={ "/concerts/" (concert.id) } { "Choose seats" }
                            }
                        }
                    }
                }
            }
        },
    )
}

async fn open(Path(id): Path<String>) -> Response {
    let Some(concert) = find(&id) else {
        return not_found(&BRAND);
    };
    seats(concert, &Vec::new()).into_response()
}

fn seats(concert: &Concert, wrong: &Mistakes) -> Markup {
    page(
        &BRAND,
        "/",
        concert.title,
        html! {
            p class="crumbs" { a href="/" { "All concerts" } }
            h1 { (concert.title) }
            p class="quiet lead" { (show(concert.day)) " · " (concert.venue) " · " (concert.style) }
            (mistakes(wrong))
            div class="beside even" {
                table class="card" aria-label="Prices" {
                    thead { tr { th scope="col" { "Section" } th scope="col" class="sum" { "Price for one" } } }
                    tbody {
                        @for (section, price) in SECTIONS.iter().zip(concert.prices) {
                            tr { td { (section) } td class="sum" { (Cents(price)) " EUR" } }
                        }
                    }
                }
                form class="card form single" method="get" action="/checkout" novalidate aria-label="Seats" {
                    input type="hidden" name="concert" value=(concert.id);
                    div class="field" {
                        label for="section" { "Section" }
                        select id="section" name="section" required aria-invalid=[invalid(wrong, "section")] {
                            option value="" { "Choose a section" }
                            @for section in SECTIONS { option value=(section) { (section) } }
                        }
                    }
                    div class="field" {
                        label for="quantity" { "Number of tickets" }
                        select id="quantity" name="quantity" required aria-invalid=[invalid(wrong, "quantity")] {
                            option value="" { "Choose how many" }
                            @for count in 1..=MOST_TICKETS { option value=(count) { (count) } }
                        }
                    }
                    div class="submit" { button class="button" type="submit" { "Continue" } }
                }
            }
        },
    )
}

/// What the fields ask for, or the page that says what is wrong with them.
fn choose(fields: &Fields) -> Result<Choice, Box<Response>> {
    let field = |name: &str| fields.get(name).map_or("", |value| value.trim());
    let Some(concert) = find(field("concert")) else {
        return Err(Box::new(failure(
            &BRAND,
            StatusCode::BAD_REQUEST,
            "No concert was chosen",
            "Go back to the concerts and choose seats there.",
        )));
    };
    let section = SECTIONS.iter().position(|name| *name == field("section"));
    let quantity = field("quantity")
        .parse()
        .ok()
        .filter(|count| (1..=MOST_TICKETS).contains(count));
    if let (Some(section), Some(quantity)) = (section, quantity) {
        return Ok(Choice {
            concert,
            section,
            quantity,
        });
    }
    let mut wrong = Mistakes::new();
    if section.is_none() {
        wrong.push((
            "section",
            "Section: choose where you would like to sit.".into(),
        ));
    }
    if quantity.is_none() {
        wrong.push((
            "quantity",
            format!("Number of tickets: choose from 1 to {MOST_TICKETS}."),
        ));
    }
    Err(Box::new(
        (StatusCode::BAD_REQUEST, seats(concert, &wrong)).into_response(),
    ))
}

async fn checkout(Query(fields): Query<Fields>) -> Response {
    match choose(&fields) {
        Ok(choice) => form(&choice, &Fields::new(), &Vec::new()).into_response(),
        Err(answer) => *answer,
    }
}

fn form(choice: &Choice, fields: &Fields, wrong: &Mistakes) -> Markup {
    let again = |name: &str| fields.get(name).map_or("", String::as_str);
    page(
        &BRAND,
        "/",
        "Checkout",
        html! {
            p class="crumbs" { a href={ "/concerts/" (choice.concert.id) } { "Other seats" } }
            h1 { "Checkout" }
            (mistakes(wrong))
            div class="beside even" {
                form class="card form" method="post" action="/orders" novalidate aria-label="Payment" {
                    input type="hidden" name="concert" value=(choice.concert.id);
                    input type="hidden" name="section" value=(SECTIONS[choice.section]);
                    input type="hidden" name="quantity" value=(choice.quantity);
                    div class="field wide" {
                        label for="holder" { "Name on the card" }
                        input id="holder" name="holder" autocomplete="cc-name" required value=(again("holder")) aria-invalid=[invalid(wrong, "holder")];
                    }
                    // What was typed as a card is never sent back.
                    div class="field wide" {
                        label for="card" { "Card number" }
                        input id="card" name="card" inputmode="numeric" autocomplete="cc-number" placeholder="0000 0000 0000 0000" required aria-invalid=[invalid(wrong, "card")];
                    }
                    div class="field" {
                        label for="expiry" { "Expiry" }
                        input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" placeholder="MM/YY" required aria-invalid=[invalid(wrong, "expiry")];
                    }
                    div class="field" {
                        label for="code" { "Security code" }
                        input id="code" name="code" inputmode="numeric" autocomplete="cc-csc" placeholder="000" required aria-invalid=[invalid(wrong, "code")];
                    }
                    div class="submit" { button class="button" type="submit" { "Pay " (choice.total()) " EUR" } }
                }
                section class="card" aria-label="Your order" {
                    h2 { "Your order" }
                    dl {
                        dt { "Concert" } dd { (choice.concert.title) }
                        dt { "When" } dd { (show(choice.concert.day)) }
                        dt { "Where" } dd { (choice.concert.venue) }
                        dt { "Section" } dd { (SECTIONS[choice.section]) }
                        dt { "Tickets" } dd { (choice.quantity) " × " (choice.price()) " EUR" }
                    }
                    p class="total" { "Total " (choice.total()) " EUR" }
                }
            }
        },
    )
}

async fn pay(
    State(orders): State<Shelf<Order>>,
    body: Result<Form<Fields>, FormRejection>,
) -> Response {
    let fields = match body {
        Ok(Form(fields)) => fields,
        Err(rejection) => {
            return failure(
                &BRAND,
                rejection.status(),
                "The form could not be read",
                &rejection.body_text(),
            );
        }
    };
    let choice = match choose(&fields) {
        Ok(choice) => choice,
        Err(answer) => return *answer,
    };
    let mut shelf = orders.lock();
    match check(&choice, &fields, shelf.len() + FIRST_NUMBER) {
        Ok(order) => {
            let address = format!("/orders/{}", order.number);
            shelf.push(order);
            Redirect::to(&address).into_response()
        }
        Err(wrong) => (StatusCode::BAD_REQUEST, form(&choice, &fields, &wrong)).into_response(),
    }
}

/// The order that a form pays for, or everything that is wrong with it.
fn check(choice: &Choice, fields: &Fields, number: usize) -> Result<Order, Mistakes> {
    let field = |name: &str| fields.get(name).map_or("", |value| value.trim());
    let mut wrong = Mistakes::new();
    if field("holder").is_empty() {
        wrong.push((
            "holder",
            "Name on the card: write it as it is printed.".into(),
        ));
    }
    let card: String = field("card").split([' ', '-']).collect();
    if !is_card(&card) {
        wrong.push(("card", "Card number: this is not a card number.".into()));
    }
    if !is_expiry(field("expiry")) {
        wrong.push(("expiry", "Expiry: month and year, as in 09/29.".into()));
    }
    let code = field("code");
    if !(3..=4).contains(&code.len()) || !code.bytes().all(|b| b.is_ascii_digit()) {
        wrong.push((
            "code",
            "Security code: the three or four digits on the card.".into(),
        ));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    Ok(Order {
        number: format!("T-{number}"),
        concert: choice.concert.title.to_owned(),
        section: SECTIONS[choice.section].to_owned(),
        quantity: choice.quantity,
        total: choice.total(),
        holder: field("holder").to_owned(),
        card_ending: card[card.len() - 4..].to_owned(),
    })
}

/// Thirteen to nineteen digits whose check digit (Luhn) is right.
fn is_card(card: &str) -> bool {
    if !(13..=19).contains(&card.len()) || !card.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = card
        .bytes()
        .rev()
        .enumerate()
        .map(|(n, byte)| {
            let digit = u32::from(byte - b'0') * if n % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// `MM/YY`, with or without spaces around the stroke. Whether it has passed is not asked: the shop knows no today.
fn is_expiry(text: &str) -> bool {
    text.split_once('/').is_some_and(|(month, year)| {
        let (month, year) = (month.trim(), year.trim());
        let digits = |s: &str| s.len() == 2 && s.bytes().all(|b| b.is_ascii_digit());
        digits(month) && digits(year) && ("01"..="12").contains(&month)
    })
}

async fn confirmation(State(orders): State<Shelf<Order>>, Path(number): Path<String>) -> Response {
    let found = orders
        .lock()
        .iter()
        .find(|order| order.number == number)
        .cloned();
    let Some(order) = found else {
        return not_found(&BRAND);
    };
    page(
        &BRAND,
        "/",
        "Payment received",
        html! {
            section class="card narrow" {
                p class="done" role="status" { "Payment received" }
                h1 { "Order " (order.number) }
                dl {
                    dt { "Concert" } dd { (order.concert) }
                    dt { "Section" } dd { (order.section) }
                    dt { "Tickets" } dd { (order.quantity) }
                    dt { "Paid" } dd { (order.total) " EUR" }
                    dt { "Card" } dd { "ending in " (order.card_ending) }
                }
                p { a class="button plain" href="/" { "More concerts" } }
            }
        },
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::{is_card, is_expiry};

    #[test]
    fn knows_card_numbers() {
        assert!(is_card("4242424242424242"));
        for not in ["4242424242424241", "4242", "", "424242424242424x"] {
            assert!(!is_card(not), "{not:?}");
        }
    }

    #[test]
    fn knows_expiries() {
        assert!(is_expiry("09/29"));
        assert!(is_expiry("12 / 30"));
        for not in ["13/29", "00/29", "9/29", "0929", ""] {
            assert!(!is_expiry(not), "{not:?}");
        }
    }
}
