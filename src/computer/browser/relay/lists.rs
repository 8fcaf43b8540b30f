//! What tools ask over plain http before they connect: the browser's version, and its pages.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::Shared;
use super::client::Attached;
use super::rules::{Place, Verdict, judge, open_to_clients};
use crate::computer::browser::router::CALL_LIMIT;

pub async fn version(State(shared): State<Shared>) -> Response {
    let Some(version) = ask(&shared, "Browser.getVersion", json!({})).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    Json(json!({
        "Browser": version["product"],
        "Protocol-Version": version["protocolVersion"],
        "User-Agent": version["userAgent"],
        "V8-Version": version["jsVersion"],
        "WebKit-Version": version["revision"],
        "webSocketDebuggerUrl": shared.socket_of_browser(),
    }))
    .into_response()
}

pub async fn list(State(shared): State<Shared>) -> Response {
    let Some(targets) = targets(&shared).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let listed: Vec<Value> = targets.iter().map(|one| described(&shared, one)).collect();
    Json(listed).into_response()
}

pub async fn new(State(shared): State<Shared>, RawQuery(query): RawQuery) -> Response {
    let url = query.unwrap_or_default();
    let params = json!({ "url": if url.is_empty() { "about:blank".to_owned() } else { url } });
    if let Verdict::Refused(why) = judge("Target.createTarget", &params, Place::Browser) {
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let made = ask(&shared, "Target.createTarget", params).await;
    let id = made.as_ref().and_then(|made| made["targetId"].as_str());
    let targets = targets(&shared).await.unwrap_or_default();
    match targets.iter().find(|one| one["targetId"].as_str() == id) {
        Some(target) => Json(described(&shared, target)).into_response(),
        None => StatusCode::BAD_GATEWAY.into_response(),
    }
}

pub async fn activate(State(shared): State<Shared>, Path(target): Path<String>) -> Response {
    done(
        ask(
            &shared,
            "Target.activateTarget",
            json!({ "targetId": target }),
        )
        .await,
        "Target activated",
    )
}

pub async fn close(State(shared): State<Shared>, Path(target): Path<String>) -> Response {
    done(
        ask(&shared, "Target.closeTarget", json!({ "targetId": target })).await,
        "Target is closing",
    )
}

/// A page of the list, where the client may speak to it.
pub async fn target(shared: &Shared, id: &str) -> Option<Attached> {
    let targets = targets(shared).await?;
    let found = targets.iter().find(|one| one["targetId"] == id)?;
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    Some(Attached {
        kind: text("type"),
        target: id.to_owned(),
        url: text("url"),
    })
}

/// The pages that clients may speak to.
async fn targets(shared: &Shared) -> Option<Vec<Value>> {
    let answer = ask(shared, "Target.getTargets", json!({})).await?;
    let all = answer["targetInfos"].as_array()?;
    let open = |one: &&Value| {
        one["type"] == "page" && open_to_clients(one["url"].as_str().unwrap_or_default()).is_ok()
    };
    Some(all.iter().filter(open).cloned().collect())
}

fn described(shared: &Shared, target: &Value) -> Value {
    json!({
        "description": "",
        "id": target["targetId"],
        "title": target["title"],
        "type": target["type"],
        "url": target["url"],
        "webSocketDebuggerUrl": shared.socket_of_page(target["targetId"].as_str().unwrap_or_default()),
    })
}

async fn ask(shared: &Shared, method: &str, params: Value) -> Option<Value> {
    shared
        .link
        .router
        .call_raw(None, method, params, CALL_LIMIT)
        .await
        .inspect_err(|error| tracing::debug!(%error, "the relay was not answered"))
        .ok()
}

fn done(answer: Option<Value>, says: &'static str) -> Response {
    match answer {
        Some(_) => says.into_response(),
        None => (StatusCode::NOT_FOUND, "No such target id").into_response(),
    }
}
