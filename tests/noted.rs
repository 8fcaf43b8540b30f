//! What a person read on one site and typed on another is read there anew in a run, once a second recording shows that it was; with
//! one recording it is asked.

use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex};

use apprentice::computer::browser::Browser;
use apprentice::computer::{Action, Computer};

use crate::recording::{Recorder, act, apprentice, browser, click, filled};

const GOAL: &str = "Water the fern on Monday";
const FORM: &str = "<!doctype html><title>Watering</title><h1>Where is it dry?</h1>
    <form method=post action=/plan/17><label>Bed <input name=bed></label><button>Continue</button></form>";

/// A site that says which bed a plant is in, and another one where watering is planned.
struct Sites {
    plants: String,
    water: String,
    bed: Arc<Mutex<&'static str>>,
    plans: Arc<Mutex<Vec<String>>>,
}

async fn serve(app: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

impl Sites {
    async fn open() -> Self {
        use axum::response::Html;
        use axum::routing::{get, post};
        let bed = Arc::new(Mutex::new(""));
        let plans = Arc::new(Mutex::new(Vec::new()));
        let (now, kept) = (bed.clone(), plans.clone());
        let plants = axum::Router::new().route(
            "/",
            get(move || async move {
                Html(format!(
                    "<!doctype html><title>Plants</title><h1>Fern</h1><dl><dt>Kind<dd>Tree fern
                     <dt>Place<dd>Grows in bed {} of the house</dl>",
                    now.lock().unwrap()
                ))
            }),
        );
        let water = axum::Router::new()
            .route("/", get(async || Html(FORM)))
            .route(
                "/plan/17",
                post(move |body: String| async move {
                    kept.lock().unwrap().push(body);
                    Html("<!doctype html><title>Planned</title><h1>Planned</h1>")
                }),
            );
        Self {
            plants: serve(plants).await,
            water: serve(water).await,
            bed,
            plans,
        }
    }

    /// A person shows it with the plant in this bed.
    async fn show(&self, folder: &Path, bed: &'static str) {
        *self.bed.lock().unwrap() = bed;
        let mut hand: Browser = browser(folder).await;
        let sites = [format!("water={}", self.water)];
        let recorder = Recorder::start_naming(folder, &self.plants, &mut hand, &sites).await;
        let url = format!("{}/", self.water);
        hand.perform(&Action::Navigate { url }).await.unwrap();
        act(&mut hand, "input", filled(bed)).await;
        act(&mut hand, "button", click).await;
        recorder.interrupt();
        recorder.ends_well();
        hand.end().await;
        assert_eq!(self.planned(), [format!("bed={bed}")]);
    }

    /// A run with the plant in this bed.
    fn run(&self, folder: &Path, bed: &'static str) -> Output {
        *self.bed.lock().unwrap() = bed;
        apprentice(folder)
            .args(["run", GOAL])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// What was planned since this was asked last.
    fn planned(&self) -> Vec<String> {
        std::mem::take(&mut *self.plans.lock().unwrap())
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_on_another_site_is_asked_after_one_recording_and_read_after_two() {
    let sites = Sites::open().await;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sites.show(folder, "ROSE-12").await;

    // Where the page says what it said, there is nothing to ask.
    let same = sites.run(folder, "ROSE-12");
    assert!(same.status.success(), "{}", said(&same));
    assert_eq!(sites.planned(), ["bed=ROSE-12"]);
    // The recording may mean this bed, or whichever the page says.
    let other = sites.run(folder, "LILY-7");
    assert_eq!(other.status.code(), Some(4), "{}", said(&other));
    assert_eq!(sites.planned(), Vec::<String>::new());

    sites.show(folder, "MOSS-40").await;
    let shown = apprentice(folder)
        .args(["demos", "show", "water-plants"])
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("note what the"), "{shown}");
    assert!(shown.contains("its part of what was noted"), "{shown}");
    let read = sites.run(folder, "LILY-7");
    assert!(read.status.success(), "{}{shown}", said(&read));
    assert_eq!(sites.planned(), ["bed=LILY-7"]);
    // Where the page does not say it, nothing is made up.
    let silent = sites.run(folder, "");
    assert_eq!(silent.status.code(), Some(4), "{}", said(&silent));
    assert_eq!(sites.planned(), Vec::<String>::new());
}
