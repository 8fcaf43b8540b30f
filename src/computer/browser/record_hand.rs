//! A person at a browser that is recorded, for tests: real input goes in, what was heard and the demonstration made of it come out.

use std::collections::HashMap;
use std::sync::Arc;

use axum::response::Html;

use super::router::Session;
use super::*;
use crate::computer::{Element, Observation, Point, Scope};
use crate::demo::Verb;
use crate::demo::recorder::{Recorded, Witnessed, demonstration};

pub(super) const LIMIT: Duration = Duration::from_secs(20);

/// Pages by path, on a free port; `{port}` in them is that port. Every path also answers POST.
pub(super) async fn serve(pages: &[(&str, &str)]) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let pages: Arc<HashMap<String, String>> = Arc::new(
        pages
            .iter()
            .map(|(path, html)| {
                let html = format!("<!doctype html><meta charset=utf-8>{html}");
                (
                    (*path).to_owned(),
                    html.replace("{port}", &port.to_string()),
                )
            })
            .collect(),
    );
    let app = axum::Router::new().fallback(move |uri: axum::http::Uri| {
        let pages = pages.clone();
        async move { Html(pages.get(uri.path()).cloned().unwrap_or_default()) }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    port
}

/// A browser that is recorded and worked on by hand.
pub(super) struct Hand {
    pub(super) browser: Browser,
    pub(super) recording: Recording,
    pub(super) heard: Vec<Heard>,
    _downloads: tempfile::TempDir,
}

impl Hand {
    pub(super) async fn at(url: &str) -> Self {
        let downloads = tempfile::tempdir().unwrap();
        let browser = open(OpenSettings {
            downloads: downloads.path().to_owned(),
            by_hand: true,
            ..OpenSettings::default()
        })
        .await
        .unwrap();
        let mut hand = Self::on(browser, downloads).await;
        hand.goto(url).await;
        hand
    }

    pub(super) async fn on(mut browser: Browser, downloads: tempfile::TempDir) -> Self {
        let recording = browser.record().await.unwrap();
        Self {
            browser,
            recording,
            heard: Vec::new(),
            _downloads: downloads,
        }
    }

    pub(super) fn session(&self) -> Session {
        self.browser
            .link
            .stage()
            .active_tab()
            .unwrap()
            .session
            .clone()
    }

    pub(super) async fn send(&self, method: &str, params: serde_json::Value) {
        self.browser
            .link
            .router
            .call_raw(Some(&self.session()), method, params, LIMIT)
            .await
            .unwrap();
    }

    /// As if the address had been typed.
    pub(super) async fn goto(&mut self, url: &str) {
        let before = self.browser.before();
        self.send("Page.navigate", json!({ "url": url })).await;
        self.browser.settle(&before).await;
    }

    pub(super) async fn look(&mut self) -> Observation {
        self.browser.look(Scope::NearView).await.unwrap()
    }

    /// Looks until an element with this name (or text) and tag is there.
    pub(super) async fn find(&mut self, tag: &str, name: &str) -> Element {
        let deadline = tokio::time::Instant::now() + LIMIT;
        loop {
            // The recording works meanwhile, as it does for a person.
            while let Ok(Some(heard)) =
                tokio::time::timeout(Duration::from_millis(20), self.recording.next()).await
            {
                self.heard.push(heard);
            }
            let seen = self.look().await;
            let found = seen
                .elements
                .iter()
                .find(|e| e.tag == tag && (e.name == name || e.text == name || e.label == name));
            if let Some(found) = found {
                return found.clone();
            }
            let titles: Vec<String> = seen.elements.iter().map(Element::describe).collect();
            assert!(
                tokio::time::Instant::now() < deadline,
                "no {tag} {name:?} in {titles:?}"
            );
            self.browser.link.changed(Duration::from_millis(200)).await;
        }
    }

    pub(super) async fn mouse(&self, kind: &str, at: Point, count: u8) {
        let buttons = u8::from(kind != "mouseReleased" && count > 0);
        self.send(
            "Input.dispatchMouseEvent",
            json!({ "type": kind, "x": at.x, "y": at.y, "button": if count > 0 { "left" } else { "none" },
                    "buttons": buttons, "clickCount": count }),
        )
        .await;
    }

    pub(super) async fn click(&mut self, tag: &str, name: &str) {
        let place = self.find(tag, name).await.bounds.center();
        let before = self.browser.before();
        self.mouse("mouseMoved", place, 0).await;
        self.mouse("mousePressed", place, 1).await;
        self.mouse("mouseReleased", place, 1).await;
        self.browser.settle(&before).await;
    }

    pub(super) async fn key(&self, key: &str, code: u32, text: &str, modifiers: u8) {
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            self.send(
                "Input.dispatchKeyEvent",
                json!({ "type": kind, "key": key, "windowsVirtualKeyCode": code, "text": text,
                        "unmodifiedText": text, "modifiers": modifiers }),
            )
            .await;
        }
    }

    pub(super) async fn keys(&self, text: &str) {
        for character in text.chars() {
            let text = character.to_string();
            self.key(&text, character.to_ascii_uppercase() as u32, &text, 0)
                .await;
        }
    }

    pub(super) async fn enter(&mut self) {
        let before = self.browser.before();
        self.key("Enter", 13, "\r", 0).await;
        self.browser.settle(&before).await;
    }

    /// Ends the recording: the deeds in words, and the demonstration.
    pub(super) async fn done(mut self) -> (Vec<Heard>, Vec<String>, Recorded) {
        self.recording.stop();
        while let Some(heard) = tokio::time::timeout(LIMIT, self.recording.next())
            .await
            .unwrap()
        {
            self.heard.push(heard);
        }
        let witnessed = Witnessed {
            heard: self.heard.clone(),
            ..Witnessed::default()
        };
        // What a field held on the way is told besides, whenever there is time.
        self.heard.retain(|heard| !heard.unfinished);
        let words = self.heard.iter().map(words).collect();
        let recorded = demonstration("job", "Do it", "2026-01-02T03:04:05Z", &witnessed).unwrap();
        self.browser.end().await;
        (self.heard, words, recorded)
    }
}

pub(super) fn words(heard: &Heard) -> String {
    let what = heard
        .element
        .as_ref()
        .map(Element::describe)
        .unwrap_or_default();
    match &heard.deed {
        Deed::Click { count, .. } => format!("click{count} {what}"),
        Deed::Fill(Entered::Plain(value)) => format!("fill {what} = {value}"),
        Deed::Fill(Entered::Secret) => format!("fill {what} secretly"),
        Deed::Choose(labels) => format!("choose {what} = {}", labels.join("|")),
        Deed::Press(keys) => format!("press {what} {keys}"),
        Deed::Navigate(url) => format!("navigate {}", url.split('/').next_back().unwrap()),
        Deed::SwitchTab { title, .. } => format!("switch to {title}"),
        Deed::AnswerDialog { accept, text } => format!("answer {accept} {text:?}"),
        Deed::Select { whole: true, .. } => format!("select {what} as a whole"),
        Deed::Select { text, .. } => format!("select {what} = {text}"),
        Deed::End => "end".to_owned(),
        other => format!("{other:?}").chars().take(12).collect(),
    }
}

pub(super) fn steps(recorded: &Recorded) -> Vec<(Verb, String)> {
    let name = |step: &crate::demo::Step| {
        let target = step.target.clone().unwrap_or_default();
        target.name.or(target.text).unwrap_or_default()
    };
    recorded
        .demonstration
        .steps
        .iter()
        .map(|step| (step.verb, name(step)))
        .collect()
}
