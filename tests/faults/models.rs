//! Models that are not there, refuse, talk nonsense, or never answer.

use crate::support::model_server::{Behaviour, ModelServer};
use crate::support::run::Run;
use crate::support::site::Site;

fn asking(site: &Site, base_url: &str) -> Run {
    Run::bare().with(&[
        "--model",
        "chat:scripted",
        "--base-url",
        base_url,
        "--start",
        &site.base,
    ])
}

#[tokio::test]
async fn a_model_that_is_not_there_is_named_by_its_address() {
    let site = Site::showing("<p>Hello").await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = format!("http://{}/v1", free.local_addr().expect("an address"));
    drop(free);
    asking(&site, &address)
        .ends()
        .await
        .with(1, &["no model server answers at", &address, "--base-url"]);
}

#[tokio::test]
async fn a_model_that_refuses_says_what_it_wants() {
    let site = Site::showing("<p>Hello").await;
    for (behaviour, says) in [
        (
            Behaviour::Status(401, "who are you", None),
            &["wants a key", "APPRENTICE_API_KEY"][..],
        ),
        (
            Behaviour::Status(500, "out of order", None),
            &["failed (500)", "out of order"],
        ),
        (Behaviour::Refusing, &["I'm sorry", "choose another model"]),
    ] {
        let server = ModelServer::start(behaviour).await;
        let ended = asking(&site, &server.base_url).ends().await;
        ended.with(1, says).with(1, &[&server.base_url]);
    }
}

#[tokio::test]
async fn a_model_that_answers_nonsense_is_given_up() {
    let site = Site::showing("<p>Hello").await;
    for behaviour in [
        Behaviour::Nonsense,
        Behaviour::Body("<html>It works!</html>"),
    ] {
        let server = ModelServer::start(behaviour).await;
        asking(&site, &server.base_url)
            .ends()
            .await
            .with(1, &[&server.base_url]);
        assert!(server.requests().len() < 10);
    }
}

#[tokio::test]
async fn a_model_that_never_answers_is_waited_for_as_long_as_was_said() {
    let site = Site::showing("<p>Hello").await;
    let server = ModelServer::start(Behaviour::Never).await;
    asking(&site, &server.base_url)
        .with(&["--model-seconds", "2"])
        .within(30)
        .ends()
        .await
        .with(
            1,
            &[
                &server.base_url,
                "did not answer within 2000 ms",
                "--model-seconds",
            ],
        );
}

#[tokio::test]
async fn a_model_that_never_answers_does_not_outlast_the_run() {
    let site = Site::showing("<p>Hello").await;
    let server = ModelServer::start(Behaviour::Never).await;
    asking(&site, &server.base_url)
        .with(&["--max-seconds", "4"])
        .within(30)
        .ends()
        .await
        .with(5, &["4 seconds are spent", "--max-seconds"]);
}
