//! The calendar: months, days and who was met on them. It is only looked at.

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use maud::{Markup, html};

use super::page::{Brand, finish, not_found, page};

const BRAND: Brand = Brand {
    name: "Daybook",
    class: "daybook",
    mark: "D",
    navigation: &[("Calendar", "/"), ("People", "/people")],
};

/// One entry: month and day of 2026, time, what, kind, place.
struct Entry(
    i8,
    i8,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

impl Entry {
    fn date(&self) -> Date {
        date(YEAR, self.0, self.1)
    }
}

const YEAR: i16 = 2026;
/// The months that the calendar holds.
const MONTHS: [i8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

#[rustfmt::skip]
const ENTRIES: &[Entry] = &[
    Entry(1, 7, "09:00", "Week planning", "Meeting", "Room 5"),
    Entry(1, 15, "14:00", "Call with Jonas Weber", "Call", "Video"),
    Entry(1, 22, "10:00", "Planning with Mira Okafor", "Meeting", "Room 1"),
    Entry(2, 4, "09:30", "Planning with Priya Nair", "Meeting", "Room 2"),
    Entry(2, 11, "14:00", "Call with Tom Lindqvist", "Call", "Phone"),
    Entry(2, 18, "12:30", "Lunch with Yara Haddad", "Meal", "Meet in the lobby"),
    Entry(2, 24, "10:00", "Budget review", "Meeting", "Room 5"),
    Entry(3, 3, "08:00", "Train to the coast", "Travel", "Central Station"),
    Entry(3, 5, "11:00", "Interview: design", "Meeting", "Room 2"),
    Entry(3, 9, "09:00", "Week planning", "Meeting", "Room 5"),
    Entry(3, 12, "09:30", "Stand-up with Jonas Weber", "Meeting", "Room 2"),
    Entry(3, 12, "12:30", "Lunch with Ana Reyes", "Meal", "Meet in the lobby"),
    Entry(3, 12, "15:00", "Call with Mira Okafor", "Call", "Video"),
    Entry(3, 18, "16:30", "Dentist", "Private", "8 Garden Lane"),
    Entry(3, 19, "19:00", "Conference dinner", "Private", "Linden Square"),
    Entry(3, 24, "13:00", "Review with Priya Nair", "Meeting", "Room 1"),
    Entry(3, 27, "10:00", "Call with Ana Reyes", "Call", "Phone"),
    Entry(3, 27, "12:15", "Lunch with Jonas Weber", "Meal", "Meet in the lobby"),
    Entry(3, 27, "16:00", "Week review", "Meeting", "Room 5"),
    Entry(4, 2, "15:30", "Museum visit", "Private", "Old Harbour"),
    Entry(4, 8, "09:00", "Planning with Tom Lindqvist", "Meeting", "Room 2"),
    Entry(4, 14, "11:00", "Call with Yara Haddad", "Call", "Video"),
    Entry(4, 16, "12:30", "Lunch with Ana Reyes", "Meal", "Meet in the lobby"),
    Entry(4, 21, "10:30", "Budget review", "Meeting", "Room 5"),
    Entry(4, 23, "09:00", "Workshop with Tom Lindqvist", "Meeting", "Room 1"),
    Entry(4, 23, "13:00", "Lunch with Mira Okafor", "Meal", "Meet at the pier"),
    Entry(4, 23, "17:00", "Call with Priya Nair", "Call", "Phone"),
    Entry(4, 28, "18:40", "Flight home", "Travel", "Airport"),
    Entry(5, 6, "09:30", "Planning with Priya Nair", "Meeting", "Room 2"),
    Entry(5, 13, "12:30", "Lunch with Tom Lindqvist", "Meal", "Meet in the lobby"),
    Entry(5, 16, "20:00", "Concert", "Private", "Harbour Hall"),
    Entry(5, 20, "14:00", "Call with Ana Reyes", "Call", "Video"),
    Entry(6, 3, "10:30", "Budget review", "Meeting", "Room 5"),
    Entry(6, 17, "12:30", "Lunch with Priya Nair", "Meal", "Meet in the lobby"),
    Entry(6, 25, "13:00", "Review with Tom Lindqvist", "Meeting", "Room 2"),
    Entry(7, 8, "11:00", "Call with Yara Haddad", "Call", "Phone"),
    Entry(8, 3, "07:20", "Train to the lakes", "Travel", "Central Station"),
];

pub(super) fn router() -> Router {
    finish(
        Router::new()
            .route("/", get(year))
            .route("/month/{month}", get(month))
            .route("/day/{day}", get(day))
            .route("/entries/{number}", get(entry))
            .route("/people", get(people)),
        &BRAND,
    )
}

fn on(day: Date) -> impl Iterator<Item = &'static Entry> {
    ENTRIES.iter().filter(move |entry| entry.date() == day)
}

fn show(day: Date, format: &str) -> String {
    day.strftime(format).to_string()
}

/// The weeks of a month, Monday first; `None` where a day belongs to another month.
fn weeks(first: Date) -> Vec<[Option<Date>; 7]> {
    let lead = i64::from(first.weekday().to_monday_zero_offset());
    let days = i64::from(first.days_in_month());
    (0..(lead + days + 6) / 7)
        .map(|week| {
            std::array::from_fn(|column| {
                let offset = week * 7 + column as i64 - lead;
                (0..days)
                    .contains(&offset)
                    .then(|| first.saturating_add(Span::new().days(offset)))
            })
        })
        .collect()
}

async fn year() -> Markup {
    page(
        &BRAND,
        "/",
        "2026",
        html! {
            h1 { "2026" }
            section aria-label="Months" {
                ul class="months" {
                    @for number in MONTHS {
                        @let first = date(YEAR, number, 1);
                        @let count = ENTRIES.iter().filter(|entry| entry.0 == number).count();
                        li class="card" {
                            h2 { a href={ "/month/" (show(first, "%Y-%m")) } { (show(first, "%B %Y")) } }
                            div class="mini" aria-hidden="true" {
                                @for day in weeks(first).into_iter().flatten() {
                                    @match day {
                                        Some(day) => span class=[on(day).next().map(|_| "busy")] { (day.day()) },
                                        None => span {},
                                    }
                                }
                            }
                            p class="quiet" { (count) @if count == 1 { " entry" } @else { " entries" } }
                        }
                    }
                }
            }
        },
    )
}

async fn month(Path(text): Path<String>) -> Response {
    let Some(first) = format!("{text}-01")
        .parse::<Date>()
        .ok()
        .filter(|first| first.year() == YEAR && MONTHS.contains(&first.month()))
    else {
        return not_found(&BRAND);
    };
    let title = show(first, "%B %Y");
    let neighbour = |months: i64, label: &str| {
        let other = first.saturating_add(months.months());
        html! {
            @if MONTHS.contains(&other.month()) {
                a class="button plain" href={ "/month/" (show(other, "%Y-%m")) } { (label) }
            }
        }
    };
    page(
        &BRAND,
        "/",
        &title,
        html! {
            div class="headline" {
                h1 { (title) }
                div class="actions" { (neighbour(-1, "Previous month")) (neighbour(1, "Next month")) }
            }
            table class="card grid" aria-label=(title) {
                thead { tr { @for name in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] { th scope="col" { (name) } } } }
                tbody {
                    @for week in weeks(first) {
                        tr {
                            @for day in week {
                                td {
                                    @if let Some(day) = day {
                                        a class="number" href={ "/day/" (day) } aria-label=(show(day, "%-d %B %Y")) { (day.day()) }
                                        @for entry in on(day) {
                                            span class={ "chip " (entry.4.to_lowercase()) } { (entry.3) }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
    .into_response()
}

async fn day(Path(text): Path<String>) -> Response {
    let Some(day) = text
        .parse::<Date>()
        .ok()
        .filter(|day| day.year() == YEAR && MONTHS.contains(&day.month()))
    else {
        return not_found(&BRAND);
    };
    let title = show(day, "%-d %B %Y");
    let entries: Vec<_> = ENTRIES
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.date() == day)
        .collect();
    page(
        &BRAND,
        "/",
        &title,
        html! {
            p class="crumbs" { a href={ "/month/" (show(day, "%Y-%m")) } { "Back to " (show(day, "%B")) } }
            p class="eyebrow" { (show(day, "%A")) }
            h1 { (title) }
            @if entries.is_empty() {
                p class="card narrow" { "Nothing is planned on this day." }
            } @else {
                table class="card" aria-label="Entries" {
                    thead { tr { th scope="col" { "Time" } th scope="col" { "What" } th scope="col" { "Kind" } th scope="col" { "Where" } } }
                    tbody {
                        @for (number, Entry(_, _, time, what, kind, place)) in entries {
                            tr {
                                td class="quiet" { (time) }
                                td { a href={ "/entries/" (number) } { (what) } }
                                td { span class={ "chip " (kind.to_lowercase()) } { (kind) } }
                                td { (place) }
                            }
                        }
                    }
                }
            }
        },
    )
    .into_response()
}

async fn entry(Path(number): Path<String>) -> Response {
    let Some(entry) = number.parse().ok().and_then(|n: usize| ENTRIES.get(n)) else {
        return not_found(&BRAND);
    };
    let Entry(_, _, time, what, kind, place) = entry;
    page(
        &BRAND,
        "/",
        what,
        html! {
            p class="crumbs" { a href={ "/day/" (entry.date()) } { "Back to the day" } }
            section class="card narrow" {
                h1 { (what) }
                dl {
                    dt { "Day" } dd { (show(entry.date(), "%A, %-d %B %Y")) }
                    dt { "Time" } dd { (time) }
                    dt { "Where" } dd { (place) }
                    dt { "Kind" } dd { (kind) }
                }
            }
        },
    )
    .into_response()
}

async fn people() -> Markup {
    page(
        &BRAND,
        "/people",
        "People",
        html! {
            h1 { "People" }
            table class="card" aria-label="People" {
                thead { tr { th scope="col" { "Name" } th scope="col" { "Meetings" } } }
                tbody {
                    @for name in super::expenses::PEOPLE {
                        tr {
                            td { strong { (name) } }
                            td { (ENTRIES.iter().filter(|entry| entry.3.ends_with(name)).count()) }
                        }
                    }
                }
            }
        },
    )
}
