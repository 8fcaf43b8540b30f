//! What a tunnel begins with, read before any of it leaves: only HTTP over TLS passes the first door.
//!
//! A browser also tunnels what the hold never sees: WebRTC falls back to TURN and ICE over TCP where UDP is closed, and asks
//! the same proxy for the same kind of tunnel. Its bytes begin otherwise: with STUN, or with a TLS hello that does not offer
//! a version of HTTP (ALPN, RFC 7301), as every hello for `https:` does. The hello is read and passed on as it is.

use std::time::Duration;

use hudsucker::rustls::server::Acceptor;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// How long a browser may take from opening a tunnel to the end of its hello.
const HELLO_LIMIT: Duration = Duration::from_secs(30);
/// Bytes of a hello; with keys for quantum computers they have about 2,000.
const LONGEST_HELLO: usize = 64 * 1024;
/// Bytes read at once.
const PIECE: usize = 4096;
/// Versions of HTTP over TLS over TCP, as hellos offer them.
const HTTP: [&[u8]; 2] = [b"h2", b"http/1.1"];

#[derive(Debug, Error, PartialEq, Eq)]
pub(super) enum HelloError {
    /// Nothing to refuse: browsers open tunnels ahead and close them unused.
    #[error("the browser closed the tunnel before it said anything")]
    Nothing,
    #[error("it does not begin as TLS does, so it is not https and could not be held")]
    NotTls,
    #[error("its TLS offers no HTTP, so it is not https and could not be held")]
    NotHttp,
    #[error("its beginning is longer than {LONGEST_HELLO} bytes")]
    TooLong,
}

/// Reads the hello; gives its bytes, and what came with them.
pub(super) async fn read(
    stream: &mut (impl AsyncRead + Unpin),
    begun: &[u8],
) -> Result<Vec<u8>, HelloError> {
    tokio::time::timeout(HELLO_LIMIT, read_all(stream, begun))
        .await
        .unwrap_or(Err(HelloError::Nothing))
}

async fn read_all(
    stream: &mut (impl AsyncRead + Unpin),
    begun: &[u8],
) -> Result<Vec<u8>, HelloError> {
    let mut hello = begun.to_vec();
    let mut acceptor = Acceptor::default();
    let mut fed = 0;
    loop {
        while fed < hello.len() {
            let mut rest = &hello[fed..];
            match acceptor.read_tls(&mut rest) {
                Ok(0) | Err(_) => return Err(HelloError::NotTls),
                Ok(taken) => fed += taken,
            }
            match acceptor.accept() {
                Ok(None) => {}
                Ok(Some(accepted)) => {
                    let offers = accepted
                        .client_hello()
                        .alpn()
                        .is_some_and(|mut offered| offered.any(|one| HTTP.contains(&one)));
                    return if offers {
                        Ok(hello)
                    } else {
                        Err(HelloError::NotHttp)
                    };
                }
                Err(_) => return Err(HelloError::NotTls),
            }
        }
        if hello.len() >= LONGEST_HELLO {
            return Err(HelloError::TooLong);
        }
        let before = hello.len();
        hello.resize(before + PIECE, 0);
        match stream.read(&mut hello[before..]).await {
            Ok(0) | Err(_) if before == 0 => return Err(HelloError::Nothing),
            Ok(0) | Err(_) => return Err(HelloError::NotTls),
            Ok(read) => hello.truncate(before + read),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hudsucker::rustls::crypto::aws_lc_rs;
    use hudsucker::rustls::pki_types::ServerName;
    use hudsucker::rustls::{ClientConfig, ClientConnection, RootCertStore};
    use proptest::prelude::*;

    use super::*;

    fn hello(protocols: &[&[u8]]) -> Vec<u8> {
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(RootCertStore::empty())
                .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|one| one.to_vec()).collect();
        let name = ServerName::try_from("shop.example").unwrap();
        let mut connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut bytes = Vec::new();
        connection.write_tls(&mut bytes).unwrap();
        bytes
    }

    async fn judged(bytes: &[u8], begun: usize) -> Result<Vec<u8>, HelloError> {
        let (begun, mut rest) = bytes.split_at(begun);
        read(&mut rest, begun).await
    }

    #[tokio::test]
    async fn a_hello_that_offers_http_is_passed_on_as_it_is_however_it_comes() {
        let mut whole = hello(&[b"h2", b"http/1.1"]);
        whole.extend(b"early data");
        for begun in [0, 1, 5, 100, whole.len()] {
            assert_eq!(judged(&whole, begun).await.as_ref(), Ok(&whole), "{begun}");
        }
    }

    #[tokio::test]
    async fn what_is_not_https_is_refused() {
        // The header of a STUN binding request (RFC 8489), framed for TCP.
        let stun = b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl";
        for (bytes, refusal) in [
            (hello(&[]), HelloError::NotHttp),
            (hello(&[b"stun.turn", b"webrtc"]), HelloError::NotHttp),
            (stun.to_vec(), HelloError::NotTls),
            (b"GET / HTTP/1.1\r\n\r\n".to_vec(), HelloError::NotTls),
            (hello(&[b"h2"])[..50].to_vec(), HelloError::NotTls),
            (Vec::new(), HelloError::Nothing),
        ] {
            assert_eq!(judged(&bytes, 0).await, Err(refusal));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap();
            prop_assert!(runtime.block_on(judged(&bytes, 0)).is_err());
        }
    }
}
