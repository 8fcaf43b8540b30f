//! Is the clock right enough? Certificates, the names of runs and the expiry of permits depend on it.

use std::time::Instant;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::Check;

const NAME: &str = "clock";

/// No clock that is right can show an earlier year: the program is younger.
const FIRST_YEAR: i16 = 2026;

/// Later than any use of this version.
const LAST_YEAR: i16 = 2100;

pub(super) fn check() -> Check {
    let first = Instant::now();
    let runs_forward = Instant::now() >= first;
    judge(Timestamp::now(), &TimeZone::system(), runs_forward)
}

fn judge(now: Timestamp, zone: &TimeZone, runs_forward: bool) -> Check {
    let local = ZonedDateTime::new(now, zone.clone());
    let shown = local.strftime("%Y-%m-%d %H:%M %:z").to_string();
    if !(FIRST_YEAR..=LAST_YEAR).contains(&local.year()) {
        return Check::fail(
            NAME,
            format!("it says {shown}"),
            "set the clock: secure sites refuse a browser whose clock is wrong by years",
        );
    }
    if !runs_forward {
        return Check::fail(
            NAME,
            "it runs backwards",
            "look at the settings of this virtual machine: limits on waiting cannot be kept",
        );
    }
    if zone.is_unknown() {
        return Check::warn(
            NAME,
            format!("{shown}, in an unknown time zone"),
            "set TZ or the system's time zone, or \"today\" may be another day than yours",
        );
    }
    Check::ok(NAME, shown)
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn judges_what_was_found() {
        let today: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for (now, zone, forward, expected) in [
            (today, TimeZone::UTC, true, Status::Ok),
            (today, TimeZone::unknown(), true, Status::Warn),
            (today, TimeZone::UTC, false, Status::Fail),
            (Timestamp::UNIX_EPOCH, TimeZone::UTC, true, Status::Fail),
        ] {
            let check = judge(now, &zone, forward);
            assert_eq!(check.status, expected, "{check:?}");
        }
    }
}
