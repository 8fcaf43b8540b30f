//! An opened WebSocket: each message that the page sends waits for its ruling before it leaves.
//!
//! The server answers the opening first, so what the page gets (status, subprotocol, cookies) is the server's own answer.
//! Compression is not offered to the server, since only whole messages are reviewed. What a page sent before it went away
//! is not sent when its ruling comes too late.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt as _, StreamExt as _};
use hudsucker::rustls::pki_types::ServerName;
use hudsucker::tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use hudsucker::tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use hudsucker::tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use hudsucker::tokio_tungstenite::tungstenite::{Error, Message};
use hudsucker::tokio_tungstenite::{WebSocketStream, client_async};
use hyper::body::Incoming;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Uri, upgrade};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::dial::Destination;
use super::hosts::HostName;
use super::refusal::{self, Body};
use super::sockets::{FrameRuling, Sent, SentByPage, Sockets};
use super::spoken::{Running, Way};

/// Messages of the page that are read ahead while one is reviewed; more wait in the browser.
const READ_AHEAD: usize = 64;

const EXTENSIONS: HeaderName = header::SEC_WEBSOCKET_EXTENSIONS;

/// Either end of a connection, with TLS or without.
trait Line: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Line for S {}

type Socket = WebSocketStream<Box<dyn Line>>;

/// A socket whose server has answered, and whose page is about to hear of it.
struct Opened {
    page: upgrade::OnUpgrade,
    server: Socket,
    context: SentByPage,
    running: Running,
}

