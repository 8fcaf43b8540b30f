//! The ways out of a browser that has an outlet: all but that one are closed, by flags and by preferences.
//!
//! Everything of HTTP and every WebSocket goes to the outlet, loopback too; names are not resolved by the browser at all; UDP
//! is closed (WebRTC, QUIC, WebTransport); what the browser sends by itself, past the hold, is switched off (prefetch,
//! background fetch, reports, pings of its services). Each has a test at a server (`tests/firewall/exits.rs`). Pure.

use serde_json::{Map, Value, json};

use crate::computer::Outlet;

/// Features of the browser that send something by themselves, as `--disable-features` names them.
pub(super) const SENDING_FEATURES: [&str; 20] = [
    // Downloads that go on without a page; not seen by the hold.
    "BackgroundFetch",
    // The manifest of a payment method, asked for by the browser itself at an address of the page's choice.
    "WebPayments",
    // Reports of the network stack to the page's servers.
    "Reporting",
    "NetworkErrorLogging",
    "DocumentReporting",
    "CrashReporting",
    // What advertisers may have reported by the browser.
    "AttributionReporting",
    "AttributionReportingCrossAppWeb",
    "ConversionMeasurement",
    "PrivateAggregationApi",
    "InterestGroupStorage",
    "SharedStorageAPI",
    "FencedFrames",
    "BrowsingTopics",
    // Services of the browser's maker.
    "NetworkTimeServiceQuerying",
    "CertificateTransparencyComponentUpdater",
    "SafeBrowsingRealTimeUrlLookup",
    "PasswordLeakDetection",
    // Names are resolved in the outlet alone.
    "DnsOverHttps",
    "AsyncDns",
];

/// Blink's own switches for the same.
const SENDING_BLINK_FEATURES: &str = "BackgroundFetch,AttributionReporting,FencedFrames,SharedStorageAPI,InterestCohortAPI,Fledge,PrivateAggregation,TopicsAPI";

