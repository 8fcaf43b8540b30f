//! Plain http handed on: the request to a checked connection, which is kept for the next one, and the answer back, streamed.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};
use std::time::Duration;

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::dial::{Destination, DialError, Dialler};
use super::refusal::{self, Body};
use super::spoken::{Log, Way};

/// How long an idle connection is kept. Servers close theirs after 5 to 120 s.
const IDLE_LIMIT: Duration = Duration::from_secs(60);
/// Idle connections to one host; browsers use at most six at once.
const IDLE_CONNECTIONS: usize = 8;

/// Headers that belong to one connection only (RFC 9110, 7.6.1), and what concerns the proxy alone.
const OF_ONE_CONNECTION: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Hands plain requests on.
pub(super) struct Forwarder {
    client: Client<Connector, Body>,
    dialler: Arc<Dialler>,
    log: Arc<Log>,
}

impl Forwarder {
    pub fn new(dialler: Arc<Dialler>, log: Arc<Log>) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_LIMIT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .http1_preserve_header_case(true)
            .build(Connector(Arc::clone(&dialler)));
        Self {
            client,
            dialler,
            log,
        }
    }

    /// Sends a request whose host is not judged yet, and gives its answer.
    pub async fn forward(&self, to: &Destination, request: Request<Incoming>) -> Response<Body> {
        let host = to.host.to_string();
        if let Err(refusal) = self.dialler.check(to) {
            let why = refusal.to_string();
            self.log.refused(&host, to.port, Way::Plain, why.clone());
            return refusal::page(StatusCode::FORBIDDEN, &why);
        }
        let proxy = self.dialler.plain_proxy(to);
        let authorization = proxy.and_then(super::upstream::Upstream::authorization);
        let request = match outgoing(request, to, authorization) {
            Ok(request) => request,
            Err(sentence) => return refusal::page(StatusCode::BAD_REQUEST, sentence),
        };
        let running = Arc::new(self.log.begin(&host, to.port, Way::Plain));
        let sending = Arc::clone(&running);
        let request = request.map(|body| {
            body.map_frame(move |frame| {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                sending
                    .counts
                    .sent
                    .fetch_add(bytes as u64, Ordering::Relaxed);
                frame
            })
            .boxed()
        });
        match self.client.request(request).await {
            Ok(answer)
                if proxy.is_some()
                    && answer.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED =>
            {
                let sentence = DialError::Proxy {
                    proxy: proxy.map(ToString::to_string).unwrap_or_default(),
                    host,
                    reason: "it wants a user and password, as in http://USER:PASSWORD@HOST:PORT"
                        .to_owned(),
                };
                refusal::page(StatusCode::BAD_GATEWAY, &sentence.to_string())
            }
            Ok(mut answer) => {
                strip(answer.headers_mut());
                answer.map(|body| {
                    body.map_frame(move |frame| {
                        let bytes = frame.data_ref().map_or(0, Bytes::len);
                        running
                            .counts
                            .received
                            .fetch_add(bytes as u64, Ordering::Relaxed);
                        frame
                    })
                    .boxed()
                })
            }
            Err(error) => {
                drop(running);
                self.failed(to, &error)
            }
        }
    }

    fn failed(&self, to: &Destination, error: &Error) -> Response<Body> {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = cause {
            if let Some(error) = error.downcast_ref::<DialError>() {
                let why = error.to_string();
                self.log
                    .refused(&to.host.to_string(), to.port, Way::Plain, why.clone());
                return refusal::page(refusal::status_of(error), &why);
            }
            cause = error.source();
        }
        refusal::page(
            StatusCode::BAD_GATEWAY,
            &format!("{to} ended the connection before it answered; try again later"),
        )
    }
}

fn outgoing(
    mut request: Request<Incoming>,
    to: &Destination,
    authorization: Option<String>,
) -> Result<Request<Incoming>, &'static str> {
    strip(request.headers_mut());
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let host = if to.port == 80 {
        to.host.to_string()
    } else {
        to.to_string()
    };
    let uri = Uri::builder()
        .scheme("http")
        .authority(host.as_str())
        .path_and_query(path)
        .build()
        .map_err(|_| "this address cannot be read")?;
    // The address counts, whatever the header says (RFC 9112, 3.2.2).
    let host = HeaderValue::from_str(&host).map_err(|_| "this host cannot be read")?;
    request.headers_mut().insert(header::HOST, host);
    if let Some(value) = authorization {
        let mut value = HeaderValue::from_str(&value)
            .map_err(|_| "the credential of the proxy cannot be sent")?;
        value.set_sensitive(true);
        request
            .headers_mut()
            .insert(header::PROXY_AUTHORIZATION, value);
    }
    *request.uri_mut() = uri;
    *request.version_mut() = hyper::Version::HTTP_11;
    Ok(request)
}

fn strip(headers: &mut HeaderMap) {
    let named: Vec<HeaderName> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.iter().chain(&OF_ONE_CONNECTION) {
        headers.remove(name);
    }
}

/// Makes the client's connections by the dialler.
#[derive(Clone)]
struct Connector(Arc<Dialler>);

impl tower_service::Service<Uri> for Connector {
    type Response = Line;
    type Error = DialError;
    type Future = Pin<Box<dyn Future<Output = Result<Line, DialError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), DialError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dialler = Arc::clone(&self.0);
        Box::pin(async move {
            let to =
                Destination::read(uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80))?;
            let stream = dialler.plain(&to).await?;
            Ok(Line {
                stream: TokioIo::new(stream),
                proxied: dialler.plain_proxy(&to).is_some(),
            })
        })
    }
}

/// A connection to a server, or to the proxy before it, which wants whole addresses.
struct Line {
    stream: TokioIo<TcpStream>,
    proxied: bool,
}

impl Connection for Line {
    fn connected(&self) -> Connected {
        Connected::new().proxy(self.proxied)
    }
}

impl hyper::rt::Read for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl hyper::rt::Write for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_one_connection_is_not_handed_on() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("proxy-authorization", "Basic secret"),
            ("proxy-connection", "keep-alive"),
            ("accept", "*/*"),
        ] {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
        strip(&mut headers);
        let left: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(left, ["accept"]);
    }
}
