//! What passes the switch, to whom it opens, and what it says when a server fails.

use apprentice::guard::firewall::{SwitchSettings, Way};
use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::routing::{get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::world::{
    Connections, LIMIT, Names, Web, allowing, client, client_with, open_switch, tunnel,
};

#[tokio::test]
async fn nobody_without_the_credential_of_the_run_gets_through_either_door() {
    let shop = Web::plain(Router::new().route("/", get(|| async { "shop" }))).await;
    let switch = open_switch(allowing(&[shop.port])).await;
    let outlet = switch.outlet();
    for password in ["", "apprentice", "x"] {
        let answer = client_with(&outlet, password)
            .get(&shop.base)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 407);
    }
    for door in [outlet.proxy, outlet.sockets] {
        let mut stream = TcpStream::connect(door).await.unwrap();
        let to = format!("127.0.0.1:{}", shop.port);
        stream
            .write_all(format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 407");
    }
    assert_eq!(shop.log.all(), Vec::<String>::new());
    let other = open_switch(SwitchSettings::default()).await.outlet();
    let password = secrecy::ExposeSecret::expose_secret(&other.password);
    let answer = client_with(&outlet, password).get(&shop.base).send().await;
    assert_eq!(answer.unwrap().status(), 407, "another run's");
}

#[tokio::test]
async fn plain_requests_and_tunnels_arrive_whole_and_are_logged() {
    let echo = post(|headers: HeaderMap, body: String| async move {
        assert!(headers.get("proxy-authorization").is_none());
        assert!(headers.get("proxy-connection").is_none());
        format!("{} {body}", headers["x-mine"].to_str().unwrap())
    });
    let app = Router::new().route("/echo", echo);
    let (plain, secure) = (Web::plain(app.clone()).await, Web::secure(app).await);
    let switch = open_switch(allowing(&[plain.port, secure.port])).await;
    let mut followed = switch.follow();
    let body = "x".repeat(300_000);
    for web in [&plain, &secure] {
        let answer = client(&switch.outlet())
            .post(format!("{}/echo", web.base))
            .header("x-mine", "kept")
            .body(body.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), format!("kept {body}"));
        let way = followed.recv().await.unwrap();
        assert_eq!(way.port, web.port);
        assert!(way.sent >= 300_000 && way.received >= 300_000, "{way:?}");
        assert!(way.ended >= way.begun && way.refused.is_none());
        let wanted = if web.port == plain.port {
            Way::Plain
        } else {
            Way::Tunnel
        };
        assert_eq!(way.way, wanted);
    }
    assert_eq!(switch.log().len(), 2);
}

#[tokio::test]
async fn a_first_door_tunnel_that_is_not_https_says_nothing_to_its_server() {
    let trap = Connections::counted().await;
    let switch = open_switch(allowing(&[trap.port])).await;
    let outlet = switch.outlet();
    let mut stream = tunnel(outlet.proxy, &outlet, &format!("127.0.0.1:{}", trap.port))
        .await
        .unwrap();
    stream
        .write_all(b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl")
        .await
        .unwrap();
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    trap.log.until("closed").await;
    assert_eq!(trap.log.all(), ["connected", "closed"]);
    let spoken = &switch.log()[0];
    assert!(spoken.refused.as_deref().unwrap().contains("not https"));
}

#[tokio::test]
async fn a_server_that_fails_is_told_with_a_sentence() {
    // A port that was just free, and one whose server hangs up.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone_port = gone.local_addr().unwrap().port();
    drop(gone);
    let rude = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rude_port = rude.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = rude.accept().await {
            let _ = stream.read_u8().await;
        }
    });
    let switch = open_switch(SwitchSettings {
        resolver: Names::with(&[]),
        ..allowing(&[gone_port, rude_port])
    })
    .await;
    let client = client(&switch.outlet());
    for (url, status, said) in [
        (
            format!("http://127.0.0.1:{gone_port}/"),
            502,
            "cannot be reached",
        ),
        (
            format!("http://127.0.0.1:{rude_port}/"),
            502,
            "ended the connection",
        ),
        (
            "http://nowhere.example/".to_owned(),
            502,
            "there is no host nowhere.example",
        ),
    ] {
        let answer = client.get(&url).send().await.unwrap();
        assert_eq!(answer.status(), status, "{url}");
        let text = answer.text().await.unwrap();
        assert!(text.contains(said), "{text}");
    }
}

#[tokio::test]
async fn plain_connections_are_used_again() {
    let shop = Connections::counted().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let log = shop.log.clone();
    let app = Router::new().route("/", get(|| async { "x" }));
    tokio::spawn(async move {
        axum::serve(
            axum::serve::ListenerExt::tap_io(listener, move |_| log.add("connected".to_owned())),
            app,
        )
        .await
    });
    let switch = open_switch(allowing(&[port])).await;
    for _ in 0..10 {
        // Each a new connection to the switch.
        let answer = client(&switch.outlet())
            .get(format!("http://127.0.0.1:{port}/"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), "x");
    }
    assert_eq!(shop.log.all(), ["connected"]);
}

#[tokio::test]
async fn an_answer_comes_piece_by_piece_and_a_page_that_leaves_ends_it() {
    let (pieces, source) = tokio::sync::mpsc::channel::<Result<String, std::io::Error>>(1);
    let source = std::sync::Arc::new(std::sync::Mutex::new(Some(source)));
    let stream = get(move || async move {
        let source = source.lock().unwrap().take().unwrap();
        Body::from_stream(futures::stream::unfold(source, |mut source| async move {
            source.recv().await.map(|piece| (piece, source))
        }))
    });
    let site = Web::plain(Router::new().route("/events", stream)).await;
    let switch = open_switch(allowing(&[site.port])).await;
    let mut answer = client(&switch.outlet())
        .get(format!("{}/events", site.base))
        .send()
        .await
        .unwrap();
    for piece in ["one", "two"] {
        pieces.send(Ok(piece.to_owned())).await.unwrap();
        assert_eq!(answer.chunk().await.unwrap().unwrap(), piece);
    }
    drop(answer);
    tokio::time::timeout(LIMIT, async {
        while pieces.send(Ok("more".to_owned())).await.is_ok() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the server is told that nobody listens");
}

#[tokio::test]
async fn dropping_the_switch_ends_what_goes_through_it() {
    let site = Web::secure(Router::new().route("/", get(std::future::pending::<String>))).await;
    let switch = open_switch(allowing(&[site.port])).await;
    let outlet = switch.outlet();
    let waiting = tokio::spawn(client(&outlet).get(&site.base).send());
    site.log.until("GET /").await;
    drop(switch);
    let ended = tokio::time::timeout(LIMIT, waiting).await.unwrap().unwrap();
    assert!(ended.is_err());
    assert!(TcpStream::connect(outlet.proxy).await.is_err());
}
