//! Shows the tours' jobs to `apprentice record` on the tour's own pages: `make record-tours`.
//!
//! A recording knows what was typed and clicked, what each page showed, and what its pictures say. What a person wants to be told
//! in the end, and what they waited for, is in none of that: those few lines are written into the file afterwards, as with
//! `apprentice demos edit`. They are all here, in [`LUNCH_EDITS`] and [`TICKET_EDITS`]; everything else is as it was recorded.

use std::path::{Path, PathBuf};

use apprentice::demo::{Demonstration, Step, Verb};
use apprentice::guard::Kind;
use apprentice::tour;

use crate::Failure;
use crate::apps::serve::repository;
use crate::hand::Deed;
use crate::record::{Showing, show};

/// What is written into the recording of a lunch: the file that was downloaded is the one that is attached; that it claims money,
/// and what to say in the end.
const LUNCH_EDITS: &str = r#"
result = "Filed the lunch, report {report}."

[parameters.report]
example = "@report"
question = "What number did the report get?"

[[step]]
do = "wait"
says = "wait for the receipt's file"
value = "{download}"

[[step]]
do = "read"
says = "note the report's number"
target = { role = "heading", tag = "h1" }
as = "text"
pattern = 'R-\d+-\d+'
into = "report"
"#;

/// What is written into the recording of the tickets: the total and the order's number are read for what is said in the end;
/// that it pays, and that the name on the card is the same every time.
const TICKET_EDITS: &str = r#"
result = "Bought the tickets: {total} EUR, order {order}."

[parameters.total]
example = "63.00"
kind = "money"
question = "What is the total of the order?"

[parameters.order]
example = "T-5001"
question = "What number did the order get?"

[[step]]
do = "read"
says = "note the total"
as = "text"
pattern = 'Total\s+(?<value>\d+\.\d\d)'
into = "total"

[[step]]
do = "read"
says = "note the order's number"
target = { role = "heading", tag = "h1" }
as = "text"
pattern = 'T-\d+'
into = "order"
"#;

/// A lunch as it was shown.
struct Lunch {
    take: &'static str,
    goal: &'static str,
    month: &'static str,
    day: &'static str,
    /// The same day as the form has it.
    date: &'static str,
    receipt: &'static str,
    /// Where it is opened.
    file: &'static str,
    amount: &'static str,
    merchant: &'static str,
    project: &'static str,
    person: &'static str,
}

const LUNCHES: [Lunch; 2] = [
    Lunch {
        take: "first",
        goal: "File my lunch on 12 March 2026 as an expense",
        month: "link:March 2026",
        day: "link:12 March 2026",
        date: "2026-03-12",
        receipt: "IMG_4127.png",
        file: "link:IMG_4127.png",
        amount: "48.20",
        merchant: "Trattoria Lucia",
        project: "ATLAS-12",
        person: "Ana Reyes",
    },
    Lunch {
        take: "second",
        goal: "File my lunch on 27 March 2026 as an expense",
        month: "link:March 2026",
        day: "link:27 March 2026",
        date: "2026-03-27",
        receipt: "IMG_4163.png",
        file: "link:IMG_4163.png",
        amount: "36.50",
        merchant: "Noodle Garden",
        project: "BOREAL-7",
        person: "Jonas Weber",
    },
];

/// Records every tour's job and writes the demonstrations.
pub async fn record() -> Result<Vec<PathBuf>, Failure> {
    let library = repository().join("demos");
    let mut files = Vec::new();
    for lunch in &LUNCHES {
        files.push(show_lunch(lunch, &library).await?);
    }
    files.push(show_tickets(&library).await?);
    Ok(files)
}

