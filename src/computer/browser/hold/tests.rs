//! Holding in a real Chromium: what is ruled on, when it leaves, and what the server saw of it.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{Method, Uri};
use axum::response::Html;
use tokio::sync::Notify;

use crate::computer::browser::{Browser, OpenSettings, open};
use crate::computer::{
    Action, Computer, Gate, Request, RequestEnd, Ruling, Scope, SecretSource, Settled, Target,
};

/// Lets reads go and asks the test about every POST.
#[derive(Default)]
struct Asking {
    asked: Mutex<Vec<Request>>,
    ended: Mutex<Vec<RequestEnd>>,
    somebody_asks: Notify,
    answered: Notify,
    answer: Mutex<Option<Ruling>>,
}

#[async_trait::async_trait]
impl Gate for Asking {
    fn at_once(&self, request: &Request) -> Option<Ruling> {
        (request.method == "GET").then_some(Ruling::LetGo)
    }

    async fn decide(&self, request: Request) -> Ruling {
        self.asked.lock().unwrap().push(request);
        self.somebody_asks.notify_one();
        self.answered.notified().await;
        self.answer.lock().unwrap().clone().unwrap()
    }

    fn ended(&self, _: u64, end: RequestEnd) {
        self.ended.lock().unwrap().push(end);
    }
}

impl Asking {
    fn answer(&self, ruling: Ruling) {
        *self.answer.lock().unwrap() = Some(ruling);
        self.answered.notify_one();
    }
}

type Log = Arc<Mutex<Vec<String>>>;

async fn served(
    State(log): State<Log>,
    method: Method,
    uri: Uri,
    body: String,
) -> Html<&'static str> {
    if method != Method::GET {
        log.lock().unwrap().push(format!("{method} {uri} {body}"));
    }
    Html(
        "<!doctype html><title>Shop</title>
        <form method=post action=/order><input name=item value=tea><button>Order</button></form>
        <button id=sync onclick='const x = new XMLHttpRequest(); x.open(\"POST\", \"/sync\", false); x.send(\"a=1\")'>Now</button>",
    )
}

struct Shop {
    browser: Browser,
    gate: Arc<Asking>,
    log: Log,
    base: String,
    _folder: tempfile::TempDir,
}

async fn shop() -> Shop {
    let log = Log::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let app = axum::Router::new()
        .fallback(served)
        .with_state(Arc::clone(&log));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let gate = Arc::new(Asking::default());
    let folder = tempfile::tempdir().unwrap();
    let mut browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        gate: Some(Arc::clone(&gate) as _),
        secrets: None::<Arc<dyn SecretSource>>,
        ..OpenSettings::default()
    })
    .await
    .unwrap();
    browser
        .perform(&Action::Navigate { url: base.clone() })
        .await
        .unwrap();
    Shop {
        browser,
        gate,
        log,
        base,
        _folder: folder,
    }
}

impl Shop {
    async fn press(&mut self, name: &str) -> Result<Settled, crate::computer::ComputerError> {
        let seen = self.browser.observe(Scope::NearView).await?;
        let button = seen
            .elements
            .iter()
            .find(|element| element.name == name)
            .unwrap();
        let click = Action::Click {
            target: Target::Element(button.id.clone()),
            button: crate::computer::Button::Left,
            count: 1,
            modifiers: Vec::new(),
        };
        self.browser.perform(&click).await.map(|done| done.settled)
    }

    fn sent(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_waits_for_its_yes_and_then_arrives_once() {
    let mut shop = shop().await;
    let gate = Arc::clone(&shop.gate);
    let log = Arc::clone(&shop.log);
    let person = tokio::spawn(async move {
        gate.somebody_asks.notified().await;
        assert!(
            log.lock().unwrap().is_empty(),
            "nothing left before the yes"
        );
        gate.answer(Ruling::LetGo);
    });
    assert_eq!(shop.press("Order").await.unwrap(), Settled::Quiet);
    person.await.unwrap();
    assert_eq!(shop.sent(), ["POST /order item=tea"]);
    let asked = shop.gate.asked.lock().unwrap()[0].clone();
    assert_eq!(asked.body, b"item=tea");
    assert!(asked.navigates && asked.tab.is_some());
    assert!(asked.page.unwrap().starts_with("http://127.0.0.1"));
    assert_eq!(
        *shop.gate.ended.lock().unwrap(),
        [RequestEnd::Answered(200)]
    );
    shop.browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_never_arrives() {
    let mut shop = shop().await;
    shop.gate.answer(Ruling::Refuse);
    shop.press("Order").await.unwrap();
    assert!(shop.sent().is_empty());
    shop.browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_stands_still_for_its_request_is_waited_for() {
    let mut shop = shop().await;
    let gate = Arc::clone(&shop.gate);
    let person = tokio::spawn(async move {
        gate.somebody_asks.notified().await;
        gate.answer(Ruling::LetGo);
    });
    shop.press("Now").await.unwrap();
    person.await.unwrap();
    assert_eq!(shop.sent(), ["POST /sync a=1"]);
    shop.browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_when_the_connection_is_lost_never_arrives() {
    let mut shop = shop().await;
    let gate = Arc::clone(&shop.gate);
    let asked = async move { gate.somebody_asks.notified().await };
    {
        let press = shop.press("Order");
        tokio::select! {
            _ = press => panic!("it waits for an answer"),
            () = asked => {}
        }
    }
    shop.browser.link.router.close();
    // The browser is gone with it, and the server has heard all that it will.
    let process = shop.browser.process.as_mut().unwrap();
    process.wait().await;
    let address = shop.base.clone();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client.get(address).send().await.unwrap();
    assert_eq!(shop.sent(), Vec::<String>::new());
    shop.browser.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_held_when_the_browser_is_closed_never_arrives() {
    let mut shop = shop().await;
    let gate = Arc::clone(&shop.gate);
    let asked = async move { gate.somebody_asks.notified().await };
    {
        let press = shop.press("Order");
        tokio::select! {
            _ = press => panic!("it waits for an answer"),
            () = asked => {}
        }
    }
    shop.browser.end().await;
    assert!(shop.sent().is_empty());
}
