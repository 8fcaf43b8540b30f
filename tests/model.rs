//! A model server can be absent, refuse, talk nonsense, break off or never answer: each time a sentence says what, where and
//! what to do. And a real server is understood.

use std::time::{Duration, Instant};

use apprentice::model::{
    Answer, Chat, Limits, Message, Model as _, ModelError, Part, Picture, Request, Settings, Tool,
    from_spec,
};
use secrecy::SecretString;
use serde_json::json;

use crate::support::model_server::{Behaviour, ModelServer, SHORT};
use crate::support::real_server::RealServer;

fn quick() -> Settings {
    Settings {
        limits: Limits {
            first_pause: Duration::from_millis(1),
            ..Limits::default()
        },
        ..Settings::default()
    }
}

fn chat(base_url: &str, settings: Settings) -> Chat {
    Chat::new("scripted", base_url, None, settings).expect("a good address")
}

fn picture() -> Picture {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 64, image::Rgb([200, 30, 30]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture that fits into memory");
    Picture {
        bytes: bytes.into_inner(),
        mime: "image/png",
    }
}

fn question() -> Request {
    Request {
        system: "Answer briefly.".to_owned(),
        messages: vec![Message::User(vec![Part::Text("Say hello.".to_owned())])],
        max_tokens: Some(12),
        ..Request::default()
    }
}

fn question_with_picture_and_tool() -> Request {
    Request {
        messages: vec![Message::User(vec![
            Part::Text("What is this?".to_owned()),
            Part::Picture(picture()),
        ])],
        tools: vec![Tool {
            name: "finish".to_owned(),
            description: "End.".to_owned(),
            parameters: json!({"type": "object", "properties": {"result": {"type": "string"}}}),
        }],
        must_call: true,
        ..question()
    }
}

async fn outcome(behaviour: Behaviour, settings: Settings) -> (Result<Answer, ModelError>, usize) {
    let server = ModelServer::start(behaviour).await;
    let answer = chat(&server.base_url, settings)
        .ask(&question_with_picture_and_tool())
        .await;
    assert_eq!(server.violations(), Vec::<String>::new());
    (answer, server.requests().len())
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let address = format!("http://{}/v1", free.local_addr().expect("bound"));
    drop(free);
    let error = chat(&address, quick()).ask(&question()).await.unwrap_err();
    assert!(matches!(error, ModelError::NotThere { .. }), "{error}");
    assert!(error.to_string().contains(&address), "{error}");
    assert!(error.to_string().contains("--base-url"), "{error}");
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    for (status, message, wanted) in [
        (401, "no", "APPRENTICE_API_KEY"),
        (403, "no", "APPRENTICE_API_KEY"),
        (
            404,
            "The model `scripted` does not exist",
            "correct --model",
        ),
        (400, "max_tokens is too large", "max_tokens is too large"),
        (
            500,
            "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
            "has no eyes",
        ),
        (302, "moved", "302"),
    ] {
        let (answer, requests) = outcome(Behaviour::Status(status, message, None), quick()).await;
        let error = answer.unwrap_err().to_string();
        assert!(error.contains(wanted), "{status}: {error}");
        assert!(error.contains("http://127.0.0.1:"), "{status}: {error}");
        assert_eq!(requests, 1, "{status} does not pass by itself");
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_again_and_not_for_ever() {
    for status in [429, 500, 503] {
        let (answer, requests) = outcome(Behaviour::FailsFirst(2, status), quick()).await;
        assert_eq!(answer.expect("the third try works").calls[0].name, "finish");
        assert_eq!(requests, 3);
        let (answer, requests) = outcome(Behaviour::Status(status, "down", None), quick()).await;
        let error = answer.unwrap_err().to_string();
        assert!(error.contains("after 4 tries"), "{error}");
        assert_eq!(requests, 4);
    }
}

#[tokio::test]
async fn a_pause_that_the_server_asks_for_is_kept_unless_it_is_too_long() {
    let mut settings = quick();
    settings.limits.tries = 2;
    let started = Instant::now();
    let behaviour = Behaviour::Status(429, "slow down", Some(("retry-after", "1")));
    let (_, requests) = outcome(behaviour, settings).await;
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(requests, 2);
    let behaviour = Behaviour::Status(429, "slow down", Some(("retry-after", "86400")));
    let (answer, requests) = outcome(behaviour, settings).await;
    assert!(matches!(answer, Err(ModelError::Busy { .. })));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn what_never_answers_ends_at_its_limit() {
    let mut settings = quick();
    settings.limits.whole_answer = SHORT;
    let (answer, _) = outcome(Behaviour::Never, settings).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, ModelError::NeverAnswered { .. }), "{error}");
    assert!(
        error.to_string().contains("400 ms (the whole answer)"),
        "{error}"
    );
}

#[tokio::test]
async fn answers_that_are_none_are_said_to_be_none() {
    for body in [
        "<html>It works!</html>",
        "{}",
        "{\"choices\":[]}",
        "",
        "[1]",
    ] {
        let (answer, _) = outcome(Behaviour::Body(body), quick()).await;
        let error = answer.unwrap_err();
        assert!(
            matches!(error, ModelError::NotAnAnswer { .. }),
            "{body}: {error}"
        );
    }
    let (answer, _) = outcome(Behaviour::Truncated, quick()).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, ModelError::BrokeOff { .. }), "{error}");
    let mut settings = quick();
    settings.limits.bytes = 10_000;
    let (answer, _) = outcome(Behaviour::Huge(100_000), settings).await;
    let error = answer.unwrap_err();
    assert!(matches!(error, ModelError::TooLong { .. }), "{error}");
}