/// Serves one socket of an admitted origin to its end.
pub(super) async fn serve(
    sockets: &Sockets,
    to: &Destination,
    secure: bool,
    origin: &str,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) {
    let stream: Box<dyn Line> = if secure {
        let Some(config) = sockets.authority.server(&to.host.to_string()).await else {
            sockets.refused(to, format!("{origin} cannot be opened for review"));
            return;
        };
        match TlsAcceptor::from(config).accept(stream).await {
            Ok(stream) => Box::new(stream),
            Err(error) => {
                sockets.refused(
                    to,
                    format!("the browser does not let {origin} be opened: {error}"),
                );
                return;
            }
        }
    } else {
        Box::new(stream)
    };
    let opened = Arc::new(Mutex::new(None));
    let service = service_fn(|request| {
        let opened = Arc::clone(&opened);
        async move {
            let answer = match open(sockets, to, secure, origin, request).await {
                Ok((answer, socket)) => {
                    *opened.lock().unwrap_or_else(PoisonError::into_inner) = Some(socket);
                    answer
                }
                Err(answer) => *answer,
            };
            Ok::<_, std::convert::Infallible>(answer)
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades()
        .await;
    if served.is_err() {
        return;
    }
    let opened = opened.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(opened) = opened
        && let Ok(upgraded) = opened.page.await
    {
        let line: Box<dyn Line> = Box::new(TokioIo::new(upgraded));
        let page = WebSocketStream::from_raw_socket(line, Role::Server, None).await;
        relay(
            sockets,
            opened.context,
            page,
            opened.server,
            &opened.running,
        )
        .await;
    }
}

/// Opens the socket at the server, where that is let go; the server's answer for the page.
async fn open(
    sockets: &Sockets,
    to: &Destination,
    secure: bool,
    origin: &str,
    mut request: Request<Incoming>,
) -> Result<(Response<Body>, Opened), Box<Response<Body>>> {
    let refuse = |status, why: String| {
        sockets.refused(to, why);
        Box::new(refusal::empty(status))
    };
    let key = request.headers().get(header::SEC_WEBSOCKET_KEY).cloned();
    let (Some(key), Some(path)) = (key, request.uri().path_and_query().cloned()) else {
        let why = format!("{origin} was asked for something that is not a WebSocket");
        return Err(refuse(StatusCode::BAD_REQUEST, why));
    };
    let url = format!("{origin}{path}");
    let context = SentByPage {
        socket: sockets.next.fetch_add(1, Ordering::Relaxed),
        origin: origin.to_owned(),
        url: url.clone(),
        page: request
            .headers()
            .get(header::ORIGIN)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        what: Sent::Opening,
    };
    match sockets.gate.review(context.clone()).await {
        FrameRuling::LetGo => {}
        FrameRuling::Refuse => {
            return Err(refuse(
                StatusCode::FORBIDDEN,
                format!("{origin} was not let be opened"),
            ));
        }
    }
    let failed = |why: String| {
        refuse(
            StatusCode::BAD_GATEWAY,
            format!("{origin} cannot be opened: {why}"),
        )
    };
    let stream = match sockets.dialler.tunnel(to).await {
        Ok(stream) => stream,
        Err(error) => {
            return Err(refuse(refusal::status_of(&error), error.to_string()));
        }
    };
    let line: Box<dyn Line> = if secure {
        let name = match &to.host {
            HostName::Name(name) => {
                ServerName::try_from(name.clone()).map_err(|error| failed(error.to_string()))?
            }
            HostName::Address(address) => ServerName::from(*address),
        };
        let secured = TlsConnector::from(Arc::clone(&sockets.trust))
            .connect(name, stream)
            .await;
        Box::new(secured.map_err(|error| failed(error.to_string()))?)
    } else {
        Box::new(stream)
    };
    let mut opening = Request::new(());
    *opening.headers_mut() = request.headers().clone();
    opening.headers_mut().remove(EXTENSIONS);
    *opening.uri_mut() = Uri::try_from(&url).map_err(|error| failed(error.to_string()))?;
    let running = sockets
        .log
        .begin(&to.host.to_string(), to.port, Way::OpenedSocket);
    let (server, answered) = match client_async(opening, line).await {
        Ok(opened) => opened,
        Err(Error::Http(answer)) => return Err(Box::new(refusal::empty(answer.status()))),
        Err(error) => return Err(failed(error.to_string())),
    };
    let mut answer = refusal::empty(StatusCode::SWITCHING_PROTOCOLS);
    *answer.headers_mut() = answered.headers().clone();
    let accept = HeaderValue::from_str(&derive_accept_key(key.as_bytes()))
        .map_err(|error| failed(error.to_string()))?;
    answer
        .headers_mut()
        .insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    answer.headers_mut().remove(EXTENSIONS);
    let opened = Opened {
        page: upgrade::on(&mut request),
        server,
        context,
        running,
    };
    Ok((answer, opened))
}

/// Carries messages until one end is gone.
async fn relay(
    sockets: &Sockets,
    context: SentByPage,
    page: Socket,
    server: Socket,
    running: &Running,
) {
    let (mut to_page, from_page) = page.split();
    let (mut to_server, mut from_server) = server.split();
    let outward = send_reviewed(sockets, context, from_page, &mut to_server, running);
    let inward = async {
        while let Some(Ok(message)) = from_server.next().await {
            let count = &running.counts.received;
            count.fetch_add(message.len() as u64, Ordering::Relaxed);
            let last = message.is_close();
            // Each end answers the pings of its own line.
            if !message.is_ping() && !message.is_pong() && to_page.send(message).await.is_err() {
                break;
            }
            if last {
                break;
            }
        }
        None
    };
    let farewell = tokio::select! {
        farewell = outward => farewell,
        farewell = inward => farewell,
    };
    // Both ends are told where they still listen; a page that was refused is told so.
    let _ = to_page.send(Message::Close(farewell)).await;
    let _ = to_server.send(Message::Close(None)).await;
}

/// Sends what the page says, each message after its ruling; gives what the page is told at the end.
async fn send_reviewed(
    sockets: &Sockets,
    context: SentByPage,
    mut from_page: SplitStream<Socket>,
    to_server: &mut SplitSink<Socket, Message>,
    running: &Running,
) -> Option<CloseFrame> {
    let mut ahead: VecDeque<Message> = VecDeque::new();
    loop {
        let message = match ahead.pop_front() {
            Some(message) => message,
            None => match from_page.next().await {
                Some(Ok(message)) => message,
                Some(Err(_)) | None => return None,
            },
        };
        let Some(what) = reviewed_part(&message) else {
            continue;
        };
        let last = message.is_close();
        let sent = SentByPage {
            what,
            ..context.clone()
        };
        let mut review = std::pin::pin!(sockets.gate.review(sent));
        // A page that ended its socket in order is still owed what it said before.
        let mut listens = !last && !ahead.iter().any(Message::is_close);
        let ruling = loop {
            tokio::select! {
                ruling = &mut review => break ruling,
                next = from_page.next(), if listens && ahead.len() < READ_AHEAD => match next {
                    Some(Ok(next)) => {
                        listens = !next.is_close();
                        ahead.push_back(next);
                    }
                    Some(Err(_)) | None => return None,
                },
            }
        };
        match ruling {
            FrameRuling::LetGo => {
                let bytes = message.len() as u64;
                if to_server.send(message).await.is_err() {
                    return None;
                }
                running.counts.sent.fetch_add(bytes, Ordering::Relaxed);
            }
            FrameRuling::Refuse => {
                return Some(CloseFrame {
                    code: CloseCode::Policy,
                    reason: "Apprentice: not sent".into(),
                });
            }
        }
        if last {
            return None;
        }
    }
}

/// What of a message a page has written; pings and pongs are the browser's own.
fn reviewed_part(message: &Message) -> Option<Sent> {
    match message {
        Message::Text(text) => Some(Sent::Text(text.as_str().to_owned())),
        Message::Binary(bytes) => Some(Sent::Binary(bytes.to_vec())),
        Message::Close(frame) => Some(Sent::Closing {
            code: frame.as_ref().map_or(1005, |frame| frame.code.into()),
            reason: frame
                .as_ref()
                .map(|frame| frame.reason.as_str().to_owned())
                .unwrap_or_default(),
        }),
        Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => None,
    }
}
