//! Behind a proxy of the system's own: http with a password, SOCKS 5, and hosts that need none.

use apprentice::guard::firewall::{SwitchSettings, Upstreams};
use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::world::{Lines, Names, Web, client, local, open_switch};

/// A proxy that leads everything to one port, and logs what it was asked.
async fn proxy(leads_to: u16) -> (u16, Lines) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let log = Lines::new();
    let lines = log.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(lead(stream, leads_to, lines.clone()));
        }
    });
    (port, log)
}

async fn lead(mut page: TcpStream, to: u16, log: Lines) -> Option<()> {
    let first = page.read_u8().await.ok()?;
    let mut server = TcpStream::connect(local(to)).await.ok()?;
    if first == 5 {
        let mut methods = vec![0; usize::from(page.read_u8().await.ok()?)];
        page.read_exact(&mut methods).await.ok()?;
        if methods.contains(&2) {
            page.write_all(&[5, 2]).await.ok()?;
            page.read_u8().await.ok()?;
            let mut said = Vec::new();
            for _ in 0..2 {
                let mut text = vec![0; usize::from(page.read_u8().await.ok()?)];
                page.read_exact(&mut text).await.ok()?;
                said.push(String::from_utf8(text).unwrap());
            }
            log.add(format!("socks user {}", said.join(":")));
            page.write_all(&[1, 0]).await.ok()?;
        } else {
            page.write_all(&[5, 0]).await.ok()?;
        }
        let mut head = [0; 4];
        page.read_exact(&mut head).await.ok()?;
        let asked = match head[3] {
            1 => {
                let mut address = [0; 4];
                page.read_exact(&mut address).await.ok()?;
                std::net::Ipv4Addr::from(address).to_string()
            }
            _ => {
                let mut name = vec![0; usize::from(page.read_u8().await.ok()?)];
                page.read_exact(&mut name).await.ok()?;
                String::from_utf8(name).unwrap()
            }
        };
        let port = page.read_u16().await.ok()?;
        log.add(format!("socks {asked}:{port}"));
        page.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    } else {
        let mut head = vec![first];
        while !head.ends_with(b"\r\n\r\n") {
            head.push(page.read_u8().await.ok()?);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let known = text
            .to_ascii_lowercase()
            .contains("proxy-authorization: basic yw5uonaz");
        log.add(format!("{} known={known}", text.lines().next().unwrap()));
        if !known {
            page.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
                .await
                .ok()?;
            return None;
        }
        if text.starts_with("CONNECT ") {
            page.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
        } else {
            server.write_all(&head).await.ok()?;
        }
    }
    tokio::io::copy_bidirectional(&mut page, &mut server)
        .await
        .ok()?;
    Some(())
}

fn settings(proxy: &str, no_proxy: &str) -> SwitchSettings {
    let upstreams = Upstreams::resolve(Some(proxy), |name| {
        (name == "NO_PROXY").then(|| no_proxy.to_owned())
    })
    .unwrap();
    let public = "1.1.1.1:443".parse().unwrap();
    SwitchSettings {
        upstreams,
        resolver: Names::with(&[
            ("known.example", &[&[public]]),
            ("inside.example", &[&["10.0.0.1:80".parse().unwrap()]]),
        ]),
        ..SwitchSettings::default()
    }
}

#[tokio::test]
async fn an_http_proxy_gets_tunnels_and_whole_addresses_with_its_password() {
    let app = Router::new().route("/x", get(|| async { "x" }));
    for (secure, asked) in [
        (true, "CONNECT shop.example:443 HTTP/1.1 known=true"),
        (false, "GET http://shop.example/x HTTP/1.1 known=true"),
    ] {
        let site = if secure {
            Web::secure(app.clone()).await
        } else {
            Web::plain(app.clone()).await
        };
        let (port, log) = proxy(site.port).await;
        let scheme = if secure { "https" } else { "http" };
        // ann:p3 is Yw5uOnAz in base64, but for its letters' case.
        let switch = open_switch(settings(&format!("http://ann:p3@127.0.0.1:{port}"), "")).await;
        let answer = client(&switch.outlet())
            .get(format!("{scheme}://shop.example/x"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), "x");
        assert_eq!(log.all(), [asked]);
    }
}

#[tokio::test]
async fn a_proxy_that_does_not_know_us_is_told_with_a_sentence_not_a_prompt() {
    let site = Web::plain(Router::new()).await;
    let (port, _) = proxy(site.port).await;
    let switch = open_switch(settings(&format!("http://127.0.0.1:{port}"), "")).await;
    let answer = client(&switch.outlet())
        .get("http://shop.example/x")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 502);
    let said = answer.text().await.unwrap();
    assert!(said.contains("wants a user and password"), "{said}");
    assert_eq!(site.log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn a_socks_proxy_gets_names_or_addresses_as_its_scheme_says() {
    let app = Router::new().route("/x", get(|| async { "x" }));
    let site = Web::secure(app).await;
    for (scheme, host, asked) in [
        (
            "socks5h://ann:p3",
            "unknown.example",
            &["socks user ann:p3", "socks unknown.example:443"][..],
        ),
        (
            "socks5://ann:p3",
            "known.example",
            &["socks user ann:p3", "socks 1.1.1.1:443"][..],
        ),
    ] {
        let (port, log) = proxy(site.port).await;
        let switch = open_switch(settings(&format!("{scheme}@127.0.0.1:{port}"), "")).await;
        let answer = client(&switch.outlet())
            .get(format!("https://{host}/x"))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.text().await.unwrap(), "x");
        assert_eq!(log.all(), asked);
    }
}

#[tokio::test]
async fn a_proxy_does_not_make_private_hosts_reachable() {
    let site = Web::plain(Router::new()).await;
    let (port, log) = proxy(site.port).await;
    let switch = open_switch(settings(&format!("http://ann:p3@127.0.0.1:{port}"), "")).await;
    for url in [
        "http://inside.example/",
        "http://10.0.0.1/",
        "http://intranet/",
        "http://localhost/",
    ] {
        let answer = client(&switch.outlet()).get(url).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{url}");
    }
    assert_eq!(log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn hosts_that_need_no_proxy_are_spoken_to_directly() {
    let site = Web::plain(Router::new().route("/x", get(|| async { "x" }))).await;
    let (port, log) = proxy(site.port).await;
    let mut settings = settings(&format!("http://127.0.0.1:{port}"), "shop.example");
    settings.resolver = Names::with(&[("a.shop.example", &[&[local(site.port)]])]);
    settings.hosts.allow("a.shop.example", 80);
    let switch = open_switch(settings).await;
    let answer = client(&switch.outlet())
        .get("http://a.shop.example/x")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.text().await.unwrap(), "x");
    assert_eq!(log.all(), Vec::<String>::new());
}
