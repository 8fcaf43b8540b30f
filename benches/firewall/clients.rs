//! The switch alone, with a client that costs little itself: single requests, and 500 MB.

use std::time::Instant;

use apprentice::computer::Outlet;
use apprentice::guard::firewall::{HostRules, Switch, SwitchSettings};
use secrecy::ExposeSecret as _;

use crate::Failure;
use crate::report::{DIRECT, Series};
use crate::site::{LARGE, serve};

/// Requests before the first that counts.
const WARM_UP: usize = 20;

/// A switch that lets a site through.
pub async fn switch_to(port: u16) -> Result<Switch, Failure> {
    let mut hosts = HostRules::default();
    hosts.allow("127.0.0.1", port);
    Ok(Switch::open(SwitchSettings {
        hosts,
        ..SwitchSettings::default()
    })
    .await?)
}

fn client(outlet: Option<&Outlet>) -> Result<reqwest::Client, Failure> {
    let builder = reqwest::Client::builder()
        .no_proxy()
        .tls_danger_accept_invalid_certs(true);
    let builder = match outlet {
        None => builder,
        Some(outlet) => builder.proxy(
            reqwest::Proxy::all(format!("http://{}", outlet.proxy))?
                .basic_auth(&outlet.user, outlet.password.expose_secret()),
        ),
    };
    Ok(builder.build()?)
}

fn series(what: &str) -> [Series; 2] {
    [DIRECT, "switch"].map(|behind| Series {
        what: what.to_owned(),
        behind,
        millis: Vec::new(),
    })
}

/// One small request after the other, on kept connections and on new ones, directly and through the switch in turns.
pub async fn latency(times: usize) -> Result<Vec<Series>, Failure> {
    let mut all = Vec::new();
    for secure in [false, true] {
        let site = serve(secure).await?;
        let switch = switch_to(site.port).await?;
        let outlet = switch.outlet();
        let clients = [client(None)?, client(Some(&outlet))?];
        let scheme = if secure { "https" } else { "http" };
        let mut kept = series(&format!("{scheme} request"));
        for round in 0..WARM_UP + times {
            for (client, series) in clients.iter().zip(&mut kept) {
                let begun = Instant::now();
                client
                    .get(format!("{}/small", site.base))
                    .send()
                    .await?
                    .bytes()
                    .await?;
                if round >= WARM_UP {
                    series.millis.push(begun.elapsed().as_secs_f64() * 1000.0);
                }
            }
        }
        let mut new = series(&format!("{scheme} request, new connection"));
        for _ in 0..times / 10 {
            for (outlet, series) in [None, Some(&outlet)].into_iter().zip(&mut new) {
                let client = client(outlet)?;
                let begun = Instant::now();
                client
                    .get(format!("{}/small", site.base))
                    .send()
                    .await?
                    .bytes()
                    .await?;
                series.millis.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
        all.extend(kept);
        all.extend(new);
    }
    Ok(all)
}

/// The large answer directly and through the switch in turns; and the most megabytes that it added to this process.
pub async fn downloads(rounds: usize) -> Result<(Vec<Series>, f64), Failure> {
    let mut all = Vec::new();
    let mut grown: f64 = 0.0;
    for secure in [false, true] {
        let site = serve(secure).await?;
        let switch = switch_to(site.port).await?;
        let outlet = switch.outlet();
        let scheme = if secure { "https" } else { "http" };
        let mut both = series(&format!("500 MB over {scheme}"));
        for _ in 0..rounds {
            for (outlet, series) in [None, Some(&outlet)].into_iter().zip(&mut both) {
                let client = client(outlet)?;
                let before = resident_mb()?;
                let begun = Instant::now();
                let mut answer = client.get(format!("{}/large", site.base)).send().await?;
                let (mut bytes, mut next_look) = (0, 0);
                while let Some(chunk) = answer.chunk().await? {
                    bytes += chunk.len();
                    if bytes > next_look && outlet.is_some() {
                        next_look += LARGE / 20;
                        grown = grown.max(resident_mb()? - before);
                    }
                }
                series.millis.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
        all.extend(both);
    }
    Ok((all, grown))
}

/// Memory of this process that is in use, in megabytes.
pub fn resident_mb() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kilobytes: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .ok_or("no memory in /proc/self/status")?
        .parse()?;
    Ok(kilobytes / 1000.0)
}
