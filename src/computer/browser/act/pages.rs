//! A browser on pages of a test's own: a server on a free port, and words to act on elements by selector.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::computer::browser::router::CALL_LIMIT;
use crate::computer::browser::{Browser, OpenSettings, open, world};
use crate::computer::{
    Action, Button, ComputerError, ElementId, Gate, Request, RequestEnd, Ruling, SecretSource,
    Target, Text,
};

/// A browser, the pages that it can open, and where its downloads go.
pub struct Bench {
    pub browser: Browser,
    pub base: String,
    pub folder: tempfile::TempDir,
}

type Pages = Arc<Vec<(String, String)>>;

/// Gives `s3cret` to the one origin that it is for.
struct OneOrigin(String);

impl SecretSource for OneOrigin {
    fn reveal(&self, name: &str, origin: &str) -> Result<secrecy::SecretString, ComputerError> {
        if origin == self.0 {
            Ok(secrecy::SecretString::from("s3cret"))
        } else {
            Err(ComputerError::SecretElsewhere {
                name: name.to_owned(),
                origin: origin.to_owned(),
            })
        }
    }

    fn learn(&self, _: &secrecy::SecretString) {}

    fn find(&self, text: &str) -> Vec<std::ops::Range<usize>> {
        let found = text.match_indices("s3cret");
        found.map(|(at, value)| at..at + value.len()).collect()
    }
}

/// Holds each request and lets it go, as a run with a guard does.
pub struct Open;

#[async_trait::async_trait]
impl Gate for Open {
    fn at_once(&self, _: &Request) -> Option<Ruling> {
        Some(Ruling::LetGo)
    }

    async fn decide(&self, _: Request) -> Ruling {
        Ruling::LetGo
    }

    fn ended(&self, _: u64, _: RequestEnd) {}
}

/// Serves the pages under their names, opens a browser, and shows the first page. `PORT` in a page becomes the port.
pub async fn bench(pages: &[(&str, &str)]) -> Bench {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let first = pages[0].0.to_owned();
    let pages: Pages = Arc::new(
        pages
            .iter()
            .map(|(name, html)| ((*name).to_owned(), html.replace("PORT", &port.to_string())))
            .collect(),
    );
    let app = axum::Router::new()
        .route("/{name}", axum::routing::get(page))
        .with_state(pages);
    tokio::spawn(async move { axum::serve(listener, app).await });
    let folder = tempfile::tempdir().unwrap();
    let base = format!("http://127.0.0.1:{port}");
    let browser = open(OpenSettings {
        downloads: folder.path().to_owned(),
        secrets: Some(Arc::new(OneOrigin(base.clone()))),
        gate: Some(Arc::new(Open)),
        ..OpenSettings::default()
    })
    .await
    .unwrap();
    let mut bench = Bench {
        browser,
        base,
        folder,
    };
    bench.go(&first).await.unwrap();
    bench
}

