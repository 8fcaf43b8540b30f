//! The expense tool: a list of reports, and a form that claims money for a new one. It takes only what is whole and valid.

use axum::Router;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};

use super::money::Cents;
use super::page::{Brand, failure, finish, invalid, mistakes, not_found, page};
use super::servers::Shelf;

const BRAND: Brand = Brand {
    name: "Payback",
    class: "payback",
    mark: "P",
    navigation: &[("My reports", "/"), ("New report", "/reports/new")],
};

/// Who can be tagged.
pub(super) const PEOPLE: [&str; 6] = [
    "Ana Reyes",
    "Jonas Weber",
    "Mira Okafor",
    "Priya Nair",
    "Tom Lindqvist",
    "Yara Haddad",
];

/// Reports of earlier months, for a list that does not begin empty: number, date, merchant, project, amount.
const PAID: [(&str, &str, &str, &str, &str); 4] = [
    (
        "R-2026-0106",
        "19 March 2026",
        "Hotel Linden",
        "ATLAS-12",
        "129.00",
    ),
    (
        "R-2026-0105",
        "3 March 2026",
        "City Taxi",
        "ATLAS-12",
        "18.40",
    ),
    (
        "R-2026-0104",
        "18 February 2026",
        "Bistro Nord",
        "BOREAL-7",
        "41.30",
    ),
    (
        "R-2026-0103",
        "9 February 2026",
        "Print & Co",
        "BOREAL-7",
        "15.95",
    ),
];

/// Number of the first report that a run submits.
const FIRST_NUMBER: usize = 107;

/// Keeps the sum beside the button equal to the amount typed.
const SUM_SCRIPT: &str = "
const amount = document.getElementById('amount'), sum = document.getElementById('sum');
const show = () => { sum.textContent = Math.max(0, parseFloat(amount.value.replace(',', '.')) || 0).toFixed(2) + ' EUR'; };
amount.addEventListener('input', show);
show();
";

/// A submitted claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub number: String,
    pub date: Date,
    pub amount: Cents,
    pub merchant: String,
    pub project: String,
    pub people: Vec<String>,
    /// Name of the attached file.
    pub file: String,
    pub file_bytes: usize,
    /// BLAKE3 of the attached file, in hexadecimal.
    pub file_hash: String,
}

/// The form as it was sent, valid or not.
#[derive(Debug, Default)]
struct Draft {
    date: String,
    amount: String,
    merchant: String,
    project: String,
    people: Vec<String>,
    file: String,
    bytes: Vec<u8>,
}

