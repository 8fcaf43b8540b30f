//! The pages: MiniWoB++, the tour's applications, real applications, the fixtures of other tests, and some written for this.

use std::path::{Path, PathBuf};

use axum::response::Response;

use crate::Failure;
use crate::files;
use crate::serve::{App, Look, Served};

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
            let served = Served::start(app, Look::Shown).await?;
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
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = files::inside(uri.path()).map(|path| {
        let own = path.starts_with("benches/targets/sites") || path.starts_with("tests/fixtures");
        if own {
            here.join(path)
        } else {
            miniwob().join(path)
        }
    });
    files::answer(path, uri.path()).await
}
