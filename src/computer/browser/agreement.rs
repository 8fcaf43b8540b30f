//! Whether the observer's roles and names agree with the browser's full accessibility tree, the oracle that is too slow
//! to ask at every step, on third-party pages.

use std::collections::HashMap;
use std::path::Path;

use serde_json::json;

use super::tests::{goto, opened};
use super::world::{World, object_of};
use super::*;
use crate::computer::{Scope, folded};

/// The aim, as a share.
const AIM: f64 = 0.995;

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_names_agree_with_the_full_accessibility_tree_on_miniwob() {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join(".models/miniwob");
    let address = serve(pages.clone()).await;
    let mut names: Vec<String> = std::fs::read_dir(pages.join("miniwob"))
        .expect("the MiniWoB++ pages are missing: run scripts/setup-tests")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(".html"))
        .collect();
    names.sort();
    assert!(names.len() > 100, "only {} pages", names.len());
    let (mut browser, _downloads) = opened().await;
    let (mut same, mut total) = (0, 0);
    let mut differing: Vec<String> = Vec::new();
    for name in names {
        goto(&mut browser, &format!("{address}/miniwob/{name}")).await;
        // The episode is what gives a page its elements.
        let world = browser.worlds.list[0].clone();
        let session = world.session.clone();
        let _ = browser
            .link
            .router
            .call_raw(
                Some(&session),
                "Runtime.evaluate",
                json!({ "expression": "Math.seedrandom('1'); core.setDataMode && core.setDataMode('train'); core.EPISODE_MAX_TIME = 1e6; core.startEpisodeReal()" }),
                router::CALL_LIMIT,
            )
            .await;
        let seen = browser.look(Scope::Whole).await.unwrap();
        let oracle = full_tree(&browser, &session).await;
        let world = browser.worlds.list[0].clone();
        let nodes = futures::future::join_all(seen.elements.iter().map(|element| {
            let number: u64 = element.id.0.split_once(':').unwrap().1.parse().unwrap();
            backend_node(&browser, &world, number)
        }))
        .await;
        for (element, node) in seen.elements.iter().zip(nodes) {
            let (0, Some(node)) = (element.frame, node) else {
                continue;
            };
            // What the tree leaves out has nothing to agree with.
            let Some((role, name)) = oracle.get(&node) else {
                continue;
            };
            let generic = |role: &str| {
                matches!(
                    role,
                    "StaticText"
                        | "graphics-symbol"
                        | "generic"
                        | "none"
                        | "GenericContainer"
                        | "LabelText"
                        | ""
                )
            };
            total += 1;
            let role_same =
                same_role(&element.role, role) || generic(&element.role) && generic(role);
            let name_same =
                folded(&element.name) == folded(name).chars().take(400).collect::<String>();
            if role_same && name_same {
                same += 1;
            } else {
                differing.push(format!(
                    "{name:?} {role} in the tree, {:?} {} <{}> observed",
                    element.name, element.role, element.tag
                ));
            }
        }
    }
    let share = f64::from(same) / f64::from(total);
    println!(
        "{same} of {total} roles and names agree: {:.2} %",
        share * 100.0
    );
    assert!(total > 2_000, "only {total} elements were compared");
    assert!(
        share >= AIM,
        "{share:.4} agree; differing, for example:\n{}",
        differing[..differing.len().min(40)].join("\n")
    );
}

/// The protocol's number of a node, which the tree also names it by.
async fn backend_node(browser: &Browser, world: &World, number: u64) -> Option<i64> {
    let object = object_of(&browser.link, world, number).await.ok()?;
    let described = browser
        .link
        .router
        .call_raw(
            Some(&world.session),
            "DOM.describeNode",
            json!({ "objectId": object }),
            router::CALL_LIMIT,
        )
        .await
        .ok()?;
    described["node"]["backendNodeId"].as_i64()
}

/// The two names that the protocol and ARIA have for the same role.
fn same_role(observed: &str, tree: &str) -> bool {
    let plain = |role: &str| role.to_ascii_lowercase();
    plain(observed) == plain(tree)
        || matches!(
            (observed, tree),
            ("image", "img") | ("combobox", "MenuListPopup") | ("Canvas", "canvas")
        )
}

async fn full_tree(browser: &Browser, session: &router::Session) -> HashMap<i64, (String, String)> {
    let tree = browser
        .link
        .router
        .call_raw(
            Some(session),
            "Accessibility.getFullAXTree",
            json!({}),
            router::CALL_LIMIT,
        )
        .await
        .unwrap();
    tree["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|node| node["ignored"] != true)
        .filter_map(|node| {
            let text = |key: &str| node[key]["value"].as_str().unwrap_or_default().to_owned();
            Some((
                node["backendDOMNodeId"].as_i64()?,
                (text("role"), text("name")),
            ))
        })
        .collect()
}

async fn serve(folder: std::path::PathBuf) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = axum::Router::new().fallback(move |uri: axum::http::Uri| {
        let path = folder.join(uri.path().trim_start_matches('/'));
        async move {
            let kind = match path.extension().and_then(|e| e.to_str()) {
                Some("html") => "text/html; charset=utf-8",
                Some("js") => "text/javascript; charset=utf-8",
                Some("css") => "text/css",
                Some("png") => "image/png",
                _ => "application/octet-stream",
            };
            match std::fs::read(path) {
                Ok(bytes) => Ok(([("content-type", kind)], bytes)),
                Err(_) => Err(axum::http::StatusCode::NOT_FOUND),
            }
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}
