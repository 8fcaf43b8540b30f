//! The server that everything is measured against: small answers, a page of 100 resources, 500 MB, and a box for results.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{Html, IntoResponse as _};
use axum::routing::{get, post};
use hudsucker::rustls::ServerConfig;
use hudsucker::rustls::crypto::aws_lc_rs;
use hudsucker::rustls::pki_types::PrivateKeyDer;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;

use crate::Failure;

/// Bytes of the large answer.
pub const LARGE: usize = 500_000_000;
/// Resources of the page.
pub const RESOURCES: usize = 100;

const PIECE: Bytes = Bytes::from_static(&[7; 64 * 1024]);
/// Bytes of one resource, as many small pictures and scripts have.
const RESOURCE: Bytes = Bytes::from_static(&[b' '; 5_000]);

/// A running server.
pub struct Site {
    pub base: String,
    pub port: u16,
    /// What pages have reported.
    pub results: mpsc::UnboundedReceiver<String>,
}

/// Serves plain http, or TLS with a certificate of its own.
pub async fn serve(secure: bool) -> Result<Site, Failure> {
    let (sender, results) = mpsc::unbounded_channel();
    let page: String = (0..RESOURCES)
        .map(|i| format!("<script src=/resource/{i}?ROUND></script>"))
        .collect();
    let page = format!(
        "<!doctype html><title>Hundred</title>{page}<script>onload = () => setTimeout(() => fetch('/result', {{ method: 'POST', body: performance.getEntriesByType('navigation')[0].loadEventEnd }}))</script>"
    );
    let measuring = |times: usize| {
        format!(
            "<!doctype html><title>Requests</title><script type=module>
             const times = [];
             for (let i = 0; i < {times}; i++) {{
               const begun = performance.now();
               await (await fetch('/small?' + i, {{ cache: 'no-store' }})).text();
               times.push(performance.now() - begun); }}
             await fetch('/result', {{ method: 'POST', body: times.join(' ') }});</script>"
        )
    };
    let app = Router::new()
        .route("/small", get(|| async { "small" }))
        .route(
            "/large",
            get(|| async {
                let pieces = std::iter::repeat_n(PIECE, LARGE / PIECE.len());
                Body::from_stream(futures::stream::iter(pieces.map(Ok::<_, io::Error>)))
            }),
        )
        .route(
            "/resource/{number}",
            get(|| async {
                ([(header::CONTENT_TYPE, "text/javascript")], RESOURCE).into_response()
            }),
        )
        .route(
            "/hundred/{round}",
            get(
                move |axum::extract::Path(round): axum::extract::Path<String>| async move {
                    Html(page.replace("ROUND", &round))
                },
            ),
        )
        .route(
            "/requests/{times}",
            get(
                move |axum::extract::Path(times): axum::extract::Path<usize>| async move {
                    Html(measuring(times))
                },
            ),
        )
        .route(
            "/writes/{times}",
            get(
                |axum::extract::Path(times): axum::extract::Path<usize>| async move {
                    Html(format!(
                        "<!doctype html><title>Writes</title><script>for (let i = 0; i < {times}; i++) fetch('/write', {{ method: 'POST', body: 'item=' + i }})</script>"
                    ))
                },
            ),
        )
        .route("/write", post({
            let sender = sender.clone();
            move |body: String| async move {
                let _ = sender.send(body);
            }
        }))
        .route("/result", post(move |body: String| async move {
            let _ = sender.send(body);
        }));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    if secure {
        let listener = Secure {
            listener,
            acceptor: acceptor()?,
        };
        tokio::spawn(async move { axum::serve(listener, app).await });
    } else {
        tokio::spawn(async move { axum::serve(listener, app).await });
    }
    let scheme = if secure { "https" } else { "http" };
    Ok(Site {
        base: format!("{scheme}://127.0.0.1:{port}"),
        port,
        results,
    })
}

struct Secure {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Secure {
    type Io = tokio_rustls::server::TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok((stream, address)) = self.listener.accept().await
                && stream.set_nodelay(true).is_ok()
                && let Ok(stream) = self.acceptor.accept(stream).await
            {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

fn acceptor() -> Result<TlsAcceptor, Failure> {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()])?;
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