type Mistakes = Vec<(&'static str, String)>;

pub(super) fn router(reports: Shelf<Report>) -> Router {
    finish(
        Router::new()
            .route("/", get(list))
            .route(
                "/reports/new",
                get(async || form(&Draft::default(), &Vec::new())),
            )
            .route("/reports", get(async || Redirect::to("/")).post(submit))
            .route("/reports/{number}", get(open))
            .with_state(reports),
        &BRAND,
    )
}

fn show(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

async fn list(State(reports): State<Shelf<Report>>) -> Markup {
    let submitted = reports.lock().clone();
    page(
        &BRAND,
        "/",
        "My reports",
        html! {
            div class="headline" {
                h1 { "My reports" }
                div class="actions" { a class="button" href="/reports/new" { "Start a report" } }
            }
            table class="card" aria-label="My reports" {
                thead { tr {
                    th scope="col" { "Report" } th scope="col" { "Date" } th scope="col" { "Merchant" }
                    th scope="col" { "Project" } th scope="col" class="sum" { "Amount" } th scope="col" { "State" }
                } }
                tbody {
                    @for report in submitted.iter().rev() {
                        tr {
                            td { a href={ "/reports/" (report.number) } { (report.number) } }
                            td { (show(report.date)) } td { (report.merchant) } td { (report.project) }
                            td class="sum" { (report.amount) " EUR" } td { span class="chip meal" { "Submitted" } }
                        }
                    }
                    @for (number, date, merchant, project, amount) in PAID {
                        tr {
                            td { (number) } td { (date) } td { (merchant) } td { (project) }
                            td class="sum" { (amount) " EUR" } td { span class="chip paid" { "Paid" } }
                        }
                    }
                }
            }
        },
    )
}

fn form(draft: &Draft, wrong: &Mistakes) -> Markup {
    page(
        &BRAND,
        "/reports/new",
        "New report",
        html! {
            h1 { "New report" }
            (mistakes(wrong))
            // The server checks, so that a mistake is always said on the page.
            form class="card form" method="post" action="/reports" enctype="multipart/form-data" novalidate aria-label="New report" {
                div class="field" {
                    label for="date" { "Date" }
                    input id="date" name="date" type="date" required value=(draft.date) aria-invalid=[invalid(wrong, "date")];
                }
                div class="field" {
                    label for="amount" { "Amount in EUR" }
                    input id="amount" name="amount" inputmode="decimal" placeholder="0.00" autocomplete="off" required value=(draft.amount) aria-invalid=[invalid(wrong, "amount")];
                }
                div class="field" {
                    label for="merchant" { "Merchant" }
                    input id="merchant" name="merchant" autocomplete="off" required value=(draft.merchant) aria-invalid=[invalid(wrong, "merchant")];
                }
                div class="field" {
                    label for="project" { "Project code" }
                    input id="project" name="project" placeholder="NAME-00" autocomplete="off" required value=(draft.project) aria-invalid=[invalid(wrong, "project")];
                }
                div class="field" {
                    label for="person" { "Person" }
                    select id="person" name="person" required aria-invalid=[invalid(wrong, "person")] {
                        option value="" { "Choose who was there" }
                        @for name in PEOPLE {
                            option value=(name) selected[draft.people.iter().any(|chosen| chosen == name)] { (name) }
                        }
                    }
                }
                div class="field" {
                    label for="receipt" { "Receipt" }
                    input id="receipt" name="receipt" type="file" accept="image/png,image/jpeg,application/pdf" required aria-invalid=[invalid(wrong, "receipt")];
                }
                div class="submit" {
                    p { span class="quiet" { "You claim" } output id="sum" for="amount" { "0.00 EUR" } }
                    button class="button" type="submit" { "Submit claim" }
                }
            }
            script { (PreEscaped(SUM_SCRIPT)) }
        },
    )
}

async fn submit(
    State(reports): State<Shelf<Report>>,
    body: Result<Multipart, MultipartRejection>,
) -> Response {
    let draft = match body {
        Ok(body) => read(body).await,
        Err(rejection) => Err((rejection.status(), rejection.body_text())),
    };
    let draft = match draft {
        Ok(draft) => draft,
        Err((status, reason)) => {
            return failure(&BRAND, status, "The form could not be read", &reason);
        }
    };
    let mut shelf = reports.lock();
    match check(&draft, shelf.len() + FIRST_NUMBER) {
        Ok(report) => {
            let address = format!("/reports/{}", report.number);
            shelf.push(report);
            Redirect::to(&address).into_response()
        }
        Err(wrong) => (StatusCode::BAD_REQUEST, form(&draft, &wrong)).into_response(),
    }
}

async fn read(mut body: Multipart) -> Result<Draft, (StatusCode, String)> {
    let mut draft = Draft::default();
    let explain = |e: axum::extract::multipart::MultipartError| (e.status(), e.body_text());
    while let Some(field) = body.next_field().await.map_err(explain)? {
        let name = field.name().unwrap_or_default().to_owned();
        match name.as_str() {
            "receipt" => {
                draft.file = field.file_name().unwrap_or_default().to_owned();
                draft.bytes = field.bytes().await.map_err(explain)?.to_vec();
            }
            "date" => draft.date = field.text().await.map_err(explain)?,
            "amount" => draft.amount = field.text().await.map_err(explain)?,
            "merchant" => draft.merchant = field.text().await.map_err(explain)?,
            "project" => draft.project = field.text().await.map_err(explain)?,
            "person" => draft.people.push(field.text().await.map_err(explain)?),
            _ => {}
        }
    }
    draft.people.retain(|name| !name.trim().is_empty());
    Ok(draft)
}

/// The report that a form stands for, or everything that is wrong with it.
fn check(draft: &Draft, number: usize) -> Result<Report, Mistakes> {
    let mut wrong = Mistakes::new();
    let iso = Some(draft.date.trim()).filter(|text| text.len() == 10);
    let date = iso.and_then(|text| text.parse::<Date>().ok());
    if date.is_none() {
        wrong.push((
            "date",
            "Date: give the day of the receipt as year, month and day.".into(),
        ));
    }
    let amount = Cents::parse(&draft.amount);
    if amount.is_none() {
        wrong.push((
            "amount",
            "Amount: give a positive number with at most two decimals, as in 48.20.".into(),
        ));
    }
    let merchant = draft.merchant.trim();
    if merchant.is_empty() {
        wrong.push(("merchant", "Merchant: say who was paid.".into()));
    }
    let project = draft.project.trim();
    if !is_project(project) {
        wrong.push((
            "project",
            "Project code: letters, a hyphen and digits, as in ATLAS-12.".into(),
        ));
    }
    if draft.people.is_empty() {
        wrong.push(("person", "Person: choose who was there.".into()));
    }
    for name in &draft.people {
        if !PEOPLE.contains(&name.as_str()) {
            wrong.push(("person", format!("Person: nobody here is called {name}.")));
        }
    }
    if draft.file.is_empty() || draft.bytes.is_empty() {
        wrong.push(("receipt", "Receipt: attach the receipt's file.".into()));
    }
    match (date, amount) {
        (Some(date), Some(amount)) if wrong.is_empty() => Ok(Report {
            number: format!("R-2026-{number:04}"),
            date,
            amount,
            merchant: merchant.to_owned(),
            project: project.to_owned(),
            people: draft.people.clone(),
            file: draft.file.clone(),
            file_bytes: draft.bytes.len(),
            file_hash: blake3::hash(&draft.bytes).to_hex().to_string(),
        }),
        _ => Err(wrong),
    }
}

fn is_project(code: &str) -> bool {
    code.split_once('-').is_some_and(|(name, number)| {
        !name.is_empty()
            && name.chars().all(char::is_alphabetic)
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

async fn open(State(reports): State<Shelf<Report>>, Path(number): Path<String>) -> Response {
    let found = reports
        .lock()
        .iter()
        .find(|report| report.number == number)
        .cloned();
    let Some(report) = found else {
        return not_found(&BRAND);
    };
    page(
        &BRAND,
        "/",
        "Claim submitted",
        html! {
            section class="card narrow" {
                p class="done" role="status" { "Claim submitted" }
                h1 { "Report " (report.number) }
                dl {
                    dt { "Date" } dd { (show(report.date)) }
                    dt { "Amount" } dd { (report.amount) " EUR" }
                    dt { "Merchant" } dd { (report.merchant) }
                    dt { "Project" } dd { (report.project) }
                    dt { "Person" } dd { (report.people.join(", ")) }
                    dt { "Receipt" } dd { (report.file) }
                }
                p { a class="button plain" href="/" { "My reports" } }
            }
        },
    )
    .into_response()
}

#[cfg(test)]
mod tests {
    use super::{Draft, check};

    fn whole() -> Draft {
        Draft {
            date: "2026-03-12".into(),
            amount: "48.20".into(),
            merchant: "Trattoria Lucia".into(),
            project: "ATLAS-12".into(),
            people: vec!["Ana Reyes".into()],
            file: "a.png".into(),
            bytes: vec![1, 2, 3],
        }
    }

    #[test]
    fn a_whole_form_becomes_a_report() {
        let report = check(&whole(), 107).expect("it is valid");
        assert_eq!(report.number, "R-2026-0107");
        assert_eq!(report.amount.to_string(), "48.20");
        assert_eq!(report.file_bytes, 3);
    }

    #[test]
    fn every_mistake_is_named_by_its_field() {
        type Spoil = fn(&mut Draft);
        let cases: [(&str, Spoil); 10] = [
            ("date", |d| d.date = "12 March 2026".into()),
            ("date", |d| d.date = "2026-02-30".into()),
            ("date", |d| d.date = "20260312".into()),
            ("amount", |d| d.amount = "-1".into()),
            ("amount", |d| d.amount = "0".into()),
            ("merchant", |d| d.merchant = "  ".into()),
            ("project", |d| d.project = "ATLAS".into()),
            ("person", |d| d.people = vec!["Nobody Known".into()]),
            ("person", |d| d.people.clear()),
            ("receipt", |d| d.bytes.clear()),
        ];
        for (field, spoil) in cases {
            let mut draft = whole();
            spoil(&mut draft);
            let wrong = check(&draft, 107).expect_err(field);
            assert_eq!(
                wrong.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
                [field]
            );
        }
    }
}
