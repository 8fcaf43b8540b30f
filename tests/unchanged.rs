//! A step after which nothing on the page changes is asked about, where it changed when it was shown.

use std::process::Stdio;

use apprentice::computer::{Action, Computer, Scope, Target};
use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::recording::{Recorder, apprentice, browser, click};

/// A button for each plant: the fern and the ivy are watered at once, the moss after a while, and the orchid never.
const PLANTS: &str = "<!doctype html><title>Plants</title><h1>Water a plant</h1>
    <button>Fern</button><button>Ivy</button><button>Moss</button><button>Orchid</button><p id=said>All dry</p>
    <script>
      const say = (plant) => { document.getElementById('said').textContent = plant + ' watered'; };
      for (const button of document.querySelectorAll('button')) {
        const plant = button.textContent;
        button.onclick = () => {
          if (plant === 'Moss') setTimeout(() => say(plant), 700);
          else if (plant !== 'Orchid') say(plant);
        };
      }
    </script>";

async fn serve() -> String {
    let app = Router::new().route("/", get(|| async { Html(PLANTS) }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_after_which_nothing_changes_is_asked_about_and_one_that_works_is_not() {
    let address = serve().await;
    let folder = tempfile::tempdir().unwrap();
    let mut browser = browser(folder.path()).await;
    let recorder = Recorder::start_naming(folder.path(), &address, &mut browser, &[]).await;
    let seen = browser.observe(Scope::NearView).await.unwrap();
    let fern = seen.elements.iter().find(|one| one.name == "Fern").unwrap();
    let press: Action = click(Target::Element(fern.id.clone()));
    browser.perform(&press).await.unwrap();
    recorder.interrupt();
    recorder.ends_well();
    browser.end().await;

    const ASKED: &str = "nothing on the page changed, as it did when this was shown";
    for (plant, code, asked) in [("ivy", 0, false), ("moss", 0, false), ("orchid", 4, true)] {
        let goal = format!("Water the {plant} on Monday");
        let run = apprentice(folder.path())
            .args(["run", &goal, "--demo", "water-plants"])
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&run.stderr);
        assert_eq!(run.status.code(), Some(code), "{plant}: {stderr}");
        assert_eq!(stderr.contains(ASKED), asked, "{plant}: {stderr}");
    }
}
