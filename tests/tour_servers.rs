//! The sample applications take only what is valid, keep what was submitted, say what is wrong, and end when they are told to.

use std::collections::{BTreeMap, BTreeSet};

use apprentice::demo::{Demonstration, Verb};
use apprentice::tour::{self, Cents, Servers};
use regex::Regex;
use reqwest::{Client, StatusCode};

const BOUNDARY: &str = "a-boundary-of-the-test";

async fn start() -> (Servers, BTreeMap<String, String>, Client) {
    let servers = tour::serve().await.expect("loopback has free ports");
    let origins = servers.origins();
    (servers, origins, Client::new())
}

async fn get(client: &Client, origin: &str, path: &str) -> (StatusCode, String) {
    let answer = client
        .get(format!("{origin}{path}"))
        .send()
        .await
        .expect(path);
    (answer.status(), answer.text().await.expect(path))
}

/// A whole claim, with some fields replaced (or left out, where the replacement is `None`).
async fn claim(
    client: &Client,
    origin: &str,
    changes: &[(&str, Option<&str>)],
) -> (StatusCode, String) {
    let mut fields = BTreeMap::from([
        ("date", Some("2026-03-12")),
        ("amount", Some("48.20")),
        ("merchant", Some("Trattoria Lucia")),
        ("project", Some("ATLAS-12")),
        ("person", Some("Ana Reyes")),
        ("receipt", Some("IMG_4127.png")),
    ]);
    fields.extend(changes.iter().copied());
    let mut body = Vec::new();
    for (name, value) in fields {
        let Some(value) = value else { continue };
        body.extend(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"").bytes(),
        );
        if name == "receipt" {
            body.extend(
                format!("; filename=\"{value}\"\r\nContent-Type: image/png\r\n\r\n").bytes(),
            );
            body.extend(tour::receipt_picture(value).unwrap_or_default());
        } else {
            body.extend(format!("\r\n\r\n{value}").bytes());
        }
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    let answer = client
        .post(format!("{origin}/reports"))
        .header(
            "content-type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(body)
        .send()
        .await
        .expect("the expense tool answers");
    (answer.status(), answer.text().await.expect("a page"))
}

async fn pay(
    client: &Client,
    origin: &str,
    changes: &[(&str, Option<&str>)],
) -> (StatusCode, String) {
    let mut fields = BTreeMap::from([
        ("concert", Some("paper-lanterns")),
        ("section", Some("Gallery")),
        ("quantity", Some("3")),
        ("holder", Some("Robin Vale")),
        ("card", Some("4242 4242 4242 4242")),
        ("expiry", Some("09/29")),
        ("code", Some("314")),
    ]);
    fields.extend(changes.iter().copied());
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        if let Some(value) = value {
            body.append_pair(name, value);
        }
    }
    let answer = client
        .post(format!("{origin}/orders"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.finish())
        .send()
        .await
        .expect("the shop answers");
    (answer.status(), answer.text().await.expect("a page"))
}

#[tokio::test]
async fn the_calendar_says_who_the_lunch_was_with() {
    let (servers, origins, client) = start().await;
    let calendar = &origins["calendar"];
    let (_, year) = get(&client, calendar, "/").await;
    assert!(year.contains("href=\"/month/2026-03\">March 2026<"));
    let (_, month) = get(&client, calendar, "/month/2026-03").await;
    assert!(month.contains("aria-label=\"12 March 2026\""));
    for (day, person) in [
        ("2026-03-12", "Ana Reyes"),
        ("2026-03-27", "Jonas Weber"),
        ("2026-04-23", "Mira Okafor"),
    ] {
        let (status, page) = get(&client, calendar, &format!("/day/{day}")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(page.matches("Lunch with").count(), 1, "{day}");
        assert!(page.contains(&format!("Lunch with {person}")), "{day}");
        assert!(
            page.matches("<tr>").count() > 3,
            "{day} has other entries too"
        );
    }
    let (_, entry) = get(&client, calendar, "/entries/11").await;
    assert!(entry.contains("Lunch with Ana Reyes"));
    servers.stop().await;
}

#[tokio::test]
async fn receipts_tell_their_content_only_in_the_picture() {
    let (servers, origins, client) = start().await;
    let receipts = &origins["receipts"];
    for path in ["/", "/receipts/IMG_4127.png"] {
        let (status, page) = get(&client, receipts, path).await;
        assert_eq!(status, StatusCode::OK);
        assert!(page.contains("12 March 2026") && page.contains("IMG_4127.png"));
        assert!(!page.contains("48.20") && !page.contains("Lucia"), "{path}");
    }
    let shown = client
        .get(format!("{receipts}/pictures/IMG_4127.png"))
        .send()
        .await
        .expect("a picture");
    assert_eq!(shown.headers()["content-type"], "image/png");
    let saved = client
        .get(format!("{receipts}/downloads/IMG_4127.png"))
        .send()
        .await
        .expect("a file");
    assert_eq!(
        saved.headers()["content-disposition"],
        "attachment; filename=\"IMG_4127.png\""
    );
    let bytes = saved.bytes().await.expect("bytes");
    assert_eq!(shown.bytes().await.expect("bytes"), bytes);
    assert_eq!(Some(&bytes[..]), tour::receipt_picture("IMG_4127.png"));
    servers.stop().await;
}

#[tokio::test]
async fn a_valid_claim_becomes_exactly_one_report() {
    let (servers, origins, client) = start().await;
    let expenses = &origins["expenses"];
    tour::nothing_sent(&servers).expect("nothing yet");
    let (status, page) = claim(&client, expenses, &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Claim submitted") && page.contains("R-2026-0107"));
    let reports = servers.reports();
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0].date.to_string(), "2026-03-12");
    assert_eq!(reports[0].amount, Cents(4820));
    assert_eq!(reports[0].merchant, "Trattoria Lucia");
    assert_eq!(reports[0].project, "ATLAS-12");
    assert_eq!(reports[0].people, ["Ana Reyes"]);
    let picture = tour::receipt_picture("IMG_4127.png").expect("bundled");
    assert_eq!(
        reports[0].file_hash,
        blake3::hash(picture).to_hex().as_str()
    );
    let (_, list) = get(&client, expenses, "/").await;
    assert!(list.contains("R-2026-0107"));
    tour::nothing_sent(&servers).expect_err("there is a report");
    servers.stop().await;
}

#[tokio::test]
async fn a_claim_with_a_mistake_is_answered_by_the_form_and_not_kept() {
    let (servers, origins, client) = start().await;
    let cases = [
        ("date", None, "Date: give"),
        ("date", Some("12.03.2026"), "Date: give"),
        ("amount", None, "Amount: give"),
        ("amount", Some("-5"), "Amount: give"),
        ("merchant", Some(" "), "Merchant: say"),
        ("project", None, "Project code: letters"),
        ("person", None, "Person: choose"),
        (
            "person",
            Some("<Nobody>"),
            "nobody here is called &lt;Nobody&gt;",
        ),
        ("receipt", None, "Receipt: attach"),
        ("receipt", Some("unknown.png"), "Receipt: attach"),
    ];
    for (field, value, sentence) in cases {
        let (status, page) = claim(&client, &origins["expenses"], &[(field, value)]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}={value:?}");
        assert!(page.contains(sentence), "{field}={value:?}: {page}");
        assert!(page.contains("<form") && page.contains("role=\"alert\""));
    }
    let plain = client
        .post(format!("{}/reports", origins["expenses"]))
        .body("date=2026-03-12")
        .send()
        .await
        .expect("an answer");
    assert!(plain.status().is_client_error());
    assert!(
        plain
            .text()
            .await
            .expect("a page")
            .contains("The form could not be read")
    );
    assert!(servers.reports().is_empty());
    servers.stop().await;
}

#[tokio::test]
async fn a_paid_checkout_becomes_exactly_one_order() {
    let (servers, origins, client) = start().await;
    let shop = &origins["tickets"];
    let (_, list) = get(&client, shop, "/").await;
    assert!(list.contains("href=\"/concerts/paper-lanterns\">Choose seats<"));
    let (_, seats) = get(&client, shop, "/concerts/paper-lanterns").await;
    assert!(seats.contains("Number of tickets"));
    let (_, checkout) = get(
        &client,
        shop,
        "/checkout?concert=paper-lanterns&section=Gallery&quantity=3",
    )
    .await;
    assert!(checkout.contains("Pay 84.00 EUR") && checkout.contains("autocomplete=\"cc-number\""));
    let (status, page) = pay(&client, shop, &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Payment received") && page.contains("T-5001"));
    assert!(!page.contains("4242424242424242"));
    let plan = &tour::plans()[1];
    let said = (plan.check)(&servers).expect("exactly what the tour buys");
    assert!(said.contains("84.00 EUR"), "{said}");
    let variables: BTreeMap<_, _> = plan.variables(&servers).into_iter().collect();
    assert_eq!(
        variables["APPRENTICE_SECRET_CARD_NUMBER"],
        "4242424242424242"
    );
    assert_eq!(variables["APPRENTICE_SECRET_CARD_NUMBER_ORIGINS"], *shop);
    servers.stop().await;
}

#[tokio::test]
async fn a_checkout_with_a_mistake_sells_nothing_and_never_repeats_the_card() {
    let (servers, origins, client) = start().await;
    let shop = &origins["tickets"];
    let cases = [
        ("concert", None, "No concert was chosen"),
        ("section", Some("Roof"), "Section: choose"),
        ("quantity", Some("7"), "Number of tickets: choose"),
        ("quantity", Some("0"), "Number of tickets: choose"),
        ("holder", None, "Name on the card: write"),
        ("card", None, "Card number: this"),
        ("card", Some("4242424242424241"), "Card number: this"),
        ("expiry", Some("13/29"), "Expiry: month"),
        ("code", Some("12"), "Security code: the"),
    ];
    for (field, value, sentence) in cases {
        let (status, page) = pay(&client, shop, &[(field, value)]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{field}={value:?}");
        assert!(page.contains(sentence), "{field}={value:?}: {page}");
        assert!(!page.contains("4242"), "{field}={value:?}");
    }
    let (status, _) = get(&client, shop, "/checkout?concert=nothing").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    tour::nothing_sent(&servers).expect("nothing was valid");
    servers.stop().await;
}

#[tokio::test]
async fn addresses_that_lead_nowhere_get_a_page_that_says_so() {
    let (servers, origins, client) = start().await;
    for (name, path) in [
        ("calendar", "/nothing"),
        ("calendar", "/month/2026-13"),
        ("calendar", "/month/2031-01"),
        ("calendar", "/day/yesterday"),
        ("calendar", "/entries/9999"),
        ("receipts", "/receipts/IMG_0000.png"),
        ("receipts", "/downloads/..%2Fmod.rs"),
        ("expenses", "/reports/R-2026-9999"),
        ("tickets", "/concerts/nobody"),
        ("tickets", "/orders/T-1"),
    ] {
        let (status, page) = get(&client, &origins[name], path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{name}{path}");
        assert!(page.contains("<h1>Page not found</h1>"), "{name}{path}");
    }
    let wrong = client
        .post(format!("{}/", origins["calendar"]))
        .send()
        .await
        .expect("an answer");
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    servers.stop().await;
}

#[tokio::test]
async fn two_sets_of_servers_keep_apart_and_end() {
    let (one, origins, client) = start().await;
    let (two, others, _) = start().await;
    let all: BTreeSet<_> = origins.values().chain(others.values()).collect();
    assert_eq!(all.len(), 8);
    assert!(
        all.iter()
            .all(|origin| origin.starts_with("http://127.0.0.1:"))
    );
    claim(&client, &origins["expenses"], &[]).await;
    assert_eq!((one.reports().len(), two.reports().len()), (1, 0));
    one.stop().await;
    Client::new()
        .get(&origins["expenses"])
        .send()
        .await
        .expect_err("it has ended");
    let (status, _) = get(&client, &others["expenses"], "/").await;
    assert_eq!(status, StatusCode::OK);
    two.stop().await;
}

#[test]
fn bundled_demonstrations_can_be_read_and_declare_what_they_use() {
    let site = Regex::new(r"\{site:([a-z]+)\}").expect("a pattern");
    let hole = Regex::new(r"\{([a-z_-]+)(?:\|[^{}]*)?\}").expect("a pattern");
    for bundled in tour::bundled_demonstrations() {
        let file = format!("demos/{}/{}.toml", bundled.workflow, bundled.take);
        let demonstration = bundled.demonstration().expect("it parses");
        let on_paper = Demonstration::parse(&file, bundled.text).expect("it parses");
        assert_eq!(demonstration.workflow, bundled.workflow);
        assert_eq!(
            Demonstration::parse(&file, &on_paper.to_toml()).expect("it parses again"),
            on_paper
        );
        let mut used: BTreeSet<&str> = hole
            .captures_iter(bundled.text)
            .map(|hole| hole.get(1).expect("group 1").as_str())
            .collect();
        used.remove("download");
        used.extend(
            demonstration
                .steps
                .iter()
                .filter_map(|step| step.into.as_deref()),
        );
        let declared: BTreeSet<&str> = demonstration
            .parameters
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(used, declared, "{file}");
        for (name, parameter) in &demonstration.parameters {
            assert_ne!(
                parameter.question.is_some(),
                parameter.secret.is_some(),
                "{file}: {name}"
            );
            assert_ne!(
                parameter.example.is_some(),
                parameter.secret.is_some(),
                "{file}: {name}"
            );
        }
        for site in site.captures_iter(bundled.text) {
            assert!(
                demonstration.sites.contains_key(&site[1]),
                "{file}: {site:?}"
            );
        }
        for step in &demonstration.steps {
            assert!(
                step.seen.is_none() || step.shown.is_some(),
                "{file}: {step:?}"
            );
            assert_eq!(step.verb == Verb::Read, step.into.is_some(), "{file}");
            if let Some(pattern) = &step.pattern {
                Regex::new(pattern).expect(pattern);
            }
        }
    }
}

#[test]
fn the_takes_of_the_lunch_differ_in_everything_but_the_steps() {
    let takes: Vec<_> = tour::bundled_demonstrations()
        .iter()
        .filter(|bundled| bundled.workflow == "file-lunch")
        .map(|bundled| Demonstration::parse(bundled.take, bundled.text).expect("it parses"))
        .collect();
    assert_eq!(takes.len(), 2);
    let verbs =
        |take: &Demonstration| -> Vec<Verb> { take.steps.iter().map(|step| step.verb).collect() };
    assert_eq!(verbs(&takes[0]), verbs(&takes[1]));
    for (name, parameter) in &takes[0].parameters {
        // A fresh expense tool counts from the same number.
        if name == "report" {
            continue;
        }
        assert_ne!(
            parameter.example, takes[1].parameters[name].example,
            "{name}"
        );
    }
}

#[test]
fn plans_name_other_values_than_the_demonstrations() {
    for plan in tour::plans() {
        let takes: Vec<_> = tour::bundled_demonstrations()
            .iter()
            .filter(|bundled| bundled.workflow == plan.workflow)
            .collect();
        assert!(!takes.is_empty(), "{}", plan.name);
        for take in takes {
            let demonstration = Demonstration::parse(take.take, take.text).expect("it parses");
            assert_ne!(demonstration.goal, plan.goal);
            assert!(!plan.answers.is_empty());
        }
        plan.answers
            .parse::<toml::Table>()
            .expect("answers are TOML");
    }
}
