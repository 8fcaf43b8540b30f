//! What the tours do: their goals, the answers for a run that nobody watches, and how to tell that the job was done.

use jiff::civil::date;

use super::money::Cents;
use super::receipts;
use super::servers::Servers;

/// One tour.
#[derive(Debug, Clone)]
pub struct Plan {
    /// As it is named on the command line.
    pub name: &'static str,
    /// The bundled workflow that it follows.
    pub workflow: &'static str,
    pub goal: String,
    /// A script of answers in the format of `--answers`, for where there is no terminal.
    pub answers: &'static str,
    /// Environment variables with sample values, for the tour alone: no card of anybody. See [`Plan::variables`].
    pub secrets: Vec<(String, String)>,
    /// Name of the site whose pages may get the secrets.
    pub secrets_for: Option<&'static str>,
    /// Says what the servers hold, or what is wrong with it.
    pub check: fn(&Servers) -> Result<String, String>,
}

impl Plan {
    /// The secrets as environment variables, each with the variable that binds it to the origin of the running site.
    pub fn variables(&self, servers: &Servers) -> Vec<(String, String)> {
        let origins = servers.origins();
        let origin = self.secrets_for.and_then(|site| origins.get(site));
        self.secrets
            .iter()
            .flat_map(|(variable, value)| {
                let bound = origin.map(|origin| (format!("{variable}_ORIGINS"), origin.clone()));
                std::iter::once((variable.clone(), value.clone())).chain(bound)
            })
            .collect()
    }
}

const LUNCH_ANSWERS: &str = r#"
[[answer]]
to = "(?i)^step .*project code"
reply = "CEDAR-31"

[[answer]]
to = "(?i)claim money"
reply = "yes"
"#;

const TICKETS_ANSWERS: &str = r#"
[[answer]]
to = "(?i)pay money"
reply = "yes"
"#;

/// The tours, the main one first.
pub fn plans() -> Vec<Plan> {
    let secret = |name: &str, value: &str| (format!("APPRENTICE_SECRET_{name}"), value.to_owned());
    vec![
        Plan {
            name: "lunch",
            workflow: "file-lunch",
            goal: "File my lunch on 23 April 2026 as an expense".to_owned(),
            answers: LUNCH_ANSWERS,
            secrets: Vec::new(),
            secrets_for: None,
            check: lunch_filed,
        },
        Plan {
            name: "tickets",
            workflow: "buy-tickets",
            goal: "Buy 3 gallery tickets for The Paper Lanterns".to_owned(),
            answers: TICKETS_ANSWERS,
            secrets: vec![
                secret("CARD_NUMBER", "4242424242424242"),
                secret("EXPIRY", "09/29"),
                secret("SECURITY_CODE", "314"),
            ],
            secrets_for: Some("tickets"),
            check: tickets_bought,
        },
    ]
}

/// That no server got anything: what holds after a "no".
pub fn nothing_sent(servers: &Servers) -> Result<(), String> {
    let (reports, orders) = (servers.reports(), servers.orders());
    if reports.is_empty() && orders.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "nothing should have been sent, but the servers hold {} reports and {} orders",
            reports.len(),
            orders.len()
        ))
    }
}

/// Compares one value of what was sent with what the job was.
fn same<T: PartialEq + std::fmt::Display>(what: &str, found: T, wanted: T) -> Result<(), String> {
    if found == wanted {
        Ok(())
    } else {
        Err(format!("the {what} is {found}, not {wanted}"))
    }
}

fn lunch_filed(servers: &Servers) -> Result<String, String> {
    let reports = servers.reports();
    let [report] = reports.as_slice() else {
        return Err(format!(
            "the expense tool holds {} reports instead of one",
            reports.len()
        ));
    };
    if !servers.orders().is_empty() {
        return Err("tickets were bought, which nobody asked for".to_owned());
    }
    same("date", report.date, date(2026, 4, 23))?;
    same("amount", report.amount, Cents(6275))?;
    same("merchant", report.merchant.as_str(), "Harbour Kitchen")?;
    same("project code", report.project.as_str(), "CEDAR-31")?;
    same("person", report.people.join(", ").as_str(), "Mira Okafor")?;
    same("attached file", report.file.as_str(), "IMG_4218.png")?;
    let picture = receipts::picture("IMG_4218.png").unwrap_or_default();
    same("file's size", report.file_bytes, picture.len())?;
    same(
        "file's content",
        report.file_hash.as_str(),
        blake3::hash(picture).to_hex().as_str(),
    )?;
    Ok(format!(
        "The expense tool holds one report: {} on {}, {} EUR at {} with {}, project {}, {} attached.",
        report.number,
        report.date.strftime("%-d %B %Y"),
        report.amount,
        report.merchant,
        report.people.join(", "),
        report.project,
        report.file
    ))
}

fn tickets_bought(servers: &Servers) -> Result<String, String> {
    let orders = servers.orders();
    let [order] = orders.as_slice() else {
        return Err(format!(
            "the ticket shop holds {} orders instead of one",
            orders.len()
        ));
    };
    if !servers.reports().is_empty() {
        return Err("a claim was submitted, which nobody asked for".to_owned());
    }
    same("concert", order.concert.as_str(), "The Paper Lanterns")?;
    same("section", order.section.as_str(), "Gallery")?;
    same("number of tickets", order.quantity, 3)?;
    same("total", order.total, Cents(8400))?;
    same("name on the card", order.holder.as_str(), "Robin Vale")?;
    same("card's end", order.card_ending.as_str(), "4242")?;
    Ok(format!(
        "The ticket shop holds one order: {}, {} tickets for {} ({}), {} EUR paid by the card ending in {}.",
        order.number, order.quantity, order.concert, order.section, order.total, order.card_ending
    ))
}
