//! The pages: MiniWoB++, the tour's applications, real applications, the fixtures of other tests, and some written for this.

use std::path::{Component, Path, PathBuf};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Failure;
use crate::serve::{App, Served};

/// Begins an episode of a MiniWoB++ page, as for `bench-miniwob`.
const START: &str = include_str!("../miniwob/start.js");

/// Pages of a family of tasks: more of them tell little more.
const MOST_ALIKE: usize = 2;

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Where it is from: `miniwob`, `tour`, `apps`, `fixtures` or `own`.
    pub source: &'static str,
    pub name: String,
    /// Pages that are alike have one family, and are never on both sides of the split.
    pub family: String,
    pub address: String,
}

/// What serves them, for as long as it lives.
pub struct Pages {
    pub all: Vec<Page>,
    _tour: apprentice::tour::Servers,
    _apps: Vec<Served>,
}

/// Parts of the applications where a person would find much to click.
const APPS: [(App, &[&str]); 3] = [
    (
        App::Tracker,
        &[
            "",
            "issue?@template=item",
            "issue?@template=search",
            "user?@template=register",
        ],
    ),
    (
        App::Shop,
        &[
            "",
            "en-gb/catalogue/",
            "en-gb/basket/",
            "en-gb/accounts/login/",
            "en-gb/search/?q=a",
        ],
    ),
    (App::Wiki, &[""]),
];
const TOUR: [(&str, &[&str]); 4] = [
    ("calendar", &["/", "/month/2026-03", "/people"]),
    ("receipts", &["/"]),
    ("expenses", &["/", "/reports/new"]),
    ("tickets", &["/", "/checkout"]),
];

impl Pages {
    pub async fn serve(wanted: &[String]) -> Result<Self, Failure> {
        let origin = files().await?;
        let mut all = Vec::new();
        for task in names(&miniwob().join("miniwob"))? {
            let is_alike = |page: &&Page| page.family == format!("miniwob {}", family(&task));
            if all.iter().filter(is_alike).count() == MOST_ALIKE {
                continue;
            }
            all.push(Page {
                source: "miniwob",
                family: format!("miniwob {}", family(&task)),
                address: format!("{origin}/miniwob/{task}.html?seed=1"),
                name: task,
            });
        }
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (source, folder) in [
            ("own", "benches/targets/sites"),
            ("fixtures", "tests/fixtures/ocr"),
        ] {
            for name in names(&here.join(folder))? {
                all.push(Page {
                    source,
                    family: format!("{source} {name}"),
                    address: format!("{origin}/{folder}/{name}.html"),
                    name,
                });
            }
        }
        let tour = apprentice::tour::serve().await?;
        for (app, paths) in TOUR {
            for path in paths {
                all.push(Page {
                    source: "tour",
                    name: format!("{app}{path}"),
                    family: format!("tour {app}"),
                    address: format!("{}{path}", tour.origins()[app]),
                });
            }
        }
        let is_wanted = |name: &str| {
            wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()))
        };
        let mut apps = Vec::new();
        for (app, paths) in APPS {
            let name = |path: &str| format!("{}/{path}", app.name());
            if !paths.iter().any(|path| is_wanted(&name(path))) {
                continue;
            }
            let served = Served::start(app).await?;
            for path in paths {
                all.push(Page {
                    source: "apps",
                    name: name(path),
                    family: format!("apps {}", app.name()),
                    address: format!("{}/{path}", served.address.trim_end_matches('/')),
                });
            }
            apps.push(served);
        }
        all.retain(|page| is_wanted(&page.name));
        Ok(Self {
            all,
            _tour: tour,
            _apps: apps,
        })
    }
}

/// The first two words of a task's name: `click-tab-2-hard` is a `click-tab`.
fn family(task: &str) -> String {
    task.split('-').take(2).collect::<Vec<_>>().join("-")
}

fn miniwob() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(".models/miniwob")
}

/// Names of the pages in a folder, sorted. What only differs in not waiting is the same page.
fn names(folder: &Path) -> Result<Vec<String>, Failure> {
    let listed = std::fs::read_dir(folder).map_err(|e| {
        format!(
            "{}: {e}; scripts/setup-tests brings the pages",
            folder.display()
        )
    })?;
    let mut names = Vec::new();
    for entry in listed {
        let file = entry?.file_name().to_string_lossy().into_owned();
        let name = file
            .strip_suffix(".html")
            .filter(|name| !name.ends_with("-nodelay"));
        names.extend(name.map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Serves the repository's own files and the MiniWoB++ pages; gives the origin.
pub async fn files() -> Result<String, Failure> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let app = axum::Router::new().fallback(file);
    tokio::spawn(async move { axum::serve(listener, app).await });
    Ok(origin)
}

async fn file(uri: axum::http::Uri) -> Response {
    let Some(path) = inside(uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(mut bytes) = tokio::fs::read(&path).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let extension = path.extension().and_then(|one| one.to_str());
    if extension == Some("html") && uri.path().starts_with("/miniwob/") {
        bytes.extend_from_slice(format!("<script>\n{START}</script>\n").as_bytes());
    }
    let kind = match extension {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind)], bytes).into_response()
}

fn inside(path: &str) -> Option<PathBuf> {
    let path = Path::new(path.strip_prefix('/')?);
    let is_plain = path
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = path.starts_with("benches/targets/sites") || path.starts_with("tests/fixtures");
    is_plain.then(|| {
        if own {
            here.join(path)
        } else {
            miniwob().join(path)
        }
    })
}
