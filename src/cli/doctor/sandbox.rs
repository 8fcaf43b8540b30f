//! Can Chromium keep its own sandbox around the pages? Linux alone has machines where it cannot.

use super::Check;

const NAME: &str = "sandbox";

/// What decides on Linux.
#[cfg(any(target_os = "linux", test))]
#[derive(Debug, Clone, Copy)]
struct Facts {
    root: bool,
    /// Chromium's helper with the set-user-id bit, which needs no namespaces.
    helper: bool,
    /// Whether ordinary users may make user namespaces.
    namespaces: bool,
    /// Whether AppArmor keeps programs without a profile from using them.
    apparmor: bool,
}

#[cfg(target_os = "linux")]
pub(super) fn check() -> Check {
    use std::os::unix::fs::PermissionsExt;

    let setting = |path: &str| {
        std::fs::read_to_string(path)
            .ok()
            .map(|text| text.trim().to_owned())
    };
    let is_zero = |path: &str| setting(path).as_deref() == Some("0");
    let helper = [
        "/usr/lib/chromium/chrome-sandbox",
        "/opt/google/chrome/chrome-sandbox",
        "/opt/microsoft/msedge/msedge-sandbox",
    ]
    .iter()
    .any(|path| {
        std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o4000 != 0)
    });
    judge(Facts {
        // SAFETY: geteuid cannot fail and touches no memory.
        root: unsafe { libc::geteuid() == 0 },
        helper,
        namespaces: !is_zero("/proc/sys/kernel/unprivileged_userns_clone")
            && !is_zero("/proc/sys/user/max_user_namespaces"),
        apparmor: setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns").as_deref()
            == Some("1"),
    })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn check() -> Check {
    Check::ok(NAME, "kept by the operating system")
}

#[cfg(any(target_os = "linux", test))]
fn judge(facts: Facts) -> Check {
    if facts.root {
        return Check::warn(
            NAME,
            "off, since Chromium has none for root",
            "run as an ordinary user",
        );
    }
    if facts.helper {
        return Check::ok(NAME, "kept by Chromium's helper");
    }
    if !facts.namespaces {
        return Check::warn(
            NAME,
            "user namespaces are switched off, so Chromium may have to run without its sandbox",
            "switch them on (`sysctl kernel.unprivileged_userns_clone=1`, `sysctl user.max_user_namespaces=10000`)",
        );
    }
    if facts.apparmor {
        return Check::warn(
            NAME,
            "AppArmor limits user namespaces, so Chromium may have to run without its sandbox",
            "use the browser of the system's own package, which brings an AppArmor profile",
        );
    }
    Check::ok(NAME, "kept by user namespaces")
}

#[cfg(test)]
mod tests {
    use super::super::Status;
    use super::*;

    #[test]
    fn judges_what_was_found() {
        let usual = Facts {
            root: false,
            helper: false,
            namespaces: true,
            apparmor: false,
        };
        for (facts, expected) in [
            (usual, Status::Ok),
            (
                Facts {
                    root: true,
                    helper: true,
                    ..usual
                },
                Status::Warn,
            ),
            (
                Facts {
                    namespaces: false,
                    ..usual
                },
                Status::Warn,
            ),
            (
                Facts {
                    namespaces: false,
                    helper: true,
                    ..usual
                },
                Status::Ok,
            ),
            (
                Facts {
                    apparmor: true,
                    ..usual
                },
                Status::Warn,
            ),
        ] {
            let check = judge(facts);
            assert_eq!(check.status, expected, "{facts:?} {check:?}");
        }
    }
}
