//! Demonstrations, goals and parameters that cannot be followed.

use crate::support::run::{Run, demonstration};
use crate::support::site::{Site, html};

const NEXT: &str = "[[step]]\ndo = \"click\"\nsays = \"go to the next page\"\ntarget = { role = \"link\", name = \"Next\" }\nafter = { text = \"Arrived\" }\n";

async fn site() -> Site {
    Site::with([
        ("/", html("<a href=/next>Next</a>")),
        ("/next", html("<h1>Arrived</h1>")),
    ])
    .await
}

#[tokio::test]
async fn a_demonstration_that_is_not_toml_is_refused_with_its_file_and_line() {
    let site = site().await;
    Run::on(&site, NEXT)
        .file(
            "demos/job/first.toml",
            "format = \"1.0\"\nthis is no TOML\n",
        )
        .ends()
        .await
        .with(
            2,
            &["demos/job/first.toml", "is not a demonstration", "line 2"],
        )
        .without_a_trace();
    assert!(site.log().is_empty());
}

#[tokio::test]
async fn a_demonstration_of_a_newer_version_is_refused_for_that() {
    let site = site().await;
    let text = demonstration("{site:it}/", NEXT).replace("1.0", "9.0");
    Run::on(&site, NEXT)
        .file("demos/job/first.toml", &text)
        .ends()
        .await
        .with(2, &["demos/job/first.toml", "9.0", "update apprentice"])
        .without_a_trace();
}

#[tokio::test]
async fn a_missing_picture_is_no_reason_not_to_go_on() {
    let site = site().await;
    let steps = NEXT.replace("says =", "picture = \"1.png\"\nsays =");
    Run::on(&site, &steps).ends().await.with(0, &[]);
    assert_eq!(site.asked_for("/next"), 1);
}

#[test]
fn a_missing_picture_is_what_demos_check_says() {
    let folder = crate::cli::folder();
    let job = folder.path().join("demos/job");
    std::fs::create_dir_all(&job).unwrap();
    let steps = NEXT.replace("says =", "picture = \"1.png\"\nsays =");
    std::fs::write(job.join("first.toml"), demonstration("{site:it}/", &steps)).unwrap();
    crate::cli::apprentice(&folder)
        .args(["demos", "check", "job"])
        .assert()
        .code(0)
        .stdout(predicates::str::contains("step 1 of first has no picture"));
}

#[tokio::test]
async fn a_target_that_is_nowhere_is_asked_for_with_its_step_and_page() {
    let site = site().await;
    let steps = NEXT.replace("\"Next\"", "\"Frobnicate\"");
    Run::on(&site, &steps)
        .ends()
        .await
        .with(4, &["Frobnicate", &site.base, "apprentice resume"]);
    assert_eq!(site.asked_for("/next"), 0);
}

#[tokio::test]
async fn a_goal_that_names_nothing_the_demonstration_knows_is_given_up() {
    let site = site().await;
    Run::on(&site, NEXT)
        .goal("Bake seven pancakes for Ludmila")
        .ends()
        .await
        .with(1, &["names nothing that the demonstration", "--demo"]);
    assert_eq!(site.asked_for("/next"), 0);
}

#[tokio::test]
async fn a_goal_that_fits_no_demonstration_needs_one_or_a_model() {
    Run::bare()
        .goal("Bake seven pancakes for Ludmila")
        .ends()
        .await
        .with(2, &["no demonstration in demos", "--demo", "--model"])
        .without_a_trace();
}

#[tokio::test]
async fn a_demonstration_that_is_not_there_is_wrong_use_and_the_nearest_is_offered() {
    let site = site().await;
    Run::on(&site, NEXT)
        .file("demos/jobs/first.toml", "")
        .file("answers.toml", "")
        .with(&["--answers", "answers.toml"])
        .ends()
        .await
        .with(0, &[]);
    Run::bare()
        .file("demos/job/first.toml", &demonstration("{site:it}/", NEXT))
        .with(&["--demo", "jab"])
        .ends()
        .await
        .with(2, &["\"jab\"", "did you mean job?"]);
}

#[tokio::test]
async fn a_parameter_given_twice_is_wrong_use() {
    Run::bare()
        .with(&["--param", "day=Monday", "--param", "day=Tuesday"])
        .ends()
        .await
        .with(
            2,
            &["--param day is given twice", "\"Monday\"", "\"Tuesday\""],
        )
        .without_a_trace();
}

#[tokio::test]
async fn a_parameter_that_the_demonstration_does_not_have_is_wrong_use() {
    let site = site().await;
    Run::on(&site, NEXT)
        .with(&["--param", "day=Monday"])
        .ends()
        .await
        .with(2, &["\"job\" has no parameter day"])
        .without_a_trace();
}
