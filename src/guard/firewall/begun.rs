//! A stream whose beginning was read already, and that is watched for its end while nobody reads on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

/// Bytes that are read ahead while a stream is watched; more wait at the other end.
const MOST: usize = 64 * 1024;

/// The stream, with what was read of it.
#[derive(Debug)]
pub(super) struct Begun<S> {
    begun: Vec<u8>,
    rest: S,
}

impl<S: AsyncRead + Unpin> Begun<S> {
    pub fn new(first: u8, rest: S) -> Self {
        Self {
            begun: vec![first],
            rest,
        }
    }

    /// Returns when the other end is gone; nothing that it says meanwhile is lost.
    pub async fn until_gone(&mut self) {
        while self.begun.len() < MOST {
            match self.rest.read_buf(&mut self.begun).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
        }
        std::future::pending().await
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Begun<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.begun.is_empty() {
            return Pin::new(&mut self.rest).poll_read(context, buffer);
        }
        let taken = buffer.remaining().min(self.begun.len());
        buffer.put_slice(&self.begun[..taken]);
        self.begun.drain(..taken);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Begun<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.rest).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.rest).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.rest).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncWriteExt as _, duplex};

    #[tokio::test]
    async fn what_was_said_while_it_was_watched_is_read_afterwards() {
        let (mut page, rest) = duplex(1024);
        let mut stream = Begun::new(b'a', rest);
        page.write_all(b"bc").await.unwrap();
        page.shutdown().await.unwrap();
        stream.until_gone().await;
        let mut all = Vec::new();
        stream.read_to_end(&mut all).await.unwrap();
        assert_eq!(all, b"abc");
    }
}
