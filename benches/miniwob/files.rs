//! Answers requests with the files of pages, those of MiniWoB++ with the script that begins an episode.

use std::path::{Component, Path, PathBuf};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Begins an episode of a MiniWoB++ page.
const START: &str = include_str!("start.js");

/// The path of an address without its slash, where it cannot lead out of a folder.
pub fn inside(address: &str) -> Option<&Path> {
    let path = Path::new(address.strip_prefix('/')?);
    let is_plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    is_plain.then_some(path)
}

/// The file there, for this address.
pub async fn answer(file: Option<PathBuf>, address: &str) -> Response {
    let Some(path) = file else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(mut bytes) = tokio::fs::read(&path).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let extension = path.extension().and_then(|one| one.to_str());
    if extension == Some("html") && address.starts_with("/miniwob/") {
        bytes.extend_from_slice(format!("<script>\n{START}</script>\n").as_bytes());
    }
    let kind = match extension {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("png") => "image/png",
        Some("gif") => "image/gif",
        Some("jpg") => "image/jpeg",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}