/// The flags that lead everything to the outlet, without `--disable-features`, of which only one counts.
pub(super) fn flags(outlet: &Outlet) -> Vec<String> {
    let mut flags: Vec<String> = [
        // Only the outlet itself needs no name.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--dns-prefetch-disable",
        "--disable-quic",
        "--force-webrtc-ip-handling-policy",
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--disable-domain-reliability",
        "--disable-breakpad",
        "--disable-extensions",
        "--disable-component-extensions-with-background-pages",
        "--no-report-upload",
        "--disable-search-engine-choice-screen",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--proxy-server={}", proxy_rules(outlet)));
    flags.push(format!("--proxy-bypass-list={NO_BYPASS}"));
    flags.push(format!("--disable-blink-features={SENDING_BLINK_FEATURES}"));
    // Without an account to ask about, it still asks its maker at every start: the outlet itself answers instead.
    flags.push(format!("--gaia-url={}", Outlet::GREETING));
    if let Some(key) = &outlet.trusted_key {
        flags.push(format!("--ignore-certificate-errors-spki-list={key}"));
    }
    flags
}

/// What passes by the proxies: nothing, loopback neither, which Chromium would let pass by itself.
pub(super) const NO_BYPASS: &str = "<-loopback>";

/// Which proxy serves what, in Chromium's notation: `socks` is what serves everything that has no entry of its own, and
/// that is `ws:` and `wss:`.
pub(super) fn proxy_rules(outlet: &Outlet) -> String {
    let (proxy, sockets) = (outlet.proxy, outlet.sockets);
    format!("http=http://{sockets};https=http://{proxy};socks=http://{sockets}")
}

/// Preferences of a profile (`Default/Preferences`), by path.
fn preferences() -> [(&'static str, Value); 24] {
    [
        // 2 is never: no prefetch, no prerender, no preconnect.
        ("net.network_prediction_options", json!(2)),
        (
            "webrtc.ip_handling_policy",
            json!("disable_non_proxied_udp"),
        ),
        ("webrtc.multiple_routes_enabled", json!(false)),
        ("webrtc.nonproxied_udp_enabled", json!(false)),
        ("safebrowsing.enabled", json!(false)),
        ("safebrowsing.enhanced", json!(false)),
        (
            "safebrowsing.scout_reporting_enabled_when_deprecated",
            json!(false),
        ),
        ("alternate_error_pages.enabled", json!(false)),
        ("search.suggest_enabled", json!(false)),
        ("spellcheck.use_spelling_service", json!(false)),
        ("browser.enable_spellchecking", json!(false)),
        ("translate.enabled", json!(false)),
        ("signin.allowed", json!(false)),
        ("url_keyed_anonymized_data_collection.enabled", json!(false)),
        ("credentials_enable_service", json!(false)),
        ("credentials_enable_autosignin", json!(false)),
        ("profile.password_manager_enabled", json!(false)),
        ("profile.password_manager_leak_detection", json!(false)),
        // A document that carries its own scripts and forms is a file, not a page.
        ("plugins.always_open_pdf_externally", json!(true)),
        ("privacy_sandbox.m1.topics_enabled", json!(false)),
        ("privacy_sandbox.m1.fledge_enabled", json!(false)),
        ("privacy_sandbox.m1.ad_measurement_enabled", json!(false)),
        ("payments.can_make_payment_enabled", json!(false)),
        ("dns_prefetching.enabled", json!(false)),
    ]
}

/// The browser opens no more connections through one proxy than this, and 32 without: as many as its own policy permits.
const CONNECTIONS_PER_PROXY: u32 = 99;

/// Settings of the whole browser (`Local State`), by path.
fn local_state() -> [(&'static str, Value); 4] {
    [
        ("dns_over_https.mode", json!("off")),
        (
            "net.max_connections_per_proxy",
            json!(CONNECTIONS_PER_PROXY),
        ),
        ("async_dns.enabled", json!(false)),
        // Experiments that a kept profile has switched on come before flags.
        ("browser.enabled_labs_experiments", json!([])),
    ]
}

/// Files of a profile folder, and what they must say.
pub(super) fn files() -> [(&'static str, Vec<(&'static str, Value)>); 2] {
    [
        ("Default/Preferences", preferences().to_vec()),
        ("Local State", local_state().to_vec()),
    ]
}

/// The text of a file with settings put in, all else as it was; `None` where the text is not such a file.
pub(super) fn merged(text: Option<&str>, settings: &[(&str, Value)]) -> Option<String> {
    let mut whole: Map<String, Value> = match text {
        Some(text) => serde_json::from_str(text).ok()?,
        None => Map::new(),
    };
    for (path, value) in settings {
        let mut names: Vec<&str> = path.split('.').collect();
        let last = names.pop()?;
        let mut place = &mut whole;
        for name in names {
            let inner = place.entry(name).or_insert_with(|| json!({}));
            if !inner.is_object() {
                *inner = json!({});
            }
            place = inner.as_object_mut()?;
        }
        place.insert(last.to_owned(), value.clone());
    }
    serde_json::to_string(&whole).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_put_into_a_kept_profile_and_all_else_stays() {
        let before =
            r#"{"net":{"network_prediction_options":0,"mine":1},"homepage":"x","webrtc":7}"#;
        let after = merged(
            Some(before),
            &[
                ("net.network_prediction_options", json!(2)),
                ("webrtc.policy.deep", json!("none")),
            ],
        )
        .unwrap();
        let after: Value = serde_json::from_str(&after).unwrap();
        assert_eq!(
            after,
            json!({ "net": { "network_prediction_options": 2, "mine": 1 }, "homepage": "x", "webrtc": { "policy": { "deep": "none" } } })
        );
    }

    #[test]
    fn a_file_that_is_not_a_profiles_is_not_overwritten() {
        for text in ["", "[]", "{", "null"] {
            assert_eq!(merged(Some(text), &[("a.b", json!(1))]), None, "{text:?}");
        }
        assert_eq!(
            merged(None, &[("a.b", json!(1))]).as_deref(),
            Some(r#"{"a":{"b":1}}"#)
        );
    }

    #[test]
    fn sockets_go_to_a_door_of_their_own_with_plain_http() {
        let outlet = Outlet {
            proxy: "127.0.0.1:1111".parse().unwrap(),
            sockets: "127.0.0.1:2222".parse().unwrap(),
            user: "u".to_owned(),
            password: secrecy::SecretString::from("p4ss"),
            trusted_key: Some("KEY=".to_owned()),
        };
        let flags = flags(&outlet).join(" ");
        for wanted in [
            "--proxy-server=http=http://127.0.0.1:2222;https=http://127.0.0.1:1111;socks=http://127.0.0.1:2222",
            "--ignore-certificate-errors-spki-list=KEY=",
        ] {
            assert!(flags.contains(wanted), "{flags}");
        }
        // Other users of this machine see the arguments of every process.
        assert!(!flags.contains("p4ss"));
    }
}