async fn page(
    Path(name): Path<String>,
    State(pages): State<Pages>,
    headers: HeaderMap,
) -> Response {
    match name.as_str() {
        "hang" => std::future::pending().await,
        "round" => (StatusCode::FOUND, [(header::LOCATION, "/round")]).into_response(),
        "file" => (
            [(
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"a.txt\"",
            )],
            "downloaded",
        )
            .into_response(),
        "empty" => StatusCode::NO_CONTENT.into_response(),
        // Ann and s3cret in base64.
        "locked"
            if headers
                .get(header::AUTHORIZATION)
                .is_some_and(|value| value == "Basic QW5uOnMzY3JldA==") =>
        {
            axum::response::Html("welcome").into_response()
        }
        "locked" => (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, "Basic realm=\"Office\"")],
            axum::response::Html("locked out"),
        )
            .into_response(),
        _ => match pages.iter().find(|(known, _)| *known == name) {
            Some((_, html)) => {
                axum::response::Html(format!("<!doctype html>{html}")).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}

impl Bench {
    pub async fn act(&mut self, action: Action) -> Result<Option<String>, ComputerError> {
        self.browser.act(&action).await
    }

    pub async fn go(&mut self, name: &str) -> Result<Option<String>, ComputerError> {
        let url = format!("{}/{name}", self.base);
        let done = self.act(Action::Navigate { url }).await?;
        let path = format!("/{name}");
        for _ in 0..200 {
            self.browser.worlds.refresh(&self.browser.link.stage());
            let frames = self
                .browser
                .link
                .stage()
                .active_tab()
                .map_or(0, |tab| tab.frames.len());
            let worlds = &self.browser.worlds.list;
            if let Some(world) = worlds.first().filter(|_| worlds.len() >= frames) {
                let there: Result<bool, _> = world::call(
                    &self.browser.link,
                    world,
                    "function (path) { return location.pathname === path && document.readyState === 'complete'; }",
                    json!([path]),
                    CALL_LIMIT,
                )
                .await;
                if matches!(there, Ok(true)) {
                    break;
                }
            }
            if self
                .browser
                .link
                .stage()
                .active_tab()
                .is_none_or(|tab| tab.dialog.is_some() || tab.url.is_empty())
                || name == "file"
            {
                break;
            }
            self.browser
                .link
                .changed(std::time::Duration::from_millis(100))
                .await;
        }
        Ok(done)
    }

    /// An element of a frame (0 is the main one), by selector; through open shadow roots after ` >>> `.
    pub async fn id_in(&mut self, frame: usize, selector: &str) -> Target {
        self.browser.worlds.refresh(&self.browser.link.stage());
        let world = self.browser.worlds.list[frame].clone();
        let number: u64 = world::call(
            &self.browser.link,
            &world,
            "function (path) { let at = document; for (const part of path.split(' >>> ')) { at = (at.shadowRoot ?? at).querySelector(part); } return observer.numberOf(at); }",
            json!([selector]),
            CALL_LIMIT,
        )
        .await
        .unwrap();
        Target::Element(ElementId(format!("{}:{number}", world.serial)))
    }

    pub async fn id(&mut self, selector: &str) -> Target {
        self.id_in(0, selector).await
    }

    /// The value of an expression in a frame's isolated world.
    pub async fn eval_in(&mut self, frame: usize, expression: &str) -> Value {
        self.browser.worlds.refresh(&self.browser.link.stage());
        let world = self.browser.worlds.list[frame].clone();
        let function = format!("function () {{ return {expression}; }}");
        world::call(&self.browser.link, &world, &function, json!([]), CALL_LIMIT)
            .await
            .unwrap()
    }

    pub async fn eval(&mut self, expression: &str) -> Value {
        self.eval_in(0, expression).await
    }

    /// What the page wrote into its element `#log`.
    pub async fn log(&mut self) -> String {
        self.eval("document.querySelector('#log').textContent")
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn click(&mut self, selector: &str) -> Result<Option<String>, ComputerError> {
        let target = self.id(selector).await;
        self.click_on(target).await
    }

    pub async fn click_on(&mut self, target: Target) -> Result<Option<String>, ComputerError> {
        self.act(Action::Click {
            target,
            button: Button::Left,
            count: 1,
            modifiers: Vec::new(),
        })
        .await
    }

    pub async fn fill(
        &mut self,
        selector: &str,
        value: &str,
    ) -> Result<Option<String>, ComputerError> {
        let target = self.id(selector).await;
        self.act(Action::Fill {
            target,
            value: Text::Plain(value.to_owned()),
        })
        .await
    }

    pub async fn choose(
        &mut self,
        selector: &str,
        options: &[&str],
    ) -> Result<Option<String>, ComputerError> {
        let target = self.id(selector).await;
        self.act(Action::Choose {
            target,
            options: options.iter().map(|option| (*option).to_owned()).collect(),
        })
        .await
    }

    pub async fn press(&mut self, keys: &str) -> Result<Option<String>, ComputerError> {
        self.act(Action::Press {
            keys: keys.to_owned(),
        })
        .await
    }

    /// Waits for the page's own text, so that what an event handler did later is seen.
    pub async fn sees(&mut self, text: &str) {
        let seen = self
            .act(Action::Wait {
                condition: crate::computer::Condition::Text(text.to_owned()),
                limit_ms: 3_000,
            })
            .await;
        if seen.is_err() {
            let page = self.eval("document.body.innerText").await;
            panic!("{seen:?}: the page says {page}");
        }
    }
}
