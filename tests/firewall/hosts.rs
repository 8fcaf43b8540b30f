//! Private hosts are refused by name, by address and behind a name; nothing is sent to them.

use apprentice::guard::firewall::SwitchSettings;
use axum::Router;
use axum::routing::get;

use super::world::{Names, Web, allowing, client, local, open_switch, tunnel};

#[tokio::test]
async fn a_private_host_is_not_spoken_to_unless_it_is_named_with_its_port() {
    let shop = Web::plain(Router::new().route("/", get(|| async { "shop" }))).await;
    let other = Web::plain(Router::new().route("/", get(|| async { "other" }))).await;
    let switch = open_switch(allowing(&[shop.port])).await;
    let client = client(&switch.outlet());
    let answer = client.get(&shop.base).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "shop");
    for base in [
        other.base.clone(),
        format!("http://localhost:{}", shop.port),
        format!("http://[::ffff:127.0.0.1]:{}", shop.port),
        format!("http://0.0.0.0:{}", other.port),
        format!("http://{}", switch.outlet().proxy),
    ] {
        let answer = client.get(&base).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{base}");
        let said = answer.text().await.unwrap();
        assert!(said.contains("this machine"), "{said}");
        assert!(said.contains("name it as a start page"), "{said}");
    }
    assert_eq!(other.log.all(), Vec::<String>::new());
    assert_eq!(shop.log.all(), ["GET /"]);
    let refused: Vec<String> = switch
        .log()
        .into_iter()
        .filter(|spoken| spoken.refusals > 0)
        .map(|spoken| spoken.host)
        .collect();
    assert_eq!(refused.len(), 5, "{refused:?}");

    assert!(switch.allow("127.0.0.1", other.port));
    let answer = client.get(&other.base).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "other");
}

#[tokio::test]
async fn a_tunnel_to_a_private_host_is_refused_at_both_doors() {
    let shop = Web::secure(Router::new().route("/", get(|| async { "shop" }))).await;
    let switch = open_switch(SwitchSettings::default()).await;
    let outlet = switch.outlet();
    let to = format!("127.0.0.1:{}", shop.port);
    assert_eq!(tunnel(outlet.proxy, &outlet, &to).await.unwrap_err(), "403");
    client(&outlet).get(&shop.base).send().await.unwrap_err();
    assert_eq!(shop.log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn a_public_name_that_leads_inside_is_refused_also_among_public_addresses() {
    let shop = Web::plain(Router::new().route("/", get(|| async { "shop" }))).await;
    let public = "1.1.1.1:80".parse().unwrap();
    let switch = open_switch(SwitchSettings {
        resolver: Names::with(&[
            ("inside.example", &[&[local(shop.port)]]),
            ("mixed.example", &[&[public, local(shop.port)]]),
        ]),
        ..SwitchSettings::default()
    })
    .await;
    for name in ["inside.example", "mixed.example"] {
        let url = format!("http://{name}:{}/", shop.port);
        let answer = client(&switch.outlet()).get(url).send().await.unwrap();
        assert_eq!(answer.status(), 403);
        let said = answer.text().await.unwrap();
        assert!(
            said.contains(name) && said.contains("leads to 127.0.0.1"),
            "{said}"
        );
    }
    assert_eq!(shop.log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_is_resolved_once_and_the_connection_goes_to_that_answer() {
    let shop = Web::plain(Router::new().route("/", get(|| async { "shop" }))).await;
    let trap = Web::plain(Router::new().route("/", get(|| async { "trap" }))).await;
    let names = Names::with(&[(
        "shop.example",
        &[
            &[local(shop.port)],
            &[local(trap.port)],
            &[local(trap.port)],
        ],
    )]);
    let mut settings = SwitchSettings {
        resolver: names.clone(),
        ..SwitchSettings::default()
    };
    settings.hosts.allow("shop.example", 80);
    let switch = open_switch(settings).await;
    let client = client(&switch.outlet());
    // The second request takes the connection of the first: nothing is resolved anew.
    for _ in 0..2 {
        let answer = client.get("http://shop.example/").send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "shop");
    }
    assert_eq!(names.times("shop.example"), 1);
    assert_eq!(trap.log.all(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_turns_inside_later_is_refused_then() {
    let inside = Web::plain(Router::new().route("/", get(|| async { "inside" }))).await;
    // TEST-NET addresses are refused too, so the first answer is an address that is public and not there.
    let names = Names::with(&[(
        "rebind.example",
        &[&["240.0.0.1:80".parse().unwrap()], &[local(inside.port)]],
    )]);
    let switch = open_switch(SwitchSettings {
        resolver: names.clone(),
        ..SwitchSettings::default()
    })
    .await;
    let url = format!("http://rebind.example:{}/", inside.port);
    for _ in 0..3 {
        let answer = client(&switch.outlet()).get(&url).send().await.unwrap();
        assert_eq!(answer.status(), 403);
    }
    assert_eq!(names.times("rebind.example"), 3);
    assert_eq!(inside.log.all(), Vec::<String>::new());
}