async fn show_lunch(lunch: &Lunch, library: &Path) -> Result<PathBuf, Failure> {
    use Deed::{Attach, Choose, Click, Fill, Go, See};
    let servers = tour::serve().await?;
    let mut sites = servers.origins();
    sites.remove("tickets");
    let site = |name: &str| format!("{}/", sites[name]);
    let folder = tempfile::tempdir()?;
    let attached = folder.path().join(lunch.receipt);
    let picture = tour::receipt_picture(lunch.receipt).ok_or("a picture of that receipt")?;
    std::fs::write(&attached, picture)?;
    let showing = Showing {
        workflow: "file-lunch",
        goal: lunch.goal,
        start: &site("calendar"),
        sites: sites.clone(),
        deeds: vec![
            Click(lunch.month),
            Click(lunch.day),
            See("Lunch with"),
            Go(site("receipts")),
            Click(lunch.file),
            Click("link:Download"),
            Go(site("expenses")),
            Click("link:Start a report"),
            Fill("id=date", lunch.date),
            Fill("id=amount", lunch.amount),
            Fill("id=merchant", lunch.merchant),
            Fill("id=project", lunch.project),
            Choose("id=person", lunch.person),
            Attach("id=receipt", attached),
            Click("button:Submit claim"),
            See("Claim submitted"),
        ],
    };
    let recorded = show(&showing, library, lunch.take, async |_| Ok(())).await?;
    let report = servers.reports().first().map(|one| one.number.clone());
    servers.stop().await;
    let edits = LUNCH_EDITS.replace("@report", &report.ok_or("a report was filed")?);
    edit(&recorded, &edits, |steps, [wait, report]| {
        use Verb::{Click, Upload};
        at(steps, Upload, "Receipt")?.values = vec!["{download}".to_owned()];
        at(steps, Click, "Submit claim")?.mark = Some(Kind::TransferMoney);
        insert(steps, "Download", [wait])?;
        insert(steps, "Submit claim", [report])
    })
}

async fn show_tickets(library: &Path) -> Result<PathBuf, Failure> {
    use Deed::{Choose, Click, ClickIn, Fill, See};
    let servers = tour::serve().await?;
    let mut sites = servers.origins();
    sites.retain(|name, _| name == "tickets");
    let showing = Showing {
        workflow: "buy-tickets",
        goal: "Buy 2 balcony tickets for Nils Arvid Quartet",
        start: &format!("{}/", sites["tickets"]),
        sites: sites.clone(),
        deeds: vec![
            ClickIn("Nils Arvid Quartet", "link:Choose seats"),
            Choose("id=section", "Balcony"),
            Choose("id=quantity", "2"),
            Click("button:Continue"),
            Fill("id=holder", "Robin Vale"),
            Fill("id=card", "4242 4242 4242 4242"),
            Fill("id=expiry", "09/29"),
            Fill("id=code", "314"),
            Click("button:Pay 63.00 EUR"),
            See("Payment received"),
        ],
    };
    let recorded = show(&showing, library, "first", async |_| Ok(())).await?;
    servers.stop().await;
    edit(&recorded, TICKET_EDITS, |steps, [total, order]| {
        use Verb::{Click, Fill};
        let holder = "write the name on the card: Robin Vale";
        at(steps, Fill, "Name on the card")?.says = Some(holder.to_owned());
        at(steps, Click, "Pay 63.00 EUR")?.mark = Some(Kind::Pay);
        insert(steps, "Continue", [total])?;
        insert(steps, "Pay 63.00 EUR", [order])
    })
}

/// Writes what `edits` says into the take: its result and parameters, and its steps where `put` puts them.
fn edit<const N: usize>(
    file: &Path,
    edits: &str,
    put: impl FnOnce(&mut Vec<Step>, [Step; N]) -> Result<(), Failure>,
) -> Result<PathBuf, Failure> {
    let read = |text: &str| Demonstration::parse(&file.display().to_string(), text);
    let mut take = read(&std::fs::read_to_string(file)?)?;
    let head = "format = \"1.3\"\nworkflow = \"w\"\ngoal = \"g\"\nstart = \"http://a.example/\"\n";
    let edits = read(&format!("{head}{edits}"))?;
    take.result = edits.result;
    take.parameters.extend(edits.parameters);
    let steps: [Step; N] = edits
        .steps
        .try_into()
        .map_err(|_| "as many steps as are put")?;
    put(&mut take.steps, steps)?;
    std::fs::write(file, take.to_toml())?;
    Ok(file.to_owned())
}

fn is_called(step: &Step, name: &str) -> bool {
    let target = step.target.as_ref();
    target.is_some_and(|target| {
        [&target.name, &target.label]
            .into_iter()
            .flatten()
            .any(|own| own == name)
    })
}

/// The step that does this to what is called so.
fn at<'s>(steps: &'s mut [Step], verb: Verb, name: &str) -> Result<&'s mut Step, Failure> {
    let mut steps = steps.iter_mut();
    let found = steps.find(|step| step.verb == verb && is_called(step, name));
    found.ok_or_else(|| format!("no {} of {name}", verb.word()).into())
}

/// Puts steps after the click on what is called so.
fn insert<const N: usize>(
    steps: &mut Vec<Step>,
    name: &str,
    more: [Step; N],
) -> Result<(), Failure> {
    let clicked = |step: &Step| step.verb == Verb::Click && is_called(step, name);
    let place = steps.iter().position(clicked);
    let place = place.ok_or_else(|| format!("no click on {name}"))? + 1;
    steps.splice(place..place, more);
    Ok(())
}
