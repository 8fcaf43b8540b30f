//! Nothing that matters leaves without a yes that covers it: pages that say one thing and send another, seen from the command line.
//! The server's log is what counts.

use apprentice::trace::Event;

use crate::support::run::Run;
use crate::support::site::{Page, Site, html};

/// Clicks the one button of the page.
fn click(name: &str) -> String {
    format!("[[step]]\ndo = \"click\"\ntarget = {{ role = \"button\", name = \"{name}\" }}\n")
}

fn marked(name: &str, kind: &str) -> String {
    format!("{}mark = \"{kind}\"\n", click(name))
}

fn answer(to: &str, reply: &str) -> String {
    format!("[[answer]]\nto = '{to}'\nreply = '{reply}'\n")
}

const THANKS: &str = "<h1>Thank you</h1>";

/// A page whose button named `Continue` pays by script.
const CONTINUE_THAT_PAYS: &str = "<button onclick=\"fetch('/pay', {method: 'POST', body: new URLSearchParams({amount: '100.00', currency: 'EUR'})})\">Continue</button>";

#[tokio::test]
async fn a_harmless_name_does_not_let_a_payment_through() {
    let site = Site::showing(CONTINUE_THAT_PAYS).await;
    Run::on(&site, &click("Continue"))
        .ends()
        .await
        .with(4, &["pay money"]);
    assert_eq!(site.posted(), [""; 0]);
    let ended = Run::on(&site, &click("Continue"))
        .answers(&answer("pay money.*100\\.00", "no"))
        .ends()
        .await;
    ended.with(3, &["you said no"]);
    assert_eq!(site.posted(), [""; 0]);
    Run::on(&site, &click("Continue"))
        .answers(&answer("pay money.*100\\.00", "yes"))
        .ends()
        .await
        .with(0, &[]);
    assert_eq!(site.posted().len(), 1);
}

#[tokio::test]
async fn every_host_that_was_spoken_to_is_listed_beside_the_trace() {
    let site = Site::showing("<button>Look</button>").await;
    let ended = Run::on(&site, &click("Look")).ends().await;
    ended.with(0, &[]);
    let hosts = std::fs::read_to_string(ended.trace_folder().join("hosts.json"));
    let hosts = hosts.expect("the list was written");
    assert!(
        hosts.contains(&format!("\"port\": {}", site.port)),
        "{hosts}"
    );
}

/// Says ten and sends a hundred.
const SAYS_TEN: &str = "<p>Total: 10.00 EUR</p><form method=post action=/pay><input type=hidden name=amount value=10.00><input type=hidden name=currency value=EUR><button>Pay 10.00 EUR</button></form>
<script>document.querySelector('form').addEventListener('submit', event => { event.target.amount.value = AMOUNT })</script>";

