//! Carrying bytes both ways between two streams until both are done.
//!
//! A side that ends is passed on as an end, and the other goes on; memory is two buffers, whatever goes through.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::spoken::Counts;

/// Bytes of each direction's buffer: large enough that a fast download is not bound by system calls, small enough for
/// thousands of tunnels.
const BUFFER: usize = 32 * 1024;
/// How long a tunnel of which one side has ended may carry nothing.
pub(super) const HALF_CLOSED_LIMIT: Duration = Duration::from_secs(300);

/// Carries until both sides have ended, one has failed, or a half-closed tunnel has been `idle` for so long.
pub(super) async fn carry<A, B>(client: A, server: B, counts: &Counts, idle: Duration)
where
    A: AsyncRead + AsyncWrite + Unpin,
    B: AsyncRead + AsyncWrite + Unpin,
{
    let (client_read, client_write) = tokio::io::split(client);
    let (server_read, server_write) = tokio::io::split(server);
    let mut up = std::pin::pin!(one_way(client_read, server_write, &counts.sent));
    let mut down = std::pin::pin!(one_way(server_read, client_write, &counts.received));
    let first = tokio::select! {
        ended = &mut up => ended.map(|()| true),
        ended = &mut down => ended.map(|()| false),
    };
    match first {
        Ok(true) => while_it_moves(down, counts, idle).await,
        Ok(false) => while_it_moves(up, counts, idle).await,
        // A broken side breaks the other: both are closed by being dropped.
        Err(_) => {}
    }
}

async fn while_it_moves(
    mut rest: impl Future<Output = io::Result<()>> + Unpin,
    counts: &Counts,
    idle: Duration,
) {
    loop {
        let before = counts.moved();
        let ended = tokio::time::timeout(idle, &mut rest).await;
        if ended.is_ok() || counts.moved() == before {
            return;
        }
    }
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    count: &AtomicU64,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            // The other side may have gone already, which is an end too.
            let _ = to.shutdown().await;
            return Ok(());
        }
        count.fetch_add(read as u64, Ordering::Relaxed);
        to.write_all(&buffer[..read]).await?;
        to.flush().await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::duplex;

    #[tokio::test]
    async fn a_side_that_ends_leaves_the_other_talking() {
        let (mut page, client) = duplex(64);
        let (mut site, server) = duplex(64);
        let counts = Counts::default();
        let talking = async {
            page.write_all(b"question").await.unwrap();
            page.shutdown().await.unwrap();
            let mut heard = Vec::new();
            site.read_to_end(&mut heard).await.unwrap();
            assert_eq!(heard, b"question");
            // More than any buffer of the test's pipes holds.
            let answer = vec![7; 1000];
            let (written, read) = tokio::join!(
                async {
                    site.write_all(&answer).await.unwrap();
                    site.shutdown().await
                },
                async {
                    let mut heard = Vec::new();
                    page.read_to_end(&mut heard).await.map(|_| heard)
                }
            );
            written.unwrap();
            assert_eq!(read.unwrap(), answer);
        };
        tokio::join!(carry(client, server, &counts, HALF_CLOSED_LIMIT), talking);
        assert_eq!(counts.sent.load(Ordering::Relaxed), 8);
        assert_eq!(counts.received.load(Ordering::Relaxed), 1000);
    }

    #[tokio::test]
    async fn a_half_closed_tunnel_that_carries_nothing_ends() {
        let (mut page, client) = duplex(64);
        let (mut site, server) = duplex(64);
        let counts = Counts::default();
        page.shutdown().await.unwrap();
        carry(client, server, &counts, Duration::from_millis(1)).await;
        let mut rest = Vec::new();
        assert_eq!(site.read_to_end(&mut rest).await.unwrap(), 0);
    }
}
