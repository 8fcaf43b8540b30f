//! Can programs on this machine talk to each other over loopback? The browser is spoken to that way.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::Check;

const NAME: &str = "ports";

/// How long a byte may take from one end of loopback to the other.
const LIMIT: Duration = Duration::from_secs(2);

pub(super) fn check() -> Check {
    judge(try_loopback())
}

fn judge(outcome: std::io::Result<SocketAddr>) -> Check {
    match outcome {
        Ok(_) => Check::ok(NAME, "loopback connects"),
        Err(error) => Check::fail(
            NAME,
            format!("loopback does not connect: {error}"),
            "allow connections to 127.0.0.1 in the firewall, sandbox or container that this runs in",
        ),
    }
}

fn try_loopback() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    // The system completes the connection from its queue, so one thread can hold both ends.
    let mut near = TcpStream::connect_timeout(&address, LIMIT)?;
    let (mut far, _) = listener.accept()?;
    far.set_read_timeout(Some(LIMIT))?;
    near.write_all(b"?")?;
    far.read_exact(&mut [0])?;
    Ok(address)
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn loopback_connects_here() {
        assert_eq!(check().status, Status::Ok);
    }

    #[test]
    fn a_refusal_fails_with_its_reason() {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let check = judge(Err(refused));
        assert_eq!(check.status, Status::Fail);
        assert!(check.found.contains("permission denied"), "{check:?}");
    }
}