#[tokio::test]
async fn a_higher_amount_than_the_card_showed_is_held_again_and_a_lower_one_is_not() {
    for (sent, cards) in [("'100.00'", 2), ("'9.00'", 1)] {
        let site = Site::with([
            ("/", html(&SAYS_TEN.replace("AMOUNT", sent))),
            ("/pay", html(THANKS)),
        ])
        .await;
        let yes = answer("Pay 10.00 EUR.*would pay", "yes");
        let ended = Run::on(&site, &marked("Pay 10.00 EUR", "pay"))
            .answers(&yes)
            .ends()
            .await;
        if cards == 2 {
            ended.with(4, &[]);
            assert_eq!(site.posted(), [""; 0], "nothing leaves with {sent}");
            let differs = ended.trace().lines.iter().any(|line| {
                matches!(&line.event, Event::Confirmed { card, .. }
                    if card.differences.iter().any(|one| one.contains("100.00 EUR") && one.contains("10.00 EUR")))
            });
            assert!(differs, "the card says in what it differs");
        } else {
            ended.with(0, &[]);
            assert_eq!(site.posted().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_second_send_waits_for_a_yes_of_its_own() {
    let site = Site::with([
        (
            "/",
            html("<form onsubmit=\"event.preventDefault(); for (let i = 0; i < 2; i++) fetch('/order', {method: 'POST', body: new URLSearchParams(new FormData(this))})\"><label>Item <input name=item value=tea></label><button>Order tea</button></form>"),
        ),
        ("/order", html(THANKS)),
    ])
    .await;
    Run::on(&site, &marked("Order tea", "order"))
        .answers(&answer("Order tea.*place an order", "yes"))
        .ends()
        .await
        .with(4, &[]);
    assert_eq!(site.posted().len(), 1, "one yes, one order");
}

const SHOWN: &str = "[[step.effect]]\nmethod = \"POST\"\norigin = \"{site:it}\"\npath = \"/basket\"\nfields = [\"item\"]\n";

fn basket(times: usize) -> Page {
    html(&format!(
        "<button onclick=\"for (let i = 0; i < {times}; i++) fetch('/basket', {{method: 'POST', body: new URLSearchParams({{item: 'tea'}})}})\">Put in</button>"
    ))
}

#[tokio::test]
async fn what_a_step_was_shown_to_send_goes_once_without_asking() {
    let steps = format!("{}{SHOWN}", click("Put in"));
    let site = Site::with([("/", basket(1))]).await;
    Run::on(&site, &steps).ends().await.with(0, &[]);
    assert_eq!(site.posted(), ["item=tea"]);
    let twice = Site::with([("/", basket(2))]).await;
    Run::on(&twice, &steps).ends().await.with(4, &[]);
    assert_eq!(twice.posted(), ["item=tea"]);
    let unshown = Site::with([("/", basket(1))]).await;
    Run::on(&unshown, &click("Put in"))
        .ends()
        .await
        .with(4, &[]);
    assert_eq!(unshown.posted(), [""; 0]);
}

#[tokio::test]
async fn a_run_is_done_once_the_page_has_saved_what_it_was_shown_to_save() {
    let saves_late = html(
        "<button onclick=\"setTimeout(() => fetch('/basket', {method: 'POST', body: new URLSearchParams({item: 'tea'})}), 1500)\">Put in</button>",
    );
    let site = Site::with([("/", saves_late), ("/basket", html(THANKS))]).await;
    let shown = format!("{}{SHOWN}", click("Put in"));
    Run::on(&site, &shown).ends().await.with(0, &[]);
    assert_eq!(site.posted(), ["item=tea"]);

    // Where it never comes, the run says so.
    let never = Site::showing("<button>Put in</button>").await;
    let ended = Run::on(&never, &shown).ends().await;
    ended.with(
        0,
        &[
            "the page has not sent what it sent when this was shown",
            "/basket",
        ],
    );
}

#[tokio::test]
async fn what_a_page_sends_by_itself_is_refused_where_nobody_is_there_and_the_run_goes_on() {
    let site = Site::with([(
        "/",
        html("<button>Look</button><script>fetch('/track', {method: 'POST', body: new URLSearchParams({email: 'robin@example.org'})})</script>"),
    )])
    .await;
    Run::on(&site, &click("Look"))
        .ends()
        .await
        .with(0, &["refused"]);
    assert_eq!(site.posted(), [""; 0]);
}

#[tokio::test]
async fn what_was_on_its_way_when_the_run_was_killed_is_asked_about_before_the_next() {
    let site = Site::with([
        (
            "/",
            html("<form method=post action=/slow><input type=hidden name=item value=tea><button>Order tea</button></form>"),
        ),
        ("/slow", Page::Never),
    ])
    .await;
    let steps = marked("Order tea", "order");
    let mut running = Run::on(&site, &steps)
        .answers(&answer("Order tea.*place an order", "yes"))
        .start();
    running
        .until("the order arrived", |_| site.posted().len() == 1)
        .await;
    running.signal(libc::SIGKILL);
    let killed = running.end_by_force().await;
    let site_flag = format!("it={}", site.base);
    let again = killed
        .again(&[
            "--demo",
            "job",
            "--site",
            &site_flag,
            "--answers",
            "answers.toml",
        ])
        .end_by_force()
        .await;
    again.with(4, &["had begun to send"]);
    assert_eq!(site.posted().len(), 1, "nothing is sent twice by itself");
}

#[tokio::test]
async fn three_yeses_earn_an_offer_and_only_a_yes_to_it_stops_the_asking() {
    let site = Site::with([
        (
            "/",
            html("<form method=post action=/messages><label>Text <input name=text value=hello></label><button>Send message</button></form>"),
        ),
        ("/messages", html(THANKS)),
    ])
    .await;
    let steps = marked("Send message", "send");
    let site_flag = format!("it={}", site.base);
    let go = [
        "--demo",
        "job",
        "--site",
        &site_flag,
        "--answers",
        "answers.toml",
    ];
    let yes = answer("Send message.*send a message", "yes");
    let mut ended = Run::on(&site, &steps).answers(&yes).ends().await;
    ended.with(0, &[]);
    for _ in 0..2 {
        ended = ended.again(&go).end().await;
        ended.with(0, &[]);
    }
    let offered = answer(
        "you said yes 3 times in a row: stop asking",
        "yes for this workflow",
    );
    ended = ended.file("answers.toml", &offered).again(&go).end().await;
    ended.with(0, &[]);
    ended = ended.file("answers.toml", "").again(&go).end().await;
    ended.with(0, &[]);
    assert_eq!(site.posted().len(), 5);
}
