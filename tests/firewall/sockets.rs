//! WebSockets: none leaves before its origin is admitted, and of an opened one nothing leaves before its ruling.

use std::sync::{Arc, Mutex};

use apprentice::guard::firewall::{
    Admission, FrameRuling, Sent, SentByPage, SocketGate, Switch, SwitchSettings,
};
use axum::Router;
use axum::extract::ws::{Message as Served, WebSocketUpgrade};
use axum::routing::{any, get};
use futures::{SinkExt as _, StreamExt as _};
use hudsucker::tokio_tungstenite::tungstenite::{Error, Message};
use hudsucker::tokio_tungstenite::{WebSocketStream, client_async};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::world::{
    Connections, LIMIT, Lines, Web, allowing, browser, open_switch, page, tunnel, visit,
};

/// Answers as the test says, when the test says.
struct Told {
    seen: Lines,
    admission: watch::Sender<Option<Admission>>,
    ruling: watch::Sender<Option<FrameRuling>>,
    sent: Mutex<Vec<SentByPage>>,
}

impl Told {
    fn new(admission: Option<Admission>, ruling: Option<FrameRuling>) -> Arc<Told> {
        Arc::new(Told {
            seen: Lines::new(),
            admission: watch::Sender::new(admission),
            ruling: watch::Sender::new(ruling),
            sent: Mutex::default(),
        })
    }
}

/// Notes when a question is dropped without an answer.
struct GivenUp<'a>(&'a Lines);

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        self.0.add("given up".to_owned());
    }
}

#[async_trait::async_trait]
impl SocketGate for Told {
    async fn admit(&self, origin: &str) -> Admission {
        self.seen.add(format!("admit {origin}"));
        let given_up = GivenUp(&self.seen);
        let mut admission = self.admission.subscribe();
        let answer = admission.wait_for(Option::is_some).await.unwrap().clone();
        std::mem::forget(given_up);
        answer.unwrap()
    }

    async fn review(&self, sent: SentByPage) -> FrameRuling {
        self.sent.lock().unwrap().push(sent.clone());
        if sent.what == Sent::Opening {
            return FrameRuling::LetGo;
        }
        self.seen.add(format!("review {:?}", sent.what));
        let mut ruling = self.ruling.subscribe();
        let answer = ruling.wait_for(Option::is_some).await.unwrap().clone();
        answer.unwrap()
    }
}

/// A server that answers each message in capitals, and logs what it got.
fn shouting(heard: &Lines) -> Router {
    let heard = heard.clone();
    let socket = any(move |upgrade: WebSocketUpgrade| async move {
        heard.add("opened".to_owned());
        upgrade
            .protocols(["loud"])
            .on_upgrade(move |mut socket| async move {
                while let Some(Ok(message)) = socket.recv().await {
                    match message {
                        Served::Text(text) => {
                            heard.add(format!("text {text}"));
                            let answer = text.to_uppercase();
                            let _ = socket.send(Served::Text(answer.into())).await;
                        }
                        Served::Binary(bytes) => heard.add(format!("binary {}", bytes.len())),
                        Served::Close(frame) => heard.add(format!("close {frame:?}")),
                        Served::Ping(_) | Served::Pong(_) => {}
                    }
                }
                heard.add("ended".to_owned());
            })
    });
    Router::new().route("/socket", socket)
}

async fn switch_to(port: u16, gate: &Arc<Told>) -> Switch {
    open_switch(SwitchSettings {
        sockets: Arc::clone(gate) as Arc<dyn SocketGate>,
        ..allowing(&[port])
    })
    .await
}

