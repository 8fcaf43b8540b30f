//! A goal without `--demo` finds the one workflow that shows it, and where none does, or more than one, nothing is done before a
//! person has said what is meant.

use crate::support::run::Run;
use crate::support::site::{Site, html};

async fn site() -> Site {
    Site::with([
        (
            "/",
            html("<a href=/ferns>Ferns</a> <a href=/herbs>Herbs</a>"),
        ),
        ("/ferns", html("<h1>Watered the ferns</h1>")),
        ("/herbs", html("<h1>Watered the herbs</h1>")),
    ])
    .await
}

/// A demonstration that clicks a link.
fn shown(workflow: &str, goal: &str, link: &str) -> String {
    format!(
        "format = \"1.0\"\nworkflow = \"{workflow}\"\ngoal = \"{goal}\"\nstart = \"{{site:it}}/\"\n\n[sites]\nit = \"http://127.0.0.1:1\"\n\n\
         [[step]]\ndo = \"click\"\ntarget = {{ role = \"link\", name = \"{link}\" }}\nafter = {{ text = \"Watered the\" }}\n"
    )
}

/// A library of two jobs.
fn plants(site: &Site) -> Run {
    Run::bare()
        .site(&site.base)
        .file(
            "demos/ferns/first.toml",
            &shown("ferns", "Water the ferns upstairs", "Ferns"),
        )
        .file(
            "demos/herbs/first.toml",
            &shown("herbs", "Water all herbs in the yard", "Herbs"),
        )
}

fn answer(to: &str, reply: &str) -> String {
    format!("[[answer]]\nto = '{to}'\nreply = '{reply}'\n")
}

#[tokio::test]
async fn the_workflow_that_shows_the_goal_is_followed() {
    let site = site().await;
    plants(&site)
        .goal("Please water the ferns upstairs")
        .ends()
        .await
        .with(0, &[]);
    assert_eq!((site.asked_for("/ferns"), site.asked_for("/herbs")), (1, 0));
}

#[tokio::test]
async fn a_goal_that_is_turned_round_or_wants_more_is_refused_with_the_reason() {
    let site = site().await;
    for (goal, reason) in [
        (
            "Do not water the ferns upstairs",
            "the goal says \"Do not\", which it does not show",
        ),
        ("Never water the ferns upstairs", "the goal says \"Never\""),
        (
            "Water everything except the ferns upstairs",
            "the goal says \"everything except\"",
        ),
        (
            "Water the ferns upstairs, but not yet",
            "the goal says \"but not yet\"",
        ),
        (
            "Water the ferns upstairs and then log out",
            "the goal says \"and then log out\"",
        ),
        (
            "Water herbs in the yard",
            "it was shown with \"all\", which the goal does not say",
        ),
    ] {
        let ended = plants(&site).goal(goal).ends().await;
        ended
            .with(2, &["no demonstration in demos fits", reason, "--demo"])
            .without_a_trace();
    }
    assert!(site.log().is_empty());
}

#[tokio::test]
async fn what_is_only_near_is_followed_with_a_yes_and_not_without() {
    let site = site().await;
    let near = "No demonstration shows this: the nearest is \"ferns\".*says \"twice\"";
    let asked = |reply: &str| {
        plants(&site)
            .goal("Water the ferns upstairs twice")
            .answers(
                &(answer(near, reply)
                    + &answer("\"twice\", which the demonstration does not show", "yes")),
            )
    };
    asked("no")
        .ends()
        .await
        .with(3, &["you said no"])
        .without_a_trace();
    assert!(site.log().is_empty());
    asked("yes").ends().await.with(0, &[]);
    assert_eq!(site.asked_for("/ferns"), 1);
}

#[tokio::test]
async fn which_of_two_that_fit_alike_is_asked() {
    let site = site().await;
    let two = || {
        plants(&site)
            .file(
                "demos/other/first.toml",
                &shown("other", "Water the ferns upstairs", "Herbs"),
            )
            .goal("Water the ferns upstairs")
    };
    two()
        .ends()
        .await
        .with(2, &["fits several demonstrations (ferns, other)", "--demo"])
        .without_a_trace();
    let which = "fits several demonstrations alike: \"ferns\".*\"other\".*Which one";
    two()
        .answers(&answer(which, "none of them"))
        .ends()
        .await
        .with(3, &["nothing was done"])
        .without_a_trace();
    assert!(site.log().is_empty());
    two()
        .answers(&answer(which, "other"))
        .ends()
        .await
        .with(0, &[]);
    assert_eq!((site.asked_for("/ferns"), site.asked_for("/herbs")), (0, 1));
}

#[tokio::test]
async fn of_two_that_fit_alike_the_one_of_the_page_is_meant() {
    let (site, elsewhere) = (site().await, site().await);
    let start = format!("{}/", elsewhere.base);
    let there = shown("there", "Water the ferns upstairs", "Herbs").replace("{site:it}/", &start);
    plants(&site)
        .file("demos/there/first.toml", &there)
        .goal("Water the ferns upstairs")
        .with(&["--start", &start])
        .ends()
        .await
        .with(0, &[]);
    assert_eq!((elsewhere.asked_for("/herbs"), site.log().len()), (1, 0));
}

#[tokio::test]
async fn two_workflows_of_one_name_are_not_taken_for_each_other() {
    let site = site().await;
    let misnamed = || {
        plants(&site).file(
            "demos/copy/first.toml",
            &shown("ferns", "Water the roses", "Herbs"),
        )
    };
    misnamed()
        .goal("Water the roses")
        .with(&["--demo", "copy"])
        .ends()
        .await
        .with(
            2,
            &[
                "demos/copy says that it is the workflow \"ferns\"",
                "workflow = \"copy\"",
            ],
        )
        .without_a_trace();
    misnamed()
        .goal("Water the ferns upstairs")
        .ends()
        .await
        .with(0, &[]);
    assert_eq!((site.asked_for("/ferns"), site.asked_for("/herbs")), (1, 0));
}