#[tokio::test]
async fn a_streamed_answer_is_the_same_as_a_plain_one() {
    let mut answers = Vec::new();
    for stream in [false, true] {
        let settings = Settings { stream, ..quick() };
        let (answer, _) = outcome(Behaviour::FailsFirst(0, 500), settings).await;
        answers.push(answer.expect("an answer"));
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].calls[0].arguments, json!({"result": "done"}));
    assert_eq!(answers[0].usage.input, 100);
}

#[tokio::test]
async fn a_key_is_sent_and_shown_nowhere() {
    const KEY: &str = "sk-very-secret";
    let server = ModelServer::start_with_key(Behaviour::FailsFirst(0, 500), Some(KEY)).await;
    let key = || Some(SecretString::from(KEY));
    let mut model = Chat::new("m", &server.base_url, key(), quick()).expect("a good address");
    model
        .ask(&question_with_picture_and_tool())
        .await
        .expect("the key is right");
    assert!(!format!("{model:?}").contains(KEY));

    let echo = "you sent sk-very-secret, which is bad";
    let server = ModelServer::start(Behaviour::Status(400, echo, None)).await;
    let mut model = Chat::new("m", &server.base_url, key(), quick()).expect("a good address");
    let error = model.ask(&question()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(KEY), "{error}");
    assert!(error.to_string().contains("you sent ***"), "{error}");
}

#[test]
fn what_a_model_is_called_is_checked_before_anything_is_sent() {
    let base = Some("http://127.0.0.1:1/v1");
    for (spec, base, wanted) in [
        ("llama:x", base, "chat:NAME"),
        ("gpt", base, "chat:NAME"),
        ("chat:", base, "chat:NAME"),
        ("chat:x", None, "--base-url"),
        ("chat:x", Some("localhost"), "--base-url"),
        ("chat:x", Some("ftp://127.0.0.1"), "neither http nor https"),
        (
            "chat:x",
            Some("http://me:pw@127.0.0.1/v1"),
            "APPRENTICE_API_KEY",
        ),
    ] {
        let Err(error) = from_spec(spec, base, None) else {
            panic!("{spec} {base:?} was taken");
        };
        assert!(error.to_string().contains(wanted), "{error}");
        assert!(!error.to_string().contains("pw"), "{error}");
    }
    assert!(from_spec("chat:x", base, None).is_ok());
}

#[tokio::test]
async fn a_real_server_answers_plain_and_streamed_and_has_no_eyes() {
    let server = RealServer::start();
    for stream in [false, true] {
        let settings = Settings { stream, ..quick() };
        let mut model = chat(&server.base_url, settings);
        let answer = model.ask(&question()).await.expect("an answer");
        assert!(!answer.text.trim().is_empty(), "streamed: {stream}");
        assert!((1..=12).contains(&answer.usage.output), "{answer:?}");
        assert!(answer.usage.input > 5, "{answer:?}");

        let with_picture = Request {
            tools: Vec::new(),
            ..question_with_picture_and_tool()
        };
        let error = model.ask(&with_picture).await.unwrap_err();
        assert!(matches!(error, ModelError::NoEyes { .. }), "{error}");
    }
}
