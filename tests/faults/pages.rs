//! Pages that never come, never rest, or change under the hand.

use apprentice::trace::{Event, Outcome};

use crate::support::run::Run;
use crate::support::site::{Page, Site, html};

/// Clicks the link `Next`, and then wants the page behind it.
const NEXT: &str = "[[step]]\ndo = \"click\"\nsays = \"go to the next page\"\ntarget = { role = \"link\", name = \"Next\" }\nafter = { text = \"Arrived\" }\n";

/// The page behind the link.
fn arrived() -> (&'static str, Page) {
    ("/next", html("<h1>Arrived</h1>"))
}

const LINK: &str = "<a href=/next>Next</a>";

#[tokio::test]
async fn a_page_that_never_answers_is_given_up_with_its_address() {
    let site = Site::with([("/", Page::Never)]).await;
    let ended = Run::on(&site, NEXT).ends().await;
    ended.with(1, &["cannot open", &site.base, "did not answer"]);
    assert_eq!(ended.outcome(), Outcome::Failed);
}

#[tokio::test]
async fn a_page_that_redirects_for_ever_is_given_up() {
    let site = Site::with([
        ("/", Page::Redirect("/again")),
        ("/again", Page::Redirect("/")),
    ])
    .await;
    let ended = Run::on(&site, NEXT).ends().await;
    ended.with(1, &["cannot open", &site.base, "it redirects for ever"]);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let site = Site::showing(LINK).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let ended = Run::on(&site, NEXT)
        .with(&["--start", &address])
        .ends()
        .await;
    ended.with(1, &["cannot open", &address, "nothing answers there"]);
}

#[tokio::test]
async fn a_secure_address_without_a_secure_server_is_given_up() {
    let site = Site::showing(LINK).await;
    let address = format!("https://127.0.0.1:{}/", site.port);
    let ended = Run::on(&site, NEXT)
        .with(&["--start", &address])
        .ends()
        .await;
    ended.with(1, &["cannot open", &address, "no secure connection"]);
    assert!(site.log().is_empty());
}

#[tokio::test]
async fn fifty_pop_ups_do_not_keep_it_from_ending() {
    let site = Site::with([
        (
            "/",
            html(
                "<a href=/next>Next</a><script>for (let i = 0; i < 50; i++) window.open('/popup', 'w' + i)</script>",
            ),
        ),
        ("/popup", html("<p>Buy!")),
        arrived(),
    ])
    .await;
    let ended = Run::on(&site, NEXT).ends().await;
    // Whether the browser lets pop-ups through is its own affair; the run says where it got to.
    match ended.outcome() {
        Outcome::Done => assert_eq!(site.asked_for("/next"), 1),
        _ => assert!(ended.stderr.contains("popup"), "{}", ended.stderr),
    }
}

#[tokio::test]
async fn a_dialog_in_a_loop_is_a_circle() {
    let site =
        Site::showing("<a href=/next>Next</a><script>while (true) alert('Look here')</script>")
            .await;
    let ended = Run::on(&site, NEXT).ends().await;
    ended.with(1, &["going in circles"]);
    assert_eq!(ended.outcome(), Outcome::GaveUp);
}

#[tokio::test]
async fn thirty_megabytes_of_html_are_read_to_their_end() {
    let site = Site::with([
        ("/", Page::Long(30 << 20, "<a href=/next>Next</a>")),
        arrived(),
    ])
    .await;
    let ended = Run::on(&site, NEXT).within(110).ends().await;
    match ended.outcome() {
        Outcome::Done => assert_eq!(site.asked_for("/next"), 1),
        _ => {
            ended.with(1, &[&site.base]);
        }
    }
}

#[tokio::test]
async fn a_page_that_is_always_on_its_way_elsewhere_is_given_up_with_its_address() {
    let site =
        Site::showing("<p>Soon<script>setTimeout(() => location.reload(), 30)</script>").await;
    let ended = Run::on(&site, NEXT).within(100).ends().await;
    // It may be caught between two loads, and then there is no link to click.
    assert!(matches!(ended.code, Some(1 | 4)), "{}", ended.stderr);
    assert!(ended.stderr.contains(&site.base), "{}", ended.stderr);
}

#[tokio::test]
async fn an_element_that_is_taken_away_before_the_click_is_missed_and_not_clicked_elsewhere() {
    let site = Site::with([
        (
            "/",
            html(
                "<div style='height:1500px'></div><a id=it href=/next>Next</a><a href=/wrong>Other</a><div style='height:3000px'></div>
                <script>addEventListener('scroll', () => it.remove(), { once: true })</script>",
            ),
        ),
        arrived(),
        ("/wrong", html("wrong")),
    ])
    .await;
    let ended = Run::on(&site, NEXT).ends().await;
    ended.with(4, &["Next"]);
    assert!(
        ended
            .trace()
            .lines
            .iter()
            .any(|line| matches!(&line.event, Event::ActionFailed { error } if error.contains("no longer on the page"))),
        "{}",
        ended.stderr
    );
    assert_eq!(site.asked_for("/wrong"), 0);
}

#[tokio::test]
async fn an_element_that_is_made_anew_before_the_click_is_found_again() {
    let site = Site::with([
        (
            "/",
            html(
                "<div style='height:1500px'></div><div id=place><a href=/old>Next</a></div><div style='height:3000px'></div>
                <script>addEventListener('scroll', () => { place.innerHTML = '<a href=/next>Next</a>' }, { once: true })</script>",
            ),
        ),
        arrived(),
    ])
    .await;
    let ended = Run::on(&site, NEXT).ends().await;
    ended.with(0, &[]);
    assert_eq!(site.asked_for("/next"), 1);
    assert_eq!(site.asked_for("/old"), 0);
}