async fn connect(switch: &Switch, port: u16) -> Result<WebSocketStream<TcpStream>, Error> {
    let outlet = switch.outlet();
    let stream = tunnel(outlet.sockets, &outlet, &format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    let url = format!("ws://127.0.0.1:{port}/socket?q=1");
    client_async(url, stream).await.map(|(socket, _)| socket)
}

async fn next(socket: &mut WebSocketStream<TcpStream>) -> Option<Message> {
    tokio::time::timeout(LIMIT, socket.next())
        .await
        .expect("something comes")
        .and_then(Result::ok)
}

#[tokio::test]
async fn a_socket_that_is_not_admitted_does_not_even_reach_its_server() {
    let server = Connections::counted().await;
    let gate = Told::new(Some(Admission::Refuse("not shown".to_owned())), None);
    let switch = switch_to(server.port, &gate).await;
    let error = connect(&switch, server.port).await.unwrap_err();
    assert!(matches!(error, Error::Http(answer) if answer.status() == 403));
    assert_eq!(
        gate.seen.all(),
        [format!("admit ws://127.0.0.1:{}", server.port)]
    );
    assert_eq!(server.log.all(), Vec::<String>::new());
    let why = switch.log()[0].refused.clone().unwrap();
    assert!(why.contains("not shown"), "{why}");
}

#[tokio::test]
async fn without_a_gate_no_socket_is_admitted() {
    let server = Connections::counted().await;
    let switch = open_switch(allowing(&[server.port])).await;
    assert!(connect(&switch, server.port).await.is_err());
    assert_eq!(server.log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn a_private_host_is_not_asked_about() {
    let server = Connections::counted().await;
    let gate = Told::new(Some(Admission::Tunnel), None);
    let switch = switch_to(1, &gate).await;
    assert!(connect(&switch, server.port).await.is_err());
    assert_eq!(gate.seen.all(), Vec::<String>::new());
    assert_eq!(server.log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn a_tunnelled_socket_is_carried_and_not_reviewed() {
    let heard = Lines::new();
    let server = Web::plain(shouting(&heard)).await;
    let gate = Told::new(Some(Admission::Tunnel), Some(FrameRuling::Refuse));
    let switch = switch_to(server.port, &gate).await;
    let mut socket = connect(&switch, server.port).await.unwrap();
    socket.send(Message::text("hello")).await.unwrap();
    assert_eq!(next(&mut socket).await, Some(Message::text("HELLO")));
    assert_eq!(gate.sent.lock().unwrap().len(), 0);
}

#[tokio::test]
async fn each_message_of_an_opened_socket_waits_for_its_ruling() {
    let heard = Lines::new();
    let server = Web::plain(shouting(&heard)).await;
    let gate = Told::new(Some(Admission::Open), None);
    let switch = switch_to(server.port, &gate).await;
    let mut socket = connect(&switch, server.port).await.unwrap();
    for text in ["buy", "more"] {
        socket.send(Message::text(text)).await.unwrap();
    }
    gate.seen.until("review Text(\"buy\")").await;
    assert_eq!(heard.all(), ["opened"]);
    gate.ruling.send_replace(Some(FrameRuling::LetGo));
    assert_eq!(next(&mut socket).await, Some(Message::text("BUY")));
    assert_eq!(next(&mut socket).await, Some(Message::text("MORE")));
    socket.send(Message::binary(vec![1; 70_000])).await.unwrap();
    heard.until("binary 70000").await;
    socket.close(None).await.unwrap();
    heard.until("ended").await;
    let sent = gate.sent.lock().unwrap();
    let opening = &sent[0];
    assert_eq!(opening.what, Sent::Opening);
    assert_eq!(
        opening.url,
        format!("ws://127.0.0.1:{}/socket?q=1", server.port)
    );
    assert!(sent.iter().all(|one| one.socket == opening.socket));
    assert_eq!(
        sent.len(),
        5,
        "opening, two texts, bytes, farewell: {sent:?}"
    );
}

#[tokio::test]
async fn a_refused_message_never_arrives_and_closes_the_socket() {
    let heard = Lines::new();
    let server = Web::plain(shouting(&heard)).await;
    let gate = Told::new(Some(Admission::Open), Some(FrameRuling::Refuse));
    let switch = switch_to(server.port, &gate).await;
    let mut socket = connect(&switch, server.port).await.unwrap();
    socket.send(Message::text("buy")).await.unwrap();
    let Some(Message::Close(Some(frame))) = next(&mut socket).await else {
        panic!("it is closed with a reason");
    };
    assert_eq!(u16::from(frame.code), 1008);
    heard.until("ended").await;
    assert_eq!(heard.with("text"), 0);
}

#[tokio::test]
async fn words_of_a_farewell_are_reviewed_too() {
    let heard = Lines::new();
    let server = Web::plain(shouting(&heard)).await;
    let gate = Told::new(Some(Admission::Open), Some(FrameRuling::Refuse));
    let switch = switch_to(server.port, &gate).await;
    let mut socket = connect(&switch, server.port).await.unwrap();
    let words = hudsucker::tokio_tungstenite::tungstenite::protocol::CloseFrame {
        code: 4000.into(),
        reason: "pay 100".into(),
    };
    socket.close(Some(words)).await.unwrap();
    heard.until("ended").await;
    assert_eq!(gate.seen.with("pay 100"), 1);
    assert_eq!(heard.with("pay 100"), 0);
}

#[tokio::test]
async fn what_is_held_when_the_page_goes_is_never_sent() {
    let heard = Lines::new();
    let server = Web::plain(shouting(&heard)).await;
    let gate = Told::new(Some(Admission::Open), None);
    let switch = switch_to(server.port, &gate).await;
    let mut socket = connect(&switch, server.port).await.unwrap();
    socket.send(Message::text("buy")).await.unwrap();
    gate.seen.until("review").await;
    drop(socket);
    heard.until("ended").await;
    gate.ruling.send_replace(Some(FrameRuling::LetGo));
    assert_eq!(heard.with("text"), 0);
}

#[tokio::test]
async fn a_question_outlives_the_socket_that_raised_it() {
    let heard = Lines::new();
    let server = Web::plain(shouting(&heard)).await;
    let gate = Told::new(None, None);
    let switch = switch_to(server.port, &gate).await;
    let outlet = switch.outlet();
    let to = format!("127.0.0.1:{}", server.port);
    let mut impatient = tunnel(outlet.sockets, &outlet, &to).await.unwrap();
    impatient.write_all(b"GET /socket").await.unwrap();
    gate.seen.until("admit").await;
    // The switch closes its side once it has seen that the page is gone.
    impatient.shutdown().await.unwrap();
    assert_eq!(impatient.read(&mut [0]).await.unwrap(), 0);
    gate.admission.send_replace(Some(Admission::Tunnel));
    connect(&switch, server.port).await.unwrap();
    assert_eq!(
        gate.seen.with("admit"),
        1,
        "the next attempt has its answer"
    );
    assert_eq!(gate.seen.with("given up"), 0);
}

#[tokio::test]
async fn a_question_ends_with_the_switch() {
    let gate = Told::new(None, None);
    let switch = switch_to(1, &gate).await;
    let outlet = switch.outlet();
    let mut waiting = tunnel(outlet.sockets, &outlet, "127.0.0.1:1")
        .await
        .unwrap();
    waiting.write_all(b"GET /socket").await.unwrap();
    gate.seen.until("admit").await;
    drop(switch);
    gate.seen.until("given up").await;
}

/// A page that opens a socket from itself and from a worker, and says how both ended.
fn socket_page(url: &str) -> Router {
    let script = format!(
        r#"const talk = `new Promise(done => {{
             const socket = new WebSocket('{url}', 'loud');
             socket.onopen = () => socket.send('buy');
             socket.onmessage = event => done(socket.protocol + ' ' + event.data);
             socket.onclose = event => done('closed ' + event.code); }})`;
           const worker = new Worker(URL.createObjectURL(new Blob([talk + '.then(said => postMessage(said))'])));
           const said = await Promise.all([eval(talk), new Promise(done => worker.onmessage = event => done(event.data))]);
           await fetch('/said/' + encodeURIComponent(said.join(', ')));"#
    );
    Router::new()
        .route("/", get(move || async move { page(&script) }))
        .route("/said/{what}", get(|| async { "" }))
}

struct Watched {
    heard: Lines,
    gate: Arc<Told>,
    said: String,
}

/// What a real page gets when its socket goes to a server with TLS or without.
async fn in_a_browser(secure: bool, admission: Admission, ruling: FrameRuling) -> Watched {
    let heard = Lines::new();
    let server = if secure {
        Web::secure(shouting(&heard)).await
    } else {
        Web::plain(shouting(&heard)).await
    };
    let url = format!("{}/socket", server.base.replacen("http", "ws", 1));
    let site = Web::plain(socket_page(&url)).await;
    let gate = Told::new(Some(admission.clone()), Some(ruling));
    let mut settings = allowing(&[server.port, site.port]);
    settings.sockets = Arc::clone(&gate) as Arc<dyn SocketGate>;
    if let Some((certificate, _)) = &server.certificate {
        settings.roots = vec![certificate.clone()];
    }
    let switch = open_switch(settings).await;
    let mut outlet = switch.outlet();
    if let (Some((_, fingerprint)), Admission::Tunnel) = (&server.certificate, admission) {
        outlet.trusted_key = Some(fingerprint.clone());
    }
    let (mut browser, _folder) = browser(Some(outlet)).await;
    visit(&mut browser, &site.base).await;
    site.log.until("GET /said/").await;
    browser.end().await;
    let lines = site.log.all();
    let said = lines.iter().find(|line| line.contains("/said/")).unwrap();
    Watched {
        heard,
        gate,
        said: said.replace("%20", " ").replace("%2C", ","),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_sends_nothing_of_a_socket_that_is_not_admitted() {
    for secure in [false, true] {
        let refuse = Admission::Refuse("no".to_owned());
        let watched = in_a_browser(secure, refuse, FrameRuling::LetGo).await;
        assert_eq!(watched.heard.all(), Vec::<String>::new());
        assert_eq!(watched.said, "GET /said/closed 1006, closed 1006");
        assert!(
            watched.gate.seen.with("admit") >= 1,
            "the socket came with the credential"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browsers_tunnelled_sockets_work_with_tls_and_without() {
    for secure in [false, true] {
        let watched = in_a_browser(secure, Admission::Tunnel, FrameRuling::Refuse).await;
        assert_eq!(watched.said, "GET /said/loud BUY, loud BUY");
        assert_eq!(watched.gate.sent.lock().unwrap().len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browsers_opened_sockets_work_and_every_message_is_reviewed() {
    for secure in [false, true] {
        let watched = in_a_browser(secure, Admission::Open, FrameRuling::LetGo).await;
        assert_eq!(watched.said, "GET /said/loud BUY, loud BUY");
        assert_eq!(watched.gate.seen.with("review Text(\"buy\")"), 2);
        let sent = watched.gate.sent.lock().unwrap();
        assert!(
            sent[0]
                .page
                .as_deref()
                .unwrap()
                .starts_with("http://127.0.0.1")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browsers_refused_message_does_not_arrive() {
    for secure in [false, true] {
        let watched = in_a_browser(secure, Admission::Open, FrameRuling::Refuse).await;
        assert_eq!(watched.heard.with("text"), 0);
        assert_eq!(watched.said, "GET /said/closed 1008, closed 1008");
    }
}
